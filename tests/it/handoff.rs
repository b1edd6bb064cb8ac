//! Conversations that reach consultants: what turns leave in the database, on both.

use std::sync::Arc;

use bytes::Bytes;
use safar::{
    bus::{Bus, Signal},
    channels::{
        telegram::{self, Received},
        whatsapp,
    },
    clock::SystemIds,
    dialog::Dialog,
    domain::{
        Address, Attached, CaseId, ChannelKind, ContactId, Content, DeskView, Inbound, MediaKind, Source,
        Timestamp, Told,
    },
    engine::{Say, Screen, State, System, Value},
    privacy::{Keys, case_context},
    store::{
        self,
        cases::{Author, CaseRow, CaseState},
    },
};
use tokio::sync::{broadcast, watch};

use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, NOW, store_contract},
};

store_contract!(
    what_is_said_to_consultants_is_kept_sealed_and_once,
    a_place_in_the_queue_is_the_true_one,
    who_talks_to_consultants_is_known_for_many_at_once,
    erasing_ends_an_open_case,
    a_closed_case_opens_again_and_keeps_its_rating,
    danger_after_the_end_opens_the_same_case_before_others,
    one_person_of_two_contacts_keeps_the_conversation,
);

struct Talk {
    fresh: Fresh,
    dialog: Dialog,
    keys: Keys,
    signals: broadcast::Receiver<Signal>,
    count: u32,
    now: Timestamp,
}

impl Talk {
    fn new(fresh: Fresh) -> Self {
        let (_sender, release) = watch::channel(embedded_release());
        let keys = Keys::from_secret(&[7; 32]);
        let view = DeskView { staffed: true, open_now: true, waiting: 40, ..DeskView::default() };
        let bus = Bus::default();
        let dialog = Dialog::new(fresh.store.clone(), keys.clone(), Arc::new(SystemIds::new()), release, 1)
            .with_desk(watch::channel(view).1, bus.clone());
        Self { signals: bus.listen(), fresh, dialog, keys, count: 0, now: NOW }
    }

    fn inbound(&mut self, address: Address, content: Content) -> Inbound {
        self.count += 1;
        Inbound {
            address,
            also: Vec::new(),
            source: Source::Bot,
            key: format!("k{}", self.count).into(),
            content,
            at: self.now,
            language_hint: None,
            tapped_message: None,
            advert: None,
            attached: None,
            mark_read: None,
            from: None,
            raw: Bytes::new(),
        }
    }

    async fn does(&mut self, who: &str, content: Content) -> Option<Say> {
        let inbound = self.inbound(Address::new(ChannelKind::Telegram, who), content);
        self.sends(inbound).await
    }

    async fn sends(&mut self, inbound: Inbound) -> Option<Say> {
        self.now = self.now.plus_ms(3_000);
        let done = self.dialog.handle(std::slice::from_ref(&inbound), &[], self.now).await.unwrap();
        // The channel delivers it again: nothing changes.
        let again = self.dialog.handle(&[inbound], &[], self.now).await.unwrap();
        assert_eq!((again.duplicates, again.outgoing.len()), (1, 0));
        done.outgoing.into_iter().next().map(|out| out.say)
    }

    async fn says(&mut self, who: &str, text: &str) -> Option<Say> {
        self.does(who, Content::Text(text.into())).await
    }

    async fn taps(&mut self, who: &str, token: &str) -> Option<Say> {
        self.does(who, Content::Tap(token.into())).await
    }

    /// Language, consent, and the case with its first words.
    async fn opens(&mut self, who: &str, text: &str) -> Option<Say> {
        self.taps(who, "a.lang.ru").await;
        self.says(who, "консультант").await;
        self.says(who, "да").await;
        self.says(who, text).await
    }

    async fn contact(&self, who: &str) -> ContactId {
        let lookup = self.keys.lookup(&Address::new(ChannelKind::Telegram, who));
        let mut tx = self.fresh.store.read().await.unwrap();
        store::contacts::find_by_lookup(&mut tx, &lookup).await.unwrap().unwrap()
    }

