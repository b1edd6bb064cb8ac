//! Builds all parts and stops them in order: web, lanes, senders, jobs, database.

mod files;
mod key;
mod listen;
mod telegram;
mod whatsapp;

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    bus::Bus,
    channels,
    clock::{Clock, Ids},
    config::{Config, ConfigError},
    content::{Files, console_files, interface_files},
    counting,
    desk::{
        Desk,
        staff::{Rules, Staff},
    },
    dialog::{Dialog, Settled, WebChat},
    domain::ChannelKind,
    engine::HOME_OFFSET_MINUTES,
    field::Field,
    intake::{Intake, Wiring},
    jobs::{self, Retention},
    lang::Words,
    mail::Mailer,
    outreach::{Outreach, Reach},
    privacy::KeyError,
    release::{ORIGIN_EMBEDDED, ORIGIN_FOLDER, Parts, ReleaseError, Releases, Taken},
    report::Reports,
    sender::{
        Announcer, FilePlaces, ReadMarks, Routes, Sender, TelegramPort, WhatsAppPort, route, show_typing,
    },
    store::{Backend, Store, StoreError},
    studio::Studio,
    text::{StaffTexts, Texts},
    web::{self, TelegramHook, WebState},
};

use listen::{listen, listen_outside, local};

pub use key::open as open_key;
pub use telegram::{StartError as TelegramError, client_for, connect as connect_telegram};
pub use whatsapp::account as whatsapp_account;

/// Lanes on PostgreSQL: commits overlap.
const POSTGRES_LANES: usize = 4;

