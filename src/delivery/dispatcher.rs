//! Hands each event of the inbox to a handler and acts on its verdict. The rules are in `lanes`; here is their input and output.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::lanes::{Applied, Lanes};
use super::store_retry::StoreRetry;
use super::{Backoff, Handler, Quota, Shutdown, Verdict, exec};
use crate::model::Event;
use crate::process::Children;
use crate::store::{Consumer, Filter, Mark, now};
use crate::terminal::Terminal;

/// How long a verdict is waited for before the inbox is looked at again.
const TICK: Duration = Duration::from_millis(5);

/// How long handlers may go on after the program was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Hands over events from the consumer's cursor on, and first those that wait from earlier. Unlike [`super::Lines`] it ends at the
/// first step of the shutdown: a handler may take long, and the inbox keeps the rest.
pub struct Dispatcher {
    /// Whose cursor moves.
    pub consumer: Consumer,
    /// Which events are handed over; the others count as done.
    pub filter: Filter,
    /// How many of them, done or set aside.
    pub quota: Quota,
    /// Who handles them.
    pub handler: Handler,
    /// How many at once.
    pub jobs: usize,
    /// When those that were not done are tried again.
    pub backoff: Backoff,
    /// The program is to stop.
    pub shutdown: Shutdown,
    /// Where set-aside and delayed events are reported.
    pub terminal: Terminal,
}

impl Dispatcher {
    /// Runs until enough events are done or set aside, or the program must stop. A handler that does not end in time is stopped,
    /// and its event stays as it was.
    ///
    /// # Errors
    /// [`crate::error::Kind::Timeout`] when the quota was not met in time; any failure to read the store.
    pub fn run(mut self) -> anyhow::Result<()> {
        let children = Children::of(self.consumer.store().path(), self.consumer.name());
        self.wait_for_orphans(&children)?;
        self.handler.track(children);
        let (read, waiting) = (self.consumer.cursor(), self.consumer.resume()?);
        if !waiting.is_empty() {
            self.terminal.status(&format!("events that wait from earlier: {}", waiting.len()));
        }
        let (sender, verdicts) = channel();
        let mut work = DispatchLoop {
            lanes: Lanes::new(self.backoff, read, waiting),
            cursor: read,
            consumer: self.consumer,
            filter: self.filter,
            quota: self.quota,
            handler: Arc::new(self.handler),
            jobs: self.jobs,
            shutdown: self.shutdown,
            terminal: self.terminal,
            sender,
            verdicts,
            reading: StoreRetry::reading(),
            looking_up: StoreRetry::reading(),
            writing: StoreRetry::writing(),
        };
        let result = work.run();
        result.and(work.drain())
    }

    /// A handler that outlived a killed guuru must end before another one repeats its event. Webhooks are taken meanwhile.
    fn wait_for_orphans(&self, children: &Children) -> anyhow::Result<()> {
        let mut left = children.orphans(DRAIN, exec::GRACE);
        while !left.have_ended(|text| self.terminal.warn(text)) && !self.shutdown.has_begun() {
            self.quota.check_deadline()?;
            thread::sleep(TICK);
        }
        Ok(())
    }
}

/// An event that was handed over.
struct Handled {
    seq: i64,
    /// Its name in messages.
    name: String,
    verdict: Verdict,
}

struct DispatchLoop {
    lanes: Lanes,
    /// Where the consumer's cursor was last moved to.
    cursor: i64,
    consumer: Consumer,
    filter: Filter,
    quota: Quota,
    handler: Arc<Handler>,
    jobs: usize,
    shutdown: Shutdown,
    terminal: Terminal,
    sender: Sender<Handled>,
    verdicts: Receiver<Handled>,
    reading: StoreRetry,
    looking_up: StoreRetry,
    writing: StoreRetry,
}

impl DispatchLoop {
    fn run(&mut self) -> anyhow::Result<()> {
        while !self.quota.is_met() && !self.shutdown.has_begun() {
            self.read()?;
            self.start()?;
            self.take_verdicts()?;
            self.quota.check_deadline()?;
        }
        Ok(())
    }

    /// Reads events up to the end of the window. Waits for new ones only if there is nothing else to do.
    fn read(&mut self) -> anyhow::Result<()> {
        let marks = self.lanes.unblock_cursor(self.jobs);
        self.keep(&marks)?;
        let events = match self.lanes.room() {
            0 => return Ok(()),
            room if self.lanes.running() == 0 && !self.lanes.is_ready() => self.consumer.next_batch(room),
            room => self.consumer.try_batch(room),
        };
        let events = self.reading.success_or_wait(events, &self.shutdown, self.terminal)?.unwrap_or_default();
        let mut marks = Vec::new();
        for event in &events {
            if self.filter.admits(event) {
                marks.extend(self.lanes.take(event.seq, event.chat_id.as_deref()));
            } else {
                self.lanes.skip(event.seq);
            }
        }
        self.keep(&marks)
    }

