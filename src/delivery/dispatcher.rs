//! Hands each event of the inbox to a handler and acts on its verdict: the input and output around the rules of `lanes`.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::lanes::{Lanes, Settled};
use super::trouble::Trouble;
use super::{Backoff, Ending, Quota, Runner, Verdict, exec};
use crate::model::Event;
use crate::process::Children;
use crate::store::{Consumer, Filter, Mark, now};
use crate::terminal::Terminal;

/// How long a verdict is waited for before the inbox is looked at again.
const TICK: Duration = Duration::from_millis(5);

/// How long what runs may go on once the program is to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Hands over the inbox event by event, from the consumer's cursor on and beginning with what waits from earlier. Unlike
/// [`super::Lines`] it ends as soon as nothing new comes in: a handler may take its time, and the inbox keeps the rest.
pub struct Dispatcher {
    /// Whose cursor moves.
    pub consumer: Consumer,
    /// Which events are handed over; the others count as done.
    pub filter: Filter,
    /// How many of them, done or set aside.
    pub quota: Quota,
    /// Who handles them.
    pub runner: Runner,
    /// How many at once.
    pub jobs: usize,
    /// When those that were not done are tried again.
    pub backoff: Backoff,
    /// The program is to stop.
    pub ending: Ending,
    /// Where set-aside and delayed events are reported.
    pub terminal: Terminal,
}

impl Dispatcher {
    /// Runs until enough events are done or set aside, or the program is to stop. What does not end in time is stopped and
    /// stays as it was.
    ///
    /// # Errors
    /// [`crate::error::Kind::Timeout`] when the quota was not met in time; any failure to read the store.
    pub fn run(mut self) -> anyhow::Result<()> {
        let children = Children::of(self.consumer.store().path(), self.consumer.name());
        self.wait_for_those_left_behind(&children)?;
        self.runner.track(children);
        let (read, waiting) = (self.consumer.cursor(), self.consumer.resume()?);
        if !waiting.is_empty() {
            self.terminal.status(&format!("events that wait from earlier: {}", waiting.len()));
        }
        let (sender, verdicts) = channel();
        let mut work = Work {
            lanes: Lanes::new(self.backoff, read, waiting),
            cursor: read,
            consumer: self.consumer,
            filter: self.filter,
            quota: self.quota,
            runner: Arc::new(self.runner),
            jobs: self.jobs,
            ending: self.ending,
            terminal: self.terminal,
            sender,
            verdicts,
            reading: Trouble::reading(),
            looking_up: Trouble::reading(),
            writing: Trouble::writing(),
        };
        let result = work.run();
        result.and(work.drain())
    }

    /// A handler that goes on after this program was killed must not run beside the one that repeats its event. Webhooks are
    /// taken in the meantime.
    fn wait_for_those_left_behind(&self, children: &Children) -> anyhow::Result<()> {
        let mut left = children.left_behind(DRAIN, exec::GRACE);
        while !left.have_gone(|text| self.terminal.warn(text)) && !self.ending.has_come() {
            self.quota.check_deadline()?;
            thread::sleep(TICK);
        }
        Ok(())
    }
}

/// An event that was handed over.
struct Finished {
    seq: i64,
    /// What people call it.
    name: String,
    verdict: Verdict,
}

struct Work {
    lanes: Lanes,
    /// Where the consumer's cursor was last moved to.
    cursor: i64,
    consumer: Consumer,
    filter: Filter,
    quota: Quota,
    runner: Arc<Runner>,
    jobs: usize,
    ending: Ending,
    terminal: Terminal,
    sender: Sender<Finished>,
    verdicts: Receiver<Finished>,
    reading: Trouble,
    looking_up: Trouble,
    writing: Trouble,
}

impl Work {
    fn run(&mut self) -> anyhow::Result<()> {
        while !self.quota.is_met() && !self.ending.has_come() {
            self.read()?;
            self.start()?;
            self.settle()?;
            self.quota.check_deadline()?;
        }
        Ok(())
    }

