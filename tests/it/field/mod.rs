//! Field entries and registers: as a service on both databases, as pages, in a browser, from the command line.

mod command;
mod import;
mod pages;
mod service;
mod walk;

use std::{collections::BTreeMap, sync::Arc};

use safar::{
    clock::{Ids as _, MockClock, SystemIds},
    domain::{EntryId, StaffId, Timestamp},
    field::{Field, FieldError, Filled, Kind, Refused, Who, read},
    indicators::{Count, Indicator, Rules},
    privacy::Keys,
};

use crate::{
    indicators::live::{figures, total},
    store::backend::Fresh,
};

const NOW: &str = "2026-05-10T05:00:00Z";
/// A picture by its first bytes.
const PHOTO: &[u8] = b"\xFF\xD8\xFF\xE0\x00\x10JFIF a list of those who came";

struct House {
    fresh: Fresh,
    field: Field,
    clock: Arc<MockClock>,
    ids: Arc<SystemIds>,
}

fn ann() -> Who {
    Who { id: Some(StaffId(1)), login: "ann".to_owned() }
}

fn bek() -> Who {
    Who { id: Some(StaffId(2)), login: "bek".to_owned() }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, FieldError>) -> Refused {
    match outcome.unwrap_err() {
        FieldError::Refused(refused) => refused,
        error => panic!("{error}"),
    }
}

impl House {
    fn on(fresh: Fresh) -> Self {
        let clock = Arc::new(MockClock::at(Timestamp::from_iso(NOW).unwrap()));
        let ids = Arc::new(SystemIds::new());
        let keys = Keys::from_secret(&[7; 32]);
        let field =
            Field::new(fresh.store.clone(), keys, clock.clone(), ids.clone(), Arc::new(Rules::default()));
        Self { fresh, field, clock, ids }
    }

    fn filled(&self, kind: Kind, day: &str, pairs: &[(&str, &str)]) -> Filled {
        let pairs: BTreeMap<&str, &str> = pairs.iter().copied().collect();
        let value = |name: &str| pairs.get(name).copied().unwrap_or_default();
        read(kind, day, value, self.field.now(), &Rules::default()).unwrap()
    }

    /// Ann enters, with a file where one is needed.
    async fn enter(&self, kind: Kind, day: &str, pairs: &[(&str, &str)]) -> EntryId {
        self.try_enter(kind, day, pairs).await.unwrap()
    }

    async fn try_enter(&self, kind: Kind, day: &str, pairs: &[(&str, &str)]) -> Result<EntryId, FieldError> {
        let id = EntryId(self.ids.next(self.field.now()));
        let files: &[&[u8]] = if kind.needs_evidence() { &[PHOTO] } else { &[] };
        self.field.add(&ann(), id, &self.filled(kind, day, pairs), files).await.map(|()| id)
    }

    /// Ann enters, Bek approves.
    async fn count(&self, kind: Kind, day: &str, pairs: &[(&str, &str)]) -> EntryId {
        let id = self.enter(kind, day, pairs).await;
        self.field.approve(&bek(), id).await.unwrap();
        id
    }

    /// Totals, which a recount must have, too.
    async fn totals<const N: usize>(&self, of: [Indicator; N]) -> [u64; N] {
        figures(&self.fresh, |figures| of.map(|indicator| total(figures, indicator).total())).await
    }

    async fn grades(&self, of: Indicator) -> Count {
        figures(&self.fresh, |figures| total(figures, of)).await
    }

    async fn state(&self, id: EntryId) -> String {
        self.field.get(id).await.unwrap().0.row.state
    }
}
