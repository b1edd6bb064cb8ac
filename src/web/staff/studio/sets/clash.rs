//! Texts that were published meanwhile: all three side by side, to say which it shall be.

use super::{
    Console, Refusal,
    labels::{Labels, family},
    shown::{self, Piece},
};
use crate::{
    content::items::{Change, Clash, ItemKey, Message},
    domain::{Locale, hex},
    studio::{Draft, SetView},
};

/// A part that can be written anew here: of a text its value or an attribute, of a table all of it.
pub(super) struct Field {
    /// `value`, or the attribute's name; `source` for all of the item.
    pub name: String,
    pub label: String,
    pub text: String,
    pub rows: usize,
}

/// What stands in `staff/studio/set-clash.html`.
pub(super) struct Meeting {
    pub key: String,
    pub number: usize,
    pub title: String,
    pub label: String,
    pub lang: Option<Locale>,
    pub version: i64,
    /// Names what is published now: a form says what it saw.
    pub seen: String,
    /// From what the editor saw to what is published now.
    pub theirs: Vec<(String, Vec<Piece>)>,
    /// From what is published now to what the editor wants.
    pub ours: Vec<(String, Vec<Piece>)>,
    pub ours_is_gone: bool,
    pub theirs_is_gone: bool,
    pub fields: Vec<Field>,
}

/// By which a form names a text that it showed.
pub(super) fn mark(source: Option<&str>) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(source.unwrap_or_default());
    let text = hex(&digest);
    let sign = if source.is_some() { "t" } else { "n" };
    format!("{sign}{}", text.get(..16).unwrap_or_default())
}

/// All clashes of a set on its way.
pub(super) async fn meetings(
    console: &Console,
    labels: &Labels<'_>,
    view: &SetView,
) -> Result<Vec<Meeting>, Refusal> {
    if !view.set.state.is_open() || view.drafts.is_empty() {
        return Ok(Vec::new());
    }
    let clashes = console.studio.clashes(view).await?;
    let one =
        |(number, clash): (usize, &Clash)| Some(meeting(labels, number, clash, view.draft(&clash.key)?));
    Ok(clashes.iter().enumerate().filter_map(one).collect())
}

fn meeting(labels: &Labels<'_>, number: usize, clash: &Clash, draft: &Draft) -> Meeting {
    let change = |old: &Option<String>, new: &Option<String>| Change {
        key: clash.key.clone(),
        path: draft.change.path.clone(),
        after: None,
        old: old.clone(),
        new: new.clone(),
    };
    let told = |change: &Change| -> Vec<(String, Vec<Piece>)> {
        let made = vec![shown::Made::of(change, None)];
        let groups = shown::groups(labels, made);
        let items = groups.into_iter().flat_map(|group| group.items);
        items.flat_map(|item| item.parts).map(|part| (part.label, part.pieces)).collect()
    };
    let own = family(&clash.key);
    let ours = change(&clash.now, &clash.new);
    Meeting {
        key: clash.key.to_string(),
        number,
        title: labels.title(&own, &[&ours]),
        label: labels.member(&clash.key),
        lang: clash.key.locale(),
        version: draft.version,
        seen: mark(clash.now.as_deref()),
        theirs: told(&change(&clash.old, &clash.now)),
        ours: told(&ours),
        ours_is_gone: clash.new.is_none(),
        theirs_is_gone: clash.now.is_none(),
        fields: fields(labels, &clash.key, clash.new.as_deref().or(clash.now.as_deref())),
    }
}

fn fields(labels: &Labels<'_>, key: &ItemKey, source: Option<&str>) -> Vec<Field> {
    let Some(source) = source else { return Vec::new() };
    let rows =
        |text: &str| text.lines().map(|line| 1 + line.chars().count() / 60).sum::<usize>().clamp(1, 16);
    if let (ItemKey::Text(..), Some(message)) = (key, Message::read(source)) {
        let field = |part: &crate::content::items::Part| Field {
            name: part.name.clone().unwrap_or_else(|| VALUE.to_owned()),
            label: labels.part(part.name.as_deref()),
            rows: rows(&part.text),
            text: part.text.clone(),
        };
        return message.parts.iter().map(field).collect();
    }
    let label = labels.frame.t("sets-text-plain");
    vec![Field { name: SOURCE.to_owned(), label, text: source.to_owned(), rows: rows(source) }]
}

/// The name under which a form sends a text's value.
pub(super) const VALUE: &str = "value";
/// The name under which a form sends all of an item.
pub(super) const SOURCE: &str = "source";

/// The source with what a form says of its parts.
pub(super) fn written(key: &ItemKey, source: &str, parts: &[(&str, &str)]) -> String {
    if let Some((_, whole)) = parts.iter().find(|(name, _)| *name == SOURCE)
        && !matches!(key, ItemKey::Text(..))
    {
        return whole.replace("\r\n", "\n").trim_end().to_owned();
    }
    let Some(mut message) = Message::read(source) else { return source.to_owned() };
    for (name, text) in parts {
        let name = (*name != VALUE).then_some(*name);
        // Only what is there: a form makes no new parts.
        if message.get(name).is_some() {
            message.set(name, text);
        }
    }
    message.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_into_the_source() {
        let key = ItemKey::Text(Locale::Ru, "rule".into());
        let source = "rule = Кому?\n    .text = Всем.\n    .button = Да";
        let merged = written(&key, source, &[("value", "Кому нужен?"), ("text", "Не всем."), ("new", "x")]);
        assert_eq!(merged, "rule = Кому нужен?\n    .text = Не всем.\n    .button = Да");
        let key = ItemKey::Node("rule".into());
        assert_eq!(written(&key, "a = 1", &[("source", "a = 2\r\nb = 3\n")]), "a = 2\nb = 3");
        assert_ne!(mark(None), mark(Some("")));
    }
}
