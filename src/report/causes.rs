//! Why the figures of a frozen period are others now (indicators.md §1.8): what was recorded since.

use std::collections::BTreeSet;

use super::{
    quality::attr,
    words::{first_day, last_day},
};
use crate::{
    domain::Timestamp,
    indicators::{Entry, EntryKind, Figures, Indicator, Measure, Rules, Window},
    store::{
        StoreError, Tx,
        events::StoredEvent,
        indicators::{log, quality, reports::ReportRow},
    },
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// What was recorded between two reports and changes the earlier one's period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// Late events of persons.
    pub late: u64,
    /// Head-counts that were entered or approved late, and the people they add to R1.
    pub entries: u64,
    pub heads: u64,
    /// Links that made one person of two, and those that were undone.
    pub merged: u64,
    pub undone: u64,
    /// Test traffic, staff and bots that were left out.
    pub flags: u64,
    /// Other rows that were taken out.
    pub voids: u64,
}

/// What is looked through for all periods.
pub(super) struct Since<'a> {
    pub figures: &'a Figures<'a>,
    pub entries: &'a [Entry],
    pub rules: &'a Rules,
    /// The highest number of an event that the report knows.
    pub until: i64,
    said: Vec<StoredEvent>,
    flags: Vec<StoredEvent>,
}

impl<'a> Since<'a> {
    pub async fn read(
        tx: &mut Tx,
        figures: &'a Figures<'a>,
        entries: &'a [Entry],
        rules: &'a Rules,
        until: i64,
    ) -> Result<Self, StoreError> {
        let (said, flags) = (log::said(tx).await?, quality::flags(tx).await?);
        Ok(Self { figures, entries, rules, until, said, flags })
    }

    /// Of a period whose report was frozen.
    pub async fn causes(
        &self,
        tx: &mut Tx,
        window: Window,
        frozen: &ReportRow,
    ) -> Result<Causes, StoreError> {
        let from = frozen.last_seq;
        let is_new = |row: &&StoredEvent| row.seq > from && row.seq <= self.until;
        let links: BTreeSet<&str> =
            self.said.iter().filter(|row| row.kind == "link").map(|row| row.event_id.as_str()).collect();
        let mut causes = Causes::default();
        for row in self.said.iter().filter(is_new) {
            if row.kind == "link" {
                causes.merged += 1;
            } else if attr(&row.attrs, "target").is_some_and(|target| links.contains(target.as_str())) {
                causes.undone += 1;
            } else {
                causes.voids += 1;
            }
        }
        causes.flags = self.flags.iter().filter(is_new).count() as u64;
        for net in self.figures.nets(Indicator::R1, window, Measure::New) {
            if !self.is_approved(net.entry, from) && self.is_approved(net.entry, self.until) {
                causes.entries += 1;
                causes.heads += u64::from(net.total());
            }
        }
        if let (Some(first), Some(last)) = (first_day(window), last_day(window)) {
            let start = |day: crate::domain::Day| {
                let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
                midnight - i64::from(self.rules.offset_minutes) * MINUTE_MS
            };
            let days = (Timestamp(start(first)), Timestamp(start(last) + DAY_MS));
            causes.late = quality::late(tx, days, (from, self.until)).await?;
        }
        Ok(causes)
    }

    /// Whether the record up to that row holds the approval of another person.
    fn is_approved(&self, entry: &Entry, until: i64) -> bool {
        self.entries.iter().any(|approval| {
            approval.seq <= until
                && approval.by != entry.by
                && matches!(&approval.kind, EntryKind::Approve { target } if *target == entry.id)
        })
    }
}
