//! The queue as its pages and the waiting person see it.

use std::{collections::HashMap, sync::Arc};

use super::{Desk, DeskError, Who, hours::Hours, wait};
use crate::{
    domain::{CaseId, StaffId, Timestamp},
    store::{
        cases::{self, Open, Wait},
        staff,
    },
};

pub use crate::store::cases::{Ended, Filter, Place, Queued, Tally};

/// Cases on a page of the queue.
pub const PAGE: u32 = 50;
const DAY_MS: i64 = 86_400_000;

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct QueuePage {
    pub waiting: Vec<Queued>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// The viewer's own open cases, those that wait for a word first.
    pub mine: Vec<Queued>,
    /// The same for all who look.
    pub board: Arc<Board>,
}

/// What a page of the queue shows whoever looks, and whatever they filter by.
#[derive(Debug)]
pub struct Board {
    pub tally: Tally,
    /// Of the cases that wait.
    pub topics: Vec<String>,
    /// All who work here.
    pub names: HashMap<StaffId, String>,
    /// What those who take cases know, in order.
    pub skills: Vec<String>,
    /// The urgent cases that wait, a page of them at most.
    pub urgent: Vec<CaseId>,
    /// Urgent cases whose holders got them from somebody else and did not look, in spite of the alarm: whoever comes may
    /// take them.
    pub unseen: Vec<Queued>,
}

/// How the desk stands, for those who wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Somebody may take cases at all.
    pub staffed: bool,
    pub open_now: bool,
    pub opens_at: Option<Timestamp>,
    pub waiting: u64,
    pub waiting_urgent: u64,
    /// Expected wait in minutes, rounded up; `None`: too few claims to tell.
    pub wait_minutes: Option<i64>,
    /// The same where it is urgent.
    pub wait_minutes_urgent: Option<i64>,
}

impl Desk {
    /// A page of the queue. Ids and words of closed lists only: what a person said stands in their case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn queue_page(&self, who: &Who, filter: &Filter, after: Place) -> Result<QueuePage, DeskError> {
        let board = self.board().await?;
        let mut tx = self.store.read().await?;
        let (waiting, next) = cut(cases::list(&mut tx, Open::Waiting, filter, after, PAGE + 1).await?);
        tx.rollback().await?;
        let mut mine = self.mine(who.id).await?;
        // Those whose person spoke last come first, the longest wait before.
        mine.sort_by_key(|case| (!owes(case), case.contact_at));
        Ok(QueuePage { waiting, next, mine, board })
    }

    /// What is the same for all who look.
    pub(super) async fn board(&self) -> Result<Arc<Board>, DeskError> {
        self.board.get(self.read_board()).await
    }

    async fn read_board(&self) -> Result<Board, DeskError> {
        let mut tx = self.store.read().await?;
        let (tally, topics) = (cases::snapshot(&mut tx).await?, cases::topics(&mut tx).await?);
        let staff = staff::list(&mut tx).await?;
        let takes = |row: &&staff::StaffRow| {
            row.state == "active" && super::Roles::from_json(&row.roles).has_any(&super::TAKERS)
        };
        let known =
            |row: &staff::StaffRow| -> Vec<String> { serde_json::from_str(&row.skills).unwrap_or_default() };
        let mut skills: Vec<String> = staff.iter().filter(takes).flat_map(known).collect();
        skills.sort_unstable();
        skills.dedup();
        let names = staff.into_iter().map(|row| (row.id, row.name)).collect();
        let first = if tally.waiting_urgent == 0 {
            Vec::new()
        } else {
            cases::list(&mut tx, Open::Waiting, &Filter::default(), Place::START, PAGE).await?
        };
        let urgent = first.into_iter().filter(|case| case.urgent).map(|case| case.id).collect();
        let unseen =
            if tally.claimed_urgent == 0 { Vec::new() } else { cases::unseen(&mut tx, PAGE).await? };
        tx.rollback().await?;
        Ok(Board { tally, topics, names, skills, urgent, unseen })
    }

    /// A page of all claimed cases, for supervisors, and where the next one begins.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claimed(&self, after: Place) -> Result<(Vec<Queued>, Option<Place>), DeskError> {
        let mut tx = self.store.read().await?;
        let list = cases::list(&mut tx, Open::Claimed, &Filter::default(), after, PAGE + 1).await?;
        tx.rollback().await?;
        Ok(cut(list))
    }

    /// Cases that ended, those that ended last first: the viewer's own, or all for a supervisor.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ended(&self, holder: Option<StaffId>, before: Ended) -> Result<Vec<Queued>, DeskError> {
        let mut tx = self.store.read().await?;
        Ok(cases::recent(&mut tx, holder, before, PAGE).await?)
    }

    /// How the desk stands now: for the snapshot that waiting persons are told of.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outlook(&self) -> Result<Standing, DeskError> {
        let now = self.now();
        let hours = self.hours();
        let mut tx = self.store.read().await?;
        let tally = cases::snapshot(&mut tx).await?;
        let waits: Vec<Wait> = cases::waits(&mut tx, now.plus_ms(-wait::WAIT_DAYS * DAY_MS)).await?;
        tx.rollback().await?;
        let staffed = self.colleagues().await?.iter().any(|colleague| colleague.consults);
        let minutes = |urgent: bool, hours: &Hours| {
            let waits: Vec<Wait> = waits.iter().filter(|wait| wait.urgent == urgent).copied().collect();
            let [other, first] = tally.heads;
            let head = if urgent { first } else { other };
            let head = head.map(|since| hours.worked_ms(since, now));
            wait::expected(&waits, head, hours, now).map(|ms| (ms.max(0) + 59_999) / 60_000)
        };
        Ok(Standing {
            staffed,
            open_now: hours.is_open(now),
            opens_at: hours.opens_at(now),
            waiting: tally.waiting,
            waiting_urgent: tally.waiting_urgent,
            wait_minutes: minutes(false, &hours),
            wait_minutes_urgent: minutes(true, &Hours::always()),
        })
    }
}

/// A page of a list that was read with one more, and where the next page begins.
fn cut(mut list: Vec<Queued>) -> (Vec<Queued>, Option<Place>) {
    let more = list.len() > PAGE as usize;
    list.truncate(PAGE as usize);
    let next = list.last().filter(|_| more).map(Queued::place);
    (list, next)
}

/// Whether the person waits for a word.
pub fn owes(case: &Queued) -> bool {
    case.contact.is_some()
        && case.staff_at.is_none_or(|staff| case.contact_at.is_some_and(|said| said > staff))
}
