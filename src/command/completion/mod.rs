//! `guuru completion`: what a shell needs to complete the command line. The scripts ask the program each time, so that it can also
//! complete names that it knows on this machine. Only the script for `PowerShell` asks nothing: a script that asks would execute
//! commands in the text that is being typed.

mod bash;
mod values;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use clap_complete::Shell;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Zsh};

use self::bash::Bash;
use crate::config::Given;
use crate::terminal::{Color, Terminal, Verbosity};

/// What the scripts set to the shell's name when they ask.
pub const VARIABLE: &str = "GUURU_COMPLETE";

/// At the end of the script for zsh. Put into a folder of `fpath`, the script itself is what zsh calls the first time that
/// something is to be completed.
const ZSH_AUTOLOADED: &str =
    "\nif [ \"$funcstack[1]\" = \"_guuru\" ]; then\n    _clap_dynamic_completer_guuru \"$@\"\nfi\n";

/// Print the completions for a shell
///
/// They complete commands and flags, and the profiles, events, chats, consumers, agents and personas that are known on this
/// machine. Nothing is asked of the platform or the keyring for that.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru completion bash > ~/.local/share/bash-completion/completions/guuru")]
pub struct Args {
    /// Shell to complete in
    shell: Shell,
}

/// The command line that is completed.
#[derive(Clone, Copy)]
pub struct CommandLine {
    /// What there is to parse.
    pub parser: fn() -> Command,
    /// The settings that are given in what is parsed so far.
    pub settings: fn(&ArgMatches) -> Option<Given>,
}

/// Runs the command; `line` is the whole command line.
pub fn run(terminal: Terminal, args: &Args, line: fn() -> Command) -> anyhow::Result<()> {
    let shell = args.shell;
    let mut script = Vec::new();
    match asking(shell.to_string().as_ref()) {
        Some(shell) => shell.write_registration(VARIABLE, "guuru", "guuru", "guuru", &mut script)?,
        None => clap_complete::generate(shell, &mut line(), "guuru", &mut script),
    }
    if shell == Shell::Zsh {
        script.extend_from_slice(ZSH_AUTOLOADED.as_bytes());
    }
    terminal.print(&script)
}

/// How a shell of this name asks, if it does.
fn asking(name: &OsStr) -> Option<&'static dyn EnvCompleter> {
    let shells: [&dyn EnvCompleter; 4] = [&Bash, &Elvish, &Fish, &Zsh];
    shells.into_iter().find(|shell| name == shell.name())
}

/// Answers a script, which passes the words of the command line after a `--`. Errors are not reported: they would appear in the
/// middle of what is being typed.
pub fn answer(shell: &OsStr, args: &[OsString], line: CommandLine) -> ExitCode {
    let printed = candidates(shell, args, line)
        .and_then(|text| Terminal::new(Verbosity::default(), Color::default()).print(&text).ok());
    if printed.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn candidates(shell: &OsStr, args: &[OsString], line: CommandLine) -> Option<Vec<u8>> {
    let shell = asking(shell)?;
    let words = args.iter().skip_while(|arg| *arg != "--").skip(1).cloned().collect::<Vec<_>>();
    let place = place(words.len())?;
    let (before, _) = bash::joined(words.get(..place)?, place);
    let mut command = values::attached(line, &before);
    let mut text = Vec::new();
    shell.write_complete(&mut command, words, std::env::current_dir().ok().as_deref(), &mut text).ok()?;
    Some(text)
}

/// The place of the word that is completed: where the script says so, else the last.
fn place(words: usize) -> Option<usize> {
    let told = std::env::var("_CLAP_COMPLETE_INDEX").ok().and_then(|place| place.parse().ok());
    told.or_else(|| words.checked_sub(1))
}
