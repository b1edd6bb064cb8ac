//! What was sent to a contact lately, as the channel names it.

use crate::{
    domain::{ContactId, Timestamp},
    store::{StoreError, Tx},
};

statements! {
    RECENT_EXTERNAL = "select external from outbox
        where contact_id = $1 and settled_at >= $2 and external is not null order by id desc limit 500";
}

/// The channel's own ids of messages settled since then, newest first, at most 500.
pub async fn recent_external(
    tx: &mut Tx,
    contact: ContactId,
    since: Timestamp,
) -> Result<Vec<String>, StoreError> {
    on!(tx, |conn, sql = RECENT_EXTERNAL| {
        Ok(sqlx::query_scalar(sql).bind(contact).bind(since).fetch_all(conn).await?)
    })
}
