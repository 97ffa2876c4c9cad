//! `guuru` lets a company answer its GUURU chats from whatever tool its agents already use.
//!
//! The platform's side is two APIs: webhooks that tell what happens in a chat, and GraphQL mutations that act in it. The
//! program makes both usable from a shell: a subcommand for each mutation, and `guuru listen`, which writes each verified
//! event as one line of JSON. What it promises: an event that got a 200 is never lost, an answer is never sent twice, and
//! a script can tell what happened.
//!
//! The rooms, and who may enter which:
//!
//! ```text
//! main → cli → command → context → { config, api, store, terminal }
//!                command → { webhook, delivery, bridge, sandbox, output }     everything → model, error
//! ```
//!
//! `api`, `webhook`, `store` and `sandbox` never import each other: `command` joins them; `delivery` reads the store, and
//! forwards with the client's ideas of HTTP; `bridge` joins the API and the store. The sandbox has wire types of its own, so that a mistake in the client's cannot cancel itself out.

pub mod api;
pub mod bridge;
pub mod cli;
pub mod command;
pub mod config;
pub mod context;
pub mod delivery;
pub mod error;
pub mod model;
pub mod output;
mod pipe;
pub mod sandbox;
pub mod store;
pub mod terminal;
pub mod webhook;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, ValueEnum};

use crate::cli::{Cli, Global};
use crate::command::{completion, doctor};
use crate::context::Context;
use crate::error::{Error, Kind, Report};
use crate::output::Format;
use crate::terminal::{Gone, Terminal, Verbosity};

/// Runs the program with these arguments, the first being its own name, and tells its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(shell) = std::env::var_os(completion::VARIABLE).filter(|shell| !shell.is_empty()) {
        return completion::answer(&shell, &args);
    }
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &args),
    };
    match Context::new(&cli.global) {
        Ok(context) => finish(command::run(&context, cli.command), &cli.global, context.settings.output),
        Err(error) if matches!(cli.command, cli::Command::Doctor(_)) && error::kind(&error) == Kind::Config => {
            finish(doctor::run_without_context(&cli.global, &error), &cli.global, cli.global.output)
        }
        Err(error) => finish(Err(error), &cli.global, cli.global.output),
    }
}

/// The command line as it is understood here.
fn command_line() -> clap::Command {
    // Compose files and CI set what they have no value for to nothing: that is as good as not set.
    Cli::command().mut_args(|arg| match arg.get_env() {
        Some(name) if std::env::var_os(name).is_some_and(|value| value.is_empty()) => arg.env(None::<&str>),
        _ => arg,
    })
}

fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command_line().try_get_matches_from(args)?;
    let cli = Cli::from_arg_matches(&matches)?;
    Ok(Cli { global: cli.global.seen_in(&matches), ..cli })
}

fn finish(result: anyhow::Result<()>, global: &Global, output: Option<Format>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Gone>() => ExitCode::SUCCESS,
        Err(error) => fail(Terminal::new(global.verbosity(), global.color), &error, output),
    }
}

fn fail(terminal: Terminal, error: &anyhow::Error, output: Option<Format>) -> ExitCode {
    let report = Report::from(error);
    terminal.report(&report, matches!(output, Some(Format::Json | Format::Jsonl)));
    ExitCode::from(report.exit_code)
}

/// Help and version go to stdout and are no error; anything else that clap has to say is one.
fn usage(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let terminal = Terminal::new(Verbosity::default(), wanted(args, ["--color"]).unwrap_or_default());
    let variable = || std::env::var("GUURU_OUTPUT").ok().and_then(|value| Format::from_str(&value, false).ok());
    let output = wanted(args, ["--output", "-o"]).or_else(variable);
    if error.use_stderr() && matches!(output, Some(Format::Json | Format::Jsonl)) {
        return fail(terminal, &told(error).into(), output);
    }
    match error.print() {
        _ if error.use_stderr() => ExitCode::from(Kind::Usage.exit_code()),
        // A reader of the help who has gone away has seen enough.
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            fail(terminal, &anyhow::Error::from(cause).context("cannot write to stdout"), output)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What clap says, without its layout: the first paragraph is the error, a tip the hint.
fn told(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim);
    let message: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let hint = lines.find_map(|line| line.strip_prefix("tip: ")).unwrap_or("see --help");
    Error::usage(message.join(" ").trim_start_matches("error: ")).hint(hint)
}

/// What a flag asks for, where the arguments could not be parsed.
fn wanted<T: ValueEnum, const N: usize>(args: &[OsString], names: [&str; N]) -> Option<T> {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let read = |value: &str| T::from_str(value.trim_start_matches('='), false).ok();
    args.iter().enumerate().find_map(|(place, arg)| {
        let rest = names.iter().find_map(|name| arg.strip_prefix(name))?;
        if rest.is_empty() { args.get(place + 1).and_then(|value| read(value)) } else { read(rest) }
    })
}
