//! Questions in people's own words: how well they are answered, what is kept of them, and the command that shows it.
//!
//! `first.tsv` was at hand while the search was tuned; `second.tsv` was written by somebody who knew neither the
//! content nor its keywords, and its misses were later learned from. On `third.tsv`, `fourth.tsv` and `fifth.tsv` no
//! keyword and no weight of the search was tuned. What is danger and what is not was, in the end, learned from all of
//! them. So the numbers hold what was reached and are kinder than life.

use std::{collections::BTreeMap, fs, path::Path};

use safar::{
    channels, compose,
    content::{Kind, Matched, Release},
    domain::{Locale, NodeId, Profile, Timestamp},
    engine::{Say, Screen, System},
    jobs::{Retention, purge},
    lang::{Alarm, DateAnswer, parse_date},
    store::{self, questions::QuestionRow},
};
use tempfile::TempDir;

use crate::{
    cli::{out, safar},
    dialogs::embedded_release,
    store::backend::{Fresh, on_postgres, on_sqlite},
    support::{
        app::{Options, TestApp},
        sql::scalar,
    },
};

/// Topics whose questions must bring the emergency numbers.
const DANGER: [&str; 2] = ["emergency", "detention"];

/// Topics whose questions may bring them: violence, a taken passport, forced labour are dangers too.
const NEAR_DANGER: [&str; 3] = ["domestic-violence", "passport-taken", "forced-labour"];

fn lines(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/questions").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn topics(release: &Release, text: &str) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for found in release.find(text, &Profile::default()) {
        for topic in &found.node.topics {
            if !topics.contains(&topic.to_string()) {
                topics.push(topic.to_string());
            }
        }
        if topics.len() >= 3 {
            break;
        }
    }
    topics.truncate(3);
    topics
}

/// In hundredths: language, first topic, among three topics.
fn shares(name: &str) -> [usize; 3] {
    let release = embedded_release();
    let lines = lines(name);
    let mut hits = [0; 3];
    for line in &lines {
        let [text, lang, topic, ..] = line.as_slice() else { panic!("{line:?}") };
        let guess = release.search().language(text, None).map(|guess| guess.locale);
        let topics = topics(&release, text);
        hits[0] += usize::from(guess == Locale::parse(lang));
        hits[1] += usize::from(topics.first() == Some(topic));
        hits[2] += usize::from(topics.contains(topic));
    }
    hits.map(|hits| hits * 100 / lines.len())
}

#[test]
fn questions_find_their_language_and_topic() {
    let [language, first, among] = shares("first.tsv");
    assert!(language >= 99 && first >= 88 && among >= 95, "{language} {first} {among}");
    let [language, first, among] = shares("second.tsv");
    assert!(language >= 99 && first >= 90 && among >= 97, "{language} {first} {among}");
    // No keyword and no weight of the search was tuned on these: they tell what a new question may hope for.
    for name in ["third.tsv", "fourth.tsv", "fifth.tsv"] {
        let [language, first, among] = shares(name);
        assert!(language >= 99 && first >= 80 && among >= 93, "{name}: {language} {first} {among}");
    }
}

/// What the gate shows of a file, in hundredths: nothing; the right page, of all; a wrong page alone, of those alone.
fn gate(name: &str) -> [usize; 3] {
    let release = embedded_release();
    let lines = lines(name);
    let [mut none, mut right, mut alone, mut wrong_alone] = [0; 4];
    for line in &lines {
        let [text, _, topic, ..] = line.as_slice() else { panic!("{line:?}") };
        let ids = match release.answer(text, &Profile::default()) {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => Vec::new(),
        };
        let is_right = ids
            .iter()
            .any(|id| release.node(id.as_str()).unwrap().topics.iter().any(|of_page| **of_page == **topic));
        none += usize::from(ids.is_empty());
        right += usize::from(is_right);
        alone += usize::from(ids.len() == 1);
        wrong_alone += usize::from(ids.len() == 1 && !is_right);
    }
    [none * 100 / lines.len(), right * 100 / lines.len(), wrong_alone * 100 / alone.max(1)]
}

/// The gate was chosen on `first`, `second`, `short`, `nothing` and `small-talk`; the other two were only measured.
#[test]
fn what_is_shown_is_mostly_right_and_talk_brings_nothing() {
    for (name, least_right) in
        [("first.tsv", 98), ("second.tsv", 98), ("short.tsv", 97), ("third.tsv", 91), ("fourth.tsv", 91)]
    {
        let [_, right, wrong_alone] = gate(name);
        assert!(right >= least_right && wrong_alone < 5, "{name}: right {right}, wrong alone {wrong_alone}");
    }
    let [none, ..] = gate("nothing.tsv");
    assert!(none >= 80, "{none}");
}

