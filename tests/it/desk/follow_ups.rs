//! Closed cases that somebody wants to look at again: listed, done, moved, dropped, and reminded of. On both databases.

use safar::{
    clock::Clock as _,
    desk::{Chat, CloseForm, Refused, Rememberer, Role, Who, outcome::Fault, staff::OwnChange},
    domain::{CaseId, ChannelKind, ContactId, Locale, StaffId, StaffLocale, Timestamp},
    jobs,
    store::{audit, cases::Ended, outbox},
};

use super::{
    alarm::said,
    pages::waiting,
    service::{House, ann, bek, close, outcome, refused, who},
};
use crate::{
    staff::visitor::{Visitor, account},
    store::backend::{Fresh, store_contract},
    support::{
        app::{Options, TestApp},
        smtp::FakeSmtp,
        sql,
    },
};

store_contract!(
    a_follow_up_is_listed_until_it_is_done,
    whose_follow_up_it_is_hears_once_a_day_in_working_hours,
    a_reminder_comes_by_chat_and_by_letter,
    a_case_that_opens_again_or_is_forgotten_is_not_followed_up,
);

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;
const FIRST: Ended = Ended { at: Timestamp(i64::MIN), id: CaseId(i64::MIN) };

fn boss() -> Who {
    Who { supervisor: true, ..who(9, "Boss") }
}

fn at(text: &str) -> Timestamp {
    Timestamp::from_iso(text).unwrap()
}

