//! A webhook request becomes a delivery: which headers it must have, and what little of its body is understood. Everything
//! about the wire that the platform's documentation leaves open is decided here.

use std::net::IpAddr;

use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING,
};
use hyper::{Method, Request, StatusCode, Version};
use serde_json::value::RawValue;

use super::body::read_body;
use super::diagnosis::Mismatch;
use super::limits::Limits;
use super::ping;
use super::server::Options;
use super::signature::Secrets;
use super::turns::Turns;
use crate::model::{Delivery, EventKind, MessageFacts, headers, json};

/// Names the event (documented).
pub const EVENT_HEADER: HeaderName = HeaderName::from_static("x-guuru-event");
/// Carries the signature of the raw body (documented).
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-guuru-hmac-sha256");
/// The same each time a delivery is tried again (documented).
pub const IDEMPOTENCY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Names the chat in an older revision of the platform's webhooks (documented); the signature does not cover it.
pub(super) const CHAT_HEADER: HeaderName = HeaderName::from_static("x-guuru-chat-id");

/// The longest event name and idempotency key that are taken, in bytes.
const NAME_LIMIT: usize = 256;

/// The largest body for which it is found out why its signature is wrong: whoever sends nonsense must not keep the
/// receiver busy with it.
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

    /// The path takes other methods than this one.
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

/// HTTP/1.1 wants exactly one Host header; a proxy that sees another one than we do can be fooled.
pub(super) fn check_host(request: &Request<Incoming>) -> Result<(), Refusal> {
    match request.headers().get_all(HOST).iter().count() {
        1 => Ok(()),
        0 if request.version() < Version::HTTP_11 => Ok(()),
        0 => Err(Refusal::new(StatusCode::BAD_REQUEST, "no Host header")),
        _ => Err(Refusal::new(StatusCode::BAD_REQUEST, "more than one Host header")),
    }
}

/// What came in.
pub(super) enum Received {
    /// A webhook.
    Webhook(Box<Delivery>),
    /// The ping of a doctor, and what to answer.
    Ping(String),
}

/// Reads one request of this client, in turn where its body is large. The signature is checked before anything in the body is looked at.
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

/// What a request becomes whose body has come in.
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

/// All that is done with a request between the network and the store, for the fuzz target.
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

/// The one value of a header, printable ASCII; `None` where the header is not there.
fn single(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Refusal> {
    let refuse = |what: &str| Err(Refusal::new(StatusCode::BAD_REQUEST, format!("{what} {name} header")));
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return refuse("more than one");
    }
    match value.to_str() {
        Ok(text) if !text.is_empty() && text.len() <= NAME_LIMIT => Ok(Some(text.to_owned())),
        _ => refuse("an empty, overlong or unprintable"),
    }
}

fn delivery(headers: &HeaderMap, body: Vec<u8>, facts: Facts) -> Result<Delivery, Refusal> {
    let event = single(headers, &EVENT_HEADER)?
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "no x-guuru-event header"))?;
    let of_message = event.parse() == Ok(EventKind::MessageCreated);
    let named = if of_message { facts.nested_chat_id } else { facts.nested_chat_id.or(facts.id.clone()) };
    Ok(Delivery {
        id: single(headers, &IDEMPOTENCY_HEADER)?,
        // One that is repeated or odd says nothing, and is no reason to refuse what the signature vouches for.
        chat_id: named.or_else(|| single(headers, &CHAT_HEADER).ok().flatten()),
        requested_experts: facts.requested_experts,
        message: of_message.then_some(MessageFacts { id: facts.id, ..facts.message }),
        event,
        received_at: jiff::Timestamp::now().as_millisecond(),
        headers: header_lines(headers),
        body,
    })
}

/// The header section as it came, without what concerns this connection alone.
fn header_lines(headers: &HeaderMap) -> Vec<u8> {
    let is_kept = |name: &HeaderName| {
        let connection = ["connection", "keep-alive", "transfer-encoding", "host", "content-length", "expect"];
        !connection.contains(&name.as_str()) && *name != ACCEPT_ENCODING
    };
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    headers::to_lines(kept.map(|(name, value)| (name.as_str(), value.as_bytes())))
}

/// What the program understands of a body. Anything may be missing, and a field of another type counts as missing: the
/// event is kept all the same.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    id: Option<String>,
    nested_chat_id: Option<String>,
    requested_experts: Option<Vec<String>>,
    message: MessageFacts,
}

