//! What a reader of a report may see: all of it, or what indicators.md §1.12 lets out.
//!
//! Of a public report these hold, so that nothing hidden comes out by subtraction:
//!
//! - a table is split one way, its small cells and those that give them away are hidden ([`suppressed`]);
//! - only `new` is split: split cumulative figures of two quarters would give the cells of the second away;
//! - a period that brings fewer than `k` is published together with the next ([`Group`]), and two cumulative figures
//!   that are published differ by nothing or by `k` at least;
//! - women's shares of the cumulative figure stand only where all tables by sex so far were open.

use std::collections::BTreeMap;

use super::Report;
use crate::{
    counting::Key,
    indicators::{Count, Dimension, Indicator, Measure, Settings, Shown, Window, suppressed, tenths, women},
};

/// Percent of persons whose sex must be known for the known share to be quoted (indicators.md §1.7).
const KNOWN_ENOUGH: u64 = 80;

/// A one-way table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub total: Shown,
    pub cells: BTreeMap<String, Shown>,
}

/// What is published of one period, or of several together, with what was learnt since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub first: Window,
    pub last: Window,
    /// With what was learnt since.
    pub total: u64,
    /// As it was reported.
    pub reported: u64,
    /// One of the periods is not frozen yet.
    pub provisional: bool,
    pub splits: BTreeMap<Dimension, BTreeMap<String, Shown>>,
}

/// Periods that are published together, the last of which is the report's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Group {
    /// Place of its first period among the earlier ones; their number: it is alone.
    from: usize,
    /// Enough have gathered: it is published.
    closed: bool,
}

/// A row of the quarterly table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub indicator: Indicator,
    pub dimension: Dimension,
    /// Empty for the indicator itself.
    pub value: String,
    /// Of the indicator itself.
    pub baseline: Option<u64>,
    pub target: Option<u64>,
    pub new: Shown,
    pub active: Shown,
    pub cum: Shown,
    /// The cumulative figure of the report before.
    pub before: Shown,
    /// `cum` less `before` less `new`; none: hidden.
    pub restated: Option<i64>,
    /// `cum` of the target, in tenths of a percent.
    pub share: Option<u64>,
    /// Of `cum`; none: hidden.
    pub grades: Option<Count>,
    /// Known share, coverage, low and high, in tenths of a percent, of `cum`.
    pub women: [Option<u64>; 4],
    /// The first of several periods that `new` holds together.
    pub together: Option<Window>,
    /// Too few: it is published with the next period.
    pub held: bool,
}

/// A report as a reader may see it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub report: &'a Report,
    pub public: bool,
}

