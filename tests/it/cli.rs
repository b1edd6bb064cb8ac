//! Commands, their answers and exit statuses.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

pub fn safar(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_safar"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The embedded content as a folder.
fn exported(folder: &Path) {
    let files = safar::content::embedded();
    for (name, text) in &files.0 {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn a_chat_of_ten_turns_goes_in_each_language_and_is_recorded() {
    let folder = TempDir::new().unwrap();
    for (locale, word, expected) in
        [("ru", "назад", "патент"), ("tg", "ба қафо", "патент"), ("ky", "артка", "патент")]
    {
        let lines = format!("1\n1\n1\n1\n{word}\n/menu\nзабон\n3\n/mydata\n{word}\n");
        let output = safar(
            folder.path(),
            &["chat", "--locale", locale, "--today", "2026-11-24", "--record", "case.toml"],
            &lines,
        );
        let text = out(&output);
        assert!(output.status.success() && text.to_lowercase().contains(expected), "{locale}: {text}");
        let case = std::fs::read_to_string(folder.path().join("case.toml")).unwrap();
        assert_eq!(case.matches("[[turn]]").count(), 12, "{case}");
        let case: crate::dialogs::Case = toml::from_str(&case).unwrap();
        assert_eq!(case.turn.len(), 12);
    }
}

#[test]
fn the_check_says_what_to_mend_and_fails() {
    let folder = TempDir::new().unwrap();
    let embedded = safar(folder.path(), &["check", "--today", "2026-11-24"], "");
    assert!(embedded.status.success(), "{}", out(&embedded));
    exported(folder.path());
    let path = folder.path().join("content/start/tree.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"about\"", "\"abuot\"", 1)).unwrap();
    let broken = safar(folder.path(), &["check", "--today", "2026-11-24"], "");
    assert_eq!(broken.status.code(), Some(1), "{}", out(&broken));
    assert!(
        out(&broken).contains("content/start/tree.toml:") && out(&broken).contains("abuot"),
        "{}",
        out(&broken)
    );
    for (locale, sentence, sum) in [
        ("ru", "ошибка[target-unknown] more-menu: «Кнопки»: узла «abuot» нет.", "Ошибок: "),
        ("tg", "хато[target-unknown] more-menu: «Тугмаҳо»: гиреҳи «abuot» нест.", "Хатоҳо: "),
        ("ky", "ката[target-unknown] more-menu: «Баскычтар»: «abuot» деген түйүн жок.", "Каталар: "),
        ("en", "error[target-unknown] more-menu: choices: there is no node \"abuot\".", " errors, "),
    ] {
        let told = safar(folder.path(), &["check", "--locale", locale, "--today", "2026-11-24"], "");
        assert_eq!(told.status.code(), Some(1));
        assert!(out(&told).contains(sentence) && out(&told).contains(sum), "{locale}: {}", out(&told));
    }
    let json = safar(folder.path(), &["check", "--format", "json", "--today", "2026-11-24"], "");
    let findings: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(findings.as_array().unwrap().iter().any(|finding| finding["severity"] == "error"));
}

#[test]
fn content_goes_out_and_in_and_a_broken_folder_replaces_nothing() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    let published = safar(here, &["content", "import", "--embedded"], "");
    assert!(published.status.success() && out(&published).contains("published"), "{}", out(&published));
    let again = safar(here, &["content", "import", "--embedded"], "");
    assert!(out(&again).contains("in force already"), "{}", out(&again));
    let export = safar(here, &["content", "export", "copy"], "");
    assert!(export.status.success(), "{}", out(&export));
    for (name, text) in &safar::content::embedded().0 {
        assert_eq!(std::fs::read_to_string(here.join("copy").join(name)).unwrap(), *text, "{name}");
    }
    // A node that vanishes without an heir.
    let path = here.join("copy/content/start/tree.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"about\"", "\"about-us\"")).unwrap();
    let refused = safar(here, &["content", "import", "copy"], "");
    assert_eq!(refused.status.code(), Some(2), "{}", out(&refused));
    let kept = safar(here, &["content", "import", "--embedded"], "");
    assert!(out(&kept).contains("in force already"), "{}", out(&kept));
}

#[test]
fn settings_with_a_mistake_name_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("safar.toml"), "[server]\nlisten = \"here\"\n").unwrap();
    let output = safar(folder.path(), &["doctor"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        out(&output).contains("safar.toml:2") && out(&output).contains("server.listen"),
        "{}",
        out(&output)
    );
}

#[test]
fn the_doctor_looks_at_a_fresh_folder() {
    let folder = TempDir::new().unwrap();
    let output = safar(folder.path(), &["doctor"], "");
    assert!(output.status.success(), "{}", out(&output));
    assert!(
        out(&output).contains("ok    database") && out(&output).contains("note  telegram"),
        "{}",
        out(&output)
    );
}

