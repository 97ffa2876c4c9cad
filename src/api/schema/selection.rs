//! Which fields to ask for, so that the answer has what the program wants under the program's own keys: through payload
//! objects, unions, interfaces and connections, with other names aliased and what does not exist left out.

use std::fmt::Write;

use apollo_compiler::ast::{FieldDefinition, Type};

use super::connection::{Pages, Paging, connection, pages};
use super::live::{Live, is_deprecated, prefer};
use super::reports::{is_word, own_reports, refusal, reports};
use super::verdict::is_failing;
use crate::api::operation::role::{CHAT, plain, words};
use crate::api::operation::thing::{Holds, Key, Thing};

/// How many payload objects may be around a result.
const DEEPEST: usize = 2;
/// How many messages are asked for at once.
pub(super) const PAGE: u32 = 50;
/// The most members of a union or an interface that are looked at.
const MOST_MEMBERS: usize = 50;

/// One field of a selection set, or a fragment.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    /// The response key; empty for a fragment.
    pub(super) key: String,
    /// The field's own name, with its arguments.
    name: String,
    inner: Vec<Pick>,
    /// What shape its value has. Two fields of one key must agree in it.
    shape: String,
    paging: Paging,
}

/// A selection set that yields a thing.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub(super) picks: Vec<Pick>,
}

impl Selection {
    /// The selection set as GraphQL, indented by this many levels; empty for a result that has no parts.
    pub(super) fn text(&self, level: usize) -> String {
        if self.picks.is_empty() { String::new() } else { set(&self.picks, level) }
    }

    /// The selection set of one field that holds this one.
    pub(super) fn within(self, key: &str, name: &str, ty: &Type) -> Self {
        Self { picks: vec![composite(key, name, ty, self.picks)] }
    }

    /// Whether it asks for a key, however deep.
    pub(super) fn has(&self, key: &str) -> bool {
        fn any(picks: &[Pick], key: &str) -> bool {
            picks.iter().any(|pick| pick.key == key || any(&pick.inner, key))
        }
        any(&self.picks, key)
    }

    /// Every field, however deep.
    fn each<'a>(picks: &'a [Pick], visit: &mut dyn FnMut(&'a Pick)) {
        for pick in picks {
            visit(pick);
            Self::each(&pick.inner, visit);
        }
    }

    /// The field that fills this key.
    pub(super) fn source(&self, key: &str) -> Option<&str> {
        let mut source = None;
        Self::each(&self.picks, &mut |pick| {
            if pick.key == key {
                source = pick.name.split('(').next();
            }
        });
        source
    }

    /// The fields that could be the list that is asked for, where only a person can tell.
    pub(super) fn question(&self) -> Option<&str> {
        let mut question = None;
        Self::each(&self.picks, &mut |pick| {
            if let Paging::Question(fields) = &pick.paging {
                question = Some(fields.as_str());
            }
        });
        question
    }

    /// Why something may be missing of a list in it.
    pub(super) fn left_out(&self) -> Option<String> {
        let mut left_out = None;
        Self::each(&self.picks, &mut |pick| {
            if let Paging::LeftOut(why) | Paging::Followed { doubt: Some(why), .. } = &pick.paging {
                left_out = Some(why.clone());
            }
        });
        left_out
    }

