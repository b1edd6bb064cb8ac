//! How the consultants' desk stands: a snapshot that a turn is told, refreshed apart from the turns.

use super::{Profile, Timestamp, profile};

/// What a person who waits for a consultant is told about. The default: nobody works here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeskView {
    /// Whether there are consultants at all: without them no case is opened that nobody would read.
    pub staffed: bool,
    /// Whether it is working time.
    pub open_now: bool,
    /// When it is working time next, if it is not now; `None`: not known.
    pub opens_at: Option<Timestamp>,
    /// Cases that wait.
    pub waiting: u32,
    /// Those of them that come before all others.
    pub waiting_urgent: u32,
    /// How long people have waited of late; `None`: nobody knows yet.
    pub wait_minutes: Option<u32>,
    /// The same where it is urgent.
    pub wait_minutes_urgent: Option<u32>,
    /// Days after its closing that a case is kept.
    pub kept_days: Option<u32>,
}

/// A person's own time, as far as we can know it: of the country they stay in, by the clock of its capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Moscow,
    Astana,
    Dushanbe,
    Bishkek,
}

impl Zone {
    pub const ALL: [Self; 4] = [Self::Moscow, Self::Astana, Self::Dushanbe, Self::Bishkek];

    /// Those at home live by the clock of their country, all others by that of the destination. Unknown: Moscow,
    /// where most are; texts name the city, so nobody is misled.
    pub fn of(profile: &Profile) -> Self {
        match profile.stay() {
            Some("KZ") => Self::Astana,
            Some("TJ") => Self::Dushanbe,
            Some("KG") => Self::Bishkek,
            _ => Self::Moscow,
        }
    }

    /// Offset from UTC. None of the four has summer time; Kazakhstan has one zone since March 2024.
    pub const fn offset_minutes(self) -> i32 {
        match self {
            Self::Moscow => 180,
            Self::Astana | Self::Dushanbe => 300,
            Self::Bishkek => 360,
        }
    }

    /// The selector of texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moscow => "moscow",
            Self::Astana => "astana",
            Self::Dushanbe => "dushanbe",
            Self::Bishkek => "bishkek",
        }
    }
}

impl Profile {
    /// Where the person is: the origin of those going and of families at home, else the destination.
    pub fn stay(&self) -> Option<&str> {
        match self.get(profile::AUDIENCE) {
            Some("going" | "family") => self.get(profile::CITIZENSHIP),
            _ => self.get(profile::DESTINATION),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_lives_by_the_clock_of_where_they_are() {
        for (answers, zone) in [
            ("audience=migrant citizenship=TJ destination=RU", Zone::Moscow),
            ("audience=migrant citizenship=TJ destination=KZ", Zone::Astana),
            ("audience=going citizenship=TJ destination=RU", Zone::Dushanbe),
            ("audience=family citizenship=KG destination=KZ", Zone::Bishkek),
            ("citizenship=KG", Zone::Moscow),
            ("", Zone::Moscow),
        ] {
            let profile: Profile =
                answers.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
            assert_eq!(Zone::of(&profile), zone, "{answers}");
        }
    }
}
