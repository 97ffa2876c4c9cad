//! `guuru auth`: the access token and the webhook secret.

mod login;
mod logout;
mod secret;
mod status;

pub(super) use logout::remove;

use clap::Subcommand;
use secrecy::SecretString;

use crate::api::operation::partner::{self, PartnerId};
use crate::command::shared::act::RequestArgs;
use crate::config::Settings;
use crate::context::Context;

/// Sign in and out: the access token and the webhook secret, in the system's keyring
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Login(login::Args),
    Status(status::Args),
    Logout(logout::Args),
    Secret(secret::Args),
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    match args.verb {
        Verb::Login(args) => login::run(context, &args),
        Verb::Status(args) => status::run(context, &args),
        Verb::Logout(args) => logout::run(context, &args),
        Verb::Secret(args) => secret::run(context, &args),
    }
}

/// The id of the partner that the token belongs to, if the platform takes it.
fn partner_id(
    context: &Context,
    request: &RequestArgs,
    profile: &Settings,
    token: SecretString,
) -> anyhow::Result<String> {
    let partner: PartnerId = request.trial(context, profile, token)?.call(&partner::auth_status())?;
    Ok(partner.id)
}
