//! Events as lines on stdout.

use std::time::{Duration, Instant};

use super::store_retry::StoreRetry;
use super::{Quota, Shutdown};
use crate::model::{Event, LineFormat};
use crate::store::{Consumer, Filter};
use crate::terminal::{Gone, Stdout, Terminal};

/// The most events that are read from the inbox at once.
const BATCH: usize = 256;

/// How long one attempt to write waits before it checks for the shutdown.
const TICK: Duration = Duration::from_millis(100);

/// How long the reader may read nothing after the shutdown has begun.
const PATIENCE: Duration = Duration::from_secs(10);

/// Writes the inbox to stdout, from the consumer's cursor on.
pub struct Lines {
    /// Whose cursor moves.
    pub consumer: Consumer,
    /// Which events get a line.
    pub filter: Filter,
    /// What the line looks like.
    pub format: LineFormat,
    /// How many of them.
    pub quota: Quota,
    /// Where they go.
    pub stdout: Stdout,
    /// When to end.
    pub shutdown: Shutdown,
    /// Where trouble is reported.
    pub terminal: Terminal,
}

impl Lines {
    /// Runs until enough lines are written, or the shutdown has begun and all are written, or it must stop.
    ///
    /// # Errors
    /// [`Gone`] when the reader has gone; [`crate::error::Kind::Timeout`] when the quota was not met in time.
    pub fn run(&mut self) -> anyhow::Result<()> {
        let mut trouble = StoreRetry::reading();
        while !self.quota.is_met() && !self.shutdown.is_stopped() {
            let last_round = self.shutdown.has_begun();
            let read = self.consumer.next_batch(BATCH);
            let events = trouble.success_or_wait(read, &self.shutdown, self.terminal)?.unwrap_or_default();
            if !events.is_empty() {
                self.write(&events)?;
            } else if last_round {
                break;
            } else if self.stdout.is_gone() {
                return Err(Gone.into());
            } else {
                self.quota.check_deadline()?;
            }
        }
        Ok(())
    }

    /// Writes the events; the cursor moves past those that were written in full, whatever happens to the others.
    fn write(&mut self, events: &[Event]) -> anyhow::Result<()> {
        let page = self.render(events);
        let (written, result) = self.write_page(&page);
        if let Some(seq) = page.last_before(written) {
            self.consumer.advance(seq);
        }
        self.quota.take(page.count);
        result
    }

    fn render(&self, events: &[Event]) -> Page {
        let mut page = Page::default();
        for event in events {
            if self.quota.left == Some(page.count) {
                break;
            }
            if self.filter.admits(event) {
                let mut line = Vec::new();
                match self.format.write(event, &mut line) {
                    Ok(()) => {
                        page.bytes.extend(Terminal::fit_for_stdout(line));
                        page.count += 1;
                    }
                    Err(error) => self.terminal.error(&format!("event {} cannot be written: {error:#}", event.seq)),
                }
            }
            page.ends.push((event.seq, page.bytes.len()));
        }
        page
    }

    fn write_page(&mut self, page: &Page) -> (usize, anyhow::Result<()>) {
        let mut written = 0;
        let mut taken = Instant::now();
        let mut end = page.bytes.len();
        while written < end {
            if self.shutdown.is_stopped() {
                end = page.end_of_line(written);
            }
            match self.stdout.write_some(&page.bytes[written..end], TICK) {
                Ok(0) if self.shutdown.has_begun() && taken.elapsed() > PATIENCE => return (written, Err(Gone.into())),
                Ok(0) => {
                    if let Err(error) = self.quota.check_deadline() {
                        return (written, Err(error));
                    }
                }
                Ok(some) => {
                    written += some;
                    taken = Instant::now();
                }
                Err(error) => return (written, Err(error)),
            }
        }
        (written, Ok(()))
    }
}

/// Rendered lines, and where in them each event ends.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
    /// The seq of each event and the length of all lines up to and with it; one that is filtered out has no line.
    ends: Vec<(i64, usize)>,
    /// How many lines there are.
    count: u64,
}

impl Page {
    /// Where the line ends that is being written after so many bytes; just there, where none is.
    fn end_of_line(&self, written: usize) -> usize {
        self.ends.iter().map(|&(_, end)| end).find(|&end| end >= written).unwrap_or(written)
    }

    fn last_before(&self, written: usize) -> Option<i64> {
        let done = self.ends.partition_point(|&(_, end)| end <= written);
        done.checked_sub(1).map(|last| self.ends[last].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_before_a_line_that_was_cut() {
        let page = Page { bytes: Vec::new(), ends: vec![(1, 0), (2, 10), (4, 10), (5, 20)], count: 2 };
        for (written, expected) in [(0, Some(1)), (9, Some(1)), (10, Some(4)), (19, Some(4)), (20, Some(5))] {
            assert_eq!(page.last_before(written), expected, "{written} bytes written");
        }
        assert_eq!(Page::default().last_before(0), None);
        for (written, expected) in [(0, 0), (1, 10), (9, 10), (10, 10), (11, 20), (20, 20)] {
            assert_eq!(page.end_of_line(written), expected, "{written} bytes written");
        }
    }
}
