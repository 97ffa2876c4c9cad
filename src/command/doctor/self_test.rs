//! A test of the receiver, from the socket to the line: the server, the writer and the reader of `guuru listen`, with a temporary
//! store.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use super::unreached::unreached;
use super::{Checked, Finding, Subject};
use crate::command::shared::poster::Poster;
use crate::command::shared::receiver::callbacks;
use crate::error::Error;
use crate::model::{Event, EventKind, LineFormat};
use crate::store::{Consumer, Start, Store, Writer};
use crate::webhook::{Limits, Options, Proxies, Secrets, Server, sign};

/// The largest body that it takes, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

pub(super) fn check(subject: &Subject, secrets: Option<Secrets>) -> Checked<()> {
    let start = Instant::now();
    // Without the operator's secret, another one serves for the test.
    let secrets = secrets.unwrap_or_else(|| Secrets::parse(&Uuid::new_v4().to_string()));
    let secret = secrets.first().context("the webhook secret is empty")?.clone();
    let home = tempfile::Builder::new().prefix("guuru-doctor-").tempdir();
    let home = home.with_context(|| Error::config("no temporary folder can be made").hint("TMPDIR names the place"))?;
    let path = home.path().join("self-test.db");
    let terminal = subject.terminal;
    let writer = Writer::start(&path, move |trouble| terminal.detail(trouble))?;
    let mut consumer = Consumer::open(Store::open(&path)?, writer.clone(), "doctor", Start::Earliest)?;
    consumer.begin()?;
    let options = Options {
        path: "/".parse().map_err(anyhow::Error::msg)?,
        secrets: Some(secrets),
        limits: Limits::new(LARGEST_BODY),
        proxies: Proxies::default(),
        explain: false,
    };
    let server =
        Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), options, callbacks(&path, &writer, terminal))?;
    let to = Url::parse(&format!("http://{}/", server.local_addr()?))?;
    let stop = CancellationToken::new();
    let receiver = thread::Builder::new().name("self-test".into()).spawn({
        let stop = stop.clone();
        move || server.run(&stop)
    })?;
    let result = deliver(subject, &to, &secret, consumer);
    stop.cancel();
    let ended = receiver.join().map_err(|_| anyhow::anyhow!("the receiver panicked"))?;
    result.and(ended)?;
    let time = start.elapsed().as_millis();
    Ok((Finding::ok(format!("a signed webhook was received, stored and written as a line in {time} ms")), ()))
}

/// Posts one webhook and reads its line.
fn deliver(subject: &Subject, to: &Url, secret: &SecretString, mut consumer: Consumer) -> anyhow::Result<()> {
    let (id, event) = (Uuid::new_v4().to_string(), EventKind::ChatAssigned.name());
    let payload = json!({ "id": "c-doctor", "status": "assigned", "requestedExperts": [{ "id": "api" }] });
    let body = serde_json::to_vec(&payload)?;
    let poster = Poster::new(to, subject.patience)?;
    let post = |signature: &str| {
        let response = poster.webhook(event, signature, &id, body.clone()).send();
        response
            .map(|response| response.status().as_u16())
            .map_err(|error| unreached(&error, to, subject.patience, None))
    };
    let status = post(&"0".repeat(64))?;
    ensure!(status == 400, "a webhook with a wrong signature was answered HTTP {status}, not 400");
    let status = post(&sign(secret, &body))?;
    ensure!(status == 200, "a signed webhook was answered HTTP {status}, not 200");
    let mut lines = Vec::new();
    let events = consumer.next_batch(2)?;
    events.iter().try_for_each(|event: &Event| LineFormat::Events.write(event, &mut lines))?;
    let line: Value = serde_json::from_slice(&lines).context("the inbox has not one line for it")?;
    let same = line["id"] == id && line["event"] == event && line["chatId"] == "c-doctor" && line["payload"] == payload;
    ensure!(same, "the line of the webhook is not as it should be: {line}");
    Ok(())
}
