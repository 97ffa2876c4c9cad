//! `guuru profile`: several accounts on one machine. Each has its own settings, secrets and store.

use std::fmt;

use anyhow::Context as _;
use clap::Subcommand;
use serde::Serialize;

use super::auth;
use crate::api;
use crate::config::{Origin, Settings};
use crate::context::Context;
use crate::error::Error;
use crate::output;
use crate::store;

/// Keep several accounts apart: each profile has settings, secrets and a store of its own
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(ListArgs),
    Show(ShowArgs),
    Create(CreateArgs),
    Use(UseArgs),
    Delete(DeleteArgs),
}

/// List the profiles
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru profile list")]
struct ListArgs {}

/// Show a profile
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru profile show staging")]
struct ShowArgs {
    /// The profile's name [default: the one in use]
    name: Option<String>,
}

/// Create a profile; --endpoint is kept with it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru profile create staging --endpoint https://staging.example.com/graphql")]
struct CreateArgs {
    /// The profile's name
    name: String,
}

/// Use a profile wherever none is named
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru profile use staging")]
struct UseArgs {
    /// The profile's name
    name: String,
}

/// Delete a profile with its settings, its secrets and its store
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru profile delete staging --yes")]
struct DeleteArgs {
    /// The profile's name
    name: String,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    name: String,
    in_use: bool,
    endpoint: String,
    /// The store's file; null where there is none yet.
    store: Option<String>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct List(Vec<Profile>);

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["NAME", "IN USE", "ENDPOINT", "STORE"]);
        for Profile { name, in_use, endpoint, store } in &self.0 {
            table.add_row([name.as_str(), if *in_use { "*" } else { "" }, endpoint, store.as_deref().unwrap_or("-")]);
        }
        write!(f, "{table}")
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct One(Profile);

impl fmt::Display for One {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Profile { name, in_use, endpoint, store } = &self.0;
        writeln!(f, "name:      {name}{}", if *in_use { " (in use)" } else { "" })?;
        writeln!(f, "endpoint:  {endpoint}")?;
        write!(f, "store:     {}", store.as_deref().unwrap_or("-"))
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let settings = &context.settings;
    match args.verb {
        Verb::List(ListArgs {}) => {
            let names = settings.profiles()?;
            let profiles: anyhow::Result<_> =
                names.iter().map(|name| Ok(shown(context, &settings.of_profile(name)?))).collect();
            context.print(&List(profiles?))
        }
        Verb::Show(ShowArgs { name }) => {
            let settings = existing(context, name.as_ref().unwrap_or(&settings.profile))?;
            context.print(&One(shown(context, &settings)))
        }
        Verb::Create(CreateArgs { name }) => create(context, &name),
        Verb::Use(UseArgs { name }) => choose(context, &name),
        Verb::Delete(args) => delete(context, &args),
    }
}

fn create(context: &Context, name: &str) -> anyhow::Result<()> {
    let settings = context.settings.of_profile(name)?;
    if context.settings.profiles()?.contains(name) {
        let error = Error::usage(format!("there is a profile `{name}` already"));
        return Err(error
            .hint(format!("`guuru profile show {name}` shows it, `guuru profile use {name}` takes it"))
            .into());
    }
    settings.keep_profile()?;
    context.terminal.status(&format!("profile `{name}` is created; `guuru auth login --profile {name}` signs in"));
    Ok(())
}

fn choose(context: &Context, name: &str) -> anyhow::Result<()> {
    existing(context, name)?.use_profile()?;
    context.terminal.status(&format!("profile `{name}` is in use"));
    if context.settings.origins.profile == Origin::Environment && context.settings.profile != name {
        context.terminal.warn("GUURU_PROFILE is set, and goes before it: unset it");
    }
    Ok(())
}

fn delete(context: &Context, args: &DeleteArgs) -> anyhow::Result<()> {
    let name = &args.name;
    let settings = existing(context, name)?;
    if !args.yes {
        if !context.terminal.can_ask() {
            return Err(Error::usage(format!("nobody can be asked whether to delete profile `{name}`"))
                .hint("--yes deletes it without a question")
                .into());
        }
        let question = format!("Delete profile `{name}` with its settings, its secrets, and all events in its store?");
        if !context.terminal.confirm(&question)? {
            return Err(Error::usage(format!("profile `{name}` was not deleted")).into());
        }
    }
    settings.check_state(context.terminal.is_attended())?;
    store::delete(&settings.store_path()).with_context(|| format!("cannot delete profile `{name}`"))?;
    if let Err(error) = auth::remove(context.terminal, &context.vault, name) {
        context.terminal.warn(&format!("{error:#}"));
    }
    settings.forget_schemas()?;
    settings.remove_profile()?;
    context.terminal.status(&format!("profile `{name}` is deleted"));
    Ok(())
}

/// The settings of an existing profile.
fn existing(context: &Context, name: &str) -> anyhow::Result<Settings> {
    let settings = context.settings.of_profile(name)?;
    settings.check_profile()?;
    Ok(settings)
}

fn shown(context: &Context, settings: &Settings) -> Profile {
    let store = settings.store_path();
    Profile {
        name: settings.profile.clone(),
        in_use: settings.profile == context.settings.profile,
        endpoint: api::shown(&settings.endpoint),
        store: store.exists().then(|| store.display().to_string()),
    }
}
