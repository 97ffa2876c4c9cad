//! The session around the user's program: starts it, reads its commands, writes results to it, restarts it, and ends it.
//!
//! ```text
//!            time is up, and it can be started
//! Pausing ───────────────────────────────────────▶ Running      The session begins here; or in Pausing, if an
//!    │     ◀───────────────────────────────────────   │         orphan of an earlier bridge has to end first.
//!    │       the program exits                        │
//!    │                                                │
//!    └─────────────────────┬──────────────────────────┘
//!                          │ a signal; the receiver has ended; the program exits, with --exit-with-child
//!                          ▼
//!                       Draining     no command begins; results of earlier ones are written
//!                          │ all results are written, or time is up
//!                          ▼
//!                       Closing      the program's stdin is closed; commands that it still writes are carried out
//!                          │ it has exited, and all is read and written; or time is up
//!                          ▼
//!                        Over
//! ```

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::child::{Child, CurrentChild, Restarts, Streams, pass_stderr};
use crate::action::{Budget, Finished, Incoming, Line, MultilineJson, RequestLine, ResultLine, WorkerPool, read_lines};
use crate::delivery::{Acknowledgements, ChildStdin, Generation, with_type};
use crate::error::{Error, Kind};
use crate::process::{Children, Orphans};
use crate::terminal::Terminal;

/// How often the session looks at the clock.
const TICK: Duration = Duration::from_millis(50);

/// How long a program may have closed its stdin before a warning. A program that is ending closes it too.
const CLOSED_STDIN: Duration = Duration::from_secs(1);

/// How many bytes of lines from the program, and of results to it, are in flight at once.
const BUDGET: usize = 16 * 1024 * 1024;

/// What a session waits for.
pub enum SessionNotice {
    /// The program wrote a line, or will write no more.
    Line(Generation, Line),
    /// The program has exited.
    Exited(Generation, ExitStatus),
    /// A command has ended.
    Finished(Box<Finished>),
    /// A signal came, or the receiver has ended.
    Stopped,
}

/// A result for the program, and the cost of its line.
struct PendingResult {
    child: Generation,
    line: Vec<u8>,
    cost: usize,
}

/// How far the session has come: see the top of the file.
#[derive(Clone, Copy)]
enum State {
    Running(Running),
    Pausing { until: Instant },
    Draining { until: Instant },
    Closing { until: Instant },
    Over,
}

/// The program that runs.
#[derive(Clone, Copy)]
struct Running {
    generation: Generation,
    since: Instant,
    stdin: Stdin,
}

/// Whether the program reads.
#[derive(Clone, Copy)]
enum Stdin {
    Open,
    Closed {
        since: Instant,
    },
    /// It is closed, and the warning was written.
    Reported,
}

/// What a session works with.
pub struct Setup {
    /// The program and its arguments.
    pub program: Vec<OsString>,
    /// Records the program, so that the next start finds it.
    pub children: Children,
    /// A program that an earlier bridge left behind: the first one waits for its end.
    pub orphans: Orphans,
    /// Whether the bridge ends with the program.
    pub exit_with_child: bool,
    /// How long each step of the end may take: the last results, the program's own end, SIGTERM's effect, the last words.
    pub grace: Duration,
    /// The program that runs now.
    pub child: CurrentChild,
    /// Carries out what the program asks for.
    pub pool: WorkerPool,
    /// The program's stdin, which the events go to as well.
    pub stdin: Arc<ChildStdin>,
    /// Where the cursor waits for the program's word.
    pub acknowledgements: Option<Arc<Acknowledgements>>,
    /// Where people read.
    pub terminal: Terminal,
}

/// One program after another, and the commands that they write.
pub struct Session {
    setup: Setup,
    name: String,
    budget: Arc<Budget>,
    notices: Sender<SessionNotice>,
    results: Sender<PendingResult>,
    /// How many results are not written yet.
    unwritten: Arc<AtomicUsize>,
    restarts: Restarts,
    /// The programs whose stdout has not ended, each with JSON that it has begun and not ended.
    open_stdouts: HashMap<Generation, MultilineJson>,
    state: State,
    failed: Option<anyhow::Error>,
    stop: Box<dyn Fn()>,
}

impl Session {
    /// Starts the program for the first time. `stop` is called once, when the end begins.
    ///
    /// # Errors
    /// When it cannot be started at all.
    pub fn new(setup: Setup, notices: Sender<SessionNotice>, stop: impl Fn() + 'static) -> anyhow::Result<Self> {
        let budget = Arc::new(Budget::new(BUDGET));
        let unwritten = Arc::new(AtomicUsize::new(0));
        let results = write_results(Arc::clone(&setup.stdin), Arc::clone(&budget), Arc::clone(&unwritten))?;
        let mut session = Self {
            name: program_name(&setup.program),
            setup,
            budget,
            notices,
            results,
            unwritten,
            restarts: Restarts::default(),
            open_stdouts: HashMap::new(),
            state: State::Pausing { until: Instant::now() },
            failed: None,
            stop: Box::new(stop),
        };
        if session.is_alone() {
            session.state = State::Running(session.start()?);
        }
        Ok(session)
    }

