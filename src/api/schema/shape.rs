//! One shape out: whatever an answer is wrapped in, and however it is typed, the program's own keys and types. What was only
//! wished for and cannot be read is left out: it must not turn a mutation that took effect into a failure.

use serde_json::{Map, Number, Value, json};

use super::pages::{Asked, Next, Then};
use super::verdict::{Verdict, Word, has_failed, is_id};
use crate::api::Operation;
use crate::api::operation::thing::{Holds, Key, Thing};

/// How many objects deep a result is looked for.
const DEEPEST: usize = 6;
/// The most keys that one name can have, of a union's members: `text`, `text_2`, …
const MOST_KEYS: usize = 50;

/// Below this a number is a time in seconds; from these on in microseconds and nanoseconds.
const SECONDS: u64 = 100_000_000_000;
const MICROSECONDS: u64 = SECONDS * 1000;
const NANOSECONDS: u64 = MICROSECONDS * 1000;

/// A result under the program's own keys.
#[derive(Debug)]
pub(in crate::api) struct Shaped {
    pub(in crate::api) value: Value,
    /// Where the next page of its messages begins, if there is one.
    pub(in crate::api) next: Option<Next>,
    /// Whether these are all its messages up to there.
    pub(in crate::api) whole: bool,
    /// Why there may be more of them that cannot be asked for.
    pub(in crate::api) doubt: Option<String>,
}

impl Shaped {
    /// A result without messages.
    pub(in crate::api) fn of(value: Value) -> Self {
        Self { value, next: None, whole: true, doubt: None }
    }

    /// A result with the messages of the object that was found.
    fn with_messages(value: Value, found: &Map<String, Value>, thing: &Thing, asked: &Asked) -> Self {
        let list = thing.keys.iter().find(|key| matches!(key.holds, Holds::List(_)));
        let list = list.and_then(|key| Some((get(found, key.name)?, key)));
        let Some((list, Key { holds, .. })) = list else { return Self::of(value) };
        // One that is not understood may be the one that is looked for.
        let read = hold(list, *holds).and_then(|read| Some(read.as_array()?.len()));
        let is_read = read.is_some() && elements(list).map(Iterator::count) == read;
        let shaped = Self { whole: is_read, ..Self::of(value) };
        match asked.then(list) {
            Then::On(next) => Self { next: Some(next), ..shaped },
            Then::End => shaped,
            Then::Likely => Self { whole: false, ..shaped },
            Then::Doubt(why) => Self { whole: false, doubt: Some(why), ..shaped },
        }
    }
}

/// Why an answer without errors is no result.
#[derive(Debug)]
pub(in crate::api) enum Misshaped {
    /// The platform refused, and says so in a payload.
    Refused { text: String, code: Option<String> },
    /// Errors beside a result.
    Doubtful(String),
    /// There is no result in it.
    Nothing(String),
}

