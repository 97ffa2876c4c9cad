//! `guuru events replay`: writes events of the inbox again, or hands them to a handler again.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use super::select::{self, SelectArgs};
use super::show::missing;
use crate::command::shared::signals;
use crate::command::shared::target::HandlerArgs;
use crate::context::Context;
use crate::delivery::{Handler, Verdict};
use crate::error::{Error, Kind};
use crate::model::LineFormat;
use crate::output::{Format, Output};
use crate::store::{EventPages, Query, Store, Writer};
use crate::terminal::Terminal;

/// Write events of the inbox again, or hand them to a handler again
///
/// No consumer's cursor moves. With --exec or --forward-to each event is handled once, in order; an event that is done is no longer
/// set aside. The exit code is 1 when an event was not done.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  guuru events replay 17 40..45\n  guuru events replay --chat c-1 --since 1h\n  guuru events replay --failed --exec ./answer.sh"
)]
pub(super) struct Args {
    /// Events by seq, or from the first to the last of several: 17, 40..45, 40..
    #[arg(value_name = "SEQ", value_parser = seqs, required_unless_present = "filters")]
    seqs: Vec<(i64, i64)>,

    #[command(flatten)]
    select: SelectArgs,

    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "events", conflicts_with = "handler")]
    format: LineFormat,

    #[command(flatten)]
    handler: HandlerArgs,
}

/// One seq, or a range with both its ends.
fn seqs(text: &str) -> Result<(i64, i64), String> {
    let number = |text: &str, default: i64| if text.is_empty() { Some(default) } else { text.parse().ok() };
    let range = match text.split_once("..") {
        Some((first, last)) => number(first, 1).zip(number(last, i64::MAX)),
        None => text.parse().ok().map(|seq| (seq, seq)),
    };
    range
        .filter(|(first, last)| *first >= 1 && first <= last)
        .ok_or_else(|| "want a seq such as 17, or a range such as 40..45".to_owned())
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let store = context.store()?;
    for &(seq, last) in &args.seqs {
        if seq == last && store.request(seq)?.is_none() {
            return Err(missing(&store, seq)?.into());
        }
    }
    let query = args.select.query(context);
    let ranges = if args.seqs.is_empty() { vec![None] } else { args.seqs.into_iter().map(Some).collect() };
    let handler = args.handler.handler()?.map(|handler| Handling::new(context, handler)).transpose()?;
    for seqs in ranges {
        let pages = store.select(Query { seqs, ..query.clone() }, None)?;
        let output = Output { format: Format::Jsonl, ..context.output() };
        match &handler {
            Some(handler) => handler.hand_over(&store, pages)?,
            None => select::write(context.terminal, pages, args.format, output)?,
        }
    }
    handler.map_or(Ok(()), Handling::finish)
}

/// Events handed to a handler, one after the other.
struct Handling {
    terminal: Terminal,
    writer: Writer,
    handler: Arc<Handler>,
    /// The signal that wants it to stop, or 0.
    signal: Arc<AtomicI32>,
    handled: Cell<u64>,
    failed: Cell<u64>,
}

impl Handling {
    fn new(context: &Context, handler: Handler) -> anyhow::Result<Self> {
        let (handler, signal) = (Arc::new(handler), Arc::new(AtomicI32::new(0)));
        let (running, stopped) = (Arc::clone(&handler), Arc::clone(&signal));
        signals::on_stop(move |number| {
            stopped.store(number, Ordering::Release);
            running.terminate();
        })?;
        let (terminal, writer) = (context.terminal, context.writer()?);
        Ok(Self { terminal, writer, handler, signal, handled: Cell::new(0), failed: Cell::new(0) })
    }

    fn hand_over(&self, store: &Store, mut pages: EventPages<'_>) -> anyhow::Result<()> {
        loop {
            let events = pages.next_page()?;
            if events.is_empty() {
                return Ok(());
            }
            for event in events {
                let Some((event, headers)) = store.event_with_headers(event.seq)? else { continue };
                let verdict = self.handler.run(&event, &headers);
                if self.signal.load(Ordering::Acquire) != 0 {
                    return Ok(());
                }
                self.note(event.seq, verdict)?;
            }
        }
    }

    fn note(&self, seq: i64, verdict: Verdict) -> anyhow::Result<()> {
        self.handled.update(|handled| handled + 1);
        match verdict {
            Verdict::Done => {
                self.writer.clear_failed(seq)?;
                self.terminal.detail(&format!("event {seq} is done"));
            }
            Verdict::Later { reason, .. } | Verdict::Failed(reason) => {
                self.failed.update(|failed| failed + 1);
                self.terminal.status(&format!("event {seq} is not done: {reason}"));
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self.signal.load(Ordering::Acquire) {
            0 => {}
            // The handler has ended. Now die of the signal, as a shell expects.
            signal => signals::die_of(signal)?,
        }
        if self.failed.get() == 0 {
            return Ok(());
        }
        let message = format!("{} of {} events are not done", self.failed.get(), self.handled.get());
        Err(Error::new(Kind::Failure, message).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_its_ends_or_goes_to_the_end() {
        for (text, expected) in [("17", (17, 17)), ("40..45", (40, 45)), ("40..", (40, i64::MAX)), ("..3", (1, 3))] {
            assert_eq!(seqs(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "-1", "5..4", "a..b", "1...2", "1..2..3"] {
            assert!(seqs(text).is_err(), "{text}");
        }
    }
}
