//! `guuru submission`: review what end users submitted.

use anyhow::Context as _;
use clap::Subcommand;

use crate::api::operation::submission;
use crate::command::shared::act::ActArgs;
use crate::command::shared::list::{self, ListArgs, Row, cell};
use crate::context::Context;
use crate::model::{Command, Submission};
use crate::output;

/// List and review submissions
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(ListVerb),
    /// Approve a submission
    #[command(after_help = "Example:\n  guuru submission approve s-3")]
    Approve(ReviewArgs),
    /// Reject a submission
    #[command(after_help = "Example:\n  guuru submission reject s-6")]
    Reject(ReviewArgs),
}

/// List submissions
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru submission list --jq '.[] | select(.status == \"pending\").id'")]
struct ListVerb {
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, clap::Args)]
struct ReviewArgs {
    /// The submission's id
    id: String,

    #[command(flatten)]
    act: ActArgs,
}

impl Row for Submission {
    const HEADINGS: &'static [&'static str] = &["ID", "STATUS", "REVIEWED"];

    fn id(&self) -> &str {
        &self.id
    }

    fn cells(&self) -> Vec<String> {
        vec![self.id.clone(), cell(self.status.as_deref()), cell(self.reviewed_at.map(output::time))]
    }
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let (command, act) = match args.verb {
        Verb::List(ListVerb { list }) => {
            return list::show(context, &list, &submission::list(), None).context("cannot list submissions");
        }
        Verb::Approve(ReviewArgs { id, act }) => (Command::ApproveSubmission { id }, act),
        Verb::Reject(ReviewArgs { id, act }) => (Command::RejectSubmission { id }, act),
    };
    act.run(context, command)
}