/// All pages that are called alike, two and two, as choices in each language on each channel.
#[test]
fn shown_pages_are_told_apart() {
    let release = embedded_release();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let ids: Vec<_> = release
        .nodes()
        .filter(|node| {
            !release.is_home(node.id.as_str()) && !matches!(node.kind, Kind::Ask(_) | Kind::Feedback)
        })
        .map(|node| &node.id)
        .collect();
    let mut pairs = 0;
    for locale in Locale::ALL {
        let name = |id: &NodeId| release.texts.format(locale, id.as_str(), Some("button"), None);
        for (place, one) in ids.iter().enumerate() {
            for other in
                ids.iter().skip(place + 1).filter(|other| name(one).is_some() && name(one) == name(other))
            {
                pairs += 1;
                let mut say = Say::new(Screen::System(System::Found), Some(locale));
                say.found = vec![(*one).clone(), (*other).clone()];
                for limits in channels::ALL_LIMITS {
                    let composed = compose::compose(&release, &say, limits, today);
                    let [first, second, ..] = composed.choices.as_slice() else { panic!("{one} {other}") };
                    let of = |button: &compose::Button| (button.label.clone(), button.description.clone());
                    assert_ne!(of(first), of(second), "{one} {other}");
                }
            }
        }
    }
    assert!(pairs > 0, "no page is called like another");
}

/// A page's own name brings it, though the word stands everywhere.
#[test]
fn the_name_of_a_page_brings_it() {
    let release = embedded_release();
    for text in ["работа", "Кор", "kor", "жумуш"] {
        let ids = match release.answer(text, &Profile::default()) {
            Matched::One(id) => vec![id],
            Matched::Several(ids) => ids,
            Matched::Nothing => panic!("{text}"),
        };
        assert_eq!(ids[0].as_str(), "work-menu", "{text}: {ids:?}");
    }
}

/// Pages of Kazakhstan answer those who name the country or go there, and stand back for those who go to Russia.
#[test]
fn the_country_of_a_question_counts() {
    let release = embedded_release();
    let place = |text: &str, destination: &str| {
        let mut profile = Profile::default();
        profile.set("destination", destination);
        release.find(text, &profile).position(|found| found.node.id.as_str() == "kz-stay").unwrap()
    };
    let unnamed = "сколько дней можно быть без регистрации";
    assert!(place(unnamed, "KZ") < place(unnamed, "RU"));
    assert_eq!(place("сколько дней можно быть в Алматы без регистрации", "RU"), 0);
}

#[test]
fn the_first_ten_characters_tell_the_language_most_often() {
    let release = embedded_release();
    let lines: Vec<_> = ["first.tsv", "second.tsv"].into_iter().flat_map(lines).collect();
    let right = lines.iter().filter(|line| {
        let head: String = line[0].chars().take(10).collect();
        release.search().language(&head, None).map(|guess| guess.locale) == Locale::parse(&line[1])
    });
    assert!(right.count() * 100 >= lines.len() * 91);
}

#[test]
fn danger_is_heard_and_no_question_is_taken_for_a_command() {
    let release = embedded_release();
    let (mut missed, mut false_alarms) = (Vec::new(), Vec::new());
    for line in ["first.tsv", "second.tsv"].into_iter().flat_map(lines) {
        let [text, _, topic, ..] = line.as_slice() else { panic!("{line:?}") };
        assert_eq!(release.words.command(text), None, "{text}");
        let alarm = release.words.alarm(text);
        if DANGER.contains(&topic.as_str()) && alarm.is_none() {
            missed.push(text.clone());
        }
        if alarm == Some(Alarm::Sure)
            && !DANGER.contains(&topic.as_str())
            && !NEAR_DANGER.contains(&topic.as_str())
        {
            false_alarms.push(text.clone());
        }
    }
    for line in ["third.tsv", "fourth.tsv", "short.tsv", "nothing.tsv"].into_iter().flat_map(lines) {
        let command = release.words.command(&line[0]);
        assert!(command.is_none() || line[2] == "other-human", "{}", line[0]);
        assert!(!release.words.is_talk(&line[0]), "{}", line[0]);
    }
    for line in lines("small-talk.tsv") {
        assert!(!release.words.is_danger(&line[0]), "{}", line[0]);
    }
    assert!(missed.is_empty(), "{missed:?}");
    assert!(false_alarms.is_empty(), "{false_alarms:?}");
}

