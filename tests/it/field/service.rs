//! Entering, approving, returning, voiding: what counts, and that a recount says the same.

use safar::{
    domain::FILE_MAX_BYTES,
    field::{Fault, Kind, Refused, Wrong},
    indicators::{Dimension, Indicator, Measure, Window},
};

use super::{House, PHOTO, ann, bek, refused};
use crate::{
    indicators::live::{figures, total},
    store::backend::{Fresh, store_contract},
    support::sql::{count, texts},
};

store_contract!(
    an_entry_counts_only_when_somebody_else_approved_it,
    a_void_takes_back_what_was_counted,
    what_was_returned_never_counts,
    registers_count_each_unit_once,
    the_pilots_migrants_are_persons,
    a_survey_tells_who_was_asked_and_who_answered,
    estimates_are_in_no_indicator,
    sessions_of_a_group_and_months_of_a_centre_stand_once,
    evidence_is_needed_sealed_and_what_it_holds,
    numbers_go_when_an_entry_is_decided,
    of_two_who_decide_one_wins,
);

const SESSION: [(&str, &str); 7] = [
    ("cc", "TJ"),
    ("place", "Planted-Place"),
    ("covers", "both"),
    ("n_f", "6"),
    ("n_m", "4"),
    ("n_u", "2"),
    ("employers", "1"),
];

async fn an_entry_counts_only_when_somebody_else_approved_it(fresh: Fresh) {
    let house = House::on(fresh);
    let of = [Indicator::R1, Indicator::R2, Indicator::S1, Indicator::E1];
    let id = house.enter(Kind::Session, "2026-04-14", &SESSION).await;
    assert_eq!(house.totals(of).await, [0; 4]);
    assert_eq!(house.field.waiting().await.unwrap(), (1, 12));
    assert_eq!(count(&house.fresh.store, "events").await, 0);
    assert_eq!(refused(house.field.approve(&ann(), id).await), Refused::SamePerson);
    assert_eq!(refused(house.field.send_back(&ann(), id, "x").await), Refused::SamePerson);
    let nobody = safar::field::Who { id: None, login: String::new() };
    assert_eq!(refused(house.field.approve(&nobody, id).await), Refused::SamePerson);
    assert_eq!(house.totals(of).await, [0; 4]);
    house.field.approve(&bek(), id).await.unwrap();
    assert_eq!(house.totals(of).await, [12, 12, 0, 1]);
    assert_eq!(house.grades(Indicator::R1).await.tally, 12);
    assert_eq!(refused(house.field.approve(&bek(), id).await), Refused::Decided);
    assert_eq!(house.totals(of).await, [12, 12, 0, 1], "once");
    // The day, the country and the sexes are those of the session.
    let counted = figures(&house.fresh, |figures| {
        let april = Window::parse("2026-04").unwrap();
        let by = figures.by(Indicator::R2, april, Measure::New, Dimension::Stay);
        (figures.sexes(Indicator::R2, april, Measure::New), by.into_keys().collect::<Vec<_>>())
    });
    assert_eq!(counted.await, ([6, 4, 2], vec!["TJ".to_owned()]));
    let how = [("cc", "KG"), ("place", "x"), ("covers", "how"), ("n_u", "5")];
    house.count(Kind::Session, "2026-04-15", &how).await;
    assert_eq!(house.totals(of).await, [17, 12, 0, 1], "one subject equips nobody");
    let centre = [("cc", "KG"), ("centre", "osh-1"), ("n_f", "3"), ("page", "4-7")];
    house.count(Kind::CentreNewClients, "2026-04-30", &centre).await;
    assert_eq!(house.totals(of).await, [20, 15, 3, 1]);
}

