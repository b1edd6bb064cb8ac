//! `safar field import` as it is typed.

use std::{fs, process::Command};

use tempfile::TempDir;

use crate::cli::out;

const CSV: &str = "activity,occurred_at,cc,place,covers,n_f,_uuid,_submitted_by\n\
    session,2026-04-14,TJ,Kulob,both,6,u1,mira\n";

#[test]
fn the_command_imports_a_file_and_names_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_safar"));
        command.args(["field", "import"]).args(arguments).current_dir(folder.path()).env_clear();
        command.output().unwrap()
    };
    fs::write(folder.path().join("f.csv"), CSV).unwrap();
    let output = run(&["--file", "f.csv", "--dry-run"]);
    assert!(output.status.success() && out(&output).contains("1 would be added"), "{}", out(&output));
    let output = run(&["--file", "f.csv"]);
    assert!(output.status.success() && out(&output).contains("1 rows: 1 added"), "{}", out(&output));
    let output = run(&["--file", "f.csv"]);
    assert!(output.status.success() && out(&output).contains("1 known already"), "{}", out(&output));
    fs::write(folder.path().join("bad.csv"), CSV.replace("both,6,u1", "both,six,u2")).unwrap();
    let output = run(&["--file", "bad.csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", out(&output));
    let told = "bad.csv: row 2, column n_f: \"six\" is no number: write digits only";
    assert!(out(&output).contains(told) && out(&output).contains("nothing was imported"), "{}", out(&output));
    let output = run(&["--file", "f.csv", "--by", "nobody"]);
    assert!(output.status.code() == Some(2) && out(&output).contains("no account"), "{}", out(&output));
    fs::write(folder.path().join("large.csv"), vec![b'x'; 9 << 20]).unwrap();
    let output = run(&["--file", "large.csv"]);
    assert!(out(&output).contains("the file is larger than 8 MB"), "{}", out(&output));
}