impl Facts {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let refuse = |reason: String| Refusal::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {reason}"));
        let text = std::str::from_utf8(body).map_err(|error| refuse(error.to_string()))?;
        serde_json::from_str::<&RawValue>(text).map_err(|error| refuse(error.to_string()))?;
        // Member by member: what one of them holds, however deep or odd, is no reason to understand nothing of the others.
        let body = json::members(text).unwrap_or_default();
        let text_of = |name: &str| body.get(name).and_then(|value| json::text(value));
        let id_in = |name: &str| body.get(name).and_then(|value| identifier_in(value));
        let experts = body.get("requestedExperts");
        let experts = experts.and_then(|list| json::from_slice::<Vec<Box<RawValue>>>(list.get().as_bytes()).ok());
        Ok(Self {
            id: body.get("id").and_then(|id| json::identifier(id)),
            nested_chat_id: id_in("chat"),
            requested_experts: experts.map(|list| list.iter().filter_map(|expert| identifier_in(expert)).collect()),
            message: MessageFacts {
                id: None,
                author_id: id_in("author"),
                text: text_of("text"),
                attachment: text_of("attachment"),
            },
        })
    }
}

/// The id of an object.
fn identifier_in(object: &RawValue) -> Option<String> {
    json::identifier(json::members(object.get())?.get("id")?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(event: &str) -> HeaderMap {
        HeaderMap::from_iter([
            (EVENT_HEADER, event.parse().unwrap()),
            (IDEMPOTENCY_HEADER, HeaderValue::from_static("key")),
            (HeaderName::from_static("connection"), HeaderValue::from_static("close")),
        ])
    }

    fn read(event: &str, body: &str) -> Delivery {
        delivery(&headers(event), body.into(), Facts::read(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_chat_event_names_its_chat_and_its_experts() {
        let delivery = read("chat-assigned", r#"{"id":"c-1","requestedExperts":[{"id":"api"},{"id":7},{}]}"#);
        assert_eq!(delivery.chat_id.as_deref(), Some("c-1"));
        assert_eq!(delivery.requested_experts, Some(vec!["api".into(), "7".into()]));
        assert_eq!(delivery.message, None);
        assert_eq!(delivery.headers, b"x-guuru-event: chat-assigned\r\nidempotency-key: key\r\n");
    }

    #[test]
    fn a_message_names_its_chat_and_its_author() {
        let body = r#"{"id":"m-9","text":"Hello?","author":{"id":"user"},"chat":{"id":"c-1"}}"#;
        let delivery = read("message-created", body);
        assert_eq!(delivery.chat_id.as_deref(), Some("c-1"));
        let message = delivery.message.unwrap();
        assert_eq!((message.id.as_deref(), message.author_id.as_deref()), (Some("m-9"), Some("user")));
    }

    #[test]
    fn a_header_names_the_chat_where_the_body_does_not() {
        let take = |event: &str, body: &str, chats: &[&'static str]| {
            let mut headers = headers(event);
            for chat in chats {
                headers.append(CHAT_HEADER, HeaderValue::from_static(chat));
            }
            delivery(&headers, body.into(), Facts::read(body.as_bytes()).unwrap()).unwrap().chat_id
        };
        let user = r#"{"user":{"name":"Ada","isLead":true}}"#;
        assert_eq!(take("chatTransferred", user, &["c-7"]).as_deref(), Some("c-7"));
        assert_eq!(take("messageCreated", r#"{"id":"m-1","text":"Hi"}"#, &["c-7"]).as_deref(), Some("c-7"));
        assert_eq!(take("chatRated", r#"{"id":"c-1"}"#, &["c-7"]).as_deref(), Some("c-1"), "nobody signs the header");
        assert_eq!(take("message-created", r#"{"chat":{"id":"c-1"}}"#, &["c-7"]).as_deref(), Some("c-1"));
        assert_eq!(take("chatRated", user, &["c-7", "c-8"]), None);
        assert_eq!(take("chatRated", user, &[""]), None);
    }

    #[test]
    fn either_spelling_of_message_created_has_its_facts() {
        let message = read("messageCreated", r#"{"id":"m-9","text":"Hi","author":{"id":"p-1"},"chat":{"id":"c-1"}}"#);
        assert_eq!((message.event.as_str(), message.chat_id.as_deref()), ("messageCreated", Some("c-1")));
        assert_eq!(message.message.unwrap().author_id.as_deref(), Some("p-1"));
    }

    #[test]
    fn a_message_without_a_chat_has_no_chat_id() {
        assert_eq!(read("message-created", r#"{"id":"m-9"}"#).chat_id, None);
    }

    #[test]
    fn an_unknown_event_of_any_shape_is_taken() {
        for body in ["[]", "null", "7", r#"{"id":null}"#, r#"{"id":{},"requestedExperts":{},"chat":[]}"#] {
            let delivery = read("chat-teleported", body);
            assert_eq!((delivery.event.as_str(), delivery.chat_id), ("chat-teleported", None), "{body}");
        }
    }

    #[test]
    fn json_nested_beyond_all_reason_is_still_json() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Facts::read(deep.as_bytes()), Ok(Facts::default()));
        let beside = format!(r#"{{"id":"c-1","extra":{deep}}}"#);
        assert_eq!(read("chat-closed", &beside).chat_id.as_deref(), Some("c-1"));
    }

    #[test]
    fn ids_are_read_from_whatever_is_json() {
        for odd in [
            r#""text":"\ud83d""#,
            r#""text":"\ude00 half""#,
            r#""\ud83d":1"#,
            r#""n":1e999"#,
            r#""n":[-1E+4000]"#,
            r#""user":{"name":"\udfff"}"#,
        ] {
            let message = read(
                "message-created",
                &format!(r#"{{"id":"m-1",{odd},"author":{{"id":"p-1"}},"chat":{{"id":"c-1"}}}}"#),
            );
            assert_eq!(message.chat_id.as_deref(), Some("c-1"), "{odd}");
            let facts = message.message.unwrap();
            assert_eq!((facts.id.as_deref(), facts.author_id.as_deref()), (Some("m-1"), Some("p-1")), "{odd}");
            let assigned =
                read("chat-assigned", &format!(r#"{{{odd},"id":"c-1","requestedExperts":[{{"id":"api",{odd}}}]}}"#));
            assert_eq!(
                (assigned.chat_id.as_deref(), assigned.requested_experts),
                (Some("c-1"), Some(vec!["api".into()]))
            );
        }
        let cut = read("message-created", r#"{"id":"m-1","text":"a \ud83d","chat":{"id":"c-1"}}"#);
        assert_eq!(cut.message.unwrap().text.as_deref(), Some("a \u{fffd}"));
    }

    #[test]
    fn a_number_beyond_64_bits_is_an_id_as_it_is_spelled() {
        for id in ["123456789012345678901234", "18446744073709551616", "-9223372036854775809", "1e999", "7"] {
            let chat = read("chat-closed", &format!(r#"{{"id":{id}}}"#));
            assert_eq!(chat.chat_id.as_deref(), Some(id));
            let message = read("message-created", &format!(r#"{{"id":{id},"chat":{{"id": {id} }}}}"#));
            assert_eq!((message.chat_id.as_deref(), message.message.unwrap().id.as_deref()), (Some(id), Some(id)));
        }
    }

    #[test]
    fn a_body_that_is_not_json_is_refused() {
        for body in [&b""[..], b"{", b"{}{}", b"\"a\nb\"", b"\"\xff\"", b"nul", b"{'id':1}", b"\0"] {
            let refusal = Facts::read(body).unwrap_err();
            assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
            assert!(refusal.reason.starts_with("the body is not JSON"), "{}", refusal.reason);
        }
    }

    #[test]
    fn a_repeated_or_empty_header_is_refused() {
        let mut twice = headers("chat-closed");
        twice.append(IDEMPOTENCY_HEADER, HeaderValue::from_static("other"));
        let mut empty = headers("chat-closed");
        empty.insert(EVENT_HEADER, HeaderValue::from_static(""));
        for headers in [twice, empty, HeaderMap::new()] {
            let refusal = delivery(&headers, Vec::new(), Facts::default()).unwrap_err();
            assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused_without_a_panic(body: Vec<u8>) {
            let is_json = serde_json::from_slice::<&RawValue>(&body).is_ok();
            prop_assert_eq!(Facts::read(&body).is_ok(), is_json);
        }
    }
}
