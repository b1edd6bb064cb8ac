//! What turns do to cases: opened, said in, opened again, rated. Written with the batch, in the turn's order.

use std::borrow::Cow;

use super::{Standing, Work};
use crate::{
    bus::{NOTIFY_CHANNEL, Signal},
    desk::{
        self, Mark,
        audit::{self, Deed, Verb},
    },
    dialog::{Dialog, DialogError},
    domain::{Attached, AttachmentId, CaseId, ContactId, Content, Inbound, Locale, Timestamp, Told},
    engine::{self, Event, Input, QUESTION, Screen, State, System},
    privacy::{Keys, case_context},
    store::{
        self, Backend, Tx,
        cases::{AttachmentNew, Author, CaseState, EntryNew, Heard, NewCase},
    },
};

/// One change of a case, in the making.
pub(super) struct Change {
    pub contact: ContactId,
    case: CaseId,
    at: Timestamp,
    what: What,
}

enum What {
    Open(Box<NewCase>),
    /// With the mark that tells of it.
    Reopen(EntryNew),
    Raise(EntryNew),
    Say {
        entry: EntryNew,
        file: Option<AttachmentNew>,
        /// The file itself, sealed, if it came along.
        kept: Option<Kept>,
    },
    Rate(bool),
    Remark(Box<str>),
}

/// A file as it is stored.
struct Kept {
    mime: &'static str,
    size: i64,
    pieces: Vec<Vec<u8>>,
}

/// A file by the channel's id of it, or itself.
enum FileOf<'a> {
    Remote(&'a str),
    Bytes(&'a [u8]),
}

/// What an inbound says to a consultant.
struct Said<'a> {
    kind: &'static str,
    text: Cow<'a, str>,
    file: Option<(&'static str, FileOf<'a>)>,
}

impl<'a> Said<'a> {
    fn words(kind: &'static str, text: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, text: text.into(), file: None }
    }
}

/// The words of an inbound, as the engine got them, or what came instead of words.
fn said<'a>(input: &Input<'a>, inbound: &'a Inbound) -> Vec<Said<'a>> {
    let attached = match (input, &inbound.content, inbound.attached.as_deref()) {
        (Input::Text(text), ..) => return vec![Said::words("text", *text)],
        (Input::Edited(text), ..) => return vec![Said::words("edited", *text)],
        (_, Content::Media(kind), Some(attached)) => (kind, attached),
        _ => return Vec::new(),
    };
    let (kind, Attached { file, caption, place, bytes }) = attached;
    let mut said = Vec::new();
    let words = caption.as_deref().unwrap_or_default();
    if let Some((latitude, longitude)) = place {
        said.push(Said::words("location", format!("{latitude:.6},{longitude:.6}")));
    }
    let file = file.as_deref().map(FileOf::Remote).or_else(|| bytes.as_deref().map(FileOf::Bytes));
    if let Some(file) = file {
        said.push(Said { kind: "attachment", text: words.into(), file: Some((kind.as_str(), file)) });
    } else if !words.is_empty() {
        said.push(Said::words("text", words));
    }
    said
}

impl Dialog {
    /// The changes of a turn. Names a case that it opened.
    pub(super) fn case_changes(
        &self,
        events: &[Event],
        input: &Input<'_>,
        inbound: &Inbound,
        standing: &mut Standing,
        now: Timestamp,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for event in events {
            let whats = match event {
                Event::CaseOpened { topic, node, urgent, asked } => {
                    let id = CaseId(self.ids.next(now));
                    let told = told(&standing.state, *asked);
                    let Some(case) = &mut standing.state.case else { continue };
                    case.id = id.0;
                    vec![What::Open(Box::new(NewCase {
                        id,
                        contact: Some(standing.contact),
                        channel: inbound.address.channel.as_str(),
                        urgent: *urgent,
                        topic: topic.as_deref().map(str::to_owned),
                        node: node.as_ref().map(ToString::to_string),
                        locale: standing.state.locale.unwrap_or(Locale::REFERENCE).as_str().to_owned(),
                        country: country(&standing.state).to_owned(),
                        skill: None,
                        holder: None,
                        at: now,
                        key_id: Keys::ID,
                        sealed: self.seal_for(id, &serde_json::to_vec(&told).unwrap_or_default()),
                    }))]
                }
                Event::CaseReopened { asked } => {
                    let case = case_of(standing);
                    let question = asked.then(|| standing.state.private.get(QUESTION)).flatten();
                    let question = question.map(|text| self.heard(case, Said::words("text", &**text), now));
                    let reopened = What::Reopen(self.mark(case, "reopened", now));
                    std::iter::once(reopened).chain(question).collect()
                }
                Event::CaseUrgent => vec![What::Raise(self.mark(case_of(standing), "urgent", now))],
                Event::CaseRated { helped } => vec![What::Rate(*helped)],
                Event::CaseRemark => match input {
                    Input::Text(text) => vec![What::Remark((*text).into())],
                    _ => continue,
                },
                Event::CaseMessage => {
                    let case = case_of(standing);
                    said(input, inbound).into_iter().map(|said| self.heard(case, said, now)).collect()
                }
                _ => continue,
            };
            let case = case_of(standing);
            changes.extend(whats.into_iter().map(|what| Change {
                contact: standing.contact,
                case,
                at: now,
                what,
            }));
        }
        changes
    }

