//! `guuru batch`: commands on stdin, one result for each on stdout.

use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

use super::act::RequestArgs;
use super::{signals, value};
use crate::api::Client;
use crate::bridge::{Answer, Budget, Commander, Finished, Line, Outcome, Request, Spread, Worker, read_lines};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output;
use crate::store::{OpenCommand, Shared, Writer};
use crate::terminal::{Progress, Stdout, Terminal};

/// How many bytes of lines are under way at once.
const BUDGET: usize = 16 * 1024 * 1024;

/// How long the end waits for a line that was being read when everything was stopped.
const LAST_LOOK: Duration = Duration::from_millis(20);

/// How long it goes on while there always is another one: what wrote them into a pipe may never end.
const LAST_LOOKS: Duration = Duration::from_secs(1);

/// Carry out commands from stdin, one JSON object a line, and write one result a line
///
/// Commands on one chat run in the order given, those on different chats side by side; results are written as they finish.
/// The exit code is 7 when a command failed. With --journal the same input can be given again after any crash: a command
/// whose `ref` is done is answered from the journal and not sent again. The lines are described by `guuru schema lines`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  echo '{\"ref\":\"1\",\"op\":\"closeChat\",\"chatId\":\"c-1\"}' | guuru batch --journal"
)]
pub struct Args {
    /// Commands in flight at once
    #[arg(long, value_name = "N", default_value = "8")]
    jobs: NonZeroUsize,

    /// Begin nothing more once a command has failed
    #[arg(long)]
    fail_fast: bool,

    #[command(flatten)]
    journal: JournalArgs,

    /// With --journal: list the commands whose outcome nobody knows, and carry out nothing
    #[arg(long, requires = "journal")]
    status: bool,

    #[command(flatten)]
    request: RequestArgs,
}

impl Args {
    /// Whether it is a list that is wanted, and nothing is carried out.
    pub(super) fn shows_status(&self) -> bool {
        self.status
    }
}

/// The flags of commands that keep a journal.
#[derive(Debug, clap::Args)]
pub(super) struct JournalArgs {
    /// Keep each command under its `ref`, so that repeating it sends nothing twice
    #[arg(long)]
    journal: bool,

    /// With --journal: your word that no request takes effect later than this after it was sent
    ///
    /// A message whose answer was lost, and that is not in its chat by then, is sent again when its `ref` is repeated. Without
    /// this it stays unknown, as nobody can tell how late a platform may still carry out what it got.
    #[arg(long, value_name = "TIME", requires = "journal", value_parser = value::duration)]
    settle_after: Option<Duration>,
}

/// The commands whose outcome nobody knows.
#[derive(Serialize)]
#[serde(transparent)]
struct Status(Vec<OpenCommand>);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["REF", "OPERATION", "CHAT", "BEGUN"]);
        for open in &self.0 {
            let chat = open.chat_id.as_deref().unwrap_or_default();
            table.add_row([&open.reference, &open.op, chat, &open.started_at].map(output::visible));
        }
        write!(f, "{table}")
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    if args.status {
        return context.print(&Status(context.store()?.open_commands()?));
    }
    context.without_filter()?;
    let stdout = Stdout::open_for_lines()?;
    let (happened, happenings) = channel();
    let client = args.request.client(context)?;
    let writer = context.writer()?;
    let workers = workers(context, &client, &writer, args.jobs, &args.journal)?;
    let finished = happened.clone();
    let commander = Commander::start(workers, move |done| drop(finished.send(Happening::Finished(Box::new(done)))))?;
    let (interrupted, terminal) = (happened.clone(), context.terminal);
    signals::on_stop(move |signal| {
        terminal.status("stopping: only what is in flight is waited for; a second signal ends it at once");
        client.hurry();
        drop(interrupted.send(Happening::Stopped(signal)));
    })?;
    let lost = happened.clone();
    writer.on_loss(move || drop(lost.send(Happening::Lost)));
    let budget = Arc::new(Budget::new(BUDGET));
    let enough = Arc::new(AtomicBool::new(false));
    read_stdin(happened, Arc::clone(&budget), Arc::clone(&enough))?;
    let batch = Batch {
        writer,
        commander,
        budget,
        enough,
        spread: Spread::default(),
        progress: context.terminal.progress_of_stdin(),
        stdout,
        fail_fast: args.fail_fast,
        ended: None,
        halt: None,
        unheard: None,
        failed: 0,
        total: 0,
    };
    batch.run(&happenings)
}

/// Workers with the store and the settings in force.
pub(super) fn workers(
    context: &Context,
    client: &Client,
    writer: &Writer,
    jobs: NonZeroUsize,
    journal: &JournalArgs,
) -> anyhow::Result<Vec<Worker>> {
    let store = Shared::new(writer.clone())?;
    let terminal = context.terminal;
    let worker = |_| Worker {
        client: client.clone(),
        store: store.clone(),
        journal: journal.journal,
        settle_after: journal.settle_after,
        warn: Box::new(move |text: &str| terminal.warn(text)),
    };
    Ok((0..jobs.get()).map(worker).collect())
}

/// What the batch waits for.
enum Happening {
    Line(Line),
    Finished(Box<Finished>),
    Stopped(i32),
    /// The store is lost to this process.
    Lost,
}

