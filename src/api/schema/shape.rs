//! One shape out: whatever an answer is wrapped in, and however it is typed, the program's own keys and types. What was only
//! wished for and cannot be read is left out: it must not turn a mutation that took effect into a failure.

use serde_json::{Map, Number, Value, json};

use super::plans::{Holds, Key, Plan, Thing};
use super::roles::{plain, words};
use super::selection::PAGE;

/// How many objects deep a result is looked for.
const DEEPEST: usize = 6;
/// The most keys that one name can have, of a union's members: `text`, `text_2`, …
const MOST_KEYS: usize = 50;

/// A result under the program's own keys.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub(crate) value: Value,
    /// Where the next page of its messages begins, if there is one.
    pub(crate) next: Option<Next>,
}

/// Where the next page begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) cursor: String,
    /// Whether what comes next stands before what is there.
    pub(crate) backwards: bool,
}

/// Why an answer without errors is no result.
#[derive(Debug)]
pub(crate) enum Misshaped {
    /// The platform refused, and says so in a payload.
    Refused { text: String, code: Option<String> },
    /// Errors beside a result.
    Doubtful(String),
    /// There is no result in it.
    Nothing(String),
}

/// Reads the value of a mutation's root field as a thing. `echo` is the id of what it is about, where that is known: an object
/// with another id is not it. Where the endpoint was asked for no id (`asks_id`), it is believed when it says that it is done.
pub(crate) fn shape(plan: &Plan, value: Value, echo: Option<&str>, asks_id: bool) -> Result<Shaped, Misshaped> {
    let thing = plan.thing;
    let value = match value {
        Value::Array(mut items) if items.len() == 1 => items.remove(0),
        value => value,
    };
    let id = thing.keys[0].name;
    let echo = echo.filter(|_| thing.echo.is_some());
    let root = match value {
        Value::Object(root) => root,
        Value::Bool(done) => Map::from_iter([("ok".to_owned(), done.into())]),
        // Where the id is known anyway, a bare value is not it, but what became of the thing.
        Value::String(word) if echo.is_some() => match Word::of(&word, plan) {
            Word::Done => Map::new(),
            Word::Refused => return Err(Misshaped::Refused { text: word, code: None }),
            Word::Unknown => return Err(nothing(format!("the platform's answer is `{word}`"))),
        },
        value @ (Value::String(_) | Value::Number(_)) if echo.is_none() => Map::from_iter([(id.to_owned(), value)]),
        _ => return Err(nothing(format!("the platform's answer has no {} with an `{id}`", thing.name))),
    };
    let wanted = echo.and_then(|echo| find_by_id(&root, id, echo, 0));
    // An answer may well speak of several chats; of submissions it speaks of one.
    let found = wanted.or_else(|| find(&root, id, 0).filter(|_| echo.is_none() || thing.name != "chat"));
    match (found, reports(&root)) {
        (Some(_), Some((text, _))) => Err(Misshaped::Doubtful(text)),
        (None, Some((text, code))) => Err(Misshaped::Refused { text, code }),
        (Some(found), None) => {
            let next = next(found, thing);
            Ok(Shaped { value: object(found, thing.keys), next })
        }
        (None, None) => match (echo, find(&root, id, 0)) {
            (Some(echo), Some(other)) => {
                let other = get(other, id).and_then(text).unwrap_or_default();
                Err(nothing(format!("the platform's answer is about another {}: `{other}`, not `{echo}`", thing.name)))
            }
            (Some(echo), None) if !asks_id => {
                let mut root = root;
                root.insert(id.to_owned(), echo.into());
                Ok(Shaped { value: object(&root, thing.keys), next: None })
            }
            _ => Err(nothing(format!("the platform's answer has no {} with an `{id}`", thing.name))),
        },
    }
}

fn nothing(cause: String) -> Misshaped {
    Misshaped::Nothing(cause)
}

/// What a word that is the whole answer says.
enum Word {
    Done,
    Refused,
    Unknown,
}

