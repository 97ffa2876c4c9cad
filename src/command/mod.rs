//! One file for each command, named as it is typed: its arguments, what it shows, and what it does.

pub mod listen;
mod value;

use crate::cli::Command;
use crate::context::Context;

/// Runs a command.
pub fn run(context: &Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Listen(args) => listen::run(context, args),
    }
}
