//! `--exec`: runs a shell command for each event, with the event's line on stdin. A command may ignore its stdin, hang, or leave
//! processes behind. Whatever it does, its lane gets a verdict, and no other lane waits for it.

use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use rustix::process::Pid;

use super::Verdict;
use crate::error::Error;
use crate::model::Event;
use crate::pipe::Pipe;
use crate::process::{self, ChildFile, Children, Termination};
use crate::terminal::Terminal;

/// Tried again later (`EX_TEMPFAIL` of sysexits.h).
const TEMPFAIL: i32 = 75;

/// How often a running command is looked at: often at first, as most end soon.
const SHORTEST_POLL: Duration = Duration::from_micros(500);
const LONGEST_POLL: Duration = Duration::from_millis(10);

/// How long a command may take to end after SIGTERM.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// Runs a command for each event.
#[derive(Debug)]
pub struct Exec {
    command: String,
    timeout: Duration,
    terminating: AtomicBool,
    /// Where the next start finds those that it must wait for.
    children: Option<Children>,
}

impl Exec {
    /// Runs `sh -c command`, each time no longer than `timeout`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] when the shell cannot read the command.
    pub fn new(command: &str, timeout: Duration) -> anyhow::Result<Self> {
        let check = Command::new("sh").args(["-n", "-c", command]).stdin(Stdio::null()).output();
        let check = check.context(Error::config("cannot run sh"))?;
        if !check.status.success() {
            let reason = String::from_utf8_lossy(&check.stderr);
            let message = format!("the shell cannot read the command of --exec: {}", reason.trim());
            return Err(Error::usage(message).hint("try it with sh -n -c").into());
        }
        Ok(Self { command: command.to_owned(), timeout, terminating: AtomicBool::new(false), children: None })
    }

    /// Records the running commands in `children` from now on.
    pub(super) fn track(&mut self, children: Children) {
        self.children = Some(children);
    }

    /// Runs the command for this event.
    pub(super) fn run(&self, event: &Event) -> Verdict {
        let mut line = Vec::new();
        if let Err(error) = event.write_line(&mut line) {
            return Verdict::Failed(format!("it cannot be written: {error:#}"));
        }
        match self.spawn(event) {
            Ok((child, _file)) => {
                self.feed_and_wait(child, &line).unwrap_or_else(|error| Verdict::later(error.to_string()))
            }
            // The event does not fit into the environment, and never will.
            Err(error) if matches!(error.kind(), ErrorKind::ArgumentListTooLong | ErrorKind::InvalidInput) => {
                Verdict::Failed(format!("cannot start the command: {error}"))
            }
            Err(error) => Verdict::later(format!("cannot start the command: {error}")),
        }
    }

    /// Makes whatever runs end soon.
    pub(super) fn terminate(&self) {
        self.terminating.store(true, Ordering::Release);
    }

    fn spawn(&self, event: &Event) -> io::Result<(Child, Option<ChildFile>)> {
        let mut command = process::command("sh");
        command
            .args(["-c", &self.command])
            .env("GUURU_EVENT", &event.event)
            .env("GUURU_ID", event.id.as_deref().unwrap_or_default())
            .env("GUURU_CHAT_ID", event.chat_id.as_deref().unwrap_or_default())
            .env("GUURU_SEQ", event.seq.to_string())
            .stdin(Stdio::piped())
            .stdout(Terminal::stderr_for_child())
            .stderr(Terminal::stderr_for_child());
        match &self.children {
            Some(children) => {
                children.start(&event.seq.to_string(), &mut command).map(|(child, file)| (child, Some(file)))
            }
            None => Ok((command.spawn()?, None)),
        }
    }

    /// Feeds the child and waits for its end, with signals where it takes too long.
    fn feed_and_wait(&self, mut child: Child, line: &[u8]) -> io::Result<Verdict> {
        let mut feed = child.stdin.take().map(|stdin| StdinFeed { stdin: Pipe::new(stdin.into()), rest: line });
        let mut termination = Termination::after(self.timeout, GRACE);
        let mut told: Option<String> = None;
        let mut pause = SHORTEST_POLL;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(verdict(status, told));
            }
            let stops = self.terminating.load(Ordering::Acquire);
            if stops {
                termination.start_now();
            }
            if let Some(step) = termination.step() {
                // It was not waited for yet, so its id belongs to no other process.
                step.apply(Pid::from_child(&child));
                told.get_or_insert_with(|| {
                    if stops { "the program stops".to_owned() } else { format!("no end within {:?}", self.timeout) }
                });
            }
            match &mut feed {
                Some(some) => {
                    if some.write(pause)? {
                        feed = None;
                    }
                }
                None => thread::sleep(pause),
            }
            pause = (pause * 2).min(LONGEST_POLL);
        }
    }
}

/// The verdict on a command that ended with this status. `told` says why it was told to end, if it was.
fn verdict(status: ExitStatus, told: Option<String>) -> Verdict {
    match (status.code(), told) {
        (Some(0), _) => Verdict::Done,
        (_, Some(reason)) => Verdict::later(reason),
        (Some(TEMPFAIL), _) => Verdict::later("exit code 75"),
        (Some(126), _) => Verdict::Failed("exit code 126: the command cannot be executed".to_owned()),
        (Some(127), _) => Verdict::Failed("exit code 127: the command was not found".to_owned()),
        (Some(code), _) => Verdict::Failed(format!("exit code {code}")),
        (None, _) => Verdict::Failed(format!("killed by signal {}", status.signal().unwrap_or_default())),
    }
}

/// A line that is written to a command, which may not read it.
struct StdinFeed<'a> {
    stdin: Pipe,
    rest: &'a [u8],
}

impl StdinFeed<'_> {
    /// Writes as much as the pipe takes, and waits at most `patience` for that. Returns whether it is done, or the command reads no
    /// more.
    fn write(&mut self, patience: Duration) -> io::Result<bool> {
        match self.stdin.write_some(self.rest, patience) {
            Ok(written) => self.rest = &self.rest[written..],
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(true),
            Err(error) => return Err(error),
        }
        Ok(self.rest.is_empty())
    }
}