    /// What yields the further pages of the lists in it, and the variable that says which; `None` where they come at once.
    pub(super) fn more(&self) -> Option<(Self, (&'static str, String))> {
        fn follow(picks: &mut [Pick], wanted: &mut Option<(&'static str, String)>) {
            for pick in picks {
                if let Paging::Followed { name, variable, .. } = &pick.paging
                    && wanted.as_ref().is_none_or(|wanted| wanted == variable)
                {
                    *wanted = Some(variable.clone());
                    pick.name.clone_from(name);
                }
                follow(&mut pick.inner, wanted);
            }
        }
        let (mut more, mut variable) = (self.clone(), None);
        follow(&mut more.picks, &mut variable);
        Some((more, variable?))
    }

    /// Each key with the field that fills it, where that has another name.
    pub(super) fn renamed(&self) -> Vec<(String, String)> {
        fn visit(picks: &[Pick], outer: &str, found: &mut Vec<(String, String)>) {
            for pick in picks {
                let path = if outer.is_empty() || pick.key.is_empty() {
                    outer.to_owned() + &pick.key
                } else {
                    format!("{outer}.{}", pick.key)
                };
                let name = pick.name.split('(').next().unwrap_or_default();
                if !pick.key.is_empty() && pick.key != name {
                    found.push((path.clone(), name.to_owned()));
                }
                visit(&pick.inner, &path, found);
            }
        }
        let mut found = Vec::new();
        visit(&self.picks, "", &mut found);
        found
    }
}

/// What is asked of each thing of a list or a connection.
pub(super) fn list(live: &Live, thing: &Thing, ty: &Type) -> Option<Selection> {
    let (keys, name) = (thing.asked().collect::<Vec<_>>(), ty.inner_named_type());
    let picks = if ty.is_list() { elements(live, &keys, name) } else { connection(live, &keys, name, Pages::Walked) };
    Some(Selection { picks: picks? })
}

/// The way from a type to a thing: `None` where there is none, or none that is certain.
pub(super) fn select(live: &Live, thing: &Thing, ty: &Type) -> Option<Selection> {
    let name = ty.inner_named_type();
    if live.is_leaf(name) {
        // The id of what was made, or a word on what became of it where its id is known anyway.
        let is_told =
            if thing.echo.is_some() { &**name == "Boolean" || is_word(live, name) } else { is_id(live, name) };
        return (is_told && !ty.is_list()).then_some(Selection { picks: Vec::new() });
    }
    find(live, thing, name, 0).or_else(|| {
        // An endpoint that answers no more than that it is done is believed where the thing's id is known anyway.
        thing.echo.filter(|_| !ty.is_list())?;
        let fields = live.fields(name)?;
        let picks = reports(live, name);
        if fields.iter().all(|field| plain(&field.name) == "clientmutationid") {
            return Some(Selection { picks: vec![leaf("__typename", "__typename", "String!")] });
        }
        (!picks.is_empty()).then_some(Selection { picks })
    })
}

/// Whether a bare value of this type is an id.
fn is_id(live: &Live, name: &str) -> bool {
    live.is_scalar(name) && name != "String" && CHAT.is_typed(name)
}

fn find(live: &Live, thing: &Thing, name: &str, depth: usize) -> Option<Selection> {
    let members = live.members(name);
    if !members.is_empty() && !is_type_of(thing, name) {
        return union(live, thing, members, depth);
    }
    let wrapped = || if depth < DEEPEST { wrapped(live, thing, name, depth) } else { None };
    if is_type_of(thing, name) { own(live, thing, name) } else { wrapped().or_else(|| own(live, thing, name)) }
}

/// The thing as this very type, or as a payload that is the thing at once.
fn own(live: &Live, thing: &Thing, name: &str) -> Option<Selection> {
    let is_its_type = is_type_of(thing, name);
    let fields = live.fields(name)?;
    // A message has no messages: this is the chat that it was sent to.
    if thing.name == "message" && fields.iter().any(|field| plain(&field.name) == "messages") {
        return None;
    }
    let asked: Vec<Key> = thing.asked().collect();
    let mut picks = picks(live, &asked, name);
    let id = picks.iter().find(|pick| pick.key == thing.keys[0].name)?;
    // Where the id is not known beforehand, that of something else must not pass for it.
    if !is_its_type && thing.echo.is_none() && plain(&id.name) == "id" {
        return None;
    }
    picks = with_reports(picks, if is_its_type { own_reports(live, name) } else { reports(live, name) });
    let mut members = live.members(name);
    members.truncate(MOST_MEMBERS);
    if !members.is_empty() {
        let missing: Vec<Key> =
            asked.into_iter().filter(|key| !picks.iter().any(|pick| pick.key == key.name)).collect();
        picks.extend(fragments(live, &members, |member| {
            if is_failing(member) { refusal(live, member) } else { self::picks(live, &missing, member) }
        }));
    }
    Some(Selection { picks })
}

/// Fields with what is said beside them, each once.
fn with_reports(mut picks: Vec<Pick>, reports: Vec<Pick>) -> Vec<Pick> {
    let new: Vec<_> = reports.into_iter().filter(|it| !picks.iter().any(|pick| pick.key == it.key)).collect();
    picks.extend(new);
    picks
}

/// The thing within a payload object: in the field of its name, or in one that can only be the result.
fn wrapped(live: &Live, thing: &Thing, name: &str, depth: usize) -> Option<Selection> {
    const RESULTS: [&str; 9] = ["result", "data", "node", "payload", "record", "item", "entity", "object", "value"];
    let edges: Vec<String> = thing.names.iter().map(|name| format!("{name}edge")).collect();
    let fields = live.fields(name)?;
    let named = |names: &[&str]| {
        let found = fields.iter().filter(|field| names.contains(&&*plain(&field.name)) && !field.ty.is_list());
        match prefer(found.collect(), |field| is_deprecated(field))[..] {
            [field] => Some(*field),
            _ => None,
        }
    };
    let edges: Vec<_> = edges.iter().map(String::as_str).collect();
    let field = named(thing.names).or_else(|| named(&edges)).or_else(|| named(&RESULTS))?;
    let (arguments, inner) = (arguments(field)?, field.ty.inner_named_type());
    if live.is_leaf(inner) {
        return None;
    }
    let found = find(live, thing, inner, depth + 1)?;
    let pick = composite(&field.name, &format!("{}{arguments}", field.name), &field.ty, found.picks);
    Some(Selection { picks: with_reports(vec![pick], reports(live, name)) })
}

/// The thing as some member of a union or of an interface, the others telling why it is not there.
fn union(live: &Live, thing: &Thing, mut members: Vec<&str>, depth: usize) -> Option<Selection> {
    // Anything may be a `Node`: the thing itself comes first.
    members.sort_by_key(|member| !is_type_of(thing, member));
    members.truncate(MOST_MEMBERS);
    let is_it = |member: &str| is_type_of(thing, member) || is_success(member);
    let of = |member: &str| if is_it(member) { find(live, thing, member, depth + 1) } else { None };
    if members.iter().all(|member| of(member).is_none()) {
        return None;
    }
    let picks = fragments(live, &members, |member| {
        of(member).map_or_else(|| refusal(live, member), |selection| selection.picks)
    });
    Some(Selection { picks: [vec![leaf("__typename", "__typename", "String!")], picks].concat() })
}

/// A fragment for each member that has something to say. Fields of one key and different shapes get keys of their own.
pub(super) fn fragments(live: &Live, members: &[&str], mut of: impl FnMut(&str) -> Vec<Pick>) -> Vec<Pick> {
    let mut known: Vec<(String, String)> = Vec::new();
    let mut fragments = Vec::new();
    for member in members.iter().filter(|member| live.fields(member).is_some()) {
        let mut inner = of(member);
        for pick in &mut inner {
            let key = pick.key.clone();
            let mut number = 1;
            while known.iter().any(|(key, shape)| *key == pick.key && *shape != pick.shape) {
                number += 1;
                pick.key = format!("{key}_{number}");
            }
            known.push((pick.key.clone(), pick.shape.clone()));
        }
        if !inner.is_empty() {
            let (name, shape) = (format!("... on {member}"), String::new());
            fragments.push(Pick { key: String::new(), name, inner, shape, paging: Paging::Once });
        }
    }
    fragments
}

/// The keys that a type has a field for.
fn picks(live: &Live, keys: &[Key], name: &str) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default();
    let mut taken: Vec<&str> = Vec::new();
    // What bears a key's own name is that key's, whatever else it could be called.
    let mut order: Vec<(usize, &str)> = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        order.extend([key.name].iter().chain(key.also).map(|name| (place, *name)));
    }
    order.sort_by_key(|(place, name)| usize::from(keys[*place].name != *name));
    let is_list = |key: &Key| matches!(key.holds, Holds::List(_));
    let mut found: Vec<_> =
        keys.iter().map(|key| if is_list(key) { source(live, key, &fields) } else { None }).collect();
    order.retain(|(place, _)| !is_list(&keys[*place]));
    // What is deprecated gives way to whatever else there is.
    let order = [false, true].into_iter().flat_map(|deprecated| order.iter().map(move |it| (deprecated, it)));
    for (deprecated, (place, wanted)) in order {
        if found[*place].is_some() {
            continue;
        }
        let field = fields.iter().find(|field| {
            plain(&field.name) == plain(wanted)
                && !taken.contains(&field.name.as_str())
                && is_deprecated(field) == deprecated
        });
        if let Some(field) = field
            && let Some(pick) = pick(live, &keys[*place], field)
        {
            taken.push(&field.name);
            found[*place] = Some(pick);
        }
    }
    found.into_iter().flatten().collect()
}

