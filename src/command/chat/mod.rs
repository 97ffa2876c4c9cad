//! `guuru chat`: look at chats and take part in them.

mod accept;
mod close;
mod list;
mod open;
mod send;
mod show;

use clap::Subcommand;

use crate::context::Context;

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