/// Reads stdin on a thread of its own: a read that waits must not keep results from being written.
fn read_stdin(happened: Sender<Happening>, budget: Arc<Budget>, enough: Arc<AtomicBool>) -> anyhow::Result<()> {
    thread::Builder::new().name("stdin".into()).spawn(move || {
        read_lines(io::stdin(), &budget, |line| {
            happened.send(Happening::Line(line)).is_ok() && !enough.load(Ordering::Relaxed)
        });
    })?;
    Ok(())
}

/// Why nothing more is begun, although there is more.
#[derive(Clone, Copy)]
enum Halt {
    /// A command failed, with --fail-fast.
    Failed,
    /// A signal came.
    Stopped(i32),
    /// Nobody would hear of what came of it.
    Unheard,
    /// Nothing can be kept of it.
    Lost,
}

struct Batch {
    writer: Writer,
    commander: Commander,
    budget: Arc<Budget>,
    /// Nothing more need be read.
    enough: Arc<AtomicBool>,
    spread: Spread,
    progress: Progress,
    stdout: Stdout,
    fail_fast: bool,
    /// All lines were read, or cannot be.
    ended: Option<io::Result<()>>,
    halt: Option<Halt>,
    /// Nobody reads the results any more, or they cannot be written.
    unheard: Option<anyhow::Error>,
    failed: u64,
    total: u64,
}

impl Batch {
    fn run(mut self, happenings: &Receiver<Happening>) -> anyhow::Result<()> {
        while !self.is_over() {
            self.handle(happenings.recv()?);
        }
        if self.ended.is_none() && self.unheard.is_none() {
            self.answer_the_rest(happenings);
        }
        self.progress.finish();
        self.writer.settle();
        if let Some(error) = self.unheard {
            return Err(error);
        }
        if let Some(Halt::Stopped(signal)) = self.halt {
            // All that was begun has been answered: now die of the signal, as a shell expects.
            signals::die_of(signal)?;
        }
        self.writer.check()?;
        if let Some(Err(error)) = self.ended {
            return Err(error).context("cannot read stdin");
        }
        if self.failed > 0 {
            let message = format!("{} of {} commands failed", self.failed, self.total);
            let error = Error::new(Kind::Partial, message);
            return Err(error.hint("each line with `\"ok\":false` says why, and whether repeating it can help").into());
        }
        Ok(())
    }

    /// After a halt, what was read from a pipe is answered too, and what can be read without waiting for it.
    fn answer_the_rest(&mut self, happenings: &Receiver<Happening>) {
        let start = Instant::now();
        while let Ok(happening) = happenings.recv_timeout(LAST_LOOK) {
            self.handle(happening);
            if start.elapsed() > LAST_LOOKS {
                self.enough.store(true, Ordering::Relaxed);
            }
        }
    }

    /// A file is read to its end even after a halt, so that each of its lines has its answer; a pipe may never end.
    fn is_over(&self) -> bool {
        let halted = self.halt.is_some() && !self.progress.is_of_a_file();
        self.commander.is_idle() && (self.ended.is_some() || self.unheard.is_some() || halted)
    }

    fn handle(&mut self, happening: Happening) {
        match happening {
            Happening::Line(Line::Text(text, number)) => self.take(&text, number),
            Happening::Line(Line::End(result)) => self.ended = Some(result),
            Happening::Finished(finished) => {
                // First the answer: it may be the reason to begin nothing more.
                self.answer(&Answer::to(&finished.request, finished.outcome.clone()), finished.request.length);
                self.commander.finish(&finished);
            }
            Happening::Stopped(signal) => self.stop(Halt::Stopped(signal)),
            Happening::Lost => self.stop(Halt::Lost),
        }
    }

    fn take(&mut self, line: &[u8], number: u64) {
        if self.spread.covers(line) {
            return self.done_with(line.len());
        }
        match (Request::read(line, number), self.halt) {
            (Ok(request), None) => self.commander.submit(request),
            (Ok(request), Some(halt)) => self.answer(&Answer::to(&request, halt.outcome()), line.len()),
            (Err(answer), _) => self.answer(&answer, line.len()),
        }
    }

    fn stop(&mut self, halt: Halt) {
        let halt = *self.halt.get_or_insert(halt);
        for request in self.commander.abandon() {
            self.answer(&Answer::to(&request, halt.outcome()), request.length);
        }
    }

    fn answer(&mut self, answer: &Answer, length: usize) {
        self.total += 1;
        self.failed += u64::from(!answer.outcome.ok);
        if self.unheard.is_none()
            && let Err(error) = self.write(answer)
        {
            self.unheard = Some(error);
            self.stop(Halt::Unheard);
        }
        self.done_with(length);
        if self.fail_fast && !answer.outcome.ok && self.halt.is_none() {
            self.stop(Halt::Failed);
        }
    }

    /// A line of this length is under way no more.
    fn done_with(&self, length: usize) {
        self.budget.give_back(Budget::cost(length));
        self.progress.advance(length + 1);
    }

    fn write(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(answer)?;
        line.push(b'\n');
        let line = Terminal::json_for_stdout(line);
        self.progress.suspend(|| self.stdout.write_all(&line))
    }
}

impl Halt {
    fn outcome(self) -> Outcome {
        let (kind, why) = match self {
            Self::Failed => (Kind::Failure, "an earlier command failed"),
            Self::Stopped(_) => (Kind::Failure, "interrupted"),
            Self::Unheard => (Kind::Failure, "the results cannot be written"),
            Self::Lost => (Kind::Config, "the store cannot be written"),
        };
        Outcome::not_sent(kind, why)
    }
}
