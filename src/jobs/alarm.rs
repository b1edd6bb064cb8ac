//! Urgent cases that nobody takes: whoever is on duty is told, by Telegram through the outbox and by mail.
//!
//! The chat's message is queued with the mark that the alarm was given, so it is neither lost nor doubled. A letter is
//! handed over afterwards by the instance that set the mark, and tried again for a while; a stop loses it.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;

use super::Context;
use crate::{
    clock::Ids,
    desk::{
        Chat, DeskError, alarm_url,
        staff::{Reached, Staff, StaffError},
    },
    domain::{CaseId, StaffLocale, Timestamp},
    mail::{Letter, Mailer},
    text::{Args, StaffTexts},
};

/// How long a letter is tried: a later one would tell of what is over.
const TRIED_MS: i64 = 30 * 60_000;

/// The alarm could not be raised.
#[derive(Debug, thiserror::Error)]
pub enum AlarmError {
    #[error(transparent)]
    Desk(#[from] DeskError),
    #[error(transparent)]
    Staff(#[from] StaffError),
}

/// What the alarm works with.
pub struct Alarm {
    staff: Staff,
    /// None: no mail server is set.
    mail: Option<Mailer>,
    texts: Arc<StaffTexts>,
    public_url: Option<String>,
    /// Letters that no server has taken yet.
    waiting: Mutex<Vec<Letter>>,
}

impl Alarm {
    pub fn new(
        staff: Staff,
        mail: Option<Mailer>,
        texts: Arc<StaffTexts>,
        public_url: Option<String>,
    ) -> Self {
        Self { staff, mail, texts, public_url, waiting: Mutex::default() }
    }

    pub(super) const fn staff(&self) -> &Staff {
        &self.staff
    }

    pub(super) const fn writes_letters(&self) -> bool {
        self.mail.is_some()
    }

    pub(super) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    fn letter(
        &self,
        locale: StaffLocale,
        to: String,
        cases: &[CaseId],
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Letter {
        let url = alarm_url(self.public_url.as_deref(), cases);
        self.letter_of("alarm", (locale, to), cases.len(), url, now, ids)
    }

    /// A letter of the texts `<kind>-subject`, `-body`, `-link` or `-no-link`, `-foot`.
    pub(super) fn letter_of(
        &self,
        kind: &str,
        (locale, to): (StaffLocale, String),
        count: usize,
        url: Option<String>,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Letter {
        let link = if url.is_some() { "link" } else { "no-link" };
        let mut args = Args::new();
        args.set("count", count);
        args.set("url", url.unwrap_or_default());
        let text = |part: &str| self.texts.get(locale, &format!("{kind}-{part}"), Some(&args));
        Letter {
            to,
            subject: text("subject"),
            body: format!("{}\n\n{}\n\n{}\n", text("body"), text(link), text("foot")),
            at_ms: now.0,
            id: ids.next(now),
        }
    }

    /// Letters that the next round of [`raise`] hands over.
    pub(super) fn post(&self, letters: impl IntoIterator<Item = Letter>) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(letters);
    }
}

pub(super) async fn run(context: Context) {
    if let Err(error) = raise(&context).await {
        tracing::warn!(%error, "alarms could not be raised; it is tried again");
    }
}

/// Raises the alarm where it is due, and hands over what letters wait. Gives the cases that were told of now.
///
/// # Errors
/// When the database does not answer; a mail server that does not is tried again.
pub async fn raise(context: &Context) -> Result<Vec<CaseId>, AlarmError> {
    let alarm = &context.alarm;
    let on_duty = alarm.staff.on_duty().await?;
    let chat =
        |one: &Reached| one.telegram.map(|contact| Chat { contact, locale: one.account.locale.chat() });
    let chats: Vec<Chat> = on_duty.iter().filter_map(chat).collect();
    let mut addresses: Vec<(String, StaffLocale)> = match alarm.mail {
        Some(_) => on_duty.into_iter().filter_map(|one| Some((one.email?, one.account.locale))).collect(),
        None => Vec::new(),
    };
    // Two accounts of one person get one letter.
    addresses.sort_by(|(a, _), (b, _)| a.cmp(b));
    addresses.dedup_by(|(a, _), (b, _)| a == b);
    let url = alarm.public_url.as_deref();
    let taken = context.desk.raise_alarms(&chats, !addresses.is_empty(), url).await?;
    let now = context.clock.now();
    let mut letters = std::mem::take(&mut *alarm.waiting.lock().unwrap_or_else(PoisonError::into_inner));
    if !taken.is_empty() {
        tracing::warn!(
            cases = taken.len(),
            chats = chats.len(),
            letters = addresses.len(),
            "urgent cases wait: the alarm was raised"
        );
        let new = addresses.into_iter();
        letters.extend(new.map(|(to, locale)| alarm.letter(locale, to, &taken, now, &*context.ids)));
    }
    let left = hand_over(alarm, letters, now).await;
    alarm.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(left);
    Ok(taken)
}

/// Gives back those that are to be tried again.
async fn hand_over(alarm: &Alarm, letters: Vec<Letter>, now: Timestamp) -> Vec<Letter> {
    let Some(mail) = &alarm.mail else { return Vec::new() };
    let tries = letters.into_iter().map(|letter| async move { (mail.send(&letter).await, letter) });
    let mut left = Vec::new();
    for (outcome, letter) in join_all(tries).await {
        let Err(error) = outcome else {
            count("sent");
            continue;
        };
        if error.is_final || now.0 - letter.at_ms >= TRIED_MS {
            tracing::error!(letter.id, kind = error.kind, "a letter of the alarm was given up");
            count("failed");
        } else {
            tracing::warn!(letter.id, kind = error.kind, "a letter of the alarm waits for the mail server");
            left.push(letter);
        }
    }
    left
}

fn count(outcome: &'static str) {
    metrics::counter!("safar_alarm_letters_total", "outcome" => outcome).increment(1);
}
