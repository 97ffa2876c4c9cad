//! Pagination as Relay has it. A cursor names the item before it, not a position, so a list may grow or shrink while somebody reads
//! its pages.

use serde_json::{Value, json};

use super::refusal::Refusal;

const DEFAULT_SIZE: i64 = 10;
const MAX_SIZE: i64 = 100;

/// Which page of a connection.
#[derive(Debug, Default)]
struct Page<'a> {
    /// How many items; 10 where it is left out, never more than 100.
    first: Option<i64>,
    /// The cursor of the item that the page follows.
    after: Option<&'a str>,
    /// Whether the ids count down.
    descending: bool,
}

/// What a list was asked for: which of its items, and which page of them.
#[derive(Debug, Default)]
pub(super) struct ListArguments<'a> {
    page: Page<'a>,
    /// Begun at this time or later, at this time or earlier: milliseconds since the Unix epoch.
    since: Option<i64>,
    until: Option<i64>,
    /// Fields with the value that they must have.
    filters: Vec<(&'a str, &'a Value)>,
}

impl<'a> ListArguments<'a> {
    /// Reads the arguments of a list.
    pub(super) fn read(arguments: &'a Value) -> Result<Self, Refusal> {
        let page = Page {
            first: arguments["first"].as_i64(),
            after: arguments["after"].as_str(),
            descending: arguments["orderBy"]["direction"] == "desc",
        };
        let (since, until) = (millis(arguments, "startDate")?, millis(arguments, "endDate")?);
        Ok(Self { page, since, until, filters: filters(&arguments["filters"])? })
    }

    /// The page of a connection.
    pub(super) fn connection(&self, kind: &str, mut items: Vec<Value>) -> Result<Value, Refusal> {
        let begun = |item: &Value| item["createdAt"].as_i64().unwrap_or_default();
        items.retain(|item| {
            self.since.is_none_or(|since| since <= begun(item))
                && self.until.is_none_or(|until| begun(item) <= until)
                && self.filters.iter().all(|(field, value)| item[field] == **value)
        });
        connection(kind, items, &self.page)
    }
}

fn filters(given: &Value) -> Result<Vec<(&str, &Value)>, Refusal> {
    let filters = given.as_array().into_iter().flatten().filter(|filter| !filter.is_null());
    filters
        .map(|filter| match filter["field"].as_str().unwrap_or_default() {
            field @ ("id" | "status") => Ok((field, &filter["value"])),
            field => Err(Refusal::input(format!("a list cannot be filtered by `{field}`, only by id or status"))),
        })
        .collect()
}

/// A time: the executor lets every value of a platform's own scalar through.
fn millis(arguments: &Value, name: &str) -> Result<Option<i64>, Refusal> {
    match &arguments[name] {
        Value::Null => Ok(None),
        value => {
            let unfit = || Refusal::input(format!("`{name}` is not an integer of milliseconds: {value}"));
            value.as_i64().map(Some).ok_or_else(unfit)
        }
    }
}

/// One page of these items, each an object with an `id`, in the order of their ids.
fn connection(kind: &str, mut items: Vec<Value>, page: &Page<'_>) -> Result<Value, Refusal> {
    let size = page.first.unwrap_or(DEFAULT_SIZE);
    let negative = |_| Refusal::input(format!("`first` is negative: {size}"));
    let size = usize::try_from(size.min(MAX_SIZE)).map_err(negative)?;
    items.sort_by(|a, b| order(id(a)).cmp(&order(id(b))));
    if page.descending {
        items.reverse();
    }
    if let Some(cursor) = page.after {
        let unknown = || Refusal::input(format!("`after` is not a cursor of this list: `{cursor}`"));
        let after = decode(kind, cursor).ok_or_else(unknown)?;
        let after = order(&after);
        items.retain(|item| if page.descending { order(id(item)) < after } else { order(id(item)) > after });
    }
    let has_next = items.len() > size;
    items.truncate(size);
    let edges: Vec<_> =
        items.into_iter().map(|item| json!({ "cursor": encode(kind, id(&item)), "node": item })).collect();
    let end = edges.last().map(|edge| edge["cursor"].clone());
    Ok(json!({ "edges": edges, "pageInfo": { "hasNextPage": has_next, "endCursor": end } }))
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
fn encode(kind: &str, id: &str) -> String {
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
        crate::sandbox::seed::state().experts.iter().map(|expert| json!(expert)).collect()
    }

    fn walk(first: i64, descending: bool) -> Vec<String> {
        let (mut ids, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = Page { first: Some(first), after: cursor.as_deref(), descending };
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