/// A case that Ann closed, to be looked at again then.
async fn closed(house: &House, contact: i64, day: Timestamp) -> CaseId {
    let case = house.person(contact, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    let version = house.row(case).await.version;
    let form = CloseForm { follow_up: Ok(Some(day)), ..close(outcome("advice"), version) };
    house.desk.close(&ann(), case, &form).await.unwrap();
    case
}

async fn listed(house: &House, one: &Who) -> Vec<CaseId> {
    house.desk.follow_ups(one, FIRST).await.unwrap().0.into_iter().map(|row| row.id).collect()
}

async fn a_follow_up_is_listed_until_it_is_done(fresh: Fresh) {
    // A Thursday, 10:00 in Dushanbe.
    let house = House::on(fresh).await;
    let friday = at("2026-11-27T04:00:00Z");
    let late = closed(&house, 101, friday.plus_ms(3 * DAY * MINUTE)).await;
    let soon = closed(&house, 102, friday).await;
    assert_eq!(listed(&house, &ann()).await, [soon, late], "the earliest first");
    assert_eq!(listed(&house, &boss()).await, [soon, late]);
    assert!(listed(&house, &bek()).await.is_empty());
    let due = |house: &House, of: i64| house.desk.follow_ups_due(Some(StaffId(of)), 300);
    assert_eq!(due(&house, 1), 0, "it is Thursday");
    house.pass_minutes(14 * 60);
    assert_eq!((due(&house, 1), due(&house, 2), house.desk.follow_ups_due(None, 300)), (1, 0, 1), "midnight");
    assert_eq!(house.desk.follow_ups_due(None, 0), 0, "in London it is Thursday still");
    // Nobody else touches it, and the trail tells who tried.
    let version = house.row(soon).await.version;
    let note = "позвонила: зарплату отдали";
    assert_eq!(refused(house.desk.followed_up(&bek(), soon, version, note).await), Refused::Unknown);
    assert_eq!(refused(house.desk.followed_up(&ann(), soon, version, " \n").await), Refused::Empty);
    let long = "ж".repeat(2_001);
    let too_long = refused(house.desk.followed_up(&ann(), soon, version, &long).await);
    assert_eq!(too_long, Refused::TooLong { chars: 2_001, max: 2_000 });
    // Another day: ahead, and of the page that was shown.
    for bad in [Ok(None), Ok(Some(house.clock.now())), Err(Fault::FollowUp)] {
        let moved = house.desk.move_follow_up(&ann(), soon, version, bad).await;
        assert_eq!(refused(moved), Refused::Outcome(Fault::FollowUp));
    }
    let sunday = friday.plus_ms(2 * DAY * MINUTE);
    house.desk.move_follow_up(&ann(), soon, version, Ok(Some(sunday))).await.unwrap();
    assert_eq!((due(&house, 1), house.row(soon).await.follow_up_at), (0, Some(sunday)));
    let stale = house.desk.move_follow_up(&ann(), soon, version, Ok(Some(sunday))).await;
    assert_eq!(refused(stale), Refused::Changed);
    // Done by a supervisor, with what came of it.
    house.desk.followed_up(&boss(), soon, version + 1, note).await.unwrap();
    assert_eq!(listed(&house, &ann()).await, [late]);
    let again = house.desk.followed_up(&boss(), soon, version + 2, note).await;
    assert_eq!(refused(again), Refused::Changed, "once");
    let shown = house.desk.read(&ann(), soon, true).await.unwrap();
    let marks: Vec<_> = shown
        .entries
        .iter()
        .filter_map(|entry| {
            entry.mark.as_ref().map(|mark| (mark.what.as_str(), mark.note.as_str(), entry.staff))
        })
        .filter(|(what, _, _)| what.starts_with("follow"))
        .collect();
    let expected = [("follow-up-moved", "", Some(StaffId(1))), ("followed-up", note, Some(StaffId(9)))];
    assert_eq!(marks, expected);
    let verbs: Vec<String> = house.verbs().await.into_iter().filter(|verb| verb.contains("follow")).collect();
    assert_eq!(verbs, ["follow-up-set", "follow-up-set", "follow-up-set", "follow-up-done"]);
    assert_eq!(house.verbs().await.iter().filter(|verb| *verb == "case-refused").count(), 1);
}

/// The reminders that wait to be sent to a chat.
async fn reminders(house: &House, contact: i64) -> Vec<String> {
    let mut tx = house.fresh.read().await;
    let rows = outbox::unsettled_for(&mut tx, ContactId(contact), safar::domain::OutboxId(0)).await.unwrap();
    let payloads = rows.into_iter().filter_map(|row| row.payload);
    payloads.filter(|payload| payload.contains("staff-follow-ups")).collect()
}

async fn whose_follow_up_it_is_hears_once_a_day_in_working_hours(fresh: Fresh) {
    const PUBLIC: &str = "https://bot.example.org";
    let house = House::on(fresh).await;
    let friday = at("2026-11-27T04:00:00Z");
    let first = closed(&house, 101, friday).await;
    closed(&house, 102, friday).await;
    closed(&house, 103, friday.plus_ms(30 * DAY * MINUTE)).await;
    house.person(201, ChannelKind::Telegram, false).await;
    let chat = Some(Chat { contact: ContactId(201), locale: Some(Locale::Ru) });
    let rememberer = |id: i64, chat, by_mail| Rememberer { id: StaffId(id), zone: 300, chat, by_mail };
    let staff = [rememberer(1, chat, true), rememberer(2, None, true)];
    let remind = || house.desk.remind(&staff, Some(PUBLIC));
    assert!(remind().await.unwrap().is_empty(), "it is Thursday");
    house.pass_minutes(22 * 60);
    assert!(remind().await.unwrap().is_empty(), "8:00, before the desk opens");
    house.pass_minutes(60);
    // Who cannot be told is told later.
    let deaf = [
        rememberer(1, None, false),
        rememberer(1, Some(Chat { contact: ContactId(999), locale: None }), false),
    ];
    assert!(house.desk.remind(&deaf, Some(PUBLIC)).await.unwrap().is_empty());
    let (one, other) = tokio::join!(remind(), remind());
    let both: Vec<_> = one.unwrap().into_iter().chain(other.unwrap()).collect();
    assert_eq!(both, [(StaffId(1), 2)], "once, of two that look");
    house.pass_minutes(5 * 60);
    assert!(remind().await.unwrap().is_empty());
    let told = reminders(&house, 201).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("https://bot.example.org/staff/follow-ups"), "{told:?}");
    assert!(!told[0].contains(&first.to_string()) && !told[0].contains("unpaid"), "{told:?}");
    // Not at the weekend; on Monday again, while one is left.
    let version = house.row(first).await.version;
    house.desk.followed_up(&ann(), first, version, "done").await.unwrap();
    house.pass_minutes(DAY);
    assert!(remind().await.unwrap().is_empty());
    house.pass_minutes(2 * DAY);
    assert_eq!(remind().await.unwrap(), [(StaffId(1), 1)]);
    assert_eq!(reminders(&house, 201).await.len(), 2);
    let verbs = house.verbs().await;
    assert_eq!(verbs.iter().filter(|verb| *verb == "follow-up-told").count(), 3);
}

