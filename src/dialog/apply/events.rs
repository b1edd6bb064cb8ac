//! Engine events as rows of the event log, in the types of indicators.md §1.4.

use super::attrs;
use crate::{
    domain::{
        AGE, AUDIENCE, CITIZENSHIP, CampaignCode, ContactId, DESTINATION, Inbound, Timestamp, age_group,
    },
    engine::{Event, State},
    store::events::EventRow,
};

/// Where a turn's events come from.
pub(super) struct Origin<'a> {
    pub inbound: &'a Inbound,
    pub contact: ContactId,
    /// Campaign code of the touch.
    pub code: Option<&'a CampaignCode>,
    /// Contacts that this inbound showed to be the same person.
    pub absorbed: &'a [ContactId],
    pub now: Timestamp,
    /// The node from which the person did this.
    pub from: Option<&'a str>,
    /// The node in front of them now.
    pub node: Option<&'a str>,
}

impl Origin<'_> {
    /// The rows of a turn; `n` in an event id is the place in the turn.
    pub fn rows(&self, events: &[Event], state: &State, rows: &mut Vec<EventRow>) {
        let mut place = 0;
        for other in self.absorbed {
            rows.push(self.row(
                place,
                "link",
                Some(self.contact),
                attrs(&[("other", &other.to_string())]).into_owned(),
            ));
            place += 1;
        }
        for event in events {
            let (kind, attrs): (&'static str, String) = match event {
                Event::Contacted => {
                    let rated = events.iter().find_map(|event| match event {
                        Event::Rated { node, helped } => Some((node, *helped)),
                        _ => None,
                    });
                    let mut pairs = Vec::new();
                    if let Some((node, helped)) = rated {
                        pairs = vec![("about", node.as_str()), ("helped", if helped { "yes" } else { "no" })];
                    }
                    if events.iter().any(|event| matches!(event, Event::CaseOpened { .. })) {
                        pairs.push(("case", "opened"));
                    }
                    pairs.extend(self.from.map(|node| ("from", node)));
                    pairs.extend(self.node.map(|node| ("node", node)));
                    // The channel's own name of the advert: no campaign code, unless it is registered as one.
                    pairs.extend(self.inbound.advert.as_deref().map(|advert| ("ad", advert)));
                    ("contact", attrs(&pairs).into_owned())
                }
                Event::Viewed { node, knowledge } => (
                    "content_view",
                    attrs(&[("k", knowledge.as_str()), ("node", node.as_str())]).into_owned(),
                ),
                Event::Questioned => ("question", attrs(&[]).into_owned()),
                Event::Profiled { key, value } => ("profile", profile(key, value.as_deref(), state)),
                Event::LocaleChosen(locale) => ("profile", attrs(&[("lang", locale.as_str())]).into_owned()),
                Event::OptedOut => ("optout", attrs(&[]).into_owned()),
                // Kept in the session, or rows of their own.
                Event::Consented(_)
                | Event::OptedIn
                | Event::EraseConfirmed
                | Event::HideAsked
                | Event::Rated { .. }
                | Event::CaseOpened { .. }
                | Event::CaseMessage
                | Event::CaseReopened { .. }
                | Event::CaseUrgent
                | Event::CaseRated { .. }
                | Event::CaseRemark
                | Event::Blocked
                | Event::Unblocked
                | Event::Stuck(_) => continue,
            };
            rows.push(self.row(place, kind, Some(self.contact), attrs));
            place += 1;
        }
    }

    /// The bare tick of an erasure: it names nobody, not even by the update that asked for it.
    pub fn erasure(&self, tick: i64) -> EventRow {
        EventRow {
            event_id: format!("erase:{tick}"),
            code: None,
            ..self.row(0, "erase", None, attrs(&[]).into_owned())
        }
    }

    /// Somebody who works here: not counted (indicators.md §1.4).
    pub fn staff(&self, place: usize) -> EventRow {
        self.row(place, "flag", Some(self.contact), attrs(&[("kind", "staff")]).into_owned())
    }

    fn row(&self, place: usize, kind: &'static str, contact: Option<ContactId>, attrs: String) -> EventRow {
        EventRow {
            event_id: event_id(&self.inbound.key, self.now, place),
            kind,
            contact,
            // A clock that runs ahead does not make a future.
            occurred_at: self.inbound.at.min(self.now),
            recorded_at: self.now,
            channel: self.inbound.address.channel,
            source: self.inbound.source,
            code: self.code.filter(|_| kind == "contact").map(|code| code.as_str().into()),
            attrs,
        }
    }
}

