//! `guuru chat close`.

use crate::command::shared::act::ActArgs;
use crate::command::shared::agent::ActorArgs;
use crate::context::Context;
use crate::model::Command;

/// Close a chat: it is resolved, and no messages can be exchanged
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru chat close c-1")]
pub(super) struct Args {
    /// The chat's id
    #[arg(value_name = "CHAT")]
    chat_id: String,

    #[command(flatten)]
    actor: ActorArgs,

    #[command(flatten)]
    act: ActArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    args.act.run(context, Command::CloseChat { chat_id: args.chat_id, agent: args.actor.into() })
}
