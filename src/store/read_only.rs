//! The store as the completion of a command line reads it. It is never written, created or migrated, and no more of it is read
//! than takes a moment. What cannot be read is empty.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, params};
use url::Url;

use super::{StoredPersona, disk};

/// How long a store that is locked is waited for.
const PATIENCE: Duration = Duration::from_millis(50);
/// How many of the newest events are looked at.
const NEWEST: usize = 1000;
/// The most chats that are returned.
const CHATS: usize = 20;

/// A store to be looked at.
pub struct ReadOnlyStore(Connection);

impl ReadOnlyStore {
    /// The store at `path`; `None` where there is none that can be read.
    pub fn at(path: &Path) -> Option<Self> {
        let mut address = Url::from_file_path(std::path::absolute(path).ok()?).ok()?;
        if !disk::is_in_use(path) {
            // SQLite creates a log even to read, and leaves it there. If root did that in another user's store, the owner could not
            // open it any more.
            address.set_query(Some("immutable=1"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(address.as_str(), flags).ok()?;
        connection.busy_timeout(PATIENCE).ok()?;
        Some(Self(connection))
    }

    /// The chats whose ids begin with this text, each with its last event: first those with recent events, the newest first, then
    /// others by id.
    pub fn chats(&self, begin: &str) -> Vec<(String, String)> {
        let newest = self.newest();
        let mut seen = HashSet::new();
        let active = newest.into_iter().filter_map(|(event, chat)| Some((chat?, event)));
        let active = active.filter(|(chat, _)| chat.starts_with(begin) && seen.insert(chat.clone()));
        let mut chats: Vec<_> = active.take(CHATS).collect();
        if chats.len() < CHATS && !begin.is_empty() {
            let sql = "SELECT DISTINCT chat_id FROM events WHERE chat_id >= ?1 AND chat_id < ?1 || ?2 ORDER BY chat_id LIMIT ?3";
            let others: Vec<String> = self.rows(sql, params![begin, char::MAX.to_string(), CHATS], |row| row.get(0));
            chats.extend(others.into_iter().filter(|chat| !seen.contains(chat)).map(|chat| (chat, String::new())));
            chats.truncate(CHATS);
        }
        chats
    }

    /// The names of the newest events.
    pub fn events(&self) -> BTreeSet<String> {
        self.newest().into_iter().map(|(event, _)| event).collect()
    }

    /// Every consumer that ever read there.
    pub fn consumers(&self) -> Vec<String> {
        self.rows("SELECT name FROM consumers ORDER BY name", [], |row| row.get(0))
    }

    /// Every agent of the endpoint, by provider id.
    pub fn personas(&self, endpoint: &str) -> Vec<StoredPersona> {
        let sql = "SELECT * FROM personas WHERE endpoint = ?1 ORDER BY provider_id";
        self.rows(sql, [endpoint], StoredPersona::read)
    }

    /// The newest events and their chats, the newest first.
    fn newest(&self) -> Vec<(String, Option<String>)> {
        let sql = "SELECT event, chat_id FROM events ORDER BY seq DESC LIMIT ?1";
        self.rows(sql, [NEWEST], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Vec<T> {
        let rows = || self.0.prepare(sql)?.query_map(values, read)?.collect::<rusqlite::Result<_>>();
        rows().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Store;
    use crate::store::inbox::tests::{delivery, take};

    fn names(folder: &Path) -> BTreeSet<std::ffi::OsString> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_store_that_is_not_there_is_not_made() {
        let home = tempfile::tempdir().unwrap();
        assert!(ReadOnlyStore::at(&home.path().join("default.db")).is_none());
        fs::write(home.path().join("other.db"), "no store").unwrap();
        assert_eq!(ReadOnlyStore::at(&home.path().join("other.db")).unwrap().consumers(), [""; 0]);
        assert_eq!(names(home.path()).len(), 1);
    }

    #[test]
    fn what_is_there_is_told_the_last_active_first_and_nothing_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a folder with 100% ?#/default.db");
        let store = Store::open(&path).unwrap();
        for (n, chat) in ["c-1", "d-1", "c-2", "c-1"].into_iter().enumerate() {
            let event = if n == 0 { "chat-assigned" } else { "chat-teleported" };
            take(&store, &delivery(&format!("k-{n}"), event, chat));
        }
        let sql = "INSERT INTO personas (endpoint, provider_id, id, name, updated_at) VALUES (?1, 'agent-42', 'p-1', 'Ada', 1)";
        store.connection.execute(sql, ["https://a.example/"]).unwrap();
        let look = || {
            let store = ReadOnlyStore::at(&path).unwrap();
            let chats = |begin| store.chats(begin).into_iter().map(|(chat, _)| chat).collect::<Vec<_>>();
            assert_eq!(chats(""), ["c-1", "c-2", "d-1"]);
            assert_eq!(chats("c-"), ["c-1", "c-2"]);
            assert_eq!(store.chats("d")[0].1, "chat-teleported");
            assert_eq!(store.events().len(), 2);
            assert_eq!(store.personas("https://a.example/")[0].provider_id, "agent-42");
        };
        look();
        drop(store);
        look();
        assert_eq!(names(path.parent().unwrap()).len(), 1);
    }

    #[test]
    fn a_chat_that_was_not_active_of_late_is_found_by_its_id() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let store = Store::open(&path).unwrap();
        for n in 0..=NEWEST {
            let chat = if n == 0 { "old-1".to_owned() } else { format!("new-{}", n % 3) };
            take(&store, &delivery(&format!("k-{n}"), "chat-closed", &chat));
        }
        let store = ReadOnlyStore::at(&path).unwrap();
        assert_eq!(store.chats("").len(), 3);
        assert_eq!(store.chats("ol"), [("old-1".to_owned(), String::new())]);
        assert_eq!(store.chats("new").len(), 3);
    }
}
