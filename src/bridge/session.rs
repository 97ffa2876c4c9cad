//! The program's life: started, spoken to, started again, ended.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::child::{Child, Current, Restarts, Streams, pass_stderr};
use crate::action::{Budget, Commander, Finished, Incoming, Line, RequestLine, ResultLine, Spread, read_lines};
use crate::delivery::{Acknowledgements, Generation, Input, typed};
use crate::error::{Error, Kind};
use crate::process::{Children, LeftBehind};
use crate::terminal::Terminal;

/// How often the session looks at the clock.
const TICK: Duration = Duration::from_millis(50);

/// How long a program may be deaf before that is worth a word: one that dies is so for a moment.
const DEAF: Duration = Duration::from_secs(1);

/// How many bytes of lines from the program, and of results to it, are under way at once.
const BUDGET: usize = 16 * 1024 * 1024;

/// What a session waits for.
pub enum Happening {
    /// The program wrote a line, or will write no more.
    Line(Generation, Line),
    /// The program has exited.
    Exited(Generation, ExitStatus),
    /// A command has ended.
    Finished(Box<Finished>),
    /// A signal came, or the receiver has ended.
    Stopped,
}

/// A line for the program, and what it cost.
struct Parcel {
    child: Generation,
    line: Vec<u8>,
    cost: usize,
}

/// How far the session has come.
enum Phase {
    Running,
    /// The program is not running and is started again then.
    Resting(Instant),
    /// Nothing new is begun; results of what was asked are still written.
    Draining(Instant),
    /// The program's stdin is closed.
    Closing(Instant),
}

/// Whether the program reads.
enum Hearing {
    Good,
    /// It has closed its stdin.
    Lost(Instant),
    /// That was said.
    Reported,
}

/// What a session works with.
pub struct Setup {
    /// The program and its arguments.
    pub program: Vec<OsString>,
    /// Marks the program, so that the next start finds it.
    pub children: Children,
    /// A program that an earlier bridge left behind: the first one waits for its end.
    pub left_behind: LeftBehind,
    /// Whether the bridge ends with the program.
    pub exit_with_child: bool,
    /// How long each step of the end may take: the last results, the program's own end, SIGTERM's effect, the last words.
    pub grace: Duration,
    /// The program that runs now.
    pub child: Current,
    /// Carries out what the program asks for.
    pub commander: Commander,
    /// The program's stdin, which the events go to as well.
    pub input: Arc<Input>,
    /// Where the cursor waits for the program's word.
    pub acknowledgements: Option<Arc<Acknowledgements>>,
    /// Where people read.
    pub terminal: Terminal,
}

/// One program after another, and the commands that they write.
pub struct Session {
    setup: Setup,
    budget: Arc<Budget>,
    happened: Sender<Happening>,
    parcels: Sender<Parcel>,
    /// How many results are not written yet.
    unwritten: Arc<AtomicUsize>,
    restarts: Restarts,
    generation: Generation,
    /// What each program has begun to write and not ended.
    spread: HashMap<Generation, Spread>,
    started: Instant,
    hearing: Hearing,
    /// Programs whose stdout has not ended.
    talking: usize,
    phase: Phase,
    failed: Option<anyhow::Error>,
    stop: Box<dyn Fn()>,
}

impl Session {
    /// Starts the program for the first time. `stop` is called once, when the end begins.
    ///
    /// # Errors
    /// When it cannot be started at all.
    pub fn new(setup: Setup, happened: Sender<Happening>, stop: impl Fn() + 'static) -> anyhow::Result<Self> {
        let budget = Arc::new(Budget::new(BUDGET));
        let unwritten = Arc::new(AtomicUsize::new(0));
        let parcels = write_parcels(Arc::clone(&setup.input), Arc::clone(&budget), Arc::clone(&unwritten))?;
        let mut session = Self {
            setup,
            budget,
            happened,
            parcels,
            unwritten,
            restarts: Restarts::new(),
            generation: 0,
            spread: HashMap::new(),
            started: Instant::now(),
            hearing: Hearing::Good,
            talking: 0,
            phase: Phase::Running,
            failed: None,
            stop: Box::new(stop),
        };
        if session.are_alone() {
            session.start()?;
        } else {
            session.phase = Phase::Resting(Instant::now());
        }
        Ok(session)
    }

