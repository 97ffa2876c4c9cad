//! `guuru doctor`: is everything set up? One check after the other, each on a thread of its own so that none can hang, and
//! each with its remedy. A check that needs what an earlier one did not find says so and is skipped.

mod clock;
mod configuration;
mod endpoint;
mod inbox;
mod platform;
mod public_url;
mod self_test;
mod unreached;
mod webhook_secret;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use url::Url;

use crate::command::shared::value;
use crate::config::{Settings, Vault};
use crate::context::{Context, Given};
use crate::error::{Error, Kind, Report};
use crate::output::{self, Format, Output, visible};
use crate::terminal::{Progress, Terminal};

/// Find out whether everything is set up, and what is wrong
///
/// It looks at the configuration, the endpoint and this machine's clock, the access token, the endpoint's schema, whether
/// chat is available, the service account, the webhook secret and the inbox, and hands a receiver of its own a webhook. With
/// --public-url it also posts a signed ping to the `guuru listen` or `guuru bridge` that runs behind that URL, which answers
/// it and keeps nothing of it. Nothing is changed. The exit code is 1 when a check failed; a warning is no failure.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru doctor --public-url https://chat.example.com/")]
pub struct Args {
    /// Where the platform reaches the receiver, as it is entered in the portal
    #[arg(long, value_name = "URL", value_parser = value::http)]
    public_url: Option<Url>,

    /// Longest time for one check
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = value::time_limit)]
    timeout: Duration,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Warning,
    Failed,
    Skipped,
}

impl Status {
    /// Its word in JSON.
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What a check found.
#[derive(Debug, Serialize)]
struct Finding {
    status: Status,
    message: String,
    /// The remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Finding {
    fn ok(message: impl Into<String>) -> Self {
        Self { status: Status::Ok, message: message.into(), hint: None }
    }

    fn warning(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status: Status::Warning, message: message.into(), hint: Some(hint.into()) }
    }

    fn skipped(message: impl Into<String>) -> Self {
        Self { status: Status::Skipped, message: message.into(), hint: None }
    }

    fn failed(error: &anyhow::Error) -> Self {
        let Report { message, hint, .. } = Report::from(error);
        Self { status: Status::Failed, message, hint }
    }
}

/// What a check found, and what later checks need of it. A check that fails is an error.
type Checked<T> = anyhow::Result<(Finding, T)>;

#[derive(Serialize)]
struct Check {
    name: &'static str,
    #[serde(flatten)]
    finding: Finding,
}

#[derive(Serialize)]
struct View {
    checks: Vec<Check>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["CHECK", "STATUS", "FOUND"]);
        for Check { name, finding: Finding { status, message, hint } } in &self.checks {
            let remedy = hint.iter().map(|hint| format!("\n→ {}", visible(hint)));
            let found = std::iter::once(visible(message)).chain(remedy).collect();
            table.add_row([(*name).to_owned(), status.name().to_owned(), found]);
        }
        write!(f, "{table}")
    }
}

/// What all checks look at; each has a copy for its thread.
#[derive(Clone)]
struct Subject {
    settings: Settings,
    /// One for all, so that a keyring that does not answer is waited for once.
    vault: Arc<Vault>,
    terminal: Terminal,
    /// The limit on one request. It is a little shorter than that of the check, because the request's error says more.
    patience: Duration,
}

/// The names of the checks, in their order.
const CONFIGURATION: &str = "configuration";
const ENDPOINT: &str = "endpoint";
const CLOCK: &str = "clock";
const TOKEN: &str = "token";
const SCHEMA: &str = "schema";
const CHAT: &str = "chat";
const SERVICE_ACCOUNT: &str = "service-account";
const WEBHOOK_SECRET: &str = "webhook-secret";
const INBOX: &str = "inbox";
const SELF_TEST: &str = "self-test";
const PUBLIC_URL: &str = "public-url";
const ALL: [&str; 11] = [
    CONFIGURATION,
    ENDPOINT,
    CLOCK,
    TOKEN,
    SCHEMA,
    CHAT,
    SERVICE_ACCOUNT,
    WEBHOOK_SECRET,
    INBOX,
    SELF_TEST,
    PUBLIC_URL,
];

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let terminal = context.terminal;
    let subject = Subject {
        settings: context.settings.clone(),
        vault: Arc::new(Vault::new(&context.settings.config_dir)),
        terminal,
        patience: args.timeout.mul_f64(0.8),
    };
    let progress = terminal.progress_of_list(Some(ALL.len() as u64));
    let mut examination = Examination { limit: args.timeout, checks: Vec::new(), progress };
    examination.run(&subject, args.public_url.clone());
    examination.progress.finish();
    conclude(terminal, context.output(), examination.checks)
}

