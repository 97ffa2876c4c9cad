//! `--forward-to`: sends each event as the request that it came in, with its headers and its body byte for byte. So a receiver that
//! checks signatures itself works behind this program as it did behind the platform.

use std::io::{self, Read};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use url::Url;

use super::Verdict;
use crate::api;
use crate::model::{Event, headers};

/// The limit on one request, from connecting to the answer's last byte.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Servers close unused connections after 5 s (Node's default) and more; ours go first.
const IDLE: Duration = Duration::from_secs(4);
/// How much of an answer is read, so that its connection can be used again.
const LARGEST_ANSWER: u64 = 64 * 1024;

/// Forwards each event to a URL.
#[derive(Debug)]
pub struct Forward {
    http: Client,
    url: Url,
}

impl Forward {
    /// Forwards to this URL.
    ///
    /// # Errors
    /// When the system has no certificates to verify the receiver with.
    pub fn new(url: Url) -> anyhow::Result<Self> {
        let http = api::http(&url, |builder| {
            builder.timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT).pool_idle_timeout(IDLE).no_gzip()
        })?;
        Ok(Self { http, url })
    }

    /// Sends this event.
    pub(super) fn run(&self, event: &Event, headers: &[u8]) -> Verdict {
        let request = self.http.post(self.url.clone()).headers(parse(headers)).body(event.body.clone());
        match request.send() {
            Ok(response) => verdict(response),
            Err(error) => Verdict::later(api::cause(&error)),
        }
    }
}

fn verdict(response: Response) -> Verdict {
    let status = response.status();
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let asked = asked.and_then(|value| api::asked_wait(value, SystemTime::now()));
    // The status is enough. An answer that breaks off changes nothing.
    drop(io::copy(&mut response.take(LARGEST_ANSWER), &mut io::sink()));
    if status.is_success() {
        Verdict::Done
    } else if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        Verdict::Later { reason: format!("HTTP {}", status.as_u16()), asked }
    } else {
        Verdict::Failed(format!("HTTP {}", status.as_u16()))
    }
}

/// The header fields of the stored lines.
fn parse(lines: &[u8]) -> HeaderMap {
    let fields = headers::fields(lines)
        .filter_map(|(name, value)| Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?)));
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, value);
    }
    headers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_come_back_as_they_were_stored() {
        let headers = parse(b"x-guuru-event: chat-closed\r\nx-a: 1\r\nx-a:  2 \r\nx-b: gr\xfc\xdfe\r\nx-c: \r\n");
        assert_eq!(headers["x-guuru-event"], "chat-closed");
        assert_eq!(headers.get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(headers["x-b"].as_bytes(), b"gr\xfc\xdfe");
        assert_eq!(headers["x-c"], "");
        assert_eq!(headers.len(), 5);
    }

    proptest! {
        #[test]
        fn any_stored_headers_are_read_without_a_panic(lines: Vec<u8>) {
            drop(parse(&lines));
        }
    }
}
