//! The requests that a command takes, and the persona that acts in it.

use super::settle::Change;
use crate::api::Call;
use crate::api::operation::{chat, persona, submission};
use crate::error::Error;
use crate::model::{Agent, ChatMessageInput, Command, PersonaInput};
use crate::store::{PersonaKey, SharedStore};

/// Stands in a dry run for an id that only the platform can give.
const TO_BE_CREATED: &str = "<the id that createPersona answers>";

/// Plans the requests of commands. It knows the personas of agents that the store has.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// The endpoint that the map of personas belongs to.
    pub endpoint: &'a str,
    /// The map of personas, and which persona accepted which chat; without it, the platform is always asked.
    pub store: Option<&'a SharedStore>,
}

/// What a command brings about at the platform: what is kept of the answer, and how a look can tell whether it took effect.
#[derive(Clone, Copy)]
pub(super) enum CommandEffect<'a> {
    /// An agent has a persona. The platform answers the same persona each time, so the command can be repeated.
    Persona(&'a PersonaInput),
    /// This chat has another status, which a look at the chat shows.
    Chat(&'a str, Change),
    /// This chat has another message, which a look at the chat shows.
    Message(&'a str, &'a ChatMessageInput),
    /// A submission is reviewed. Nothing shows it.
    Submission,
}

impl<'a> CommandEffect<'a> {
    /// The effect of this command.
    pub(super) fn of(command: &'a Command) -> Self {
        match command {
            Command::CreatePersona(persona) => Self::Persona(persona),
            Command::AcceptChat { chat_id, .. } => Self::Chat(chat_id, Change::Accept),
            Command::SendChatMessage { chat_id, message, .. } => Self::Message(chat_id, message),
            Command::CloseChat { chat_id, .. } => Self::Chat(chat_id, Change::Close),
            Command::OpenChat { chat_id, .. } => Self::Chat(chat_id, Change::Open),
            Command::ApproveSubmission { .. } | Command::RejectSubmission { .. } => Self::Submission,
        }
    }
}

/// The persona that acts.
enum Actor {
    Persona(String),
    ToBeCreated(PersonaInput),
}

impl Planner<'_> {
    /// The requests that the command would send, in order.
    ///
    /// # Errors
    /// A missing value is [`crate::error::Kind::Usage`], a store that cannot be used [`crate::error::Kind::Config`].
    pub fn plan(&self, command: &Command) -> anyhow::Result<Vec<Call>> {
        let mut calls = Vec::new();
        let mut create = |persona: &PersonaInput| {
            calls.push(persona::create(persona));
            Ok(TO_BE_CREATED.to_owned())
        };
        let (call, _) = self.prepare(command, &mut create)?;
        calls.push(call);
        Ok(calls)
    }

    /// The command's own call, and the persona that acts in it. `create` is called for a persona that is not known yet.
    pub(super) fn prepare(
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
            Command::CreatePersona(persona) => (persona::create(persona), None),
            Command::AcceptChat { chat_id, agent } => {
                let persona_id = id(self.actor(agent)?)?.ok_or_else(no_persona)?;
                (chat::accept(chat_id, &persona_id), Some(persona_id))
            }
            Command::SendChatMessage { chat_id, message, agent } => {
                check_message(message)?;
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (chat::send(chat_id, message, persona_id.as_deref()), persona_id)
            }
            Command::CloseChat { chat_id, agent } => {
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (chat::close(chat_id, persona_id.as_deref()), persona_id)
            }
            Command::OpenChat { chat_id, agent } => {
                let persona_id = id(self.actor_of(chat_id, agent)?)?;
                (chat::open(chat_id, persona_id.as_deref()), persona_id)
            }
            Command::ApproveSubmission { id } => (submission::approve(id), None),
            Command::RejectSubmission { id } => (submission::reject(id), None),
        })
    }

    /// The persona that acts in the command's chat, where that is known without asking the platform.
    pub(super) fn known_persona(&self, command: &Command) -> anyhow::Result<Option<String>> {
        let Some((chat_id, agent)) = command.chat_and_agent() else { return Ok(None) };
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
}

fn no_persona() -> Error {
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
