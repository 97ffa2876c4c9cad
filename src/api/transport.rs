//! The transport: one HTTP client, built once, that posts requests, and tries again where the table in `outcome` allows it.

use std::error::Error as _;
use std::io::{self, Read};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use reqwest::blocking::{self, RequestBuilder, Response};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::retry;
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::answer::{Answer, Body, Outcome, clean};
use super::outcome::Failed;
use super::schema::BYTE_ORDER_MARK;
use super::{Settings, USER_AGENT, check_token, endpoint, http, proxy, wait};
use crate::error::Error;

/// The largest answer that is read, in bytes after decompression: a chat with all its messages is far below it, and what
/// is above it must not fill the memory.
const LARGEST_ANSWER: u64 = 16 * 1024 * 1024;
/// The largest answer that holds a schema, as for one in a file: one of 5,000 types takes about 20 MiB.
const LARGEST_SCHEMA: u64 = 64 * 1024 * 1024;
/// The longest that connecting may take, name resolution and TLS included; less where the timeout is short.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept. Servers close theirs after 5 s (Node's default) and more; a request that crosses
/// with that is lost, and a lost mutation is an unknown outcome, so ours are closed first.
const IDLE: Duration = Duration::from_secs(4);
/// How often somebody who waits for the next attempt looks whether it is still wanted.
const TICK: Duration = Duration::from_millis(50);

/// What became of the attempt before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It did not come so far, or nobody answered.
    Unanswered,
    /// Somebody answered that it is to be tried again.
    Answered,
    /// Its document did not fit the schema.
    Unfit,
}

/// What carries requests to one endpoint. Its clones share their connections.
#[derive(Clone)]
pub(super) struct Transport {
    http: blocking::Client,
    settings: Arc<Settings>,
    /// Nothing is attempted again.
    hurried: CancellationToken,
    notice: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Transport {
    /// See [`Client::new`](super::Client::new).
    pub(super) fn new(settings: Arc<Settings>, notice: impl Fn(&str) + Send + Sync + 'static) -> anyhow::Result<Self> {
        endpoint::check(&settings.endpoint)?;
        let headers = headers(&settings.token)?;
        let http = http(&settings.endpoint, |builder| {
            builder
                .user_agent(USER_AGENT)
                .default_headers(headers)
                .connect_timeout(LONGEST_CONNECT.min(settings.timeout / 2))
                .pool_idle_timeout(IDLE)
                // A message must not be sent twice behind our back. Read in reqwest 0.13.5: its own retries are for HTTP/2
                // and 3 alone (REFUSED_STREAM, GOAWAY) and all are off, in this build, in `http`, and by this call. Below it,
                // hyper-util 0.1.21 sends a request again on a new connection when a kept one closed, and reqwest cannot
                // turn that off; but it does so only with a request that hyper 1.12 hands back
                // (`TrySendError::take_message`), which is one still in the queue, of which no byte was written.
                .retry(retry::never())
        })?;
        Ok(Self { http, settings, hurried: CancellationToken::new(), notice: Arc::new(notice) })
    }

    /// Attempts something, again where that is safe and may help. `again` is called before each attempt but the first, and its
    /// error ends it. The last failure comes back as it is.
    pub(super) fn until_clear<T>(
        &self,
        attempt: impl Fn() -> Result<T, Failed>,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<Result<T, Failed>> {
        let mut delays = wait::delays(self.settings.backoff, self.settings.retries);
        loop {
            let failed = match attempt() {
                Ok(value) => return Ok(Ok(value)),
                Err(failed) => failed,
            };
            let delay = if failed.again { delays.next() } else { None };
            let Some(delay) = delay else { return Ok(Err(failed)) };
            let delay = failed.retry_after.unwrap_or(delay);
            if self.is_hurried() {
                return Ok(Err(failed));
            }
            let notice = format!("{}, trying again in {}", self.error(failed.clone()), wait::shown(delay));
            self.notice(&notice);
            if !self.sleep(delay) {
                return Ok(Err(failed));
            }
            again(if failed.answered { Before::Answered } else { Before::Unanswered })?;
        }
    }

    /// Sleeps for so long; `false` where somebody waits for the end.
    pub(super) fn sleep(&self, time: Duration) -> bool {
        let begun = Instant::now();
        while !self.is_hurried() {
            let left = time.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(TICK));
        }
        false
    }

    /// From now on nothing is attempted again.
    pub(super) fn hurry(&self) {
        self.hurried.cancel();
    }

    /// Whether somebody waits for the end.
    pub(super) fn is_hurried(&self) -> bool {
        self.hurried.is_cancelled()
    }

    /// Where the Admin API is.
    pub(super) fn endpoint(&self) -> &Url {
        &self.settings.endpoint
    }

    /// Says something to people.
    pub(super) fn notice(&self, text: &str) {
        (self.notice)(text);
    }

    /// What to say of a failure.
    pub(super) fn error(&self, failed: Failed) -> Error {
        failed.into_error(&self.settings.token)
    }

    /// Sends a request, and tells what is to be said of it where it was not sent.
    pub(super) fn send(&self, body: Bytes) -> (Outcome, Remedy) {
        let request = self.http.post(self.endpoint().clone()).body(body);
        self.send_for(request, LARGEST_ANSWER)
    }

    /// Asks for the schema, unless it is still the one of this `ETag`.
    pub(super) fn send_for_schema(&self, body: Bytes, etag: Option<&str>) -> (Outcome, Remedy) {
        let mut request = self.http.post(self.endpoint().clone()).body(body);
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        self.send_for(request, LARGEST_SCHEMA)
    }

    fn send_for(&self, request: RequestBuilder, largest: u64) -> (Outcome, Remedy) {
        // Set on the request, the timeout covers the whole of it; set on the client, each read of the body would start anew.
        match request.timeout(self.settings.timeout).send() {
            Ok(response) => (Outcome::Answered(self.answer(response, largest)), Remedy::default()),
            Err(error) if error.is_connect() || error.is_builder() => self.unsent(&error),
            Err(error) if error.is_timeout() => (Outcome::Lost(self.too_late("answer")), Remedy::default()),
            Err(error) => {
                let cause = format!("the connection was lost before the answer: {}", cause(&error));
                (Outcome::Lost(cause), Remedy::default())
            }
        }
    }

    fn unsent(&self, error: &reqwest::Error) -> (Outcome, Remedy) {
        let (cause, hint) = match proxy::unsent(self.endpoint(), error) {
            Some((cause, hint)) => (clean(&cause), Some(hint.to_owned())),
            None => (cause(error), self.settings.unreached.clone()),
        };
        let is_pointless =
            !self.settings.await_local && endpoint::is_loopback(self.endpoint()) && proxy::is_of_the_system(error);
        (Outcome::NotSent(cause), Remedy { hint, is_pointless })
    }

    fn answer(&self, mut response: Response, largest: u64) -> Answer {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = text(header::RETRY_AFTER).and_then(|value| wait::asked(value, SystemTime::now()));
        let [location, etag] = [header::LOCATION, header::ETAG].map(|name| text(name).map(ToOwned::to_owned));
        let status = response.status();
        let mut bytes = Vec::new();
        let body = match response.by_ref().take(largest + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > largest => Body::TooLarge,
            Ok(_) => Body::Whole(without_mark(bytes)),
            Err(error) => Body::Broken(self.cut_short(&error)),
        };
        Answer { status, retry_after, location, etag, body }
    }

    /// Why a body ended before its end. reqwest hides its own error inside one of input and output.
    fn cut_short(&self, error: &io::Error) -> String {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>()) {
            Some(error) if error.is_timeout() => self.too_late("whole answer"),
            Some(error) => format!("the connection was lost within the answer: {}", cause(error)),
            None => format!("the answer cannot be read: {}", clean(&error.to_string())),
        }
    }

