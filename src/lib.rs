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
//!                command → { webhook, delivery, action, bridge, sandbox, output }     everything → model, error
//! ```
//!
//! `api`, `webhook`, `store` and `sandbox` never import each other: `command` joins them; `delivery` reads the store, and
//! forwards with the client's ideas of HTTP; `action` joins the API and the store; `bridge` joins those two with the user's
//! program. The sandbox has wire types of its own, so that a mistake in the client's cannot cancel itself out.

pub mod action;
pub mod api;
pub mod bridge;
pub mod cli;
pub mod command;
pub mod config;
pub mod context;
pub mod delivery;
pub mod error;
mod files;
mod init;
pub mod model;
pub mod output;
mod pipe;
mod process;
pub mod sandbox;
pub mod store;
pub mod terminal;
mod usage;
pub mod webhook;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches};

use crate::cli::{Cli, Command, Global};
use crate::command::completion;
use crate::context::Context;
use crate::error::Report;
use crate::output::{Format, filter};
use crate::terminal::{Gone, Terminal};

/// Runs the program with these arguments, the first being its own name, and tells its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|arg| arg == filter::ARGUMENT) {
        return filter::serve();
    }
    // Past a limit on the size of files a write is to fail, as on a full disk, and not to be the death of the program.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    if let Some(shell) = std::env::var_os(completion::VARIABLE).filter(|shell| !shell.is_empty()) {
        return completion::answer(&shell, &args);
    }
    let cli = match parse(&args) {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error, &args),
    };
    if init::is_first()
        && matches!(cli.command, Command::Listen(_) | Command::Bridge(_))
        && let Some(code) = init::run(&args)
    {
        return code;
    }
    let code = match (Context::new(&cli.global), cli.command) {
        (Ok(context), command) => {
            let result = command::check_form(&cli.global, &command).and_then(|()| command::run(&context, command));
            finish(result, &cli.global, context.settings.output)
        }
        (Err(error), command) => {
            let result = command::run_without_context(&cli.global, command, error);
            finish(result, &cli.global, cli.global.output)
        }
    };
    Terminal::flush_stderr();
    code
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
