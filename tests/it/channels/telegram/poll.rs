//! Long polling against the fake Bot API: nothing lost, nothing stuck.

use std::time::Duration;

use safar::channels::{
    SendError, http,
    telegram::{Bot, RawUpdate, receive},
};
use serde_json::json;

use crate::support::fake_telegram::{Answer, FakeTelegram, TOKEN};

const NO_WAIT: Duration = Duration::ZERO;

fn bot(fake: &FakeTelegram) -> Bot {
    Bot::new(fake.url(), TOKEN, http::client(http::TOTAL).unwrap()).unwrap()
}

fn ids(updates: &[RawUpdate]) -> Vec<Option<i64>> {
    updates.iter().map(|update| update.update_id).collect()
}

fn text(words: &str) -> serde_json::Value {
    json!({"message": {"chat": {"id": 7, "type": "private"}, "date": 1_700_000_000, "text": words}})
}

#[tokio::test]
async fn updates_come_raw_and_stay_until_the_offset_moves() {
    let fake = FakeTelegram::start().await;
    let first = fake.push_update(text("салом"));
    let second = fake.push_update(json!({"hologram": {"x": [1, 2]}}));
    for _ in 0..2 {
        let updates = bot(&fake).get_updates(None, NO_WAIT).await.unwrap();
        assert_eq!(ids(&updates), [Some(first), Some(second)]);
        assert!(receive(8, &updates[0].raw, safar::domain::Timestamp(0)).is_ok());
    }
    let updates = bot(&fake).get_updates(Some(second), NO_WAIT).await.unwrap();
    assert_eq!((ids(&updates), fake.unconfirmed()), (vec![Some(second)], vec![second]));
    let allowed =
        json!(["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]);
    let expected = json!({"offset": second, "limit": 100, "timeout": 0, "allowed_updates": allowed});
    assert_eq!(fake.calls()[2].body, expected);
}

#[tokio::test]
async fn a_broken_update_costs_no_neighbour() {
    let fake = FakeTelegram::start().await;
    fake.push_update(text("one"));
    fake.push_raw_update(2, b"{\"update_id\":2,\"message\":{\"text\":\"\xff\xfe ]}\"}}");
    fake.push_raw_update(3, b"{\"update_id\":3,\"message\":{\"text\":\"\\q\", oops}}");
    fake.push_update(text("four"));
    let updates = bot(&fake).get_updates(None, NO_WAIT).await.unwrap();
    assert_eq!(ids(&updates), [Some(1), Some(2), Some(3), Some(4)]);
    let is_readable = |update: &RawUpdate| receive(8, &update.raw, safar::domain::Timestamp(0)).is_ok();
    assert_eq!(updates.iter().map(is_readable).collect::<Vec<_>>(), [true, false, false, true]);
}

#[tokio::test]
async fn at_most_a_hundred_come_at_once() {
    let fake = FakeTelegram::start().await;
    for _ in 0..130 {
        fake.push_update(text("x"));
    }
    let updates = bot(&fake).get_updates(None, NO_WAIT).await.unwrap();
    assert_eq!((updates.len(), updates[99].update_id), (100, Some(100)));
    assert_eq!(bot(&fake).get_updates(Some(101), NO_WAIT).await.unwrap().len(), 30);
}

#[tokio::test]
async fn a_waiting_poll_wakes_for_a_new_update_and_ends_empty_without_one() {
    let fake = FakeTelegram::start().await;
    let polling = tokio::spawn({
        let bot = bot(&fake);
        async move { bot.get_updates(None, Duration::from_secs(30)).await }
    });
    fake.wait_for("getUpdates", 1).await;
    fake.push_update(text("салом"));
    assert_eq!(ids(&polling.await.unwrap().unwrap()), [Some(1)]);
    assert!(bot(&fake).get_updates(Some(2), Duration::from_secs(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_wait_may_be_longer_than_the_clients_own_patience() {
    let fake = FakeTelegram::start().await;
    let bot = Bot::new(fake.url(), TOKEN, http::client(Duration::from_millis(200)).unwrap()).unwrap();
    assert!(bot.get_updates(None, Duration::from_secs(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_else_takes_the_updates_is_told() {
    let fake = FakeTelegram::start().await;
    fake.script(
        "getUpdates",
        vec![
            Answer::Error(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running".into()),
            Answer::Error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook".into()),
            Answer::Error(502, "Bad Gateway".into()),
            Answer::Raw { status: 200, headers: vec![], body: b"{\"ok\":true,\"result\":[{\"update_id\":1".to_vec() },
        ],
    );
    let expected = [
        SendError::Refused { code: "two_pollers" },
        SendError::Refused { code: "webhook_active" },
        SendError::Unreachable,
        SendError::Ambiguous,
    ];
    for error in expected {
        assert_eq!(bot(&fake).get_updates(None, NO_WAIT).await, Err(error));
    }
}