impl Word {
    fn of(word: &str, plan: &Plan) -> Self {
        const DONE: [&str; 7] = ["ok", "okay", "done", "success", "succeeded", "successful", "completed"];
        const REFUSED: [&str; 12] = [
            "failed",
            "failure",
            "error",
            "denied",
            "refused",
            "rejected",
            "forbidden",
            "unauthorized",
            "invalid",
            "conflict",
            "ignored",
            "false",
        ];
        let words = words(word);
        let first = words.first().map(String::as_str).unwrap_or_default();
        match &*plain(word) {
            whole if DONE.contains(&whole) || plan.done.contains(&whole) => Self::Done,
            whole if REFUSED.contains(&whole) || ["not", "no", "already", "cannot"].contains(&first) => Self::Refused,
            _ if words.iter().any(|word| word == "not") => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

/// Reads an answer as a page of a list: `edges` and `pageInfo`, whatever the endpoint's list looks like.
pub(crate) fn shape_list(thing: &Thing, name: &str, value: &Value) -> Result<Shaped, Misshaped> {
    let nothing = || Misshaped::Nothing(format!("the platform's answer has no list of {name}"));
    let list = find_list(value, name, 0).ok_or_else(nothing)?;
    let edges = list.get("edges").and_then(Value::as_array);
    let nodes: Vec<(Option<&Value>, &Value)> = match edges {
        Some(edges) => edges.iter().map(|edge| (edge.get("cursor"), &edge["node"])).collect(),
        None => elements(list).ok_or_else(nothing)?.map(|node| (None, node)).collect(),
    };
    let edge = |(cursor, node): (Option<&Value>, &Value)| {
        let node = object(node.as_object()?, thing.keys);
        node.get(thing.keys[0].name)?;
        Some(json!({"cursor": cursor.and_then(Value::as_str), "node": node}))
    };
    let edges: Vec<_> = nodes.into_iter().filter_map(edge).collect();
    Ok(Shaped { value: json!({"edges": edges, "pageInfo": page_info(list)}), next: None })
}

/// Reads an answer as a chat with its messages: by itself or in a list, in which it may be on a later page.
pub(crate) fn shape_messages(thing: &Thing, value: &Value, chat: &str) -> Result<Shaped, Misshaped> {
    let Some(found) = value.as_object().and_then(|root| find_by_id(root, thing.keys[0].name, chat, 0)) else {
        let nothing = || Misshaped::Nothing("the platform's answer has no list of chats".to_owned());
        let list = find_list(value, "chats", 0).ok_or_else(nothing)?;
        return Ok(Shaped { value: json!({"chat": null, "whole": false, "pageInfo": page_info(list)}), next: None });
    };
    let chat = object(found, thing.keys);
    let read = chat.get("messages").and_then(Value::as_array).map_or(0, Vec::len);
    let whole = get(found, "messages").is_none_or(|list| may_be_whole(list, read));
    let value = json!({"chat": chat, "whole": whole, "pageInfo": page_info(&Value::Null)});
    Ok(Shaped { value, next: next(found, thing) })
}

/// Whether a list of which so many elements were read can be all of it. Nothing tells so of a connection without a word on
/// its pages, nor of a list that has just as many elements as were asked for.
fn may_be_whole(list: &Value, read: usize) -> bool {
    let info = list.get("pageInfo").unwrap_or(list);
    let tells = info.get("hasNextPage").or_else(|| info.get("hasPreviousPage")).is_some_and(Value::is_boolean);
    let ends = if list.is_array() { read != PAGE as usize } else { tells };
    ends && elements(list).is_some_and(|elements| elements.count() == read)
}

/// A list, or a connection, under this name or in the only place where one can be.
fn find_list<'a>(value: &'a Value, name: &str, depth: usize) -> Option<&'a Value> {
    let object = match value {
        Value::Array(_) => return Some(value),
        Value::Object(object) => object,
        _ => return None,
    };
    if ["edges", "nodes", "items", "pageInfo", "hasNextPage"].iter().any(|key| object.contains_key(*key)) {
        return Some(value);
    }
    if let Some(list) = object.get(name).filter(|list| !list.is_null()) {
        return find_list(list, name, depth);
    }
    if elements(value).is_some() {
        return Some(value);
    }
    object.values().filter(|inner| depth < DEEPEST && inner.is_object()).find_map(|it| find_list(it, name, depth + 1))
}

/// Whether a list goes on, and where; in an object of its own, or in the list.
fn page_info(list: &Value) -> Value {
    let info = list.get("pageInfo").unwrap_or(list);
    let (more, end) = (info.get("hasNextPage"), info.get("endCursor"));
    json!({"hasNextPage": more == Some(&Value::Bool(true)), "endCursor": end.and_then(Value::as_str)})
}

/// The object with this very id, within lists too, but not within an object with an id of its own: a message may have the
/// number that is looked for as a chat's.
fn find_by_id<'a>(
    object: &'a Map<String, Value>,
    id: &str,
    wanted: &str,
    depth: usize,
) -> Option<&'a Map<String, Value>> {
    match get(object, id).and_then(text) {
        Some(own) if own == wanted => return Some(object),
        // What is around everything may have an id too.
        Some(_) if depth > 0 => return None,
        _ => {}
    }
    let inner = object.values().filter(|_| depth < DEEPEST).flat_map(|value| match value {
        Value::Array(values) => &values[..],
        value => std::slice::from_ref(value),
    });
    inner.filter_map(Value::as_object).find_map(|inner| find_by_id(inner, id, wanted, depth + 1))
}

