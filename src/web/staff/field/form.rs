//! The form of an entry: one for all kinds, made of what each asks.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{back, key, list::kinds, posted::PostedFiles, who};
use crate::{
    domain::EntryId,
    field::{FieldError, Kind, Refused, Shape, Spec, Wrong, read},
    web::staff::{Console, Frame, Refusal, Say, Viewer, desk::words::Choice, page, viewer::local},
};

/// Names whose label depends on the kind.
const BY_KIND: [&str; 2] = ["key", "quantity"];
/// Labels that have a hint.
const HINTS: [&str; 10] = [
    "c",
    "centre",
    "covers",
    "employers",
    "group",
    "key-policy-item",
    "key-survey",
    "key-trainee",
    "page",
    "reg",
];

/// A field of the form.
struct Input {
    name: &'static str,
    label: String,
    hint: Option<String>,
    /// `count`, `select`, `code`, `area`, `text`.
    shape: &'static str,
    choices: Vec<Choice>,
    value: String,
    required: bool,
    /// Largest number, or most characters.
    max: usize,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "staff/field/choose.html")]
struct Choose<'a> {
    frame: Frame<'a>,
    kinds: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "staff/field/form.html")]
struct Page<'a> {
    frame: Frame<'a>,
    say: Option<Say>,
    kind: &'static str,
    title: String,
    offer: String,
    day: String,
    day_fault: Option<String>,
    today: String,
    inputs: Vec<Input>,
    codes: Vec<String>,
    needs_evidence: bool,
}

/// `GET /staff/field/new`: which kind.
pub(super) async fn choose(State(console): State<Arc<Console>>, viewer: Viewer) -> Result<Response, Refusal> {
    who(&viewer)?;
    let frame = Frame::of(&console, &viewer, "field").at("/staff/field/new");
    let kinds = kinds(&frame, "")
        .into_iter()
        .map(|kind| {
            let hint = frame.word("field-kind-hint-", key(&kind.value));
            (kind.value, kind.label, hint)
        })
        .collect();
    page(&Choose { frame, kinds })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Like {
    /// The entry whose values the form begins with: one that was returned or voided is entered anew.
    like: String,
}

/// `GET /staff/field/new/{kind}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    viewer: Viewer,
    Path(kind): Path<String>,
    Query(like): Query<Like>,
) -> Result<Response, Refusal> {
    who(&viewer)?;
    let kind = Kind::parse(&kind).ok_or(Refusal::NotFound)?;
    let mut values = BTreeMap::new();
    if let Ok(id) = like.like.parse() {
        let (shown, _) = console.field.get(EntryId(id)).await?;
        if shown.kind == Some(kind) {
            for spec in kind.specs() {
                values.insert(spec.name.to_owned(), shown.value(spec.name).to_owned());
            }
            let zone = console.field.rules().offset_minutes;
            values.insert("occurred_at".to_owned(), local(shown.row.occurred_at, zone, "%Y-%m-%d"));
        }
    }
    shown(&console, &viewer, kind, &values, &[], None).await
}

async fn shown(
    console: &Arc<Console>,
    viewer: &Viewer,
    kind: Kind,
    values: &BTreeMap<String, String>,
    wrong: &[Wrong],
    say: Option<Say>,
) -> Result<Response, Refusal> {
    let who = who(viewer)?;
    let word = kind.as_str();
    let frame = Frame::of(console, viewer, "field").at(&format!("/staff/field/new/{word}"));
    let zone = console.field.rules().offset_minutes;
    let today = local(console.field.now(), zone, "%Y-%m-%d");
    let status = if say.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    let fault = |name: &str| {
        wrong.iter().find(|wrong| wrong.name == name).map(|wrong| {
            let (is, wanted) = wrong.fault.told();
            let id = format!("field-fault-{}", wrong.fault.key());
            frame.with2(&id, "is", is, "wanted", wanted)
        })
    };
    let input = |spec: &Spec| Input {
        name: spec.name,
        label: label(&frame, kind, spec.name),
        hint: hint(&frame, kind, spec.name),
        shape: match spec.shape {
            Shape::Count(_) => "count",
            Shape::Word(_) => "select",
            Shape::Code => "code",
            Shape::Text(max) if max > 500 => "area",
            Shape::Text(_) | Shape::Centre | Shape::Unit => "text",
        },
        choices: choices(&frame, spec, &value(spec.name)),
        value: value(spec.name),
        required: spec.required,
        max: match spec.shape {
            Shape::Count(max) => max as usize,
            Shape::Text(max) => max,
            Shape::Word(_) | Shape::Code | Shape::Centre => 32,
            Shape::Unit => 64,
        },
        fault: fault(spec.name),
    };
    let day = value("occurred_at");
    let answer = page(&Page {
        say,
        kind: word,
        title: frame.word("field-kind-", key(word)),
        offer: console.field.offer(&who),
        day: if day.is_empty() { today.clone() } else { day },
        day_fault: fault("occurred_at"),
        today,
        inputs: kind.specs().iter().map(input).collect(),
        codes: console.field.codes().await?,
        needs_evidence: kind.needs_evidence(),
        frame,
    })?;
    Ok((status, answer).into_response())
}

