//! What is old goes. Never past a consumer's cursor, nor what waits for a handler or was set aside by one, unless somebody
//! insists; and in small steps with pauses, so that a webhook that comes in meanwhile waits for milliseconds only.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::types::FromSql;
use rusqlite::{OptionalExtension, ToSql, TransactionBehavior, params};

use super::{Store, now};

/// How many rows go in one transaction.
const BATCH: usize = 100;
/// How many pages of the file are given back to the disk in one transaction.
const PAGES: usize = 64;
/// How long the store is left to others between two steps, at least.
const PAUSE: Duration = Duration::from_millis(5);
/// How often a store is pruned by itself.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How old what came of a command is, at least, before it goes; a caller may have a longer memory than the inbox.
const JOURNAL_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Which commands of the journal go that ended before ?1: those that no event can lead to any more. Before an event leads to
/// a command it is in the inbox, so its seq is at most the newest one when the command was last asked for.
const FORGOTTEN: &str = "outcome IS NOT NULL AND finished_at < ?1
    AND newest < coalesce((SELECT min(seq) FROM events), 9223372036854775807)
    AND NOT EXISTS (SELECT 1 FROM events WHERE chat_id = journal.chat_id)";

/// What goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rule {
    /// Events older than this, and what else is that old and of no use without them.
    pub older_than: Option<Duration>,
    /// The oldest events while the store holds more than this, in bytes.
    pub larger_than: Option<u64>,
    /// What came of commands that ended longer ago than this, once no event can lead to them any more; 90 days where nobody
    /// says otherwise.
    pub journal_older_than: Option<Duration>,
    /// Even what a consumer has not seen, or not done.
    pub force: bool,
}

/// What became of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// How many events went, or would go.
    pub events: u64,
    /// How many would have gone had every consumer seen them, and none of them set aside.
    pub held_back: u64,
    /// How many commands of the journal went, or would go.
    pub refs: u64,
    /// How many are old enough and stay, because an event that is kept may lead to them.
    pub refs_held_back: u64,
}

impl Rule {
    /// Whether anything can go at all.
    pub fn is_empty(&self) -> bool {
        self.older_than.is_none() && self.larger_than.is_none() && self.journal_older_than.is_none()
    }

    /// Events received before this time are too old.
    fn cutoff(&self) -> i64 {
        self.older_than.map_or(i64::MIN, before)
    }

    /// Commands that ended before this time are too old.
    fn journal_cutoff(&self) -> i64 {
        before(self.journal_older_than.unwrap_or(JOURNAL_AGE))
    }
}

