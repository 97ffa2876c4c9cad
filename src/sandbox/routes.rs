//! The routes of the platform: who may use which, and the HTTP status of each outcome.

use std::collections::HashMap;
use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;

use rouille::{Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};
use url::{Host, Url, form_urlencoded};

use super::Platform;
use super::graphql::{self, Endpoint, Media};
use super::refusal::Refusal;
use super::state::{Content, SERVICE_ACCOUNT, User};

/// The largest request body, in bytes.
const MAX_BODY: u64 = 1024 * 1024;
const PAGE: &str = include_str!("page.html");
/// The page needs its own script and style and its own server, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) struct Routes {
    platform: Arc<Platform>,
    endpoint: Endpoint,
    authorization: SecretString,
}

impl Routes {
    pub(super) fn new(platform: Arc<Platform>, endpoint: Endpoint, token: &SecretString) -> Self {
        let authorization = format!("Bearer {}", token.expose_secret()).into();
        Self { platform, endpoint, authorization }
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        if let Some(refusal) = foreign(request) {
            return refusal;
        }
        let path = request.url();
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        match (request.method(), segments.as_slice()) {
            ("GET", [""]) => Response::html(PAGE).with_additional_header("Content-Security-Policy", PAGE_POLICY),
            ("POST", ["graphql"]) => self.graphql(request),
            ("POST", ["webhook"]) if !self.is_authorized(request) => unauthenticated(),
            ("POST", ["webhook"]) => with_fields(request, "url", |fields| self.webhook(fields)),
            ("POST", ["chats"]) => with_fields(request, "question", |fields| self.start(fields)),
            ("GET", ["chats", id]) => reply(200, self.platform.act(|state| state.chat(id).cloned())),
            ("POST", ["chats", id, "messages"]) => with_fields(request, "text", |mut fields| {
                let content = Content::new(fields.remove("text"), fields.remove("attachment"));
                reply(201, content.and_then(|content| self.platform.act(|state| state.say(id, content))))
            }),
            ("POST", ["chats", id, "reopen"]) => reply(200, self.platform.act(|state| state.reopen(id))),
            ("POST", ["chats", id, "rate"]) => with_fields(request, "rating", |mut fields| {
                let rating = fields.remove("rating").unwrap_or_default();
                reply(200, self.platform.act(|state| state.rate(id, &rating)))
            }),
            ("POST", ["chats", id, "reassign"]) => reply(200, self.platform.act(|state| state.reassign(id))),
            (
                method,
                ["" | "graphql" | "webhook" | "chats"]
                | ["chats", _]
                | ["chats", _, "messages" | "reopen" | "rate" | "reassign"],
            ) => error(405, "METHOD_NOT_ALLOWED", &format!("`{path}` does not take {method}")),
            _ => error(404, "NOT_FOUND", &format!("there is nothing at `{path}`")),
        }
    }
    fn graphql(&self, request: &Request) -> Response {
        if !self.is_authorized(request) {
            return unauthenticated();
        }
        let media = Media::asked_for(request.header("Accept").unwrap_or_default());
        let content_type = request.header("Content-Type").unwrap_or_default().split(';').next().unwrap_or_default();
        let (status, body) = match body(request) {
            Err((status, message)) => graphql::refuse(status, "BAD_REQUEST", message),
            Ok(_) if !content_type.trim().eq_ignore_ascii_case("application/json") => {
                graphql::refuse(415, "BAD_REQUEST", "the Content-Type is not application/json")
            }
            Ok(body) => self.endpoint.execute(&self.platform, &body, media),
        };
        Response::from_data(format!("{}; charset=utf-8", media.name()), body.to_string()).with_status_code(status)
    }

    fn webhook(&self, mut fields: Fields) -> Response {
        let url = fields.remove("url").unwrap_or_default();
        let outcome = match Url::parse(&url) {
            Ok(parsed) if ["http", "https"].contains(&parsed.scheme()) => Ok(Some(parsed)),
            Err(_) if url.is_empty() => Ok(None),
            _ => Err(Refusal::input(format!("`url` is not an http or https URL: `{url}`"))),
        };
        reply(
            200,
            outcome.map(|target| {
                self.platform.deliveries.set_url(target);
                json!({ "url": url })
            }),
        )
    }

