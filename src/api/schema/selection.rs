//! Which fields to ask for, so that the answer has what the program wants under the program's own keys: through payload
//! objects, unions, interfaces and connections, with other names aliased and what does not exist left out.

use std::fmt::Write;

use apollo_compiler::ast::{FieldDefinition, Type};

use super::live::Live;
use super::roles::{Holds, Key, Thing, plain, words};

/// How many payload objects may be around a result.
const DEEPEST: usize = 2;
/// How many messages are asked for at once.
pub(super) const PAGE: u32 = 50;
/// What the type's or the field's own name counts for when the result is looked for.
const NAMED: usize = 10;
/// The most members of a union or an interface that are looked at.
const MOST_MEMBERS: usize = 50;

/// One field of a selection set, or a fragment.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    /// The response key; empty for a fragment.
    key: String,
    /// The field's own name, with its arguments.
    name: String,
    inner: Vec<Pick>,
    /// What shape its value has. Two fields of one key must agree in it.
    shape: String,
}

/// A selection set that yields a thing.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) picks: Vec<Pick>,
    /// How well what it yields looks like the thing.
    score: usize,
}

impl Selection {
    /// The selection set as GraphQL, indented by this many levels; empty for a result that has no parts.
    pub(super) fn text(&self, level: usize) -> String {
        if self.picks.is_empty() { String::new() } else { set(&self.picks, level) }
    }

