//! What may be published: small cells are hidden (indicators.md §1.12).

use std::collections::BTreeMap;

/// A number as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Number(u64),
    /// Less than the threshold.
    Below(u64),
    /// Hidden so that no other can be worked out.
    Hidden,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Below(k) => write!(f, "<{k}"),
            Self::Hidden => f.write_str("*"),
        }
    }
}

/// A one-way table with its small cells hidden: the total, and each cell above zero.
pub fn suppressed(cells: &BTreeMap<String, u64>, k: u64) -> (Shown, BTreeMap<&str, Shown>) {
    let cells: BTreeMap<&str, u64> =
        cells.iter().filter(|(_, n)| **n > 0).map(|(label, n)| (label.as_str(), *n)).collect();
    let total: u64 = cells.values().sum();
    if total > 0 && total < k {
        return (Shown::Below(k), cells.into_keys().map(|label| (label, Shown::Hidden)).collect());
    }
    let show = |n| if n < k { Shown::Below(k) } else { Shown::Number(n) };
    let mut shown: BTreeMap<&str, Shown> = cells.iter().map(|(label, n)| (*label, show(*n))).collect();
    let is_open = |shown: &Shown| matches!(shown, Shown::Number(_));
    loop {
        let hidden: Vec<u64> = shown
            .iter()
            .filter(|(_, shown)| !is_open(shown))
            .filter_map(|(label, _)| cells.get(label).copied())
            .collect();
        if hidden.is_empty() || (hidden.len() >= 2 && hidden.iter().sum::<u64>() >= k) {
            break;
        }
        // In order of labels, so that of equal ones the first is taken.
        let open = shown.iter().filter(|(_, shown)| is_open(shown));
        let smallest = open.min_by_key(|(label, _)| cells.get(*label).copied()).map(|(label, _)| *label);
        let Some(label) = smallest else { break };
        shown.insert(label, Shown::Hidden);
    }
    (Shown::Number(total), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_and_those_that_give_them_away_are_hidden() {
        for (cells, total, wanted) in [
            (&[("F", 2), ("M", 1), ("U", 3)][..], "6", "F <3 M <3 U 3"),
            (&[("KG", 6), ("RU", 2), ("TJ", 13), ("U", 4)], "25", "KG 6 RU <3 TJ 13 U *"),
            (&[("centre", 2), ("field", 15), ("tg", 9), ("wa", 6)], "32", "centre <3 field 15 tg 9 wa *"),
            (&[("F", 1), ("U", 1)], "<3", "F * U *"),
            (&[("F", 2), ("M", 0)], "<3", "F *"),
            // Two hidden cells of one together are below the threshold.
            (&[("A", 1), ("B", 1), ("C", 5), ("D", 5)], "12", "A <3 B <3 C * D 5"),
            (&[("A", 7)], "7", "A 7"),
            (&[], "0", ""),
        ] {
            let cells: BTreeMap<String, u64> = cells.iter().map(|(l, n)| ((*l).to_owned(), *n)).collect();
            let (all, shown) = suppressed(&cells, 3);
            let shown: Vec<String> = shown.iter().map(|(label, shown)| format!("{label} {shown}")).collect();
            assert_eq!((all.to_string(), shown.join(" ")), (total.into(), wanted.into()));
        }
    }
}