/// Reports a configuration that cannot be read. Then nothing else can be checked.
pub fn run_without_context(given: &Given, error: &anyhow::Error) -> anyhow::Result<()> {
    let filter = given.filter()?;
    let format = given.settings.output.unwrap_or_else(Format::default_for_stdout);
    let output = Output { format, filter: filter.as_ref() };
    let mut checks = vec![Check { name: CONFIGURATION, finding: Finding::failed(error) }];
    checks.extend(ALL[1..].iter().map(|name| Check { name, finding: not_tried(CONFIGURATION) }));
    conclude(given.terminal, output, checks)
}

/// A check that needs what another did not find.
fn not_tried(because_of: &str) -> Finding {
    Finding::skipped(format!("not tried: see {because_of}"))
}

fn conclude(terminal: Terminal, output: Output, checks: Vec<Check>) -> anyhow::Result<()> {
    let all = checks.len();
    let failed: Vec<_> =
        checks.iter().filter(|check| check.finding.status == Status::Failed).map(|check| check.name).collect();
    terminal.print(&output.render(&View { checks })?)?;
    if failed.is_empty() {
        return Ok(());
    }
    Err(Error::new(Kind::Failure, format!("{} of {all} checks failed: {}", failed.len(), failed.join(", "))).into())
}

/// The checks so far.
struct Examination {
    limit: Duration,
    checks: Vec<Check>,
    progress: Progress,
}

impl Examination {
    fn run(&mut self, subject: &Subject, public_url: Option<Url>) {
        let configured = self.check(CONFIGURATION, subject, |subject| configuration::check(&subject));
        if configured.is_none() {
            return ALL[1..].iter().for_each(|name| self.add(name, not_tried(CONFIGURATION)));
        }
        let reached = self.check(ENDPOINT, subject, |subject| endpoint::check(&subject));
        let is_reached = reached.is_some();
        self.check_given(CLOCK, (ENDPOINT, reached), subject, |_, reached| Ok((clock::check(&reached), ())));
        let client = self.check(TOKEN, subject, move |subject| platform::token(&subject, is_reached)).flatten();
        self.check_given(SCHEMA, (TOKEN, client.clone()), subject, |_, client| platform::schema(&client));
        self.check_given(CHAT, (TOKEN, client.clone()), subject, |_, client| platform::chat(&client));
        self.check_given(SERVICE_ACCOUNT, (TOKEN, client), subject, |_, client| platform::service_account(&client));
        let secrets = self.check(WEBHOOK_SECRET, subject, |subject| webhook_secret::check(&subject));
        self.check(INBOX, subject, |subject| inbox::check(&subject));
        let of_test = secrets.clone();
        self.check(SELF_TEST, subject, |subject| self_test::check(&subject, of_test));
        match public_url {
            Some(url) => {
                self.check_given(PUBLIC_URL, (WEBHOOK_SECRET, secrets), subject, move |subject, secrets| {
                    public_url::check(&subject, &url, &secrets)
                });
            }
            None => self.add(PUBLIC_URL, Finding::skipped("not tried: --public-url URL tries the way in from outside")),
        }
    }

    /// Carries out a check that needs what an earlier one found.
    fn check_given<N: Send + 'static, T: Send + 'static>(
        &mut self,
        name: &'static str,
        (source, needed): (&str, Option<N>),
        subject: &Subject,
        check: impl FnOnce(Subject, N) -> Checked<T> + Send + 'static,
    ) {
        match needed {
            Some(needed) => drop(self.check(name, subject, |subject| check(subject, needed))),
            None => self.add(name, not_tried(source)),
        }
    }

    /// Carries out a check, notes what it found, and returns what later ones need; `None` where it failed.
    fn check<T: Send + 'static>(
        &mut self,
        name: &'static str,
        subject: &Subject,
        check: impl FnOnce(Subject) -> Checked<T> + Send + 'static,
    ) -> Option<T> {
        let (sender, result) = channel();
        let subject = subject.clone();
        // A check that hangs is left behind, and ends with the process.
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || sender.send(check(subject)));
        let result = match started {
            Ok(_) => result.recv_timeout(self.limit),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        let (finding, needed) = match result {
            Ok(Ok((finding, needed))) => (finding, Some(needed)),
            Ok(Err(error)) => (Finding::failed(&crate::store::explain(error)), None),
            Err(RecvTimeoutError::Timeout) => (Finding::failed(&late(self.limit)), None),
            Err(RecvTimeoutError::Disconnected) => {
                (Finding::failed(&anyhow::anyhow!("the check itself broke off")), None)
            }
        };
        self.add(name, finding);
        needed
    }

    fn add(&mut self, name: &'static str, finding: Finding) {
        self.checks.push(Check { name, finding });
        self.progress.advance(1);
    }
}

fn late(limit: Duration) -> anyhow::Error {
    let error = Error::new(Kind::Failure, format!("it did not come to its end within {} s", limit.as_secs_f64()));
    error.hint("give it more time with --timeout").into()
}
