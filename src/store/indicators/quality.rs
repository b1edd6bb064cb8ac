//! What the quality of the data is judged by (indicators.md §2.6).

use crate::domain::Timestamp;
use crate::store::{StoreError, Tx, error::reading, events::StoredEvent, types};

statements! {
    // The texts of the conditions are those of the indexes.
    AHEAD = "select cast(count(*) as bigint) from events
        where occurred_at - recorded_at > 600000 and source <> 'sim'";
    SIMULATED = "select cast(count(*) as bigint) from events where source = 'sim'";
    ERASED = "select cast(count(*) as bigint) from events where type in ('flag', 'erase') and type = 'erase'
        and source <> 'sim'";
    LATE = "select cast(count(*) as bigint) from events
        where recorded_at - occurred_at > 86400000 and occurred_at >= $1 and occurred_at < $2
            and seq > $3 and seq <= $4 and contact_id is not null and source <> 'sim'";
    FLAGS = "select e.seq, e.event_id, e.type as kind, e.contact_id, e.occurred_at, e.recorded_at, e.channel,
            e.source, e.code, e.attrs from events e
        where e.type in ('flag', 'erase') and e.type = 'flag' and e.source <> 'sim'
            and not exists (select 1 from count_voids v where v.target = e.event_id)
        order by e.seq";
}

/// Rows whose clock was ahead: counted nowhere.
pub async fn ahead(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = AHEAD| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Rows of the simulator: counted nowhere.
pub async fn simulated(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = SIMULATED| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Erasures: a bare tick each.
pub async fn erasures(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = ERASED| Ok(types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Events of persons that happened from one instant to before another, were recorded more than a day later, and have
/// numbers above the first and up to the second.
pub async fn late(
    tx: &mut Tx,
    (from, to): (Timestamp, Timestamp),
    (above, up_to): (i64, i64),
) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = LATE| {
        let query = sqlx::query_scalar(sql).bind(from).bind(to).bind(above).bind(up_to);
        Ok(types::count(query.fetch_one(conn).await?))
    })
}

/// Flags that hold: of tests, staff and bots.
pub async fn flags(tx: &mut Tx) -> Result<Vec<StoredEvent>, StoreError> {
    on!(tx, |conn, sql = FLAGS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("events")))
}