#[test]
fn content_is_printed_for_readers() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    let release = crate::dialogs::embedded_release();
    let print = ["content", "print", "--locale", "tg", "--today", "2026-11-24"];
    let all = safar(here, &print, "");
    assert!(all.status.success(), "{}", out(&all));
    let all = out(&all);
    for node in release.nodes() {
        let heading = format!("## {} · {}", node.id, node.kind.name());
        let times = all.lines().filter(|line| {
            line.trim_start().strip_prefix(heading.as_str()).is_some_and(|rest| !rest.starts_with('-'))
        });
        assert_eq!(times.count(), 1, "{heading}");
    }
    let one = out(&safar(here, &[&print[..], &["--tree", "patent"]].concat(), ""));
    assert!(all.contains(&one) && one.starts_with("# patent · tg · 2026-11-24\n"), "{one}");
    // What one person reads and another does not, a tool's outcomes, buttons, steps away from the first node.
    for piece in ["(citizenship = KG)", "(tj-in-time)", "] n.patent-late", "\n    ## "] {
        assert!(one.contains(piece), "{piece}");
    }
    // Tools answer as they would that day: an entry lately, one whose term has passed, a sum as people earn it.
    let ru = out(&safar(here, &["content", "print", "--locale", "ru", "--today", "2026-11-24"], ""));
    for piece in [
        "Въезд: 19 ноября 2026. На патент время ещё есть.",
        "Срок подачи на патент прошёл: 13 ноября 2026.",
        "С этой даты прошло больше года: 20 октября 2025.",
        "Если въедете 4 декабря 2026:\n    1. Регистрация: до *2 января 2027*.\n    2. Патент не нужен.",
        "Москва, ноябрь 2026: *10\u{a0}000\u{a0}₽*",
        "Москва, январь 2027: суммы у нас ещё нет.",
        "зарплата 45\u{a0}000\u{a0}₽ и компенсация",
    ] {
        assert!(ru.contains(piece), "{piece}");
    }
    let unknown = safar(here, &[&print[..], &["--tree", "patents"]].concat(), "");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(out(&unknown).contains("help, kazakhstan, patent"), "{}", out(&unknown));
}

#[test]
fn the_table_tells_the_state_of_each_language() {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    for (name, text) in &crate::check::folder("content-small").0 {
        let text = match name.as_str() {
            "locales/tg/content/small.ftl" => text.replacen("# from ru", "# from", 1),
            "locales/ky/content/small.ftl" => text.replace("goodbye = Рахмат!", "farewell = Рахмат!"),
            _ => text.clone(),
        };
        let path = here.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let table = safar(here, &["content", "table", "--today", "2026-11-24"], "");
    let table = out(&table);
    let row = |id: &str| {
        let row = table.lines().find(|line| line.starts_with(&format!("| small | {id} |")));
        row.unwrap_or_else(|| panic!("{id}: {table}")).to_owned()
    };
    assert_eq!(
        row("rule"),
        "| small | rule | page | patent-apply | yes | yes | yes | how | s1: example.org (2026-10-01); \
         s2: Закон 1, статья 2 (no date) | 2026-10-01 | 2027-06-30 |"
    );
    assert!(row("home").starts_with("| small | home | menu |  | yes | unconfirmed | yes |"), "{table}");
    assert!(row("goodbye").starts_with("| small | goodbye | end |  | yes | yes | missing |"), "{table}");
    assert_eq!(table.lines().count(), 2 + 12, "{table}");
}

#[test]
fn accounts_are_made_listed_locked_and_the_trail_is_verified() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = safar(folder.path(), arguments, "");
        (output.status.code().unwrap(), out(&output))
    };
    let (code, text) =
        run(&["staff", "add", "Gulnara", "--name", "Гулнора", "--role", "admin", "--role", "editor"]);
    assert!(code == 0 && text.contains("http://127.0.0.1:8080/staff/link/"), "{text}");
    for (arguments, expected) in [
        (vec!["staff", "add", "gulnara", "--name", "x", "--role", "viewer"], "this login is taken"),
        (vec!["staff", "add", "a b", "--name", "x", "--role", "viewer"], "a login is"),
        (vec!["staff", "add", "azamat", "--name", "x", "--role", "root"], "one of consultant, supervisor"),
        (vec!["staff", "lock", "gulnara"], "last active administrator"),
        (vec!["staff", "reset", "nobody"], "no account with the login nobody"),
        (vec!["audit", "verify", "--noted", "1:x"], "64 hex digits"),
    ] {
        let (code, text) = run(&arguments);
        assert!(code == 2 && text.contains(expected), "{arguments:?}: {text}");
    }
    assert_eq!(
        run(&["staff", "add", "azamat", "--name", "Азамат", "--role", "consultant", "--zone", "-60"]).0,
        0
    );
    assert!(run(&["staff", "lock", "azamat"]).1.contains("azamat: locked"));
    let (_, list) = run(&["staff", "list"]);
    assert!(list.contains("azamat  Азамат  consultant  locked"), "{list}");
    assert!(list.contains("gulnara  Гулнора  editor,admin  no password yet"), "{list}");
    assert!(run(&["staff", "reset", "gulnara", "--second-step"]).1.contains("/staff/link/"));
    let (code, text) = run(&["audit", "verify"]);
    assert!(code == 0 && text.contains("the trail is whole: 7 rows"), "{text}");
    let head = text.lines().last().unwrap();
    assert_eq!(run(&["audit", "verify", "--noted", head]).0, 0);
    let other = format!("3:{}", "0".repeat(64));
    let (code, text) = run(&["audit", "verify", "--noted", &other]);
    assert!(code == 1 && text.contains("written anew"), "{text}");
}
