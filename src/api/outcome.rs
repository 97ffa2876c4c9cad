//! What an outcome means: whether the operation is done, refused, worth another attempt, or unknown. This is where a
//! message that was sent twice, or lost without a word, would come from, so the whole decision is one table. A refusal is
//! only what the platform words as one; whatever may stand for an effect is unknown until somebody has looked.

use std::time::Duration;

use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::answer::{Answer, Body, Envelope, Fault, Outcome, Refusal, clean};
use super::failure::Says;
use super::proxy::OF_PASSWORD;
use super::schema::shape::Misshaped;
use super::{endpoint, token, wait};
use crate::error::{Error, Kind};

/// An attempt that did not succeed: what to say where there is no further one, and whether there may be one.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Failed {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// The platform's own code.
    pub(super) code: Option<String>,
    /// Whether another attempt may be made: it does no harm, and may help.
    pub(super) again: bool,
    /// What the platform asks to wait before it.
    pub(super) retry_after: Option<Duration>,
    /// Whether somebody answered at all.
    pub(super) answered: bool,
    /// Whether the platform refused it while it ran, or may have.
    pub(super) ran: bool,
    /// Where the errors say that the document does not fit the platform's schema: what it is if the document does fit.
    pub(super) misfit: Option<Box<Failed>>,
}

/// What it means for an operation to be sent twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    /// Whether that does no more than sending it once.
    pub(super) repeatable: bool,
    /// What to look at where nobody knows whether it took effect: `chat`.
    pub(super) subject: &'static str,
}

