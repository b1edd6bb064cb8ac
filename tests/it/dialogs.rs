//! Conversations as data, replayed through the pure engine: `tests/data/dialogs/**.toml`.
//!
//! State goes through its stored form between turns. `UPDATE_CASES=1` rewrites what is expected.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use safar::{
    app, channels, compose,
    content::{Files, Release, embedded},
    domain::{DeskView, Locale, Timestamp},
    engine::{self, HOME_OFFSET_MINUTES, Input, Note, Say, State, System, Turn},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub about: String,
    pub now: String,
    /// Content folder below `tests/data`; without it the embedded content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Whether consultants work: `open`, `closed` until the next morning; without it nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    pub turn: Vec<CaseTurn>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseTurn {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taps: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub start: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub media: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub sticker: bool,
    /// What the consultants' side does: `claimed NAME`, `answered NAME: TEXT`, `requeued`, `closed`, `reopened`,
    /// `refused REASON`; `untold …`: the word about it could not be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// Language of the person's app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_language: Option<String>,
    /// What those who write the content learn from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub learns: Vec<String>,
    /// Minutes that pass before this turn.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_minutes: i64,
    /// The screen; none when the bot stays silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// Pieces that the Russian, or chosen, text must hold. Not rewritten.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text_has: Vec<String>,
    /// Lines that the message must hold where choices are lines of text. Not rewritten.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(value: &i64) -> bool {
    *value == 0
}

impl CaseTurn {
    pub fn input(&self) -> Input<'_> {
        match (&self.says, &self.taps, &self.command) {
            (Some(text), ..) => Input::Text(text),
            (_, Some(token), _) => Input::Tap(token),
            (.., Some(word)) => Input::Command(word),
            _ if self.start => Input::Start,
            _ if self.sticker => Input::Sticker { readable: true },
            _ => Input::Media,
        }
    }
}

/// A desk with a few people before; it opens at 04:00 UTC.
fn desk(how: Option<&str>, now: Timestamp) -> DeskView {
    const DAY_MS: i64 = 86_400_000;
    let next = Timestamp(now.0.div_euclid(DAY_MS) * DAY_MS + DAY_MS + 4 * 3_600_000);
    match how {
        None => DeskView::default(),
        Some(how @ ("open" | "closed")) => DeskView {
            staffed: true,
            open_now: how == "open",
            opens_at: (how == "closed").then_some(next),
            waiting: 4,
            waiting_urgent: 1,
            wait_minutes: Some(25),
            wait_minutes_urgent: Some(25),
            kept_days: Some(365),
        },
        Some(other) => panic!("desk = {other:?}"),
    }
}

/// One word of the consultants' side, applied to a person's state.
fn consultants(state: &mut State, word: &str, now: Timestamp) -> Option<Say> {
    use engine::case;
    match word.split_once(' ').unwrap_or((word, "")) {
        ("claimed", name) => case::claimed(state, name),
        ("answered", rest) => {
            let (name, text) = rest.split_once(": ").expect("NAME: TEXT");
            Some(case::answered(state, name, text))
        }
        ("requeued", _) => case::requeued(state),
        ("closed", _) => case::closed(state, now),
        ("refused", reason) => Some(case::refused(state, reason)),
        ("reopened", _) => {
            case::reopened(state, now);
            None
        }
        ("untold", word) => {
            consultants(state, word, now);
            case::untold(state);
            None
        }
        other => panic!("{other:?}"),
    }
}

pub fn embedded_release() -> Arc<Release> {
    // Once for all tests: its language model takes a while to learn.
    static RELEASE: LazyLock<Arc<Release>> = LazyLock::new(|| release(&embedded()));
    RELEASE.clone()
}

pub fn release(files: &Files) -> Arc<Release> {
    let (interface, words) = app::interface().unwrap();
    match Release::parse(files, interface, words) {
        Ok((release, _)) => Arc::new(release),
        Err(findings) => panic!("{findings:#?}"),
    }
}

pub fn case_files(folder: &str) -> Vec<PathBuf> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "toml") {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder), &mut out);
    out.sort();
    out
}

