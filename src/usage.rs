//! Mistakes on the command line: clap finds them, and here they are told as every other error is.

use std::env;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{Command, CommandFactory, ValueEnum, error};

use crate::cli::Cli;
use crate::error::{Error, Kind};
use crate::fail;
use crate::output::Format;
use crate::terminal::{Terminal, Verbosity};

/// Tells what clap has to say. Help and version go to stdout and are no error; anything else is one.
pub(crate) fn tell(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let terminal = Terminal::new(Verbosity::default(), wanted(&args, ["--color"]).unwrap_or_default());
    let variable = || env::var("GUURU_OUTPUT").ok().and_then(|value| Format::from_str(&value, false).ok());
    let output = wanted(&args, ["--output", "-o"]).or_else(variable);
    // Who types nothing more than a noun is shown its help.
    let is_bare = error.kind() == error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if error.use_stderr() && !is_bare {
        return fail(terminal, &mistake(error, &args).into(), output);
    }
    match error.print() {
        _ if error.use_stderr() => ExitCode::from(Kind::Usage.exit_code()),
        // A reader of the help who has gone away has seen enough.
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            fail(terminal, &anyhow::Error::from(cause).context("cannot write to stdout"), output)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What clap says, without its layout: the first paragraph is the error; its tips, or else the usage, the hint.
fn mistake(error: &clap::Error, args: &[&str]) -> Error {
    let command = command(args);
    let help = format!("`{} --help`", command.get_bin_name().unwrap_or(command.get_name()));
    // Whatever the environment sets is among what clap says is to be typed: it is asked again without.
    let bare = Cli::command().mut_args(|arg| arg.env(None::<&str>)).try_get_matches_from(args).err();
    let text = bare.as_ref().filter(|bare| bare.kind() == error.kind()).unwrap_or(error).render().to_string();
    let mut lines = text.lines().map(str::trim);
    let message: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let rest: Vec<&str> = lines.collect();
    let tips: Vec<&str> = rest.iter().filter_map(|line| line.strip_prefix("tip: ")).collect();
    let usage = rest.iter().find_map(|line| line.strip_prefix("Usage: "));
    let hint = match (tips.as_slice(), usage) {
        ([], Some(usage)) => format!("usage: {usage}; {help} says more"),
        ([], None) => format!("{help} says more"),
        (tips, _) => format!("{}; {help} says more", tips.join("; ")),
    };
    let message = message.join(" ");
    let message = message.trim_start_matches("error: ");
    Error::usage(match variable(error, args, &command) {
        Some((flag, variable)) => message.replacen(&format!("for '{flag}'"), &format!("in {variable}"), 1),
        None => message.to_owned(),
    })
    .hint(hint)
}

/// The flag whose value is wrong, and the variable that the value comes from, where it does not come from the flag.
fn variable(error: &clap::Error, args: &[&str], command: &Command) -> Option<(String, String)> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    let arg = command.get_arguments().find(|arg| arg.to_string() == *flag)?;
    let variable = arg.get_env()?.to_str().filter(|variable| env::var_os(variable).is_some())?;
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let typed = |arg: &&str| [&long, &short].into_iter().flatten().any(|name| arg.starts_with(name.as_str()));
    if args.iter().any(typed) { None } else { Some((flag.clone(), variable.to_owned())) }
}

/// The command that was meant, as far as it was understood.
fn command(args: &[&str]) -> Command {
    let mut command = Cli::command();
    command.build();
    for arg in args {
        command = command.find_subcommand(arg).cloned().unwrap_or(command);
    }
    command
}

/// What a flag asks for, where the arguments could not be parsed.
fn wanted<T: ValueEnum, const N: usize>(args: &[&str], names: [&str; N]) -> Option<T> {
    let read = |value: &str| T::from_str(value.trim_start_matches('='), false).ok();
    args.iter().enumerate().find_map(|(place, arg)| {
        let rest = names.iter().find_map(|name| arg.strip_prefix(name))?;
        if rest.is_empty() { args.get(place + 1).and_then(|value| read(value)) } else { read(rest) }
    })
}
