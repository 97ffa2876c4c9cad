//! What came back: the HTTP answer, the GraphQL envelope inside it, and the platform's own words made fit to be shown.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::body::{Errors, Response};
use super::failure::{Says, asked_wait, missing_cost};
use super::misfit::{self, Unfit};
use crate::model::json;
use crate::model::text::blanked;

/// The most that is shown of any text that the platform wrote, in characters.
const LONGEST_TEXT: usize = 300;
/// The most that is shown of a list of errors.
const MOST_ERRORS: usize = 5;

/// Begins what is said of an answer without a value, before the key of that.
pub(super) const NO_VALUE: &str = "the platform's answer has no";

/// What became of one request.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It never left: the cause.
    NotSent(String),
    /// It left, or may have, and nothing came back: the cause.
    Lost(String),
    /// The platform, or something in front of it, answered.
    Answered(Answer),
}

/// One HTTP answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// What the platform asks to wait before another attempt.
    pub(super) retry_after: Option<Duration>,
    /// Where a redirect points to.
    pub(super) location: Option<String>,
    /// What it calls this version of the answer.
    pub(super) etag: Option<String>,
    pub(super) body: Body,
}

/// The body of an answer, decompressed.
#[derive(Debug)]
pub(super) enum Body {
    Whole(Vec<u8>),
    /// It ended before its end: the cause.
    Broken(String),
    TooLarge,
}

impl Body {
    /// Whether it is JSON, of any kind.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Whole(bytes) if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok())
    }
}

/// The GraphQL envelope as far as it could be read.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    /// The value of the operation's own field, where there is one.
    pub(super) root: Option<Value>,
    /// The errors, where there are any.
    pub(super) errors: Option<Refusal>,
    /// Why there is neither.
    pub(super) fault: Option<Fault>,
}

/// Why an answer says nothing.
#[derive(Debug, Default)]
pub(super) struct Fault {
    pub(super) cause: String,
    /// Whether another attempt may bring more: the answer was cut short.
    pub(super) transient: bool,
}

/// The platform's errors.
#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Refusal {
    /// Every message with its code: `chat is not open (CHAT_NOT_OPEN)`.
    pub(super) text: String,
    /// The code of the first error.
    pub(super) code: Option<String>,
    /// Whether any of them says that the token is not accepted.
    pub(super) unauthenticated: bool,
    /// Whether any of them arose below the operation's own field, in a part of its value: then the operation itself has run.
    /// Where that part may not be null, the error swallows the whole value (GraphQL, section 6.4.4).
    pub(super) below: bool,
    /// Whether the operation ran, or may have: one of them has a place in the result, or there is `data` beside them.
    pub(super) ran: bool,
    /// Whether they say that the document, or its variables, do not fit the platform's schema. Where that is true, nothing was
    /// executed; any other error may have the words.
    pub(super) misfit: bool,
    /// Whether they refuse it at all.
    pub(super) says: Says,
    /// Whether they do where the document fits after all.
    pub(super) says_if_fit: Says,
    /// What they ask to wait before another attempt.
    pub(super) retry_after: Option<Duration>,
}

impl Envelope {
    /// Reads the body for the value of the field to which these keys lead. Anything may stand in a body, so nothing here can
    /// fail.
    pub(super) fn read(body: &Body, place: &[String]) -> Self {
        let bytes = match body {
            Body::Whole(bytes) => bytes,
            Body::Broken(cause) => return Self::fault(cause.clone(), true),
            Body::TooLarge => return Self::fault("the platform's answer is too large".into(), false),
        };
        let text = json::readable(bytes);
        let read = Response::read(&text).map(Option::unwrap_or_default);
        let (response, root) = match read.and_then(|response| response.value(place).map(|root| (response, root))) {
            Ok(read) => read,
            Err(error) if error.is_eof() => return Self::fault("the platform's answer ends too early".into(), true),
            Err(_) => return Self::fault("the platform's answer is not JSON".into(), false),
        };
        let errors = Refusal::of(&response, place.len());
        match root {
            None if errors.is_none() => Self::fault(format!("{NO_VALUE} `{}`", place.join(".")), false),
            root => Self { root, errors, fault: None },
        }
    }

    fn fault(cause: String, transient: bool) -> Self {
        Self { fault: Some(Fault { cause, transient }), ..Self::default() }
    }
}

