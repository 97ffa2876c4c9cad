//! Where a schema has the mutation of an operation: under its documented name or, where the root does not have that, one level
//! below it, in an object that stands there for no more than the mutations in it (a namespace).

use anyhow::bail;
use apollo_compiler::ast::FieldDefinition;

use super::lists::Place;
use super::live::Live;
use crate::api::Operation;
use crate::api::operation::role::{plain, words};
use crate::api::operation::{Namespaces, Root};

/// Every field that may be a mutation.
fn all(live: &Live) -> Vec<Place<'_>> {
    let root = live.mutations();
    let is_namespace = |outer: &&&FieldDefinition| {
        let demands = outer.arguments.iter().any(|argument| argument.is_required());
        !demands && !outer.ty.is_list() && live.members(outer.ty.inner_named_type()).is_empty()
    };
    let within = root.iter().filter(is_namespace).flat_map(|outer| {
        let fields = live.fields(outer.ty.inner_named_type()).unwrap_or_default().into_iter();
        fields.filter(|field| !field.arguments.is_empty()).map(|field| Place { outer: Some(*outer), field })
    });
    root.iter().map(|field| Place { outer: None, field }).chain(within).collect()
}

/// The mutation of an operation: the only one with one of its names.
///
/// # Errors
/// Where there is none, or more than one: the message names the candidates.
pub(super) fn find<'a>(live: &'a Live, operation: &Operation, known: &Namespaces) -> anyhow::Result<Place<'a>> {
    let name = operation.field;
    let mut found = all(live);
    found.retain(|place| match place.outer {
        None => plain(&place.field.name) == plain(name),
        Some(outer) => plain(&place.field.name) == plain(name) || known.has(&outer.name, &place.field.name),
    });
    // What is at the root goes before what is below it, and the documented spelling before others.
    let rank = |place: &Place<'_>| if place.outer.is_some() { 2 } else { u8::from(place.field.name != name) };
    let best = found.iter().map(rank).min();
    found.retain(|place| best == Some(rank(place)));
    match &found[..] {
        [place] => Ok(*place),
        [] => match &similar(live, name)[..] {
            [] => bail!("the schema has no mutation `{name}`"),
            names => bail!("the schema has no mutation `{name}`; similar ones are `{}`", names.join("`, `")),
        },
        _ => {
            let paths: Vec<_> = found.iter().map(Place::path).collect();
            bail!("any of the mutations `{}` may be `{name}`", paths.join("`, `"))
        }
    }
}

/// The type of the chat that an operation answers: in the field of its name, or as it is.
pub(super) fn chat_type<'a>(live: &'a Live, operation: &Operation) -> Option<&'a str> {
    let Root::Mutation(known) = operation.root else { return None };
    let answer = find(live, operation, &known).ok()?.field.ty.inner_named_type();
    if operation.thing.names.contains(&&*plain(answer)) {
        return Some(answer);
    }
    let fields = live.fields(answer)?;
    let is_chat = |field: &&&FieldDefinition| operation.thing.names.contains(&&*plain(&field.name));
    let inner = fields.iter().find(is_chat).map(|field| field.ty.inner_named_type().as_str());
    let is_thing = fields.iter().any(|field| plain(&field.name) == "id");
    inner.filter(|inner| live.fields(inner).is_some()).or_else(|| is_thing.then_some(answer.as_str()))
}

/// Whether there is no mutation of an operation, nor any that could be it.
pub(super) fn lacks(live: &Live, operation: &Operation, known: &Namespaces) -> bool {
    find(live, operation, known).is_err() && similar(live, operation.field).is_empty()
}

/// Whether a mutation has an argument with which this path begins.
pub fn has_argument(live: &Live, path: &str) -> bool {
    let first = path.split('.').next().unwrap_or(path);
    all(live).iter().any(|place| place.field.arguments.iter().any(|argument| argument.name == first))
}

/// The mutations that have all the words of a name's verb or noun: `chatAccept` and `chats.accept` for `acceptChat`.
fn similar(live: &Live, name: &str) -> Vec<String> {
    let wanted = words(name);
    let is_similar = |path: &String| {
        let words = words(&path.replace('.', "_"));
        let has = |word: &&String| words.iter().any(|it| it == *word || it.strip_suffix('s') == Some(word));
        let common = wanted.iter().filter(has).count();
        common * 2 > wanted.len() || common == wanted.len()
    };
    all(live).iter().map(Place::path).filter(is_similar).collect()
}
