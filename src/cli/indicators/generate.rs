//! `safar indicators generate`: made-up persons and events, to measure with.

use std::{path::Path, process::ExitCode};

use crate::{
    cli::{runtime, settings},
    counting,
    domain::{ContactId, Timestamp},
    store::{
        Store, events,
        indicators::log::{self, NewEvent},
    },
};

/// Events written in one transaction.
const AT_ONCE: usize = 20_000;
const DAY_MS: i64 = 86_400_000;
const CODES: u64 = 40;
const NODES: u64 = 200;

/// Numbers that follow a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(place).copied().unwrap_or_default()
    }
}

pub fn run(config: Option<&Path>, persons: u32, events: u32, seed: u64) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let mut tx = store.read().await?;
        let rules = counting::settings(&mut tx).await?.settings.rules;
        if events::count(&mut tx).await? > 0 {
            anyhow::bail!("the database holds events: made-up ones are for an empty database only");
        }
        tx.rollback().await?;
        let from = rules.start.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        let days = rules.end.signed_duration_since(rules.start).num_days();
        let mut maker = Maker { dice: Dice(seed), from, days: days.unsigned_abs(), seq: 0, persons };
        let total = u64::from(persons) * u64::from(events);
        while maker.seq < total {
            let left = usize::try_from(total - maker.seq).unwrap_or(AT_ONCE);
            let rows: Vec<NewEvent> = (0..left.min(AT_ONCE)).map(|_| maker.event(total)).collect();
            let mut tx = store.write().await?;
            log::append(&mut tx, &rows).await?;
            tx.commit().await?;
            store.checkpoint().await?;
        }
        println!("{} events of {persons} persons; `safar indicators recount` counts them", maker.seq);
        store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

struct Maker {
    dice: Dice,
    from: i64,
    days: u64,
    seq: u64,
    persons: u32,
}

impl Maker {
    /// The next event. Those of one person lie far apart, as in a bot that many use.
    fn event(&mut self, total: u64) -> NewEvent {
        self.seq += 1;
        let span = self.days * DAY_MS.unsigned_abs();
        let offset = u128::from(self.seq) * u128::from(span) / u128::from(total.max(1));
        let at = Timestamp(self.from + i64::try_from(offset).unwrap_or(0));
        let person = 1 + i64::try_from(self.dice.below(u64::from(self.persons))).unwrap_or(0);
        let dice = &mut self.dice;
        let mut code = None;
        let (kind, attrs) = match dice.below(100) {
            0..30 => {
                code = (dice.below(3) == 0).then(|| format!("code-{:03}", dice.below(CODES)));
                let (from, node) = (dice.below(NODES), dice.below(NODES));
                let from =
                    if dice.below(3) == 0 { String::new() } else { format!(r#""from":"page-{from:03}","#) };
                ("contact", format!(r#"{{{from}"node":"page-{node:03}"}}"#))
            }
            30..70 => {
                let k = dice.one(&["how", "help", "both", "other"]);
                ("content_view", format!(r#"{{"k":"{k}","node":"page-{:03}"}}"#, dice.below(NODES)))
            }
            70..80 => ("question", "{}".to_owned()),
            80..96 => {
                let (sex, stay) = (dice.one(&["F", "M", "M", "U"]), dice.one(&["TJ", "KG", "RU", "KZ"]));
                let aud = dice.one(&["migrant", "migrant", "family", "employer"]);
                ("profile", format!(r#"{{"aud":"{aud}","lang":"ru","sex":"{sex}","stay":"{stay}"}}"#))
            }
            96 => ("or_lead", "{}".to_owned()),
            97 if dice.below(20) == 0 => {
                let other = 1 + dice.below(u64::from(self.persons));
                ("link", format!(r#"{{"other":"{other}"}}"#))
            }
            _ => {
                let kind = dice.one(&["legal", "social", "access"]);
                let household = dice.below(u64::from(self.persons) / 4 + 1);
                let rest = format!(r#""cc":"TJ","centre":"TJ-1","fam":"h{household}","vuln":"1""#);
                ("service", format!(r#"{{"kind":"{kind}","result":"delivered",{rest}}}"#))
            }
        };
        NewEvent {
            event_id: format!("made:{:012}", self.seq),
            kind: kind.to_owned(),
            contact: Some(ContactId(person)),
            occurred_at: at,
            recorded_at: at,
            channel: if person % 3 == 0 { "wa" } else { "tg" },
            source: "bot".to_owned(),
            code,
            attrs,
        }
    }
}