/// The nearest object with an id.
fn find<'a>(object: &'a Map<String, Value>, id: &str, depth: usize) -> Option<&'a Map<String, Value>> {
    if get(object, id).is_some_and(|id| id.is_string() || id.is_number()) {
        return Some(object);
    }
    let mut inner = object.values().filter_map(Value::as_object).filter(|_| depth < DEEPEST);
    inner.find_map(|inner| find(inner, id, depth + 1))
}

/// What a payload says against success.
fn reports(root: &Map<String, Value>) -> Option<(String, Option<String>)> {
    let code = || get(root, "code").and_then(text);
    // A member of a union, or of an interface, that is not the thing.
    let other = get(root, "refusedBy").and_then(Value::as_str);
    if let Some(refusal) = get(root, "refusal").and_then(text).filter(|refusal| !refusal.is_empty()) {
        return Some((refusal, code()));
    }
    if let Some(other) = other {
        return Some((words(other).join(" "), code()));
    }
    let errors = match root.get("errors") {
        Some(Value::Array(errors)) => &errors[..],
        Some(Value::Null | Value::Bool(false)) | None => &[],
        Some(error) => std::slice::from_ref(error),
    };
    if let Some(first) = errors.first() {
        let messages: Vec<_> = errors.iter().filter_map(error_text).collect();
        let said = if messages.is_empty() { "no reason given".to_owned() } else { messages.join("; ") };
        return Some((said, first.get("code").and_then(text).or_else(code)));
    }
    let failed = root.get("ok") == Some(&Value::Bool(false)) || root.get("failed") == Some(&Value::Bool(true));
    failed.then(|| (get(root, "said").and_then(text).unwrap_or_else(|| "no reason given".to_owned()), code()))
}

/// One error of a payload: its message, or else what kind it is.
fn error_text(error: &Value) -> Option<String> {
    let kind = || error.get("__typename").and_then(Value::as_str).map(|kind| words(kind).join(" "));
    let message = match error {
        Value::Object(error) => get(error, "message").and_then(text),
        _ => text(error),
    };
    message.filter(|message| !message.is_empty()).or_else(kind)
}

/// The value of a key: of several that a union's members needed, the one that is there.
fn get<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let there = |value: &&Value| !value.is_null();
    object
        .get(key)
        .filter(there)
        .or_else(|| (2..=MOST_KEYS).map_while(|number| object.get(&format!("{key}_{number}"))).find(there))
}

fn object(object: &Map<String, Value>, keys: &[Key]) -> Value {
    let value = |key: &Key| Some((key.name.to_owned(), hold(get(object, key.name)?, key.holds)?));
    keys.iter().filter_map(value).collect()
}

fn hold(value: &Value, holds: Holds) -> Option<Value> {
    match holds {
        Holds::Text => text(value).map(Value::from),
        Holds::Time => time(value).map(Value::from),
        Holds::Number => number(value).map(Value::from),
        Holds::Flag => value.as_bool().map(Value::from),
        Holds::Object(keys) => value.as_object().map(|inner| object(inner, keys)),
        Holds::Identified(keys) => {
            let inner = object(value.as_object()?, keys);
            inner.get(keys[0].name).is_some().then_some(inner)
        }
        Holds::List(keys) => {
            let elements = elements(value)?.filter_map(Value::as_object).map(|inner| object(inner, keys));
            // An element without an id is none of the program's: a member of a union that holds nothing of a message.
            Some(elements.filter(|element| element.get(keys[0].name).is_some()).collect())
        }
    }
}

/// A text, in whatever it is wrapped: an id that is a number, an attachment with its own address.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text),
        Value::Object(inner) => inner.values().find_map(text),
        Value::Null | Value::Bool(_) => None,
    }
}