/// So long ago, in milliseconds since the Unix epoch.
fn before(age: Duration) -> i64 {
    now().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

impl Store {
    /// Tells what pruning would do. By size it is an estimate: events differ in size.
    pub fn prunable(&self, rule: &Rule) -> anyhow::Result<Pruned> {
        let all = Rule { force: true, ..*rule };
        let excess = self.excess_events(rule)?;
        let wanted = self.count_before(rule.cutoff(), &all)?.max(excess);
        let events = self.count_before(rule.cutoff(), rule)?.max(excess.min(self.count_before(i64::MAX, rule)?));
        let (refs, old) = (self.forgettable_commands(rule)?, self.old_commands(rule)?);
        Ok(Pruned { events, held_back: wanted.saturating_sub(events), refs, refs_held_back: old.saturating_sub(refs) })
    }

    /// Prunes the inbox and gives the space back to the disk.
    pub fn prune(&mut self, rule: &Rule) -> anyhow::Result<Pruned> {
        let mut pruned = Pruned::default();
        let cutoff = rule.cutoff();
        loop {
            let mut seqs = self.old_events(cutoff, rule)?;
            if seqs.is_empty() && rule.larger_than.is_some_and(|limit| self.used().is_ok_and(|used| used > limit)) {
                seqs = self.oldest_events(rule)?;
            }
            if seqs.is_empty() {
                break;
            }
            let began = Instant::now();
            pruned.events += self.delete(&seqs, rule.force)?;
            leave_to_others(began);
        }
        let all = Rule { force: true, ..*rule };
        pruned.held_back = self.count_before(cutoff, &all)?.max(self.excess_events(rule)?);
        self.forget_chats(cutoff)?;
        // Before the sends: those of a command stay as long as it does.
        pruned.refs = self.forget_commands(rule)?;
        pruned.refs_held_back = self.old_commands(rule)?;
        self.forget_sends(if rule.older_than.is_some() {
            cutoff
        } else {
            rule.journal_cutoff().min(before(JOURNAL_AGE))
        })?;
        self.give_back()?;
        Ok(pruned)
    }

    /// The last seq that every consumer has seen.
    fn floor(&self, force: bool) -> anyhow::Result<i64> {
        if force {
            return Ok(i64::MAX);
        }
        let sql = "SELECT min(cursor) FROM consumers";
        let floor: Option<i64> = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(floor.unwrap_or(i64::MAX))
    }

    fn old_events(&self, cutoff: i64, rule: &Rule) -> anyhow::Result<Vec<i64>> {
        let sql = "SELECT seq FROM events WHERE received_at < ?1 AND +seq <= ?2
                   AND (?3 OR seq NOT IN (SELECT seq FROM deliveries)) ORDER BY received_at LIMIT ?4";
        self.column(sql, &[&cutoff, &self.floor(rule.force)?, &rule.force, &BATCH])
    }

    fn oldest_events(&self, rule: &Rule) -> anyhow::Result<Vec<i64>> {
        let sql = "SELECT seq FROM events WHERE seq <= ?1
                   AND (?2 OR seq NOT IN (SELECT seq FROM deliveries)) ORDER BY seq LIMIT ?3";
        self.column(sql, &[&self.floor(rule.force)?, &rule.force, &BATCH])
    }

    /// How many events received before this time may go.
    fn count_before(&self, cutoff: i64, rule: &Rule) -> anyhow::Result<u64> {
        let sql = "SELECT count(*) FROM events WHERE received_at < ?1 AND +seq <= ?2
                   AND (?3 OR seq NOT IN (SELECT seq FROM deliveries))";
        Ok(self.connection.query_row(sql, params![cutoff, self.floor(rule.force)?, rule.force], |row| row.get(0))?)
    }

    /// About how many of the oldest events make the store larger than it may be.
    fn excess_events(&self, rule: &Rule) -> anyhow::Result<u64> {
        let (Some(limit), Some(oldest)) = (rule.larger_than, self.oldest()?) else { return Ok(0) };
        let (used, events) = (self.used()?, self.newest()? - oldest + 1);
        let excess = u128::from(used.saturating_sub(limit)) * u128::try_from(events)?;
        Ok(u64::try_from(excess.div_ceil(u128::from(used.max(1))))?)
    }

    /// How much of the file is in use, in bytes.
    fn used(&self) -> anyhow::Result<u64> {
        let pragma = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
        Ok((pragma("page_count")? - pragma("freelist_count")?) * pragma("page_size")?)
    }

    /// Deletes events, but none that a consumer has been set back to since they were chosen.
    fn delete(&mut self, seqs: &[i64], force: bool) -> anyhow::Result<u64> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut deleted = 0;
        {
            let mut statement = transaction.prepare_cached(
                "DELETE FROM events WHERE seq = ?1
                 AND (?2 OR (?1 <= (SELECT coalesce(min(cursor), ?1) FROM consumers)
                             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?1)))",
            )?;
            let mut forget = transaction.prepare_cached("DELETE FROM deliveries WHERE ?2 AND seq = ?1")?;
            for seq in seqs {
                deleted += statement.execute(params![seq, force])?;
                forget.execute(params![seq, force])?;
            }
        }
        transaction.commit()?;
        Ok(deleted as u64)
    }

    /// A send explains its message when it comes in, or comes in again: not for ever. One of a command that is known stays: it
    /// tells whether that was sent.
    fn forget_sends(&self, cutoff: i64) -> anyhow::Result<()> {
        let old = "started_at < ?1 AND NOT EXISTS (SELECT 1 FROM journal WHERE ref = sends.ref)";
        self.forget::<i64>("sends", "seq", old, cutoff).map(drop)
    }

    /// A chat of which nothing happened, and no event is kept, is over.
    fn forget_chats(&self, cutoff: i64) -> anyhow::Result<()> {
        let over = "updated_at < ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE chat_id = chats.id)";
        self.forget::<String>("chats", "id", over, cutoff).map(drop)
    }

    /// A command whose outcome is known can be repeated for as long as an event that may lead to it is kept; one whose outcome
    /// is not known stays.
    fn forget_commands(&self, rule: &Rule) -> anyhow::Result<u64> {
        self.forget::<String>("journal", "ref", FORGOTTEN, rule.journal_cutoff())
    }

    /// How many commands could go once the events have gone that are too old.
    fn forgettable_commands(&self, rule: &Rule) -> anyhow::Result<u64> {
        let stays = "(received_at >= ?2 OR seq > ?3 OR (NOT ?4 AND seq IN (SELECT seq FROM deliveries)))";
        let sql = format!(
            "SELECT count(*) FROM journal WHERE outcome IS NOT NULL AND finished_at < ?1
               AND newest < coalesce((SELECT seq FROM events WHERE {stays} ORDER BY seq LIMIT 1), 9223372036854775807)
               AND NOT EXISTS (SELECT 1 FROM events WHERE chat_id = journal.chat_id AND {stays})"
        );
        let values = params![rule.journal_cutoff(), rule.cutoff(), self.floor(rule.force)?, rule.force];
        Ok(self.connection.query_row(&sql, values, |row| row.get(0))?)
    }

    /// How many commands are old enough to go.
    fn old_commands(&self, rule: &Rule) -> anyhow::Result<u64> {
        let sql = "SELECT count(*) FROM journal WHERE outcome IS NOT NULL AND finished_at < ?1";
        Ok(self.connection.query_row(sql, [rule.journal_cutoff()], |row| row.get(0))?)
    }

    /// Chooses the rows that fit without a lock and deletes them, a batch at a time, where they still do; tells how many.
    fn forget<K: FromSql + ToSql>(&self, table: &str, key: &str, fits: &str, cutoff: i64) -> anyhow::Result<u64> {
        let keys: Vec<K> = self.column(&format!("SELECT {key} FROM {table} WHERE {fits}"), &[&cutoff])?;
        let delete = format!("DELETE FROM {table} WHERE {fits} AND {key} = ?2");
        let mut deleted = 0;
        for keys in keys.chunks(BATCH) {
            let began = Instant::now();
            let transaction = self.connection.unchecked_transaction()?;
            for key in keys {
                deleted += transaction.prepare_cached(&delete)?.execute(params![cutoff, key])?;
            }
            transaction.commit()?;
            leave_to_others(began);
        }
        Ok(deleted as u64)
    }

    fn column<T: FromSql>(&self, sql: &str, parameters: &[&dyn ToSql]) -> anyhow::Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Shortens the file by the pages that are no longer used.
    fn give_back(&self) -> anyhow::Result<()> {
        let free = || self.connection.pragma_query_value(None, "freelist_count", |row| row.get::<_, u64>(0));
        let mut left = free()?;
        while left > 0 {
            let began = Instant::now();
            // It frees a page for each step of the statement.
            let mut statement = self.connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            let before = std::mem::replace(&mut left, free()?);
            if left >= before {
                break;
            }
            leave_to_others(began);
        }
        // The file itself becomes shorter when the log is written back to it. PASSIVE waits for nobody: where a reader
        // stands in the way, a later one does it.
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).optional()?;
        Ok(())
    }
}

