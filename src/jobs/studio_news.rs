//! News of change sets: to publishers when one waits for review, to its authors when it came back; by Telegram through
//! the outbox and by mail. It holds a link and nothing of the set. Letters go with the alarm's: tried again for a while,
//! lost by a stop.

use super::Context;
use crate::{
    desk::{
        Chat, DeskError, Role,
        staff::{Account, Reached, StaffError},
    },
    engine::case,
    studio::{News, NewsKind, StudioError},
};

/// News could not be told.
#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    #[error(transparent)]
    Studio(#[from] StudioError),
    #[error(transparent)]
    Staff(#[from] StaffError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

pub(super) async fn run(context: Context) {
    if let Err(error) = tell(&context).await {
        tracing::warn!(%error, "news of change sets could not be told");
    }
}

/// Tells what is new; the alarm's next round hands the letters over. Gives the number of news.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(context: &Context) -> Result<usize, NewsError> {
    let (alarm, now) = (&context.alarm, context.clock.now());
    let news = context.studio.news().await?;
    for one in &news {
        let mut hearers = alarm.staff().reached().await?;
        hearers.retain(|hearer| concerns(one, &hearer.account));
        let url = alarm.public_url().map(|public| format!("{public}/staff/content/sets/{}", one.set));
        let chat =
            |one: &Reached| one.telegram.map(|contact| Chat { contact, locale: one.account.locale.chat() });
        let chats: Vec<Chat> = hearers.iter().filter_map(chat).collect();
        let word = one.kind.as_str();
        context.desk.tell_chats(&chats, |locale| case::sets(locale, word, url.as_deref())).await?;
        if alarm.writes_letters() {
            let kind = format!("sets-news-{word}");
            let letters = hearers.into_iter().filter_map(|hearer| {
                let to = (hearer.account.locale, hearer.email?);
                Some(alarm.letter_of(&kind, to, 1, url.clone(), now, &*context.ids))
            });
            alarm.post(letters);
        }
    }
    Ok(news.len())
}

fn concerns(news: &News, account: &Account) -> bool {
    let is_author = news.authors.contains(&account.id);
    let is_other = news.by != Some(account.id);
    let publishes = account.roles.has(Role::Publisher);
    match news.kind {
        NewsKind::Waits => publishes && !is_author && is_other,
        NewsKind::Returned => is_author && is_other,
        NewsKind::Failed => is_author || publishes,
    }
}
