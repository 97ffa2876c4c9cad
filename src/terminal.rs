//! stdout, stderr and what is known of the terminal behind them: the only module that touches them. stdout carries data and
//! nothing else; stderr is for people.

mod queue;

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use dialoguer::{Confirm, Password};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use rustix::fs::{OFlags, fcntl_getfl};
use secrecy::SecretString;

use self::queue::Weight;
use crate::error::{Error, Kind, Report};
use crate::model::text::{visible, visible_json};
use crate::pipe::Pipe;

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
    input: bool,
}

/// The reader of stdout has gone away. For commands that end by themselves, this is not a failure.
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
        Self { verbosity, input: true }
    }

    /// Takes the streams, and says whether somebody may be asked at all.
    #[must_use]
    pub fn with_input(self, input: bool) -> Self {
        Self { input, ..self }
    }

    /// Whether a person reads stdout.
    pub fn stdout_is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// Whether a person is at one of the streams.
    pub fn is_attended(&self) -> bool {
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
    }

    /// JSON for stdout: on a terminal, hidden characters are escaped; anywhere else it is unchanged.
    pub fn fit_for_stdout(json: Vec<u8>) -> Vec<u8> {
        if !Self::stdout_is_terminal() {
            return json;
        }
        visible_json(&String::from_utf8_lossy(&json)).into_bytes()
    }

    /// How wide a table may be, where somebody says so; otherwise it is the terminal that limits it.
    pub fn width() -> Option<u16> {
        std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0)
    }

    /// stderr for a child process. If nobody reads it any more, the child gets none: a write to it would kill the child.
    pub fn stderr_for_child() -> Stdio {
        let is_read = |stderr| !Pipe::new(stderr).is_closed();
        let stderr = io::stderr().as_fd().try_clone_to_owned();
        if stderr.is_ok_and(is_read) { Stdio::from(io::stderr()) } else { Stdio::null() }
    }

    /// From now on, a stderr that nobody reads blocks nobody: lines wait in a queue, and are dropped if it is full. For commands
    /// that run until they are stopped.
    pub fn never_wait_for_stderr() {
        queue::start();
    }

    /// Gives stderr the time to take what was said, before the process ends.
    pub fn flush_stderr() {
        queue::flush();
    }

    /// What the program is doing, for people.
    pub fn status(&self, text: &str) {
        if !self.verbosity.quiet {
            say("", "", text);
        }
    }

    /// Whether [details](Self::detail) are shown at all, for those that are dear to find out.
    pub fn shows_details(&self) -> bool {
        self.verbosity.verbose && !self.verbosity.quiet
    }

    /// What only somebody who asks for it wants to know.
    pub fn detail(&self, text: &str) {
        if self.shows_details() {
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
        write_line(Weight::Important, "\u{1b}[31m", "error: ", &visible(text));
    }

    /// What another program says on its stderr, under its name. Its tabs stay: they indent the traces of a failure.
    pub fn pass_on(&self, name: &str, line: &str) {
        let line: Vec<_> = line.split('\t').map(visible).collect();
        write_line(Weight::Waiting, "", "", &format!("{}: {}", visible(name), line.join("\t")));
    }

    /// Why the program ends: text, or one line of JSON.
    pub fn report(&self, report: &Report, json: bool) {
        if json {
            let line = serde_json::json!({ "error": report }).to_string();
            // Programs get it byte for byte.
            let line = if io::stderr().is_terminal() { visible_json(&line) } else { line };
            write_line(Weight::Important, "", "", &line);
            return;
        }
        self.error(&report.message);
        if let Some(hint) = &report.hint {
            write_line(Weight::Important, "\u{1b}[36m", "hint: ", &visible(hint));
        }
    }

    /// Whether there is somebody who can be asked, and may be.
    pub fn can_ask(&self) -> bool {
        self.input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks for a secret, which is not shown; what is left empty is empty.
    pub fn ask_hidden(&self, what: &str) -> anyhow::Result<SecretString> {
        let answer = Password::new().with_prompt(what).allow_empty_password(true).report(false).interact();
        answer.map(SecretString::from).with_context(|| format!("cannot ask for the {}", what.to_lowercase()))
    }

    /// Asks a question to be answered yes or no; without an answer it is no.
    pub fn confirm(&self, question: &str) -> anyhow::Result<bool> {
        let answer = Confirm::new().with_prompt(question).default(false).interact();
        answer.context("cannot ask")
    }

    /// The progress of a command that works off stdin.
    pub fn progress_of_stdin(&self) -> Progress {
        let stdin = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        let file = stdin.and_then(|stdin| stdin.metadata()).ok().filter(std::fs::Metadata::is_file);
        let shown = !self.verbosity.quiet && io::stderr().is_terminal();
        let bar = file
            .as_ref()
            .filter(|_| shown)
            .map(|file| ProgressBar::new(file.len()).with_style(style("{wide_bar} {percent}% {eta}")));
        Progress { bar, of_a_file: file.is_some() }
    }

    /// The progress of a command that reads a list, of which it wants `total` elements, or all.
    pub fn progress_of_list(&self, total: Option<u64>) -> Progress {
        let shown = !self.verbosity.quiet && io::stderr().is_terminal();
        let bar = shown.then(|| match total {
            Some(total) => ProgressBar::new(total).with_style(style("{wide_bar} {pos}/{len}")),
            None => ProgressBar::no_length().with_style(style("{spinner} {human_pos} read")),
        });
        // Dropped by an error, it must not stay on the screen.
        let bar = bar.map(|bar| bar.with_finish(ProgressFinish::AndClear));
        Progress { bar, of_a_file: false }
    }

    /// Gives the reader of stdout the time to take what was written, so that nothing is fetched for one that stops there.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more.
    pub fn wait_until_read(&self) -> anyhow::Result<()> {
        // A reader that waits for the end of this process before it reads must not be waited for; and `head` closes its end
        // within a fraction of the moment after its last line.
        let (patience, moment) = (Duration::from_secs(1), Duration::from_millis(20));
        if Stdout::open()?.pipe.wait_until_read(patience, moment) { Err(Gone.into()) } else { Ok(()) }
    }

    /// Writes text to stdout, its styles only where they are wanted.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more.
    pub fn print_styled(&self, text: &str) -> anyhow::Result<()> {
        match anstream::AutoStream::choice(&io::stdout()) {
            anstream::ColorChoice::Never => self.print(anstream::adapter::strip_str(text).to_string().as_bytes()),
            _ => self.print(text.as_bytes()),
        }
    }

    /// Writes data to stdout.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more.
    pub fn print(&self, data: &[u8]) -> anyhow::Result<()> {
        Stdout::open()?.write_all(data)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// How far a command has come, for people: a bar on stderr where stderr is a terminal, and, for a command that works off
/// stdin, stdin a file.
pub struct Progress {
    bar: Option<ProgressBar>,
    of_a_file: bool,
}

impl Progress {
    /// Whether stdin is a file, which has an end.
    pub fn is_of_a_file(&self) -> bool {
        self.of_a_file
    }

    /// So many more bytes, or elements, are done with.
    pub fn advance(&self, count: usize) {
        self.bar.iter().for_each(|bar| bar.inc(count as u64));
    }

    /// Writes something else while the bar is out of the way.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }
}

/// Writes a line for people, with nothing hidden in it: ids, names and arguments are often those of strangers.
fn say(style: &str, prefix: &str, text: &str) {
    write_line(Weight::Droppable, style, prefix, &visible(text));
}

fn write_line(weight: Weight, style: &str, prefix: &str, text: &str) {
    let reset = if style.is_empty() { "" } else { "\u{1b}[0m" };
    queue::say(format!("{style}{prefix}{reset}{text}\n"), weight);
}

/// stdout as a pipe whose reader may be slow, or gone.
pub struct Stdout {
    pipe: Pipe,
    /// A line feed is written before anything else is.
    in_line: bool,
}

impl Stdout {
    /// Takes stdout.
    ///
    /// # Errors
    /// When it is closed, or open for reading alone.
    pub fn open() -> anyhow::Result<Self> {
        let stdout = io::stdout();
        // A closed one is open for reading alone by now: see closed_stdout.c.
        let mode = fcntl_getfl(stdout.as_fd()).context("cannot use stdout")? & OFlags::RWMODE;
        if mode == OFlags::RDONLY {
            return Err(Error::new(Kind::Failure, "stdout is closed, or cannot be written")
                .hint("to have nothing of what is written, say so with >/dev/null")
                .into());
        }
        let descriptor = stdout.as_fd().try_clone_to_owned().context("cannot use stdout")?;
        Ok(Self { pipe: Pipe::new(descriptor), in_line: false })
    }

    /// Takes stdout for lines. Where it is a file whose last line was cut, by a full disk or a crash, the first of them begins
    /// a line of its own.
    ///
    /// # Errors
    /// When it is closed, or open for reading alone.
    pub fn open_for_lines() -> anyhow::Result<Self> {
        let mut stdout = Self::open()?;
        stdout.in_line = stdout.pipe.ends_within_line();
        Ok(stdout)
    }

    /// Writes data, however long its reader takes.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more; the system's own error for a full disk and the like.
    pub fn write_all(&mut self, data: &[u8]) -> anyhow::Result<()> {
        let mut rest = data;
        while !rest.is_empty() {
            let written = self.write_some(rest, Duration::from_secs(3600))?;
            rest = &rest[written..];
        }
        Ok(())
    }

    /// Writes the beginning of `data` and tells how much of it; 0 when the reader takes nothing for `patience`.
    ///
    /// # Errors
    /// [`Gone`] when nobody reads it any more; the system's own error for a full disk and the like.
    pub fn write_some(&mut self, data: &[u8], patience: Duration) -> anyhow::Result<usize> {
        if self.in_line {
            if self.write_piece(b"\n", patience)? == 0 {
                return Ok(0);
            }
            self.in_line = false;
        }
        self.write_piece(data, patience)
    }

    fn write_piece(&mut self, data: &[u8], patience: Duration) -> anyhow::Result<usize> {
        match self.pipe.write_some(data, patience) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Gone.into()),
            other => other.context("cannot write to stdout"),
        }
    }

    /// Whether the reader has closed the pipe, without writing anything.
    pub fn is_gone(&self) -> bool {
        self.pipe.is_closed()
    }
}
