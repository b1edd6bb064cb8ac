//! What the dashboard shows, against all counts and against a recount.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use safar::{
    clock::{MockClock, SystemIds},
    counting::{
        self, Asked,
        board::{Board, Figure, Step, TraceAnswer, View, Wanted},
    },
    domain::Timestamp,
    indicators::{Count, Dimension, Figures, Indicator, Measure, Rules, Shown, Window},
    privacy::Keys,
    store::codes,
};

use super::people;
use crate::store::backend::{Fresh, store_contract};

store_contract!(
    figures_are_those_of_a_recount,
    every_number_leads_to_as_many_units,
    outside_small_numbers_are_hidden,
    a_viewer_sees_frozen_quarters_as_they_were_reported,
    a_campaign_has_the_months_of_the_register,
    entries_of_the_field_name_their_evidence
);

fn board(fresh: &Fresh) -> Board {
    let clock = Arc::new(MockClock::at(Timestamp::from_iso("2026-11-24T06:00:00Z").unwrap()));
    Board::new(fresh.store.clone(), Keys::from_secret(&[7; 32]), clock, Arc::new(SystemIds::new()))
}

async fn stock(fresh: &Fresh, people: i64) {
    people::campaigns(&fresh.store, &[("osh-bazar", "Osh, bazaar"), ("dushanbe-airport", "")]).await;
    people::store(&fresh.store, &people::crowd(people)).await;
}

fn wanted(period: &str, only: Option<(Dimension, &str)>) -> Wanted {
    Wanted {
        period: period.to_owned(),
        only: only.map(|(dimension, value)| (dimension, value.to_owned())),
        ..Wanted::default()
    }
}

async fn figures_are_those_of_a_recount(fresh: Fresh) {
    stock(&fresh, 300).await;
    let board = board(&fresh);
    // Before the job has rolled anything up, half-way, and after.
    for limit in [0, 120, 100_000] {
        let mut tx = fresh.write().await;
        counting::roll(&mut tx, &Rules::default(), limit).await.unwrap();
        counting::squash(&mut tx, limit).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = fresh.read().await;
        let rules = counting::in_force(&mut tx, &Rules::default()).await.unwrap();
        assert_eq!(counting::compare(&mut tx, &rules).await.unwrap().differences, [""; 0]);
        let shares = counting::shares(&mut tx, &rules).await.unwrap();
        tx.rollback().await.unwrap();
        let figures = Figures::new(&shares, &rules);
        for (period, window) in [
            ("whole", "programme"),
            ("2026", "2026-01..2026-12"),
            ("2026-Q1", "2026-Q1"),
            ("2026-03", "2026-03"),
            ("nonsense", "programme"),
        ] {
            for only in [
                None,
                Some((Dimension::Stay, "RU")),
                Some((Dimension::Sex, "F")),
                Some((Dimension::FirstTouch, "osh-bazar")),
                Some((Dimension::Channel, "field")),
                Some((Dimension::Language, "no such")),
            ] {
                let view = board.view(&wanted(period, only)).await.unwrap();
                assert_eq!(view.window, Window::parse(window));
                let seen = same(&view, &figures, only);
                assert!(seen > 20, "{period} {only:?}: {seen}");
            }
        }
    }
    // The months of a campaign: those in which it brought people.
    let view = board.view(&wanted("campaign", Some((Dimension::FirstTouch, "osh-bazar")))).await.unwrap();
    assert_eq!(view.window.unwrap().to_string(), "2026-01..2026-11");
    let women = board.view(&wanted("whole", None)).await.unwrap();
    let line = women.lines.iter().find(|line| line.indicator == Indicator::S1).unwrap();
    let share = line.women.unwrap();
    assert!(share.low < share.known && share.known < share.high && share.met.is_some(), "{share:?}");
}

