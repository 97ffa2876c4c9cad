//! `guuru config`: what is in force, and why.

use std::fmt;
use std::time::Duration;

use clap::Subcommand;
use jiff::SignedDuration;
use serde::Serialize;

use crate::api;
use crate::config::{Found, Origin, Secret};
use crate::context::Context;
use crate::output::{self, visible};

/// Look at the settings
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Show(ShowArgs),
}

/// Show every setting, its value, and whether a flag, the environment, the profile or nobody set it
///
/// Secrets are only said to be set or not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru config show --profile staging")]
struct ShowArgs {}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Vec<Row>);

#[derive(Serialize)]
struct Row {
    setting: &'static str,
    value: Option<String>,
    source: &'static str,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["SETTING", "VALUE", "SOURCE"]);
        for Row { setting, value, source } in &self.0 {
            table.add_row([(*setting).to_owned(), visible(value.as_deref().unwrap_or("-")), (*source).to_owned()]);
        }
        write!(f, "{table}")
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let Verb::Show(ShowArgs {}) = args.verb;
    let settings = &context.settings;
    settings.check_profile()?;
    let origins = settings.origins;
    let row = |setting, value: Option<String>, origin: Origin| Row { setting, value, source: origin.name() };
    let mut rows = vec![
        row("profile", Some(settings.profile.clone()), origins.profile),
        row("endpoint", Some(api::shown(&settings.endpoint)), origins.endpoint),
        row("output", settings.output.map(|output| output.name().to_owned()), origins.output),
        row("config-dir", Some(settings.config_dir.display().to_string()), origins.config_dir),
        row("state-dir", Some(settings.state_dir.display().to_string()), origins.state_dir),
    ];
    // These have neither flag nor variable.
    let span = |age: Option<Duration>| {
        age.map(|age| Ok::<_, jiff::Error>(format!("{:#}", SignedDuration::try_from(age)?))).transpose()
    };
    for (setting, value) in [
        ("prune-older-than", span(settings.prune_older_than)?),
        ("prune-larger-than", settings.prune_larger_than.map(|bytes| bytes.to_string())),
        ("prune-journal-older-than", span(settings.prune_journal_older_than)?),
        ("keep-keys", span(settings.keep_keys)?),
    ] {
        let origin = if value.is_some() { Origin::Profile } else { Origin::Default };
        rows.push(row(setting, value, origin));
    }
    for (setting, secret) in [("token", Secret::Token), ("webhook-secret", Secret::WebhookSecret)] {
        let (value, source) = match context.vault.find(&settings.profile, secret)? {
            Found::Here(_, place) => ("set".to_owned(), place.name()),
            Found::Nowhere(None) => ("not set".to_owned(), Origin::Default.name()),
            Found::Nowhere(Some(fault)) => (format!("not set ({fault})"), Origin::Default.name()),
        };
        rows.push(Row { setting, value: Some(value), source });
    }
    context.print(&View(rows))
}
