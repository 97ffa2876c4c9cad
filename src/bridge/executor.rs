//! Carries out one command: finds the persona that acts, sends the mutation, and keeps in the store what later commands
//! and the receiver need to know.

use anyhow::Context;
use serde::Serialize;

use super::parts::Sent;
use super::settle::{self, Change, Lost, Sighting};
use crate::api::{Call, Client, operations};
use crate::error::{Error, Kind, kind};
use crate::model::{Agent, Chat, ChatMessageInput, Command, Message, Persona, PersonaInput, Submission};
use crate::store::{NewSend, Outcome, PersonaKey, SendId, Shared, Unwritten, Writer, now};

/// Stands in a dry run for an id that only the platform can give.
const TO_BE_CREATED: &str = "<the id that createPersona answers>";

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
}

/// Plans commands and carries them out.
pub struct Executor<'a> {
    /// The endpoint that the map of personas belongs to.
    pub endpoint: &'a str,
    /// The map of personas and who holds which chat; `None` stores nothing and always asks the platform.
    pub store: Option<&'a Shared>,
    /// Hears what went wrong after the platform had done its part: that must not turn a success into a failure.
    pub warn: &'a dyn Fn(&str),
    /// The journal's name for the command, where it has one.
    pub reference: Option<&'a str>,
    /// Whether the command was begun before, and may have taken effect then.
    pub repeated: bool,
}

/// A command that took effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Completed {
    /// What the platform answered.
    pub done: Done,
    /// The answer did not tell, and a look at the chat did.
    pub settled: bool,
}

/// The persona that acts.
enum Actor {
    Persona(String),
    ToBeCreated(PersonaInput),
}