    /// Something said, sealed for the case.
    fn heard(&self, case: CaseId, said: Said<'_>, now: Timestamp) -> What {
        let Said { kind, text, file } = said;
        let kept = match &file {
            Some((_, FileOf::Bytes(bytes))) => Some(Kept {
                mime: desk::type_of(bytes),
                size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                pieces: bytes.chunks(desk::PIECE_BYTES).map(|piece| self.seal_for(case, piece)).collect(),
            }),
            _ => None,
        };
        let file = file.map(|(kind, file)| AttachmentNew {
            id: AttachmentId(self.ids.next(now)),
            case,
            kind,
            key_id: Keys::ID,
            remote: match file {
                FileOf::Remote(remote) => self.seal_for(case, remote.as_bytes()),
                // Nothing is fetched.
                FileOf::Bytes(_) => Vec::new(),
            },
            at: now,
        });
        let entry = EntryNew {
            id: self.ids.next(now),
            case,
            at: now,
            author: Author::Contact,
            staff: None,
            kind,
            key_id: Keys::ID,
            sealed: Some(self.seal_for(case, text.as_bytes())),
            outbox: None,
            attachment: file.as_ref().map(|file| file.id),
            held: false,
        };
        What::Say { entry, file, kept }
    }

    /// What happened to a case, for its page.
    fn mark(&self, case: CaseId, what: &'static str, now: Timestamp) -> EntryNew {
        Mark::plain(what).entry(&self.keys, &*self.ids, case, now)
    }

    fn seal_for(&self, case: CaseId, bytes: &[u8]) -> Vec<u8> {
        self.keys.seal(&case_context(case), bytes, &*self.ids)
    }

    /// Writes the changes of the batch; whoever holds the sessions may. What is to be told goes to `work`.
    pub(super) async fn write_cases(&self, tx: &mut Tx, work: &mut Work) -> Result<(), DialogError> {
        for Change { contact, case, at, what } in std::mem::take(&mut work.cases) {
            if let What::Open(mut new) = what {
                new.contact = Some(contact);
                store::cases::open(tx, &new).await?;
                work.tell([Signal::Queue, Signal::Case(case)]);
                continue;
            }
            // One query for those who talk to consultants; all others cost none.
            let Some(row) = store::cases::find(tx, case).await? else {
                tracing::warn!(case.id = case.0, "a case is gone; what was said in it is lost");
                continue;
            };
            if row.state == CaseState::Erased {
                continue;
            }
            match what {
                What::Open(_) => {}
                What::Reopen(mark) => {
                    if store::cases::reopen(tx, case, at).await? {
                        work.happened(tx, case, mark, Verb::CaseReopened).await?;
                        work.drop_follow_up(&row);
                    }
                }
                What::Raise(mark) => {
                    if store::cases::raise(tx, case).await? {
                        work.happened(tx, case, mark, Verb::CaseUrgent).await?;
                    }
                }
                What::Say { entry, file, kept } => {
                    // Closed in the same moment in which they wrote: they are heard all the same.
                    if row.state == CaseState::Closed && store::cases::reopen(tx, case, at).await? {
                        let mark = self.mark(case, "reopened", at);
                        work.happened(tx, case, mark, Verb::CaseReopened).await?;
                        work.drop_follow_up(&row);
                    }
                    if let Some(file) = &file {
                        store::cases::want(tx, file).await?;
                    }
                    if let (Some(file), Some(Kept { mime, size, pieces })) = (&file, &kept) {
                        store::cases::store(tx, file.id, 0, mime, *size).await?;
                        for (n, piece) in (0..).zip(pieces) {
                            store::cases::add_chunk(tx, file.id, n, piece).await?;
                        }
                    }
                    store::cases::append(tx, &[entry]).await?;
                    store::cases::hear(tx, &[Heard { case, at }]).await?;
                    work.tell([Signal::Case(case)]);
                }
                What::Rate(helped) => {
                    store::cases::rate(tx, case, helped).await?;
                    work.tell([Signal::Case(case)]);
                }
                What::Remark(text) => {
                    let opened =
                        row.sealed.as_deref().map(|sealed| self.keys.open(&case_context(case), sealed));
                    let told = opened.transpose().ok().flatten();
                    let mut told: Told =
                        told.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
                    // An earlier one stays.
                    told.remark = Some(match told.remark {
                        Some(earlier) => format!("{earlier}\n{text}"),
                        None => text.into(),
                    });
                    let sealed = self.seal_for(case, &serde_json::to_vec(&told).unwrap_or_default());
                    store::cases::reseal(tx, case, Keys::ID, &sealed).await?;
                    work.tell([Signal::Case(case)]);
                }
            }
        }
        Ok(())
    }

