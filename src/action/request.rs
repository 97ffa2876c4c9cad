//! A request: a command from a command line, or from a line of a batch or a bridge, and its `ref`.

use super::order::Hold;
use crate::model::Command;

/// A command, and the `ref` that the caller gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The caller's own name for it, by which a journal knows it.
    pub reference: Option<String>,
    /// What to do.
    pub command: Command,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self { reference: None, command }
    }
}

/// The keys that order commands: two commands with the same key wait for each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Commands on one chat run in the order given.
    Chat(String),
    /// A command that names an agent waits until that agent's persona is created.
    Agent(String),
    /// Two requests of one reference: the second waits for the first.
    Reference(String),
}

impl Request {
    /// The keys of the request, and how it holds them.
    pub(super) fn keys(&self) -> Vec<(Key, Hold)> {
        let mut keys: Vec<_> = self.reference.iter().map(|it| (Key::Reference(it.clone()), Hold::Exclusive)).collect();
        if let Command::CreatePersona(persona) = &self.command {
            keys.push((Key::Agent(persona.provider_id.clone()), Hold::Exclusive));
        }
        if let Some((chat_id, agent)) = self.command.chat_and_agent() {
            keys.push((Key::Chat(chat_id.to_owned()), Hold::Exclusive));
            keys.extend(agent.provider_id.iter().map(|id| (Key::Agent(id.clone()), Hold::Shared)));
        }
        keys
    }
}