impl Refusal {
    /// Reads the errors of a response, where it has any, for an operation whose own field so many keys lead to. Whatever
    /// stands there is an error, and none is success.
    pub(super) fn of(response: &Response<'_>, depth: usize) -> Option<Self> {
        let Errors { kept: errors, count } = response.errors.as_ref()?;
        let codes = || errors.iter().map(code);
        let mut texts: Vec<_> = errors.iter().map(text).collect();
        // That a variable is unused follows from what it should have been used for.
        texts.sort_by_key(|text| text.contains("unused variable") || text.contains("is never used"));
        texts.truncate(MOST_ERRORS);
        if *count > MOST_ERRORS {
            texts.push(format!("{} more", count - MOST_ERRORS));
        }
        // Some servers have `"data": null` beside what they found before they executed anything.
        let unfit = Unfit::of(errors).filter(|_| response.data.is_none());
        let says_if_fit = match Says::of(errors) {
            _ if Unfit::is_of_values(errors) => Says::Refused,
            Says::Refused
                if codes().all(|code| code.is_none()) && missing_cost(response.extensions.as_ref()).is_some() =>
            {
                Says::Busy
            }
            says => says,
        };
        Some(Self {
            text: texts.join("; "),
            code: codes().next()?,
            ran: response.has_data || errors.iter().any(|error| misfit::place(error).is_some()),
            below: errors.iter().filter_map(misfit::place).any(|path| path.len() > depth),
            misfit: unfit == Some(Unfit::Document),
            says: if unfit.is_some() { Says::Refused } else { says_if_fit },
            says_if_fit,
            retry_after: asked_wait(response.extensions.as_ref(), errors),
            unauthenticated: codes().flatten().any(|code| code == "UNAUTHENTICATED"),
        })
    }
}

/// `extensions.code` of one error.
pub(super) fn code(error: &Value) -> Option<String> {
    error.pointer("/extensions/code").and_then(Value::as_str).map(clean).filter(|code| !code.is_empty())
}

/// One error for people: its message and its code.
pub(super) fn text(error: &Value) -> String {
    let message = error.get("message").unwrap_or(error).as_str().map(clean).filter(|message| !message.is_empty());
    let message = message.unwrap_or_else(|| "no reason given".into());
    match code(error) {
        Some(code) => format!("{message} ({code})"),
        None => message,
    }
}

/// Makes a text from outside fit for a message: one line, of a bounded length, with nothing hidden in it.
pub(super) fn clean(text: &str) -> String {
    let (text, mut clean) = (blanked(text), String::new());
    for (shown, character) in text.chars().enumerate() {
        if shown == LONGEST_TEXT {
            clean.push('…');
            break;
        }
        clean.push(character);
    }
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(errors: &Value) -> Option<Refusal> {
        let text = json!({ "errors": errors }).to_string();
        Refusal::of(&Response::read(&text).unwrap().unwrap(), 1)
    }

    #[test]
    fn every_error_is_told_and_the_first_code_is_kept() {
        let errors = json!([
            {"message": "chat is not open", "extensions": {"code": "CHAT_NOT_OPEN"}},
            {"message": "and it is Sunday"},
        ]);
        let refusal = refusal(&errors).unwrap();
        assert_eq!(refusal.text, "chat is not open (CHAT_NOT_OPEN); and it is Sunday");
        assert_eq!(refusal.code.as_deref(), Some("CHAT_NOT_OPEN"));
        assert!(!refusal.unauthenticated);
    }

    #[test]
    fn errors_of_any_shape_are_errors_and_an_empty_list_is_none() {
        for errors in [json!("no"), json!({"message": "no"}), json!([null]), json!([7]), json!(false), json!([[]])] {
            assert!(refusal(&errors).is_some(), "{errors}");
        }
        assert_eq!(refusal(&json!([])), None);
        assert_eq!(refusal(&Value::Null), None);
        assert_eq!(refusal(&json!("no")).unwrap().text, "no");
        assert_eq!(refusal(&json!([{"message": "\n"}])).unwrap().text, "no reason given");
    }

    #[test]
    fn a_long_list_of_errors_is_cut() {
        let text = refusal(&json!(["a", "b", "c", "d", "e", "f", "g"])).unwrap().text;
        assert_eq!(text, "a; b; c; d; e; 2 more");
    }

    #[test]
    fn what_could_command_a_terminal_does_not_reach_it() {
        assert_eq!(clean("\u{1b}[2Jgone\r\nsoon\u{9b}31m\u{202e}"), "[2Jgone  soon 31m");
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), LONGEST_TEXT + 1);
    }
}
