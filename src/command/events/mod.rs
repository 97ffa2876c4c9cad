//! `guuru events`: the inbox that `listen` fills.

mod list;
mod prune;
mod replay;
mod select;
mod show;
mod tail;

use clap::Subcommand;

use crate::context::Context;

/// Look at the inbox that `guuru listen` fills, and read it again
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(list::Args),
    Show(show::Args),
    Tail(tail::Args),
    Replay(replay::Args),
    Prune(prune::Args),
}

impl Args {
    /// Whether this is `events tail`.
    pub(super) fn is_tail(&self) -> bool {
        matches!(self.verb, Verb::Tail(_))
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    match args.verb {
        Verb::List(args) => list::run(context, args),
        Verb::Show(args) => show::run(context, &args),
        Verb::Tail(args) => tail::run(context, &args),
        Verb::Replay(args) => replay::run(context, args),
        Verb::Prune(args) => prune::run(context, &args),
    }
}
