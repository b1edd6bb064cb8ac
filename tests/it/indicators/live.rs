//! Turns count as they are written: what people do with the bot, in batches, against a recount.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use safar::{
    clock::{Ids as _, SystemIds},
    counting::{self, Verdict},
    dialog::Dialog,
    domain::{Address, CampaignCode, ChannelKind, Content, Inbound, Source, Timestamp},
    indicators::{Count, Dimension, Figures, Indicator, Measure, Rules, Window},
    privacy::Keys,
    store::codes::{self, CodeRow},
};
use tokio::sync::watch;

use super::made::Dice;
use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, NOW, store_contract},
    support::sql::{count, texts},
};

store_contract!(
    whatever_people_do_is_counted_as_a_recount_has_it,
    who_asks_to_be_forgotten_stays_in_the_figures_without_a_name,
    a_turn_that_fails_counts_nothing,
    sex_and_age_that_were_told_are_counted_on_each_channel,
    turns_tell_from_where_people_go_on
);

const HOUR: i64 = 3_600_000;

fn dialog(fresh: &Fresh) -> Dialog {
    let release = watch::channel(embedded_release()).1;
    Dialog::new(fresh.store.clone(), Keys::from_secret(&[7; 32]), Arc::new(SystemIds::new()), release, 1)
}

pub fn does(key: u64, address: Address, content: Content, at: Timestamp) -> Inbound {
    Inbound {
        address,
        also: Vec::new(),
        source: Source::Bot,
        key: format!("tg:1:{key}").into(),
        content,
        at,
        language_hint: None,
        tapped_message: None,
        advert: None,
        attached: None,
        mark_read: None,
        from: None,
        raw: Bytes::new(),
    }
}

fn telegram(who: u64) -> Address {
    Address::new(ChannelKind::Telegram, who.to_string())
}

pub fn tap(token: &str) -> Content {
    Content::Tap(token.into())
}

