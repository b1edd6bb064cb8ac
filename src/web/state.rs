//! What handlers can reach: services and values, never the store.

use std::{collections::BTreeMap, fmt, sync::Arc};

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Console;
use crate::{
    channels::telegram::Bot,
    clock::{Clock, Ids},
    config::Secret,
    dialog::{Dialog, WebChat},
    domain::Locale,
    intake::Intake,
    sender::ReadMarks,
    text::{Args, Texts},
};

/// Renders the metrics as Prometheus text.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;
/// Whether the database answers.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// All that the handlers need.
#[derive(Clone)]
pub struct WebState {
    pub intake: Intake,
    pub chat: WebChat,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// `None`: no webhook; its path is then unknown.
    pub telegram: Option<Arc<TelegramHook>>,
    pub whatsapp: Option<(Arc<WhatsAppHook>, ReadMarks)>,
    pub dialog: Dialog,
    /// True once the program takes messages.
    pub ready: watch::Receiver<bool>,
    pub metrics: Metrics,
    pub strings: Arc<ChatStrings>,
    pub probe: Probe,
    /// Pages of the staff.
    pub console: Arc<Console>,
    /// Ends open streams.
    pub shutdown: CancellationToken,
}

/// What Telegram's webhook has to know of the bot.
pub struct TelegramHook {
    /// Compared with the secret header in constant time; never shown.
    pub secret: String,
    pub bot: Bot,
}

/// What WhatsApp's webhook has to know of the account.
#[derive(Debug)]
pub struct WhatsAppHook {
    pub phone_number_id: String,
    pub app_secret: Secret,
    pub verify_token: Secret,
}

impl fmt::Debug for TelegramHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TelegramHook({}, …)", self.bot.id())
    }
}

/// Longest text that a person may send, in characters (as on Telegram).
pub const TEXT_MAX_CHARS: usize = 4096;

/// Texts of the page, by their name in `chat.ftl` without `chat-`.
const KEYS: &[&str] = &[
    "title",
    "tagline",
    "log",
    "skip",
    "placeholder",
    "send",
    "language",
    "choices",
    "you",
    "new-messages",
    "connecting",
    "reconnecting",
    "offline",
    "quick-exit",
    "clear-and-leave",
    "talk-leaves",
    "talk-ended",
    "cleared",
    "start-again",
    "sending",
    "waiting",
    "failed",
    "retry",
    "attach",
    "sent-file",
    "download",
    "read",
    "error-too-long",
    "error-file-too-long",
    "error-file-kind",
    "error-file-slow",
    "error-file-unwanted",
    "error-files-full",
    "error-file-gone",
    "error-download",
    "error-busy",
    "error-unavailable",
    "error-bad",
    "noscript",
];

const FILES: [(Locale, &str, &str); 3] = [
    (Locale::Ru, "locales/ru/chat.ftl", include_str!("../../locales/ru/chat.ftl")),
    (Locale::Tg, "locales/tg/chat.ftl", include_str!("../../locales/tg/chat.ftl")),
    (Locale::Ky, "locales/ky/chat.ftl", include_str!("../../locales/ky/chat.ftl")),
];

/// The page's texts in the three languages.
#[derive(Debug)]
pub struct ChatStrings {
    by_locale: [BTreeMap<&'static str, String>; 3],
    json: String,
}

impl ChatStrings {
    /// From the files inside the binary. A text missing in one language is Russian there (a test finds it).
    pub fn embedded() -> Self {
        Self::from_texts(&Texts::load(FILES).0)
    }

    /// From messages that are loaded already.
    pub fn from_texts(texts: &Texts) -> Self {
        let by_locale = Locale::ALL.map(|locale| of_locale(texts, locale));
        let named: BTreeMap<&str, &BTreeMap<&str, String>> =
            Locale::ALL.iter().map(|locale| locale.as_str()).zip(&by_locale).collect();
        // Inside a script element only `<` could end it too early.
        let json = serde_json::to_string(&named).unwrap_or_default().replace('<', "\\u003c");
        Self { by_locale, json }
    }

    /// All texts as JSON that may stand inside a script element.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// A text in a language; empty for an unknown name.
    pub fn get(&self, locale: Locale, key: &str) -> &str {
        let [ru, tg, ky] = &self.by_locale;
        let strings = match locale {
            Locale::Ru => ru,
            Locale::Tg => tg,
            Locale::Ky => ky,
        };
        strings.get(key).map_or("", String::as_str)
    }
}

fn of_locale(texts: &Texts, locale: Locale) -> BTreeMap<&'static str, String> {
    let mut args = Args::new();
    args.set("max", TEXT_MAX_CHARS);
    let mut strings: BTreeMap<&'static str, String> = KEYS
        .iter()
        .map(|key| {
            let text = texts.format(locale, &format!("chat-{key}"), None, Some(&args));
            (*key, text.unwrap_or_default().into_owned())
        })
        .collect();
    strings.insert("own-name", locale.own_name().to_owned());
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_page_exists_in_every_language_and_no_other() {
        let (texts, errors) = Texts::load(FILES);
        assert!(errors.is_empty(), "{errors:?}");
        for locale in Locale::ALL {
            let mut ids: Vec<&str> = texts.ids(locale).collect();
            ids.sort_unstable();
            let mut keys: Vec<String> = KEYS.iter().map(|key| format!("chat-{key}")).collect();
            keys.sort();
            assert_eq!(ids, keys, "{locale}");
        }
        let strings = ChatStrings::embedded();
        assert!(strings.get(Locale::Tg, "error-too-long").contains("4\u{a0}096"));
    }

    #[test]
    fn texts_cannot_end_their_script_element() {
        let (texts, _) = Texts::load([(Locale::Ru, "a.ftl", "chat-title = </script><b>\n")]);
        let strings = ChatStrings::from_texts(&texts);
        assert!(!strings.json().contains('<'));
        assert!(strings.json().contains("\\u003c/script>"));
    }
}
