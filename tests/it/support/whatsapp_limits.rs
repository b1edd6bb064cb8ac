//! What the Cloud API refuses in a message (channels.md §3.5): written from the description, not from our renderer.

use std::collections::HashSet;

use serde_json::Value;

/// Why the API would refuse this message; `None`: it takes it.
pub fn refusal(message: &Value) -> Option<String> {
    let address = [&message["to"], &message["recipient"]].map(Value::as_str);
    let callback = message["biz_opaque_callback_data"].as_str().unwrap_or_default();
    let body = &message["interactive"]["body"]["text"];
    let body = body.as_str().unwrap_or_default();
    if message["messaging_product"] != "whatsapp" || message["recipient_type"] != "individual" {
        Some("envelope".to_owned())
    } else if matches!(address, [Some(_), Some(_)] | [None, None]) {
        Some("one of to and recipient".to_owned())
    } else if address[0].is_some_and(|number| !number.bytes().all(|b| b.is_ascii_digit())) {
        // The real API takes it with 200 and drops it: worse than a refusal.
        Some("to is no number".to_owned())
    } else if callback.chars().count() > 512 {
        Some("callback data".to_owned())
    } else {
        match (message["type"].as_str(), message["interactive"]["type"].as_str()) {
            (Some("text"), _) => text("text", &message["text"]["body"], 1, 4096),
            (Some("template"), _) => template(&message["template"]),
            (Some("interactive"), Some("button")) => {
                length("button body", body, 1, 1024).or_else(|| buttons(&message["interactive"]["action"]))
            }
            (Some("interactive"), Some("list")) => {
                length("list body", body, 1, 4096).or_else(|| list(&message["interactive"]["action"]))
            }
            (Some(kind @ ("image" | "audio" | "video" | "document")), _) => file(kind, &message[kind]),
            other => Some(format!("type {other:?}")),
        }
    }
}

/// A file by its id: a text beside it where there may be one, a name for documents only.
fn file(kind: &str, file: &Value) -> Option<String> {
    let caption = file["caption"].as_str().unwrap_or("-");
    if kind == "audio" && !file["caption"].is_null() {
        return Some("a text beside a sound".to_owned());
    }
    if (kind == "document") == file["filename"].is_null() {
        return Some(format!("filename of {kind}"));
    }
    text("media id", &file["id"], 1, 512).or_else(|| length("caption", caption, 1, 1024))
}

/// Why the API would not take an upload: its form, or its length for what it is to be.
pub fn refused_upload(form: &Value) -> Option<String> {
    let (kind, file) = (form["type"].as_str().unwrap_or_default(), &form["file"]);
    if form["messaging_product"] != "whatsapp" || file["file"].as_str().is_none_or(str::is_empty) {
        return Some("upload form".to_owned());
    }
    // Longer pictures and films go as documents: of those the type alone does not tell.
    let bytes = file["bytes"].as_u64().unwrap_or_default();
    (file["type"] != kind || bytes == 0 || bytes > 100 << 20).then(|| format!("upload of {bytes}, {kind}"))
}

fn length(what: &str, text: &str, min: usize, max: usize) -> Option<String> {
    let chars = text.chars().count();
    (chars < min || chars > max).then(|| format!("{what} has {chars} characters"))
}

