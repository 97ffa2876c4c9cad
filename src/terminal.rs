//! stdout, stderr and what is known of the terminal behind them: the only module that touches them. stdout carries data and
//! nothing else; stderr is for people.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::Report;

/// When to colour what people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set; anywhere where `CLICOLOR_FORCE` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much stderr says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verbosity {
    /// Errors alone.
    pub quiet: bool,
    /// Details too.
    pub verbose: bool,
}

/// The streams of this process.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    verbosity: Verbosity,
}

/// The consumer of stdout has gone away. One-shot commands take it for an end, not for a failure.
#[derive(Debug)]
pub struct Gone;

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the reader of stdout has gone")
    }
}

impl std::error::Error for Gone {}

impl Terminal {
    /// Takes the streams as the flags want them.
    pub fn new(verbosity: Verbosity, color: Color) -> Self {
        match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::AlwaysAnsi,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self { verbosity }
    }

    /// Whether a person reads stdout.
    pub fn stdout_is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// stderr, for a child process to write to.
    pub fn stderr_for_child() -> Stdio {
        Stdio::from(io::stderr())
    }

    /// What the program is doing, for people.
    pub fn status(&self, text: &str) {
        if !self.verbosity.quiet {
            say("", "", text);
        }
    }

    /// What only somebody who asks for it wants to know.
    pub fn detail(&self, text: &str) {
        if self.verbosity.verbose && !self.verbosity.quiet {
            say("", "", text);
        }
    }

    /// Something is not as it should be, and the program goes on.
    pub fn warn(&self, text: &str) {
        if !self.verbosity.quiet {
            say("\u{1b}[33m", "warning: ", text);
        }
    }

    /// Something failed that is not the end of the program.
    pub fn error(&self, text: &str) {
        say("\u{1b}[31m", "error: ", text);
    }

    /// Why the program ends: text, or one line of JSON.
    pub fn report(&self, report: &Report, json: bool) {
        if json {
            say("", "", &serde_json::json!({ "error": report }).to_string());
            return;
        }
        self.error(&report.message);
        if let Some(hint) = &report.hint {
            say("\u{1b}[36m", "hint: ", hint);
        }
    }

    /// Writes data to stdout.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more.
    pub fn print(&self, data: &[u8]) -> anyhow::Result<()> {
        let mut stdout = Stdout::open()?;
        let mut rest = data;
        while !rest.is_empty() {
            let written = stdout.write_some(rest, Duration::from_secs(3600))?;
            rest = &rest[written..];
        }
        Ok(())
    }
}

fn say(style: &str, prefix: &str, text: &str) {
    let reset = if style.is_empty() { "" } else { "\u{1b}[0m" };
    // One write for each line, so that lines of several threads do not mix. A closed stderr is nobody's loss.
    drop(anstream::stderr().lock().write_all(format!("{style}{prefix}{reset}{text}\n").as_bytes()));
}

/// stdout, unbuffered, written in pieces that a pipe takes at once: a reader that does not read never blocks the writer
/// for longer than it wants to wait.
pub struct Stdout(File);

impl Stdout {
    /// What a pipe takes without blocking when it can take anything (POSIX: at least 512; Linux: 4096).
    const PIECE: usize = 4096;

    /// Takes stdout.
    pub fn open() -> anyhow::Result<Self> {
        let descriptor = io::stdout().as_fd().try_clone_to_owned().context("cannot use stdout")?;
        Ok(Self(File::from(descriptor)))
    }

    /// Writes the beginning of `data` and tells how much of it; 0 when the reader takes nothing for `patience`.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more; the system's own error for a full disk and the like.
    pub fn write_some(&mut self, data: &[u8], patience: Duration) -> anyhow::Result<usize> {
        if self.wait(PollFlags::OUT, patience)?.is_empty() {
            return Ok(0);
        }
        match self.0.write(&data[..data.len().min(Self::PIECE)]) {
            Ok(written) => Ok(written),
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Ok(0),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Gone.into()),
            Err(error) => Err(error).context("cannot write to stdout"),
        }
    }

    /// Whether the reader of the pipe has closed it, without writing anything.
    pub fn is_gone(&self) -> bool {
        self.wait(PollFlags::empty(), Duration::ZERO).is_ok_and(|events| events.contains(PollFlags::ERR))
    }

    fn wait(&self, events: PollFlags, patience: Duration) -> anyhow::Result<PollFlags> {
        let mut descriptors = [PollFd::new(&self.0, events)];
        let timeout = Timespec::try_from(patience).context("too long a time to wait")?;
        match poll(&mut descriptors, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(descriptors[0].revents()),
            Err(error) => Err(error).context("cannot wait for stdout"),
        }
    }
}
