//! Writes events to the bridge's child: from the consumer's cursor on, and after a restart again from the first event that was not
//! consumed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Shutdown;
use super::stdin::{ChildStdin, Generation, Written, with_type};
use super::store_retry::StoreRetry;
use crate::error::Error;
use crate::model::Event;
use crate::store::{Consumer, Filter, Writer};
use crate::terminal::Terminal;

/// The most events that are read from the inbox at once.
const BATCH: usize = 64;

/// The acknowledgements of the child (`--ack manual`), which move the cursor.
pub struct Acknowledgements {
    consumer: String,
    writer: Writer,
    progress: Mutex<AckProgress>,
}

/// How far the events have come, each as the seq of the last one.
struct AckProgress {
    /// Written to a child, or left out before one.
    written: i64,
    /// Written to a child. Events after it need no acknowledgement.
    wanted: i64,
    /// Consumed.
    acknowledged: i64,
}

impl Acknowledgements {
    /// Nothing was written after the consumer's cursor yet.
    pub fn new(consumer: &Consumer, writer: Writer) -> Self {
        let cursor = consumer.cursor();
        let progress = Mutex::new(AckProgress { written: cursor, wanted: cursor, acknowledged: cursor });
        Self { consumer: consumer.name().to_owned(), writer, progress }
    }

    /// The child has consumed every event up to `seq`.
    ///
    /// # Errors
    /// When that event was not written yet.
    pub fn acknowledge(&self, seq: i64) -> anyhow::Result<()> {
        let mut progress = self.lock();
        let written = progress.written;
        if seq > written {
            return Err(Error::usage(format!("event {seq} was not delivered: the last one was {written}")).into());
        }
        self.advance(&mut progress, seq);
        Ok(())
    }

    /// An event is about to be written: from here on it can be acknowledged.
    fn offer(&self, seq: i64) {
        let mut progress = self.lock();
        progress.written = progress.written.max(seq);
        progress.wanted = progress.wanted.max(seq);
    }

    /// An event is left out by the filter. It counts as acknowledged when all before it are.
    fn leave_out(&self, seq: i64) {
        let mut progress = self.lock();
        progress.written = progress.written.max(seq);
        let acknowledged = progress.acknowledged;
        self.advance(&mut progress, acknowledged);
    }

    /// The last acknowledged seq, if the next child gets events again that an earlier one got.
    pub fn resumes_after(&self) -> Option<i64> {
        let progress = self.lock();
        Some(progress.acknowledged).filter(|seq| *seq < progress.wanted)
    }

    fn advance(&self, progress: &mut AckProgress, seq: i64) {
        let seq = if seq >= progress.wanted { progress.written } else { seq };
        if progress.acknowledged < seq {
            progress.acknowledged = seq;
            self.writer.advance(&self.consumer, seq);
        }
    }

    fn acknowledged(&self) -> i64 {
        self.lock().acknowledged
    }

    fn lock(&self) -> MutexGuard<'_, AckProgress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes events to whichever child runs.
pub struct Feeder {
    /// Whose cursor moves.
    pub consumer: Consumer,
    /// Which events the child gets.
    pub filter: Filter,
    /// Where they go.
    pub stdin: Arc<ChildStdin>,
    /// The acknowledgements that move the cursor. With `None` it moves past each line that was written.
    pub acknowledgements: Option<Arc<Acknowledgements>>,
    /// Once it has come, no further event is begun.
    pub shutdown: Shutdown,
    /// Where trouble is reported.
    pub terminal: Terminal,
}

impl Feeder {
    /// Runs until the child's stdin is closed or the shutdown begins.
    pub fn run(mut self) {
        let mut reading = StoreRetry::reading();
        while let Some(child) = self.stdin.wait_for_child()
            && !self.shutdown.has_begun()
        {
            if let Some(acknowledgements) = &self.acknowledgements {
                self.consumer.seek(acknowledgements.acknowledged());
            }
            while !self.shutdown.has_begun() && self.feed(child, &mut reading) == Written::Whole {}
        }
    }

    /// Writes some events to a child. Returns whether it still reads.
    fn feed(&mut self, child: Generation, reading: &mut StoreRetry) -> Written {
        let read = self.consumer.next_batch(BATCH);
        let Ok(Some(events)) = reading.success_or_wait(read, &self.shutdown, self.terminal) else {
            return Written::Whole;
        };
        for event in &events {
            let wanted = self.filter.admits(event);
            match &self.acknowledgements {
                Some(acknowledgements) if wanted => acknowledgements.offer(event.seq),
                Some(acknowledgements) => acknowledgements.leave_out(event.seq),
                None => {}
            }
            if wanted && self.write(child, event) == Written::Gone {
                self.consumer.seek(event.seq - 1);
                return Written::Gone;
            }
            if self.acknowledgements.is_none() {
                self.consumer.advance(event.seq);
            }
        }
        if events.is_empty() && !self.stdin.is_current(child) { Written::Gone } else { Written::Whole }
    }

    fn write(&self, child: Generation, event: &Event) -> Written {
        let mut line = Vec::new();
        if let Err(error) = event.write_line(&mut line) {
            self.terminal.warn(&format!("event {} cannot be written: {error:#}", event.seq));
            return Written::Whole;
        }
        self.stdin.write_line(child, &with_type("event", &line), || !self.shutdown.has_begun())
    }
}
