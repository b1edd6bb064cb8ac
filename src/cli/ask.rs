//! `safar ask`: what a question would bring, and how well a file of questions is answered.

use std::{collections::BTreeMap, io::Write, path::Path, process::ExitCode};

use anyhow::{Context, bail};

use super::folder;
use crate::{
    app,
    content::{Files, Matched, Release},
    domain::{Locale, NodeId, Profile},
    lang::{Alarm, SUGGEST_MARGIN},
};

/// Pages of one question that are listed.
const LISTED: usize = 5;

/// Topics of one question in a batch.
const TOPICS: usize = 3;

pub struct Options<'a> {
    pub text: Option<&'a str>,
    pub locale: Option<Locale>,
    pub profile: &'a [(String, String)],
    pub batch: Option<&'a Path>,
    pub evaluate: Option<&'a Path>,
    pub content: Option<&'a Path>,
}

pub fn run(options: &Options<'_>) -> anyhow::Result<ExitCode> {
    let release = load(&folder::choose(options.content)?)?;
    let mut profile = Profile::default();
    for (key, value) in options.profile {
        profile.set(key, value);
    }
    let out = &mut std::io::stdout().lock();
    match (options.text, options.batch, options.evaluate) {
        (Some(text), None, None) => one(&release, text, options.locale, &profile, out)?,
        (None, Some(file), None) => batch(&release, &read(file)?, &profile, out)?,
        (None, None, Some(file)) => evaluate(&release, &read(file)?, file, &profile, out)?,
        _ => bail!("give a question, --batch FILE or --evaluate FILE"),
    }
    Ok(ExitCode::SUCCESS)
}

