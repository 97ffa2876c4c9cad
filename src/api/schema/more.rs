//! The query for the further messages of a chat, which stands beside an operation that brings but the first page of them.

use super::arguments::Arguments;
use super::bind::{MORE, Parts};
use super::lists::{self, Place, all_places};
use super::live::{Live, is_deprecated, prefer};
use super::mutations;
use super::selection::{Selection, select};
use crate::api::Operation;
use crate::api::operation::chat;
use crate::api::operation::role::{AFTER, CHAT, DIRECTION, FIRST, ORDERED_BY, Role, plain};
use crate::api::operation::thing::{MESSAGES, MESSAGES_OF_CHAT, PARTNERS};

/// What is needed to ask for one chat, and for the newest ones.
const ID: &[Role] = &[CHAT];
const NEWEST: &[Role] = &[FIRST, PAGE_OF_CHATS, DIRECTION, ORDERED_BY];
/// After which chat the list goes on; `$after` is the place among the messages.
const PAGE_OF_CHATS: Role = Role { name: "page", ..AFTER };

/// The query for the further messages of a chat: a field that takes its id, of the queries or of an object in them; else the
/// list of the newest chats.
pub(super) fn of_chat(live: &Live, operation: &'static Operation) -> Option<String> {
    let of_id = by_id(live, operation).and_then(|(place, arguments, inner)| {
        query(live, operation, &arguments, &place.holding(&place.field.name, &arguments, inner))
    });
    of_id.or_else(|| {
        let Parts { arguments, selection, .. } = lists::of_list(live, &MESSAGES_OF_CHAT, NEWEST, chat::LISTS).ok()?;
        query(live, operation, &arguments, &selection)
    })
}

/// The field that yields the chat of an id, its arguments, and what is asked of the chat: the only one or, of several, the only
/// one that is named for it.
pub(super) fn by_id<'a>(
    live: &'a Live,
    operation: &'static Operation,
) -> Option<(Place<'a>, Arguments<'a>, Selection)> {
    // The chat of an archive is another one.
    let is_near = |place: &Place<'_>| place.outer.is_none_or(|outer| PARTNERS.contains(&&*plain(&outer.name)));
    let is_named = |place: &Place<'_>| operation.thing.names.contains(&&*plain(&place.field.name));
    let is_it = |place: &Place<'_>| {
        let ty = place.field.ty.inner_named_type();
        // Relay's: anything with an id, a chat too.
        let is_node = place.field.name == "node" && live.members(ty).into_iter().any(|member| is_chat(live, member));
        is_node || (is_named(place) && is_chat(live, ty))
    };
    let places = all_places(live).into_iter().filter(|place| is_near(place) && is_it(place));
    let mut found: Vec<_> = places
        .filter_map(|place| {
            let (arguments, inner) = of_place(live, operation, place)?;
            Some((place, arguments, inner))
        })
        .collect();
    found = prefer(found, |(place, ..)| is_deprecated(place.field));
    if found.len() > 1 {
        found.retain(|(place, ..)| is_named(place));
    }
    if found.len() == 1 { found.pop() } else { None }
}

/// Whether a type is a chat's: what the operations on chats answer or, where they tell nothing, the only one of its name.
pub(super) fn is_chat(live: &Live, name: &str) -> bool {
    let answered: Vec<_> = [&chat::ACCEPT, &chat::CLOSE, &chat::OPEN]
        .into_iter()
        .filter_map(|operation| mutations::chat_type(live, operation))
        .collect();
    if !answered.is_empty() {
        return answered.contains(&name);
    }
    let names: Vec<_> = live.objects().filter(|ty| MESSAGES_OF_CHAT.names.contains(&&*plain(ty))).collect();
    names == [name]
}

/// A field that yields the chat of an id: its arguments, and what is asked of the chat.
fn of_place<'a>(live: &'a Live, operation: &'static Operation, place: Place<'a>) -> Option<(Arguments<'a>, Selection)> {
    let field = place.field;
    if field.ty.is_list() || live.is_leaf(field.ty.inner_named_type()) || field.arguments.is_empty() {
        return None;
    }
    // Only the chat's id is given; a persona has nothing to do with reading.
    let arguments = Arguments::bind(live, ID, field).ok()?;
    let selection = select(live, operation.thing, &field.ty).filter(|selection| selection.has(MESSAGES))?;
    Some((arguments, selection))
}

/// A query for further pages, where it fits the schema.
fn query(
    live: &Live,
    operation: &'static Operation,
    arguments: &Arguments<'_>,
    selection: &Selection,
) -> Option<String> {
    let (more, page) = selection.more()?;
    let variables: Vec<_> =
        arguments.variables().into_iter().chain([page]).map(|(name, ty)| format!("${name}: {ty}")).collect();
    let document = format!("\nquery {}{MORE}({}){}\n", operation.name, variables.join(", "), more.text(0));
    live.misfits(&document, operation.name).is_empty().then_some(document)
}
