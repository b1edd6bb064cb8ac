//! One folder a channel: bytes become [`crate::domain::Inbound`], composed messages become calls, calls are sent.
//!
//! `receive` and `render` of each channel are pure; only its `send`, `setup` and `poll` talk to the network,
//! all through [`http::client`]. A channel knows neither the store nor the dialog.

pub mod error;
pub mod files;
pub mod http;
pub mod telegram;
pub mod web;
pub mod whatsapp;

pub use error::{Scope, SendError};

use crate::domain::Limits;

/// What each channel can carry: the content check composes every message against all of them.
pub const ALL_LIMITS: &[&Limits] = &[&telegram::LIMITS, &whatsapp::LIMITS, &web::LIMITS];
