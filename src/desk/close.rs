//! Closing a case, and registering one of somebody who came or phoned: the same form, the same events.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    Desk, DeskError, Mark, Refused, Who,
    cases::may_read,
    outcome::{Fault, Outcome, UNSAID},
    person::Person,
    settings::Centre,
};
use crate::{
    bus::Signal,
    counting,
    desk::audit::Verb,
    domain::{CaseId, ChannelKind, ContactId, Locale, Source, Timestamp, Told},
    engine,
    privacy::Keys,
    store::{
        Tx,
        cases::{self, Author, Closing, NewCase},
        events::{self, EventRow},
        sessions,
    },
};

/// A follow-up lies at most so far ahead.
const FOLLOW_UP_MAX_MS: i64 = 366 * 86_400_000;
/// Longest registration number of a person or household.
pub const NUMBER_MAX_CHARS: usize = 64;

/// A filled form.
#[derive(Clone, Debug)]
pub struct CloseForm {
    pub outcome: Outcome,
    /// A day that could not be read is refused with the form, not before it.
    pub follow_up: Result<Option<Timestamp>, Fault>,
    /// Number of the household that was helped: kept as a keyed hash only, so that one household counts once.
    pub household: String,
    /// The centre that helped; `None`: that of the settings.
    pub centre: Option<Centre>,
    /// The version that was shown.
    pub version: i64,
}

/// Somebody who came or phoned.
#[derive(Clone)]
pub struct Visit {
    /// The case that it becomes: of [`Desk::offer_visit`].
    pub case: CaseId,
    /// `centre` or `phone`.
    pub channel: &'static str,
    pub locale: Locale,
    /// Number in the centre's register: kept as a keyed hash only, so that one person counts once.
    pub number: String,
    /// Number of the household, likewise.
    pub household: String,
    /// The centre that helped; `None`: that of the settings.
    pub centre: Option<Centre>,
    pub note: String,
    /// When it was.
    pub at: Timestamp,
    pub outcome: Outcome,
    pub follow_up: Option<Timestamp>,
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visit(…)")
    }
}

/// Where the events of a case come from.
struct Origin {
    case: CaseId,
    contact: Option<ContactId>,
    /// None: a centre.
    channel: Option<(ChannelKind, Source)>,
    /// Times it was closed before: each closing has events of its own.
    round: i32,
    at: Timestamp,
    reg: Option<String>,
    household: Option<String>,
    centre: Centre,
}

impl Desk {
    /// Closes a case; its person is asked whether it helped.
    ///
    /// # Errors
    /// [`DeskError::Refused`]: the case stays open.
    pub async fn close(&self, who: &Who, case: CaseId, form: &CloseForm) -> Result<(), DeskError> {
        self.watched(who, case, self.try_close(who, case, form)).await
    }

    async fn try_close(&self, who: &Who, case: CaseId, form: &CloseForm) -> Result<(), DeskError> {
        let now = self.now();
        let mut tx = self.store.write().await?;
        let row = cases::find(&mut tx, case).await?.ok_or(Refused::Unknown)?;
        // Before the form is looked at: who may not close the case learns nothing but that.
        if !may_read(who, &row) {
            return Err(Refused::Unknown.into());
        }
        if !row.state.is_open() {
            return Err(Refused::Ended.into());
        }
        let follow_up = form.follow_up.map_err(Refused::Outcome)?;
        self.check(&form.outcome, follow_up, now)?;
        number_fits(&form.household)?;
        let centre = self.centre(form.centre.as_ref())?;
        let person = Person::hold(&mut tx, row.contact).await?;
        let closing = Closing {
            case,
            version: form.version,
            outcome: serde_json::to_string(&form.outcome).unwrap_or_default(),
            topic: topic(&form.outcome).or_else(|| row.topic.clone()),
            follow_up,
            by: who.id,
            at: now,
        };
        if !cases::close(&mut tx, &closing).await? {
            return Err(Refused::Changed.into());
        }
        self.mark(&mut tx, case, Mark::by("closed", who.id), now).await?;
        let channel = match row.contact {
            Some(contact) => {
                sessions::read_of(&mut tx, contact).await?.map(|held| (held.channel, held.source))
            }
            None => None,
        };
        if row.contact.is_none() || channel.is_some() {
            let origin = Origin {
                case,
                contact: row.contact,
                channel,
                round: row.reopened,
                at: now,
                reg: None,
                household: self.keys.alias("household", &form.household),
                centre,
            };
            self.count(&mut tx, &origin, &form.outcome, now).await?;
        }
        let mut signals = vec![Signal::Queue, Signal::Case(case)];
        if let Some(mut person) = person {
            let say = engine::case::closed(&mut person.state, now);
            signals.extend(self.tell(&mut tx, person, say, now).await?);
        }
        self.note(&mut tx, Some(who.id), Verb::CaseClosed, case).await?;
        self.note_day(&mut tx, who, case, follow_up).await?;
        self.commit(tx, &signals).await?;
        self.refresh_follow_ups().await?;
        Ok(())
    }

