//! The shape of messages: which attributes, variables and variants they have. For the check.

use std::collections::BTreeSet;

use fluent_syntax::ast::{self, Expression, InlineExpression, PatternElement, VariantKey};

/// One message of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    /// Line (from 1) of the id.
    pub line: usize,
    /// Comment lines right above it.
    pub comment: String,
    /// `None` for the value, `Some(name)` for an attribute, in file order.
    pub parts: Vec<(Option<String>, Shape)>,
    /// The message as it stands in the file, for its hash.
    pub source: String,
}

/// What a pattern refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Variables printed or selected on.
    pub variables: BTreeSet<String>,
    /// Selectors on variables: (variable, keys of its variants, the default's key).
    pub selectors: Vec<(String, Vec<String>, String)>,
    /// First arguments of `FIGURE`, with the second when it is written out.
    pub figures: BTreeSet<(String, Option<String>)>,
    /// Text pieces, joined: for letters, markup and digits.
    pub literal: String,
}

/// All messages of a file that can be read.
pub fn entries(text: &str) -> Vec<Entry> {
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut out = Vec::new();
    for item in resource.body {
        let ast::Entry::Message(message) = item else { continue };
        // The parser borrows from `text`, so an id's address gives its place.
        let offset = (message.id.name.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let mut parts = Vec::new();
        if let Some(value) = &message.value {
            parts.push((None, shape(value)));
        }
        for attribute in &message.attributes {
            parts.push((Some(attribute.id.name.to_owned()), shape(&attribute.value)));
        }
        out.push(Entry {
            id: message.id.name.to_owned(),
            line: super::line_of(text, offset),
            comment: message.comment.map(|c| c.content.join("\n")).unwrap_or_default(),
            parts,
            source: source_of(text, offset),
        });
    }
    out
}

/// From the id to the line before the next entry, trailing blank lines cut.
fn source_of(text: &str, offset: usize) -> String {
    let rest = text.get(offset..).unwrap_or_default();
    let mut lines = rest.lines();
    let mut out = String::from(lines.next().unwrap_or_default());
    for line in lines {
        if !(line.is_empty() || line.starts_with([' ', '}'])) {
            break;
        }
        out.push('\n');
        out.push_str(line);
    }
    out.truncate(out.trim_end().len());
    out
}

fn shape(pattern: &ast::Pattern<&str>) -> Shape {
    let mut shape = Shape::default();
    walk_pattern(pattern, &mut shape);
    shape
}

fn walk_pattern(pattern: &ast::Pattern<&str>, shape: &mut Shape) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => shape.literal.push_str(value),
            PatternElement::Placeable { expression } => walk_expression(expression, shape),
        }
    }
}

fn walk_expression(expression: &Expression<&str>, shape: &mut Shape) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, shape),
        Expression::Select { selector, variants } => {
            walk_inline(selector, shape);
            let key = |variant: &ast::Variant<&str>| match &variant.key {
                VariantKey::Identifier { name } => (*name).to_owned(),
                VariantKey::NumberLiteral { value } => (*value).to_owned(),
            };
            if let InlineExpression::VariableReference { id } = selector {
                let keys = variants.iter().map(key).collect();
                let default = variants.iter().find(|v| v.default).map(key).unwrap_or_default();
                shape.selectors.push((id.name.to_owned(), keys, default));
            }
            for variant in variants {
                walk_pattern(&variant.value, shape);
                shape.literal.push('\n');
            }
        }
    }
}

fn walk_inline(inline: &InlineExpression<&str>, shape: &mut Shape) {
    match inline {
        InlineExpression::VariableReference { id } => {
            shape.variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { id, arguments } => {
            for argument in &arguments.positional {
                walk_inline(argument, shape);
            }
            if id.name == "FIGURE" {
                let literal = |place: usize| match arguments.positional.get(place) {
                    Some(InlineExpression::StringLiteral { value }) => Some((*value).to_owned()),
                    _ => None,
                };
                if let Some(figure) = literal(0) {
                    shape.figures.insert((figure, literal(1)));
                }
            }
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, shape),
        _ => {}
    }
}
