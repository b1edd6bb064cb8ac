//! Values of a form or a row become an entry, or a list of what is wrong with them. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Kind, Shape, Spec, Wrong,
    fault::Fault,
    kind::{HEADS_MAX, NUMBER_MAX},
};
use crate::{
    desk,
    domain::{CampaignCode, Timestamp, parse_day},
    indicators::{Rules, file::instant},
};

/// How far a phone's clock may be ahead, in milliseconds (indicators.md §1.2).
const AHEAD_MAX_MS: i64 = 600_000;
const NOON_MS: i64 = 12 * 3_600_000;
/// Not said.
const UNSAID: &str = "U";

/// An entry whose values are sound.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    pub kind: Kind,
    pub occurred_at: Timestamp,
    pub country: String,
    pub code: Option<String>,
    /// Heads, copies, or 1.
    pub number: u32,
    /// Values of closed lists and numbers, as the event will have them.
    pub fields: Map<String, Value>,
    /// What was typed, by name.
    pub texts: BTreeMap<String, String>,
    /// Whom or what it is of, written so that one unit is written one way; and the domain of its hash.
    pub unit: Option<(&'static str, String)>,
}

impl std::fmt::Debug for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filled({:?}, …)", self.kind)
    }
}

/// Reads the values of an entry. `day`: `2026-04-14` of the programme's zone, or an instant with a zone.
///
/// # Errors
/// All that is wrong, so that it can be mended at once.
pub fn read<'a>(
    kind: Kind,
    day: &str,
    value: impl Fn(&str) -> &'a str,
    now: Timestamp,
    rules: &Rules,
) -> Result<Filled, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let occurred_at = when(day, now, rules).unwrap_or_else(|fault| {
        wrong.push(Wrong { name: "occurred_at", fault });
        now
    });
    let mut filled = Filled {
        kind,
        occurred_at,
        country: String::new(),
        code: None,
        number: 1,
        fields: Map::new(),
        texts: BTreeMap::new(),
        unit: None,
    };
    for spec in kind.specs() {
        if let Err(fault) = take(&mut filled, spec, &desk::clean(value(spec.name))) {
            wrong.push(Wrong { name: spec.name, fault });
        }
    }
    if let Err(fault) = count(&mut filled) {
        wrong.push(Wrong { name: "n_f", fault });
    }
    if kind == Kind::CentreNewClients
        && let Some(centre) = filled.fields.get("centre").and_then(Value::as_str)
    {
        // One register a centre and month.
        let month = occurred_at.day(rules.offset_minutes).format("%Y-%m");
        filled.unit = Some(("field-month", format!("{centre} {month}")));
    }
    if wrong.is_empty() { Ok(filled) } else { Err(wrong) }
}

/// A day of the programme's zone is its noon, or this moment if noon is to come.
fn when(text: &str, now: Timestamp, rules: &Rules) -> Result<Timestamp, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    let offset_ms = i64::from(rules.offset_minutes) * 60_000;
    let at = match parse_day(text) {
        Some(day) => {
            let midnight = day.and_hms_opt(0, 0, 0).ok_or(Fault::NotDay)?.and_utc().timestamp_millis();
            let noon = Timestamp(midnight.saturating_add(NOON_MS - offset_ms));
            if now.day(rules.offset_minutes) == day { noon.min(now) } else { noon }
        }
        None => instant(text).ok_or(Fault::NotDay)?,
    };
    if at.ms_since(now) > AHEAD_MAX_MS {
        return Err(Fault::Ahead);
    }
    rules.day(at).map(|_| at).ok_or(Fault::Outside)
}

fn take(filled: &mut Filled, spec: &Spec, text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return if spec.required { Err(Fault::Missing) } else { Ok(()) };
    }
    let mut put = |value: &str| {
        filled.fields.insert(spec.name.to_owned(), value.into());
    };
    match spec.shape {
        Shape::Count(max) => {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let number =
                if digits { text.parse::<u64>().unwrap_or(u64::MAX) } else { return Err(Fault::NotNumber) };
            if number > u64::from(max) {
                return Err(Fault::TooMany(max));
            }
            put(&number.to_string());
        }
        Shape::Word(words) => {
            if !words.contains(&text) {
                return Err(Fault::NotOneOf(words.join(", ")));
            }
            if spec.name == "cc" {
                text.clone_into(&mut filled.country);
            }
            // What was not said changes nothing that is known.
            if text != UNSAID {
                put(text);
            }
        }
        Shape::Code => {
            let code = CampaignCode::parse(text.trim_start_matches('#')).ok_or(Fault::NotCode)?;
            filled.code = Some(code.as_str().to_owned());
        }
        Shape::Centre => {
            let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            let code = text.to_lowercase();
            if code.len() > 32 || !code.bytes().all(word) {
                return Err(Fault::NotCentre);
            }
            put(&code);
        }
        Shape::Unit => {
            within(text, NUMBER_MAX)?;
            let domain = filled.kind.unit().map_or("", |(_, domain)| domain);
            filled.unit = Some((domain, text.split_whitespace().collect::<Vec<_>>().join(" ")));
            filled.texts.insert(spec.name.to_owned(), text.to_owned());
        }
        Shape::Text(max) => {
            within(text, max)?;
            filled.texts.insert(spec.name.to_owned(), text.to_owned());
        }
    }
    Ok(())
}

