//! The people who work with Safar: their accounts, what they did, and the cases they have in hand.
//!
//! Services for pages and command line. They seal, hash and tell the time; the store only keeps.

mod answer;
pub mod audit;
mod cases;
mod claim;
mod close;
mod figures;
mod file_name;
mod files;
mod follow_up;
pub mod hours;
mod marks;
mod news;
pub mod outcome;
mod person;
mod presence;
mod queue;
mod read;
mod role;
mod send_file;
pub mod settings;
pub mod staff;
mod sweep;
mod tell;
mod together;
pub mod wait;
mod watch;

pub use crate::store::cases::AttachmentRow as File;
pub use answer::{ANSWER_MAX_CHARS, DRAFT_MAX_CHARS, Sent, clean};
pub use cases::{Desk, DeskError, Refused, Who};
pub use claim::{Claimed, NOTE_MAX_CHARS, Offer, Offered, To};
pub use close::{CloseForm, NUMBER_MAX_CHARS, Visit, help_of};
pub use figures::{Figures, Overview, Times};
pub use file_name::ending_of;
pub use files::{Fetching, PIECE_BYTES, is_program, kind_of, type_of};
pub use follow_up::{FollowUp, Rememberer, follow_ups_url};
pub use marks::Mark;
pub use news::{News, Noise, fresh};
pub use queue::{Board, Ended, Filter, PAGE, Place, QueuePage, Queued, Standing, Tally, owes};
pub use read::{Author, CaseRow, CaseState, Colleague, Delivery, Entry, Other, Preview, ReadMark, Shown};
pub use role::{Role, Roles};
pub use send_file::NewFile;
pub use sweep::SWEEP_MAX;
pub use watch::{Chat, Round, alarm_url};

/// Roles that may have cases.
const TAKERS: [Role; 2] = [Role::Consultant, Role::Supervisor];
