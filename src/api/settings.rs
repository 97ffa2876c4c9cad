//! What the client is told: where the platform is, how patient to be, and what to do about a schema that differs.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

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
