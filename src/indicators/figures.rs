//! The figures: persons, erased people and net head-counts by indicator, window, measure and dimension.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Dimension, Entry, EntryKind, Indicator, Measure, Net, Rules, Sex, Table, Unit, Window, counted,
    field::{Touches, net},
    window::month_of,
};
use crate::domain::Day;

/// What the figures are made of: the state of the counters at one instant.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    /// Cells of living records: persons who are known by a pseudonym.
    pub live: Table,
    /// Cells of people who were erased (indicators.md §1.8).
    pub erased: Table,
    /// What each person adds to records that name nobody.
    pub units: Vec<UnitRow>,
    /// Head-counts, approvals, lines of registers; voided ones left out.
    pub entries: Vec<Entry>,
}

/// A person's part of a unit record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    pub indicator: Indicator,
    pub key: Box<str>,
    pub unit: Unit,
}

/// A number by grade of evidence (indicators.md §1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub persons: u64,
    pub erased: u64,
    pub tally: u64,
}

impl Count {
    /// The three together, always.
    pub const fn total(self) -> u64 {
        self.persons + self.erased + self.tally
    }
}

type Index<'a> = HashMap<(Indicator, Measure, Window, Dimension), Vec<(&'a str, u64)>>;

/// Figures of one instant.
pub struct Figures<'a> {
    rules: &'a Rules,
    live: Index<'a>,
    erased: Index<'a>,
    units: BTreeMap<(Indicator, &'a str), (Day, u64)>,
    /// Whether the answer is "up"; `None`: asked, and gave none.
    surveys: BTreeMap<&'a str, Vec<(Day, Option<bool>)>>,
    nets: Vec<Net<'a>>,
}

impl<'a> Figures<'a> {
    pub fn new(shares: &'a Shares, rules: &'a Rules) -> Self {
        let entries = counted(&shares.entries, rules);
        let nets = net(&entries, &touches(shares), rules);
        let mut units: BTreeMap<(Indicator, &str), (Day, u64)> = BTreeMap::new();
        let mut add = |indicator, key, first: Day, months: u64| {
            let unit = units.entry((indicator, key)).or_insert((first, 0));
            *unit = (unit.0.min(first), unit.1 | months);
        };
        for row in &shares.units {
            add(row.indicator, &*row.key, row.unit.first, row.unit.months);
        }
        let mut surveys: BTreeMap<&str, Vec<(Day, Option<bool>)>> = BTreeMap::new();
        for (entry, day) in &entries {
            if let EntryKind::Asked { key } = &entry.kind {
                surveys.entry(key).or_default().push((*day, None));
            }
            if let EntryKind::Register { indicator, key, counts } = &entry.kind {
                if *indicator == Indicator::H1 {
                    surveys.entry(key).or_default().push((*day, Some(*counts)));
                } else if *counts {
                    add(*indicator, &**key, *day, rules.bit(*day));
                }
            }
        }
        // A confirmation counts only beside its referral.
        let made: BTreeSet<&str> =
            units.keys().filter(|(indicator, _)| *indicator == Indicator::F1).map(|(_, key)| *key).collect();
        units.retain(|(indicator, key), _| *indicator != Indicator::F2 || made.contains(key));
        Self { rules, live: index(&shares.live), erased: index(&shares.erased), units, surveys, nets }
    }

    /// The head-counts that count, gross and net.
    pub fn head_counts(&self) -> &[Net<'a>] {
        &self.nets
    }

