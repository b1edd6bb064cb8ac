//! Publications in numbers: how many items each changed, and whose words they are.

use crate::{
    domain::StaffId,
    store::{StoreError, Tx, error::reading},
};

statements! {
    SUMS = "select publication_id, edited_by, cast(count(*) as bigint) as items from item_history
        where publication_id >= $1 and publication_id <= $2 group by publication_id, edited_by
        order by publication_id, edited_by";
}

/// Items of one person in one publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SumRow {
    pub publication_id: i64,
    /// `None`: a folder's words, or an earlier release's.
    pub edited_by: Option<StaffId>,
    pub items: i64,
}

/// Of the publications whose ids lie between these two.
pub async fn sums(tx: &mut Tx, first: i64, last: i64) -> Result<Vec<SumRow>, StoreError> {
    on!(tx, |conn, sql = SUMS| {
        sqlx::query_as(sql).bind(first).bind(last).fetch_all(conn).await.map_err(reading("item_history"))
    })
}