fn text(what: &str, value: &Value, min: usize, max: usize) -> Option<String> {
    match value.as_str() {
        Some(text) => length(what, text, min, max),
        None => Some(format!("{what} is missing")),
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Titles or ids that stand twice, or have spaces around.
fn unclean<'a>(what: &str, texts: impl Iterator<Item = &'a Value>) -> Option<String> {
    let mut seen = HashSet::new();
    for text in texts.map(|text| text.as_str().unwrap_or_default()) {
        if text.trim() != text || !seen.insert(text) {
            return Some(format!("{what}: {text:?}"));
        }
    }
    None
}

fn buttons(action: &Value) -> Option<String> {
    let buttons = items(&action["buttons"]);
    if buttons.is_empty() || buttons.len() > 3 {
        return Some(format!("{} buttons", buttons.len()));
    }
    let replies = || buttons.iter().map(|button| &button["reply"]);
    if buttons.iter().any(|button| button["type"] != "reply") {
        return Some("a button that is no reply".to_owned());
    }
    replies()
        .find_map(|reply| {
            text("button title", &reply["title"], 1, 20).or_else(|| text("button id", &reply["id"], 1, 256))
        })
        .or_else(|| unclean("button titles", replies().map(|reply| &reply["title"])))
        .or_else(|| unclean("button ids", replies().map(|reply| &reply["id"])))
}

fn list(action: &Value) -> Option<String> {
    let sections = items(&action["sections"]);
    let rows = || sections.iter().flat_map(|section| items(&section["rows"]));
    let count = rows().count();
    if sections.is_empty() || sections.len() > 10 || count == 0 || count > 10 {
        return Some(format!("{} sections, {count} rows", sections.len()));
    }
    let titled = usize::from(sections.len() > 1);
    text("list button", &action["button"], 1, 20)
        .or_else(|| sections.iter().find_map(|section| text("section title", &section["title"], titled, 24)))
        .or_else(|| {
            sections.iter().any(|section| items(&section["rows"]).is_empty()).then(|| "no rows".into())
        })
        .or_else(|| {
            rows().find_map(|row| {
                let description = row["description"].as_str().unwrap_or("-");
                text("row title", &row["title"], 1, 24)
                    .or_else(|| text("row id", &row["id"], 1, 200))
                    .or_else(|| length("row description", description, 1, 72))
            })
        })
        .or_else(|| unclean("row ids", rows().map(|row| &row["id"])))
}

fn template(template: &Value) -> Option<String> {
    text("template name", &template["name"], 1, 512).or_else(|| {
        let code = template["language"]["code"].as_str().unwrap_or_default();
        // Exact codes; Tajik is not among them (channels.md §3.6).
        (!["ru", "kk", "ky_KG", "uz", "fa", "prs_AF", "en"].contains(&code))
            .then(|| format!("language {code:?}"))
    })
}

#[test]
fn limits_refuse_what_the_description_refuses() {
    use serde_json::json;
    let message = |part: Value| {
        let mut whole = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "992"});
        for (key, value) in part.as_object().unwrap() {
            whole[key] = value.clone();
        }
        whole
    };
    let text = |length: usize| message(json!({"type": "text", "text": {"body": "я".repeat(length)}}));
    assert_eq!(refusal(&text(4096)), None);
    assert!(refusal(&text(4097)).is_some() && refusal(&text(0)).is_some());
    let buttons = |body: usize, titles: &[&str]| {
        let button = |title: &&str| json!({"type": "reply", "reply": {"id": title, "title": title}});
        message(
            json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "я".repeat(body)},
            "action": {"buttons": titles.iter().map(button).collect::<Vec<_>>()}}}),
        )
    };
    assert_eq!(refusal(&buttons(1024, &["a", "b", &"я".repeat(20)])), None);
    for wrong in [
        buttons(1025, &["a"]),
        buttons(1, &[]),
        buttons(1, &["a", "b", "c", "d"]),
        buttons(1, &["a", "a"]),
        buttons(1, &[" a"]),
        buttons(1, &[&"я".repeat(21)]),
        message(json!({"type": "text", "text": {"body": "a"}, "recipient": "TJ.1"})),
        message(json!({"type": "text", "text": {"body": "a"}, "to": "TJ.1"})),
        message(json!({"type": "template", "template": {"name": "a", "language": {"code": "tg"}}})),
    ] {
        assert!(refusal(&wrong).is_some(), "{wrong}");
    }
    let list = |rows: usize, title: &str, description: &str| {
        let row = |n: usize| json!({"id": n.to_string(), "title": title, "description": description});
        message(
            json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "я".repeat(4096)},
            "action": {"button": "b", "sections": [{"title": "s", "rows": (0..rows).map(row).collect::<Vec<_>>()}]}}}),
        )
    };
    assert_eq!(refusal(&list(10, &"я".repeat(24), &"я".repeat(72))), None);
    for wrong in
        [list(11, "a", "b"), list(0, "a", "b"), list(1, &"я".repeat(25), "b"), list(1, "a", &"я".repeat(73))]
    {
        assert!(refusal(&wrong).is_some(), "{wrong}");
    }
}
