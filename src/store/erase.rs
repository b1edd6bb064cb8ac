//! Forgetting a contact.

use super::{StoreError, Tx};
use crate::domain::ContactId;

statements! {
    EVENTS = "delete from events
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1)";
    OUTBOX = "delete from outbox
        where contact_id = $1 or contact_id in (select id from contacts where merged_into = $1)";
    PARKED = "delete from parked where lookup in (select lookup from addresses where contact_id = $1)";
    MERGED = "delete from contacts where merged_into = $1";
    // Who worked here and asks to be forgotten hears no alarm in this chat any more.
    STAFF = "update staff set telegram_contact = null where telegram_contact = $1
        or telegram_contact in (select id from contacts where merged_into = $1)";
    // Addresses and session go with their contact.
    CONTACT = "delete from contacts where id = $1";
}

/// Deletes a contact with its addresses, session, messages and events, and the contacts merged into it; false if
/// there was no such contact.
///
/// What must remain (an `erase` event without a contact, counts) is the caller's to write, in the same transaction.
/// Parked messages whose sender could not be read are not found; they go after their days.
pub async fn contact(tx: &mut Tx, contact: ContactId) -> Result<bool, StoreError> {
    on!(tx, |conn, sql = EVENTS| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = OUTBOX| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = PARKED| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = STAFF| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = MERGED| {
        sqlx::query(sql).bind(contact).execute(conn).await?;
    });
    on!(tx, |conn, sql = CONTACT| Ok(sqlx::query(sql).bind(contact).execute(conn).await?.rows_affected() == 1))
}