/// Milliseconds since the Unix epoch, from these or from a date as RFC 3339 has it.
fn time(value: &Value) -> Option<i64> {
    match value {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a time with a fraction of a millisecond, or far out of range"
        )]
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|time| time as i64)),
        Value::String(text) => {
            let date = || text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
            text.parse().ok().or_else(date)
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The elements of a list or a connection.
fn elements(value: &Value) -> Option<Box<dyn Iterator<Item = &Value> + '_>> {
    let Value::Object(connection) = value else {
        return Some(Box::new(value.as_array()?.iter()));
    };
    if let Some(edges) = connection.get("edges").and_then(Value::as_array) {
        return Some(Box::new(edges.iter().map(|edge| &edge["node"])));
    }
    Some(Box::new(connection.values().find_map(Value::as_array)?.iter()))
}

/// Where the next page of the messages begins.
fn next(found: &Map<String, Value>, thing: &Thing) -> Option<Next> {
    let list = thing.keys.iter().find(|key| matches!(key.holds, Holds::List(_)))?;
    let connection = get(found, list.name)?;
    let info = connection.get("pageInfo").unwrap_or(connection);
    let more = |has: &str, cursor: &str, backwards| {
        let cursor = info.get(cursor).and_then(Value::as_str).filter(|_| info.get(has) == Some(&Value::Bool(true)))?;
        Some(Next { cursor: cursor.to_owned(), backwards })
    };
    more("hasNextPage", "endCursor", false).or_else(|| more("hasPreviousPage", "startCursor", true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answer: &Value, chat: &str) -> Value {
        let thing = Plan::of("ChatMessages").unwrap().thing;
        shape_messages(thing, answer, chat).unwrap().value
    }

    #[test]
    fn a_message_with_the_number_of_the_chat_is_not_the_chat() {
        let other = json!({"id": 1, "messages": [{"id": 7, "text": "no"}]});
        let wanted = json!({"id": 7, "messages": [{"id": 1, "text": "yes"}]});
        let answer = json!({"id": 7, "chats": {"edges": [{"node": other}, {"node": wanted}]}});
        assert_eq!(seen(&json!({ "viewer": answer["chats"] }), "7")["chat"]["messages"][0]["text"], "yes");
        let later = json!({"chats": {"edges": [{"node": other}], "pageInfo": {"hasNextPage": true, "endCursor": "x"}}});
        assert_eq!(seen(&later, "7")["chat"], Value::Null);
        assert_eq!(seen(&later, "7")["pageInfo"], json!({"hasNextPage": true, "endCursor": "x"}));
    }

    #[test]
    fn messages_are_all_only_where_nothing_speaks_against_it() {
        let whole = |messages: Value| seen(&json!({"id": "c-1", "messages": messages}), "c-1")["whole"].take();
        let message = |id: usize| json!({ "id": id });
        let end = json!({"hasNextPage": false});
        assert_eq!(whole(json!([message(1), message(2)])), true);
        assert_eq!(whole(json!({"nodes": [message(1)], "pageInfo": end})), true);
        assert_eq!(whole(json!({"nodes": [message(1)], "hasPreviousPage": false})), true);
        for doubtful in [
            json!({"nodes": [message(1)]}),
            json!({"nodes": [message(1), {"kind": "sticker"}], "pageInfo": end}),
            json!({"edges": [{"node": message(1)}, null], "pageInfo": end}),
            json!([message(1), null]),
            (0..50).map(message).collect(),
        ] {
            assert_eq!(whole(doubtful.clone()), false, "{doubtful}");
        }
    }

    #[test]
    fn a_list_goes_on_where_what_is_around_its_elements_says_so() {
        let thing = Plan::of("ChatList").unwrap().thing;
        let chats = json!([{"id": "c-1"}]);
        for list in [
            json!({"partner": {"chats": {"nodes": chats, "pageInfo": {"hasNextPage": true, "endCursor": "x"}}}}),
            json!({"chats": chats, "pageInfo": {"hasNextPage": true, "endCursor": "x"}}),
            json!({"found": {"items": chats, "hasNextPage": true, "endCursor": "x"}}),
        ] {
            let value = shape_list(thing, "chats", &list).unwrap().value;
            assert_eq!(value["pageInfo"], json!({"hasNextPage": true, "endCursor": "x"}), "{list}");
            assert_eq!(value["edges"], json!([{"cursor": null, "node": {"id": "c-1"}}]), "{list}");
        }
        let plain = shape_list(thing, "chats", &json!({"viewer": {"chats": chats}})).unwrap().value;
        assert_eq!(plain["pageInfo"]["hasNextPage"], false);
        assert!(shape_list(thing, "chats", &json!({"viewer": {"name": "x"}})).is_err());
    }
}
