//! `guuru partner`.

use std::fmt;

use anyhow::Context as _;
use serde::Serialize;

use crate::api::operation::partner;
use crate::command::shared::act::RequestArgs;
use crate::context::Context;
use crate::model::Partner;
use crate::output::visible;

/// Show the partner that the access token belongs to, and whether end users can start chats now
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru partner --jq .state.chat.isAvailable")]
pub struct Args {
    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Partner);

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", visible(&self.0.id))?;
        let chat = self.0.state.as_ref().and_then(|state| state.chat.as_ref());
        match chat.and_then(|chat| chat.is_available) {
            Some(true) => write!(f, "  chat is available"),
            Some(false) => write!(f, "  chat is not available"),
            None => Ok(()),
        }
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let partner = args.request.client(context)?.call(&partner::show()).context("cannot show the partner")?;
    context.print(&View(partner))
}
