//! The register of campaign codes: who may change what, in one transaction with its line of the trail.

use super::{Outreach, OutreachError};
use crate::{
    desk::audit::{self, Deed, Verb},
    domain::{CampaignCode, Day, StaffId, Timestamp, parse_day},
    store::codes::{self, CodeRow},
};

/// Kinds of codes (indicators.md §1.11).
pub const KINDS: [&str; 5] = ["advert", "poster", "session", "partner", "referral"];
/// Countries that a code may be for.
pub const COUNTRIES: [&str; 4] = ["TJ", "KG", "RU", "KZ"];
/// Longest label, partner, budget line and owner, in characters.
pub const TEXT_MAX_CHARS: usize = 80;

/// A code of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Campaign {
    /// `[a-z0-9-]{3,32}`.
    pub code: String,
    pub kind: String,
    /// What staff call it.
    pub label: String,
    /// One of [`COUNTRIES`]; empty: several.
    pub country: String,
    /// First and last day, in the programme's zone; `None`: no such bound.
    pub from: Option<Day>,
    pub until: Option<Day>,
    pub partner: String,
    pub budget_line: String,
    pub owner: String,
    pub created_at: Timestamp,
    /// Which state of the entry this is: a change says what it was made from.
    pub version: i64,
}

/// What keeps a code from being added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// 3 to 32 of a-z, 0-9 and hyphens.
    Code,
    /// It is in the register already.
    Taken,
    Kind,
    Country,
    /// A day that is none.
    Day,
    /// It would end before it begins.
    Dates,
    /// Longer than [`TEXT_MAX_CHARS`], or with signs that are no letters.
    Text,
    /// Somebody changed it meanwhile, or it is gone.
    Changed,
}

impl Wrong {
    pub const ALL: [Self; 8] = [
        Self::Code,
        Self::Taken,
        Self::Kind,
        Self::Country,
        Self::Day,
        Self::Dates,
        Self::Text,
        Self::Changed,
    ];

    /// The page says `campaign-wrong-<word>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Taken => "taken",
            Self::Kind => "kind",
            Self::Country => "country",
            Self::Day => "day",
            Self::Dates => "dates",
            Self::Text => "text",
            Self::Changed => "changed",
        }
    }

    /// For the command line.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Code => "a code has 3 to 32 of a-z, 0-9 and hyphens",
            Self::Taken => "this code is in the register already",
            Self::Kind => "kind must be advert, poster, session, partner or referral",
            Self::Country => "country must be TJ, KG, RU or KZ",
            Self::Day => "a day is written YYYY-MM-DD",
            Self::Dates => "the last day is before the first",
            Self::Text => "label, partner, budget line and owner have at most 80 characters on one line",
            Self::Changed => "it was changed meanwhile, or is gone",
        }
    }
}

/// A day as a form sends it: empty is none.
///
/// # Errors
/// [`Wrong::Day`].
pub fn known_or(text: &str) -> Result<Option<Day>, Wrong> {
    match text.trim() {
        "" => Ok(None),
        day => parse_day(day).map(Some).ok_or(Wrong::Day),
    }
}

impl Campaign {
    /// Whether its last day is over: its links then bring no code any more.
    pub fn is_over(&self, today: Day) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether its first day is still to come.
    pub fn is_ahead(&self, today: Day) -> bool {
        self.from.is_some_and(|from| from > today)
    }