/// Decides what the outcome of one request means. The first row that fits counts.
///
/// | outcome | meaning |
/// |---|---|
/// | never left (DNS, connect, TLS, proxy) | unavailable; again |
/// | left, no answer (lost, timeout) | *unclear*; again |
/// | 2xx with a value and without errors | **done** |
/// | a value under any other status, or beside errors; not repeatable | unknown: it may well have taken effect |
/// | an error below the mutation's own field, which swallowed the value; not repeatable | unknown: the mutation itself ran |
/// | 401, `UNAUTHENTICATED` under any status, 403 in JSON without GraphQL errors | auth |
/// | 429, or errors that tell of too many requests under 2xx or 4xx: refused before it was looked at | unavailable; again, after what it asks to wait |
/// | the same while the operation ran, or may have: the error has a path, or there is `data`, null included; not repeatable | unknown, and asked to come back |
/// | 3xx, never followed: the token is for one host, and POST could become GET | config |
/// | 407: a proxy wants to know who asks | unavailable |
/// | 503, which a proxy may answer for a request that was carried out | *unclear*; again, after what it asks to wait |
/// | 408, 499, any status but 2xx and 4xx | *unclear*; again |
/// | GraphQL errors of something that broke, masked ones and timeouts | *unclear*; again |
/// | errors that say that the document does not fit the schema | refused; in a new document again, where the schema says so too |
/// | other GraphQL errors | refused, with the platform's code |
/// | 4xx | refused |
/// | 2xx that was cut short | *unclear*; again |
/// | 2xx that is too large, not JSON, or without a value | *unclear* |
///
/// *Unclear* is unavailable for an operation that is repeatable. For any other it is unknown, and there is no "again": who
/// sent it looks whether it took effect. Where a 503 asked to come back, that is kept, as it allows to repeat what has
/// certainly not taken effect.
///
/// `place` is the keys that lead to the result in `data`: of a mutation, to its own field. An error on the way there is one of
/// that field.
pub(super) fn classify(effect: Effect, place: &[String], endpoint: &Url, outcome: Outcome) -> Result<Value, Failed> {
    let answer = match outcome {
        Outcome::NotSent(cause) => {
            let message = format!("no connection to {}: {cause}", endpoint::shown(endpoint));
            let hint = "nothing was sent: check the network and the endpoint (`guuru config show` tells where that comes from)";
            return Err(Failed::new(Kind::Unavailable, message).hint(hint).again_if(true));
        }
        Outcome::Lost(cause) => return Err(unclear(effect, cause, true)),
        Outcome::Answered(answer) => answer,
    };
    let Answer { status, retry_after, location, body, .. } = answer;
    let Envelope { root, errors, fault } = Envelope::read(&body, place);
    let refusal = errors.as_ref();
    let reason = reason(status, refusal);
    let failed = match (root, refusal) {
        (Some(root), None) if status.is_success() => return Ok(root),
        (value, Some(errors)) if !effect.repeatable && (value.is_some() || errors.below) => {
            unclear(effect, format!("the platform reported errors beside or within a result: {}", errors.text), false)
        }
        (Some(_), None) if !effect.repeatable => {
            unclear(effect, format!("the platform answered {reason} with a result"), false)
        }
        _ if is_auth(status, refusal, &body) => {
            Failed::new(Kind::Auth, format!("the platform refused the access token: {reason}"))
                .hint("log in with `guuru auth login`, or check GUURU_TOKEN")
        }
        (_, Some(errors)) if is_busy_within(status, errors) && !effect.repeatable => {
            unclear(effect, format!("the platform is busy: {reason}"), false)
        }
        _ if is_busy(status, refusal) => {
            Failed::new(Kind::Unavailable, format!("the platform is busy: {reason}")).again_if(true)
        }
        _ if status == StatusCode::SERVICE_UNAVAILABLE => {
            unclear(effect, format!("the platform is busy: {reason}"), true)
        }
        _ if status.is_redirection() => redirected(endpoint, status, location.as_deref()),
        _ if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => unknown_to_the_proxy(),
        _ if !is_an_answer(status) => unclear(effect, format!("the platform answered {reason}"), true),
        (_, Some(errors)) if errors.says == Says::Broken => {
            unclear(effect, format!("the platform failed: {}", errors.text), true)
        }
        (_, Some(errors)) => refused(effect, &errors.text),
        (_, None) if status.is_client_error() => turned_away(endpoint, status),
        (_, None) => {
            let Fault { cause, transient } = fault.unwrap_or_default();
            let failed = unclear(effect, cause, transient);
            if is_page(&body) { failed.also(&from_something_else(endpoint)) } else { failed }
        }
    };
    let asked = errors.as_ref().and_then(|errors| errors.retry_after);
    let busy_within = errors.as_ref().is_some_and(|errors| is_busy_within(status, errors));
    let asked = retry_after.or(asked).or(Some(wait::WHEN_BUSY).filter(|_| busy_within));
    let retry_after = asked.filter(|_| failed.again || busy_within || status == StatusCode::SERVICE_UNAVAILABLE);
    let ran = failed.kind == Kind::Refused && errors.as_ref().is_some_and(|errors| errors.ran);
    let misfit = errors.as_ref().filter(|errors| failed.kind == Kind::Refused && errors.misfit);
    let misfit = misfit.map(|errors| Box::new(if_fit(effect, &failed, errors)));
    let code = errors.and_then(|errors| errors.code);
    Err(Failed { code, retry_after, answered: true, ran, misfit, ..failed })
}

/// What a refusal is whose words say that the document does not fit, if it does: it may have come after the effect then.
fn if_fit(effect: Effect, refused: &Failed, errors: &Refusal) -> Failed {
    let failed = match errors.says_if_fit {
        Says::Refused => Failed { ran: true, ..refused.clone() },
        _ if effect.repeatable => refused.clone(),
        Says::Busy => unclear(effect, format!("the platform is busy: {}", errors.text), false),
        Says::Broken => unclear(effect, format!("the platform failed: {}", errors.text), false),
    };
    Failed { code: errors.code.clone(), answered: true, ..failed }
}

/// The platform understood the operation, and does not do it: usually because of how the thing that it is about stands.
fn refused(effect: Effect, why: &str) -> Failed {
    let failed = Failed::new(Kind::Refused, format!("the platform refused: {why}"));
    match effect.subject {
        subject @ ("chat" | "submission") if !effect.repeatable => {
            failed.hint(format!("`guuru {subject} list` shows how each {subject} stands"))
        }
        _ => failed,
    }
}

