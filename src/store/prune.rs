//! Deletes what is old, in small steps with pauses, so that a webhook that comes in meanwhile waits only milliseconds.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::types::FromSql;
use rusqlite::{ToSql, params};

use super::retention::{FORGOTTEN, JOURNAL_AGE, PruneRule, Pruned, before};
use super::{Store, Writer};

/// How many rows go in one transaction.
const BATCH: usize = 100;
/// How many pages of the file are given back to the disk in one transaction.
const PAGES: usize = 64;
/// How long the store is left to others between two steps, at least.
const PAUSE: Duration = Duration::from_millis(5);
/// How often a store is pruned by itself.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

impl Writer {
    /// Prunes the inbox and gives the space back to the disk. What goes is read from `store`.
    pub fn prune(&self, store: &Store, rule: &PruneRule) -> anyhow::Result<Pruned> {
        // First, so that it makes room for events, and none is forgotten that goes with its event only now.
        let mut pruned = Pruned { keys: self.forget_keys(store, rule)?, ..Pruned::default() };
        let cutoff = rule.cutoff();
        loop {
            let mut seqs = store.old_events(cutoff, rule, BATCH)?;
            if seqs.is_empty() && rule.larger_than.is_some_and(|limit| store.used().is_ok_and(|used| used > limit)) {
                seqs = store.oldest_events(rule, BATCH)?;
            }
            if seqs.is_empty() {
                break;
            }
            let began = Instant::now();
            pruned.events += self.delete(seqs, rule.force)?;
            leave_to_others(began);
        }
        let all = PruneRule { force: true, ..*rule };
        pruned.held_back = store.count_before(cutoff, &all)?.max(store.excess_events(rule)?);
        self.forget_chats(store, cutoff)?;
        // Before the sends: those of a command stay as long as it does.
        pruned.refs = self.forget_commands(store, rule)?;
        pruned.refs_held_back = store.old_commands(rule)?;
        let journal_cutoff = rule.journal_cutoff().min(before(JOURNAL_AGE));
        self.forget_sends(store, if rule.older_than.is_some() { cutoff } else { journal_cutoff })?;
        self.give_back(store)?;
        Ok(pruned)
    }

