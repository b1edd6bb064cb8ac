//! One turn applied to the batch's work, and the work written.

mod cases;
mod events;
mod join;
mod people;
mod staff;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use self::people::{Found, Known, People};
use super::{Dialog, DialogError, Form, LEASE_MS, Outgoing};
use crate::{
    bus::Signal,
    content::{Answer, Kind, Release},
    counting,
    desk::audit::Verb,
    domain::{
        CampaignCode, CaseId, ChannelKind, ContactId, Content, Inbound, MediaKind, OutboxId, Reach, Timestamp,
    },
    engine::{self, Event, Input, State},
    indicators::START,
    privacy::{Keys, LOOKUP_BYTES},
    store::{
        self, Tx,
        events::EventRow,
        outbox::OutboxNew,
        questions::QuestionRow,
        sessions::{Locked, SessionRow, SessionSave},
    },
};

type Lookup = [u8; LOOKUP_BYTES];

/// Seals what belongs to one purpose only.
pub(super) const SEAL_ADDRESS: &str = "address";
const SEAL_PRIVATE: &str = "private answers";

/// Bot messages that `/hide` takes away: Telegram deletes only younger ones.
const HIDE_WINDOW_MS: i64 = 47 * 3_600_000;

/// So long after something was shown what is done counts as done from it.
const VISIT_MS: i64 = 24 * 3_600_000;

/// A contact in the batch.
struct Standing {
    contact: ContactId,
    created_at: Timestamp,
    state: State,
    last_message: Option<i64>,
    /// 0: never wrote.
    last_inbound_at: Timestamp,
    erased: bool,
    touched: bool,
    /// WhatsApp: all of its addresses.
    known: Vec<Known>,
}

/// A message in the making.
struct Pending {
    out: Outgoing,
    /// The bot's recent messages go with it.
    hides: bool,
}

/// The batch in the making.
pub(super) struct Work {
    standings: Vec<Standing>,
    by_lookup: HashMap<Lookup, usize>,
    /// Look-ups of all inbound, and which are each one's.
    lookups: Vec<Lookup>,
    of_inbound: Vec<Range<usize>>,
    people: People,
    /// Campaign codes of the register that the batch's texts mention.
    codes: Vec<String>,
    events: Vec<EventRow>,
    outgoing: Vec<Pending>,
    erased: Vec<ContactId>,
    lessons: Vec<QuestionRow>,
    cases: Vec<cases::Change>,
    /// What the trail is to tell of cases.
    deeds: Vec<(Verb, CaseId)>,
    codes_of_staff: Vec<staff::Code>,
    ties: Vec<staff::Tie>,
    /// What the consultants' side is to be told.
    pub(super) signals: Vec<Signal>,
}

impl Work {
    fn new(keys: &Keys, rows: Vec<SessionRow>, lookups: Vec<Lookup>, of_inbound: Vec<Range<usize>>) -> Self {
        let mut standings: Vec<Standing> = Vec::with_capacity(of_inbound.len());
        let mut by_lookup = HashMap::with_capacity(lookups.len());
        for row in rows {
            // Rows come in contact order: those of one contact follow each other.
            if standings.last().is_none_or(|last| last.contact != row.contact) {
                standings.push(Standing {
                    contact: row.contact,
                    created_at: row.created_at,
                    state: read_state(keys, &row),
                    last_message: row.last_message,
                    last_inbound_at: row.last_inbound_at,
                    erased: false,
                    touched: false,
                    known: Vec::new(),
                });
            }
            by_lookup.insert(row.lookup, standings.len() - 1);
        }
        Self {
            standings,
            by_lookup,
            lookups,
            of_inbound,
            people: People::default(),
            codes: Vec::new(),
            events: Vec::new(),
            outgoing: Vec::new(),
            erased: Vec::new(),
            lessons: Vec::new(),
            cases: Vec::new(),
            deeds: Vec::new(),
            codes_of_staff: Vec::new(),
            ties: Vec::new(),
            signals: Vec::new(),
        }
    }

    /// The place of the contact that has this address now.
    fn owner(&self, lookup: &Lookup) -> Option<usize> {
        let index = self.by_lookup.get(lookup).copied()?;
        let is_there = self.standings.get(index).is_some_and(|standing| !standing.erased);
        (is_there && !self.people.is_dropped(lookup)).then_some(index)
    }
}

const fn found(row: &SessionRow) -> Found {
    Found { contact: row.contact, lookup: row.lookup, since: row.since, addresses: row.addresses }
}