    /// Adds to the trail what persons did to their cases: last, since others wait for it.
    pub(super) async fn write_deeds(tx: &mut Tx, work: &Work, now: Timestamp) -> Result<(), DialogError> {
        for (verb, case) in &work.deeds {
            audit::append(tx, now, Deed::on_case(None, *verb, case.0)).await?;
        }
        Ok(())
    }

    /// The exact places of those who are told theirs.
    pub(super) async fn place_cases(&self, tx: &mut Tx, work: &mut Work) -> Result<(), DialogError> {
        for pending in &mut work.outgoing {
            let tells = matches!(
                pending.out.say.screen,
                Screen::System(System::CaseReceived | System::CaseReceivedClosed | System::CaseWaiting)
            );
            let case = work
                .standings
                .iter()
                .find(|standing| tells && standing.contact == pending.out.contact)
                .and_then(|standing| standing.state.open_case());
            if let Some(case) = case {
                let place = store::cases::place(tx, CaseId(case.id)).await?;
                if place > 0 {
                    engine::case::set_place(&mut pending.out.say, i64::try_from(place).unwrap_or(i64::MAX));
                }
            }
        }
        Ok(())
    }

    /// On PostgreSQL the word goes out with the commit, to all instances.
    pub(in crate::dialog) async fn notify_all(
        &self,
        tx: &mut Tx,
        signals: &[Signal],
    ) -> Result<(), DialogError> {
        if self.store.backend() == Backend::Postgres {
            for signal in signals {
                self.store.notify(tx, NOTIFY_CHANNEL, &signal.to_payload()).await?;
            }
        }
        Ok(())
    }

    /// After the commit, where there is one instance.
    pub(in crate::dialog) fn tell_all(&self, signals: &[Signal]) {
        if self.store.backend() != Backend::Postgres
            && let Some(bus) = &self.bus
        {
            for signal in signals {
                bus.send(*signal);
            }
        }
    }
}

impl Work {
    /// Something happened to a case that its page, the queue and the trail tell.
    async fn happened(
        &mut self,
        tx: &mut Tx,
        case: CaseId,
        mark: EntryNew,
        verb: Verb,
    ) -> Result<(), DialogError> {
        store::cases::append(tx, &[mark]).await?;
        self.deeds.push((verb, case));
        self.tell([Signal::Queue, Signal::Case(case)]);
        Ok(())
    }

    /// A case that opened again is not looked at on a day any more; the trail tells.
    fn drop_follow_up(&mut self, row: &store::cases::CaseRow) {
        if row.follow_up_at.is_some() {
            self.deeds.push((Verb::FollowUpDropped, row.id));
        }
    }

    /// Each word once a batch.
    pub(super) fn tell(&mut self, signals: impl IntoIterator<Item = Signal>) {
        for signal in signals {
            if !self.signals.contains(&signal) {
                self.signals.push(signal);
            }
        }
    }
}

/// The case that the person's state names; 0, which there is none of, where it names none.
fn case_of(standing: &Standing) -> CaseId {
    CaseId(standing.state.case.as_ref().map_or(0, |case| case.id))
}

/// What the person told before: for the consultant who reads the case.
fn told(state: &State, asked: bool) -> Told {
    let path = state.trail.iter().chain(&state.node).map(ToString::to_string).collect();
    let profile = state.profile.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let question = asked.then(|| state.private.get(QUESTION).map(ToString::to_string)).flatten();
    Told { path, profile, question, remark: None }
}

/// Where the person is, of the countries of the programme.
fn country(state: &State) -> &'static str {
    let stay = state.profile.stay();
    ["RU", "KZ", "TJ", "KG"].into_iter().find(|known| stay == Some(*known)).unwrap_or("U")
}
