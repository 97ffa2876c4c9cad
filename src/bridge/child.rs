//! The child: a program of the user's, started again when it ends, asked to end before it is made to.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::error::{Error, Kind};
use crate::pipe::Pipe;

/// The longest line of the child's stderr that is passed on in one piece, in bytes.
const STDERR_LINE: u64 = 64 * 1024;

/// A running child.
pub struct Child {
    /// Names the process group of the child and of all that it started.
    group: Pid,
    status: Mutex<Option<ExitStatus>>,
    ended: Condvar,
}

/// The ends of a new child's streams.
pub struct Streams {
    /// To its stdin.
    pub stdin: Pipe,
    /// From its stdout.
    pub stdout: ChildStdout,
    /// From its stderr.
    pub stderr: ChildStderr,
}

impl Child {
    /// Starts a program in a process group of its own: a Ctrl-C is the bridge's to pass on.
    ///
    /// # Errors
    /// [`Kind::Usage`] when it cannot be started.
    pub fn start(program: &[OsString]) -> anyhow::Result<(Arc<Self>, Streams)> {
        let (name, args) = program.split_first().context("no program is named")?;
        let mut process = Command::new(name)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| Error::new(Kind::Usage, format!("cannot start `{}`", name.display())))?;
        let streams = match (process.stdin.take(), process.stdout.take(), process.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => Streams { stdin: Pipe::new(stdin.into()), stdout, stderr },
            _ => anyhow::bail!("`{}` has no streams", name.display()),
        };
        let group = Pid::from_raw(i32::try_from(process.id())?).context("the child has no process id")?;
        let child = Arc::new(Self { group, status: Mutex::new(None), ended: Condvar::new() });
        let waiting = Arc::clone(&child);
        thread::Builder::new().name("wait".into()).spawn(move || {
            // Waiting fails only for a process that is not ours.
            if let Ok(status) = process.wait() {
                *waiting.lock() = Some(status);
                waiting.ended.notify_all();
            }
        })?;
        Ok((child, streams))
    }

    /// Waits until it has exited.
    pub fn wait(&self) -> ExitStatus {
        let ended = self.ended.wait_while(self.lock(), |status| status.is_none());
        ended.unwrap_or_else(PoisonError::into_inner).unwrap_or_default()
    }

    /// Waits for the end of the child, whose stdin is closed; past `patience` it is sent SIGTERM, and past as much again
    /// SIGKILL.
    pub fn end(&self, patience: Duration) {
        for signal in [None, Some(Signal::TERM), Some(Signal::KILL)] {
            if let Some(signal) = signal {
                // An error means that it has just ended by itself.
                let _ = kill_process_group(self.group, signal);
            }
            if self.has_ended_within(patience) {
                return;
            }
        }
    }

    fn has_ended_within(&self, patience: Duration) -> bool {
        let waited = self.ended.wait_timeout_while(self.lock(), patience, |status| status.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<ExitStatus>> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait before a child is started again: doubled each time, and from the beginning once one has run well.
#[derive(Debug)]
pub struct Restarts {
    started: Instant,
    pause: Duration,
}

impl Restarts {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(60);

    /// No child has ended yet; one starts now.
    pub fn new() -> Self {
        Self { started: Instant::now(), pause: Self::FIRST }
    }

    /// A child starts now.
    pub fn started(&mut self) {
        self.started = Instant::now();
    }

    /// How long the child that has ended ran, and how long to wait before the next.
    pub fn ended(&mut self) -> (Duration, Duration) {
        let ran = self.started.elapsed();
        if ran > Self::LONGEST {
            self.pause = Self::FIRST;
        }
        let pause = self.pause;
        self.pause = (pause * 2).min(Self::LONGEST);
        (ran, pause)
    }
}

impl Default for Restarts {
    fn default() -> Self {
        Self::new()
    }
}

/// Hands on what the child says on stderr, line by line, until its end.
pub fn pass_stderr(stderr: impl Read, mut line: impl FnMut(&str)) -> io::Result<()> {
    let mut stderr = BufReader::new(stderr);
    let mut bytes = Vec::new();
    while stderr.by_ref().take(STDERR_LINE).read_until(b'\n', &mut bytes)? > 0 {
        line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
    Ok(())
}
