//! How a document asks for the pages of a list, and what an answer says of the page after it: there is one, there is none, or
//! nobody can tell. A list is never taken for whole because nothing speaks of more.

use anyhow::Context;
use serde_json::{Value, json};

use super::selection::PAGE;
use super::shape::{elements, text};
use crate::api::operation::role::{AFTER, OFFSET, PAGE_NUMBER};
use crate::error::Error;

/// Begins the line of a document that says that its list may go on where nobody can ask for it.
pub(super) const MAY_GO_ON: &str = "# may go on: ";

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(super) way: Way,
    /// How many elements are asked for at most.
    pub(super) size: Option<u64>,
    /// Why the list may go on although nothing in the answer says so.
    pub(super) left_out: Option<String>,
}

/// How a page is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// There is no way to ask for another one.
    #[default]
    Once,
    Cursor,
    /// After so many elements.
    Offset(u64),
    /// By its number, without so many elements of it.
    Number(u64, usize),
}

/// What comes after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Another page.
    On(Next),
    /// Nothing.
    End,
    /// Nothing, as far as one can see: fewer came than were asked for, or nothing is said about pages.
    Likely,
    /// Perhaps another page, which cannot be asked for: why.
    Doubt(String),
}

/// Where the next page begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) cursor: String,
    /// Whether what comes next stands before what is there.
    pub(crate) backwards: bool,
}

impl Asked {
    /// How the built-in documents ask for a page of a list.
    pub(super) fn by_cursor(size: Option<u64>) -> Self {
        Self { way: Way::Cursor, size, left_out: None }
    }

    /// The first page by variables of these names; `first` is the number of the first page where it has one.
    pub(super) fn first<'a>(mut variables: impl Iterator<Item = &'a str>, first: u64) -> Self {
        let way = variables.find_map(|name| match name {
            _ if name == AFTER.name => Some(Way::Cursor),
            _ if name == OFFSET.name => Some(Way::Offset(0)),
            _ if name == PAGE_NUMBER.name => Some(Way::Number(first, 0)),
            _ => None,
        });
        Self { way: way.unwrap_or_default(), ..Self::default() }
    }

    /// The page after this cursor, which is a number where pages are counted.
    pub(super) fn after(self, cursor: &str) -> anyhow::Result<Self> {
        let number = |text: &str| {
            let cause = || Error::usage(format!("a cursor of this endpoint's list is a number, and not `{cursor}`"));
            text.parse().with_context(cause)
        };
        let way = match self.way {
            Way::Offset(_) => Way::Offset(number(cursor)?),
            Way::Number(..) => match cursor.split_once('+') {
                Some((page, seen)) => Way::Number(number(page)?, usize::try_from(number(seen)?)?),
                None => Way::Number(number(cursor)?, 0),
            },
            way => way,
        };
        Ok(Self { way, ..self })
    }

    /// The variable that chooses the page, where it is a number, and its value.
    pub(super) fn number(&self) -> Option<(&'static str, u64)> {
        match self.way {
            Way::Offset(number) => Some((OFFSET.name, number)),
            Way::Number(number, _) => Some((PAGE_NUMBER.name, number)),
            Way::Once | Way::Cursor => None,
        }
    }

    /// Pages that are counted are all of one size, whatever is wanted of them.
    pub(super) fn fixed_size(&self) -> Option<u32> {
        matches!(self.way, Way::Number(..)).then_some(PAGE)
    }

    /// How many elements of the page were seen before.
    pub(super) fn seen(&self) -> usize {
        if let Way::Number(_, seen) = self.way { seen } else { 0 }
    }

    /// The cursor after the element at this place of the page, where it has none of its own.
    pub(super) fn cursor_at(&self, place: usize) -> Option<String> {
        match self.way {
            Way::Offset(number) => Some((number + place as u64 + 1).to_string()),
            Way::Number(number, _) => Some(format!("{number}+{}", place + 1)),
            Way::Once | Way::Cursor => None,
        }
    }

    /// What comes after this page.
    pub(super) fn then(&self, list: &Value) -> Then {
        match (self.said(list), &self.left_out) {
            (Then::End | Then::Likely, Some(left_out)) => Then::Doubt(left_out.clone()),
            (then, _) => then,
        }
    }

    /// What comes after this page by what its answer says.
    fn said(&self, list: &Value) -> Then {
        let info = list.get("pageInfo").unwrap_or(list);
        let backwards = info.get("hasPreviousPage").is_some() && info.get("hasNextPage").is_none();
        let (has, end) = if backwards { ("hasPreviousPage", "startCursor") } else { ("hasNextPage", "endCursor") };
        let more = info.get(has).and_then(Value::as_bool);
        let count = elements(list).map_or(0, Iterator::count);
        let on = |cursor: String| Then::On(Next { cursor, backwards });
        match self.way {
            _ if more == Some(false) => return Then::End,
            Way::Offset(_) | Way::Number(..) if count == 0 && more == Some(true) => {
                return Then::Doubt("a page without anything says that there is another one".to_owned());
            }
            Way::Offset(_) | Way::Number(..) if count == 0 => return Then::End,
            Way::Offset(number) => return on((number + count as u64).to_string()),
            Way::Number(number, _) => return on((number + 1).to_string()),
            Way::Once | Way::Cursor => {}
        }
        let told = info.get(end);
        let own = told.and_then(text).filter(|cursor| !cursor.is_empty());
        let of_last = || {
            let edges = list.get("edges").and_then(Value::as_array)?;
            edges.last()?.get("cursor").and_then(text).filter(|_| !backwards)
        };
        if more.is_none() && told.is_some() && own.is_none() {
            return Then::End;
        }
        match own.or_else(of_last).filter(|_| self.way == Way::Cursor) {
            Some(cursor) => on(cursor),
            None if more == Some(true) => Then::Doubt("it says that there is another page, and not where".to_owned()),
            None if told.is_some_and(|told| !told.is_null()) => {
                Then::Doubt("it tells where it goes on, and cannot be asked for that".to_owned())
            }
            None if count == 0 => Then::End,
            None => match self.size {
                Some(size) if count as u64 >= size => {
                    Then::Doubt(format!("as many as were asked for came ({count}), and no more can be asked for"))
                }
                None if list.is_array() => Then::End,
                _ => Then::Likely,
            },
        }
    }

    /// What comes after a page of a list, as a page of a connection says it, and why it may not be told.
    pub(super) fn page_info(&self, list: &Value) -> (Value, Option<String>) {
        let (next, doubt) = match self.then(list) {
            Then::On(next) => (Some(next.cursor), None),
            Then::Doubt(why) => (None, Some(why)),
            // An endpoint may give fewer at a time than it is asked for.
            Then::Likely if self.size.is_some() => {
                (None, Some("fewer than were asked for came, and nothing says that these are all".to_owned()))
            }
            Then::End | Then::Likely => (None, None),
        };
        (json!({"hasNextPage": next.is_some(), "endCursor": next}), doubt)
    }
}
