//! Carries out one command: finds the persona that acts, sends the mutation, and keeps in the store what later commands
//! and the receiver need to know.

use anyhow::Context;

use super::outcome::{Completed, Done};
use super::plan::{CommandEffect, Planner};
use super::settle::{self, Change, LookResult, LostSend};
use crate::api::operation::persona as personas;
use crate::api::{Call, Client};
use crate::error::{Error, Kind, kind};
use crate::model::{Chat, ChatMessageInput, Command, Message, Persona, PersonaInput};
use crate::store::{NewSend, SendId, SendOutcome, SharedStore, Unwritten, Writer, now};
use crate::terminal::Terminal;

/// Carries out one command.
pub(super) struct Executor<'a> {
    /// The Admin API.
    pub(super) client: &'a Client,
    /// The map of personas, who holds which chat, and the sends; `None` stores nothing and always asks the platform.
    pub(super) store: Option<&'a SharedStore>,
    /// Where warnings go. What fails after the platform has done its part is a warning, and the command is still a success.
    pub(super) terminal: Terminal,
    /// The journal's name for the command, where it has one.
    pub(super) reference: Option<&'a str>,
    /// When an earlier process began the command, in milliseconds since the Unix epoch. It may have taken effect since.
    pub(super) begun_at: Option<i64>,
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
        let (done, settled) = match CommandEffect::of(command) {
            CommandEffect::Persona(persona) => (Done::Persona(self.created(self.client.call(&call)?, persona)), false),
            CommandEffect::Chat(chat_id, change) => {
                let (chat, settled) = self.change(&call, change, chat_id, persona_id)?;
                if let (Change::Accept, Some(persona_id)) = (change, persona_id) {
                    self.remember(|writer| writer.remember_chat(chat_id, persona_id));
                }
                (Done::Chat(chat), settled)
            }
            CommandEffect::Message(chat_id, message) => {
                let (sent, settled) = self.send_message(&call, chat_id, message, persona_id)?;
                (Done::Message(sent), settled)
            }
            CommandEffect::Submission => (Done::Submission(self.client.call(&call)?), false),
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

    /// Sends one message. The flag that is returned says whether a look at the chat was needed to know that it arrived. The send is
    /// stored before the request leaves, so that the message is known as our own even if its webhook comes before the answer.
    /// `after_text` is set for an attachment whose text was sent before.
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
            (Some(intent), Some(persona_id)) => {
                self.find(intent, &LostSend { chat_id, message, persona_id, since }, false)
            }
            // Without the known sends, or without the sender, another message could be taken for this one.
            _ => LookResult::Unreadable,
        };
        let sent =
            self.check_send(intent).and_then(|()| settle::call::<Message>(self.client, call, true, None, again, look));
        match &sent {
            Ok((sent, _)) => self.finish_send(intent, SendOutcome::Sent { message_id: sent.id.clone() }),
            Err(error) if kind(error) == Kind::Unknown => self.finish_send(intent, SendOutcome::Unknown),
            Err(_) => self.finish_send(intent, SendOutcome::NotSent),
        }
        sent
    }

    /// Changes the status of a chat. The flag that is returned says whether a look at the chat was needed to know that it changed.
    fn change(
        &self,
        call: &Call,
        change: Change,
        chat_id: &str,
        persona_id: Option<&str>,
    ) -> anyhow::Result<(Chat, bool)> {
        let doubt = self.begun_at.map(|_| cut_off().into());
        let since = self.begun_at.unwrap_or_else(now);
        let look = || self.find_change(change, chat_id, persona_id, since);
        settle::call::<Chat>(self.client, call, false, doubt, || Ok(()), look)
    }

    /// Looks whether a change that was begun then has taken effect. It may have been undone meanwhile: the chat does not show that,
    /// but the inbox may have the event of it.
    pub(super) fn find_change(
        &self,
        change: Change,
        chat_id: &str,
        persona_id: Option<&str>,
        since: i64,
    ) -> LookResult<Chat> {
        match change.find(self.client, chat_id, persona_id, since) {
            LookResult::Absent => {
                let seen = |store: &SharedStore| store.read().has_event_since(chat_id, change.event(), since);
                match self.store.map(seen) {
                    None | Some(Ok(false)) => LookResult::Absent,
                    Some(_) => LookResult::Unclear,
                }
            }
            look_result => look_result,
        }
    }

    /// Records that a request which did not reach the platform is sent again, so that the age of the send stays correct.
    fn send_again(&self, intent: Option<SendId>) -> anyhow::Result<()> {
        match (self.store, intent, self.reference) {
            (Some(store), Some(intent), Some(_)) => store.writer.renew_send(intent).map_err(nothing_sent),
            _ => Ok(()),
        }
    }

    /// Makes sure, right before the first request, that no other process has taken the send over.
    fn check_send(&self, intent: Option<SendId>) -> anyhow::Result<()> {
        match (self.store, intent, self.reference) {
            (Some(store), Some(intent), Some(_)) => store.read().check_send(intent).map_err(nothing_sent),
            _ => Ok(()),
        }
    }

    fn finish_send(&self, intent: Option<SendId>, outcome: SendOutcome) {
        self.remember(|writer| intent.map_or(Ok(()), |intent| writer.finish_send(intent, outcome)));
    }

    /// Looks for the message of an unknown send. If it has `landed`, nothing of it is on its way any more: a message that is not
    /// seen then was not sent.
    pub(super) fn find(&self, send: SendId, lost: &LostSend<'_>, landed: bool) -> LookResult<Message> {
        let Some(store) = self.store else { return LookResult::Unreadable };
        let look_result = lost.find(self.client, |message_id| store.read().may_be_sent_by(send, message_id));
        match &look_result {
            LookResult::Found(found) => {
                self.finish_send(Some(send), SendOutcome::Sent { message_id: found.id.clone() });
            }
            LookResult::Absent if landed => self.finish_send(Some(send), SendOutcome::NotSent),
            LookResult::Absent | LookResult::Unclear | LookResult::Unreadable => {}
        }
        look_result
    }

    /// Stores something that the platform has done already. A failure is only a warning.
    pub(super) fn remember(&self, keep: impl FnOnce(&Writer) -> anyhow::Result<()>) {
        if let Some(Err(error)) = self.store.map(|store| keep(&store.writer)) {
            let what = if error.is::<Unwritten>() { "" } else { "the store could not be written: " };
            self.terminal.warn(&format!("done, but {what}{error:#}"));
        }
    }
}

/// The error of a command that an earlier process began, and of which nothing more is known.
pub(super) fn cut_off() -> Error {
    Error::new(Kind::Unknown, "it was cut off in flight: it may or may not have taken effect")
        .hint("look at the chat before trying again")
}

fn nothing_sent(error: anyhow::Error) -> anyhow::Error {
    if kind(&error) == Kind::Unknown { error } else { error.context(Error::config("nothing was sent")) }
}
