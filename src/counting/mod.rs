//! Events become counts in the transaction that writes them; counts become figures.
//!
//! [`take`] is the one way in: a turn, a case that closes and a replayed file go through it. What only adds to a
//! person's counts is applied in place; whatever changes history (a link, a void, a flag, a late row) folds all of
//! that person's events anew, with the function that a recount uses. The cells of the figures follow a moment later
//! ([`roll`]); [`shares`] adds what they do not hold yet, so that figures are exact at any time.

pub mod board;
mod chain;
mod compared;
mod erase;
mod evidence;
mod freeze;
mod groups;
mod part;
mod read;
mod recount;
mod replay;
mod roll;
mod settings;
mod take;
mod trace;
mod uses;
mod visitor;

pub use chain::{Verdict, leave, move_mark, seal, verify};
pub use compared::{Comparison, last_compared, note_compared};
pub use erase::{erase, forget, in_force};
pub use freeze::{Key, cells, freeze, frozen_cells, restated, restated_before, version};
pub use part::part;
pub use recount::{Compared, compare, recount};
pub use replay::{Feed, ReplayError, replay};
pub use roll::{roll, shares};
pub use settings::{CountingError, InForce, configure, ready, settings, settings_of};
pub use take::{append, take, take_rows};
pub use trace::{Asked, Contributor, HeadCount, Traced, Unit, trace, trace_page};
pub use uses::squash;
pub use visitor::visitor;
