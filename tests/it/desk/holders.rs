//! What whoever has a case hears of it, and what becomes of an urgent one that nobody looks at. On both databases.

use safar::{
    desk::{CaseState, Claimed, Offer, Refused, Role, To, Who},
    domain::{ChannelKind, StaffId},
};

use super::{
    pages::waiting,
    service::{House, ann, bek, chat, refused, who},
};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::app::{Options, TestApp},
};

store_contract!(
    a_holder_learns_what_they_have_not_seen,
    an_urgent_case_that_is_given_away_rings_until_its_holder_looks,
    whoever_comes_takes_what_its_holder_does_not_look_at,
);

fn boss() -> Who {
    Who { supervisor: true, ..who(9, "Boss") }
}

/// The words of what is new in somebody's cases.
async fn fresh_of(house: &House, one: &Who) -> Vec<String> {
    let news = house.desk.news(one).await.unwrap();
    news.fresh.into_iter().map(|key| key.split('.').next().unwrap().to_owned()).collect()
}

async fn a_holder_learns_what_they_have_not_seen(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.pass_minutes(1);
    house.claim(&ann(), case).await;
    assert!(fresh_of(&house, &ann()).await.is_empty(), "they took it themselves");
    house.pass_minutes(1);
    house.writes(101, case).await;
    assert_eq!(fresh_of(&house, &ann()).await, ["word"]);
    let first = house.desk.news(&ann()).await.unwrap();
    assert_eq!((first.mine.as_slice(), first.urgent.len()), ([case].as_slice(), 0));
    house.pass_minutes(1);
    house.writes(101, case).await;
    assert_ne!(house.desk.news(&ann()).await.unwrap().fresh, first.fresh, "each word is news of its own");
    // Who reads along changes nothing for the holder.
    house.desk.read(&boss(), case, true).await.unwrap();
    assert_eq!(fresh_of(&house, &ann()).await, ["word"]);
    house.desk.read(&ann(), case, true).await.unwrap();
    assert!(fresh_of(&house, &ann()).await.is_empty());
    // The warning is news too, also of a page that was in front.
    house.pass_minutes(120);
    assert_eq!(house.desk.watch_silence().await.unwrap().warned, [(StaffId(1), case)]);
    assert_eq!(fresh_of(&house, &ann()).await, ["warned"]);
    house.desk.read(&ann(), case, false).await.unwrap();
    assert!(fresh_of(&house, &ann()).await.is_empty());
    // Handed on: it is the next one's news, and no more the last one's.
    house.desk.hand(&ann(), case, &To::Staff(StaffId(2)), "").await.unwrap();
    assert_eq!(fresh_of(&house, &bek()).await, ["handed"]);
    assert!(house.desk.news(&ann()).await.unwrap().mine.is_empty());
    house.desk.read(&bek(), case, true).await.unwrap();
    assert!(fresh_of(&house, &bek()).await.is_empty());
    // What one gives oneself is no news.
    house.desk.hand(&bek(), case, &To::Queue, "").await.unwrap();
    let own = Who { supervisor: true, ..bek() };
    house.desk.hand(&own, case, &To::Staff(own.id), "").await.unwrap();
    assert!(fresh_of(&house, &bek()).await.is_empty());
}

