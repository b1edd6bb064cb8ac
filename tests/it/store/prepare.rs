//! Every statement is understood by both databases.

use std::{collections::BTreeSet, fs, path::Path};

use safar::store::{STATEMENTS, Sql, Tx};
use sqlx::Executor;

use super::backend::{Fresh, store_contract};

store_contract!(every_statement_is_prepared);

/// Statements with a text of their own for SQLite, at most. Raise it only for what PostgreSQL alone can do.
const OWN_TEXT_FOR_SQLITE_MAX: usize = 9;

async fn every_statement_is_prepared(fresh: Fresh) {
    let mut refused = Vec::new();
    for (module, sql) in all() {
        // A transaction each: on PostgreSQL one refusal spoils the rest.
        let error = match fresh.write().await {
            Tx::Sqlite(mut tx) => (&mut *tx).prepare(sqlx::SqlSafeStr::into_sql_str(sql.sqlite)).await.err(),
            Tx::Postgres(mut tx) => {
                (&mut *tx).prepare(sqlx::SqlSafeStr::into_sql_str(sql.postgres)).await.err()
            }
        };
        refused.extend(error.map(|error| format!("{module}::{}: {error}", sql.name)));
    }
    assert!(refused.is_empty(), "{}: {refused:#?}", fresh.store.backend().as_str());
}

#[test]
fn few_statements_differ_between_the_databases() {
    let own: Vec<String> = all()
        .filter(|(_, sql)| sql.sqlite != sql.postgres)
        .map(|(module, sql)| format!("{module}::{}", sql.name))
        .collect();
    println!("{} of {} statements have a text of their own for SQLite: {own:?}", own.len(), all().count());
    assert!(own.len() <= OWN_TEXT_FOR_SQLITE_MAX, "{own:?}");
}

#[test]
fn names_are_unique_within_a_module() {
    let names: BTreeSet<(&str, &str)> = all().map(|(module, sql)| (module, sql.name)).collect();
    assert_eq!(names.len(), all().count());
}

#[test]
fn every_file_with_statements_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = BTreeSet::new();
    for folder in ["", "cases", "field", "indicators", "outbox", "studio"] {
        for entry in fs::read_dir(root.join(folder)).expect("the store's sources") {
            let path = entry.expect("an entry").path();
            if path.is_file() && fs::read_to_string(&path).expect("source").contains("\nstatements! {") {
                let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
                files.insert(match (folder, stem.as_str()) {
                    ("", name) => name.to_owned(),
                    (folder, "mod") => folder.to_owned(),
                    (folder, name) => format!("{folder}/{name}"),
                });
            }
        }
    }
    let listed: BTreeSet<String> = STATEMENTS.iter().map(|(module, _)| (*module).to_owned()).collect();
    assert_eq!(files, listed);
}

fn all() -> impl Iterator<Item = (&'static str, &'static Sql)> {
    STATEMENTS.iter().flat_map(|(module, list)| list.iter().map(move |sql| (*module, sql)))
}