/// Each number of a view is that of the figures. Returns how many there were.
fn same(view: &View, figures: &Figures<'_>, only: Option<(Dimension, &str)>) -> usize {
    let mut seen = 0;
    let mut is = |figure: &Figure, dimension: Dimension, value: &str| {
        let by = figures.by(figure.indicator, figure.window, figure.measure, dimension);
        let count: Count = by.get(value).copied().unwrap_or_default();
        assert_eq!((figure.shown, figure.count), (Shown::Number(count.total()), Some(count)), "{figure:?}");
        seen += 1;
    };
    let (dimension, value) = only.unwrap_or((Dimension::All, ""));
    for line in &view.lines {
        is(&line.new, dimension, value);
        is(&line.cum, dimension, value);
    }
    for series in &view.series {
        let mut sum = 0;
        for month in &series.months {
            is(&month.new, dimension, value);
            is(&month.cum, dimension, value);
            sum += month.new.count.unwrap().total();
        }
        let of = view.lines.iter().find(|line| line.indicator == series.indicator).unwrap();
        assert_eq!(of.new.count.unwrap().total(), sum, "months add up to the period");
    }
    for split in &view.splits {
        let mut sum = 0;
        for (value, figure) in &split.values {
            is(figure, split.dimension, value);
            sum += figure.count.unwrap().total();
        }
        is(&split.total, Dimension::All, "");
        assert_eq!(split.total.count.unwrap().total(), sum, "{:?} adds up", split.dimension);
    }
    for step in &view.funnel {
        match step {
            Step::Opened(opened) => assert_eq!(*opened, None, "not recorded yet"),
            Step::Persons(figure) => is(figure, dimension, value),
        }
    }
    seen
}

async fn every_number_leads_to_as_many_units(fresh: Fresh) {
    stock(&fresh, 160).await;
    people::roll(&fresh.store).await;
    let board = board(&fresh);
    let view = board.view(&wanted("2026-Q1", None)).await.unwrap();
    let mut asked: Vec<Figure> = view.lines.iter().flat_map(|line| [line.new, line.cum]).collect();
    asked.extend(view.funnel.iter().filter_map(|step| match step {
        Step::Persons(figure) => Some(*figure),
        Step::Opened(_) => None,
    }));
    let mut cells: Vec<(Figure, Option<(Dimension, String)>)> =
        asked.into_iter().map(|figure| (figure, None)).collect();
    for split in &view.splits {
        for (value, figure) in &split.values {
            cells.push((*figure, Some((split.dimension, value.clone()))));
        }
    }
    // Some stand in two places of the page.
    let mut seen = BTreeSet::new();
    cells.retain(|(figure, cell)| {
        seen.insert(format!("{:?} {:?} {cell:?}", figure.indicator, figure.measure))
    });
    let (mut pages, mut names) = (0, BTreeMap::new());
    for (figure, cell) in cells {
        let Figure { indicator, measure, window, .. } = figure;
        let asked = Asked { indicator, measure, window, cell };
        let (mut listed, mut place) = (0, None);
        loop {
            let TraceAnswer::Page(page) = board.trace(&asked, place.as_deref(), false).await.unwrap() else {
                panic!("{asked:?}")
            };
            assert_eq!(Some(page.cell), figure.count, "{asked:?}");
            listed += page.units.iter().map(|unit| unit.number).sum::<u64>();
            for unit in page.units.iter().filter(|unit| !unit.is_head_count) {
                assert_eq!(unit.pseudonym.len(), 16);
                *names.entry(unit.pseudonym.clone()).or_insert(0) += 1;
            }
            pages += 1;
            match page.next {
                Some(next) => place = Some(next),
                None => break,
            }
        }
        assert_eq!(listed + figure.count.unwrap().erased, figure.count.unwrap().total(), "{asked:?}");
    }
    assert!(pages > 40 && names.len() > 300, "{pages} {}", names.len());
    assert!(names.values().all(|times| *times == 1), "lists of two cells share no name");
    // A place of one list opens no other, and a forged one none.
    let r1 = Asked { indicator: Indicator::R1, measure: Measure::Cum, window: Window::Programme, cell: None };
    let TraceAnswer::Page(first) = board.trace(&r1, None, false).await.unwrap() else { panic!() };
    let r2 = Asked { indicator: Indicator::R2, ..r1.clone() };
    for place in [first.next.as_deref().unwrap(), "00ff", "zz", "ж"] {
        assert!(
            matches!(board.trace(&r2, Some(place), false).await.unwrap(), TraceAnswer::Unknown),
            "{place}"
        );
    }
}

