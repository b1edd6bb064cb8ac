//! Records that name nobody: employers, households, referrals.

use crate::{
    domain::ContactId,
    store::{
        StoreError, Tx,
        error::reading,
        rows::{many, padded, pieces},
    },
};

statements! {
    ALL_UNITS = "select indicator, unit, person, first_day, event_id, months from count_units";
    DELETE = "delete from count_units where person in (/*each*/$1/*end*/)";
    // Of erased people only: what two of them added to one record becomes one.
    ADD = "insert into count_units (indicator, unit, person, first_day, event_id, months)
        values /*each*/($1, $2, $3, $4, $5, $6)/*end*/
        on conflict (indicator, unit, person) do update set
            first_day = case when excluded.first_day < count_units.first_day
                then excluded.first_day else count_units.first_day end,
            months = count_units.months | excluded.months";
    CLEAR_LIVE = "delete from count_units where person <> 0";
}

/// What one person adds to a record; person 0: people who were erased.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct UnitRow {
    pub indicator: String,
    pub unit: String,
    pub person: ContactId,
    /// Local day of the first event that counts, `YYYY-MM-DD`.
    pub first_day: String,
    /// That event; empty for erased people.
    pub event_id: String,
    /// Months with an event that counts, a bit each.
    pub months: i64,
}

pub async fn all(tx: &mut Tx) -> Result<Vec<UnitRow>, StoreError> {
    on!(tx, |conn, sql = ALL_UNITS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("count_units")))
}

/// Replaces what these persons add.
pub async fn replace(tx: &mut Tx, people: &[ContactId], units: &[UnitRow]) -> Result<(), StoreError> {
    on!(&mut *tx, |conn, sql = DELETE| {
        for piece in padded(people) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for id in piece {
                query = query.bind(id);
            }
            query.execute(&mut *conn).await?;
        }
    });
    add(tx, units).await
}

/// Adds records. Of one record and person twice in one call PostgreSQL would complain: they come once each.
pub async fn add(tx: &mut Tx, units: &[UnitRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(units) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for unit in piece {
                query = query.bind(unit.indicator.as_str()).bind(unit.unit.as_str()).bind(unit.person);
                query = query.bind(unit.first_day.as_str()).bind(unit.event_id.as_str()).bind(unit.months);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// Forgets what living persons add.
pub async fn clear_live(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = CLEAR_LIVE| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}
