//! The end users that `guuru sandbox --chats` plays: how many, how they behave, and where their report goes.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use anyhow::Context as _;

use crate::command::shared::value;
use crate::error::{Error, Kind};
use crate::sandbox::{Load, Report, Sandbox};
use crate::terminal::Terminal;

/// The flags of the end users.
#[derive(Debug, clap::Args)]
pub(super) struct EndUsers {
    /// Play so many end users, report what they saw, and exit
    #[arg(long, value_name = "N", default_value_t = 0)]
    chats: u32,

    /// Chats begun in a second
    #[arg(long, value_name = "R", default_value_t = 10.0, value_parser = rate, requires = "chats")]
    rate: f64,

    /// Messages that an end user sends before the chat may be closed
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = turns, requires = "chats")]
    turns: u32,

    /// How long an end user waits for an answer, or for the close, before giving up
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = value::duration, requires = "chats")]
    patience: Duration,

    /// Write the report to this file and not to stdout
    #[arg(long, value_name = "FILE", requires = "chats")]
    report: Option<PathBuf>,
}

/// How many chats begin in a second.
fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "want a number above 0".to_owned())
}

/// How many messages an end user sends: the question at least.
fn turns(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|turns| *turns > 0).ok_or_else(|| "want a whole number above 0".to_owned())
}

impl EndUsers {
    /// Whether there are any end users to play.
    pub(super) fn is_wanted(&self) -> bool {
        self.chats > 0
    }

    /// Fails where the report would be lost: nobody reads the stdout of what runs in the background.
    pub(super) fn require_report_file(&self) -> anyhow::Result<()> {
        if self.is_wanted() && self.report.is_none() {
            let error = Error::usage("with `--background`, the report of `--chats` has nowhere to go");
            return Err(error.hint("add `--report FILE`").into());
        }
        Ok(())
    }

    /// Hands the same arguments to another process.
    pub(super) fn pass_on(&self, command: &mut Command) {
        if !self.is_wanted() {
            return;
        }
        command.args(["--chats", &self.chats.to_string(), "--rate", &self.rate.to_string()]);
        command.args(["--turns", &self.turns.to_string(), "--patience", &self.patience.as_secs_f64().to_string()]);
        if let Some(report) = &self.report {
            command.arg("--report").arg(report);
        }
    }

    /// The seed that was given, or with end users one that the report can name, so that they can be repeated.
    pub(super) fn pick_seed(&self, given: Option<u64>) -> Option<u64> {
        given.or_else(|| self.is_wanted().then(|| fastrand::u32(..).into()))
    }

    /// Opens the file of the report at the start, so that a wrong path does not fail at the end of a long run.
    pub(super) fn prepare(self, seed: Option<u64>) -> anyhow::Result<Option<Play>> {
        let Self { chats, rate, turns, patience, .. } = self;
        let Some(seed) = seed.filter(|_| chats > 0) else { return Ok(None) };
        let open = |path: PathBuf| {
            let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
            anyhow::Ok((path, file))
        };
        let file = self.report.map(open).transpose()?;
        Ok(Some(Play { load: Load { chats, rate, turns, patience, seed }, file }))
    }
}

/// The end users, ready to begin.
pub(super) struct Play {
    load: Load,
    file: Option<(PathBuf, File)>,
}

impl Play {
    /// Plays the end users to their end, or until something comes from `stopped`.
    pub(super) fn run(&self, sandbox: &Sandbox, stopped: &Receiver<()>) -> anyhow::Result<Report> {
        sandbox.play(&self.load, || stopped.try_recv().is_ok())
    }

    /// Writes the report, and fails unless every end user got what it asked for.
    pub(super) fn report(self, report: &Report, terminal: Terminal) -> anyhow::Result<()> {
        let lines = report.json_lines().context("cannot write the report as JSON")?;
        match self.file {
            Some((path, mut file)) => {
                file.write_all(lines.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
            }
            None => terminal.print(lines.as_bytes())?,
        }
        if report.is_clean() { Ok(()) } else { Err(failure(report).into()) }
    }
}

fn failure(report: &Report) -> Error {
    let (summary, tally) = (&report.summary, &report.summary.tally);
    let message = format!(
        "{} of {} chats came to their end; of {} messages {} were lost, {} doubled, {} answered out of order; \
         {} answers strayed",
        summary.done, summary.chats, tally.messages, tally.lost, tally.doubled, tally.out_of_order, tally.strayed
    );
    Error::new(Kind::Failure, message).hint(format!("`--seed {}` repeats what was said", summary.seed))
}
