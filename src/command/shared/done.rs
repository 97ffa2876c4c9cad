//! What a mutation answered, as it is shown.

use std::fmt;

use serde::Serialize;

use crate::bridge::{Completed, Done};
use crate::model::{Chat, Message};
use crate::output::visible;

/// The result of every command that carries out a mutation.
#[derive(Serialize)]
pub(crate) struct View {
    #[serde(flatten)]
    done: Done,
    /// The answer did not tell, and a look at the chat did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    settled: bool,
}

impl From<Completed> for View {
    fn from(Completed { done, settled }: Completed) -> Self {
        Self { done, settled }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.done {
            Done::Persona(persona) => write!(f, "{}", visible(&persona.id)),
            Done::Chat(chat) => write_chat(f, chat),
            Done::Message(sent) => write!(f, "{}", visible(&sent.message.id)),
            Done::Submission(submission) => {
                let status = submission.status.as_deref().unwrap_or("reviewed");
                write!(f, "{}: {}", visible(&submission.id), visible(status))
            }
        }
    }
}

fn write_chat(f: &mut fmt::Formatter<'_>, chat: &Chat) -> fmt::Result {
    write!(f, "{}", visible(&chat.id))?;
    if let Some(status) = &chat.status {
        write!(f, "  {}", visible(status))?;
    }
    if let Some(name) = chat.user.as_ref().and_then(|user| user.name.as_deref()) {
        write!(f, "  {}", visible(name))?;
    }
    writeln!(f)?;
    chat.messages.iter().flatten().try_for_each(|message| write_message(f, message))
}

/// A message in a line of its own.
pub(crate) fn write_message(f: &mut fmt::Formatter<'_>, message: &Message) -> fmt::Result {
    let author = message.author.as_ref().and_then(|author| author.name.as_deref().or(author.id.as_deref()));
    let content: Vec<_> = [&message.text, &message.attachment].into_iter().flatten().map(String::as_str).collect();
    writeln!(f, "{}: {}", visible(author.unwrap_or("?")), visible(&content.join(" ")))
}