    /// Deletes events, but none that a consumer has been set back to since they were chosen.
    fn delete(&self, seqs: Vec<i64>, force: bool) -> anyhow::Result<u64> {
        self.write(move |connection| {
            let mut deleted = 0;
            let mut statement = connection.prepare_cached(
                "DELETE FROM events WHERE seq = ?1
                 AND (?2 OR (?1 <= (SELECT coalesce(min(cursor), ?1) FROM consumers)
                             AND NOT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?1)))",
            )?;
            let mut forget = connection.prepare_cached("DELETE FROM deliveries WHERE ?2 AND seq = ?1")?;
            for seq in seqs {
                deleted += statement.execute(params![seq, force])?;
                forget.execute(params![seq, force])?;
            }
            Ok(deleted as u64)
        })
    }

    /// A key tells a webhook that is sent again, for longer than its event is kept, and not for ever.
    fn forget_keys(&self, store: &Store, rule: &PruneRule) -> anyhow::Result<u64> {
        let first_kept = store.first_kept_key(rule)?;
        let mut forgotten = 0;
        loop {
            let began = Instant::now();
            let deleted = self.write(move |connection| {
                let sql = "DELETE FROM keys WHERE seq IN (SELECT seq FROM keys WHERE seq < ?1 ORDER BY seq LIMIT ?2)";
                connection.prepare_cached(sql)?.execute(params![first_kept, BATCH])
            })?;
            if deleted == 0 {
                return Ok(forgotten);
            }
            forgotten += deleted as u64;
            leave_to_others(began);
        }
    }

    /// A send marks its message as our own when the webhook comes, or comes again, but not for ever. A send of a command that the
    /// journal has is kept: it shows whether the command was sent.
    fn forget_sends(&self, store: &Store, cutoff: i64) -> anyhow::Result<()> {
        let old = "started_at < ?1 AND NOT EXISTS (SELECT 1 FROM journal WHERE ref = sends.ref)";
        self.forget::<i64>(store, "sends", "seq", old, cutoff).map(drop)
    }

    /// A chat is forgotten when nothing happened in it for long and none of its events is kept.
    fn forget_chats(&self, store: &Store, cutoff: i64) -> anyhow::Result<()> {
        let over = "updated_at < ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE chat_id = chats.id)";
        self.forget::<String>(store, "chats", "id", over, cutoff).map(drop)
    }

    /// A command whose outcome is known can be repeated for as long as an event that may lead to it is kept; one whose outcome
    /// is not known stays.
    fn forget_commands(&self, store: &Store, rule: &PruneRule) -> anyhow::Result<u64> {
        self.forget::<String>(store, "journal", "ref", FORGOTTEN, rule.journal_cutoff())
    }

    /// Chooses the rows that fit without a lock and deletes them, a batch at a time, where they still do; tells how many.
    fn forget<K: FromSql + ToSql + Clone + Send + 'static>(
        &self,
        store: &Store,
        table: &str,
        key: &str,
        fits: &str,
        cutoff: i64,
    ) -> anyhow::Result<u64> {
        let keys: Vec<K> = store.column(&format!("SELECT {key} FROM {table} WHERE {fits}"), &[&cutoff])?;
        let mut deleted = 0;
        for keys in keys.chunks(BATCH) {
            let began = Instant::now();
            let (keys, delete) = (keys.to_vec(), format!("DELETE FROM {table} WHERE {fits} AND {key} = ?2"));
            deleted += self.write(move |connection| {
                let mut statement = connection.prepare_cached(&delete)?;
                keys.iter().try_fold(0, |deleted, key| Ok(deleted + statement.execute(params![cutoff, key])?))
            })?;
            leave_to_others(began);
        }
        Ok(deleted as u64)
    }

    /// Shortens the file by the pages that are no longer used.
    fn give_back(&self, store: &Store) -> anyhow::Result<()> {
        let mut left = store.free_pages()?;
        while left > 0 {
            let began = Instant::now();
            self.write(|connection| {
                // It frees a page for each step of the statement.
                let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
                let mut rows = statement.query([])?;
                while rows.next()?.is_some() {}
                Ok(())
            })?;
            let before = std::mem::replace(&mut left, store.free_pages()?);
            if left >= before {
                break;
            }
            leave_to_others(began);
        }
        // The file becomes shorter when the log is written back. If a reader prevents that now, it happens later.
        self.checkpoint("PASSIVE");
        Ok(())
    }
}

/// Waits before the next step, longer than the last one took. Other processes that want to write only look from time to time, and
/// must find the store free.
fn leave_to_others(began: Instant) {
    thread::sleep(PAUSE.max(2 * began.elapsed()));
}

