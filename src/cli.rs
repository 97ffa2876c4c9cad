//! The command line: global flags and the nouns. Declarations only; each command declares its own arguments.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Parser, Subcommand};
use url::Url;

use crate::command::{
    api, auth, batch, bridge, chat, completion, config, demo, doctor, events, expert, help, listen, partner, persona,
    profile, sandbox, schema, submission, trigger, verify,
};
use crate::config::{self as settings, DEFAULT_ENDPOINT, Given};
use crate::output::Format;
use crate::terminal::{Color, Verbosity};

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
    #[arg(help = format!("Endpoint of the Admin API [default: {DEFAULT_ENDPOINT}]"), value_parser = settings::address)]
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

impl Global {
    /// Notes which settings stood on the command line.
    #[must_use]
    pub fn seen_in(mut self, matches: &ArgMatches) -> Self {
        let settings = ["profile", "endpoint", "output", "config_dir", "state_dir"];
        let typed = |name: &&str| matches.value_source(name) == Some(ValueSource::CommandLine);
        self.flags = settings.into_iter().filter(typed).collect();
        self
    }

    /// The settings that they give.
    pub fn given(&self) -> Given {
        Given {
            profile: self.profile.clone(),
            endpoint: self.endpoint.clone(),
            output: self.output,
            config_dir: self.config_dir.clone(),
            state_dir: self.state_dir.clone(),
            flags: self.flags.clone(),
        }
    }

    /// How much stderr says.
    pub fn verbosity(&self) -> Verbosity {
        Verbosity { quiet: self.quiet, verbose: self.verbose }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "each command's arguments say what it does, and clap reads a text here as help")]
pub enum Command {
    Listen(listen::Args),
    Events(events::Args),
    Persona(persona::Args),
    Chat(chat::Args),
    Batch(batch::Args),
    Bridge(bridge::Args),
    Submission(submission::Args),
    Partner(partner::Args),
    Expert(expert::Args),
    Api(api::Args),
    Trigger(trigger::Args),
    Sandbox(sandbox::Args),
    Demo(demo::Args),
    Schema(schema::Args),
    Doctor(doctor::Args),
    Verify(verify::Args),
    Auth(auth::Args),
    Profile(profile::Args),
    Config(config::Args),
    Completion(completion::Args),
    Help(help::Args),
}
