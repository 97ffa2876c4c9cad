//! What may be deleted from a store. Events after a consumer's cursor stay, and so do events that wait for a handler or were set
//! aside by one, unless deletion is forced.

use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{ToSql, params};

use super::{Store, now};

/// How old the outcome of a command is, at least, before it is deleted. A caller may repeat a command after the inbox has forgotten
/// its event.
pub(super) const JOURNAL_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// For how long a key is known, at least, where nobody says otherwise: a sender may try again for long, and whoever plays a
/// year of webhooks back sends what is that old.
const KEYS_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// About what a key takes, in bytes: a UUID in the table and in the index, with the event's name.
const KEY_BYTES: u64 = 128;

/// Which share of a store whose size is limited is left to the keys of pruned events: one part in so many. Without a share,
/// there would be room for no event at all in the end.
const KEYS_SHARE: u64 = 4;

/// Which commands of the journal go that ended before ?1: those that no event can lead to any more. Before an event leads to
/// a command it is in the inbox, so its seq is at most the newest one when the command was last asked for.
pub(super) const FORGOTTEN: &str = "outcome IS NOT NULL AND finished_at < ?1
    AND newest < coalesce((SELECT min(seq) FROM events), 9223372036854775807)
    AND NOT EXISTS (SELECT 1 FROM events WHERE chat_id = journal.chat_id)";

/// What goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct PruneRule {
    /// Events older than this, and what else is that old and of no use without them.
    pub older_than: Option<Duration>,
    /// The oldest events while the store holds more than this, in bytes.
    pub larger_than: Option<u64>,
    /// What came of commands that ended longer ago than this, once no event can lead to them any more; 90 days where nobody
    /// says otherwise.
    pub journal_older_than: Option<Duration>,
    /// The keys of pruned events that were received longer ago than this; 400 days where nobody says otherwise.
    pub keep_keys: Option<Duration>,
    /// Deletes even events that a consumer has not seen, or not finished.
    pub force: bool,
}

/// What became of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// How many events went, or would go.
    pub events: u64,
    /// How many old events stay because a consumer has not seen them, or has set them aside.
    pub held_back: u64,
    /// How many commands of the journal went, or would go.
    pub refs: u64,
    /// How many are old enough and stay, because an event that is kept may lead to them.
    pub refs_held_back: u64,
    /// How many keys of events that had been pruned before were forgotten, or would be.
    pub keys: u64,
}

impl PruneRule {
    /// Whether anything can go at all. An age of keys alone lets nothing go: there are more of them only where events go.
    pub fn is_empty(&self) -> bool {
        self.older_than.is_none() && self.larger_than.is_none() && self.journal_older_than.is_none()
    }

    /// Events received before this time are too old.
    pub(super) fn cutoff(&self) -> i64 {
        self.older_than.map_or(i64::MIN, before)
    }

    /// Commands that ended before this time are too old.
    pub(super) fn journal_cutoff(&self) -> i64 {
        before(self.journal_older_than.unwrap_or(JOURNAL_AGE))
    }
}

