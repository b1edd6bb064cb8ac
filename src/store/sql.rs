//! The form of every statement: one text for both databases, a second one only where it cannot be helped.

/// A statement's texts. Binds are `$1`, `$2` … on both databases.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// The constant's name, for test reports.
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// A statement's text for the database at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Text {
    pub text: &'static str,
    /// Generated rows number their binds. SQLite looks a numbered bind up by name in a list, so hundreds of them
    /// cost more than the rows: there a plain `?` is used.
    pub numbered: bool,
}

impl sqlx::SqlSafeStr for Text {
    fn into_sql_str(self) -> sqlx::SqlStr {
        self.text.into_sql_str()
    }
}

/// Makes a constant of each statement and the module's `ALL` list, so that the prepare test misses none.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal $(, sqlite = $lite:literal)?;)*) => {
        $($(#[$doc])* const $name: $crate::store::sql::Sql = $crate::store::sql::Sql {
            name: stringify!($name),
            sqlite: statements!(@lite $sql $(, $lite)?),
            postgres: $sql,
        };)*
        pub(in $crate::store) const ALL: &[$crate::store::sql::Sql] = &[$($name),*];
    };
    (@lite $sql:literal) => { $sql };
    (@lite $sql:literal, $lite:literal) => { $lite };
}

/// Runs a body on the transaction's connection; it is compiled once per driver.
macro_rules! on {
    ($tx:expr, |$conn:ident, $sql:ident = $stmt:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                let $sql = $crate::store::sql::Text { text: $stmt.sqlite, numbered: false };
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                let $sql = $crate::store::sql::Text { text: $stmt.postgres, numbered: true };
                $body
            }
        }
    };
}
