//! Cells of the figures.

use crate::store::{
    StoreError, Tx,
    error::reading,
    rows::{many, padded, pieces},
};

statements! {
    ADD = "insert into count_cells (erased, indicator, measure, period, dimension, value, n)
        values /*each*/($1, $2, $3, $4, $5, $6, $7)/*end*/
        on conflict (erased, indicator, measure, period, dimension, value)
            do update set n = count_cells.n + excluded.n";
    ALL_CELLS = "select erased, indicator, measure, period, dimension, value, n from count_cells where n <> 0";
    NEW_OF = "select erased, indicator, measure, period, dimension, value, n from count_cells
        where erased in (false, true) and measure = 'new' and dimension = $1 and n <> 0
            and indicator in (/*each*/$2/*end*/)";
    // A row each would be a hundred thousand of them: the codes of a day come in one, in the order of the key, so that
    // nothing is sorted.
    TOUCHES_OF = "select erased, indicator, period, dimension, string_agg(value || ' ' || cast(n as text), '\n') as codes
        from count_cells
        where erased in (false, true) and indicator in ('R1', 'R2', 'S1') and measure = 'touch' and n <> 0
            and value in (/*each*/$1/*end*/)
        group by erased, indicator, measure, period, dimension";
    CLEAR_LIVE = "delete from count_cells where not erased";
}

/// A cell as it is stored; words as `indicators` has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct CellRow {
    /// Of people who were erased.
    pub erased: bool,
    pub indicator: String,
    pub measure: String,
    pub period: String,
    pub dimension: String,
    pub value: String,
    pub n: i64,
}

/// First touches of a day: a line for each code, `ev12 5`.
#[derive(sqlx::FromRow)]
struct TouchRow {
    erased: bool,
    indicator: String,
    period: String,
    dimension: String,
    codes: String,
}

impl TouchRow {
    fn cells(&self) -> impl Iterator<Item = Result<CellRow, StoreError>> {
        self.codes.split('\n').map(|line| {
            let parts = line.rsplit_once(' ').and_then(|(value, n)| Some((value, n.parse().ok()?)));
            let (value, n) = parts.ok_or_else(|| StoreError::Inconsistent {
                table: "count_cells",
                column: "n".to_owned(),
                row: self.period.clone(),
            })?;
            Ok(CellRow {
                erased: self.erased,
                indicator: self.indicator.clone(),
                measure: TOUCH.to_owned(),
                period: self.period.clone(),
                dimension: self.dimension.clone(),
                value: value.to_owned(),
                n,
            })
        })
    }
}

const TOUCH: &str = "touch";

/// Adds to cells. Each comes once, in one order for all callers: they lock each other's rows.
pub async fn add(tx: &mut Tx, cells: &[CellRow]) -> Result<(), StoreError> {
    on!(tx, |conn, sql = ADD| {
        for piece in pieces(cells) {
            let mut query = sqlx::query(many(sql, piece.len()));
            for cell in piece {
                query = query.bind(cell.erased).bind(cell.indicator.as_str()).bind(cell.measure.as_str());
                query = query.bind(cell.period.as_str()).bind(cell.dimension.as_str());
                query = query.bind(cell.value.as_str()).bind(cell.n);
            }
            query.execute(&mut *conn).await?;
        }
    });
    Ok(())
}

/// All cells that are not zero.
pub async fn all(tx: &mut Tx) -> Result<Vec<CellRow>, StoreError> {
    on!(tx, |conn, sql = ALL_CELLS| sqlx::query_as(sql).fetch_all(conn).await.map_err(reading("count_cells")))
}

/// The monthly cells of some indicators in one dimension, that are not zero.
pub async fn new_of(tx: &mut Tx, dimension: &str, indicators: &[&str]) -> Result<Vec<CellRow>, StoreError> {
    let mut rows = Vec::new();
    on!(tx, |conn, sql = NEW_OF| {
        for piece in padded(indicators) {
            let mut query = sqlx::query_as(many(sql, piece.len())).bind(dimension);
            for indicator in piece {
                query = query.bind(indicator);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("count_cells"))?);
        }
    });
    Ok(rows)
}

/// Persons by the day of their first touch with one of these codes.
pub async fn touches_of(tx: &mut Tx, codes: &[&str]) -> Result<Vec<CellRow>, StoreError> {
    let mut rows: Vec<TouchRow> = Vec::new();
    on!(tx, |conn, sql = TOUCHES_OF| {
        for piece in padded(codes) {
            let mut query = sqlx::query_as(many(sql, piece.len()));
            for code in piece {
                query = query.bind(code);
            }
            rows.extend(query.fetch_all(&mut *conn).await.map_err(reading("count_cells"))?);
        }
    });
    rows.iter().flat_map(TouchRow::cells).collect()
}

/// Forgets the cells of living records. Those of erased people cannot be counted anew.
pub async fn clear_live(tx: &mut Tx) -> Result<(), StoreError> {
    on!(tx, |conn, sql = CLEAR_LIVE| {
        sqlx::query(sql).execute(conn).await?;
    });
    Ok(())
}
