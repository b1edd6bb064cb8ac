//! The immutable set of content that the engine walks.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};

use crate::{
    domain::{NodeId, ReleaseId},
    lang::Words,
    text::Texts,
};

use super::{Figures, Files, Finding, Node, Place, Purpose, Reply, Search, SourceRef, Template, Term, parse};

/// One published set of content, shared by all parts, never changed.
#[derive(Debug)]
pub struct Release {
    pub id: ReleaseId,
    pub settings: Settings,
    pub(super) nodes: HashMap<NodeId, Node>,
    /// In the order of the files.
    pub order: Vec<NodeId>,
    /// The menu from which a node is reached first: where "back" leads without a trail.
    pub(super) parents: HashMap<NodeId, NodeId>,
    /// The main menus: the one of the settings, then along `otherwise` those of other people.
    pub(super) homes: Vec<NodeId>,
    pub texts: Texts,
    /// Interface strings of the program.
    pub interface: Arc<Texts>,
    pub words: Arc<Words>,
    pub figures: Figures,
    pub places: Vec<Place>,
    pub sources: HashMap<Box<str>, SourceRef>,
    pub retired: BTreeMap<Box<str>, NodeId>,
    /// Messages for outside of a channel's window.
    pub templates: Vec<Template>,
    /// What consultants say often.
    pub replies: Vec<Reply>,
    /// Terms of the texts, for the check.
    pub glossary: Vec<Term>,
    pub hash: Box<str>,
    /// Made when first asked for: [`Release::search`].
    pub(super) search: OnceLock<Arc<Search>>,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// The main menu. Others may follow it by `otherwise`: the last of them is for everyone.
    pub home: NodeId,
    /// First node after the language was chosen.
    pub first: Option<NodeId>,
    /// First of the questions for the counts, each leading to the next: asked after an answer that the person came for.
    pub later: Option<NodeId>,
    /// What the word or button "person" opens.
    pub help: NodeId,
    /// What a word of danger opens.
    pub emergency: NodeId,
    /// Topics of danger: who asks for a person there sees the emergency numbers first, and comes before others.
    pub risk: Vec<Box<str>>,
    /// Topics that nodes may have; `None`: any.
    pub topics: Option<Vec<Box<str>>>,
}

impl Release {
    /// Parses a folder's texts. Errors mean that no release could be made of it; warnings come with one.
    pub fn parse(
        files: &Files,
        interface: Arc<Texts>,
        words: Arc<Words>,
    ) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        parse::release(files, interface, words)
    }

    /// The same content under its number in the database.
    #[must_use]
    pub fn with_id(mut self, id: ReleaseId) -> Self {
        self.id = id;
        self
    }

    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().filter_map(|id| self.nodes.get(id))
    }

    /// The node, or the heir of one that is gone; follows a chain of heirs.
    pub fn living(&self, id: &str) -> Option<&Node> {
        let mut id = id;
        for _ in 0..16 {
            if let Some(node) = self.nodes.get(id) {
                return Some(node);
            }
            id = self.retired.get(id)?.as_str();
        }
        None
    }

    /// What finds pages by people's own words. Made once, on the first call; a program that serves people calls it when
    /// it takes the release, so that nobody waits.
    pub fn search(&self) -> &Search {
        self.search.get_or_init(|| Search::shared(self))
    }

    pub fn template(&self, purpose: Purpose) -> Option<&Template> {
        self.templates.iter().find(|template| template.purpose == purpose)
    }

    pub fn parent(&self, id: &str) -> Option<&NodeId> {
        self.parents.get(id)
    }

    /// Whether a node is a main menu. Each person has one of them: the first that fits.
    pub fn is_home(&self, id: &str) -> bool {
        self.homes.iter().any(|home| home.as_str() == id)
    }

    /// All main menus, the one of the settings first.
    pub fn homes(&self) -> &[NodeId] {
        &self.homes
    }

    /// The main menu that shows itself to anyone.
    pub fn last_home(&self) -> &NodeId {
        self.homes.last().unwrap_or(&self.settings.home)
    }
}
