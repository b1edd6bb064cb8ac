//! `safar serve`.

use std::{path::Path, process::ExitCode, sync::Arc};

use super::{clock, folder, runtime, settings};
use crate::{
    app::{App, Start},
    check,
    clock::SystemIds,
    config::TelegramMode,
    content::{Release, embedded},
    telemetry,
};

/// Where the documentation stands, for the third line.
const DOCS: &str = "README.md and docs/ of the source, `safar help`";

pub fn run(config: Option<&Path>, content: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    telemetry::start_logs(config.log_format);
    let metrics = telemetry::start_metrics();
    let files = match content {
        Some(dir) => folder::read(dir)?,
        None => embedded(),
    };
    let telegram = config.telegram.as_ref().map(|telegram| telegram.mode);
    let whatsapp = config.whatsapp.is_some();
    let start = Start {
        config,
        clock: clock(),
        ids: Arc::new(SystemIds::new()),
        files,
        replace: content.is_some(),
        metrics: Arc::new(move || {
            metrics.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default()
        }),
    };
    runtime()?.block_on(async {
        let app = match App::start(start).await {
            Ok(app) => app,
            Err(error) => {
                if let crate::app::StartError::Release(crate::release::ReleaseError::Broken(findings)) =
                    &error
                {
                    for finding in findings {
                        eprintln!("{}", check::line(finding));
                    }
                }
                return Err(error.into());
            }
        };
        if let Some(findings) = &app.refused {
            for finding in findings {
                eprintln!("{}", check::line(finding));
            }
            eprintln!(
                "The folder was not published ({} errors); the earlier release goes on.",
                findings.len()
            );
        }
        println!("Chat:     http://{}/", app.chat_address);
        match (telegram, &app.telegram) {
            (Some(TelegramMode::Polling), Some(name)) => println!("Telegram: https://t.me/{name} (polling)"),
            (Some(TelegramMode::Webhook), Some(name)) => {
                println!("Telegram: https://t.me/{name} (webhook at /telegram/webhook)");
            }
            _ => println!("Telegram: set SAFAR_TELEGRAM_TOKEN to the token from @BotFather and start again"),
        }
        if whatsapp {
            println!("WhatsApp: webhook at /whatsapp/webhook");
        }
        println!("Docs:     {DOCS}");
        let learning = tokio::spawn(learn(app.releases.watch()));
        stop_signal().await;
        learning.abort();
        app.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Makes the search of each release as soon as it is there, beside the conversations: nobody's first question waits.
async fn learn(mut releases: tokio::sync::watch::Receiver<Arc<Release>>) {
    loop {
        let release = releases.borrow_and_update().clone();
        let made = tokio::task::spawn_blocking(move || {
            release.search();
        });
        if made.await.is_err() || releases.changed().await.is_err() {
            return;
        }
    }
}

/// Waits for Ctrl-C or a termination signal.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "no termination signal; only Ctrl-C stops"),
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
