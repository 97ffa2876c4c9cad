//! Lists that are read page by page, each page a Relay connection.

use std::marker::PhantomData;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::role::{AFTER, FIRST, OFFSET, PAGE_NUMBER, Role};
use super::{Call, Operation};

/// What chooses a page of a list.
pub(super) const PAGE: &[Role] = &[FIRST, AFTER, OFFSET, PAGE_NUMBER];

/// A list of the partner's, of which pages can be read.
#[derive(Clone, Debug)]
pub struct List<T> {
    operation: &'static Operation,
    /// What chooses the elements, whatever the page.
    values: Map<String, Value>,
    nodes: PhantomData<T>,
}

/// One page of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection<T> {
    /// What is on the page.
    pub edges: Vec<Edge<T>>,
    /// Whether there is another page.
    pub page_info: PageInfo,
    /// Why there may be more although there is no other page that can be asked for.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// One element of a page.
#[derive(Clone, Debug, Deserialize)]
pub struct Edge<T> {
    /// An opaque cursor: what is after this element is what follows it. `None` where it was not asked for.
    pub cursor: Option<String>,
    /// The element.
    pub node: T,
}

/// Whether there is another page, and where it begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is another page.
    pub has_next_page: bool,
    /// An opaque cursor: the next page is the one after it.
    pub end_cursor: Option<String>,
}

impl<T> List<T> {
    pub(super) fn of<const N: usize>(operation: &'static Operation, values: [(&Role, Value); N]) -> Self {
        Self { operation, values: Call::new(operation, values).values, nodes: PhantomData }
    }

    /// The call that reads `first` elements after the cursor `after`.
    pub fn page(&self, first: u32, after: Option<&str>) -> Call {
        let mut call = Call::new(self.operation, [(&FIRST, json!(first)), (&AFTER, json!(after))]);
        call.values.extend(self.values.clone());
        call
    }
}
