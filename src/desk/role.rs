//! What somebody may do.

use std::fmt;

/// A role. Somebody may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Claims and answers cases.
    Consultant,
    /// Sees all cases, assigns them, sets hours and targets.
    Supervisor,
    /// Writes drafts of the content.
    Editor,
    /// Publishes the content.
    Publisher,
    /// Makes campaigns and codes.
    Campaigner,
    /// Makes accounts, reads the trail.
    Admin,
    /// Reads reports.
    Viewer,
}

impl Role {
    pub const ALL: [Self; 7] = [
        Self::Consultant,
        Self::Supervisor,
        Self::Editor,
        Self::Publisher,
        Self::Campaigner,
        Self::Admin,
        Self::Viewer,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consultant => "consultant",
            Self::Supervisor => "supervisor",
            Self::Editor => "editor",
            Self::Publisher => "publisher",
            Self::Campaigner => "campaigner",
            Self::Admin => "admin",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Must log in with a second step: they reach other people's cases or accounts.
    pub const fn needs_second_step(self) -> bool {
        matches!(self, Self::Supervisor | Self::Admin)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether one of them is among these.
    pub fn has_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }

    pub fn need_second_step(self) -> bool {
        self.iter().any(Role::needs_second_step)
    }

    /// The stored form: a JSON list of words.
    pub fn to_json(self) -> String {
        let words: Vec<&str> = self.iter().map(Role::as_str).collect();
        serde_json::to_string(&words).unwrap_or_default()
    }

    /// Reads the stored form. A word of a newer version gives no right.
    pub fn from_json(text: &str) -> Self {
        let words: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        words.iter().filter_map(|word| Role::parse(word)).collect()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_read_back_and_unknown_words_give_nothing() {
        let roles: Roles = [Role::Admin, Role::Consultant].into_iter().collect();
        assert_eq!(roles.to_json(), r#"["consultant","admin"]"#);
        assert_eq!(Roles::from_json(&roles.to_json()), roles);
        assert_eq!(Roles::from_json(r#"["root","viewer"]"#), [Role::Viewer].into_iter().collect());
        assert_eq!(Roles::from_json("x"), Roles::default());
        assert!(roles.has(Role::Admin) && !roles.has(Role::Viewer) && roles.need_second_step());
        assert!(!Roles::from_iter([Role::Consultant, Role::Publisher]).need_second_step());
    }
}
