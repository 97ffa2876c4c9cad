//! Carries out requests and says honestly what came of each: done, failed, unknown, or done before.

use std::time::Duration;

use anyhow::{Context, anyhow};
use sha2::{Digest, Sha256};

use super::executor::{Completed, Done, Executor, cut_off};
use super::line::{Outcome, Request};
use super::parts;
use super::settle::{Change, Lost, Sighting};
use crate::api::Client;
use crate::error::Error;
use crate::model::Command;
use crate::store::{Entry, Shared};

/// One of several workers.
pub struct Worker {
    /// The Admin API.
    pub client: Client,
    /// The map of personas, the sends and the journal.
    pub store: Shared,
    /// Whether references are kept, so that they may be repeated.
    pub journal: bool,
    /// After how long nothing of a request can take effect any more, by the user's word; `None` where nobody gave it.
    pub settle_after: Option<Duration>,
    /// Hears what went wrong after the platform had done its part.
    pub warn: Box<dyn Fn(&str) + Send>,
}

impl Worker {
    /// Carries out a request.
    pub fn run(&self, request: &Request) -> Outcome {
        let result = match &request.reference {
            _ if !self.journal => self.carry_out(request, None, false),
            Some(reference) => self.carry_out_once(request, reference),
            None => Err(Error::usage("with --journal every command needs a `ref`").into()),
        };
        result.unwrap_or_else(|error| Outcome::failed(&error))
    }

    fn carry_out(&self, request: &Request, reference: Option<&str>, repeated: bool) -> anyhow::Result<Outcome> {
        let executor = Executor { repeated, ..self.executor(reference) };
        Ok(Outcome::completed(&executor.run(&self.client, &request.command)?))
    }

    /// Carries out a request unless its reference was carried out before.
    fn carry_out_once(&self, request: &Request, reference: &str) -> anyhow::Result<Outcome> {
        let mut repeated = false;
        match self.enter(request, reference).context(Error::config("nothing was sent"))? {
            Entry::New => {}
            Entry::Done(outcome) => {
                let outcome = serde_json::from_str(&outcome).context("the journal's outcome cannot be read")?;
                return Ok(Outcome { replayed: true, ..outcome });
            }
            Entry::Other => {
                let message = format!("the ref `{reference}` belongs to another command");
                return Err(Error::usage(message).hint("a ref names one command, at one endpoint, for ever").into());
            }
            Entry::Open => {
                if let Some(outcome) = self.resume(request, reference)? {
                    return Ok(outcome);
                }
                repeated = true;
            }
        }
        let outcome =
            self.carry_out(request, Some(reference), repeated).unwrap_or_else(|error| Outcome::failed(&error));
        self.keep(reference, &outcome);
        Ok(outcome.known_to_journal(&request.command))
    }

    fn enter(&self, request: &Request, reference: &str) -> anyhow::Result<Entry> {
        let Request { op, command, .. } = request;
        // What was done at one endpoint was not done at another.
        let content = Sha256::digest(serde_json::to_vec(&(self.client.endpoint(), command))?);
        self.store.writer.begin_command(reference, &content, op, command.chat_id())
    }

    /// What can be said of a command that was begun before; `None` when it is safe to carry out now.
    fn resume(&self, request: &Request, reference: &str) -> anyhow::Result<Option<Outcome>> {
        let executor = self.executor(Some(reference));
        let chat = |change: Change, chat_id: &str, agent| {
            let persona_id = executor.known_persona(chat_id, agent)?;
            anyhow::Ok(change.find(&self.client, chat_id, persona_id.as_deref()).map(Done::Chat))
        };
        let sighting = match &request.command {
            Command::CreatePersona(_) => return Ok(None),
            Command::SendChatMessage { chat_id, message, agent } => {
                let begun = self.store.read().sends_of_command(reference)?;
                let Some(send) = begun.last() else { return Ok(None) };
                if parts::is_text_of(&send.message, message)
                    && send.message_id.as_ref().is_some_and(|id| !id.is_empty())
                {
                    // The text is there, and the attachment is still to be sent.
                    return Ok(None);
                }
                let landed = send.message_id.is_none() && self.settle_after.is_some_and(|time| send.age >= time);
                match executor.known_persona(chat_id, agent)? {
                    Some(persona_id) => {
                        let lost =
                            Lost { chat_id, message: &send.message, persona_id: &persona_id, since: send.started_at };
                        match executor.find(&self.client, send.id, &lost, landed) {
                            // It may still be on its way.
                            Sighting::Absent if !landed => Sighting::Unclear,
                            // It is there, and the attachment is still to be sent.
                            Sighting::Found(_) if parts::is_text_of(&send.message, message) => return Ok(None),
                            sighting => sighting.map(|found| Done::Message(parts::after(&begun, found))),
                        }
                    }
                    None => Sighting::Unclear,
                }
            }
            Command::AcceptChat { chat_id, agent } => chat(Change::Accept, chat_id, agent)?,
            Command::CloseChat { chat_id, agent } => chat(Change::Close, chat_id, agent)?,
            Command::OpenChat { chat_id, agent } => chat(Change::Open, chat_id, agent)?,
            Command::ApproveSubmission { .. } | Command::RejectSubmission { .. } => Sighting::Unreadable,
        };
        Ok(match sighting {
            Sighting::Found(done) => {
                if let Command::AcceptChat { chat_id, agent } = &request.command
                    && let Some(persona_id) = executor.known_persona(chat_id, agent)?
                {
                    executor.remember(|writer| writer.remember_chat(chat_id, &persona_id));
                }
                let outcome = Outcome::completed(&Completed { done, settled: true });
                self.keep(reference, &outcome);
                Some(outcome)
            }
            Sighting::Absent => None,
            Sighting::Unclear | Sighting::Unreadable => {
                let error = anyhow!(cut_off()).context(format!("cannot {}", request.command.describe()));
                Some(Outcome::failed(&error).known_to_journal(&request.command))
            }
        })
    }

    /// Keeps an outcome for whoever repeats the reference. What did not take effect is forgotten, so that it can be tried
    /// again; what is unknown stays open.
    fn keep(&self, reference: &str, outcome: &Outcome) {
        let kind = outcome.error.as_ref().map(|error| error.kind.as_str());
        let kept = match kind {
            None | Some("refused") => serde_json::to_string(outcome)
                .map_err(Into::into)
                .and_then(|outcome| self.store.writer.finish_command(reference, &outcome)),
            Some("unknown") => Ok(()),
            Some(_) => self.store.writer.forget_command(reference),
        };
        if let Err(error) = kept {
            (self.warn)(&format!("the journal could not be written, `{reference}` stays open: {error:#}"));
        }
    }

    fn executor<'a>(&'a self, reference: Option<&'a str>) -> Executor<'a> {
        let endpoint = self.client.endpoint().as_str();
        Executor { endpoint, store: Some(&self.store), warn: &*self.warn, reference, repeated: false }
    }
}