    async fn cases(&self, contact: ContactId) -> Vec<CaseRow> {
        let mut tx = self.fresh.store.read().await.unwrap();
        store::cases::of_contact(&mut tx, contact).await.unwrap()
    }

    /// Kind and text of what was said in a case.
    async fn entries(&self, case: CaseId) -> Vec<(String, String)> {
        let mut tx = self.fresh.store.read().await.unwrap();
        let rows = store::cases::entries(&mut tx, case, 0, 100).await.unwrap();
        rows.into_iter()
            .filter(|row| row.kind != "mark")
            .map(|row| {
                assert_eq!(row.author, Author::Contact);
                let opened = self.keys.open(&case_context(case), &row.sealed.unwrap()).unwrap();
                (row.kind, String::from_utf8(opened).unwrap())
            })
            .collect()
    }

    /// Kinds of all entries of a case, in order.
    async fn kinds(&self, case: CaseId) -> Vec<String> {
        let mut tx = self.fresh.store.read().await.unwrap();
        let rows = store::cases::entries(&mut tx, case, 0, 100).await.unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }

    /// The trail.
    async fn verbs(&self) -> Vec<String> {
        let mut tx = self.fresh.store.read().await.unwrap();
        store::audit::after(&mut tx, 0, 100).await.unwrap().into_iter().map(|row| row.verb).collect()
    }

    fn told(&self, case: &CaseRow) -> Told {
        let opened = self.keys.open(&case_context(case.id), case.sealed.as_ref().unwrap()).unwrap();
        serde_json::from_slice(&opened).unwrap()
    }

