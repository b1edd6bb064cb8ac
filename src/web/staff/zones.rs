//! Time zones to choose from: offsets, for none of the places where our staff works moves its clocks.

use super::Frame;

/// Offsets with a text `zone-<minutes>`.
const OFFERED: [i32; 13] = [0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660, 720];

/// An offset as a form offers it.
pub struct Choice {
    pub minutes: i32,
    pub label: String,
    pub chosen: bool,
}

/// All offsets offered, and the present one if it is another.
pub(super) fn choices(frame: &Frame<'_>, chosen: i32) -> Vec<Choice> {
    let mut offsets = OFFERED.to_vec();
    if !offsets.contains(&chosen) {
        offsets.push(chosen);
        offsets.sort_unstable();
    }
    let of = |minutes: i32| Choice {
        minutes,
        label: if OFFERED.contains(&minutes) {
            format!("{} · {}", utc(minutes), frame.word("zone-", minutes))
        } else {
            utc(minutes)
        },
        chosen: minutes == chosen,
    };
    offsets.into_iter().map(of).collect()
}

/// `UTC+5`, `UTC−3:30`.
pub fn utc(minutes: i32) -> String {
    let sign = if minutes < 0 { '−' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
}
