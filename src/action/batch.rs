//! The loop of a batch: carries out each line of stdin, and writes its result to stdout as soon as it has ended.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::{Budget, Finished, Line, MultilineJson, Outcome, RequestLine, ResultLine, Worker, WorkerPool, read_lines};
use crate::error::{Error, Kind};
use crate::store::Writer;
use crate::terminal::{Gone, Progress, Stdout, Terminal};

/// How many bytes of lines are in flight at once.
const BUDGET: usize = 16 * 1024 * 1024;

/// After a halt: how long to wait for a line that was just being read.
const DRAIN_WAIT: Duration = Duration::from_millis(20);

/// After a halt: how long to go on while more lines come. The program that writes them may never end.
const DRAIN_LIMIT: Duration = Duration::from_secs(1);

/// How long one attempt to write waits before it looks whether the store is lost.
const TICK: Duration = Duration::from_millis(100);

/// How long the reader of the results may read nothing once the store is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the batch waits for.
enum Notice {
    Line(Line),
    Finished(Box<Finished>),
    Stopped(i32),
    /// The store is lost to this process.
    StoreLost,
}

/// Reads stdin on a thread of its own, so that a waiting read does not block the results.
fn read_stdin(notify: Sender<Notice>, budget: Arc<Budget>, stop_reading: Arc<AtomicBool>) -> anyhow::Result<()> {
    thread::Builder::new().name("stdin".into()).spawn(move || {
        read_lines(io::stdin(), &budget, |line| {
            notify.send(Notice::Line(line)).is_ok() && !stop_reading.load(Ordering::Relaxed)
        });
    })?;
    Ok(())
}

/// Why the batch begins no more commands.
#[derive(Clone, Copy)]
enum Halt {
    /// A command failed, with --fail-fast.
    Failed,
    /// A signal came.
    Stopped(i32),
    /// The results cannot be written.
    OutputFailed,
    /// Nothing can be stored.
    StoreLost,
}

/// Commands from stdin, and a result for each on stdout.
pub struct Batch {
    notify: Sender<Notice>,
    notices: Receiver<Notice>,
    writer: Writer,
    pool: WorkerPool,
    budget: Arc<Budget>,
    /// Tells the reading thread to stop.
    stop_reading: Arc<AtomicBool>,
    multiline: MultilineJson,
    progress: Progress,
    stdout: Stdout,
    fail_fast: bool,
    /// All lines were read, or cannot be.
    ended: Option<io::Result<()>>,
    halt: Option<Halt>,
    /// Nobody reads the results any more, or they cannot be written.
    output_error: Option<anyhow::Error>,
    failed: u64,
    total: u64,
}

impl Batch {
    /// `jobs` clones of the worker carry out the commands. With `fail_fast`, no command is begun after one has failed.
    pub fn new(
        worker: &Worker,
        writer: Writer,
        jobs: NonZeroUsize,
        stdout: Stdout,
        progress: Progress,
        fail_fast: bool,
    ) -> anyhow::Result<Self> {
        let (notify, notices) = channel();
        let lost = notify.clone();
        writer.on_loss(move || drop(lost.send(Notice::StoreLost)));
        let finished = notify.clone();
        let pool = WorkerPool::start(worker, jobs, move |done| drop(finished.send(Notice::Finished(Box::new(done)))))?;
        Ok(Self {
            notify,
            notices,
            writer,
            pool,
            budget: Arc::new(Budget::new(BUDGET)),
            stop_reading: Arc::default(),
            multiline: MultilineJson::default(),
            progress,
            stdout,
            fail_fast,
            ended: None,
            halt: None,
            output_error: None,
            failed: 0,
            total: 0,
        })
    }

