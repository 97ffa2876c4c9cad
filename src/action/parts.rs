//! A text and an attachment in one command. They are sent as one message. If the platform takes only one of them at a time, it
//! refuses that message and sends nothing. Then two messages are sent, the text first, and the command has one result.
//!
//! So one `ref` of the journal may have two sends. The send of the attachment begins only when the text's message is known. The
//! sends show at any time what was sent: a command that was interrupted goes on from there, and never sends the text again.

use serde::Serialize;

use super::executor::{Executor, cut_off};
use crate::api::Call;
use crate::api::operation::chat;
use crate::error::{Error, Kind, Report, during_execution, kind};
use crate::model::{ChatMessageInput, Message};
use crate::store::BegunSend;

/// What was sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sent {
    /// The message, or the last one where there are two.
    #[serde(flatten)]
    pub message: Message,
    /// The two messages of a text and an attachment; empty where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Message>,
}

impl From<Message> for Sent {
    fn from(message: Message) -> Self {
        Self { message, parts: Vec::new() }
    }
}

impl Executor<'_> {
    /// Sends a message, or two if the platform takes a text or an attachment. The flag that is returned says whether a look at the
    /// chat was needed to know that it arrived.
    pub(super) fn send_message(
        &self,
        call: &Call,
        chat_id: &str,
        message: &ChatMessageInput,
        persona_id: Option<&str>,
    ) -> anyhow::Result<(Sent, bool)> {
        let part = |part: &ChatMessageInput, after_text| {
            let call = chat::send(chat_id, part, persona_id);
            self.send(&call, chat_id, part, persona_id, after_text)
        };
        let (text, settled) = match self.text_sent_before(message)? {
            Some(text) => (text, true),
            None => match self.send(call, chat_id, message, persona_id, false) {
                Err(error) if wants_one_at_a_time(message, &error) => {
                    self.client.notice("the platform takes a text or an attachment, so two messages are sent");
                    part(&ChatMessageInput { attachment: None, ..message.clone() }, false)?
                }
                sent => return sent.map(|(message, settled)| (message.into(), settled)),
            },
        };
        let attachment = ChatMessageInput { text: None, attachment: message.attachment.clone() };
        match part(&attachment, true) {
            Ok((message, looked)) => {
                let parts = vec![text, message.clone()];
                Ok((Sent { message, parts }, settled || looked))
            }
            Err(error) => Err(half_sent(&text, error)),
        }
    }

    /// The text of a command that was begun before and sent that much.
    fn text_sent_before(&self, message: &ChatMessageInput) -> anyhow::Result<Option<Message>> {
        let (Some(store), Some(reference), true) = (self.store, self.reference, self.begun_at.is_some()) else {
            return Ok(None);
        };
        match store.read().sends_of_command(reference)?.as_slice() {
            [] => Ok(None),
            [text] if is_text_of(&text.message, message) => known(text).map(Some).ok_or_else(|| cut_off().into()),
            _ => Err(cut_off().into()),
        }
    }
}

/// Whether this is the text of a message that has an attachment too.
pub(super) fn is_text_of(text: &ChatMessageInput, message: &ChatMessageInput) -> bool {
    text.attachment.is_none() && message.attachment.is_some() && text.text == message.text
}

/// What a command has sent. `last` is the message of its last send.
pub(super) fn after(begun: &[BegunSend], last: Message) -> Sent {
    let mut parts: Vec<_> = begun.iter().rev().skip(1).filter_map(known).collect();
    if !parts.is_empty() {
        parts.push(last.clone());
    }
    Sent { message: last, parts }
}

fn known(send: &BegunSend) -> Option<Message> {
    let id = send.message_id.clone().filter(|id| !id.is_empty())?;
    let ChatMessageInput { text, attachment } = send.message.clone();
    Some(Message { id, text, attachment, created_at: None, author: None })
}

/// Whether a message was refused because it has a text and an attachment. A refusal sends nothing. But one for another reason, such
/// as the link, would come again after the text was sent.
fn wants_one_at_a_time(message: &ChatMessageInput, error: &anyhow::Error) -> bool {
    let has_text = message.text.as_ref().is_some_and(|text| !text.is_empty());
    if !has_text || message.attachment.is_none() || kind(error) != Kind::Refused {
        return false;
    }
    let Report { code, message, .. } = Report::from(error);
    let said = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // An error that was raised during execution may come after an effect, unless its code says what it is.
    if code.as_deref() == Some("TEXT_AND_ATTACHMENT") || during_execution(error) {
        return code.as_deref() == Some("TEXT_AND_ATTACHMENT");
    }
    says(&["oneof"])
        || (says(&["text"])
            && says(&["attachment"])
            && says(&["either", "both", "only one", "exactly one", "at a time", "exclusive"]))
}

/// An error after the text was sent. Without a journal, repeating the command would send the text again, so every error but a
/// refusal becomes "unknown".
fn half_sent(text: &Message, error: anyhow::Error) -> anyhow::Error {
    let told = format!("its text was sent as message `{}`", text.id);
    if kind(&error) == Kind::Refused {
        return error.context(format!("{told}, its attachment was not"));
    }
    let unknown = Error::new(Kind::Unknown, format!("{told}, its attachment may not have been"));
    error.context(unknown.hint("look at the chat, and send the attachment alone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_both_together_is_a_reason_to_send_two_messages() {
        let both = ChatMessageInput { text: Some("Hi".into()), attachment: Some("https://example.com/a".into()) };
        let wants = |kind, words: &str| wants_one_at_a_time(&both, &Error::new(kind, words).into());
        for words in [
            "the platform refused: a message is either a `text` or an `attachment`, not both",
            "the platform refused: Only one of text, attachment may be given",
            "the platform refused: Exactly one key must be specified for OneOf type \"ChatMessageInput\".",
        ] {
            assert!(wants(Kind::Refused, words), "{words}");
            assert!(!wants(Kind::Unknown, words), "{words}");
        }
        for words in [
            "the platform refused: `attachment` is not a URL",
            "the platform refused: the chat is closed",
            "the platform refused: the content type of the attachment must be one of image/png, text/plain",
        ] {
            assert!(!wants(Kind::Refused, words), "{words}");
        }
        let coded = Error::new(Kind::Refused, "no").code(Some("TEXT_AND_ATTACHMENT".into())).into();
        assert!(wants_one_at_a_time(&both, &coded));
        let text = ChatMessageInput { attachment: None, ..both };
        assert!(!wants_one_at_a_time(&text, &coded));
    }
}
