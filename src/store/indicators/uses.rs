//! How often pages and menus were used: cells, and what turns added since they were squashed.

use crate::{
    domain::ContactId,
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded, pieces},
    },
};

statements! {
    ADD_DELTA = "insert into content_deltas (erased, month, node, channel, views, shown, went_on)
        values /*each*/($1, $2, $3, $4, $5, $6, $7)/*end*/";
    // Two instances that squash at once never take the same row: the second finds it gone.
    TAKE = "delete from content_deltas where id in (select id from content_deltas order by id limit $1)
        returning erased, month, node, channel, views, shown, went_on";
    ADD = "insert into content_uses (erased, month, node, channel, views, shown, went_on)
        values /*each*/($1, $2, $3, $4, $5, $6, $7)/*end*/
        on conflict (erased, month, node, channel) do update set views = content_uses.views + excluded.views,
            shown = content_uses.shown + excluded.shown, went_on = content_uses.went_on + excluded.went_on";
    LIVE = "select erased, month, node, channel, cast(sum(views) as bigint) as views,
            cast(sum(shown) as bigint) as shown, cast(sum(went_on) as bigint) as went_on
        from (select erased, month, node, channel, views, shown, went_on from content_uses where not erased
            union all select erased, month, node, channel, views, shown, went_on from content_deltas
            where not erased) uses
        group by erased, month, node, channel";
    BETWEEN = "select node, cast(sum(views) as bigint) as views, cast(sum(shown) as bigint) as shown,
            cast(sum(went_on) as bigint) as went_on
        from (select month, node, channel, views, shown, went_on from content_uses
            union all select month, node, channel, views, shown, went_on from content_deltas) uses
        where month >= $1 and month <= $2 and ($3 = '' or channel = $4)
        group by node";
    CLEAR_USES = "delete from content_uses where not erased";
    CLEAR_DELTAS = "delete from content_deltas where not erased";
    OUT = "select contact_id from content_out where contact_id in (/*each*/$1/*end*/)";
    ALL_OUT = "select contact_id from content_out";
    PUT_OUT = "insert into content_out (contact_id) values /*each*/($1)/*end*/ on conflict do nothing";
    DROP_OUT = "delete from content_out where contact_id in (/*each*/$1/*end*/)";
    CLEAR_OUT = "delete from content_out";
}

/// A cell, or what is added to one; words as `indicators` has them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UseRow {
    /// Of people who were erased.
    pub erased: bool,
    /// `2026-03`.
    pub month: String,
    pub node: String,
    pub channel: String,
    pub views: i64,
    pub shown: i64,
    pub went_on: i64,
}

/// Uses of a node over some months and all channels asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NodeRow {
    pub node: String,
    pub views: i64,
    pub shown: i64,
    pub went_on: i64,
}

/// Notes what a turn adds; nobody waits for anybody.
pub async fn add_deltas(tx: &mut Tx, rows: &[UseRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD_DELTA| {
        for piece in pieces(rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for row in piece {
                query = query.bind(row.erased).bind(row.month.as_str()).bind(row.node.as_str());
                query = query.bind(row.channel.as_str()).bind(row.views).bind(row.shown).bind(row.went_on);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Takes at most `limit` of the noted rows away, to be added to the cells in this transaction.
pub async fn take_deltas(tx: &mut Tx, limit: u32) -> Result<Vec<UseRow>, StoreError> {
    on!(tx, |conn, sql = TAKE| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("content_deltas"))
    })
}

/// Adds to cells. Each comes once, in one order for all callers: they lock each other's rows.
pub async fn add(tx: &mut Tx, rows: &[UseRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(rows) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for row in piece {
                query = query.bind(row.erased).bind(row.month.as_str()).bind(row.node.as_str());
                query = query.bind(row.channel.as_str()).bind(row.views).bind(row.shown).bind(row.went_on);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// The cells of living records, with what was noted since, in no order.
pub async fn live(tx: &mut Tx) -> Result<Vec<UseRow>, StoreError> {
    on!(tx, |conn, sql = LIVE| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("content_uses")))
}

/// Uses by node in the months from `first` to `last` (`2026-03`), erased people's among them; `channel`: of one only.
pub async fn between(
    tx: &mut Tx,
    first: &str,
    last: &str,
    channel: Option<&str>,
) -> Result<Vec<NodeRow>, StoreError> {
    let channel = channel.unwrap_or_default();
    on!(tx, |conn, sql = BETWEEN| {
        let query = sqlx::query_as(sql).bind(first).bind(last).bind(channel).bind(channel);
        query.fetch_all(conn).await.map_err(reading("content_uses"))
    })
}

/// Forgets the uses of living records, before they are counted anew.
pub async fn clear_live(tx: &mut Tx) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = CLEAR_USES| {
        sqlx::query(sql).execute(conn).await?;
    });
    on!(&mut *tx, |conn, sql = CLEAR_DELTAS| {
        sqlx::query(sql).execute(conn).await?;
    });
    on!(tx, |conn, sql = CLEAR_OUT| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}

/// Those of these contacts whose uses are left out.
pub async fn out_of(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<ContactId>, StoreError> {
    let mut found = Vec::new();
    on!(tx, |conn, sql = OUT| {
        for piece in padded(contacts) {
            let mut query = sqlx::query_scalar::<_, ContactId>(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            found.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(found)
}

/// All contacts whose uses are left out.
pub async fn all_out(tx: &mut Tx) -> Result<Vec<ContactId>, StoreError> {
    on!(tx, |conn, sql = ALL_OUT| Ok(sqlx::query_scalar(sql).fetch_all(conn).await?))
}

pub async fn put_out(tx: &mut Tx, contacts: &[ContactId]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = PUT_OUT| {
        for piece in pieces(contacts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(*id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

pub async fn drop_out(tx: &mut Tx, contacts: &[ContactId]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = DROP_OUT| {
        for piece in padded(contacts) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}