    /// Returns what to call when a signal comes, with its number. Then no more commands are begun.
    pub fn interrupt(&self) -> impl Fn(i32) + Send + 'static {
        let notify = self.notify.clone();
        move |signal| drop(notify.send(Notice::Stopped(signal)))
    }

    /// Runs until every line that was read has its result. Returns the signal that stopped it, if one did.
    ///
    /// # Errors
    /// [`Kind::Partial`] if a command failed; [`crate::terminal::Gone`] if nobody reads the results; other failures of stdin or
    /// stdout.
    pub fn run(mut self) -> anyhow::Result<Option<i32>> {
        read_stdin(self.notify.clone(), Arc::clone(&self.budget), Arc::clone(&self.stop_reading))?;
        while !self.is_over() {
            let notice = self.notices.recv()?;
            self.handle(notice);
        }
        if self.ended.is_none() && self.output_error.is_none() {
            self.answer_the_rest();
        }
        self.progress.finish();
        self.writer.write_back_log();
        // If the store was lost, that is the cause of all other failures.
        self.writer.check()?;
        if let Some(error) = self.output_error {
            return Err(error);
        }
        if let Some(Halt::Stopped(signal)) = self.halt {
            return Ok(Some(signal));
        }
        if let Some(Err(error)) = self.ended {
            return Err(error).context("cannot read stdin");
        }
        if self.failed > 0 {
            let message = format!("{} of {} commands failed", self.failed, self.total);
            let error = Error::new(Kind::Partial, message);
            return Err(error.hint("each line with `\"ok\":false` says why, and whether repeating it can help").into());
        }
        Ok(None)
    }

    /// After a halt, answers also the lines of a pipe that were read already, or can be read without waiting.
    fn answer_the_rest(&mut self) {
        let start = Instant::now();
        while let Ok(notice) = self.notices.recv_timeout(DRAIN_WAIT) {
            self.handle(notice);
            if start.elapsed() > DRAIN_LIMIT {
                self.stop_reading.store(true, Ordering::Relaxed);
            }
        }
    }

    /// A file is read to its end even after a halt, so that each line has its answer. A pipe may never end.
    fn is_over(&self) -> bool {
        let halted = self.halt.is_some() && !self.progress.is_of_a_file();
        self.pool.is_idle() && (self.ended.is_some() || self.output_error.is_some() || halted)
    }

    fn handle(&mut self, notice: Notice) {
        match notice {
            Notice::Line(Line::Text(text, number)) => self.take(&text, number),
            Notice::Line(Line::End(result)) => self.ended = Some(result),
            Notice::Finished(finished) => {
                let Finished { ticket, line, outcome } = *finished;
                // First the result: it may be the reason to halt.
                self.answer(line, outcome);
                self.pool.finish(ticket);
            }
            Notice::Stopped(signal) => self.stop(Halt::Stopped(signal)),
            Notice::StoreLost => self.stop(Halt::StoreLost),
        }
    }

    fn take(&mut self, line: &[u8], number: u64) {
        if self.multiline.skips(line) {
            return self.release(line.len());
        }
        match (RequestLine::read(line, number), self.halt) {
            (Ok(line), None) => self.pool.submit(line),
            (Ok(line), Some(halt)) => self.answer(line, halt.outcome()),
            (Err(result), _) => self.report(&result, line.len()),
        }
    }

    fn stop(&mut self, halt: Halt) {
        let halt = *self.halt.get_or_insert(halt);
        for line in self.pool.abandon() {
            self.answer(line, halt.outcome());
        }
    }

    fn answer(&mut self, line: RequestLine, outcome: Outcome) {
        let length = line.length;
        self.report(&ResultLine::of(line, outcome), length);
    }

    fn report(&mut self, result: &ResultLine, length: usize) {
        let failed = result.outcome.result.is_err();
        self.total += 1;
        self.failed += u64::from(failed);
        if self.output_error.is_none()
            && let Err(error) = self.write(result)
        {
            self.output_error = Some(error);
            self.stop(Halt::OutputFailed);
        }
        self.release(length);
        if self.fail_fast && failed && self.halt.is_none() {
            self.stop(Halt::Failed);
        }
    }

    /// A line of this length is done.
    fn release(&self, length: usize) {
        self.budget.give_back(Budget::cost(length));
        self.progress.advance(length + 1);
    }

    fn write(&mut self, result: &ResultLine) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(result)?;
        line.push(b'\n');
        let line = Terminal::fit_for_stdout(line);
        self.progress.suspend(|| write_all(&mut self.stdout, &self.writer, &line))
    }
}

/// Writes all of a line, however long its reader takes, as long as the store is there: once it is lost, a reader that takes nothing
/// is not waited for.
fn write_all(stdout: &mut Stdout, writer: &Writer, mut rest: &[u8]) -> anyhow::Result<()> {
    let mut taken = Instant::now();
    while !rest.is_empty() {
        match stdout.write_some(rest, TICK)? {
            0 if taken.elapsed() > PATIENCE && writer.check().is_err() => return Err(Gone.into()),
            0 => {}
            written => {
                rest = &rest[written..];
                taken = Instant::now();
            }
        }
    }
    Ok(())
}

impl Halt {
    fn outcome(self) -> Outcome {
        let (kind, why) = match self {
            Self::Failed => (Kind::Failure, "an earlier command failed"),
            Self::Stopped(_) => (Kind::Failure, "interrupted"),
            Self::OutputFailed => (Kind::Failure, "the results cannot be written"),
            Self::StoreLost => (Kind::Config, "the store cannot be written"),
        };
        Outcome::not_sent(kind, why)
    }
}
