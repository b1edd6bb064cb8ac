//! Persons and their counts.

use std::collections::BTreeMap;

use crate::{
    domain::ContactId,
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded, pieces},
    },
};

statements! {
    FIND = "select id, joined, facts, rolled, dirty from people where id in (/*each*/$1/*end*/)";
    // Sorted before it locks, as sessions are.
    LOCK = "select id, joined, facts, rolled, dirty from people where id in (/*each*/$1/*end*/)
        order by id for update",
        sqlite = "select id, joined, facts, rolled, dirty from people where id in (/*each*/$1/*end*/) order by id";
    MEMBERS = "select id, joined, facts, rolled, dirty from people where joined in (/*each*/$1/*end*/)";
    SAVE = "insert into people (id, facts, dirty) values /*each*/($1, $2, true)/*end*/
        on conflict (id) do update set facts = excluded.facts, dirty = true";
    JOIN = "insert into people (id, joined, dirty) values /*each*/($1, $2, true)/*end*/
        on conflict (id) do update set joined = excluded.joined,
            facts = case when excluded.joined is null or excluded.joined = excluded.id then people.facts end,
            dirty = true";
    DELETE = "delete from people where id in (/*each*/$1/*end*/)";
    // Who is being counted just now is rolled up next time.
    DIRTY = "select id, joined, facts, rolled, dirty from people where dirty order by id limit $1
        for update skip locked",
        sqlite = "select id, joined, facts, rolled, dirty from people where dirty order by id limit $1";
    LOOK_DIRTY = "select id, joined, facts, rolled, dirty from people where dirty";
    ROLLED = "update people set rolled = facts, dirty = false where id in (/*each*/$1/*end*/)";
    PAGE = "select id, joined, facts, rolled, dirty from people where id > $1 order by id limit $2";
    BOUND = "select max(id) from (select id from people where id > $1 order by id limit $2) page";
    LIKE = "select id, joined, facts, cast(null as text) as rolled, dirty from people
        where id > $1 and id <= $2 and facts like $3 and facts like $4 order by id limit $5";
    JOINED = "select id, joined from people where joined is not null";
    COUNT = "select cast(count(*) as bigint) from people where facts is not null";
    // Turns wait before they read what is about to change.
    LOCK_ALL = "lock table people in access exclusive mode", sqlite = "select 1";
    CLEAR = "delete from people";
    LOAD = "insert into people (id, joined, facts, rolled, dirty) values /*each*/($1, $2, $3, $3, false)/*end*/";
}

/// A person, or one of their identities.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonRow {
    pub id: ContactId,
    /// The person that this identity belongs to with others: that may be itself; `None`: it is alone.
    pub joined: Option<ContactId>,
    /// JSON of the counts, as `indicators` writes them.
    pub facts: Option<String>,
    /// Those that the cells hold.
    pub rolled: Option<String>,
    /// Whether the two differ.
    pub dirty: bool,
}

super::super::types::opaque_debug!(PersonRow.id);

/// These identities, in no order; one that never counted has no row.
pub async fn find(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<PersonRow>, StoreError> {
    let mut rows = Vec::with_capacity(ids.len());
    on!(tx, |conn, sql = FIND| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("people"))?);
        }
    });
    Ok(rows)
}

/// The same, locked until the transaction ends. `ids` are sorted, so that nobody waits in a circle.
pub async fn lock(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<PersonRow>, StoreError> {
    let mut rows = Vec::with_capacity(ids.len());
    on!(tx, |conn, sql = LOCK| {
        for piece in padded(ids) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("people"))?);
        }
    });
    Ok(rows)
}

/// All identities of persons that have several, themselves among them.
pub async fn members(tx: &mut Tx, people: &[ContactId]) -> Result<Vec<PersonRow>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = MEMBERS| {
        for piece in padded(people) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("people"))?);
        }
    });
    Ok(rows)
}

