//! Reads the inbox again, whatever a consumer has seen of it. Every query walks an index in the order of seq and reads one page at
//! a time, so a million events take no more time or memory than a hundred.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Store, inbox};
use crate::model::{Event, headers, spellings};

/// The most events on one page.
const PAGE: u64 = 256;

/// Which events are wanted; what is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Events of one of these names, in either spelling; none means all.
    pub events: Vec<String>,
    /// Events of this chat.
    pub chat: Option<String>,
    /// Received at this time or later, in milliseconds since the Unix epoch.
    pub since: Option<i64>,
    /// Received before this time, in milliseconds since the Unix epoch.
    pub until: Option<i64>,
    /// Messages that this installation sent, or everything else.
    pub own: Option<bool>,
    /// Only what a handler set aside.
    pub failed: bool,
    /// The first and the last seq.
    pub seqs: Option<(i64, i64)>,
}

/// An event with all that is kept of the request that brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// The event.
    pub event: Event,
    /// The header fields in the order in which they came; bytes that are no UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
}

/// What a query finds, page by page, in the order of receipt. Events that come in meanwhile are not in it.
pub struct EventPages<'a> {
    store: &'a Store,
    query: Query,
    next: i64,
    last: i64,
}

impl Store {
    /// The events that a query finds; with a limit, the newest so many of them.
    pub fn select(&self, query: Query, limit: Option<u64>) -> anyhow::Result<EventPages<'_>> {
        let (mut first, mut last) = query.seqs.unwrap_or((0, i64::MAX));
        last = last.min(self.newest()?);
        if query.since.is_some() || query.until.is_some() {
            let (oldest, newest) = received_between(&self.connection, &query)?;
            (first, last) = (first.max(oldest), last.min(newest));
        }
        if let Some(limit) = limit {
            first = first.max(nth_newest(&self.connection, &query, (first, last), limit)?);
        }
        Ok(EventPages { store: self, query, next: first, last })
    }

    /// One event, with its headers.
    pub fn request(&self, seq: i64) -> anyhow::Result<Option<StoredRequest>> {
        let request = self.event_with_headers(seq)?;
        Ok(request.map(|(event, headers)| StoredRequest { event, headers: header_fields(&headers) }))
    }

    /// The seq of the newest event that there ever was, pruned or not; 0 when there was none.
    pub fn newest(&self) -> anyhow::Result<i64> {
        Ok(inbox::last_seq(&self.connection)?)
    }

    /// The seq of the oldest event that is kept; `None` when there is none.
    pub fn oldest(&self) -> anyhow::Result<Option<i64>> {
        Ok(self.connection.prepare_cached("SELECT min(seq) FROM events")?.query_row([], |row| row.get(0))?)
    }
}

impl EventPages<'_> {
    /// The next page; empty at the end.
    pub fn next_page(&mut self) -> anyhow::Result<Vec<Event>> {
        let connection = &self.store.connection;
        let (mut events, mut bytes) = (Vec::new(), 0);
        // Once more, if all that was found was pruned before it was read.
        while events.is_empty() {
            let mut sql = Sql::default();
            sql.hits(&self.query, (self.next, self.last), "ASC", PAGE);
            let mut statement = connection.prepare_cached(&sql.text)?;
            let seqs = statement.query_map(params_from_iter(sql.values), |row| row.get(0))?;
            let seqs: Vec<i64> = seqs.collect::<Result<_, _>>()?;
            if seqs.is_empty() {
                break;
            }
            for seq in seqs {
                let event = inbox::read(connection, seq)?;
                self.next = seq + 1;
                bytes += event.as_ref().map_or(0, |event| event.body.len());
                events.extend(event);
                if bytes >= inbox::PAGE_BYTES {
                    break;
                }
            }
        }
        Ok(events)
    }
}

