//! Quick replies as a case's page offers them.

use crate::{
    desk::Who,
    domain::{CaseId, Locale},
    web::staff::{Console, Frame, Refusal},
};

/// A quick reply for the person of a case.
pub(super) struct Reply {
    /// Its name in a form: of those of the desk by place, of those of the content by id.
    pub key: String,
    pub name: String,
    /// It comes with the content, so its name is in one of the content's languages.
    pub is_shipped: bool,
    pub text: String,
    /// It is in another language than the person's.
    pub fallback: bool,
    pub lang: &'static str,
}

/// Those of the supervisors first, then those of the content that fit the topic.
pub(super) fn replies(
    console: &Console,
    frame: &Frame<'_>,
    topic: Option<&str>,
    locale: Locale,
) -> Vec<Reply> {
    let own = &console.desk.settings().replies.value;
    let release = console.desk.release();
    let reader = frame.content_locale();
    let shipped = release.replies.iter().filter(|reply| reply.fits(topic));
    let shipped = shipped.filter_map(|reply| {
        let id = reply.text_id();
        let fallback = !release.texts.has(locale, &id, None);
        Some(Reply {
            is_shipped: true,
            name: release.texts.format(reader, &id, Some("name"), None)?.into_owned(),
            text: release.texts.format(locale, &id, None, None)?.into_owned(),
            fallback,
            lang: if fallback { Locale::REFERENCE } else { locale }.as_str(),
            key: id,
        })
    });
    own.iter()
        .enumerate()
        .map(|(place, reply)| {
            let (text, told) = reply.text(locale);
            Reply {
                key: format!("own-{place}"),
                is_shipped: false,
                name: reply.name.clone(),
                text: text.to_owned(),
                fallback: told != locale,
                lang: told.as_str(),
            }
        })
        .chain(shipped)
        .collect()
}

/// A quick reply of a case by its key.
///
/// # Errors
/// [`Refusal::NotFound`] for a case that is not theirs, [`Refusal::Changed`] when the reply is gone.
pub(super) async fn reply(
    console: &Console,
    frame: &Frame<'_>,
    who: &Who,
    case: CaseId,
    key: &str,
) -> Result<String, Refusal> {
    let locale = console.desk.locale_of(who, case).await?;
    let found = replies(console, frame, console.desk.topic_of(who, case).await?.as_deref(), locale);
    found.into_iter().find(|reply| reply.key == key).map(|reply| reply.text).ok_or(Refusal::Changed)
}
