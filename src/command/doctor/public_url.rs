//! The way in from outside: a signed ping to the public URL, which must come back from a receiver that has the secret.

use std::io::Read;
use std::net::SocketAddr;
use std::time::Instant;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use url::Url;
use uuid::Uuid;

use super::unreached::unreached;
use super::{Checked, Finding, Subject};
use crate::api::shown;
use crate::command::shared::poster::Poster;
use crate::error::{Error, Kind};
use crate::output::visible;
use crate::webhook::{Answered, PING_EVENT, Ping, Secrets, is_inside};

/// How much of an answer is read, in bytes.
const LARGEST_ANSWER: u64 = 4096;
/// How much of a stranger's answer is shown, in characters.
const SHOWN: usize = 100;

pub(super) fn check(subject: &Subject, url: &Url, secrets: &Secrets) -> Checked<()> {
    let poster = Poster::new(url, subject.patience)?;
    let start = Instant::now();
    for (place, secret) in secrets.iter().enumerate() {
        let ping = Ping::new();
        let body = ping.body.clone().into_bytes();
        let id = Uuid::new_v4().to_string();
        let response = poster.webhook(PING_EVENT, &ping.signature(secret), &id, body).send();
        let response = response.map_err(|error| unreached(&error, url, subject.patience, None))?;
        let (status, location, answer) = read(response);
        let secret_name = if secrets.len() == 1 { String::new() } else { format!(" {}", place + 1) };
        match ping.judge(secret, &answer) {
            Answered::Receiver if status.is_success() => {}
            Answered::Unverified if status.is_success() => {
                let error = Error::new(
                    Kind::Failure,
                    format!("the receiver behind {} takes anything, signed or not", shown(url)),
                );
                return Err(error.hint("start it without --insecure-no-verify").into());
            }
            _ => return Err(stranger(url, status, location.as_deref(), &answer, &secret_name).into()),
        }
    }
    let milliseconds = start.elapsed().as_millis();
    let arrived = format!("a signed ping to {} came back from the receiver in {milliseconds} ms", shown(url));
    Ok((reachable(url, arrived), ()))
}

fn read(response: Response) -> (StatusCode, Option<String>, Vec<u8>) {
    let status = response.status();
    let location = response.headers().get("location").and_then(|location| location.to_str().ok()).map(str::to_owned);
    let mut answer = Vec::new();
    // What cannot be read is no proof.
    drop(response.take(LARGEST_ANSWER).read_to_end(&mut answer));
    (status, location, answer)
}

/// Whether the platform can get there too, as far as that can be seen from here.
fn reachable(url: &Url, arrived: String) -> Finding {
    let addresses = url.socket_addrs(|| None).unwrap_or_default();
    if let Some(address) = addresses.iter().map(SocketAddr::ip).find(|address| is_inside(*address)) {
        let hint = "give the URL that is entered in the portal; inside of a network of your own its name may mean another address";
        return Finding::warning(format!("{arrived}, but {address} is no address that the platform can reach"), hint);
    }
    if url.scheme() == "http" {
        let hint = "let a proxy that ends TLS stand before the receiver: see docs/operating.md";
        return Finding::warning(
            format!("{arrived}, in clear text: what end users write can be read on the way"),
            hint,
        );
    }
    Finding::ok(arrived)
}

/// What to say of an answer that proves nothing.
fn stranger(url: &Url, status: StatusCode, location: Option<&str>, answer: &[u8], secret: &str) -> Error {
    let said: String = String::from_utf8_lossy(answer).trim().chars().take(SHOWN).collect();
    let said = if said.is_empty() { String::new() } else { format!(": {}", visible(&said)) };
    let message = format!("{} answers HTTP {}{said}", shown(url), status.as_u16());
    let hint = match status {
        _ if status.is_success() => "something else than `guuru listen` or `guuru bridge` answers there".to_owned(),
        _ if status.is_redirection() => {
            format!("it redirects to {}: enter that in the portal, if it is yours", location.unwrap_or("nowhere"))
        }
        StatusCode::BAD_REQUEST => format!(
            "has the receiver there the webhook secret{secret} of this profile? If so, something on the way changes the body or \
             the headers, or it is an older guuru: `guuru listen -v` says why it refuses"
        ),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "something before the receiver wants to know who asks: it must let the platform's webhooks through".to_owned()
        }
        StatusCode::NOT_FOUND => "compare the path with --path of the receiver, and with what the proxy passes on".to_owned(),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            "a proxy answers and its receiver does not: is `guuru listen` running, at the address that the proxy passes to?"
                .to_owned()
        }
        _ => "docs/interface.md says what each status of the receiver means; a proxy may have its own".to_owned(),
    };
    Error::new(Kind::Failure, message).hint(hint)
}