const CHAT: i64 = 77;

async fn start(fresh: &Fresh, smtp: Option<String>) -> TestApp {
    TestApp::start(Options { database_url: Some(fresh.url.clone()), smtp, ..Options::default() }).await
}

/// A closed case of somebody on Telegram, of a consultant; the day is Wednesday.
async fn followed(app: &TestApp, who: &Who, case: CaseId) {
    app.app.desk.claim(who, case).await.unwrap();
    let version = app.app.desk.read(who, case, true).await.unwrap().row.version;
    let day = Ok(Some(at("2026-11-25T04:00:00Z")));
    let form = CloseForm { follow_up: day, ..close(outcome("advice"), version) };
    app.app.desk.close(who, case, &form).await.unwrap();
}

async fn a_reminder_comes_by_chat_and_by_letter(fresh: Fresh) {
    const GULNARA: i64 = 501;
    let smtp = FakeSmtp::start(0).await;
    // A Tuesday, 11:00 in Dushanbe.
    let app = start(&fresh, Some(smtp.url.clone())).await;
    let id = account(&app, "gulnara", &[Role::Consultant]).await;
    let email = "gulnara@staff.example.org".to_owned();
    let own = OwnChange { locale: StaffLocale::En, zone: 300, email };
    app.app.staff.change_own(id, &own).await.unwrap().unwrap();
    let case = waiting(&app, CHAT, false).await;
    let code = app.app.staff.telegram_code(id).await.unwrap();
    app.text(GULNARA, &format!("/start {code}")).await;
    followed(&app, &Who { id, ..ann() }, case).await;
    app.clock.advance_ms(DAY * MINUTE);
    // The job itself may have been faster.
    jobs::remind(&app.app.jobs).await.unwrap();
    let link = "http://bot.example.org/staff/follow-ups";
    assert!(sql::until(async || said(&app, GULNARA, link).len() == 1).await, "{:?}", app.fake.said());
    let letter = sql::until(async || {
        jobs::raise(&app.app.jobs).await.unwrap();
        smtp.letters().len() == 1
    });
    assert!(letter.await);
    jobs::remind(&app.app.jobs).await.unwrap();
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("gulnara@staff.example.org") && letters[0].contains(link), "{}", letters[0]);
    for text in [said(&app, GULNARA, link)[0].clone(), letters[0].clone()] {
        assert!(!text.contains(&case.to_string()) && !text.contains("wages"), "{text}");
    }
    assert!(said(&app, CHAT, "/staff/").is_empty());
    app.stop().await;
}

async fn a_case_that_opens_again_or_is_forgotten_is_not_followed_up(fresh: Fresh) {
    let app = start(&fresh, None).await;
    let id = account(&app, "ann", &[Role::Consultant]).await;
    let who = Who { id, ..ann() };
    let case = waiting(&app, CHAT, false).await;
    followed(&app, &who, case).await;
    let left = async || app.app.desk.follow_ups(&who, FIRST).await.unwrap().0.len();
    let verbs = async || {
        let mut tx = app.app.store.read().await.unwrap();
        let rows = audit::after(&mut tx, 0, 500).await.unwrap();
        rows.into_iter()
            .filter(|row| row.object_id == case.to_string())
            .filter(|row| row.verb.contains("follow") || row.verb.contains("reopened"))
            .map(|row| (row.verb, row.staff_id))
            .collect::<Vec<_>>()
    };
    assert_eq!(left().await, 1);
    app.text(CHAT, "Ещё один вопрос").await;
    assert_eq!(left().await, 0, "it waits again");
    let set = ("follow-up-set".to_owned(), Some(id));
    let dropped = ("follow-up-dropped".to_owned(), None);
    let reopened = ("case-reopened".to_owned(), None);
    assert_eq!(verbs().await, [set.clone(), reopened.clone(), dropped.clone()]);
    followed(&app, &who, case).await;
    assert_eq!(left().await, 1);
    app.text(CHAT, "/delete").await;
    app.text(CHAT, "да").await;
    assert_eq!(left().await, 0, "its person is gone");
    assert_eq!(verbs().await, [set.clone(), reopened, dropped.clone(), set, dropped]);
    app.stop().await;
}

