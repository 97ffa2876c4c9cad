//! Relay pagination. A cursor names the item that it stands behind, not a position, so a list may grow, or lose items
//! to a filter, while somebody walks it.

use serde_json::{Value, json};

use super::binding::plain;
use super::refusal::{Outcome, Refusal};

const DEFAULT_SIZE: i64 = 10;
const MAX_SIZE: i64 = 100;

/// The arguments that every connection takes.
#[derive(Debug, Default)]
struct Page<'a> {
    /// How many items; 10 where it is left out, never more than 100.
    first: Option<i64>,
    /// The cursor of the item that the page follows.
    after: Option<&'a str>,
    /// How many items from the end, where `first` is left out.
    last: Option<i64>,
    /// The cursor of the item that the page goes before.
    before: Option<&'a str>,
    /// Whether the ids count down.
    descending: bool,
}

impl Page<'_> {
    /// Whether it is another than the list as it stands.
    fn is_asked(&self) -> bool {
        self.first.is_some() || self.last.is_some() || self.after.is_some() || self.before.is_some() || self.descending
    }
}

/// What a list was asked for: which of its items, and which page of them.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    page: Page<'a>,
    /// Begun at this time or later, at this time or earlier: milliseconds since the Unix epoch.
    since: Option<i64>,
    until: Option<i64>,
    /// Fields with the value that they must have.
    filters: Vec<(String, &'a Value)>,
}

impl<'a> Asked<'a> {
    /// Reads the arguments of a list, whatever they are called and however deep they stand.
    pub(super) fn read(arguments: &'a Value) -> Outcome<Self> {
        let mut asked = Self::default();
        for (name, value) in leaves(arguments) {
            match plain(name).as_str() {
                "first" | "limit" | "size" | "pagesize" | "take" => asked.page.first = value.as_i64(),
                "last" => asked.page.last = value.as_i64(),
                "after" | "cursor" => asked.page.after = value.as_str(),
                "before" => asked.page.before = value.as_str(),
                "startdate" | "since" | "createdafter" | "from" => asked.since = millis(name, value)?,
                "enddate" | "until" | "createdbefore" | "to" => asked.until = millis(name, value)?,
                "filters" => asked.filters = filters(value)?,
                _ => {
                    let word = value.as_str().map(str::to_lowercase).unwrap_or_default();
                    asked.page.descending |= word == "descending" || word == "desc";
                }
            }
        }
        Ok(asked)
    }

    /// The page of a connection.
    pub(super) fn connection(&self, kind: &str, items: Vec<Value>) -> Outcome<Value> {
        connection(kind, self.choose(items), &self.page)
    }

    /// The same without the connection; everything where no page was asked for.
    pub(super) fn list(&self, kind: &str, items: Vec<Value>) -> Outcome<Vec<Value>> {
        let items = self.choose(items);
        if !self.page.is_asked() {
            return Ok(items);
        }
        let mut page = connection(kind, items, &self.page)?;
        Ok(page["edges"].as_array_mut().into_iter().flatten().map(|edge| edge["node"].take()).collect())
    }

    /// The items that it is about.
    fn choose(&self, mut items: Vec<Value>) -> Vec<Value> {
        let begun = |item: &Value| item["createdAt"].as_i64().unwrap_or_default();
        items.retain(|item| {
            self.since.is_none_or(|since| since <= begun(item))
                && self.until.is_none_or(|until| begun(item) <= until)
                && self.filters.iter().all(|(field, value)| item[field] == **value)
        });
        items
    }
}

/// The values in arguments that have no fields of their own, with the names of these.
pub(super) fn leaves(arguments: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => found.extend(leaves(value)),
            Value::Null => {}
            _ => found.push((name.as_str(), value)),
        }
    }
    found
}

fn filters(given: &Value) -> Outcome<Vec<(String, &Value)>> {
    let filters = given.as_array().into_iter().flatten().filter(|filter| !filter.is_null());
    let read = |filter: &'_ Value| filter["field"].as_str().unwrap_or_default().to_owned();
    filters
        .map(|filter| match read(filter) {
            field if ["id", "status"].contains(&field.as_str()) => Ok((field, &filter["value"])),
            field => Err(Refusal::input(format!("a list cannot be filtered by `{field}`, only by id or status"))),
        })
        .collect()
}

/// A time, of whatever type: the executor lets every value of a platform's own scalar through.
fn millis(name: &str, value: &Value) -> Outcome<Option<i64>> {
    let unfit = || Refusal::input(format!("`{name}` is not an integer of milliseconds, nor a date: {value}"));
    let date = || value.as_str()?.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    value.as_i64().or_else(date).map(Some).ok_or_else(unfit)
}

