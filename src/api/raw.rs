//! A request that somebody wrote by hand, and the response as it came. What is sent is not ours and neither is what comes
//! back, so nothing of it is read but whether it succeeded, and nothing is sent again that may have taken effect.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::answer::{Answer, Body, Outcome, Refusal, text};
use super::body::{self, Errors, Fields};
use super::failure::Says;
use super::misfit;
use super::outcome::{Effect, Failed, classify, is_an_answer, is_auth, is_busy, is_busy_within, unclear};
use super::transport::Transport;
use crate::error::{Error, Kind};
use crate::model::{json, minify};

/// The most errors of one response that are told.
const MOST_ERRORS: usize = 50;

/// A GraphQL request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RawRequest {
    /// Which of the document's operations is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_name: Option<String>,
    /// The document.
    pub query: String,
    /// What travels beside it.
    pub variables: Map<String, Value>,
    /// Whether it may be sent again although it may have reached the platform: true of queries.
    #[serde(skip)]
    pub repeatable: bool,
    /// The keys that lead to the first field that it carries out, where they are known: when another one fails, that one was
    /// carried out.
    #[serde(skip)]
    pub first: Vec<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Response {
    /// The body without insignificant white space and otherwise byte for byte: key order, number spelling, escapes.
    pub body: Vec<u8>,
    /// The platform's errors, where it reported any: [`Kind::Refused`], or [`Kind::Unknown`] where a mutation may have
    /// taken effect in part.
    pub error: Option<Error>,
}

/// See [`Client::request`](super::Client::request).
pub(super) fn send(transport: &Transport, request: &RawRequest) -> anyhow::Result<Response> {
    let body = Bytes::from(serde_json::to_vec(request)?);
    let attempt = || {
        let (outcome, remedy) = transport.send(body.clone());
        read(request, transport.endpoint(), outcome).map_err(|failed| remedy.apply(failed))
    };
    let (body, failed) = transport.until_clear(attempt, |_| Ok(()))?.map_err(|failed| transport.error(failed))?;
    Ok(Response { body, error: failed.map(|failed| transport.error(failed)) })
}

/// Takes a response out of an outcome. Whatever is no GraphQL response means what the table in `outcome` says.
fn read(request: &RawRequest, endpoint: &Url, outcome: Outcome) -> Result<(Vec<u8>, Option<Failed>), Failed> {
    let repeatable = request.repeatable;
    let effect = Effect { repeatable, subject: "data" };
    if let Outcome::Answered(Answer { status, body, .. }) = &outcome
        && let Body::Whole(bytes) = body
        && let text = json::readable(bytes)
        && let Ok(Some(response)) = body::Response::read(&text)
    {
        let refusal = Refusal::of(&response, request.first.len());
        let has_data = response.data.is_some();
        let failed = match &refusal {
            Some(refusal) if !repeatable && may_have_acted(request, &response, refusal) => {
                let told = format!("the platform reported errors beside or within a result: {}", told(&response));
                Some(unclear(effect, told, false))
            }
            Some(refusal) if !repeatable && is_busy_within(*status, refusal) => {
                Some(unclear(effect, format!("the platform is busy: {}", told(&response)), false))
            }
            refusal if is_auth(*status, refusal.as_ref(), body) || is_busy(*status, refusal.as_ref()) => {
                return judged(effect, endpoint, outcome);
            }
            Some(Refusal { says: Says::Broken, .. }) if is_an_answer(*status) => {
                Some(unclear(effect, format!("the platform failed: {}", told(&response)), false))
            }
            Some(_) if is_an_answer(*status) => {
                Some(Failed::new(Kind::Refused, format!("the platform refused: {}", told(&response))))
            }
            None if status.is_success() && has_data => None,
            None if has_data && !repeatable => {
                let cause = format!("the platform answered HTTP {} with a result", status.as_u16());
                Some(unclear(effect, cause, false))
            }
            _ => return judged(effect, endpoint, outcome),
        };
        let code = refusal.and_then(|refusal| refusal.code);
        return Ok((minify(bytes), failed.map(|failed| Failed { code, ..failed })));
    }
    judged(effect, endpoint, outcome)
}