/// Reads the value of a mutation's root field as a thing. `echo` is the id of what it is about, where that is known: an object
/// with another id is not it. Where the endpoint was asked for no id (`asks_id`), it is believed when it says that it is done.
pub(in crate::api) fn shape(
    operation: &Operation,
    value: Value,
    echo: Option<&str>,
    asks_id: bool,
    asked: &Asked,
) -> Result<Shaped, Misshaped> {
    let thing = operation.thing;
    let value = match value {
        Value::Array(mut items) if items.len() == 1 => items.remove(0),
        value => value,
    };
    let id = thing.keys[0].name;
    let echo = echo.filter(|_| thing.echo.is_some());
    let none = || nothing(format!("the platform's answer has no {} with an `{id}`", thing.name));
    let root = match value {
        Value::Object(root) => root,
        Value::Bool(done) => Map::from_iter([("ok".to_owned(), done.into())]),
        // Where the id is known anyway, a bare value is not it, but what became of the thing.
        Value::String(word) if echo.is_some() => match Word::of(&word, operation) {
            Word::Done => Map::new(),
            Word::Refused => return Err(Misshaped::Refused { text: word, code: None }),
            Word::Unknown => return Err(nothing(format!("the platform's answer is `{word}`"))),
        },
        // A zero is no id that anybody gives.
        value @ (Value::String(_) | Value::Number(_)) if echo.is_none() && value != 0 => {
            Map::from_iter([(id.to_owned(), value)])
        }
        _ => return Err(none()),
    };
    let found = match echo {
        Some(echo) => find_by_id(&root, id, echo, 1),
        None => find(&root, id, 0),
    };
    let verdict = Verdict::of(&root, found, operation);
    // What asks for nothing was answered.
    let is_done = verdict.is_done || root.keys().all(|key| ["__typename", "clientMutationId"].contains(&&**key));
    let unclear = verdict.unclear.clone();
    match (found, verdict.against()) {
        (Some(_), Some((text, _))) => Err(Misshaped::Doubtful(text)),
        (None, Some((text, code))) => Err(Misshaped::Refused { text, code }),
        (_, None) if unclear.is_some() => {
            Err(nothing(format!("the platform's answer says `{}`", unclear.unwrap_or_default())))
        }
        (Some(found), None) => Ok(Shaped::with_messages(object(found, thing.keys), found, thing, asked)),
        (None, None) => match (echo, find(&root, id, 0)) {
            (Some(echo), Some(other)) => {
                let other = get(other, id).and_then(text).unwrap_or_default();
                Err(nothing(format!("the platform's answer is about another {}: `{other}`, not `{echo}`", thing.name)))
            }
            (Some(_), None) if !asks_id && !is_done => {
                Err(nothing("the platform's answer does not say that it is done".to_owned()))
            }
            (Some(echo), None) if !asks_id => {
                let mut root = root;
                root.insert(id.to_owned(), echo.into());
                Ok(Shaped::of(object(&root, thing.keys)))
            }
            _ => Err(none()),
        },
    }
}

fn nothing(cause: String) -> Misshaped {
    Misshaped::Nothing(cause)
}

/// Reads an answer as a page of a list: `edges` and `pageInfo`, whatever the endpoint's list looks like.
pub(in crate::api) fn shape_list(thing: &Thing, name: &str, value: &Value, asked: &Asked) -> Result<Shaped, Misshaped> {
    let nothing = || Misshaped::Nothing(format!("the platform's answer has no list of {name}"));
    let list = find_list(value, name, 0).ok_or_else(nothing)?;
    let edges = list.get("edges").and_then(Value::as_array);
    let nodes: Vec<(Option<&Value>, &Value)> = match edges {
        Some(edges) => edges.iter().map(|edge| (edge.get("cursor"), &edge["node"])).collect(),
        None => elements(list).ok_or_else(nothing)?.map(|node| (None, node)).collect(),
    };
    let edge = |(place, (cursor, node)): (usize, (Option<&Value>, &Value))| {
        let node = object(node.as_object()?, thing.keys);
        node.get(thing.keys[0].name)?;
        Some(json!({"cursor": asked.cursor_at(place).or_else(|| cursor.and_then(text)), "node": node}))
    };
    let edges: Vec<_> = nodes.into_iter().enumerate().skip(asked.seen()).filter_map(edge).collect();
    let (page_info, doubt) = asked.page_info(list);
    Ok(Shaped::of(json!({"edges": edges, "pageInfo": page_info, "doubt": doubt})))
}

/// Reads an answer as a chat with its messages: by itself or in a list, in which it may be on a later page.
pub(in crate::api) fn shape_messages(
    thing: &Thing,
    value: &Value,
    chat: &str,
    (list, messages): (&Asked, &Asked),
) -> Result<Shaped, Misshaped> {
    let Some(found) = value.as_object().and_then(|root| find_by_id(root, thing.keys[0].name, chat, 0)) else {
        let nothing = || Misshaped::Nothing("the platform's answer has no list of chats".to_owned());
        let (page_info, _) = list.page_info(find_list(value, "chats", 0).ok_or_else(nothing)?);
        return Ok(Shaped::of(json!({"chat": null, "whole": false, "pageInfo": page_info})));
    };
    let info = json!({"hasNextPage": false, "endCursor": null});
    let value = json!({"chat": object(found, thing.keys), "whole": false, "pageInfo": info});
    Ok(Shaped::with_messages(value, found, thing, messages))
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
    if is_id(get(object, id)) {
        return Some(object);
    }
    let mut inner = object.values().filter_map(Value::as_object).filter(|_| depth < DEEPEST);
    inner.find_map(|inner| find(inner, id, depth + 1))
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
            let elements = elements(value)?.filter_map(Value::as_object).filter(|inner| !has_failed(inner));
            let elements = elements.map(|inner| object(inner, keys));
            // An element without an id is none of the program's: a member of a union that holds nothing of a message. A message
            // that failed is none that anybody read.
            Some(elements.filter(|element| element.get(keys[0].name).is_some()).collect())
        }
    }
}