impl<'a> View<'a> {
    pub const fn settings(&self) -> &'a Settings {
        &self.report.in_force.settings
    }

    /// A measure of an indicator, split.
    pub fn split(&self, indicator: Indicator, measure: Measure, dimension: Dimension) -> Split {
        if !self.public {
            let cells = cells_of(&self.report.cells, indicator, measure, dimension);
            let total = Shown::Number(self.total(indicator, measure));
            let cells = cells.into_iter().map(|(value, count)| (value, Shown::Number(count.total())));
            return Split { total, cells: cells.collect() };
        }
        let k = self.settings().threshold(indicator);
        let group = self.group(indicator, k);
        if measure != Measure::New || !group.closed {
            let total = match measure {
                Measure::New => self.gathered(indicator, group),
                Measure::Cum => self.total(indicator, Measure::Cum),
                Measure::Active | Measure::Touch => {
                    return Split { total: Shown::Hidden, cells: BTreeMap::new() };
                }
            };
            // A held period tells nothing of its cumulative figure either.
            let shown = match total {
                _ if measure == Measure::Cum && !group.closed && total >= k => Shown::Hidden,
                0 => Shown::Number(0),
                total if total < k => Shown::Below(k),
                total => Shown::Number(total),
            };
            return Split { total: shown, cells: BTreeMap::new() };
        }
        let counts = self.group_cells(indicator, dimension, group.from);
        let (total, cells) = suppressed(&counts, k);
        let cells = cells.into_iter().map(|(value, shown)| (value.to_owned(), shown)).collect();
        // A dimension that is not split has the total for its one cell.
        if dimension == Dimension::All {
            Split { total, cells: BTreeMap::new() }
        } else {
            Split { total, cells }
        }
    }

    /// The row of an indicator (`Dimension::All`, no value), or of one of its cells.
    pub fn line(&self, indicator: Indicator, dimension: Dimension, value: &str) -> Line {
        let is_whole = dimension == Dimension::All;
        let pick = |measure| {
            let split = self.split(indicator, measure, dimension);
            if is_whole { split.total } else { split.cells.get(value).copied().unwrap_or(self.none()) }
        };
        let (new, active, cum) = (pick(Measure::New), pick(Measure::Active), pick(Measure::Cum));
        let group = self.group(indicator, self.settings().threshold(indicator));
        let before = match (self.public, is_whole) {
            (false, _) => Shown::Number(self.before(indicator, dimension, value)),
            (true, true) => self.before_group(indicator, group),
            (true, false) => Shown::Hidden,
        };
        let number = |shown: Shown| match shown {
            Shown::Number(n) => i64::try_from(n).ok(),
            Shown::Below(_) | Shown::Hidden => None,
        };
        let restated = match (number(cum), number(before), number(new)) {
            (Some(cum), Some(before), Some(new)) => Some(cum - before - new),
            _ => None,
        };
        let line = self.settings().indicators.get(&indicator).filter(|_| is_whole);
        let target = line.and_then(|line| line.target);
        let grades = (!self.public).then(|| self.count(indicator, Measure::Cum, dimension, value));
        let is_open = number(cum).is_some();
        let held_against = |cum: u64| match grades {
            // Choice D2: only grade A stands against the large target.
            Some(count) if indicator == self.settings().headline && !self.settings().with_head_counts => {
                count.persons + count.erased
            }
            _ => cum,
        };
        let share = match (cum, target) {
            (Shown::Number(cum), Some(target)) => tenths(held_against(cum), target),
            _ => None,
        };
        let is_split = is_whole && indicator.is_of_persons() && is_open;
        Line {
            indicator,
            dimension,
            value: value.to_owned(),
            baseline: line.map(|line| line.baseline),
            target,
            new,
            active,
            cum,
            before,
            restated,
            share,
            grades,
            women: if is_split { self.women(indicator) } else { [None; 4] },
            together: self.together(indicator, group),
            held: self.public && !group.closed,
        }
    }

    /// The values of a dimension that an indicator has, in order; women, men and unknown always.
    pub fn values(&self, indicator: Indicator, dimension: Dimension) -> Vec<String> {
        let mut values: Vec<String> = [Measure::New, Measure::Active, Measure::Cum]
            .into_iter()
            .flat_map(|measure| self.split(indicator, measure, dimension).cells.into_keys())
            .collect();
        if dimension == Dimension::Sex && !self.public && indicator.is_of_persons() {
            values.extend(["F", "M", "U"].map(str::to_owned));
        }
        values.sort();
        values.dedup();
        values
    }

    /// Women, men and unknown of `cum`, as a share of what is known, and its bounds (indicators.md §1.7).
    fn women(&self, indicator: Indicator) -> [Option<u64>; 4] {
        if self.public && !self.is_open_by_sex(indicator) {
            return [None; 4];
        }
        women(["F", "M", "U"].map(|sex| self.count(indicator, Measure::Cum, Dimension::Sex, sex).total()))
    }

    /// Whether all tables by sex that were published so far hid nothing, and the cumulative one would not.
    fn is_open_by_sex(&self, indicator: Indicator) -> bool {
        let k = self.settings().threshold(indicator);
        let is_open = |counts: &BTreeMap<String, u64>| {
            let (total, cells) = suppressed(counts, k);
            let is_number = |shown: &Shown| matches!(shown, Shown::Number(_));
            is_number(&total) && cells.values().all(is_number)
        };
        let mut from = 0;
        for place in 0..=self.report.earlier.len() {
            let group = self.group_at(indicator, k, place);
            if group.closed {
                let counts = self.cells_between(indicator, Dimension::Sex, from, place);
                if !is_open(&counts) {
                    return false;
                }
                from = place + 1;
            }
        }
        let of_cum = cells_of(&self.report.cells, indicator, Measure::Cum, Dimension::Sex);
        is_open(&of_cum.into_iter().map(|(value, count)| (value, count.total())).collect())
    }

    /// `new` of all periods so far, each as it is known at the report's instant. Hidden cells and periods that wait are
    /// not among them.
    pub fn published(&self, indicator: Indicator, dimensions: &[Dimension]) -> Vec<Published> {
        let k = self.settings().threshold(indicator);
        let window =
            |place: usize| self.report.earlier.get(place).map_or(self.report.period, |one| one.window);
        let mut found = Vec::new();
        let mut from = 0;
        for place in 0..=self.report.earlier.len() {
            if !self.group_at(indicator, k, place).closed {
                continue;
            }
            let of = |dimension| self.known_between(indicator, dimension, from, place);
            let reported = (from..=place).map(|at| self.at(indicator, Measure::New, at)).sum();
            let (total, _) = suppressed(&of(Dimension::All), k);
            if let Shown::Number(total) = total {
                let split = |dimension: &Dimension| {
                    let counts = of(*dimension);
                    let (_, cells) = suppressed(&counts, k);
                    (*dimension, cells.into_iter().map(|(value, shown)| (value.to_owned(), shown)).collect())
                };
                let splits = dimensions.iter().filter(|of| indicator.is_split_by(**of)).map(split).collect();
                let (first, last) = (window(from), window(place));
                let provisional = (from..=place).any(|at| !self.is_frozen(at));
                found.push(Published { first, last, total, reported, provisional, splits });
            }
            from = place + 1;
        }
        found
    }

    fn is_frozen(&self, place: usize) -> bool {
        self.report.earlier.get(place).map_or(self.report.frozen, |one| one.frozen.is_some())
    }

    /// As [`View::cells_between`], with what was learnt since.
    fn known_between(
        &self,
        indicator: Indicator,
        dimension: Dimension,
        from: usize,
        to: usize,
    ) -> BTreeMap<String, u64> {
        let mut found = self.cells_between(indicator, dimension, from, to);
        for earlier in self.report.earlier.iter().take(to + 1).skip(from) {
            let first = (indicator, dimension, String::new());
            let since = earlier.restated.range(first..);
            for ((.., value), n) in since.take_while(|((i, d, _), _)| (*i, *d) == (indicator, dimension)) {
                let cell = found.entry(value.clone()).or_default();
                *cell = cell.saturating_add_signed(*n);
            }
        }
        found
    }

    /// Whether the women among those who were served are as many as was promised (choice D6); none: not told.
    pub fn women_met(&self) -> Option<bool> {
        let indicator = Indicator::S1;
        let [.., low, _] = self.women(indicator);
        low?;
        let [f, m, u] =
            ["F", "M", "U"].map(|sex| self.count(indicator, Measure::Cum, Dimension::Sex, sex).total());
        let wanted = u64::from(self.settings().women_share_target);
        let reaches = |part: u64, whole: u64| whole > 0 && part * 100 >= wanted * whole;
        // The known share may be quoted where at least 80 % are known.
        let known_enough = (f + m) * 100 >= KNOWN_ENOUGH * (f + m + u);
        Some(reaches(f, f + m + u) || (!self.settings().by_lower_bound && known_enough && reaches(f, f + m)))
    }

    fn count(&self, indicator: Indicator, measure: Measure, dimension: Dimension, value: &str) -> Count {
        let key: Key = (indicator, measure, dimension, value.to_owned());
        self.report.cells.get(&key).copied().unwrap_or_default()
    }

    fn total(&self, indicator: Indicator, measure: Measure) -> u64 {
        self.count(indicator, measure, Dimension::All, "").total()
    }

    fn before(&self, indicator: Indicator, dimension: Dimension, value: &str) -> u64 {
        self.report.before.get(&(indicator, dimension, value.to_owned())).copied().unwrap_or(0)
    }

    /// What a cell is that a table does not hold.
    const fn none(&self) -> Shown {
        if self.public { Shown::Hidden } else { Shown::Number(0) }
    }

    /// The cumulative figure that was published last, before the group.
    fn before_group(&self, indicator: Indicator, group: Group) -> Shown {
        match group.from.checked_sub(1) {
            None => Shown::Number(0),
            Some(place) => Shown::Number(self.at(indicator, Measure::Cum, place)),
        }
    }

    fn together(&self, indicator: Indicator, group: Group) -> Option<Window> {
        let several = self.public && group.closed && group.from < self.report.earlier.len();
        let first = self.report.earlier.get(group.from).filter(|_| several)?;
        // Periods without anybody need no mention.
        (self.gathered(indicator, group) != self.total(indicator, Measure::New)).then_some(first.window)
    }

    fn gathered(&self, indicator: Indicator, group: Group) -> u64 {
        (group.from..=self.report.earlier.len()).map(|place| self.at(indicator, Measure::New, place)).sum()
    }

    /// A total of a period: of an earlier one, or at their end of the report's own.
    fn at(&self, indicator: Indicator, measure: Measure, place: usize) -> u64 {
        let key: Key = (indicator, measure, Dimension::All, String::new());
        let cells = self.report.earlier.get(place).map_or(&self.report.cells, |earlier| &earlier.cells);
        cells.get(&key).map_or(0, |count| count.total())
    }

    fn group(&self, indicator: Indicator, k: u64) -> Group {
        self.group_at(indicator, k, self.report.earlier.len())
    }

    /// The group of a period, which is closed when it brings nobody or enough, and the published cumulative figures
    /// do not give fewer away.
    fn group_at(&self, indicator: Indicator, k: u64, place: usize) -> Group {
        let (mut from, mut gathered, mut published) = (0, 0, 0_u64);
        let enough = |n: u64| n == 0 || n >= k;
        for at in 0..=place {
            gathered += self.at(indicator, Measure::New, at);
            let cum = self.at(indicator, Measure::Cum, at);
            let closed = enough(gathered) && enough(cum.abs_diff(published));
            if at == place {
                return Group { from, closed };
            }
            if closed {
                (from, gathered, published) = (at + 1, 0, cum);
            }
        }
        Group { from, closed: false }
    }

    fn group_cells(&self, indicator: Indicator, dimension: Dimension, from: usize) -> BTreeMap<String, u64> {
        self.cells_between(indicator, dimension, from, self.report.earlier.len())
    }

    /// Cells of `new` of the periods from one place to another, both included.
    fn cells_between(
        &self,
        indicator: Indicator,
        dimension: Dimension,
        from: usize,
        to: usize,
    ) -> BTreeMap<String, u64> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for place in from..=to {
            let cells = self.report.earlier.get(place).map_or(&self.report.cells, |earlier| &earlier.cells);
            for (value, count) in cells_of(cells, indicator, Measure::New, dimension) {
                *found.entry(value).or_default() += count.total();
            }
        }
        found
    }
}

/// The cells of one table.
pub(super) fn cells_of(
    cells: &BTreeMap<Key, Count>,
    indicator: Indicator,
    measure: Measure,
    dimension: Dimension,
) -> BTreeMap<String, Count> {
    let first: Key = (indicator, measure, dimension, String::new());
    cells
        .range(first..)
        .take_while(|((i, m, d, _), _)| (*i, *m, *d) == (indicator, measure, dimension))
        .map(|((.., value), count)| (value.clone(), *count))
        .collect()
}
