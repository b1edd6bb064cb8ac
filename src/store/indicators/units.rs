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
    UNITS_OF = "select indicator, unit, person, first_day, event_id, months from count_units
        where indicator in (/*each*/$1/*end*/)";
    // A confirmation counts only beside its referral.
    BY_MONTH = "select indicator, month, cast(count(*) as bigint) as units
        from (select indicator, unit, substr(min(first_day), 1, 7) as month from count_units
            where indicator <> 'F2' or unit in (select unit from count_units where indicator = 'F1')
            group by indicator, unit) units
        group by indicator, month";
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

/// Records of some indicators, in no order.
pub async fn of(tx: &mut Tx, indicators: &[&str]) -> Result<Vec<UnitRow>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = UNITS_OF| {
        for piece in padded(indicators) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for indicator in piece {
                query = query.bind(indicator);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("count_units"))?);
        }
    });
    Ok(rows)
}

/// How many records of an indicator begin in a month.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UnitMonth {
    pub indicator: String,
    /// `2026-03`.
    pub month: String,
    pub units: i64,
}

/// Records by the month in which they begin, each once.
pub async fn by_month(tx: &mut Tx) -> Result<Vec<UnitMonth>, StoreError> {
    on!(tx, |conn, sql = BY_MONTH| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("count_units")))
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
