//! The same tables on both databases.

use std::{collections::BTreeSet, fs, path::Path};

use safar::store::Tx;

use super::backend::{Fresh, on_postgres, on_sqlite};

type Set = BTreeSet<String>;

/// (table, column, nullable)
const SQLITE_COLUMNS: &str =
    "select m.name || '.' || c.name || case when c.\"notnull\" = 0 then ' null' else '' end
    from sqlite_master m, pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '_sqlx_%'";
const POSTGRES_COLUMNS: &str = "select table_name || '.' || column_name
        || case is_nullable when 'YES' then ' null' else '' end
    from information_schema.columns where table_schema = current_schema() and table_name not like '\\_sqlx%'";

const SQLITE_PRIMARY_KEYS: &str = "select m.name || ' ' || group_concat(c.name)
    from sqlite_master m, pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '_sqlx_%' and c.pk > 0 group by m.name";
const POSTGRES_PRIMARY_KEYS: &str = "select t.relname || ' ' || string_agg(a.attname, ',' order by a.attnum)
    from pg_constraint k join pg_class t on t.oid = k.conrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any(k.conkey)
    where k.contype = 'p' and k.connamespace = current_schema()::regnamespace and t.relname not like '\\_sqlx%'
    group by t.relname";

const SQLITE_FOREIGN_KEYS: &str =
    "select m.name || '.' || f.\"from\" || ' > ' || f.\"table\" || ' ' || lower(f.on_delete)
    from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'";
const POSTGRES_FOREIGN_KEYS: &str = "select t.relname || '.' || a.attname || ' > ' || r.relname || ' '
        || case k.confdeltype when 'c' then 'cascade' when 'a' then 'no action' else k.confdeltype::text end
    from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_class r on r.oid = k.confrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = any(k.conkey)
    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace";

/// Indexes beside those of primary keys: table, columns, unique, partial.
const SQLITE_INDEXES: &str = "select m.name || ' (' || (select group_concat(name) from
            (select name from pragma_index_info(i.name) order by seqno)) || ')'
        || case when i.\"unique\" then ' unique' else '' end || case when i.partial then ' partial' else '' end
    from sqlite_master m, pragma_index_list(m.name) i
    where m.type = 'table' and i.origin <> 'pk' and m.name not like '_sqlx_%'";
const POSTGRES_INDEXES: &str = "select t.relname || ' (' || (select string_agg(a.attname, ',' order by k.place)
            from unnest(x.indkey::int2[]) with ordinality k(attnum, place)
            join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum) || ')'
        || case when x.indisunique then ' unique' else '' end
        || case when x.indpred is not null then ' partial' else '' end
    from pg_index x join pg_class t on t.oid = x.indrelid
    where t.relnamespace = current_schema()::regnamespace and not x.indisprimary and t.relname not like '\\_sqlx%'";

#[test]
fn migrations_have_the_same_names_in_both_folders() {
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    for (place, name) in sqlite.iter().enumerate() {
        let stem = name.strip_suffix(".sql").expect("a .sql file");
        assert!(stem.starts_with(&format!("{:04}_", place + 1)), "{name}: numbers have no gaps");
        assert!(
            stem[5..].contains('_') && stem[5..].bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
    }
}

#[tokio::test]
async fn tables_are_equal_after_migrating() {
    let mut sqlite = Vec::new();
    let mut postgres = Vec::new();
    on_sqlite(async |fresh| sqlite = shape(&fresh).await).await;
    on_postgres(async |fresh| postgres = shape(&fresh).await).await;
    assert!(sqlite.iter().all(|(_, set)| !set.is_empty()), "{sqlite:?}");
    if postgres.is_empty() {
        return;
    }
    for ((what, on_sqlite), (_, on_postgres)) in sqlite.iter().zip(&postgres) {
        assert_eq!(on_sqlite, on_postgres, "{what}");
    }
}

async fn shape(fresh: &Fresh) -> Vec<(&'static str, Set)> {
    vec![
        ("columns", set(fresh, SQLITE_COLUMNS, POSTGRES_COLUMNS).await),
        ("primary keys", set(fresh, SQLITE_PRIMARY_KEYS, POSTGRES_PRIMARY_KEYS).await),
        ("foreign keys", set(fresh, SQLITE_FOREIGN_KEYS, POSTGRES_FOREIGN_KEYS).await),
        ("indexes", set(fresh, SQLITE_INDEXES, POSTGRES_INDEXES).await),
    ]
}

async fn set(fresh: &Fresh, sqlite: &'static str, postgres: &'static str) -> Set {
    let rows: Vec<String> = match &mut fresh.read().await {
        Tx::Sqlite(tx) => sqlx::query_scalar(sqlite).fetch_all(&mut **tx).await.expect("shape"),
        Tx::Postgres(tx) => sqlx::query_scalar(postgres).fetch_all(&mut **tx).await.expect("shape"),
    };
    rows.into_iter().collect()
}

fn names(backend: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
    let entries = fs::read_dir(folder).expect("migrations");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
    names.sort();
    names
}
