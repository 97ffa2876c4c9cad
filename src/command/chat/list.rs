//! `guuru chat list`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::api::operation::chat::{self, ChatFilter};
use crate::command::shared::list::{self, ListArgs, Row, cell};
use crate::command::shared::value;
use crate::context::Context;
use crate::error::{Error, did_you_mean};
use crate::model::Chat;
use crate::output;
use crate::terminal::Terminal;

/// The statuses that a chat is assumed to have in its life.
const STATUSES: [&str; 5] = ["assigned", "opened", "closed", "transferred", "rated"];

const USAGE: &str = "\
Examples:
  guuru chat list --since 7d --status rated
  guuru chat list --all -o jsonl | jq -r .question
  guuru chat list --jq '.[] | [.id, (.createdAt / 1000 | todate)] | @tsv'";

/// List chats, the newest first
///
/// Times are milliseconds since the Unix epoch in JSON, as the platform has them, and how long ago in a table.
#[derive(Debug, clap::Args)]
#[command(after_help = USAGE)]
pub(super) struct Args {
    /// Only chats with this status, in any spelling of case; the platform cannot select by it, so that pages are read until there are enough
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,

    /// Only chats that began at TIME or later: 2026-01-02T03:04:05Z, 2026-01-02 (UTC), or how long ago, such as 7d
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    since: Option<i64>,

    /// Only chats that began at TIME or earlier
    #[arg(long, value_name = "TIME", value_parser = value::time)]
    until: Option<i64>,

    /// The oldest first (asc), or the newest (desc)
    #[arg(long, default_value = "desc")]
    order: Order,

    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    Asc,
    Desc,
}

impl Row for Chat {
    const HEADINGS: &'static [&'static str] = &["ID", "STATUS", "QUESTION", "USER", "EXPERT", "RATING", "BEGAN"];

    fn id(&self) -> &str {
        &self.id
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            cell(self.status.as_deref()),
            cell(self.question.as_deref()),
            cell(self.user.as_ref().and_then(|user| user.name.as_deref())),
            cell(self.expert.as_ref().and_then(|expert| expert.name.as_deref())),
            cell(self.rating.as_ref()),
            cell(self.created_at.map(output::time)),
        ]
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let filter = ChatFilter { ascending: args.order == Order::Asc, since: args.since, until: args.until };
    if args.since.zip(args.until).is_some_and(|(since, until)| since > until) {
        return Err(Error::usage("--since is later than --until: no chat can be listed").into());
    }
    let seen = RefCell::new(BTreeSet::new());
    let of_status = |chat: &Chat| {
        seen.borrow_mut().extend(chat.status.clone());
        is_spelled(chat.status.as_deref().unwrap_or_default(), args.status.as_deref().unwrap_or_default())
    };
    let keep: Option<&dyn Fn(&Chat) -> bool> = if args.status.is_some() { Some(&of_status) } else { None };
    list::show(context, &args.list, &chat::list(filter), keep).context("cannot list chats")?;
    if let Some(status) = &args.status {
        warn_of_unknown(status, &seen.into_inner(), context.terminal);
    }
    Ok(())
}

/// Whether two words are one status, in whatever spelling: `opened` is `OPENED`, and `in-review` is `IN_REVIEW`.
fn is_spelled(one: &str, other: &str) -> bool {
    let plain = |word: &str| word.replace(['_', '-', ' '], "").to_lowercase();
    plain(one) == plain(other)
}

/// Says so where no chat has a status that nobody knows: the platform's words are its own, so that it is no error.
fn warn_of_unknown(status: &str, seen: &BTreeSet<String>, terminal: Terminal) {
    let mut known = seen.iter().map(String::as_str).chain(STATUSES);
    if known.any(|known| is_spelled(known, status)) {
        return;
    }
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    let meant = did_you_mean(status, seen.iter().copied().chain(STATUSES));
    let others = if seen.is_empty() { String::new() } else { format!(" (there are {})", seen.join(", ")) };
    terminal.warn(&format!("no chat has the status `{status}`{others}{meant}"));
}