/// Whoever waits for the store looks again from time to time, and not in turn: on a busy machine too, it is free for longer
/// than it was held.
fn leave_to_others(began: Instant) {
    thread::sleep(PAUSE.max(2 * began.elapsed()));
}

/// Prunes the store at `path` now and every hour, on a thread of its own, for as long as the process lives. `trouble` hears
/// why it could not be done.
pub fn prune_regularly(path: &Path, rule: Rule, trouble: impl Fn(&str) + Send + 'static) -> anyhow::Result<()> {
    if rule.is_empty() {
        return Ok(());
    }
    let path: PathBuf = path.to_owned();
    thread::Builder::new().name("pruning".into()).spawn(move || {
        loop {
            if let Err(error) = Store::open(&path).and_then(|mut store| store.prune(&rule)) {
                trouble(&format!("cannot prune the store {}: {error:#}", path.display()));
            }
            thread::sleep(INTERVAL);
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::{ChatMessageInput, Delivery};
    use crate::store::inbox::tests::{delivery, take};
    use crate::store::{Held, Mark};

    const DAY: Duration = Duration::from_secs(86_400);
    const OLD: Rule = Rule { older_than: Some(DAY), larger_than: None, journal_older_than: Some(DAY), force: false };

    fn pruned(events: u64, held_back: u64) -> Pruned {
        Pruned { events, held_back, ..Pruned::default() }
    }

    struct Home {
        folder: tempfile::TempDir,
        store: Store,
    }

    impl Home {
        /// Six events, of which the first four are two days old.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("default.db")).unwrap();
            let home = Self { folder, store };
            (1..=6).for_each(|n| home.receive(n, if n <= 4 { 2 } else { 0 }, b"{}"));
            home
        }

        fn receive(&self, n: i64, days: i64, body: &[u8]) {
            let delivery = Delivery {
                received_at: now() - days * 86_400_000,
                requested_experts: Some(vec!["api".into()]),
                body: body.to_vec(),
                ..delivery(&format!("k-{n}"), "chat-assigned", &format!("c-{n}"))
            };
            take(&self.store, &delivery);
        }

        fn consumer(&self, name: &str, cursor: i64) {
            let sql = "INSERT INTO consumers (name, cursor) VALUES (?1, ?2)";
            self.store.connection.execute(sql, params![name, cursor]).unwrap();
        }

        fn seqs(&self) -> Vec<i64> {
            self.store.column("SELECT seq FROM events ORDER BY seq", &[]).unwrap()
        }
    }

    #[test]
    fn what_is_old_goes_and_its_seq_is_never_used_again() {
        let mut home = Home::new();
        assert_eq!(home.store.prunable(&OLD).unwrap(), pruned(4, 0));
        assert_eq!(home.store.prune(&OLD).unwrap(), pruned(4, 0));
        assert_eq!(home.seqs(), [5, 6]);
        home.store.prune(&Rule { older_than: Some(Duration::ZERO), ..OLD }).unwrap();
        home.receive(7, 0, b"{}");
        assert_eq!(home.seqs(), [7]);
    }

    #[test]
    fn nothing_goes_that_a_consumer_has_not_seen_unless_by_force() {
        let mut home = Home::new();
        home.consumer("ahead", 6);
        home.consumer("behind", 3);
        let expected = pruned(3, 1);
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.store.prune(&OLD).unwrap(), expected);
        assert_eq!(home.seqs(), [4, 5, 6]);
        let held = |name: &str, cursor, behind| Held { name: name.into(), cursor, behind, unfinished: 0 };
        assert_eq!(home.store.consumers().unwrap(), [held("ahead", 6, 0), held("behind", 3, 3)]);
        let forced = Rule { force: true, ..OLD };
        assert_eq!(home.store.prune(&forced).unwrap(), pruned(1, 0));
        assert_eq!(home.seqs(), [5, 6]);
        assert_eq!(home.store.consumers().unwrap()[1], held("behind", 3, 2));
    }

    #[test]
    fn a_new_consumer_holds_everything_back() {
        let mut home = Home::new();
        home.consumer("new", 0);
        assert_eq!(home.store.prune(&OLD).unwrap(), pruned(0, 4));
        assert_eq!(home.seqs().len(), 6);
    }

    #[test]
    fn what_waits_for_a_handler_or_was_set_aside_stays_unless_by_force() {
        let mut home = Home::new();
        home.consumer("default", 6);
        let waiting = Mark::Waiting { seq: 2, attempts: 1, next_at: None, reason: None };
        let failed = Mark::Failed { seq: 3, attempts: 1, reason: "exit code 1".into() };
        home.store.mark("default", &[waiting, failed]).unwrap();
        let expected = pruned(2, 2);
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.store.prune(&OLD).unwrap(), expected);
        assert_eq!(home.store.prune(&Rule { larger_than: Some(0), ..OLD }).unwrap().events, 2);
        assert_eq!(home.seqs(), [2, 3]);
        assert_eq!(home.store.consumers().unwrap()[0].unfinished, 2);
        home.store.prune(&Rule { force: true, ..OLD }).unwrap();
        assert_eq!((home.seqs(), home.store.consumers().unwrap()[0].unfinished), (vec![], 0));
    }

    #[test]
    fn a_consumer_set_back_in_the_meantime_is_respected() {
        let mut home = Home::new();
        home.consumer("default", 1);
        assert_eq!(home.store.delete(&[1, 2, 3], false).unwrap(), 1);
        assert_eq!(home.seqs(), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_store_that_is_too_large_loses_its_oldest_events_and_its_file_becomes_shorter() {
        let mut home = Home::new();
        for n in 7..1000 {
            home.receive(n, 0, format!("\"{}\"", "x".repeat(4000)).as_bytes());
        }
        home.consumer("default", 980);
        let limit = 2 * 1024 * 1024;
        let rule = Rule { older_than: None, larger_than: Some(limit), ..OLD };
        let expected = home.store.prunable(&rule).unwrap();
        let pruned = home.store.prune(&rule).unwrap();
        assert!(home.store.used().unwrap() <= limit);
        assert!(pruned.events.abs_diff(expected.events) < 100, "{pruned:?}, expected {expected:?}");
        assert_eq!(pruned.held_back, 0);
        let length = fs::metadata(home.folder.path().join("default.db")).unwrap().len();
        assert!(length <= limit, "{length}");
        let pruned = home.store.prune(&Rule { larger_than: Some(0), ..rule }).unwrap();
        assert_eq!(home.seqs().first(), Some(&981));
        assert!(pruned.held_back > 0, "{pruned:?}");
    }

    #[test]
    fn sends_and_chats_go_with_the_events_that_they_explain() {
        let mut home = Home::new();
        let message = ChatMessageInput { text: Some("Hi".into()), attachment: None };
        home.store.begin_send("c-1", &message, None, None).unwrap();
        home.store.begin_command("r-1", b"", "sendChatMessage", Some("c-2")).unwrap();
        home.store.begin_send("c-2", &message, None, Some("r-1")).unwrap();
        home.store.connection.execute("UPDATE sends SET started_at = 1", []).unwrap();
        home.store.begin_send("c-6", &message, None, None).unwrap();
        home.consumer("default", 3);
        home.store.prune(&OLD).unwrap();
        let chats: Vec<String> = home.store.column("SELECT id FROM chats ORDER BY id", &[]).unwrap();
        assert_eq!(chats, ["c-4", "c-5", "c-6"], "an event of c-4 is still there");
        let sends: Vec<String> = home.store.column("SELECT chat_id FROM sends ORDER BY seq", &[]).unwrap();
        assert_eq!(sends, ["c-2", "c-6"], "nobody knows what became of the command r-1");
        home.store.finish_command("r-1", "{}").unwrap();
        home.store.connection.execute("UPDATE journal SET finished_at = 1", []).unwrap();
        home.store.prune(&OLD).unwrap();
        assert!(!home.store.sends_of_command("r-1").unwrap().is_empty(), "the event 4 may have led to it");
        home.store.connection.execute("DELETE FROM events", []).unwrap();
        home.store.prune(&OLD).unwrap();
        assert!(home.store.sends_of_command("r-1").unwrap().is_empty());
    }

    /// Carries out a command, long ago.
    fn carry_out(store: &Store, reference: &str, chat_id: Option<&str>) {
        store.begin_command(reference, b"", "sendChatMessage", chat_id).unwrap();
        store.finish_command(reference, "{}").unwrap();
        store.connection.execute("UPDATE journal SET started_at = 1, finished_at = 1", []).unwrap();
    }

    fn refs(home: &Home) -> Vec<String> {
        home.store.column("SELECT ref FROM journal ORDER BY ref", &[]).unwrap()
    }

    #[test]
    fn what_came_of_a_command_stays_while_an_event_that_may_lead_to_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("default.db")).unwrap();
        let mut home = Home { folder, store };
        carry_out(&home.store, "before any event", None);
        home.receive(1, 2, b"{}");
        carry_out(&home.store, "of no chat", None);
        home.receive(2, 2, b"{}");
        carry_out(&home.store, "of another chat", Some("c-9"));
        home.receive(3, 0, b"{}");
        home.consumer("default", 1);
        // The event 1 goes, and with it all that could lead to the command of no chat; 2 is held back.
        let expected = Pruned { refs: 2, refs_held_back: 1, ..pruned(1, 1) };
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.store.prune(&OLD).unwrap(), expected);
        assert_eq!(refs(&home), ["of another chat"]);
        home.store.connection.execute("UPDATE consumers SET cursor = 2", []).unwrap();
        home.store.prune(&OLD).unwrap();
        assert_eq!(refs(&home), [] as [&str; 0]);
    }

    #[test]
    fn a_command_that_is_asked_for_again_stays_for_the_event_that_asked_and_for_those_of_its_chat() {
        let mut home = Home::new();
        carry_out(&home.store, "asked again", None);
        carry_out(&home.store, "of the chat", Some("c-7"));
        home.receive(7, 0, b"{}");
        home.store.begin_command("asked again", b"", "sendChatMessage", None).unwrap();
        home.store.connection.execute("DELETE FROM events WHERE seq < 7", []).unwrap();
        assert_eq!(home.store.prune(&OLD).unwrap().refs_held_back, 2);
        assert_eq!(refs(&home), ["asked again", "of the chat"]);
    }

    #[test]
    fn the_age_of_the_journal_is_its_own() {
        let mut home = Home::new();
        home.store.begin_command("r-1", b"", "sendChatMessage", None).unwrap();
        home.store.finish_command("r-1", "{}").unwrap();
        let two_days_ago = now() - 2 * 86_400_000;
        home.store.connection.execute("UPDATE journal SET finished_at = ?1", [two_days_ago]).unwrap();
        home.store.connection.execute("DELETE FROM events", []).unwrap();
        let by_events = Rule { older_than: Some(Duration::ZERO), ..Rule::default() };
        assert_eq!(home.store.prune(&by_events).unwrap().refs, 0);
        let rule = Rule { journal_older_than: Some(DAY), ..Rule::default() };
        assert!(!rule.is_empty());
        assert_eq!(home.store.prune(&rule).unwrap().refs, 1);
    }
}
