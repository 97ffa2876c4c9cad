//! The transport: one HTTP client, built once, that posts calls and tries again where the table in `outcome` allows it.

use std::error::Error as _;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use bytes::Bytes;
use reqwest::blocking::{self, RequestBuilder, Response};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::retry;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::answer::{Answer, Body, Outcome, clean};
use super::failure::Says;
use super::introspect::Known;
use super::outcome::{Effect, Failed, classify, unclear};
use super::schema::shape::{Misshaped, Shaped};
use super::schema::{Documents, Prepared};
use super::{Call, Operation, USER_AGENT, check_token, endpoint, http, proxy, wait};
use crate::error::{Error, Kind};

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

/// What the client needs to know.
#[derive(Clone)]
pub struct Settings {
    /// Where the Admin API is; https, or plain http on this machine.
    pub endpoint: Url,
    /// The access token.
    pub token: SecretString,
    /// The limit on one attempt, from connecting to the last byte of the answer.
    pub timeout: Duration,
    /// How many attempts may follow the first.
    pub retries: u32,
    /// About how long to wait before the second attempt; doubled from one attempt to the next.
    pub backoff: Duration,
    /// The folder of the documents that were written for the endpoint's schema.
    pub documents: Option<PathBuf>,
    /// The file in which the endpoint's schema is kept.
    pub schema: Option<PathBuf>,
    /// Whether a document that does not fit the endpoint's schema is written anew.
    pub sync: bool,
    /// What to do where the endpoint cannot be reached: whoever knows where it comes from can say more than the client.
    pub unreached: Option<String>,
    /// Whether a service of this machine that does not run is waited for, as one that is started anew is.
    pub await_local: bool,
}

impl Settings {
    /// 30 s for an attempt, 4 further attempts, 250 ms before the first of them; the built-in documents alone.
    pub fn new(endpoint: Url, token: SecretString) -> Self {
        let (timeout, backoff) = (Duration::from_secs(30), Duration::from_millis(250));
        Self {
            endpoint,
            token,
            timeout,
            retries: 4,
            backoff,
            documents: None,
            schema: None,
            sync: false,
            unreached: None,
            await_local: true,
        }
    }
}

/// What became of the attempt before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It did not come so far, or nobody answered.
    Unanswered,
    /// Somebody answered that it is to be tried again.
    Answered,
    /// Its document did not fit the schema.
    Unfit,
}

/// The Admin API of one partner. It blocks, so it must not be called from within an async runtime; its clones share their
/// connections and may be used from many threads at once.
#[derive(Clone)]
pub struct Client {
    http: blocking::Client,
    settings: Arc<Settings>,
    documents: Arc<Documents>,
    /// The schema, as far as it is known; held while a document is written anew, so that the threads of a batch do that once.
    healing: Arc<Mutex<Option<Known>>>,
    /// Nothing is attempted again.
    hurried: CancellationToken,
    notice: Arc<dyn Fn(&str) + Send + Sync>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", &endpoint::shown(self.endpoint())).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for these settings; nothing is sent yet. `notice` gets a line for people before each further attempt, such
    /// as `the platform is busy: HTTP 429, trying again in 2 s`.
    ///
    /// Fails where the endpoint is not one that a token may be sent to, where the token cannot stand in a header, and where
    /// the system has no certificates to know the platform by.
    pub fn new(settings: Settings, notice: impl Fn(&str) + Send + Sync + 'static) -> anyhow::Result<Self> {
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
        let documents = Arc::new(Documents::of(settings.documents.clone()));
        Ok(Self {
            http,
            settings: Arc::new(settings),
            documents,
            healing: Arc::default(),
            hurried: CancellationToken::new(),
            notice: Arc::new(notice),
        })
    }

    /// Sends the call, again where that is safe and may help, and returns the value of its root field. A document that does
    /// not fit the endpoint's schema is written anew where the settings allow it.
    ///
    /// The error's kind is `Refused`, `Auth`, `Unavailable`, `Unknown` (it may have taken effect), `Config` (a redirect) or
    /// `Usage` (a value that this endpoint demands); its message is the cause alone: what failed on which thing is the
    /// caller's to add.
    pub fn call<T: DeserializeOwned>(&self, call: &Call) -> anyhow::Result<T> {
        self.call_with(call, || Ok(()))
    }

    /// The same; `again` is called before each attempt but the first, and its error ends the call: no attempt so far has
    /// taken effect then.
    pub fn call_with<T: DeserializeOwned>(
        &self,
        call: &Call,
        again: impl Fn() -> anyhow::Result<()>,
    ) -> anyhow::Result<T> {
        self.call_again(call, |_| again())
    }