/// Nobody knows what became of it: harmless where it may be repeated, and worth it where the cause is transient. For any
/// other operation this is the end.
pub(super) fn unclear(effect: Effect, cause: String, transient: bool) -> Failed {
    if effect.repeatable {
        return Failed::new(Kind::Unavailable, cause).again_if(transient);
    }
    Failed::new(Kind::Unknown, format!("the outcome is unknown: {cause}"))
        .hint(format!("it may have taken effect: look at the {} before trying again", effect.subject))
}

/// What an answer without errors means that is no result.
pub(super) fn misshaped(effect: Effect, why: Misshaped) -> Failed {
    match why {
        Misshaped::Refused { text, code } => refused_in_payload(effect, &text, code),
        Misshaped::Doubtful(text) => {
            let cause = format!("the platform reported errors beside a result: {}", clean(&text));
            unclear(effect, cause, false)
        }
        Misshaped::Nothing(cause) => unclear(effect, cause, false),
    }
}

/// What a payload's own error means: the same as one beside `data`. The mutation ran, so it may have taken effect before.
fn refused_in_payload(effect: Effect, text: &str, code: Option<String>) -> Failed {
    let (text, code) = (clean(text), code.map(|code| clean(&code)));
    let failed = match Says::of(&[json!({"message": text, "extensions": {"code": code}})]) {
        Says::Broken if !text.is_empty() => unclear(effect, format!("the platform failed: {text}"), false),
        Says::Busy => {
            let failed = unclear(effect, format!("the platform is busy: {text}"), true);
            Failed { retry_after: Some(wait::WHEN_BUSY), ..failed }
        }
        Says::Refused | Says::Broken => Failed::new(Kind::Refused, format!("the platform refused: {text}")),
    };
    let ran = failed.kind == Kind::Refused;
    Failed { code, answered: true, ran, ..failed }
}

/// Whether it is the token that is not accepted. A 403 that is no JSON comes from a firewall, which knows of no token.
pub(super) fn is_auth(status: StatusCode, errors: Option<&Refusal>, body: &Body) -> bool {
    status == StatusCode::UNAUTHORIZED
        || errors.map_or(status == StatusCode::FORBIDDEN && body.is_json(), |errors| errors.unauthenticated)
}

/// Whether there were too many requests, so that nothing was done.
pub(super) fn is_busy(status: StatusCode, errors: Option<&Refusal>) -> bool {
    let says_so = errors.is_some_and(|errors| errors.says == Says::Busy) && is_an_answer(status);
    status == StatusCode::TOO_MANY_REQUESTS || says_so
}

/// Whether there were too many requests to something that the operation needed while it ran, or may have run: it may have taken
/// effect before, and it can be asked again once that is known.
pub(super) fn is_busy_within(status: StatusCode, errors: &Refusal) -> bool {
    errors.ran && is_busy(status, Some(errors))
}

/// Whether a status is of somebody who has read the request and answers it. 408 and 499 only tell that somebody on the way
/// has lost patience, and the other statuses that something broke.
pub(super) fn is_an_answer(status: StatusCode) -> bool {
    status.is_success() || status.is_client_error() && !matches!(status.as_u16(), 408 | 499)
}

/// Whether the body is a page for people.
fn is_page(body: &Body) -> bool {
    matches!(body, Body::Whole(bytes) if bytes.trim_ascii_start().starts_with(b"<"))
}

fn from_something_else(endpoint: &Url) -> String {
    format!(
        "is {} the Admin API, and reached without a page to log in at in between? check GUURU_ENDPOINT; `guuru config show` tells where it comes from",
        endpoint::shown(endpoint)
    )
}

/// A refusal in no words of the platform's: of a server that is another, or of something on the way.
fn turned_away(endpoint: &Url, status: StatusCode) -> Failed {
    let number = status.as_u16();
    let failed = |by: &str| Failed::new(Kind::Refused, format!("{by} refused: HTTP {number}"));
    match number {
        403 => failed("something on the way to the platform").hint(format!(
            "the page that came with it is no answer of the Admin API: a firewall or a proxy before {} turns the request away, whatever the access token is",
            endpoint::shown(endpoint)
        )),
        413 => failed("the platform").hint("the request is larger than the platform, or a proxy before it, takes: send less at once"),
        _ => failed("the platform").hint(format!(
            "is {} the Admin API? check GUURU_ENDPOINT; `guuru config show` tells where it comes from",
            endpoint::shown(endpoint)
        )),
    }
}

