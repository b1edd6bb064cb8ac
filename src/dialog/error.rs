//! What can go wrong between an inbound and its commit.

use crate::{privacy::Unsealable, store::StoreError};

#[derive(Debug, thiserror::Error)]
pub enum DialogError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sealed(#[from] Unsealable),
}

impl DialogError {
    /// Another instance was quicker with the same contact: a new transaction sees what it wrote.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_conflict())
    }

    /// Whether the same call may go through later.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Store(error) if error.retryable())
    }
}
