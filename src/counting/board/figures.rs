//! The figures of a view, each as who looks may see it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CHOSEN_BY, Figure, Line, Month, NODES_MAX, NodeUse, Series, Split, Step, View, Wanted, Women, all,
    outside, plain,
    told::{Reported, Told},
    windows::{self, Period, months_of},
};
use crate::{
    counting::{Asked, InForce},
    domain::{Day, Timestamp},
    indicators::{
        Count, Dimension, Figures, Indicator, Measure, Rules, Settings, Sex, Shares, Shown, UNKNOWN, Use,
        Window, tenths, women,
    },
    store::indicators::uses::NodeRow,
};

/// Coverage from which the known share of women may be quoted (indicators.md §1.7), in tenths of a percent.
const COVERAGE_MIN: u64 = 800;

/// The figures at hand, and who looks.
pub(super) struct Reader<'a> {
    figures: Told<'a>,
    rules: &'a Rules,
    settings: &'a Settings,
    today: Day,
    only: Option<&'a (Dimension, String)>,
    outside: bool,
    /// Windows that may be told outside, by indicator.
    blocks: BTreeMap<Indicator, Vec<(i32, i32)>>,
    /// The months of the chosen campaign by the register.
    campaign: Option<(i32, i32)>,
}

impl<'a> Reader<'a> {
    /// `reported`: frozen figures for who looks from outside.
    pub fn new(
        shares: &'a Shares,
        rules: &'a Rules,
        settings: &'a Settings,
        today: Day,
        wanted: &'a Wanted,
        reported: Option<&'a Reported>,
    ) -> Self {
        let figures = Told::new(Figures::new(shares, rules), rules, reported);
        let mut blocks = BTreeMap::new();
        if wanted.outside {
            for indicator in all() {
                let k = settings.threshold(indicator);
                blocks.insert(indicator, outside::blocks(&figures, rules, today, indicator, k));
            }
        }
        let (only, outside) = (wanted.only.as_ref(), wanted.outside);
        Self { figures, rules, settings, today, only, outside, blocks, campaign: None }
    }

    /// With the months of the chosen campaign, as the register has them.
    pub const fn in_campaign(mut self, months: Option<(i32, i32)>) -> Self {
        self.campaign = months;
        self
    }

    /// Everything but what has roll-ups of its own; instant and number of the snapshot are the caller's to set.
    pub fn view(&self, indicator: Indicator, period: &str) -> View {
        let (rules, today, only) = (self.rules, self.today, self.only);
        let periods = windows::choices(rules, today, self.outside, only);
        let period = Period::parse(period).filter(|period| periods.contains(period)).unwrap_or(Period::Whole);
        let window = match period {
            Period::Campaign => self.campaign_window().and_then(|window| self.window(window)),
            period => period.window().and_then(|window| self.window(window)),
        };
        let mut view = View {
            // With its hash: the caller's to set, too.
            in_force: InForce { settings: self.settings.clone(), hash: String::new() },
            at: Timestamp(0),
            last_seq: 0,
            indicator,
            period,
            window,
            periods,
            only: only.cloned(),
            values: self.values(indicator),
            lines: Vec::new(),
            series: Vec::new(),
            splits: Vec::new(),
            funnel: Vec::new(),
            used: Vec::new(),
            dropped: Vec::new(),
            days: None,
            reports: Vec::new(),
            outside: self.outside,
        };
        let Some(window) = window else { return view };
        let (first, last) = months_of(window, rules);
        view.days = Day::from_ymd_opt(first.div_euclid(12), first.rem_euclid(12).unsigned_abs() + 1, 1)
            .zip(Window::Month(last).end().and_then(|end| end.pred_opt()));
        view.lines = self.settings.indicators.keys().filter_map(|of| self.line(*of, window)).collect();
        let mut of: Vec<Indicator> = vec![Indicator::R1, Indicator::R2, Indicator::S1];
        if !of.contains(&indicator) {
            of.push(indicator);
        }
        view.series = of.into_iter().filter_map(|of| self.series(of, window)).collect();
        let dimensions = CHOSEN_BY.into_iter().chain([Dimension::Centre]);
        view.splits = dimensions.filter_map(|dimension| self.split(indicator, window, dimension)).collect();
        let steps = [Indicator::R1, Indicator::R2, Indicator::Asked, Indicator::S1];
        view.funnel = steps
            .into_iter()
            .filter(|of| self.fits(*of))
            .map(|of| Step::Persons(self.figure(of, window, Measure::New)))
            .collect();
        view
    }

    /// A window as who looks may choose it.
    fn window(&self, window: Window) -> Option<Window> {
        if self.outside { windows::whole_quarters(window, self.rules, self.today) } else { Some(window) }
    }

