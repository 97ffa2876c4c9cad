//! `guuru chat accept`.

use crate::command::shared::act::ActArgs;
use crate::command::shared::agent::DetailArgs;
use crate::context::Context;
use crate::model::{Agent, Command};

/// Accept a chat as an agent, and print it with its messages so far
///
/// An agent whose persona is not known here is created first; give a name for that. The persona that accepts the chat is
/// remembered: send, close and open need no --persona then.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru chat accept c-1 --provider-id agent-42 --name Ada")]
#[command(override_usage = "guuru chat accept [OPTIONS] <CHAT> <--persona <ID>|--provider-id <ID>>")]
#[group(id = "who", required = true, multiple = false, args = ["persona", "provider_id"])]
pub(super) struct Args {
    /// The chat's id
    #[arg(value_name = "CHAT")]
    chat_id: String,

    /// Persona that accepts it
    #[arg(long, value_name = "ID", conflicts_with_all = ["name", "email", "photo"])]
    persona: Option<String>,

    /// Agent that accepts it: the id in your own system
    #[arg(long, value_name = "ID")]
    provider_id: Option<String>,

    /// Name that end users see
    #[arg(long)]
    name: Option<String>,

    #[command(flatten)]
    details: DetailArgs,

    #[command(flatten)]
    act: ActArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let Args { chat_id, persona: persona_id, provider_id, name, details: DetailArgs { email, photo }, act } = args;
    let agent = Agent { persona_id, provider_id, name, email, photo };
    act.run(context, Command::AcceptChat { chat_id, agent })
}
