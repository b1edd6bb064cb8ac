//! What items are called on the pages.

use std::{borrow::Cow, collections::BTreeMap};

use super::{Console, Frame, escape};
use crate::{
    content::{
        Release,
        items::{Change, ItemKey, Message, Value},
    },
    domain::{Locale, StaffLocale},
};

/// The item under which a page shows this one: a node with its texts, a place or reply with its.
pub(super) fn family(key: &ItemKey) -> ItemKey {
    match key {
        ItemKey::Text(_, name) => {
            if let Some(id) = name.strip_prefix("place-") {
                ItemKey::Place(id.into())
            } else if let Some(id) = name.strip_prefix("reply-") {
                ItemKey::Reply(id.into())
            } else {
                ItemKey::Node(name.clone())
            }
        }
        key => key.clone(),
    }
}

/// All items that a page of this one tells of: a node has three texts.
pub(super) fn members(key: &ItemKey) -> Vec<ItemKey> {
    let first = family(key);
    let message: Option<Box<str>> = match &first {
        ItemKey::Node(id) => Some(id.clone()),
        ItemKey::Place(id) => Some(format!("place-{id}").into()),
        ItemKey::Reply(id) => Some(format!("reply-{id}").into()),
        _ => None,
    };
    let texts =
        message.into_iter().flat_map(|id| Locale::ALL.map(|locale| ItemKey::Text(locale, id.clone())));
    std::iter::once(first).chain(texts).collect()
}

/// Names things in the viewer's language.
pub(super) struct Labels<'a> {
    pub console: &'a Console,
    pub frame: &'a Frame<'a>,
    pub release: &'a Release,
}

impl Labels<'_> {
    /// What a family is called: as people see it, where they see it.
    pub(super) fn title(&self, family: &ItemKey, changes: &[&Change]) -> String {
        let locale = self.frame.content_locale();
        let text = |id: &str, part: Option<&str>| {
            let known = self.release.texts.format(locale, id, part, None).map(Cow::into_owned);
            known.filter(|text| !text.is_empty()).or_else(|| drafted(changes, locale, part))
        };
        let known = match family {
            ItemKey::Node(id) => text(id, None),
            ItemKey::Place(id) => text(&format!("place-{id}"), None),
            ItemKey::Reply(id) => text(&format!("reply-{id}"), Some("name")),
            _ => None,
        };
        known.unwrap_or_else(|| match family {
            ItemKey::Figure(id, key, from) => {
                let parts = [id, key, from].into_iter().filter(|part| !part.is_empty());
                parts.map(AsRef::as_ref).collect::<Vec<&str>>().join(" · ")
            }
            other => other.name().to_owned(),
        })
    }

    /// The kind of an item, as a word.
    pub(super) fn kind(&self, key: &ItemKey) -> String {
        self.frame.word("sets-kind-", key.kind())
    }

    /// An item among those of its family: its language, or what it is.
    pub(super) fn member(&self, key: &ItemKey) -> String {
        key.locale().map_or_else(|| self.kind(key), |locale| locale.own_name().to_owned())
    }

    /// A field of a table, by the name that it has in the file where we have no better.
    pub(super) fn field(&self, name: &str) -> String {
        self.known("sets-field-", name)
    }

    /// The value (`None`) or an attribute of a text.
    pub(super) fn part(&self, name: Option<&str>) -> String {
        let Some(name) = name else { return self.frame.t("sets-text-title") };
        for (prefix, id) in [("opt-", "sets-text-opt"), ("out-", "sets-text-out")] {
            if let Some(rest) = name.strip_prefix(prefix) {
                return self.frame.with(id, "name", rest);
            }
        }
        self.known("sets-text-", name)
    }

    fn known(&self, prefix: &str, name: &str) -> String {
        let id = format!("{prefix}{}", name.replace('.', "-"));
        let has = self.console.texts.has(StaffLocale::Ru, &id);
        if has { self.frame.t(&id) } else { name.to_owned() }
    }

    /// A field's value as words to compare.
    pub(super) fn value(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::List(list) => list.join(", "),
            Value::Map(map) => {
                let one = |(key, values): (&String, &Vec<String>)| format!("{key}: {}", values.join(", "));
                map.iter().map(one).collect::<Vec<_>>().join("; ")
            }
            Value::Flag(true) => self.frame.t("sets-yes"),
            Value::Flag(false) | Value::Number(None) => String::new(),
            Value::Number(Some(number)) => number.to_string(),
        }
    }
}

/// What a new node will be called.
fn drafted(changes: &[&Change], locale: Locale, part: Option<&str>) -> Option<String> {
    let mut found: BTreeMap<bool, String> = BTreeMap::new();
    for change in changes {
        let Some(own) = change.key.locale() else { continue };
        let message = change.new.as_deref().or(change.old.as_deref()).and_then(Message::read);
        if let Some(text) = message.and_then(|message| message.get(part).map(str::to_owned)) {
            found.entry(own != locale).or_insert(text);
        }
    }
    found.into_values().next()
}

/// An item's key as a piece of an address.
pub(super) fn address(key: &ItemKey) -> String {
    escape(&key.to_string()).replace('/', "%2F")
}

/// An item's key as a name within a page.
pub(super) fn anchor(key: &ItemKey) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    key.to_string().chars().map(plain).collect()
}
