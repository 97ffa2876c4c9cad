//! The client: a call becomes a request by the document in use, the transport carries it, and where the document does not fit
//! or the answer holds only a part, further steps follow.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use url::Url;

use super::answer::clean;
use super::heal::Healer;
use super::introspect::{self, Known};
use super::outcome::{Failed, classify, misshaped, unclear};
use super::raw::{self, RawRequest, Response};
use super::schema::shape::Shaped;
use super::schema::{Documents, Live, Prepared};
use super::transport::{Before, Transport};
use super::{Call, Operation, Settings, endpoint, messages};

/// The Admin API of one partner. It blocks, so it must not be called from within an async runtime; its clones share their
/// connections and may be used from many threads at once.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    settings: Arc<Settings>,
    documents: Arc<Documents>,
    /// The endpoint's schema, as far as it is known; held while a document is written anew, so that the threads of a batch do
    /// that once.
    known: Arc<Mutex<Option<Known>>>,
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
        let settings = Arc::new(settings);
        let transport = Transport::new(settings.clone(), notice)?;
        let documents = Arc::new(Documents::of(settings.documents.clone()));
        Ok(Self { transport, settings, documents, known: Arc::default() })
    }

    /// Sends the call, again where that is safe and may help, and returns the value of its root field. A document that does
    /// not fit the endpoint's schema is written anew where the settings allow it.
    ///
    /// The error's kind is `Refused`, `Auth`, `Unavailable`, `Unknown` (it may have taken effect), `Config` (a redirect) or
    /// `Usage` (a value that this endpoint demands); its message is the cause alone: what failed on which thing is the
    /// caller's to add.
    pub fn call<T: DeserializeOwned>(&self, call: &Call) -> anyhow::Result<T> {
        self.call_again(call, |_| Ok(()))
    }

    /// Sends the call, as [`Client::call`] does. `again` is told before each attempt but the first what became of the one before,
    /// and its error ends the call: no attempt so far has taken effect then.
    pub fn call_again<T: DeserializeOwned>(
        &self,
        call: &Call,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<T> {
        let operation = call.operation();
        let (prepared, shaped) = self.post_healing(call, again)?;
        let fetch =
            |request: &Prepared| self.post(operation, request, |_| Ok(()))?.map_err(|failed| self.error(failed));
        let (value, doubt) = messages::with_all(&prepared, shaped, fetch);
        if let Some(doubt) = doubt {
            self.notice(&format!("the chat may have more messages: {doubt}"));
        }
        serde_json::from_value(value).map_err(|error| {
            let cause = format!("the platform's answer is not understood: {}", clean(&error.to_string()));
            self.error(unclear(operation.effect(), cause, false))
        })
    }

    /// Posts a call; where its document does not fit the endpoint's schema, once more in a new one.
    fn post_healing(
        &self,
        call: &Call,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<(Prepared, Shaped)> {
        let operation = call.operation();
        let (mut anew, mut is_final) = (false, false);
        loop {
            let prepared = self.documents.prepare(call)?;
            let failed = match self.post(operation, &prepared, &again)? {
                Ok(shaped) => return Ok((prepared, shaped)),
                Err(failed) if failed.misfit.is_some() && !is_final => failed,
                Err(failed) => return Err(self.error(failed.if_fit())),
            };
            is_final = !self.healer().heal(operation, &prepared, &failed, anew)? || anew;
            // What is refused again was written for a schema that has changed since it was kept.
            anew = true;
            again(Before::Unfit)?;
        }
    }

    fn healer(&self) -> Healer<'_> {
        let Self { transport, settings, documents, known } = self;
        Healer { transport, documents, known, file: settings.schema.as_deref(), is_allowed: settings.sync }
    }

    /// Posts a request until it is clear what became of it; `again` is called before each attempt but the first.
    fn post(
        &self,
        operation: &Operation,
        prepared: &Prepared,
        again: impl Fn(Before) -> anyhow::Result<()>,
    ) -> anyhow::Result<Result<Shaped, Failed>> {
        let (effect, endpoint) = (operation.effect(), self.endpoint());
        let body = Bytes::from(serde_json::to_vec(prepared).context("cannot write the request")?);
        let attempt = || {
            let (outcome, remedy) = self.transport.send(body.clone());
            let judged = classify(effect, prepared.place(), endpoint, outcome);
            let value = judged.map_err(|failed| remedy.apply(failed))?;
            prepared.shape(operation, value).map_err(|why| misshaped(effect, why))
        };
        self.transport.until_clear(attempt, again)
    }

    fn error(&self, failed: Failed) -> anyhow::Error {
        self.transport.error(failed).into()
    }

    /// Sends a request that somebody wrote by hand, again where that is safe and may help.
    ///
    /// The kinds of error are those of [`Client::call`], but for the platform's own errors: they stand in the response, as
    /// there may be data beside them.
    pub fn request(&self, request: &RawRequest) -> anyhow::Result<Response> {
        raw::send(&self.transport, request)
    }

    /// Asks the endpoint for its schema, unless it is still the one that was kept, and keeps it.
    ///
    /// # Errors
    /// Those of a call; a schema that makes no sense is a plain failure.
    pub fn introspect(&self) -> anyhow::Result<Live> {
        introspect::ask(&self.transport, self.settings.schema.as_deref())
    }

    /// Sleeps for so long; `false` where somebody [waits for the end](Self::hurry).
    pub fn sleep(&self, time: Duration) -> bool {
        self.transport.sleep(time)
    }

    /// From now on nothing is attempted again, nor looked for: somebody waits for the end. What is in flight goes on.
    pub fn hurry(&self) {
        self.transport.hurry();
    }

    /// Whether somebody waits for the end.
    pub fn is_hurried(&self) -> bool {
        self.transport.is_hurried()
    }

    /// Where the Admin API is.
    pub fn endpoint(&self) -> &Url {
        self.transport.endpoint()
    }

    /// The documents in use.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// How many attempts may follow the first.
    pub fn retries(&self) -> u32 {
        self.settings.retries
    }

    /// Says something to people.
    pub fn notice(&self, text: &str) {
        self.transport.notice(text);
    }
}