/// `POST /staff/field/new/{kind}`.
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    Path(kind): Path<String>,
    posted: PostedFiles,
) -> Result<Response, Refusal> {
    let who = who(&posted.viewer)?;
    let kind = Kind::parse(&kind).ok_or(Refusal::NotFound)?;
    let field = &console.field;
    let id = field.offered(&who, posted.field("offer")).ok_or(Refusal::Bad)?;
    let filled =
        read(kind, posted.field("occurred_at"), |name| posted.field(name), field.now(), field.rules());
    let done = match filled {
        Ok(filled) => field.add(&who, id, &filled, &posted.files).await,
        Err(wrong) => Err(Refused::Wrong(wrong).into()),
    };
    match done {
        // A form that comes twice leads to the entry that it became.
        Ok(()) | Err(FieldError::Refused(Refused::Twice)) => {
            back(&format!("/staff/field/entry/{id}"), "entered", Ok(()))
        }
        Err(FieldError::Refused(refused)) => {
            let frame = Frame::of(&console, &posted.viewer, "field");
            let say = Say::bad(frame.word("field-refused-", refused.key()));
            let wrong = if let Refused::Wrong(wrong) = refused { wrong } else { Vec::new() };
            shown(&console, &posted.viewer, kind, &posted.fields, &wrong, Some(say)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The end of the id of a name's texts.
fn text_key(kind: Kind, name: &str) -> String {
    if BY_KIND.contains(&name) { format!("{name}-{}", key(kind.as_str())) } else { key(name) }
}

/// What a value is called.
pub(super) fn label(frame: &Frame<'_>, kind: Kind, name: &str) -> String {
    frame.word("field-label-", text_key(kind, name))
}

fn hint(frame: &Frame<'_>, kind: Kind, name: &str) -> Option<String> {
    let key = text_key(kind, name);
    HINTS.contains(&key.as_str()).then(|| frame.word("field-hint-", key))
}

/// A value as it is shown.
pub(super) fn said(frame: &Frame<'_>, spec: &Spec, value: &str) -> String {
    match (spec.shape, value) {
        (_, "") => String::new(),
        (Shape::Word(_), word) => frame.word(prefix(spec.name), key(word)),
        _ => value.to_owned(),
    }
}

/// Texts of a closed list.
fn prefix(name: &str) -> &'static str {
    match name {
        "cc" | "origin" | "stay" => "country-",
        "aud" => "audience-",
        "sex" => "sex-",
        "age" => "age-",
        "covers" => "field-covers-",
        "role" => "field-role-",
        "answer" => "field-answer-",
        _ => "field-basis-",
    }
}

fn choices(frame: &Frame<'_>, spec: &Spec, chosen: &str) -> Vec<Choice> {
    let Shape::Word(list) = spec.shape else { return Vec::new() };
    let label = if spec.required { "field-choose" } else { "not-said" };
    let first = Choice { value: String::new(), label: frame.t(label), chosen: chosen.is_empty() };
    let list: Vec<&str> = list.iter().copied().filter(|word| *word != "U").collect();
    std::iter::once(first)
        .chain(list.iter().map(|word| Choice {
            value: (*word).to_owned(),
            label: frame.word(prefix(spec.name), key(word)),
            chosen: *word == chosen,
        }))
        .collect()
}
