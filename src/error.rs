//! Errors as a script sees them: a kind that decides the exit code, a message that says what failed on which thing, a hint that
//! says what to do, and the platform's own code if it gave one.
//!
//! Functions return [`anyhow::Result`]; an [`Error`] stands somewhere in the chain where the kind or the hint matters, and
//! context may be put on top of it. A chain without one is a plain [`Kind::Failure`].

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The kinds of failure, one for each exit code of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A failure with no code of its own.
    Failure,
    /// The arguments are wrong, or a value is missing.
    Usage,
    /// No token, no secret, unreadable configuration or store.
    Config,
    /// The platform refused the operation.
    Refused,
    /// Network, 5xx or 429 after all retries: trying again makes sense.
    Unavailable,
    /// The platform refused the token.
    Auth,
    /// At least one command of a batch failed.
    Partial,
    /// The events that were waited for did not come in time.
    Timeout,
    /// The request was sent, and nothing tells whether it took effect.
    Unknown,
}

impl Kind {
    /// All of them, by exit code.
    pub const ALL: [Self; 9] = [
        Self::Failure,
        Self::Usage,
        Self::Config,
        Self::Refused,
        Self::Unavailable,
        Self::Auth,
        Self::Partial,
        Self::Timeout,
        Self::Unknown,
    ];

    /// The process exit code, fixed by the interface.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Config => 3,
            Self::Refused => 4,
            Self::Unavailable => 5,
            Self::Auth => 6,
            Self::Partial => 7,
            Self::Timeout => 8,
            Self::Unknown => 9,
        }
    }

    /// The kind's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::Config => "config",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Auth => "auth",
            Self::Partial => "partial",
            Self::Timeout => "timeout",
            Self::Unknown => "unknown",
        }
    }

    /// What it means, in the words that help and documents share.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Failure => "a failure with no code of its own",
            Self::Usage => "the arguments are wrong, or a value is missing",
            Self::Config => "no token, no secret, unreadable configuration or store",
            Self::Refused => "the platform refused the operation",
            Self::Unavailable => "network, a busy platform or a failed read: try again later",
            Self::Auth => "the platform refused the token",
            Self::Partial => "a batch in which at least one command failed",
            Self::Timeout => "`listen --count N --timeout T` did not see N events in time",
            Self::Unknown => "sent, and nothing tells whether it took effect",
        }
    }
}

/// A failure whose kind, hint or code matters to who sees it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    code: Option<String>,
    retry_after: Option<Duration>,
    during_execution: bool,
}

impl Error {
    /// A failure of this kind. The message is lower case, without a full stop, and says what failed on which thing.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, code: None, retry_after: None, during_execution: false }
    }

    /// The arguments are wrong, or a value is missing.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A setting, a secret or the store is missing or cannot be read.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config, message)
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Takes over the hint of an error that this one is to wrap as its context.
    #[must_use]
    pub fn hint_of(self, cause: &anyhow::Error) -> Self {
        let hint = Report::from(cause).hint;
        Self { hint: hint.or(self.hint), ..self }
    }

    /// Adds how long the platform asked to wait before another attempt.
    #[must_use]
    pub fn retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// Adds whether the platform raised the error during execution.
    #[must_use]
    pub fn during_execution(mut self, during_execution: bool) -> Self {
        self.during_execution = during_execution;
        self
    }

    /// Adds the platform's own error code.
    #[must_use]
    pub fn code(mut self, code: Option<String>) -> Self {
        self.code = code;
        self
    }
}

/// The name that is most similar to this one, if one is similar at all, by the measure that clap uses.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.into_iter().map(|known| (strsim::jaro(name, known), known));
    let alike = rated.filter(|(likeness, _)| *likeness > 0.7);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

/// The end of a message that names the [nearest] name, where there is one.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// A failure as its reader sees it, on stderr and in a result line's `error`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Decides the exit code.
    pub kind: Kind,
    /// The whole chain, outermost first, joined by `: `.
    pub message: String,
    /// What the reader can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The platform's own error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the process exits with.
    pub exit_code: u8,
}

