//! `guuru chat`: look at chats and take part in them.

mod accept;
mod close;
mod list;
mod open;
mod send;
mod show;

use std::fmt;

use clap::Subcommand;
use serde::Serialize;

use crate::context::Context;
use crate::model::{Chat, Message};
use crate::output::visible;

/// Look at chats, accept them, send messages, close and open chats
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(list::Args),
    Show(show::Args),
    Accept(accept::Args),
    Send(send::Args),
    Close(close::Args),
    Open(open::Args),
}

/// A chat with the messages that were asked for.
#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    chat: Chat,
    /// The answer did not tell, and a look at the chat did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    settled: bool,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chat = &self.chat;
        write!(f, "{}", visible(&chat.id))?;
        if let Some(status) = &chat.status {
            write!(f, "  {}", visible(status))?;
        }
        if let Some(name) = chat.user.as_ref().and_then(|user| user.name.as_deref()) {
            write!(f, "  {}", visible(name))?;
        }
        writeln!(f)?;
        chat.messages.iter().flatten().try_for_each(|message| write_message(f, message))
    }
}

fn write_message(f: &mut fmt::Formatter<'_>, message: &Message) -> fmt::Result {
    let author = message.author.as_ref().and_then(|author| author.name.as_deref().or(author.id.as_deref()));
    let content: Vec<_> = [&message.text, &message.attachment].into_iter().flatten().map(String::as_str).collect();
    writeln!(f, "{}: {}", visible(author.unwrap_or("?")), visible(&content.join(" ")))
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    match args.verb {
        Verb::List(args) => list::run(context, &args),
        Verb::Show(args) => show::run(context, &args),
        Verb::Accept(args) => accept::run(context, args),
        Verb::Send(args) => send::run(context, args),
        Verb::Close(args) => close::run(context, args),
        Verb::Open(args) => open::run(context, args),
    }
}
