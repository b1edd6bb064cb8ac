//! Everything that is kept, whatever its table or file: to look for what must not be there.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use safar::{
    domain::hex,
    store::{Backend, Store},
};

use super::sql::texts;

/// All rows of all tables but the content's, as text with bytes in hex; by table.
pub async fn tables(store: &Store) -> BTreeMap<String, Vec<String>> {
    let names = match store.backend() {
        Backend::Sqlite => "select name from sqlite_master where type = 'table'",
        Backend::Postgres => {
            "select table_name::text from information_schema.tables where table_schema = current_schema()"
        }
    };
    let mut all = BTreeMap::new();
    for table in texts(store, names).await {
        // The texts of all pages: no person's, and large.
        if table != "releases" {
            let rows = rows(store, &table).await;
            all.insert(table, rows);
        }
    }
    all
}

async fn rows(store: &Store, table: &str) -> Vec<String> {
    match store.backend() {
        Backend::Sqlite => {
            let columns = texts(store, &format!("select name from pragma_table_info('{table}')")).await;
            let shown = columns.iter().map(|column| {
                format!(
                    "coalesce(case typeof({column}) when 'blob' then hex({column}) else cast({column} as text) end, '')"
                )
            });
            let row = shown.collect::<Vec<_>>().join(" || ' ' || ");
            texts(store, &format!("select {row} from {table}")).await
        }
        Backend::Postgres => texts(store, &format!("select row_to_json(t)::text from \"{table}\" t")).await,
    }
}

/// The secrets that stand in a text, plain or as the hex of their bytes.
pub fn found_in<'a>(text: &str, secrets: &[&'a str]) -> Vec<&'a str> {
    let lower = text.to_lowercase();
    let is_there =
        |secret: &&&str| lower.contains(&secret.to_lowercase()) || lower.contains(&hex(secret.as_bytes()));
    secrets.iter().filter(is_there).copied().collect()
}

/// The files below a folder that hold one of the secrets, and how many files there are.
pub fn files(folder: &Path, secrets: &[&str]) -> (Vec<String>, usize) {
    let (mut found, mut count, mut open) = (Vec::new(), 0, vec![folder.to_owned()]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let holds = |secret: &&str| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        found.extend(
            secrets
                .iter()
                .filter(|secret| holds(secret))
                .map(|secret| format!("{}: {secret}", path.display())),
        );
    }
    (found, count)
}

/// What is logged on this thread, in all levels of ours.
#[derive(Clone, Default)]
pub struct Logged(Arc<Mutex<Vec<u8>>>);

impl Logged {
    /// Begins; until the guard is dropped.
    pub fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let logged = Self::default();
        let writer = logged.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter("info,safar=trace,sqlx=debug")
            .with_writer(move || writer.clone())
            .finish();
        (logged, tracing::subscriber::set_default(subscriber))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