    /// Whether the messages come in pages.
    pub(super) fn is_paged(&self) -> bool {
        fn any(picks: &[Pick]) -> bool {
            picks.iter().any(|pick| {
                let has_page_info = pick.inner.iter().any(|inner| inner.key == "pageInfo");
                (pick.key.starts_with("messages") && has_page_info) || any(&pick.inner)
            })
        }
        any(&self.picks)
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

/// The best way from a type to a thing.
pub(super) fn select(live: &Live, thing: &Thing, ty: &Type) -> Option<Selection> {
    let name = ty.inner_named_type();
    if live.is_leaf(name) {
        let is_id = matches!(&**name, "ID" | "String" | "Int")
            || (live.is_scalar(name) && &**name != "Boolean" && &**name != "Float");
        return (is_id || thing.echo.is_some()).then_some(Selection { picks: Vec::new(), score: 0 });
    }
    find(live, thing, name, 0).or_else(|| {
        // An endpoint that answers no more than that it is done is believed where the thing's id is known anyway.
        thing.echo?;
        let mut picks = reports(live, name);
        picks.push(leaf("__typename", "__typename", "String!"));
        Some(Selection { picks, score: 0 })
    })
}

fn find(live: &Live, thing: &Thing, name: &str, depth: usize) -> Option<Selection> {
    let own = own(live, thing, name);
    let wrapped = if depth < DEEPEST { wrapped(live, thing, name, depth) } else { None };
    let best = match (own, wrapped) {
        (Some(own), Some(wrapped)) => Some(if own.score >= wrapped.score { own } else { wrapped }),
        (own, wrapped) => own.or(wrapped),
    };
    best.or_else(|| union(live, thing, name, depth))
}

/// The thing as this very type.
fn own(live: &Live, thing: &Thing, name: &str) -> Option<Selection> {
    let fields = live.fields(name)?;
    // A message has no messages: this is the chat that it was sent to.
    if thing.name == "message" && fields.iter().any(|field| plain(&field.name) == "messages") {
        return None;
    }
    let asked: Vec<Key> = thing.asked().collect();
    let mut picks = picks(live, &asked, name);
    picks.iter().find(|pick| pick.key == thing.keys[0].name)?;
    let score = picks.len() + if is_named(thing, name) { NAMED } else { 0 };
    if !is_named(thing, name) {
        // A payload that is the thing at once.
        picks.extend(reports(live, name));
    }
    let mut members = live.members(name);
    // Anything may be a `Node`: the thing itself comes first.
    members.sort_by_key(|member| !is_named(thing, member));
    members.truncate(MOST_MEMBERS);
    if !members.is_empty() {
        let missing: Vec<Key> =
            asked.into_iter().filter(|key| !picks.iter().any(|pick| pick.key == key.name)).collect();
        picks.extend(fragments(live, &members, |member| self::picks(live, &missing, member)));
    }
    Some(Selection { picks, score })
}

/// The thing within a payload object.
fn wrapped(live: &Live, thing: &Thing, name: &str, depth: usize) -> Option<Selection> {
    let candidates = live.fields(name)?.into_iter().filter_map(|field| {
        let arguments = arguments(field)?;
        let inner = field.ty.inner_named_type();
        if field.ty.is_list() || live.is_leaf(inner) || looks_like_a_report(&field.name) {
            return None;
        }
        let found = find(live, thing, inner, depth + 1)?;
        let named = if is_named(thing, &field.name) { NAMED } else { 0 };
        let pick = composite(&field.name, &format!("{}{arguments}", field.name), &field.ty, found.picks);
        Some(Selection { picks: vec![pick], score: found.score + named })
    });
    // The first of the best ones.
    let mut best = candidates.reduce(|best, next| if next.score > best.score { next } else { best })?;
    best.picks.extend(reports(live, name));
    Some(best)
}

/// The thing as some member of a union, the others telling why it is not there.
fn union(live: &Live, thing: &Thing, name: &str, depth: usize) -> Option<Selection> {
    let members: Vec<_> = live.members(name).into_iter().take(MOST_MEMBERS).collect();
    let found: Vec<_> = members.iter().map(|member| find(live, thing, member, depth + 1)).collect();
    let score = found.iter().flatten().map(|selection| selection.score).max()?;
    let mut of_members = found.into_iter();
    let picks = fragments(live, &members, |member| match of_members.next().flatten() {
        Some(selection) => selection.picks,
        None => refusal(live, member),
    });
    Some(Selection { picks: [vec![leaf("__typename", "__typename", "String!")], picks].concat(), score })
}

/// A fragment for each member that has something to say. Fields of one key and different shapes get keys of their own.
fn fragments(live: &Live, members: &[&str], mut of: impl FnMut(&str) -> Vec<Pick>) -> Vec<Pick> {
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
            fragments.push(Pick { key: String::new(), name: format!("... on {member}"), inner, shape: String::new() });
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
    let mut found: Vec<Option<Pick>> = vec![None; keys.len()];
    for (place, wanted) in order {
        if found[place].is_some() {
            continue;
        }
        let field =
            fields.iter().find(|field| plain(&field.name) == plain(wanted) && !taken.contains(&field.name.as_str()));
        if let Some(field) = field
            && let Some(pick) = pick(live, &keys[place], field)
        {
            taken.push(&field.name);
            found[place] = Some(pick);
        }
    }
    found.into_iter().flatten().collect()
}

/// A field as the value of a key, where its type can hold it.
fn pick(live: &Live, key: &Key, field: &FieldDefinition) -> Option<Pick> {
    let inner = field.ty.inner_named_type();
    let name = format!("{}{}", field.name, arguments(field)?);
    let is_leaf = live.is_leaf(inner);
    let is_list = field.ty.is_list();
    match key.holds {
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
        Holds::List(keys) if !is_leaf && is_list => {
            let inner = elements(live, keys, inner)?;
            Some(composite(key.name, &name, &field.ty, inner))
        }
        Holds::List(keys) if !is_leaf => Some(composite(key.name, &name, &field.ty, connection(live, keys, inner)?)),
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
fn elements(live: &Live, keys: &[Key], name: &str) -> Option<Vec<Pick>> {
    fn has_id(picks: &[Pick], id: &str) -> bool {
        picks.iter().any(|pick| pick.key == id || has_id(&pick.inner, id))
    }
    Some(parts(live, keys, name)).filter(|picks| has_id(picks, keys[0].name))
}

/// The elements of a connection and where its next page begins.
fn connection(live: &Live, keys: &[Key], name: &str) -> Option<Vec<Pick>> {
    let fields = live.fields(name)?;
    let field = |name: &str| fields.iter().find(|field| field.name == name && arguments(field).is_some());
    let list = ["edges", "nodes", "items", "data", "results", "messages", "list"].iter().find_map(|name| {
        let field = field(name).filter(|field| field.ty.is_list())?;
        let inner = field.ty.inner_named_type();
        let picks = if *name == "edges" {
            let node = live.fields(inner)?.into_iter().find(|field| field.name == "node")?;
            vec![composite("node", "node", &node.ty, elements(live, keys, node.ty.inner_named_type())?)]
        } else {
            elements(live, keys, inner)?
        };
        Some(composite(name, &format!("{}{}", field.name, arguments(field)?), &field.ty, picks))
    })?;
    let mut picks = vec![list];
    if let Some(info) = field("pageInfo") {
        let inner = live.fields(info.ty.inner_named_type()).unwrap_or_default();
        let inner: Vec<_> = inner.iter().filter(|field| matches!(&*field.name, "hasNextPage" | "endCursor")).collect();
        if inner.len() == 2 {
            let inner = inner.iter().map(|field| leaf(&field.name, &field.name, &field.ty.to_string())).collect();
            picks.push(composite("pageInfo", "pageInfo", &info.ty, inner));
        }
    }
    Some(picks)
}

/// What a payload says about success and failure beside its result.
fn reports(live: &Live, name: &str) -> Vec<Pick> {
    let mut picks = Vec::new();
    for field in live.fields(name).unwrap_or_default() {
        let inner = field.ty.inner_named_type();
        if arguments(field).is_none_or(|it| !it.is_empty()) {
            continue;
        }
        if &**inner == "Boolean"
            && matches!(&*plain(&field.name), "ok" | "success" | "succeeded" | "successful" | "done")
        {
            picks.push(leaf("ok", &field.name, &field.ty.to_string()));
        } else if looks_like_a_report(&field.name) && live.is_leaf(inner) {
            let key = if field.ty.is_list() { "errors" } else { "refusal" };
            picks.push(leaf(key, &field.name, &field.ty.to_string()));
        } else if looks_like_a_report(&field.name) {
            let inner = refusal_of(live, inner, "message");
            if !inner.is_empty() {
                picks.push(composite("errors", &field.name, &field.ty, inner));
            }
        }
    }
    picks.sort_by(|one, other| one.key.cmp(&other.key));
    picks.dedup_by(|one, other| one.key == other.key);
    picks
}

fn looks_like_a_report(name: &str) -> bool {
    words(name).iter().any(|word| matches!(&**word, "error" | "errors" | "problem" | "problems"))
}

/// What a member of a union that is not the thing has to say.
fn refusal(live: &Live, member: &str) -> Vec<Pick> {
    refusal_of(live, member, "refusal")
}

fn refusal_of(live: &Live, name: &str, key: &str) -> Vec<Pick> {
    let fields = live.fields(name).unwrap_or_default();
    let text = |wanted: &[&str]| {
        let is_text = |field: &&&FieldDefinition| {
            wanted.contains(&&*plain(&field.name)) && live.is_leaf(field.ty.inner_named_type()) && !field.ty.is_list()
        };
        fields.iter().find(is_text)
    };
    let Some(message) = text(&["message", "reason", "description"]) else { return Vec::new() };
    let mut picks = vec![leaf(key, &message.name, &message.ty.to_string())];
    if let Some(code) = text(&["code", "errorcode"]) {
        picks.push(leaf("code", &code.name, &code.ty.to_string()));
    }
    picks
}

/// The arguments that a field must have: none, or the size of a page. `None` where it wants something else.
fn arguments(field: &FieldDefinition) -> Option<String> {
    let size = field.arguments.iter().find(|it| it.name == "first" && &**it.ty.inner_named_type() == "Int");
    let others = field.arguments.iter().filter(|it| it.is_required() && size.is_none_or(|size| size.name != it.name));
    if others.count() > 0 {
        return None;
    }
    Some(if size.is_some() { format!("(first: {PAGE})") } else { String::new() })
}

fn is_named(thing: &Thing, name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|it| it == word);
    let payload = ["payload", "result", "response", "output", "connection"].iter().any(|word| has(word));
    has(thing.name) && !payload && (thing.name == "message" || !has("message"))
}

fn leaf(key: &str, name: &str, ty: &str) -> Pick {
    Pick { key: key.to_owned(), name: name.to_owned(), inner: Vec::new(), shape: ty.to_owned() }
}

fn composite(key: &str, name: &str, ty: &Type, inner: Vec<Pick>) -> Pick {
    let wrappers = ty.to_string().replace(&**ty.inner_named_type(), "");
    let mut shape = format!("{wrappers}{name}{{");
    for pick in &inner {
        let _ = write!(shape, "{}:{} ", pick.key, pick.shape);
    }
    Pick { key: key.to_owned(), name: name.to_owned(), inner, shape }
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