/// A state that cannot be read begins anew: better than a person without an answer.
fn read_state(keys: &Keys, row: &SessionRow) -> State {
    let mut state = State::from_json(&row.state).unwrap_or_else(|error| {
        tracing::error!(contact.id = row.contact.0, %error, "a stored session cannot be read; it begins anew");
        State::default()
    });
    state.blocked = !row.reachable;
    if let Some(sealed) = &row.private {
        let opened = keys.open(SEAL_PRIVATE, sealed).ok();
        state.private = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    }
    state
}

impl Dialog {
    /// The look-ups of a batch's addresses, each once.
    pub(super) fn lookups(&self, batch: &[&Inbound]) -> Vec<Lookup> {
        let addresses = batch.iter().flat_map(|inbound| people::addresses(inbound));
        let mut distinct: Vec<Lookup> = addresses.map(|address| self.keys.lookup(address)).collect();
        distinct.sort_unstable();
        distinct.dedup();
        distinct
    }

    /// What the batch's turns need, in a few queries.
    pub(super) async fn load(
        &self,
        tx: &mut Tx,
        batch: &[&Inbound],
        distinct: &[Lookup],
        locked: &Locked,
        now: Timestamp,
    ) -> Result<Work, DialogError> {
        let mut lookups: Vec<Lookup> = Vec::with_capacity(batch.len());
        let mut of_inbound = Vec::with_capacity(batch.len());
        let mut mentioned = Vec::new();
        for inbound in batch {
            let from = lookups.len();
            lookups.extend(people::addresses(inbound).map(|address| self.keys.lookup(address)));
            of_inbound.push(from..lookups.len());
            if let Content::Text(text) = &inbound.content {
                mentioned.extend(CampaignCode::mentioned(text).map(|(_, code)| code));
            }
            mentioned.extend(inbound.advert.as_deref().and_then(CampaignCode::parse));
        }
        let rows = store::sessions::find(tx, distinct, locked).await?;
        let found: Vec<Found> = rows.iter().map(found).collect();
        let mut work = Work::new(&self.keys, rows, lookups, of_inbound);
        self.know_addresses(tx, batch, &found, &mut work).await?;
        if !mentioned.is_empty() {
            work.codes = store::codes::known(tx, &mentioned).await?;
        }
        work.codes_of_staff = Self::staff_codes(tx, batch, now).await?;
        Ok(work)
    }