    fn too_late(&self, what: &str) -> String {
        format!("no {what} within {}", wait::shown(self.settings.timeout))
    }
}

/// A body without the byte order mark that some servers begin it with.
fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    bytes
}

/// What is to be said of a request that was not sent, beside the cause.
#[derive(Debug, Default)]
pub(super) struct Remedy {
    hint: Option<String>,
    /// Whether another attempt would fail as well.
    is_pointless: bool,
}

impl Remedy {
    pub(super) fn apply(self, failed: Failed) -> Failed {
        Failed { hint: self.hint.or(failed.hint), again: failed.again && !self.is_pointless, ..failed }
    }
}

/// The headers of every request.
fn headers(token: &SecretString) -> anyhow::Result<HeaderMap> {
    check_token(token)?;
    let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Error::config("the access token cannot stand in a header"))?;
    authorization.set_sensitive(true);
    // Asked for the newer media type first, a server may answer a refusal with 500 where it would say 200 to the older one,
    // and that cannot be told from a failure on the way.
    let accept = HeaderValue::from_static("application/json, application/graphql-response+json;q=0.9");
    let json = HeaderValue::from_static("application/json");
    Ok(HeaderMap::from_iter([
        (header::AUTHORIZATION, authorization),
        (header::ACCEPT, accept),
        (header::CONTENT_TYPE, json),
    ]))
}

/// The innermost cause, as the last part of a message. The layers above it only say that a request failed, and to where.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut innermost: Option<&dyn std::error::Error> = error.source();
    while let Some(source) = innermost.and_then(std::error::Error::source) {
        innermost = Some(source);
    }
    let text = innermost.map_or_else(|| "the request failed".into(), ToString::to_string);
    // The system's own texts: `Connection refused (os error 111)`.
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    let lower = characters.next().map(|first| first.to_lowercase().chain(characters).collect::<String>());
    clean(&lower.unwrap_or_default())
}
