//! `guuru auth login`: ask for the secrets, try the token, and keep them.

use std::fmt;
use std::path::Path;

use anyhow::Context as _;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::logout::left_alone;
use super::partner_id;
use crate::api;
use crate::command::shared::act::RequestArgs;
use crate::command::shared::input;
use crate::config::{Fault, Secret, SecretPlace};
use crate::context::Context;
use crate::error::Error;
use crate::output::visible;
use crate::webhook::Secrets;

/// Keep the access token and the webhook secret of a profile
///
/// Asks for both, or reads from stdin what the flags name, one line for each. The token is tried before it is kept. Only what
/// is given is kept, the other stays as it was. A profile that is new is created, and `--endpoint` is kept with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru auth login --token-stdin < token.txt")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct Args {
    /// Read the access token from stdin
    #[arg(long)]
    token_stdin: bool,

    /// Read the webhook secret from stdin: the second line, where the token is the first
    #[arg(long)]
    secret_stdin: bool,

    /// Keep them in clear text in a file that only you may read, instead of the keyring
    #[arg(long)]
    insecure_storage: bool,

    /// Keep the token without trying it
    #[arg(long)]
    no_check: bool,

    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    profile: String,
    /// Left out where no token was given, or it was not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_id: Option<String>,
    /// What was kept.
    kept: Vec<Secret>,
    place: SecretPlace,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept: Vec<&str> = self.kept.iter().map(|secret| secret.name()).collect();
        write!(f, "profile `{}`: {} kept in the {}", self.profile, kept.join(" and "), self.place.name())?;
        match &self.partner_id {
            Some(id) => write!(f, "; signed in as partner {}", visible(id)),
            None => Ok(()),
        }
    }
}

type Given = Vec<(Secret, SecretString)>;

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    announce(context, args);
    let given = if args.token_stdin || args.secret_stdin { read(args)? } else { ask(context)? };
    let token = given.iter().find(|(secret, _)| *secret == Secret::Token).map(|(_, value)| value.clone());
    let partner_id = match token {
        Some(token) if !args.no_check => Some(check(context, &args.request, token)?),
        _ => None,
    };
    let place = keep(context, args, &given)?;
    context.settings.keep_profile()?;
    for (secret, _) in given.iter().filter(|(secret, _)| secret.in_environment().is_some()) {
        context.terminal.warn(&format!("{} is set, and goes before what is kept: unset it", secret.variable()));
    }
    let kept = given.iter().map(|(secret, _)| *secret).collect();
    context.print(&View { profile: context.settings.profile.clone(), partner_id, kept, place })
}

/// Says where the token will be sent, if that is not the platform, before it is entered.
fn announce(context: &Context, args: &Args) {
    let settings = &context.settings;
    let is_sent = !args.no_check && (args.token_stdin || !args.secret_stdin);
    if let Some(origin) = settings.endpoint_origin().filter(|_| is_sent) {
        let endpoint = api::shown(&settings.endpoint);
        context.terminal.status(&format!("the access token will be sent to {endpoint}, which {origin}"));
    }
}

/// The lines of stdin that the flags name.
fn read(args: &Args) -> anyhow::Result<Given> {
    let text = input::text(Path::new(input::STDIN))?;
    let wanted = [(args.token_stdin, Secret::Token), (args.secret_stdin, Secret::WebhookSecret)];
    let mut lines = text.lines().map(str::trim);
    let mut given = Vec::new();
    for (_, secret) in wanted.into_iter().filter(|(wanted, _)| *wanted) {
        let line = lines.next().filter(|line| !line.is_empty());
        let value = line.ok_or_else(|| {
            let error = Error::usage(format!("there is no {} on stdin", secret.name()));
            error.hint("give it on a line of its own, the token before the secret")
        })?;
        given.push((secret, SecretString::from(value)));
    }
    if lines.any(|line| !line.is_empty()) {
        let error = Error::usage("stdin has more lines than were asked for");
        return Err(error.hint("with both --token-stdin and --secret-stdin the token is the first line").into());
    }
    usable(given)
}

fn ask(context: &Context) -> anyhow::Result<Given> {
    let terminal = context.terminal;
    if !terminal.can_ask() {
        let error = Error::usage("no access token and no webhook secret is given, and nobody can be asked");
        let hint =
            "give them with --token-stdin and --secret-stdin, or set GUURU_TOKEN and GUURU_WEBHOOK_SECRET instead";
        return Err(error.hint(hint).into());
    }
    terminal.status("Both are in the GUURU portal. What you leave empty stays as it is.");
    let mut given = Vec::new();
    for (secret, question) in [(Secret::Token, "Access token"), (Secret::WebhookSecret, "Webhook secret")] {
        let answer = terminal.ask_hidden(question)?;
        let answer = answer.expose_secret().trim();
        if !answer.is_empty() {
            given.push((secret, SecretString::from(answer)));
        }
    }
    if given.is_empty() {
        return Err(Error::usage("neither an access token nor a webhook secret was given").into());
    }
    usable(given)
}

fn usable(given: Given) -> anyhow::Result<Given> {
    for (secret, value) in &given {
        if *secret == Secret::WebhookSecret && Secrets::parse(value.expose_secret()).is_empty() {
            return Err(Error::usage("the webhook secret is empty").into());
        }
        if *secret == Secret::Token {
            api::check_token(value)?;
        }
    }
    Ok(given)
}

fn check(context: &Context, request: &RequestArgs, token: SecretString) -> anyhow::Result<String> {
    let settings = &context.settings;
    partner_id(context, request, settings, token).with_context(|| {
        let endpoint = api::shown(&settings.endpoint);
        format!("nothing is kept for profile `{}`: the access token was tried at {endpoint}", settings.profile)
    })
}

/// Stores the secrets, and returns where. They are in one place only: what an earlier login left in the other place is removed.
fn keep(context: &Context, args: &Args, given: &Given) -> anyhow::Result<SecretPlace> {
    let (vault, profile) = (&context.vault, &context.settings.profile);
    if !args.insecure_storage {
        let kept = given.iter().try_for_each(|(secret, value)| vault.keep_in_keyring(profile, *secret, value));
        match kept {
            Ok(()) => {
                for (secret, _) in given {
                    vault.remove_from_file(profile, *secret)?;
                }
                return Ok(SecretPlace::Keyring);
            }
            Err(fault) => accept_file(context, &fault)?,
        }
    }
    for (secret, value) in given {
        vault.keep_in_file(profile, *secret, value)?;
        if let Err(fault) = vault.remove_from_keyring(profile, *secret) {
            left_alone(context.terminal, &fault);
        }
    }
    Ok(SecretPlace::File)
}

/// Whether somebody who is asked takes the file instead of the keyring.
fn accept_file(context: &Context, fault: &Fault) -> anyhow::Result<()> {
    let file = context.vault.file();
    let file = file.display();
    if context.terminal.can_ask() {
        context.terminal.warn(&fault.to_string());
        if context.terminal.confirm(&format!("Keep the secrets in {file}, in clear text, which only you may read?"))? {
            return Ok(());
        }
    }
    Err(Error::config(format!("cannot keep the secrets: {fault}"))
        .hint(format!(
            "--insecure-storage keeps them in {file}, in clear text, which only you may read; or set GUURU_TOKEN and \
             GUURU_WEBHOOK_SECRET"
        ))
        .into())
}
