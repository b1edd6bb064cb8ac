//! The trail, for administrators.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{Console, Frame, Refusal, Viewer, frame::page};
use crate::{
    desk::{
        Role,
        audit::{Of, STAFF},
    },
    domain::StaffId,
};

/// Rows of a page.
const ROWS: u32 = 100;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// Rows before this number.
    before: String,
    staff: String,
    kind: String,
    object: String,
}

struct Row {
    seq: i64,
    at: String,
    who: Option<String>,
    verb: String,
    /// Kind and id of what it was done to; of an account its login.
    kind: String,
    object: String,
}

#[derive(Template)]
#[template(path = "staff/trail.html")]
struct Page<'a> {
    frame: Frame<'a>,
    rows: Vec<Row>,
    /// Id and login of each account.
    people: Vec<(String, String)>,
    asked: &'a Asked,
    /// The address of older rows.
    older: Option<String>,
}

/// `GET /staff/trail`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    viewer.require(Role::Admin)?;
    let before = asked.before.parse().unwrap_or(i64::MAX);
    let of = if let Ok(id) = asked.staff.parse() {
        Of::Staff(StaffId(id))
    } else if asked.object.is_empty() {
        Of::All
    } else {
        Of::Object(if asked.kind.is_empty() { STAFF } else { &asked.kind }, &asked.object)
    };
    let found = console.staff.trail(viewer.id, before, of, ROWS).await?;
    let people: BTreeMap<StaffId, String> =
        console.staff.list().await?.into_iter().map(|account| (account.id, account.login)).collect();
    let frame = Frame::of(&console, &viewer, "trail");
    let rows: Vec<Row> = found
        .into_iter()
        .map(|row| {
            let login = |id: StaffId| people.get(&id).cloned().unwrap_or_else(|| id.to_string());
            let object = match row.object.parse() {
                Ok(id) if row.kind == STAFF => login(StaffId(id)),
                _ => row.object.clone(),
            };
            Row {
                seq: row.seq,
                at: viewer.time(row.at),
                who: row.staff.map(login),
                verb: frame.word("verb-", &row.verb),
                kind: if row.kind.is_empty() { String::new() } else { frame.word("object-", &row.kind) },
                object,
            }
        })
        .collect();
    let older = rows.last().filter(|row| rows.len() == ROWS as usize && row.seq > 1).map(|row| {
        let part = |name: &str, value: &str| {
            if value.is_empty() {
                String::new()
            } else {
                format!("&{name}={}", super::refusal::escape(value))
            }
        };
        format!(
            "/staff/trail?before={}{}{}{}",
            row.seq,
            part("staff", &asked.staff),
            part("kind", &asked.kind),
            part("object", &asked.object)
        )
    });
    let people = people.into_iter().map(|(id, login)| (id.to_string(), login)).collect();
    page(&Page { frame, rows, people, asked: &asked, older })
}
