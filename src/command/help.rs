//! `guuru help`: the help of a command, and texts on topics of all commands.

use std::ffi::OsString;

use clap::Command;

use crate::error::{Error, Kind, nearest};
use crate::terminal::Terminal;

/// Show the help of a command, or a text on a topic
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  guuru help chat send\n  guuru help exit-codes")]
pub struct Args {
    /// A command (chat send), or a topic: exit-codes, environment, lines or security
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

/// A text on what concerns all commands.
pub struct Topic {
    /// The word that asks for it.
    pub name: &'static str,
    /// What it is about, in a line.
    pub about: &'static str,
    text: &'static str,
}

/// The topics.
pub const TOPICS: [Topic; 4] = [
    Topic {
        name: "exit-codes",
        about: "What each exit code means, and how errors are told",
        text: include_str!("help/exit-codes.txt"),
    },
    Topic {
        name: "environment",
        about: "Variables that are read, and those that are set",
        text: include_str!("help/environment.txt"),
    },
    Topic {
        name: "lines",
        about: "Events, commands and results as lines of JSON",
        text: include_str!("help/lines.txt"),
    },
    Topic {
        name: "security",
        about: "Where secrets are kept, what is checked, who may see what",
        text: include_str!("help/security.txt"),
    },
];

impl Topic {
    /// The whole text, for a terminal of 80 columns.
    pub fn text(&self) -> String {
        let row = |code: u8, name: &str, meaning: &str| format!("  {code} {name:11}  {meaning}\n");
        let codes = Kind::ALL.map(|kind| row(kind.exit_code(), kind.name(), kind.meaning())).concat();
        self.text.replace("{codes}\n", &format!("{}{codes}", row(0, "ok", "done")))
    }
}

/// What the program's own help says of the topics.
pub fn list_of_topics() -> String {
    let topic = |topic: &Topic| format!("\n  guuru help {:11}  {}", topic.name, topic.about);
    format!("Topics:{}", TOPICS.iter().map(topic).collect::<String>())
}

/// Runs the command; `line` is the whole command line.
pub fn run(terminal: Terminal, args: &Args, line: Command) -> anyhow::Result<()> {
    if let [word] = args.words.as_slice()
        && let Some(topic) = TOPICS.iter().find(|topic| topic.name == word)
    {
        return terminal.print(topic.text().as_bytes());
    }
    let mut command = line;
    command.build();
    for word in &args.words {
        command = command.find_subcommand(word).cloned().ok_or_else(|| unknown(&command, word))?;
    }
    terminal.print_styled(&command.render_long_help().ansi().to_string())
}

/// The commands and topics that may follow these words, each with its description.
pub fn next<'a>(line: Command, words: impl IntoIterator<Item = &'a OsString>) -> Vec<(String, String)> {
    let mut next: Vec<_> = TOPICS.iter().map(|topic| (topic.name.to_owned(), topic.about.to_owned())).collect();
    let mut command = line;
    for word in words {
        next.clear();
        let Some(found) = command.find_subcommand(word) else { return next };
        command = found.clone();
    }
    let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    next.extend(command.get_subcommands().map(|command| (command.get_name().to_owned(), about(command))));
    next
}

fn unknown(parent: &Command, word: &str) -> Error {
    // The root has none: nobody typed its name to get there.
    let path = parent.get_bin_name().map_or("guuru help".to_owned(), |name| name.replacen("guuru", "guuru help", 1));
    let commands = parent.get_subcommands().map(Command::get_name);
    let topics = TOPICS.iter().map(|topic| topic.name).filter(|_| path == "guuru help");
    let error = Error::usage(format!("`{path} {word}` is no command and no topic"));
    error.hint(match nearest(word, commands.chain(topics)) {
        Some(near) => format!("did you mean `{path} {near}`?"),
        None => format!("`{path}` says what there is"),
    })
}
