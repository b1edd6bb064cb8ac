//! The dashboard's figures: targets against what was reached, by month, by dimension, the funnel, how the content is used.
//!
//! Read from the cells and roll-ups alone, so that a view costs the same whatever the number of events. For a viewer from
//! outside every figure goes through [`outside`] (indicators.md §1.12).

mod figures;
mod outside;
mod told;
mod windows;

use std::sync::Arc;

use self::{figures::Reader, told::Reported};
use super::{Asked, CountingError, InForce, Traced, Unit, part, settings, trace_page};
use crate::{
    clock::{Clock, Ids},
    domain::{Day, Timestamp, hex},
    indicators::{Count, Dimension, Indicator, Measure, Rules, Shown, Window, month_of},
    privacy::Keys,
    store::{
        Store, StoreError, Tx, codes,
        indicators::{log, uses},
        link_opens,
    },
};

pub use windows::{Period, months_of};

/// Nodes of a list.
const NODES_MAX: usize = 15;
/// Units of a page of a trace.
pub const TRACE_ROWS: u32 = 50;
/// Bytes of a pseudonym.
const PSEUDONYM_BYTES: usize = 8;
const SEAL_PLACE: &str = "place in a trace";

/// Dimensions that somebody may choose a value of. Figures are kept by one dimension at a time: of erased people nothing
/// else is known (indicators.md §1.8), and crossed cells are too small to be shown outside (§1.12).
pub const CHOSEN_BY: [Dimension; 9] = [
    Dimension::Stay,
    Dimension::Origin,
    Dimension::Sex,
    Dimension::Age,
    Dimension::Audience,
    Dimension::Language,
    Dimension::Channel,
    Dimension::FirstTouch,
    Dimension::LastTouch,
];

/// What somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// `None`: the one that the large target is for.
    pub indicator: Option<Indicator>,
    /// As the form has it; what cannot be is the whole programme.
    pub period: String,
    /// Only one value of a dimension.
    pub only: Option<(Dimension, String)>,
    /// For somebody outside of the programme.
    pub outside: bool,
}

/// A number, and what it is made of where that may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub shown: Shown,
    /// By grade of evidence; `None` where the number is hidden.
    pub count: Option<Count>,
    pub indicator: Indicator,
    pub measure: Measure,
    /// Longer than what was asked for where a quarter is told together with the next.
    pub window: Window,
}

/// Women's share, in tenths of a percent (indicators.md §1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Women {
    pub known: Option<u64>,
    pub coverage: Option<u64>,
    pub low: Option<u64>,
    pub high: Option<u64>,
    /// Whether the programme's share is met; `None`: the indicator has none, or nobody is counted.
    pub met: Option<bool>,
}

/// An indicator against its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub indicator: Indicator,
    pub target: Option<u64>,
    /// Qualified in the period, and by its end.
    pub new: Figure,
    pub cum: Figure,
    /// Tenths of a percent of the target; `None` without one, or where the number is hidden.
    pub reached: Option<u64>,
    /// Of `cum`; `None` for indicators without sexes, or where it is hidden.
    pub women: Option<Women>,
}

/// A month; for somebody outside a quarter, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    pub window: Window,
    pub new: Figure,
    pub cum: Figure,
    pub women: Option<Women>,
}

/// Month by month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub indicator: Indicator,
    pub target: Option<u64>,
    pub months: Vec<Month>,
}

/// The chosen indicator by the values of a dimension, the largest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub dimension: Dimension,
    pub total: Figure,
    pub values: Vec<(String, Figure)>,
}

/// A step of the funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Links that were opened: no persons; `None`: not recorded.
    Opened(Option<Shown>),
    Persons(Figure),
}

