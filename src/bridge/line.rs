//! One line in, one line out: what a program may write to have a command carried out, and what it is told.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::executor::Completed;
use super::lanes::Hold;
use crate::error::{Error, Kind, Report, did_you_mean};
use crate::model::{Command, json};
use crate::store::Unwritten;

/// The longest line that is taken, in bytes without its line feed.
pub const LINE_LIMIT: usize = 1024 * 1024;

/// A line that asks for a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The caller's own name for it.
    pub reference: Option<String>,
    /// The number of its line, from 1.
    pub line: u64,
    /// The line's length in bytes.
    pub length: usize,
    /// Who wrote it, where there are several.
    pub source: u64,
    /// The mutation's name.
    pub op: String,
    /// What to do.
    pub command: Command,
}

/// What the program of a bridge may write.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// A command.
    Command(Box<Request>),
    /// It has consumed every event up to this one.
    Acknowledgement(i64),
}

impl Incoming {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    /// The answer to what is neither.
    pub fn read(text: &[u8], line: u64) -> Result<Self, Box<Answer>> {
        match json::parse::<Value>(text) {
            Ok(fields) if fields["op"] == "ack" => fields["seq"].as_i64().map(Self::Acknowledgement).ok_or_else(|| {
                let error = Error::usage("`seq` is missing or not a whole number").into();
                let reference = fields["ref"].as_str().map(str::to_owned);
                Box::new(Answer { reference, ..Answer::to_acknowledgement(line, &error) })
            }),
            _ => Request::read(text, line).map(|request| Self::Command(Box::new(request))),
        }
    }
}

/// What became of a line.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The caller's own name for it.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The number of its line, from 1.
    pub line: u64,
    /// The mutation's name, where the line had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op: Option<String>,
    /// What the platform answered, or why it did not.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether it took effect.
    pub ok: bool,
    /// What the platform answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// Why it did not take effect, or why nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The answer did not tell, and looking at the chat did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// It was carried out before; this is what came of it then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The name of the exit code that a command of its own would have had.
    pub kind: String,
    /// The platform's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For people.
    pub message: String,
    /// Whether the same line may succeed later, and can do no harm.
    pub retryable: bool,
}

impl Outcome {
    /// The command took effect.
    pub fn completed(completed: &Completed) -> Self {
        let data = serde_json::to_value(&completed.done).unwrap_or_default();
        Self { ok: true, data: Some(data), error: None, settled: completed.settled, replayed: false }
    }

    /// The command failed.
    pub fn failed(error: &anyhow::Error) -> Self {
        let Report { kind, message, code, .. } = Report::from(error);
        let retryable = can_help(kind) || error.is::<Unwritten>();
        Self::failure(Failure { kind: kind.name().to_owned(), code, message, retryable })
    }

    /// The same, of a command whose `ref` the journal keeps: what is unknown in a chat is not done a second time under it,
    /// and another look may settle it. Nothing will ever settle the review of a submission.
    pub(super) fn known_to_journal(mut self, command: &Command) -> Self {
        if let (Some(error), Some(_)) = (&mut self.error, command.chat_id()) {
            error.retryable |= error.kind == Kind::Unknown.name();
        }
        self
    }

    /// The command was not even tried.
    pub fn not_sent(kind: Kind, why: &str) -> Self {
        let message = format!("not sent: {why}");
        Self::failure(Failure { kind: kind.name().to_owned(), code: None, message, retryable: true })
    }

    fn failure(failure: Failure) -> Self {
        Self { ok: false, data: None, error: Some(failure), settled: false, replayed: false }
    }
}

/// Whether the same line, written again, may succeed without anybody doing something, and can do no harm.
///
/// | kind | |
/// |---|---|
/// | unavailable | yes: nothing took effect, or it can be repeated, and networks and platforms recover |
/// | unknown | no: it may have taken effect, and would a second time; with a [journal](Outcome::known_to_journal) another look is taken |
/// | refused, usage | no: the same words get the same answer |
/// | auth, config | no: a person has to act first, and until then each line fails |
/// | failure | no: nobody knows what it would help against |
///
/// A line that was [not sent](Outcome::not_sent) because of others can always be written again.
fn can_help(kind: Kind) -> bool {
    kind == Kind::Unavailable
}