    /// Runs until the program, and all that it asked for, has ended.
    ///
    /// # Errors
    /// When the program failed and the bridge was to end with it.
    pub fn run(mut self, happenings: &Receiver<Happening>) -> anyhow::Result<()> {
        while !self.is_over() {
            match happenings.recv_timeout(TICK) {
                Ok(happening) => self.handle(happening),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.advance();
        }
        if !self.setup.commander.is_idle() {
            self.setup.terminal.warn("the end came before all that the program had asked for was done");
        }
        self.failed.map_or(Ok(()), Err)
    }

    fn handle(&mut self, happening: Happening) {
        match happening {
            Happening::Line(child, Line::Text(text, number)) => self.take(child, &text, number),
            Happening::Line(child, Line::End(_)) => {
                self.spread.remove(&child);
                self.talking -= 1;
            }
            Happening::Exited(child, status) => self.exited(child, status),
            Happening::Finished(finished) => {
                let Finished { ticket, line, outcome } = *finished;
                self.setup.commander.finish(ticket);
                let (source, length) = (line.source, line.length);
                self.answer(source, &ResultLine::of(line, outcome), length);
            }
            Happening::Stopped => self.begin_end(),
        }
    }

    fn take(&mut self, child: Generation, text: &[u8], number: u64) {
        if self.spread.entry(child).or_default().covers(text) {
            return self.budget.give_back(Budget::cost(text.len()));
        }
        let seq = match Incoming::read(text, number) {
            Ok(Incoming::Request(line)) => {
                return self.setup.commander.submit(RequestLine { source: child, ..*line });
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
        let mut line = typed("result", &serde_json::to_vec(result).unwrap_or_default());
        line.push(b'\n');
        self.unwritten.fetch_add(1, Ordering::AcqRel);
        // The thread that writes them lives as long as the queue to it.
        drop(self.parcels.send(Parcel { child, line, cost: Budget::cost(length) }));
    }

    fn start(&mut self) -> anyhow::Result<()> {
        self.started = Instant::now();
        let (child, Streams { stdin, stdout, stderr }) = Child::start(&self.setup.program, &self.setup.children)?;
        self.setup.child.set(Some(Arc::clone(&child)));
        let generation = self.setup.input.attach(stdin);
        let (happened, budget) = (self.happened.clone(), Arc::clone(&self.budget));
        thread::Builder::new().name("commands".into()).spawn(move || {
            read_lines(stdout, &budget, |line| happened.send(Happening::Line(generation, line)).is_ok());
        })?;
        let (terminal, name) = (self.setup.terminal, program_name(&self.setup.program));
        thread::Builder::new().name("stderr".into()).spawn(move || {
            // Its end is the program's end, which is noticed elsewhere.
            drop(pass_stderr(stderr, |line| terminal.pass_on(&name, line)));
        })?;
        let happened = self.happened.clone();
        thread::Builder::new().name("child".into()).spawn(move || {
            // The session may have ended before.
            drop(happened.send(Happening::Exited(generation, child.wait())));
        })?;
        self.talking += 1;
        self.generation = generation;
        self.hearing = Hearing::Good;
        self.phase = Phase::Running;
        Ok(())
    }

    fn exited(&mut self, generation: Generation, status: ExitStatus) {
        self.setup.input.detach(generation);
        self.setup.child.set(None);
        let name = program_name(&self.setup.program);
        match self.phase {
            Phase::Running if self.setup.exit_with_child => {
                if !status.success() {
                    self.failed = Some(Error::new(Kind::Failure, format!("`{name}` ended with {status}")).into());
                }
                self.begin_end();
            }
            Phase::Running => self.rest(&format!("`{name}` ended with {status}")),
            Phase::Resting(_) | Phase::Draining(_) => {}
            Phase::Closing(_) => self.phase = Phase::Closing(Instant::now() + self.setup.grace),
        }
    }

    fn rest(&mut self, why: &str) {
        let ran = self.started.elapsed();
        let pause = self.restarts.pause_after(ran);
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let text = format!("{why} after {}, starting it again in {}", seconds(ran), seconds(pause));
        self.setup.terminal.warn(&text);
        self.phase = Phase::Resting(Instant::now() + pause);
    }

    fn begin_end(&mut self) {
        if matches!(self.phase, Phase::Running | Phase::Resting(_)) {
            (self.stop)();
            self.phase = Phase::Draining(Instant::now() + self.setup.grace);
        }
    }

    /// Does what is due.
    fn advance(&mut self) {
        let (now, grace) = (Instant::now(), self.setup.grace);
        match self.phase {
            Phase::Running => self.mind_deafness(now),
            // What the last program wrote comes first: it may be the acknowledgement of what the next one would get.
            Phase::Resting(until) if until <= now && (self.talking == 0 || until + grace <= now) => {
                if !self.are_alone() {
                    return;
                }
                match self.start() {
                    Ok(()) => self.tell_what_comes_again(),
                    Err(error) => self.rest(&format!("{error:#}")),
                }
            }
            Phase::Draining(until) if until <= now || self.is_quiet() => {
                self.setup.input.close();
                let child = self.setup.child.get();
                self.phase = Phase::Closing(now + if child.is_some() { 4 * grace } else { grace });
                if let Some(child) = child {
                    thread::spawn(move || child.end(grace));
                }
            }
            _ => {}
        }
    }

    /// Whether no program of an earlier bridge runs any more.
    fn are_alone(&mut self) -> bool {
        let terminal = self.setup.terminal;
        self.setup.left_behind.have_gone(|text| terminal.warn(text))
    }

    /// Whoever has an event that crashes the program wants to know which one.
    fn tell_what_comes_again(&self) {
        if let Some(seq) = self.setup.acknowledgements.as_ref().and_then(|it| it.resumes_after()) {
            let name = program_name(&self.setup.program);
            self.setup.terminal.status(&format!("`{name}` is started again: what follows event {seq} comes again"));
        }
    }

    /// Says that the program reads no more, where it runs on all the same.
    fn mind_deafness(&mut self, now: Instant) {
        match self.hearing {
            Hearing::Good if self.setup.input.is_deaf(self.generation) => self.hearing = Hearing::Lost(now),
            Hearing::Lost(since) if now >= since + DEAF => {
                let name = program_name(&self.setup.program);
                let text = format!("`{name}` has closed its stdin: it gets nothing more until it is started again");
                self.setup.terminal.warn(&text);
                self.hearing = Hearing::Reported;
            }
            _ => {}
        }
    }

    /// Whether all that was asked for is done and told.
    fn is_quiet(&self) -> bool {
        self.setup.commander.is_idle() && self.unwritten.load(Ordering::Acquire) == 0
    }

    fn is_over(&self) -> bool {
        let Phase::Closing(until) = self.phase else { return false };
        (self.setup.child.get().is_none() && self.talking == 0 && self.is_quiet()) || until <= Instant::now()
    }
}

fn program_name(program: &[OsString]) -> String {
    let name = program.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Writes results to the program on a thread of its own: one that does not read must not stop anything else.
fn write_parcels(
    input: Arc<Input>,
    budget: Arc<Budget>,
    unwritten: Arc<AtomicUsize>,
) -> anyhow::Result<Sender<Parcel>> {
    let (parcels, queue) = channel::<Parcel>();
    thread::Builder::new().name("results".into()).spawn(move || {
        for Parcel { child, line, cost } in queue {
            // One whose program has gone is nobody's: with a journal, whoever asks again is told.
            input.write_line(child, &line, || true);
            budget.give_back(cost);
            unwritten.fetch_sub(1, Ordering::AcqRel);
        }
    })?;
    Ok(parcels)
}