async fn outside_small_numbers_are_hidden(fresh: Fresh) {
    stock(&fresh, 90).await;
    let board = board(&fresh);
    let (mut hidden, mut open) = (0, 0);
    for period in ["whole", "2026", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-03"] {
        for only in [None, Some((Dimension::Stay, "KG")), Some((Dimension::Language, "ky"))] {
            let asked = Wanted { outside: true, ..wanted(period, only) };
            let view = board.view(&asked).await.unwrap();
            let window = view.window.unwrap().to_string();
            // The fourth quarter runs; months are none of theirs.
            let shown = match period {
                "2026-Q1" | "2026-Q2" | "2026-Q3" => period,
                _ => "2026-01..2026-09",
            };
            assert_eq!(window, shown, "{period}");
            let of = |figure: &Figure| (figure.indicator, figure.shown, figure.count);
            let mut all: Vec<_> = view.lines.iter().flat_map(|line| [of(&line.new), of(&line.cum)]).collect();
            all.extend(
                view.series.iter().flat_map(|series| series.months.iter().map(|month| of(&month.new))),
            );
            all.extend(
                view.splits.iter().flat_map(|split| split.values.iter().map(|(_, figure)| of(figure))),
            );
            for (indicator, number, count) in all {
                let k = view.in_force.settings.threshold(indicator);
                assert_eq!(count, None, "nothing of what it is made of");
                match number {
                    Shown::Number(n) => {
                        assert!(n == 0 || n >= k, "{indicator:?} {n}");
                        open += 1;
                    }
                    _ => hidden += 1,
                }
            }
            let is_traced = only.is_none() && ["whole", "2026-Q1"].contains(&period);
            for split in &view.splits {
                let closed =
                    split.values.iter().filter(|(_, figure)| !matches!(figure.shown, Shown::Number(_)));
                let closed: Vec<_> = closed.collect();
                assert_ne!(closed.len(), 1, "one hidden cell alone would be the rest: {split:?}");
                for (value, figure) in split.values.iter().filter(|_| is_traced) {
                    let asked = Asked {
                        indicator: figure.indicator,
                        measure: figure.measure,
                        window: figure.window,
                        cell: Some((split.dimension, value.clone())),
                    };
                    let is_open = matches!(figure.shown, Shown::Number(n) if n > 0);
                    match board.trace(&asked, None, true).await.unwrap() {
                        TraceAnswer::Page(page) => {
                            assert!(is_open, "{asked:?}");
                            for unit in &page.units {
                                assert!(unit.channel.is_empty() && unit.day.len() == 7, "{unit:?}");
                                assert!(
                                    !unit.event.contains(':') && !unit.event.starts_with('e')
                                        || unit.event.len() == 16
                                );
                            }
                        }
                        TraceAnswer::Hidden => assert!(!is_open, "{asked:?}"),
                        TraceAnswer::Unknown | TraceAnswer::Changed => panic!("{asked:?}"),
                    }
                }
            }
            for node in view.used.iter().chain(&view.dropped) {
                for number in [node.views, node.shown, node.dropped] {
                    assert!(!matches!(number, Shown::Number(1..5)), "{node:?}");
                }
            }
        }
    }
    assert!(hidden > 20 && open > 20, "{hidden} {open}");
}

