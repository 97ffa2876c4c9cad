//! A line with a command, as a program writes it. It is read strictly: what may be a mistake is refused.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::outcome::{Outcome, ResultLine};
use super::request::Request;
use crate::error::{Error, did_you_mean};
use crate::model::{Command, json};

/// The longest line that is taken, in bytes without its line feed.
pub(super) const LINE_LIMIT: usize = 1024 * 1024;

/// A line that asks for a command.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestLine {
    /// What it asks for.
    pub request: Request,
    /// Its number, from 1.
    pub line: u64,
    /// Its length in bytes.
    pub length: usize,
    /// Which program wrote it, in a bridge that has restarted it.
    pub source: u64,
}

/// What the program of a bridge may write.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// A request.
    Request(Box<RequestLine>),
    /// The program has consumed every event up to this seq.
    Acknowledgement(i64),
}

impl Incoming {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    /// The result line for a line that is neither.
    pub fn read(text: &[u8], line: u64) -> Result<Self, Box<ResultLine>> {
        match json::parse::<Value>(text) {
            Ok(fields) if fields["op"] == "ack" => fields["seq"].as_i64().map(Self::Acknowledgement).ok_or_else(|| {
                let error = Error::usage("`seq` is missing or not a whole number").into();
                let reference = fields["ref"].as_str().map(str::to_owned);
                Box::new(ResultLine { reference, ..ResultLine::of_acknowledgement(line, error) })
            }),
            _ => RequestLine::read(text, line).map(|line| Self::Request(Box::new(line))),
        }
    }
}

impl RequestLine {
    /// Reads a line, without its line feed. What is not a command is answered at once.
    ///
    /// # Errors
    /// The answer, of kind `usage`.
    pub fn read(text: &[u8], line: u64) -> Result<Self, Box<ResultLine>> {
        Self::try_read(text, line).map_err(|error| {
            let LineHead { reference, op } = LineHead::of(&json::readable(text));
            let usage = error.context(Error::usage("the line is not a command"));
            Box::new(ResultLine { reference, line, op, outcome: Outcome::failed(usage) })
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
        Ok(Self { request: Request { reference, command }, line, length: text.len(), source: 0 })
    }
}

/// Why a line is not JSON.
fn not_json(error: &serde_json::Error) -> anyhow::Error {
    if error.is_eof() {
        return anyhow::anyhow!("the JSON does not end on it; one command is one line (`jq -c` makes it one)");
    }
    anyhow::anyhow!("it is not JSON: something is wrong at character {}", error.column())
}

/// What is known of a line that is not a command: its `ref` and its `op`, if they stand before the mistake.
#[derive(Default)]
struct LineHead {
    reference: Option<String>,
    op: Option<String>,
}

impl LineHead {
    fn of(text: &str) -> Self {
        struct Fields<'a>(&'a mut LineHead);

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
        // The mistake was reported already. Here only the fields before it matter.
        drop(Fields(&mut head).deserialize(&mut serde_json::Deserializer::from_str(text)));
        head
    }
}

/// Refuses an unknown field (it may be a misspelt one), a missing field, and a field that is not a string.
fn check_fields(op: &str, fields: &Map<String, Value>) -> anyhow::Result<()> {
    const AGENT: [&str; 5] = ["personaId", "providerId", "name", "email", "photo"];
    let Some((_, needed, other)) = Command::FIELDS.into_iter().find(|(name, ..)| *name == op) else {
        anyhow::bail!("`{op}` is no operation{}", did_you_mean(op, Command::FIELDS.map(|(name, ..)| name)));
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
    use crate::action::order::Hold;
    use crate::action::request::Key;
    use crate::model::Command;

    fn refusal(text: &str) -> Value {
        serde_json::to_value(RequestLine::read(text.as_bytes(), 7).unwrap_err()).unwrap()
    }

    #[test]
    fn a_line_becomes_a_request() {
        let line = r#"{"ref":"3","op":"sendChatMessage","chatId":"c-1","text":"Hello!","providerId":"agent-42"}"#;
        let RequestLine { request, line, .. } = RequestLine::read(line.as_bytes(), 3).unwrap();
        assert_eq!((request.reference.as_deref(), line, request.command.op()), (Some("3"), 3, "sendChatMessage"));
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
            let answer = RequestLine::read(line, 7).unwrap_err();
            let told = (answer.reference.as_deref(), answer.op.as_deref());
            assert_eq!(
                told,
                (Some("1"), Some("closeChat")),
                "{}",
                String::from_utf8_lossy(&line[..line.len().min(80)])
            );
        }
        let half =
            RequestLine::read(br#"{"ref":"1","op":"sendChatMessage","chatId":"c-1","text":"cut \ud83d"}"#, 1).unwrap();
        assert!(
            matches!(half.request.command, Command::SendChatMessage { message, .. } if message.text.as_deref() == Some("cut \u{fffd}"))
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
            if let Err(answer) = RequestLine::read(&text, 1) {
                prop_assert!(!serde_json::to_string(&answer).unwrap().contains('\n'));
            }
        }
    }
}
