//! Questions that were not answered well: masked, sealed, kept without a link to who asked.

use std::collections::BTreeMap;

use super::{Dialog, DialogError};
use crate::{
    content::Release,
    domain::Timestamp,
    engine::Lesson,
    lang::mask,
    privacy::Keys,
    store::{self, questions::QuestionRow},
};

const SEAL_QUESTION: &str = "question";
const DAY_MS: i64 = 86_400_000;

/// A kept question, opened for staff.
#[derive(Clone)]
pub struct Question {
    pub day: Timestamp,
    pub locale: Option<String>,
    /// `not-found` or `ignored`.
    pub why: String,
    pub nearest: Option<String>,
    /// Folded, with numbers and names masked.
    pub text: String,
}

/// How many questions were kept, by topic and reason (`not-found`, `ignored`). `None`: no topic could be told.
pub type QuestionCounts = BTreeMap<(Option<Box<str>>, String), i64>;

/// The first topic of a kept question's nearest page, or of its heir; `None` where there was no such page, it is gone, or it
/// has no topic.
pub fn topic_of<'a>(release: &'a Release, nearest: Option<&str>) -> Option<&'a str> {
    release.living(nearest?)?.topics.first().map(AsRef::as_ref)
}

impl Dialog {
    pub(super) fn question_row(&self, release: &Release, lesson: &Lesson, now: Timestamp) -> QuestionRow {
        let masked = mask(&lesson.text, release.search().vocabulary());
        QuestionRow {
            id: self.ids.next(now),
            day: Timestamp(now.0 - now.0.rem_euclid(DAY_MS)),
            locale: lesson.locale.map(|locale| locale.as_str().to_owned()),
            why: lesson.why.as_str().to_owned(),
            nearest: lesson.nearest.as_ref().map(ToString::to_string),
            key_id: Keys::ID,
            sealed: self.keys.seal(SEAL_QUESTION, masked.as_bytes(), &*self.ids),
        }
    }

    /// All kept questions of the days since, counted by topic in the release that runs.
    ///
    /// # Errors
    /// [`DialogError`] of the database.
    pub async fn question_counts(&self, since: Timestamp) -> Result<QuestionCounts, DialogError> {
        self.question_counts_between(since, Timestamp(i64::MAX)).await
    }

    /// The same of the days before `until`.
    ///
    /// # Errors
    /// [`DialogError`] of the database.
    pub async fn question_counts_between(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<QuestionCounts, DialogError> {
        let release = self.release();
        let mut tx = self.store.read().await?;
        let mut counts = QuestionCounts::new();
        for row in store::questions::count(&mut tx, since, until).await? {
            let topic = topic_of(&release, row.nearest.as_deref()).map(Into::into);
            *counts.entry((topic, row.why)).or_default() += row.questions;
        }
        Ok(counts)
    }

    /// Kept questions of the days since, the newest first; those that do not open are left out and counted in the log.
    ///
    /// # Errors
    /// [`DialogError`] of the database.
    pub async fn questions(&self, since: Timestamp, limit: u32) -> Result<Vec<Question>, DialogError> {
        let mut tx = self.store.read().await?;
        let rows = store::questions::list(&mut tx, since, limit).await?;
        let all = rows.len();
        let questions: Vec<Question> = rows
            .into_iter()
            .filter_map(|row| {
                let text = self.keys.open(SEAL_QUESTION, &row.sealed).ok()?;
                Some(Question {
                    day: row.day,
                    locale: row.locale,
                    why: row.why,
                    nearest: row.nearest,
                    text: String::from_utf8(text).ok()?,
                })
            })
            .collect();
        if questions.len() < all {
            tracing::warn!(unreadable = all - questions.len(), "kept questions do not open with this key");
        }
        Ok(questions)
    }
}
