//! Cases on both databases: who gets one, what is said, what goes.

use safar::{
    domain::{AttachmentId, CaseId, ChannelKind, ContactId, OutboxId, StaffId, Timestamp},
    store::{
        STATEMENTS, Tx,
        cases::{
            self, AttachmentNew, Author, CaseState, Claim, Closing, Draft, EntryNew, Filter, Heard, Moved,
            NewCase, Open, Place,
        },
        contacts, outbox, sessions,
    },
};
use sqlx::{AssertSqlSafe, Row as _};

use super::backend::{Fresh, NOW, contact, message, session, store_contract};

store_contract!(
    a_case_is_claimed_once,
    nobody_holds_more_than_they_may,
    urgent_cases_come_first_then_the_longest_wait,
    a_list_is_filtered_and_goes_on_where_it_ended,
    a_case_goes_back_and_from_hand_to_hand,
    what_was_held_goes_when_the_person_writes,
    entries_come_with_what_became_of_their_messages,
    silence_counts_from_the_first_word_without_answer,
    an_alarm_is_given_once,
    what_is_given_and_not_looked_at_is_unheeded,
    a_follow_up_has_its_day_until_it_is_done,
    a_closed_case_opens_again,
    a_stale_form_closes_nothing,
    erasing_ends_open_cases_and_keeps_outcomes,
    what_was_said_goes_after_its_days,
    files_are_kept_in_pieces,
    a_setting_that_changed_meanwhile_is_not_overwritten,
    lists_of_open_cases_do_not_read_those_that_ended,
    sixty_four_claimers_race_for_a_thousand_cases,
);

const ANN: StaffId = StaffId(1);
const BEK: StaffId = StaffId(2);
/// No alarm rings a second time.
const NEVER: Timestamp = Timestamp(-1);

fn case(id: i64) -> NewCase {
    NewCase {
        id: CaseId(id),
        contact: Some(ContactId(100 + id)),
        channel: "tg",
        urgent: false,
        topic: Some("wages".to_owned()),
        node: Some("late-wages".to_owned()),
        locale: "tg".to_owned(),
        country: "RU".to_owned(),
        skill: None,
        holder: None,
        at: NOW.plus_ms(id),
        key_id: 1,
        sealed: b"sealed".to_vec(),
    }
}

