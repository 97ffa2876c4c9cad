//! The documents of the queries. Each hangs on a field that a schema may call otherwise, and that stands among the queries
//! themselves or in an object of theirs, as the partner is.

use anyhow::bail;
use apollo_compiler::ast::FieldDefinition;

use super::arguments::Arguments;
use super::bind::Parts;
use super::connection::element;
use super::live::{Live, is_deprecated, prefer};
use super::more;
use super::selection::{Selection, list, select};
use crate::api::Operation;
use crate::api::operation::chat;
use crate::api::operation::role::{Role, plain};
use crate::api::operation::thing::{MESSAGES, MESSAGES_OF_CHAT, PARTNERS, Thing};

/// A field of the queries, or of an object that one of them yields.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) outer: Option<&'a FieldDefinition>,
    pub(super) field: &'a FieldDefinition,
}

impl Place<'_> {
    /// `partner.chats`.
    pub(super) fn path(&self) -> String {
        self.outer.map_or_else(String::new, |outer| format!("{}.", outer.name)) + &self.field.name
    }

    /// A selection set of this field alone, under a key of the program's.
    pub(super) fn holding(&self, key: &str, arguments: &Arguments<'_>, inner: Selection) -> Selection {
        let name = format!("{}{}", self.field.name, arguments.text());
        let own = inner.within(key, &name, &self.field.ty);
        self.outer.map_or_else(|| own.clone(), |outer| own.clone().within(&outer.name, &outer.name, &outer.ty))
    }
}

/// Every field that may be one.
pub(super) fn all_places(live: &Live) -> Vec<Place<'_>> {
    let queries = live.queries();
    let within = queries.iter().filter(|outer| outer.arguments.is_empty() && !outer.ty.is_list()).flat_map(|outer| {
        let inner = live.fields(outer.ty.inner_named_type()).unwrap_or_default();
        inner.into_iter().map(move |field| Place { outer: Some(outer), field })
    });
    queries.iter().map(|field| Place { outer: None, field }).chain(within).collect()
}

/// The lists with one of these names, the best of them; more than one where none is better than the others.
pub(super) fn places<'a>(live: &'a Live, names: &[&str]) -> Vec<Place<'a>> {
    let position = |names: &[&str], name: &str| names.iter().position(|it| *it == plain(name));
    let rank = |place: &Place<'_>| {
        let name = position(names, &place.field.name).filter(|_| !live.is_leaf(place.field.ty.inner_named_type()))?;
        // The partner's are those that this token is about; those of anything else are others.
        let outer = place.outer.map_or(Some(PARTNERS.len()), |it| position(PARTNERS, &it.name))?;
        Some((name, outer))
    };
    let all = all_places(live);
    let best = all.iter().filter_map(rank).min();
    let found = all.into_iter().filter(|place| best.is_some() && rank(place) == best);
    prefer(found.collect(), |place| is_deprecated(place.field))
}

/// The query for the partner.
fn partner(live: &Live) -> Option<&FieldDefinition> {
    let queries = live.queries();
    let named = |name: &&str| queries.iter().find(|field| plain(&field.name) == **name && !field.ty.is_list()).copied();
    PARTNERS.iter().find_map(named)
}

pub(super) fn of_partner<'a>(live: &'a Live, operation: &'static Operation) -> anyhow::Result<Parts<'a>> {
    let Some(field) = partner(live) else {
        bail!("the schema has no query for the partner; looked for `{}`", PARTNERS.join("`, `"));
    };
    let arguments = Arguments::bind(live, operation.roles, field)?;
    let Some(selection) = select(live, operation.thing, &field.ty) else {
        bail!("its result `{}` has no {} with an `id`", field.ty, operation.thing.name);
    };
    let renamed = selection.renamed();
    let selection = Place { outer: None, field }.holding(&field.name, &arguments, selection);
    Ok(Parts { arguments, selection, renamed, more: None, hidden: None })
}

pub(super) fn of_list<'a>(
    live: &'a Live,
    thing: &Thing,
    roles: &'static [Role],
    names: &[&str],
) -> anyhow::Result<Parts<'a>> {
    let places = places(live, names);
    let place = match places[..] {
        [] => bail!("the schema has no list of {}; looked for `{}`", names[0], names.join("`, `")),
        [place] => place,
        _ => {
            let paths: Vec<_> = places.iter().map(Place::path).collect();
            bail!("any of `{}` may be the list of {}", paths.join("`, `"), names[0]);
        }
    };
    if thing.name == "chat" && !element(live, &place.field.ty).is_some_and(|ty| more::is_chat(live, ty)) {
        bail!("`{}: {}` is not known to hold chats", place.path(), place.field.ty);
    }
    let arguments = Arguments::bind(live, roles, place.field)?;
    let Some(inner) = list(live, thing, &place.field.ty) else {
        bail!("`{}: {}` has no {} with an `id`", place.path(), place.field.ty, thing.name);
    };
    let mut renamed = inner.renamed();
    for (key, _) in &mut renamed {
        *key = key.replace("edges.node.", "").replace("items.", "");
    }
    if place.field.name != names[0] {
        renamed.insert(0, (names[0].to_owned(), place.field.name.to_string()));
    }
    let selection = place.holding(names[0], &arguments, inner);
    Ok(Parts { arguments, selection, renamed, more: None, hidden: None })
}

/// A chat with its messages: by its id where the schema has a field for that, else in the list of chats.
pub(super) fn of_messages<'a>(live: &'a Live, operation: &'static Operation) -> anyhow::Result<Parts<'a>> {
    let by_id = more::by_id(live, operation).map(|(place, arguments, inner)| {
        let renamed = inner.renamed();
        let selection = place.holding(&place.field.name, &arguments, inner);
        let hidden = arguments.hides(&place.field.name);
        Parts { arguments, selection, renamed, more: None, hidden }
    });
    let mut parts = match by_id {
        Some(parts) => parts,
        None => of_list(live, &MESSAGES_OF_CHAT, &operation.roles[1..], chat::LISTS)?,
    };
    if !parts.selection.has(MESSAGES) {
        bail!("its chats have no messages");
    }
    if parts.selection.more().is_some() {
        parts.more = more::of_chat(live, operation);
    }
    Ok(parts)
}