    /// The same; `again` is told what became of the attempt before.
    pub(crate) fn call_again<T: DeserializeOwned>(
        &self,
        call: &Call,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<T> {
        let operation = call.operation();
        let (mut anew, mut is_final) = (false, false);
        let (prepared, shaped) = loop {
            let prepared = self.documents.prepare(call)?;
            let failed = match self.post(operation, &prepared, &again)? {
                Ok(shaped) => break (prepared, shaped),
                Err(failed) if failed.misfit && !is_final => failed,
                Err(failed) => return Err(self.error(failed).into()),
            };
            is_final = !self.heal(operation, &prepared, failed, anew)? || anew;
            // What is refused again was written for a schema that has changed since it was kept.
            anew = true;
            again(Before::Unfit)?;
        };
        let value = self.with_all_messages(operation, &prepared, shaped);
        serde_json::from_value(value).map_err(|error| {
            let cause = format!("the platform's answer is not understood: {}", clean(&error.to_string()));
            self.error(unclear(operation.effect(), cause, false)).into()
        })
    }

    /// Attempts it, again where that is safe and may help; `again` is called before each attempt but the first.
    pub(super) fn persist<T>(
        &self,
        attempt: impl Fn() -> Result<T, Failed>,
        again: impl Fn() -> anyhow::Result<()>,
    ) -> anyhow::Result<T> {
        self.until_clear(attempt, |_| again())?.map_err(|failed| self.error(failed).into())
    }

    /// The same, with the last failure as it is.
    fn until_clear<T>(
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

    /// Sleeps for so long; `false` where somebody [waits for the end](Self::hurry).
    pub fn sleep(&self, time: Duration) -> bool {
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

    /// From now on nothing is attempted again, nor looked for: somebody waits for the end. What is in flight goes on.
    pub fn hurry(&self) {
        self.hurried.cancel();
    }

    /// Whether somebody waits for the end.
    pub fn is_hurried(&self) -> bool {
        self.hurried.is_cancelled()
    }

    /// Where the Admin API is.
    pub fn endpoint(&self) -> &Url {
        &self.settings.endpoint
    }

    pub(super) fn token(&self) -> &SecretString {
        &self.settings.token
    }

    /// The documents in use.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// Whether a document that does not fit is written anew.
    pub(super) fn syncs(&self) -> bool {
        self.settings.sync
    }

    /// Waits until nobody else writes a document anew.
    pub(super) fn begin_healing(&self) -> MutexGuard<'_, Option<Known>> {
        self.healing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file in which the endpoint's schema is kept.
    pub(super) fn schema_file(&self) -> Option<&Path> {
        self.settings.schema.as_deref()
    }

    /// How many attempts may follow the first.
    pub fn retries(&self) -> u32 {
        self.settings.retries
    }

    /// Says something to people.
    pub fn notice(&self, text: &str) {
        (self.notice)(text);
    }

    /// What to say of a failure.
    pub(super) fn error(&self, failed: Failed) -> Error {
        failed.into_error(&self.settings.token)
    }

    /// Posts a request until it is clear what became of it; `again` is called before each attempt but the first.
    pub(super) fn post(
        &self,
        operation: &Operation,
        prepared: &Prepared,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<Result<Shaped, Failed>> {
        let body = Bytes::from(serde_json::to_vec(prepared).context("cannot write the request")?);
        self.until_clear(|| self.attempt(operation, prepared, body.clone()), again)
    }

    fn attempt(&self, operation: &Operation, prepared: &Prepared, body: Bytes) -> Result<Shaped, Failed> {
        let (outcome, remedy) = self.send(body);
        let judged = classify(operation.effect(), prepared.place(), self.endpoint(), outcome);
        let value = judged.map_err(|failed| remedy.apply(failed))?;
        prepared.shape(operation, value).map_err(|misshaped| match misshaped {
            Misshaped::Refused { text, code } => refused_in_payload(operation.effect(), &text, code),
            Misshaped::Doubtful(text) => {
                let cause = format!("the platform reported errors beside a result: {}", clean(&text));
                unclear(operation.effect(), cause, false)
            }
            Misshaped::Nothing(cause) => unclear(operation.effect(), cause, false),
        })
    }

    /// Sends a request, and tells what is to be said of it where it was not sent.
    pub(super) fn send(&self, body: Bytes) -> (Outcome, Remedy) {
        let request = self.http.post(self.endpoint().clone()).body(body);
        self.send_for(request, LARGEST_ANSWER)
    }

    /// The same for the schema, unless it is still the one of this `ETag`.
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
            Ok(_) => Body::Whole(bytes),
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

/// What a payload's own error means: the same as one beside `data`.
fn refused_in_payload(effect: Effect, text: &str, code: Option<String>) -> Failed {
    let (text, code) = (clean(text), code.map(|code| clean(&code)));
    let failed = match Says::of(&[json!({"message": text, "extensions": {"code": code}})]) {
        Says::Broken if !text.is_empty() => unclear(effect, format!("the platform failed: {text}"), false),
        Says::Busy => Failed::new(Kind::Unavailable, format!("the platform is busy: {text}")).again_if(true),
        Says::Refused | Says::Broken => Failed::new(Kind::Refused, format!("the platform refused: {text}")),
    };
    Failed { code, ..failed }
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
