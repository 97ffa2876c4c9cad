//! docs/reference.md: every command on one page.

use std::fmt::Write;

use clap::builder::StyledStr;
use clap::{Arg, Command};
use guuru::command::help::TOPICS;

use super::is_up_to_date;
use super::tree::{about, arguments, commands, name, sections};

const HEAD: &str = "\
# Reference

Every command, with its options, their defaults and examples. The page is generated from what the program declares;
`guuru help COMMAND`, `guuru COMMAND --help` and the man pages in [man/](man/) say the same.

";

/// The anchor of a heading, as the usual renderers make it.
fn anchor(heading: &str) -> String {
    heading.replace(' ', "-")
}

fn link(command: &Command) -> String {
    format!("- [`{}`](#{}): {}\n", name(command), anchor(name(command)), about(command))
}

fn contents(commands: &[Command]) -> String {
    let below_program = commands.iter().filter(|command| name(command).split(' ').count() <= 2);
    let mut text: String = below_program.map(link).collect();
    for topic in &TOPICS {
        writeln!(text, "- [{}](#{}): {}", topic.name, topic.name, topic.about).unwrap();
    }
    text
}

fn paragraph(text: &StyledStr) -> String {
    // Angle brackets would be HTML.
    text.to_string().replace('<', "\\<")
}

fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    usage.trim_start_matches("Usage: ").to_owned()
}

/// How an argument is written: `-o, --output <FORMAT>`.
fn written(arg: &Arg) -> String {
    let short = arg.get_short().filter(|_| arg.get_long().is_some());
    short.map_or_else(|| arg.to_string(), |short| format!("-{short}, {arg}"))
}

fn argument(arg: &Arg) -> String {
    let help = arg.get_long_help().or_else(|| arg.get_help()).map(paragraph).unwrap_or_default();
    let mut text = format!("- `{}`: {}", written(arg), help.replace("\n\n", "\n\n  "));
    let takes_value = arg.get_num_args().unwrap().takes_values();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_value && !defaults.is_empty() {
        write!(text, " [default: {}]", defaults.join(", ")).unwrap();
    }
    if let Some(variable) = arg.get_env() {
        write!(text, " [variable: {}]", variable.to_string_lossy()).unwrap();
    }
    for value in arg.get_possible_values().iter().filter(|value| takes_value && !value.is_hide_set()) {
        let help = value.get_help().map(|help| format!(": {}", paragraph(help))).unwrap_or_default();
        write!(text, "\n  - `{}`{help}", value.get_name()).unwrap();
    }
    text
}

fn section(command: &Command) -> String {
    let long = command.get_long_about().or_else(|| command.get_about()).map(paragraph).unwrap();
    let mut text = format!("## {}\n\n{long}\n\n```text\n{}\n```\n", name(command), usage(command));
    for (heading, args) in arguments(command) {
        let args: Vec<String> = args.into_iter().map(argument).collect();
        write!(text, "\n{heading}:\n\n{}\n", args.join("\n")).unwrap();
    }
    if command.has_subcommands() && name(command) != "guuru" {
        write!(text, "\nCommands:\n\n{}", command.get_subcommands().map(link).collect::<String>()).unwrap();
    }
    for (heading, lines) in sections(command).into_iter().filter(|_| name(command) != "guuru") {
        write!(text, "\n{heading}:\n\n```sh\n{}\n```\n", lines.join("\n")).unwrap();
    }
    text
}

#[test]
fn the_committed_reference_is_up_to_date() {
    let commands = commands();
    let mut parts = vec![format!("{HEAD}{}", contents(&commands))];
    parts.extend(commands.iter().map(section));
    parts.extend(TOPICS.iter().map(|topic| format!("## {}\n\n```text\n{}```\n", topic.name, topic.text())));
    is_up_to_date("docs/reference.md", &parts.join("\n"));
}