/// What an outcome without a usable response means.
fn judged<T>(effect: Effect, endpoint: &Url, outcome: Outcome) -> Result<T, Failed> {
    match classify(effect, &["data".to_owned()], endpoint, outcome) {
        Err(failed) => Err(failed),
        Ok(_) => Err(unclear(effect, "the platform's answer has no `data`".into(), false)),
    }
}

/// Whether a mutation that was answered with errors can have taken effect: one of its fields has a value, or an error arose
/// below one, or in another than the first, before which that one was carried out (GraphQL, section 6.2.2). An object on the
/// way to the first is no value.
fn may_have_acted(request: &RawRequest, response: &body::Response, refusal: &Refusal) -> bool {
    let arose_elsewhere = |path: &Vec<Value>| !path.iter().zip(&request.first).all(|(key, first)| key == first);
    let mut errors = response.errors.iter().flat_map(|errors| &errors.kept);
    refusal.below
        || has_value(&response.values(), &request.first)
        || errors.any(|error| misfit::place(error).is_some_and(arose_elsewhere))
}

fn has_value(values: &Fields, first: &[String]) -> bool {
    values.iter().any(|(key, value)| match first {
        [own, inner @ ..] if own == key && !inner.is_empty() => has_value(&body::fields(value), inner),
        _ => value.get() != "null",
    })
}

