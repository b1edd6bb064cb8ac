//! Periodic work: what is no longer needed goes, what must be watched is measured.

mod alarm;
mod chain;
mod counts;
mod desk;
mod files;
mod follow_up;
mod opens;
mod purge;
mod studio;
mod studio_news;
mod watch;

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock, desk::Desk, dialog::Dialog, domain::DeskView, outreach::Outreach, release::Releases,
    store::Store, studio::Studio,
};

pub use alarm::{Alarm, AlarmError, raise};
pub use chain::seal;
pub use counts::compare_by_night;
pub use desk::desk_view;
pub use files::{Fetch, Fetched, Fetches};
pub use follow_up::remind;
pub use purge::{Retention, purge};
pub use studio_news::{NewsError, tell};

/// What jobs work with.
#[derive(Clone)]
pub struct Context {
    pub store: Store,
    pub dialog: Dialog,
    pub desk: Desk,
    /// What turns are told of the desk.
    pub view: Arc<tokio::sync::watch::Sender<DeskView>>,
    pub releases: Releases,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn crate::clock::Ids>,
    pub retention: Retention,
    /// Channels that files come from.
    pub files: Fetches,
    pub alarm: Arc<Alarm>,
    /// Counts opens of links until they are written.
    pub outreach: Outreach,
    /// Change sets are published at their time.
    pub studio: Studio,
}

/// Often, so that each time there is little to copy: a checkpoint shares the disk with the commits that people wait for.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(100);

/// How old what a waiting person is told may be; their place in the queue is looked up when they are told it.
const VIEW_EVERY: Duration = Duration::from_secs(5);

/// Figures are exact at any time: what is not rolled up yet is added when they are asked for.
const ROLL_EVERY: Duration = Duration::from_secs(5);

/// Opens that a process which dies has counted and not written are lost.
const OPENS_EVERY: Duration = Duration::from_secs(5);

/// The alarm's times are whole minutes.
const ALARM_EVERY: Duration = Duration::from_secs(15);

/// Also how old the number of the navigation may be, where another instance changed it.
const REMIND_EVERY: Duration = Duration::from_secs(10);

/// Rows are sealed at the second look after they were written: no transaction is open for so long.
const SEAL_EVERY: Duration = Duration::from_secs(600);

/// A set is published so long after its time at most.
const STUDIO_EVERY: Duration = Duration::from_secs(5);

/// Starts all jobs; they end at `stop`.
pub fn start(context: &Context, stop: &CancellationToken) -> Vec<tokio::task::JoinHandle<()>> {
    let mut running = vec![
        every(CHECKPOINT_EVERY, stop, context.clone(), watch::checkpoint),
        every(Duration::from_secs(5), stop, context.clone(), watch::outbox_depth),
        every(Duration::from_secs(2), stop, context.clone(), watch::release),
        every(Duration::from_secs(600), stop, context.clone(), purge::run),
        every(Duration::from_secs(2), stop, context.clone(), desk::held),
        every(VIEW_EVERY, stop, context.clone(), desk::view),
        every(Duration::from_secs(20), stop, context.clone(), desk::silence),
        every(Duration::from_secs(10), stop, context.clone(), desk::settings),
        every(ALARM_EVERY, stop, context.clone(), alarm::run),
        every(REMIND_EVERY, stop, context.clone(), follow_up::run),
        every(ROLL_EVERY, stop, context.clone(), counts::run),
        every(OPENS_EVERY, stop, context.clone(), opens::run),
        every(Duration::from_secs(600), stop, context.clone(), counts::night),
        every(SEAL_EVERY, stop, context.clone(), chain::run),
        every(STUDIO_EVERY, stop, context.clone(), studio::run),
        every(ALARM_EVERY, stop, context.clone(), studio_news::run),
    ];
    // Each channel by itself: one that is slow keeps no other waiting.
    for (channel, fetch) in &context.files {
        running.extend(
            (0..files::AT_ONCE).map(|_| {
                tokio::spawn(files::run(context.desk.clone(), *channel, fetch.clone(), stop.clone()))
            }),
        );
    }
    running
}

/// Runs a job at its pace, never twice at once.
fn every<F, R>(
    pace: Duration,
    stop: &CancellationToken,
    context: Context,
    job: F,
) -> tokio::task::JoinHandle<()>
where
    F: Fn(Context) -> R + Send + 'static,
    R: Future<Output = ()> + Send,
{
    let stop = stop.clone();
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(pace);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => job(context.clone()).await,
                () = stop.cancelled() => return,
            }
        }
    })
}
