//! Carries out one command: finds the persona that acts, sends the mutation, and keeps in the store what later commands
//! and the receiver need to know.

use anyhow::Context;

use super::outcome::{Completed, Done};
use super::plan::Planner;
use super::settle::{self, Change, Lost, Sighting};
use crate::api::operation::persona as personas;
use crate::api::{Call, Client};
use crate::error::{Error, Kind, kind};
use crate::model::{Chat, ChatMessageInput, Command, Message, Persona, PersonaInput};
use crate::store::{NewSend, Outcome, SendId, Shared, Unwritten, Writer, now};
use crate::terminal::Terminal;

/// Carries out one command.
pub(super) struct Executor<'a> {
    /// The Admin API.
    pub(super) client: &'a Client,
    /// The map of personas, who holds which chat, and the sends; `None` stores nothing and always asks the platform.
    pub(super) store: Option<&'a Shared>,
    /// Where people read what went wrong after the platform had done its part: that must not turn a success into a failure.
    pub(super) terminal: Terminal,
    /// The journal's name for the command, where it has one.
    pub(super) reference: Option<&'a str>,
    /// Whether the command was begun before, and may have taken effect then.
    pub(super) repeated: bool,
}

impl Executor<'_> {
    /// Carries the command out.
    ///
    /// # Errors
    /// Of the client's kinds; a missing value is [`Kind::Usage`], a store that cannot be used [`Kind::Config`].
    pub(super) fn run(&self, command: &Command) -> anyhow::Result<Completed> {
        self.try_run(command).with_context(|| format!("cannot {}", command.describe()))
    }

    fn try_run(&self, command: &Command) -> anyhow::Result<Completed> {
        let mut create = |persona: &PersonaInput| Ok(self.create_persona(persona)?.id);
        let (call, persona_id) = self.planner().prepare(command, &mut create)?;
        let persona_id = persona_id.as_deref();
        let change = |change, chat_id| self.change(&call, change, chat_id, persona_id);
        let (done, settled) = match command {
            Command::AcceptChat { chat_id, .. } => {
                let (chat, settled) = change(Change::Accept, chat_id)?;
                if let Some(persona_id) = persona_id {
                    self.remember(|writer| writer.remember_chat(chat_id, persona_id));
                }
                (Done::Chat(chat), settled)
            }
            Command::CloseChat { chat_id, .. } => {
                let (chat, settled) = change(Change::Close, chat_id)?;
                (Done::Chat(chat), settled)
            }
            Command::OpenChat { chat_id, .. } => {
                let (chat, settled) = change(Change::Open, chat_id)?;
                (Done::Chat(chat), settled)
            }
            Command::SendChatMessage { chat_id, message, .. } => {
                let (sent, settled) = self.send_message(&call, chat_id, message, persona_id)?;
                (Done::Message(sent), settled)
            }
            Command::ApproveSubmission { .. } | Command::RejectSubmission { .. } => {
                (Done::Submission(self.client.call(&call)?), false)
            }
            Command::CreatePersona(persona) => (Done::Persona(self.created(self.client.call(&call)?, persona)), false),
        };
        Ok(Completed { done, settled })
    }

    pub(super) fn planner(&self) -> Planner<'_> {
        Planner { endpoint: self.client.endpoint().as_str(), store: self.store }
    }

    fn create_persona(&self, persona: &PersonaInput) -> anyhow::Result<Persona> {
        Ok(self.created(self.client.call(&personas::create(persona))?, persona))
    }

    /// Stores the persona that the platform answered.
    fn created(&self, created: Persona, persona: &PersonaInput) -> Persona {
        self.remember(|writer| writer.remember_persona(self.client.endpoint().as_str(), &created.id, persona));
        created
    }

    /// Sends one message, and tells whether it took a look into the chat to know that it arrived. The store has the intent
    /// before the request leaves, so that the receiver knows the message for ours even when its webhook is faster than the
    /// answer. `after_text` tells that it is the attachment of a text that was sent.
    pub(super) fn send(
        &self,
        call: &Call,
        chat_id: &str,
        message: &ChatMessageInput,
        persona_id: Option<&str>,
        after_text: bool,
    ) -> anyhow::Result<(Message, bool)> {
        let since = now();
        let record = NewSend {
            chat_id: chat_id.to_owned(),
            message: message.clone(),
            persona_id: persona_id.map(str::to_owned),
            reference: self.reference.map(str::to_owned),
            after_text,
        };
        let intent = self.store.map(|store| store.writer.begin_send(record)).transpose().map_err(nothing_sent)?;
        let again = || self.send_again(intent);
        let look = || match (intent, persona_id) {
            (Some(intent), Some(persona_id)) => self.find(intent, &Lost { chat_id, message, persona_id, since }, false),
            // Without the sends that are known, or the sender, another message might pass for this one.
            _ => Sighting::Unreadable,
        };
        let sent = settle::call::<Message>(self.client, call, true, None, again, look);
        match &sent {
            Ok((sent, _)) => self.finish_send(intent, Outcome::Sent { message_id: sent.id.clone() }),
            Err(error) if kind(error) == Kind::Unknown => self.finish_send(intent, Outcome::Unknown),
            Err(_) => self.finish_send(intent, Outcome::NotSent),
        }
        sent
    }

    /// Changes how a chat stands, and tells whether it took a look at it to know that it does.
    fn change(
        &self,
        call: &Call,
        change: Change,
        chat_id: &str,
        persona_id: Option<&str>,
    ) -> anyhow::Result<(Chat, bool)> {
        let doubt = self.repeated.then(|| cut_off().into());
        settle::call::<Chat>(
            self.client,
            call,
            false,
            doubt,
            || Ok(()),
            || change.find(self.client, chat_id, persona_id),
        )
    }

    /// A request that did not reach the platform is about to be sent once more: what is known of its age must stay true.
    fn send_again(&self, intent: Option<SendId>) -> anyhow::Result<()> {
        match (self.store, intent, self.reference) {
            (Some(store), Some(intent), Some(_)) => store.writer.renew_send(intent).map_err(nothing_sent),
            _ => Ok(()),
        }
    }

    fn finish_send(&self, intent: Option<SendId>, outcome: Outcome) {
        self.remember(|writer| intent.map_or(Ok(()), |intent| writer.finish_send(intent, outcome)));
    }

    /// Looks for the message of a send of which nobody knows what became. Where it has `landed`, nothing of it is on its way
    /// any more, and one that is not seen is forgotten as not sent.
    pub(super) fn find(&self, send: SendId, lost: &Lost<'_>, landed: bool) -> Sighting<Message> {
        let Some(store) = self.store else { return Sighting::Unreadable };
        let sighting = lost.find(self.client, |message_id| store.read().may_be_sent_by(send, message_id));
        match &sighting {
            Sighting::Found(found) => self.finish_send(Some(send), Outcome::Sent { message_id: found.id.clone() }),
            Sighting::Absent if landed => self.finish_send(Some(send), Outcome::NotSent),
            Sighting::Absent | Sighting::Unclear | Sighting::Unreadable => {}
        }
        sighting
    }

    /// Keeps something that the platform has already done.
    pub(super) fn remember(&self, keep: impl FnOnce(&Writer) -> anyhow::Result<()>) {
        if let Some(Err(error)) = self.store.map(|store| keep(&store.writer)) {
            let what = if error.is::<Unwritten>() { "" } else { "the store could not be written: " };
            self.terminal.warn(&format!("done, but {what}{error:#}"));
        }
    }
}

/// Of a command that was begun before.
pub(super) fn cut_off() -> Error {
    Error::new(Kind::Unknown, "it was cut off in flight: it may or may not have taken effect")
        .hint("look at the chat before trying again")
}

fn nothing_sent(error: anyhow::Error) -> anyhow::Error {
    if kind(&error) == Kind::Unknown { error } else { error.context(Error::config("nothing was sent")) }
}