    /// Starts a handler for each event that may run.
    fn start(&mut self) -> anyhow::Result<()> {
        while self.lanes.running() < self.jobs && self.quota.allows(self.lanes.running()) {
            let Some(seq) = self.lanes.start(now()) else { break };
            let original = self.consumer.store().event_with_headers(seq);
            let original = self.looking_up.success_or_wait(original, &self.shutdown, self.terminal);
            let Ok(Some(original)) = original else {
                self.lanes.put_back(seq);
                return original.map(drop);
            };
            if let Some((event, headers)) = original {
                self.hand_over(event, headers);
            } else {
                self.terminal.warn(&format!("event {seq} waited and is no longer in the inbox"));
                let marks = self.lanes.apply(seq, &Verdict::Done, now()).marks;
                self.keep(&marks)?;
            }
        }
        Ok(())
    }

    fn hand_over(&self, event: Event, headers: Vec<u8>) {
        let (seq, name) = (event.seq, name(&event));
        let (handler, sender) = (Arc::clone(&self.handler), self.sender.clone());
        let outcome = move |name, verdict| Handled { seq, name, verdict };
        let work = {
            let name = name.clone();
            // If nobody listens any more, the program ends, and the event stays as it was.
            move || drop(sender.send(outcome(name, handler.run(&event, &headers))))
        };
        if let Err(error) = thread::Builder::new().name("handler".into()).spawn(work) {
            drop(self.sender.send(outcome(name, Verdict::later(format!("cannot start a thread: {error}")))));
        }
    }

    /// Takes the verdicts that have come. Waits a moment for one if there is nothing else to do.
    fn take_verdicts(&mut self) -> anyhow::Result<()> {
        let busy = self.lanes.running() > 0 || self.lanes.room() == 0;
        let mut patience = if busy { TICK } else { Duration::ZERO };
        while let Some(handled) = self.next_verdict(patience)? {
            patience = Duration::ZERO;
            self.take(&handled)?;
            if !matches!(handled.verdict, Verdict::Later { .. }) {
                self.quota.take(1);
            }
        }
        Ok(())
    }

    fn next_verdict(&self, patience: Duration) -> anyhow::Result<Option<Handled>> {
        match self.verdicts.recv_timeout(patience) {
            Ok(handled) => Ok(Some(handled)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(error @ RecvTimeoutError::Disconnected) => Err(error).context("the handlers are gone"),
        }
    }

    /// Stores the marks durably, and only then moves the cursor.
    fn keep(&mut self, marks: &[Mark]) -> anyhow::Result<()> {
        while !marks.is_empty() {
            let written = self.consumer.mark(marks);
            if self.writing.success_or_wait(written, &self.shutdown, self.terminal)?.is_some() {
                break;
            }
        }
        let cursor = self.lanes.cursor();
        if cursor > self.cursor {
            self.cursor = cursor;
            self.consumer.advance(cursor);
        }
        Ok(())
    }

    /// Lets the handlers end, and stops those that take too long.
    fn drain(&mut self) -> anyhow::Result<()> {
        if self.lanes.running() > 0 {
            self.terminal.status(&format!("waiting for what is being handled: {}", self.lanes.running()));
        }
        let mut result = self.drain_for(DRAIN);
        if self.lanes.running() > 0 {
            self.terminal.warn(&format!("stopped before the end, to be run again: {}", self.lanes.running()));
            self.handler.terminate();
            result = result.and(self.drain_for(exec::GRACE * 2));
        }
        result
    }

    /// Only `Done` counts now: a handler may fail because everything is being stopped. The other events are tried again at the next
    /// start. Where the store fails, the handlers are waited for all the same.
    fn drain_for(&mut self, time: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + time;
        let mut result = Ok(());
        while self.lanes.running() > 0 && Instant::now() < deadline {
            let Some(handled) = self.next_verdict(TICK)? else { continue };
            if handled.verdict == Verdict::Done {
                result = result.and(self.take(&handled));
            } else {
                self.lanes.abandon(handled.seq);
            }
        }
        result
    }

    fn take(&mut self, handled: &Handled) -> anyhow::Result<()> {
        let applied = self.lanes.apply(handled.seq, &handled.verdict, now());
        self.keep(&applied.marks)?;
        self.report(handled, &applied);
        Ok(())
    }

    fn report(&self, Handled { name, verdict, .. }: &Handled, applied: &Applied) {
        match verdict {
            Verdict::Done if applied.attempts > 1 => {
                self.terminal.status(&format!("{name} is done after {} attempts", applied.attempts));
            }
            Verdict::Done => self.terminal.detail(&format!("{name} is done")),
            Verdict::Failed(reason) => {
                self.terminal.warn(&format!("{name} is set aside: {reason} (guuru events list --failed)"));
            }
            // The first time, and then ever more rarely.
            Verdict::Later { reason, .. } if applied.attempts.is_power_of_two() => {
                let wait = applied.next_at.map_or(0, |next_at| next_at - now()).max(0);
                let wait = Duration::from_millis(u64::try_from(wait).unwrap_or_default()).as_secs_f64();
                self.terminal.status(&format!("{name} is tried again in {wait:.1} s: {reason}"));
            }
            Verdict::Later { .. } => {}
        }
    }
}

fn name(event: &Event) -> String {
    let chat = event.chat_id.as_deref().map(|chat_id| format!(", chat {chat_id}"));
    format!("event {} ({}{})", event.seq, event.event, chat.unwrap_or_default())
}
