//! What send cases of all channels share: scripted answers, buttons, and how an error is written down.

use safar::{
    channels::{Scope, SendError},
    compose::Button,
    domain::FileOut,
};
use toml::{Table, Value};

/// An answer of the API, as a case writes it: a fault, or a status with its body.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    fault: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    headers: Table,
}

/// The same for a fake API.
pub enum Scripted {
    /// No answer, ever.
    Hang,
    /// The request is taken, then the connection breaks.
    Reset,
    /// The fake's own answer, but late.
    Late,
    Raw {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
}

impl Reply {
    pub fn scripted(&self) -> Scripted {
        match (self.fault.as_deref(), self.status) {
            (Some("hang"), None) => Scripted::Hang,
            (Some("reset"), None) => Scripted::Reset,
            (Some("late"), None) => Scripted::Late,
            (None, Some(status)) => {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let headers = self.headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
                Scripted::Raw { status, headers, body: self.body.clone().into_bytes() }
            }
            other => panic!("a reply is a known fault or has a status: {other:?}"),
        }
    }
}

/// Token, label and perhaps description and sign of each button.
pub fn buttons<B: AsRef<[String]>>(parts: &[B]) -> Vec<Button> {
    let button = |parts: &[String]| Button {
        token: parts[0].clone(),
        label: parts[1].clone(),
        description: parts.get(2).cloned().unwrap_or_default(),
        sign: parts.get(3).cloned().unwrap_or_default(),
    };
    parts.iter().map(|parts| button(parts.as_ref())).collect()
}

/// A file, as a case writes it: what it is, how long, and of pictures how large.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileCase {
    pub name: String,
    pub mime: String,
    bytes: usize,
    /// Width and height: it then begins as a PNG.
    sides: Option<[u32; 2]>,
}

impl FileCase {
    pub fn file(&self) -> FileOut {
        let mut bytes = match self.sides {
            Some([width, height]) => png(width, height),
            None => Vec::new(),
        };
        bytes.resize(self.bytes, b'x');
        FileOut { name: self.name.as_str().into(), mime: self.mime.as_str().into(), bytes: bytes.into() }
    }
}

/// A PNG of this size, by its header.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
    bytes
}

/// An error's kind and what it carries.
pub fn describe(error: SendError) -> Table {
    let mut table = Table::from_iter([("kind".into(), error.kind().into())]);
    let mut put = |key: &str, value: Value| table.insert(key.into(), value);
    match error {
        SendError::Throttled { retry_after, scope } => {
            let word = match scope {
                Scope::Bot => "bot",
                Scope::Chat => "chat",
                Scope::Notices => "notices",
            };
            put("scope", word.into());
            if let Some(wait) = retry_after {
                put("retry_after", i64::try_from(wait.as_secs()).unwrap().into());
            }
        }
        SendError::Refused { code } => drop(put("code", code.into())),
        SendError::Misconfigured { key } => drop(put("key", key.into())),
        SendError::Migrated { to } => drop(put("to", to.into())),
        SendError::Unreachable
        | SendError::Ambiguous
        | SendError::Blocked
        | SendError::Gone
        | SendError::BadMarkup
        | SendError::WindowClosed
        | SendError::NoTemplate
        | SendError::FileLost => {}
    }
    table
}