/// Messages that are not among the examples: half dangers, half as near to danger as safe ones come. The first 121 heard
/// 90 % at writing, the last 72 78 % (no false alarm); their misses were later learned from as kinds, so this holds what
/// was reached.
#[test]
fn danger_is_heard_in_words_that_were_not_taught() {
    let release = embedded_release();
    let [mut missed, mut false_alarms] = [Vec::new(), Vec::new()];
    let lines = lines("danger.tsv");
    for line in &lines {
        let [text, _, kind] = line.as_slice() else { panic!("{line:?}") };
        match (kind.as_str(), release.words.alarm(text)) {
            ("danger", None) => missed.push(text),
            ("safe", Some(Alarm::Sure)) => false_alarms.push(text),
            _ => {}
        }
    }
    assert!(missed.len() * 100 <= lines.len() / 2 * 3, "{missed:?}");
    assert!(false_alarms.len() * 100 <= lines.len() / 2 * 5, "{false_alarms:?}");
}

/// Nothing was learned from these: each is a danger or an everyday question, neighbours in words among them.
#[test]
fn danger_is_heard_in_the_words_of_others() {
    let release = embedded_release();
    let lines = lines("sixth-danger.tsv");
    let heard = |danger: bool| {
        let of_kind: Vec<&Vec<String>> =
            lines.iter().filter(|line| DANGER.contains(&line[2].as_str()) == danger).collect();
        let is_told = |text: &str| {
            if danger { release.words.may_be_danger(text) } else { release.words.is_danger(text) }
        };
        (of_kind.iter().filter(|line| is_told(&line[0])).count(), of_kind.len())
    };
    let ((right, dangers), (wrong, others)) = (heard(true), heard(false));
    assert!(dangers >= 175 && right * 100 >= dangers * 98, "{right} of {dangers} heard");
    assert!(others >= 175 && wrong * 100 < others, "{wrong} of {others} false");
}

/// Sets of calls for help, everyday sentences, and everyday sentences with words of danger in another sense: none of the
/// lines was learned from, though of the seventh set the other half, by the same hand, was. Of each kind: how many bring the
/// emergency numbers first, how many at least the number above the answer, and all.
#[test]
fn danger_is_told_from_everyday_life() {
    let release = embedded_release();
    let heard = |set: &str, kind: &str| {
        let lines = lines(set);
        let alarms: Vec<_> =
            lines.iter().filter(|line| line[2] == kind).map(|line| release.words.alarm(&line[0])).collect();
        let sure = alarms.iter().filter(|alarm| **alarm == Some(Alarm::Sure)).count();
        (sure, alarms.iter().flatten().count(), alarms.len())
    };
    for set in ["seventh-danger.tsv", "ninth-danger.tsv"] {
        let (sure, told, dangers) = heard(set, "danger");
        println!("{set}: {sure} sure, {told} told of {dangers} dangers");
        assert!(dangers >= 85 && told * 100 >= dangers * 97 && sure * 100 >= dangers * 75);
        for (kind, most, doubtful) in [("everyday", 1, 10), ("near", 2, 10)] {
            let (wrong, doubted, all) = heard(set, kind);
            println!("{set}: {wrong} wrong, {doubted} with the doubtful of {all} {kind}");
            assert!(wrong * 100 <= all * most && doubted * 100 <= all * doubtful, "{set} {kind}");
        }
    }
}

#[test]
fn small_talk_is_mostly_told_from_questions_and_foreign_languages_from_ours() {
    let release = embedded_release();
    let talk = lines("small-talk.tsv");
    let nothing =
        talk.iter().filter(|line| release.answer(&line[0], &Profile::default()) == Matched::Nothing);
    assert!(nothing.count() * 100 >= talk.len() * 78);
    let foreign = lines("foreign.tsv");
    let known = foreign.iter().filter(|line| release.words.foreign(&line[0]).is_some()).count();
    assert!(known * 100 >= foreign.len() * 75, "{known} of {}", foreign.len());
    for line in ["first.tsv", "second.tsv"].into_iter().flat_map(lines) {
        assert_eq!(release.words.foreign(&line[0]), None, "{}", line[0]);
    }
}

