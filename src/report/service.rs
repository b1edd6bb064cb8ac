//! The making of files, and what is kept of them.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Export, Report, ReportError, Said, View, Words, gather};
use crate::{
    clock::{Clock, Ids},
    counting::{self, Comparison},
    desk::audit::{self, Deed, Verb},
    domain::{StaffId, StaffLocale, Timestamp, hex},
    indicators::Window,
    store::{
        Store, Tx,
        indicators::{
            files::{self, FileRow},
            reports,
        },
    },
    text::StaffTexts,
};

/// A comparison that is older says nothing of today's counts: each night brings one.
const COMPARED_FOR_MS: i64 = 2 * 86_400_000;
/// Files that a page lists.
const LISTED: u32 = 30;

/// A file that is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    pub period: Window,
    pub export: &'static Export,
    pub locale: StaffLocale,
    /// With small cells hidden.
    pub public: bool,
    /// The organisation unit of DHIS2: a country, `U`, or a centre; none: all together.
    pub unit: Option<String>,
    /// Who prepared and who approved it, as it is to be printed.
    pub prepared: String,
    pub approved: String,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Made {
    /// `safar-2026-Q2-public-ru.xlsx`.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Of a frozen period.
    pub frozen: bool,
    pub sha256: String,
}

/// A file of before.
#[derive(Clone, Debug)]
pub struct Past {
    pub at: Timestamp,
    pub by: Option<StaffId>,
    pub period: String,
    pub format: String,
    pub locale: String,
    pub public: bool,
    pub frozen: bool,
    pub sha256: String,
}

/// What the page shows before anything is asked for.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Periods of the programme that have begun, the latest first, each with the instant it was frozen.
    pub periods: Vec<(Window, Option<Timestamp>)>,
    pub compared: Option<Comparison>,
    /// Why no report can be made now.
    pub refused: Option<&'static str>,
    pub past: Vec<Past>,
    /// Countries and centres that have an organisation unit in DHIS2.
    pub units: Vec<String>,
}

/// The service. Clones share it.
#[derive(Clone)]
pub struct Reports {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    texts: Arc<StaffTexts>,
}

