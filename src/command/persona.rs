//! `guuru persona`: the company's agents as end users see them.

use std::fmt;

use clap::Subcommand;
use serde::Serialize;

use crate::command::shared::act::ActArgs;
use crate::command::shared::agent::DetailArgs;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::model::{Command, PersonaInput};
use crate::output;
use crate::store::{PersonaKey, StoredPersona};

/// Create personas, and look at the local map of agents to personas
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(CreateArgs),
    List(ListArgs),
    Show(ShowArgs),
    Forget(ForgetArgs),
}

/// Create an agent's persona, or update it
///
/// A provider id always yields the same persona: another name, e-mail address or photo changes it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru persona create --provider-id agent-42 --name Ada")]
struct CreateArgs {
    /// The agent's id in your own system
    #[arg(long, value_name = "ID")]
    provider_id: String,

    /// Name that end users see
    #[arg(long)]
    name: String,

    #[command(flatten)]
    details: DetailArgs,

    #[command(flatten)]
    act: ActArgs,
}

/// List the agents whose persona is known here
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru persona list -o jsonl | jq -r .id")]
struct ListArgs {}

/// Show the persona of one agent
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru persona show agent-42")]
struct ShowArgs {
    /// The agent's id in your own system
    provider_id: String,
}

/// Remove an agent from the local map; the persona stays at the platform
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru persona forget agent-42")]
struct ForgetArgs {
    /// The agent's id in your own system
    provider_id: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct List(Vec<StoredPersona>);

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["PROVIDER ID", "PERSONA", "NAME", "E-MAIL", "UPDATED"]);
        for persona in &self.0 {
            let email = persona.email.as_deref().unwrap_or_default();
            let cells = [&persona.provider_id, &persona.id, &persona.name, email, &persona.updated_at];
            table.add_row(cells.map(output::visible));
        }
        write!(f, "{table}")
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct One(StoredPersona);

impl fmt::Display for One {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        List(vec![self.0.clone()]).fmt(f)
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    match args.verb {
        Verb::Create(args) => create(context, args),
        Verb::List(ListArgs {}) => context.print(&List(context.store()?.personas(context.settings.endpoint.as_str())?)),
        Verb::Show(args) => match context.store()?.persona(key(context, &args.provider_id))? {
            Some(persona) => context.print(&One(persona)),
            None => Err(unknown(&args.provider_id)),
        },
        Verb::Forget(args) => {
            let writer = context.writer()?;
            let is_known = writer.forget_persona(key(context, &args.provider_id))?;
            writer.finish()?;
            if !is_known {
                return Err(unknown(&args.provider_id));
            }
            context.terminal.status(&format!("forgot the persona of `{}`", args.provider_id));
            Ok(())
        }
    }
}

fn create(context: &Context, args: CreateArgs) -> anyhow::Result<()> {
    let CreateArgs { provider_id, name, details: DetailArgs { email, photo }, act } = args;
    act.run(context, Command::CreatePersona(PersonaInput { provider_id, name, email, photo }))
}

fn key<'a>(context: &'a Context, provider_id: &'a str) -> PersonaKey<'a> {
    PersonaKey { endpoint: context.settings.endpoint.as_str(), provider_id }
}

fn unknown(provider_id: &str) -> anyhow::Error {
    Error::new(Kind::Failure, format!("no persona is known here for the agent `{provider_id}`"))
        .hint("`guuru persona list` shows which are, `guuru persona create` adds one")
        .into()
}