    /// Those that count in a cell of an indicator.
    pub fn nets(
        &self,
        indicator: Indicator,
        window: Window,
        measure: Measure,
    ) -> impl Iterator<Item = &Net<'a>> {
        let of = self.nets.iter().filter(move |net| net.indicator == indicator);
        of.filter(move |net| self.holds(window, measure, net.day))
    }

    /// Keys of the records that name nobody and count in a cell, each with its first day.
    pub fn unit_keys(&self, indicator: Indicator, window: Window, measure: Measure) -> Vec<(&'a str, Day)> {
        if indicator == Indicator::H1 {
            return self.risen(window, measure).collect();
        }
        let (first, last) = window.months().unwrap_or((i32::MIN, i32::MAX));
        let counts = |from: Day, months: u64| {
            let from = month_of(from);
            match measure {
                Measure::New => (first..=last).contains(&from),
                Measure::Active => {
                    from <= last && self.rules.months(months).any(|month| (first..=last).contains(&month))
                }
                Measure::Cum => from <= last,
                Measure::Touch => false,
            }
        };
        let of = self.units.range((indicator, "")..).take_while(|((other, _), _)| *other == indicator);
        of.filter(|(_, (from, months))| counts(*from, *months))
            .map(|((_, key), (from, _))| (*key, *from))
            .collect()
    }

    /// Households that were asked in the survey, by the end of a window.
    pub fn asked(&self, window: Window) -> u64 {
        self.households(window, |_| true)
    }

    /// Those of them that gave an answer.
    pub fn answered(&self, window: Window) -> u64 {
        self.households(window, |answer| answer.is_some())
    }

    fn households(&self, window: Window, counts: impl Fn(Option<bool>) -> bool) -> u64 {
        let end = window.end();
        let is_in = |(day, answer): &(Day, Option<bool>)| end.is_none_or(|end| *day < end) && counts(*answer);
        self.surveys.values().filter(|answers| answers.iter().any(is_in)).count() as u64
    }

    /// An indicator's number.
    pub fn total(&self, indicator: Indicator, window: Window, measure: Measure) -> Count {
        self.by(indicator, window, measure, Dimension::All).remove("").unwrap_or_default()
    }

    /// An indicator by the values of a dimension. Together they are its total; none if it is not split by that.
    pub fn by(
        &self,
        indicator: Indicator,
        window: Window,
        measure: Measure,
        dimension: Dimension,
    ) -> BTreeMap<String, Count> {
        let mut found: BTreeMap<String, Count> = BTreeMap::new();
        if !indicator.is_split_by(dimension) {
            return found;
        }
        for (value, n) in self.cells(&self.live, indicator, window, measure, dimension) {
            found.entry(self.label(dimension, value)).or_default().persons += n;
        }
        for (value, n) in self.cells(&self.erased, indicator, window, measure, dimension) {
            found.entry(self.label(dimension, value)).or_default().erased += n;
        }
        self.add_heads(&mut found, indicator, window, measure, dimension);
        if dimension == Dimension::All && indicator.is_of_units() {
            let n = self.unit_keys(indicator, window, measure).len() as u64;
            found.entry(String::new()).or_default().persons += n;
        }
        found.retain(|_, count| count.total() > 0);
        found
    }

    /// Women, men, unknown.
    pub fn sexes(&self, indicator: Indicator, window: Window, measure: Measure) -> [u64; 3] {
        let by = self.by(indicator, window, measure, Dimension::Sex);
        [Sex::F, Sex::M, Sex::U].map(|sex| by.get(sex.as_str()).map_or(0, |count| count.total()))
    }

    /// Women, men and unknown by country of stay; each country's add up to its number in the table of countries. Of erased
    /// people only one of the two is known: they are among the unknown, and the fourth number says how many.
    pub fn by_stay_and_sex(
        &self,
        indicator: Indicator,
        window: Window,
        measure: Measure,
    ) -> BTreeMap<String, [u64; 4]> {
        let mut found: BTreeMap<String, [u64; 4]> = BTreeMap::new();
        if !indicator.is_of_persons() {
            return found;
        }
        let mut add = |stay: &str, place: usize, n: u64| {
            if let Some(number) = found.entry(stay.to_owned()).or_default().get_mut(place) {
                *number += n;
            }
        };
        for (place, dimension) in
            [Dimension::StayF, Dimension::StayM, Dimension::StayU].into_iter().enumerate()
        {
            for (stay, n) in self.cells(&self.live, indicator, window, measure, dimension) {
                add(stay, place, n);
            }
        }
        for (stay, n) in self.cells(&self.erased, indicator, window, measure, Dimension::Stay) {
            add(stay, 2, n);
            add(stay, 3, n);
        }
        for net in self.nets(indicator, window, measure) {
            for (place, sex) in Sex::ALL.iter().enumerate() {
                add(net.value(Dimension::Stay, self.rules), place, net.net.of(*sex).into());
            }
        }
        found.retain(|_, numbers| numbers.iter().sum::<u64>() > 0);
        found
    }

    fn label(&self, dimension: Dimension, value: &str) -> String {
        match dimension {
            Dimension::FirstTouch | Dimension::LastTouch => self.rules.label(value).to_owned(),
            _ => value.to_owned(),
        }
    }

    fn cells<'b>(
        &'b self,
        index: &'b Index<'a>,
        indicator: Indicator,
        window: Window,
        measure: Measure,
        dimension: Dimension,
    ) -> impl Iterator<Item = (&'a str, u64)> + 'b {
        let (windows, measure) = match measure {
            Measure::Active | Measure::Touch => (vec![window], measure),
            Measure::New | Measure::Cum => {
                let programme = (month_of(self.rules.start), month_of(self.rules.end));
                let (first, last) = window.months().unwrap_or(programme);
                let first = if measure == Measure::Cum { programme.0 } else { first };
                ((first.max(programme.0)..=last.min(programme.1)).map(Window::Month).collect(), Measure::New)
            }
        };
        windows
            .into_iter()
            .filter_map(move |window| index.get(&(indicator, measure, window, dimension)))
            .flatten()
            .copied()
    }

    fn add_heads(
        &self,
        found: &mut BTreeMap<String, Count>,
        indicator: Indicator,
        window: Window,
        measure: Measure,
        dimension: Dimension,
    ) {
        for net in self.nets(indicator, window, measure) {
            let mut add = |value: &str, n: u32| {
                found.entry(value.to_owned()).or_default().tally += u64::from(n);
            };
            match dimension {
                Dimension::All => add("", net.total()),
                Dimension::Sex => {
                    for sex in [Sex::F, Sex::M, Sex::U] {
                        add(sex.as_str(), net.net.of(sex));
                    }
                }
                _ => add(net.value(dimension, self.rules), net.total()),
            }
        }
    }

    /// Whether what happened on one day alone counts in a window.
    fn holds(&self, window: Window, measure: Measure, day: Day) -> bool {
        let (first, last) = window.months().unwrap_or((i32::MIN, i32::MAX));
        let month = month_of(day);
        match measure {
            Measure::New | Measure::Active => (first..=last).contains(&month),
            Measure::Cum => month <= last,
            Measure::Touch => false,
        }
    }

    /// Households whose latest answer in the window, or with `cum` by its end, is "up".
    fn risen(&self, window: Window, measure: Measure) -> impl Iterator<Item = (&'a str, Day)> {
        self.surveys.iter().filter_map(move |(key, answers)| {
            let answered = answers.iter().filter_map(|(day, answer)| Some((*day, (*answer)?)));
            let mut inside = answered.filter(|(day, _)| self.holds(window, measure, *day));
            inside.next_back().filter(|(_, up)| *up).map(|(day, _)| (*key, day))
        })
    }
}