/// Digits of a WhatsApp key before the hash: the message's second.
const SECOND_DIGITS: usize = 8;
/// Digits of the hash that go into an event's id; with the instant's twelve they make 16 bytes.
const HASH_DIGITS: usize = 20;

/// Id of the `place`-th event of an inbound (design §4).
///
/// WhatsApp's keys come in no order, so theirs begin with the commit's instant instead of the message's second: else the
/// events of one commit would lie all over the index, a page of it for each. The inbound's own key in `dedup` sees to it
/// that an event is not written twice.
fn event_id(key: &str, now: Timestamp, place: usize) -> String {
    let digits = key.strip_prefix("wa:").and_then(|digits| digits.split_at_checked(SECOND_DIGITS));
    match digits.and_then(|(_, hash)| Some((hash.get(..HASH_DIGITS)?, hash))) {
        Some((short, hash)) if hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            format!("wa:{:012x}{short}:{place}", now.0)
        }
        _ => format!("{key}:{place}"),
    }
}

/// Profile keys of the content as those of the indicators (issue of the whole content, item 1): `origin` is the
/// citizenship; `stay` the destination of a migrant, the origin of those going and of families at home.
fn profile(key: &str, value: Option<&str>, state: &State) -> String {
    let unknown = |value: Option<&str>| value.unwrap_or("U").to_owned();
    let stay = state.profile.stay();
    match key {
        CITIZENSHIP => {
            let origin = unknown(value);
            attrs(&[("origin", &origin), ("stay", &unknown(stay))]).into_owned()
        }
        DESTINATION => attrs(&[("stay", &unknown(stay))]).into_owned(),
        AUDIENCE => {
            let audience = match value {
                Some("going") => "migrant".to_owned(),
                other => unknown(other),
            };
            attrs(&[("aud", &audience), ("stay", &unknown(stay))]).into_owned()
        }
        AGE => attrs(&[(AGE, &unknown(value.map(age_group)))]).into_owned(),
        other => attrs(&[(other, &unknown(value))]).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_commit_lie_together_whatever_their_inbound_are_called() {
        let now = Timestamp(0x0123_4567_89ab);
        let hash = "00112233445566778899aabb";
        assert_eq!(event_id(&format!("wa:6a0f0000{hash}"), now, 2), "wa:0123456789ab00112233445566778899:2");
        for other in ["tg:1:77", "web:abc", "wa:short", "wa:6a0f0000zz112233445566778899aabb"] {
            assert_eq!(event_id(other, now, 0), format!("{other}:0"));
        }
    }

    #[test]
    fn profile_answers_are_told_in_the_words_of_the_indicators() {
        for (answers, key, wanted) in [
            ("citizenship=TJ", "citizenship", r#"{"origin":"TJ","stay":"U"}"#),
            ("citizenship=TJ destination=RU", "destination", r#"{"stay":"RU"}"#),
            (
                "audience=migrant citizenship=KG destination=KZ",
                "audience",
                r#"{"aud":"migrant","stay":"KZ"}"#,
            ),
            ("audience=going citizenship=KG destination=KZ", "audience", r#"{"aud":"migrant","stay":"KG"}"#),
            ("audience=going citizenship=KG destination=KZ", "destination", r#"{"stay":"KG"}"#),
            (
                "audience=family citizenship=TJ destination=RU",
                "citizenship",
                r#"{"origin":"TJ","stay":"TJ"}"#,
            ),
            ("audience=family", "audience", r#"{"aud":"family","stay":"U"}"#),
            ("audience=employer destination=RU", "audience", r#"{"aud":"employer","stay":"RU"}"#),
            ("sex=F", "sex", r#"{"sex":"F"}"#),
            ("age=u18", "age", r#"{"age":"<18"}"#),
            ("age=25-29", "age", r#"{"age":"25-29"}"#),
            ("age=60plus", "age", r#"{"age":"60+"}"#),
            // Taken back.
            ("", "sex", r#"{"sex":"U"}"#),
            ("", "age", r#"{"age":"U"}"#),
            ("destination=RU", "audience", r#"{"aud":"U","stay":"RU"}"#),
            ("", "citizenship", r#"{"origin":"U","stay":"U"}"#),
        ] {
            let mut state = State::default();
            state.profile = answers.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
            let value = state.profile.get(key).map(str::to_owned);
            assert_eq!(profile(key, value.as_deref(), &state), wanted, "{answers}: {key}");
        }
    }
}
