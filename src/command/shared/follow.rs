//! What `listen` and `events tail` share: both write the inbox as lines of JSON, from a consumer's cursor on.

use std::time::Duration;

use super::value;
use crate::context::Context;
use crate::delivery::{Lines, Quota, Shutdown};
use crate::error::{did_you_mean, nearest};
use crate::model::{EventKind, LineFormat};
use crate::store::{Consumer, Filter, Start, Writer};
use crate::terminal::{Gone, Stdout, Terminal};

/// Which lines are written, from where on and how many.
#[derive(Debug, clap::Args)]
pub(crate) struct FollowArgs {
    /// Only events of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    event: Vec<String>,

    /// Only chats offered to this expert; may be repeated
    #[arg(long, value_name = "ID")]
    requested_expert: Vec<String>,

    /// Leave out the messages that were sent from here
    #[arg(long)]
    skip_own: bool,

    /// Name of the consumer whose cursor is used
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = value::consumer)]
    consumer: String,

    /// Where to begin: earliest, latest, a seq, a time, or how long ago (30m) [default: where the consumer stood]
    #[arg(long, value_name = "WHERE", value_parser = value::start)]
    from: Option<Start>,

    /// Stop after this many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// With --count: give up after this time, with exit code 8
    #[arg(long, value_name = "TIME", requires = "count", value_parser = value::duration)]
    timeout: Option<Duration>,
}

impl FollowArgs {
    /// Takes the consumer.
    pub(crate) fn consumer(&self, context: &Context, writer: &Writer) -> anyhow::Result<Consumer> {
        warn_of_unknown(&self.event, context.terminal);
        take(context, writer, &self.consumer, self.from)
    }

    /// Which events are wanted.
    pub(crate) fn filter(&self) -> Filter {
        Filter { events: self.event.clone(), requested_experts: self.requested_expert.clone(), skip_own: self.skip_own }
    }

    /// How many of them, and for how long from now.
    pub(crate) fn quota(&self) -> Quota {
        Quota::new(self.count, self.timeout)
    }

    /// Lines on stdout, until `shutdown` says otherwise.
    pub(crate) fn lines(
        &self,
        consumer: Consumer,
        stdout: Stdout,
        format: LineFormat,
        shutdown: Shutdown,
        terminal: Terminal,
    ) -> Lines {
        Lines { consumer, filter: self.filter(), format, quota: self.quota(), stdout, shutdown, terminal }
    }
}

/// Takes a consumer. Warns about a new one whose name is very like an existing one: it may be mistyped, and would get every event
/// again.
pub(crate) fn take(context: &Context, writer: &Writer, name: &str, from: Option<Start>) -> anyhow::Result<Consumer> {
    let store = context.store()?;
    let known = store.consumers()?;
    let consumer = Consumer::open(store, writer.clone(), name, from.unwrap_or_default())?;
    let known = || known.iter().map(|known| known.name.as_str());
    if known().all(|known| known != name)
        && let Some(near) = nearest(name, known())
    {
        context.terminal.status(&format!("the consumer `{name}` is new; did you mean `{near}`?"));
    }
    Ok(consumer)
}

/// Warns about event names that the platform does not document: a mistyped name finds nothing, and nobody would notice.
pub(crate) fn warn_of_unknown(events: &[String], terminal: Terminal) {
    for name in events.iter().filter(|name| name.parse::<EventKind>().is_err()) {
        let meant = did_you_mean(name, EventKind::ALL.map(EventKind::name));
        terminal.warn(&format!("`{name}` is no event that the platform documents{meant}"));
    }
}

/// A reader that has closed stdout is not a failure.
pub(crate) fn unless_gone(delivered: anyhow::Result<()>, terminal: Terminal) -> anyhow::Result<()> {
    match delivered {
        Err(error) if error.is::<Gone>() => {
            terminal.status("the reader of stdout has gone: the rest is kept for the next start");
            Ok(())
        }
        other => other,
    }
}
