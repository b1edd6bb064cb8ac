//! Campaigns: the register of codes, the links and QR codes of each, and how often a leaflet's page was opened
//! (indicators.md §1.11). Services for pages and command line.

mod csv;
mod links;
mod opens;
mod qr;
mod register;

use std::{ops::RangeInclusive, sync::Arc};

use crate::{
    clock::Clock,
    domain::Day,
    store::{Store, StoreError, link_opens},
};

pub use csv::csv;
pub use links::{Links, Reach};
pub use opens::is_robot;
pub use qr::{QrError, png, svg};
pub use register::{COUNTRIES, Campaign, KINDS, TEXT_MAX_CHARS, Wrong, known_or};

/// What campaigns are made with. Cheap to clone.
#[derive(Clone)]
pub struct Outreach {
    store: Store,
    clock: Arc<dyn Clock>,
    /// The programme's zone, minutes east of UTC: days are its days.
    offset_minutes: i32,
    reach: Reach,
    opens: Arc<opens::Opens>,
}

/// The database refuses.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct OutreachError(#[from] StoreError);

impl Outreach {
    /// `reach`: how people get to the bot.
    pub fn new(store: Store, clock: Arc<dyn Clock>, offset_minutes: i32, reach: Reach) -> Self {
        Self { store, clock, offset_minutes, reach, opens: Arc::default() }
    }

    /// The same once it is known how people get to the bot.
    #[must_use]
    pub fn reached_by(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Today in the programme's zone.
    pub fn today(&self) -> Day {
        self.clock.now().day(self.offset_minutes)
    }

    /// Somebody opened a leaflet's page. `code`: one of the register that is not over.
    pub fn opened(&self, code: Option<&str>) {
        self.opens.count(code.unwrap_or_default(), self.today());
    }

    /// Writes what was counted since the last call. What cannot be written waits for the next one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn flush(&self) -> Result<(), OutreachError> {
        let rows = self.opens.take();
        if rows.is_empty() {
            return Ok(());
        }
        let written = self.write_opens(&rows).await;
        if written.is_err() {
            self.opens.give_back(rows);
        }
        Ok(written?)
    }

    async fn write_opens(&self, rows: &[link_opens::LinkOpens]) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        link_opens::add(&mut tx, rows).await?;
        tx.commit().await
    }

    /// Opens by code over a period; the empty code stands for all without one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn link_opens(
        &self,
        period: &RangeInclusive<Day>,
    ) -> Result<std::collections::BTreeMap<String, i64>, OutreachError> {
        let mut tx = self.store.read().await?;
        let rows = link_opens::link_opens(&mut tx, period).await?;
        tx.rollback().await?;
        let mut sums = std::collections::BTreeMap::new();
        for row in rows {
            *sums.entry(row.code).or_insert(0) += row.opens;
        }
        Ok(sums)
    }
}