impl Answer {
    /// The answer to an acknowledgement that makes no sense; one that does has none.
    pub fn to_acknowledgement(line: u64, error: &anyhow::Error) -> Self {
        Self { reference: None, line, op: Some("ack".to_owned()), outcome: Outcome::failed(error) }
    }

    /// The answer to a request.
    pub fn to(request: &Request, outcome: Outcome) -> Self {
        Self { reference: request.reference.clone(), line: request.line, op: Some(request.op.clone()), outcome }
    }
}

/// A line, with its line feed, that says what it is: an `event` or a `result`.
pub fn typed(what: &str, line: &[u8]) -> Vec<u8> {
    let rest = line.strip_prefix(b"{").unwrap_or(line);
    [format!(r#"{{"type":"{what}","#).as_bytes(), rest].concat()
}

/// What orders the commands among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Commands on one chat run in the order given.
    Chat(String),
    /// A command that names an agent waits until that agent's persona is created.
    Agent(String),
    /// The same reference twice: the second waits for the first.
    Reference(String),
}

impl Request {
    /// What the request must wait for, and what must wait for it.
    pub fn keys(&self) -> Vec<(Key, Hold)> {
        let mut keys: Vec<_> = self.reference.iter().map(|it| (Key::Reference(it.clone()), Hold::Exclusive)).collect();
        match &self.command {
            Command::CreatePersona(persona) => keys.push((Key::Agent(persona.provider_id.clone()), Hold::Exclusive)),
            Command::AcceptChat { chat_id, agent }
            | Command::SendChatMessage { chat_id, agent, .. }
            | Command::CloseChat { chat_id, agent }
            | Command::OpenChat { chat_id, agent } => {
                keys.push((Key::Chat(chat_id.clone()), Hold::Exclusive));
                keys.extend(agent.provider_id.iter().map(|id| (Key::Agent(id.clone()), Hold::Shared)));
            }
            Command::ApproveSubmission { .. } | Command::RejectSubmission { .. } => {}
        }
        keys
    }

    /// Reads a line, without its line feed. What is not a command is answered at once.
    ///
    /// # Errors
    /// The answer, of kind `usage`.
    pub fn read(text: &[u8], line: u64) -> Result<Self, Box<Answer>> {
        Self::try_read(text, line).map_err(|error| {
            let Head { reference, op } = Head::of(&json::readable(text));
            let usage = error.context(Error::usage("the line is not a command"));
            Box::new(Answer { reference, line, op, outcome: Outcome::failed(&usage) })
        })
    }

    fn try_read(text: &[u8], line: u64) -> anyhow::Result<Self> {
        if text.len() > LINE_LIMIT {
            anyhow::bail!("it is longer than {LINE_LIMIT} bytes");
        }
        std::str::from_utf8(text).map_err(|_| anyhow::anyhow!("it is not UTF-8"))?;
        let mut fields: Map<String, Value> = match json::parse(text).map_err(|error| not_json(&error))? {
            Value::Object(fields) => fields,
            _ => anyhow::bail!("it is not a JSON object"),
        };
        fields.shift_remove("type");
        let reference = match fields.shift_remove("ref") {
            None | Some(Value::Null) => None,
            Some(Value::String(reference)) => Some(reference),
            Some(_) => anyhow::bail!("`ref` is not a string"),
        };
        let op = fields.get("op").and_then(Value::as_str).map(str::to_owned);
        let op = op.ok_or_else(|| anyhow::anyhow!("`op` is missing or not a string"))?;
        check_fields(&op, &fields)?;
        let command = serde_json::from_value(Value::Object(fields))?;
        Ok(Self { reference, line, length: text.len(), source: 0, op, command })
    }
}

/// Why a line is not JSON.
fn not_json(error: &serde_json::Error) -> anyhow::Error {
    if error.is_eof() {
        return anyhow::anyhow!("the JSON does not end on it; one command is one line (`jq -c` makes it one)");
    }
    anyhow::anyhow!("it is not JSON: something is wrong at character {}", error.column())
}

/// What is known of a line that is not a command: its name and its operation, as far as they stand before what is wrong.
#[derive(Default)]
struct Head {
    reference: Option<String>,
    op: Option<String>,
}

impl Head {
    fn of(text: &str) -> Self {
        struct Fields<'a>(&'a mut Head);

        impl<'de> DeserializeSeed<'de> for Fields<'_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_map(self)
            }
        }

        impl<'de> Visitor<'de> for Fields<'_> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
                while let Some(name) = fields.next_key::<String>()? {
                    let place = match name.as_str() {
                        "ref" => &mut self.0.reference,
                        "op" => &mut self.0.op,
                        _ => {
                            fields.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    *place = fields.next_value::<Value>()?.as_str().map(str::to_owned);
                }
                Ok(())
            }
        }

        let mut head = Self::default();
        // Whatever is wrong was told; what stood before it is known by now.
        drop(Fields(&mut head).deserialize(&mut serde_json::Deserializer::from_str(text)));
        head
    }
}

