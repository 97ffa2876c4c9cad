//! Connections: what holds the elements of a list that comes in pages, and tells where the next page begins.

use apollo_compiler::ast::FieldDefinition;

use super::live::Live;
use super::plans::Key;
use super::selection::{Pick, arguments, composite, elements, leaf};

/// How the pages of a connection are come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// From its beginning, the cursor of each element being wanted.
    Walked,
    /// From its beginning.
    Forwards,
    /// From its end, where it cannot be read otherwise.
    Backwards,
}

/// The names that the elements of a connection may have.
const ELEMENTS: [&str; 11] = [
    "edges",
    "nodes",
    "items",
    "data",
    "results",
    "messages",
    "list",
    "chats",
    "conversations",
    "experts",
    "submissions",
];

/// The elements of a connection and where its next page begins.
pub(super) fn connection(live: &Live, keys: &[Key], name: &str, pages: Pages) -> Option<Vec<Pick>> {
    let fields = live.fields(name)?;
    let field = |name: &str| fields.iter().find(|field| field.name == name && arguments(field).is_some());
    let list = ELEMENTS.iter().find_map(|name| {
        let field = field(name).filter(|field| field.ty.is_list())?;
        let inner = field.ty.inner_named_type();
        let picks = if *name == "edges" {
            let edge = live.fields(inner)?;
            let node = edge.iter().find(|field| field.name == "node")?;
            let cursor = edge.iter().find(|field| field.name == "cursor" && pages == Pages::Walked);
            let cursor = cursor.map(|cursor| leaf("cursor", "cursor", &cursor.ty.to_string()));
            let node = composite("node", "node", &node.ty, elements(live, keys, node.ty.inner_named_type())?);
            cursor.into_iter().chain([node]).collect()
        } else {
            elements(live, keys, inner)?
        };
        Some(composite(name, &format!("{}{}", field.name, arguments(field)?), &field.ty, picks))
    })?;
    let wanted =
        if pages == Pages::Backwards { ["hasPreviousPage", "startCursor"] } else { ["hasNextPage", "endCursor"] };
    let told = |fields: &[&FieldDefinition]| {
        let told: Vec<_> = fields.iter().filter(|field| wanted.contains(&&*field.name)).collect();
        let leaves = told.iter().map(|field| leaf(&field.name, &field.name, &field.ty.to_string()));
        if told.len() == wanted.len() { leaves.collect() } else { Vec::new() }
    };
    let mut picks = vec![list];
    match field("pageInfo") {
        Some(info) => {
            let inner = told(&live.fields(info.ty.inner_named_type()).unwrap_or_default());
            if !inner.is_empty() {
                picks.push(composite("pageInfo", "pageInfo", &info.ty, inner));
            }
        }
        // Some tell it without an object for it.
        None => picks.extend(told(&fields)),
    }
    Some(picks)
}
