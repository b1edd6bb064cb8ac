//! Files of events, their configuration, and the result (indicators.md §4.1).

mod config;
mod csv;
mod events;
mod result;

pub use config::{Config, ConfigError, Snapshot, instant};
pub use csv::{CsvError, Record, records, records_by};
pub use events::{Alert, Identity, Row, RowError, read_events, read_text};
pub use result::{HEADER, result_rows};
