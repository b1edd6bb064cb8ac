//! `safar indicators` as it is typed.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;

use super::{compare, data};
use crate::{
    cli::out,
    store::backend::{Fresh, postgres_url, store_contract},
};

fn indicators(folder: &Path, database: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_safar"));
    command
        .arg("indicators")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("TMPDIR", folder.join("tmp"));
    if let Some(url) = database {
        command.env("SAFAR_DATABASE_URL", url);
    }
    command.output().unwrap()
}

/// A folder with the vectors' files, and one for temporary files.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    for name in ["config.json", "events.csv"] {
        fs::write(folder.path().join(name), data(&format!("spec/{name}"))).unwrap();
    }
    folder
}

const REPLAY: [&str; 7] = ["replay", "--config", "config.json", "--events", "events.csv", "--out", "r.csv"];

fn nothing_temporary(folder: &Path) {
    assert_eq!(fs::read_dir(folder.join("tmp")).unwrap().count(), 0);
    assert!(!folder.join("data").exists(), "the bot's own database was not touched");
}

#[test]
fn the_command_counts_the_vectors_in_a_file_that_goes() {
    let folder = folder();
    let output = indicators(folder.path(), None, &REPLAY);
    assert!(output.status.success(), "{}", out(&output));
    compare(&fs::read_to_string(folder.path().join("r.csv")).unwrap());
    nothing_temporary(folder.path());
}

#[tokio::test]
async fn the_command_counts_the_vectors_in_a_schema_that_goes() {
    let Some(url) = postgres_url() else { return };
    let folder = folder();
    let output = indicators(folder.path(), Some(&url), &REPLAY);
    assert!(output.status.success(), "{}", out(&output));
    compare(&fs::read_to_string(folder.path().join("r.csv")).unwrap());
    nothing_temporary(folder.path());
    // Others may be counting at this moment: none of theirs is older than their test.
    let mut conn = PgConnection::connect(&url).await.unwrap();
    let left: Vec<String> = sqlx::query_scalar(
        "select schema_name::text from information_schema.schemata where schema_name like 'safar_scratch_%'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_file_with_a_bad_row_counts_nothing_and_names_the_row() {
    let folder = folder();
    let good = data("spec/events.csv");
    for (row, told) in [
        ("50,x1,2026-07-01T09:00:00Z,,bot,tg:1,dance,".to_owned(), "row 51: unknown type \"dance\""),
        ("50,x1,1 July,,bot,tg:1,contact,".to_owned(), "row 51: occurred_at \"1 July\""),
        (
            "50,=HYPERLINK(1),2026-07-01T09:00:00Z,,bot,tg:1,contact,".to_owned(),
            "row 51: event_id begins like",
        ),
        (",".repeat(1_000_000), "row 51: longer than"),
    ] {
        fs::write(folder.path().join("events.csv"), format!("{good}{row}\n")).unwrap();
        let output = indicators(folder.path(), None, &REPLAY);
        let text = out(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(told) && text.contains("nothing was counted"), "{text}");
        assert!(text.len() < 500, "{text}");
        assert!(!folder.path().join("r.csv").exists());
    }
    // An id that comes again with other content: the first row counts, the second is told.
    let again = "50,e01,2026-07-01T09:00:00Z,,bot,tg:1,question,\n";
    fs::write(folder.path().join("events.csv"), format!("{good}{again}")).unwrap();
    let output = indicators(folder.path(), None, &REPLAY);
    assert!(output.status.success() && out(&output).contains("row 51: left out"), "{}", out(&output));
    compare(&fs::read_to_string(folder.path().join("r.csv")).unwrap());
}

store_contract!(a_database_is_filled_counted_compared_traced_and_configured);

async fn a_database_is_filled_counted_compared_traced_and_configured(fresh: Fresh) {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    let run = |arguments: &[&str]| {
        let output = indicators(folder.path(), Some(&fresh.url), arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), out(&output))
    };
    assert_eq!(run(&["generate", "--persons", "300", "--events", "8"]).0, Some(0));
    assert_eq!(run(&["generate", "--persons", "3"]).0, Some(2), "it holds events now");
    let (code, _, told) = run(&["recount", "--compare"]);
    assert_eq!(code, Some(1), "nothing is counted yet: {told}");
    assert_eq!(run(&["recount"]).0, Some(0));
    let (code, _, told) = run(&["recount", "--compare"]);
    assert!(code == Some(0) && told.contains("2400 events") && told.contains(": 0 difference"), "{told}");
    for arguments in
        [&["trace", "R2", "--period", "2026-Q2", "--sex", "F"][..], &["trace", "s3", "--period", "programme"]]
    {
        let (code, list, told) = run(arguments);
        assert!(code == Some(0) && list.lines().count() > 3, "{told}");
        assert!(list.lines().skip(1).all(|line| line.contains(",made:") && line.ends_with(",1,")), "{list}");
    }
    assert_eq!(run(&["trace", "R2", "--period", "2026-Q2", "--sex", "F", "--stay", "RU"]).0, Some(2));
    assert_eq!(run(&["trace", "R9", "--period", "2026-Q2"]).0, Some(2));
    // A count that somebody changed by hand is named.
    fresh
        .raw(
            "update count_cells set n = n + 1 where indicator = 'R1' and measure = 'new' and dimension = ''
                and period = '2026-05'",
        )
        .await;
    let (code, list, _) = run(&["recount", "--compare"]);
    assert!(
        code == Some(1) && list.starts_with("R1 new 2026-05: stored ") && list.lines().count() == 1,
        "{list}"
    );
    // Other rules: counted anew by itself; both versions are kept.
    let embedded = safar::indicators::EMBEDDED;
    let (first, second) =
        (embedded.replace("version = 1", "version = 2"), embedded.replace("\"both\"", "\"either\""));
    for (name, text) in
        [("a.toml", &first), ("b.toml", &second), ("c.toml", &embedded.replace("k = 5", "k = 1"))]
    {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let equipped = || run(&["trace", "R2", "--period", "programme"]).1.lines().count();
    assert_eq!(run(&["configure", "a.toml"]).0, Some(0));
    let before = equipped();
    assert_eq!(run(&["configure", "b.toml"]).0, Some(0));
    assert!(equipped() > before, "{before}");
    let (code, _, told) = run(&["configure", "c.toml"]);
    assert!(code == Some(2) && told.contains("choices.k"), "{told}");
    assert_eq!(run(&["configure"]).1.lines().count(), 3);
    assert_eq!(run(&["recount", "--compare"]).0, Some(0));
}