    /// The months of the chosen campaign: those of the register; without dates there, those in which it brought people.
    fn campaign_window(&self) -> Option<Window> {
        let (dimension, code) = self.only?;
        if let Some((first, last)) = self.campaign {
            return Some(Window::Span(first, last));
        }
        let (start, end) = months_of(Window::Programme, self.rules);
        let brought = |month: &i32| {
            let by = self.figures.by(Indicator::R1, Window::Month(*month), Measure::New, *dimension);
            by.get(code).is_some_and(|count| count.total() > 0)
        };
        let mut months = (start..=end).filter(brought);
        let first = months.next()?;
        Some(Window::Span(first, months.next_back().unwrap_or(first)))
    }

    /// Whether the indicator has the value that was chosen.
    fn fits(&self, indicator: Indicator) -> bool {
        self.only.is_none_or(|(dimension, _)| indicator.is_split_by(*dimension))
    }

    /// The number of a cell, if somebody outside may see it.
    pub fn open(&self, asked: &Asked) -> Option<u64> {
        let figure = self.figure(asked.indicator, asked.window, asked.measure);
        match figure.shown {
            Shown::Number(n) if figure.window == asked.window && asked.measure != Measure::Active => Some(n),
            _ => None,
        }
    }

    /// A number of the chosen value, or of all.
    fn figure(&self, indicator: Indicator, window: Window, measure: Measure) -> Figure {
        let (dimension, value) =
            self.only.map_or((Dimension::All, ""), |(dimension, value)| (*dimension, value.as_str()));
        self.cell(indicator, window, measure, dimension, value)
    }

    fn cell(
        &self,
        indicator: Indicator,
        window: Window,
        measure: Measure,
        dimension: Dimension,
        value: &str,
    ) -> Figure {
        let hidden = Figure { shown: Shown::Hidden, count: None, indicator, measure, window };
        let Some(window) = self.told(indicator, window) else { return hidden };
        let count =
            self.figures.by(indicator, window, measure, dimension).get(value).copied().unwrap_or_default();
        if !self.outside {
            return Figure {
                shown: Shown::Number(count.total()),
                count: Some(count),
                indicator,
                measure,
                window,
            };
        }
        let k = self.settings.threshold(indicator);
        let (_, cells) = outside::table(&self.figures, indicator, window, measure, dimension, k);
        let shown = cells.get(value).copied().unwrap_or(Shown::Number(0));
        // What it is made of would be a table of its own.
        Figure { shown, count: None, indicator, measure, window }
    }

    /// The window that stands for the one asked for, for who looks.
    fn told(&self, indicator: Indicator, window: Window) -> Option<Window> {
        if !self.outside {
            return Some(window);
        }
        outside::window(self.blocks.get(&indicator)?, self.rules, window)
    }

    fn line(&self, indicator: Indicator, window: Window) -> Option<Line> {
        if !self.fits(indicator) {
            return None;
        }
        let new = self.figure(indicator, window, Measure::New);
        let cum = self.figure(indicator, window, Measure::Cum);
        let target = self.target(indicator);
        let reached = target.and_then(|target| tenths(self.against(indicator, &cum)?, target));
        Some(Line { indicator, target, new, cum, reached, women: self.women(indicator, window) })
    }

    /// Targets are of all, not of a part.
    fn target(&self, indicator: Indicator) -> Option<u64> {
        if self.only.is_some() {
            return None;
        }
        self.settings.indicators.get(&indicator)?.target
    }

    /// What is held against the target: choice D2 may leave head-counts out of the large one.
    fn against(&self, indicator: Indicator, figure: &Figure) -> Option<u64> {
        let Shown::Number(total) = figure.shown else { return None };
        if indicator == self.settings.headline && !self.settings.with_head_counts {
            let Count { persons, erased, .. } = figure.count?;
            return Some(persons + erased);
        }
        Some(total)
    }

    /// Women's share by the end of a window.
    fn women(&self, indicator: Indicator, window: Window) -> Option<Women> {
        if !indicator.is_split_by(Dimension::Sex) || indicator == Indicator::S2 || self.only.is_some() {
            return None;
        }
        let window = self.told(indicator, window)?;
        if self.outside {
            let k = self.settings.threshold(indicator);
            let (_, cells) =
                outside::table(&self.figures, indicator, window, Measure::Cum, Dimension::Sex, k);
            // Shares that are computed from a hidden cell are hidden.
            if cells.values().any(|shown| !matches!(shown, Shown::Number(_))) {
                return None;
            }
        }
        let [known, coverage, low, high] = women(self.figures.sexes(indicator, window, Measure::Cum));
        let wanted = u64::from(self.settings.women_share_target) * 10;
        let met = match (indicator, known, coverage, low) {
            (Indicator::S1, Some(known), Some(coverage), _) if !self.settings.by_lower_bound => {
                Some(known >= wanted && coverage >= COVERAGE_MIN)
            }
            (Indicator::S1, _, _, Some(low)) => Some(low >= wanted),
            _ => None,
        };
        Some(Women { known, coverage, low, high, met })
    }