    /// A token for an empty form of the register. It names the case that the form becomes, so that one that comes
    /// twice counts once.
    pub fn offer_visit(&self, who: &Who) -> String {
        let case = self.ids.next(self.now());
        URL_SAFE_NO_PAD.encode(self.keys.seal(&visit_context(who), &case.to_be_bytes(), &*self.ids))
    }

    /// The case of a token that this consultant was offered.
    pub fn offered_visit(&self, who: &Who, token: &str) -> Option<CaseId> {
        let opened = self.keys.open(&visit_context(who), &URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        Some(CaseId(i64::from_be_bytes(opened.try_into().ok()?)))
    }

    /// Registers somebody who came or phoned: a case that is closed at once.
    ///
    /// # Errors
    /// [`DeskError::Refused`]: nothing was written. [`Refused::Twice`]: it was written already.
    pub async fn register(&self, who: &Who, visit: &Visit) -> Result<CaseId, DeskError> {
        let now = self.now();
        self.check(&visit.outcome, visit.follow_up, now)?;
        number_fits(&visit.number)?;
        number_fits(&visit.household)?;
        let centre = self.centre(visit.centre.as_ref())?;
        let note = super::answer::clean(&visit.note);
        let chars = note.chars().count();
        if chars > super::answer::ANSWER_MAX_CHARS {
            return Err(Refused::TooLong { chars, max: super::answer::ANSWER_MAX_CHARS }.into());
        }
        if visit.at > now || now.ms_since(visit.at) > FOLLOW_UP_MAX_MS {
            return Err(Refused::Outcome(Fault::FollowUp).into());
        }
        let case = visit.case;
        let mut tx = self.store.write().await?;
        if cases::find(&mut tx, case).await?.is_some() {
            return Err(Refused::Twice.into());
        }
        let told = serde_json::to_vec(&Told::default()).unwrap_or_default();
        let new = NewCase {
            id: case,
            contact: None,
            channel: visit.channel,
            urgent: visit.outcome.help == "protection",
            topic: topic(&visit.outcome),
            node: None,
            locale: visit.locale.as_str().to_owned(),
            country: visit.outcome.stay.clone(),
            skill: None,
            holder: Some(who.id),
            at: visit.at,
            key_id: Keys::ID,
            sealed: self.seal(case, &told),
        };
        cases::open(&mut tx, &new).await?;
        if !note.is_empty() {
            let entry = self.entry(case, Author::Note, "text", &note, now);
            cases::append(&mut tx, &[cases::EntryNew { staff: Some(who.id), ..entry }]).await?;
        }
        let closing = Closing {
            case,
            version: 1,
            outcome: serde_json::to_string(&visit.outcome).unwrap_or_default(),
            topic: new.topic.clone(),
            follow_up: visit.follow_up,
            by: who.id,
            at: now,
        };
        if !cases::close(&mut tx, &closing).await? {
            return Err(Refused::Changed.into());
        }
        let reg = self.keys.alias("centre-reg", &visit.number);
        let origin = Origin {
            case,
            contact: reg.as_deref().and_then(counting::visitor),
            channel: None,
            round: 0,
            at: visit.at,
            reg,
            household: self.keys.alias("household", &visit.household),
            centre,
        };
        self.count(&mut tx, &origin, &visit.outcome, now).await?;
        self.note(&mut tx, Some(who.id), Verb::CaseRegistered, case).await?;
        self.note_day(&mut tx, who, case, visit.follow_up).await?;
        self.commit(tx, &[Signal::Queue]).await?;
        self.refresh_follow_ups().await?;
        Ok(case)
    }

    /// That a follow-up was set stands in the trail; its day does not.
    async fn note_day(
        &self,
        tx: &mut Tx,
        who: &Who,
        case: CaseId,
        day: Option<Timestamp>,
    ) -> Result<(), DeskError> {
        if day.is_some() {
            self.note(tx, Some(who.id), Verb::FollowUpSet, case).await?;
        }
        Ok(())
    }

    /// The centre of a form, else that of the settings.
    fn centre(&self, named: Option<&Centre>) -> Result<Centre, DeskError> {
        match named {
            None => Ok(self.settings().centre.value.clone()),
            Some(centre) if centre.is_sound() => Ok(centre.clone()),
            Some(_) => Err(Refused::Outcome(Fault::Centre).into()),
        }
    }

    fn check(
        &self,
        outcome: &Outcome,
        follow_up: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let release = self.release();
        let topics = release.settings.topics.as_deref().unwrap_or_default();
        outcome.check(topics).map_err(Refused::Outcome)?;
        if follow_up.is_some_and(|at| !is_ahead(at, now)) {
            return Err(Refused::Outcome(Fault::FollowUp).into());
        }
        Ok(())
    }

    /// Writes the events of an outcome: `service`, `referral_made`, `profile`.
    async fn count(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let centre = &origin.centre;
        let mut kinds: Vec<(&'static str, Map<String, Value>)> = Vec::new();
        if let Some((kind, result)) = outcome.service() {
            let mut attrs = map(&[("kind", kind), ("result", result)]);
            for (key, value) in [("centre", &centre.code), ("cc", &centre.country)] {
                if !value.is_empty() {
                    attrs.insert(key.to_owned(), value.as_str().into());
                }
            }
            if let Some(household) = &origin.household {
                attrs.insert("fam".to_owned(), household.as_str().into());
            }
            if outcome.family != UNSAID {
                attrs.insert("family".to_owned(), if outcome.family == "yes" { "1" } else { "0" }.into());
            }
            if outcome.vulnerable == "yes" {
                attrs.insert("vuln".to_owned(), "1".into());
            }
            kinds.push(("service", attrs));
        }
        if let Some(target) = outcome.target.as_deref() {
            let reference = format!("{}-{}", origin.case, origin.round);
            kinds.push(("referral_made", map(&[("ref", &reference), ("to", target)])));
        }
        let profile = [
            ("sex", &outcome.sex),
            ("age", &outcome.age),
            ("origin", &outcome.origin),
            ("stay", &outcome.stay),
            ("aud", &outcome.audience),
        ];
        let mut said: Vec<(&str, &str)> = Vec::new();
        for (key, value) in profile {
            // What was not said changes nothing that is known.
            if value != UNSAID {
                said.push((key, value));
            }
        }
        if !said.is_empty() {
            kinds.push(("profile", map(&said)));
        }
        let rows: Vec<EventRow> = kinds
            .into_iter()
            .enumerate()
            .map(|(n, (kind, mut attrs))| {
                if let Some(reg) = &origin.reg {
                    attrs.insert("reg".to_owned(), reg.as_str().into());
                }
                let (channel, source) = origin.channel.unwrap_or((ChannelKind::Web, Source::Centre));
                // What a consultant did is no sign of talking with the bot (indicators.md §1.5, R3).
                let source = if source == Source::Bot { Source::Centre } else { source };
                EventRow {
                    event_id: format!("case:{}:{}", origin.case, origin.round * 10 + n as i32),
                    kind,
                    contact: origin.contact,
                    occurred_at: origin.at,
                    recorded_at: now,
                    channel,
                    source,
                    code: None,
                    attrs: Value::Object(attrs).to_string(),
                }
            })
            .collect();
        match origin.channel {
            Some(_) => events::append(tx, &rows).await?,
            None => events::append_of_centre(tx, &rows).await?,
        }
        counting::take_rows(tx, &self.rules, &rows).await?;
        Ok(())
    }
}

/// Whether a follow-up may lie then.
pub(super) fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at > now && at.ms_since(now) <= FOLLOW_UP_MAX_MS
}

fn number_fits(number: &str) -> Result<(), DeskError> {
    let chars = number.chars().count();
    if chars > NUMBER_MAX_CHARS {
        return Err(Refused::TooLong { chars, max: NUMBER_MAX_CHARS }.into());
    }
    Ok(())
}

fn visit_context(who: &Who) -> String {
    format!("visit:{}", who.id)
}

fn map(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
}

fn topic(outcome: &Outcome) -> Option<String> {
    (outcome.topic != UNSAID).then(|| outcome.topic.clone())
}

/// The kind of help of a stored outcome.
pub fn help_of(outcome: Option<&str>) -> Option<String> {
    serde_json::from_str::<Outcome>(outcome?).ok().map(|outcome| outcome.help)
}
