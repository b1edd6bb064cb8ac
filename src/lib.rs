//! Safar: an information bot for labour migrants and their families.
//!
//! Modules in reading order; each may import only from the layers above its own
//! (`ARCHITECTURE.md` has the table, `tests/it/architecture.rs` holds it).

/// Layer 0: plain types. No I/O, no clock, no randomness.
pub mod domain;

/// Layer 0: the only place that reads time or randomness.
pub mod clock;

/// Layer 1: settings from file and environment, checked.
pub mod config;
/// Layer 1: what is counted, and how: the rules of the indicators.
pub mod indicators;
/// Layer 1: what people type: folding, words of command and of danger, dates.
pub mod lang;
/// Layer 1: Fluent messages.
pub mod text;

/// Layer 2: trees, figures, places, sources: a checked, immutable release.
pub mod content;

/// Layer 3: everything that can be wrong with content.
pub mod check;
/// Layer 3: turns as exact messages within a channel's limits.
pub mod compose;
/// Layer 3: the conversation itself, a pure function.
pub mod engine;

/// Layer 4: wake-ups carrying ids.
pub mod bus;
/// Layer 4: one folder a channel.
pub mod channels;
/// Layer 4: letters to staff.
pub mod mail;
/// Layer 4: keys, sealing, keyed look-up.
pub mod privacy;
/// Layer 4: all SQL, on SQLite and PostgreSQL.
pub mod store;

/// Layer 5: events become counts, counts become figures.
pub mod counting;
/// Layer 5: the people who work with Safar.
pub mod desk;
/// Layer 5: a batch of inbound becomes turns, in one transaction.
pub mod dialog;
/// Layer 5: what field staff and registers report, and who approves it.
pub mod field;
/// Layer 5: campaign codes, their links and how often those were opened.
pub mod outreach;
/// Layer 5: which content runs.
pub mod release;
pub mod report;
/// Layer 5: staff change the content: drafts, review, publication, history.
pub mod studio;

/// Layer 6: lanes that gather inbound and commit it.
pub mod intake;
/// Layer 6: periodic work.
pub mod jobs;
/// Layer 6: outbox rows become messages on a phone.
pub mod sender;

/// Layer 7: webhooks, web chat, health.
pub mod web;

/// Layer 8: builds all parts and stops them in order.
pub mod app;
/// Layer 8: the command line.
pub mod cli;
/// Layer 8: logs and metrics.
pub mod telemetry;