#[test]
fn any_input_is_taken() {
    let release = embedded_release();
    let long = "патент ".repeat(15_000);
    for text in [
        long.as_str(),
        "п",
        "",
        "👍🏽👨‍👩‍👧",
        "سلام کار می خواهم",
        "пaтeнт",
        "п\u{200b}атен\u{ad}т",
        "\u{0}\u{7}",
        "ъьъ",
    ] {
        let _ = release.answer(text, &Profile::default());
        let _ = release.search().language(text, None);
        let _ = (release.words.alarm(text), release.words.foreign(text), release.words.command(text));
    }
    let filler = "Я долго ехал и очень устал, потом был дождь. ".repeat(230);
    let wages = "хозяин не платит зарплату третий месяц, что делать?";
    for long in [format!("{wages} {filler}"), format!("{filler} {wages}")] {
        let anybody = Profile::default();
        let found: Vec<_> = release.find(&long, &anybody).take(3).map(|found| &found.node.id).collect();
        assert!(found.iter().any(|id| id.as_str() == "unpaid"), "both ends are read: {found:?}");
        assert_ne!(release.answer(&long, &anybody), Matched::Nothing);
    }
    let first =
        |text: &str| release.find(text, &Profile::default()).next().map(|found| found.node.id.clone());
    assert_eq!(first("п\u{200b}атен\u{ad}т"), first("патент"), "invisible characters change nothing");
    assert_eq!(first("пaтeнт"), first("патент"), "Latin letters in a Cyrillic word change nothing");
}

#[test]
fn the_index_is_small() {
    assert!(embedded_release().search().size() < 4 << 20);
}

#[test]
fn ask_prints_answers_in_bulk_and_judges_a_file() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("q.tsv"),
        "text\tlang\ttopic\tvariant\nхозяин не платит\tru\tunpaid-wages\tclean\n\
         брата забрала полиция\tru\tdetention\tclean\n",
    )
    .unwrap();
    fs::write(folder.path().join("bad.tsv"), "text\tlang\nхозяин не платит\tru\n").unwrap();
    let batch = safar(folder.path(), &["ask", "--batch", "q.tsv"], "");
    let text = out(&batch);
    let line: Vec<&str> = text.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!((line[0], line[1], line[3]), ("хозяин не платит", "ru", "unpaid-wages"), "{text}");
    let judged = out(&safar(folder.path(), &["ask", "--evaluate", "q.tsv"], ""));
    assert!(
        judged.lines().any(|line| line.starts_with("all ") && line.ends_with("100.0       0.0")),
        "{judged}"
    );
    let alarms: Vec<_> = judged.lines().filter(|line| line.starts_with("danger ")).collect();
    assert_eq!(alarms, ["danger heard      1    100.0", "danger false      1      0.0"], "{judged}");
    // A text that must find nothing: shown nothing is right.
    fs::write(
        folder.path().join("talk.tsv"),
        "text\tlang\ttopic\tvariant\nрасскажи анекдот\tru\t-\tclean\nхозяин не платит\tru\t-\tclean\n",
    )
    .unwrap();
    let talk = out(&safar(folder.path(), &["ask", "--evaluate", "talk.tsv"], ""));
    let all: Vec<&str> =
        talk.lines().find(|line| line.starts_with("all ")).unwrap().split_whitespace().collect();
    assert_eq!(all[6..], ["0.0", "50.0", "50.0", "50.0", "0.0"], "{talk}");
    assert!(talk.contains("found\tхозяин не платит"), "{talk}");
    let bad = safar(folder.path(), &["ask", "--evaluate", "bad.tsv"], "");
    assert!(!bad.status.success() && out(&bad).contains("bad.tsv:2"), "{}", out(&bad));
    let one =
        out(&safar(folder.path(), &["ask", "патент", "--profile", "citizenship=KG", "--locale", "ky"], ""));
    assert!(one.contains("patent-kyrgyz") && !one.contains("\tpatent-cost\t"), "{one}");
}