    /// Advances the `place`-th inbound of the batch.
    pub(super) fn turn(
        &self,
        release: &Release,
        inbound: &Inbound,
        place: usize,
        work: &mut Work,
        now: Timestamp,
    ) {
        let Some(range) = work.of_inbound.get(place).cloned() else { return };
        let lookups: Vec<Lookup> = work.lookups.get(range).unwrap_or_default().to_vec();
        let mut absorbed = Vec::new();
        let Some(index) = self.whose(inbound, &lookups, work, &mut absorbed, now) else { return };
        if staff::code_of(inbound).is_some() {
            return self.answer_code(inbound, index, work, &absorbed, now);
        }
        let Some(standing) = work.standings.get_mut(index) else { return };
        let is_known = |code: &CampaignCode| work.codes.iter().any(|known| known == code.as_str());
        let (taken, text);
        let advertised = inbound.advert.as_deref().and_then(CampaignCode::parse).filter(is_known);
        let mut code: Option<&CampaignCode> = advertised.as_ref();
        let input = match &inbound.content {
            Content::Text(written) => {
                let found = CampaignCode::taken_from(written, is_known);
                match found.filter(|(_, rest)| is_entry(release, standing, rest)) {
                    Some(found) => {
                        (taken, text) = found;
                        code = Some(&taken);
                        if text.is_empty() { Input::Start } else { Input::Text(&text) }
                    }
                    None => Input::Text(written),
                }
            }
            Content::Tap(token) => Input::Tap(token),
            Content::Command(word) => Input::Command(word),
            Content::Start { code: started } => {
                code = started.as_ref().or(code);
                Input::Start
            }
            Content::Media(MediaKind::Sticker) => Input::Sticker { readable: inbound.attached.is_some() },
            Content::Media(_) if inbound.attached.is_some() => Input::Media,
            Content::Media(_) => Input::Unread,
            Content::Edited(text) => Input::Edited(text),
            Content::Reach(Reach::Blocked) => Input::Blocked,
            Content::Reach(Reach::Unblocked) => Input::Unblocked,
            Content::Reach(Reach::OptedOut) => Input::OptOut,
            Content::Reach(Reach::Silent) | Content::Moved { .. } => Input::Silent,
        };
        if standing.state.locale.is_none() {
            standing.state.hint.clone_from(&inbound.language_hint);
        }
        let from = stands_on(&standing.state, now)
            .filter(|_| now.ms_since(standing.last_inbound_at) <= VISIT_MS && standing.last_inbound_at.0 > 0);
        let turn = engine::converse(
            release,
            std::mem::take(&mut standing.state),
            &input,
            &self.desk_for(inbound, now),
            now,
        );
        if let Some(address) = &inbound.from
            && turn.events.iter().any(|event| matches!(event, Event::CaseOpened { .. }))
        {
            self.openings.count(address, now);
        }
        standing.state = turn.state;
        standing.touched = true;
        if inbound.content.speaks() {
            // The person's own time counts (channels.md §3.6), but never the future.
            standing.last_inbound_at = standing.last_inbound_at.max(inbound.at.min(now));
        }
        let changes = self.case_changes(&turn.events, &input, inbound, standing, now);
        work.cases.extend(changes);
        let erase = turn.events.contains(&Event::EraseConfirmed);
        let node = stands_on(&standing.state, now);
        let origin = events::Origin {
            inbound,
            contact: standing.contact,
            code,
            absorbed: &absorbed,
            now,
            from: from.as_deref(),
            node: node.as_deref(),
        };
        if erase {
            standing.erased = true;
            work.erased.push(standing.contact);
            // It is counted, and goes with all else of theirs.
            origin.rows(&turn.events, &standing.state, &mut work.events);
            work.outgoing.retain(|pending| pending.out.contact != standing.contact);
            work.events.push(origin.erasure(self.ids.next(now)));
        } else {
            origin.rows(&turn.events, &standing.state, &mut work.events);
        }
        if let Some(say) = turn.say {
            // The emergency numbers stay in front of whoever needs them: no screen about something else takes their place.
            let keeps =
                standing.state.node.as_ref() == Some(&release.settings.emergency) && say.node().is_none();
            let edit = match (inbound.tapped_message.filter(|_| !keeps), standing.last_message) {
                // Only the bot's last message is edited: an edit further up would not be seen.
                (Some(tapped), last) if last.is_none_or(|last| tapped >= last) => Some(tapped),
                _ => None,
            };
            let out = Outgoing {
                id: (!erase).then(|| OutboxId(self.ids.next(now))),
                contact: standing.contact,
                address: inbound.address.clone(),
                say,
                lane: 0,
                last_inbound_at: standing.last_inbound_at,
                edit,
                attempts: 0,
                doubts: 0,
                form: Form::Own,
                hide: Vec::new(),
            };
            work.outgoing.push(Pending { out, hides: turn.events.contains(&Event::HideAsked) });
            if edit.is_none() && inbound.address.channel == ChannelKind::Telegram {
                // A new message is on its way: no older one is the last any more within this batch.
                standing.last_message = standing.last_message.or(inbound.tapped_message).map(|last| last + 1);
            }
        }
        work.lessons.extend(turn.lessons.iter().map(|lesson| self.question_row(release, lesson, now)));
        for event in &turn.events {
            if let Event::Stuck(why) = event {
                tracing::warn!(why, "the content led nowhere; the person was brought home");
                metrics::counter!("safar_stuck_total").increment(1);
            }
        }
    }

