//! What the consultants' side does to a person's state. Each gives the message to send, where one is due.

use super::{Say, Screen, State, System};
use crate::domain::Timestamp;

/// A consultant took the case.
pub fn claimed(_state: &mut State, _name: &str) -> Option<Say> {
    None
}

/// A consultant wrote.
pub fn answered(state: &mut State, _name: &str, _text: &str) -> Say {
    Say::new(Screen::System(System::Kept), state.locale)
}

/// The case waits for somebody else.
pub fn requeued(_state: &mut State) -> Option<Say> {
    None
}

/// A consultant closed the case.
pub fn closed(_state: &mut State, _now: Timestamp) -> Option<Say> {
    None
}

/// The case opened again from the consultants' side.
pub fn reopened(_state: &mut State, _now: Timestamp) {}
