//! The commands for the platform: one value for each mutation, from a command line or a line of JSON.

use serde::{Deserialize, Serialize};
use serde_with_macros::skip_serializing_none;

use super::{ChatMessageInput, PersonaInput};

/// Who acts: a persona, or the agent behind it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// The persona's id at the platform.
    pub persona_id: Option<String>,
    /// The agent's id in the company's own system.
    pub provider_id: Option<String>,
    /// The name of an agent who has no persona yet, or another name.
    pub name: Option<String>,
    /// The agent's e-mail address.
    pub email: Option<String>,
    /// A link to the agent's picture.
    pub photo: Option<String>,
}

/// One mutation, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// Creates an agent's persona, or updates it.
    CreatePersona(PersonaInput),
    /// Accepts a chat as an agent.
    AcceptChat {
        /// The chat.
        chat_id: String,
        /// Who accepts it.
        #[serde(flatten)]
        agent: Agent,
    },
    /// Sends a message.
    SendChatMessage {
        /// The chat.
        chat_id: String,
        /// What to send.
        #[serde(flatten)]
        message: ChatMessageInput,
        /// Who sends it; the persona that accepted the chat where nobody is named.
        #[serde(flatten)]
        agent: Agent,
    },
    /// Closes a chat.
    CloseChat {
        /// The chat.
        chat_id: String,
        /// Who closes it; the persona that accepted the chat where nobody is named.
        #[serde(flatten)]
        agent: Agent,
    },
    /// Opens a closed chat again.
    OpenChat {
        /// The chat.
        chat_id: String,
        /// Who opens it; the persona that accepted the chat where nobody is named.
        #[serde(flatten)]
        agent: Agent,
    },
    /// Approves a submission.
    ApproveSubmission {
        /// The submission.
        id: String,
    },
    /// Rejects a submission.
    RejectSubmission {
        /// The submission.
        id: String,
    },
}

impl Command {
    /// The mutations by name, each with its own fields: those that it needs, and others. Where it needs a `chatId`, the fields of
    /// an [`Agent`] may come with it.
    pub const FIELDS: [(&str, &[&str], &[&str]); 7] = [
        ("createPersona", &["providerId", "name"], &["email", "photo"]),
        ("acceptChat", &["chatId"], &[]),
        ("sendChatMessage", &["chatId"], &["text", "attachment"]),
        ("closeChat", &["chatId"], &[]),
        ("openChat", &["chatId"], &[]),
        ("approveSubmission", &["id"], &[]),
        ("rejectSubmission", &["id"], &[]),
    ];