async fn an_urgent_case_that_is_given_away_rings_until_its_holder_looks(fresh: Fresh) {
    let house = House::on(fresh).await;
    let cases = [101, 102, 103];
    let [left, seen, calm] = [
        house.person(cases[0], ChannelKind::Telegram, true).await,
        house.person(cases[1], ChannelKind::Telegram, true).await,
        house.person(cases[2], ChannelKind::Telegram, false).await,
    ];
    house.person(201, ChannelKind::Telegram, false).await;
    let chats = [chat(201)];
    let raise = || house.desk.raise_alarms(&chats, false, None);
    house.pass_minutes(9);
    for case in [left, seen, calm] {
        house.desk.hand(&boss(), case, &To::Staff(StaffId(2)), "").await.unwrap();
    }
    house.desk.read(&bek(), seen, true).await.unwrap();
    house.pass_minutes(9);
    assert!(raise().await.unwrap().is_empty(), "the time counts from when they got it");
    house.pass_minutes(1);
    let (one, other) = tokio::join!(raise(), raise());
    let both: Vec<_> = one.unwrap().into_iter().chain(other.unwrap()).collect();
    assert_eq!(both, [left], "once, of two that look");
    house.pass_minutes(14);
    assert!(raise().await.unwrap().is_empty());
    house.pass_minutes(1);
    assert_eq!(raise().await.unwrap(), [left], "again, as for what nobody takes");
    // All consoles ring but the holder's own, which tells what is new.
    assert_eq!(house.desk.news(&ann()).await.unwrap().urgent, [left]);
    assert!(house.desk.news(&bek()).await.unwrap().urgent.is_empty());
    assert_eq!(fresh_of(&house, &bek()).await, ["handed", "handed"], "of the urgent and the calm one");
    let shown = house.desk.read(&bek(), left, true).await.unwrap();
    let marks = shown.entries.iter().filter_map(|entry| entry.mark.as_ref());
    let unseen: Vec<_> = marks.filter(|mark| mark.what == "unseen").map(|mark| mark.to).collect();
    assert_eq!(unseen, [Some(StaffId(2)); 2]);
    assert!(house.desk.news(&ann()).await.unwrap().urgent.is_empty());
    house.pass_minutes(60);
    assert!(raise().await.unwrap().is_empty(), "they have looked");
}

async fn whoever_comes_takes_what_its_holder_does_not_look_at(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, true).await;
    house.desk.hand(&boss(), case, &To::Staff(StaffId(2)), "").await.unwrap();
    house.pass_minutes(10);
    // Before the alarm it is theirs alone.
    assert!(matches!(house.desk.offer(&ann(), case).await.unwrap(), Offer::Gone { .. }));
    assert!(matches!(house.desk.claim(&ann(), case).await.unwrap(), Claimed::Lost { .. }));
    assert_eq!(house.desk.raise_alarms(&[], true, None).await.unwrap(), [case]);
    let Offer::Waiting(offered) = house.desk.offer(&ann(), case).await.unwrap() else {
        panic!("not offered")
    };
    assert!(offered.urgent);
    assert_eq!(refused(house.desk.read(&ann(), case, true).await), Refused::Unknown);
    // Its holder opens it rather than takes it.
    assert!(matches!(house.desk.offer(&bek(), case).await.unwrap(), Offer::Readable));
    let own = house.desk.claim(&bek(), case).await.unwrap();
    assert!(matches!(own, Claimed::Lost { holder: Some(StaffId(2)), .. }), "{own:?}");
    let page = house
        .desk
        .queue_page(&ann(), &safar::desk::Filter::default(), safar::desk::Place::START)
        .await
        .unwrap();
    assert_eq!(page.board.unseen.iter().map(|row| row.id).collect::<Vec<_>>(), [case]);
    house.claim(&ann(), case).await;
    let row = house.row(case).await;
    assert_eq!(
        (row.state, row.holder, row.past_holder),
        (CaseState::Claimed, Some(StaffId(1)), Some(StaffId(2)))
    );
    assert_eq!(refused(house.desk.read(&bek(), case, true).await), Refused::Unknown);
    // Of two who come at once one gets it, and nobody takes it from them any more.
    assert!(matches!(house.desk.claim(&boss(), case).await.unwrap(), Claimed::Lost { .. }));
    house.pass_minutes(60);
    assert!(house.desk.raise_alarms(&[], true, None).await.unwrap().is_empty());
}

