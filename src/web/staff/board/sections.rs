//! The sections of the page: each a table, and a chart of it.

use super::{
    charts::{Bars, Columns, Data, Reach, bars, columns},
    words::{self, Num},
};
use crate::{
    content::Release,
    counting::board::{Figure, Line, NodeUse, Series, Step, View, Women},
    dialog::QuestionCounts,
    indicators::{Dimension, Indicator, START, Shown, tenths},
    web::staff::{Frame, desk::words as desk},
};

const WHOLE: u64 = 1_000;

fn chosen(view: &View) -> Option<(Dimension, &str)> {
    view.only.as_ref().map(|(dimension, value)| (*dimension, value.as_str()))
}

fn length(shown: Shown) -> Option<u64> {
    match shown {
        Shown::Number(n) => Some(n),
        Shown::Below(_) | Shown::Hidden => None,
    }
}

/// `R2 People reached …`
fn name(frame: &Frame<'_>, view: &View, indicator: Indicator) -> String {
    let line = view.in_force.settings.indicators.get(&indicator);
    line.map_or_else(
        || frame.word("board-step-", indicator.as_str()),
        |line| line.wording.get(frame.locale).to_owned(),
    )
}

/// Women's share as words.
pub struct WomenLine {
    pub known: String,
    pub coverage: String,
    pub bounds: String,
    pub met: Option<(bool, String)>,
}

impl WomenLine {
    fn new(frame: &Frame<'_>, women: &Women) -> Self {
        let word = |met: bool| frame.t(if met { "board-women-met" } else { "board-women-not-met" });
        Self {
            known: words::share(frame, women.known),
            coverage: words::share(frame, women.coverage),
            bounds: words::bounds(frame, women),
            met: women.met.map(|met| (met, word(met))),
        }
    }
}

pub struct TargetLine {
    pub code: &'static str,
    pub name: String,
    pub target: String,
    pub new: Num,
    pub cum: Num,
    pub reached: String,
    /// Persons, erased people, head-counts.
    pub parts: Option<[String; 3]>,
    pub women: Option<WomenLine>,
}

/// Targets against what was reached.
pub struct Targets {
    pub lines: Vec<TargetLine>,
    pub chart: Bars,
}

impl Targets {
    pub fn new(frame: &Frame<'_>, view: &View) -> Self {
        let line = |line: &Line| TargetLine {
            code: line.indicator.as_str(),
            name: name(frame, view, line.indicator),
            target: line.target.map(words::grouped).unwrap_or_default(),
            new: words::figure(&line.new, chosen(view)),
            cum: words::figure(&line.cum, chosen(view)),
            reached: line.reached.map(|reached| words::share(frame, Some(reached))).unwrap_or_default(),
            parts: line.cum.count.map(|count| [count.persons, count.erased, count.tally].map(words::grouped)),
            women: line.women.as_ref().map(|women| WomenLine::new(frame, women)),
        };
        let bar = |line: &Line| -> Option<Data> {
            line.target?;
            let label = format!("{} {}", line.indicator.as_str(), name(frame, view, line.indicator));
            Some((
                label,
                words::share(frame, line.reached),
                line.reached.map(|reached| reached.min(WHOLE)),
                false,
            ))
        };
        let data: Vec<Data> = view.lines.iter().filter_map(bar).collect();
        let chart =
            bars("targets", frame.t("board-targets"), frame.t("board-targets-desc"), Some(WHOLE), data);
        Self { lines: view.lines.iter().map(line).collect(), chart }
    }
}

pub struct MonthLine {
    pub month: String,
    pub new: Num,
    pub cum: Num,
    pub reached: String,
}

/// An indicator month by month.
pub struct Monthly {
    pub code: &'static str,
    pub name: String,
    pub lines: Vec<MonthLine>,
    pub has_target: bool,
    pub chart: Columns,
}

impl Monthly {
    pub fn all(frame: &Frame<'_>, view: &View) -> Vec<Self> {
        view.series.iter().map(|series| Self::new(frame, view, series)).collect()
    }

