//! Relay pagination. A cursor names the item that it stands behind, not a position, so a list may grow, or lose items
//! to a filter, while somebody walks it.

use serde_json::{Value, json};

use super::refusal::{Outcome, Refusal};

const DEFAULT_SIZE: i64 = 10;
const MAX_SIZE: i64 = 100;

/// The arguments that every connection takes.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    /// How many items; 10 where it is left out, never more than 100.
    pub(super) first: Option<i64>,
    /// The cursor of the item that the page follows.
    pub(super) after: Option<&'a str>,
    /// Whether the ids count down.
    pub(super) descending: bool,
}

/// One page of these items, each an object with an `id`, in the order of their ids.
pub(super) fn connection(kind: &str, mut items: Vec<Value>, page: &Page<'_>) -> Outcome<Value> {
    let size = page.first.unwrap_or(DEFAULT_SIZE);
    let size =
        usize::try_from(size.min(MAX_SIZE)).map_err(|_| Refusal::input(format!("`first` is negative: {size}")))?;
    items.sort_by(|a, b| order(id(a)).cmp(&order(id(b))));
    if page.descending {
        items.reverse();
    }
    if let Some(cursor) = page.after {
        let unknown = || Refusal::input(format!("`after` is not a cursor of this list: `{cursor}`"));
        let last = decode(kind, cursor).ok_or_else(unknown)?;
        let last = order(&last);
        items.retain(|item| {
            let item = order(id(item));
            if page.descending { item < last } else { item > last }
        });
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
