//! Forms with files as the fake APIs note them, and as a browser sends them.

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
    http::{HeaderMap, header},
};
use safar::domain::hex;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// A body as JSON: what is JSON as it is; a form with its fields, of each file its name, type, length and sum.
pub async fn read(headers: &HeaderMap, body: Bytes) -> Value {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return serde_json::from_slice(&body).unwrap_or_default();
    }
    let request = Request::builder().header(header::CONTENT_TYPE, kind);
    let mut request = request.body(Body::from(body)).unwrap();
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.unwrap();
    let mut fields = Map::new();
    while let Some(field) = form.next_field().await.unwrap() {
        let name = field.name().unwrap().to_owned();
        let (file, kind) = (field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
        let bytes = field.bytes().await.unwrap();
        let value = match file {
            Some(file) => json!({ "file": file, "type": kind, "bytes": bytes.len(), "sha256": sum(&bytes) }),
            None => Value::String(String::from_utf8(bytes.to_vec()).unwrap()),
        };
        fields.insert(name, value);
    }
    Value::Object(fields)
}

/// As the fakes write it.
pub fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