    fn new(frame: &Frame<'_>, view: &View, series: &Series) -> Self {
        let lines = series
            .months
            .iter()
            .map(|month| MonthLine {
                month: words::window(frame, month.window),
                new: words::figure(&month.new, chosen(view)),
                cum: words::figure(&month.cum, chosen(view)),
                reached: series
                    .target
                    .and_then(|target| tenths(length(month.cum.shown)?, target))
                    .map(|reached| words::share(frame, Some(reached)))
                    .unwrap_or_default(),
            })
            .collect();
        let most = series.months.iter().filter_map(|month| length(month.new.shown)).max().unwrap_or(0);
        let data = series.months.iter().map(|month| {
            let reach: Reach = length(month.new.shown).map(|n| (0, n, None));
            (month.window.to_string(), reach)
        });
        let code = series.indicator.as_str();
        let title = frame.with("board-monthly", "name", name(frame, view, series.indicator));
        let desc = frame.with("board-monthly-desc", "most", words::grouped(most));
        let chart = columns(
            &format!("months-{code}"),
            (title, desc),
            (most, words::grouped(most)),
            None,
            data.collect(),
        );
        let name = name(frame, view, series.indicator);
        Self { code, name, lines, has_target: series.target.is_some(), chart }
    }
}

pub struct ShareLine {
    pub month: String,
    pub women: WomenLine,
}

/// Women's share among those who were supported, month by month.
pub struct Shares {
    pub lines: Vec<ShareLine>,
    pub chart: Columns,
}

impl Shares {
    pub fn new(frame: &Frame<'_>, view: &View) -> Option<Self> {
        let series = view.series.iter().find(|series| series.indicator == Indicator::S1)?;
        let months: Vec<_> =
            series.months.iter().filter_map(|month| Some((month.window, month.women.as_ref()?))).collect();
        if months.is_empty() {
            return None;
        }
        let lines = months
            .iter()
            .map(|(window, women)| ShareLine {
                month: words::window(frame, *window),
                women: WomenLine::new(frame, women),
            })
            .collect();
        let data = months
            .iter()
            .map(|(window, women)| {
                let reach: Reach = women.low.zip(women.high).map(|(low, high)| (low, high, women.known));
                (window.to_string(), reach)
            })
            .collect();
        let target = u64::from(view.in_force.settings.women_share_target) * 10;
        let target = Some((target, words::share(frame, Some(target))));
        let texts = (frame.t("board-women"), frame.t("board-women-desc"));
        let chart = columns("women", texts, (WHOLE, words::share(frame, Some(WHOLE))), target, data);
        Some(Self { lines, chart })
    }
}

pub struct ValueLine {
    pub label: String,
    pub number: Num,
    pub share: String,
}

/// The chosen indicator by the values of a dimension.
pub struct Split {
    pub id: &'static str,
    pub title: String,
    pub values: Vec<ValueLine>,
    pub total: Num,
    pub chart: Bars,
}

impl Split {
    pub fn all(frame: &Frame<'_>, view: &View, label: &dyn Fn(Dimension, &str) -> String) -> Vec<Self> {
        let of = |split: &crate::counting::board::Split| {
            let dimension = split.dimension;
            let title = words::dimension(frame, dimension);
            let total = length(split.total.shown);
            let line = |(value, figure): &(String, Figure)| ValueLine {
                label: label(dimension, value),
                number: words::figure(figure, Some((dimension, value))),
                share: length(figure.shown)
                    .zip(total)
                    .and_then(|(n, total)| tenths(n, total))
                    .map_or_else(|| "—".to_owned(), |share| words::share(frame, Some(share))),
            };
            let bar = |(value, figure): &(String, Figure)| -> Data {
                let marked = chosen(view) == Some((dimension, value.as_str()));
                (label(dimension, value), words::number(figure.shown), length(figure.shown), marked)
            };
            let values: Vec<&(String, Figure)> = split.values.iter().take(BARS_MAX).collect();
            let data = values.iter().map(|value| bar(value)).collect();
            let id = dimension.as_str();
            let code = view.indicator.as_str();
            let desc = frame.with2("board-split-desc", "code", code, "by", &title);
            Self {
                id,
                values: split.values.iter().map(line).collect(),
                total: words::figure(&split.total, None),
                chart: bars(&format!("by-{id}"), title.clone(), desc, None, data),
                title,
            }
        };
        view.splits.iter().map(of).collect()
    }
}

/// Bars of a chart; its table has all.
const BARS_MAX: usize = 20;

pub struct StepLine {
    pub label: String,
    pub number: Num,
    /// Of the step before.
    pub share: String,
}

/// From a link to support.
pub struct Funnel {
    pub steps: Vec<StepLine>,
    pub chart: Bars,
}