    /// Runs until the program, and all that it asked for, has ended.
    ///
    /// # Errors
    /// When the program failed and the bridge was to end with it.
    pub fn run(mut self, notices: &Receiver<SessionNotice>) -> anyhow::Result<()> {
        while !matches!(self.state, State::Over) {
            match notices.recv_timeout(TICK) {
                Ok(notice) => self.handle(notice),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.advance();
        }
        if !self.setup.pool.is_idle() {
            self.setup.terminal.warn("the end came before all that the program had asked for was done");
        }
        self.failed.map_or(Ok(()), Err)
    }

    fn handle(&mut self, notice: SessionNotice) {
        match notice {
            SessionNotice::Line(child, Line::Text(text, number)) => self.take(child, &text, number),
            SessionNotice::Line(child, Line::End(_)) => drop(self.open_stdouts.remove(&child)),
            SessionNotice::Exited(child, status) => self.state = self.exited(child, status),
            SessionNotice::Finished(finished) => {
                let Finished { ticket, line, outcome } = *finished;
                self.setup.pool.finish(ticket);
                let (source, length) = (line.source, line.length);
                self.answer(source, &ResultLine::of(line, outcome), length);
            }
            SessionNotice::Stopped => self.state = self.stopped(),
        }
    }

    /// Does what is due.
    fn advance(&mut self) {
        let (now, state) = (Instant::now(), self.state);
        self.state = match state {
            State::Running(program) => State::Running(self.watch_stdin(program, now)),
            State::Pausing { until } if until <= now && self.may_start(until, now) => self.start_again(),
            State::Draining { until } if until <= now || self.is_idle() => self.close(now),
            State::Closing { until } if until <= now || self.has_ended() => State::Over,
            state => state,
        };
    }
}

/// From one state to the next.
impl Session {
    fn exited(&mut self, generation: Generation, status: ExitStatus) -> State {
        self.setup.stdin.detach(generation);
        self.setup.child.set(None);
        let name = &self.name;
        match self.state {
            State::Running(_) if self.setup.exit_with_child => {
                if !status.success() {
                    self.failed = Some(Error::new(Kind::Failure, format!("`{name}` ended with {status}")).into());
                }
                self.drain()
            }
            State::Running(Running { since, .. }) => {
                let ran = since.elapsed();
                let why = format!("`{name}` ended with {status} after {}, starting it again", seconds(ran));
                self.pause(ran, &why)
            }
            State::Closing { .. } => State::Closing { until: Instant::now() + self.setup.grace },
            state => state,
        }
    }

    fn stopped(&self) -> State {
        match self.state {
            State::Running(_) | State::Pausing { .. } => self.drain(),
            state => state,
        }
    }

    fn start_again(&mut self) -> State {
        match self.start() {
            Ok(program) => {
                if program.generation > 1 {
                    self.announce_repeated_events();
                }
                State::Running(program)
            }
            Err(error) => self.pause(Duration::ZERO, &format!("{error:#}, trying again")),
        }
    }

    fn pause(&mut self, ran: Duration, why: &str) -> State {
        let pause = self.restarts.pause_after(ran);
        self.setup.terminal.warn(&format!("{why} in {}", seconds(pause)));
        State::Pausing { until: Instant::now() + pause }
    }

    fn drain(&self) -> State {
        (self.stop)();
        State::Draining { until: Instant::now() + self.setup.grace }
    }

    fn close(&self, now: Instant) -> State {
        let grace = self.setup.grace;
        self.setup.stdin.close();
        let Some(child) = self.setup.child.get() else { return State::Closing { until: now + grace } };
        thread::spawn(move || child.end(grace));
        State::Closing { until: now + 4 * grace }
    }

    /// The output of the last program is read before the next one starts: it may acknowledge events that the next one would get.
    fn may_start(&mut self, until: Instant, now: Instant) -> bool {
        (self.open_stdouts.is_empty() || until + self.setup.grace <= now) && self.is_alone()
    }

    /// Whether no program of an earlier bridge runs any more.
    fn is_alone(&mut self) -> bool {
        let terminal = self.setup.terminal;
        self.setup.orphans.have_ended(|text| terminal.warn(text))
    }

