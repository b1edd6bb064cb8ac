//! `safar codes`: the register of campaign codes.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    config::Config,
    counting,
    domain::{CampaignCode, Day},
    outreach::{self, COUNTRIES, Campaign, KINDS, Links, Outreach, Reach, Wrong},
    store::Store,
};

#[derive(Subcommand)]
pub enum Command {
    /// Add a code, or change a known one: only what is named changes.
    Add(Entry),
    /// List all codes; with --csv all that the register holds.
    List {
        #[arg(long)]
        csv: bool,
    },
    /// End a code: from now on its leaflet's page brings no code. What it has brought stays counted.
    End {
        #[arg(value_parser = code)]
        code: CampaignCode,
    },
    /// Take a code out of the register. What it has brought stays, as `unregistered`.
    Remove {
        #[arg(value_parser = code)]
        code: CampaignCode,
    },
    /// Write the QR code of a link: as SVG or PNG, by the file's ending.
    Qr {
        #[arg(value_parser = code)]
        code: CampaignCode,
        /// Where the code leads: page (the leaflet's page) or web (the chat), by the public address; whatsapp, by the
        /// number of the settings; telegram, with --bot.
        #[arg(long, default_value = "page", value_parser = Links::TARGETS)]
        to: String,
        /// The bot's name on Telegram.
        #[arg(long)]
        bot: Option<String>,
        #[arg(long)]
        out: PathBuf,
    },
}

/// A code and what the register knows of it.
#[derive(clap::Args)]
pub struct Entry {
    /// 3 to 32 of a-z, 0-9 and hyphens.
    #[arg(value_parser = code)]
    code: CampaignCode,
    /// Of a new code: poster, if nothing else is said.
    #[arg(long, value_parser = KINDS)]
    kind: Option<String>,
    /// What staff call it.
    #[arg(long)]
    label: Option<String>,
    #[arg(long, value_parser = COUNTRIES)]
    country: Option<String>,
    /// First day, in the programme's zone.
    #[arg(long, value_parser = super::day)]
    from: Option<Day>,
    /// Last day.
    #[arg(long, value_parser = super::day)]
    until: Option<Day>,
    #[arg(long)]
    partner: Option<String>,
    #[arg(long)]
    budget_line: Option<String>,
    #[arg(long)]
    owner: Option<String>,
}

impl Entry {
    fn put_into(self, campaign: &mut Campaign) {
        let Self { code, kind, label, country, from, until, partner, budget_line, owner } = self;
        code.as_str().clone_into(&mut campaign.code);
        for (given, field) in [
            (kind, &mut campaign.kind),
            (label, &mut campaign.label),
            (country, &mut campaign.country),
            (partner, &mut campaign.partner),
            (budget_line, &mut campaign.budget_line),
            (owner, &mut campaign.owner),
        ] {
            if let Some(given) = given {
                *field = given;
            }
        }
        campaign.from = from.or(campaign.from);
        campaign.until = until.or(campaign.until);
    }
}

fn code(text: &str) -> Result<CampaignCode, String> {
    CampaignCode::parse(text).ok_or_else(|| Wrong::Code.sentence().to_owned())
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let mut tx = store.read().await?;
        let rules = counting::settings(&mut tx).await?.settings.rules;
        tx.rollback().await?;
        let outreach = Outreach::new(store.clone(), clock(), rules.offset_minutes, reach(&config, None));
        let done = work(&outreach, &config, command).await;
        store.close().await;
        done
    })
}

fn reach(config: &Config, bot: Option<&str>) -> Reach {
    Reach {
        base: config.public_url.clone(),
        bot: bot.map(Into::into),
        whatsapp: config.whatsapp.as_ref().and_then(|settings| settings.number.as_deref()).map(Into::into),
    }
}

async fn work(outreach: &Outreach, config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(entry) => add(outreach, entry).await,
        Command::List { csv } => list(outreach, csv).await,
        Command::End { code } => match outreach.end(None, code.as_str(), None).await? {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(_) => Ok(unknown(&code)),
        },
        Command::Remove { code } => {
            let removed = outreach.remove(None, code.as_str()).await?;
            Ok(if removed { ExitCode::SUCCESS } else { unknown(&code) })
        }
        Command::Qr { code, to, bot, out } => {
            let Some(known) = outreach.get(code.as_str()).await? else { return Ok(unknown(&code)) };
            let greeting = greeting()?;
            let links = reach(config, bot.as_deref()).links(Some(&known.code), &greeting);
            let Some(link) = links.get(&to) else {
                bail!(match to.as_str() {
                    "telegram" => "say --bot NAME",
                    "whatsapp" => "set SAFAR_WHATSAPP_NUMBER",
                    _ => "set SAFAR_PUBLIC_URL",
                });
            };
            let bytes = match out.extension().and_then(|ending| ending.to_str()) {
                Some("svg") => outreach::svg(link)?.into_bytes(),
                Some("png") => outreach::png(link)?,
                _ => bail!("--out must end in .svg or .png"),
            };
            std::fs::write(&out, bytes).with_context(|| out.display().to_string())?;
            println!("{link}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What stands ready on WhatsApp, in the reference language.
fn greeting() -> anyhow::Result<String> {
    let (texts, _) = crate::app::interface()?;
    let text = texts.format(crate::domain::Locale::REFERENCE, "leaflet-greeting", None, None);
    Ok(text.unwrap_or_default().into_owned())
}

fn unknown(code: &CampaignCode) -> ExitCode {
    println!("{} is not in the register", code.as_str());
    ExitCode::from(1)
}

async fn add(outreach: &Outreach, entry: Entry) -> anyhow::Result<ExitCode> {
    let known = outreach.get(entry.code.as_str()).await?;
    let is_known = known.is_some();
    let mut campaign = known.unwrap_or_else(|| Campaign { kind: "poster".to_owned(), ..Campaign::default() });
    entry.put_into(&mut campaign);
    let done = if is_known {
        outreach.change(None, &campaign).await?
    } else {
        outreach.add(None, &campaign).await?.map(|_| ())
    };
    if let Err(wrong) = done {
        bail!("{}", wrong.sentence());
    }
    println!("{code}: Telegram ?start={code}, WhatsApp #{code}, web ?s={code}", code = campaign.code);
    if let Some(page) = outreach.reach().links(Some(&campaign.code), "").page {
        println!("leaflet's page: {page}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(outreach: &Outreach, csv: bool) -> anyhow::Result<ExitCode> {
    let campaigns = outreach.list().await?;
    let today = outreach.today();
    if csv {
        let opens = outreach.link_opens(&(Day::default()..=today)).await?;
        let page = |code: &str| outreach.reach().links(Some(code), "").page;
        print!("{}", outreach::csv(&campaigns, &opens, today, page));
        return Ok(ExitCode::SUCCESS);
    }
    for campaign in campaigns {
        let ended = if campaign.is_over(today) { "  ended" } else { "" };
        println!("{}  {}  {}{ended}", campaign.code, campaign.kind, campaign.label);
    }
    Ok(ExitCode::SUCCESS)
}