pub fn read_case(path: &Path) -> Case {
    let text = fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn stored(state: &State) -> State {
    let private = state.private.clone();
    let mut back = State::from_json(&state.to_json()).unwrap();
    back.private = private;
    assert_eq!(back, *state, "a state reads back as it was written");
    back
}

fn tokens(release: &Release, say: &Say) -> Vec<String> {
    let page = engine::choices(release, say);
    page.choices.iter().chain(&page.system).map(|choice| choice.token.to_string()).collect()
}

#[test]
fn conversations_go_as_written() {
    let embedded = embedded_release();
    let update = std::env::var("UPDATE_CASES").is_ok();
    let mut failures = Vec::new();
    let files = case_files("dialogs");
    assert!(files.len() >= 10, "only {} case files", files.len());
    for path in files {
        let mut case = read_case(&path);
        let release = match &case.content {
            Some(name) => release(&crate::check::folder(name)),
            None => embedded.clone(),
        };
        let mut now = Timestamp::from_iso(&case.now).expect("now is an instant");
        let mut state = State::default();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (place, turn) in case.turn.iter_mut().enumerate() {
            now = now.plus_ms(turn.after_minutes * 60_000 + 1_000);
            state.hint = turn.app_language.as_deref().map(Into::into);
            let Turn { state: next, say, events, lessons } = match &turn.desk {
                Some(word) => {
                    let mut next = state.clone();
                    let say = consultants(&mut next, word, now);
                    Turn { state: next, say, events: Vec::new(), lessons: Vec::new() }
                }
                None => {
                    let desk = desk(case.desk.as_deref(), now);
                    let first = engine::converse(&release, state.clone(), &turn.input(), &desk, now);
                    let again = engine::converse(&release, state, &turn.input(), &desk, now);
                    assert_eq!(again.state, first.state, "{name}: the same input gives the same turn");
                    first
                }
            };
            let mut next = next;
            next.hint = None;
            state = stored(&next);
            let shows = say.as_ref().map(|say| say.screen.to_string());
            let notes: Vec<String> =
                say.iter().flat_map(|say| &say.notes).map(|note| note.0.to_string()).collect();
            let choices = say.as_ref().map(|say| tokens(&release, say));
            let events: Vec<String> = events.iter().map(ToString::to_string).collect();
            if let Some(say) = &say {
                let today = now.day(HOME_OFFSET_MINUTES);
                let composed = compose::compose(&release, say, &channels::telegram::LIMITS, today);
                let whatsapp = compose::compose(&release, say, &channels::whatsapp::LIMITS, today);
                let numbered = channels::whatsapp::render::numbered(&whatsapp);
                for line in turn.lines.iter().filter(|line| !numbered.lines().any(|has| has == *line)) {
                    failures.push(format!("{name} turn {}: «{line}» is not in:\n{numbered}", place + 1));
                }
                for piece in &turn.text_has {
                    if !composed.text.contains(piece.as_str()) {
                        failures.push(format!(
                            "{name} turn {}: «{piece}» is not in:\n{}",
                            place + 1,
                            composed.text
                        ));
                    }
                }
            }
            let learns: Vec<String> = lessons.iter().map(|lesson| lesson.why.as_str().to_owned()).collect();
            if update {
                turn.learns.clone_from(&learns);
                turn.shows = shows;
                turn.notes = notes;
                turn.choices = turn.choices.take().and(choices);
                turn.events = Some(events);
                continue;
            }
            let mut expect = |what: &str, expected: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug| {
                let (expected, got) = (format!("{expected:?}"), format!("{got:?}"));
                if expected != got {
                    failures
                        .push(format!("{name} turn {}: {what}: expected {expected}, got {got}", place + 1));
                }
            };
            expect("shows", &turn.shows, &shows);
            expect("notes", &turn.notes, &notes);
            expect("learns", &turn.learns, &learns);
            if turn.choices.is_some() {
                expect("choices", &turn.choices, &choices);
            }
            if let Some(expected) = &turn.events {
                expect("events", expected, &events);
            }
        }
        if update {
            fs::write(&path, toml::to_string(&case).unwrap()).unwrap();
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_bot_that_does_not_understand_never_says_the_same_sentence_twice_in_a_row() {
    let release = embedded_release();
    let mut state = State::default();
    let mut now = Timestamp::from_seconds(1_795_000_000);
    let mut last: Option<Vec<Note>> = None;
    let mut inputs = vec!["qwerty"; 5];
    inputs.push("тоҷикӣ");
    inputs.extend(["asdf"; 12]);
    for text in inputs {
        now = now.plus_ms(5_000);
        let turn = engine::advance(&release, state, &Input::Text(text), now);
        state = turn.state;
        let notes = turn.say.unwrap().notes;
        if notes.is_empty() {
            last = None;
        } else {
            assert_ne!(Some(&notes), last.as_ref(), "after {text}");
            last = Some(notes);
        }
    }
}

#[test]
fn every_button_of_every_screen_leads_somewhere_from_any_state() {
    let release = embedded_release();
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut fresh = State::default();
    fresh.locale = Some(Locale::Ky);
    for node in release.nodes() {
        let mut say = Say::new(engine::Screen::Node(node.id.clone()), Some(Locale::Ky));
        say.back = true;
        for token in tokens(&release, &say) {
            for state in [State::default(), fresh.clone()] {
                let turn = engine::advance(&release, state, &Input::Tap(&token), now);
                assert!(turn.say.is_some(), "{}: {token}", node.id);
                assert!(
                    !turn.events.iter().any(|e| matches!(e, engine::Event::Stuck(_))),
                    "{}: {token}",
                    node.id
                );
            }
        }
    }
}

#[test]
fn words_that_stand_for_choices_are_commands() {
    use safar::lang::Command;
    let release = embedded_release();
    for locale in Locale::ALL {
        for (id, command) in
            engine::Sign::WORDS.into_iter().zip([Command::Menu, Command::Back, Command::Skip])
        {
            let word = release.interface.format(locale, id, None, None).unwrap();
            assert_eq!(release.words.command(&word), Some(command), "{locale} {id}: {word}");
        }
    }
}

/// A page for people that a question found is called as the button below it is.
#[test]
fn what_was_found_has_no_second_button_for_people() {
    let release = embedded_release();
    let help = release.settings.help.clone();
    let patent = release.node("patent").unwrap().id.clone();
    let emergency = engine::Screen::Node(release.settings.emergency.clone());
    for screen in [engine::Screen::System(engine::System::Found), emergency] {
        let mut say = Say::new(screen, Some(Locale::Tg));
        say.found = vec![help.clone(), patent.clone()];
        let shown = tokens(&release, &say);
        assert!(!shown.contains(&format!("n.{help}")), "{shown:?}");
        assert!(shown.contains(&"n.patent".to_owned()) && shown.contains(&"s.person".to_owned()));
    }
}

/// Where choices are lines of text, each of them can be written, on every screen.
#[test]
fn every_sign_of_every_screen_is_its_choice() {
    let release = embedded_release();
    let now = Timestamp::from_seconds(1_795_000_000);
    for (node, locale) in release.nodes().zip(Locale::ALL.into_iter().cycle()) {
        let mut fresh = State::default();
        fresh.locale = Some(locale);
        let turn = engine::advance(&release, fresh, &Input::Tap(&format!("n.{}", node.id)), now);
        let say = turn.say.unwrap();
        let composed = compose::compose(&release, &say, &channels::whatsapp::LIMITS, now.day(180));
        for button in composed.choices.iter().chain(&composed.system) {
            let sign = button.sign.trim_end_matches([' ', '—']);
            let answer =
                |input| engine::advance(&release, turn.state.clone(), &input, now).say.unwrap().screen;
            let written = answer(Input::Text(sign));
            assert_eq!(written, answer(Input::Tap(&button.token)), "{locale} {}: {sign}", node.id);
        }
    }
}

#[test]
fn old_and_foreign_buttons_get_an_answer() {
    let release = embedded_release();
    let now = Timestamp::from_seconds(1_795_000_000);
    for token in [
        "",
        "n.",
        "n.gone-for-ever",
        "a.ask-region.atlantis",
        "p.patent.200",
        "p.patent.x",
        "💥",
        "s.nothing",
        "r3:n17:2",
        "a.home.yes",
    ] {
        let mut state = State::default();
        state.locale = Some(Locale::Tg);
        let turn = engine::advance(&release, state, &Input::Tap(token), now);
        assert!(turn.say.is_some(), "{token}");
        let turn = engine::advance(&release, State::default(), &Input::Tap(token), now);
        assert_eq!(turn.say.unwrap().screen, engine::Screen::System(System::Welcome), "{token}");
    }
}

/// The screen after a tap on "home", for somebody who has just read an answer.
fn home_after_an_answer(change: impl FnOnce(&mut State), now: Timestamp) -> String {
    let release = embedded_release();
    let mut state = State::default();
    state.locale = Some(Locale::Ru);
    state.consent = Some(engine::Consent { version: engine::NOTICE_VERSION, at: now });
    state.answered = Some(now);
    change(&mut state);
    engine::advance(&release, state, &Input::Tap("s.home"), now).say.unwrap().screen.to_string()
}

#[test]
fn nobody_is_asked_for_the_counts_before_the_notice_or_twice_in_a_month() {
    const DAY_MS: i64 = 86_400_000;
    // The 31st of January: the next month has 28 days.
    let now = Timestamp::from_iso("2026-01-31T06:00:00Z").unwrap();
    let after = |change: &dyn Fn(&mut State)| home_after_an_answer(change, now);
    assert_eq!(after(&|_| ()), "ask-sex");
    assert_eq!(after(&|state| state.consent = None), "home");
    assert_eq!(after(&|state| state.opted_out = true), "home");
    assert_eq!(after(&|state| state.owed = true), "ask-audience");
    assert_eq!(after(&|state| state.profile.set("sex", "F")), "ask-age");
    for (days, shows) in [(30, "home"), (31, "ask-sex")] {
        let asked = Some(now.plus_ms(-days * DAY_MS));
        assert_eq!(after(&|state| state.asked_later = asked), shows, "{days} days ago");
    }
    assert_eq!(after(&|state| state.troubled = Some(now.plus_ms(1 - engine::LATER_QUIET_MS))), "home");
    assert_eq!(after(&|state| state.answered = Some(now.plus_ms(-engine::LATER_FRESH_MS))), "home");
    let case = |open: bool, ago_ms: i64| {
        after(&|state| {
            let mut case = engine::Case::new(1, false, now.plus_ms(-ago_ms));
            (case.open, case.inside) = (open, false);
            state.case = Some(case);
        })
    };
    assert_eq!((case(true, 30 * DAY_MS).as_str(), case(false, DAY_MS - 1).as_str()), ("home", "home"));
    assert_eq!(case(false, DAY_MS), "ask-sex");
}

#[test]
fn an_old_yes_button_erases_nothing() {
    let release = embedded_release();
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut state = State::default();
    state.locale = Some(Locale::Ru);
    let turn = engine::advance(&release, state, &Input::Tap("a.delete.yes"), now);
    assert_eq!(turn.say.unwrap().screen, engine::Screen::System(System::DeleteAsk));
    assert!(!turn.events.contains(&engine::Event::EraseConfirmed));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn any_input() -> impl Strategy<Value = (u8, String)> {
        let texts = prop_oneof![
            any::<String>(),
            "[a-zа-яӣӯҷҳқғөүң0-9 .]{0,30}",
            Just("\u{202e}оммат\0\u{200b}".to_owned()),
            "(n|a|p|s)\\.[a-z-]{1,12}(\\.[a-z0-9]{1,5})?",
            Just("31.02".to_owned()),
            Just("х".repeat(5000)),
        ];
        (0u8..6, texts)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_conversation_goes_on(inputs in proptest::collection::vec(any_input(), 1..25)) {
            let release = embedded_release();
            let mut state = State::default();
            let mut now = Timestamp::from_seconds(1_795_000_000);
            for (kind, text) in &inputs {
                now = now.plus_ms(2_500);
                let input = match kind {
                    0 => Input::Text(text),
                    1 => Input::Tap(text),
                    2 => Input::Command(text),
                    3 => Input::Start,
                    4 => Input::Media,
                    _ => Input::Text(text),
                };
                let turn = engine::advance(&release, state, &input, now);
                let say = turn.say.expect("an answer");
                let composed = compose::compose(&release, &say, &channels::telegram::LIMITS, now.day(180));
                prop_assert!(!composed.text.is_empty());
                prop_assert!(channels::telegram::LIMITS.length(&composed.text) <= 4096);
                prop_assert!(!composed.choices.is_empty() || !composed.system.is_empty(), "every message carries buttons");
                state = stored(&turn.state);
                prop_assert!(state.to_json().len() < 2_000);
            }
        }
    }
}