impl Reports {
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, texts: Arc<StaffTexts>) -> Self {
        Self { store, clock, ids, texts }
    }

    /// Makes a file and keeps what it says.
    ///
    /// # Errors
    /// [`ReportError`]: why not, and what to do. Nothing is kept then.
    pub async fn make(&self, order: &Order, by: Option<StaffId>) -> Result<Made, ReportError> {
        let now = self.clock.now();
        // What other systems take from us is published: it has the rules of what is published.
        let public = order.public || order.export.is_published;
        if public && order.export.is_by_month {
            return Err(ReportError::NeverPublic(order.export.name));
        }
        if public && !matches!(order.period, Window::Quarter(_)) {
            return Err(ReportError::QuartersOnly);
        }
        let mut tx = self.store.read().await?;
        let compared = in_order(&mut tx, now).await?;
        let report = gather(&mut tx, order.period, now, compared).await?;
        tx.rollback().await?;
        let view = View { report: &report, public };
        let words = Words { texts: &self.texts, locale: order.locale };
        let bytes = (order.export.write)(&Said { view, words, order })?;
        let sha256 = hex(&Sha256::digest(&bytes));
        let figures = figures(&report);
        let row = FileRow {
            id: self.ids.next(now),
            period: report.period.to_string(),
            format: order.export.name.to_owned(),
            locale: order.locale.as_str().to_owned(),
            public,
            frozen: report.frozen,
            as_of: report.as_of,
            settings: report.in_force.hash.clone(),
            version: report.version.clone(),
            last_seq: report.last_seq,
            figures: hex(&Sha256::digest(&figures)),
            sha256: sha256.clone(),
            made_at: now,
            made_by: by,
        };
        let mut tx = self.store.write().await?;
        files::put(&mut tx, &row, &figures).await?;
        if by.is_some() {
            let deed = Deed { staff: by, verb: Verb::ReportMade, kind: REPORT, object: row.id, code: "" };
            audit::append(&mut tx, now, deed).await?;
        }
        tx.commit().await?;
        let publicly = if public { "-public" } else { "" };
        let country = order
            .unit
            .as_deref()
            .filter(|_| order.export.is_by_country)
            .map(|country| format!("-{country}"))
            .unwrap_or_default();
        let name = format!(
            "safar-{}{country}{publicly}-{}-{}.{}",
            report.period, order.locale, order.export.name, order.export.ending
        );
        Ok(Made { name, bytes, frozen: report.frozen, sha256 })
    }

    /// What the page shows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn standing(&self) -> Result<Standing, ReportError> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let settings = counting::settings(&mut tx).await?.settings;
        let frozen: BTreeMap<String, Timestamp> =
            reports::reports(&mut tx).await?.into_iter().map(|row| (row.period, row.as_of)).collect();
        let today = now.day(settings.rules.offset_minutes);
        let mut periods = settings.periods();
        periods.retain(|period| super::words::first_day(*period).is_some_and(|first| first <= today));
        periods.reverse();
        let compared = counting::last_compared(&mut tx).await?;
        let refused = in_order(&mut tx, now).await.err().map(|error| error.word());
        let past = files::latest(&mut tx, LISTED).await?;
        tx.rollback().await?;
        let dhis2 = settings.exports.dhis2.as_ref();
        Ok(Standing {
            periods: periods
                .into_iter()
                .map(|period| (period, frozen.get(&period.to_string()).copied()))
                .collect(),
            compared,
            refused,
            past: past.into_iter().map(past_of).collect(),
            units: dhis2
                .map(|dhis2| dhis2.countries.keys().chain(dhis2.centres.keys()).cloned().collect())
                .unwrap_or_default(),
        })
    }

    /// Whether a report could be made as far as the comparison goes; else why not.
    ///
    /// # Errors
    /// [`ReportError::Differs`], [`ReportError::NotCompared`]; when the database refuses.
    pub async fn ready(&self) -> Result<(), ReportError> {
        let mut tx = self.store.read().await?;
        let ready = in_order(&mut tx, self.clock.now()).await;
        tx.rollback().await?;
        ready.map(|_| ())
    }
}

/// The kind of object of the trail that a file is.
const REPORT: &str = "report";

/// The last comparison, if it allows a report (indicators.md §3: a difference blocks it).
async fn in_order(tx: &mut Tx, now: Timestamp) -> Result<Comparison, ReportError> {
    let compared = counting::last_compared(tx).await?.ok_or(ReportError::NotCompared)?;
    if compared.differences > 0 {
        return Err(ReportError::Differs {
            at: compared.at(),
            differences: compared.differences,
            first: compared.first.first().cloned().unwrap_or_default(),
        });
    }
    if now.0 - compared.at().0 > COMPARED_FOR_MS {
        return Err(ReportError::NotCompared);
    }
    Ok(compared)
}

fn past_of(row: FileRow) -> Past {
    let FileRow { period, format, locale, public, frozen, sha256, made_at, made_by, .. } = row;
    Past { at: made_at, by: made_by, period, format, locale, public, frozen, sha256 }
}

#[derive(Serialize)]
struct Cell<'a> {
    indicator: &'a str,
    measure: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    dimension: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    value: &'a str,
    persons: u64,
    erased: u64,
    tally: u64,
}

/// The cells of the period as JSON, in order: the same figures give the same text.
fn figures(report: &Report) -> String {
    let cells: Vec<Cell<'_>> = report
        .cells
        .iter()
        .map(|((indicator, measure, dimension, value), count)| Cell {
            indicator: indicator.as_str(),
            measure: measure.as_str(),
            dimension: dimension.as_str(),
            value,
            persons: count.persons,
            erased: count.erased,
            tally: count.tally,
        })
        .collect();
    serde_json::to_string(&cells).unwrap_or_default()
}