#[test]
fn keywords_change_the_answer_without_another_program() {
    let folder = TempDir::new().unwrap();
    for (name, text) in &safar::content::embedded().0 {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let asked = || out(&safar(folder.path(), &["ask", "абракадабрик"], ""));
    assert!(asked().contains("not found"), "{}", asked());
    let path = folder.path().join("locales/ru/content/arrive.ftl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen(".keywords = ", ".keywords = абракадабрик, ", 1)).unwrap();
    assert!(asked().contains("one: arrive-menu"), "{}", asked());
}

/// Sentences among the questions that name one day in truth.
const NAME_A_DAY: &[&str] = &[
    "propiska tamom shud 2 ruz pesh, jarima chand pul",
    "Агамды кечээ мечиттин жанынан кармап кетишти, дайыны жок",
    "Приехал 47 дней назад, болел, на патент не подал. Можно ли ещё исправить без выезда?",
    "Укамро дирӯз аз назди масҷид доштанд, ҳанӯз дарак нест",
    "бүгүн мени зордукташты",
    "жекшембиде да иштетишет",
    "меня вчера вечером силой затащили в машину и надругались",
    "он душил меня вчера и обещал добить",
    "хачу сдать на патент с чево начинать преехал вчира",
];

#[test]
fn questions_are_no_days() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/questions");
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let mut named = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Calls for help tell when it happened; they are heard before any answer is read.
        if ["sixth-danger.tsv", "seventh-danger.tsv", "seventh-learned.tsv"]
            .iter()
            .any(|name| path.ends_with(name))
        {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        for question in text.lines().skip(1).filter_map(|line| line.split('\t').next()) {
            let answers = [true, false].map(|is_past| parse_date(question, today, is_past));
            if answers != [DateAnswer::Unclear; 2] {
                named.push(question.to_owned());
            }
        }
    }
    named.sort_unstable();
    assert_eq!(named, NAME_A_DAY);
}

mod counted {
    #[tokio::test]
    async fn sqlite() {
        super::on_sqlite(super::all_kept_questions_are_counted).await;
    }

    #[tokio::test]
    async fn postgres() {
        super::on_postgres(super::all_kept_questions_are_counted).await;
    }
}

/// More than are listed, of days on both sides, with and without a page.
async fn all_kept_questions_are_counted(fresh: Fresh) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    let row = |id: i64, nearest: Option<&str>, why: &str| QuestionRow {
        id,
        day: Timestamp(id),
        locale: None,
        why: why.to_owned(),
        nearest: nearest.map(str::to_owned),
        key_id: 1,
        sealed: Vec::new(),
    };
    let mut rows: Vec<_> = (1..=10_050).map(|id| row(id, Some("unpaid"), "ignored")).collect();
    rows.extend([
        row(20_001, Some("unpaid"), "not-found"),
        row(20_002, None, "not-found"),
        row(20_003, Some("no-such-page"), "not-found"),
        // A page with the same topic.
        row(20_004, Some("unpaid-court"), "ignored"),
    ]);
    let mut tx = app.app.store.write().await.unwrap();
    store::questions::add(&mut tx, &rows).await.unwrap();
    tx.commit().await.unwrap();
    let counts = app.app.dialog.question_counts(Timestamp(11)).await.unwrap();
    let counts: Vec<_> =
        counts.iter().map(|((topic, why), count)| (topic.as_deref(), why.as_str(), *count)).collect();
    let expected = [
        (None, "not-found", 2),
        (Some("unpaid-wages"), "ignored", 10_041),
        (Some("unpaid-wages"), "not-found", 1),
    ];
    assert_eq!(counts, expected);
    app.stop().await;
}

mod kept {
    #[tokio::test]
    async fn sqlite() {
        super::on_sqlite(super::what_found_nothing_is_kept_masked_and_goes_in_time).await;
    }

    #[tokio::test]
    async fn postgres() {
        super::on_postgres(super::what_found_nothing_is_kept_masked_and_goes_in_time).await;
    }
}

async fn what_found_nothing_is_kept_masked_and_goes_in_time(fresh: Fresh) {
    let app = TestApp::start(Options { database_url: Some(fresh.url.clone()), ..Options::default() }).await;
    let said = "Бублик Козявкин 0700123456 мурзилка вчера";
    app.text(41, said).await;
    for text in ["/start", "русский", "стоп", said] {
        app.text(42, text).await;
    }
    app.fake.wait_said(5).await;
    let dialog = &app.app.dialog;
    let kept = dialog.questions(Timestamp(0), 10).await.unwrap();
    let by_text: BTreeMap<&str, &str> =
        kept.iter().map(|question| (question.text.as_str(), question.why.as_str())).collect();
    assert_eq!(by_text, [("… вчера", "not-found")].into(), "only after the notice was accepted");
    let counts = dialog.question_counts(Timestamp(0)).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|((_, why), count)| (why.as_str(), *count)).collect();
    assert_eq!(counts, [("not-found", 1)]);
    let mut context = app.app.jobs.clone();
    context.retention = Retention { questions: 90, ..Retention::default() };
    let at = |days: i64| Timestamp::from_iso("2026-11-24T06:00:00Z").unwrap().plus_ms(days * 86_400_000);
    purge(&context, at(89)).await.unwrap();
    assert_eq!(scalar(&app.app.store, "select count(*) from questions").await, 1);
    purge(&context, at(92)).await.unwrap();
    assert_eq!(scalar(&app.app.store, "select count(*) from questions").await, 0);
    app.stop().await;
}