/// Every error of a response, in one line.
fn told(response: &body::Response) -> String {
    let none = Errors::default();
    let Errors { kept, count } = response.errors.as_ref().unwrap_or(&none);
    let mut texts: Vec<_> = kept.iter().take(MOST_ERRORS).map(text).collect();
    if *count > MOST_ERRORS {
        texts.push(format!("{} more", count - MOST_ERRORS));
    }
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    /// What a response means: `done`, or the kind's name; with a `+` where another attempt may follow, and a `!` where the
    /// body can be shown beside it.
    fn meaning(repeatable: bool, status: u16, body: &str) -> String {
        meaning_at(&["a"], repeatable, status, body)
    }

    /// The meaning of a response whose first field is at this place.
    fn meaning_at(first: &[&str], repeatable: bool, status: u16, body: &str) -> String {
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Answer { status, retry_after: None, location: None, etag: None, body: Body::Whole(body.into()) };
        let endpoint = Url::parse("https://api.guuru.com/graphql").unwrap();
        let first = first.iter().map(ToString::to_string).collect();
        let (operation_name, query, variables) = (None, String::new(), Map::new());
        let request = RawRequest { operation_name, query, variables, repeatable, first };
        match read(&request, &endpoint, Outcome::Answered(answer)) {
            Ok((_, None)) => "done".into(),
            Ok((_, Some(failed))) => format!("{}!{}", failed.kind.name(), if failed.again { "+" } else { "" }),
            Err(failed) => format!("{}{}", failed.kind.name(), if failed.again { "+" } else { "" }),
        }
    }

    #[test]
    fn a_response_of_any_kind_has_its_meaning() {
        let data = r#"{"data":{"a":{"id":"c"}}}"#;
        let errors = r#"{"errors":[{"message":"no"}]}"#;
        let null = r#"{"data":{"a":null},"errors":[{"message":"no","path":["a"]}]}"#;
        let both = r#"{"data":{"a":1,"b":null},"errors":[{"message":"no","path":["b"]}]}"#;
        let nested = r#"{"data":null,"errors":[{"message":"no","path":["a","b"]}]}"#;
        let later = r#"{"data":null,"errors":[{"message":"no","path":["b"]}]}"#;
        let token = r#"{"errors":[{"extensions":{"code":"UNAUTHENTICATED"}}]}"#;
        let broken = r#"{"data":{"a":null},"errors":[{"message":"Unexpected error.","path":["a"]}]}"#;
        let limited = r#"{"errors":[{"message":"no","extensions":{"code":"THROTTLED"}}]}"#;
        let limited_beside = r#"{"data":{"a":null},"errors":[{"message":"Too many requests"}]}"#;
        let quota = r#"{"data":{"a":null},"errors":[{"message":"no","path":["a"],"extensions":{"code":"QUOTA"}}]}"#;
        for (status, body, query, mutation) in [
            (200, data, "done", "done"),
            (200, r#"{"data":{"a":null}}"#, "done", "done"),
            (200, errors, "refused!", "refused!"),
            (400, errors, "refused!", "refused!"),
            (200, null, "refused!", "refused!"),
            (200, both, "refused!", "unknown!"),
            (200, nested, "refused!", "unknown!"),
            (200, later, "refused!", "unknown!"),
            (200, token, "auth", "auth"),
            (401, errors, "auth", "auth"),
            (403, "", "refused", "refused"),
            (403, "{}", "auth", "auth"),
            (403, errors, "refused!", "refused!"),
            (404, "<html>", "refused", "refused"),
            (404, data, "refused", "unknown!"),
            (429, errors, "unavailable+", "unavailable+"),
            (429, both, "unavailable+", "unknown!"),
            (503, "", "unavailable+", "unknown"),
            (408, errors, "unavailable+", "unknown"),
            (200, broken, "unavailable!", "unknown!"),
            (200, limited, "unavailable+", "unavailable+"),
            (200, limited_beside, "unavailable+", "unknown!"),
            (429, quota, "unavailable+", "unknown!"),
            (500, errors, "unavailable+", "unknown"),
            (500, data, "unavailable+", "unknown!"),
            (302, "", "config", "config"),
            (200, "{}", "unavailable", "unknown"),
            (200, r#"{"data":null}"#, "unavailable", "unknown"),
            (200, r#"{"data":{"data":null}}"#, "done", "done"),
            (200, "[]", "unavailable", "unknown"),
            (200, "<html>", "unavailable", "unknown"),
            (200, r#"{"data":{"#, "unavailable+", "unknown"),
        ] {
            assert_eq!(meaning(true, status, body), query, "query, {status} {body}");
            assert_eq!(meaning(false, status, body), mutation, "mutation, {status} {body}");
        }
    }

    #[test]
    fn a_mutation_in_a_namespace_has_the_meaning_of_one_at_the_root() {
        for (body, expected) in [
            (r#"{"data":{"n":{"a":{"id":"c"}}}}"#, "done"),
            (r#"{"data":{"n":{"a":null}},"errors":[{"message":"no","path":["n","a"]}]}"#, "refused!"),
            (r#"{"data":{"n":null},"errors":[{"message":"no","path":["n","a"]}]}"#, "refused!"),
            (r#"{"data":{"n":null},"errors":[{"message":"no","path":["n"]}]}"#, "refused!"),
            (r#"{"data":null,"errors":[{"message":"no","path":["n","a","b"]}]}"#, "unknown!"),
            (r#"{"data":null,"errors":[{"message":"no","path":["n","b"]}]}"#, "unknown!"),
            (r#"{"data":{"n":{"a":null},"m":null},"errors":[{"message":"no","path":["m"]}]}"#, "unknown!"),
            (r#"{"data":{"n":{"a":null},"m":1},"errors":[{"message":"no","path":["n","a"]}]}"#, "unknown!"),
            (r#"{"data":{"n":{"a":1}},"errors":[{"message":"no","path":["n","a"]}]}"#, "unknown!"),
        ] {
            assert_eq!(meaning_at(&["n", "a"], false, 200, body), expected, "{body}");
        }
        // Where the first field is not known, any may have been carried out.
        let null = r#"{"data":{"a":null},"errors":[{"message":"no","path":["a"]}]}"#;
        assert_eq!(meaning_at(&[], false, 200, null), "unknown!");
    }

    #[test]
    fn every_error_is_told_up_to_fifty() {
        let told = |count: usize| {
            let text = serde_json::json!({ "errors": vec![serde_json::json!({"message": "no"}); count] }).to_string();
            told(&body::Response::read(&text).unwrap().unwrap())
        };
        assert_eq!(told(7), ["no"; 7].join("; "));
        assert!(told(51).ends_with("no; 1 more"));
    }
}
