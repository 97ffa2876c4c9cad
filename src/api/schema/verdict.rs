//! What an answer says about success and failure, by the names of its fields. One vocabulary holds for the documents that are
//! written for a schema, which ask for these fields, and for those by hand. A name that is not in it says nothing.

use serde_json::{Map, Value};

use super::shape::text;
use crate::api::Operation;
use crate::api::operation::ALL;
use crate::api::operation::role::{plain, words};

/// How many objects deep a payload is read.
const DEEPEST: usize = 6;

/// Fields that are true where it is done, as a boolean or a word.
const DONE: &[&str] =
    &["ok", "success", "succeeded", "successful", "issuccess", "issuccessful", "wassuccessful", "isok", "done"];
/// More of them, which say it only as a boolean: else they may hold a time. What an operation calls its end is one too.
const DONE_IF_BOOLEAN: &[&str] = &["accepted", "completed", "executed", "processed"];
/// Fields that say it with a word.
const STATUS: &[&str] = &["status", "state", "outcome", "result"];
/// Fields that only hold some of these.
const AROUND: &[&str] = &["meta", "status", "state", "outcome", "result", "response"];
const CODE: &[&str] = &["code", "statuscode", "httpstatus", "httpstatuscode", "resultcode"];
/// Fields that say why, the best first.
pub(super) const REASON: &[&str] =
    &["message", "messages", "reason", "description", "detail", "details", "title", "said"];
/// Words of a field that holds something only where it failed.
const ERRORS: &[&str] = &[
    "error",
    "errors",
    "problem",
    "problems",
    "failure",
    "failures",
    "failed",
    "violation",
    "violations",
    "issue",
    "issues",
    "rejection",
    "rejections",
    "refusal",
    "refusals",
    "denial",
    "denied",
    "exception",
    "exceptions",
];
/// What such a field holds where there is none.
const NO_ERROR: &[&str] = &["", "0", "none", "no", "false", "null", "ok", "success", "noerror", "noerrors"];

const YES: &[&str] = &["ok", "okay", "done", "success", "succeeded", "successful", "completed", "true", "yes"];
const NO: &[&str] = &["false", "no", "invalid", "conflict", "ignored", "unauthorized"];
/// What a status says of a thing that did not become what it should.
const FAILED: &[&str] = &[
    "failed",
    "failure",
    "error",
    "errored",
    "denied",
    "refused",
    "rejected",
    "forbidden",
    "blocked",
    "undelivered",
    "undeliverable",
];
/// Words of a type that is not the thing, but tells why there is none.
const FAILING: &[&str] = &[
    "error",
    "errors",
    "problem",
    "failure",
    "exception",
    "invalid",
    "not",
    "already",
    "unauthorized",
    "missing",
    "conflict",
    "limit",
    "spam",
    "draft",
    "unsent",
    "expired",
];

/// What a field says, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Done,
    DoneIfBoolean,
    Status,
    Code,
    Reason,
    Errors,
}

impl Sign {
    /// What a field of this name says; `done` tells what an operation calls its end.
    fn of(name: &str, done: impl Fn(&str) -> bool) -> Option<Self> {
        let plain = plain(name);
        let is_of = |names: &[&str]| names.contains(&&*plain);
        Some(match () {
            () if is_of(DONE) => Self::Done,
            () if is_of(DONE_IF_BOOLEAN) || done(&plain) => Self::DoneIfBoolean,
            () if is_of(STATUS) => Self::Status,
            () if is_of(CODE) => Self::Code,
            () if is_of(REASON) => Self::Reason,
            () if words(name).iter().any(|word| ERRORS.contains(&&**word)) => Self::Errors,
            () => return None,
        })
    }

    /// What a field of a schema says.
    pub(super) fn of_field(name: &str) -> Option<Self> {
        Self::of(name, |name| ALL.iter().any(|operation| operation.done.contains(&name)))
    }
}

/// Whether a field may hold nothing but such fields.
pub(super) fn is_around(name: &str) -> bool {
    AROUND.contains(&&*plain(name))
}

/// Whether a type of this name is that of a failure.
pub(super) fn is_failing(name: &str) -> bool {
    words(name).iter().any(|word| FAILED.contains(&&**word) || FAILING.contains(&&**word))
}

/// Whether a thing of a list says of itself that it failed.
pub(super) fn has_failed(thing: &Map<String, Value>) -> bool {
    let says = |key: &str, is_it: fn(&str) -> bool| thing.get(key).and_then(Value::as_str).is_some_and(is_it);
    says("__typename", is_failing) || says("status", |status| FAILED.contains(&&*plain(status)))
}

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Done,
    Refused,
    Unknown,
}