    /// Writes the batch's work: one statement a table.
    pub(super) async fn save(
        &self,
        tx: &mut Tx,
        mut work: Work,
        now: Timestamp,
    ) -> Result<(Vec<Outgoing>, Vec<Signal>), DialogError> {
        work.people.write(tx).await?;
        // After all addresses are where they belong: see `People::write`.
        self.write_cases(tx, &mut work).await?;
        let erased = std::mem::take(&mut work.erased);
        for contact in &erased {
            let store::cases::Forgotten { open: ended, follow_ups } =
                store::cases::erase(tx, *contact, now).await?;
            work.deeds.extend(ended.iter().map(|case| (Verb::CaseErased, *case)));
            work.deeds.extend(follow_ups.into_iter().map(|case| (Verb::FollowUpDropped, case)));
            if !ended.is_empty() {
                work.tell(ended.into_iter().map(Signal::Case).chain([Signal::Queue]));
            }
        }
        let saves: Vec<SessionSave> = work
            .standings
            .iter()
            .filter(|standing| standing.touched && !standing.erased)
            .map(|standing| SessionSave {
                contact: standing.contact,
                state: standing.state.to_json(),
                private: self.seal_private(&standing.state.private),
                reachable: !standing.state.blocked,
                last_inbound_at: standing.last_inbound_at,
                updated_at: now,
            })
            .collect();
        store::sessions::save(tx, &saves).await?;
        store::questions::add(tx, &work.lessons).await?;
        let since = now.plus_ms(-HIDE_WINDOW_MS);
        for Pending { out, .. } in work.outgoing.iter_mut().filter(|pending| pending.hides) {
            let ids = store::outbox::recent_external(tx, out.contact, since).await?;
            out.hide = ids.iter().filter_map(|id| id.parse().ok()).collect();
            // What is taken away cannot be edited.
            out.edit = None;
        }
        self.place_cases(tx, &mut work).await?;
        // After all cases are locked, and cells of the figures last: whoever rolls counts up locks persons first.
        store::events::append(tx, &work.events).await?;
        counting::take_rows(tx, &self.rules, &work.events).await?;
        counting::forget(tx, &self.rules, &erased).await?;
        for contact in &erased {
            store::erase::contact(tx, *contact).await?;
        }
        let mut rows: Vec<OutboxNew> = Vec::with_capacity(work.outgoing.len());
        let mut outgoing = Vec::with_capacity(work.outgoing.len());
        for Pending { out, .. } in std::mem::take(&mut work.outgoing) {
            let is_theirs = self.is_theirs(&work, &out);
            if let Some(id) = out.id {
                rows.push(OutboxNew {
                    id,
                    contact: out.contact,
                    channel: out.address.channel,
                    lane: out.lane,
                    payload: Some(serde_json::to_string(&out.say).unwrap_or_default()),
                    sealed: None,
                    edit_of: out.edit,
                    not_before: now,
                    leased_by: is_theirs.then_some(self.instance),
                    lease_until: now.plus_ms(LEASE_MS),
                    created_at: now,
                });
            }
            // Else the sender finds it in its row, with the address that its person has now.
            if is_theirs {
                outgoing.push(out);
            }
        }
        store::outbox::add(tx, &rows).await?;
        self.notify_all(tx, &work.signals).await?;
        Self::write_ties(tx, &work, now).await?;
        Self::write_deeds(tx, &work, now).await?;
        Ok((outgoing, work.signals))
    }

    /// Whether the address that a message answers to is still its contact's at the end of the batch.
    fn is_theirs(&self, work: &Work, out: &Outgoing) -> bool {
        if out.id.is_none() || !work.people.is_changed() {
            return true;
        }
        let owner = work.owner(&self.keys.lookup(&out.address));
        owner.and_then(|index| work.standings.get(index)).is_some_and(|owner| owner.contact == out.contact)
    }

    fn seal_private(&self, private: &BTreeMap<Box<str>, Box<str>>) -> Option<Vec<u8>> {
        if private.is_empty() {
            return None;
        }
        let bytes = serde_json::to_vec(private).unwrap_or_default();
        Some(self.keys.seal(SEAL_PRIVATE, &bytes, &*self.ids))
    }
}

/// The node in front of somebody, for the uses of the content; `None` while they talk with a consultant.
fn stands_on(state: &State, now: Timestamp) -> Option<Box<str>> {
    let node = state.node.as_ref().map_or(START, |node| node.as_str());
    (!state.is_talking(now)).then(|| node.into())
}

/// Whether a text may bring a code: the first message, and a later one that opens the bot again. What answers a
/// question whose answer is typed is left as it is, unless nothing else is said in it, or a word of command.
fn is_entry(release: &Release, standing: &Standing, rest: &str) -> bool {
    let ask = standing.state.pending.as_ref().and_then(|pending| release.node(pending.ask.as_str()));
    let is_typed =
        matches!(ask.map(|node| &node.kind), Some(Kind::Ask(ask)) if !matches!(ask.answer, Answer::OneOf(_)));
    let is_first = standing.last_inbound_at == Timestamp(0);
    is_first || !is_typed || rest.is_empty() || release.words.command(rest).is_some()
}

/// A row's attributes as JSON.
pub(super) fn attrs(pairs: &[(&str, &str)]) -> Cow<'static, str> {
    if pairs.is_empty() {
        return Cow::Borrowed("{}");
    }
    let map: serde_json::Map<String, serde_json::Value> =
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    Cow::Owned(serde_json::Value::Object(map).to_string())
}
