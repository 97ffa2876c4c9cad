//! The filters of `events list` and `events replay`, and how the events are written that they find.

use crate::command::shared::follow::warn_of_unknown;
use crate::command::shared::value;
use crate::context::Context;
use crate::model::LineFormat;
use crate::output::{Output, Stream};
use crate::store::{EventPages, Query};
use crate::terminal::Terminal;

/// Which events are wanted.
#[derive(Debug, clap::Args)]
#[group(id = "filters", multiple = true)]
pub(super) struct SelectArgs {
    /// Only events of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    event: Vec<String>,

    /// Only events of this chat
    #[arg(long, value_name = "CHAT")]
    chat: Option<String>,

    /// Only events received at this time or later, or so long ago at most (30m)
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    since: Option<i64>,

    /// Only events received before this time, or longer ago than that
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    until: Option<i64>,

    /// Only the messages that were sent from here
    #[arg(long, conflicts_with = "skip_own")]
    own: bool,

    /// Leave out the messages that were sent from here
    #[arg(long)]
    skip_own: bool,

    /// Only what was set aside by --exec or --forward-to
    #[arg(long)]
    pub(super) failed: bool,
}

impl SelectArgs {
    /// What the store is asked for.
    pub(super) fn query(self, context: &Context) -> Query {
        warn_of_unknown(&self.event, context.terminal);
        Query {
            events: self.event,
            chat: self.chat,
            since: self.since,
            until: self.until,
            own: match (self.own, self.skip_own) {
                (false, false) => None,
                (own, _) => Some(own),
            },
            failed: self.failed,
            seqs: None,
        }
    }
}

/// Writes the events of all pages as JSON, page by page.
pub(super) fn write(
    terminal: Terminal,
    mut pages: EventPages<'_>,
    format: LineFormat,
    output: Output,
) -> anyhow::Result<()> {
    let mut stream = Stream::new(output);
    loop {
        let page = pages.next_page()?;
        if page.is_empty() {
            return terminal.print(&stream.end()?);
        }
        let mut out = Vec::new();
        for event in page {
            let mut json = Vec::new();
            match format.write(&event, &mut json) {
                Ok(()) => {
                    json.pop_if(|last| *last == b'\n');
                    out.extend(stream.take(json)?);
                }
                Err(error) => terminal.error(&format!("event {} cannot be written: {error:#}", event.seq)),
            }
        }
        terminal.print(&out)?;
    }
}
