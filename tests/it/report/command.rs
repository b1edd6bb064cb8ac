//! `safar report` as it is typed.

use std::{fs, path::Path};

use tempfile::TempDir;

use super::{SECTIONS, iati::validate};
use crate::cli::{out, safar};

/// Made-up persons, counted, with settings that name identifiers.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let settings = format!("{}\n{SECTIONS}", safar::indicators::EMBEDDED);
    fs::write(folder.path().join("mine.toml"), settings).unwrap();
    for arguments in [
        &["indicators", "generate", "--persons", "400", "--events", "8"][..],
        &["indicators", "recount"],
        &["indicators", "configure", "mine.toml"],
    ] {
        let output = safar(folder.path(), arguments, "");
        assert!(output.status.success(), "{}", out(&output));
    }
    folder
}

fn report(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = safar(folder, &[&["report"], more].concat(), "");
    (output.status.code(), out(&output))
}

#[test]
fn each_file_is_written_whole_or_not_at_all() {
    let folder = folder();
    let written = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for (format, more) in [
        ("xlsx", &["--prepared-by", "Гульнара", "--approved-by", "Азамат"][..]),
        ("csv", &["--public", "--lang", "en"]),
        ("html", &[]),
        ("iati", &[]),
        ("dhis2", &["--country", "TJ"]),
        ("activityinfo", &["--lang", "en"]),
    ] {
        let name = format!("r.{format}");
        let arguments = [&["--period", "2026-Q2", "--format", format, "--out", &name], more].concat();
        let (code, told) = report(folder.path(), &arguments);
        assert!(code == Some(0) && told.contains("2026-Q2, provisional, sha256 "), "{format}: {told}");
        assert!(written(&name).len() > 500, "{format}");
    }
    validate(&written("r.iati"));
    assert!(written("r.xlsx").starts_with(b"PK"));
    assert!(String::from_utf8(written("r.html")).unwrap().contains("<html lang=\"ru\">"));
    for (arguments, told) in [
        (&["--period", "2026-Q9", "--format", "csv", "--out", "x"][..], "2026-Q2 or 2026-05"),
        (&["--period", "2026-Q2", "--format", "pdf", "--out", "x"], "one of xlsx, csv, html"),
        (&["--period", "2026-Q2", "--format", "csv", "--out", "x", "--lang", "tg"], "ru or en"),
        (&["--period", "2025-Q1", "--format", "csv", "--out", "x"], "these are: 2026-Q1"),
        (&["--period", "2026-Q2", "--format", "activityinfo", "--public", "--out", "x"], "by month"),
        (&["--period", "2026-Q2", "--format", "csv", "--out", "no/where/x"], "no/where/x"),
    ] {
        let (code, found) = report(folder.path(), arguments);
        assert!(code == Some(2) && found.contains(told), "{arguments:?}: {found}");
        assert!(!folder.path().join("x").exists() && !folder.path().join("x.part").exists());
    }
}

#[tokio::test]
async fn a_count_that_somebody_changed_blocks_every_file() {
    let folder = folder();
    let url = format!("sqlite:{}", folder.path().join("data/safar.db").display());
    let store = safar::store::Store::connect(&url).await.unwrap();
    let mut tx = store.write().await.unwrap();
    if let safar::store::Tx::Sqlite(tx) = &mut tx {
        let sql =
            "update count_cells set n = n + 1 where indicator = 'R1' and measure = 'new' and dimension = ''
            and period = '2026-05'";
        assert_eq!(sqlx::query(sql).execute(&mut **tx).await.unwrap().rows_affected(), 1);
    }
    tx.commit().await.unwrap();
    store.close().await;
    let arguments = ["--period", "2026-Q2", "--format", "csv", "--out", "r.csv"];
    // The recount of before says that all is well.
    assert_eq!(report(folder.path(), &arguments).0, Some(0));
    fs::remove_file(folder.path().join("r.csv")).unwrap();
    assert_eq!(safar(folder.path(), &["indicators", "recount", "--compare"], "").status.code(), Some(1));
    let (code, told) = report(folder.path(), &arguments);
    assert!(
        code == Some(2) && told.contains("R1 new 2026-05: stored ") && told.contains("recount`"),
        "{told}"
    );
    assert!(!folder.path().join("r.csv").exists());
    assert!(safar(folder.path(), &["indicators", "recount"], "").status.success());
    assert_eq!(report(folder.path(), &arguments).0, Some(0));
}
