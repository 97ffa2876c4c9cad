//! The command line as a whole: the global flags, and the commands below them, which declare their own arguments.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};
use url::Url;

use crate::command::{Command, help};
use crate::config::{self, DEFAULT_ENDPOINT};
use crate::context::Given;
use crate::output::Format;
use crate::terminal::{Color, Terminal, Verbosity};

/// Answer GUURU chats from the shell
#[derive(Debug, Parser)]
#[command(name = "guuru", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(disable_help_subcommand = true, after_help = help::list_of_topics())]
pub struct Cli {
    /// The flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The flags that every command takes.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Form of the output [default: table on a terminal, json anywhere else]
    #[arg(short, long, global = true, env = "GUURU_OUTPUT", hide_env_values = true, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// Show what an expression in the jq language makes of the JSON: text as it is, a line for each result
    #[arg(long, global = true, value_name = "EXPR")]
    pub jq: Option<String>,

    /// Silence all but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more on stderr, never a secret
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// When to colour what people read: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub color: Color,

    /// Never ask: what is missing is an error
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Profile of the configuration and of the store [default: what `guuru profile use` chose]
    #[arg(long, global = true, env = "GUURU_PROFILE", hide_env_values = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Endpoint of the Admin API
    #[arg(long, global = true, env = "GUURU_ENDPOINT", hide_env_values = true, value_name = "URL")]
    #[arg(help = format!("Endpoint of the Admin API [default: {DEFAULT_ENDPOINT}]"), value_parser = config::address)]
    pub endpoint: Option<Url>,

    /// Folder of config.toml
    #[arg(long, global = true, env = "GUURU_CONFIG_DIR", hide = true, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,

    /// Folder of the store
    #[arg(long, global = true, env = "GUURU_STATE_DIR", hide = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,

    /// The settings among these that stood on the command line, and not in the environment.
    #[arg(skip)]
    pub flags: BTreeSet<&'static str>,
}

impl Cli {
    /// What there is to parse: the program's own declarations, without the variables that are set to nothing. Compose files and
    /// CI set what they have no value for to nothing, and that is as good as not set.
    pub fn parser() -> clap::Command {
        Self::command().mut_args(|arg| match arg.get_env() {
            Some(name) if std::env::var_os(name).is_some_and(|value| value.is_empty()) => arg.env(None::<&str>),
            _ => arg,
        })
    }

    /// Parses the arguments, the first being the program's own name.
    ///
    /// # Errors
    /// What clap found, among it that help or the version was asked for.
    pub fn read(args: &[OsString]) -> Result<Self, clap::Error> {
        let matches = Self::parser().try_get_matches_from(args)?;
        let cli = Self::from_arg_matches(&matches)?;
        Ok(Self { global: cli.global.seen_in(&matches), ..cli })
    }

    /// What the global flags say among these matches, which may not be complete.
    pub fn settings(matches: &ArgMatches) -> Option<config::Given> {
        Some(Global::from_arg_matches(matches).ok()?.seen_in(matches).settings())
    }
}

impl Global {
    /// Notes which settings stood on the command line.
    #[must_use]
    fn seen_in(mut self, matches: &ArgMatches) -> Self {
        let settings = ["profile", "endpoint", "output", "config_dir", "state_dir"];
        let typed = |name: &&str| matches.value_source(name) == Some(ValueSource::CommandLine);
        self.flags = settings.into_iter().filter(typed).collect();
        self
    }

    /// What they say, for the context.
    pub fn given(&self) -> Given {
        let verbosity = Verbosity { quiet: self.quiet, verbose: self.verbose };
        Given {
            terminal: Terminal::new(verbosity, self.color).with_input(!self.no_input),
            filter: self.jq.clone(),
            settings: self.settings(),
        }
    }

    fn settings(&self) -> config::Given {
        config::Given {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            output: self.output,
            config_dir: self.config_dir.clone(),
            state_dir: self.state_dir.clone(),
            flags: self.flags.clone(),
        }
    }
}
