//! What was written in a form that was refused.

/// What was refused on a case's page: it comes back in its field.
#[derive(Default)]
pub(super) struct Again {
    pub answer: Option<String>,
    pub note: Option<String>,
    /// To whom, and the note.
    pub hand: Option<(String, String)>,
}

impl Again {
    pub fn answer(text: String) -> Self {
        Self { answer: Some(text), ..Self::default() }
    }

    pub fn note(text: String) -> Self {
        Self { note: Some(text), ..Self::default() }
    }

    pub fn hand(to: String, note: String) -> Self {
        Self { hand: Some((to, note)), ..Self::default() }
    }

    pub const fn is_any(&self) -> bool {
        self.answer.is_some() || self.note.is_some() || self.hand.is_some()
    }
}