async fn open(fresh: &Fresh, new: impl IntoIterator<Item = NewCase>) {
    let mut tx = fresh.write().await;
    for new in new {
        cases::open(&mut tx, &new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claimed(fresh: &Fresh, id: i64, staff: StaffId, at: Timestamp) -> Claim {
    let mut tx = fresh.write().await;
    let claim = cases::claim(&mut tx, CaseId(id), staff, 10, at).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

fn said(id: i64, case: i64, author: Author) -> EntryNew {
    EntryNew {
        id,
        case: CaseId(case),
        at: NOW,
        author,
        staff: (author == Author::Staff).then_some(ANN),
        kind: "text",
        key_id: 1,
        sealed: Some(b"words".to_vec()),
        outbox: None,
        attachment: None,
        held: false,
    }
}

async fn waiting(tx: &mut Tx, filter: &Filter, after: Place, limit: u32) -> Vec<i64> {
    let rows = cases::list(tx, Open::Waiting, filter, after, limit).await.unwrap();
    rows.into_iter().map(|row| row.id.0).collect()
}

async fn a_case_is_claimed_once(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    assert_eq!(claimed(&fresh, 1, ANN, NOW.plus_ms(60_000)).await, Claim::Won);
    let Claim::Lost(who) = claimed(&fresh, 1, BEK, NOW.plus_ms(61_000)).await else { panic!("won twice") };
    assert_eq!((who.state, who.holder, who.at), (CaseState::Claimed, Some(ANN), Some(NOW.plus_ms(60_000))));
    assert_eq!(claimed(&fresh, 9, BEK, NOW).await, Claim::Unknown);
    // Who came in person never waited.
    let visit = NewCase { channel: "centre", contact: None, holder: Some(BEK), ..case(2) };
    open(&fresh, [visit]).await;
    let mut tx = fresh.read().await;
    let waits = cases::waits(&mut tx, NOW).await.unwrap();
    assert_eq!(waits.iter().map(|wait| wait.ms).collect::<Vec<_>>(), [59_999]);
    assert_eq!(cases::holders(&mut tx).await.unwrap(), [(ANN, 1), (BEK, 1)]);
    let own = Filter { holder: Some(ANN), ..Filter::default() };
    let held = cases::list(&mut tx, Open::Claimed, &own, Place::START, 10).await.unwrap();
    assert_eq!(held.iter().map(|row| row.id.0).collect::<Vec<_>>(), [1]);
}

async fn nobody_holds_more_than_they_may(fresh: Fresh) {
    open(&fresh, (1..=4).map(case)).await;
    let mut tx = fresh.write().await;
    for id in 1..=2 {
        assert_eq!(cases::claim(&mut tx, CaseId(id), ANN, 2, NOW).await.unwrap(), Claim::Won);
    }
    assert_eq!(cases::claim(&mut tx, CaseId(3), ANN, 2, NOW).await.unwrap(), Claim::Full { open: 2 });
    let version = cases::find(&mut tx, CaseId(3)).await.unwrap().unwrap().version;
    let given = cases::give(&mut tx, CaseId(3), version, BEK, ANN, 2, NOW).await.unwrap();
    assert_eq!(given, Moved::Full { open: 2 });
    // Who is full and too late hears that they are too late.
    assert!(matches!(cases::claim(&mut tx, CaseId(1), ANN, 2, NOW).await.unwrap(), Claim::Lost(_)));
}

async fn urgent_cases_come_first_then_the_longest_wait(fresh: Fresh) {
    let urgent = |id| NewCase { urgent: true, ..case(id) };
    open(&fresh, [case(3), case(1), urgent(4), case(2), urgent(5)]).await;
    let mut tx = fresh.write().await;
    assert_eq!(waiting(&mut tx, &Filter::default(), Place::START, 10).await, [4, 5, 1, 2, 3]);
    let mut places = Vec::new();
    for id in [4, 5, 1, 2, 3] {
        places.push(cases::place(&mut tx, CaseId(id)).await.unwrap());
    }
    assert_eq!(places, [1, 2, 3, 4, 5]);
    let tally = cases::snapshot(&mut tx).await.unwrap();
    assert_eq!((tally.waiting, tally.waiting_urgent, tally.claimed), (5, 2, 0));
    assert_eq!(tally.oldest, Some(NOW.plus_ms(1)));
    // Danger moves a case up, once.
    assert!(cases::raise(&mut tx, CaseId(2)).await.unwrap());
    assert!(!cases::raise(&mut tx, CaseId(2)).await.unwrap());
    assert_eq!(waiting(&mut tx, &Filter::default(), Place::START, 10).await, [2, 4, 5, 1, 3]);
}

async fn a_list_is_filtered_and_goes_on_where_it_ended(fresh: Fresh) {
    let ky = |id| NewCase {
        locale: "ky".to_owned(),
        country: "KZ".to_owned(),
        urgent: id % 4 == 0,
        topic: None,
        ..case(id)
    };
    open(&fresh, (1..=9).map(|id| if id % 2 == 0 { ky(id) } else { case(id) })).await;
    let mut tx = fresh.read().await;
    let by = |locale: &str| Filter { locale: Some(locale.to_owned()), ..Filter::default() };
    assert_eq!(waiting(&mut tx, &by("ky"), Place::START, 10).await, [4, 8, 2, 6]);
    let topic = Filter { topic: Some("wages".to_owned()), ..Filter::default() };
    assert_eq!(waiting(&mut tx, &topic, Place::START, 10).await, [1, 3, 5, 7, 9]);
    let both = Filter { country: Some("KZ".to_owned()), ..by("tg") };
    assert!(waiting(&mut tx, &both, Place::START, 10).await.is_empty());
    let (mut all, mut after) = (Vec::new(), Place::START);
    loop {
        let page = cases::list(&mut tx, Open::Waiting, &Filter::default(), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.place();
        all.extend(page.iter().map(|row| row.id.0));
    }
    assert_eq!(all, [4, 8, 1, 2, 3, 5, 6, 7, 9]);
    assert_eq!(cases::topics(&mut tx).await.unwrap(), ["wages"]);
}

async fn a_case_goes_back_and_from_hand_to_hand(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    claimed(&fresh, 1, ANN, NOW).await;
    let mut tx = fresh.write().await;
    assert!(!cases::release(&mut tx, CaseId(1), BEK, NOW, None).await.unwrap(), "not hers to release");
    assert!(cases::release(&mut tx, CaseId(1), ANN, NOW.plus_ms(5), Some("law")).await.unwrap());
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.state, row.holder, row.past_holder), (CaseState::Waiting, None, Some(ANN)));
    assert_eq!((row.skill.as_deref(), row.waiting_since), (Some("law"), NOW.plus_ms(5)));
    let stale = cases::give(&mut tx, CaseId(1), row.version - 1, ANN, BEK, 5, NOW).await.unwrap();
    assert_eq!(stale, Moved::Stale);
    assert_eq!(cases::give(&mut tx, CaseId(1), row.version, ANN, BEK, 5, NOW).await.unwrap(), Moved::Done);
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.state, row.holder, row.skill), (CaseState::Claimed, Some(BEK), None));
    // What a past holder writes arrives nowhere.
    assert!(!cases::say(&mut tx, CaseId(1), ANN, NOW, true).await.unwrap());
}

async fn entries_come_with_what_became_of_their_messages(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    let mut tx = fresh.write().await;
    outbox::add(&mut tx, &[message(7, 101)]).await.unwrap();
    let answer = EntryNew { outbox: Some(OutboxId(7)), ..said(12, 1, Author::Staff) };
    cases::append(&mut tx, &[said(11, 1, Author::Contact), answer, said(13, 1, Author::Note)]).await.unwrap();
    let rows = cases::entries(&mut tx, CaseId(1), 0, 10).await.unwrap();
    let authors: Vec<Author> = rows.iter().map(|row| row.author).collect();
    assert_eq!(authors, [Author::Contact, Author::Staff, Author::Note]);
    let states: Vec<Option<&str>> = rows.iter().map(|row| row.delivery.as_deref()).collect();
    assert_eq!(states, [None, Some("queued"), None]);
    let later = cases::entries(&mut tx, CaseId(1), 12, 10).await.unwrap();
    assert_eq!(later.iter().map(|row| row.id).collect::<Vec<_>>(), [13]);
    // A long conversation shows its end, and before an entry what came before.
    let newest = cases::newest_entries(&mut tx, CaseId(1), i64::MAX, 2).await.unwrap();
    assert_eq!(
        newest.iter().map(|row| (row.id, row.delivery.as_deref())).collect::<Vec<_>>(),
        [(12, Some("queued")), (13, None)]
    );
    let before = cases::newest_entries(&mut tx, CaseId(1), 12, 2).await.unwrap();
    assert_eq!(before.iter().map(|row| row.id).collect::<Vec<_>>(), [11]);
    let draft = Draft { key_id: 1, sealed: b"half".to_vec(), at: NOW };
    cases::put_draft(&mut tx, CaseId(1), ANN, &Draft { sealed: b"ha".to_vec(), ..draft.clone() })
        .await
        .unwrap();
    cases::put_draft(&mut tx, CaseId(1), ANN, &draft).await.unwrap();
    assert_eq!(cases::draft(&mut tx, CaseId(1), ANN).await.unwrap(), Some(draft));
    assert_eq!(cases::draft(&mut tx, CaseId(1), BEK).await.unwrap(), None);
    cases::drop_draft(&mut tx, CaseId(1), ANN).await.unwrap();
    assert_eq!(cases::draft(&mut tx, CaseId(1), ANN).await.unwrap(), None);
}

async fn what_was_held_goes_when_the_person_writes(fresh: Fresh) {
    let mut tx = fresh.write().await;
    contacts::create(&mut tx, &[contact(101)]).await.unwrap();
    sessions::save(&mut tx, &[session(101)]).await.unwrap();
    tx.commit().await.unwrap();
    open(&fresh, [case(1)]).await;
    let mut tx = fresh.write().await;
    cases::append(&mut tx, &[EntryNew { held: true, ..said(11, 1, Author::Staff) }]).await.unwrap();
    assert_eq!(cases::count_held(&mut tx, CaseId(1)).await.unwrap(), 1);
    assert!(cases::held(&mut tx, NOW, 10).await.unwrap().is_empty(), "not a word since");
    let may_go = cases::held(&mut tx, NOW.plus_ms(-1), 10).await.unwrap();
    assert_eq!(may_go, [(11, CaseId(1), ContactId(101))]);
    assert!(cases::send_held(&mut tx, 11, OutboxId(7)).await.unwrap());
    assert!(!cases::send_held(&mut tx, 11, OutboxId(8)).await.unwrap(), "once");
    assert_eq!(cases::count_held(&mut tx, CaseId(1)).await.unwrap(), 0);
    let state = sessions::hold(&mut tx, ContactId(101)).await.unwrap().unwrap();
    assert_eq!((state.last_inbound_at, state.reachable), (NOW, true));
    sessions::put_state(&mut tx, ContactId(101), "{}", NOW).await.unwrap();
    assert_eq!(sessions::read_of(&mut tx, ContactId(101)).await.unwrap().unwrap().state, "{}");
    assert!(sessions::hold(&mut tx, ContactId(9)).await.unwrap().is_none());
}

async fn silence_counts_from_the_first_word_without_answer(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    claimed(&fresh, 1, ANN, NOW.plus_ms(1_000)).await;
    let mut tx = fresh.write().await;
    let waited = async |tx: &mut Tx| {
        let rows = cases::silent(tx, NOW.plus_ms(1_000_000), true, 10).await.unwrap();
        rows.first().map(|row| row.waited.ms_since(NOW))
    };
    assert_eq!(waited(&mut tx).await, Some(1_000), "from the claim");
    assert!(cases::silent(&mut tx, NOW.plus_ms(999), true, 10).await.unwrap().is_empty());
    assert!(cases::silent(&mut tx, NOW.plus_ms(1_000), false, 10).await.unwrap().is_empty(), "not urgent");
    assert!(cases::warn(&mut tx, CaseId(1), NOW).await.unwrap());
    assert!(!cases::warn(&mut tx, CaseId(1), NOW).await.unwrap(), "warned once");
    assert!(cases::say(&mut tx, CaseId(1), ANN, NOW.plus_ms(2_000), true).await.unwrap());
    assert_eq!(waited(&mut tx).await, None);
    // Who writes again and again does not begin to wait anew each time.
    for at in [3_000, 4_000, 5_000] {
        cases::hear(&mut tx, &[Heard { case: CaseId(1), at: NOW.plus_ms(at) }]).await.unwrap();
    }
    assert_eq!(waited(&mut tx).await, Some(3_000));
    assert!(cases::warn(&mut tx, CaseId(1), NOW).await.unwrap(), "an answer ended the first warning");
}

async fn an_alarm_is_given_once(fresh: Fresh) {
    open(&fresh, [case(1), NewCase { urgent: true, ..case(2) }]).await;
    let mut tx = fresh.write().await;
    assert!(cases::unalarmed(&mut tx, NOW.plus_ms(1), NEVER, 10).await.unwrap().is_empty());
    assert_eq!(waits(cases::unalarmed(&mut tx, NOW.plus_ms(2), NEVER, 10).await.unwrap()), [CaseId(2)]);
    assert!(cases::alarm(&mut tx, CaseId(2), NOW, NEVER).await.unwrap());
    assert!(!cases::alarm(&mut tx, CaseId(2), NOW, NEVER).await.unwrap());
    assert!(cases::unalarmed(&mut tx, NOW.plus_ms(2), NEVER, 10).await.unwrap().is_empty());
    // Whoever took it gave it back: it is nobody's again.
    assert_eq!(cases::claim(&mut tx, CaseId(2), ANN, 10, NOW).await.unwrap(), Claim::Won);
    assert!(cases::release(&mut tx, CaseId(2), ANN, NOW, None).await.unwrap());
    assert_eq!(waits(cases::unalarmed(&mut tx, NOW.plus_ms(2), NEVER, 10).await.unwrap()), [CaseId(2)]);
    // So it is after somebody lowered and raised it.
    assert!(cases::alarm(&mut tx, CaseId(2), NOW, NEVER).await.unwrap());
    assert!(cases::set_urgency(&mut tx, CaseId(2), false).await.unwrap());
    assert!(!cases::set_urgency(&mut tx, CaseId(2), false).await.unwrap(), "it is so already");
    assert!(cases::unalarmed(&mut tx, NOW.plus_ms(2), NEVER, 10).await.unwrap().is_empty());
    assert!(cases::set_urgency(&mut tx, CaseId(2), true).await.unwrap());
    assert_eq!(waits(cases::unalarmed(&mut tx, NOW.plus_ms(2), NEVER, 10).await.unwrap()), [CaseId(2)]);
}

fn waits(due: Vec<cases::Unheeded>) -> Vec<CaseId> {
    due.into_iter().map(|case| case.id).collect()
}

async fn what_is_given_and_not_looked_at_is_unheeded(fresh: Fresh) {
    let urgent = |id| NewCase { urgent: true, ..case(id) };
    open(&fresh, [urgent(1), urgent(2), case(3), urgent(4)]).await;
    let mut tx = fresh.write().await;
    let at = NOW.plus_ms(100);
    for id in 1..=3 {
        assert_eq!(cases::claim(&mut tx, CaseId(id), ANN, 9, NOW).await.unwrap(), Claim::Won);
    }
    // 2 by their own hand, the others by somebody else's.
    for (id, by) in [(1, ANN), (2, BEK), (3, ANN)] {
        let moved = cases::give(&mut tx, CaseId(id), 2, by, BEK, 9, at).await.unwrap();
        assert_eq!(moved, Moved::Done);
    }
    let waits_now =
        async |tx: &mut Tx, until: Timestamp| waits(cases::unalarmed(tx, until, NEVER, 10).await.unwrap());
    assert_eq!(waits_now(&mut tx, NOW.plus_ms(99)).await, [CaseId(4)]);
    assert_eq!(waits_now(&mut tx, at).await, [CaseId(1), CaseId(4)]);
    // Nobody takes it before the alarm, and its holder never does.
    assert!(matches!(cases::claim(&mut tx, CaseId(1), ANN, 9, at).await.unwrap(), Claim::Lost(_)));
    assert!(cases::unseen(&mut tx, 9).await.unwrap().is_empty());
    assert!(cases::alarm(&mut tx, CaseId(1), at, NEVER).await.unwrap());
    assert!(!cases::alarm(&mut tx, CaseId(2), at, NEVER).await.unwrap(), "they took it themselves");
    assert!(cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap().is_forsaken());
    let unseen = cases::unseen(&mut tx, 9).await.unwrap();
    assert_eq!(unseen.iter().map(|row| (row.id, row.holder)).collect::<Vec<_>>(), [(CaseId(1), Some(BEK))]);
    assert!(matches!(cases::claim(&mut tx, CaseId(1), BEK, 9, at).await.unwrap(), Claim::Lost(_)));
    assert_eq!(cases::claim(&mut tx, CaseId(1), ANN, 9, NOW.plus_ms(200)).await.unwrap(), Claim::Won);
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.holder, row.past_holder, row.given_at), (Some(ANN), Some(BEK), None));
    assert!(!row.is_unseen());
    // A look ends it, of the holder only and of what is there.
    let moved = cases::give(&mut tx, CaseId(1), row.version, ANN, BEK, 9, NOW.plus_ms(300)).await.unwrap();
    assert_eq!(moved, Moved::Done);
    assert!(!cases::see(&mut tx, CaseId(1), ANN, NOW.plus_ms(300)).await.unwrap());
    assert_eq!(
        waits_now(&mut tx, NOW.plus_ms(300)).await,
        [CaseId(1), CaseId(4)],
        "an alarm counts once a hold"
    );
    assert!(cases::see(&mut tx, CaseId(1), BEK, NOW.plus_ms(300)).await.unwrap());
    assert!(!cases::see(&mut tx, CaseId(1), BEK, NOW.plus_ms(300)).await.unwrap(), "seen already");
    assert_eq!(waits_now(&mut tx, NOW.plus_ms(300)).await, [CaseId(4)]);
    assert!(!cases::alarm(&mut tx, CaseId(1), at, NEVER).await.unwrap());
}