    /// Whether all that was asked for is done and told.
    fn is_idle(&self) -> bool {
        self.setup.pool.is_idle() && self.unwritten.load(Ordering::Acquire) == 0
    }

    fn has_ended(&self) -> bool {
        self.setup.child.get().is_none() && self.open_stdouts.is_empty() && self.is_idle()
    }
}

/// The program's streams.
impl Session {
    fn start(&mut self) -> anyhow::Result<Running> {
        let since = Instant::now();
        let (child, Streams { stdin, stdout, stderr }) = Child::start(&self.setup.program, &self.setup.children)?;
        self.setup.child.set(Some(Arc::clone(&child)));
        let generation = self.setup.stdin.attach(stdin);
        let (notices, budget) = (self.notices.clone(), Arc::clone(&self.budget));
        thread::Builder::new().name("commands".into()).spawn(move || {
            read_lines(stdout, &budget, |line| notices.send(SessionNotice::Line(generation, line)).is_ok());
        })?;
        let (terminal, name) = (self.setup.terminal, self.name.clone());
        thread::Builder::new().name("stderr".into()).spawn(move || {
            // Its end is the program's end, which is noticed elsewhere.
            drop(pass_stderr(stderr, |line| terminal.pass_on(&name, line)));
        })?;
        let notices = self.notices.clone();
        thread::Builder::new().name("child".into()).spawn(move || {
            // The session may have ended before.
            drop(notices.send(SessionNotice::Exited(generation, child.wait())));
        })?;
        self.open_stdouts.insert(generation, MultilineJson::default());
        Ok(Running { generation, since, stdin: Stdin::Open })
    }

    fn take(&mut self, child: Generation, text: &[u8], number: u64) {
        if self.open_stdouts.entry(child).or_default().skips(text) {
            return self.budget.give_back(Budget::cost(text.len()));
        }
        let seq = match Incoming::read(text, number) {
            Ok(Incoming::Request(line)) => {
                return self.setup.pool.submit(RequestLine { source: child, ..*line });
            }
            Ok(Incoming::Acknowledgement(seq)) => seq,
            Err(result) => return self.answer(child, &result, text.len()),
        };
        let result = match &self.setup.acknowledgements {
            Some(acknowledgements) => acknowledgements.acknowledge(seq),
            None => {
                Err(Error::usage("lines count as consumed once they are written (--ack manual changes that)").into())
            }
        };
        match result {
            Ok(()) => self.budget.give_back(Budget::cost(text.len())),
            Err(error) => self.answer(child, &ResultLine::of_acknowledgement(number, error), text.len()),
        }
    }

    fn answer(&self, child: Generation, result: &ResultLine, length: usize) {
        let mut line = with_type("result", &serde_json::to_vec(result).unwrap_or_default());
        line.push(b'\n');
        self.unwritten.fetch_add(1, Ordering::AcqRel);
        // The thread that writes them lives as long as the queue to it.
        drop(self.results.send(PendingResult { child, line, cost: Budget::cost(length) }));
    }

    /// If an event crashes the program, this shows which one.
    fn announce_repeated_events(&self) {
        if let Some(seq) = self.setup.acknowledgements.as_ref().and_then(|it| it.resumes_after()) {
            let text = format!("`{}` is started again: what follows event {seq} comes again", self.name);
            self.setup.terminal.status(&text);
        }
    }

    /// Warns if the program has closed its stdin and still runs.
    fn watch_stdin(&self, program: Running, now: Instant) -> Running {
        let stdin = match program.stdin {
            Stdin::Open if self.setup.stdin.was_closed_by(program.generation) => Stdin::Closed { since: now },
            Stdin::Closed { since } if now >= since + CLOSED_STDIN => {
                let name = &self.name;
                let text = format!("`{name}` has closed its stdin: it gets nothing more until it is started again");
                self.setup.terminal.warn(&text);
                Stdin::Reported
            }
            stdin => stdin,
        };
        Running { stdin, ..program }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn program_name(program: &[OsString]) -> String {
    let name = program.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Writes results to the program on a thread of its own, so that a program that does not read blocks nothing else.
fn write_results(
    stdin: Arc<ChildStdin>,
    budget: Arc<Budget>,
    unwritten: Arc<AtomicUsize>,
) -> anyhow::Result<Sender<PendingResult>> {
    let (results, queue) = channel::<PendingResult>();
    thread::Builder::new().name("results".into()).spawn(move || {
        for PendingResult { child, line, cost } in queue {
            // If the program has ended, its result is dropped. With a journal, it is in the answer when the command is repeated.
            stdin.write_line(child, &line, || true);
            budget.give_back(cost);
            unwritten.fetch_sub(1, Ordering::AcqRel);
        }
    })?;
    Ok(results)
}
