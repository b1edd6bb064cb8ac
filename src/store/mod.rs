//! All SQL, on SQLite and on PostgreSQL. Imports `crate::domain` only; sqlx is known here and nowhere else.
//!
//! A caller opens a transaction ([`Store::write`] or [`Store::read`]) and hands it to the functions of the modules,
//! so the caller decides what is atomic. One text serves both databases (`statements!`); tests prepare each on both.
//! No module decides anything about a conversation, seals or unseals, or reads the clock.

#[macro_use]
mod sql;

pub mod audit;
pub mod cases;
pub mod codes;
pub mod contacts;
mod db;
pub mod erase;
mod error;
pub mod events;
pub mod field;
pub mod indicators;
/// Keys of inbound messages already taken in.
pub mod intake;
pub mod leases;
pub mod link_opens;
pub mod meta;
pub mod outbox;
pub mod parked;
mod postgres;
pub mod questions;
pub mod releases;
mod rows;
mod scratch;
pub mod sessions;
mod sqlite;
pub mod staff;
pub mod staff_sessions;
pub mod studio;
mod types;

pub use db::{Backend, Store, Tx};
pub use error::StoreError;
pub use intake as dedup;
pub use postgres::Listener;
pub use rows::ROWS_MAX;
pub use scratch::Scratch;
pub use sql::Sql;
pub use sqlite::Checkpoint;
pub use types::Lookup;

/// Rows that one call of a `purge` deletes at most, so that the write lock is never held for long.
pub const PURGE_MAX: i64 = 5_000;

/// Every statement by module, for the tests that prepare them on both databases.
pub const STATEMENTS: &[(&str, &[Sql])] = &[
    ("audit", audit::ALL),
    ("cases", cases::ALL),
    ("cases/attachments", cases::attachments::ALL),
    ("cases/sent_files", cases::sent_files::ALL),
    ("cases/claim", cases::claim::ALL),
    ("cases/entries", cases::entries::ALL),
    ("cases/follow_up", cases::follow_up::ALL),
    ("cases/list", cases::list::ALL),
    ("cases/settings", cases::settings::ALL),
    ("cases/watch", cases::watch::ALL),
    ("codes", codes::ALL),
    ("contacts", contacts::ALL),
    ("db", db::ALL),
    ("erase", erase::ALL),
    ("events", events::ALL),
    ("field", field::ALL),
    ("field/evidence", field::evidence::ALL),
    ("field/imports", field::imports::ALL),
    ("indicators/cells", indicators::cells::ALL),
    ("indicators/chain", indicators::chain::ALL),
    ("indicators/files", indicators::files::ALL),
    ("indicators/log", indicators::log::ALL),
    ("indicators/people", indicators::people::ALL),
    ("indicators/quality", indicators::quality::ALL),
    ("indicators/reports", indicators::reports::ALL),
    ("indicators/units", indicators::units::ALL),
    ("indicators/uses", indicators::uses::ALL),
    ("intake", intake::ALL),
    ("leases", leases::ALL),
    ("link_opens", link_opens::ALL),
    ("meta", meta::ALL),
    ("outbox", outbox::ALL),
    ("outbox/given_back", outbox::given_back::ALL),
    ("outbox/history", outbox::history::ALL),
    ("outbox/lease", outbox::lease::ALL),
    ("outbox/settle", outbox::settle::ALL),
    ("parked", parked::ALL),
    ("questions", questions::ALL),
    ("releases", releases::ALL),
    ("sessions", sessions::ALL),
    ("staff", staff::ALL),
    ("staff_sessions", staff_sessions::ALL),
    ("studio/history", studio::history::ALL),
    ("studio/items", studio::items::ALL),
    ("studio/links", studio::links::ALL),
    ("studio/looks", studio::looks::ALL),
    ("studio/publications", studio::publications::ALL),
    ("studio/remarks", studio::remarks::ALL),
    ("studio/sets", studio::sets::ALL),
];
