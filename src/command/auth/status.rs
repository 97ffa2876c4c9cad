//! `guuru auth status`: which secrets each profile has, and whether the platform takes the token.

use std::fmt;

use anyhow::Context as _;
use serde::Serialize;

use super::partner_id;
use crate::api;
use crate::command::shared::act::RequestArgs;
use crate::config::{Found, Origin, Secret, SecretPlace, Settings, missing};
use crate::context::Context;
use crate::error::Report;
use crate::output::{self, visible};

/// Show for each profile where its secrets come from, and whether its token works
///
/// Where a profile is named, for that one alone. The exit code is that of the profile in use: 0 where its token works,
/// 3 where it has none, 6 where the platform refuses it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru auth status -o jsonl | jq -r .partnerId")]
pub(super) struct Args {
    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Vec<Status>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    profile: String,
    in_use: bool,
    endpoint: String,
    /// Where the token comes from; null where there is none.
    token: Option<SecretPlace>,
    webhook_secret: Option<SecretPlace>,
    /// The partner that the token belongs to; null where it does not work.
    partner_id: Option<String>,
    /// Why it does not.
    error: Option<Report>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = output::table(&["PROFILE", "IN USE", "TOKEN", "WEBHOOK SECRET", "PARTNER"]);
        for status in &self.0 {
            let place = |place: Option<SecretPlace>| place.map_or("-", SecretPlace::name).to_owned();
            let partner = match (&status.partner_id, &status.error) {
                (Some(id), _) => visible(id),
                (None, Some(error)) => visible(&error.message),
                (None, None) => String::new(),
            };
            let in_use = if status.in_use { "*" } else { "" };
            table.add_row([
                status.profile.clone(),
                in_use.to_owned(),
                place(status.token),
                place(status.webhook_secret),
                partner,
            ]);
        }
        write!(f, "{table}")
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let settings = &context.settings;
    settings.check_profile()?;
    let named = matches!(settings.origins.profile, Origin::Flag | Origin::Environment);
    let mut all = Vec::new();
    let mut failed = None;
    for name in settings.profiles()?.into_iter().filter(|name| !named || *name == settings.profile) {
        let (status, error) = look(context, &args.request, &settings.of_profile(&name)?)?;
        failed = failed.or(error.filter(|_| status.in_use));
        all.push(status);
    }
    context.print(&View(all))?;
    failed.map_or(Ok(()), Err)
}

fn look(
    context: &Context,
    request: &RequestArgs,
    settings: &Settings,
) -> anyhow::Result<(Status, Option<anyhow::Error>)> {
    let profile = &settings.profile;
    let webhook_secret = match context.vault.find(profile, Secret::WebhookSecret)? {
        Found::Here(_, place) => Some(place),
        Found::Nowhere(_) => None,
    };
    let (token, partner_id) = match context.vault.find(profile, Secret::Token)? {
        Found::Here(token, place) => {
            let id = partner_id(context, request, settings, token);
            (Some(place), id.with_context(|| format!("cannot sign in with profile `{profile}`")))
        }
        Found::Nowhere(fault) => (None, Err(missing(profile, Secret::Token, fault.as_ref()))),
    };
    let (partner_id, error) = match partner_id {
        Ok(id) => (Some(id), None),
        Err(error) => (None, Some(error)),
    };
    let status = Status {
        profile: profile.clone(),
        in_use: *profile == context.settings.profile,
        endpoint: api::shown(&settings.endpoint),
        token,
        webhook_secret,
        partner_id,
        error: error.as_ref().map(Report::from),
    };
    Ok((status, error))
}
