//! The access token and the webhook secret. Never in an argument, where `ps` shows them.

use std::env;

use secrecy::SecretString;

use crate::error::Error;

/// Where the access token is looked for.
const TOKEN_VARIABLE: &str = "GUURU_TOKEN";
/// Where the webhook secret is looked for; comma-separated while it is being rotated.
const SECRET_VARIABLE: &str = "GUURU_WEBHOOK_SECRET";

/// The access token.
///
/// # Errors
/// [`crate::error::Kind::Config`] when there is none.
pub fn token() -> anyhow::Result<SecretString> {
    variable(TOKEN_VARIABLE, "access token")
}

/// The webhook secret, or several.
///
/// # Errors
/// [`crate::error::Kind::Config`] when there is none.
pub fn webhook_secret() -> anyhow::Result<SecretString> {
    variable(SECRET_VARIABLE, "webhook secret")
}

fn variable(name: &str, what: &str) -> anyhow::Result<SecretString> {
    let value = env::var(name).unwrap_or_default();
    let value = value.trim();
    if value.is_empty() {
        return Err(Error::config(format!("no {what}")).hint(format!("set {name}")).into());
    }
    Ok(SecretString::from(value))
}