async fn a_follow_up_has_its_day_until_it_is_done(fresh: Fresh) {
    open(&fresh, [case(1), case(2), case(3)]).await;
    let mut tx = fresh.write().await;
    let day = |n: i64| NOW.plus_ms(n * 86_400_000);
    for (id, by, on) in [(1, ANN, Some(day(3))), (2, BEK, Some(day(1))), (3, ANN, None)] {
        let closing = Closing {
            case: CaseId(id),
            version: 1,
            outcome: "{}".to_owned(),
            topic: None,
            follow_up: on,
            by,
            at: NOW,
        };
        assert!(cases::close(&mut tx, &closing).await.unwrap());
    }
    const FIRST: cases::Ended = cases::Ended { at: Timestamp(i64::MIN), id: CaseId(i64::MIN) };
    let list = async |tx: &mut Tx, of, after| {
        let rows = cases::follow_ups(tx, of, after, 9).await.unwrap();
        rows.into_iter().map(|row| (row.id.0, row.by.unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(list(&mut tx, None, FIRST).await, [(2, BEK), (1, ANN)], "the earliest day first");
    assert_eq!(list(&mut tx, Some(ANN), FIRST).await, [(1, ANN)]);
    let after = cases::Ended { at: day(1), id: CaseId(2) };
    assert_eq!(list(&mut tx, None, after).await, [(1, ANN)]);
    assert_eq!(cases::follow_up_days(&mut tx, day(2)).await.unwrap(), [(Some(BEK), day(1))]);
    // A reminder a day.
    let untold = async |tx: &mut Tx, since| cases::untold_follow_ups(tx, day(3), ANN, since).await.unwrap();
    assert_eq!(untold(&mut tx, day(3)).await, [CaseId(1)]);
    assert!(cases::tell_follow_up(&mut tx, CaseId(1), day(3), day(3)).await.unwrap());
    assert!(!cases::tell_follow_up(&mut tx, CaseId(1), day(3), day(3)).await.unwrap());
    assert!(untold(&mut tx, day(3)).await.is_empty());
    assert_eq!(untold(&mut tx, day(4)).await, [CaseId(1)]);
    // Another day, then none.
    assert!(!cases::set_follow_up(&mut tx, CaseId(1), 1, Some(day(5))).await.unwrap(), "an old page");
    assert!(cases::set_follow_up(&mut tx, CaseId(1), 2, Some(day(5))).await.unwrap());
    assert!(cases::set_follow_up(&mut tx, CaseId(1), 3, None).await.unwrap());
    assert!(!cases::set_follow_up(&mut tx, CaseId(1), 4, Some(day(5))).await.unwrap(), "there is none");
    // Opening again drops it; so does forgetting, which tells.
    assert!(cases::reopen(&mut tx, CaseId(2), day(1)).await.unwrap());
    assert!(list(&mut tx, None, FIRST).await.is_empty());
    let closing = Closing {
        case: CaseId(2),
        version: 3,
        outcome: "{}".to_owned(),
        topic: None,
        follow_up: Some(day(9)),
        by: ANN,
        at: NOW,
    };
    assert!(cases::close(&mut tx, &closing).await.unwrap());
    assert_eq!(list(&mut tx, None, FIRST).await, [(2, ANN)]);
    let forgotten = cases::erase(&mut tx, ContactId(102), NOW).await.unwrap();
    assert_eq!(forgotten, cases::Forgotten { open: Vec::new(), follow_ups: vec![CaseId(2)] });
    assert!(list(&mut tx, None, FIRST).await.is_empty());
}

async fn closed(tx: &mut Tx, id: i64, version: i64) -> bool {
    let closing = Closing {
        case: CaseId(id),
        version,
        outcome: r#"{"help":"info"}"#.to_owned(),
        topic: None,
        follow_up: None,
        by: ANN,
        at: NOW.plus_ms(9_000),
    };
    cases::close(tx, &closing).await.unwrap()
}

async fn a_closed_case_opens_again(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    claimed(&fresh, 1, ANN, NOW).await;
    let mut tx = fresh.write().await;
    assert!(!cases::reopen(&mut tx, CaseId(1), NOW).await.unwrap(), "it is open");
    assert!(closed(&mut tx, 1, 2).await);
    assert!(cases::open_of_contact(&mut tx, ContactId(101)).await.unwrap().is_none());
    cases::rate(&mut tx, CaseId(1), true).await.unwrap();
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.state, row.holder, row.rating), (CaseState::Closed, Some(ANN), Some(1)));
    assert!(cases::reopen(&mut tx, CaseId(1), NOW.plus_ms(10_000)).await.unwrap());
    let row = cases::open_of_contact(&mut tx, ContactId(101)).await.unwrap().unwrap();
    assert_eq!((row.state, row.reopened, row.past_holder), (CaseState::Waiting, 1, Some(ANN)));
    assert_eq!((row.rating, row.closed_at), (Some(1), None), "they said it of what was done then");
}

async fn a_stale_form_closes_nothing(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    claimed(&fresh, 1, ANN, NOW).await;
    let mut tx = fresh.write().await;
    assert!(!closed(&mut tx, 1, 1).await, "the person wrote meanwhile");
    assert!(closed(&mut tx, 1, 2).await);
    assert!(!closed(&mut tx, 1, 3).await, "closed already");
    let recent = cases::recent(&mut tx, Some(ANN), cases::Ended::START, 10).await.unwrap();
    assert_eq!(recent.len(), 1);
    assert!(cases::recent(&mut tx, Some(BEK), cases::Ended::START, 10).await.unwrap().is_empty());
}

async fn erasing_ends_open_cases_and_keeps_outcomes(fresh: Fresh) {
    let mut tx = fresh.write().await;
    contacts::create(&mut tx, &[contact(101), contact(102), contact(103)]).await.unwrap();
    // A contact that turned out to be the same person is forgotten with it.
    contacts::merge(&mut tx, ContactId(102), ContactId(101)).await.unwrap();
    tx.commit().await.unwrap();
    open(&fresh, [case(1), case(2), case(3)]).await;
    claimed(&fresh, 1, ANN, NOW).await;
    let mut tx = fresh.write().await;
    assert!(closed(&mut tx, 1, 2).await);
    cases::append(&mut tx, &[said(11, 1, Author::Contact), said(12, 2, Author::Contact)]).await.unwrap();
    let ended = cases::erase(&mut tx, ContactId(101), NOW).await.unwrap();
    assert_eq!(ended, cases::Forgotten { open: vec![CaseId(2)], follow_ups: Vec::new() });
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.state, row.contact, row.sealed.as_deref()), (CaseState::Closed, None, None));
    assert!(row.outcome.is_some());
    let row = cases::find(&mut tx, CaseId(2)).await.unwrap().unwrap();
    assert_eq!((row.state, row.contact, row.closed_at), (CaseState::Erased, None, Some(NOW)));
    for id in [1, 2] {
        assert!(cases::entries(&mut tx, CaseId(id), 0, 10).await.unwrap().is_empty());
    }
    let other = cases::find(&mut tx, CaseId(3)).await.unwrap().unwrap();
    assert!(other.state.is_open() && other.sealed.is_some());
    assert!(!cases::reopen(&mut tx, CaseId(1), NOW).await.unwrap(), "there is nobody to answer to");
}