/// The operations, each with the fields of its own: those that it needs, and others.
const OPERATIONS: [(&str, &[&str], &[&str]); 7] = [
    ("createPersona", &["providerId", "name"], &["email", "photo"]),
    ("acceptChat", &["chatId"], &[]),
    ("sendChatMessage", &["chatId"], &["text", "attachment"]),
    ("closeChat", &["chatId"], &[]),
    ("openChat", &["chatId"], &[]),
    ("approveSubmission", &["id"], &[]),
    ("rejectSubmission", &["id"], &[]),
];

/// Refuses a field that the command does not have, as a misspelt one must not be taken for one that is missing; one that is
/// missing; and one that is no string.
fn check_fields(op: &str, fields: &Map<String, Value>) -> anyhow::Result<()> {
    const AGENT: [&str; 5] = ["personaId", "providerId", "name", "email", "photo"];
    let Some((_, needed, other)) = OPERATIONS.into_iter().find(|(name, ..)| *name == op) else {
        anyhow::bail!("`{op}` is no operation{}", did_you_mean(op, OPERATIONS.map(|(name, ..)| name)));
    };
    let agent: &[&str] = if needed.contains(&"chatId") { &AGENT } else { &[] };
    let known = || needed.iter().chain(other).chain(agent).chain(&["op", "ref"]).copied();
    if let Some(unknown) = fields.keys().find(|name| known().all(|known| known != name.as_str())) {
        anyhow::bail!("`{op}` has no field `{unknown}`{}", did_you_mean(unknown, known()));
    }
    if let Some((name, _)) = fields.iter().find(|(_, value)| !value.is_string() && !value.is_null()) {
        anyhow::bail!("`{name}` is not a string");
    }
    if let Some(missing) = needed.iter().find(|name| fields.get(**name).is_none_or(Value::is_null)) {
        anyhow::bail!("`{missing}` is missing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn refusal(text: &str) -> Value {
        serde_json::to_value(Request::read(text.as_bytes(), 7).unwrap_err()).unwrap()
    }

    #[test]
    fn a_line_becomes_a_request() {
        let line = r#"{"ref":"3","op":"sendChatMessage","chatId":"c-1","text":"Hello!","providerId":"agent-42"}"#;
        let request = Request::read(line.as_bytes(), 3).unwrap();
        assert_eq!(
            (request.reference.as_deref(), request.line, request.op.as_str()),
            (Some("3"), 3, "sendChatMessage")
        );
        let keys = request.keys();
        assert!(keys.contains(&(Key::Chat("c-1".into()), Hold::Exclusive)), "{keys:?}");
        assert!(keys.contains(&(Key::Agent("agent-42".into()), Hold::Shared)), "{keys:?}");
    }

    #[test]
    fn what_is_not_a_command_is_answered_with_what_is_known_of_it() {
        for (line, words) in [
            ("", "the JSON does not end on it"),
            ("{op}", "it is not JSON: something is wrong at character 2"),
            ("nonsense", "it is not JSON: something is wrong at character 2"),
            (r#"{"ref":"1","op":"closeChat","chatId":["c-1"]}"#, "`chatId` is not a string"),
            (r#"{"ref":"1","op":"closeChat","chatId":null}"#, "`chatId` is missing"),
            (r#"{"ref":"1","op":"closeChat","chatId":"c-1","personaId":1e999}"#, "`personaId` is not a string"),
            (r#"{"ref":"1","op":"createPersona","providerId":"a"}"#, "`name` is missing"),
            ("[]", "not a JSON object"),
            (r#"{"ref":"1"}"#, "`op` is missing"),
            (r#"{"ref":7,"op":"closeChat","chatId":"c-1"}"#, "`ref` is not a string"),
            (r#"{"ref":"1","op":"burnChat","chatId":"c-1"}"#, "`burnChat` is no operation"),
            (r#"{"ref":"1","op":"acceptchat"}"#, "`acceptchat` is no operation; did you mean `acceptChat`?"),
            (r#"{"ref":"1","op":"closeChat"}"#, "`chatId` is missing"),
            (
                r#"{"ref":"1","op":"sendChatMessage","chatId":"c-1","txet":"Hi"}"#,
                "no field `txet`; did you mean `text`?",
            ),
            (r#"{"ref":"1","op":"createPersona","providerId":"a","name":"A","personaId":"p"}"#, "no field `personaId`"),
        ] {
            let answer = refusal(line);
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains(words), "{line}: {message}");
            assert_eq!(
                (&answer["ok"], &answer["error"]["kind"], &answer["line"]),
                (&json!(false), &json!("usage"), &json!(7))
            );
        }
        let answer = refusal(r#"{"ref":"1","op":"burnChat"}"#);
        assert_eq!((&answer["ref"], &answer["op"]), (&json!("1"), &json!("burnChat")));
    }

    #[test]
    fn the_answer_has_the_name_and_the_operation_that_stand_before_what_is_wrong() {
        let long = format!(r#"{{"ref":"1","op":"closeChat","chatId":"{}"}}"#, "x".repeat(LINE_LIMIT));
        for line in [
            r#"{"ref":"1","op":"closeChat","chatId":c-1}"#.as_bytes(),
            r#"{"ref":"1","op":"closeChat","chatId":"c-1""#.as_bytes(),
            br#"{"ref":"1","op":"closeChat","chatId":1e999}"#,
            b"{\"ref\":\"1\",\"op\":\"closeChat\",\"chatId\":\"\xff\"}",
            br#"{"ref":"1","nested":[{"ref":"2"}],"op":"closeChat"}"#,
            long.as_bytes(),
        ] {
            let answer = Request::read(line, 7).unwrap_err();
            let told = (answer.reference.as_deref(), answer.op.as_deref());
            assert_eq!(
                told,
                (Some("1"), Some("closeChat")),
                "{}",
                String::from_utf8_lossy(&line[..line.len().min(80)])
            );
        }
        let half =
            Request::read(br#"{"ref":"1","op":"sendChatMessage","chatId":"c-1","text":"cut \ud83d"}"#, 1).unwrap();
        assert!(
            matches!(half.command, Command::SendChatMessage { message, .. } if message.text.as_deref() == Some("cut \u{fffd}"))
        );
    }

    #[test]
    fn an_acknowledgement_that_makes_no_sense_is_told_as_one() {
        for line in [r#"{"op":"ack"}"#, r#"{"op":"ack","seq":"1"}"#, r#"{"op":"ack","seq":1e999}"#] {
            let answer = serde_json::to_value(Incoming::read(line.as_bytes(), 7).unwrap_err()).unwrap();
            assert_eq!((&answer["op"], &answer["error"]["kind"]), (&json!("ack"), &json!("usage")), "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap().contains("`seq`"), "{answer}");
        }
        assert_eq!(
            Incoming::read(br#"{"op":"ack","seq":42,"note":"\ud83d"}"#, 1).unwrap(),
            Incoming::Acknowledgement(42)
        );
    }

    #[test]
    fn an_overlong_line_is_refused() {
        let line = format!(r#"{{"op":"sendChatMessage","chatId":"c-1","text":"{}"}}"#, "x".repeat(LINE_LIMIT));
        assert!(refusal(&line)["error"]["message"].as_str().unwrap().contains("longer than"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_answered_without_a_panic(text: Vec<u8>) {
            if let Err(answer) = Request::read(&text, 1) {
                prop_assert!(!serde_json::to_string(&answer).unwrap().contains('\n'));
            }
        }
    }
}
