//! `guuru chat send`.

use std::path::{Path, PathBuf};

use crate::command::shared::act::ActArgs;
use crate::command::shared::agent::ActorArgs;
use crate::command::shared::input;
use crate::context::Context;
use crate::model::{ChatMessageInput, Command};

/// Send a message to a chat
///
/// The text comes from the argument, from stdin (-) or from a file, where one newline at its end is left out. A message is
/// never sent twice: where the answer does not tell what became of it, the chat is looked at, and what is found there is the
/// answer. Where that does not tell either, the exit code is 9, and a person, or a script, has to look later.
///
/// A text and an attachment go out as one message. Where the platform takes one at a time they are two, the text first: the
/// result is the second one, and its `parts` are both.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  guuru chat send c-1 'Hello!'\n  guuru chat send c-1 --text-file answer.txt\n  date | guuru chat send c-1 -\n  guuru chat send c-1 'Here it is.' --attachment https://example.com/a.pdf"
)]
#[command(override_usage = "guuru chat send [OPTIONS] <CHAT> <TEXT|--text-file <FILE>|--attachment <URL>>")]
#[group(id = "content", required = true, multiple = true, args = ["text", "text_file", "attachment"])]
pub(super) struct Args {
    /// The chat's id
    #[arg(value_name = "CHAT")]
    chat_id: String,

    /// The text, or - for stdin
    #[arg(conflicts_with = "text_file")]
    text: Option<String>,

    /// File that has the text, or - for stdin
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,

    /// Absolute http or https link to an attachment
    #[arg(long, value_name = "URL")]
    attachment: Option<String>,

    #[command(flatten)]
    actor: ActorArgs,

    #[command(flatten)]
    act: ActArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let text = match (args.text, args.text_file) {
        (Some(text), _) if text == input::STDIN => Some(input::text(Path::new(input::STDIN))?),
        (Some(text), _) => Some(text),
        (None, Some(file)) => Some(input::text(&file)?),
        (None, None) => None,
    };
    let message = ChatMessageInput { text, attachment: args.attachment };
    args.act.run(context, Command::SendChatMessage { chat_id: args.chat_id, message, agent: args.actor.into() })
}
