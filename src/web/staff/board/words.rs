//! Numbers, periods and values as a viewer reads them.

use crate::{
    counting::board::{Figure, Period, Women},
    indicators::{DIRECT, Dimension, Measure, Shown, UNKNOWN, UNREGISTERED, Window, percent},
    web::staff::{Frame, refusal::escape},
};

/// A number of a page, with the address of what it is made of.
pub struct Num {
    pub text: String,
    pub href: Option<String>,
}

impl Num {
    pub fn plain(shown: Shown) -> Self {
        Self { text: number(shown), href: None }
    }
}

/// `12 345`; what is hidden as the rules write it.
pub fn number(shown: Shown) -> String {
    match shown {
        Shown::Number(n) => grouped(n),
        other => other.to_string(),
    }
}

/// Digits in threes, with a space that does not break.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A figure with the way to its trace; `only`: its cell.
pub fn figure(figure: &Figure, only: Option<(Dimension, &str)>) -> Num {
    let is_open = matches!(figure.shown, Shown::Number(n) if n > 0);
    Num { text: number(figure.shown), href: is_open.then(|| trace(figure, only)) }
}

fn trace(figure: &Figure, only: Option<(Dimension, &str)>) -> String {
    let (indicator, measure) = (figure.indicator.as_str(), figure.measure.as_str());
    let window = figure.window.to_string();
    let cell = only.map_or_else(String::new, |(dimension, value)| {
        format!("&only={}", escape(&format!("{}:{value}", dimension.as_str())))
    });
    format!("/staff/dashboard/trace?indicator={indicator}&measure={measure}&period={}{cell}", escape(&window))
}

/// Tenths as the language writes them: `66,7`; in English `66.7`.
fn decimal(frame: &Frame<'_>, tenths: u64) -> String {
    percent(tenths).replace('.', &frame.t("board-decimal"))
}

/// Tenths of a percent: `66,7 %`.
pub fn share(frame: &Frame<'_>, tenths: Option<u64>) -> String {
    tenths.map_or_else(|| "—".to_owned(), |tenths| format!("{}\u{a0}%", decimal(frame, tenths)))
}

/// Bounds of women's share: `33,3–83,3 %`.
pub fn bounds(frame: &Frame<'_>, women: &Women) -> String {
    match (women.low, women.high) {
        (Some(low), Some(high)) => format!("{}–{}\u{a0}%", decimal(frame, low), decimal(frame, high)),
        _ => "—".to_owned(),
    }
}

/// `2026-01 – 2026-06`.
pub fn window(frame: &Frame<'_>, window: Window) -> String {
    match window {
        Window::Programme => frame.t("board-period-whole"),
        Window::Span(first, last) => format!("{} – {}", Window::Month(first), Window::Month(last)),
        other => other.to_string(),
    }
}

pub fn period(frame: &Frame<'_>, period: Period) -> String {
    match period {
        Period::Whole => frame.t("board-period-whole"),
        Period::Campaign => frame.t("board-period-campaign"),
        other => other.to_string(),
    }
}

/// The name of a dimension.
pub fn dimension(frame: &Frame<'_>, dimension: Dimension) -> String {
    frame.word("board-by-", dimension.as_str())
}

/// `new` or `cum`.
pub fn measure(frame: &Frame<'_>, measure: Measure) -> String {
    frame.word("board-measure-", measure.as_str())
}

/// A value of a dimension; campaigns by what staff call them.
pub fn value(frame: &Frame<'_>, campaigns: &[(String, String)], dimension: Dimension, value: &str) -> String {
    let text = |prefix: &str, word: &str| {
        let id = format!("{prefix}{word}");
        let text = frame.t(&id);
        if text == id { value.to_owned() } else { text }
    };
    if value == UNKNOWN {
        return frame.t("board-unknown");
    }
    match dimension {
        Dimension::Sex => text("sex-", value),
        Dimension::Age => text("age-", &value.replace('<', "under-").replace('+', "-up")),
        Dimension::Origin | Dimension::Stay | Dimension::Centre => text("country-", value),
        Dimension::Audience => text("audience-", value),
        Dimension::Language => crate::domain::Locale::parse(value)
            .map_or_else(|| value.to_owned(), |locale| locale.own_name().to_owned()),
        Dimension::Channel => text("desk-channel-", value),
        Dimension::FirstTouch | Dimension::LastTouch => match value {
            DIRECT => frame.t("board-direct"),
            UNREGISTERED => frame.t("board-unregistered"),
            code => match campaigns.iter().find(|(known, _)| known == code) {
                Some((_, label)) if !label.is_empty() => format!("{label} ({code})"),
                _ => code.to_owned(),
            },
        },
        _ => value.to_owned(),
    }
}

/// A text in lines of about so many letters, parted between words; longer words stand in a line of their own. What does not
/// fit in `lines` ends with an ellipsis.
pub fn wrapped(text: &str, most: usize, lines: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match found.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => found.push(short(word, most)),
        }
    }
    if found.len() > lines {
        found.truncate(lines);
        if let Some(last) = found.last_mut() {
            *last = short(&format!("{last} …"), most);
        }
    }
    if found.is_empty() { vec![String::new()] } else { found }
}

/// A text of at most so many letters.
pub fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")]
        {
            assert_eq!(grouped(n), text);
        }
        assert_eq!(number(Shown::Below(5)), "<5");
        assert_eq!(wrapped("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrapped("one two three four", 7, 2), ["one two", "three …"]);
        assert_eq!(wrapped("abcdefgh i", 6, 2), ["abcde…", "i"]);
        assert_eq!(wrapped("", 6, 2), [""]);
        assert_eq!((short("abcdef", 6), short("abcdefg", 6)), ("abcdef".into(), "abcde…".into()));
    }
}
