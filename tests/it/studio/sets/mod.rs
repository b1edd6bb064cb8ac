//! Change sets and releases on the pages: what each role may do, a clash, going back, two instances, two people in a
//! browser.

mod instances;
mod letters;
mod pages;
mod past;
mod walk;

use safar::{
    clock::{Clock as _, Ids as _, SystemIds},
    content::items::ItemKey,
    domain::{ChangeSetId, Locale, ReleaseId, StaffId, Timestamp},
    store::releases,
    studio::Edit,
};

use super::{House, NOW, text};
use crate::{
    store::backend::Fresh,
    support::app::{Options, TestApp},
};

/// The program with the small content: the check of the whole one takes this build seconds.
pub async fn start(fresh: &Fresh) -> TestApp {
    start_with(fresh, options(fresh)).await
}

pub async fn start_with(fresh: &Fresh, options: Options) -> TestApp {
    let files = crate::check::folder("content-small");
    let ids = SystemIds::new();
    let now = Timestamp::from_iso(NOW).unwrap().plus_ms(-2_000);
    let mut tx = fresh.store.write().await.unwrap();
    let stored = serde_json::to_string(&files).unwrap();
    let id = ReleaseId(ids.next(now));
    releases::add(&mut tx, id, &files.hash(), &stored, "embedded", now).await.unwrap();
    let publication = ids.next(now);
    releases::publish(&mut tx, publication, id, &releases::NewPublication::of("embedded"), now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    TestApp::start(options).await
}

pub fn options(fresh: &Fresh) -> Options {
    Options { database_url: Some(fresh.url.clone()), now: NOW, ..Options::default() }
}

/// The studio of a running program.
pub struct Works(House);

impl std::ops::Deref for Works {
    type Target = House;

    fn deref(&self) -> &House {
        &self.0
    }
}

pub fn house(app: &TestApp) -> Works {
    Works(House {
        studio: app.app.studio.clone(),
        releases: app.app.releases.clone(),
        clock: app.clock.clone(),
        store: app.app.store.clone(),
    })
}

impl Works {
    /// A set with the Kyrgyz rule in other words; its translations follow unless `lone`.
    pub async fn set_by(&self, by: StaffId, title: &str, to: &str, lone: bool) -> ChangeSetId {
        let set = self.studio.open(by, title).await.unwrap();
        let key = text(Locale::Ru, "rule-kyrgyz");
        let mut edits = vec![self.edit(&key, |source| reworded(source, to)).await];
        if !lone {
            for locale in [Locale::Tg, Locale::Ky] {
                let key = text(locale, "rule-kyrgyz");
                edits.push(self.edit(&key, |source| format!("{source} {to}")).await);
            }
        }
        self.studio.save(by, set, edits).await.unwrap();
        set
    }

    /// The Russian text of a node as it is in force.
    pub async fn russian(&self, id: &str) -> String {
        let files = self.files().await;
        safar::content::items::item(&files, &text(Locale::Ru, id)).unwrap().source.to_owned()
    }

    /// Publishes a set: sent by one, approved by another.
    pub async fn publish(&self, set: ChangeSetId, by: StaffId, reviewer: StaffId) -> i64 {
        // Each publication has its moment.
        self.clock.advance_ms(1_000);
        self.studio.send(by, set).await.unwrap();
        self.studio.approve(reviewer, set, None).await.unwrap();
        self.studio.set(set).await.unwrap().set.publication.unwrap()
    }

    pub fn at(&self, ms: i64) -> Timestamp {
        self.clock.now().plus_ms(ms)
    }

    pub async fn first_publication(&self) -> i64 {
        self.releases.publications(100).await.unwrap().last().unwrap().id
    }

    /// A new figure value for the fee.
    pub async fn dearer(&self, by: StaffId, set: ChangeSetId) {
        let key = ItemKey::Figure("fee".into(), "".into(), "2025-01-01".into());
        let edit: Edit = self.edit(&key, |source| source.replace("1500", "1900")).await;
        self.studio.save(by, set, vec![edit]).await.unwrap();
    }
}

/// The text of the Kyrgyz rule in other words.
fn reworded(source: &str, to: &str) -> String {
    let line = source.lines().find(|line| line.contains(".text = ")).unwrap();
    source.replace(line, &format!("    .text = Нет, патент {to}."))
}

/// When the clock of a program stands.
pub fn later(app: &TestApp, ms: i64) -> String {
    // Accounts of tests are in UTC+5.
    let at = app.clock.now().plus_ms(ms + 5 * 3_600_000).to_iso();
    at.get(..16).unwrap().to_owned()
}
