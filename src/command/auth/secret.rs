//! `guuru auth secret`: a webhook secret that cannot be guessed.

use anyhow::anyhow;
use clap::Subcommand;

use crate::context::Context;

/// Generate a webhook secret
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Generate(GenerateArgs),
}

/// Print a new webhook secret: 32 random bytes in hexadecimal, whatever the form of output
///
/// Nothing is kept: enter it in the portal, and give it to `guuru auth login`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru auth secret generate | tee /dev/stderr | guuru auth login --secret-stdin")]
struct GenerateArgs {}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let Verb::Generate(GenerateArgs {}) = args.verb;
    context.without_filter()?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system has no random bytes: {error}"))?;
    context.terminal.print(format!("{}\n", hex::encode(bytes)).as_bytes())?;
    context
        .terminal
        .status("enter it in the portal as the webhook secret; `guuru auth login --secret-stdin` keeps it here");
    Ok(())
}
