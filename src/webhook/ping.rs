//! The ping of `guuru doctor`: a request that takes the way of a webhook, through all proxies, and is not one. The signed text
//! begins with a prefix that no JSON has, so the signature of a ping never fits a webhook, nor the other way round. A receiver that
//! knows no pings refuses it. Whoever captures a ping can only get the same answer again. The receiver stores nothing, and its
//! answer proves that it knows the secret.

use hyper::header::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::request::EVENT_HEADER;
use super::signature::{Secrets, sign};

/// What the event header says.
pub const PING_EVENT: &str = "guuru-doctor-ping";

/// What is signed for a ping begins with this, and its body follows.
const PING: &str = "guuru-doctor-ping:";
/// What is signed for the answer begins with this, and the body of the ping follows.
const PONG: &str = "guuru-doctor-pong:";

/// A ping, which is sent once for each secret.
#[derive(Clone, Debug)]
pub struct Ping {
    /// The body, byte for byte.
    pub body: String,
}

/// The answer to a ping.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pong {
    /// Null where the receiver checks no signatures.
    pong: Option<String>,
}

/// Who answered a ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// A receiver that has the secret.
    Receiver,
    /// A receiver that does not check signatures.
    Unverified,
    /// Somebody else.
    Stranger,
}

impl Ping {
    /// A new ping. Its body has white space and letters beyond ASCII, to show whether it arrives as it was sent.
    pub fn new() -> Self {
        Self { body: format!("{{ \"ping\": \"{}\",\n  \"text\": \"Grüße, 你好\\u0021\" }}\n", Uuid::new_v4()) }
    }

    /// Its signature with this secret.
    pub fn signature(&self, secret: &SecretString) -> String {
        signed(PING, &self.body, secret)
    }

    /// Who answered this, where the ping was signed with this secret.
    pub fn judge(&self, secret: &SecretString, answer: &[u8]) -> Answered {
        match serde_json::from_slice(answer) {
            Ok(Pong { pong: Some(proof) }) if proof == signed(PONG, &self.body, secret) => Answered::Receiver,
            Ok(Pong { pong: None }) => Answered::Unverified,
            _ => Answered::Stranger,
        }
    }
}

impl Default for Ping {
    fn default() -> Self {
        Self::new()
    }
}

/// The body of the answer to a ping. `None` if the request is not a ping.
pub(super) fn answer(headers: &HeaderMap, signature: &[u8], body: &[u8], secrets: Option<&Secrets>) -> Option<String> {
    if headers.get_all(EVENT_HEADER).iter().ne([&HeaderValue::from_static(PING_EVENT)]) {
        return None;
    }
    let pong = match secrets {
        None => None,
        Some(secrets) => {
            let secret = secrets.verify(&[PING.as_bytes(), body].concat(), signature).ok()?;
            Some(sign(secrets.iter().nth(secret)?, &[PONG.as_bytes(), body].concat()))
        }
    };
    serde_json::to_string(&Pong { pong }).ok()
}

fn signed(prefix: &str, body: &str, secret: &SecretString) -> String {
    sign(secret, format!("{prefix}{body}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(event: &str) -> HeaderMap {
        HeaderMap::from_iter([(EVENT_HEADER, event.parse().unwrap())])
    }

    /// What a receiver with these secrets answers to a ping with this one.
    fn answered(ping: &Ping, secret: &str, secrets: &str) -> Option<String> {
        let signature = ping.signature(&secret.into());
        answer(&headers(PING_EVENT), signature.as_bytes(), ping.body.as_bytes(), Some(&Secrets::parse(secrets)))
    }

    #[test]
    fn the_answer_proves_the_secret_that_the_ping_was_signed_with() {
        let ping = Ping::new();
        let answer = answered(&ping, "old", "new,old").unwrap();
        assert_eq!(ping.judge(&"old".into(), answer.as_bytes()), Answered::Receiver);
        assert_eq!(ping.judge(&"new".into(), answer.as_bytes()), Answered::Stranger);
        assert_eq!(Ping::new().judge(&"old".into(), answer.as_bytes()), Answered::Stranger, "that of another ping");
        assert_eq!(answered(&ping, "other", "new,old"), None);
        for answer in ["", "OK", "{}x", r#"{"pong":""}"#] {
            assert_eq!(ping.judge(&"old".into(), answer.as_bytes()), Answered::Stranger, "{answer}");
        }
    }

    #[test]
    fn a_receiver_that_takes_anything_proves_nothing() {
        let ping = Ping::new();
        let answer = super::answer(&headers(PING_EVENT), b"", ping.body.as_bytes(), None).unwrap();
        assert_eq!(ping.judge(&"any".into(), answer.as_bytes()), Answered::Unverified);
    }

    #[test]
    fn a_ping_is_no_webhook_and_a_webhook_is_no_ping() {
        let (ping, secrets) = (Ping::new(), Secrets::parse("old"));
        let (body, of_ping) = (ping.body.as_bytes(), ping.signature(&"old".into()));
        assert!(secrets.verify(body, of_ping.as_bytes()).is_err(), "a receiver that knows no pings would keep it");
        let of_webhook = sign(&"old".into(), body);
        assert_eq!(answer(&headers(PING_EVENT), of_webhook.as_bytes(), body, Some(&secrets)), None);
        assert_eq!(answer(&headers("chat-rated"), of_ping.as_bytes(), body, Some(&secrets)), None);
        for prefix in [PING, PONG] {
            let signed = format!("{prefix}{}", ping.body);
            assert!(serde_json::from_str::<serde_json::Value>(&signed).is_err(), "it could be a webhook's body");
        }
        assert!(serde_json::from_str::<serde_json::Value>(&ping.body).is_ok());
    }
}