impl Executor<'_> {
    /// Carries the command out.
    ///
    /// # Errors
    /// Of the client's kinds; a missing value is [`Kind::Usage`], a store that cannot be used [`Kind::Config`].
    pub fn run(&self, client: &Client, command: &Command) -> anyhow::Result<Completed> {
        self.try_run(client, command).with_context(|| format!("cannot {}", command.describe()))
    }

    fn try_run(&self, client: &Client, command: &Command) -> anyhow::Result<Completed> {
        let mut create = |persona: &PersonaInput| Ok(self.create_persona(client, persona)?.id);
        let (call, persona_id) = self.prepare(command, &mut create)?;
        let persona_id = persona_id.as_deref();
        let change = |change, chat_id| self.change(client, &call, change, chat_id, persona_id);
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
                let (sent, settled) = self.send_message(client, &call, chat_id, message, persona_id)?;
                (Done::Message(sent), settled)
            }
            Command::ApproveSubmission { .. } | Command::RejectSubmission { .. } => {
                (Done::Submission(client.call(&call)?), false)
            }
            Command::CreatePersona(persona) => (Done::Persona(self.created(client.call(&call)?, persona)), false),
        };
        Ok(Completed { done, settled })
    }

    /// The requests that the command would send, in order.
    pub fn plan(&self, command: &Command) -> anyhow::Result<Vec<Call>> {
        let mut calls = Vec::new();
        let mut create = |persona: &PersonaInput| {
            calls.push(operations::create_persona(persona));
            Ok(TO_BE_CREATED.to_owned())
        };
        let (call, _) = self.prepare(command, &mut create)?;
        calls.push(call);
        Ok(calls)
    }

    /// The command's own call, and the persona that acts in it. `create` is asked for a persona that is not known yet.
    fn prepare(
        &self,
        command: &Command,
        create: &mut dyn FnMut(&PersonaInput) -> anyhow::Result<String>,
    ) -> anyhow::Result<(Call, Option<String>)> {
        if let Some(name) = command.empty() {
            return Err(Error::usage(format!("the {name} is empty"))
                .hint("is a variable of the script not set?")
                .into());
        }
        let mut id = |actor: Option<Actor>| match actor {
            None => Ok(None),
            Some(Actor::Persona(id)) => Ok(Some(id)),
            Some(Actor::ToBeCreated(persona)) => create(&persona).map(Some),
        };
        Ok(match command {
            Command::CreatePersona(persona) => (operations::create_persona(persona), None),
            Command::AcceptChat { chat_id, agent } => {
                let persona_id = id(self.actor(agent)?)?.ok_or_else(nobody)?;
                (operations::accept_chat(chat_id, &persona_id), Some(persona_id))
            }
            Command::SendChatMessage { chat_id, message, agent } => {
                check_message(message)?;
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (operations::send_chat_message(chat_id, message, persona_id.as_deref()), persona_id)
            }
            Command::CloseChat { chat_id, agent } => {
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (operations::close_chat(chat_id, persona_id.as_deref()), persona_id)
            }
            Command::OpenChat { chat_id, agent } => {
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (operations::open_chat(chat_id, persona_id.as_deref()), persona_id)
            }
            Command::ApproveSubmission { id } => (operations::approve_submission(id), None),
            Command::RejectSubmission { id } => (operations::reject_submission(id), None),
        })
    }

    fn create_persona(&self, client: &Client, persona: &PersonaInput) -> anyhow::Result<Persona> {
        Ok(self.created(client.call(&operations::create_persona(persona))?, persona))
    }

    /// Stores the persona that the platform answered.
    fn created(&self, created: Persona, persona: &PersonaInput) -> Persona {
        self.remember(|writer| writer.remember_persona(self.endpoint, &created.id, persona));
        created
    }

    /// Sends one message, and tells whether it took a look into the chat to know that it arrived. The store has the intent
    /// before the request leaves, so that the receiver knows the message for ours even when its webhook is faster than the
    /// answer. `after_text` tells that it is the attachment of a text that was sent.
    pub(super) fn send(
        &self,
        client: &Client,
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
                self.find(client, intent, &Lost { chat_id, message, persona_id, since }, false)
            }
            // Without the sends that are known, or the sender, another message might pass for this one.
            _ => Sighting::Unreadable,
        };
        let sent = settle::call::<Message>(client, call, true, None, again, look);
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
        client: &Client,
        call: &Call,
        change: Change,
        chat_id: &str,
        persona_id: Option<&str>,
    ) -> anyhow::Result<(Chat, bool)> {
        let doubt = self.repeated.then(|| cut_off().into());
        settle::call::<Chat>(client, call, false, doubt, || Ok(()), || change.find(client, chat_id, persona_id))
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
    pub(super) fn find(&self, client: &Client, send: SendId, lost: &Lost<'_>, landed: bool) -> Sighting<Message> {
        let Some(store) = self.store else { return Sighting::Unreadable };
        let sighting = lost.find(client, |message_id| store.read().may_be_sent_by(send, message_id));
        match &sighting {
            Sighting::Found(found) => self.finish_send(Some(send), Outcome::Sent { message_id: found.id.clone() }),
            Sighting::Absent if landed => self.finish_send(Some(send), Outcome::NotSent),
            Sighting::Absent | Sighting::Unclear | Sighting::Unreadable => {}
        }
        sighting
    }

    /// The persona that acts in a chat, where that is known without asking the platform.
    pub(super) fn known_persona(&self, chat_id: &str, agent: &Agent) -> anyhow::Result<Option<String>> {
        Ok(match self.actor_of(chat_id, agent)? {
            Some(Actor::Persona(id)) => Some(id),
            Some(Actor::ToBeCreated(_)) | None => None,
        })
    }

    /// Who acts in a chat: whoever is named, else the persona that accepted it.
    fn actor_of(&self, chat_id: &str, agent: &Agent) -> anyhow::Result<Option<Actor>> {
        match (self.actor(agent)?, self.store) {
            (Some(actor), _) => Ok(Some(actor)),
            (None, Some(store)) => Ok(store.read().chat_persona(chat_id)?.map(Actor::Persona)),
            (None, None) => Ok(None),
        }
    }

    /// The persona of an agent, as the platform documents it: in the map, its id; not in the map, or with other details
    /// than there, `createPersona`; without a map, always `createPersona`.
    fn actor(&self, agent: &Agent) -> anyhow::Result<Option<Actor>> {
        if let Some(id) = &agent.persona_id {
            return Ok(Some(Actor::Persona(id.clone())));
        }
        let Some(provider_id) = &agent.provider_id else { return Ok(None) };
        let key = PersonaKey { endpoint: self.endpoint, provider_id };
        let known = self.store.map(|store| store.read().persona(key)).transpose()?.flatten();
        let differs = |given: &Option<String>, known: Option<&String>| given.is_some() && given.as_ref() != known;
        if let Some(known) = &known
            && !differs(&agent.name, Some(&known.name))
            && !differs(&agent.email, known.email.as_ref())
            && !differs(&agent.photo, known.photo.as_ref())
        {
            return Ok(Some(Actor::Persona(known.id.clone())));
        }
        let name = agent.name.clone().or(known.map(|known| known.name)).ok_or_else(|| {
            Error::usage(format!("no persona is known for the agent `{provider_id}`"))
                .hint("give a name (--name) to create one, or the id of one (--persona)")
        })?;
        let (email, photo) = (agent.email.clone(), agent.photo.clone());
        Ok(Some(Actor::ToBeCreated(PersonaInput { provider_id: provider_id.clone(), name, email, photo })))
    }

    /// Keeps something that the platform has already done.
    pub(super) fn remember(&self, keep: impl FnOnce(&Writer) -> anyhow::Result<()>) {
        if let Some(Err(error)) = self.store.map(|store| keep(&store.writer)) {
            let what = if error.is::<Unwritten>() { "" } else { "the store could not be written: " };
            (self.warn)(&format!("done, but {what}{error:#}"));
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

fn nobody() -> Error {
    Error::usage("nobody is named who accepts it").hint("give --persona or --provider-id")
}

fn check_message(message: &ChatMessageInput) -> anyhow::Result<()> {
    let empty = |value: &Option<String>| value.as_ref().is_none_or(String::is_empty);
    if empty(&message.text) && empty(&message.attachment) {
        return Err(Error::usage("the message is empty").hint("give a text, an attachment, or both").into());
    }
    if let Some(link) = &message.attachment {
        let absolute =
            url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !absolute {
            return Err(Error::usage(format!("`{link}` is no link to an attachment"))
                .hint("an attachment is an absolute http or https link that the end user's browser can open")
                .into());
        }
    }
    Ok(())
}
