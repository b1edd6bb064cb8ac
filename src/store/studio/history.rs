//! Which publication changed which item.

use crate::{
    domain::{ReleaseId, StaffId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, pieces},
    },
};

statements! {
    ADD = "insert into item_history (publication_id, item, what, edited_by)
        values /*each*/($1, $2, $3, $4)/*end*/";
    OF_ITEM = "select h.publication_id, h.item, h.what, h.edited_by, p.release_id, p.origin, p.at, p.set_id,
            p.staff_id, p.note
        from item_history h join publications p on p.id = h.publication_id
        where h.item = $1 order by p.at desc, p.id desc limit $2";
    OF_PUBLICATION = "select h.publication_id, h.item, h.what, h.edited_by, p.release_id, p.origin, p.at, p.set_id,
            p.staff_id, p.note
        from item_history h join publications p on p.id = h.publication_id
        where h.publication_id = $1 order by h.item";
}

/// One change of one item, with the publication that brought it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ItemChangeRow {
    pub publication_id: i64,
    pub item: String,
    /// `added`, `changed`, `removed`.
    pub what: String,
    /// Whose words they are; `None`: a folder's, or an earlier release's.
    pub edited_by: Option<StaffId>,
    pub release_id: ReleaseId,
    pub origin: String,
    pub at: Timestamp,
    pub set_id: Option<i64>,
    /// Who published it.
    pub staff_id: Option<StaffId>,
    pub note: Option<String>,
}

/// What a publication does to one item: key, word, whose words.
pub type ItemChange = (String, &'static str, Option<StaffId>);

pub async fn add(tx: &mut Tx, publication: i64, changes: &[ItemChange]) -> Result<(), StoreError> {
    for piece in pieces(changes) {
        on!(tx, |conn, sql = ADD| {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (item, what, by) in piece {
                query = query.bind(publication).bind(item.as_str()).bind(*what).bind(*by);
            }
            query.execute(conn).await?;
        });
    }
    Ok(())
}

/// The newest changes of an item first.
pub async fn of_item(tx: &mut Tx, item: &str, limit: u32) -> Result<Vec<ItemChangeRow>, StoreError> {
    on!(tx, |conn, sql = OF_ITEM| {
        let query = sqlx::query_as(sql).bind(item).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("item_history"))
    })
}

/// What a publication changed, by key.
pub async fn of_publication(tx: &mut Tx, publication: i64) -> Result<Vec<ItemChangeRow>, StoreError> {
    on!(tx, |conn, sql = OF_PUBLICATION| {
        sqlx::query_as(sql).bind(publication).fetch_all(conn).await.map_err(reading("item_history"))
    })
}
