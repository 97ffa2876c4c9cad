//! `guuru expert`: who answers chats.

use anyhow::Context as _;
use clap::Subcommand;

use crate::api::operation::partner;
use crate::command::shared::list::{self, ListArgs, Row, cell};
use crate::context::Context;
use crate::model::Expert;

/// Look at the experts of the community
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(ListVerb),
}

/// List the experts of the community
///
/// The service account that chats must be offered to has the id `api`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru expert list --all --jq '.[] | select(.id == \"api\")'")]
struct ListVerb {
    #[command(flatten)]
    list: ListArgs,
}

impl Row for Expert {
    const HEADINGS: &'static [&'static str] = &["ID", "NAME", "E-MAIL"];

    fn id(&self) -> &str {
        &self.id
    }

    fn cells(&self) -> Vec<String> {
        vec![self.id.clone(), cell(self.name.as_deref()), cell(self.email.as_deref())]
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let Verb::List(ListVerb { list }) = &args.verb;
    list::show(context, list, &partner::experts(), None).context("cannot list experts")
}
