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
//! No room imports one that imports it, directly or through others, and `api`, `webhook`, `store` and `sandbox` never import each
//! other: `command` joins them; `delivery` reads the store, and forwards with the client's ideas of HTTP; `action` joins the API and
//! the store; `bridge` joins those two with the user's program. tests/reference/rooms.rs holds the code to that. The sandbox has
//! wire types of its own, so that a mistake in the client's cannot cancel itself out.

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

use clap::CommandFactory;

use crate::cli::Cli;
use crate::command::{Command, completion};
use crate::context::{Context, Given};
use crate::output::filter;
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
        let line = completion::CommandLine { parser: Cli::parser, settings: Cli::settings };
        return completion::answer(&shell, &args, line);
    }
    let Cli { global, command } = match Cli::read(&args) {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error, &args),
    };
    if init::is_first()
        && matches!(command, Command::Listen(_) | Command::Bridge(_))
        && let Some(code) = init::run(&args)
    {
        return code;
    }
    let code = carry_out(&global.given(), command);
    Terminal::flush_stderr();
    code
}

fn carry_out(given: &Given, command: Command) -> ExitCode {
    let (result, format) = match Context::new(given) {
        Ok(context) => (command::run(&context, command, Cli::command), context.settings.output),
        Err(error) => (command::run_without_context(given, command, Cli::command, error), given.settings.output),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Gone>() => ExitCode::SUCCESS,
        Err(error) => output::fail(given.terminal, &error, format),
    }
}
