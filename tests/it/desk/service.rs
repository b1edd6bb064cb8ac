//! Cases as a service, on both databases, with a clock that the test moves.

use std::sync::Arc;

use safar::{
    bus::{Bus, Signal},
    clock::{Clock as _, Ids as _, MockClock, SystemIds},
    compose,
    desk::{
        Author, CaseState, Chat, Claimed, CloseForm, Desk, DeskError, Filter, Offer, Place, Refused, Sent,
        To, Visit, Who,
        outcome::{Outcome, UNSAID},
        settings::Centre,
    },
    dialog::Dialog,
    domain::{
        AttachmentId, CaseId, ChannelKind, ContactId, Locale, OutboxId, Source, StaffId, Timestamp, Told,
        Unfetched,
    },
    engine::{Case, Say, State, Value},
    indicators::{Count, Dimension, Indicator, Measure, Window},
    privacy::{Keys, case_context},
    store::{
        audit, cases, contacts,
        contacts::{NewAddress, NewContact},
        events,
        outbox::{self, Receipt, ReceiptState},
        sessions::{self, SessionSave},
        staff::{self, StaffRow},
    },
};
use tokio::sync::watch;

use crate::{
    dialogs::embedded_release,
    indicators::live::{figures, total},
    store::backend::{Fresh, store_contract},
};

store_contract!(
    of_two_who_claim_one_wins_and_the_person_learns_the_name,
    a_form_that_comes_twice_is_one_answer,
    only_the_holder_answers_and_the_words_are_sealed,
    nobody_reads_a_case_that_is_not_theirs,
    on_whatsapp_an_answer_waits_for_the_next_word,
    silence_is_warned_of_then_the_case_goes_back,
    on_whatsapp_what_could_not_be_told_is_told_later,
    nobody_is_late_at_night,
    an_urgent_case_is_not_left_to_a_silent_consultant_at_night,
    what_goes_back_to_the_queue_rings_anew,
    a_locked_account_keeps_no_case,
    urgency_is_lowered_and_raised_by_who_has_the_case,
    a_case_is_offered_without_a_word_of_it,
    an_outcome_counts_once_a_closing,
    a_form_names_the_household_and_the_centre_that_helped,
    a_case_that_changed_is_not_closed,
    who_came_in_person_is_registered_without_a_name,
    a_case_is_handed_on_with_a_note,
    an_erased_person_ends_the_case,
    an_alarm_is_raised_once_for_what_nobody_takes,
    an_alarm_rings_again_only_as_set,
    an_alarm_that_nobody_can_hear_waits,
    settings_are_for_supervisors,
    of_two_workers_one_fetches_a_file,
    tries_for_a_file_end,
);

/// A Thursday, 10:00 in Dushanbe: working time.
const NOW: &str = "2026-11-26T05:00:00Z";
const MINUTE: i64 = 60_000;

pub(super) struct House {
    pub(super) fresh: Fresh,
    pub(super) desk: Desk,
    dialog: Dialog,
    pub(super) clock: Arc<MockClock>,
    ids: Arc<SystemIds>,
    keys: Keys,
    bus: Bus,
}

pub(super) fn who(id: i64, name: &str) -> Who {
    Who { id: StaffId(id), name: name.to_owned(), supervisor: false, max_cases: None }
}

pub(super) fn ann() -> Who {
    who(1, "Ann")
}

pub(super) fn bek() -> Who {
    who(2, "Bek")
}

pub(super) fn outcome(help: &str) -> Outcome {
    Outcome {
        help: help.to_owned(),
        target: (help == "referral").then(|| "lawyer".to_owned()),
        topic: "unpaid-wages".to_owned(),
        sex: "F".to_owned(),
        age: UNSAID.to_owned(),
        origin: "TJ".to_owned(),
        stay: "RU".to_owned(),
        audience: "migrant".to_owned(),
        family: "yes".to_owned(),
        vulnerable: "yes".to_owned(),
    }
}

pub(super) fn close(outcome: Outcome, version: i64) -> CloseForm {
    CloseForm { outcome, follow_up: Ok(None), household: String::new(), centre: None, version }
}

impl House {
    pub(super) async fn on(fresh: Fresh) -> Self {
        let clock = Arc::new(MockClock::at(Timestamp::from_iso(NOW).unwrap()));
        let (ids, keys, bus) = (Arc::new(SystemIds::new()), Keys::from_secret(&[7; 32]), Bus::new());
        // The sender's end may go: the last release stays.
        let release = watch::channel(embedded_release()).1;
        let desk = Desk::new(
            fresh.store.clone(),
            keys.clone(),
            clock.clone(),
            ids.clone(),
            bus.clone(),
            release.clone(),
        );
        let dialog = Dialog::new(fresh.store.clone(), keys.clone(), ids.clone(), release, 1);
        let house = Self { fresh, desk, dialog, clock, ids, keys, bus };
        let mut tx = house.fresh.write().await;
        for (id, name) in [(1, "Ann"), (2, "Bek")] {
            let row = StaffRow {
                id: StaffId(id),
                login: name.to_lowercase(),
                name: name.to_owned(),
                roles: r#"["consultant"]"#.to_owned(),
                password: None,
                totp_sealed: None,
                totp_key_id: None,
                totp_last: 0,
                locale: "ru".to_owned(),
                zone: 300,
                email_sealed: None,
                email_key_id: None,
                on_duty: true,
                skills: "[]".to_owned(),
                telegram_contact: None,
                max_cases: None,
                state: "active".to_owned(),
                created_at: house.clock.now(),
                version: 1,
            };
            assert!(staff::insert(&mut tx, &row).await.unwrap());
        }
        tx.commit().await.unwrap();
        house
    }

