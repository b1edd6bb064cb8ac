//! Messages that the channel took and gave back: a receipt says that they failed for a reason that passes.

use std::collections::HashMap;

use crate::{
    domain::{OutboxId, Timestamp},
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded, pieces},
    },
};

statements! {
    TRIED = "select id, attempts, error from outbox where id in (/*each*/$1/*end*/)";
    // Only of the last try that is known, and once: a queued row with a name of its own was given back before.
    GIVE_BACK = "with v (id, external, error, not_before, attempts) as (values /*each*/(cast($1 as bigint),
            cast($2 as text), cast($3 as text), cast($4 as bigint), cast($5 as integer))/*end*/)
        update outbox set state = 'queued', not_before = v.not_before, attempts = v.attempts, uncertain = false,
            external = coalesce(v.external, outbox.external), cost = null, settled_at = null,
            error = case when outbox.error = 'window_closed' and v.error <> 'no_template' then outbox.error
                when outbox.error = 'no_template' then outbox.error else v.error end,
            leased_by = null, lease_until = 0
        from v where outbox.id = v.id and (outbox.payload is not null or outbox.sealed is not null)
            and ((outbox.state = 'queued' and outbox.external is null)
                or (outbox.state = 'sent' and (outbox.external is null or v.external is null
                    or outbox.external = v.external)))
        returning outbox.id";
}

/// How often a message was tried, and the last word on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub attempts: i32,
    pub error: Option<String>,
}

/// A message that goes back to its row.
#[derive(Clone, Debug)]
pub struct GivenBack {
    pub id: OutboxId,
    /// The failed try, as the channel names it; hidden.
    pub external: Option<String>,
    pub error: &'static str,
    pub not_before: Timestamp,
    /// Attempts so far, the failed one included.
    pub attempts: i32,
}

/// What is known of messages; those that are gone are left out.
pub async fn tried(tx: &mut Tx, messages: &[OutboxId]) -> Result<HashMap<OutboxId, Tried>, StoreError> {
    let mut found = HashMap::with_capacity(messages.len());
    on!(tx, |conn, sql = TRIED| {
        for piece in padded(messages) {
            let mut query = sqlx::query_as::<_, (OutboxId, i32, Option<String>)>(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            let rows = query.fetch_all(&mut *conn).await.map_err(reading("outbox"))?;
            found.extend(rows.into_iter().map(|(id, attempts, error)| (id, Tried { attempts, error })));
        }
    });
    Ok(found)
}

/// Queues messages again; returns which. Those that arrived, failed for good or have no content any more stay, and
/// one whose failed try is not its last. Each message at most once in a call.
pub async fn give_back(tx: &mut Tx, messages: &[GivenBack]) -> Result<Vec<OutboxId>, StoreError> {
    let mut taken = Vec::with_capacity(messages.len());
    on!(tx, |conn, sql = GIVE_BACK| {
        for piece in pieces(messages) {
            let mut query = sqlx::query_scalar::<_, OutboxId>(many(sql, piece.len()));
            for back in piece {
                query = query.bind(back.id).bind(back.external.as_deref()).bind(back.error);
                query = query.bind(back.not_before).bind(back.attempts);
            }
            taken.extend(query.fetch_all(&mut *conn).await?);
        }
    });
    Ok(taken)
}