fn within(text: &str, max: usize) -> Result<(), Fault> {
    if text.chars().count() > max { Err(Fault::TooLong(max)) } else { Ok(()) }
}

/// How much it reports. A head-count of nobody is a mistake.
fn count(filled: &mut Filled) -> Result<(), Fault> {
    let number = |name: &str| {
        filled.fields.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(0_u32)
    };
    let heads = number("n_f") + number("n_m") + number("n_u");
    match filled.kind {
        Kind::Session | Kind::CentreNewClients => {
            if heads > HEADS_MAX {
                return Err(Fault::TooMany(HEADS_MAX));
            }
            if heads + number("employers") == 0 {
                return Err(Fault::Nobody);
            }
            filled.number = heads;
        }
        Kind::Leaflet | Kind::Media => filled.number = number("quantity"),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-05-10T05:00:00Z";

    fn of(
        kind: Kind,
        day: &str,
        pairs: &[(&str, &str)],
    ) -> Result<Filled, Vec<(&'static str, &'static str)>> {
        let pairs: BTreeMap<&str, &str> = pairs.iter().copied().collect();
        let now = Timestamp::from_iso(NOW).unwrap();
        let value = |name: &str| pairs.get(name).copied().unwrap_or_default();
        read(kind, day, value, now, &Rules::default())
            .map_err(|wrong| wrong.into_iter().map(|wrong| (wrong.name, wrong.fault.key())).collect())
    }

    const SESSION: [(&str, &str); 5] =
        [("cc", "TJ"), ("place", " Хуҷанд "), ("covers", "both"), ("n_f", "6"), ("n_m", "04")];

    fn session(more: &[(&str, &str)]) -> Result<Filled, Vec<(&'static str, &'static str)>> {
        of(Kind::Session, "2026-04-14", &[&SESSION[..], more].concat())
    }

    #[test]
    fn a_session_is_read_with_its_day_in_the_programmes_zone() {
        let filled = session(&[("c", "#EV12"), ("aud", "U"), ("group", " Bus  7 ")]).unwrap();
        assert_eq!(filled.occurred_at.to_iso(), "2026-04-14T07:00:00Z");
        assert_eq!(
            (filled.code.as_deref(), filled.number, filled.country.as_str()),
            (Some("ev12"), 10, "TJ")
        );
        assert_eq!(
            Value::Object(filled.fields).to_string(),
            r#"{"cc":"TJ","covers":"both","n_f":"6","n_m":"4"}"#
        );
        assert_eq!(filled.texts["place"], "Хуҷанд");
        assert_eq!(filled.unit, Some(("field-group", "Bus 7".to_owned())));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        for (more, wrong) in [
            (
                &[("n_f", "many"), ("covers", "all"), ("place", "")][..],
                &["place missing", "covers not-one-of", "n_f not-number"][..],
            ),
            (&[("n_f", "0"), ("n_m", "")], &["n_f nobody"]),
            (&[("n_f", "-3")], &["n_f not-number"]),
            (&[("n_f", "99999999999999999999")], &["n_f too-many"]),
            (&[("n_f", "99999"), ("n_m", "2")], &["n_f too-many"]),
            (&[("c", "a b")], &["c not-code"]),
            (&[("cc", "XX")], &["cc not-one-of"]),
            (&[("employers", "1,5")], &["employers not-number"]),
        ] {
            let found: Vec<String> =
                session(more).unwrap_err().iter().map(|(name, fault)| format!("{name} {fault}")).collect();
            assert_eq!(found, wrong, "{more:?}");
        }
        let long = "x".repeat(201);
        assert_eq!(session(&[("topics", &long)]).unwrap_err(), [("topics", "too-long")]);
    }

    #[test]
    fn a_day_must_be_one_that_can_count() {
        for (day, wanted) in [
            ("2026-05-10", Ok("2026-05-10T05:00:00Z")),
            ("2026-04-14T23:30:00.000+06:00", Ok("2026-04-14T17:30:00Z")),
            ("2026-05-11", Err("ahead")),
            ("2025-12-31", Err("outside")),
            ("2026-04-14T14:00:00", Err("not-day")),
            ("14.04.2026", Err("not-day")),
            ("", Err("missing")),
        ] {
            let found = of(Kind::Session, day, &SESSION);
            match (found, wanted) {
                (Ok(filled), Ok(at)) => assert_eq!(filled.occurred_at.to_iso(), at),
                (Err(wrong), Err(fault)) => assert_eq!(wrong, [("occurred_at", fault)]),
                (found, _) => panic!("{day}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_centre_has_one_register_a_month() {
        let pairs = [("cc", "KG"), ("centre", "Osh-1"), ("n_u", "3"), ("page", "4–7")];
        let filled = of(Kind::CentreNewClients, "2026-03-31", &pairs).unwrap();
        assert_eq!(filled.unit, Some(("field-month", "osh-1 2026-03".to_owned())));
        assert_eq!(of(Kind::CentreNewClients, "2026-03-31", &[("centre", "Ош")]).unwrap_err().len(), 4);
    }
}
