//! The enum of commands and its dispatch. Each command has a file or a folder with its name: its arguments, its view, and what it
//! does. What several commands share is in `shared`.

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

use crate::config::Origin;
use crate::context::{Context, Given};
use crate::error::{Error, Kind, kind};
use crate::output::Format;
use crate::store;

/// The commands.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "each command's arguments say what it does, and clap reads a text here as help")]
pub enum Command {
    Listen(listen::Args),
    Events(events::Args),
    Persona(persona::Args),
    Chat(chat::Args),
    Batch(batch::Args),
    Bridge(bridge::Args),
    Submission(submission::Args),
    Partner(partner::Args),
    Expert(expert::Args),
    Api(api::Args),
    Trigger(trigger::Args),
    Sandbox(sandbox::Args),
    Demo(demo::Args),
    Schema(schema::Args),
    Doctor(doctor::Args),
    Verify(verify::Args),
    Auth(auth::Args),
    Profile(profile::Args),
    Config(config::Args),
    Completion(completion::Args),
    Help(help::Args),
}

/// Refuses `-o table` for a command that always writes lines of JSON. Only the flag is refused: a setting of the environment or the
/// profile is meant for other commands.
fn check_form(context: &Context, command: &Command) -> anyhow::Result<()> {
    let name = match command {
        Command::Listen(_) => "listen",
        Command::Bridge(_) => "bridge",
        Command::Batch(args) if !args.shows_status() => "batch",
        Command::Events(args) if args.is_tail() => "events tail",
        _ => return Ok(()),
    };
    let settings = &context.settings;
    if settings.origins.output == Origin::Flag && settings.output == Some(Format::Table) {
        let error = Error::usage(format!("`guuru {name}` writes lines of JSON: there is no -o table for it"));
        let hint = "leave -o out; `guuru events list -o table` shows the events, and `guuru batch --journal --status` open commands";
        return Err(error.hint(hint).into());
    }
    Ok(())
}

/// Runs a command. `line` is the whole command line, for the commands that describe it.
pub fn run(context: &Context, command: Command, line: fn() -> clap::Command) -> anyhow::Result<()> {
    check_form(context, &command)?;
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
        Command::Completion(args) => completion::run(context.terminal, &args, line),
        Command::Help(args) => help::run(context.terminal, &args, line()),
    };
    done.map_err(store::explain)
}

/// Runs a command although the configuration cannot be read: help and completion do not need it, and the doctor reports what is
/// wrong.
pub fn run_without_context(
    given: &Given,
    command: Command,
    line: fn() -> clap::Command,
    error: anyhow::Error,
) -> anyhow::Result<()> {
    match command {
        Command::Help(args) => help::run(given.terminal, &args, line()),
        // A shell that loads completions at its start must not fail because of a broken configuration.
        Command::Completion(args) => completion::run(given.terminal, &args, line),
        Command::Doctor(_) if kind(&error) == Kind::Config => doctor::run_without_context(given, &error),
        _ => Err(error),
    }
}
