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
use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::context::Context;
use crate::error::{Kind, Report};
use crate::output::Format;
use crate::terminal::{Gone, Terminal};

/// Runs the program with these arguments, the first being its own name, and tells its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    match Cli::try_parse_from(&args) {
        Ok(cli) => {
            finish(Context::new(&cli.global).and_then(|context| command::run(&context, cli.command)), &cli.global)
        }
        Err(error) => usage(&error, wants_json(&args)),
    }
}

fn finish(result: anyhow::Result<()>, global: &cli::Global) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Gone>() => ExitCode::SUCCESS,
        Err(error) => {
            let report = Report::from(&error);
            let json = matches!(global.output, Some(Format::Json | Format::Jsonl));
            Terminal::new(global.verbosity(), global.color).report(&report, json);
            ExitCode::from(report.exit_code)
        }
    }
}

/// Help and version go to stdout and are no error; anything else that clap has to say is one.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if json && error.use_stderr() {
        let text = error.render().to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let error = anyhow::Error::from(error::Error::usage(message).hint("see --help"));
        Terminal::new(terminal::Verbosity::default(), terminal::Color::Never).report(&Report::from(&error), true);
    } else {
        // A reader of the help who has gone away has seen enough.
        drop(error.print());
    }
    if error.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}

/// Whether errors are wanted as JSON, where the arguments could not be parsed.
fn wants_json(args: &[OsString]) -> bool {
    let format = |value: &str| matches!(value, "json" | "jsonl");
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let flag = args.windows(2).any(|pair| matches!(pair[0], "-o" | "--output") && format(pair[1]))
        || args.iter().any(|arg| arg.strip_prefix("--output=").or(arg.strip_prefix("-o")).is_some_and(format));
    flag || std::env::var("GUURU_OUTPUT").is_ok_and(|value| format(&value))
}
