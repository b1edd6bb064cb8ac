//! What happened, in the types of indicators.md §1.4. Rows are only added, until a contact is erased.

use super::{
    StoreError, Tx,
    error::reading,
    rows::{many, pieces},
    types,
};
use crate::domain::{ChannelKind, ContactId, Source, Timestamp};

statements! {
    APPEND = "insert into events (event_id, type, contact_id, occurred_at, recorded_at, channel, source, code, attrs)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8, $9)/*end*/";
    // Of a consultation at a centre or by phone: no channel of ours, no bot.
    APPEND_OF_CENTRE = "insert into events (event_id, type, contact_id, occurred_at, recorded_at, channel, source, attrs)
        values ($1, $2, $3, $4, $5, 'centre', 'centre', $6)";
    LIST_FOR = "select seq, event_id, type as kind, contact_id, occurred_at, recorded_at, channel, source, code, attrs
        from events where contact_id = $1 order by seq";
    COUNT = "select cast(count(*) as bigint) from events";
    COUNT_DISTINCT_IDS = "select cast(count(distinct event_id) as bigint) from events";
}

/// An event to be stored.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// `tg:<bot>:<update_id>:<n>` and its kin (design §4); unique.
    pub event_id: String,
    /// Name of its type.
    pub kind: &'static str,
    /// The contact, never the person. `None` for what must outlive its contact.
    pub contact: Option<ContactId>,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub channel: ChannelKind,
    pub source: Source,
    /// Campaign code.
    pub code: Option<String>,
    /// A JSON object.
    pub attrs: String,
}

/// An event as it is stored. Channel and source are words: `centre` and `field` have no `ChannelKind`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredEvent {
    /// Order of storing. On PostgreSQL a smaller one may still appear later (migrations/README.md).
    pub seq: i64,
    pub event_id: String,
    pub kind: String,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub channel: String,
    pub source: String,
    pub code: Option<String>,
    pub attrs: String,
}

/// Adds events in order. [`StoreError::Conflict`] if an id is there already.
pub async fn append(tx: &mut Tx, events: &[EventRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = APPEND| {
        for piece in pieces(events) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for event in piece {
                query = query.bind(event.event_id.as_str()).bind(event.kind).bind(event.contact);
                query = query.bind(event.occurred_at).bind(event.recorded_at).bind(event.channel.as_str());
                query = query.bind(event.source.as_str()).bind(event.code.as_deref()).bind(event.attrs.as_str());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Adds events of a centre's register: channel and source of the rows are not looked at.
pub async fn append_of_centre(tx: &mut Tx, events: &[EventRow]) -> Result<(), StoreError> {
    for event in events {
        on!(&mut *tx, |conn, sql = APPEND_OF_CENTRE| {
            let query = sqlx::query(sql).bind(event.event_id.as_str()).bind(event.kind).bind(event.contact);
            let query = query.bind(event.occurred_at).bind(event.recorded_at).bind(event.attrs.as_str());
            query.execute(conn).await?;
        });
    }
    Ok(())
}

/// A contact's events in the order of storing.
pub async fn list_for(tx: &mut Tx, contact: ContactId) -> Result<Vec<StoredEvent>, StoreError> {
    on!(tx, |conn, sql = LIST_FOR| {
        sqlx::query_as(sql).bind(contact).fetch_all(conn).await.map_err(reading("events"))
    })
}

pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Equals [`count`] as long as nothing was counted twice.
pub async fn count_distinct_ids(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT_DISTINCT_IDS| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}