/// Prunes the store of this writer now and every hour, on a thread of its own, until the process ends. `trouble` is told why it
/// could not be done.
pub fn prune_regularly(writer: Writer, rule: PruneRule, trouble: impl Fn(&str) + Send + 'static) -> anyhow::Result<()> {
    if rule.is_empty() {
        return Ok(());
    }
    thread::Builder::new().name("pruning".into()).spawn(move || {
        // If the store is lost, the process ends and says so itself.
        while writer.check().is_ok() {
            if let Err(error) = Store::open(writer.path()).and_then(|store| writer.prune(&store, &rule))
                && writer.check().is_ok()
            {
                trouble(&format!("cannot prune the store {}: {error:#}", writer.path().display()));
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
    use crate::store::sends::tests::sending;
    use crate::store::tests::opened;
    use crate::store::{ConsumerStatus, Mark, now};

    const DAY: Duration = Duration::from_secs(86_400);
    const OLD: PruneRule = PruneRule {
        older_than: Some(DAY),
        larger_than: None,
        journal_older_than: Some(DAY),
        keep_keys: None,
        force: false,
    };

    fn pruned(events: u64, held_back: u64) -> Pruned {
        Pruned { events, held_back, ..Pruned::default() }
    }

    struct Home {
        folder: tempfile::TempDir,
        store: Store,
        writer: Writer,
    }

    impl Home {
        /// Six events, of which the first four are two days old.
        fn new() -> Self {
            let home = Self::empty();
            (1..=6).for_each(|n| home.receive(n, if n <= 4 { 2 } else { 0 }, b"{}"));
            home
        }

        fn empty() -> Self {
            let (folder, store, writer) = opened();
            Self { folder, store, writer }
        }

        fn prune(&self, rule: &PruneRule) -> anyhow::Result<Pruned> {
            self.writer.prune(&self.store, rule)
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
        let home = Home::new();
        assert_eq!(home.store.prunable(&OLD).unwrap(), pruned(4, 0));
        assert_eq!(home.prune(&OLD).unwrap(), pruned(4, 0));
        assert_eq!(home.seqs(), [5, 6]);
        home.prune(&PruneRule { older_than: Some(Duration::ZERO), ..OLD }).unwrap();
        home.receive(7, 0, b"{}");
        assert_eq!(home.seqs(), [7]);
    }

    #[test]
    fn nothing_goes_that_a_consumer_has_not_seen_unless_by_force() {
        let home = Home::new();
        home.consumer("ahead", 6);
        home.consumer("behind", 3);
        let expected = pruned(3, 1);
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.prune(&OLD).unwrap(), expected);
        assert_eq!(home.seqs(), [4, 5, 6]);
        let held = |name: &str, cursor, behind| ConsumerStatus { name: name.into(), cursor, behind, unfinished: 0 };
        assert_eq!(home.store.consumers().unwrap(), [held("ahead", 6, 0), held("behind", 3, 3)]);
        let forced = PruneRule { force: true, ..OLD };
        assert_eq!(home.prune(&forced).unwrap(), pruned(1, 0));
        assert_eq!(home.seqs(), [5, 6]);
        assert_eq!(home.store.consumers().unwrap()[1], held("behind", 3, 2));
    }

    #[test]
    fn a_new_consumer_holds_everything_back() {
        let home = Home::new();
        home.consumer("new", 0);
        assert_eq!(home.prune(&OLD).unwrap(), pruned(0, 4));
        assert_eq!(home.seqs().len(), 6);
    }

    #[test]
    fn what_waits_for_a_handler_or_was_set_aside_stays_unless_by_force() {
        let home = Home::new();
        home.consumer("default", 6);
        let waiting = Mark::Waiting { seq: 2, attempts: 1, next_at: None, reason: None };
        let failed = Mark::Failed { seq: 3, attempts: 1, reason: "exit code 1".into() };
        home.writer.mark("default", &[waiting, failed]).unwrap();
        let expected = pruned(2, 2);
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.prune(&OLD).unwrap(), expected);
        assert_eq!(home.prune(&PruneRule { larger_than: Some(0), ..OLD }).unwrap().events, 2);
        assert_eq!(home.seqs(), [2, 3]);
        assert_eq!(home.store.consumers().unwrap()[0].unfinished, 2);
        home.prune(&PruneRule { force: true, ..OLD }).unwrap();
        assert_eq!((home.seqs(), home.store.consumers().unwrap()[0].unfinished), (vec![], 0));
    }

    #[test]
    fn a_consumer_set_back_in_the_meantime_is_respected() {
        let home = Home::new();
        home.consumer("default", 1);
        assert_eq!(home.writer.delete(vec![1, 2, 3], false).unwrap(), 1);
        assert_eq!(home.seqs(), [2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_store_that_is_too_large_loses_its_oldest_events_and_its_file_becomes_shorter() {
        let home = Home::new();
        for n in 7..1000 {
            home.receive(n, 0, format!("\"{}\"", "x".repeat(4000)).as_bytes());
        }
        home.consumer("default", 980);
        let limit = 2 * 1024 * 1024;
        let rule = PruneRule { older_than: None, larger_than: Some(limit), ..OLD };
        let expected = home.store.prunable(&rule).unwrap();
        let pruned = home.prune(&rule).unwrap();
        assert!(home.store.used().unwrap() <= limit);
        assert!(pruned.events.abs_diff(expected.events) < 100, "{pruned:?}, expected {expected:?}");
        assert_eq!(pruned.held_back, 0);
        let length = fs::metadata(home.folder.path().join("default.db")).unwrap().len();
        assert!(length <= limit, "{length}");
        let pruned = home.prune(&PruneRule { larger_than: Some(0), ..rule }).unwrap();
        assert_eq!(home.seqs().first(), Some(&981));
        assert!(pruned.held_back > 0, "{pruned:?}");
    }

    #[test]
    fn sends_and_chats_go_with_the_events_that_they_explain() {
        let home = Home::new();
        let message = ChatMessageInput { text: Some("Hi".into()), attachment: None };
        home.writer.begin_send(sending("c-1", &message, None, None)).unwrap();
        home.writer.begin_command("r-1", b"", "sendChatMessage", Some("c-2")).unwrap();
        home.writer.begin_send(sending("c-2", &message, None, Some("r-1"))).unwrap();
        home.store.connection.execute("UPDATE sends SET started_at = 1", []).unwrap();
        home.writer.begin_send(sending("c-6", &message, None, None)).unwrap();
        home.consumer("default", 3);
        home.prune(&OLD).unwrap();
        let chats: Vec<String> = home.store.column("SELECT id FROM chats ORDER BY id", &[]).unwrap();
        assert_eq!(chats, ["c-4", "c-5", "c-6"], "an event of c-4 is still there");
        let sends: Vec<String> = home.store.column("SELECT chat_id FROM sends ORDER BY seq", &[]).unwrap();
        assert_eq!(sends, ["c-2", "c-6"], "nobody knows what became of the command r-1");
        home.writer.finish_command("r-1", "{}").unwrap();
        home.store.connection.execute("UPDATE journal SET finished_at = 1", []).unwrap();
        home.prune(&OLD).unwrap();
        assert!(!home.store.sends_of_command("r-1").unwrap().is_empty(), "the event 4 may have led to it");
        home.store.connection.execute("DELETE FROM events", []).unwrap();
        home.prune(&OLD).unwrap();
        assert!(home.store.sends_of_command("r-1").unwrap().is_empty());
    }

    /// Carries out a command, long ago.
    fn carry_out(home: &Home, reference: &str, chat_id: Option<&str>) {
        home.writer.begin_command(reference, b"", "sendChatMessage", chat_id).unwrap();
        home.writer.finish_command(reference, "{}").unwrap();
        home.store.connection.execute("UPDATE journal SET started_at = 1, finished_at = 1", []).unwrap();
    }

    fn refs(home: &Home) -> Vec<String> {
        home.store.column("SELECT ref FROM journal ORDER BY ref", &[]).unwrap()
    }

    #[test]
    fn what_came_of_a_command_stays_while_an_event_that_may_lead_to_it_does() {
        let home = Home::empty();
        carry_out(&home, "before any event", None);
        home.receive(1, 2, b"{}");
        carry_out(&home, "of no chat", None);
        home.receive(2, 2, b"{}");
        carry_out(&home, "of another chat", Some("c-9"));
        home.receive(3, 0, b"{}");
        home.consumer("default", 1);
        // The event 1 goes, and with it all that could lead to the command of no chat; 2 is held back.
        let expected = Pruned { refs: 2, refs_held_back: 1, ..pruned(1, 1) };
        assert_eq!(home.store.prunable(&OLD).unwrap(), expected);
        assert_eq!(home.prune(&OLD).unwrap(), expected);
        assert_eq!(refs(&home), ["of another chat"]);
        home.store.connection.execute("UPDATE consumers SET cursor = 2", []).unwrap();
        home.prune(&OLD).unwrap();
        assert_eq!(refs(&home), [] as [&str; 0]);
    }

    #[test]
    fn a_command_that_is_asked_for_again_stays_for_the_event_that_asked_and_for_those_of_its_chat() {
        let home = Home::new();
        carry_out(&home, "asked again", None);
        carry_out(&home, "of the chat", Some("c-7"));
        home.receive(7, 0, b"{}");
        home.writer.begin_command("asked again", b"", "sendChatMessage", None).unwrap();
        home.store.connection.execute("DELETE FROM events WHERE seq < 7", []).unwrap();
        assert_eq!(home.prune(&OLD).unwrap().refs_held_back, 2);
        assert_eq!(refs(&home), ["asked again", "of the chat"]);
    }

    #[test]
    fn the_age_of_the_journal_is_its_own() {
        let home = Home::new();
        home.writer.begin_command("r-1", b"", "sendChatMessage", None).unwrap();
        home.writer.finish_command("r-1", "{}").unwrap();
        let two_days_ago = now() - 2 * 86_400_000;
        home.store.connection.execute("UPDATE journal SET finished_at = ?1", [two_days_ago]).unwrap();
        home.store.connection.execute("DELETE FROM events", []).unwrap();
        let by_events = PruneRule { older_than: Some(Duration::ZERO), ..PruneRule::default() };
        assert_eq!(home.prune(&by_events).unwrap().refs, 0);
        let rule = PruneRule { journal_older_than: Some(DAY), ..PruneRule::default() };
        assert!(!rule.is_empty());
        assert_eq!(home.prune(&rule).unwrap().refs, 1);
    }
}
