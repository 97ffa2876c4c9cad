//! `guuru schema print`.

use super::Source;
use crate::context::Context;

/// Print the endpoint's schema in the schema definition language
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru schema print > schema.graphql")]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let (live, _) = args.source.read(context)?;
    context.terminal.print(live.sdl().as_bytes())
}