impl Word {
    pub(super) fn of(word: &str, operation: &Operation) -> Self {
        let words = words(word);
        let first = words.first().map(String::as_str).unwrap_or_default();
        match &*plain(word) {
            whole if YES.contains(&whole) || operation.done.contains(&whole) => Self::Done,
            whole if NO.contains(&whole) || FAILED.contains(&whole) => Self::Refused,
            _ if ["no", "already", "cannot"].contains(&first) => Self::Refused,
            _ if words.iter().any(|word| word == "not") => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

/// What an answer says as a whole.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Whether something says that it is done.
    pub(super) is_done: bool,
    is_refused: bool,
    /// What should say it and does not for certain.
    pub(super) unclear: Option<String>,
    /// What the errors say.
    errors: Vec<String>,
    /// What stands beside what says no.
    reason: Option<String>,
    code: Option<String>,
}

impl Verdict {
    /// Reads an answer down to its result. Objects with an id of their own say nothing of it.
    pub(super) fn of(root: &Map<String, Value>, result: Option<&Map<String, Value>>, operation: &Operation) -> Self {
        let mut verdict = Self::default();
        verdict.level(root, result, operation, 0);
        verdict
    }

    /// Why it is no success, where it says so: in words, and the code.
    pub(super) fn against(self) -> Option<(String, Option<String>)> {
        let text = if self.errors.is_empty() { self.reason } else { Some(self.errors.join("; ")) };
        self.is_refused.then(|| (text.unwrap_or_else(|| "no reason given".to_owned()), self.code))
    }

    fn level(
        &mut self,
        object: &Map<String, Value>,
        result: Option<&Map<String, Value>>,
        operation: &Operation,
        depth: usize,
    ) {
        let is_result = result.is_some_and(|result| std::ptr::eq(result, object));
        for (key, value) in object {
            // Of several members of a union each may have its own: `message_2`.
            let name = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
            let sign = Sign::of(name, |name| operation.done.contains(&name));
            match (sign, value) {
                (Some(Sign::Errors), _) => self.error(name, value),
                (_, Value::Object(inner)) => {
                    let is_payload =
                        result.is_some_and(|result| std::ptr::eq(result, inner)) || !is_id(inner.get("id"));
                    if is_payload && depth < DEEPEST && (!is_result || is_around(name)) {
                        self.level(inner, result, operation, depth + 1);
                    }
                }
                (Some(Sign::Status), _) if is_result => {
                    let word = text(value).filter(|word| FAILED.contains(&&*plain(word)));
                    if let Some(word) = word.filter(|word| !operation.done.contains(&&*plain(word))) {
                        self.refuse(Some(word));
                    }
                }
                (Some(sign), _) => self.sign(sign, key, value, operation),
                (None, Value::String(kind))
                    if key.starts_with("refusedBy") || (key == "__typename" && is_failing(kind)) =>
                {
                    self.refuse(Some(words(kind).join(" ")));
                }
                (None, _) => {}
            }
        }
    }

    fn sign(&mut self, sign: Sign, key: &str, value: &Value, operation: &Operation) {
        let said = match value {
            Value::Bool(true) => Word::Done,
            Value::Bool(false) => Word::Refused,
            Value::String(word) => Word::of(word, operation),
            _ => Word::Unknown,
        };
        match (sign, said) {
            (Sign::Reason, _) => self.reason = text(value).filter(|text| !text.is_empty()).or(self.reason.take()),
            (Sign::DoneIfBoolean, _) if !value.is_boolean() => {}
            (Sign::Code, _) => self.code(value, said),
            (_, Word::Done) => self.is_done = true,
            (_, Word::Refused) => self.refuse(value.as_str().map(ToOwned::to_owned)),
            (Sign::Done, Word::Unknown) => match value.as_f64() {
                Some(1.0) => self.is_done = true,
                Some(0.0) => self.refuse(None),
                _ => self.unclear = Some(format!("{key}: {value}")),
            },
            (_, Word::Unknown) => {}
        }
    }

    /// A code is one of HTTP, or a word.
    fn code(&mut self, value: &Value, said: Word) {
        let Some(code) = text(value) else { return };
        match (code.parse(), said) {
            (Ok(0 | 200..=299), _) | (_, Word::Done) => self.is_done = true,
            (Ok(400..=599), _) | (_, Word::Refused) => self.refuse(None),
            _ => {}
        }
        self.code.get_or_insert(code);
    }

    fn refuse(&mut self, why: Option<String>) {
        self.is_refused = true;
        if self.reason.is_none() {
            self.reason = why;
        }
    }

    fn error(&mut self, name: &str, value: &Value) {
        let errors = match value {
            Value::Array(errors) => &errors[..],
            error => std::slice::from_ref(error),
        };
        let is_code = words(name).last().is_some_and(|word| word == "code");
        self.is_done = true;
        for error in errors.iter().filter(|error| !is_none(error)) {
            self.is_refused = true;
            let code = if is_code { text(error) } else { error.get("code").and_then(text) };
            self.code = self.code.take().or(code);
            if !is_code && !error.is_number() {
                self.errors.extend(error_text(error));
            }
        }
    }
}

/// Whether this is an id: nothing that is empty is one.
pub(super) fn is_id(value: Option<&Value>) -> bool {
    value.is_some_and(|id| id.is_number() || id.as_str().is_some_and(|id| !id.is_empty()))
}

/// Whether what may hold an error holds none.
fn is_none(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(word) => NO_ERROR.contains(&&*plain(word)),
        _ => false,
    }
}

/// One error of a payload: its message, or else what kind it is.
fn error_text(error: &Value) -> Option<String> {
    let kind = || error.get("__typename").and_then(Value::as_str).map(|kind| words(kind).join(" "));
    let named = |error: &Map<String, Value>| {
        let is_it = |key: &str, wanted: &str| key.split('_').next().map(plain).as_deref() == Some(wanted);
        let find = |wanted: &&str| error.iter().find_map(|(key, value)| text(value).filter(|_| is_it(key, wanted)));
        REASON.iter().find_map(find)
    };
    let message = error.as_object().map_or_else(|| text(error), named);
    message.filter(|message| !message.is_empty()).or_else(kind)
}