/// Uses of a page or menu. Not persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeUse {
    pub node: String,
    pub views: Shown,
    pub shown: Shown,
    /// Shown, and nothing was done from it within a day.
    pub dropped: Shown,
    /// Tenths of a percent of `shown`; `None` where it is hidden.
    pub share: Option<u64>,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct View {
    pub in_force: InForce,
    /// The snapshot: its instant, and the highest number of an event.
    pub at: Timestamp,
    pub last_seq: u64,
    pub indicator: Indicator,
    pub period: Period,
    /// `None`: nothing may be shown yet.
    pub window: Option<Window>,
    pub periods: Vec<Period>,
    pub only: Option<(Dimension, String)>,
    /// Values that may be chosen, in order.
    pub values: Vec<(Dimension, Vec<String>)>,
    pub lines: Vec<Line>,
    pub series: Vec<Series>,
    pub splits: Vec<Split>,
    pub funnel: Vec<Step>,
    /// Asked for most.
    pub used: Vec<NodeUse>,
    /// Where most end.
    pub dropped: Vec<NodeUse>,
    /// First and last day of the period, for what others count.
    pub days: Option<(Day, Day)>,
    /// The reporting periods of the window that have begun, each with the instant when it was frozen; `None`: its figures
    /// are provisional. Outside a frozen period is shown as it was reported.
    pub reports: Vec<(Window, Option<Timestamp>)>,
    pub outside: bool,
}

impl View {
    /// A number that no indicator has, as it may be shown.
    pub fn plain(&self, n: u64) -> Shown {
        plain(n, self.outside, self.in_force.settings.k)
    }
}

fn plain(n: u64, outside: bool, k: u64) -> Shown {
    if outside && n > 0 && n < k { Shown::Below(k) } else { Shown::Number(n) }
}

/// A unit of a trace, as it may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub pseudonym: String,
    /// Outside a pseudonym, too, and only the month.
    pub event: String,
    pub channel: &'static str,
    pub day: String,
    /// How many it stands for; head-counts stand for several.
    pub number: u64,
    pub is_head_count: bool,
    /// SHA-256 of the files that prove it; empty outside, and for what the bot counted.
    pub evidence: String,
}

/// A page of a trace.
#[derive(Clone, Debug)]
pub struct TracePage {
    pub asked: Asked,
    pub at: Timestamp,
    pub last_seq: u64,
    pub settings: InForce,
    pub units: Vec<Listed>,
    pub cell: Count,
    /// What was reported, where the figure is frozen and more or less is known now.
    pub reported: Option<u64>,
    /// Where the next page begins, for the address.
    pub next: Option<String>,
}

/// What came of asking for a trace.
#[derive(Clone, Debug)]
pub enum TraceAnswer {
    Page(Box<TracePage>),
    /// No such cell.
    Unknown,
    /// The number is hidden from somebody outside, and so is what it is made of.
    Hidden,
    /// The number is frozen, and what was learnt since is so little that the list would tell of single persons.
    Changed,
}

/// The dashboard.
#[derive(Clone)]
pub struct Board {
    store: Store,
    keys: Keys,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Board {
    pub fn new(store: Store, keys: Keys, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, keys, clock, ids }
    }

    /// The page's figures, all of one snapshot.
    ///
    /// # Errors
    /// When the database refuses, or a newer program wrote the settings.
    pub async fn view(&self, wanted: &Wanted) -> Result<View, CountingError> {
        let at = self.clock.now();
        let mut tx = self.store.read().await?;
        let in_force = settings(&mut tx).await?;
        let rules = super::in_force(&mut tx, &in_force.settings.rules).await?;
        let indicator = wanted.indicator.unwrap_or(in_force.settings.headline);
        let chosen: [Indicator; 2] = [indicator, Indicator::R1];
        let of_persons: Vec<Indicator> =
            all().filter(|indicator| indicator.is_split_by(Dimension::Sex)).collect();
        let everything: Vec<Indicator> = all().collect();
        let mut parts: Vec<part::Wanted<'_>> =
            vec![(Dimension::All, &everything), (Dimension::Sex, &of_persons), (Dimension::Centre, &chosen)];
        for dimension in CHOSEN_BY.into_iter().filter(|dimension| *dimension != Dimension::Sex) {
            // Targets, months and funnel are narrowed by it.
            let is_chosen = wanted.only.as_ref().is_some_and(|(of, _)| *of == dimension);
            parts.push((dimension, if is_chosen { &of_persons } else { &chosen }));
        }
        let shares = part::part(&mut tx, &rules, &parts).await?;
        let last_seq = log::last_seq(&mut tx).await?;
        let today = at.day(rules.offset_minutes);
        let reported = reported(&mut tx, &rules, wanted.outside).await?;
        let campaign = campaign(&mut tx, &rules, today, wanted).await?;
        let reader = Reader::new(&shares, &rules, &in_force.settings, today, wanted, reported.as_ref());
        let mut view = reader.in_campaign(campaign).view(indicator, &wanted.period);
        if let Some(months) = view.window.map(|window| months_of(window, &rules)) {
            self.fill(&mut tx, &mut view, months, in_force.settings.k).await?;
            let periods = in_force.settings.periods();
            view.reports = told::standing(&mut tx, periods, &rules, months, month_of(today)).await?;
        }
        tx.rollback().await?;
        Ok(View { in_force, at, last_seq, ..view })
    }