async fn what_was_said_goes_after_its_days(fresh: Fresh) {
    open(&fresh, [case(1), case(2)]).await;
    claimed(&fresh, 1, ANN, NOW).await;
    let mut tx = fresh.write().await;
    cases::append(&mut tx, &[said(11, 1, Author::Contact)]).await.unwrap();
    assert!(closed(&mut tx, 1, 2).await);
    assert_eq!(cases::purge(&mut tx, NOW.plus_ms(9_000)).await.unwrap(), 0);
    assert_eq!(cases::purge(&mut tx, NOW.plus_ms(9_001)).await.unwrap(), 1);
    assert_eq!(cases::purge(&mut tx, NOW.plus_ms(9_001)).await.unwrap(), 0);
    let row = cases::find(&mut tx, CaseId(1)).await.unwrap().unwrap();
    assert_eq!((row.sealed, row.contact, row.outcome.is_some()), (None, None, true));
    assert!(cases::entries(&mut tx, CaseId(1), 0, 10).await.unwrap().is_empty());
}

async fn files_are_kept_in_pieces(fresh: Fresh) {
    open(&fresh, [case(1)]).await;
    let mut tx = fresh.write().await;
    let id = AttachmentId(50);
    let new =
        AttachmentNew { id, case: CaseId(1), kind: "photo", key_id: 1, remote: b"file id".to_vec(), at: NOW };
    cases::want(&mut tx, &new).await.unwrap();
    cases::want(&mut tx, &AttachmentNew { id: AttachmentId(51), ..new.clone() }).await.unwrap();
    let telegram = ChannelKind::Telegram;
    let wanted = cases::wanted(&mut tx, telegram, NOW, 10).await.unwrap();
    assert_eq!(wanted.iter().map(|row| (row.id.0, row.attempts)).collect::<Vec<_>>(), [(50, 0), (51, 0)]);
    assert!(cases::wanted(&mut tx, ChannelKind::WhatsApp, NOW, 10).await.unwrap().is_empty());
    // One of two begins a try; nobody else does before its end.
    assert!(cases::take(&mut tx, id, 0, NOW, NOW.plus_ms(50)).await.unwrap());
    assert!(!cases::take(&mut tx, id, 0, NOW, NOW.plus_ms(50)).await.unwrap());
    assert!(!cases::take(&mut tx, id, 1, NOW, NOW.plus_ms(50)).await.unwrap());
    assert_eq!(cases::wanted(&mut tx, telegram, NOW, 10).await.unwrap().len(), 1);
    cases::postpone(&mut tx, id, 1, NOW.plus_ms(100)).await.unwrap();
    assert_eq!(cases::wanted(&mut tx, telegram, NOW.plus_ms(99), 10).await.unwrap().len(), 1);
    assert!(cases::take(&mut tx, id, 1, NOW.plus_ms(100), NOW.plus_ms(150)).await.unwrap());
    // The earlier try comes too late.
    assert!(!cases::store(&mut tx, id, 1, "image/jpeg", 6).await.unwrap());
    cases::postpone(&mut tx, id, 1, NOW).await.unwrap();
    assert!(cases::store(&mut tx, id, 2, "image/jpeg", 6).await.unwrap());
    for (n, piece) in [(0, b"one"), (1, b"two")] {
        cases::add_chunk(&mut tx, id, n, piece).await.unwrap();
    }
    assert!(!cases::refuse(&mut tx, AttachmentId(9), 0, "too-large").await.unwrap());
    assert!(!cases::refuse(&mut tx, id, 2, "too-large").await.unwrap(), "it is stored");
    assert!(cases::refuse(&mut tx, AttachmentId(51), 0, "too-large").await.unwrap());
    assert_eq!(cases::chunks(&mut tx, id).await.unwrap(), [b"one".to_vec(), b"two".to_vec()]);
    let rows = cases::attachments_of(&mut tx, CaseId(1)).await.unwrap();
    let seen: Vec<(&str, Option<&str>)> =
        rows.iter().map(|row| (row.state.as_str(), row.reason.as_deref())).collect();
    assert_eq!(seen, [("stored", None), ("refused", Some("too-large"))]);
    assert!(cases::wanted(&mut tx, telegram, NOW.plus_ms(1_000), 10).await.unwrap().is_empty());
}