fn index(table: &Table) -> Index<'_> {
    let mut index = Index::new();
    for (cell, n) in table.iter() {
        let key = (cell.indicator, cell.measure, cell.window, cell.dimension);
        index.entry(key).or_default().push((cell.value, u64::try_from(n).unwrap_or(0)));
    }
    index
}

fn touches(shares: &Shares) -> Touches<'_> {
    let mut touches = Touches::new();
    for (cell, n) in shares.live.iter().chain(shares.erased.iter()) {
        let sex = match cell.dimension {
            Dimension::CodeF => Sex::F,
            Dimension::CodeM => Sex::M,
            Dimension::CodeU => Sex::U,
            _ => continue,
        };
        if let (Measure::Touch, Window::Day(day)) = (cell.measure, cell.window) {
            let people = u32::try_from(n).unwrap_or(0);
            touches.entry((cell.indicator, cell.value)).or_default().push((day, sex, people));
        }
    }
    touches
}

/// A share in tenths of a percent, half up; `None` of nothing.
pub fn tenths(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| (part * 2_000 + whole) / (2 * whole))
}

/// Tenths as they are written: `66.7`.
pub fn percent(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The four shares of women of a cell (indicators.md §1.7): known, coverage, low, high.
pub fn women([f, m, u]: [u64; 3]) -> [Option<u64>; 4] {
    let total = f + m + u;
    [tenths(f, f + m), tenths(f + m, total), tenths(f, total), tenths(f + u, total)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(
            women([2, 1, 3]).map(|share| share.map(percent)),
            ["66.7", "50.0", "33.3", "83.3"].map(|text| Some(text.into()))
        );
        assert_eq!(women([0, 0, 5])[0], None);
        assert_eq!(tenths(1, 16).map(percent).as_deref(), Some("6.3"), "6.25");
        assert_eq!(tenths(1, 2000).map(percent).as_deref(), Some("0.1"), "0.05");
    }
}
