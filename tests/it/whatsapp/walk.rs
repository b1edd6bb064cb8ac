//! Three people, each in a language of their own, walk through the content side by side: they tap what their phone
//! shows, and read what the engine says, in the very form that `render` gives it.

use std::collections::HashSet;

use safar::{
    channels::whatsapp::{LIMITS, render},
    clock::Clock as _,
    compose::compose,
    content::Release,
    domain::{Address, ChannelKind, Locale, OutboxId},
    engine::{self, HOME_OFFSET_MINUTES, Input, State},
};
use serde_json::Value;

use crate::{
    dialogs::embedded_release,
    store::backend::{Fresh, store_contract},
    support::{
        fake_whatsapp::Kind,
        sql::{count, texts},
        whatsapp::{Wa, Who, tokens},
    },
};

store_contract!(three_people_walk_in_three_languages);

/// Taps of each after the language is chosen.
const STEPS: usize = 40;
/// Screens that each has to see at least.
const SCREENS: usize = 25;

struct Walker {
    who: Who,
    locale: Locale,
    state: State,
    /// The last answer, as it came.
    answer: Value,
    /// Texts seen, and places tapped.
    seen: HashSet<String>,
    tapped: HashSet<String>,
}

/// What a person does.
enum Does {
    Types(&'static str),
    Taps(String),
}

impl Walker {
    fn new(n: usize, locale: Locale) -> Self {
        let (state, answer) = (State::default(), Value::Null);
        Self { who: Who::nth(n), locale, state, answer, seen: HashSet::new(), tapped: HashSet::new() }
    }

    /// A new choice of the screen, else the way home.
    fn chooses(&mut self) -> Does {
        let offered = tokens(&self.answer);
        let is_new = |token: &&String| !token.starts_with("s.") && !self.tapped.contains(*token);
        let token = offered.iter().find(is_new).cloned();
        let home = || offered.iter().find(|token| *token == "s.home").cloned();
        match token.or_else(home) {
            Some(token) => {
                self.tapped.insert(token.clone());
                Does::Taps(token)
            }
            None => Does::Types("/menu"),
        }
    }

    fn message(&self, wa: &Wa, does: &Does) -> Value {
        match does {
            Does::Types(text) => wa.text(&self.who, text),
            Does::Taps(token) => {
                assert!(
                    tokens(&self.answer).contains(token),
                    "{token} is not on the screen: {}",
                    self.answer
                );
                wa.row(&self.who, token)
            }
        }
    }

    /// Compares what came with what the engine says.
    fn reads(&mut self, wa: &Wa, release: &Release, does: &Does, came: Value) {
        let input = match does {
            Does::Types(text) => match text.strip_prefix('/') {
                Some(word) => Input::Command(word),
                None => Input::Text(text),
            },
            Does::Taps(token) => Input::Tap(token),
        };
        let now = wa.app.clock.now();
        let turn = engine::advance(release, std::mem::take(&mut self.state), &input, now);
        self.state = turn.state;
        let say = turn.say.unwrap();
        let composed = compose(release, &say, &LIMITS, now.day(HOME_OFFSET_MINUTES));
        // The last word to somebody erased has no row.
        let row = came["biz_opaque_callback_data"].as_str().map(|row| OutboxId(row.parse().unwrap()));
        let to = Address::new(ChannelKind::WhatsApp, format!("+{}", self.who.address()));
        let call = render(&to, &composed, row, true);
        assert_eq!(came, serde_json::from_slice::<Value>(&call.body).unwrap(), "{:?}", self.locale);
        self.seen.insert(composed.text);
        self.answer = came;
    }
}

/// All do something at once, in one delivery; each reads one answer.
async fn step(wa: &Wa, release: &Release, walkers: &mut [Walker], does: &[Does]) {
    wa.app.clock.advance_ms(7_000);
    wa.api.forget();
    let messages: Vec<Value> =
        walkers.iter().zip(does).map(|(walker, does)| walker.message(wa, does)).collect();
    assert_eq!(wa.messages(&messages).await, 200);
    let said = wa.api.wait_for(Kind::Message, walkers.len()).await;
    for (walker, does) in walkers.iter_mut().zip(does) {
        let mut own = said.iter().filter(|call| call.to() == walker.who.address());
        let came = own.next().unwrap_or_else(|| panic!("{:?}: no answer", walker.locale)).body.clone();
        assert!(own.next().is_none(), "one message a turn");
        walker.reads(wa, release, does, came);
    }
}

async fn three_people_walk_in_three_languages(fresh: Fresh) {
    let wa = Wa::start(&fresh).await;
    let release = embedded_release();
    let mut walkers: Vec<Walker> =
        Locale::ALL.into_iter().enumerate().map(|(n, locale)| Walker::new(n + 1, locale)).collect();
    let all = |text: &'static str| Locale::ALL.map(|_| Does::Types(text));
    step(&wa, &release, &mut walkers, &all("Салом")).await;
    let languages = Locale::ALL.map(|locale| Does::Taps(format!("a.lang.{}", locale.as_str())));
    step(&wa, &release, &mut walkers, &languages).await;
    for _ in 0..STEPS {
        let does: Vec<Does> = walkers.iter_mut().map(Walker::chooses).collect();
        step(&wa, &release, &mut walkers, &does).await;
    }
    // A number of the last list, a word that leads nowhere, what is kept, and the end.
    for text in ["/menu", "1", "ыъ", "/mydata", "/delete"] {
        step(&wa, &release, &mut walkers, &all(text)).await;
    }
    let yes = Locale::ALL.map(|_| Does::Taps("a.delete.yes".to_owned()));
    for walker in &walkers {
        assert!(walker.seen.len() >= SCREENS, "{:?}: {} screens", walker.locale, walker.seen.len());
    }
    let [tg, ky, ru] = [Locale::Tg, Locale::Ky, Locale::Ru]
        .map(|locale| &walkers.iter().find(|walker| walker.locale == locale).unwrap().seen);
    // The greeting is in three languages; nothing else is the same.
    assert_eq!((tg & ky).len() + (tg & ru).len() + (ky & ru).len(), 3, "{:?}", tg & ru);
    let chosen = texts(wa.store(), "select distinct attrs from events where type = 'profile'").await;
    for locale in Locale::ALL {
        let attrs = format!(r#"{{"lang":"{}"}}"#, locale.as_str());
        assert!(chosen.contains(&attrs), "{chosen:?}");
    }
    step(&wa, &release, &mut walkers, &yes).await;
    assert_eq!((count(wa.store(), "contacts").await, count(wa.store(), "parked").await), (0, 0));
    wa.stop().await;
}
