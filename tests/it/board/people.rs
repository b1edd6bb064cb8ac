//! Made-up people of a programme that runs since January.

use safar::{
    counting::{self, Feed},
    domain::Timestamp,
    indicators::{Rules, file::Row},
    store::{
        Store,
        codes::{self, CodeRow},
    },
};

use crate::indicators::made::Dice;

/// 2026-01-05T05:00:00Z.
const FROM: i64 = 1_767_589_200_000;
const DAY: i64 = 86_400_000;

pub fn row(seq: i64, at: Timestamp, ident: &str, kind: &str, attrs: &str, code: Option<&str>) -> Row {
    let header = "seq,event_id,occurred_at,recorded_at,source,ident,type,attrs";
    let code = code.map_or_else(String::new, |code| format!(";c={code}"));
    let source = if ident.starts_with("reg:") || ident.is_empty() { "field" } else { "bot" };
    let text = format!("{header}\n{seq},e{seq},{},,{source},{ident},{kind},{attrs}{code}\n", at.to_iso());
    let (rows, _) = safar::indicators::file::read_events(&text, 1).unwrap();
    rows.into_iter().next().unwrap()
}

/// Stores and counts rows as turns would.
pub async fn store(store: &Store, rows: &[Row]) {
    feed(store, &mut Feed::new(&Rules::default()), rows).await;
}

/// The same for identities that the feed knows from before.
pub async fn feed(store: &Store, feed: &mut Feed<'_>, rows: &[Row]) {
    let mut tx = store.write().await.unwrap();
    for row in rows {
        feed.row(&mut tx, row).await.unwrap();
    }
    feed.flush(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// The first event of all, in January: periods are frozen from then on.
pub fn first() -> Row {
    row(999_998, Timestamp(FROM), "tg:first", "contact", "node=home", None)
}

/// Rolls up all that waits.
pub async fn roll(store: &Store) {
    let mut tx = store.write().await.unwrap();
    while counting::roll(&mut tx, &Rules::default(), 1_000).await.unwrap() > 0 {}
    while counting::squash(&mut tx, 1_000).await.unwrap() > 0 {}
    tx.commit().await.unwrap();
}

/// The register.
pub async fn campaigns(store: &Store, codes: &[(&str, &str)]) {
    let mut tx = store.write().await.unwrap();
    for (code, label) in codes {
        let row = CodeRow {
            code: (*code).to_owned(),
            kind: "poster".to_owned(),
            label: (*label).to_owned(),
            created_at: Timestamp(FROM),
            ..CodeRow::default()
        };
        assert!(codes::add(&mut tx, &row).await.unwrap());
    }
    tx.commit().await.unwrap();
}

/// So many people from January to November 2026, with a session and its head-count.
pub fn crowd(people: i64) -> Vec<Row> {
    let mut dice = Dice::new(11);
    let mut rows = Vec::new();
    let mut seq = 0;
    let mut put = |at: i64, ident: &str, kind: &str, attrs: &str, code: Option<&str>| {
        seq += 1;
        rows.push(row(seq, Timestamp(at), ident, kind, attrs, code));
    };
    let one = |dice: &mut Dice, of: &[&'static str]| of[dice.below(of.len() as u64) as usize];
    for person in 0..people {
        let channel = one(&mut dice, &["tg", "tg", "tg", "wa", "web"]);
        let ident = format!("{channel}:{person}");
        let at = FROM + i64::try_from(dice.below(318)).unwrap() * DAY + person * 1_000;
        let code =
            [None, Some("osh-bazar"), Some("dushanbe-airport"), Some("mistyped")][dice.below(4) as usize];
        let (stay, lang) = (
            one(&mut dice, &["RU", "RU", "RU", "KZ", "TJ", "KG", "U"]),
            one(&mut dice, &["tg", "tg", "ru", "ky"]),
        );
        let sex = one(&mut dice, &["F", "M", "M", "U"]);
        let age = one(&mut dice, &["18-24", "25-29", "30-34", "35-49", "50-59", "U"]);
        let aud = one(&mut dice, &["migrant", "migrant", "migrant", "family", "employer", "U"]);
        put(
            at,
            &ident,
            "contact",
            &format!("node=home;lang={lang};stay={stay};origin=TJ;sex={sex};age={age};aud={aud}"),
            code,
        );
        if dice.below(5) == 0 {
            continue;
        }
        let page =
            one(&mut dice, &["patent-get", "patent-money", "patent-rules", "unpaid-proof", "child-school"]);
        put(at + 60_000, &ident, "contact", &format!("from=home;node={page}"), None);
        put(at + 60_001, &ident, "content_view", &format!("k=how;node={page}"), None);
        if dice.below(3) > 0 {
            put(at + 120_000, &ident, "contact", &format!("from={page};node=hotlines"), None);
            put(at + 120_001, &ident, "content_view", "k=help;node=hotlines", None);
        }
        if dice.below(3) == 0 {
            put(at + 180_000, &ident, "question", "", None);
        }
        if dice.below(6) == 0 {
            let kind = one(&mut dice, &["legal", "legal", "access"]);
            let rest = format!("result=delivered;centre=TJ-1;cc=TJ;fam=H{person};vuln=1");
            put(at + DAY, &ident, "service", &format!("kind={kind};{rest}"), None);
        }
    }
    let session = FROM + 40 * DAY;
    let counts = "activity=session;covers=both;n_f=30;n_m=20;n_u=10;cc=KG;by=u1";
    put(session, "", "tally", counts, Some("osh-bazar"));
    let target = rows.last().map(|row| row.event_id.clone()).unwrap();
    rows.push(row(999_999, Timestamp(session + DAY), "", "approve", &format!("target={target};by=u2"), None));
    rows
}
