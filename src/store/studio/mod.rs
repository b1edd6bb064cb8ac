//! Drafts of the content: change sets, their items, remarks and reasons; who looks at what; history of items.

pub mod history;
pub mod items;
pub mod links;
pub mod looks;
pub mod publications;
pub mod remarks;
pub mod sets;
