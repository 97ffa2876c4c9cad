//! What the commands that act on the platform have in common: the flags, the client, the dry run.

use std::time::Duration;

use anyhow::Context as _;
use secrecy::SecretString;

use super::value;
use crate::action::{Journal, Planner, Worker};
use crate::api::schema::Documents;
use crate::api::{self, Client};
use crate::config::{Secret, Settings};
use crate::context::Context;
use crate::model::Command;
use crate::output::{Format, Output};
use crate::store::{SharedStore, Writer};

/// The flags of every command that talks to the platform.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request options")]
pub(crate) struct ConnectArgs {
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
pub(crate) struct RequestArgs {
    #[command(flatten)]
    connect: ConnectArgs,

    /// Do not adapt to the endpoint's schema where it differs: an operation that does not fit it fails
    #[arg(long)]
    no_sync: bool,
}

impl ConnectArgs {
    /// A client for the endpoint and the token in force.
    pub(crate) fn client(&self, context: &Context) -> anyhow::Result<Client> {
        let settings = self.settings(&context.settings, context.secret(Secret::Token)?);
        Self::connect(context, settings)
    }

    /// What a client needs to know for this profile and token.
    fn settings(&self, settings: &Settings, token: SecretString) -> api::Settings {
        api::Settings {
            timeout: self.timeout,
            retries: self.retries,
            documents: Some(settings.documents_dir(&settings.endpoint)),
            schema: settings.schema_file(&settings.endpoint),
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
    pub(crate) fn client(&self, context: &Context) -> anyhow::Result<Client> {
        let settings = self.connect.settings(&context.settings, context.secret(Secret::Token)?);
        ConnectArgs::connect(context, api::Settings { sync: !self.no_sync, ..settings })
    }

    /// A client that tries this token at the profile's endpoint. A person waits for the answer, so it does not wait for a service
    /// on this machine to start.
    pub(crate) fn trial(&self, context: &Context, profile: &Settings, token: SecretString) -> anyhow::Result<Client> {
        let settings = self.connect.settings(profile, token);
        ConnectArgs::connect(context, api::Settings { sync: !self.no_sync, await_local: false, ..settings })
    }
}

/// The flags of commands that keep a journal.
#[derive(Debug, clap::Args)]
pub(crate) struct JournalArgs {
    /// Keep each command under its `ref`, so that repeating it sends nothing twice
    #[arg(long)]
    journal: bool,

    /// With --journal: your word that no request takes effect later than this after it was sent
    ///
    /// A message whose answer was lost, and that is not in its chat by then, is sent again when its `ref` is repeated. Without
    /// this it stays unknown, as nobody can tell how late a platform may still carry out what it got.
    #[arg(long, value_name = "TIME", requires = "journal", value_parser = value::duration)]
    settle_after: Option<Duration>,
}

/// The flags of every command that carries out a mutation.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request options")]
pub(crate) struct ActArgs {
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
    /// Carries the command out and prints what came of it; a dry run prints what would be sent.
    pub(crate) fn run(&self, context: &Context, command: Command) -> anyhow::Result<()> {
        let client = if self.dry_run { None } else { Some(self.request.client(context)?) };
        let planner = Planner { endpoint: context.settings.endpoint.as_str(), store: None };
        if !context.settings.store_path().exists() {
            // Without a store, mistakes are reported before one is created.
            planner.plan(&command).with_context(|| format!("cannot {}", command.describe()))?;
        }
        let writer = if self.stateless { None } else { Some(context.writer()?) };
        if let Some(writer) = &writer {
            context.terminal.detail(&format!("the store is {}", writer.path().display()));
        }
        let store = writer.map(SharedStore::new).transpose()?;
        let Some(client) = client else {
            return Self::print_plan(context, Planner { store: store.as_ref(), ..planner }, &command);
        };
        let worker = Worker { client, store, journal: None, terminal: context.terminal };
        let outcome = worker.run(&command.into());
        if let Some(store) = &worker.store {
            store.writer.write_back_large_log();
        }
        let completed = outcome.result?;
        if completed.settled {
            context.terminal.status("the answer did not tell what became of it: a look at the chat did");
        }
        context.print(&completed)
    }

    fn print_plan(context: &Context, planner: Planner<'_>, command: &Command) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        let output = Output { format: Format::Jsonl, ..context.output() };
        let documents = Documents::of(Some(context.settings.documents_dir(&context.settings.endpoint)));
        for call in planner.plan(command)? {
            lines.extend(output.json(&documents.prepare(&call)?)?);
        }
        context.terminal.print(&lines)
    }
}

/// Carries out the commands of lines, with the store and the settings in force.
pub(crate) fn worker(
    context: &Context,
    client: &Client,
    writer: &Writer,
    journal: &JournalArgs,
) -> anyhow::Result<Worker> {
    let JournalArgs { journal, settle_after } = *journal;
    Ok(Worker {
        client: client.clone(),
        store: Some(SharedStore::new(writer.clone())?),
        journal: journal.then_some(Journal { settle_after }),
        terminal: context.terminal,
    })
}
