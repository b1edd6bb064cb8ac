//! The difference of two texts, word by word.

use similar::{ChangeTag, TextDiff};

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    Same,
    Gone,
    Came,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub kind: SpanKind,
    pub text: String,
}

/// Both texts as one, in order; pieces of one kind are joined.
pub fn word_diff(old: &str, new: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for change in TextDiff::from_unicode_words(old, new).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => SpanKind::Same,
            ChangeTag::Delete => SpanKind::Gone,
            ChangeTag::Insert => SpanKind::Came,
        };
        match out.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(change.value()),
            None => out.push(Span { kind, text: change.value().to_owned() }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(spans: &[Span]) -> String {
        let sign = |kind| match kind {
            SpanKind::Same => ' ',
            SpanKind::Gone => '-',
            SpanKind::Came => '+',
        };
        let shown: Vec<String> =
            spans.iter().map(|span| format!("{}{}|", sign(span.kind), span.text)).collect();
        shown.concat()
    }

    #[test]
    fn a_word_changes() {
        let spans = word_diff("Патент стоит 8000 рублей.", "Патент стоит 8900 рублей.");
        assert_eq!(shown(&spans), " Патент стоит |-8000|+8900|  рублей.|");
        assert_eq!(shown(&word_diff("", "нав")), "+нав|");
        assert_eq!(word_diff("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_are_in_it(old in "[аб ҷ\n]{0,30}", new in "[аб ҷ\n]{0,30}") {
            let spans = word_diff(&old, &new);
            let without = |kind| -> String {
                spans.iter().filter(|span| span.kind != kind).map(|span| span.text.as_str()).collect()
            };
            prop_assert_eq!(without(SpanKind::Came), old);
            prop_assert_eq!(without(SpanKind::Gone), new);
        }
    }
}
