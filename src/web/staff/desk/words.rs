//! Words of the data as a viewer reads them.

use crate::{
    content::Release,
    domain::{Locale, StaffLocale, Timestamp},
    web::staff::Frame,
};

/// A choice of a form.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// The choices of a closed list, labelled `<prefix><word>`.
pub fn choices(frame: &Frame<'_>, prefix: &str, list: &[&str], chosen: &str) -> Vec<Choice> {
    list.iter()
        .map(|word| Choice {
            value: (*word).to_owned(),
            label: frame.word(prefix, key(word)),
            chosen: *word == chosen,
        })
        .collect()
}

/// A word as the end of a text's id: Fluent takes letters, digits and `-`.
fn key(word: &str) -> String {
    word.replace('<', "under-").replace('+', "-up")
}

/// A topic by its text `topic-<id>`; one that the content brought later, by the words of its id.
pub fn topic(frame: &Frame<'_>, topic: &str) -> String {
    let id = format!("topic-{topic}");
    let text = frame.t(&id);
    if text == id { topic.replace('-', " ") } else { text }
}

/// A page's title in a language of the chat.
pub fn title(release: &Release, locale: Locale, node: &str) -> Option<String> {
    release.texts.format(locale, node, None, None).map(std::borrow::Cow::into_owned)
}

/// A page's title for a viewer; English readers get the Russian one.
pub fn page_title(release: &Release, locale: StaffLocale, node: &str) -> String {
    title(release, locale.chat().unwrap_or(Locale::REFERENCE), node).unwrap_or_else(|| node.to_owned())
}

/// A language by its own name.
pub fn language(locale: &str) -> String {
    Locale::parse(locale).map_or_else(|| locale.to_owned(), |locale| locale.own_name().to_owned())
}

/// All topics, labelled and in order of their labels; the first choice is "any" or "not said".
pub fn topics(frame: &Frame<'_>, release: &Release, first: (&str, &str), chosen: &str) -> Vec<Choice> {
    let all = release.settings.topics.as_deref().unwrap_or_default();
    let mut list: Vec<Choice> = all
        .iter()
        .map(|id| Choice { value: id.to_string(), label: topic(frame, id), chosen: **id == *chosen })
        .collect();
    list.sort_by(|a, b| a.label.cmp(&b.label));
    let (value, label) = first;
    list.insert(0, Choice { value: value.to_owned(), label: frame.t(label), chosen: value == chosen });
    list
}

/// How long something lasts: `12 min`, `3 h`, `2 d`.
pub fn span(frame: &Frame<'_>, ms: i64) -> String {
    minutes(frame, ms.max(0) / 60_000)
}

/// The same of minutes.
pub fn minutes(frame: &Frame<'_>, minutes: i64) -> String {
    match minutes {
        ..90 => frame.n("desk-minutes", minutes),
        90..2_880 => frame.n("desk-hours", (minutes + 30) / 60),
        _ => frame.n("desk-days", (minutes + 720) / 1_440),
    }
}

/// How long ago.
pub fn since(frame: &Frame<'_>, at: Timestamp, now: Timestamp) -> String {
    span(frame, now.ms_since(at))
}
