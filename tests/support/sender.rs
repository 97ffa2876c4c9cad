//! Sends webhooks as the platform does, with a signature of its own making.

use hmac::{Hmac, KeyInit, Mac};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;

use super::program::SECRET;

/// A sender of webhooks to one receiver.
#[derive(Clone)]
pub(crate) struct Sender {
    http: Client,
    url: String,
}

/// The signature of a body, as the contract has it.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

impl Sender {
    /// A sender to this URL; its clones share their connections.
    pub(crate) fn new(url: &str) -> Self {
        Self { http: guuru::http::builder().no_proxy().build().unwrap(), url: url.to_owned() }
    }

    /// A request as the platform makes it.
    pub(crate) fn request(&self, event: &str, key: &str, body: &str) -> RequestBuilder {
        self.unsigned(event, key, body).header("x-guuru-hmac-sha256", signature(SECRET, body.as_bytes()))
    }

    /// A webhook without a signature.
    pub(crate) fn unsigned(&self, event: &str, key: &str, body: &str) -> RequestBuilder {
        self.http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("x-guuru-event", event)
            .header("idempotency-key", key)
            .body(body.to_owned())
    }

    /// Sends a webhook; the status of the answer, or `None` when there was none.
    pub(crate) fn send(&self, event: &str, key: &str, body: &Value) -> Option<u16> {
        self.request(event, key, &body.to_string()).send().ok().map(|response| response.status().as_u16())
    }

    /// Sends the assignment of a chat.
    pub(crate) fn assign(&self, key: &str, chat: &str) -> Option<u16> {
        self.send("chat-assigned", key, &json!({"id": chat, "requestedExperts": [{"id": "api"}]}))
    }

    /// Sends a message of an end user.
    pub(crate) fn message(&self, key: &str, chat: &str, text: &str) -> Option<u16> {
        let body = json!({"id": format!("m-{key}"), "text": text, "author": {"id": "user"}, "chat": {"id": chat}});
        self.send("message-created", key, &body)
    }
}