async fn a_void_takes_back_what_was_counted(fresh: Fresh) {
    let house = House::on(fresh);
    let of = [Indicator::R1, Indicator::R2, Indicator::E1];
    let id = house.count(Kind::Session, "2026-04-14", &SESSION).await;
    assert_eq!(house.totals(of).await, [12, 12, 1]);
    assert_eq!(refused(house.field.void(&ann(), id, " \u{200F} ").await), Refused::NoReason);
    house.clock.advance_ms(60_000);
    house.field.void(&ann(), id, "wrong day").await.unwrap();
    assert_eq!(house.totals(of).await, [0; 3]);
    assert_eq!(refused(house.field.void(&bek(), id, "again").await), Refused::Decided);
    let (shown, _) = house.field.get(id).await.unwrap();
    assert_eq!((shown.row.state.as_str(), shown.reason.as_deref()), ("voided", Some("wrong day")));
    assert_eq!(shown.row.decided_by, bek().id, "who approved stays");
    // One that waits is withdrawn without a trace in the events.
    let id = house.enter(Kind::Session, "2026-04-15", &SESSION).await;
    house.field.void(&ann(), id, "typed twice").await.unwrap();
    assert_eq!(refused(house.field.approve(&bek(), id).await), Refused::Decided);
    assert_eq!(count(&house.fresh.store, "events").await, 3);
    let events = texts(&house.fresh.store, "select type || ' ' || source from events order by seq").await;
    assert_eq!(events, ["tally field", "approve field", "void field"]);
    // What was typed is in no event.
    assert_eq!(
        count(&house.fresh.store, "events where attrs like '%Planted%' or attrs like '%wrong%'").await,
        0
    );
}

async fn what_was_returned_never_counts(fresh: Fresh) {
    let house = House::on(fresh);
    let id = house.enter(Kind::Session, "2026-04-14", &SESSION).await;
    assert_eq!(refused(house.field.send_back(&bek(), id, "").await), Refused::NoReason);
    house.field.send_back(&bek(), id, "12 on the list, not 10").await.unwrap();
    let (shown, _) = house.field.get(id).await.unwrap();
    assert_eq!(
        (shown.row.state.as_str(), shown.reason.as_deref()),
        ("returned", Some("12 on the list, not 10"))
    );
    assert_eq!(refused(house.field.approve(&bek(), id).await), Refused::Decided);
    assert_eq!(refused(house.field.void(&ann(), id, "x").await), Refused::Decided);
    assert_eq!(house.totals([Indicator::R1]).await, [0]);
    assert_eq!(count(&house.fresh.store, "events").await, 0);
}

async fn registers_count_each_unit_once(fresh: Fresh) {
    let house = House::on(fresh);
    let trainee = |key, role| [("cc", "KG"), ("key", key), ("role", role), ("course", "Law")];
    house.count(Kind::Trainee, "2026-04-14", &trainee("+996 555 1", "civil_servant")).await;
    let again = house.count(Kind::Trainee, "2026-05-04", &trainee(" +996  555 1 ", "civil_servant")).await;
    house.count(Kind::Trainee, "2026-04-14", &trainee("+996 555 2", "non_state")).await;
    house.count(Kind::Trainee, "2026-04-14", &trainee("+996 555 3", "other")).await;
    let item = |key| [("cc", "KG"), ("key", key), ("title", "Order on registration")];
    house.count(Kind::PolicyItem, "2026-04-20", &item("Order 17")).await;
    house.count(Kind::PolicyItem, "2026-04-21", &item("ORDER 17")).await;
    let other = house.enter(Kind::PolicyItem, "2026-04-21", &item("Order 18")).await;
    house.count(Kind::ReportItem, "2026-04-22", &item("Order 17")).await;
    let of = [Indicator::T1, Indicator::P1, Indicator::A1];
    assert_eq!(house.totals(of).await, [2, 1, 1]);
    house.field.approve(&bek(), other).await.unwrap();
    assert_eq!(house.totals(of).await, [2, 2, 1]);
    let april = figures(&house.fresh, |figures| {
        figures.total(Indicator::T1, Window::parse("2026-05").unwrap(), Measure::New).total()
    });
    assert_eq!(april.await, 0, "counted from the first certificate on");
    house.field.void(&bek(), again, "the same course").await.unwrap();
    assert_eq!(house.totals(of).await, [2, 2, 1], "the first course stays");
}

