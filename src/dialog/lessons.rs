//! Questions that were not answered well: masked, sealed, kept without a link to who asked.

use super::{Dialog, DialogError};
use crate::{
    content::Release,
    domain::{NodeId, Timestamp},
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
    pub nearest: Option<NodeId>,
    /// Folded, with numbers and names masked.
    pub text: String,
}

impl Dialog {
    pub(super) fn question_row(&self, release: &Release, lesson: &Lesson, now: Timestamp) -> QuestionRow {
        let masked = mask(&lesson.text, |word| release.search().knows(word));
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
                    nearest: row.nearest.as_deref().and_then(NodeId::parse),
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
