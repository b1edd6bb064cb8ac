//! Visitors of a centre, who are no contacts of the bot.

use crate::domain::ContactId;

/// Hex digits that make an id: 60 bits keep it clear of the sign.
const DIGITS: usize = 15;

/// The identity behind an alias of a centre's register (its keyed hash in hex): ids of contacts lie above zero, these
/// below. `None` if it is no such alias.
pub fn visitor(alias: &str) -> Option<ContactId> {
    let number = i64::from_str_radix(alias.get(..DIGITS)?, 16).ok()?;
    Some(ContactId(-number - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_has_one_id_and_it_is_no_contacts() {
        assert_eq!(visitor("000000000000000aabbccddeeff00112"), Some(ContactId(-1)));
        assert_eq!(visitor("ffffffffffffffffffffffffffffffff"), Some(ContactId(-(1 << 60))));
        assert_eq!((visitor(""), visitor("00000000000000x0")), (None, None));
    }
}