async fn the_pilots_migrants_are_persons(fresh: Fresh) {
    let house = House::on(fresh);
    let one = |reg| [("reg", reg), ("basis", "contract"), ("sex", "F"), ("stay", "RU")];
    let first = house.count(Kind::OrEnrolled, "2026-04-14", &one("P-1")).await;
    house.count(Kind::OrEnrolled, "2026-04-15", &one("p-1")).await;
    house.count(Kind::OrEnrolled, "2026-04-15", &one("P-2")).await;
    let sent = house.count(Kind::VtSent, "2026-04-16", &[("reg", "P-2"), ("course", "Welding")]).await;
    let of = [Indicator::O2, Indicator::O3, Indicator::R1];
    assert_eq!(house.totals(of).await, [2, 1, 2]);
    let by = figures(&house.fresh, |figures| {
        let by = figures.by(Indicator::O2, Window::Programme, Measure::Cum, Dimension::Channel);
        let by: Vec<_> = by.into_iter().map(|(channel, count)| (channel, count.persons)).collect();
        (by, figures.sexes(Indicator::O2, Window::Programme, Measure::Cum))
    });
    assert_eq!(by.await, (vec![("centre".to_owned(), 2)], [2, 0, 0]));
    house.field.void(&ann(), sent, "did not go").await.unwrap();
    house.field.void(&ann(), first, "entered twice").await.unwrap();
    assert_eq!(house.totals(of).await, [2, 0, 2], "the other entry of that person stays");
    // Nothing but the event leads to the person.
    assert_eq!(count(&house.fresh.store, "field_entries where unit is not null").await, 0);
}

async fn a_survey_tells_who_was_asked_and_who_answered(fresh: Fresh) {
    let house = House::on(fresh);
    let answer = |key, answer| [("cc", "TJ"), ("key", key), ("answer", answer)];
    house.count(Kind::Survey, "2026-04-01", &answer("h1", "up")).await;
    house.count(Kind::Survey, "2026-04-02", &answer("h2", "up")).await;
    house.count(Kind::Survey, "2026-04-09", &answer("h2", "down")).await;
    house.count(Kind::Survey, "2026-04-03", &answer("h3", "same")).await;
    house.count(Kind::Survey, "2026-04-04", &answer("h4", "none")).await;
    // Who does not answer the second time said what they said the first.
    house.count(Kind::Survey, "2026-04-20", &answer("h1", "none")).await;
    let seen = figures(&house.fresh, |figures| {
        let all = Window::Programme;
        (total(figures, Indicator::H1).total(), figures.asked(all), figures.answered(all))
    });
    assert_eq!(seen.await, (1, 4, 3));
}

async fn estimates_are_in_no_indicator(fresh: Fresh) {
    let house = House::on(fresh);
    house.count(Kind::Leaflet, "2026-04-01", &[("cc", "TJ"), ("quantity", "500")]).await;
    let media = [("cc", "TJ"), ("quantity", "20000"), ("outlet", "Radio")];
    house.count(Kind::Media, "2026-04-02", &media).await;
    assert_eq!(house.totals([Indicator::Est, Indicator::R1, Indicator::R2]).await, [20_500, 0, 0]);
}

async fn sessions_of_a_group_and_months_of_a_centre_stand_once(fresh: Fresh) {
    let house = House::on(fresh);
    let of_group = |n| [&SESSION[..3], &[("n_f", n), ("group", "Bus 7")]].concat();
    let first = house.count(Kind::Session, "2026-04-14", &of_group("6")).await;
    let again = house.try_enter(Kind::Session, "2026-04-21", &of_group("9")).await;
    let known = Wrong { name: "group", fault: Fault::Known(first) };
    assert_eq!(refused(again), Refused::Wrong(vec![known]));
    house.field.void(&ann(), first, "more came the second time").await.unwrap();
    house.count(Kind::Session, "2026-04-21", &of_group("9")).await;
    assert_eq!(house.totals([Indicator::R1]).await, [9]);
    let centre = [("cc", "KG"), ("centre", "osh-1"), ("n_f", "3"), ("page", "4-7")];
    let first = house.enter(Kind::CentreNewClients, "2026-03-02", &centre).await;
    let known = Wrong { name: "centre", fault: Fault::Known(first) };
    let again = house.try_enter(Kind::CentreNewClients, "2026-03-31", &centre).await;
    assert_eq!(refused(again), Refused::Wrong(vec![known]));
    house.enter(Kind::CentreNewClients, "2026-04-01", &centre).await;
}

