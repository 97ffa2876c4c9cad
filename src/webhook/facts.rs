//! The few facts that are read from a webhook, once its signature is verified. Everything that the platform's documentation leaves
//! open about the content is decided here.

use hyper::StatusCode;
use hyper::header::{ACCEPT_ENCODING, HeaderMap, HeaderName};
use serde_json::value::RawValue;

use super::request::{EVENT_HEADER, IDEMPOTENCY_HEADER, Refusal};
use crate::model::{Delivery, EventKind, MessageFacts, headers, json};

/// Names the chat in an older revision of the platform's webhooks (documented); the signature does not cover it.
pub(super) const CHAT_HEADER: HeaderName = HeaderName::from_static("x-guuru-chat-id");

/// The longest event name and idempotency key that are taken, in bytes.
const NAME_LIMIT: usize = 256;

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

/// Makes a delivery of a request and the facts of its body.
pub(super) fn delivery(headers: &HeaderMap, body: Vec<u8>, facts: Facts) -> Result<Delivery, Refusal> {
    let event = single(headers, &EVENT_HEADER)?
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "no x-guuru-event header"))?;
    let of_message = event.parse() == Ok(EventKind::MessageCreated);
    let named = if of_message { facts.nested_chat_id } else { facts.nested_chat_id.or(facts.id.clone()) };
    Ok(Delivery {
        id: single(headers, &IDEMPOTENCY_HEADER)?,
        // A repeated or odd header is ignored. It is no reason to refuse a webhook with a valid signature.
        chat_id: named.or_else(|| single(headers, &CHAT_HEADER).ok().flatten()),
        requested_experts: facts.requested_experts,
        message: of_message.then_some(MessageFacts { id: facts.id, ..facts.message }),
        event,
        received_at: jiff::Timestamp::now().as_millisecond(),
        headers: header_lines(headers),
        body,
    })
}

/// The headers as they came, without those that concern only this connection.
fn header_lines(headers: &HeaderMap) -> Vec<u8> {
    let is_kept = |name: &HeaderName| {
        let connection = ["connection", "keep-alive", "transfer-encoding", "host", "content-length", "expect"];
        !connection.contains(&name.as_str()) && *name != ACCEPT_ENCODING
    };
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    headers::to_lines(kept.map(|(name, value)| (name.as_str(), value.as_bytes())))
}

/// The facts of a body. Each of them may be missing, and a field of another type counts as missing. The event is kept anyway.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    id: Option<String>,
    nested_chat_id: Option<String>,
    requested_experts: Option<Vec<String>>,
    message: MessageFacts,
}

impl Facts {
    /// Reads a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let refuse = |reason: String| Refusal::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {reason}"));
        let text = std::str::from_utf8(body).map_err(|error| refuse(error.to_string()))?;
        let whole = json::with_whole_characters(text);
        // Read member by member: one that is odd or deeply nested must not hide the others.
        let Some(body) = json::members(&whole) else {
            // It is not an object.
            serde_json::from_str::<&RawValue>(text).map_err(|error| refuse(error.to_string()))?;
            return Ok(Self::default());
        };
        let text_of = |name: &str| body.get(name).and_then(json::text);
        let id_in = |name: &str| body.get(name).and_then(identifier_in);
        let experts = body.get("requestedExperts");
        let experts = experts.and_then(|list| json::from_slice::<Vec<Box<RawValue>>>(list.get().as_bytes()).ok());
        Ok(Self {
            id: body.get("id").and_then(json::identifier),
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
    use hyper::header::HeaderValue;
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
