//! Mistakes on the command line: clap finds them, and here they are reported like all other errors.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, ValueEnum};

use crate::cli::Cli;
use crate::error::{Error, Kind};
use crate::output::{Format, fail};
use crate::terminal::{Terminal, Verbosity};

/// Tells what clap has to say. Help and version go to stdout and are no error; anything else is one.
pub(crate) fn tell(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let terminal = Terminal::new(Verbosity::default(), wanted(&args, ["--color"]).unwrap_or_default());
    let variable = || env::var("GUURU_OUTPUT").ok().and_then(|value| Format::from_str(&value, false).ok());
    let output = wanted(&args, ["--output", "-o"]).or_else(variable);
    let is_shown = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_shown && !asks(&args) {
        return fail(terminal, &mistaken_for_help(&args).into(), output);
    }
    // Who types nothing more than a noun is shown its help, whatever the environment sets.
    let bare = if is_shown { None } else { without_environment(&args).filter(is_bare) };
    let error = bare.as_ref().unwrap_or(error);
    if error.use_stderr() && !is_bare(error) {
        return fail(terminal, &mistake(error, &args).into(), output);
    }
    match error.print() {
        _ if error.use_stderr() => ExitCode::from(Kind::Usage.exit_code()),
        // A reader of the help who has gone away has seen enough.
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            fail(terminal, &anyhow::Error::from(cause).context("cannot write to stdout"), output)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What asks for help or the version, and only where it is a whole argument.
const ASKING: [&str; 4] = ["-h", "--help", "-V", "--version"];

/// Whether help or the version is asked for. To clap a cluster such as `-hello` does so too.
fn asks(args: &[&str]) -> bool {
    before_values(args).any(|arg| ASKING.contains(&arg))
}

/// The arguments that may be flags.
fn before_values<'a>(args: &[&'a str]) -> impl Iterator<Item = &'a str> {
    args.iter().copied().skip(1).take_while(|arg| *arg != "--")
}

fn is_short(arg: &str) -> bool {
    arg.starts_with('-') && !arg.starts_with("--")
}

/// A text, or an id, that begins with a hyphen was taken for flags, and with that for a question.
fn mistaken_for_help(args: &[&str]) -> Error {
    let command = command(args);
    let arg = before_values(args).find(|arg| is_short(arg) && arg.contains(['h', 'V'])).unwrap_or_default();
    let mut ways = vec![format!("-- {arg}, behind all flags")];
    if takes_stdin(&command) {
        ways.push("stdin, with - in its place".to_owned());
    }
    if command.get_arguments().any(|arg| arg.get_long().is_some() && arg.get_action().takes_values()) {
        ways.push(format!("--flag={arg} for a flag's value"));
    }
    Error::usage(format!("unexpected argument '{arg}' found"))
        .hint(format!("to pass it as a value: {}; -h, --help, -V and --version stand alone", ways.join(", or ")))
}

/// Whether an argument of a command can stand on stdin: `-`.
fn takes_stdin(command: &Command) -> bool {
    command.get_positionals().any(|arg| arg.get_help().is_some_and(|help| help.to_string().contains("- for stdin")))
}

/// The argument that nobody expected.
fn unexpected(error: &clap::Error) -> Option<&str> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(arg)) if error.kind() == ErrorKind::UnknownArgument => Some(arg),
        _ => None,
    }
}

/// What clap says of the arguments alone.
fn without_environment(args: &[&str]) -> Option<clap::Error> {
    Cli::command().mut_args(|arg| arg.env(None::<&str>)).try_get_matches_from(args).err()
}

fn is_bare(error: &clap::Error) -> bool {
    error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What clap says, without its layout: the first paragraph is the error; its tips, or else the usage, the hint.
fn mistake(error: &clap::Error, args: &[&str]) -> Error {
    let command = command(args);
    let help = format!("`{} --help`", command.get_bin_name().unwrap_or(command.get_name()));
    // Whatever the environment sets is among what clap says is to be typed: it is asked again without.
    let bare = without_environment(args);
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
    let hint = match unexpected(error).filter(|arg| is_short(arg)) {
        Some(_) if takes_stdin(&command) => format!("{hint}; or give it on stdin, with - in its place"),
        _ => hint,
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
