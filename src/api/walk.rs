//! A walk over a list page by page. The pages come from outside: a list whose cursor repeats itself, or that goes on
//! without ever bringing anything, must end the walk with an error, as nobody watches a script that loops.

use std::collections::HashSet;

use super::operation::list::{Connection, Edge, PageInfo};
use crate::error::{Error, Kind};

/// The most pages that one walk reads.
const MOST_PAGES: usize = 100_000;
/// The most pages in a row that bring nothing.
const MOST_EMPTY: usize = 10;

/// The way that a walk has come.
#[derive(Debug, Default)]
pub struct SeenCursors {
    seen: HashSet<String>,
    pages: usize,
}

impl SeenCursors {
    /// A trail that begins after this cursor, or at the beginning.
    pub fn new(after: Option<&str>) -> Self {
        Self { seen: after.map(ToOwned::to_owned).into_iter().collect(), pages: 0 }
    }

    /// The cursor of the next page; `None` at the end. An error where the next page is one that was read before, or none
    /// can be asked for.
    pub fn go_on(&mut self, page: &PageInfo) -> anyhow::Result<Option<String>> {
        if !page.has_next_page {
            return Ok(None);
        }
        self.pages += 1;
        let Some(cursor) = page.end_cursor.clone() else {
            return Err(endless("it says that there is another page, and not where"));
        };
        if !self.seen.insert(cursor.clone()) {
            return Err(endless("its cursor repeats itself"));
        }
        if self.pages >= MOST_PAGES {
            return Err(endless(&format!("it did not end within {MOST_PAGES} pages")));
        }
        Ok(Some(cursor))
    }
}

/// A walk over the pages that `read` brings, given how many elements to ask for and the cursor to begin after.
pub struct Walk<F> {
    read: F,
    after: Option<String>,
    trail: SeenCursors,
    empty: usize,
    /// The ids that were seen, where somebody looks at them, and how many pages in a row had no other.
    known: HashSet<String>,
    stale: usize,
    ended: bool,
    doubt: Option<String>,
}

impl<T, F: FnMut(u32, Option<&str>) -> anyhow::Result<Connection<T>>> Walk<F> {
    /// A walk that begins after this cursor, or at the beginning.
    pub fn new(after: Option<String>, read: F) -> Self {
        Self {
            read,
            trail: SeenCursors::new(after.as_deref()),
            after,
            empty: 0,
            known: HashSet::new(),
            stale: 0,
            ended: false,
            doubt: None,
        }
    }

    /// The next page, of `first` elements or as many as the platform gives; `None` after the last one.
    pub fn page(&mut self, first: u32) -> anyhow::Result<Option<Vec<Edge<T>>>> {
        if self.ended {
            return Ok(None);
        }
        let page = (self.read)(first, self.after.as_deref())?;
        self.empty = if page.edges.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY {
            return Err(endless(&format!("{} pages in a row are empty", self.empty)));
        }
        if let Some(cursor) = self.trail.go_on(&page.page_info)? {
            self.after = Some(cursor);
        } else {
            self.ended = true;
            self.doubt = page.doubt;
        }
        Ok(Some(page.edges))
    }

    /// Takes note of the ids on a page, and tells for each whether it is new: where pages are counted, one element may stand on
    /// two of them. An error where a few pages in a row have brought none that is new: a list may go on for ever with cursors
    /// that never repeat.
    pub fn note<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) -> anyhow::Result<Vec<bool>> {
        let new: Vec<_> = ids.into_iter().map(|id| self.known.insert(id.to_owned())).collect();
        self.stale = if new.contains(&true) { 0 } else { self.stale + 1 };
        if self.stale > MOST_EMPTY {
            return Err(endless(&format!("{} pages in a row bring nothing new", self.stale)));
        }
        Ok(new)
    }

    /// Why there may be more of the list, which came to its end as far as it can be read.
    pub fn doubt(&self) -> Option<&str> {
        self.doubt.as_deref()
    }

    /// The cursor of the next page, where there is one.
    pub fn next(&self) -> Option<&str> {
        self.after.as_deref().filter(|_| !self.ended)
    }
}

fn endless(why: &str) -> anyhow::Error {
    Error::new(Kind::Failure, format!("the platform's list cannot be read to its end: {why}")).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A list of so many numbers that gives `most` of them at a time.
    fn numbers(count: u32, most: u32) -> impl FnMut(u32, Option<&str>) -> anyhow::Result<Connection<u32>> {
        move |first, after| {
            let begin = after.map_or(0, |after| after.parse().unwrap());
            let end = count.min(begin + first.min(most));
            let edges = (begin..end).map(|node| Edge { cursor: Some((node + 1).to_string()), node }).collect();
            let page_info = PageInfo { has_next_page: end < count, end_cursor: Some(end.to_string()) };
            Ok(Connection { edges, page_info, doubt: None })
        }
    }

    fn empty(has_next_page: bool, end_cursor: Option<&str>) -> Connection<u32> {
        let end_cursor = end_cursor.map(ToOwned::to_owned);
        Connection { edges: vec![], page_info: PageInfo { has_next_page, end_cursor }, doubt: None }
    }

    fn walk_all(mut walk: Walk<impl FnMut(u32, Option<&str>) -> anyhow::Result<Connection<u32>>>) -> anyhow::Error {
        loop {
            match walk.page(10) {
                Ok(page) => assert!(page.is_some(), "the walk came to an end"),
                Err(error) => return error,
            }
        }
    }

    #[test]
    fn a_cursor_that_repeats_itself_ends_the_walk() {
        let mut turn = 0;
        let error = walk_all(Walk::new(None, move |_, _| {
            turn = (turn + 1) % 3;
            Ok(empty(true, Some(["a", "b", "c"][turn])))
        }));
        assert!(error.to_string().contains("repeats itself"), "{error}");
        let error = walk_all(Walk::new(Some("a".into()), |_, _| Ok(empty(true, Some("a")))));
        assert!(error.to_string().contains("repeats itself"), "{error}");
    }

    #[test]
    fn a_list_that_never_brings_anything_ends_the_walk() {
        let mut turn = 0;
        let error = walk_all(Walk::new(None, move |_, _| {
            turn += 1;
            Ok(empty(true, Some(&turn.to_string())))
        }));
        assert!(error.to_string().contains("empty"), "{error}");
        let error = walk_all(Walk::new(None, |_, _| Ok(empty(true, None))));
        assert!(error.to_string().contains("not where"), "{error}");
    }

    #[test]
    fn a_list_without_an_end_ends_the_walk() {
        let error = walk_all(Walk::new(None, numbers(u32::MAX, 1)));
        assert!(error.to_string().contains("100000 pages"), "{error}");
    }

    proptest! {
        #[test]
        fn a_walk_of_any_page_size_brings_everything_once(count in 0_u32..200, most in 1_u32..60, first in 1_u32..60) {
            let mut walk = Walk::new(None, numbers(count, most));
            let mut nodes = Vec::new();
            while let Some(edges) = walk.page(first).unwrap() {
                nodes.extend(edges.into_iter().map(|edge| edge.node));
                prop_assert_eq!(walk.next().is_some(), nodes.len() < count as usize);
            }
            prop_assert_eq!(nodes, (0..count).collect::<Vec<_>>());
        }
    }
}