impl From<&anyhow::Error> for Report {
    fn from(error: &anyhow::Error) -> Self {
        let typed = typed(error);
        let kind = typed.map_or(Kind::Failure, |error| error.kind);
        Self {
            kind,
            message: words(error),
            hint: typed.and_then(|error| error.hint.clone()).or_else(|| {
                let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<Error>());
                causes.find_map(|cause| cause.hint.clone())
            }),
            code: typed.and_then(|error| error.code.clone()),
            exit_code: kind.exit_code(),
        }
    }
}

impl From<Report> for Error {
    /// The failure of another process of this program, as it told it.
    fn from(report: Report) -> Self {
        let Report { kind, message, hint, code, exit_code: _ } = report;
        Self { kind, message, hint, code, retry_after: None, during_execution: false }
    }
}

/// The whole chain, outermost first, joined by `: `. A cause that only repeats what stands before it is left out: a driver may
/// report an error twice, the second time with its number.
pub fn words(error: &anyhow::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        let said = words.last().is_some_and(|last| last.ends_with(&cause) || cause.ends_with(last.as_str()));
        if !said {
            words.push(cause);
        }
    }
    words.join(": ")
}

/// The kind of a failure: that of the outermost [`Error`] in its chain.
pub fn kind(error: &anyhow::Error) -> Kind {
    typed(error).map_or(Kind::Failure, |error| error.kind)
}

/// How long the platform asked to wait before another attempt.
pub fn retry_after(error: &anyhow::Error) -> Option<Duration> {
    typed(error).and_then(|error| error.retry_after)
}

/// Whether the platform raised the error during execution, so that part of the mutation may have been done.
pub fn during_execution(error: &anyhow::Error) -> bool {
    typed(error).is_some_and(|error| error.during_execution)
}

fn typed(error: &anyhow::Error) -> Option<&Error> {
    // `anyhow` keeps a context's own type reachable only through the error itself, and the rest through the chain.
    error.downcast_ref::<Error>().or_else(|| error.chain().find_map(|cause| cause.downcast_ref::<Error>()))
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_that_says_nothing_new_is_left_out() {
        let chain = |texts: &[&str]| {
            let mut texts = texts.iter().rev().map(|text| (*text).to_owned());
            let first = anyhow::Error::msg(texts.next().unwrap());
            words(&texts.fold(first, anyhow::Error::context))
        };
        let full = "database or disk is full";
        assert_eq!(
            chain(&["cannot write", full, "Error code 13: database or disk is full"]),
            format!("cannot write: {full}")
        );
        assert_eq!(chain(&["cannot send: refused", "refused"]), "cannot send: refused");
        assert_eq!(chain(&["cannot read", "cannot read the file"]), "cannot read: cannot read the file");
    }

    #[test]
    fn kind_and_hint_survive_context() {
        let error =
            Err::<(), _>(Error::config("no token").hint("log in")).context("cannot close chat `c-1`").unwrap_err();
        let report = Report::from(&error);
        assert_eq!(report.message, "cannot close chat `c-1`: no token");
        assert_eq!((report.kind, report.exit_code), (Kind::Config, 3));
        assert_eq!(report.hint.as_deref(), Some("log in"));
    }

    #[test]
    fn all_kinds_are_all_exit_codes_in_order() {
        assert!(Kind::ALL.into_iter().map(Kind::exit_code).eq(1..=9));
    }

    #[test]
    fn a_name_is_near_only_when_it_is_alike() {
        let known = ["default", "staging", "work"];
        assert_eq!(nearest("stagin", known), Some("staging"));
        assert_eq!(nearest("wrok", known), Some("work"));
        assert_eq!(nearest("zzz", known), None);
    }

    #[test]
    fn an_untyped_chain_is_a_plain_failure() {
        assert_eq!(kind(&anyhow::anyhow!("no such thing")), Kind::Failure);
    }

    #[test]
    fn an_error_used_as_context_decides_the_kind() {
        let error =
            Err::<(), _>(std::io::Error::other("disk")).context(Error::config("cannot open the store")).unwrap_err();
        assert_eq!(kind(&error), Kind::Config);
        assert_eq!(Report::from(&error).message, "cannot open the store: disk");
    }

    #[test]
    fn a_hint_from_below_survives_an_error_used_as_context() {
        let cause = Error::config("it is too new").hint("upgrade");
        let error = Err::<(), _>(cause).context(Error::config("cannot open the store")).unwrap_err();
        assert_eq!(Report::from(&error).hint.as_deref(), Some("upgrade"));
    }
}
