//! A file of events goes through the same counting as the bot's own (indicators.md §4.1).

use std::collections::HashMap;

use super::{erase, read, roll, shares, take};
use crate::{
    domain::ContactId,
    indicators::{
        Event, Figures, Rules,
        file::{Config, HEADER, Identity, Row, result_rows},
        is_quarantined,
    },
    store::{
        Store, StoreError, Tx,
        indicators::log::{self, NewEvent},
    },
};

/// Rows counted at once.
const BATCH: usize = 256;
const ROLL_AT_ONCE: u32 = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts the rows, in the order of the record, and writes the result of each snapshot. Nothing stays in the database,
/// whose tables must be empty.
///
/// # Errors
/// When the database refuses.
pub async fn replay(store: &Store, config: &Config, rows: &[Row]) -> Result<String, ReplayError> {
    let mut out = format!("{HEADER}\n");
    let mut tx = store.write().await?;
    let mut feed = Feed::new(&config.rules);
    let mut rows = rows.iter().peekable();
    for snapshot in &config.snapshots {
        while let Some(row) = rows.next_if(|row| row.recorded <= snapshot.at) {
            feed.row(&mut tx, row).await?;
        }
        feed.flush(&mut tx).await?;
        while roll(&mut tx, &config.rules, ROLL_AT_ONCE).await? > 0 {}
        let shares = shares(&mut tx, &config.rules).await?;
        out.push_str(&result_rows(config, &snapshot.name, &Figures::new(&shares, &config.rules)));
    }
    tx.rollback().await?;
    Ok(out)
}

/// Rows of files on their way into the database.
#[derive(Debug)]
pub struct Feed<'a> {
    rules: &'a Rules,
    ids: HashMap<Identity, ContactId>,
    names: HashMap<ContactId, Identity>,
    /// Ids given so far. Registered visitors have theirs below zero, as in the bot's own record.
    next: i64,
    waiting: Vec<NewEvent>,
}

impl<'a> Feed<'a> {
    pub fn new(rules: &'a Rules) -> Self {
        Self { rules, ids: HashMap::new(), names: HashMap::new(), next: 0, waiting: Vec::new() }
    }

    /// Takes the next row of the record. It may wait to be counted with others: see [`Feed::flush`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn row(&mut self, tx: &mut Tx, row: &Row) -> Result<(), StoreError> {
        // What looks at the record must find all that came before it, and nothing else.
        let looks_back = matches!(row.kind.as_str(), "erase" | "link" | "void");
        if looks_back || self.waiting.len() >= BATCH {
            self.flush(tx).await?;
        }
        if row.kind == "erase" {
            return self.erase(tx, row).await;
        }
        let contact = row.ident.as_ref().map(|ident| self.id(ident));
        let other = row.other.as_ref().map(|other| self.id(other));
        self.waiting.push(NewEvent {
            event_id: row.event_id.clone(),
            kind: row.kind.clone(),
            contact,
            occurred_at: row.at,
            recorded_at: row.recorded,
            channel: row.ident.as_ref().map_or("field", |ident| ident.channel().as_str()),
            source: row.source.clone(),
            code: row.code.clone(),
            attrs: other.map_or_else(|| row.attrs.clone(), |other| with_other(&row.attrs, other)),
        });
        if looks_back { self.flush(tx).await } else { Ok(()) }
    }

    /// Stores and counts what waits.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn flush(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        log::append(tx, &waiting).await?;
        let events: Vec<Event> = waiting.iter().filter_map(read::of_new).collect();
        take(tx, self.rules, &events).await
    }

    async fn erase(&mut self, tx: &mut Tx, row: &Row) -> Result<(), StoreError> {
        let known = row.ident.as_ref().and_then(|ident| self.ids.get(ident)).copied();
        if let Some(contact) = known.filter(|_| !is_quarantined(row.at, row.recorded)) {
            for gone in erase(tx, self.rules, &[contact]).await? {
                if let Some(name) = self.names.remove(&gone) {
                    self.ids.remove(&name);
                }
            }
        }
        let tick = NewEvent {
            event_id: row.event_id.clone(),
            kind: row.kind.clone(),
            contact: None,
            occurred_at: row.at,
            recorded_at: row.recorded,
            channel: "field",
            source: row.source.clone(),
            code: None,
            attrs: "{}".to_owned(),
        };
        log::append(tx, &[tick]).await
    }

    /// The id of an identity; who was erased and comes back gets another.
    fn id(&mut self, ident: &Identity) -> ContactId {
        if let Some(id) = self.ids.get(ident) {
            return *id;
        }
        self.next += 1;
        let id = ContactId(if ident.as_str().starts_with("reg:") { -self.next } else { self.next });
        self.ids.insert(ident.clone(), id);
        self.names.insert(id, ident.clone());
        id
    }
}

/// The attributes of a `link` with the id of the other identity in place of its name.
fn with_other(attrs: &str, other: ContactId) -> String {
    let mut attrs: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(attrs).unwrap_or_default();
    attrs.insert("other".to_owned(), other.to_string().into());
    serde_json::Value::Object(attrs).to_string()
}