/// A text, in whatever it is wrapped: an id that is a number, an attachment with its own address.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text),
        Value::Object(inner) => inner.values().find_map(text),
        Value::Null | Value::Bool(_) => None,
    }
}

/// Milliseconds since the Unix epoch, from these, from seconds, or from a date as ISO 8601 has it: without a zone it is UTC.
fn time(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    // A date, and no number of seconds.
    if text.len() == 8 && (text.starts_with("19") || text.starts_with("20")) && text.bytes().all(|c| c.is_ascii_digit())
    {
        let date = text.parse::<jiff::civil::Date>().ok()?;
        return Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond());
    }
    let date = || text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    let without_zone = || {
        let date = text.strip_suffix(" UTC").unwrap_or(&text).parse::<jiff::civil::DateTime>().ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
    };
    text.parse()
        .ok()
        .map(milliseconds)
        .or_else(|| Some(fraction(text.parse().ok()?)))
        .or_else(date)
        .or_else(|| Some(jiff::fmt::rfc2822::parse(&text).ok()?.timestamp().as_millisecond()))
        .or_else(|| Some(jiff::Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", &text).ok()?.as_millisecond()))
        .or_else(without_zone)
}

/// A time in milliseconds, whatever it is counted in: no chat is from before March 1973, which is 10¹¹ milliseconds, or from
/// after the year 5138, which is as many seconds.
fn milliseconds(time: i64) -> i64 {
    match time.unsigned_abs() {
        ..SECONDS => time * 1000,
        SECONDS..MICROSECONDS => time,
        MICROSECONDS..NANOSECONDS => time / 1000,
        NANOSECONDS.. => time / 1_000_000,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a time with a fraction of a millisecond, or far out of range")]
fn fraction(time: f64) -> i64 {
    // A second has a fraction that is worth keeping.
    if (time as i64).unsigned_abs() < SECONDS { (time * 1000.0) as i64 } else { milliseconds(time as i64) }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The elements of a list or a connection.
pub(super) fn elements(value: &Value) -> Option<Box<dyn Iterator<Item = &Value> + '_>> {
    let Value::Object(connection) = value else {
        return Some(Box::new(value.as_array()?.iter()));
    };
    if let Some(edges) = connection.get("edges").and_then(Value::as_array) {
        return Some(Box::new(edges.iter().map(|edge| &edge["node"])));
    }
    Some(Box::new(connection.values().find_map(Value::as_array)?.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::operation::ALL;

    fn thing_of(operation: &str) -> &'static Thing {
        ALL.iter().find(|it| it.name == operation).unwrap().thing
    }

    fn seen(answer: &Value, chat: &str) -> Shaped {
        let thing = thing_of("ChatMessages");
        shape_messages(thing, answer, chat, (&Asked::by_cursor(Some(50)), &Asked::default())).unwrap()
    }

    #[test]
    fn a_message_with_the_number_of_the_chat_is_not_the_chat() {
        let other = json!({"id": 1, "messages": [{"id": 7, "text": "no"}]});
        let wanted = json!({"id": 7, "messages": [{"id": 1, "text": "yes"}]});
        let answer = json!({"id": 7, "chats": {"edges": [{"node": other}, {"node": wanted}]}});
        let chat = &seen(&json!({ "viewer": answer["chats"] }), "7").value["chat"];
        assert_eq!(chat["messages"][0]["text"], "yes");
        let later = json!({"chats": {"edges": [{"node": other}], "pageInfo": {"hasNextPage": true, "endCursor": "x"}}});
        let later = seen(&later, "7").value;
        assert_eq!(
            (&later["chat"], &later["pageInfo"]),
            (&Value::Null, &json!({"hasNextPage": true, "endCursor": "x"}))
        );
    }

    #[test]
    fn messages_are_all_only_where_nothing_speaks_against_it() {
        let whole = |messages: Value| seen(&json!({"id": "c-1", "messages": messages}), "c-1").whole;
        let message = |id: usize| json!({ "id": id });
        let end = json!({"hasNextPage": false});
        assert!(whole(json!([message(1), message(2)])));
        assert!(whole(json!({"nodes": [message(1)], "pageInfo": end})));
        assert!(whole(json!({"nodes": [message(1)], "hasPreviousPage": false})));
        for doubtful in [
            json!({"nodes": [message(1)]}),
            json!({"nodes": [message(1), {"kind": "sticker"}], "pageInfo": end}),
            json!({"edges": [{"node": message(1)}, null], "pageInfo": end}),
            json!([message(1), null]),
            json!([message(1), {"id": 2, "status": "FAILED"}]),
            json!([message(1), {"id": 2, "__typename": "FailedMessage"}]),
        ] {
            assert!(!whole(doubtful.clone()), "{doubtful}");
        }
        // Where a size was asked for, a server may well like smaller ones: only a page that is empty is certainly the last.
        let limited = Asked { size: Some(50), ..Asked::default() };
        let thing = thing_of("ChatMessages");
        for (count, whole, is_said) in [(0, true, false), (7, false, false), (50, false, true)] {
            let messages: Vec<_> = (0..count).map(message).collect();
            let answer = json!({"id": "c-1", "messages": messages});
            let seen = shape_messages(thing, &answer, "c-1", (&Asked::default(), &limited)).unwrap();
            assert_eq!((seen.whole, seen.doubt.is_some()), (whole, is_said), "{count}");
        }
    }

    #[test]
    fn a_list_goes_on_where_what_is_around_its_elements_says_so() {
        let thing = thing_of("ChatList");
        let chats = json!([{"id": "c-1"}]);
        for list in [
            json!({"partner": {"chats": {"nodes": chats, "pageInfo": {"hasNextPage": true, "endCursor": "x"}}}}),
            json!({"chats": chats, "pageInfo": {"hasNextPage": true, "endCursor": "x"}}),
            json!({"found": {"items": chats, "hasNextPage": true, "endCursor": "x"}}),
        ] {
            let value = shape_list(thing, "chats", &list, &Asked::by_cursor(None)).unwrap().value;
            assert_eq!(value["pageInfo"], json!({"hasNextPage": true, "endCursor": "x"}), "{list}");
            assert_eq!(value["edges"], json!([{"cursor": null, "node": {"id": "c-1"}}]), "{list}");
        }
        let plain =
            shape_list(thing, "chats", &json!({"viewer": {"chats": chats}}), &Asked::by_cursor(None)).unwrap().value;
        assert_eq!(plain["pageInfo"]["hasNextPage"], false);
        assert!(shape_list(thing, "chats", &json!({"viewer": {"name": "x"}}), &Asked::by_cursor(None)).is_err());
    }

    #[test]
    fn a_time_is_read_in_whatever_it_is_counted_and_without_a_zone_is_utc() {
        for value in [
            json!(1_767_323_045_000_i64),
            json!(1_767_323_045),
            json!(1_767_323_045.0),
            json!("1767323045"),
            json!("1767323045000"),
            json!(1_767_323_045_000_000_i64),
            json!(1_767_323_045_000_000_000_i64),
            json!("2026-01-02T03:04:05Z"),
            json!("2026-01-02T04:04:05+01:00"),
            json!("2026-01-02T04:04:05+0100"),
            json!("2026-01-02T03:04:05"),
            json!("2026-01-02 03:04:05"),
            json!("2026-01-02T03:04:05.000000"),
        ] {
            assert_eq!(time(&value), Some(1_767_323_045_000), "{value}");
        }
        assert_eq!(time(&json!("2026-01-02")), Some(1_767_312_000_000));
        assert_eq!(time(&json!(1_767_323_045.25)), Some(1_767_323_045_250));
        for nothing in [json!("yesterday"), json!(null), json!("")] {
            assert_eq!(time(&nothing), None, "{nothing}");
        }
    }
}