impl Funnel {
    pub fn new(frame: &Frame<'_>, view: &View) -> Self {
        let (mut steps, mut data): (Vec<StepLine>, Vec<Data>) = (Vec::new(), Vec::new());
        let mut before: Option<u64> = None;
        for step in &view.funnel {
            let (label, number, shown) = match step {
                Step::Opened(None) => {
                    let text = frame.t("board-not-recorded");
                    steps.push(StepLine {
                        label: frame.t("board-step-opened"),
                        number: Num { text, href: None },
                        share: "—".to_owned(),
                    });
                    continue;
                }
                Step::Opened(Some(shown)) => (frame.t("board-step-opened"), Num::plain(*shown), *shown),
                Step::Persons(figure) => (
                    frame.word("board-step-", figure.indicator.as_str()),
                    words::figure(figure, chosen(view)),
                    figure.shown,
                ),
            };
            let n = length(shown);
            let share = n.zip(before).and_then(|(n, before)| tenths(n, before));
            data.push((label.clone(), words::number(shown), n, false));
            steps.push(StepLine { label, number, share: words::share(frame, share) });
            before = n;
        }
        let chart = bars("funnel", frame.t("board-funnel"), frame.t("board-funnel-desc"), None, data);
        Self { steps, chart }
    }
}

pub struct NodeLine {
    pub title: String,
    pub node: String,
    pub views: String,
    pub shown: String,
    pub dropped: String,
    pub share: String,
}

fn node_line(frame: &Frame<'_>, release: &Release, of: &NodeUse) -> NodeLine {
    let title = if of.node == START {
        frame.t("board-start")
    } else {
        desk::page_title(release, frame.locale, &of.node)
    };
    NodeLine {
        title,
        node: of.node.clone(),
        views: words::number(of.views),
        shown: words::number(of.shown),
        dropped: words::number(of.dropped),
        share: words::share(frame, of.share),
    }
}

/// Pages that are asked for most.
pub struct Used {
    pub lines: Vec<NodeLine>,
    pub chart: Bars,
}

impl Used {
    pub fn new(frame: &Frame<'_>, view: &View, release: &Release) -> Self {
        let lines: Vec<NodeLine> = view.used.iter().map(|of| node_line(frame, release, of)).collect();
        let data = lines
            .iter()
            .zip(&view.used)
            .map(|(line, of)| (line.title.clone(), line.views.clone(), length(of.views), false))
            .collect();
        Self { lines, chart: bars("used", frame.t("board-used"), frame.t("board-used-desc"), None, data) }
    }
}

/// Where ways end.
pub struct Way {
    pub lines: Vec<NodeLine>,
    pub chart: Bars,
}

impl Way {
    pub fn new(frame: &Frame<'_>, view: &View, release: &Release) -> Self {
        let lines: Vec<NodeLine> = view.dropped.iter().map(|of| node_line(frame, release, of)).collect();
        let data = lines
            .iter()
            .zip(&view.dropped)
            .map(|(line, of)| (line.title.clone(), line.dropped.clone(), length(of.dropped), false))
            .collect();
        Self { lines, chart: bars("drop", frame.t("board-drop"), frame.t("board-drop-desc"), None, data) }
    }
}

pub struct QuestionLine {
    pub topic: String,
    pub not_found: String,
    pub ignored: String,
}

/// Questions without an answer, by topic.
pub struct Questions {
    pub lines: Vec<QuestionLine>,
    pub chart: Bars,
}

impl Questions {
    pub fn new(frame: &Frame<'_>, view: &View, counts: QuestionCounts) -> Self {
        let mut by: std::collections::BTreeMap<Option<Box<str>>, [u64; 2]> =
            std::collections::BTreeMap::new();
        for ((topic, why), n) in counts {
            let [not_found, ignored] = by.entry(topic).or_default();
            // Shown and not opened, or shown alone and no help.
            let of = if why == "not-found" { not_found } else { ignored };
            *of += u64::try_from(n).unwrap_or(0);
        }
        let mut rows: Vec<(String, u64, u64)> = by
            .into_iter()
            .map(|(topic, [not_found, ignored])| {
                let label =
                    topic.map_or_else(|| frame.t("board-no-topic"), |topic| desk::topic(frame, &topic));
                (label, not_found, ignored)
            })
            .collect();
        rows.sort_by(|(a, n, m), (b, o, p)| (o + p).cmp(&(n + m)).then_with(|| a.cmp(b)));
        let data = rows
            .iter()
            .map(|(label, not_found, ignored)| {
                let all = view.plain(not_found + ignored);
                (label.clone(), words::number(all), length(all), false)
            })
            .collect();
        let chart =
            bars("questions", frame.t("board-questions"), frame.t("board-questions-desc"), None, data);
        let lines = rows
            .into_iter()
            .map(|(topic, not_found, ignored)| {
                let number = |n: u64| words::number(view.plain(n));
                QuestionLine { topic, not_found: number(not_found), ignored: number(ignored) }
            })
            .collect();
        Self { lines, chart }
    }
}
