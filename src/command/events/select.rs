//! The filters that `events list` and `events replay` share, and how what they find is written.

use super::super::follow::warn_of_unknown;
use super::super::value;
use crate::context::Context;
use crate::model::LineFormat;
use crate::store::{Pages, Query};
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

/// What stands before, between and after the events.
pub(super) struct Frame {
    open: &'static str,
    separator: &'static str,
    close: &'static str,
}

impl Frame {
    /// One JSON array.
    pub(super) const ARRAY: Self = Self { open: "[", separator: ",", close: "]\n" };
    /// One line each.
    pub(super) const LINES: Self = Self { open: "", separator: "\n", close: "\n" };
}

/// Writes the events of all pages, page by page.
pub(super) fn write(terminal: Terminal, mut pages: Pages<'_>, format: LineFormat, frame: &Frame) -> anyhow::Result<()> {
    let mut out = frame.open.as_bytes().to_vec();
    let mut separator = "";
    loop {
        let page = pages.next_page()?;
        if page.is_empty() {
            break;
        }
        for event in page {
            let start = out.len();
            out.extend_from_slice(separator.as_bytes());
            match format.write(&event, &mut out) {
                Ok(()) => {
                    out.pop_if(|last| *last == b'\n');
                    separator = frame.separator;
                }
                Err(error) => {
                    out.truncate(start);
                    terminal.error(&format!("event {} cannot be written: {error:#}", event.seq));
                }
            }
        }
        terminal.print(&out)?;
        out.clear();
    }
    if !separator.is_empty() || !frame.open.is_empty() {
        out.extend_from_slice(frame.close.as_bytes());
    }
    terminal.print(&out)
}