#[tokio::test]
async fn the_list_is_worked_off_by_plain_forms() {
    let app = TestApp::start(Options::default()).await;
    let id = account(&app, "ann", &[Role::Consultant]).await;
    account(&app, "bek", &[Role::Consultant]).await;
    account(&app, "dora", &[Role::Viewer]).await;
    let case = waiting(&app, CHAT, true).await;
    followed(&app, &Who { id, ..ann() }, case).await;
    let mut ann = Visitor::of(&app);
    ann.log_in("ann").await;
    const LIST: &str = "/staff/follow-ups";
    let page = ann.get(LIST).await;
    assert!(page.status == 200 && page.text.contains("25.11.2026"), "{}", page.text);
    assert!(
        page.text.contains("Unpaid wages") && page.text.contains("Русский") && page.text.contains("Russia")
    );
    assert!(!page.text.contains("Today</span>") && !page.text.contains("tag bad\">1<"), "{}", page.text);
    // On the day the navigation of each page counts it.
    app.clock.advance_ms(DAY * MINUTE);
    ann.log_in("ann").await;
    let page = ann.get(LIST).await;
    assert!(page.text.contains("Today</span>") && page.text.contains("tag bad\">1<"), "{}", page.text);
    assert!(ann.get("/staff/register").await.text.contains("tag bad\">1<"));
    assert!(ann.get("/staff/queue").await.text.contains("1 follow-up is due"));
    assert!(ann.get(&format!("/staff/case/{case}")).await.text.contains(&format!("{LIST}#f{case}")));
    app.clock.advance_ms(DAY * MINUTE);
    ann.log_in("ann").await;
    let page = ann.get(LIST).await;
    assert!(page.text.contains("Overdue</span>"), "{}", page.text);
    let version = page.field("version");
    let (done, moved) =
        (format!("/staff/case/{case}/follow-up/done"), format!("/staff/case/{case}/follow-up/move"));
    // Others do not see it, nor do they learn of it.
    let mut bek = Visitor::of(&app);
    bek.log_in("bek").await;
    assert!(bek.get(LIST).await.text.contains("No follow-ups."));
    for path in [&done, &moved] {
        let form = [("version", version.as_str()), ("note", "x"), ("day", "2027-01-01")];
        assert_eq!(bek.post("/staff/account", path, &form).await.status, 404, "{path}");
    }
    let mut dora = Visitor::of(&app);
    dora.log_in("dora").await;
    assert_eq!(dora.get(LIST).await.status, 403);
    // What is refused says why, and a note is not lost.
    for day in ["", "x", "2026-11-25", "2029-01-01"] {
        let page = ann.post(LIST, &moved, &[("version", &version), ("day", day)]).await;
        assert_eq!(page.location, "/staff/follow-ups?why=day", "{day}");
    }
    let page = ann.post(LIST, &moved, &[("version", &version), ("day", "2026-11-30")]).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/staff/follow-ups?done=follow-up-moved"));
    let page = ann.get(&page.location).await;
    assert!(page.text.contains("has another day") && page.text.contains("30.11.2026"), "{}", page.text);
    let form = [("version", version.as_str()), ("note", "заплатили <b>всё</b>")];
    let page = ann.post(LIST, &done, &form).await;
    assert_eq!(page.status, 422, "an old page");
    assert!(
        page.text.contains("заплатили &#60;b&#62;всё") && page.text.contains("<details open>"),
        "{}",
        page.text
    );
    let version = page.field("version");
    let page = ann.post(LIST, &done, &[("version", &version), ("note", " ")]).await;
    assert_eq!(page.location, "/staff/follow-ups?why=empty");
    let page = ann.post(LIST, &done, &[("version", &version), form[1]]).await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (303, "/staff/follow-ups?done=followed-up"),
        "{}",
        page.text
    );
    assert!(ann.get(LIST).await.text.contains("No follow-ups."));
    let page = ann.get(&format!("/staff/case/{case}")).await;
    assert!(
        page.text.contains("Name of ann followed up") && page.text.contains("заплатили &#60;b&#62;"),
        "{}",
        page.text
    );
    app.stop().await;
}
