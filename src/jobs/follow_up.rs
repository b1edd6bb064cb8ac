//! On the day that somebody wanted to look at a closed case again they are reminded: by Telegram through the outbox, and
//! by mail. A link and a number, nothing of the cases. The letters go the way of the alarm's.

use super::{Context, alarm::AlarmError};
use crate::{
    desk::{Chat, Rememberer, follow_ups_url, staff::Reached},
    domain::StaffId,
};

pub(super) async fn run(context: Context) {
    if let Err(error) = remind(&context).await {
        tracing::warn!(%error, "reminders of follow-ups could not be made; it is tried again");
    }
}

/// Reminds whoever has follow-ups that are due and was not reminded today. Gives whom letters were written to.
///
/// # Errors
/// When the database does not answer.
pub async fn remind(context: &Context) -> Result<Vec<StaffId>, AlarmError> {
    context.desk.refresh_follow_ups().await?;
    let alarm = &context.alarm;
    let reached = alarm.staff().reached().await?;
    let rememberer = |one: &Reached| Rememberer {
        id: one.account.id,
        zone: one.account.zone,
        chat: one.telegram.map(|contact| Chat { contact, locale: one.account.locale.chat() }),
        by_mail: alarm.writes_letters() && one.email.is_some(),
    };
    let all: Vec<Rememberer> = reached.iter().map(rememberer).collect();
    let wanted = context.desk.remind(&all, alarm.public_url()).await?;
    let now = context.clock.now();
    let mut written = Vec::new();
    let mut letters = Vec::new();
    for one in reached {
        let Some((_, count)) = wanted.iter().find(|(id, _)| *id == one.account.id) else { continue };
        let Some(email) = one.email else { continue };
        let url = follow_ups_url(alarm.public_url());
        let to = (one.account.locale, email);
        letters.push(alarm.letter_of("reminder", to, *count, url, now, &*context.ids));
        written.push(one.account.id);
    }
    alarm.post(letters);
    Ok(written)
}
