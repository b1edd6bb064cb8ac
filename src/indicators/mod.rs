//! What is counted, and how (indicators.md §1): pure rules, the same for a turn, a recount and a replayed file.
//!
//! A person's events fold into [`Facts`]: their first occurrences, the months they were active in, their attributes.
//! [`Facts::cells`] says in which cells of the figures that person stands. Cells, unit records and net head-counts
//! together are the [`Figures`].

pub mod chain;
mod event;
mod exports;
mod facts;
mod field;
mod figures;
pub mod file;
mod publish;
mod rules;
mod settings;
mod table;
mod unit;
mod uses;
mod window;

pub use event::{Event, Kind, Knowledge, Steps, Traits, is_quarantined};
pub use exports::{ActivityInfo, Dhis2, Exports, Iati, Organisation, Participant};
pub use facts::{Applied, Facts, Mark, fold};
pub use field::{Entry, EntryAttrs, EntryKind, Heads, Net, counted};
pub use figures::{Count, Figures, Shares, UnitRow, percent, tenths, women};
pub use publish::{Shown, suppressed};
pub use rules::{DIRECT, Equipped, Rules, RulesError, UNKNOWN, UNREGISTERED};
pub use settings::{EMBEDDED, Line, Settings, SettingsError, Wording};
pub use table::{Cell, Table};
pub use unit::{Unit, Units};
pub use uses::{START, Use, UseKey, Uses};
pub use window::{Window, month_of};

use serde::{Deserialize, Serialize};

/// Makes an enum whose variants have one word each.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }
        $(beside { $($(#[$beside_of:meta])* $beside:ident = $beside_word:literal,)* })?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
            $($($(#[$beside_of])* #[serde(rename = $beside_word)] $beside,)*)?
        }

        impl $name {
            /// In the order of reports; what stands beside them is not among them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* $($(Self::$beside => $beside_word,)*)? }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($word => Some(Self::$variant),)*
                    $($($beside_word => Some(Self::$beside),)*)?
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// The indicators of indicators.md §1.1, and `EST` for estimates that are in no indicator.
    Indicator {
        R1 = "R1",
        R2 = "R2",
        R3 = "R3",
        S1 = "S1",
        S2 = "S2",
        O1 = "O1",
        O2 = "O2",
        O3 = "O3",
        E1 = "E1",
        S3 = "S3",
        F1 = "F1",
        F2 = "F2",
        H1 = "H1",
        T1 = "T1",
        P1 = "P1",
        A1 = "A1",
        Est = "EST",
    }
    beside {
        /// A step of the funnel on the dashboard, in no report: who asked a question in their own words, or asked for a
        /// consultant.
        Asked = "ASK",
    }
}

impl Indicator {
    /// Whether its unit is a person whose attributes are known: it has a table by sex and the like.
    pub const fn is_of_persons(self) -> bool {
        matches!(
            self,
            Self::R1
                | Self::R2
                | Self::R3
                | Self::S1
                | Self::S2
                | Self::O1
                | Self::O2
                | Self::O3
                | Self::Asked
        )
    }

    /// Whether each of its units has a value in that dimension, so that the cells add up.
    pub const fn is_split_by(self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::All => true,
            Dimension::Centre | Dimension::Site => matches!(self, Self::S1 | Self::S2),
            Dimension::CodeF
            | Dimension::CodeM
            | Dimension::CodeU
            | Dimension::StayF
            | Dimension::StayM
            | Dimension::StayU => false,
            _ => self.is_of_persons(),
        }
    }

    /// Whether its units are records that name nobody (indicators.md §1.5).
    pub const fn is_of_units(self) -> bool {
        matches!(self, Self::E1 | Self::S3 | Self::F1 | Self::F2 | Self::H1 | Self::T1 | Self::P1 | Self::A1)
    }
}

words! {
    /// The three measures of a window (indicators.md §1.6), and what the overlap with head-counts needs (§1.10).
    Measure {
        /// Units that qualified in the window. Adds up over windows.
        New = "new",
        /// Units that qualified by its end and did something in it.
        Active = "active",
        /// Units that qualified by its end.
        Cum = "cum",
        /// Persons by the day of their first touch with a code.
        Touch = "touch",
    }
}

words! {
    /// What a figure is split by (indicators.md §1.7). Each counted unit has one value in each.
    Dimension {
        /// Not split.
        All = "",
        Sex = "sex",
        Age = "age",
        Origin = "origin",
        Stay = "stay",
        Audience = "audience",
        Language = "lang",
        Channel = "channel",
        FirstTouch = "first_touch",
        LastTouch = "last_touch",
        /// Country of the centre: S1 and S2 only.
        Centre = "cc",
        /// The centre itself: S1 and S2 only.
        Site = "centre",
        /// The country of stay, of women: for a system that takes both together (indicators.md §2.3). Erased people are not
        /// in it.
        StayF = "stay_f",
        /// The same, of men.
        StayM = "stay_m",
        /// The same, of those whose sex is not known.
        StayU = "stay_u",
        /// With [`Measure::Touch`]: the code, of women.
        CodeF = "code_f",
        /// The same, of men.
        CodeM = "code_m",
        /// The same, of those whose sex is not known.
        CodeU = "code_u",
    }
}

impl Dimension {
    /// Those that a person's row of every indicator is split by.
    pub const OF_PERSONS: [Self; 9] = [
        Self::Sex,
        Self::Age,
        Self::Origin,
        Self::Stay,
        Self::Audience,
        Self::Language,
        Self::Channel,
        Self::FirstTouch,
        Self::LastTouch,
    ];
}

words! {
    Sex { F = "F", M = "M", U = "U", }
}

words! {
    /// Where an identity or a head-count lives (indicators.md §1.7).
    Channel {
        Telegram = "tg",
        WhatsApp = "wa",
        Web = "web",
        /// A registered visitor.
        Centre = "centre",
        /// A head-count.
        Field = "field",
    }
}