/// One page of these items, each an object with an `id`, in the order of their ids.
fn connection(kind: &str, mut items: Vec<Value>, page: &Page<'_>) -> Outcome<Value> {
    let backwards = page.first.is_none() && page.last.is_some();
    let (name, size) = if backwards { ("last", page.last) } else { ("first", page.first) };
    let size = size.unwrap_or(DEFAULT_SIZE);
    let size =
        usize::try_from(size.min(MAX_SIZE)).map_err(|_| Refusal::input(format!("`{name}` is negative: {size}")))?;
    items.sort_by(|a, b| order(id(a)).cmp(&order(id(b))));
    if page.descending {
        items.reverse();
    }
    let total = items.len();
    for (name, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
        let Some(cursor) = cursor else { continue };
        let unknown = || Refusal::input(format!("`{name}` is not a cursor of this list: `{cursor}`"));
        let limit = decode(kind, cursor).ok_or_else(unknown)?;
        let limit = order(&limit);
        items.retain(|item| {
            let item = order(id(item));
            if page.descending == is_after { item < limit } else { item > limit }
        });
    }
    let over = items.len().saturating_sub(size);
    let (has_previous, has_next) = if backwards {
        items.drain(..over);
        (over > 0, page.before.is_some())
    } else {
        items.truncate(size);
        (page.after.is_some(), over > 0)
    };
    let edges: Vec<_> =
        items.into_iter().map(|item| json!({ "cursor": encode(kind, id(&item)), "node": item })).collect();
    let cursor = |edge: Option<&Value>| edge.map(|edge| edge["cursor"].clone());
    let info = json!({
        "hasNextPage": has_next,
        "hasPreviousPage": has_previous,
        "startCursor": cursor(edges.first()),
        "endCursor": cursor(edges.last()),
    });
    let mut connection = json!({ "edges": edges, "pageInfo": info, "totalCount": total });
    // Some schemas have no object for it.
    if let (Some(connection), Value::Object(info)) = (connection.as_object_mut(), info) {
        connection.extend(info);
    }
    Ok(connection)
}

fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_default()
}

/// `c-10` stands behind `c-9`.
fn order(id: &str) -> (&str, u64) {
    let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
    (&id[..id.len() - digits.len()], digits.parse().unwrap_or_default())
}

/// The cursor of an item.
pub(super) fn encode(kind: &str, id: &str) -> String {
    hex::encode(format!("{kind}:{id}"))
}

fn decode(kind: &str, cursor: &str) -> Option<String> {
    let plain = String::from_utf8(hex::decode(cursor).ok()?).ok()?;
    Some(plain.strip_prefix(kind)?.strip_prefix(':')?.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sandbox::refusal::Code;

    fn experts() -> Vec<Value> {
        crate::sandbox::seed::state(false).experts.iter().map(|expert| json!(expert)).collect()
    }

    fn walk(first: i64, descending: bool) -> Vec<String> {
        let (mut ids, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = Page { first: Some(first), after: cursor.as_deref(), descending, ..Page::default() };
            let page = connection("expert", experts(), &page).unwrap();
            ids.extend(page["edges"].as_array().unwrap().iter().map(|edge| id(&edge["node"]).to_owned()));
            if page["pageInfo"]["hasNextPage"] == false {
                return ids;
            }
            cursor = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        }
    }

    proptest! {
        #[test]
        fn walking_pages_of_any_size_yields_every_expert_once(first in 1_i64..200, descending: bool) {
            let mut walked = walk(first, descending);
            if descending {
                walked.reverse();
            }
            let all: Vec<_> = experts().iter().map(|expert| id(expert).to_owned()).collect();
            prop_assert_eq!(walked, all);
        }

        #[test]
        fn a_cursor_from_elsewhere_is_refused_and_never_a_panic(cursor in "\\PC{0,20}|([0-9a-f]{2}){0,20}") {
            let page = Page { after: Some(&cursor), ..Page::default() };
            prop_assert_eq!(connection("expert", experts(), &page).unwrap_err().code, Code::BadUserInput);
        }
    }

    #[test]
    fn pages_lead_backwards_too() {
        let (mut ids, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = Page { last: Some(5), before: cursor.as_deref(), ..Page::default() };
            let page = connection("expert", experts(), &page).unwrap();
            ids.splice(0..0, page["edges"].as_array().unwrap().iter().map(|edge| id(&edge["node"]).to_owned()));
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
            cursor = page["pageInfo"]["startCursor"].as_str().map(str::to_owned);
        }
        assert_eq!(ids, walk(100, false));
    }

    #[test]
    fn a_page_has_ten_items_unless_told_and_a_hundred_at_most() {
        let many: Vec<_> = (0..150).map(|n| json!({ "id": format!("x-{n}") })).collect();
        for (first, size) in [(None, 10), (Some(0), 0), (Some(i64::MAX), 100)] {
            let page = connection("x", many.clone(), &Page { first, ..Page::default() }).unwrap();
            assert_eq!(page["edges"].as_array().unwrap().len(), size);
            assert_eq!(page["pageInfo"]["hasNextPage"], true);
        }
        let negative = Page { first: Some(-1), ..Page::default() };
        assert_eq!(connection("x", many, &negative).unwrap_err().code, Code::BadUserInput);
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursor = encode("chat", "c-1");
        let page = Page { after: Some(&cursor), ..Page::default() };
        assert_eq!(connection("expert", experts(), &page).unwrap_err().code, Code::BadUserInput);
    }

    #[test]
    fn a_walk_goes_on_when_the_item_behind_the_cursor_has_left_the_list() {
        let all: Vec<_> = (1..=5).map(|n| json!({ "id": format!("s-{n}") })).collect();
        let cursor = encode("submission", "s-2");
        let page = Page { after: Some(&cursor), ..Page::default() };
        let left = all.into_iter().filter(|item| id(item) != "s-2").collect();
        let page = connection("submission", left, &page).unwrap();
        assert_eq!(page["edges"][0]["node"]["id"], "s-3");
    }
}
