//! A conversation as a case file of the tests (`tests/data/dialogs/`).

use std::fmt::Write;

use crate::{
    content::Release,
    domain::Timestamp,
    engine::{self, Event, Input, Say},
};

/// Collects turns.
pub struct Recorder {
    text: String,
}

impl Recorder {
    pub fn new(now: Timestamp) -> Self {
        Self { text: format!("about = \"recorded\"\nnow = \"{}\"\n", now.to_iso()) }
    }

    pub fn turn(&mut self, release: &Release, input: &Input<'_>, say: Option<&Say>, events: &[Event]) {
        let out = &mut self.text;
        let quote = |text: &str| toml::Value::from(text).to_string();
        let _ = match input {
            Input::Text(text) => writeln!(out, "\n[[turn]]\nsays = {}", quote(text)),
            Input::Tap(token) => writeln!(out, "\n[[turn]]\ntaps = {}", quote(token)),
            Input::Command(word) => writeln!(out, "\n[[turn]]\ncommand = {}", quote(word)),
            Input::Start => writeln!(out, "\n[[turn]]\nstart = true"),
            Input::Sticker { .. } => writeln!(out, "\n[[turn]]\nsticker = true"),
            _ => writeln!(out, "\n[[turn]]\nmedia = true"),
        };
        if let Some(say) = say {
            let _ = writeln!(out, "shows = {}", quote(&say.screen.to_string()));
            if !say.notes.is_empty() {
                let notes: Vec<String> = say.notes.iter().map(|note| quote(&note.0)).collect();
                let _ = writeln!(out, "notes = [{}]", notes.join(", "));
            }
            let page = engine::choices(release, say);
            let tokens: Vec<String> = page
                .choices
                .iter()
                .chain(&page.system)
                .map(|choice| quote(&choice.token.to_string()))
                .collect();
            let _ = writeln!(out, "choices = [{}]", tokens.join(", "));
        }
        let events: Vec<String> = events.iter().map(|event| quote(&event.to_string())).collect();
        let _ = writeln!(out, "events = [{}]", events.join(", "));
    }

    pub fn finish(self) -> String {
        self.text
    }
}
