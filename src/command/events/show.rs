//! `guuru events show`: one event with the request that brought it.

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::model::rfc3339;
use crate::output;
use crate::store::{self, Store};

/// Show one event with the headers and the body of its webhook
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru events show 42")]
pub(super) struct Args {
    /// The event's seq
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    seq: i64,
}

/// The keys of the event's line, and its headers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    seq: i64,
    id: Option<String>,
    event: String,
    chat_id: Option<String>,
    received_at: String,
    own: bool,
    headers: Vec<(String, String)>,
    payload: Box<RawValue>,
    #[serde(skip)]
    body: String,
}

impl View {
    fn new(request: store::StoredRequest) -> anyhow::Result<Self> {
        let event = request.event;
        Ok(Self {
            payload: event.payload()?,
            seq: event.seq,
            id: event.id,
            event: event.event,
            chat_id: event.chat_id,
            received_at: rfc3339(event.received_at),
            own: event.own,
            headers: request.headers,
            body: String::from_utf8(event.body)?,
        })
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, value: &str| writeln!(f, "{name:10} {}", output::visible(value));
        line("seq", &self.seq.to_string())?;
        line("id", self.id.as_deref().unwrap_or("-"))?;
        line("event", &self.event)?;
        line("chat", self.chat_id.as_deref().unwrap_or("-"))?;
        line("received", &self.received_at)?;
        line("own", if self.own { "yes" } else { "no" })?;
        writeln!(f)?;
        for (name, value) in &self.headers {
            writeln!(f, "{}: {}", output::visible(name), output::visible(value))?;
        }
        writeln!(f)?;
        self.body.lines().try_for_each(|line| writeln!(f, "{}", output::visible(line)))
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let store = context.store()?;
    match store.request(args.seq)? {
        Some(request) => context.print(&View::new(request)?),
        None => Err(missing(&store, args.seq)?.into()),
    }
}

/// Says why an event is not there.
pub(super) fn missing(store: &Store, seq: i64) -> anyhow::Result<Error> {
    let newest = store.newest()?;
    let (why, hint) = match newest {
        0 => ("the inbox has never had one".to_owned(), "`guuru listen` receives events; is it the right --profile?"),
        _ if seq > newest => (format!("the newest one is {newest}"), "`guuru events list` shows the newest events"),
        _ => ("it was pruned".to_owned(), "`guuru events list --all` shows what is left"),
    };
    Ok(Error::new(Kind::Failure, format!("there is no event {seq}: {why}")).hint(hint))
}
