//! The outcome of a request, for the caller, the result line and the journal.

use std::fmt;

use anyhow::bail;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::line::RequestLine;
use super::parts::Sent;
use crate::error::{Error, Kind, Report, kind};
use crate::model::text::visible;
use crate::model::{Chat, Command, Persona, Submission};
use crate::store::Unwritten;

/// What the platform answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Done {
    /// The persona that was created or updated.
    Persona(Persona),
    /// The chat that was accepted, closed or opened.
    Chat(Chat),
    /// The message that was sent.
    Message(Sent),
    /// The submission that was reviewed.
    Submission(Submission),
    /// What the platform answered earlier, from the journal.
    Replayed(Value),
}

/// A command that took effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Completed {
    /// What the platform answered.
    #[serde(flatten)]
    pub done: Done,
    /// Whether a look at the chat was needed to know that it took effect.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
}

impl fmt::Display for Completed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.done {
            Done::Persona(persona) => write!(f, "{}", visible(&persona.id)),
            Done::Chat(chat) => {
                write!(f, "{}", visible(&chat.id))?;
                let user = chat.user.as_ref().and_then(|user| user.name.as_deref());
                for known in [chat.status.as_deref(), user].into_iter().flatten() {
                    write!(f, "  {}", visible(known))?;
                }
                writeln!(f)?;
                chat.messages.iter().flatten().try_for_each(|message| writeln!(f, "{message}"))
            }
            Done::Message(sent) => write!(f, "{}", visible(&sent.message.id)),
            Done::Submission(submission) => {
                let status = submission.status.as_deref().unwrap_or("reviewed");
                write!(f, "{}: {}", visible(&submission.id), visible(status))
            }
            Done::Replayed(answer) => write!(f, "{}", visible(&answer.to_string())),
        }
    }
}

/// How a request ended.
#[derive(Debug)]
pub struct Outcome {
    /// What it did, or the error: why it did nothing, or why this is unknown.
    pub result: anyhow::Result<Completed>,
    /// Whether the request may be repeated: it may succeed later, and cannot do anything twice.
    retryable: bool,
    /// Whether it was carried out earlier, and the outcome is from the journal.
    replayed: bool,
}

impl Outcome {
    /// The outcome of a request that was carried out now.
    pub(super) fn of(result: anyhow::Result<Completed>) -> Self {
        let retryable = result.as_ref().is_err_and(|error| is_retryable(kind(error)) || error.is::<Unwritten>());
        Self { result, retryable, replayed: false }
    }

    /// The request failed.
    pub(super) fn failed(error: anyhow::Error) -> Self {
        Self::of(Err(error))
    }

    /// The request was not even tried.
    pub(super) fn not_sent(kind: Kind, why: &str) -> Self {
        let error = Error::new(kind, format!("not sent: {why}"));
        Self { retryable: true, ..Self::failed(error.into()) }
    }

    /// With a journal, an unknown command in a chat can be repeated: under its `ref` it is not done twice, and another look may
    /// settle it. No look can settle the review of a submission.
    pub(super) fn known_to_journal(mut self, command: &Command) -> Self {
        self.retryable |= self.failure() == Some(Kind::Unknown) && command.chat_id().is_some();
        self
    }

    /// The outcome that the journal has kept.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn replay(kept: &str) -> anyhow::Result<Self> {
        let told: OutcomeKeys = serde_json::from_str(kept)?;
        let (result, retryable) = match (told.data, told.error) {
            (_, Some(Failure { kind, code, message, retryable })) => {
                (Err(Error::new(kind, message).code(code).into()), retryable)
            }
            (Some(data), None) => (Ok(Completed { done: Done::Replayed(data), settled: told.settled }), false),
            (None, None) => bail!("it has neither data nor an error"),
        };
        Ok(Self { result, retryable, replayed: true })
    }

    /// The kind of its failure, where it is one.
    pub(super) fn failure(&self) -> Option<Kind> {
        self.result.as_ref().err().map(kind)
    }
}

/// Whether the request may succeed later by itself, and repeating it cannot do anything twice.
///
/// | kind | |
/// |---|---|
/// | unavailable | yes: nothing took effect, or it can be repeated, and networks and platforms recover |
/// | unknown | no: it may have taken effect, and would a second time; with a [journal](Outcome::known_to_journal) another look is taken |
/// | refused, usage | no: the same words get the same answer |
/// | auth, config | no: a person has to act first, and until then each request fails |
/// | failure | no: nobody knows what it would help against |
///
/// A request that was [not sent](Outcome::not_sent) because of others can always be made again.
fn is_retryable(kind: Kind) -> bool {
    kind == Kind::Unavailable
}

/// The keys of an outcome, on a result line and in the journal.
#[derive(Serialize, Deserialize)]
struct OutcomeKeys {
    /// Whether it took effect.
    ok: bool,
    /// What the platform answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// Why it did not take effect, or why nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    settled: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    replayed: bool,
}

/// Why a request failed.
#[derive(Serialize, Deserialize)]
struct Failure {
    /// Decides the exit code that a command of its own would have had.
    kind: Kind,
    /// The platform's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// For people.
    message: String,
    retryable: bool,
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self { retryable, replayed, .. } = self;
        let told = match &self.result {
            Ok(Completed { done, settled }) => {
                let data = Some(serde_json::to_value(done).map_err(serde::ser::Error::custom)?);
                OutcomeKeys { ok: true, data, error: None, settled: *settled, replayed }
            }
            Err(error) => {
                let Report { kind, message, code, .. } = Report::from(error);
                let error = Some(Failure { kind, code, message, retryable });
                OutcomeKeys { ok: false, data: None, error, settled: false, replayed }
            }
        };
        told.serialize(serializer)
    }
}

/// The line that tells what came of another.
#[derive(Debug, Serialize)]
pub struct ResultLine {
    /// The caller's own name for it.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The number of its line, from 1.
    pub line: u64,
    /// The mutation's name, where the line had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<String>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl ResultLine {
    /// The result of a request.
    pub fn of(line: RequestLine, outcome: Outcome) -> Self {
        let RequestLine { request, line, .. } = line;
        Self { op: Some(request.command.op().to_owned()), reference: request.reference, line, outcome }
    }

    /// The result of an acknowledgement that makes no sense; one that does has none.
    pub fn of_acknowledgement(line: u64, error: anyhow::Error) -> Self {
        Self { reference: None, line, op: Some("ack".to_owned()), outcome: Outcome::failed(error) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_outcome_comes_back_from_the_journal_as_it_was_told() {
        let refused =
            Error::new(Kind::Refused, "the platform refused: it is closed").code(Some("CHAT_NOT_OPEN".into()));
        let refused = anyhow::Error::new(refused).context("cannot close chat `c-1`");
        let done = Done::Replayed(json!({"z": 1, "id": "c-1", "rating": 4.5}));
        for outcome in [
            Outcome::of(Ok(Completed { done: done.clone(), settled: false })),
            Outcome::of(Ok(Completed { done, settled: true })),
            Outcome::failed(refused),
        ] {
            let mut told = serde_json::to_value(&outcome).unwrap();
            let again = serde_json::to_string(&Outcome::replay(&told.to_string()).unwrap()).unwrap();
            told["replayed"] = json!(true);
            assert_eq!(again, told.to_string());
        }
    }
}