/// By the rules in force.
pub async fn figures<R>(fresh: &Fresh, read: impl FnOnce(&Figures<'_>) -> R) -> R {
    let mut tx = fresh.read().await;
    let rules = counting::in_force(&mut tx, &Rules::default()).await.unwrap();
    let shares = counting::shares(&mut tx, &rules).await.unwrap();
    let found = counting::compare(&mut tx, &rules).await.unwrap();
    assert_eq!(found.differences, [""; 0]);
    tx.rollback().await.unwrap();
    read(&Figures::new(&shares, &rules))
}

pub fn total(figures: &Figures<'_>, indicator: Indicator) -> Count {
    figures.total(indicator, Window::Programme, Measure::Cum)
}

async fn whatever_people_do_is_counted_as_a_recount_has_it(fresh: Fresh) {
    let dialog = dialog(&fresh);
    let mut dice = Dice::new(7);
    let taps = [
        "a.lang.ru",
        "a.lang.tg",
        "a.ask-citizenship.TJ",
        "a.ask-destination.RU",
        "a.ask-audience.migrant",
        "n.patent",
        "n.before-steps",
        "n.before-offers",
        "n.emergency",
        "n.late-wages",
        "a.delete.yes",
        "a.menu",
    ];
    let (mut key, mut erased, mut linked) = (0, 0, 0);
    for round in 0..60 {
        // Some later, some earlier than what was committed: messages are delayed.
        let now = NOW.plus_ms(round * 7 * HOUR);
        let batch: Vec<Inbound> = (0..=dice.below(9))
            .map(|_| {
                key += 1;
                let at = now.plus_ms(-i64::try_from(dice.below(3)).unwrap() * 5 * HOUR);
                let who = dice.below(8);
                let content = match dice.below(20) {
                    0..3 => Content::Start { code: CampaignCode::parse(&format!("code-{}", dice.below(3))) },
                    3 => Content::Text("где получить помощь юриста?".into()),
                    4 => Content::Command("delete".into()),
                    5 => Content::Command("stop".into()),
                    _ => tap(taps[usize::try_from(dice.below(taps.len() as u64)).unwrap()]),
                };
                let mut inbound = does(key, telegram(who), content, at);
                if who > 4 {
                    // On WhatsApp a number and a user id may turn out to be one person's.
                    let number = Address::new(ChannelKind::WhatsApp, format!("+99290000000{who}"));
                    let user = Address::new(ChannelKind::WhatsApp, format!("TJ.{who}"));
                    let both = dice.below(6) == 0;
                    inbound.address = if dice.below(2) == 0 { number.clone() } else { user.clone() };
                    inbound.also.extend(both.then_some(if inbound.address == number {
                        user
                    } else {
                        number
                    }));
                }
                if dice.below(15) == 0 {
                    inbound.source = Source::Sim;
                }
                inbound
            })
            .collect();
        dialog.handle(&batch, &[], now).await.unwrap();
        if round % 5 == 0 {
            let mut tx = fresh.write().await;
            counting::roll(&mut tx, &Rules::default(), 4).await.unwrap();
            counting::seal(&mut tx, i64::MAX, 50, |bytes| SystemIds::new().fill(bytes)).await.unwrap();
            tx.commit().await.unwrap();
            figures(&fresh, |figures| {
                assert!(total(figures, Indicator::R2).total() <= total(figures, Indicator::R1).total());
            })
            .await;
        }
    }
    let mut tx = fresh.read().await;
    for (kind, seen) in [("erase", &mut erased), ("link", &mut linked)] {
        *seen = count(&fresh.store, &format!("events where type = '{kind}'")).await;
    }
    let joined = safar::store::indicators::people::joined(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let chain = counting::verify(&fresh.store, None).await.unwrap();
    assert!(matches!(chain, Verdict::Whole { erased: 1.., .. }), "{chain:?}");
    assert!(erased > 0 && (linked > 0 || !joined.is_empty()), "{erased} {linked}");
    figures(&fresh, |figures| {
        for indicator in [Indicator::R1, Indicator::R2, Indicator::R3] {
            assert!(total(figures, indicator).persons > 0, "{indicator:?}");
        }
        assert!(total(figures, Indicator::R1).erased > 0);
        let channels: BTreeSet<String> = figures
            .by(Indicator::R1, Window::Programme, Measure::Cum, Dimension::Channel)
            .into_keys()
            .collect();
        assert_eq!(channels, ["tg", "wa"].map(str::to_owned).into());
    })
    .await;
}

async fn who_asks_to_be_forgotten_stays_in_the_figures_without_a_name(fresh: Fresh) {
    let mut tx = fresh.write().await;
    let code = CodeRow { code: "bazar".into(), kind: "poster".into(), created_at: NOW, ..CodeRow::default() };
    codes::add(&mut tx, &code).await.unwrap();
    tx.commit().await.unwrap();
    let dialog = dialog(&fresh);
    let start = |code: &str| Content::Start { code: CampaignCode::parse(code) };
    let batch = [
        does(1, telegram(1), start("bazar"), NOW),
        does(2, telegram(1), tap("a.lang.ru"), NOW),
        does(3, telegram(2), start("mistyped"), NOW),
        does(4, telegram(2), tap("a.lang.ru"), NOW),
    ];
    dialog.handle(&batch, &[], NOW).await.unwrap();
    let by = |figures: &Figures<'_>| {
        let by = figures.by(Indicator::R1, Window::Programme, Measure::Cum, Dimension::FirstTouch);
        by.into_iter().map(|(code, count)| (code, count.persons, count.erased)).collect::<Vec<_>>()
    };
    let named = |n, m| vec![("bazar".to_owned(), n, m), ("unregistered".to_owned(), n, m)];
    assert_eq!(figures(&fresh, by).await, named(1, 0));
    // What is done in the batch of the erasure counts too; who comes back is a new person.
    let mut batch = Vec::new();
    for who in [1, 2] {
        batch.push(does(10 + who, telegram(who), Content::Command("delete".into()), NOW));
        batch.push(does(20 + who, telegram(who), tap("a.delete.yes"), NOW));
    }
    dialog.handle(&batch, &[], NOW).await.unwrap();
    assert_eq!(figures(&fresh, by).await, named(0, 1));
    let crossed = "count_cells where dimension in ('stay_f', 'stay_m', 'stay_u') and (erased or n <> 0)";
    assert_eq!(count(&fresh.store, crossed).await, 0, "of nobody two attributes together");
    let left = count(&fresh.store, "people").await
        + count(&fresh.store, "events where contact_id is not null").await;
    assert_eq!(left, 0);
    dialog.handle(&[does(30, telegram(1), tap("a.lang.ru"), NOW)], &[], NOW).await.unwrap();
    let total = figures(&fresh, |figures| total(figures, Indicator::R1)).await;
    assert_eq!((total.persons, total.erased), (1, 2));
}

async fn a_turn_that_fails_counts_nothing(fresh: Fresh) {
    let dialog = dialog(&fresh);
    dialog.handle(&[does(1, telegram(1), tap("a.lang.ru"), NOW)], &[], NOW).await.unwrap();
    fresh.raw("alter table outbox rename to outbox_away").await;
    dialog.handle(&[does(2, telegram(2), tap("a.lang.ru"), NOW)], &[], NOW).await.unwrap_err();
    let total = figures(&fresh, |figures| total(figures, Indicator::R1)).await;
    assert_eq!(total.persons, 1);
}

async fn sex_and_age_that_were_told_are_counted_on_each_channel(fresh: Fresh) {
    let dialog = dialog(&fresh);
    let people = [
        (telegram(1), "tg", "F", "u18"),
        (Address::new(ChannelKind::WhatsApp, "+992900000001"), "ky", "M", "60plus"),
        (Address::new(ChannelKind::Web, "w".repeat(43)), "ru", "F", "30-34"),
        // Who would rather not say, and who says one thing only.
        (telegram(2), "tg", "skip", ""),
        (telegram(3), "ky", "M", "skip"),
    ];
    let mut key = 0;
    for (address, locale, sex, age) in people {
        let taps = [
            format!("a.lang.{locale}"),
            "a.ask-audience.migrant".into(),
            "a.ask-citizenship.TJ".into(),
            "a.ask-destination.RU".into(),
            "n.patent-steps".into(),
            "s.home".into(),
            format!("a.ask-sex.{sex}"),
            format!("a.ask-age.{age}"),
        ];
        for token in taps.iter().filter(|token| !token.ends_with('.')) {
            key += 1;
            let at = NOW.plus_ms(i64::try_from(key).unwrap() * 3_000);
            let out = dialog.handle(&[does(key, address.clone(), tap(token), at)], &[], at).await.unwrap();
            let node = out.outgoing[0].say.node().map(ToString::to_string).unwrap_or_default();
            match token.as_str() {
                "s.home" => assert_eq!(node, "ask-sex"),
                "a.ask-sex.F" | "a.ask-sex.M" => assert_eq!(node, "ask-age"),
                "a.ask-sex.skip" => assert_eq!(node, "home"),
                token if token.starts_with("a.ask-age.") => assert_eq!(node, "home"),
                _ => {}
            }
        }
    }
    figures(&fresh, |figures| {
        let by = |dimension| {
            let by = figures.by(Indicator::R1, Window::Programme, Measure::Cum, dimension);
            by.into_iter().map(|(value, count)| format!("{value} {}", count.total())).collect::<Vec<_>>()
        };
        assert_eq!(by(Dimension::Sex), ["F 2", "M 2", "U 1"]);
        assert_eq!(by(Dimension::Age), ["30-34 1", "60+ 1", "<18 1", "U 2"]);
    })
    .await;
}

async fn turns_tell_from_where_people_go_on(fresh: Fresh) {
    let dialog = dialog(&fresh);
    let later = NOW.plus_ms(2 * 24 * HOUR);
    for (key, content, now) in [
        (1, Content::Start { code: None }, NOW),
        (2, tap("a.lang.ru"), NOW.plus_ms(60_000)),
        (3, tap("n.hotlines"), NOW.plus_ms(120_000)),
        // Two days later it is another visit.
        (4, tap("n.patent"), later),
    ] {
        dialog.handle(&[does(key, telegram(1), content, now)], &[], now).await.unwrap();
    }
    let all = texts(&fresh.store, "select attrs from events where type = 'contact' order by seq").await;
    let of = |place: usize| -> serde_json::Value { serde_json::from_str(&all[place]).unwrap() };
    assert_eq!((all.len(), of(0)), (4, serde_json::json!({ "node": "start" })));
    assert_eq!(of(1)["from"], "start");
    assert_eq!((&of(2)["from"], &of(2)["node"]), (&of(1)["node"], &serde_json::json!("hotlines")));
    assert_eq!((&of(3)["from"], &of(3)["node"]), (&serde_json::Value::Null, &serde_json::json!("patent")));
    let mut tx = fresh.read().await;
    let uses =
        safar::store::indicators::uses::between(&mut tx, "2026-01", "2027-12", Some("tg")).await.unwrap();
    let start = uses.iter().find(|row| row.node == "start").unwrap();
    assert_eq!((start.views, start.shown, start.went_on), (0, 1, 1));
    let page = uses.iter().find(|row| row.node == "hotlines").unwrap();
    assert_eq!((page.shown, page.went_on), (1, 0), "nothing was done from it within a day");
    assert_eq!(safar::counting::compare(&mut tx, &Rules::default()).await.unwrap().differences, [""; 0]);
    tx.rollback().await.unwrap();
}
