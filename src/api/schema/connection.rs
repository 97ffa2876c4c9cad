//! Connections: what holds the elements of a list that comes in pages, and tells where the next page begins.

use apollo_compiler::ast::{FieldDefinition, Type};

use super::arguments::Arguments;
use super::live::Live;
use super::selection::{PAGE, Pick, arguments, composite, elements, leaf};
use crate::api::operation::role::{AFTER, BEFORE, FIRST, LAST, OFFSET, PAGE_NUMBER, Role, plain};
use crate::api::operation::thing::Key;

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

/// What is known of the pages of a list within something.
#[derive(Clone, Debug, Default)]
pub(super) enum Paging {
    /// It comes at once, or what is asked for is all that can be.
    #[default]
    Once,
    /// The further pages are asked for with this field and this variable.
    Followed { name: String, variable: (&'static str, String), doubt: Option<String> },
    /// Something may be missing: why.
    LeftOut(String),
    /// Several fields could be the list.
    Question(String),
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

/// The names of what tells that there is a next page, and where it begins.
const MORE: &[&str] = &["hasnextpage", "hasmore", "hasnext"];
const NEXT: &[&str] = &["endcursor", "nextcursor", "nexttoken", "nextpagetoken"];
/// The names of both in a list that is read from its end.
const EARLIER: &[&str] = &["haspreviouspage"];
const PREVIOUS: &[&str] = &["startcursor"];
/// The objects that may tell it.
const INFOS: [&str; 3] = ["pageinfo", "paging", "pagination"];

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
    let backwards = pages == Pages::Backwards;
    // Some tell it without an object for it.
    let own = ends(live, name, backwards);
    let told =
        if own.is_empty() { infos(live, &fields).find_map(|info| info_pick(live, info, backwards)) } else { None };
    Some([vec![list], own, told.into_iter().collect()].concat())
}

/// The type of the elements of a list or a connection.
pub(super) fn element<'a>(live: &'a Live, ty: &'a Type) -> Option<&'a str> {
    if ty.is_list() {
        return Some(ty.inner_named_type());
    }
    let fields = live.fields(ty.inner_named_type())?;
    let list = ELEMENTS.iter().find_map(|name| fields.iter().find(|it| it.name == *name && it.ty.is_list()))?;
    let inner = list.ty.inner_named_type();
    if list.name != "edges" {
        return Some(inner);
    }
    Some(live.fields(inner)?.into_iter().find(|field| field.name == "node")?.ty.inner_named_type())
}

/// The fields of an object in a connection that may tell where it goes on.
fn infos<'a>(live: &'a Live, fields: &[&'a FieldDefinition]) -> impl Iterator<Item = &'a FieldDefinition> {
    let is_it = |field: &&FieldDefinition| {
        INFOS.contains(&&*plain(&field.name)) && !field.ty.is_list() && field.arguments.is_empty()
    };
    let mut found: Vec<_> = fields.iter().copied().filter(is_it).collect();
    found.retain(|field| live.fields(field.ty.inner_named_type()).is_some());
    found.into_iter()
}

fn info_pick(live: &Live, info: &FieldDefinition, backwards: bool) -> Option<Pick> {
    let inner = ends(live, info.ty.inner_named_type(), backwards);
    (!inner.is_empty()).then(|| composite("pageInfo", &info.name, &info.ty, inner))
}

/// Whether there is another page and where it begins, as far as this type tells it.
fn ends(live: &Live, name: &str, backwards: bool) -> Vec<Pick> {
    let [(more, has), (next, cursor)] = if backwards {
        [(EARLIER, "hasPreviousPage"), (PREVIOUS, "startCursor")]
    } else {
        [(MORE, "hasNextPage"), (NEXT, "endCursor")]
    };
    let fields = live.fields(name).unwrap_or_default();
    let find = |names: &[&str], is_flag: bool| {
        let is_it = |field: &&FieldDefinition, name: &str| {
            let ty = &field.ty;
            let fits = live.is_scalar(ty.inner_named_type()) && (&**ty.inner_named_type() == "Boolean") == is_flag;
            plain(&field.name) == name && fits && !ty.is_list() && field.arguments.is_empty()
        };
        names.iter().find_map(|name| fields.iter().find(|field| is_it(field, name)).copied())
    };
    let (more, next) = (find(more, true), find(next, false));
    // The place of the last element does not tell whether there is another one.
    let next = next.filter(|next| more.is_some() || !matches!(&*plain(&next.name), "endcursor" | "startcursor"));
    let told = [(more, has), (next, cursor)].into_iter();
    told.filter_map(|(field, key)| field.map(|field| leaf(key, &field.name, &field.ty.to_string()))).collect()
}

/// The scalars of the cursors that a list of this type tells: those of its elements, and of the places where it goes on.
pub(super) fn cursors<'a>(live: &'a Live, ty: &'a Type) -> Vec<&'a str> {
    let name = ty.inner_named_type();
    let Some(fields) = live.fields(name).filter(|_| !ty.is_list()) else { return Vec::new() };
    let is_told = |field: &&FieldDefinition| [NEXT, PREVIOUS, &["cursor"]].concat().contains(&&*plain(&field.name));
    let edges = fields.iter().copied().filter(|field| field.name == "edges");
    let within = infos(live, &fields).chain(edges).filter_map(|outer| live.fields(outer.ty.inner_named_type()));
    let all = fields.iter().copied().chain(within.flatten()).filter(is_told);
    all.filter(|field| live.is_scalar(field.ty.inner_named_type()))
        .map(|field| field.ty.inner_named_type().as_str())
        .collect()
}

/// The arguments of a list for its first page, how it is read, and what is known of its further pages. `None` where it demands
/// something else.
pub(super) fn pages(live: &Live, field: &FieldDefinition) -> Option<(String, Pages, Paging)> {
    const FORWARDS: &[Role] = &[FIRST, AFTER, OFFSET, PAGE_NUMBER];
    const BACKWARDS: &[Role] = &[LAST, BEFORE];
    let bind = |roles| Arguments::bind(live, roles, field).ok();
    let text = |arguments: &Arguments<'_>| {
        let size = PAGE.to_string();
        arguments.text().replace("$first", &size).replace("$last", &size).replace("$before", "$after")
    };
    let forwards = bind(FORWARDS).filter(|it| it.way().is_some() || it.takes(&FIRST));
    let backwards = || bind(BACKWARDS).filter(|it| it.takes(&LAST));
    let bound = forwards.map(|all| (all, Pages::Forwards));
    let Some((all, pages)) = bound.or_else(|| Some((backwards()?, Pages::Backwards))) else {
        let none = bind(&[])?;
        return Some((text(&none), Pages::Forwards, none.hides(&field.name).map_or(Paging::Once, Paging::LeftOut)));
    };
    let way = all.way().map(|way| way.name);
    let variable = all.variables().into_iter().find(|(name, _)| ![FIRST.name, LAST.name].contains(name));
    let first = match &variable {
        // What comes first has no cursor.
        _ if way.is_none() || way == Some(AFTER.name) => {
            text(&bind(if pages == Pages::Backwards { &BACKWARDS[..1] } else { &FORWARDS[..1] })?)
        }
        Some((name, ty)) => {
            let number = if *name == PAGE_NUMBER.name && !ty.ends_with("= 0") { "1" } else { "0" };
            text(&all).replace(&format!("${name}"), number)
        }
        None => return None,
    };
    let doubt = all.hides(&field.name);
    let paging = match way.zip(variable) {
        Some((way, (_, ty))) => {
            Paging::Followed { name: format!("{}{}", field.name, text(&all)), variable: (way, ty), doubt }
        }
        None => doubt.map_or(Paging::Once, Paging::LeftOut),
    };
    Some((first, pages, paging))
}
