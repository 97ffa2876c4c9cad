//! The child: the user's program. It is started again when it ends, and is asked to end before it is killed.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{ChildStderr, ChildStdout, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use rustix::fs::{Access, access};
use rustix::io::Errno;
use rustix::process::{Pid, Signal};

use crate::error::Error;
use crate::pipe::Pipe;
use crate::process::{self, Children, Step, Termination};

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
    /// Whether there is such a program to start.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] where there is none, or it cannot be executed.
    pub fn check(program: &[OsString]) -> anyhow::Result<()> {
        let name = program.first().context("no program is named")?;
        // Without a PATH the system looks here.
        let folders = env::var_os("PATH").unwrap_or_else(|| "/bin:/usr/bin".into());
        let places: Vec<PathBuf> = if name.as_bytes().contains(&b'/') {
            vec![name.into()]
        } else {
            env::split_paths(&folders).map(|folder| folder.join(name)).collect()
        };
        if places.iter().any(|path| path.is_file() && access(path, Access::EXEC_OK).is_ok()) {
            return Ok(());
        }
        let there = places.iter().any(|path| path.exists());
        Err(io::Error::from(if there { Errno::ACCESS } else { Errno::NOENT })).with_context(|| cannot_start(name))
    }

    /// Starts a program in a process group of its own, so that Ctrl-C reaches only the bridge. It is recorded among the children.
    ///
    /// # Errors
    /// [`crate::error::Kind::Usage`] when it cannot be started.
    pub fn start(program: &[OsString], children: &Children) -> anyhow::Result<(Arc<Self>, Streams)> {
        let (name, args) = program.split_first().context("no program is named")?;
        let mut command = process::command(name);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut process, file) = children.start("program", &mut command).with_context(|| cannot_start(name))?;
        let streams = match (process.stdin.take(), process.stdout.take(), process.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => Streams { stdin: Pipe::new(stdin.into()), stdout, stderr },
            _ => anyhow::bail!("`{}` has no streams", name.display()),
        };
        let group = Pid::from_raw(i32::try_from(process.id())?).context("the child has no process id")?;
        let child = Arc::new(Self { group, status: Mutex::new(None), ended: Condvar::new() });
        let waiting = Arc::clone(&child);
        thread::Builder::new().name("wait".into()).spawn(move || {
            // Waiting fails only for a process that is not our child.
            if let Ok(status) = process.wait() {
                drop(file);
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

    /// Waits for the end of the child, whose stdin is closed. After `grace` it gets SIGTERM, and after the same time again SIGKILL.
    pub fn end(&self, grace: Duration) {
        let mut termination = Termination::after(grace, grace);
        while !self.has_ended_within(termination.remaining()) {
            match termination.step() {
                Some(Step::GiveUp) => return,
                Some(step) => step.apply(self.group),
                None => {}
            }
        }
    }

    /// Kills it, and all that it started, at once.
    pub fn kill(&self) {
        // One that has ended is left alone: its id may be another's by now.
        if self.lock().is_none() {
            process::signal(self.group, Signal::KILL);
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

fn cannot_start(name: &OsStr) -> Error {
    Error::usage(format!("cannot start `{}`", name.display()))
        .hint("name a program that is on the PATH and can be executed, or its path, such as ./agent.py")
}

/// The child that runs now, for those who may have to end it.
#[derive(Clone, Default)]
pub struct CurrentChild(Arc<Mutex<Option<Arc<Child>>>>);

impl CurrentChild {
    /// From now on it is this one.
    pub fn set(&self, child: Option<Arc<Child>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = child;
    }

    /// The child, where one runs.
    pub fn get(&self) -> Option<Arc<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Kills it where there is one.
    pub fn kill(&self) {
        if let Some(child) = self.get() {
            child.kill();
        }
    }
}

/// How long to wait before a child is started again. The wait doubles each time, and starts anew after a child that ran long
/// enough.
pub(super) struct Restarts(ExponentialBackoff);

impl Default for Restarts {
    fn default() -> Self {
        let pauses = ExponentialBuilder::new().with_min_delay(Duration::from_millis(500)).with_max_delay(Self::LONGEST);
        Self(pauses.without_max_times().build())
    }
}

impl Restarts {
    const LONGEST: Duration = Duration::from_secs(60);
    /// A child that ran this long did not fail at its start.
    const GOOD_RUN: Duration = Duration::from_secs(10);

    /// How long to wait after a child that ran for this long.
    pub(super) fn pause_after(&mut self, ran: Duration) -> Duration {
        if ran >= Self::GOOD_RUN {
            *self = Self::default();
        }
        self.0.next().unwrap_or(Self::LONGEST)
    }
}

/// Hands on what the child says on stderr, line by line, until its end.
pub(super) fn pass_stderr(stderr: impl Read, mut line: impl FnMut(&str)) -> io::Result<()> {
    let mut stderr = BufReader::new(stderr);
    let mut bytes = Vec::new();
    while stderr.by_ref().take(STDERR_LINE).read_until(b'\n', &mut bytes)? > 0 {
        line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute_and_begin_anew_after_a_child_that_ran_well() {
        let mut restarts = Restarts::default();
        let mut pauses = |seconds| restarts.pause_after(Duration::from_secs(seconds)).as_millis();
        let doubled = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
        assert_eq!([0, 1, 9, 0, 0, 0, 0, 0, 0].map(&mut pauses), doubled);
        assert_eq!([10, 0].map(&mut pauses), [500, 1000]);
    }
}
