//! `guuru trigger`: a signed webhook as the platform would send it, to try a receiver with.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::api;
use crate::command::shared::input;
use crate::command::shared::poster::Poster;
use crate::command::shared::receiver::webhook_secrets;
use crate::command::shared::value;
use crate::context::Context;
use crate::error::{Error, Kind, nearest};
use crate::model::EventKind;
use crate::output;
use crate::webhook::sign;

/// The largest payload that is read from a file, in bytes.
const PAYLOAD_LIMIT: u64 = 64 * 1024 * 1024;

/// Send a signed webhook, made up or from a file
///
/// It is signed with the webhook secret (the first, where there are several) as the platform signs its own.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru trigger message-created --to http://127.0.0.1:8787/ --chat c-1")]
pub struct Args {
    /// Event to send: chat-assigned, chat-opened, message-created, chat-closed, chat-reopened, chat-transferred or chat-rated;
    /// any other needs --payload
    event: String,

    /// Where to send it
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8787/", value_parser = value::http)]
    to: Url,

    /// Chat that it is about
    #[arg(long, value_name = "CHAT", default_value = "c-1")]
    chat: String,

    /// File with the body, sent as it is, or - for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "chat")]
    payload: Option<PathBuf>,

    /// Send it this many times, each with an Idempotency-Key of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,

    /// Send each one twice, with the same Idempotency-Key
    #[arg(long)]
    duplicate: bool,

    /// Longest time for one answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = value::time_limit)]
    timeout: Duration,
}

/// One delivery and its answer.
#[derive(Serialize)]
struct Sent {
    event: String,
    id: String,
    status: u16,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Vec<Sent>);

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|sent| writeln!(f, "{} {} {}", sent.status, sent.event, sent.id))
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let body = match &args.payload {
        Some(file) => read(file)?,
        None => serde_json::to_vec(&sample(&args.event, &args.chat)?)?,
    };
    let secrets = webhook_secrets(context)?;
    let secret = secrets.first().context("there is no webhook secret")?;
    let signature = sign(secret, &body);
    let poster = Poster::new(&args.to, args.timeout)?;
    let mut sent = Vec::new();
    for _ in 0..args.repeat {
        let id = Uuid::new_v4().to_string();
        for _ in 0..=u8::from(args.duplicate) {
            let status = deliver(poster.webhook(&args.event, &signature, &id, body.clone()), args)?;
            sent.push(Sent { event: args.event.clone(), id: id.clone(), status });
        }
    }
    context.print(&View(sent))
}

/// Sends one delivery and returns the status of its answer.
fn deliver(request: reqwest::blocking::RequestBuilder, args: &Args) -> anyhow::Result<u16> {
    let failed =
        |kind, cause: String| Error::new(kind, format!("cannot deliver {} to {}: {cause}", args.event, args.to));
    let response = request.send().map_err(|error| {
        let cause = api::cause(&error);
        if error.is_builder() {
            return failed(Kind::Usage, cause);
        }
        failed(Kind::Unavailable, cause).hint("is a receiver, such as `guuru listen`, running there?")
    })?;
    let status = response.status();
    if status.is_success() {
        return Ok(status.as_u16());
    }
    let mut reason = String::new();
    // A reason that cannot be read is no reason to say less about the status.
    drop(response.take(512).read_to_string(&mut reason));
    let kind = if status.is_server_error() || status.as_u16() == 429 { Kind::Unavailable } else { Kind::Refused };
    let error = failed(kind, format!("HTTP {status}: {}", output::visible(reason.trim())));
    Err(match status {
        StatusCode::BAD_REQUEST => error
            .hint("has the receiver the same webhook secret? `guuru config show` tells where the one here comes from"),
        _ => error,
    }
    .into())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    input::bytes(path, &format!("the payload from {}", input::name(path)), PAYLOAD_LIMIT)
}

/// A body such as the platform's documentation shows for the event.
fn sample(event: &str, chat_id: &str) -> anyhow::Result<Value> {
    let kind: EventKind = event.parse().map_err(|()| {
        let error = Error::usage(format!("`{event}` is no event that the platform documents"));
        error.hint(match nearest(event, EventKind::ALL.map(EventKind::name)) {
            Some(near) => format!("did you mean `{near}`? If not, give its body with --payload FILE"),
            None => {
                "give its body with --payload FILE; `guuru trigger --help` names those that are documented".to_owned()
            }
        })
    })?;
    let now = jiff::Timestamp::now().as_millisecond();
    let status = match kind {
        EventKind::MessageCreated => {
            return Ok(json!({
                "id": format!("m-{}", Uuid::new_v4()),
                "text": "Hello?",
                "createdAt": now,
                "author": { "id": "user", "name": "Eve" },
                "chat": { "id": chat_id },
            }));
        }
        EventKind::ChatAssigned => "assigned",
        EventKind::ChatOpened | EventKind::ChatReopened => "opened",
        EventKind::ChatClosed => "closed",
        EventKind::ChatTransferred => "transferred",
        EventKind::ChatRated => "rated",
    };
    let mut chat = json!({
        "id": chat_id,
        "status": status,
        "question": "Does it fit?",
        "createdAt": now,
        "user": { "name": "Eve", "email": "eve@example.com" },
        "requestedExperts": [{ "id": "api", "name": "Public API service account" }],
    });
    if kind == EventKind::ChatRated {
        chat["rating"] = json!(5);
    }
    Ok(chat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_event_has_a_sample_about_the_chat() {
        for kind in EventKind::ALL {
            let body = sample(kind.name(), "c-7").unwrap();
            let chat = if kind == EventKind::MessageCreated { &body["chat"] } else { &body };
            assert_eq!(chat["id"], "c-7", "{kind}");
        }
    }

    #[test]
    fn an_unknown_event_needs_a_payload() {
        assert!(sample("chat-teleported", "c-1").unwrap_err().to_string().contains("chat-teleported"));
    }
}