/// The first and the last seq received in the query's time. The clock may have been set back: the events between them
/// still have to be looked at.
fn received_between(connection: &Connection, query: &Query) -> rusqlite::Result<(i64, i64)> {
    let (since, until) = (query.since.unwrap_or(i64::MIN), query.until.unwrap_or(i64::MAX));
    let sql = "SELECT min(seq), max(seq) FROM events WHERE received_at >= ?1 AND received_at < ?2";
    let (first, last): (Option<i64>, Option<i64>) =
        connection.query_row(sql, [since, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((first.unwrap_or(i64::MAX), last.unwrap_or(0)))
}

/// The seq of the oldest among the newest `limit` hits.
fn nth_newest(connection: &Connection, query: &Query, seqs: (i64, i64), limit: u64) -> rusqlite::Result<i64> {
    let mut sql = Sql::default();
    sql.push("SELECT min(seq) FROM (");
    sql.hits(query, seqs, "DESC", limit);
    sql.push(")");
    let first: Option<i64> = connection.query_row(&sql.text, params_from_iter(sql.values), |row| row.get(0))?;
    Ok(first.unwrap_or(i64::MAX))
}

/// A statement that is being built, and the values of its parameters in order.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, condition: &str, value: impl Into<Value>) {
        self.push(condition);
        self.values.push(value.into());
    }

    /// Selects the seqs of what the query finds between two seqs. For several names there is one SELECT for each, merged by
    /// SQLite in the order of seq: `IN` would sort all that they have.
    fn hits(&mut self, query: &Query, seqs: (i64, i64), order: &str, limit: u64) {
        let names: BTreeSet<String> = query.events.iter().flat_map(|name| spellings(name)).collect();
        let names: Vec<Option<&String>> = if names.is_empty() { vec![None] } else { names.iter().map(Some).collect() };
        for (n, name) in names.into_iter().enumerate() {
            self.push(if n == 0 { "" } else { " UNION " });
            self.conditions(query, seqs, name);
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.bind(&format!(" ORDER BY seq {order} LIMIT ?"), limit);
    }

    /// Of the columns that are asked for, the one that leaves the fewest events is looked up in its index; a `+` keeps
    /// SQLite, which has no statistics, from choosing another.
    fn conditions(&mut self, query: &Query, (first, last): (i64, i64), name: Option<&String>) {
        self.bind("SELECT seq FROM events WHERE seq >= ?", first);
        self.bind(" AND seq <= ?", last);
        if let Some(chat) = &query.chat {
            self.bind(" AND chat_id = ?", chat.clone());
        }
        if let Some(own) = query.own {
            let indexed = own && query.chat.is_none();
            self.push(match (own, indexed) {
                (true, true) => " AND own = 1",
                (true, false) => " AND +own = 1",
                (false, _) => " AND +own = 0",
            });
        }
        if let Some(name) = name {
            let indexed = query.chat.is_none() && query.own != Some(true);
            self.bind(if indexed { " AND event = ?" } else { " AND +event = ?" }, name.clone());
        }
        if query.failed {
            self.push(" AND seq IN (SELECT seq FROM deliveries WHERE state = 'failed')");
        }
        if let Some(since) = query.since {
            self.bind(" AND +received_at >= ?", since);
        }
        if let Some(until) = query.until {
            self.bind(" AND +received_at < ?", until);
        }
    }
}

fn header_fields(lines: &[u8]) -> Vec<(String, String)> {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    headers::fields(lines).map(|(name, value)| (text(name), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Delivery;
    use crate::store::inbox::tests::{delivery, take};

    /// Ten events: two names in turn, chats c-0 to c-2 in turn, received at 10, 20, …, every fourth own.
    fn store() -> (tempfile::TempDir, Store) {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("default.db")).unwrap();
        for n in 1..=10 {
            let event = if n % 2 == 0 { "message-created" } else { "chat-assigned" };
            let delivery = delivery(&format!("k-{n}"), event, &format!("c-{}", n % 3));
            take(&store, &Delivery { received_at: n * 10, ..delivery });
        }
        store.connection.execute("UPDATE events SET own = 1 WHERE seq % 4 = 0", []).unwrap();
        (home, store)
    }

    fn found(store: &Store, query: Query, limit: Option<u64>) -> Vec<i64> {
        let mut pages = store.select(query, limit).unwrap();
        let mut seqs = Vec::new();
        loop {
            let page = pages.next_page().unwrap();
            if page.is_empty() {
                return seqs;
            }
            seqs.extend(page.iter().map(|event| event.seq));
        }
    }

    fn messages() -> Query {
        Query { events: vec!["message-created".into()], ..Query::default() }
    }

    #[test]
    fn a_query_finds_what_it_asks_for_in_the_order_of_receipt() {
        let (_home, store) = store();
        let both = Query { events: vec!["message-created".into(), "chat-assigned".into()], ..Query::default() };
        for (query, limit, expected) in [
            (Query::default(), None, (1..=10).collect::<Vec<_>>()),
            (Query::default(), Some(3), vec![8, 9, 10]),
            (messages(), Some(2), vec![8, 10]),
            (both.clone(), Some(3), vec![8, 9, 10]),
            (Query { events: vec!["chat-rated".into()], ..Query::default() }, Some(3), vec![]),
            (Query { chat: Some("c-1".into()), ..Query::default() }, None, vec![1, 4, 7, 10]),
            (Query { chat: Some("c-1".into()), ..messages() }, None, vec![4, 10]),
            (Query { since: Some(30), until: Some(60), ..Query::default() }, None, vec![3, 4, 5]),
            (Query { since: Some(101), ..Query::default() }, None, vec![]),
            (Query { own: Some(true), ..Query::default() }, None, vec![4, 8]),
            (Query { own: Some(false), ..messages() }, None, vec![2, 6, 10]),
            (Query { seqs: Some((3, 5)), ..both }, None, vec![3, 4, 5]),
            (Query { seqs: Some((7, 100)), own: Some(true), ..Query::default() }, None, vec![8]),
        ] {
            assert_eq!(found(&store, query.clone(), limit), expected, "{query:?}");
        }
    }

    #[test]
    fn a_query_finds_both_spellings_of_an_event() {
        let (_home, store) = store();
        store.connection.execute("UPDATE events SET event = 'messageCreated' WHERE seq = 6", []).unwrap();
        for name in ["message-created", "messageCreated"] {
            let query = Query { events: vec![name.into()], ..Query::default() };
            assert_eq!(found(&store, query, Some(4)), [4, 6, 8, 10]);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_hides_no_event() {
        let (_home, store) = store();
        store.connection.execute("UPDATE events SET received_at = 1 WHERE seq = 5", []).unwrap();
        let query = Query { since: Some(30), until: Some(80), ..Query::default() };
        assert_eq!(found(&store, query, None), [3, 4, 6, 7]);
    }

    #[test]
    fn more_than_a_page_is_read_in_pages_and_what_comes_in_meanwhile_is_not_in_it() {
        let (_home, store) = store();
        for n in 0..512 {
            take(&store, &delivery(&format!("more-{n}"), "chat-rated", "c-9"));
        }
        let mut pages = store.select(Query::default(), None).unwrap();
        assert_eq!(pages.next_page().unwrap().len(), 256);
        take(&store, &delivery("late", "chat-rated", "c-9"));
        assert_eq!(pages.next_page().unwrap().len(), 256);
        assert_eq!(pages.next_page().unwrap().len(), 10);
        assert_eq!(pages.next_page().unwrap(), []);
    }

    #[test]
    fn a_request_has_its_headers_as_they_came() {
        let (_home, store) = store();
        let headers = b"x-guuru-event: chat-rated\r\nx-note: a: b\r\n".to_vec();
        take(&store, &Delivery { headers, ..delivery("k", "chat-rated", "c-1") });
        let request = store.request(11).unwrap().unwrap();
        assert_eq!(request.event.event, "chat-rated");
        let expected = [("x-guuru-event", "chat-rated"), ("x-note", "a: b")];
        assert_eq!(request.headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(store.request(12).unwrap(), None);
    }

    /// What SQLite says it will do.
    fn plan(store: &Store, query: &Query, order: &str) -> String {
        let mut sql = Sql::default();
        sql.push("EXPLAIN QUERY PLAN ");
        sql.hits(query, (1, 10), order, 10);
        let mut statement = store.connection.prepare(&sql.text).unwrap();
        let steps = statement.query_map(params_from_iter(sql.values), |row| row.get::<_, String>("detail")).unwrap();
        steps.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
    }

    #[test]
    fn every_filter_walks_an_index_in_order_and_sorts_nothing() {
        let (_home, store) = store();
        let chat = Some("c-1".to_owned());
        let two = vec!["chat-rated".to_owned(), "chat-closed".to_owned()];
        for (query, index) in [
            (Query::default(), "USING INTEGER PRIMARY KEY"),
            (messages(), "events_event"),
            (Query { events: two, ..Query::default() }, "events_event"),
            (Query { chat: chat.clone(), ..Query::default() }, "events_chat"),
            (Query { chat: chat.clone(), own: Some(true), ..messages() }, "events_chat"),
            (Query { own: Some(true), ..messages() }, "events_own"),
            (Query { since: Some(1), ..messages() }, "events_event"),
            (Query { since: Some(1), until: Some(2), ..Query::default() }, "USING INTEGER PRIMARY KEY"),
        ] {
            for order in ["ASC", "DESC"] {
                let plan = plan(&store, &query, order);
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{order} {query:?}: {plan}");
            }
        }
    }
}