    /// What has roll-ups of its own.
    async fn fill(
        &self,
        tx: &mut Tx,
        view: &mut View,
        (first, last): (i32, i32),
        k: u64,
    ) -> Result<(), StoreError> {
        let (first, last) = (Window::Month(first).to_string(), Window::Month(last).to_string());
        let code = match &view.only {
            Some((Dimension::FirstTouch | Dimension::LastTouch, code)) => Some(code.as_str()),
            _ => None,
        };
        let opened = link_opens::in_months(tx, &first, &last, code).await?;
        view.funnel.insert(0, Step::Opened(opened.map(|n| plain(n, view.outside, k))));
        let channel = match &view.only {
            Some((Dimension::Channel, channel)) => Some(channel.as_str()),
            _ => None,
        };
        let rows = uses::between(tx, &first, &last, channel).await?;
        (view.used, view.dropped) = figures::nodes(rows, view.outside, k);
        Ok(())
    }

    /// A page of what stands behind a figure; `place` as the page before gave it.
    ///
    /// # Errors
    /// As [`Self::view`].
    pub async fn trace(
        &self,
        asked: &Asked,
        place: Option<&str>,
        outside: bool,
    ) -> Result<TraceAnswer, CountingError> {
        let at = self.clock.now();
        let after = match place {
            None => None,
            Some(place) => match self.open_place(place, asked) {
                None => return Ok(TraceAnswer::Unknown),
                found => found,
            },
        };
        let mut tx = self.store.read().await?;
        let in_force = settings(&mut tx).await?;
        let rules = super::in_force(&mut tx, &in_force.settings.rules).await?;
        let dimension = asked.cell.as_ref().map_or(Dimension::All, |(dimension, _)| *dimension);
        let is_kept = asked.measure != Measure::Active || !matches!(asked.window, Window::Span(..));
        let is_figure = asked.measure != Measure::Touch && !matches!(asked.window, Window::Day(_));
        if !is_kept || !is_figure || !asked.indicator.is_split_by(dimension) {
            return Ok(TraceAnswer::Unknown);
        }
        let today = at.day(rules.offset_minutes);
        let mut reported = None;
        if outside {
            let parts = [(Dimension::All, &[asked.indicator][..]), (dimension, &[asked.indicator][..])];
            let parts = if dimension == Dimension::All { &parts[..1] } else { &parts[..] };
            let shares = part::part(&mut tx, &rules, parts).await?;
            let wanted = Wanted { only: asked.cell.clone(), outside, ..Wanted::default() };
            let frozen = Reported::read(&mut tx, &rules).await?;
            let open = |reported| {
                Reader::new(&shares, &rules, &in_force.settings, today, &wanted, reported).open(asked)
            };
            // The list is as of now: what it and a frozen figure differ by must not be few.
            let (now, told) = (open(None), open(Some(&frozen)));
            let Some(told) = told else { return Ok(TraceAnswer::Hidden) };
            let apart = now.map_or(1, |now| now.abs_diff(told));
            if now.is_none() || (1..in_force.settings.threshold(asked.indicator)).contains(&apart) {
                return Ok(TraceAnswer::Changed);
            }
            reported = Some(told);
        }
        let (traced, next) = trace_page(&mut tx, &rules, asked, after.as_ref(), TRACE_ROWS).await?;
        let last_seq = log::last_seq(&mut tx).await?;
        tx.rollback().await?;
        let units = self.listed(&traced, asked, today, outside);
        let next = next.map(|place| self.seal_place(&place, asked));
        let cell = traced.cell;
        let reported = reported.filter(|reported| *reported != cell.total());
        let asked = asked.clone();
        let page = TracePage { asked, at, last_seq, settings: in_force, units, cell, reported, next };
        Ok(TraceAnswer::Page(Box::new(page)))
    }