/// The one field that is a list of what the key holds, or what a person says; several are a question.
fn source(live: &Live, key: &Key, fields: &[&FieldDefinition]) -> Option<Pick> {
    let is_named = |field: &FieldDefinition, name: &str| plain(&field.name) == plain(name);
    let is_one = |field: &&&FieldDefinition| [key.name].iter().chain(key.also).any(|name| is_named(field, name));
    let mut found: Vec<_> =
        fields.iter().filter(is_one).filter_map(|field| Some((*field, pick(live, key, field)?))).collect();
    if let Some(place) = found.iter().position(|(field, _)| live.accepted(key.name).any(|it| field.name == it)) {
        return Some(found.swap_remove(place).1);
    }
    // A history may be one of something else.
    let has_content = |(_, pick): &(_, Pick)| {
        let selection = Selection { picks: pick.inner.clone() };
        selection.has("text") || selection.has("attachment")
    };
    if found.iter().any(has_content) {
        found.retain(has_content);
    }
    let mut found = prefer(found, |(field, _)| is_deprecated(field));
    // What is only like them may be something else, as a transcript of the calls is: nothing is missing from the messages
    // because it is missing there.
    for (field, pick) in &mut found {
        if ["history", "transcript"].contains(&&*plain(&field.name)) {
            let why = format!("`{}` is not known to hold all messages", field.name);
            match &mut pick.paging {
                Paging::Followed { doubt, .. } => *doubt = Some(why),
                paging => *paging = Paging::LeftOut(why),
            }
        }
    }
    if found.len() > 1 {
        let names: Vec<_> = found.iter().map(|(field, _)| field.name.as_str()).collect();
        found[0].1.paging = Paging::Question(names.join("`, `"));
    }
    found.into_iter().next().map(|(_, pick)| pick)
}