/// What the queue and the case tell without a script, and how long somebody waited, whoever has the case.
#[tokio::test]
async fn the_queue_marks_what_is_new_and_the_case_tells_how_long_it_waits() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek_id = account(&app, "bek", &[Role::Consultant]).await;
    let case = waiting(&app, 77, false).await;
    let path = format!("/staff/case/{case}");
    app.clock.advance_ms(120 * 60_000);
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    ann.post("/staff/queue", &format!("{path}/claim"), &[]).await;
    let row = |label: &str, value: &str| format!("<dt>{label}</dt><dd>{value}</dd>");
    let waits = |value: &str| row("Waits for a word (since the first one without an answer)", value);
    let lasts = |value: &str| row("From asking to closing, or until now", value);
    let page = ann.get(&path).await;
    assert!(page.text.contains(&waits("2 h")) && page.text.contains(&lasts("2 h")), "{}", page.text);
    // An answer ends the wait, not the case.
    assert_eq!(ann.post(&path, &format!("{path}/answer"), &[("text", "Здравствуйте")]).await.status, 303);
    let page = ann.get(&path).await;
    assert!(!page.text.contains("Waits for a word") && page.text.contains(&lasts("2 h")), "{}", page.text);
    app.clock.advance_ms(1_000);
    app.text(77, "Спасибо, и ещё").await;
    assert!(ann.get("/staff/queue").await.text.contains(">New words</span>"));
    app.clock.advance_ms(20 * 60_000);
    let page = ann.get(&path).await;
    assert!(page.text.contains(&waits("20 min")), "{}", page.text);
    assert!(!ann.get("/staff/queue").await.text.contains(">New words</span>"), "they have looked");
    // Handed on: the next one is told, and the wait is the person's.
    let to = format!("staff.{bek_id}");
    assert!(page.text.contains("Name of bek (off duty)"), "{}", page.text);
    assert_eq!(ann.post(&path, &format!("{path}/hand"), &[("to", &to)]).await.status, 303);
    app.clock.advance_ms(10 * 60_000);
    let mut bek = Visitor::of(&app);
    bek.log_in("bek").await;
    assert!(bek.get("/staff/queue").await.text.contains(">New: given to you</span>"));
    let page = bek.get("/staff/news").await;
    assert!(page.text.contains(&format!("\"handed.{case}.")), "{}", page.text);
    let page = bek.get(&path).await;
    assert!(page.text.contains(&waits("30 min")), "{}", page.text);
    assert!(!bek.get("/staff/queue").await.text.contains(">New: given to you</span>"));
    assert!(bek.get("/staff/news").await.text.contains("\"fresh\":[]"));
    app.stop().await;
}

/// An urgent case that nobody looks at stands in everybody's queue but its holder's.
#[tokio::test]
async fn the_queue_offers_what_its_holder_does_not_look_at() {
    let app = TestApp::start(Options::default()).await;
    account(&app, "ann", &[Role::Consultant]).await;
    let bek_id = account(&app, "bek", &[Role::Consultant]).await;
    let boss = Who { id: account(&app, "boss", &[Role::Supervisor]).await, ..boss() };
    let case = waiting(&app, 77, true).await;
    app.app.desk.hand(&boss, case, &To::Staff(bek_id), "").await.unwrap();
    app.clock.advance_ms(10 * 60_000);
    assert_eq!(app.app.desk.raise_alarms(&[], true, None).await.unwrap(), [case]);
    let (mut ann, mut bek) = (Visitor::of(&app), Visitor::of(&app));
    ann.log_in("ann").await;
    bek.log_in("bek").await;
    let offered = "Handed on, and not looked at";
    assert!(!bek.get("/staff/queue").await.text.contains(offered));
    let page = ann.get("/staff/queue").await;
    assert!(page.text.contains(offered) && page.text.contains("Name of bek"), "{}", page.text);
    let page = ann.get(&format!("/staff/case/{case}/claim")).await;
    assert!(page.status == 200 && page.text.contains("Unpaid wages") && !page.text.contains("alert(1)"));
    let page = ann.post("/staff/queue", &format!("/staff/case/{case}/claim"), &[]).await;
    assert_eq!((page.status, page.location), (303, format!("/staff/case/{case}?done=claimed")));
    assert!(!ann.get("/staff/queue").await.text.contains(offered));
    assert_eq!(bek.get(&format!("/staff/case/{case}")).await.status, 404);
    app.stop().await;
}