    fn series(&self, indicator: Indicator, window: Window) -> Option<Series> {
        if !self.fits(indicator) {
            return None;
        }
        let months = self
            .steps(indicator, window)
            .into_iter()
            .map(|window| Month {
                window,
                new: self.figure(indicator, window, Measure::New),
                cum: self.figure(indicator, window, Measure::Cum),
                women: self.women(indicator, window),
            })
            .collect();
        Some(Series { indicator, target: self.target(indicator), months })
    }

    /// The months of a window that have begun; outside its quarters that may be told.
    fn steps(&self, indicator: Indicator, window: Window) -> Vec<Window> {
        let (first, last) = months_of(window, self.rules);
        if !self.outside {
            let now = crate::indicators::month_of(self.today);
            return (first..=last.min(now)).map(Window::Month).collect();
        }
        let inside = |(from, to): &&(i32, i32)| *to >= first && *to <= last && *from <= last;
        let blocks = self.blocks.get(&indicator).map(Vec::as_slice).unwrap_or_default();
        let name = |(from, to): &(i32, i32)| {
            let quarter = Window::quarter_of(*from);
            if quarter.months() == Some((*from, *to)) { quarter } else { Window::Span(*from, *to) }
        };
        blocks.iter().filter(inside).map(name).collect()
    }

    fn split(&self, indicator: Indicator, window: Window, dimension: Dimension) -> Option<Split> {
        if !indicator.is_split_by(dimension) {
            return None;
        }
        let measure = Measure::New;
        let total = self.cell(indicator, window, measure, Dimension::All, "");
        let by = match self.told(indicator, window) {
            Some(window) => self.figures.by(indicator, window, measure, dimension),
            None => BTreeMap::new(),
        };
        let mut found: Vec<(String, u64)> =
            by.into_iter().map(|(value, count)| (value, count.total())).collect();
        let in_order = matches!(dimension, Dimension::Age | Dimension::Sex);
        if in_order {
            found.sort_by_key(|(value, _)| (value == UNKNOWN, value.trim_start_matches('<').to_owned()));
            found.sort_by_key(|(value, _)| !value.starts_with('<'));
        } else {
            // Outside the order must not tell what is hidden.
            found.sort_by(|(a, n), (b, m)| if self.outside { a.cmp(b) } else { m.cmp(n).then(a.cmp(b)) });
        }
        let values = found
            .into_iter()
            .map(|(value, _)| {
                let figure = self.cell(indicator, window, measure, dimension, &value);
                (value, figure)
            })
            .collect();
        Some(Split { dimension, total, values })
    }

    /// Values that were met, of the chosen indicator or at all.
    fn values(&self, indicator: Indicator) -> Vec<(Dimension, Vec<String>)> {
        let of = |dimension: Dimension| {
            let mut values: BTreeSet<String> = BTreeSet::new();
            for indicator in [indicator, Indicator::R1] {
                values.extend(
                    self.figures.by(indicator, Window::Programme, Measure::Cum, dimension).into_keys(),
                );
            }
            if dimension == Dimension::Sex {
                values.extend(Sex::ALL.iter().map(|sex| sex.as_str().to_owned()));
            }
            (dimension, values.into_iter().collect())
        };
        CHOSEN_BY.into_iter().map(of).collect()
    }
}

/// Uses of nodes: those that were asked for most, and those where most end.
pub(super) fn nodes(rows: Vec<NodeRow>, outside: bool, k: u64) -> (Vec<NodeUse>, Vec<NodeUse>) {
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    let of = |row: &NodeRow| {
        let dropped = number(Use { views: row.views, shown: row.shown, went_on: row.went_on }.dropped());
        let [views, shown, left] =
            [number(row.views), number(row.shown), dropped].map(|n| plain(n, outside, k));
        let is_open = matches!((shown, left), (Shown::Number(_), Shown::Number(_)));
        let share = tenths(dropped.min(number(row.shown)), number(row.shown)).filter(|_| is_open);
        (dropped, NodeUse { node: row.node.clone(), views, shown, dropped: left, share })
    };
    let mut used: Vec<&NodeRow> = rows.iter().filter(|row| row.views > 0).collect();
    used.sort_by(|a, b| b.views.cmp(&a.views).then_with(|| a.node.cmp(&b.node)));
    let used = used.into_iter().take(NODES_MAX).map(|row| of(row).1).collect();
    let mut dropped: Vec<(u64, NodeUse)> = rows.iter().map(of).filter(|(dropped, _)| *dropped > 0).collect();
    dropped.sort_by(|(a, one), (b, two)| b.cmp(a).then_with(|| one.node.cmp(&two.node)));
    (used, dropped.into_iter().take(NODES_MAX).map(|(_, node)| node).collect())
}
