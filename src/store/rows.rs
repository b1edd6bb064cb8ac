//! Statements over many rows: few texts, each prepared once per connection.
//!
//! A statement marks what is repeated for each row: `values /*each*/($1, $2)/*end*/`, `in (/*each*/$3/*end*/)`.
//! As it stands it is good SQL for one row. Binds outside of the marks come first and are bound once.
//! Row counts are powers of two up to 64, so a statement has at most seven texts per database.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use sqlx::AssertSqlSafe;

use super::sql::Text;

/// Most rows in one statement.
pub const ROWS_MAX: usize = 64;

const EACH: &str = "/*each*/";
const END: &str = "/*end*/";

type Texts = HashMap<(Text, usize), Arc<str>>;
static TEXTS: LazyLock<RwLock<Texts>> = LazyLock::new(RwLock::default);

/// The text of `sql` for so many rows.
///
/// The only place that vouches for a generated text: it is built from a constant of `statements!` and numbers.
pub(super) fn many(sql: Text, rows: usize) -> AssertSqlSafe<Arc<str>> {
    let key = (sql, rows);
    if let Some(text) = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return AssertSqlSafe(Arc::clone(text));
    }
    let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    AssertSqlSafe(Arc::clone(texts.entry(key).or_insert_with(|| {
        let text = expand(sql.text, rows);
        let text = if sql.numbered { text } else { unnumbered(&text).unwrap_or(text) };
        text.into()
    })))
}

/// Cuts rows into pieces whose lengths are powers of two: 200 = 64 + 64 + 64 + 8.
pub(super) fn pieces<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let size = 1 << rest.len().min(ROWS_MAX).checked_ilog2()?;
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

/// Cuts keys of an `in` list into pieces of at most 64 and repeats the last key up to a power of two.
pub(super) fn padded<T: Copy>(keys: &[T]) -> impl Iterator<Item = Vec<T>> {
    keys.chunks(ROWS_MAX).map(|chunk| {
        let mut piece = chunk.to_vec();
        if let Some(last) = chunk.last() {
            piece.resize(chunk.len().next_power_of_two(), *last);
        }
        piece
    })
}

fn expand(sql: &str, rows: usize) -> String {
    let Some((head, (row, tail))) =
        sql.split_once(EACH).and_then(|(head, rest)| Some((head, rest.split_once(END)?)))
    else {
        return sql.to_owned();
    };
    let once = last_bind(head).max(last_bind(tail));
    let width = last_bind(row).saturating_sub(once);
    let mut text = String::with_capacity(head.len() + (row.len() + 8) * rows + tail.len());
    text.push_str(head);
    for index in 0..rows {
        if index > 0 {
            text.push_str(", ");
        }
        push_shifted(&mut text, row, once, index * width);
    }
    text.push_str(tail);
    text
}

/// Appends `row` with each bind above `once` moved up by `shift`.
fn push_shifted(text: &mut String, row: &str, once: usize, shift: usize) {
    let mut parts = row.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for (number, rest) in parts.map(leading_number) {
        let number = if number > once { number + shift } else { number };
        // Writing into a String cannot fail.
        let _ = write!(text, "${number}{rest}");
    }
}

/// The text with `?` for its binds; `None` unless each is used once, in order.
fn unnumbered(text: &str) -> Option<String> {
    let mut parts = text.split('$');
    let mut plain = String::with_capacity(text.len());
    plain.push_str(parts.next()?);
    for (index, part) in parts.enumerate() {
        let (number, rest) = leading_number(part);
        if number != index + 1 {
            return None;
        }
        plain.push('?');
        plain.push_str(rest);
    }
    Some(plain)
}

fn last_bind(sql: &str) -> usize {
    sql.split('$').skip(1).map(|part| leading_number(part).0).max().unwrap_or(0)
}

fn leading_number(part: &str) -> (usize, &str) {
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = part.strip_suffix(rest).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    (number, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_repeated_with_binds_of_its_own() {
        let insert = "insert into t (a, b) values /*each*/($1, $2)/*end*/ on conflict do nothing";
        assert_eq!(expand(insert, 1), "insert into t (a, b) values ($1, $2) on conflict do nothing");
        assert_eq!(
            expand(insert, 3),
            "insert into t (a, b) values ($1, $2), ($3, $4), ($5, $6) on conflict do nothing"
        );
    }

    #[test]
    fn binds_outside_of_the_row_are_bound_once() {
        let update = "update t set a = $1 where b = $2 and id in (/*each*/$3/*end*/)";
        assert_eq!(expand(update, 4), "update t set a = $1 where b = $2 and id in ($3, $4, $5, $6)");
        let both = "select $1 where x in (/*each*/$1 + $2/*end*/)";
        assert_eq!(expand(both, 2), "select $1 where x in ($1 + $2, $1 + $3)");
    }

    #[test]
    fn pieces_are_powers_of_two_and_leave_nothing_out() {
        for (count, sizes) in [
            (0, vec![]),
            (1, vec![1]),
            (3, vec![2, 1]),
            (63, vec![32, 16, 8, 4, 2, 1]),
            (64, vec![64]),
            (65, vec![64, 1]),
            (200, vec![64, 64, 64, 8]),
        ] {
            let rows: Vec<usize> = (0..count).collect();
            assert_eq!(pieces(&rows).map(<[usize]>::len).collect::<Vec<_>>(), sizes, "{count} rows");
            assert_eq!(pieces(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        }
    }

    #[test]
    fn lists_of_keys_are_filled_with_the_last_one() {
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [vec![1, 2, 3, 3]]);
        let keys: Vec<usize> = (0..70).collect();
        assert_eq!(padded(&keys).map(|piece| piece.len()).collect::<Vec<_>>(), [64, 8]);
        assert_eq!(padded::<u8>(&[]).count(), 0);
    }

    #[test]
    fn a_text_is_made_once() {
        let text = Text { text: "select /*each*/$1/*end*/", numbered: true };
        let AssertSqlSafe(first) = many(text, 8);
        let AssertSqlSafe(second) = many(text, 8);
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn binds_lose_their_numbers_only_where_order_says_the_same() {
        let text = Text { text: "update t set a = $1 where id in (/*each*/$2/*end*/)", numbered: false };
        let AssertSqlSafe(plain) = many(text, 2);
        assert_eq!(&*plain, "update t set a = ? where id in (?, ?)");
        assert_eq!(unnumbered("select $1 where x = $2 or y = $1"), None);
        assert_eq!(unnumbered("select $2, $1"), None);
    }
}