/// A field as the value of a key, where its type can hold it.
fn pick(live: &Live, key: &Key, field: &FieldDefinition) -> Option<Pick> {
    let inner = field.ty.inner_named_type();
    let is_leaf = live.is_leaf(inner);
    let is_list = field.ty.is_list();
    if let Holds::List(keys) = key.holds {
        let (arguments, pages, paging) = pages(live, field).filter(|_| !is_leaf)?;
        let inner = if is_list { elements(live, keys, inner) } else { connection(live, keys, inner, pages) };
        return Some(Pick { paging, ..composite(key.name, &format!("{}{arguments}", field.name), &field.ty, inner?) });
    }
    let name = format!("{}{}", field.name, arguments(field)?);
    match key.holds {
        Holds::Flag => (&**inner == "Boolean" && !is_list).then(|| leaf(key.name, &name, &field.ty.to_string())),
        _ if &**inner == "Boolean" => None,
        Holds::Text if is_leaf => Some(leaf(key.name, &name, &field.ty.to_string())),
        Holds::Time | Holds::Number if is_leaf && !is_list => Some(leaf(key.name, &name, &field.ty.to_string())),
        Holds::Text if key.name != "id" => {
            // `attachment { url }`, `text { plain }`
            let names = [key.also, &["text", "value", "plain", "downloadUrl", "src"]].concat();
            let fields = live.fields(inner)?;
            let part = names.iter().find_map(|name| {
                let part = |field: &&&FieldDefinition| plain(&field.name) == plain(name);
                fields
                    .iter()
                    .find(part)
                    .filter(|field| live.is_leaf(field.ty.inner_named_type()) && arguments(field).is_some())
            })?;
            let part = leaf(&part.name, &part.name, &part.ty.to_string());
            Some(composite(key.name, &name, &field.ty, vec![part]))
        }
        Holds::Object(keys) if !is_leaf && !is_list => {
            let inner = parts(live, keys, inner);
            (!inner.is_empty()).then(|| composite(key.name, &name, &field.ty, inner))
        }
        Holds::Identified(keys) if !is_leaf && !is_list => {
            Some(composite(key.name, &name, &field.ty, elements(live, keys, inner)?))
        }
        _ => None,
    }
}