async fn a_viewer_sees_frozen_quarters_as_they_were_reported(fresh: Fresh) {
    let rules = Rules::default();
    let mut feed = counting::Feed::new(&rules);
    people::feed(&fresh.store, &mut feed, &[people::first()]).await;
    people::feed(&fresh.store, &mut feed, &people::crowd(240)).await;
    people::roll(&fresh.store).await;
    // The day on which the third quarter was frozen: the fourth has begun.
    let mut tx = fresh.write().await;
    let in_force = counting::settings(&mut tx).await.unwrap();
    let at = Timestamp::from_iso("2026-10-10T20:00:00Z").unwrap();
    let mut id = 0;
    let next = || {
        id += 1;
        id
    };
    assert_eq!(counting::freeze(&mut tx, &in_force, at, next).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
    let board = board(&fresh);
    let outside = |period: &str| Wanted { outside: true, ..wanted(period, None) };
    let cells = |view: &View| {
        let of = |figure: &Figure| (figure.indicator, figure.measure, figure.window, figure.shown);
        let mut all: Vec<_> = view.lines.iter().flat_map(|line| [of(&line.new), of(&line.cum)]).collect();
        all.extend(view.splits.iter().flat_map(|split| split.values.iter().map(|(_, figure)| of(figure))));
        all.extend(
            view.series
                .iter()
                .flat_map(|series| series.months.iter().flat_map(|month| [of(&month.new), of(&month.cum)])),
        );
        all
    };
    let women = |view: &View| view.lines.iter().map(|line| line.women).collect::<Vec<_>>();
    let periods = ["2026-Q1", "2026-Q2", "2026-Q3", "2026", "whole"];
    let mut before = Vec::new();
    for period in periods {
        let view = board.view(&outside(period)).await.unwrap();
        before.push((cells(&view), women(&view)));
        let named: Vec<String> = view.reports.iter().map(|(window, _)| window.to_string()).collect();
        assert!(view.reports.iter().all(|(_, frozen)| *frozen == Some(at)), "{:?}", view.reports);
        assert_eq!(named.len(), if period.contains('Q') { 1 } else { 3 }, "{named:?}");
    }
    let inside = board.view(&wanted("2026-Q1", None)).await.unwrap();
    // Later thirty women of the first quarter are told of, and one man of the second.
    let mut rows = Vec::new();
    for person in 0..31 {
        let (day, sex) = if person < 30 { ("2026-02-11", "F") } else { ("2026-05-11", "M") };
        let at = Timestamp::from_iso(&format!("{day}T06:00:00Z")).unwrap();
        let attrs = format!("k=both;node=hotlines;lang=tg;stay=RU;origin=TJ;sex={sex};age=25-29;aud=migrant");
        rows.push(people::row(
            2_000_000 + person,
            at,
            &format!("tg:9{person:05}"),
            "content_view",
            &attrs,
            None,
        ));
    }
    people::feed(&fresh.store, &mut feed, &rows).await;
    for (period, before) in periods.into_iter().zip(before) {
        let view = board.view(&outside(period)).await.unwrap();
        assert_eq!((cells(&view), women(&view)), before, "{period}: a frozen figure never changes");
    }
    let of = |view: &View, indicator: Indicator| {
        let line = view.lines.iter().find(|line| line.indicator == indicator).unwrap();
        let Shown::Number(n) = line.new.shown else { panic!("{line:?}") };
        n
    };
    let now = board.view(&wanted("2026-Q1", None)).await.unwrap();
    assert_eq!(
        of(&now, Indicator::R2),
        of(&inside, Indicator::R2) + 30,
        "who works for the programme sees it"
    );
    // The list is of what is known now: beside what was reported, or none if so few were learnt of.
    let asked = |quarter: &str| Asked {
        indicator: Indicator::R2,
        measure: Measure::New,
        window: Window::parse(quarter).unwrap(),
        cell: None,
    };
    let TraceAnswer::Page(page) = board.trace(&asked("2026-Q1"), None, true).await.unwrap() else { panic!() };
    assert_eq!(
        (page.reported, page.cell.total()),
        (Some(of(&inside, Indicator::R2)), of(&now, Indicator::R2))
    );
    assert!(matches!(board.trace(&asked("2026-Q2"), None, true).await.unwrap(), TraceAnswer::Changed));
    let TraceAnswer::Page(page) = board.trace(&asked("2026-Q3"), None, true).await.unwrap() else { panic!() };
    assert_eq!(page.reported, None);
    let TraceAnswer::Page(page) = board.trace(&asked("2026-Q2"), None, false).await.unwrap() else {
        panic!()
    };
    assert_eq!(page.reported, None, "inside there is one figure, that of now");
}

async fn a_campaign_has_the_months_of_the_register(fresh: Fresh) {
    stock(&fresh, 80).await;
    let mut tx = fresh.write().await;
    let mut row = codes::get(&mut tx, "osh-bazar").await.unwrap().unwrap();
    (row.from_day, row.until_day) = (Some("2026-03-15".to_owned()), Some("2026-05-02".to_owned()));
    assert!(codes::change(&mut tx, &row).await.unwrap());
    tx.commit().await.unwrap();
    let board = board(&fresh);
    for (code, window) in [("osh-bazar", "2026-03..2026-05"), ("dushanbe-airport", "2026-01..2026-10")] {
        let view = board.view(&wanted("campaign", Some((Dimension::LastTouch, code)))).await.unwrap();
        assert_eq!(view.window.unwrap().to_string(), window, "{code}");
    }
    let asked = Wanted { outside: true, ..wanted("campaign", Some((Dimension::FirstTouch, "osh-bazar"))) };
    let view = board.view(&asked).await.unwrap();
    assert_eq!(view.window.unwrap().to_string(), "2026-01..2026-06", "outside whole quarters");
}

async fn entries_of_the_field_name_their_evidence(fresh: Fresh) {
    let at = |day: &str| Timestamp::from_iso(&format!("{day}T06:00:00Z")).unwrap();
    let rows = [
        people::row(1, at("2026-02-03"), "", "tally", "activity=session;n_f=7;n_m=5;by=u1;sha256=aa11", None),
        people::row(2, at("2026-02-04"), "", "approve", "target=e1;by=u2", None),
        people::row(3, at("2026-02-05"), "", "trainee", "key=t7;role=civil_servant;evidence=bb22 cc33", None),
        people::row(4, at("2026-02-06"), "", "trainee", "key=t7;role=civil_servant;evidence=ee55", None),
        people::row(5, at("2026-02-07"), "tg:1", "contact", "node=home;evidence=no", None),
        people::row(6, at("2026-02-08"), "reg:7", "or_enrolled", "evidence=dd44", None),
    ];
    people::store(&fresh.store, &rows).await;
    let board = board(&fresh);
    for (indicator, wanted) in [
        (Indicator::R1, &[("e1", "aa11"), ("e5", ""), ("e6", "dd44")][..]),
        (Indicator::T1, &[("e3", "bb22 cc33")]),
        (Indicator::O2, &[("e6", "dd44")]),
    ] {
        let asked = Asked { indicator, measure: Measure::Cum, window: Window::Programme, cell: None };
        let mut tx = fresh.read().await;
        let rules = counting::in_force(&mut tx, &Rules::default()).await.unwrap();
        let traced = counting::trace(&mut tx, &rules, &asked).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(traced.is_whole(), "{traced:?}");
        let mut found: Vec<(String, String)> =
            traced.heads.iter().map(|head| (head.entry.clone(), head.evidence.clone())).collect();
        found.extend(traced.units.iter().map(|unit| (unit.event.clone(), unit.evidence.clone())));
        found.sort();
        let wanted: Vec<(String, String)> =
            wanted.iter().map(|(event, told)| ((*event).to_owned(), (*told).to_owned())).collect();
        assert_eq!(found, wanted);
        for outside in [false, true] {
            let TraceAnswer::Page(page) = board.trace(&asked, None, outside).await.unwrap() else { continue };
            let told = page.units.iter().any(|unit| !unit.evidence.is_empty());
            assert_eq!(told, !outside, "{indicator:?}");
        }
    }
}
