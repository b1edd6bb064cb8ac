//! Records that name nobody: employers, households, referrals (indicators.md §1.5).

use std::collections::BTreeMap;

use super::{Event, Indicator, Kind, Rules};
use crate::domain::Day;

/// What a person adds to a record that names nobody: an employer, a household, a referral (indicators.md §1.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Local day of the first event that counts for it, and that event's id.
    pub first: Day,
    pub event: Box<str>,
    /// Months with a contributing event, as in [`Facts`].
    pub months: u64,
}

/// Unit records by indicator and key.
pub type Units = BTreeMap<(Indicator, Box<str>), Unit>;

/// Adds what an event says of a record.
pub(super) fn add_unit(units: &mut Units, event: &Event, rules: &Rules) {
    let (indicator, key) = match &event.kind {
        Kind::Service { household: Some(household), .. } => (Indicator::S3, household),
        Kind::Referred(reference) => (Indicator::F1, reference),
        Kind::Confirmed(reference) => (Indicator::F2, reference),
        _ => return,
    };
    let Some(day) = rules.day(event.at) else { return };
    let unit = units.entry((indicator, key.clone())).or_insert_with(|| Unit {
        first: day,
        event: event.id.clone(),
        months: 0,
    });
    unit.months |= rules.bit(day);
}