    /// What the consultants' side does to the person's state, as it stands in the database.
    async fn desk(&self, contact: ContactId, change: impl FnOnce(&mut State)) {
        let mut tx = self.fresh.store.write().await.unwrap();
        let held = store::sessions::hold(&mut tx, contact).await.unwrap().unwrap();
        let mut state = State::from_json(&held.state).unwrap();
        change(&mut state);
        store::sessions::put_state(&mut tx, contact, &state.to_json(), self.now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn close(&self, case: &CaseRow) {
        let closing = store::cases::Closing {
            case: case.id,
            version: case.version,
            outcome: "{}".to_owned(),
            topic: None,
            follow_up: None,
            by: safar::domain::StaffId(1),
            at: self.now,
        };
        let mut tx = self.fresh.store.write().await.unwrap();
        assert!(store::cases::close(&mut tx, &closing).await.unwrap());
        tx.commit().await.unwrap();
        let now = self.now;
        self.desk(case.contact.unwrap(), |state| {
            safar::engine::case::closed(state, now).unwrap();
        })
        .await;
    }
}

fn system(say: Option<Say>) -> System {
    match say.expect("an answer").screen {
        Screen::System(system) => system,
        other => panic!("{other}"),
    }
}

async fn what_is_said_to_consultants_is_kept_sealed_and_once(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    talk.taps("1", "a.lang.ru").await;
    for token in ["a.ask-audience.migrant", "a.ask-citizenship.TJ", "a.ask-destination.RU", "n.patent"] {
        talk.taps("1", token).await;
    }
    talk.says("1", "человек").await;
    assert_eq!(system(talk.taps("1", "a.case.yes").await), System::CaseAbout);
    assert_eq!(system(talk.says("1", "Хозяин <b>не</b> платит").await), System::CaseReceived);
    let mut photo = talk.inbound(Address::new(ChannelKind::Telegram, "1"), Content::Media(MediaKind::Photo));
    photo.attached = Some(Box::new(Attached {
        file: Some("AgAC-photo".into()),
        caption: Some("договор".into()),
        ..Attached::default()
    }));
    assert!(talk.sends(photo).await.is_none(), "no answer to each photo");
    let mut place =
        talk.inbound(Address::new(ChannelKind::Telegram, "1"), Content::Media(MediaKind::Location));
    place.attached = Some(Box::new(Attached { place: Some((55.75, 37.62)), ..Attached::default() }));
    talk.sends(place).await;
    let mut poll = talk.inbound(Address::new(ChannelKind::Telegram, "1"), Content::Media(MediaKind::Other));
    poll.attached = Some(Box::new(Attached {
        caption: Some("Где платят?\n- Здесь".into()),
        ..Attached::default()
    }));
    talk.sends(poll).await;
    assert!(talk.does("1", Content::Edited("Хозяин не платит два месяца".into())).await.is_none());
    let unread = talk.does("1", Content::Media(MediaKind::Contact)).await;
    assert_eq!(system(unread), System::CaseRefused, "what nobody can read is not taken in silence");

    let contact = talk.contact("1").await;
    let [case] = &talk.cases(contact).await[..] else { panic!("one case") };
    assert_eq!(
        (case.state, case.urgent, &*case.channel, &*case.locale, &*case.country),
        (CaseState::Waiting, false, "tg", "ru", "RU")
    );
    assert_eq!((case.topic.as_deref(), case.node.as_deref()), (Some("unpaid-wages"), Some("patent")));
    let told = talk.told(case);
    assert_eq!(told.path.last().map(String::as_str), Some("patent"));
    assert!(told.profile.contains(&("citizenship".to_owned(), "TJ".to_owned())));
    let entries = talk.entries(case.id).await;
    let entries: Vec<(&str, &str)> = entries.iter().map(|(kind, text)| (&**kind, &**text)).collect();
    assert_eq!(
        entries,
        [
            ("text", "Хозяин <b>не</b> платит"),
            ("attachment", "договор"),
            ("location", "55.750000,37.620000"),
            ("text", "Где платят?\n- Здесь"),
            ("edited", "Хозяин не платит два месяца"),
        ]
    );
    let mut tx = talk.fresh.store.read().await.unwrap();
    let [wanted] = &store::cases::wanted(&mut tx, ChannelKind::Telegram, talk.now, 10).await.unwrap()[..]
    else {
        panic!("one file")
    };
    assert_eq!((wanted.case, wanted.attempts), (case.id, 0));
    assert_eq!(
        talk.keys.open(&case_context(case.id), wanted.remote.as_ref().unwrap()).unwrap(),
        b"AgAC-photo"
    );
    drop(tx);
    if talk.fresh.store.backend() == store::Backend::Sqlite {
        let mut heard = Vec::new();
        while let Ok(signal) = talk.signals.try_recv() {
            heard.push(signal);
        }
        assert!(heard.contains(&Signal::Queue) && heard.contains(&Signal::Case(case.id)), "{heard:?}");
    }
}

async fn who_talks_to_consultants_is_known_for_many_at_once(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    talk.opens("1", "Не платят").await;
    talk.taps("2", "a.lang.ru").await;
    talk.opens("3", "Отобрали паспорт").await;
    // Back to the bot: what is written now is for it.
    talk.says("3", "меню").await;
    let of = |who: &str| Address::new(ChannelKind::Telegram, who);
    let (one, two, three, unknown) = (of("1"), of("2"), of("3"), of("4"));
    let asked = [&unknown, &three, &one, &two, &one];
    assert_eq!(talk.dialog.talking(&asked, talk.now).await.unwrap(), [false, false, true, false, true]);
    assert!(talk.dialog.talking(&[], talk.now).await.unwrap().is_empty());
}

async fn a_place_in_the_queue_is_the_true_one(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    for (place, who) in ["1", "2", "3"].into_iter().enumerate() {
        let say = talk.opens(who, "Мне не платят").await.unwrap();
        // The snapshot says 40.
        assert_eq!(say.vars.get("place"), Some(&Value::Number(place as i64 + 1)));
    }
    talk.taps("4", "a.lang.ru").await;
    assert_eq!(talk.says("4", "меня избили").await.unwrap().screen.to_string(), "emergency");
    let say = talk.taps("4", "a.case.urgent").await.unwrap();
    assert_eq!(say.vars.get("place"), Some(&Value::Number(1)), "who is in danger comes first");
    let case = talk.cases(talk.contact("4").await).await.remove(0);
    assert!(case.urgent);
    assert_eq!(talk.told(&case).question.as_deref(), Some("меня избили"));
}

async fn erasing_ends_an_open_case(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    talk.opens("1", "Мне не платят").await;
    let contact = talk.contact("1").await;
    let case = talk.cases(contact).await.remove(0).id;
    talk.says("1", "меня избивает начальник").await;
    assert!(talk.cases(contact).await.remove(0).urgent);
    assert_eq!(talk.kinds(case).await, ["text", "mark", "text"]);
    talk.does("1", Content::Command("delete".into())).await;
    assert_eq!(system(talk.taps("1", "a.delete.yes").await), System::Deleted);
    let mut tx = talk.fresh.store.read().await.unwrap();
    let row = store::cases::find(&mut tx, case).await.unwrap().unwrap();
    assert_eq!((row.state, row.contact, row.sealed), (CaseState::Erased, None, None));
    assert!(store::cases::entries(&mut tx, case, 0, 10).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(talk.verbs().await, ["case-urgent", "case-erased"]);
}

async fn a_closed_case_opens_again_and_keeps_its_rating(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    talk.opens("1", "Мне не платят").await;
    let contact = talk.contact("1").await;
    let case = talk.cases(contact).await.remove(0);
    talk.close(&case).await;
    assert_eq!(system(talk.says("1", "да").await), System::CaseRemark);
    assert_eq!(system(talk.says("1", "Помогли быстро").await), System::CaseThanks);
    let row = talk.cases(contact).await.remove(0);
    assert_eq!((row.state, row.rating), (CaseState::Closed, Some(1)));
    assert_eq!(talk.told(&row).remark.as_deref(), Some("Помогли быстро"));
    assert_eq!(system(talk.says("1", "Опять не платят").await), System::CaseWaiting);
    let row = talk.cases(contact).await.remove(0);
    assert_eq!((row.id, row.state, row.reopened), (case.id, CaseState::Waiting, 1));
    assert_eq!(row.rating, Some(1), "what they said of the first end stays");
    // A mark before their words, and a row of the trail.
    assert_eq!(talk.kinds(case.id).await, ["text", "mark", "text"]);
    assert_eq!(talk.verbs().await, ["case-reopened"]);
    talk.close(&row).await;
    talk.now = talk.now.plus_ms(8 * 86_400_000);
    talk.opens("1", "Новая беда").await;
    assert_eq!(talk.cases(contact).await.len(), 2, "later it is a new one");
}

/// Said in the conversation, or outside of it and then by the button: never a second case, never without the words.
async fn danger_after_the_end_opens_the_same_case_before_others(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    for (who, leaves) in [("1", false), ("2", true)] {
        talk.opens(who, "Мне не платят").await;
        let contact = talk.contact(who).await;
        let case = talk.cases(contact).await.remove(0);
        talk.close(&case).await;
        if leaves {
            talk.does(who, Content::Command("menu".into())).await;
        }
        assert_eq!(talk.says(who, "меня избили").await.unwrap().screen.to_string(), "emergency");
        if leaves {
            let mut tap =
                talk.inbound(Address::new(ChannelKind::Telegram, who), Content::Tap("a.case.urgent".into()));
            tap.tapped_message = Some(7);
            talk.now = talk.now.plus_ms(3_000);
            let done = talk.dialog.handle(&[tap], &[], talk.now).await.unwrap();
            let [out] = &done.outgoing[..] else { panic!("one answer") };
            assert_eq!(system(Some(out.say.clone())), System::CaseWaiting);
            assert_eq!(out.edit, None, "the numbers stay in front");
        }
        let [row] = &talk.cases(contact).await[..] else { panic!("one case") };
        assert_eq!((row.id, row.state, row.urgent), (case.id, CaseState::Waiting, true));
        let last = talk.entries(case.id).await.pop().unwrap();
        assert_eq!(last, ("text".to_owned(), "меня избили".to_owned()));
    }
}

/// WhatsApp shows that the number and the user id are one person.
async fn one_person_of_two_contacts_keeps_the_conversation(fresh: Fresh) {
    let mut talk = Talk::new(fresh);
    let phone = || Address::new(ChannelKind::WhatsApp, "+79990001122");
    let user = || Address::new(ChannelKind::WhatsApp, "TJ.1234567890");
    for text in ["русский", "консультант", "да", "Мне не платят"] {
        let inbound = talk.inbound(user(), Content::Text(text.into()));
        talk.sends(inbound).await;
    }
    let hello = talk.inbound(phone(), Content::Text("привет".into()));
    talk.sends(hello).await;
    let mut both = talk.inbound(phone(), Content::Text("и отпускных нет".into()));
    both.also = vec![user()];
    talk.sends(both).await;
    let mut tx = talk.fresh.store.read().await.unwrap();
    let lookup = talk.keys.lookup(&phone());
    let contact = store::contacts::find_by_lookup(&mut tx, &lookup).await.unwrap().unwrap();
    drop(tx);
    let cases = talk.cases(contact).await;
    assert_eq!((cases.len(), cases[0].contact), (1, Some(contact)));
    assert_eq!(talk.entries(cases[0].id).await.len(), 2);
}

#[test]
fn files_captions_and_places_are_read_where_they_are() {
    let telegram = |name: &str| {
        let raw = payload("telegram", name);
        match telegram::receive(8, &raw, NOW) {
            Ok(Received::Inbound { inbound, .. }) => inbound.attached,
            other => panic!("{name}: {other:?}"),
        }
    };
    let file = |name: &str| telegram(name).and_then(|attached| attached.file).is_some();
    let photo = telegram("photo_caption").unwrap();
    assert_eq!(photo.file.as_deref(), Some("L"), "the biggest");
    assert_eq!(photo.caption.as_deref(), Some("Это мой патент, он настоящий?"));
    for name in ["voice", "audio", "video", "video_note", "document"] {
        assert!(file(name), "{name}");
    }
    assert!(telegram("location").unwrap().place.is_some());
    assert!(telegram("venue").unwrap().place.is_some());
    assert!(telegram("contact").is_none(), "a stranger's number is not kept");
    assert_eq!(telegram("poll").unwrap().caption.as_deref(), Some("Где платят?\n- Здесь"));
    assert_eq!(telegram("sticker").unwrap().caption.as_deref(), Some("🆘"));
    assert!(telegram("venue").unwrap().caption.is_some());
    assert!(telegram("text").is_none());
    let whatsapp = |name: &str| {
        let raw = payload("whatsapp", name);
        let items = whatsapp::receive("111", &raw, str::to_owned, NOW).unwrap();
        items.into_iter().find_map(|item| match item {
            whatsapp::Item::Inbound(inbound) => inbound.attached,
            _ => None,
        })
    };
    let image = whatsapp("image_caption").unwrap();
    assert_eq!((image.file.as_deref(), image.caption.as_deref()), (Some("M1"), Some("патент")));
    for name in ["audio", "audio_voice", "video", "document"] {
        assert!(whatsapp(name).unwrap().file.is_some(), "{name}");
    }
    assert_eq!(whatsapp("location").unwrap().place, Some((43.2, 76.9)));
    assert!(whatsapp("contacts").is_none());
}

fn payload(channel: &str, name: &str) -> Bytes {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/channels");
    std::fs::read(format!("{folder}/{channel}/payloads/{name}.json")).unwrap().into()
}