/// So long ago, in milliseconds since the Unix epoch.
pub(super) fn before(age: Duration) -> i64 {
    now().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

impl Store {
    /// Tells what pruning would do. By size it is an estimate: events differ in size.
    pub fn prunable(&self, rule: &PruneRule) -> anyhow::Result<Pruned> {
        let all = PruneRule { force: true, ..*rule };
        let excess = self.excess_events(rule)?;
        let wanted = self.count_before(rule.cutoff(), &all)?.max(excess);
        let events = self.count_before(rule.cutoff(), rule)?.max(excess.min(self.count_before(i64::MAX, rule)?));
        let (refs, old) = (self.forgettable_commands(rule)?, self.old_commands(rule)?);
        Ok(Pruned {
            events,
            held_back: wanted.saturating_sub(events),
            refs,
            refs_held_back: old.saturating_sub(refs),
            keys: self.forgettable_keys(rule)?,
        })
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

    /// Events received before this time that may go.
    pub(super) fn old_events(&self, cutoff: i64, rule: &PruneRule, limit: usize) -> anyhow::Result<Vec<i64>> {
        let sql = "SELECT seq FROM events WHERE received_at < ?1 AND +seq <= ?2
                   AND (?3 OR seq NOT IN (SELECT seq FROM deliveries)) ORDER BY received_at LIMIT ?4";
        self.column(sql, &[&cutoff, &self.floor(rule.force)?, &rule.force, &limit])
    }

    /// The oldest events that may go.
    pub(super) fn oldest_events(&self, rule: &PruneRule, limit: usize) -> anyhow::Result<Vec<i64>> {
        let sql = "SELECT seq FROM events WHERE seq <= ?1
                   AND (?2 OR seq NOT IN (SELECT seq FROM deliveries)) ORDER BY seq LIMIT ?3";
        self.column(sql, &[&self.floor(rule.force)?, &rule.force, &limit])
    }

    /// How many events received before this time may go.
    pub(super) fn count_before(&self, cutoff: i64, rule: &PruneRule) -> anyhow::Result<u64> {
        let sql = "SELECT count(*) FROM events WHERE received_at < ?1 AND +seq <= ?2
                   AND (?3 OR seq NOT IN (SELECT seq FROM deliveries))";
        Ok(self.connection.query_row(sql, params![cutoff, self.floor(rule.force)?, rule.force], |row| row.get(0))?)
    }

    /// About how many of the oldest events make the store larger than it may be.
    pub(super) fn excess_events(&self, rule: &PruneRule) -> anyhow::Result<u64> {
        let (Some(limit), Some(oldest)) = (rule.larger_than, self.oldest()?) else { return Ok(0) };
        let (used, events) = (self.used()?, self.newest()? - oldest + 1);
        let excess = u128::from(used.saturating_sub(limit)) * u128::try_from(events)?;
        Ok(u64::try_from(excess.div_ceil(u128::from(used.max(1))))?)
    }

    /// How much of the file is in use, in bytes.
    pub(super) fn used(&self) -> anyhow::Result<u64> {
        Ok((self.pragma("page_count")? - self.free_pages()?) * self.pragma("page_size")?)
    }

    /// How many pages of the file are not in use.
    pub(super) fn free_pages(&self) -> anyhow::Result<u64> {
        self.pragma("freelist_count")
    }

    fn pragma(&self, name: &str) -> anyhow::Result<u64> {
        Ok(self.connection.pragma_query_value(None, name, |row| row.get(0))?)
    }

    /// How many commands could go once the events have gone that are too old.
    fn forgettable_commands(&self, rule: &PruneRule) -> anyhow::Result<u64> {
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
    pub(super) fn old_commands(&self, rule: &PruneRule) -> anyhow::Result<u64> {
        let sql = "SELECT count(*) FROM journal WHERE outcome IS NOT NULL AND finished_at < ?1";
        Ok(self.connection.query_row(sql, [rule.journal_cutoff()], |row| row.get(0))?)
    }

    /// The keys of events before this seq are to be forgotten: those that are old, and the oldest where there are too many. Only
    /// the old ones are walked to find it.
    pub(super) fn first_kept_key(&self, rule: &PruneRule) -> anyhow::Result<i64> {
        let sql = "SELECT (SELECT seq FROM keys WHERE received_at >= ?1 ORDER BY seq LIMIT 1),
                          (SELECT coalesce(max(seq), 0) FROM keys)";
        let old = before(rule.keep_keys.unwrap_or(KEYS_AGE));
        let (not_old, last): (Option<i64>, i64) =
            self.connection.query_row(sql, [old], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let most = rule.larger_than.map_or(i64::MAX, |limit| (limit / KEYS_SHARE / KEY_BYTES).cast_signed());
        // Not a key that another process adds meanwhile: behind the last one, nothing is old.
        Ok(not_old.unwrap_or(last + 1).max(last - most + 1))
    }

    /// How many keys are to be forgotten.
    fn forgettable_keys(&self, rule: &PruneRule) -> anyhow::Result<u64> {
        let first_kept = self.first_kept_key(rule)?;
        Ok(self.connection.query_row("SELECT count(*) FROM keys WHERE seq < ?1", [first_kept], |row| row.get(0))?)
    }

    /// The one column that is asked for.
    pub(super) fn column<T: FromSql>(&self, sql: &str, parameters: &[&dyn ToSql]) -> anyhow::Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Delivery, Stored};
    use crate::store::Writer;
    use crate::store::inbox::tests::{delivery, take};
    use crate::store::tests::opened;

    const DAY: Duration = Duration::from_secs(86_400);
    /// Every event goes, whether old or not, and the keys of those that were received more than ten days ago.
    const ALL: PruneRule = PruneRule {
        older_than: Some(Duration::ZERO),
        larger_than: None,
        journal_older_than: None,
        keep_keys: Some(Duration::from_secs(10 * 86_400)),
        force: false,
    };

    fn received(key: &str, days_ago: i64) -> Delivery {
        Delivery { received_at: now() - 1 - days_ago * 86_400_000, ..delivery(key, "chat-assigned", "c-1") }
    }

    /// Prunes, and tells how many keys went, which is what was foretold.
    fn keys_forgotten(store: &Store, writer: &Writer, rule: &PruneRule) -> u64 {
        let foretold = store.prunable(rule).unwrap().keys;
        let forgotten = writer.prune(store, rule).unwrap().keys;
        assert_eq!(forgotten, foretold);
        forgotten
    }

    #[test]
    fn a_webhook_sent_again_after_its_event_was_pruned_is_a_duplicate_until_its_key_is_old() {
        let (_home, store, writer) = opened();
        for (key, days_ago) in [("k-1", 11), ("k-2", 9)] {
            take(&store, &received(key, days_ago));
        }
        take(&store, &Delivery { id: None, ..received("", 11) });
        assert_eq!(keys_forgotten(&store, &writer, &ALL), 0, "they go at the earliest after their events");
        assert_eq!(store.oldest().unwrap(), None);
        for event in ["chat-assigned", "chatAssigned"] {
            let again = Delivery { event: event.into(), ..received("k-1", 0) };
            assert_eq!(take(&store, &again), Stored::Duplicate { seq: 1 });
        }
        assert_eq!(take(&store, &delivery("k-1", "chat-opened", "c-1")), Stored::New { seq: 4 }, "another event");
        let young = PruneRule { keep_keys: None, ..ALL };
        assert_eq!(keys_forgotten(&store, &writer, &young), 0, "400 days where nobody says otherwise");
        assert_eq!(keys_forgotten(&store, &writer, &ALL), 1);
        assert_eq!(take(&store, &received("k-2", 0)), Stored::Duplicate { seq: 2 });
        assert_eq!(take(&store, &received("k-1", 0)), Stored::New { seq: 5 }, "its key was forgotten");
        writer.prune(&store, &ALL).unwrap();
        assert_eq!(take(&store, &received("k-1", 0)), Stored::Duplicate { seq: 5 }, "and is known anew");
    }

    #[test]
    fn a_key_is_known_while_its_event_is_kept_however_old_it_is() {
        let (_home, store, writer) = opened();
        take(&store, &received("k-1", 30));
        let rule = PruneRule { older_than: Some(60 * DAY), ..ALL };
        assert_eq!(keys_forgotten(&store, &writer, &rule), 0);
        assert_eq!(take(&store, &received("k-1", 0)), Stored::Duplicate { seq: 1 });
    }

    #[test]
    fn keys_take_a_quarter_of_a_limited_store_at_most_and_the_oldest_go() {
        let (_home, store, writer) = opened();
        for n in 1..=300 {
            take(&store, &received(&format!("k-{n}"), 1));
        }
        assert_eq!(keys_forgotten(&store, &writer, &ALL), 0);
        let limited = PruneRule { larger_than: Some(KEYS_SHARE * KEY_BYTES * 50), ..ALL };
        assert_eq!(keys_forgotten(&store, &writer, &limited), 250);
        assert_eq!(take(&store, &received("k-251", 0)), Stored::Duplicate { seq: 251 });
        assert_eq!(take(&store, &received("k-250", 0)), Stored::New { seq: 301 });
    }

    #[test]
    fn a_key_takes_about_what_is_reckoned_with() {
        let (_home, store, _writer) = opened();
        // One sync for all.
        let transaction = store.connection.unchecked_transaction().unwrap();
        for _ in 0..5000 {
            take(&store, &received(&uuid::Uuid::new_v4().to_string(), 1));
        }
        transaction.commit().unwrap();
        store.connection.execute("DELETE FROM events", []).unwrap();
        let with_keys = store.used().unwrap();
        store.connection.execute("DELETE FROM keys", []).unwrap();
        let bytes = (with_keys - store.used().unwrap()) / 5000;
        assert!((KEY_BYTES * 3 / 4..=KEY_BYTES * 5 / 4).contains(&bytes), "{bytes} bytes");
    }
}
