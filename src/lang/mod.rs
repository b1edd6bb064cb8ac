//! What people type: folding, words of command and of danger, dates, numbers, names; which language a text is in, which page it
//! asks for; which words are Russian; endings.

mod amounts;
mod danger;
mod dates;
mod fold;
mod identify;
mod languages;
mod mask;
mod names;
mod numbers;
mod offered;
mod ordinals;
mod phrases;
mod rank;
mod russian;
mod spoken;
mod stems;
mod vocabulary;
mod words;

pub use amounts::number_in_words;
pub use danger::Alarm;
pub use dates::{DateAnswer, date_words, parse_date};
pub use fold::{fold, skeleton};
pub use identify::{Guess, Identifier, SUGGEST_MARGIN, SWITCH_MARGIN, SWITCH_WORDS, Trainer};
pub use languages::LanguageNamed;
pub use mask::mask;
pub use numbers::parse_number;
pub use offered::Offered;
pub use rank::{Asked, Builder, Field, Hit, Index, words};
pub use russian::is_russian;
pub use stems::has_stem;
pub use vocabulary::Vocabulary;
pub use words::{Command, Foreign, Words};
