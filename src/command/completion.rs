//! `guuru completion`: what a shell needs to complete the command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::context::Context;

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru completion bash > ~/.local/share/bash-completion/completions/guuru")]
pub struct Args {
    /// Shell to complete in
    shell: Shell,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    context.terminal.print(&script(args.shell))
}

/// The completions for a shell.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "guuru", &mut script);
    script
}
