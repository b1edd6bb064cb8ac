//! The studio: drafts, review, publication, history; as a service on both databases, as pages, in a browser.

mod service;
mod sets;

use std::sync::Arc;

use safar::{
    app,
    bus::Bus,
    channels,
    clock::{Ids as _, MockClock, SystemIds},
    content::{
        Files,
        items::{self, ItemKey},
    },
    domain::{ChangeSetId, Locale, StaffId, Timestamp},
    release::{Parts, Releases},
    store::Store,
    studio::{Edit, Studio, StudioError, Wrong},
};

use crate::store::backend::Fresh;

pub const NOW: &str = "2026-11-28T06:00:00Z";
pub const ANN: StaffId = StaffId(1);
pub const BEK: StaffId = StaffId(2);
pub const CHOLPON: StaffId = StaffId(3);

/// An instance with the small content.
pub struct House {
    pub studio: Studio,
    pub releases: Releases,
    pub clock: Arc<MockClock>,
    pub store: Store,
}

impl House {
    pub async fn on(fresh: &Fresh) -> Self {
        Self::with(&fresh.store, &crate::check::folder("content-small")).await
    }

    pub async fn with(store: &Store, files: &Files) -> Self {
        let clock = Arc::new(MockClock::at(Timestamp::from_iso(NOW).unwrap()));
        let ids = Arc::new(SystemIds::new());
        let (interface, words) = app::interface().unwrap();
        let limits = channels::ALL_LIMITS;
        let parts =
            Parts { store: store.clone(), bus: Bus::new(), ids: ids.clone(), interface, words, limits };
        let now = Timestamp::from_iso(NOW).unwrap();
        let (releases, _) =
            Releases::open(parts, files, false, "embedded", (now, now.day(180))).await.unwrap();
        let studio = Studio::new(store.clone(), releases.clone(), clock.clone(), ids.clone());
        let _ = ids.next(now);
        Self { studio, releases, clock, store: store.clone() }
    }

    pub async fn files(&self) -> Files {
        self.releases.files().await.unwrap().1
    }

    /// An edit of what is published.
    pub async fn edit(&self, key: &ItemKey, change: impl Fn(&str) -> String) -> Edit {
        let files = self.files().await;
        let item = items::item(&files, key).expect("the item");
        Edit {
            key: key.clone(),
            path: item.path.to_owned(),
            after: None,
            base: Some(item.source.to_owned()),
            source: Some(change(item.source)),
            seen: None,
        }
    }

    /// Ann's set with one changed Russian text, whose translations are confirmed.
    pub async fn set_of(&self, from: &str, to: &str) -> ChangeSetId {
        let set = self.studio.open(ANN, "New words").await.unwrap();
        let mut edits =
            vec![self.edit(&text(Locale::Ru, "rule-kyrgyz"), |source| source.replace(from, to)).await];
        for locale in [Locale::Tg, Locale::Ky] {
            edits.push(self.edit(&text(locale, "rule-kyrgyz"), |source| format!("{source} {to}")).await);
        }
        self.studio.save(ANN, set, edits).await.unwrap();
        set
    }

    pub async fn trail(&self) -> Vec<String> {
        crate::support::sql::texts(&self.store, "select verb from audit order by seq").await
    }
}

pub fn text(locale: Locale, id: &str) -> ItemKey {
    ItemKey::Text(locale, id.into())
}

pub fn wrong<T: std::fmt::Debug>(outcome: Result<T, StudioError>) -> Wrong {
    match outcome.unwrap_err() {
        StudioError::Wrong(wrong) => wrong,
        error => panic!("{error}"),
    }
}