/// The keys of an object, an interface or a union.
fn parts(live: &Live, keys: &[Key], name: &str) -> Vec<Pick> {
    let mut picks = picks(live, keys, name);
    let members: Vec<_> = live.members(name).into_iter().take(MOST_MEMBERS).collect();
    let missing: Vec<Key> = keys.iter().copied().filter(|key| !picks.iter().any(|pick| pick.key == key.name)).collect();
    picks.extend(fragments(live, &members, |member| self::picks(live, &missing, member)));
    if !members.is_empty() {
        picks.push(leaf("__typename", "__typename", "String!"));
    }
    picks
}

/// The keys of a list's elements, which must have an id at least.
pub(super) fn elements(live: &Live, keys: &[Key], name: &str) -> Option<Vec<Pick>> {
    fn has_id(picks: &[Pick], id: &str) -> bool {
        picks.iter().any(|pick| pick.key == id || has_id(&pick.inner, id))
    }
    Some(parts(live, keys, name)).filter(|picks| has_id(picks, keys[0].name))
}

/// The arguments that a field must have: none, or the size of a page, from its end where it can only be read from there.
/// `None` where it wants something else.
pub(super) fn arguments(field: &FieldDefinition) -> Option<String> {
    let named = |name: &str| field.arguments.iter().find(|it| it.name == name && &**it.ty.inner_named_type() == "Int");
    let size = named("first").or_else(|| named("last"));
    let others = field.arguments.iter().filter(|it| it.is_required() && size.is_none_or(|size| size.name != it.name));
    if others.count() > 0 {
        return None;
    }
    Some(size.map_or_else(String::new, |size| format!("({}: {PAGE})", size.name)))
}

/// Whether a type is that of a thing, by its whole name or by that of a kind of it: `TextMessage`.
fn is_type_of(thing: &Thing, name: &str) -> bool {
    let words = words(name);
    let is_kind = words.split_last().is_some_and(|(last, kinds)| {
        last == thing.name && !kinds.is_empty() && kinds.iter().all(|kind| thing.kinds.contains(&&**kind))
    });
    thing.names.contains(&&*plain(name)) || is_kind
}

/// Whether a member of a union holds what became of an operation that was carried out: `AcceptChatSuccess`.
fn is_success(name: &str) -> bool {
    let is_it = |word: &String| matches!(&**word, "success" | "succeeded" | "payload");
    words(name).iter().any(is_it) && !is_failing(name)
}

pub(super) fn leaf(key: &str, name: &str, ty: &str) -> Pick {
    let (key, name, shape) = (key.to_owned(), name.to_owned(), ty.to_owned());
    Pick { key, name, inner: Vec::new(), shape, paging: Paging::Once }
}

pub(super) fn composite(key: &str, name: &str, ty: &Type, inner: Vec<Pick>) -> Pick {
    let wrappers = ty.to_string().replace(&**ty.inner_named_type(), "");
    let mut shape = format!("{wrappers}{name}{{");
    for pick in &inner {
        let _ = write!(shape, "{}:{} ", pick.key, pick.shape);
    }
    Pick { key: key.to_owned(), name: name.to_owned(), inner, shape, paging: Paging::Once }
}

/// Picks as a selection set.
fn set(picks: &[Pick], level: usize) -> String {
    let indent = "  ".repeat(level + 1);
    let mut text = String::from(" {\n");
    for Pick { key, name, inner, .. } in picks {
        let plain_name = name.split('(').next().unwrap_or_default();
        let alias = if key.is_empty() || key == plain_name { String::new() } else { format!("{key}: ") };
        let inner = if inner.is_empty() { String::new() } else { set(inner, level + 1) };
        let _ = writeln!(text, "{indent}{alias}{name}{inner}");
    }
    let _ = write!(text, "{}}}", "  ".repeat(level));
    text
}