    /// The same, tidied; or what is wrong with it.
    fn checked(&self) -> Result<Self, Wrong> {
        let code = CampaignCode::parse(&self.code).ok_or(Wrong::Code)?;
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(Wrong::Kind);
        }
        if !self.country.is_empty() && !COUNTRIES.contains(&self.country.as_str()) {
            return Err(Wrong::Country);
        }
        if self.from.zip(self.until).is_some_and(|(from, until)| until < from) {
            return Err(Wrong::Dates);
        }
        let tidy = |text: &str| {
            let text = text.trim();
            let fits = text.chars().count() <= TEXT_MAX_CHARS && !text.chars().any(char::is_control);
            fits.then(|| text.to_owned()).ok_or(Wrong::Text)
        };
        Ok(Self {
            code: code.as_str().to_owned(),
            label: tidy(&self.label)?,
            partner: tidy(&self.partner)?,
            budget_line: tidy(&self.budget_line)?,
            owner: tidy(&self.owner)?,
            ..self.clone()
        })
    }

    fn row(&self) -> CodeRow {
        CodeRow {
            code: self.code.clone(),
            kind: self.kind.clone(),
            label: self.label.clone(),
            country: self.country.clone(),
            from_day: self.from.map(|day| day.to_string()),
            until_day: self.until.map(|day| day.to_string()),
            partner: self.partner.clone(),
            budget_line: self.budget_line.clone(),
            owner: self.owner.clone(),
            created_at: self.created_at,
            version: self.version,
        }
    }

    fn of(row: CodeRow) -> Self {
        let day = |text: Option<String>| text.as_deref().and_then(parse_day);
        Self {
            code: row.code,
            kind: row.kind,
            label: row.label,
            country: row.country,
            from: day(row.from_day),
            until: day(row.until_day),
            partner: row.partner,
            budget_line: row.budget_line,
            owner: row.owner,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

impl Outreach {
    /// All codes, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self) -> Result<Vec<Campaign>, OutreachError> {
        let mut tx = self.store.read().await?;
        let rows = codes::list(&mut tx).await?;
        tx.rollback().await?;
        Ok(rows.into_iter().map(Campaign::of).collect())
    }

    /// One code; `None` if it is not in the register, or no code at all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn get(&self, code: &str) -> Result<Option<Campaign>, OutreachError> {
        let Some(code) = CampaignCode::parse(code) else { return Ok(None) };
        let mut tx = self.store.read().await?;
        let row = codes::get(&mut tx, code.as_str()).await?;
        tx.rollback().await?;
        Ok(row.map(Campaign::of))
    }

    /// Adds a code. `by`: who did it; nobody: the command line.
    ///
    /// # Errors
    /// When the database refuses. What is wrong with the code is told inside.
    pub async fn add(
        &self,
        by: Option<StaffId>,
        campaign: &Campaign,
    ) -> Result<Result<Campaign, Wrong>, OutreachError> {
        let now = self.clock.now();
        let new = match campaign.checked() {
            Ok(checked) => Campaign { created_at: now, version: 1, ..checked },
            Err(wrong) => return Ok(Err(wrong)),
        };
        let mut tx = self.store.write().await?;
        if !codes::add(&mut tx, &new.row()).await? {
            tx.rollback().await?;
            return Ok(Err(Wrong::Taken));
        }
        audit::append(&mut tx, now, Deed::on_code(by, Verb::CodeAdded, &new.code)).await?;
        tx.commit().await?;
        Ok(Ok(new))
    }

    /// Changes a code that still has the version it was read with.
    ///
    /// # Errors
    /// As [`Outreach::add`].
    pub async fn change(
        &self,
        by: Option<StaffId>,
        campaign: &Campaign,
    ) -> Result<Result<(), Wrong>, OutreachError> {
        match campaign.checked() {
            Ok(checked) => self.write(by, &checked, Verb::CodeChanged).await,
            Err(wrong) => Ok(Err(wrong)),
        }
    }

    /// Ends a code with yesterday: from now on its leaflet's page brings no code. One that was over stays as it was.
    /// What it has brought stays counted, and so does whoever still comes by a link that holds it.
    ///
    /// # Errors
    /// As [`Outreach::add`].
    pub async fn end(
        &self,
        by: Option<StaffId>,
        code: &str,
        version: Option<i64>,
    ) -> Result<Result<(), Wrong>, OutreachError> {
        let today = self.today();
        let Some(known) = self.get(code).await? else { return Ok(Err(Wrong::Changed)) };
        if known.is_over(today) {
            return Ok(Ok(()));
        }
        let yesterday = today.pred_opt().unwrap_or(today);
        let ended = Campaign {
            // One that has not begun, or began today, ends before its first day: that is no first day any more.
            from: known.from.filter(|from| *from <= yesterday),
            until: Some(yesterday),
            version: version.unwrap_or(known.version),
            ..known
        };
        self.write(by, &ended, Verb::CodeEnded).await
    }

    async fn write(
        &self,
        by: Option<StaffId>,
        campaign: &Campaign,
        verb: Verb,
    ) -> Result<Result<(), Wrong>, OutreachError> {
        let mut tx = self.store.write().await?;
        if !codes::change(&mut tx, &campaign.row()).await? {
            tx.rollback().await?;
            return Ok(Err(Wrong::Changed));
        }
        audit::append(&mut tx, self.clock.now(), Deed::on_code(by, verb, &campaign.code)).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Takes a code out of the register; false if it was not in it. What it has brought becomes `unregistered`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove(&self, by: Option<StaffId>, code: &str) -> Result<bool, OutreachError> {
        let Some(code) = CampaignCode::parse(code) else { return Ok(false) };
        let mut tx = self.store.write().await?;
        let removed = codes::remove(&mut tx, code.as_str()).await?;
        if removed {
            audit::append(&mut tx, self.clock.now(), Deed::on_code(by, Verb::CodeRemoved, code.as_str()))
                .await?;
        }
        tx.commit().await?;
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_named() {
        let good = Campaign {
            code: " OSH_bus-2 ".into(),
            kind: "poster".into(),
            country: "KG".into(),
            from: parse_day("2026-05-01"),
            until: parse_day("2026-05-31"),
            owner: " Анна ".into(),
            ..Campaign::default()
        };
        let checked = good.checked().unwrap();
        assert_eq!((checked.code.as_str(), checked.owner.as_str()), ("osh-bus-2", "Анна"));
        let broken = |change: fn(&mut Campaign)| {
            let mut campaign = good.clone();
            change(&mut campaign);
            campaign.checked().unwrap_err()
        };
        assert_eq!(broken(|c| c.code = "ош".into()), Wrong::Code);
        assert_eq!(broken(|c| c.code = "x".repeat(33)), Wrong::Code);
        assert_eq!(broken(|c| c.kind = "flyer".into()), Wrong::Kind);
        assert_eq!(broken(|c| c.country = "UZ".into()), Wrong::Country);
        assert_eq!(broken(|c| c.until = parse_day("2026-04-30")), Wrong::Dates);
        assert_eq!(broken(|c| c.label = "х".repeat(81)), Wrong::Text);
        assert_eq!(broken(|c| c.partner = "a\nb".into()), Wrong::Text);
        assert_eq!(known_or(" "), Ok(None));
        assert_eq!(known_or("31.05.2026"), Err(Wrong::Day));
    }

    #[test]
    fn a_code_lasts_to_the_end_of_its_last_day() {
        let campaign = Campaign { until: parse_day("2026-05-31"), ..Campaign::default() };
        let day = |text| parse_day(text).unwrap();
        assert!(!campaign.is_over(day("2026-05-31")) && campaign.is_over(day("2026-06-01")));
        assert!(!Campaign::default().is_over(day("2030-01-01")));
    }
}
