//! Turns a request into a delivery: which headers it must have, and what is refused. Everything about the wire that the platform's
//! documentation leaves open is decided here.

use std::net::IpAddr;

use hyper::body::Incoming;
use hyper::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use hyper::{Method, Request, StatusCode, Version};

use super::body::read_body;
use super::diagnosis::Mismatch;
use super::facts::{Facts, delivery};
use super::limits::Limits;
use super::ping;
use super::server::Options;
use super::signature::Secrets;
use super::turns::Turns;
use crate::model::Delivery;

/// Names the event (documented).
pub const EVENT_HEADER: HeaderName = HeaderName::from_static("x-guuru-event");
/// Carries the signature of the raw body (documented).
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-guuru-hmac-sha256");
/// Equal in all deliveries of one event (documented).
pub const IDEMPOTENCY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The largest body for which a wrong signature is explained. Senders of nonsense must not keep the receiver busy.
const EXPLAIN_LIMIT: usize = 64 * 1024;

/// Why a request is not accepted: the status and the reason for its sender, and what the operator alone is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
    detail: Option<String>,
    /// With a 405: the methods that there are.
    pub(super) allow: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), detail: None, allow: None }
    }

    /// The path does not take this method.
    pub(super) fn of_method(method: &Method, allow: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("method {method}")) }
    }

    /// Tells the operator this instead of the reason.
    pub(super) fn with_detail(self, detail: String) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// What the operator is told.
    pub(super) fn for_operator(&self) -> &str {
        self.detail.as_ref().unwrap_or(&self.reason)
    }
}

impl From<Mismatch> for Refusal {
    fn from(mismatch: Mismatch) -> Self {
        Self::new(StatusCode::BAD_REQUEST, mismatch.to_string())
    }
}

/// HTTP/1.1 wants exactly one Host header. If there are two, a proxy may read another one than we do.
pub(super) fn check_host(request: &Request<Incoming>) -> Result<(), Refusal> {
    match request.headers().get_all(HOST).iter().count() {
        1 => Ok(()),
        0 if request.version() < Version::HTTP_11 => Ok(()),
        0 => Err(Refusal::new(StatusCode::BAD_REQUEST, "no Host header")),
        _ => Err(Refusal::new(StatusCode::BAD_REQUEST, "more than one Host header")),
    }
}

/// A request that was accepted.
pub(super) enum Received {
    /// A webhook.
    Webhook(Box<Delivery>),
    /// The ping of a doctor, and what to answer.
    Ping(String),
}

/// Reads one request of this client. A large body waits for its turn. The signature is checked before anything is read from the
/// body.
pub(super) async fn read(
    request: Request<Incoming>,
    options: &Options,
    turns: &Turns,
    client: Option<IpAddr>,
) -> Result<Received, Refusal> {
    check_framing(request.headers(), &options.limits)?;
    let (head, body) = request.into_parts();
    if options.secrets.is_some() {
        signature(&head.headers)?;
    }
    let body = read_body(body, &options.limits, turns, client).await?;
    let signature = head.headers.get(SIGNATURE_HEADER).map_or(&b""[..], HeaderValue::as_bytes);
    if let Some(pong) = ping::answer(&head.headers, signature, &body, options.secrets.as_ref()) {
        return Ok(Received::Ping(pong));
    }
    take(&head.headers, body, options.secrets.as_ref(), options.explain)
        .map(|delivery| Received::Webhook(Box::new(delivery)))
}

/// Makes a delivery of a request whose body is complete.
fn take(headers: &HeaderMap, body: Vec<u8>, secrets: Option<&Secrets>, explain: bool) -> Result<Delivery, Refusal> {
    if let Some(secrets) = secrets {
        let signature = signature(headers)?.as_bytes();
        secrets.verify(&body, signature).map_err(|mismatch| {
            let explain = explain && body.len() <= EXPLAIN_LIMIT;
            let cause = if explain { secrets.explain(&body, signature, mismatch) } else { mismatch };
            Refusal::from(mismatch).with_detail(cause.to_string())
        })?;
    }
    let facts = Facts::read(&body)?;
    delivery(headers, body, facts)
}

/// All steps between the network and the store, for the fuzz target.
#[doc(hidden)]
pub fn accept(headers: &HeaderMap, body: Vec<u8>, secrets: &Secrets) -> Result<Delivery, String> {
    let accepted =
        check_framing(headers, &Limits::new(body.len())).and_then(|()| take(headers, body, Some(secrets), true));
    accepted.map_err(|refusal| format!("{}: {}", refusal.status, refusal.for_operator()))
}

/// What can be refused before the body is read.
fn check_framing(headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    let json = headers.get(CONTENT_TYPE).is_some_and(|value| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
    });
    if !json {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the Content-Type is not application/json"));
    }
    if headers.get_all(CONTENT_ENCODING).iter().any(is_encoded) {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has a Content-Encoding"));
    }
    match headers.get(CONTENT_LENGTH) {
        None if !headers.contains_key(TRANSFER_ENCODING) => {
            Err(Refusal::new(StatusCode::LENGTH_REQUIRED, "no Content-Length"))
        }
        Some(length) if exceeds(length, limits.body) => Err(too_large(limits)),
        _ => Ok(()),
    }
}

/// Whether the header names any coding: `identity` is none.
fn is_encoded(codings: &HeaderValue) -> bool {
    let mut codings = codings.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    codings.any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
}

fn exceeds(length: &HeaderValue, limit: usize) -> bool {
    let length = length.to_str().ok().and_then(|length| length.parse::<u64>().ok());
    length.is_none_or(|length| length > limit as u64)
}

pub(super) fn too_large(limits: &Limits) -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {} bytes (--max-body)", limits.body))
}

fn signature(headers: &HeaderMap) -> Result<&HeaderValue, Mismatch> {
    let mut values = headers.get_all(SIGNATURE_HEADER).iter();
    let value = values.next().ok_or(Mismatch::Missing)?;
    if values.next().is_some() { Err(Mismatch::Repeated) } else { Ok(value) }
}