    pub(super) fn pass_minutes(&self, minutes: i64) {
        self.clock.advance_ms(minutes * MINUTE);
    }

    /// A person whose case waits.
    pub(super) async fn person(&self, contact: i64, channel: ChannelKind, urgent: bool) -> CaseId {
        let now = self.clock.now();
        let case = CaseId(self.ids.next(now));
        let contact = ContactId(contact);
        let mut tx = self.fresh.write().await;
        let new = NewContact { id: contact, channel, source: Source::Bot, at: now };
        contacts::create(&mut tx, &[new]).await.unwrap();
        let address = NewAddress {
            contact,
            lookup: u128::from(contact.0.cast_unsigned()).to_be_bytes(),
            key_id: 1,
            sealed: self.keys.seal("address", b"+79001234567", &*self.ids),
            since: now,
        };
        contacts::add_addresses(&mut tx, &[address]).await.unwrap();
        let mut state = State::default();
        state.locale = Some(Locale::Tg);
        state.case = Some(Case::new(case.0, urgent, now));
        let save = SessionSave {
            contact,
            state: state.to_json(),
            private: None,
            reachable: true,
            last_inbound_at: now,
            updated_at: now,
        };
        sessions::save(&mut tx, &[save]).await.unwrap();
        let told = Told {
            question: Some("кай\u{202E} музд медиҳанд?".to_owned()), ..Told::default()
        };
        let told = serde_json::to_vec(&told).unwrap();
        let new = cases::NewCase {
            id: case,
            contact: Some(contact),
            channel: channel.as_str(),
            urgent,
            topic: Some("unpaid-wages".to_owned()),
            node: None,
            locale: "tg".to_owned(),
            country: "RU".to_owned(),
            skill: None,
            holder: None,
            at: now,
            key_id: 1,
            sealed: self.keys.seal(&case_context(case), &told, &*self.ids),
        };
        cases::open(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        case
    }

    /// The person writes.
    pub(super) async fn writes(&self, contact: i64, case: CaseId) {
        let now = self.clock.now();
        let mut tx = self.fresh.write().await;
        let held = sessions::hold(&mut tx, ContactId(contact)).await.unwrap().unwrap();
        let save = SessionSave {
            contact: ContactId(contact),
            state: held.state,
            private: None,
            reachable: true,
            last_inbound_at: now,
            updated_at: now,
        };
        sessions::save(&mut tx, &[save]).await.unwrap();
        cases::hear(&mut tx, &[cases::Heard { case, at: now }]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What waits for a channel's sender: the screens, and a consultant's words in them.
    async fn said(&self, channel: ChannelKind) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        // One a contact at a time: a message waits for the one before it.
        loop {
            let due = self.dialog.take_due(channel, self.clock.now(), 0, 100).await.unwrap();
            if due.is_empty() {
                break;
            }
            let mut tx = self.fresh.write().await;
            let receipt = |id: Option<OutboxId>| Receipt {
                id: id.unwrap(),
                state: ReceiptState::Delivered,
                external: None,
                error: None,
                at: self.clock.now(),
            };
            let receipts: Vec<Receipt> = due.iter().map(|out| receipt(out.id)).collect();
            outbox::settle(&mut tx, &receipts).await.unwrap();
            tx.commit().await.unwrap();
            taken.extend(due);
        }
        taken
            .iter()
            .map(|out| {
                let text = match out.say.vars.get("text").or_else(|| out.say.vars.get("name")) {
                    Some(Value::Text(text)) => text.to_string(),
                    _ => String::new(),
                };
                (out.say.screen.to_string(), text)
            })
            .collect()
    }

    pub(super) async fn claim(&self, who: &Who, case: CaseId) {
        assert_eq!(self.desk.claim(who, case).await.unwrap(), Claimed::Won);
    }

    /// Answers from a page that shows all that was said.
    pub(super) async fn answer(&self, who: &Who, case: CaseId, text: &str) -> Result<Sent, DeskError> {
        self.desk.answer(who, case, text, self.after(case).await).await
    }

    async fn send_page(&self, who: &Who, case: CaseId, node: &str) -> Result<Sent, DeskError> {
        self.desk.send_page(who, case, node, self.after(case).await).await
    }

    /// The last entry of staff.
    async fn after(&self, case: CaseId) -> i64 {
        let said = cases::last_of_staff(&mut self.fresh.read().await, case, 1).await.unwrap();
        said.first().map_or(0, |last| last.id)
    }

    pub(super) async fn verbs(&self) -> Vec<String> {
        let mut tx = self.fresh.read().await;
        audit::after(&mut tx, 0, 100).await.unwrap().into_iter().map(|row| row.verb).collect()
    }

    async fn state(&self, contact: i64) -> State {
        let mut tx = self.fresh.write().await;
        let held = sessions::hold(&mut tx, ContactId(contact)).await.unwrap().unwrap();
        State::from_json(&held.state).unwrap()
    }

    pub(super) async fn row(&self, case: CaseId) -> cases::CaseRow {
        cases::find(&mut self.fresh.read().await, case).await.unwrap().unwrap()
    }
}

pub(super) fn refused<T: std::fmt::Debug>(result: Result<T, DeskError>) -> Refused {
    match result {
        Err(DeskError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

async fn of_two_who_claim_one_wins_and_the_person_learns_the_name(fresh: Fresh) {
    let house = House::on(fresh).await;
    let mut heard = house.bus.listen();
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    let Claimed::Lost { holder, at, .. } = house.desk.claim(&bek(), case).await.unwrap() else { panic!() };
    assert_eq!((holder, at), (Some(StaffId(1)), Some(house.clock.now())));
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-claimed".to_owned(), "Ann".to_owned())]);
    assert_eq!(house.verbs().await, ["case-claimed"]);
    let queue = house.desk.queue_page(&ann(), &Filter::default(), Place::START).await.unwrap();
    assert_eq!((queue.waiting.len(), queue.mine.len(), queue.board.tally.claimed), (0, 1, 1));
    if house.fresh.store.backend() == safar::store::Backend::Sqlite {
        // On PostgreSQL the database tells, and the program passes it on.
        assert_eq!(heard.recv().await.unwrap(), Signal::Queue);
    }
    assert_eq!(refused(house.desk.claim(&ann(), CaseId(9)).await), Refused::Unknown);
}

async fn only_the_holder_answers_and_the_words_are_sealed(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    assert_eq!(refused(house.answer(&ann(), case, "x").await), Refused::Unknown, "nobody has it yet");
    house.claim(&ann(), case).await;
    house.said(ChannelKind::Telegram).await;
    assert_eq!(refused(house.answer(&bek(), case, "x").await), Refused::Unknown);
    assert_eq!(refused(house.answer(&ann(), case, " \u{202E} ").await), Refused::Empty);
    let long = refused(house.answer(&ann(), case, &"я".repeat(100_000)).await);
    assert_eq!(long, Refused::TooLong { chars: 100_000, max: 3_000 });
    house.desk.keep_draft(&ann(), case, "half a th").await.unwrap();
    assert_eq!(house.desk.read(&ann(), case, false).await.unwrap().draft, "half a th");
    let words = "Салом <b>Зарина</b>";
    assert_eq!(house.answer(&ann(), case, words).await.unwrap(), Sent::Queued);
    let shown = house.desk.read(&ann(), case, true).await.unwrap();
    assert!(shown.mine && shown.draft.is_empty());
    assert_eq!(shown.told.question.as_deref(), Some("кай музд медиҳанд?"));
    let last = shown.entries.last().unwrap();
    assert_eq!((last.author, last.text.as_str()), (Author::Staff, words));
    assert_eq!(last.delivery.as_ref().unwrap().state, "queued");
    // Neither row holds the words in the clear.
    let mut tx = house.fresh.read().await;
    let rows = cases::entries(&mut tx, case, 0, 10).await.unwrap();
    let sealed = rows.last().unwrap().sealed.clone().unwrap();
    assert!(!sealed.windows(6).any(|part| part == "Салом".as_bytes().get(..6).unwrap()));
    drop(tx);
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-answer".to_owned(), words.to_owned())]);
    let row = house.row(case).await;
    assert_eq!((row.first_answer_at, row.owed_since), (Some(house.clock.now()), None));
    // A page of the content goes as the person would see it.
    assert_eq!(refused(house.send_page(&ann(), case, "no-such-page").await), Refused::NoPage);
    let release = embedded_release();
    let page = release.nodes().find(|node| node.kind.name() == "page").unwrap().id.to_string();
    house.send_page(&ann(), case, &page).await.unwrap();
    assert_eq!(house.said(ChannelKind::Telegram).await, [(page, String::new())]);
}

async fn a_form_that_comes_twice_is_one_answer(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.said(ChannelKind::Telegram).await;
    let (desk, ann) = (&house.desk, ann());
    let twice = tokio::join!(desk.answer(&ann, case, "one", 0), desk.answer(&ann, case, "one", 0));
    assert_eq!((twice.0.unwrap(), twice.1.unwrap()), (Sent::Queued, Sent::Queued));
    assert_eq!(refused(desk.answer(&ann, case, "two", 0).await), Refused::Changed, "of an old page");
    // The same words again, of a page that shows the first ones, are meant so.
    let after = house.after(case).await;
    assert_eq!(desk.answer(&ann, case, "one", after).await.unwrap(), Sent::Queued);
    assert_eq!(desk.answer(&ann, case, "one", after).await.unwrap(), Sent::Queued);
    assert_eq!(refused(desk.answer(&ann, case, "one", 0).await), Refused::Changed);
    assert_eq!(house.said(ChannelKind::Telegram).await.len(), 2);
    assert_eq!(house.verbs().await, ["case-claimed", "case-answered", "case-answered"]);
}

async fn nobody_reads_a_case_that_is_not_theirs(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    let boss = Who { supervisor: true, ..who(9, "Boss") };
    assert_eq!(refused(house.desk.read(&ann(), case, true).await), Refused::Waits);
    house.claim(&ann(), case).await;
    assert_eq!(refused(house.desk.read(&bek(), case, true).await), Refused::Unknown);
    assert_eq!(refused(house.desk.add_note(&bek(), case, "x").await), Refused::Unknown);
    assert_eq!(refused(house.desk.keep_draft(&bek(), case, "x").await), Refused::Unknown);
    assert_eq!(refused(house.desk.hand(&bek(), case, &To::Queue, "").await), Refused::Unknown);
    house.desk.read(&ann(), case, true).await.unwrap();
    house.desk.read(&boss, case, true).await.unwrap();
    assert_eq!(refused(house.answer(&boss, case, "x").await), Refused::NotYours);
    let refused_to_bek = ["case-refused"; 4];
    let mut verbs = [&["case-claimed"][..], &refused_to_bek, &["case-looked", "case-looked"]].concat();
    assert_eq!(house.verbs().await, verbs);
    // A page that says of itself that it only refreshes proves nothing: of one look there is one row, for half an hour.
    let other = Who { supervisor: true, ..who(8, "Other") };
    verbs.push("case-looked");
    for _ in 0..2 {
        house.desk.read(&other, case, false).await.unwrap();
        assert_eq!(house.verbs().await, verbs);
    }
    house.pass_minutes(30);
    house.desk.read(&other, case, false).await.unwrap();
    verbs.push("case-looked");
    assert_eq!(house.verbs().await, verbs);
    // Back in the queue nobody reads on, and the page that is still open is no intruder.
    house.desk.hand(&ann(), case, &To::Queue, "").await.unwrap();
    assert_eq!(refused(house.desk.read(&ann(), case, true).await), Refused::Waits);
    assert_eq!(refused(house.desk.keep_draft(&ann(), case, "x").await), Refused::Unknown);
    assert_eq!(house.verbs().await.len(), verbs.len() + 1);
}

async fn on_whatsapp_an_answer_waits_for_the_next_word(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::WhatsApp, false).await;
    house.claim(&ann(), case).await;
    house.said(ChannelKind::WhatsApp).await;
    house.pass_minutes(24 * 60 + 1);
    assert_eq!(house.answer(&ann(), case, "one").await.unwrap(), Sent::Held);
    assert_eq!(house.answer(&ann(), case, "two").await.unwrap(), Sent::Held);
    // One notice, which the sender makes a template of; none of the words.
    let said = house.said(ChannelKind::WhatsApp).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(!said[0].1.contains("one"));
    assert_eq!(house.desk.send_held().await.unwrap(), 0, "not a word yet");
    let shown = house.desk.read(&ann(), case, false).await.unwrap();
    assert!(shown.window_ends.unwrap() < house.clock.now());
    assert_eq!(shown.entries.last().unwrap().delivery.as_ref().unwrap().state, "held");
    assert_eq!(house.row(case).await.first_answer_at, None, "the person has no word of it");
    house.writes(101, case).await;
    assert_eq!(house.desk.send_held().await.unwrap(), 2);
    assert_eq!(house.row(case).await.first_answer_at, Some(house.clock.now()));
    assert_eq!(house.desk.send_held().await.unwrap(), 0);
    let words: Vec<String> =
        house.said(ChannelKind::WhatsApp).await.into_iter().map(|(_, text)| text).collect();
    assert_eq!(words, ["one", "two"]);
}

/// Taken, given back, closed outside of the window: no word goes out, and it is not forgotten.
async fn on_whatsapp_what_could_not_be_told_is_told_later(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::WhatsApp, false).await;
    house.pass_minutes(24 * 60 + 1);
    let untold = async || house.state(101).await.case.unwrap().untold;
    assert!(!untold().await);
    house.claim(&ann(), case).await;
    assert!(untold().await);
    house.desk.hand(&ann(), case, &To::Queue, "").await.unwrap();
    assert!(untold().await);
    assert!(house.said(ChannelKind::WhatsApp).await.is_empty(), "no template for that");
    let told = house.person(102, ChannelKind::Telegram, false).await;
    house.claim(&ann(), told).await;
    assert!(!house.state(102).await.case.unwrap().untold);
}

async fn silence_is_warned_of_then_the_case_goes_back(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.said(ChannelKind::Telegram).await;
    house.pass_minutes(119);
    assert_eq!(house.desk.watch_silence().await.unwrap(), safar::desk::Round::default());
    house.pass_minutes(1);
    assert_eq!(house.desk.watch_silence().await.unwrap().warned, [(StaffId(1), case)]);
    assert!(house.desk.watch_silence().await.unwrap().warned.is_empty(), "warned once");
    house.pass_minutes(119);
    assert!(house.desk.watch_silence().await.unwrap().returned.is_empty());
    house.pass_minutes(1);
    assert_eq!(house.desk.watch_silence().await.unwrap().returned, [case]);
    let row = house.row(case).await;
    assert_eq!((row.state, row.past_holder), (CaseState::Waiting, Some(StaffId(1))));
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-requeued".to_owned(), String::new())]);
    assert_eq!(house.verbs().await, ["case-claimed", "case-returned"]);
    // Who answers is left alone.
    house.claim(&bek(), case).await;
    house.answer(&bek(), case, "here").await.unwrap();
    house.pass_minutes(60 * 24 * 5);
    assert_eq!(house.desk.watch_silence().await.unwrap(), safar::desk::Round::default());
}

async fn nobody_is_late_at_night(fresh: Fresh) {
    let house = House::on(fresh).await;
    // 17:30 in Dushanbe.
    house.pass_minutes(450);
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.pass_minutes(12 * 60);
    assert_eq!(
        house.desk.watch_silence().await.unwrap(),
        safar::desk::Round::default(),
        "5:30 in the morning"
    );
    // Friday, 10:29: 30 minutes of yesterday and 89 of today.
    house.pass_minutes(299);
    assert_eq!(house.desk.watch_silence().await.unwrap(), safar::desk::Round::default());
    house.pass_minutes(1);
    assert_eq!(house.desk.watch_silence().await.unwrap().warned.len(), 1);
}

async fn an_urgent_case_is_not_left_to_a_silent_consultant_at_night(fresh: Fresh) {
    let house = House::on(fresh).await;
    // 17:59 in Dushanbe.
    house.pass_minutes(479);
    let case = house.person(101, ChannelKind::Telegram, true).await;
    house.person(201, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.pass_minutes(30);
    assert_eq!(house.desk.watch_silence().await.unwrap().warned, [(StaffId(1), case)]);
    let queue = house.desk.queue_page(&ann(), &Filter::default(), Place::START).await.unwrap();
    let back = house.clock.now().plus_ms(30 * MINUTE);
    assert_eq!(house.desk.returns_at(&queue.mine[0]), Some(back), "the queue can tell when");
    house.pass_minutes(29);
    assert!(house.desk.watch_silence().await.unwrap().returned.is_empty());
    house.pass_minutes(1);
    assert_eq!(house.desk.watch_silence().await.unwrap().returned, [case]);
    // It is nobody's since long: those on duty hear of it at once.
    assert_eq!(house.desk.raise_alarms(&[chat(201)], false, None).await.unwrap(), [case]);
}

async fn what_goes_back_to_the_queue_rings_anew(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, true).await;
    house.person(201, ChannelKind::Telegram, false).await;
    let chats = [chat(201)];
    let raise = || house.desk.raise_alarms(&chats, false, Some(PUBLIC));
    house.pass_minutes(10);
    assert_eq!(raise().await.unwrap(), [case]);
    house.claim(&ann(), case).await;
    // Nobody answered: they keep their place, and those on duty hear of it at once.
    house.desk.hand(&ann(), case, &To::Queue, "").await.unwrap();
    assert_eq!(raise().await.unwrap(), [case]);
    house.claim(&ann(), case).await;
    house.desk.answer(&ann(), case, "Слушаю вас", 0).await.unwrap();
    house.desk.hand(&ann(), case, &To::Queue, "").await.unwrap();
    assert!(raise().await.unwrap().is_empty(), "after an answer the wait begins anew");
    house.pass_minutes(10);
    assert_eq!(raise().await.unwrap(), [case]);
}

async fn a_locked_account_keeps_no_case(fresh: Fresh) {
    let house = House::on(fresh).await;
    let hers = house.person(101, ChannelKind::Telegram, true).await;
    let his = house.person(102, ChannelKind::Telegram, false).await;
    house.claim(&ann(), hers).await;
    house.claim(&bek(), his).await;
    house.said(ChannelKind::Telegram).await;
    assert!(house.desk.return_stranded().await.unwrap().is_empty());
    let mut tx = house.fresh.write().await;
    let row = staff::by_id(&mut tx, StaffId(1)).await.unwrap().unwrap();
    assert!(staff::save(&mut tx, &StaffRow { state: "locked".to_owned(), ..row }).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(house.desk.return_stranded().await.unwrap(), [hers]);
    assert!(house.desk.return_stranded().await.unwrap().is_empty());
    let row = house.row(hers).await;
    assert_eq!((row.state, row.past_holder), (CaseState::Waiting, Some(StaffId(1))));
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-requeued".to_owned(), String::new())]);
    // Who may take no cases any more has none either.
    let mut tx = house.fresh.write().await;
    let row = staff::by_id(&mut tx, StaffId(2)).await.unwrap().unwrap();
    assert!(staff::save(&mut tx, &StaffRow { roles: r#"["editor"]"#.to_owned(), ..row }).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(house.desk.return_stranded().await.unwrap(), [his]);
    assert_eq!(house.verbs().await, ["case-claimed", "case-claimed", "case-returned", "case-returned"]);
}

async fn urgency_is_lowered_and_raised_by_who_has_the_case(fresh: Fresh) {
    let house = House::on(fresh).await;
    let boss = Who { supervisor: true, ..who(9, "Boss") };
    let case = house.person(101, ChannelKind::Telegram, true).await;
    let state = async || {
        let mut tx = house.fresh.write().await;
        let held = sessions::hold(&mut tx, ContactId(101)).await.unwrap().unwrap();
        let state = State::from_json(&held.state).unwrap();
        (house.row(case).await.urgent, state.case.unwrap().urgent)
    };
    assert_eq!(refused(house.desk.set_urgency(&ann(), case, false).await), Refused::Unknown, "it waits");
    house.claim(&ann(), case).await;
    assert_eq!(refused(house.desk.set_urgency(&bek(), case, false).await), Refused::Unknown);
    house.desk.set_urgency(&ann(), case, false).await.unwrap();
    assert_eq!(refused(house.desk.set_urgency(&ann(), case, false).await), Refused::Changed);
    // Words of danger are heard anew: the person's own state knows.
    assert_eq!(state().await, (false, false));
    house.desk.set_urgency(&boss, case, true).await.unwrap();
    assert_eq!(state().await, (true, true));
    let read = house.desk.read(&boss, case, true).await.unwrap();
    let marks: Vec<(String, Option<StaffId>)> =
        read.entries.into_iter().filter_map(|entry| Some((entry.mark?.what, entry.staff))).collect();
    let by = |what: &str, id| (what.to_owned(), Some(StaffId(id)));
    assert_eq!(marks, [by("claimed", 1), by("lowered", 1), by("raised", 9)]);
    assert_eq!(house.verbs().await, ["case-claimed", "case-lowered", "case-raised", "case-looked"]);
}

async fn a_case_is_offered_without_a_word_of_it(fresh: Fresh) {
    let house = House::on(fresh).await;
    let boss = Who { supervisor: true, ..who(9, "Boss") };
    let case = house.person(101, ChannelKind::Telegram, true).await;
    let Offer::Waiting(offered) = house.desk.offer(&ann(), case).await.unwrap() else { panic!() };
    assert_eq!((offered.topic.as_deref(), offered.locale.as_str()), (Some("unpaid-wages"), "tg"));
    assert_eq!(house.desk.offer(&boss, case).await.unwrap(), Offer::Readable);
    house.claim(&ann(), case).await;
    assert_eq!(house.desk.offer(&ann(), case).await.unwrap(), Offer::Readable);
    let gone =
        Offer::Gone { holder: Some(StaffId(1)), at: Some(house.clock.now()), state: CaseState::Claimed };
    assert_eq!(house.desk.offer(&bek(), case).await.unwrap(), gone);
    assert_eq!(refused(house.desk.offer(&bek(), CaseId(9)).await), Refused::Unknown);
}

async fn an_outcome_counts_once_a_closing(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.said(ChannelKind::Telegram).await;
    let form = |version| close(outcome("referral"), version);
    house.desk.close(&ann(), case, &form(2)).await.unwrap();
    assert_eq!(refused(house.desk.close(&ann(), case, &form(3)).await), Refused::Ended);
    assert_eq!(refused(house.answer(&ann(), case, "x").await), Refused::Ended);
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-closed".to_owned(), String::new())]);
    let mut tx = house.fresh.read().await;
    let rows = events::list_for(&mut tx, ContactId(101)).await.unwrap();
    let seen: Vec<(String, &str, &str)> = rows
        .iter()
        .map(|row| (row.event_id.replace(&case.to_string(), "C"), row.kind.as_str(), row.attrs.as_str()))
        .collect();
    let reference = format!(r#"{{"ref":"{case}-0","to":"lawyer"}}"#);
    assert_eq!(
        seen,
        [
            (
                "case:C:0".to_owned(),
                "service",
                r#"{"family":"1","kind":"access","result":"delivered","vuln":"1"}"#
            ),
            ("case:C:1".to_owned(), "referral_made", reference.as_str()),
            ("case:C:2".to_owned(), "profile", r#"{"aud":"migrant","origin":"TJ","sex":"F","stay":"RU"}"#),
        ]
    );
    assert!(rows.iter().all(|row| row.source == "centre" && row.channel == "tg"));
    drop(tx);
    // Without a centre's code it is no support of a centre.
    let counted = figures(&house.fresh, |figures| {
        [Indicator::R1, Indicator::R2, Indicator::S1, Indicator::F1].map(|of| total(figures, of).total())
    });
    assert_eq!(counted.await, [1, 1, 0, 1]);
}

async fn a_form_names_the_household_and_the_centre_that_helped(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    let form = CloseForm {
        household: " H-7 ".to_owned(),
        centre: Some(Centre { code: "osh-1".to_owned(), country: "KG".to_owned() }),
        ..close(outcome("referral"), 2)
    };
    let nowhere = Some(Centre { code: "osh-1".to_owned(), country: String::new() });
    let bad = CloseForm { centre: nowhere, ..form.clone() };
    assert!(matches!(refused(house.desk.close(&ann(), case, &bad).await), Refused::Outcome(_)));
    house.desk.close(&ann(), case, &form).await.unwrap();
    // Another of the same household, who came in person to the same centre.
    let offer = house.desk.offer_visit(&ann());
    let visit = Visit {
        case: house.desk.offered_visit(&ann(), &offer).unwrap(),
        channel: "centre",
        locale: Locale::Ky,
        number: "A-17".to_owned(),
        household: "h-7".to_owned(),
        centre: form.centre.clone(),
        note: String::new(),
        at: house.clock.now(),
        outcome: outcome("referral"),
        follow_up: None,
    };
    house.desk.register(&ann(), &visit).await.unwrap();
    let counted = figures(&house.fresh, |figures| {
        let by = figures.by(Indicator::S1, Window::Programme, Measure::Cum, Dimension::Centre);
        let by: Vec<_> = by.into_iter().map(|(cc, count)| (cc, count.total())).collect();
        (by, total(figures, Indicator::S3).total())
    });
    assert_eq!(counted.await, (vec![("KG".to_owned(), 2)], 1));
    let mut tx = house.fresh.read().await;
    let rows = events::list_for(&mut tx, ContactId(101)).await.unwrap();
    assert!(rows.iter().all(|row| !row.attrs.to_lowercase().contains("h-7")), "only its keyed hash is kept");
}

async fn a_case_that_changed_is_not_closed(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    let version = house.row(case).await.version;
    house.writes(101, case).await;
    let form = close(outcome("advice"), version);
    assert_eq!(refused(house.desk.close(&ann(), case, &form).await), Refused::Changed);
    assert!(house.row(case).await.state.is_open());
    let mut tx = house.fresh.read().await;
    assert!(events::list_for(&mut tx, ContactId(101)).await.unwrap().is_empty());
    drop(tx);
    let bad = close(outcome("<script>"), version + 1);
    assert!(matches!(refused(house.desk.close(&ann(), case, &bad).await), Refused::Outcome(_)));
}

async fn who_came_in_person_is_registered_without_a_name(fresh: Fresh) {
    let house = House::on(fresh).await;
    let offer = house.desk.offer_visit(&ann());
    assert_eq!(house.desk.offered_visit(&bek(), &offer), None, "of somebody else");
    let visit = Visit {
        case: house.desk.offered_visit(&ann(), &offer).unwrap(),
        channel: "centre",
        locale: Locale::Ky,
        number: "A-17".to_owned(),
        household: String::new(),
        centre: None,
        note: "came with her brother".to_owned(),
        at: house.clock.now(),
        outcome: outcome("advice"),
        follow_up: None,
    };
    let case = house.desk.register(&ann(), &visit).await.unwrap();
    let row = house.row(case).await;
    assert_eq!((row.state, row.channel.as_str(), row.contact), (CaseState::Closed, "centre", None));
    assert!(
        house.desk.queue_page(&ann(), &Filter::default(), Place::START).await.unwrap().waiting.is_empty()
    );
    let read = house.desk.read(&ann(), case, false).await.unwrap();
    assert_eq!(read.entries.first().unwrap().text, "came with her brother");
    let mut tx = house.fresh.read().await;
    assert_eq!(events::count(&mut tx).await.unwrap(), 2);
    drop(tx);
    assert_eq!(refused(house.desk.register(&ann(), &visit).await), Refused::Twice);
    // Another visit by the same number is the same person's.
    let offer = house.desk.offer_visit(&ann());
    let again = Visit { case: house.desk.offered_visit(&ann(), &offer).unwrap(), ..visit.clone() };
    house.desk.register(&ann(), &again).await.unwrap();
    let counted = figures(&house.fresh, |figures| {
        let by = figures.by(Indicator::R1, Window::Programme, Measure::Cum, Dimension::Channel);
        (
            by.into_iter().map(|(channel, count)| (channel, count.persons)).collect(),
            total(figures, Indicator::S2),
        )
    });
    let (channels, legal): (Vec<(String, u64)>, Count) = counted.await;
    assert_eq!((channels, legal.persons), (vec![("centre".to_owned(), 1)], 1));
    let late = Visit { at: house.clock.now().plus_ms(1), ..visit };
    assert!(matches!(refused(house.desk.register(&ann(), &late).await), Refused::Outcome(_)));
}

async fn a_case_is_handed_on_with_a_note(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.said(ChannelKind::Telegram).await;
    assert_eq!(
        refused(house.desk.hand(&ann(), case, &To::Staff(StaffId(7)), "").await),
        Refused::NoColleague
    );
    house.desk.hand(&ann(), case, &To::Staff(StaffId(2)), "knows the law").await.unwrap();
    assert_eq!(house.said(ChannelKind::Telegram).await, [("#case-claimed".to_owned(), "Bek".to_owned())]);
    let read = house.desk.read(&bek(), case, false).await.unwrap();
    let mark = read.entries.last().unwrap().mark.clone().unwrap();
    assert_eq!(
        (mark.what.as_str(), mark.to, mark.note.as_str()),
        ("transferred", Some(StaffId(2)), "knows the law")
    );
    house.desk.hand(&bek(), case, &To::Skill("law".to_owned()), "").await.unwrap();
    let row = house.row(case).await;
    assert_eq!((row.state, row.skill.as_deref()), (CaseState::Waiting, Some("law")));
    // A full desk takes no more.
    let full = Who { max_cases: Some(0), ..ann() };
    assert_eq!(house.desk.claim(&full, case).await.unwrap(), Claimed::Full { open: 0 });
}

async fn an_erased_person_ends_the_case(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, false).await;
    house.claim(&ann(), case).await;
    house.answer(&ann(), case, "words").await.unwrap();
    let mut tx = house.fresh.write().await;
    cases::erase(&mut tx, ContactId(101), house.clock.now()).await.unwrap();
    safar::store::erase::contact(&mut tx, ContactId(101)).await.unwrap();
    tx.commit().await.unwrap();
    let read = house.desk.read(&ann(), case, false).await.unwrap();
    assert_eq!((read.row.state, read.entries.len(), read.told), (CaseState::Erased, 0, Told::default()));
    assert_eq!(refused(house.answer(&ann(), case, "x").await), Refused::Ended);
    assert_eq!(refused(house.desk.add_note(&ann(), case, "x").await), Refused::Ended);
    let form = close(outcome("advice"), read.row.version);
    assert_eq!(refused(house.desk.close(&ann(), case, &form).await), Refused::Ended);
}

const PUBLIC: &str = "https://bot.example.org";

/// A chat of somebody who works here.
pub(super) fn chat(contact: i64) -> Chat {
    Chat { contact: ContactId(contact), locale: Some(Locale::Ky) }
}

/// The alarms that wait to be sent to a chat.
async fn alarms_for(house: &House, contact: i64) -> Vec<String> {
    let mut tx = house.fresh.read().await;
    let rows = outbox::unsettled_for(&mut tx, ContactId(contact), OutboxId(0)).await.unwrap();
    rows.into_iter().filter_map(|row| row.payload).filter(|payload| payload.contains("staff-alarm")).collect()
}

async fn an_alarm_is_raised_once_for_what_nobody_takes(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, true).await;
    let taken = house.person(102, ChannelKind::Telegram, true).await;
    house.person(103, ChannelKind::Telegram, false).await;
    house.person(201, ChannelKind::Telegram, false).await;
    house.claim(&ann(), taken).await;
    house.pass_minutes(9);
    let chats = [chat(201), chat(201), chat(999)];
    let raise = || house.desk.raise_alarms(&chats, false, Some(PUBLIC));
    assert!(raise().await.unwrap().is_empty());
    house.pass_minutes(1);
    let (one, other) = tokio::join!(raise(), raise());
    let both: Vec<CaseId> = one.unwrap().into_iter().chain(other.unwrap()).collect();
    assert_eq!(both, [case]);
    // Again after a quarter of an hour, not before.
    house.pass_minutes(14);
    assert!(raise().await.unwrap().is_empty());
    let told = alarms_for(&house, 201).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let say: Say = serde_json::from_str(&told[0]).unwrap();
    let release = embedded_release();
    let limits = &safar::channels::telegram::LIMITS;
    let text = compose::compose(&release, &say, limits, house.clock.now().day(0)).text;
    assert!(text.contains(&format!("{PUBLIC}/staff/case/{case}/claim")), "{text}");
    for word in ["+7900", "музд", "unpaid", "101", "Ann"] {
        assert!(!text.replace(&case.to_string(), "").contains(word), "{text}");
    }
    for contact in [101, 102, 103] {
        assert!(alarms_for(&house, contact).await.is_empty());
    }
}

async fn an_alarm_rings_again_only_as_set(fresh: Fresh) {
    use safar::desk::settings::{Limits, Setting};
    let house = House::on(fresh).await;
    let boss = Who { supervisor: true, ..who(9, "Boss") };
    let again = Setting::Limits(Limits { alarm_again: 30, ..Limits::default() });
    house.desk.set(&boss, &again, 0).await.unwrap();
    let cases = [
        house.person(101, ChannelKind::Telegram, true).await,
        house.person(102, ChannelKind::Telegram, true).await,
    ];
    house.person(201, ChannelKind::Telegram, false).await;
    let chats = [chat(201)];
    let raise = || house.desk.raise_alarms(&chats, false, Some(PUBLIC));
    house.pass_minutes(10);
    assert_eq!(raise().await.unwrap().len(), 2);
    house.pass_minutes(29);
    assert!(raise().await.unwrap().is_empty());
    house.claim(&ann(), cases[0]).await;
    house.pass_minutes(1);
    assert_eq!(raise().await.unwrap(), [cases[1]]);
    let told = alarms_for(&house, 201).await;
    assert!(told[0].contains("/staff/queue") && told[1].contains("/staff/case/"), "{told:?}");
}

async fn an_alarm_that_nobody_can_hear_waits(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(101, ChannelKind::Telegram, true).await;
    house.pass_minutes(10);
    assert!(house.desk.raise_alarms(&[], false, None).await.unwrap().is_empty());
    assert!(house.desk.raise_alarms(&[chat(999)], false, None).await.unwrap().is_empty());
    assert_eq!(house.desk.raise_alarms(&[], true, None).await.unwrap(), [case]);
}

async fn settings_are_for_supervisors(fresh: Fresh) {
    use safar::desk::settings::{Limits, Setting};
    let house = House::on(fresh).await;
    let boss = Who { supervisor: true, ..who(9, "Boss") };
    let setting = |max_cases| Setting::Limits(Limits { max_cases, ..Limits::default() });
    assert_eq!(refused(house.desk.set(&ann(), &setting(1), 0).await), Refused::NotYours);
    assert_eq!(refused(house.desk.set(&boss, &setting(0), 0).await), Refused::Nonsense);
    house.desk.set(&boss, &setting(1), 0).await.unwrap();
    assert_eq!(refused(house.desk.set(&boss, &setting(2), 0).await), Refused::Changed);
    let cases = [
        house.person(101, ChannelKind::Telegram, false).await,
        house.person(102, ChannelKind::Web, false).await,
    ];
    house.claim(&ann(), cases[0]).await;
    assert_eq!(house.desk.claim(&ann(), cases[1]).await.unwrap(), Claimed::Full { open: 1 });
    let standing = house.desk.outlook().await.unwrap();
    assert!(standing.staffed && standing.open_now && standing.opens_at.is_none());
    assert_eq!((standing.waiting, standing.wait_minutes), (1, None));
}

impl House {
    /// The person sent a file.
    async fn wants(&self, case: CaseId) -> AttachmentId {
        let now = self.clock.now();
        let id = AttachmentId(self.ids.next(now));
        let remote = self.keys.seal(&case_context(case), b"F1", &*self.ids);
        let new = cases::AttachmentNew { id, case, kind: "photo", key_id: 1, remote, at: now };
        let mut tx = self.fresh.write().await;
        cases::want(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn file(&self, id: AttachmentId) -> cases::AttachmentRow {
        cases::attachment(&mut self.fresh.read().await, id).await.unwrap().unwrap()
    }
}

async fn of_two_workers_one_fetches_a_file(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(5, ChannelKind::Telegram, false).await;
    let id = house.wants(case).await;
    let next = || house.desk.next_file(ChannelKind::Telegram);
    assert!(house.desk.next_file(ChannelKind::WhatsApp).await.unwrap().is_none());
    let (one, two) = tokio::join!(next(), next());
    let [first] = &[one.unwrap(), two.unwrap()].into_iter().flatten().collect::<Vec<_>>()[..] else {
        panic!("not one")
    };
    assert_eq!(&*first.remote, "F1");
    // It was thought dead, and another began: only the other's word counts.
    house.pass_minutes(4);
    let second = next().await.unwrap().unwrap();
    let mut signals = house.bus.listen();
    house.desk.fetched(first, Err(Unfetched::Gone)).await.unwrap();
    house.desk.fetched(first, Ok(b"late".to_vec())).await.unwrap();
    assert_eq!(house.file(id).await.state, "wanted");
    house.desk.fetched(&second, Ok("привет".into())).await.unwrap();
    let row = house.file(id).await;
    assert_eq!((&*row.state, row.mime.as_deref(), row.size), ("stored", Some("text/plain"), Some(12)));
    if house.fresh.store.backend() == safar::store::Backend::Sqlite {
        assert_eq!(signals.try_recv().unwrap(), Signal::Case(case));
    }
    house.pass_minutes(10);
    assert!(next().await.unwrap().is_none());
    assert!(house.said(ChannelKind::Telegram).await.is_empty());
    // Erased while it was on its way: nothing of it stays.
    let erased = house.wants(case).await;
    let third = next().await.unwrap().unwrap();
    let mut tx = house.fresh.write().await;
    sessions::hold(&mut tx, ContactId(5)).await.unwrap();
    cases::erase(&mut tx, ContactId(5), house.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    house.desk.fetched(&third, Ok(b"x".to_vec())).await.unwrap();
    assert_eq!(cases::attachment(&mut house.fresh.read().await, erased).await.unwrap(), None);
}

async fn tries_for_a_file_end(fresh: Fresh) {
    let house = House::on(fresh).await;
    let case = house.person(5, ChannelKind::Telegram, false).await;
    let id = house.wants(case).await;
    let mut tries = 0;
    let begun = house.clock.now();
    while house.file(id).await.state == "wanted" {
        match house.desk.next_file(ChannelKind::Telegram).await.unwrap() {
            Some(file) => {
                tries += 1;
                let after = (tries == 1).then_some(300);
                house.desk.fetched(&file, Err(Unfetched::Later { after })).await.unwrap();
                // The channel's own word on the pause holds.
                house.clock.advance_ms(299_999 * i64::from(tries == 1));
                assert!(house.desk.next_file(ChannelKind::Telegram).await.unwrap().is_none());
            }
            None => house.pass_minutes(1),
        }
    }
    let hours = house.clock.now().ms_since(begun) / (60 * MINUTE);
    assert!(tries == 12 && (3..6).contains(&hours), "{tries} tries in {hours} h");
    assert_eq!(house.file(id).await.reason.as_deref(), Some("unreachable"));
    let said = house.said(ChannelKind::Telegram).await;
    assert!(said.len() == 1 && said[0].0.contains("case-refused"), "{said:?}");
}
