//! `guuru verify`: why a captured webhook was refused.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::command::shared::input;
use crate::command::shared::receiver::webhook_secrets;
use crate::context::Context;
use crate::error::{Error, Kind};

/// The largest body that is read, in bytes.
const BODY_LIMIT: u64 = 64 * 1024 * 1024;

/// Check the signature of a captured webhook and say why it is wrong
///
/// The body comes from stdin, byte for byte as it was received. It is checked with the webhook secret; where there are
/// several, the one that fits is named by its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru verify --signature \"$SIGNATURE\" < body.json")]
pub struct Args {
    /// What the header X-Guuru-Hmac-Sha256 carried
    #[arg(long, value_name = "HEX")]
    signature: String,
}

#[derive(Serialize)]
struct View {
    valid: bool,
    /// The place, from 1, of the secret that fits, and how many there are; left out where there is one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secrets: Option<usize>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the signature is right")?;
        match (self.secret, self.secrets) {
            (Some(secret), Some(secrets)) => write!(f, " (secret {secret} of {secrets})"),
            _ => Ok(()),
        }
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let secrets = webhook_secrets(context)?;
    let body = input::bytes(Path::new(input::STDIN), "the body on stdin", BODY_LIMIT)?;
    // A header's value has no white space around it; what was copied may have.
    let signature = args.signature.trim().as_bytes();
    let place = secrets.verify(&body, signature).map_err(|mismatch| {
        let mismatch = secrets.explain(&body, signature, mismatch);
        Error::new(Kind::Failure, mismatch.to_string()).hint(mismatch.hint())
    })?;
    let several = secrets.len() > 1;
    context.print(&View {
        valid: true,
        secret: several.then_some(place + 1),
        secrets: several.then_some(secrets.len()),
    })
}
