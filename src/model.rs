//! The platform's things, as plain data. Each has one type, so that the platform's answers, result lines and printed output have
//! the same keys. Nothing here touches a disk, a network or a terminal.
//!
//! Keys are the platform's own (camelCase). Only what identifies a thing is required when it is read: the rest may be
//! absent or null, because the live platform may not know a field, and a field without a value is left out when written.

mod command;
mod event;
pub mod headers;
pub mod json;
mod line;
pub mod text;

pub use command::{Agent, Command};
pub(crate) use event::rfc3339;
pub use event::{Delivery, Event, EventKind, MessageFacts, Reply, Stored, is_same_event, minify, spellings};
pub use line::LineFormat;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_with_macros::skip_serializing_none;

/// An agent of the company, as the end user sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Persona {
    /// The platform's id, which accepts chats and sends messages.
    pub id: String,
    /// The agent's unique id in the company's own system.
    pub provider_id: Option<String>,
    /// The name shown to the end user.
    pub name: Option<String>,
    /// The agent's e-mail address.
    pub email: Option<String>,
    /// The URL of a picture.
    pub photo: Option<String>,
}

/// What a persona is made of. The platform answers the same `provider_id` with the same persona, and updates the rest.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonaInput {
    /// The agent's unique id in the company's own system.
    pub provider_id: String,
    /// The name to show to the end user.
    pub name: String,
    /// The agent's e-mail address.
    pub email: Option<String>,
    /// The URL of a picture.
    pub photo: Option<String>,
}

/// One conversation with an end user.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    /// The platform's id.
    pub id: String,
    /// Where the chat is in its life, in the platform's own word.
    pub status: Option<String>,
    /// What the end user asked at the beginning.
    pub question: Option<String>,
    /// The end user's rating; its range, and whether it is a whole number, are not documented.
    pub rating: Option<Number>,
    /// Milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Milliseconds since the Unix epoch.
    pub closed_at: Option<i64>,
    /// Who answers.
    pub expert: Option<Expert>,
    /// Who asks.
    pub user: Option<User>,
    /// The subject that the chat was filed under.
    pub category: Option<Category>,
    /// The messages so far, oldest first; `None` where they were not asked for.
    pub messages: Option<Vec<Message>>,
}

/// Where a chat is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Offered to experts, and not accepted.
    Assigned,
    /// Accepted, or opened again.
    Open,
    /// Resolved.
    Closed,
    /// Rated by the end user, which is final.
    Rated,
}

impl Chat {
    /// Where the chat is in its life; `None` if the platform does not say, or uses an unknown word. Except for `rated`, the words
    /// are assumed.
    pub fn stage(&self) -> Option<Stage> {
        match self.status.as_deref()?.to_ascii_lowercase().as_str() {
            "assigned" | "reassigned" => Some(Stage::Assigned),
            "opened" | "open" | "reopened" | "accepted" => Some(Stage::Open),
            "closed" | "resolved" => Some(Stage::Closed),
            "rated" => Some(Stage::Rated),
            _ => None,
        }
    }
}

/// One message of a chat: plain text, a link to an attachment, or both.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The platform's id.
    pub id: String,
    /// The plain text.
    pub text: Option<String>,
    /// The attachment's URL.
    pub attachment: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub created_at: Option<i64>,
    /// Who wrote it.
    pub author: Option<Author>,
}

/// For people: who says what, on one line.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let author = self.author.as_ref().and_then(|author| author.name.as_deref().or(author.id.as_deref()));
        let content: Vec<_> = [&self.text, &self.attachment].into_iter().flatten().map(String::as_str).collect();
        write!(f, "{}: {}", text::visible(author.unwrap_or("?")), text::visible(&content.join(" ")))
    }
}

/// What a message to be sent holds.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageInput {
    /// The plain text.
    pub text: Option<String>,
    /// The attachment's URL.
    pub attachment: Option<String>,
}

/// Who wrote a message: a persona, an expert or the end user.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// The id of the persona, the expert or the end user.
    pub id: Option<String>,
    /// The name shown in the chat.
    pub name: Option<String>,
}

/// The end user of a chat.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The name that the end user gave.
    pub name: Option<String>,
    /// The e-mail address that the end user gave.
    pub email: Option<String>,
}

/// The id of the expert that the chats of this API are offered to, and that stands for all personas.
pub const SERVICE_ACCOUNT: &str = "api";

/// A member of the partner's community who answers chats; the [service account](SERVICE_ACCOUNT) of this API is one.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expert {
    /// The platform's id.
    pub id: String,
    /// The name shown to the end user.
    pub name: Option<String>,
    /// The expert's e-mail address.
    pub email: Option<String>,
}

/// The subject that a chat is filed under.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// The platform's id.
    pub id: Option<String>,
    /// The subject's name.
    pub name: Option<String>,
}

/// An end user's answer that awaits the partner's review.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The platform's id.
    pub id: String,
    /// Where the review is, in the platform's own word.
    pub status: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub reviewed_at: Option<i64>,
}

/// The company that the access token belongs to.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// The platform's id.
    pub id: String,
    /// Its state now.
    pub state: Option<PartnerState>,
}

/// The state of a partner now.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerState {
    /// Of its chats.
    pub chat: Option<PartnerStateChat>,
}

/// The state of a partner's chats now.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerStateChat {
    /// Whether end users can start new chats.
    pub is_available: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_unknown_null_or_absent_is_tolerated_and_left_out_again() {
        let chat: Chat = serde_json::from_str(r#"{"id":"c-1","question":null,"closedAt":5,"mood":"fine"}"#).unwrap();
        assert_eq!(serde_json::to_string(&chat).unwrap(), r#"{"id":"c-1","closedAt":5}"#);
    }

    #[test]
    fn a_chat_without_messages_differs_from_one_whose_messages_were_not_asked_for() {
        let json = r#"{"id":"c-1","rating":4.5,"messages":[]}"#;
        let chat: Chat = serde_json::from_str(json).unwrap();
        assert_eq!(chat.messages, Some(vec![]));
        assert_eq!(serde_json::to_string(&chat).unwrap(), json);
    }

    #[test]
    fn a_chat_without_id_is_not_a_chat() {
        assert!(serde_json::from_str::<Chat>(r#"{"status":"opened"}"#).is_err());
    }
}
