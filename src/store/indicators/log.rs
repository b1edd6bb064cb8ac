//! The events as counting reads them, and which of them were taken out.

use crate::{
    domain::{ContactId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        events::StoredEvent,
        rows::{many, padded, pieces},
        types,
    },
};

statements! {
    APPEND = "insert into events (event_id, type, contact_id, occurred_at, recorded_at, channel, source, code, attrs)
        values /*each*/($1, $2, $3, $4, $5, $6, $7, $8, $9)/*end*/";
    OF_PEOPLE = "select e.seq, e.event_id, e.type as kind, e.contact_id, e.occurred_at, e.recorded_at, e.channel,
            e.source, e.code, e.attrs from events e
        where e.contact_id in (/*each*/$1/*end*/)
            and not exists (select 1 from count_voids v where v.target = e.event_id)";
    ALL_OF_PEOPLE = "select seq, event_id, type as kind, contact_id, occurred_at, recorded_at, channel, source, code,
            attrs from events where contact_id in (/*each*/$1/*end*/)";
    // The text of the condition is that of the index.
    FIELD = "select e.seq, e.event_id, e.type as kind, e.contact_id, e.occurred_at, e.recorded_at, e.channel,
            e.source, e.code, e.attrs from events e
        where e.type in ('tally', 'approve', 'trainee', 'policy_item', 'report_item', 'survey')
            and not exists (select 1 from count_voids v where v.target = e.event_id)
        order by e.seq";
    SAID = "select seq, event_id, type as kind, contact_id, occurred_at, recorded_at, channel, source, code, attrs
        from events where type in ('void', 'link') order by seq";
    NAMED = "select seq, event_id, type as kind, contact_id, occurred_at, recorded_at, channel, source, code, attrs
        from events where event_id in (/*each*/$1/*end*/)";
    PAGE = "select seq, event_id, type as kind, contact_id, occurred_at, recorded_at, channel, source, code, attrs
        from events where contact_id > $1 and contact_id <= $2 order by contact_id, seq";
    BOUND = "select max(contact_id) from (
        select contact_id from events where contact_id > $1 order by contact_id limit $2) page";
    LAST_SEQ = "select coalesce(max(seq), 0) from events";
    BEGUN = "select recorded_at from events order by seq limit 1";
    COUNT_AFTER = "select cast(count(*) as bigint) from events where seq > $1";
    VOIDS = "select target from count_voids";
    VOIDED = "select target from count_voids where target in (/*each*/$1/*end*/)";
    ADD_VOID = "insert into count_voids (target) values /*each*/($1)/*end*/ on conflict do nothing";
    CLEAR_VOIDS = "delete from count_voids";
    FORGET_VOIDS = "delete from count_voids where target in
        (select event_id from events where contact_id in (/*each*/$1/*end*/))";
    DELETE = "delete from events where contact_id in (/*each*/$1/*end*/)";
}

/// An event of any source, as a file or a register has it.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub event_id: String,
    pub kind: String,
    pub contact: Option<ContactId>,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub channel: &'static str,
    pub source: String,
    pub code: Option<String>,
    /// A JSON object.
    pub attrs: String,
}

/// Adds events in order. [`StoreError::Conflict`] if an id is there already.
pub async fn append(tx: &mut Tx, events: &[NewEvent]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = APPEND| {
        for piece in pieces(events) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for event in piece {
                query = query.bind(event.event_id.as_str()).bind(event.kind.as_str()).bind(event.contact);
                query = query.bind(event.occurred_at).bind(event.recorded_at).bind(event.channel);
                query = query.bind(event.source.as_str()).bind(event.code.as_deref()).bind(event.attrs.as_str());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// All events of these identities that were not taken out, in no order.
pub async fn of_people(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<StoredEvent>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = OF_PEOPLE| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("events"))?);
        }
    });
    Ok(rows)
}

/// All events of these identities, taken out or not, in no order.
pub async fn all_of_people(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<StoredEvent>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = ALL_OF_PEOPLE| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("events"))?);
        }
    });
    Ok(rows)
}

/// Head-counts, approvals and lines of registers that were not taken out, in the order of storing.
pub async fn field(tx: &mut Tx) -> Result<Vec<StoredEvent>, StoreError> {
    on!(tx, |conn, sql = FIELD| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("events")))
}

/// All `void` and `link` rows, taken out or not, in the order of storing.
pub async fn said(tx: &mut Tx) -> Result<Vec<StoredEvent>, StoreError> {
    on!(tx, |conn, sql = SAID| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("events")))
}

/// The events with these ids, in no order.
pub async fn named(tx: &mut Tx, ids: &[&str]) -> Result<Vec<StoredEvent>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = NAMED| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("events"))?);
        }
    });
    Ok(rows)
}

/// Events of whole identities, in the order of their ids, from after `after` on: those of about `limit` events.
/// Taken-out ones are among them. Empty at the end.
pub async fn page(tx: &mut Tx, after: ContactId, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
    let bound: Option<i64> = on!(&mut *tx, |conn, sql = BOUND| {
        sqlx::query_scalar(sql).bind(after).bind(i64::from(limit)).fetch_one(conn).await?
    });
    let Some(bound) = bound else { return Ok(Vec::new()) };
    on!(tx, |conn, sql = PAGE| {
        sqlx::query_as(sql).bind(after).bind(bound).fetch_all(conn).await.map_err(reading("events"))
    })
}

/// The highest number of an event.
pub async fn last_seq(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = LAST_SEQ| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// When the first event that is still there was recorded.
pub async fn begun(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    on!(tx, |conn, sql = BEGUN| Ok(sqlx::query_scalar(sql).fetch_optional(conn).await?))
}

/// How many events have a higher number.
pub async fn count_after(tx: &mut Tx, seq: i64) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT_AFTER| Ok(types::count(sqlx::query_scalar(sql).bind(seq).fetch_one(conn).await?)))
}

/// Ids of the events that were taken out.
pub async fn voids(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    on!(tx, |conn, sql = VOIDS| Ok(sqlx::query_scalar(sql).fetch_all(conn).await?))
}

/// Those of these events that were taken out.
pub async fn voided(tx: &mut Tx, ids: &[String]) -> Result<Vec<String>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    on!(tx, |conn, sql = VOIDED| {
        for piece in padded(&ids) {
            let mut query = sqlx::query_scalar(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            found.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(found)
}

/// Takes events out.
pub async fn add_voids(tx: &mut Tx, targets: &[String]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD_VOID| {
        for piece in pieces(targets) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for target in piece {
                query = query.bind(target.as_str());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Forgets which events were taken out, before that is worked out anew.
pub async fn clear_voids(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = CLEAR_VOIDS| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}

/// Deletes all events of these identities.
pub async fn erase(tx: &mut Tx, ids: &[ContactId]) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = FORGET_VOIDS| {
        for piece in padded(ids) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    on!(tx, |conn, sql = DELETE| {
        for piece in padded(ids) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}