    /// Reads the inbox as far as the window goes; waits for new events only where there is nothing else to do.
    fn read(&mut self) -> anyhow::Result<()> {
        let marks = self.lanes.unblock_cursor(self.jobs);
        self.keep(&marks)?;
        let events = match self.lanes.room() {
            0 => return Ok(()),
            room if self.lanes.running() == 0 && !self.lanes.is_ready() => self.consumer.next_batch(room),
            room => self.consumer.try_batch(room),
        };
        let events = self.reading.tolerate(events, &self.ending, self.terminal)?.unwrap_or_default();
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

    /// Hands over what may run.
    fn start(&mut self) -> anyhow::Result<()> {
        while self.lanes.running() < self.jobs && self.quota.allows(self.lanes.running()) {
            let Some(seq) = self.lanes.start(now()) else { break };
            let original = self.consumer.store().original(seq);
            let original = self.looking_up.tolerate(original, &self.ending, self.terminal);
            let Ok(Some(original)) = original else {
                self.lanes.put_back(seq);
                return original.map(drop);
            };
            if let Some((event, headers)) = original {
                self.hand_over(event, headers);
            } else {
                self.terminal.warn(&format!("event {seq} waited and is no longer in the inbox"));
                let marks = self.lanes.settle(seq, &Verdict::Done, now()).marks;
                self.keep(&marks)?;
            }
        }
        Ok(())
    }

    fn hand_over(&self, event: Event, headers: Vec<u8>) {
        let (seq, name) = (event.seq, name(&event));
        let (runner, sender) = (Arc::clone(&self.runner), self.sender.clone());
        let finished = move |name, verdict| Finished { seq, name, verdict };
        let work = {
            let name = name.clone();
            // Nobody may listen any more: then the program ends, and the event stays as it was.
            move || drop(sender.send(finished(name, runner.run(&event, &headers))))
        };
        if let Err(error) = thread::Builder::new().name("handler".into()).spawn(work) {
            drop(self.sender.send(finished(name, Verdict::later(format!("cannot start a thread: {error}")))));
        }
    }

    /// Takes the verdicts that are there, after waiting for one for a moment where nothing else can be done.
    fn settle(&mut self) -> anyhow::Result<()> {
        let busy = self.lanes.running() > 0 || self.lanes.room() == 0;
        let mut patience = if busy { TICK } else { Duration::ZERO };
        while let Some(finished) = self.next_verdict(patience)? {
            patience = Duration::ZERO;
            self.take(&finished)?;
            if !matches!(finished.verdict, Verdict::Later { .. }) {
                self.quota.take(1);
            }
        }
        Ok(())
    }

    fn next_verdict(&self, patience: Duration) -> anyhow::Result<Option<Finished>> {
        match self.verdicts.recv_timeout(patience) {
            Ok(finished) => Ok(Some(finished)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(error @ RecvTimeoutError::Disconnected) => Err(error).context("the handlers are gone"),
        }
    }

    /// Makes the marks durable, and only then moves the cursor.
    fn keep(&mut self, marks: &[Mark]) -> anyhow::Result<()> {
        while !marks.is_empty() {
            let written = self.consumer.mark(marks);
            if self.writing.tolerate(written, &self.ending, self.terminal)?.is_some() {
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

    /// Lets what runs come to its end, and stops it where that takes too long.
    fn drain(&mut self) -> anyhow::Result<()> {
        if self.lanes.running() > 0 {
            self.terminal.status(&format!("waiting for what is being handled: {}", self.lanes.running()));
        }
        self.drain_for(DRAIN)?;
        if self.lanes.running() > 0 {
            self.terminal.warn(&format!("stopped before the end, to be run again: {}", self.lanes.running()));
            self.runner.terminate();
            self.drain_for(exec::GRACE * 2)?;
        }
        Ok(())
    }

    /// From here on only `Done` counts: a handler may well fail because everything around it is being stopped. What is not
    /// done is tried again at the next start.
    fn drain_for(&mut self, time: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + time;
        while self.lanes.running() > 0 && Instant::now() < deadline {
            let Some(finished) = self.next_verdict(TICK)? else { continue };
            if finished.verdict == Verdict::Done {
                self.take(&finished)?;
            } else {
                self.lanes.abandon(finished.seq);
            }
        }
        Ok(())
    }

    fn take(&mut self, finished: &Finished) -> anyhow::Result<()> {
        let settled = self.lanes.settle(finished.seq, &finished.verdict, now());
        self.keep(&settled.marks)?;
        self.report(finished, &settled);
        Ok(())
    }

    fn report(&self, Finished { name, verdict, .. }: &Finished, settled: &Settled) {
        match verdict {
            Verdict::Done if settled.attempts > 1 => {
                self.terminal.status(&format!("{name} is done after {} attempts", settled.attempts));
            }
            Verdict::Done => self.terminal.detail(&format!("{name} is done")),
            Verdict::Failed(reason) => {
                self.terminal.warn(&format!("{name} is set aside: {reason} (guuru events list --failed)"));
            }
            // The first time, and then ever more rarely.
            Verdict::Later { reason, .. } if settled.attempts.is_power_of_two() => {
                let wait = settled.next_at.map_or(0, |next_at| next_at - now()).max(0);
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