    /// Units by pseudonyms of this cell and day: lists of two cells, or of two days, cannot be laid side by side.
    fn listed(&self, traced: &Traced, asked: &Asked, today: Day, outside: bool) -> Vec<Listed> {
        let report = self.keys.digest("trace", format!("{} {today}", words(asked)).as_bytes());
        let name = |purpose: &str, value: &[u8]| {
            let mut bytes = report.clone();
            bytes.extend(value);
            hex(self.keys.digest(purpose, &bytes).get(..PSEUDONYM_BYTES).unwrap_or_default())
        };
        let day = |day: Day| {
            if outside { Window::Month(month_of(day)).to_string() } else { day.to_string() }
        };
        let event = |event: &str| {
            if outside && !event.is_empty() {
                name("traced event", event.as_bytes())
            } else {
                event.to_owned()
            }
        };
        let evidence = |told: &str| if outside { String::new() } else { told.to_owned() };
        let unit = traced.units.iter().map(|found| Listed {
            pseudonym: match &found.unit {
                Unit::Person(id) => name("traced person", &id.0.to_be_bytes()),
                Unit::Record(key) => name("traced record", key.as_bytes()),
            },
            event: event(&found.event),
            channel: if outside { "" } else { found.channel },
            day: day(found.day),
            number: 1,
            is_head_count: false,
            evidence: evidence(&found.evidence),
        });
        let heads = traced.heads.iter().map(|head| Listed {
            pseudonym: String::new(),
            event: event(&head.entry),
            channel: if outside { "" } else { "field" },
            day: day(head.day),
            number: head.net,
            is_head_count: true,
            evidence: evidence(&head.evidence),
        });
        heads.chain(unit).collect()
    }

    /// A place of a list names somebody: sealed, and for this list only.
    fn seal_place(&self, place: &Unit, asked: &Asked) -> String {
        let plain = serde_json::to_vec(place).unwrap_or_default();
        hex(&self.keys.seal(&format!("{SEAL_PLACE} {}", words(asked)), &plain, &*self.ids))
    }

    fn open_place(&self, place: &str, asked: &Asked) -> Option<Unit> {
        let sealed = crate::domain::from_hex(place)?;
        let plain = self.keys.open(&format!("{SEAL_PLACE} {}", words(asked)), &sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// The register of campaign codes: code, and what staff call it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn campaigns(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut tx = self.store.read().await?;
        let found = codes::list(&mut tx).await?;
        tx.rollback().await?;
        Ok(found.into_iter().map(|row| (row.code, row.label)).collect())
    }
}

/// What was reported, for who looks from outside.
async fn reported(tx: &mut Tx, rules: &Rules, outside: bool) -> Result<Option<Reported>, StoreError> {
    if outside { Reported::read(tx, rules).await.map(Some) } else { Ok(None) }
}

/// The months of the chosen campaign, as the register has them.
async fn campaign(
    tx: &mut Tx,
    rules: &Rules,
    today: Day,
    wanted: &Wanted,
) -> Result<Option<(i32, i32)>, StoreError> {
    let Some((Dimension::FirstTouch | Dimension::LastTouch, code)) = &wanted.only else { return Ok(None) };
    let row = codes::get(tx, code).await?;
    Ok(row.and_then(|row| windows::of_campaign(&row, rules, today)))
}

/// A cell in words: for keys, never shown.
fn words(asked: &Asked) -> String {
    let (dimension, value) =
        asked.cell.as_ref().map_or(("", ""), |(dimension, value)| (dimension.as_str(), value));
    let (indicator, measure) = (asked.indicator.as_str(), asked.measure.as_str());
    format!("{indicator} {measure} {} {dimension}={value}", asked.window)
}

/// All indicators of the dashboard.
fn all() -> impl Iterator<Item = Indicator> {
    Indicator::ALL.iter().copied().filter(|of| *of != Indicator::Est).chain([Indicator::Asked])
}
