//! What the commands that act on the platform have in common: the flags, the client, the dry run.

use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;

use super::value;
use crate::api::schema::Documents;
use crate::api::{self, Client};
use crate::bridge::{Completed, Executor};
use crate::config::{Secret, Settings};
use crate::context::Context;
use crate::model::Command;
use crate::output::{Format, Output};
use crate::store::Shared;

/// The flags of every command that talks to the platform.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request options")]
pub(super) struct ConnectArgs {
    /// Longest time for one attempt
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = value::time_limit)]
    timeout: Duration,

    /// Further attempts, where trying again cannot do anything twice
    #[arg(long, value_name = "N", default_value_t = 4)]
    retries: u32,
}

/// The flags of every command that sends one of the program's own documents.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request options")]
pub(super) struct RequestArgs {
    #[command(flatten)]
    connect: ConnectArgs,

    /// Do not adapt to the endpoint's schema where it differs: an operation that does not fit it fails
    #[arg(long)]
    no_sync: bool,
}

impl ConnectArgs {
    /// A client for the endpoint and the token in force.
    pub(super) fn client(&self, context: &Context) -> anyhow::Result<Client> {
        let settings = self.settings(&context.settings, context.secret(Secret::Token)?);
        Self::connect(context, settings)
    }

    /// What a client needs to know for this profile and token.
    fn settings(&self, settings: &Settings, token: SecretString) -> api::Settings {
        api::Settings {
            timeout: self.timeout,
            retries: self.retries,
            documents: Some(settings.documents_dir(&settings.endpoint)),
            unreached: settings.endpoint_advice(),
            ..api::Settings::new(settings.endpoint.clone(), token)
        }
    }

    fn connect(context: &Context, settings: api::Settings) -> anyhow::Result<Client> {
        let terminal = context.terminal;
        terminal.detail(&format!("the Admin API is {}", api::shown(&settings.endpoint)));
        Client::new(settings, move |notice| terminal.status(notice))
    }
}

impl RequestArgs {
    /// A client for the endpoint and the token in force.
    pub(super) fn client(&self, context: &Context) -> anyhow::Result<Client> {
        let settings = self.connect.settings(&context.settings, context.secret(Secret::Token)?);
        ConnectArgs::connect(context, api::Settings { sync: !self.no_sync, ..settings })
    }

    /// A client that tries this token at the profile's endpoint: a person waits for the answer, so a service of this machine
    /// that does not run is not waited for.
    pub(super) fn trial(&self, context: &Context, profile: &Settings, token: SecretString) -> anyhow::Result<Client> {
        let settings = self.connect.settings(profile, token);
        ConnectArgs::connect(context, api::Settings { sync: !self.no_sync, await_local: false, ..settings })
    }
}

/// The flags of every command that carries out a mutation.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request options")]
pub(super) struct ActArgs {
    #[command(flatten)]
    request: RequestArgs,

    /// Print the request as JSON, a line for each, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Neither use nor keep anything in the store: the platform is asked for the persona each time
    #[arg(long)]
    stateless: bool,
}

impl ActArgs {
    /// Carries the command out; `None` when it was a dry run, which prints what would be sent.
    pub(super) fn run(&self, context: &Context, command: &Command) -> anyhow::Result<Option<Completed>> {
        let client = if self.dry_run { None } else { Some(self.request.client(context)?) };
        let warn = |text: &str| context.terminal.warn(text);
        let endpoint = context.settings.endpoint.as_str();
        let executor = Executor { endpoint, store: None, warn: &warn, reference: None, repeated: false };
        if !context.settings.store_path().exists() {
            // What is wrong without a store is told before there is one.
            executor.plan(command).with_context(|| format!("cannot {}", command.describe()))?;
        }
        let writer = if self.stateless { None } else { Some(context.writer()?) };
        if let Some(writer) = &writer {
            context.terminal.detail(&format!("the store is {}", writer.path().display()));
        }
        let store = writer.map(Shared::new).transpose()?;
        let executor = Executor { store: store.as_ref(), ..executor };
        if let Some(client) = client {
            let completed = executor.run(&client, command);
            if let Some(store) = &store {
                store.writer.settle_large();
            }
            let completed = completed?;
            if completed.settled {
                context.terminal.status("the answer did not tell what became of it: a look at the chat did");
            }
            return Ok(Some(completed));
        }
        let mut lines = Vec::new();
        let output = Output { format: Format::Jsonl, ..context.output() };
        let documents = Documents::of(Some(context.settings.documents_dir(&context.settings.endpoint)));
        for call in executor.plan(command)? {
            lines.extend(output.json(&documents.prepare(&call)?)?);
        }
        context.terminal.print(&lines)?;
        Ok(None)
    }
}
