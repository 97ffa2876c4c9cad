//! Whether the endpoint can be reached, and how long that takes. No token is sent, so that a wrong token is not taken for a broken
//! network.

use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, LOCATION};
use reqwest::{StatusCode, header::HeaderName};

use super::unreached::unreached;
use super::{Checked, Finding, Subject};
use crate::api::{self, proxy_for, shown};
use crate::error::{Error, Kind};

/// What the endpoint's answer says of the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    /// Its clock, which tells seconds; `None` where it does not say.
    pub(super) date: Option<SystemTime>,
    /// This machine's clock when the request was half way.
    pub(super) here: SystemTime,
}

pub(super) fn check(subject: &Subject) -> Checked<Reached> {
    let endpoint = &subject.settings.endpoint;
    api::check_endpoint(endpoint)?;
    let http = api::http(endpoint, |builder| builder.user_agent(api::USER_AGENT).timeout(subject.patience))?;
    let request = http.post(endpoint.clone()).header(CONTENT_TYPE, "application/json");
    let (begun, start) = (SystemTime::now(), Instant::now());
    let response = request.body(r#"{"query":"{ __typename }"}"#).send();
    let response =
        response.map_err(|error| unreached(&error, endpoint, subject.patience, subject.settings.endpoint_advice()))?;
    let time = start.elapsed();
    let text = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
    let date = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let reached = Reached { date, here: begun + time / 2 };
    let finding = judge(response.status(), &shown(endpoint), text(LOCATION), time)?;
    let finding = match proxy_for(endpoint) {
        Some(proxy) => Finding { message: format!("{}, through the proxy {proxy}", finding.message), ..finding },
        None => finding,
    };
    Ok((finding, reached))
}

fn judge(status: StatusCode, endpoint: &str, location: Option<&str>, time: Duration) -> anyhow::Result<Finding> {
    let answers = format!("{endpoint} answers in {} ms", time.as_millis());
    let with_status = format!("{answers} with HTTP {}", status.as_u16());
    Ok(match status {
        _ if status.is_redirection() => {
            let target = location.unwrap_or("nowhere");
            let error = Error::new(Kind::Config, format!("{with_status}, a redirect to {target}"));
            return Err(error
                .hint("set GUURU_ENDPOINT to the target if you trust it: the token would go along")
                .into());
        }
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Finding::warning(with_status, "the platform, or a proxy before it, is in trouble: try again later")
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
            Finding::warning(with_status, "is it the Admin API? check GUURU_ENDPOINT")
        }
        _ => Finding::ok(answers),
    })
}
