//! `guuru events list`: what is in the inbox.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;

use super::select::{self, SelectArgs};
use crate::context::Context;
use crate::model::{Event, LineFormat, json};
use crate::output::{self, Format};
use crate::store::{EventPages, FailedEvent, Store};

/// How much of a message a table shows, in characters.
const TEXT_WIDTH: usize = 60;

/// List the newest events of the inbox, the newest one last
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru events list --chat c-1 --since 2h -o jsonl | jq -r .payload.text")]
pub(super) struct Args {
    #[command(flatten)]
    select: SelectArgs,

    /// How many of them
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,

    /// All of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    /// Form of the events in JSON [default: events]
    #[arg(long, value_name = "FORM")]
    format: Option<LineFormat>,
}

/// One page for people.
struct View<'a> {
    events: &'a [Event],
    /// Why events were set aside, where that is what was asked for.
    reasons: Option<&'a HashMap<i64, String>>,
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = if self.reasons.is_some() { "SET ASIDE BECAUSE" } else { "TEXT" };
        let mut table = output::table(&["SEQ", "RECEIVED", "EVENT", "CHAT", "OWN", last]);
        for event in self.events {
            let cells = [
                event.seq.to_string(),
                output::time(event.received_at),
                output::visible(&event.event),
                output::visible(event.chat_id.as_deref().unwrap_or_default()),
                if event.own { "own".to_owned() } else { String::new() },
                output::visible(&match self.reasons {
                    Some(reasons) => reasons.get(&event.seq).cloned().unwrap_or_default(),
                    None => text(&event.body),
                }),
            ];
            table.add_row(cells);
        }
        write!(f, "{table}")
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let store = context.store()?;
    let reasons = if args.select.failed { Some(reasons(&store)?) } else { None };
    let pages = store.select(args.select.query(context), (!args.all).then_some(args.limit))?;
    let mut output = context.output();
    if context.settings.output.is_none() && args.format.is_some() {
        output.format = Format::Jsonl;
    }
    if output.format == Format::Table && output.filter.is_none() {
        return table(context, pages, reasons.as_ref());
    }
    select::write(context.terminal, pages, args.format.unwrap_or_default(), output)
}

/// One table for each page, with its headings on the first alone: all in one would have to be in memory at once.
fn table(context: &Context, mut pages: EventPages<'_>, reasons: Option<&HashMap<i64, String>>) -> anyhow::Result<()> {
    let mut first = true;
    loop {
        let events = pages.next_page()?;
        if events.is_empty() {
            return Ok(());
        }
        let table = View { events: &events, reasons }.to_string();
        let rows = if first { &table } else { table.split_once('\n').map_or("", |(_, rows)| rows) };
        context.terminal.print(format!("{rows}\n").as_bytes())?;
        first = false;
    }
}

/// Why events were set aside, and for which consumers.
fn reasons(store: &Store) -> anyhow::Result<HashMap<i64, String>> {
    let mut reasons: HashMap<i64, String> = HashMap::new();
    for FailedEvent { consumer, seq, reason, attempts, .. } in store.failed(None)? {
        let words = format!("{reason} ({consumer}, attempt {attempts})");
        reasons.entry(seq).and_modify(|known| *known = format!("{known}; {words}")).or_insert(words);
    }
    Ok(reasons)
}

/// The words of an event, as far as a table shows them: a message's text or attachment, or what the chat began with.
fn text(body: &[u8]) -> String {
    let body: Value = json::from_slice(body).unwrap_or_default();
    let text = ["text", "attachment", "question"].into_iter().find_map(|key| body[key].as_str()).unwrap_or_default();
    match text.char_indices().nth(TEXT_WIDTH) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let body = format!("{{\"text\":\"{}\"}}", "ä".repeat(100));
        assert_eq!(text(body.as_bytes()), format!("{}…", "ä".repeat(TEXT_WIDTH)));
        assert_eq!(text(b"{\"question\":\"Does it fit?\"}"), "Does it fit?");
        assert_eq!(text(b"[]"), "");
        assert_eq!(text(br#"{"text":"cut \ud83d","n":1e999}"#), "cut \u{fffd}");
    }
}