    /// The mutation's name.
    pub fn op(&self) -> &'static str {
        match self {
            Self::CreatePersona(_) => "createPersona",
            Self::AcceptChat { .. } => "acceptChat",
            Self::SendChatMessage { .. } => "sendChatMessage",
            Self::CloseChat { .. } => "closeChat",
            Self::OpenChat { .. } => "openChat",
            Self::ApproveSubmission { .. } => "approveSubmission",
            Self::RejectSubmission { .. } => "rejectSubmission",
        }
    }

    /// The chat that it is about.
    pub fn chat_id(&self) -> Option<&str> {
        self.chat_and_agent().map(|(chat_id, _)| chat_id)
    }

    /// The chat that it is about, and who acts in it.
    pub fn chat_and_agent(&self) -> Option<(&str, &Agent)> {
        match self {
            Self::AcceptChat { chat_id, agent }
            | Self::SendChatMessage { chat_id, agent, .. }
            | Self::CloseChat { chat_id, agent }
            | Self::OpenChat { chat_id, agent } => Some((chat_id, agent)),
            Self::CreatePersona(_) | Self::ApproveSubmission { .. } | Self::RejectSubmission { .. } => None,
        }
    }

    /// The name or id that is empty, if one is.
    pub fn empty(&self) -> Option<&'static str> {
        let agent = |agent: &Agent| {
            let Agent { persona_id, provider_id, name, .. } = agent;
            let given = [("persona's id", persona_id), ("provider id", provider_id), ("name", name)];
            given.into_iter().find(|(_, value)| value.as_deref() == Some("")).map(|(name, _)| name)
        };
        let id = |name, id: &String| id.is_empty().then_some(name);
        match self {
            Self::CreatePersona(PersonaInput { provider_id, name, .. }) => {
                id("provider id", provider_id).or_else(|| id("name", name))
            }
            Self::AcceptChat { chat_id, agent: who }
            | Self::SendChatMessage { chat_id, agent: who, .. }
            | Self::CloseChat { chat_id, agent: who }
            | Self::OpenChat { chat_id, agent: who } => id("chat's id", chat_id).or_else(|| agent(who)),
            Self::ApproveSubmission { id: submission } | Self::RejectSubmission { id: submission } => {
                id("submission's id", submission)
            }
        }
    }

    /// What the command would do, for the beginning of an error: ``close chat `c-1` ``.
    pub fn describe(&self) -> String {
        match self {
            Self::CreatePersona(persona) => format!("create the persona of `{}`", persona.provider_id),
            Self::AcceptChat { chat_id, .. } => format!("accept chat `{chat_id}`"),
            Self::SendChatMessage { chat_id, .. } => format!("send to chat `{chat_id}`"),
            Self::CloseChat { chat_id, .. } => format!("close chat `{chat_id}`"),
            Self::OpenChat { chat_id, .. } => format!("open chat `{chat_id}`"),
            Self::ApproveSubmission { id } => format!("approve submission `{id}`"),
            Self::RejectSubmission { id } => format!("reject submission `{id}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_interface_are_commands() {
        let agent = Agent { provider_id: Some("agent-42".into()), name: Some("Ada".into()), ..Agent::default() };
        let persona = PersonaInput { provider_id: "agent-42".into(), name: "Ada".into(), email: None, photo: None };
        let chat_id = || "c-1".to_owned();
        let text = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
        for (line, expected) in [
            (
                r#"{"ref":"1","op":"createPersona","providerId":"agent-42","name":"Ada"}"#,
                Command::CreatePersona(persona),
            ),
            (
                r#"{"ref":"2","op":"acceptChat","chatId":"c-1","providerId":"agent-42","name":"Ada"}"#,
                Command::AcceptChat { chat_id: chat_id(), agent },
            ),
            (
                r#"{"ref":"3","op":"sendChatMessage","chatId":"c-1","text":"Hello!"}"#,
                Command::SendChatMessage { chat_id: chat_id(), message: text, agent: Agent::default() },
            ),
            (
                r#"{"ref":"5","op":"closeChat","chatId":"c-1"}"#,
                Command::CloseChat { chat_id: chat_id(), agent: Agent::default() },
            ),
            (
                r#"{"ref":"6","op":"openChat","chatId":"c-1"}"#,
                Command::OpenChat { chat_id: chat_id(), agent: Agent::default() },
            ),
        ] {
            assert_eq!(serde_json::from_str::<Command>(line).unwrap(), expected, "{line}");
            assert!(line.contains(&format!(r#""op":"{}""#, expected.op())), "{line}");
        }
    }

    #[test]
    fn every_mutation_has_its_fields_and_is_described() {
        let ops = Command::FIELDS.map(|(op, ..)| op);
        let error = serde_json::from_str::<Command>(r#"{"op":"?"}"#).unwrap_err().to_string();
        assert!(error.contains(&ops.map(|op| format!("`{op}`")).join(", ")), "{error}");
        let schema = include_str!("../../docs/schema/command.schema.json");
        let help = include_str!("../command/help/lines.txt");
        for op in ops {
            assert!(schema.contains(&format!("\"{op}\"")) && help.contains(&format!("\n  {op} ")), "{op}");
        }
    }
}