fn unknown_to_the_proxy() -> Failed {
    Failed::new(Kind::Unavailable, "the proxy wants a name and a password: HTTP 407").hint(OF_PASSWORD)
}

fn redirected(endpoint: &Url, status: StatusCode, location: Option<&str>) -> Failed {
    let target = location.and_then(|location| endpoint.join(location).ok());
    let target = target.map_or_else(|| "nowhere".into(), |target| clean(&endpoint::shown(&target)));
    let message = format!("{} redirects to {target} (HTTP {})", endpoint::shown(endpoint), status.as_u16());
    Failed::new(Kind::Config, message).hint(
        "a redirect is not followed, as the access token would go along: set GUURU_ENDPOINT to the target if you trust it",
    )
}

fn reason(status: StatusCode, errors: Option<&Refusal>) -> String {
    let status = status.as_u16();
    errors.map_or_else(|| format!("HTTP {status}"), |errors| format!("HTTP {status}: {}", errors.text))
}

impl Failed {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            code: None,
            again: false,
            retry_after: None,
            answered: false,
            ran: false,
            misfit: None,
        }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Adds a sentence to the hint.
    fn also(self, hint: &str) -> Self {
        let hint = self.hint.map_or_else(|| hint.to_owned(), |first| format!("{first}; {hint}"));
        Self { hint: Some(hint), ..self }
    }

    pub(super) fn again_if(self, again: bool) -> Self {
        Self { again, ..self }
    }

    /// What it is where the document fits the schema, whatever the errors say.
    pub(super) fn if_fit(self) -> Self {
        self.misfit.map_or_else(|| Self { misfit: None, ..self }, |failed| *failed)
    }

    /// What to say in the end. The platform may have repeated the token in its own words, so it is taken out of them.
    pub(super) fn into_error(self, token: &SecretString) -> Error {
        let without_token = |text| token::hide(token, text);
        let asked = self.retry_after.filter(|_| self.kind == Kind::Unknown);
        let error = Error::new(self.kind, without_token(self.message))
            .code(self.code.map(without_token))
            .retry_after(asked)
            .during_execution(self.ran);
        match self.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::answer::Body;

    const QUERY: Effect = Effect { repeatable: true, subject: "chat" };
    const MUTATION: Effect = Effect { repeatable: false, subject: "chat" };

    /// What an outcome means: `done`, or the kind's name, with a `+` where another attempt may follow.
    fn meaning(effect: Effect, outcome: Outcome) -> String {
        meaning_at(effect, &["closeChat"], outcome)
    }

    /// What an outcome means to an operation whose own field is elsewhere.
    fn meaning_at(effect: Effect, place: &[&str], outcome: Outcome) -> String {
        let endpoint = Url::parse("https://api.guuru.com/graphql").unwrap();
        let place: Vec<_> = place.iter().map(ToString::to_string).collect();
        match classify(effect, &place, &endpoint, outcome) {
            Ok(_) => "done".into(),
            Err(failed) => format!("{}{}", failed.kind.name(), if failed.again { "+" } else { "" }),
        }
    }

    fn answer(status: u16, body: Body) -> Outcome {
        let status = StatusCode::from_u16(status).unwrap();
        Outcome::Answered(Answer { status, retry_after: None, location: None, etag: None, body })
    }

    fn whole(status: u16, body: &str) -> Outcome {
        answer(status, Body::Whole(body.into()))
    }

    #[test]
    fn every_row_of_the_table_holds() {
        let errors = r#"{"errors":[{"message":"no","extensions":{"code":"NO"}}]}"#;
        let both = r#"{"data":{"closeChat":{"id":"c"}},"errors":[{"message":"no"}]}"#;
        let null = r#"{"data":{"closeChat":null},"errors":[{"message":"no","path":["closeChat"]}]}"#;
        let nested = r#"{"data":null,"errors":[{"message":"no","path":["closeChat","expert"]}]}"#;
        let token = r#"{"errors":[{"message":"no"},{"extensions":{"code":"UNAUTHENTICATED"}}]}"#;
        let data = r#"{"data":{"closeChat":{"id":"c"}}}"#;
        let broken = r#"{"data":{"closeChat":null},"errors":[{"path":["closeChat"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#;
        let masked = r#"{"errors":[{"message":"Unexpected error."}]}"#;
        let limited_within =
            r#"{"data":{"closeChat":null},"errors":[{"message":"Too many requests","path":["closeChat"]}]}"#;
        let limited = r#"{"errors":[{"message":"no","extensions":{"code":"RATE_LIMITED"}}]}"#;
        let limited_beside = r#"{"data":{"closeChat":null},"errors":[{"message":"Too many requests"}]}"#;
        let limited_or_ran = r#"{"data":null,"errors":[{"message":"Too many requests"}]}"#;
        let quota = r#"{"errors":[{"message":"no","path":["closeChat"],"extensions":{"code":"QUOTA"}}]}"#;
        for (status, body, repeatable, not_repeatable) in [
            (200, data, "done", "done"),
            (201, r#"{"data":{"closeChat":7},"errors":[]}"#, "done", "done"),
            (200, errors, "refused", "refused"),
            (200, null, "refused", "refused"),
            (200, both, "refused", "unknown"),
            (200, nested, "refused", "unknown"),
            (200, token, "auth", "auth"),
            (200, "{}", "unavailable", "unknown"),
            (200, r#"{"data":null}"#, "unavailable", "unknown"),
            (200, r#"{"data":{"closeChat":null}}"#, "unavailable", "unknown"),
            (200, r#"{"data":{"openChat":{}}}"#, "unavailable", "unknown"),
            (200, "[]", "unavailable", "unknown"),
            (200, "<html>", "unavailable", "unknown"),
            (200, "", "unavailable+", "unknown"),
            (200, r#"{"data":{"clo"#, "unavailable+", "unknown"),
            (302, "", "config", "config"),
            (304, data, "config", "unknown"),
            (400, errors, "refused", "refused"),
            (400, "bad", "refused", "refused"),
            (401, "", "auth", "auth"),
            (401, errors, "auth", "auth"),
            (403, "", "refused", "refused"),
            (403, "<html>", "refused", "refused"),
            (403, r#"{"message":"Forbidden"}"#, "auth", "auth"),
            (407, "", "unavailable", "unavailable"),
            (408, "", "unavailable+", "unknown"),
            (408, errors, "unavailable+", "unknown"),
            (499, "", "unavailable+", "unknown"),
            (200, broken, "unavailable+", "unknown"),
            (200, masked, "unavailable+", "unknown"),
            (400, masked, "unavailable+", "unknown"),
            (200, limited, "unavailable+", "unavailable+"),
            (200, limited_within, "unavailable+", "unknown"),
            (200, limited_beside, "unavailable+", "unknown"),
            (200, limited_or_ran, "unavailable+", "unknown"),
            (429, limited_beside, "unavailable+", "unknown"),
            (429, quota, "unavailable+", "unknown"),
            (400, limited, "unavailable+", "unavailable+"),
            (500, limited, "unavailable+", "unknown"),
            (403, errors, "refused", "refused"),
            (403, token, "auth", "auth"),
            (404, "<html>", "refused", "refused"),
            (413, "", "refused", "refused"),
            (429, "", "unavailable+", "unavailable+"),
            (429, errors, "unavailable+", "unavailable+"),
            (429, both, "unavailable+", "unknown"),
            (500, "", "unavailable+", "unknown"),
            (500, errors, "unavailable+", "unknown"),
            (500, data, "unavailable+", "unknown"),
            (500, token, "auth", "auth"),
            (502, "<html>", "unavailable+", "unknown"),
            (503, "", "unavailable+", "unknown"),
            (503, errors, "unavailable+", "unknown"),
            (503, limited, "unavailable+", "unknown"),
            (999, "", "unavailable+", "unknown"),
        ] {
            assert_eq!(meaning(QUERY, whole(status, body)), repeatable, "repeatable, {status} {body}");
            assert_eq!(meaning(MUTATION, whole(status, body)), not_repeatable, "{status} {body}");
        }
    }

    #[test]
    fn in_a_namespace_an_outcome_means_what_it_means_at_the_root() {
        let root = |data: Value, path: Value| (json!({"closeChat": data}), path);
        let within = |data: Value, path: Value| (json!({"chats": {"closeChat": data}}), path);
        let chat = json!({"id": "c"});
        for ((root, root_path), (data, path), expected) in [
            (root(chat.clone(), json!(null)), within(chat.clone(), json!(null)), "done"),
            (root(json!(null), json!(null)), within(json!(null), json!(null)), "refused"),
            (root(json!(null), json!(["closeChat"])), within(json!(null), json!(["chats", "closeChat"])), "refused"),
            // The namespace itself failed, or took the null of what is in it.
            (root(json!(null), json!(["closeChat"])), (json!({"chats": null}), json!(["chats"])), "refused"),
            (
                root(json!(null), json!(["closeChat"])),
                (json!({"chats": null}), json!(["chats", "closeChat"])),
                "refused",
            ),
            (root(json!(null), json!(["closeChat"])), (json!(null), json!(["chats", "closeChat"])), "refused"),
            (
                root(json!(null), json!(["closeChat", "id"])),
                within(json!(null), json!(["chats", "closeChat", "id"])),
                "unknown",
            ),
            ((json!(null), json!(["closeChat", "id"])), (json!(null), json!(["chats", "closeChat", "id"])), "unknown"),
            (
                root(chat.clone(), json!(["closeChat", "id"])),
                within(chat, json!(["chats", "closeChat", "id"])),
                "unknown",
            ),
        ] {
            let body = |data: &Value, path: &Value| {
                let error = json!({"message": "no", "extensions": {"code": "NO"}, "path": path});
                let errors = if expected == "done" { json!([]) } else { json!([error]) };
                whole(200, &json!({"data": data, "errors": errors}).to_string())
            };
            assert_eq!(meaning(MUTATION, body(&root, &root_path)), expected, "{root} {root_path}");
            let seen = meaning_at(MUTATION, &["chats", "closeChat"], body(&data, &path));
            assert_eq!(seen, expected, "{data} {path}");
        }
        for data in
            [json!({"chats": {}}), json!({"chats": null}), json!({"chats": []}), json!({"closeChat": {"id": "c"}})]
        {
            let outcome = whole(200, &json!({ "data": data }).to_string());
            assert_eq!(meaning_at(MUTATION, &["chats", "closeChat"], outcome), "unknown", "{data}");
        }
    }

    #[test]
    fn a_rate_limit_in_a_payload_is_of_a_mutation_that_ran() {
        let limited = || Misshaped::Refused { text: "no".into(), code: Some("RATE_LIMITED".into()) };
        let failed = misshaped(MUTATION, limited());
        assert_eq!((failed.kind, failed.again, failed.retry_after), (Kind::Unknown, false, Some(wait::WHEN_BUSY)));
        assert!(misshaped(QUERY, limited()).again);
    }

    #[test]
    fn a_place_in_the_document_is_none_in_the_result() {
        let error = json!({"message": "Field 'x' doesn't exist on type 'Chat'", "path": ["mutation ChatClose", "closeChat", "x"]});
        let outcome = whole(200, &json!({ "errors": [error] }).to_string());
        assert_eq!(meaning(MUTATION, outcome), "refused");
    }

    #[test]
    fn a_request_that_never_left_is_always_sent_again_and_a_lost_one_only_where_it_is_repeatable() {
        assert_eq!(meaning(QUERY, Outcome::NotSent("refused".into())), "unavailable+");
        assert_eq!(meaning(MUTATION, Outcome::NotSent("refused".into())), "unavailable+");
        assert_eq!(meaning(QUERY, Outcome::Lost("reset".into())), "unavailable+");
        assert_eq!(meaning(MUTATION, Outcome::Lost("reset".into())), "unknown");
    }

    #[test]
    fn a_body_that_cannot_be_read_leaves_the_status_its_meaning() {
        for (status, repeatable, not_repeatable) in [
            (200, "unavailable+", "unknown"),
            (401, "auth", "auth"),
            (404, "refused", "refused"),
            (429, "unavailable+", "unavailable+"),
        ] {
            assert_eq!(meaning(QUERY, answer(status, Body::Broken("reset".into()))), repeatable);
            assert_eq!(meaning(MUTATION, answer(status, Body::Broken("reset".into()))), not_repeatable);
        }
        assert_eq!(meaning(QUERY, answer(200, Body::TooLarge)), "unavailable");
        assert_eq!(meaning(MUTATION, answer(200, Body::TooLarge)), "unknown");
    }

    #[test]
    fn a_redirect_names_its_target_without_what_may_be_secret_in_it() {
        let endpoint = Url::parse("https://api.guuru.com/graphql").unwrap();
        for (location, target) in [
            (Some("https://u:p@else.example/x?key=1#2"), "https://else.example/x"),
            (Some("/v2"), "https://api.guuru.com/v2"),
            (Some("https://[oops"), "nowhere"),
            (None, "nowhere"),
        ] {
            let failed = redirected(&endpoint, StatusCode::FOUND, location);
            assert_eq!(failed.message, format!("https://api.guuru.com/graphql redirects to {target} (HTTP 302)"));
        }
    }

    #[test]
    fn the_token_is_taken_out_of_what_the_platform_says() {
        let token = SecretString::from("s3cret-token");
        let failed =
            Failed { code: Some("s3cret-token".into()), ..Failed::new(Kind::Refused, "bad token s3cret-token") };
        let error = anyhow::Error::from(failed.into_error(&token));
        assert!(!format!("{error:?}").contains("s3cret"));
        assert_eq!(error.to_string(), "bad token [token]");
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), ".*".prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let key = prop_oneof!["data|errors|closeChat|message|extensions|code", ".*"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..4).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_bytes_but_a_value_without_errors_are_success(status in 100u16..1000, bytes: Vec<u8>) {
            // Arbitrary bytes are practically never a GraphQL answer.
            prop_assert_ne!(meaning(MUTATION, answer(status, Body::Whole(bytes))), "done");
        }

        #[test]
        fn only_a_value_without_errors_under_2xx_is_success(
            status in prop_oneof![Just(200u16), 100u16..1000],
            value in json(),
            errors in prop_oneof![Just(json!([])), json()],
        ) {
            let body = json!({"data": {"closeChat": value}, "errors": errors});
            let success = (200..300).contains(&status) && !value.is_null() && (errors.is_null() || errors == json!([]));
            for effect in [QUERY, MUTATION] {
                prop_assert_eq!(meaning(effect, whole(status, &body.to_string())) == "done", success);
                prop_assert_ne!(meaning(effect, whole(status, &value.to_string())), "failure");
            }
        }

        #[test]
        fn a_namespace_around_a_mutation_changes_no_meaning(
            status in prop_oneof![Just(200u16), 100u16..1000],
            value in json(),
            path in prop::option::of(prop::collection::vec("id|expert", 0..3)),
            code in "NO|UNAUTHENTICATED|THROTTLED|INTERNAL_SERVER_ERROR",
        ) {
            let body = |outer: &[&str], data: Value| {
                let path = path.as_ref().map(|rest| [outer, &["closeChat"], &rest.iter().map(|it| &**it).collect::<Vec<_>>()].concat());
                let error = json!({"message": "no", "extensions": {"code": code}, "path": path});
                let errors = if path.is_some() { json!([error]) } else { json!([]) };
                whole(status, &json!({"data": data, "errors": errors}).to_string())
            };
            for effect in [QUERY, MUTATION] {
                let root = meaning(effect, body(&[], json!({ "closeChat": value })));
                let within = body(&["chats"], json!({"chats": {"closeChat": value}}));
                prop_assert_eq!(meaning_at(effect, &["chats", "closeChat"], within), root);
            }
        }

        #[test]
        fn what_may_not_be_repeated_is_sent_again_only_where_it_was_turned_away(
            status in 100u16..1000,
            body in json(),
        ) {
            let meaning = meaning(MUTATION, whole(status, &body.to_string()));
            prop_assert!(!meaning.ends_with('+') || status == 429, "{} for {}", meaning, status);
        }
    }
}
