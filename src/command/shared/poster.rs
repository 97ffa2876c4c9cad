//! What the commands share that act as the platform: they post to a receiver.

use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use url::Url;

use crate::api;
use crate::webhook::{EVENT_HEADER, IDEMPOTENCY_HEADER, SIGNATURE_HEADER};

/// Posts webhooks to one receiver.
pub(crate) struct Poster {
    http: Client,
    to: Url,
}

impl Poster {
    /// For this receiver; no answer takes longer than `timeout`.
    pub(crate) fn new(to: &Url, timeout: Duration) -> anyhow::Result<Self> {
        let http = api::http(to, |builder| builder.user_agent(api::USER_AGENT).timeout(timeout))?;
        Ok(Self { http, to: to.clone() })
    }

    /// A webhook that is ready to be sent.
    pub(crate) fn webhook(&self, event: &str, signature: &str, id: &str, body: Vec<u8>) -> RequestBuilder {
        self.http
            .post(self.to.clone())
            .header("content-type", "application/json")
            .header(EVENT_HEADER, event)
            .header(SIGNATURE_HEADER, signature)
            .header(IDEMPOTENCY_HEADER, id)
            .body(body)
    }
}