/// The program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("settings: {0}")]
    Config(#[from] ConfigError),
    #[error("database: {0}")]
    Store(#[from] StoreError),
    #[error("key: {0}")]
    Key(#[from] KeyError),
    #[error("content: {0}")]
    Release(#[from] ReleaseError),
    #[error("whatsapp: {0}")]
    WhatsApp(#[from] whatsapp::StartError),
    #[error("telegram: {0}")]
    Telegram(#[from] TelegramError),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: String, source: std::io::Error },
    #[error("mail: {0}")]
    Mail(#[from] crate::mail::Unusable),
    #[error("desk: {0}")]
    Desk(#[from] crate::desk::DeskError),
    #[error("figures: {0}")]
    Counting(#[from] counting::CountingError),
    #[error("conversation: {0}")]
    Dialog(#[from] crate::dialog::DialogError),
    #[error("the program's own texts are broken: {0}")]
    Texts(String),
}

/// What the program is started with.
pub struct Start {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// Content for the first start; `replace`: publish it also over another release, if it passes the check.
    pub files: Files,
    pub replace: bool,
    /// Renders the metrics.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

/// A running program.
pub struct App {
    pub chat_address: std::net::SocketAddr,
    pub metrics_address: std::net::SocketAddr,
    /// The bot's name on Telegram.
    pub telegram: Option<Box<str>>,
    pub releases: Releases,
    pub dialog: Dialog,
    pub store: Store,
    pub desk: Desk,
    pub field: Field,
    pub staff: Staff,
    pub studio: Studio,
    pub jobs: jobs::Context,
    /// Findings that kept a folder from being published; the earlier release runs.
    pub refused: Option<Vec<crate::content::Finding>>,
    /// Pages acknowledge through it; given up when the web has ended.
    receipts: mpsc::UnboundedSender<Settled>,
    stop_web: CancellationToken,
    stop_lanes: CancellationToken,
    stop_jobs: CancellationToken,
    web: Vec<JoinHandle<()>>,
    lanes: Vec<JoinHandle<()>>,
    senders: Vec<JoinHandle<()>>,
    jobs_running: Vec<JoinHandle<()>>,
}

/// Interface texts and lexicon of the binary.
pub fn interface() -> Result<(Arc<Texts>, Arc<Words>), StartError> {
    let files = interface_files();
    let (texts, errors) = Texts::load(files.texts());
    if let Some(error) = errors.first() {
        return Err(StartError::Texts(format!("{}:{}: {}", error.file, error.line, error.what)));
    }
    let words = Words::embedded().map_err(|error| StartError::Texts(error.to_string()))?;
    Ok((Arc::new(texts), Arc::new(words)))
}

/// Texts of the staff's pages in the binary.
pub fn console_texts() -> Result<Arc<StaffTexts>, StartError> {
    let files = console_files();
    let (texts, errors) = StaffTexts::load(files.console_texts());
    if let Some(error) = errors.first() {
        return Err(StartError::Texts(format!("{}:{}: {}", error.file, error.line, error.what)));
    }
    Ok(Arc::new(texts))
}

impl App {
    /// Starts everything and returns when it is ready.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left running then.
    pub async fn start(start: Start) -> Result<Self, StartError> {
        let Start { config, clock, ids, files, replace, metrics } = start;
        make_private(&config.data_dir);
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let keys = key::open(&store, &config.secret_key_file, &*ids).await?;
        let counted_by = Arc::new(counting::ready(&store).await?.settings.rules);
        let (interface, words) = interface()?;
        let bus = Bus::new();
        let parts = || Parts {
            store: store.clone(),
            bus: bus.clone(),
            ids: ids.clone(),
            interface: interface.clone(),
            words: words.clone(),
            limits: channels::ALL_LIMITS,
        };
        let now = clock.now();
        let at = (now, now.day(HOME_OFFSET_MINUTES));
        let origin = if replace { ORIGIN_FOLDER } else { ORIGIN_EMBEDDED };
        let mut refused = None;
        let (releases, taken) = match Releases::open(parts(), &files, replace, origin, at).await {
            // A broken folder does not replace a good release.
            Err(ReleaseError::Broken(findings)) if replace => {
                match Releases::open(parts(), &files, false, origin, at).await {
                    Err(ReleaseError::Broken(_)) => return Err(ReleaseError::Broken(findings).into()),
                    other => {
                        refused = Some(findings);
                        other?
                    }
                }
            }
            other => other?,
        };
        if let Taken::Published(id) = taken {
            tracing::info!(release.id = id.0, origin, "content published");
        } else if !replace && *releases.watch().borrow().hash != *files.hash() {
            tracing::info!(
                "this program carries other content than the release in force; `safar content import --embedded` publishes it"
            );
        }
        let instance = ids.next(now);
        let staff = Staff::new(store.clone(), keys.clone(), clock.clone(), ids.clone(), rules(&config));
        let desk =
            Desk::new(store.clone(), keys.clone(), clock.clone(), ids.clone(), bus.clone(), releases.watch())
                .with_rules(counted_by.clone());
        desk.refresh_settings().await?;
        let field = Field::new(store.clone(), keys.clone(), clock.clone(), ids.clone(), counted_by.clone());
        let studio = Studio::new(store.clone(), releases.clone(), clock.clone(), ids.clone());
        let [stop_web, stop_lanes, stop_jobs] = std::array::from_fn(|_| CancellationToken::new());
        let mail = config.mail.as_ref().map(mailer).transpose()?;
        let texts = console_texts()?;
        let alarm = Arc::new(jobs::Alarm::new(staff.clone(), mail, texts.clone(), config.public_url.clone()));
        let board = counting::board::Board::new(store.clone(), keys.clone(), clock.clone(), ids.clone());
        let (view, standing) = tokio::sync::watch::channel(jobs::desk_view(&desk, config.case_days).await?);
        let zone = counted_by.offset_minutes;
        let dialog = Dialog::new(store.clone(), keys, ids.clone(), releases.watch(), instance)
            .with_desk(standing, bus.clone())
            .with_rules(counted_by);
        let mut console = web::Console {
            board,
            dialog: dialog.clone(),
            desk: desk.clone(),
            staff: staff.clone(),
            studio: studio.clone(),
            field: field.clone(),
            reports: Reports::new(store.clone(), clock.clone(), ids.clone(), texts.clone()),
            texts,
            clock: clock.clone(),
            public_url: config.public_url.clone(),
            bot: None,
            feed: web::Feed::start(format!("{instance:x}"), bus.listen()),
            uploads: Arc::default(),
            shutdown: stop_web.clone(),
            outreach: Outreach::new(store.clone(), clock.clone(), zone, Reach::default()),
            interface: interface.clone(),
            secure: config.public_url.as_deref().is_some_and(|url| url.starts_with("https://")),
        };
        let listener = listen(config.listen).await?;
        let metrics_listener = listen(config.metrics_listen).await?;
        let (chat_address, metrics_address) = (local(&listener), local(&metrics_listener));

        let (receipts, settled) = mpsc::unbounded_channel();
        let (outgoing, committed) = mpsc::unbounded_channel();
        let lanes = match store.backend() {
            Backend::Sqlite => 1,
            Backend::Postgres => POSTGRES_LANES,
        };
        let wiring = Wiring {
            dialog: dialog.clone(),
            clock: clock.clone(),
            outgoing,
            settled,
            lanes,
            stop: stop_lanes.clone(),
        };
        let (intake, lanes) = Intake::start(wiring);

        let chat = WebChat::new(
            dialog.clone(),
            bus.clone(),
            &channels::web::LIMITS,
            clock.clone(),
            receipts.downgrade(),
        );
        let mut senders = Vec::new();
        let mut web_tasks = Vec::new();
        let mut routes = Vec::new();
        let mut fetches: jobs::Fetches = Vec::new();
        let mut hook = None;
        let mut telegram_name = None;
        if let Some(settings) = &config.telegram {
            let connected = telegram::connect(settings, config.public_url.as_deref(), &interface).await?;
            if store.backend() == Backend::Sqlite {
                dialog.take_over(ChannelKind::Telegram, now).await?;
            }
            let port = TelegramPort {
                bot: connected.bot.clone(),
                dialog: dialog.clone(),
                clock: clock.clone(),
                files: FilePlaces::default(),
            };
            let (sender, incoming) = mpsc::unbounded_channel();
            routes.push((ChannelKind::Telegram, sender));
            fetches.push((ChannelKind::Telegram, Arc::new(files::Telegram(connected.bot.clone()))));
            let worker = Sender::new(Arc::new(port), dialog.clone(), clock.clone(), receipts.clone());
            senders.push(tokio::spawn(worker.run(incoming, bus.listen(), stop_lanes.clone())));
            let typing = show_typing(connected.bot.clone(), dialog.clone(), bus.listen(), stop_web.clone());
            web_tasks.push(tokio::spawn(typing));
            telegram_name = Some(connected.username.clone());
            match connected.secret {
                Some(secret) => hook = Some(Arc::new(TelegramHook { secret, bot: connected.bot.clone() })),
                None => {
                    let poller = connected.poller(settings, &intake, &clock, &store, instance)?;
                    web_tasks.push(tokio::spawn(poller.run(stop_web.clone())));
                }
            }
        }
        let mut whatsapp_hook = None;
        if let Some(settings) = &config.whatsapp {
            if store.backend() == Backend::Sqlite {
                dialog.take_over(ChannelKind::WhatsApp, now).await?;
            }
            let account = whatsapp::account(settings)?;
            fetches.push((ChannelKind::WhatsApp, Arc::new(files::WhatsApp(account.clone()))));
            let (marks, task) = ReadMarks::start(account.clone(), dialog.clone(), bus.listen());
            web_tasks.push(task);
            let port = WhatsAppPort {
                account,
                dialog: dialog.clone(),
                clock: clock.clone(),
                interactive: settings.interactive,
                files: FilePlaces::default(),
            };
            let (sender, incoming) = mpsc::unbounded_channel();
            routes.push((ChannelKind::WhatsApp, sender));
            let worker = Sender::new(Arc::new(port), dialog.clone(), clock.clone(), receipts.clone());
            senders.push(tokio::spawn(worker.run(incoming, bus.listen(), stop_lanes.clone())));
            whatsapp_hook = Some((Arc::new(whatsapp::hook(settings)), marks));
        }
        let routes = Routes { senders: routes, web: Announcer(chat.clone()) };
        senders.push(tokio::spawn(route(committed, routes)));

        console.bot.clone_from(&telegram_name);
        console.outreach = console.outreach.reached_by(Reach {
            base: config.public_url.clone(),
            bot: telegram_name.clone(),
            whatsapp: config
                .whatsapp
                .as_ref()
                .and_then(|settings| settings.number.as_deref())
                .map(Into::into),
        });
        let outreach = console.outreach.clone();
        let probe = store.clone();
        let (_, ready) = tokio::sync::watch::channel(true);
        let state = WebState {
            intake,
            chat,
            clock: clock.clone(),
            ids: ids.clone(),
            telegram: hook,
            whatsapp: whatsapp_hook,
            dialog: dialog.clone(),
            ready,
            shutdown: stop_web.clone(),
            console: Arc::new(console),
            metrics,
            strings: Arc::new(web::ChatStrings::from_texts(&interface)),
            probe: Arc::new(move || {
                let store = probe.clone();
                Box::pin(async move { store.ping().await.is_ok() })
            }),
        };
        let public = web::public_router(state.clone());
        for (listener, router) in [(listener, public), (metrics_listener, web::metrics_router(state))] {
            let stop = stop_web.clone();
            web_tasks.push(tokio::spawn(async move {
                if let Err(error) = web::serve(listener, router, stop).await {
                    tracing::error!(%error, "the web server ended");
                }
            }));
        }

        let retention = Retention {
            silent_contact: config.silent_contact_days,
            outbox: config.outbox_days,
            parked: config.parked_days,
            questions: config.question_days,
            cases: config.case_days,
            ..Retention::default()
        };
        let context = jobs::Context {
            store: store.clone(),
            dialog: dialog.clone(),
            desk: desk.clone(),
            view: Arc::new(view),
            releases: releases.clone(),
            clock,
            ids,
            retention,
            files: fetches,
            alarm,
            outreach: outreach.clone(),
            studio: studio.clone(),
        };
        let mut jobs_running = jobs::start(&context, &stop_jobs);
        jobs_running.extend(listen_outside(&store, &bus, &releases, stop_jobs.clone()).await?);
        Ok(Self {
            chat_address,
            metrics_address,
            telegram: telegram_name,
            releases,
            dialog,
            store,
            desk,
            field,
            staff,
            studio,
            jobs: context,
            refused,
            receipts,
            stop_web,
            stop_lanes,
            stop_jobs,
            web: web_tasks,
            lanes,
            senders,
            jobs_running,
        })
    }

    /// Stops in order; what had been taken in is committed and what can be sent is sent.
    pub async fn stop(self) {
        tracing::info!("stopping");
        self.stop_web.cancel();
        // Requests that wait for their commit need the lanes, so these end after them, but not for ever.
        ended(self.web, Duration::from_secs(10), "web").await;
        if let Err(error) = self.jobs.outreach.flush().await {
            tracing::warn!(%error, "the last opens of links could not be written");
        }
        drop(self.receipts);
        self.stop_lanes.cancel();
        ended(self.senders, Duration::from_secs(25), "senders").await;
        ended(self.lanes, Duration::from_secs(10), "lanes").await;
        self.stop_jobs.cancel();
        ended(self.jobs_running, Duration::from_secs(5), "jobs").await;
        if let Err(error) = self.store.checkpoint().await {
            tracing::warn!(%error, "the last checkpoint failed");
        }
        self.store.close().await;
        tracing::info!("stopped");
    }
}

/// The data folder is for its owner only: profile answers stand in it. One that exists is left as it is.
fn make_private(folder: &std::path::Path) {
    if folder.exists() {
        return;
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if let Err(error) = builder.create(folder) {
        // The database then says why it cannot be opened.
        tracing::warn!(%error, "the data folder could not be made");
    }
}

/// How long sessions of staff last, by the settings.
pub fn rules(config: &Config) -> Rules {
    Rules { idle_minutes: config.staff_idle_minutes, session_hours: config.staff_session_hours }
}

/// The mail server of the settings.
///
/// # Errors
/// When no letter could be sent with them.
pub fn mailer(settings: &crate::config::Mail) -> Result<Mailer, crate::mail::Unusable> {
    Mailer::new(settings.smtp_url.reveal(), &settings.from)
}

async fn ended(tasks: Vec<JoinHandle<()>>, most: Duration, what: &'static str) {
    let all = async {
        for task in tasks {
            let _ = task.await;
        }
    };
    if tokio::time::timeout(most, all).await.is_err() {
        tracing::warn!(what, "did not end in time");
    }
}
