//! The command line as a tree, and what is read out of it.

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use guuru::cli::Cli;

/// The program and every command of it, each before those below it. What holds for all commands is hidden below the
/// program, so that it is told once.
pub(crate) fn commands() -> Vec<Command> {
    let mut program = Cli::command().bin_name("guuru");
    program.build();
    let mut commands = vec![program.clone()];
    add(&program, &mut commands);
    commands
}

fn add(parent: &Command, commands: &mut Vec<Command>) {
    for command in parent.get_subcommands().filter(|command| !command.is_hide_set()) {
        let common = |arg: &Arg| arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
        commands.push(command.clone().mut_args(|arg| if common(&arg) { arg.hide(true) } else { arg }));
        add(command, commands);
    }
}

/// What is typed: `guuru chat send`.
pub(crate) fn name(command: &Command) -> &str {
    command.get_bin_name().unwrap()
}

pub(crate) fn about(command: &Command) -> String {
    command.get_about().unwrap().to_string()
}

/// The visible options and arguments, under their headings.
pub(crate) fn arguments(command: &Command) -> Vec<(&str, Vec<&Arg>)> {
    let mut groups: Vec<(&str, Vec<&Arg>)> = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let default = if arg.is_positional() { "Arguments" } else { "Options" };
        let heading = arg.get_help_heading().unwrap_or(default);
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, args)) => args.push(arg),
            None => groups.push((heading, vec![arg])),
        }
    }
    groups
}

/// The parts of the text below the help, each with its heading, its lines without their indentation.
pub(crate) fn sections(command: &Command) -> Vec<(String, Vec<String>)> {
    let text = command.get_after_help().map(StyledStr::to_string).unwrap_or_default();
    let section = |section: &str| {
        let mut lines = section.lines();
        let heading = lines.next().unwrap().strip_suffix(':').expect("a heading above indented lines").to_owned();
        let line = |line: &str| line.strip_prefix("  ").expect("a line is indented").to_owned();
        (heading, lines.map(line).collect())
    };
    text.split("\n\n").filter(|text| !text.is_empty()).map(section).collect()
}