/// All identities of persons that have several, each with its person.
pub async fn joined(tx: &mut Tx) -> Result<BTreeMap<ContactId, ContactId>, StoreError> {
    let rows: Vec<(ContactId, ContactId)> =
        on!(tx, |conn, sql = JOINED| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("people"))?);
    Ok(rows.into_iter().collect())
}

/// Stores counts of persons, in the order of their ids; the cells learn of them later.
pub async fn save(tx: &mut Tx, people: &[(ContactId, String)]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = SAVE| {
        for piece in pieces(people) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (id, facts) in piece {
                query = query.bind(*id).bind(facts.as_str());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Says to whom identities belong; an identity that becomes another's loses its counts. Ids come once each.
pub async fn join(tx: &mut Tx, identities: &[(ContactId, Option<ContactId>)]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = JOIN| {
        for piece in pieces(identities) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (id, person) in piece {
                query = query.bind(*id).bind(*person);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

pub async fn delete(tx: &mut Tx, ids: &[ContactId]) -> Result<(), StoreError> {
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

/// Persons whose counts the cells do not hold yet, locked; those that somebody else holds are passed over.
pub async fn take_dirty(tx: &mut Tx, limit: u32) -> Result<Vec<PersonRow>, StoreError> {
    on!(tx, |conn, sql = DIRTY| {
        sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("people"))
    })
}

/// The same, all of them, not locked.
pub async fn dirty(tx: &mut Tx) -> Result<Vec<PersonRow>, StoreError> {
    on!(tx, |conn, sql = LOOK_DIRTY| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("people")))
}

/// The cells hold the counts of these persons now.
pub async fn set_rolled(tx: &mut Tx, ids: &[ContactId]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ROLLED| {
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

/// Persons in the order of their ids, from after `after` on.
pub async fn page(tx: &mut Tx, after: ContactId, limit: u32) -> Result<Vec<PersonRow>, StoreError> {
    on!(tx, |conn, sql = PAGE| {
        let query = sqlx::query_as(sql).bind(after).bind(i64::from(limit));
        query.fetch_all(conn).await.map_err(reading("people"))
    })
}

/// The last of the next `limit` persons after `after`; `None`: there is none.
pub async fn bound(tx: &mut Tx, after: ContactId, limit: u32) -> Result<Option<ContactId>, StoreError> {
    on!(tx, |conn, sql = BOUND| {
        Ok(sqlx::query_scalar(sql).bind(after).bind(i64::from(limit)).fetch_one(conn).await?)
    })
}

/// Persons after `after` up to `bound` whose counts look like both patterns, in the order of their ids. What the cells
/// hold of them is not read.
pub async fn like(
    tx: &mut Tx,
    (after, bound): (ContactId, ContactId),
    [one, other]: &[String; 2],
    limit: u32,
) -> Result<Vec<PersonRow>, StoreError> {
    on!(tx, |conn, sql = LIKE| {
        let query = sqlx::query_as(sql).bind(after).bind(bound).bind(one.as_str()).bind(other.as_str());
        query.bind(i64::from(limit)).fetch_all(conn).await.map_err(reading("people"))
    })
}

/// Persons who are counted.
pub async fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    on!(tx, |conn, sql = COUNT| Ok(crate::store::types::count(sqlx::query_scalar(sql).fetch_one(conn).await?)))
}

/// Keeps all others from reading and writing counts of persons until the transaction ends.
pub async fn lock_all(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = LOCK_ALL| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}

/// Forgets all counts of persons, before they are counted anew.
pub async fn clear(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = CLEAR| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}

/// Stores persons whose counts the cells hold already.
pub async fn load(
    tx: &mut Tx,
    people: &[(ContactId, Option<ContactId>, Option<String>)],
) -> Result<(), StoreError> {
    on!(tx, |conn, sql = LOAD| {
        for piece in pieces(people) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for (id, joined, facts) in piece {
                query = query.bind(*id).bind(*joined).bind(facts.as_deref());
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}