async fn a_setting_that_changed_meanwhile_is_not_overwritten(fresh: Fresh) {
    let mut tx = fresh.write().await;
    assert_eq!(cases::setting(&mut tx, "hours").await.unwrap(), None);
    assert!(cases::put_setting(&mut tx, "hours", "{}", 0).await.unwrap());
    assert!(!cases::put_setting(&mut tx, "hours", "[]", 0).await.unwrap());
    assert!(cases::put_setting(&mut tx, "hours", "[1]", 1).await.unwrap());
    assert!(!cases::put_setting(&mut tx, "hours", "[2]", 1).await.unwrap());
    let row = cases::setting(&mut tx, "hours").await.unwrap().unwrap();
    assert_eq!((row.value.as_str(), row.version), ("[1]", 2));
    assert_eq!(cases::settings(&mut tx).await.unwrap(), [row]);
}

/// Plans of the statements that each page of the queue runs.
async fn lists_of_open_cases_do_not_read_those_that_ended(fresh: Fresh) {
    let of = |from: &str, wanted: &str| {
        let (_, list) = STATEMENTS.iter().find(|(module, _)| *module == from).unwrap();
        *list.iter().find(|sql| sql.name == wanted).unwrap()
    };
    for (module, name) in [
        ("cases/list", "LIST_WAITING"),
        ("cases/list", "LIST_CLAIMED"),
        ("cases/list", "UNSEEN"),
        ("cases/list", "COUNTS"),
        ("cases/list", "HOLDERS"),
        ("cases/watch", "UNALARMED"),
        ("cases/follow_up", "FOLLOW_UPS"),
        ("cases/follow_up", "FOLLOW_UP_DAYS"),
        ("cases/follow_up", "UNTOLD"),
    ] {
        let sql = of(module, name);
        let plan: Vec<String> = match fresh.write().await {
            Tx::Sqlite(mut tx) => {
                let text = AssertSqlSafe(format!("explain query plan {}", sql.sqlite));
                let rows = sqlx::raw_sql(text).fetch_all(&mut *tx).await.unwrap();
                rows.iter().map(|row| row.get("detail")).collect()
            }
            Tx::Postgres(mut tx) => {
                // A table without rows is read whole otherwise, whatever indexes it has.
                let binds = (1..=9).filter(|n| sql.postgres.contains(&format!("${n}"))).map(|_| "null");
                let binds = binds.collect::<Vec<_>>().join(", ");
                let binds = if binds.is_empty() { binds } else { format!("({binds})") };
                let begin = format!(
                    "set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan;
                    prepare plan_{name} as {}",
                    sql.postgres
                );
                sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *tx).await.unwrap();
                let explain = AssertSqlSafe(format!("explain execute plan_{name}{binds}"));
                let rows = sqlx::raw_sql(explain).fetch_all(&mut *tx).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        let is_scan = |line: &String| {
            line.contains("Seq Scan") || (line.contains("SCAN cases") && !line.contains("INDEX"))
        };
        assert!(!plan.iter().any(is_scan), "{name}: {plan:#?}");
        assert!(plan.iter().any(|line| line.contains("cases_")), "{name}: {plan:#?}");
    }
}

/// Each case has one winner, each loser learns who; nobody waits longer than a second.
async fn sixty_four_claimers_race_for_a_thousand_cases(fresh: Fresh) {
    const CASES: i64 = 1_000;
    const CLAIMERS: i64 = 64;
    open(&fresh, (1..=CASES).map(case)).await;
    let claimer = async |staff: i64, store: safar::store::Store| {
        let (mut won, mut longest) = (Vec::new(), 0.0_f64);
        for id in 1..=CASES {
            // Each begins elsewhere and meets the others on the way.
            let id = (id + staff * 3) % CASES + 1;
            let watch = safar::clock::Stopwatch::start();
            let mut tx = store.write().await.unwrap();
            let claim = cases::claim(&mut tx, CaseId(id), StaffId(staff), u64::MAX, NOW.plus_ms(5_000));
            match claim.await.unwrap() {
                Claim::Won => {
                    won.push(id);
                    tx.commit().await.unwrap();
                }
                Claim::Lost(who) => {
                    assert!(who.holder.is_some() && who.at.is_some());
                    tx.rollback().await.unwrap();
                }
                other => panic!("{other:?}"),
            }
            longest = longest.max(watch.seconds());
        }
        (won, longest)
    };
    let racing = (0..CLAIMERS).map(|staff| claimer(staff, fresh.store.clone()));
    let outcomes = futures_util::future::join_all(racing).await;
    let mut winners: Vec<i64> = outcomes.iter().flat_map(|(won, _)| won.iter().copied()).collect();
    let longest = outcomes.iter().map(|(_, longest)| *longest).fold(0.0, f64::max);
    println!("{}: the longest claim took {longest:.3} s", fresh.store.backend().as_str());
    winners.sort_unstable();
    assert_eq!(winners, (1..=CASES).collect::<Vec<_>>());
    let mut tx = fresh.read().await;
    let held: u64 = cases::holders(&mut tx).await.unwrap().iter().map(|(_, open)| open).sum();
    assert_eq!(held, CASES as u64);
}
