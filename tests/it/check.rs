//! The content check: each code has a sentence and a mistake that brings it about, at its file and line.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, LazyLock},
};

use safar::{
    channels,
    check::{self, CODES, Outcome},
    content::{Files, Finding, Release, Severity, console_files, embedded, interface_files},
    domain::{Day, Limits, Unit},
    lang::Words,
    text::Texts,
};
use serde::Deserialize;

/// A folder without mistakes, to which one patch at a time is applied.
fn small() -> Files {
    folder("content-small")
}

/// A content folder of `tests/data`.
pub fn folder(name: &str) -> Files {
    let mut files = Files::default();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name), "", &mut files);
    files
}

pub fn read(dir: &Path, under: &str, files: &mut Files) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{under}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{path}/"), files);
        } else {
            files.0.insert(path, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn today() -> Day {
    Day::from_ymd_opt(2026, 11, 24).unwrap()
}

fn interface(files: &Files) -> Arc<Texts> {
    Arc::new(Texts::load(files.texts()).0)
}

fn run(files: &Files) -> Outcome {
    run_with(files, &interface_files(), channels::ALL_LIMITS)
}

fn run_with(files: &Files, of_interface: &Files, limits: &[&Limits]) -> Outcome {
    let words = Arc::new(Words::embedded().unwrap());
    check::check(files, &interface(of_interface), &words, limits, today())
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(check::line).collect::<Vec<_>>().join("\n")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

/// One mistake. What is patched: `find` in `file` becomes `replace` (`repeat` times), or `append` is added, or the
/// whole file goes (`remove`). What is found: `code` in `found_in` (else `file`) at the line of `at` in the patched
/// file, `shift` lines further; without `at` the file as a whole (line 0).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    code: String,
    file: String,
    find: Option<String>,
    replace: Option<String>,
    repeat: Option<usize>,
    append: Option<String>,
    #[serde(default)]
    remove: bool,
    /// Own letters become their Russian look-alikes.
    #[serde(default)]
    fold: bool,
    found_in: Option<String>,
    at: Option<String>,
    #[serde(default)]
    shift: isize,
    /// Against limits that nothing fits.
    #[serde(default)]
    tiny: bool,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/broken/cases.toml");
    let cases = toml::from_str::<Cases>(&std::fs::read_to_string(path).unwrap());
    cases.unwrap_or_else(|error| panic!("{path}: {}", error.message())).case
}

const TINY: Limits = Limits {
    channel: "tiny",
    unit: Unit::Chars,
    text_max: 9000,
    choices_max: 2,
    few_label_max: 90,
    few_choices: 3,
    label_max: 90,
    description_max: 0,
    numbered: false,
    token_max_bytes: 6,
};

fn patched(case: &Case, files: &Files) -> Option<Files> {
    let mut files = files.clone();
    if case.remove {
        files.0.remove(&case.file)?;
        return Some(files);
    }
    let text = files.0.get_mut(&case.file)?;
    if case.fold {
        *text = text.replace('ө', "о").replace('ү', "у").replace('ң', "н").replace('Ү', "У");
    }
    if let Some(append) = &case.append {
        text.push_str(append);
    }
    if let Some(find) = &case.find {
        assert!(text.contains(find.as_str()), "{}: {find:?} is not in {}", case.code, case.file);
        let new = case.replace.as_deref().unwrap_or_default().repeat(case.repeat.unwrap_or(1));
        *text = text.replacen(find.as_str(), &new, 1);
    }
    Some(files)
}

/// Each case with what came of it. Done once: each is a whole check.
static BROKEN: LazyLock<Vec<(Case, Vec<Finding>, String)>> = LazyLock::new(|| {
    let good = run(&small()).release.unwrap();
    let one = |case| {
        let (findings, text) = broken(&case, &good);
        (case, findings, text)
    };
    cases().into_iter().map(one).collect()
});

/// All that the mistakes bring about.
pub fn found() -> impl Iterator<Item = &'static Finding> {
    BROKEN.iter().flat_map(|(_, findings, _)| findings)
}

/// All that is found with the mistake of a case, and the text of the file where it should be found.
fn broken(case: &Case, old: &Release) -> (Vec<Finding>, String) {
    let (good, good_interface) = (small(), interface_files());
    let (content, of_interface) = match (patched(case, &good), patched(case, &good_interface)) {
        (Some(content), None) => (content, good_interface),
        (None, Some(of_interface)) => (good, of_interface),
        _ => panic!("{}: {} is no file of the content or the interface", case.code, case.file),
    };
    let limits = if case.tiny { &[&TINY][..] } else { channels::ALL_LIMITS };
    let Outcome { release, mut findings } = run_with(&content, &of_interface, limits);
    findings.extend(check::interface::check(&of_interface));
    if let Some(new) = &release {
        findings.extend(check::vanished(old, new));
    }
    let file = case.found_in.as_ref().unwrap_or(&case.file);
    let text = content.0.get(file).or_else(|| of_interface.0.get(file)).cloned().unwrap_or_default();
    (findings, text)
}

#[test]
fn the_good_folder_is_clean() {
    assert_eq!(lines(&run(&small()).findings), "");
}

#[test]
fn each_mistake_is_found_at_its_place() {
    let mut wrong = Vec::new();
    for (case, findings, text) in BROKEN.iter() {
        let line = match &case.at {
            None => 0,
            Some(at) => {
                assert!(text.contains(at.as_str()), "{}: {at:?} is not in the patched file", case.code);
                let place = text.lines().position(|line| line.contains(at.as_str()));
                place.map_or(0, |place| (place + 1).strict_add_signed(case.shift))
            }
        };
        let file = case.found_in.as_ref().unwrap_or(&case.file);
        if !findings.iter().any(|f| f.code == case.code && f.file == *file && f.line == line) {
            wrong.push(format!("{} in {file}:{line} was not found, but:\n{}\n", case.code, lines(findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_code_has_a_case_and_each_case_finds_only_known_codes() {
    let known: BTreeSet<&str> = CODES.iter().copied().collect();
    assert_eq!(known.len(), CODES.len(), "a code stands twice");
    let tried: BTreeSet<&str> = BROKEN.iter().map(|(case, ..)| case.code.as_str()).collect();
    assert_eq!(tried, known);
    for finding in found() {
        assert!(known.contains(finding.code), "{}", finding.code);
    }
}

/// The codes as the sources spell them: one that no case happens to bring about is seen here.
#[test]
fn the_sources_use_the_listed_codes_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> =
        std::fs::read_dir(src.join("check")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(std::fs::read_dir(src.join("content/parse")).unwrap().map(|entry| entry.unwrap().path()));
    let mut used = BTreeSet::new();
    for path in files.iter().filter(|path| !path.ends_with("check/mod.rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        for word in text.split('"').skip(1).step_by(2) {
            if CODES.contains(&word) {
                used.insert(word.to_owned());
            }
        }
        for call in ["error(", "warning(", "due(", "differ(", "Severity::Error,", "Severity::Due,"] {
            for after in text.split(call).skip(1) {
                let Some(rest) = after.trim_start().strip_prefix('"') else { continue };
                let code = rest.split('"').next().unwrap();
                assert!(CODES.contains(&code), "{code} of {} is not in CODES", path.display());
            }
        }
    }
    // `"` inside a char or an escape puts the halves of a file out of step; the calls above are the strict half.
    let unused: Vec<_> = CODES.iter().filter(|code| !used.contains(**code)).collect();
    assert!(unused.len() < CODES.len() / 2, "{unused:?}");
}

#[test]
fn sentences_get_all_their_variables() {
    for finding in found() {
        let sentence = check::sentence(finding);
        assert!(!sentence.starts_with(finding.code), "{sentence}");
    }
}

#[test]
fn a_broken_folder_gives_no_release_and_errors_are_told_from_warnings() {
    let mut files = small();
    files.0.remove("content/settings.toml");
    let outcome = run(&files);
    assert!(outcome.release.is_none() && check::has_errors(&outcome.findings));
    let due = Finding::due("review-overdue", "f", 1, "k").with("date", "2026-01-01");
    assert!(!check::has_errors(&[due.clone(), Finding { severity: Severity::Warning, ..due }]));
}

/// Main menus with conditions are fine where the last has none; only the texts of two languages are missing here.
#[test]
fn a_main_menu_may_have_conditions() {
    let outcome = run(&folder("content-wide"));
    let other: Vec<_> = outcome
        .findings
        .into_iter()
        .filter(|f| !["text-missing", "attribute-missing"].contains(&f.code) && f.severity == Severity::Error)
        .collect();
    assert!(outcome.release.is_some() && other.is_empty(), "{}", lines(&other));
}

#[test]
fn findings_come_by_file_and_line() {
    let mut files = small();
    files.0.remove("locales/ky/content/small.ftl");
    files
        .0
        .get_mut("locales/ru/content/small.ftl")
        .unwrap()
        .push_str("\nlost = Потеряно\n\nlost-too = И это\n");
    let findings = run(&files).findings;
    assert!(findings.len() > 10);
    assert!(findings.is_sorted_by_key(|finding| (finding.file.clone(), finding.line)));
}

#[test]
fn confirm_renews_only_the_marks_that_it_is_asked_for() {
    let good = small();
    let russian = "locales/ru/content/small.ftl";
    let mut files = good.clone();
    let text = files.0.get_mut(russian).unwrap();
    *text = text.replace("Звоните 112.", "Наберите 112.").replace("Спасибо!", "Спасибо вам!");
    let stale = |files: &Files| {
        let found = run(files).findings;
        found.into_iter().filter(|f| f.code == "translation-stale").map(|f| f.key).collect::<Vec<_>>()
    };
    assert_eq!(stale(&files), ["help", "goodbye", "help", "goodbye"]);
    let one = check::confirm(&files, Some("help"));
    assert_eq!(stale(&one), ["goodbye", "goodbye"]);
    let changed = |path: &str| {
        let pairs = files.0[path].lines().zip(one.0[path].lines());
        pairs.filter(|(before, after)| before != after).count()
    };
    assert_eq!((changed(russian), changed("locales/tg/content/small.ftl")), (0, 1));
    let all = check::confirm(&files, None);
    assert_eq!(stale(&all), [""; 0]);
    assert_eq!(check::confirm(&all, None), all, "a second time changes nothing");
    assert_eq!(check::confirm(&good, None), good, "nor does it where all is confirmed");
}

#[test]
fn confirm_puts_a_missing_mark_above_its_message_and_keeps_all_else() {
    let path = "locales/tg/content/small.ftl";
    let good = small();
    let mut files = good.clone();
    let text = files.0.get_mut(path).unwrap();
    *text = text.split_inclusive('\n').filter(|line| !line.starts_with("# from ru")).collect();
    assert_eq!(run(&files).findings.iter().filter(|f| f.code == "translation-unconfirmed").count(), 14);
    assert_eq!(check::confirm(&files, None), good);
    let windows = Files([(path.to_owned(), good.0[path].replace('\n', "\r\n"))].into());
    let both = Files(good.0.clone().into_iter().chain(windows.0).collect());
    assert_eq!(check::confirm(&both, None), both, "line ends stay as they are");
}

#[test]
fn an_id_with_an_heir_has_not_vanished() {
    let old = run(&small()).release.unwrap();
    let rename = |heir: &str| -> Release {
        let mut files = small();
        for text in files.0.values_mut() {
            *text = text.replace("goodbye", "farewell");
        }
        files.0.get_mut("content/retired.toml").unwrap().push_str(heir);
        run(&files).release.unwrap()
    };
    let keys = |new: &Release| check::vanished(&old, new).into_iter().map(|f| f.key).collect::<Vec<_>>();
    assert_eq!(keys(&rename("")), ["goodbye"]);
    assert_eq!(keys(&rename("goodbye = \"farewell\"\n")), [""; 0]);
}

#[test]
fn the_interface_is_whole_and_alike_in_the_three_languages() {
    assert_eq!(lines(&check::interface::check(&interface_files())), "");
}

#[test]
fn the_pages_of_the_staff_are_whole_and_alike_in_four_languages() {
    assert_eq!(lines(&check::interface::console(&console_files())), "");
    let mut files = console_files();
    let path = "locales/ky/console.ftl";
    let text = files.0[path].replace("code-title =", "code-titel =").replace("{ $login }", "{ $name }");
    files.0.insert(path.to_owned(), text);
    let found = lines(&check::interface::console(&files));
    for expected in ["code-titel", "code-title", "link-for", "linked-text"] {
        assert!(found.contains(expected), "{expected}: {found}");
    }
}

#[test]
fn the_embedded_content_has_no_errors() {
    let outcome = run(&embedded());
    let errors: Vec<_> = outcome.findings.into_iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{} errors\n{}", errors.len(), lines(&errors));
}
