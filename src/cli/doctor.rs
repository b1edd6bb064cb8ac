//! `safar doctor`: is everything in place?

use std::{path::Path, process::ExitCode};

use super::{clock, runtime, settings};
use crate::{
    app, channels,
    config::{Config, TelegramMode},
    privacy::Keys,
    store::{self, Store},
};

/// Free space under which the doctor warns, in bytes.
const DISK_LOW: u64 = 1024 * 1024 * 1024;
/// Difference to a server's clock that spoils deadlines and counts.
const CLOCK_OFF_MS: i64 = 120_000;

struct Report {
    bad: usize,
}

impl Report {
    fn good(&self, what: &str, detail: &str) {
        println!("ok    {what}: {detail}");
    }

    fn note(&self, what: &str, detail: &str) {
        println!("note  {what}: {detail}");
    }

    fn bad(&mut self, what: &str, detail: &str) {
        self.bad += 1;
        println!("FAIL  {what}: {detail}");
    }
}

pub fn run(config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    let mut report = Report { bad: 0 };
    runtime()?.block_on(async {
        let store = database(&config, &mut report).await;
        key(&config, store.as_ref(), &mut report).await;
        disk(&config, &mut report);
        telegram(&config, &mut report).await;
        whatsapp(&config, &mut report).await;
        mail(&config, &mut report).await;
        alarm(&config, store.as_ref(), &mut report).await;
        if let Some(store) = store {
            store.close().await;
        }
    });
    if report.bad > 0 {
        println!("{} to mend", report.bad);
    }
    Ok(if report.bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn database(config: &Config, report: &mut Report) -> Option<Store> {
    let shown = config.database_shown();
    let opened = async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        store.ping().await?;
        let size = store.size_bytes().await?;
        Ok::<_, store::StoreError>((store, size))
    };
    match opened.await {
        Ok((store, size)) => {
            report.good("database", &format!("{shown}, {} MB", size / 1_000_000));
            Some(store)
        }
        Err(error) => {
            report.bad("database", &format!("{shown}: {error}"));
            None
        }
    }
}

async fn key(config: &Config, store: Option<&Store>, report: &mut Report) {
    let path = config.secret_key_file.display();
    let stored = match store {
        Some(store) => match store.read().await {
            Ok(mut tx) => store::meta::get(&mut tx, "key_fingerprint").await.ok().flatten(),
            Err(_) => None,
        },
        None => None,
    };
    match (Keys::read(&config.secret_key_file), stored) {
        (Ok(keys), Some(stored)) if keys.fingerprint() == stored => {
            report.good("key", &format!("{path} opens this database; keep a copy apart from its backups"));
        }
        (Ok(_), Some(_)) => {
            report.bad("key", &format!("{path} is not the key of this database: restore the right one"));
        }
        (Ok(_), None) => report.good("key", &format!("{path}; the database has none yet and will take it")),
        (Err(error), Some(_)) => report.bad("key", &error.to_string()),
        (Err(_), None) => report.note("key", &format!("{path} will be made at the first start")),
    }
}

fn disk(config: &Config, report: &mut Report) {
    let probe = config.data_dir.join(".doctor");
    let written = std::fs::create_dir_all(&config.data_dir)
        .and_then(|()| std::fs::write(&probe, b"ok"))
        .and_then(|()| std::fs::remove_file(&probe));
    let shown = config.data_dir.display();
    match written {
        Err(error) => report.bad("disk", &format!("{shown} cannot be written: {error}")),
        Ok(()) => match free_bytes(&config.data_dir) {
            Some(free) if free < DISK_LOW => {
                report.bad("disk", &format!("{shown}: only {} MB free", free / 1_000_000));
            }
            Some(free) => report.good("disk", &format!("{shown}: {} GB free", free / 1_000_000_000)),
            None => report.note("disk", &format!("{shown} can be written; free space is not known here")),
        },
    }
}

/// Free space by the system's `df`: the standard library has no call for it.
fn free_bytes(dir: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg(dir).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

async fn telegram(config: &Config, report: &mut Report) {
    let Some(settings) = &config.telegram else {
        report.note("telegram", "no token set (SAFAR_TELEGRAM_TOKEN)");
        return;
    };
    let bot = match app::client_for(settings, channels::http::TOTAL) {
        Ok(bot) => bot,
        Err(error) => return report.bad("telegram", &error.to_string()),
    };
    match bot.get_me().await {
        Ok(me) => report.good("telegram", &format!("@{} answers", me.username)),
        Err(error) => {
            report.bad("telegram", &format!("getMe failed: {}", error.kind()));
            return;
        }
    }
    server_clock(settings, report).await;
    match (settings.mode, bot.webhook_info().await) {
        (_, Err(error)) => report.bad("webhook", error.kind()),
        (TelegramMode::Polling, Ok(info)) if info.url.is_empty() => report.good("webhook", "none, we poll"),
        (TelegramMode::Polling, Ok(_)) => {
            report
                .bad("webhook", "one is set, so polling gets nothing: start the bot once, it takes it away");
        }
        (TelegramMode::Webhook, Ok(info)) => {
            let expected = config.public_url.as_ref().map(|url| format!("{url}/telegram/webhook"));
            if expected.as_deref() == Some(&*info.url) {
                report.good("webhook", &format!("set, {} waiting", info.pending));
            } else if expected.is_none() {
                report.note("webhook", "SAFAR_PUBLIC_URL is not set, so it is not registered by us");
            } else {
                report.bad("webhook", "registered for another address: start the bot once, it sets it");
            }
            if let Some(error) = info.last_error {
                report.note("webhook", &format!("Telegram's last error: {error}"));
            }
        }
    }
}

async fn whatsapp(config: &Config, report: &mut Report) {
    let Some(settings) = &config.whatsapp else {
        report.note("whatsapp", "not set up (SAFAR_WHATSAPP_PHONE_NUMBER_ID and others)");
        return;
    };
    let account = match app::whatsapp_account(settings) {
        Ok(account) => account,
        Err(error) => return report.bad("whatsapp", &error.to_string()),
    };
    let path = format!("{}?fields=verified_name,quality_rating", settings.phone_number_id);
    match account.manage(&path, None).await {
        Ok(answer) => {
            let text =
                |key| answer.get(key).and_then(serde_json::Value::as_str).unwrap_or("unknown").to_owned();
            report.good(
                "whatsapp",
                &format!("{} answers, quality {}", text("verified_name"), text("quality_rating")),
            );
        }
        Err(error) => report.bad("whatsapp", &format!("the number's settings cannot be read: {error}")),
    }
    if config.public_url.is_none() {
        report.note("whatsapp", "SAFAR_PUBLIC_URL is not set: deliveries need a public https address");
    }
    if settings.business_account_id.is_none() {
        report.note("whatsapp", "templates need SAFAR_WHATSAPP_BUSINESS_ACCOUNT_ID");
    }
}

async fn mail(config: &Config, report: &mut Report) {
    let Some(settings) = &config.mail else {
        report
            .note("mail", "no server set (SAFAR_SMTP_URL, SAFAR_MAIL_FROM): the alarm goes by Telegram only");
        return;
    };
    match app::mailer(settings) {
        Err(error) => report.bad("mail", &error.to_string()),
        Ok(mailer) => match mailer.probe().await {
            Ok(()) => report.good("mail", "the server answers; nothing was sent"),
            Err(error) => report.bad("mail", &format!("the server does not take letters: {error}")),
        },
    }
}

/// Whether somebody hears of an urgent case that nobody takes.
async fn alarm(config: &Config, store: Option<&Store>, report: &mut Report) {
    let Some(store) = store else { return };
    let people = async {
        let mut tx = store.read().await?;
        store::staff::list(&mut tx).await
    };
    let people = match people.await {
        Ok(people) => people,
        Err(error) => return report.bad("alarm", &error.to_string()),
    };
    let on_duty: Vec<_> = people.iter().filter(|row| row.on_duty && row.state == "active").collect();
    let hears = |row: &&&store::staff::StaffRow| {
        let by_chat = config.telegram.is_some() && row.telegram_contact.is_some();
        by_chat || config.mail.is_some() && row.email_sealed.is_some()
    };
    let hearing = on_duty.iter().filter(hears).count();
    let detail = format!("{} on duty, {hearing} of them can be told", on_duty.len());
    if hearing > 0 {
        report.good("alarm", &detail);
    } else {
        report.note("alarm", &format!("{detail}: nobody would hear of an urgent case that nobody takes"));
    }
    if config.public_url.is_none() {
        report.note("alarm", "SAFAR_PUBLIC_URL is not set: the alarm carries no link to the case");
    }
}

/// Compares our clock with the API's answer.
async fn server_clock(settings: &crate::config::Telegram, report: &mut Report) {
    let Ok(client) = channels::http::client(channels::http::TOTAL) else { return };
    let Ok(answer) = client.head(&settings.api_url).send().await else { return };
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok()) else {
        return report.note("clock", "the API gives no time to compare with");
    };
    let off = clock().now().0 - theirs.timestamp_millis();
    if off.abs() > CLOCK_OFF_MS {
        report.bad(
            "clock",
            &format!("differs from Telegram's by {} s: deadlines would be told wrongly", off / 1000),
        );
    } else {
        report.good("clock", "agrees with Telegram's");
    }
}
