//! `guuru chat close`.

use crate::command::act::ActArgs;
use crate::context::Context;
use crate::model::{Agent, Command};

/// Close a chat: it is resolved, and no messages can be exchanged
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru chat close c-1")]
pub(super) struct Args {
    /// The chat's id
    #[arg(value_name = "CHAT")]
    chat_id: String,

    /// Persona that acts [default: the one that accepted the chat]
    #[arg(long, value_name = "ID")]
    persona: Option<String>,

    #[command(flatten)]
    act: ActArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let agent = Agent { persona_id: args.persona, ..Agent::default() };
    args.act.run(context, Command::CloseChat { chat_id: args.chat_id, agent })
}
