//! One file for each command, named as it is typed: its arguments, what it shows, and what it does.

pub mod api;
pub mod auth;
pub mod batch;
pub mod bridge;
pub mod chat;
pub mod completion;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod events;
pub mod expert;
pub mod help;
pub mod listen;
pub mod partner;
pub mod persona;
pub mod profile;
pub mod sandbox;
pub mod schema;
mod shared;
pub mod submission;
pub mod trigger;
pub mod verify;

use crate::cli::{Command, Global};
use crate::context::Context;
use crate::error::{Error, Kind, kind};
use crate::output::Format;
use crate::store;
use crate::terminal::Terminal;

/// Refuses `-o table` for a command that writes lines of JSON whatever is wanted. A setting that holds for all commands is no
/// such wish.
pub fn check_form(global: &Global, command: &Command) -> anyhow::Result<()> {
    let name = match command {
        Command::Listen(_) => "listen",
        Command::Bridge(_) => "bridge",
        Command::Batch(args) if !args.shows_status() => "batch",
        Command::Events(args) if args.is_tail() => "events tail",
        _ => return Ok(()),
    };
    if global.flags.contains("output") && global.output == Some(Format::Table) {
        let error = Error::usage(format!("`guuru {name}` writes lines of JSON: there is no -o table for it"));
        let hint = "leave -o out; `guuru events list -o table` shows the events, and `guuru batch --journal --status` open commands";
        return Err(error.hint(hint).into());
    }
    Ok(())
}

/// Runs a command.
pub fn run(context: &Context, command: Command) -> anyhow::Result<()> {
    if matches!(
        command,
        Command::Listen(_) | Command::Bridge(_) | Command::Sandbox(_) | Command::Demo(_) | Command::Completion(_)
    ) {
        context.without_filter()?;
    }
    let done = match command {
        Command::Listen(args) => listen::run(context, &args),
        Command::Events(args) => events::run(context, args),
        Command::Persona(args) => persona::run(context, args),
        Command::Chat(args) => chat::run(context, args),
        Command::Api(args) => api::run(context, args),
        Command::Partner(args) => partner::run(context, &args),
        Command::Expert(args) => expert::run(context, &args),
        Command::Submission(args) => submission::run(context, args),
        Command::Trigger(args) => trigger::run(context, &args),
        Command::Batch(args) => batch::run(context, &args),
        Command::Bridge(args) => bridge::run(context, args),
        Command::Sandbox(args) => sandbox::run(context, args),
        Command::Demo(args) => demo::run(context, &args),
        Command::Schema(args) => schema::run(context, args),
        Command::Doctor(args) => doctor::run(context, &args),
        Command::Verify(args) => verify::run(context, &args),
        Command::Auth(args) => auth::run(context, args),
        Command::Profile(args) => profile::run(context, args),
        Command::Config(args) => config::run(context, &args),
        Command::Completion(args) => completion::run(context.terminal, &args),
        Command::Help(args) => help::run(context.terminal, &args),
    };
    done.map_err(store::explain)
}

/// Runs a command where the configuration cannot be read: some have no need of it, and one is there to say what is wrong.
pub fn run_without_context(global: &Global, command: Command, error: anyhow::Error) -> anyhow::Result<()> {
    let terminal = Terminal::new(global.verbosity(), global.color);
    match command {
        Command::Help(args) => help::run(terminal, &args),
        // A shell that starts with a broken configuration must not complain of it.
        Command::Completion(args) => completion::run(terminal, &args),
        Command::Doctor(_) if kind(&error) == Kind::Config => doctor::run_without_context(global, &error),
        _ => Err(error),
    }
}