    fn start(&self, mut fields: Fields) -> Response {
        let mut field = |name: &str| fields.remove(name).filter(|value| !value.is_empty());
        let question = field("question").unwrap_or_default();
        let expert = field("expert").unwrap_or_else(|| SERVICE_ACCOUNT.to_owned());
        let user = User { name: field("name").unwrap_or_else(|| "Guest".to_owned()), email: field("email") };
        reply(201, self.platform.act(|state| state.start(user, &question, &expert)))
    }

    fn is_authorized(&self, request: &Request) -> bool {
        request.header("Authorization") == Some(self.authorization.expose_secret())
    }
}

type Fields = HashMap<String, String>;

/// Refuses requests that another web site makes a browser send. A name that was rebound to loopback shows in `Host`, and a page
/// from elsewhere in `Origin`.
fn foreign(request: &Request) -> Option<Response> {
    let host = request.header("Host").unwrap_or_default();
    let is_loopback = match Url::parse(&format!("http://{host}")).as_ref().map(Url::host) {
        Ok(Some(Host::Domain(name))) => name == "localhost",
        Ok(Some(Host::Ipv4(ip))) => IpAddr::V4(ip).is_loopback(),
        Ok(Some(Host::Ipv6(ip))) => IpAddr::V6(ip).is_loopback(),
        _ => false,
    };
    let is_own = request.header("Origin").is_none_or(|origin| origin == format!("http://{host}"));
    (!is_loopback || !is_own).then(|| error(403, "FORBIDDEN", "only for requests from this machine to itself"))
}

fn with_fields(request: &Request, main: &str, answer: impl FnOnce(Fields) -> Response) -> Response {
    match body(request) {
        Ok(body) => match fields(request.header("Content-Type").unwrap_or_default(), main, &body) {
            Some(fields) => answer(fields),
            None => error(400, "BAD_USER_INPUT", "the body is neither a form nor an object in json nor plain text"),
        },
        Err((status, message)) => error(status, "BAD_REQUEST", message),
    }
}

/// The fields of a form (what curl's `-d` sends), of a JSON object, or a plain text as the main field.
fn fields(content_type: &str, main: &str, body: &[u8]) -> Option<Fields> {
    if content_type.starts_with("application/json") {
        let object: serde_json::Map<String, Value> = serde_json::from_slice(body).ok()?;
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(object.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, text(value))).collect())
    } else if content_type.starts_with("text/plain") {
        Some(Fields::from([(main.to_owned(), String::from_utf8(body.to_vec()).ok()?)]))
    } else {
        Some(form_urlencoded::parse(body).into_owned().collect())
    }
}

fn body(request: &Request) -> Result<Vec<u8>, (u16, &'static str)> {
    let mut bytes = Vec::new();
    let read = request.data().map(|data| data.take(MAX_BODY + 1).read_to_end(&mut bytes));
    match read {
        Some(Ok(_)) if bytes.len() as u64 > MAX_BODY => Err((413, "the body is longer than 1 MiB")),
        Some(Ok(_)) => Ok(bytes),
        _ => Err((400, "the body cannot be read")),
    }
}

fn unauthenticated() -> Response {
    let (status, body) = graphql::refuse(401, "UNAUTHENTICATED", "the access token is missing or wrong");
    Response::json(&body).with_status_code(status).with_additional_header("WWW-Authenticate", "Bearer")
}

fn reply<T: Serialize>(status: u16, outcome: Result<T, Refusal>) -> Response {
    match outcome {
        Ok(value) => json_line(&json!(value)).with_status_code(status),
        Err(refusal) => error(refusal.code.status(), refusal.code.name(), &refusal.message),
    }
}

fn error(status: u16, code: &str, message: &str) -> Response {
    json_line(&json!({ "error": { "code": code, "message": message } })).with_status_code(status)
}

/// JSON with a line feed at its end, so that `curl` leaves the terminal's next line alone.
fn json_line(value: &Value) -> Response {
    Response::from_data("application/json; charset=utf-8", format!("{value}\n"))
}