fn load(files: &Files) -> anyhow::Result<Release> {
    let (interface, words) = app::interface()?;
    match Release::parse(files, interface, words) {
        Ok((release, _)) => Ok(release),
        Err(findings) => bail!(
            "the content has errors; `safar check` lists them. The first: {}",
            findings.first().map(crate::check::line).unwrap_or_default()
        ),
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    String::from_utf8(bytes).with_context(|| format!("{}: not UTF-8", file.display()))
}

/// Language and margin of a text; greetings say it by themselves.
fn language(release: &Release, text: &str) -> (Option<Locale>, f32) {
    if let Some(locale) = release.words.greeting(text) {
        return (Some(locale), SUGGEST_MARGIN);
    }
    release.search().language(text, None).map_or((None, 0.0), |guess| (Some(guess.locale), guess.margin))
}

fn one(
    release: &Release,
    text: &str,
    locale: Option<Locale>,
    profile: &Profile,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (guessed, margin) = language(release, text);
    writeln!(out, "language\t{}\tmargin {margin:.1}", guessed.map_or("?", Locale::as_str))?;
    if let Some(alarm) = release.words.alarm(text) {
        let level = if alarm == Alarm::Sure { "danger" } else { "doubtful" };
        writeln!(out, "{level}\t{}", release.settings.emergency)?;
    }
    if let Some(command) = release.words.command(text) {
        writeln!(out, "command\t{command:?}")?;
    }
    let locale = locale.or(guessed).unwrap_or(Locale::REFERENCE);
    for found in release.find(text, profile).take(LISTED) {
        let title = release.texts.format(locale, found.node.id.as_str(), None, None).unwrap_or_default();
        let topics = found.node.topics.join(" ");
        let why = release.search().why(text, &found.node.id).join(" ");
        writeln!(out, "{:.1}\t{}\t{topics}\t{title}\t{why}", found.score, found.node.id)?;
    }
    writeln!(out, "shown\t{}", shown_as(release, text, profile))?;
    Ok(())
}

fn shown_as(release: &Release, text: &str, profile: &Profile) -> String {
    match release.answer(text, profile) {
        Matched::One(id) => format!("one: {id}"),
        Matched::Several(ids) => {
            format!("choices: {}", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        Matched::Nothing => "not found".to_owned(),
    }
}

/// Different topics of the best pages, best first.
fn topics(release: &Release, text: &str, profile: &Profile) -> Vec<Box<str>> {
    let mut topics: Vec<Box<str>> = Vec::new();
    for found in release.find(text, profile) {
        for topic in &found.node.topics {
            if !topics.contains(topic) {
                topics.push(topic.clone());
            }
        }
        if topics.len() >= TOPICS {
            break;
        }
    }
    topics.truncate(TOPICS);
    topics
}

fn batch(release: &Release, lines: &str, profile: &Profile, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "text\tlanguage\tmargin\ttopic1\ttopic2\ttopic3")?;
    for line in lines.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let text = line.split('\t').next().unwrap_or_default();
        let (locale, margin) = language(release, text);
        write!(out, "{text}\t{}\t{margin:.1}", locale.map_or("?", Locale::as_str))?;
        for topic in topics(release, text, profile) {
            write!(out, "\t{topic}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Stands for the topic of a text that must find nothing.
const NO_TOPIC: &str = "-";

/// What a question's gate let through.
#[derive(Clone, Copy)]
struct Shown {
    pages: usize,
    /// The right page is among them; where nothing is right, nothing was shown.
    is_right: bool,
}

impl Shown {
    fn of(release: &Release, text: &str, topic: &str, profile: &Profile) -> Self {
        let pages = match release.answer(text, profile) {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => Vec::new(),
        };
        let is_of_topic = |id: &NodeId| {
            release.node(id.as_str()).is_some_and(|node| node.topics.iter().any(|t| **t == *topic))
        };
        let is_right = if topic == NO_TOPIC { pages.is_empty() } else { pages.iter().any(is_of_topic) };
        Self { pages: pages.len(), is_right }
    }
}

#[derive(Default)]
struct Tally {
    questions: u32,
    language: u32,
    head: u32,
    first: u32,
    among: u32,
    one: u32,
    several: u32,
    right: u32,
    wrong_one: u32,
}

impl Tally {
    const HEAD: [&str; 10] =
        ["n", "language", "head 10", "R@1", "R@3", "one", "several", "none", "right", "wrong one"];

    fn count_shown(&mut self, shown: Shown) {
        self.one += u32::from(shown.pages == 1);
        self.several += u32::from(shown.pages > 1);
        self.right += u32::from(shown.is_right);
        self.wrong_one += u32::from(shown.pages == 1 && !shown.is_right);
    }

    fn line(&self, name: &str) -> String {
        let percent = |hits: u32, of: u32| 100.0 * f64::from(hits) / f64::from(of.max(1));
        let none = self.questions - self.one - self.several;
        let of_all =
            [self.language, self.head, self.first, self.among, self.one, self.several, none, self.right];
        of_all
            .map(|hits| percent(hits, self.questions))
            .into_iter()
            .chain([percent(self.wrong_one, self.one)])
            .fold(format!("{name:<14}{:>5}", self.questions), |line, share| line + &format!("{share:>10.1}"))
    }

    fn title() -> String {
        let [first, rest @ ..] = Self::HEAD;
        rest.iter().fold(format!("{:<14}{first:>5}", ""), |line, name| line + &format!("{name:>10}"))
    }
}

/// Topics whose questions must be heard as danger.
const DANGER: [&str; 2] = ["emergency", "detention"];

/// Topics whose questions may be: what they tell of is danger as often as not.
const NEAR_DANGER: [&str; 3] = ["domestic-violence", "passport-taken", "forced-labour"];

/// Which rows are heard as danger.
#[derive(Default)]
struct Alarms {
    dangers: u32,
    /// The emergency numbers come first, or the number for danger stands above the answer.
    heard: u32,
    heard_for_sure: u32,
    others: u32,
    false_ones: u32,
    doubtful: u32,
}

impl Alarms {
    /// Counts a row; says what is wrong with it, if anything.
    fn count(&mut self, topic: &str, alarm: Option<Alarm>) -> Option<&'static str> {
        if DANGER.contains(&topic) {
            self.dangers += 1;
            self.heard += u32::from(alarm.is_some());
            self.heard_for_sure += u32::from(alarm == Some(Alarm::Sure));
            return alarm.is_none().then_some("unheard");
        }
        if NEAR_DANGER.contains(&topic) {
            return None;
        }
        self.others += 1;
        self.false_ones += u32::from(alarm == Some(Alarm::Sure));
        self.doubtful += u32::from(alarm == Some(Alarm::Doubtful));
        alarm.map(|alarm| if alarm == Alarm::Sure { "alarm" } else { "doubtful" })
    }

    fn lines(&self) -> [String; 4] {
        [
            ("danger heard", self.heard, self.dangers),
            ("- for sure", self.heard_for_sure, self.dangers),
            ("danger false", self.false_ones, self.others),
            ("- doubtful", self.doubtful, self.others),
        ]
        .map(|(name, hits, rows)| {
            format!("{name:<14}{rows:>5}{:>9.1}", 100.0 * f64::from(hits) / f64::from(rows.max(1)))
        })
    }
}

/// Characters of the beginning by which the language is judged too.
const HEAD: usize = 10;

fn evaluate(
    release: &Release,
    lines: &str,
    file: &Path,
    profile: &Profile,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut alarms = Alarms::default();
    let mut missed = Vec::new();
    for (number, line) in lines.lines().enumerate().skip(1) {
        if line.trim().is_empty() {
            continue;
        }
        let [text, lang, topic, variant] = line.split('\t').collect::<Vec<_>>()[..] else {
            bail!("{}:{}: four columns are needed: text, lang, topic, variant", file.display(), number + 1);
        };
        let expected = Locale::parse(lang).with_context(|| {
            format!("{}:{}: lang `{lang}` is none of ru, tg, ky", file.display(), number + 1)
        })?;
        let head: String = text.chars().take(HEAD).collect();
        let is_language = |text: &str| language(release, text).0 == Some(expected);
        let brought = topics(release, text, profile);
        let first = brought.first().is_some_and(|first| **first == *topic);
        let among = brought.iter().any(|brought| **brought == *topic);
        let shown = Shown::of(release, text, topic, profile);
        for name in ["all".to_owned(), format!("lang {lang}"), variant.to_owned()] {
            let tally = tallies.entry(name).or_default();
            tally.questions += 1;
            tally.language += u32::from(is_language(text));
            tally.head += u32::from(is_language(&head));
            tally.first += u32::from(first);
            tally.among += u32::from(among);
            tally.count_shown(shown);
        }
        if let Some(wrong) = alarms.count(topic, release.words.alarm(text)) {
            missed.push(format!("{wrong}\t{text}\t{lang}\t{topic}"));
        }
        if topic == NO_TOPIC {
            if !shown.is_right {
                missed.push(format!("found\t{text}\t{lang}\t{}", shown_as(release, text, profile)));
            }
        } else if !first || !shown.is_right || !is_language(text) {
            let (guessed, margin) = language(release, text);
            missed.push(format!(
                "{}\t{text}\t{lang}>{} {margin:.1}\t{topic}\t{}\t{}",
                match (first, among) {
                    (true, _) if shown.is_right => "language",
                    (true, _) => "hidden",
                    (_, true) => "second",
                    _ => "missed",
                },
                guessed.map_or("?", Locale::as_str),
                brought.join(" "),
                shown_as(release, text, profile),
            ));
        }
    }
    writeln!(out, "{}", Tally::title())?;
    for (name, tally) in &tallies {
        writeln!(out, "{}", tally.line(name))?;
    }
    for line in alarms.lines() {
        writeln!(out, "{line}")?;
    }
    for line in missed {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
