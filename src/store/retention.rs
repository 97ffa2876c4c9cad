//! What may be deleted from a store. Events after a consumer's cursor stay, and so do events that wait for a handler or were set
//! aside by one, unless deletion is forced.

use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{ToSql, params};

use super::{Store, now};

/// How old the outcome of a command is, at least, before it is deleted. A caller may repeat a command after the inbox has forgotten
/// its event.
pub(super) const JOURNAL_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

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
}

impl PruneRule {
    /// Whether anything can go at all.
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
        Ok(Pruned { events, held_back: wanted.saturating_sub(events), refs, refs_held_back: old.saturating_sub(refs) })
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

    /// The one column that is asked for.
    pub(super) fn column<T: FromSql>(&self, sql: &str, parameters: &[&dyn ToSql]) -> anyhow::Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
