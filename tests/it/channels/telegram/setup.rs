//! What the bot tells Telegram at start, against the fake Bot API.

use safar::{
    channels::{
        SendError, http,
        telegram::{Bot, ProfileTexts, TelegramCall, Webhook},
    },
    domain::Timestamp,
};
use serde_json::json;

use crate::support::fake_telegram::{Answer, FakeTelegram, TOKEN};

fn bot(fake: &FakeTelegram) -> Bot {
    Bot::new(fake.url(), TOKEN, http::client(http::TOTAL).unwrap()).unwrap()
}

#[tokio::test]
async fn the_bot_learns_who_it_is() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    let me = bot.get_me().await.unwrap();
    assert_eq!((me.id, me.username.as_ref(), bot.id()), (8, "b_bot", 8));
    assert_eq!(fake.calls()[0].token, TOKEN);
}

#[tokio::test]
async fn a_wrong_token_is_named_whatever_the_status() {
    let fake = FakeTelegram::start().await;
    let answers = [Answer::Error(401, "Unauthorized".into()), Answer::Error(404, "Not Found".into())];
    fake.script("getMe", answers.to_vec());
    for _ in answers {
        assert_eq!(bot(&fake).get_me().await, Err(SendError::Misconfigured { key: "telegram.token" }));
    }
}

#[test]
fn settings_of_a_wrong_form_are_refused_before_any_call() {
    let client = http::client(http::TOTAL).unwrap();
    for token in ["", "8", "8:", ":x", "x:y", "8:a b", "8:a/b", "8:a\nb", "99999999999999999999:x"] {
        let error = Bot::new("http://127.0.0.1:1", token, client.clone()).unwrap_err();
        assert_eq!(error, SendError::Misconfigured { key: "telegram.token" }, "{token:?}");
    }
    for url in ["", "api.telegram.org", "ftp://x", "http://x?y=", "http://x#y", "http://"] {
        let error = Bot::new(url, TOKEN, client.clone()).unwrap_err();
        assert_eq!(error, SendError::Misconfigured { key: "telegram.api_url" }, "{url:?}");
    }
}

#[tokio::test]
async fn no_secret_shows_in_debug_or_errors() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    fake.script(
        "sendMessage",
        vec![Answer::Error(400, "Bad Request: can't parse entities: planted words".into())],
    );
    let call = TelegramCall {
        method: "sendMessage",
        body: br#"{"chat_id":7654321,"text":"planted words"}"#.to_vec(),
    };
    let error = bot.call(&call).await.unwrap_err();
    let gone = Bot::new("http://127.0.0.1:1", TOKEN, http::client(http::TOTAL).unwrap()).unwrap();
    let unreachable = gone.call(&call).await.unwrap_err();
    assert_eq!((error, unreachable), (SendError::BadMarkup, SendError::Unreachable));
    let shown = format!("{bot:?} {call:?} {error:?} {error} {unreachable:?} {unreachable}");
    for secret in ["TEST-token", "planted", "7654321"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn commands_and_descriptions_are_set_for_one_language_or_for_all() {
    let fake = FakeTelegram::start().await;
    let commands = [("menu", "Саҳифаи аввал"), ("delete", "Нест кардани маълумот")];
    let mut texts = ProfileTexts {
        language: Some("tg"),
        commands: &commands,
        description: "Дар бораи бот",
        short_description: "Бот",
    };
    bot(&fake).set_profile(&texts).await.unwrap();
    texts.language = None;
    bot(&fake).set_profile(&texts).await.unwrap();
    let made: Vec<_> = fake.calls().into_iter().map(|call| (call.method, call.body)).collect();
    let list = json!([
        {"command": "menu", "description": "Саҳифаи аввал"},
        {"command": "delete", "description": "Нест кардани маълумот"},
    ]);
    let expected = [
        ("setMyCommands", json!({"commands": list, "language_code": "tg"})),
        ("setMyDescription", json!({"description": "Дар бораи бот", "language_code": "tg"})),
        ("setMyShortDescription", json!({"short_description": "Бот", "language_code": "tg"})),
        ("setMyCommands", json!({"commands": list})),
        ("setMyDescription", json!({"description": "Дар бораи бот"})),
        ("setMyShortDescription", json!({"short_description": "Бот"})),
    ];
    assert_eq!(made, expected.map(|(method, body)| (method.to_owned(), body)));
}

#[tokio::test]
async fn the_webhook_asks_for_exactly_what_we_handle() {
    let fake = FakeTelegram::start().await;
    let webhook =
        Webhook { url: "https://safar.example/telegram/webhook", secret: "s3_cret-", max_connections: 20 };
    bot(&fake).set_webhook(&webhook).await.unwrap();
    let expected = json!({
        "url": "https://safar.example/telegram/webhook",
        "secret_token": "s3_cret-",
        "max_connections": 20,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"],
        "drop_pending_updates": false,
    });
    assert_eq!(fake.calls()[0].body, expected);
    assert_eq!(bot(&fake).webhook_info().await.unwrap().url.as_ref(), webhook.url);
    bot(&fake).delete_webhook().await.unwrap();
    assert_eq!(fake.calls_to("deleteWebhook")[0].body, json!({"drop_pending_updates": false}));
    assert_eq!(fake.webhook(), "");
}

#[tokio::test]
async fn a_webhook_that_cannot_work_is_named() {
    let fake = FakeTelegram::start().await;
    let url = "https://safar.example:81/telegram/webhook";
    let too_long = "x".repeat(257);
    for secret in ["", "with space", "кирилл", &too_long] {
        let webhook = Webhook { url, secret, max_connections: 20 };
        let refused = Err(SendError::Misconfigured { key: "telegram.webhook_secret" });
        assert_eq!(bot(&fake).set_webhook(&webhook).await, refused, "{secret}");
    }
    assert!(fake.calls().is_empty());
    let description = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
    fake.script("setWebhook", vec![Answer::Error(400, description.into())]);
    let webhook = Webhook { url, secret: "s", max_connections: 20 };
    let refused = Err(SendError::Misconfigured { key: "public_url" });
    assert_eq!(bot(&fake).set_webhook(&webhook).await, refused);
}

#[tokio::test]
async fn what_went_wrong_with_the_webhook_is_told() {
    let fake = FakeTelegram::start().await;
    let info = json!({"url": "https://x", "has_custom_certificate": false, "pending_update_count": 3,
        "last_error_date": 1_700_000_000, "last_error_message": "Connection timed out", "newer": {}});
    fake.script("getWebhookInfo", vec![Answer::Result(info)]);
    let info = bot(&fake).webhook_info().await.unwrap();
    assert_eq!((info.pending, info.last_error_at), (3, Some(Timestamp(1_700_000_000_000))));
    assert_eq!(info.last_error.as_deref(), Some("Connection timed out"));
}

#[tokio::test]
async fn calls_one_after_another_share_a_connection() {
    let fake = FakeTelegram::start().await;
    let bot = bot(&fake);
    for _ in 0..5 {
        bot.get_me().await.unwrap();
    }
    let calls = fake.calls();
    assert!(calls.iter().all(|call| call.peer == calls[0].peer));
}