async fn evidence_is_needed_sealed_and_what_it_holds(fresh: Fresh) {
    let house = House::on(fresh);
    let id = safar::domain::EntryId(7);
    let filled = house.filled(Kind::Session, "2026-04-14", &SESSION);
    let none: [&[u8]; 0] = [];
    house.field.add(&ann(), id, &filled, &none).await.unwrap();
    assert_eq!(refused(house.field.add(&ann(), id, &filled, &none).await), Refused::Twice);
    assert_eq!(refused(house.field.approve(&bek(), id).await), Refused::NoEvidence);
    assert_eq!(house.state(id).await, "waiting");
    for (bytes, why) in [
        (Vec::new(), Refused::FileEmpty),
        (b"MZ\x90\x00\x03\x00\x00\x00".to_vec(), Refused::FileKind),
        (vec![b'x'; FILE_MAX_BYTES + 1], Refused::FileTooLong),
    ] {
        assert_eq!(refused(house.field.add_file(&bek(), id, &bytes).await), why);
    }
    let long = [PHOTO, &vec![b'x'; 300 * 1024]].concat();
    house.field.add_file(&ann(), id, &long).await.unwrap();
    house.field.add_file(&ann(), id, b"<!DOCTYPE html><script>").await.unwrap();
    let (_, files) = house.field.get(id).await.unwrap();
    let kinds: Vec<&str> = files.iter().map(|file| file.mime.as_str()).collect();
    assert_eq!(kinds, ["image/jpeg", "text/html"]);
    let (row, bytes) = house.field.file(&bek(), files[0].id).await.unwrap();
    assert!(bytes == long && row.sha256.len() == 64 && row.added_by == ann().id);
    assert_eq!(count(&house.fresh.store, "field_file_chunks").await, 3);
    house.field.approve(&bek(), id).await.unwrap();
    assert_eq!(refused(house.field.add_file(&ann(), id, PHOTO).await), Refused::Decided);
    // The event names the evidence, for the trace.
    let of = format!("events where type = 'tally' and attrs like '%{}%'", row.sha256);
    assert_eq!(count(&house.fresh.store, &of).await, 1);
    let looked = "audit where verb = 'evidence-looked' and object_kind = 'evidence' and staff_id = 2";
    assert_eq!(count(&house.fresh.store, looked).await, 1);
}

async fn numbers_go_when_an_entry_is_decided(fresh: Fresh) {
    let house = House::on(fresh);
    let trainee = [("cc", "KG"), ("key", "AN 123"), ("role", "non_state"), ("course", "Law")];
    let id = house.enter(Kind::Trainee, "2026-04-14", &trainee).await;
    assert_eq!(house.field.get(id).await.unwrap().0.value("key"), "AN 123", "for whoever compares it");
    house.field.approve(&bek(), id).await.unwrap();
    let (shown, _) = house.field.get(id).await.unwrap();
    assert_eq!((shown.value("key"), shown.value("course")), ("", "Law"));
    let item = [("cc", "KG"), ("key", "Order 17"), ("title", "x")];
    let id = house.count(Kind::PolicyItem, "2026-04-20", &item).await;
    assert_eq!(house.field.get(id).await.unwrap().0.value("key"), "Order 17", "it names nobody");
    let told = "field_entries where fields like '%123%' or fields like '%Law%' or unit like '%123%'";
    assert_eq!(count(&house.fresh.store, told).await, 0);
}

async fn of_two_who_decide_one_wins(fresh: Fresh) {
    let house = House::on(fresh);
    let carl = safar::field::Who { id: Some(safar::domain::StaffId(3)), login: "carl".to_owned() };
    let id = house.enter(Kind::Session, "2026-04-14", &SESSION).await;
    let bek = bek();
    let (one, two) = tokio::join!(house.field.approve(&bek, id), house.field.approve(&carl, id));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    assert_eq!(house.totals([Indicator::R1]).await, [12]);
}
