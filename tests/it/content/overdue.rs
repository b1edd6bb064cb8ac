//! A page whose facts should have been looked at again says so, and the check lists it as due.

use std::sync::Arc;

use safar::{
    app, channels, check, compose,
    content::{Files, Release, Severity},
    domain::{Day, Locale, NodeId, Profile, parse_day},
    engine::{Say, Screen, tool},
};

const FIGURES: &str = "content/figures.toml";
const TREE: &str = "content/small/tree.toml";

fn patched(pairs: &[(&str, &str, &str)]) -> Files {
    let mut files = crate::check::folder("content-small");
    for (file, from, to) in pairs {
        let text = files.0.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        *text = text.replacen(from, to, 1);
    }
    files
}

fn day(text: &str) -> Day {
    parse_day(text).unwrap()
}

/// Whether the screen warns on a day, in each language.
fn warns(release: &Release, node: &str, outcome: Option<&'static str>, today: &str) -> bool {
    let id = NodeId::parse(node).unwrap();
    let found = Locale::ALL.map(|locale| {
        let screen = match outcome {
            None => Screen::Node(id.clone()),
            Some(outcome) => Screen::Outcome(id.clone(), outcome.into()),
        };
        let mut say = Say::new(screen, Some(locale));
        say.profile = Profile::from_iter([("citizenship", "TJ")]);
        say.vars =
            outcome.map(|outcome| tool::find("patent-cost").unwrap().sample(outcome)).unwrap_or_default();
        let text = compose::compose(release, &say, &channels::telegram::LIMITS, day(today)).text;
        let line = release.interface.format(locale, "caution-overdue", None, None).unwrap();
        assert!(text.matches(&*line).count() <= 1, "{node} {today}: once is enough");
        text.ends_with(&*line)
    });
    assert!(found.iter().all(|one| *one == found[0]), "{node} {today}: alike in each language");
    found[0]
}

#[test]
fn readers_are_warned_of_what_may_be_old() {
    let release = crate::dialogs::release(&patched(&[]));
    // The page and its figure are to be looked at by 2027-06-30.
    assert!(!warns(&release, "rule", None, "2027-06-30"));
    assert!(warns(&release, "rule", None, "2027-07-01"));
    // No date by which to look, no figure.
    assert!(!warns(&release, "rule-kyrgyz", None, "2030-01-01"));
    // The tool's figures run out with the year.
    assert!(!warns(&release, "price", Some("known"), "2026-12-31"));
    assert!(warns(&release, "price", Some("not-published"), "2027-01-01"));

    // Only the figure's own date has passed.
    let figure = patched(&[(FIGURES, "review_by = \"2027-06-30\"", "review_by = \"2026-12-31\"")]);
    let release = crate::dialogs::release(&figure);
    assert!(!warns(&release, "rule", None, "2026-12-31"));
    assert!(warns(&release, "rule", None, "2027-01-01"));

    // Only the figure has run out, and the page names no source.
    let ended = patched(&[
        (FIGURES, "review_by = \"2027-06-30\"", "to = \"2026-12-31\""),
        (TREE, "sources = [\"s1\", \"s2\"]\nreviewed = \"2026-10-01\"\nreview_by = \"2027-06-30\"\n", ""),
    ]);
    let release = crate::dialogs::release(&ended);
    assert!(!warns(&release, "rule", None, "2026-12-31"));
    assert!(warns(&release, "rule", None, "2027-01-01"));
}

#[test]
fn the_check_lists_what_falls_due_by_a_day() {
    let (interface, words) = app::interface().unwrap();
    let due = |today: &str| -> Vec<String> {
        let files = patched(&[]);
        let outcome = check::check(&files, &Arc::clone(&interface), &words, channels::ALL_LIMITS, day(today));
        let other: Vec<_> = outcome.findings.iter().filter(|f| f.severity != Severity::Due).collect();
        assert!(other.is_empty(), "{other:?}");
        outcome.findings.iter().map(|f| format!("{} {} {}", f.code, f.file, f.key)).collect()
    };
    assert_eq!(due("2026-12-31"), [""; 0]);
    assert_eq!(
        due("2027-01-01"),
        [
            "figure-out content/figures.toml deflator",
            "figure-out content/figures.toml patent-coefficient",
            "figure-out content/figures.toml patent-payment",
            "figure-out content/small/tree.toml price",
            "figure-out content/small/tree.toml price",
            "figure-out content/small/tree.toml price",
        ]
    );
    let later = due("2027-07-01");
    for line in ["review-overdue content/figures.toml fee", "review-overdue content/small/tree.toml rule"] {
        assert!(later.iter().any(|found| found == line), "{line}: {later:#?}");
    }
}

/// Where no source has a date people read that, not a date that somebody made up.
#[test]
fn what_has_no_date_says_so() {
    let release = crate::dialogs::release(&patched(&[
        (TREE, "reviewed = \"2026-10-01\"", "undated = true"),
        (
            "content/places.toml",
            "source = \"s2\"\nreviewed = \"2025-01-01\"",
            "source = \"s2\"\nundated = true",
        ),
    ]));
    for locale in Locale::ALL {
        let text = |node: &str| {
            let mut say = Say::new(Screen::Node(NodeId::parse(node).unwrap()), Some(locale));
            say.profile = Profile::from_iter([("citizenship", "TJ")]);
            compose::compose(&release, &say, &channels::telegram::LIMITS, day("2026-11-24")).text
        };
        let line = |id: &str| release.interface.format(locale, id, None, None).unwrap().into_owned();
        assert!(text("help").contains(&line("place-undated")), "{}", text("help"));
        let page = text("rule");
        let caution = line("caution-check-undated");
        let (caution, _) = caution.split_once(':').unwrap();
        assert!(page.contains(caution) && !page.contains(" · "), "{page}");
    }
}

/// A source of which only the year or the month is known: people read no more than that.
#[test]
fn a_rough_date_is_shown_as_rough() {
    let place = "source = \"s2\"\nreviewed = \"2025-01-01\"";
    for (date, short, [ru, tg, ky]) in [
        ("2025", "(2025)", ["2025 год", "соли 2025", "2025-жыл"]),
        ("2025-05", "(05.2025)", ["май 2025", "майи соли 2025", "2025-жылдын майы"]),
    ] {
        let release = crate::dialogs::release(&patched(&[
            (TREE, "reviewed = \"2026-10-01\"", &format!("reviewed = \"{date}\"")),
            ("content/places.toml", place, &format!("source = \"s2\"\nreviewed = \"{date}\"")),
            ("content/sources.toml", "date = \"2026-10-01\"", &format!("date = \"{date}\"")),
        ]));
        for (locale, words) in [(Locale::Ru, ru), (Locale::Tg, tg), (Locale::Ky, ky)] {
            let text = |node: &str| {
                let mut say = Say::new(Screen::Node(NodeId::parse(node).unwrap()), Some(locale));
                say.profile = Profile::from_iter([("citizenship", "TJ")]);
                compose::compose(&release, &say, &channels::telegram::LIMITS, day("2026-11-24")).text
            };
            let page = text("rule");
            assert!(page.contains(&format!(" · {words}\n")) && page.contains(short), "{page}");
            assert!(text("help").contains(words), "{}", text("help"));
        }
    }
}
