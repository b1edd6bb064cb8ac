//! Two contacts become one.

use super::{Work, people::Change};
use crate::{domain::ContactId, engine::State};

/// Makes one contact of two: the earlier one goes on, where the person stood last. Returns its place.
pub(super) fn join(work: &mut Work, one: usize, other: usize, absorbed: &mut Vec<ContactId>) -> usize {
    let id = |index: usize| work.standings.get(index).map(|standing| standing.contact);
    let (Some(first), Some(second)) = (id(one), id(other)) else { return one };
    let (into, from, kept, gone) =
        if first < second { (one, other, first, second) } else { (other, one, second, first) };
    for index in work.by_lookup.values_mut().filter(|index| **index == from) {
        *index = into;
    }
    let left = work.standings.get_mut(from).map(|standing| {
        // Its session ends; nothing of it is saved.
        standing.touched = false;
        let known = std::mem::take(&mut standing.known);
        (std::mem::take(&mut standing.state), standing.last_inbound_at, standing.created_at, known)
    });
    if let (Some((state, at, created_at, known)), Some(standing)) = (left, work.standings.get_mut(into)) {
        let own = std::mem::take(&mut standing.state);
        standing.state =
            if at > standing.last_inbound_at { one_state(state, own) } else { one_state(own, state) };
        standing.last_inbound_at = standing.last_inbound_at.max(at);
        standing.created_at = standing.created_at.min(created_at);
        standing.known.extend(known);
        standing.touched = true;
    }
    for pending in work.outgoing.iter_mut().filter(|pending| pending.out.contact == gone) {
        pending.out.contact = kept;
    }
    for change in work.cases.iter_mut().filter(|change| change.contact == gone) {
        change.contact = kept;
    }
    work.people.changes.push(Change::Merge(gone, kept));
    absorbed.push(gone);
    into
}

/// Where the person stood last, with what only the other knows: they told it once and are not asked again. Whoever
/// only said hello there stands where the other stood.
fn one_state(later: State, earlier: State) -> State {
    let is_new = later.locale.is_none() && earlier.locale.is_some();
    let (mut state, other) = if is_new { (earlier, later) } else { (later, earlier) };
    for (key, value) in other.profile.iter() {
        let is_skipped = state.skipped.iter().any(|skipped| **skipped == *key);
        if state.profile.get(key).is_none() && !is_skipped {
            state.profile.set(key, value);
        }
    }
    state.consent = state.consent.or(other.consent);
    state.opted_out |= other.opted_out;
    // The conversation that goes on is the one that counts.
    if state.open_case().is_none() && (other.open_case().is_some() || state.case.is_none()) {
        state.case = other.case;
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;

    fn state(locale: Option<Locale>, profile: &str) -> State {
        let mut state = State::default();
        state.locale = locale;
        state.profile = profile.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
        state
    }

    #[test]
    fn nothing_that_was_told_is_lost() {
        let earlier = state(Some(Locale::Tg), "citizenship=TJ destination=KZ");
        let mut later = state(Some(Locale::Ru), "destination=RU");
        later.skipped.push("audience".into());
        let mut silent = earlier.clone();
        silent.opted_out = true;
        let one = one_state(later, silent);
        assert_eq!((one.locale, one.opted_out), (Some(Locale::Ru), true));
        assert_eq!(one.profile.get("citizenship"), Some("TJ"));
        assert_eq!(one.profile.get("destination"), Some("RU"), "the later word counts");
        // Somebody who has not even chosen a language yet.
        assert_eq!(one_state(State::default(), earlier.clone()), earlier);
    }
}
