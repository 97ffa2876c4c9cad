//! `guuru auth logout`: remove what `login` has kept.

use std::fmt;

use serde::Serialize;

use crate::config::{Fault, Secret, SecretPlace, Vault};
use crate::context::Context;
use crate::error::Error;
use crate::terminal::Terminal;

/// Remove the profile's access token and webhook secret from this machine
///
/// What was kept of the endpoint's schema goes with them. The platform is not told: who has the token can still use it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru auth logout --profile staging")]
pub(super) struct Args {}

#[derive(Serialize)]
struct View {
    profile: String,
    /// The places that had something.
    removed: Vec<SecretPlace>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<&str> = self.removed.iter().map(|place| place.name()).collect();
        match places[..] {
            [] => write!(f, "nothing was kept for profile `{}`", self.profile),
            _ => write!(f, "signed out of profile `{}` (removed from: {})", self.profile, places.join(", ")),
        }
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, _: &Args) -> anyhow::Result<()> {
    context.settings.check_profile()?;
    let profile = &context.settings.profile;
    context.settings.forget_schemas()?;
    let removed = remove(context.terminal, &context.vault, profile)?;
    for secret in Secret::ALL.into_iter().filter(|secret| secret.in_environment().is_some()) {
        context.terminal.warn(&format!("{} is still set, and is used: unset it", secret.variable()));
    }
    context.print(&View { profile: profile.clone(), removed })
}

/// Removes the profile's secrets, and returns from where.
///
/// # Errors
/// [`crate::error::Kind::Config`] when nothing was removed and the keyring could not be asked: something may still be there.
pub(in crate::command) fn remove(terminal: Terminal, vault: &Vault, profile: &str) -> anyhow::Result<Vec<SecretPlace>> {
    let mut removed = Vec::new();
    let mut fault = None;
    for secret in Secret::ALL {
        if vault.remove_from_file(profile, secret)? {
            removed.push(SecretPlace::File);
        }
        match vault.remove_from_keyring(profile, secret) {
            Ok(true) => removed.push(SecretPlace::Keyring),
            Ok(false) => {}
            Err(other) => fault = Some(other),
        }
    }
    removed.sort_unstable();
    removed.dedup();
    match fault {
        Some(fault) if removed.is_empty() => {
            let error = Error::config(format!("cannot remove the secrets of profile `{profile}`: {fault}"));
            Err(error.hint("try again where the keyring can be used").into())
        }
        Some(fault) => {
            left_alone(terminal, &fault);
            Ok(removed)
        }
        None => Ok(removed),
    }
}

/// Says that the keyring may still hold an older secret; where there is no keyring it cannot.
pub(super) fn left_alone(terminal: Terminal, fault: &Fault) {
    let text = format!("the keyring was left alone: {fault}");
    match fault {
        Fault::NoBus | Fault::NoService => terminal.detail(&text),
        _ => terminal.warn(&text),
    }
}
