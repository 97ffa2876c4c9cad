//! Carries out requests and says honestly what came of each: done, failed, unknown, or done before.

use anyhow::{Context, anyhow};
use sha2::{Digest, Sha256};

use super::executor::{Completed, Done, Executor};
use super::line::{Outcome, Request};
use super::settle::{Lost, Sighting, has_landed};
use crate::api::Client;
use crate::error::{Error, Kind};
use crate::model::Command;
use crate::store::{Entry, Shared, now};

/// One of several workers.
pub struct Worker {
    /// The Admin API.
    pub client: Client,
    /// The map of personas, the sends and the journal.
    pub store: Shared,
    /// Whether references are kept, so that they may be repeated.
    pub journal: bool,
    /// Hears what went wrong after the platform had done its part.
    pub warn: Box<dyn Fn(&str) + Send>,
}

impl Worker {
    /// Carries out a request.
    pub fn run(&self, request: &Request) -> Outcome {
        let result = match &request.reference {
            _ if !self.journal => self.carry_out(request, None),
            Some(reference) => self.carry_out_once(request, reference),
            None => Err(Error::usage("with --journal every command needs a `ref`").into()),
        };
        result.unwrap_or_else(|error| Outcome::failed(&error))
    }

    fn carry_out(&self, request: &Request, reference: Option<&str>) -> anyhow::Result<Outcome> {
        let completed = self.executor(reference).run(&self.client, &request.command)?;
        Ok(Outcome::completed(&completed))
    }

    /// Carries out a request unless its reference was carried out before.
    fn carry_out_once(&self, request: &Request, reference: &str) -> anyhow::Result<Outcome> {
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
            }
        }
        let outcome = self.carry_out(request, Some(reference)).unwrap_or_else(|error| Outcome::failed(&error));
        self.keep(reference, &outcome);
        Ok(outcome.known_to_journal(&request.command))
    }

    fn enter(&self, request: &Request, reference: &str) -> anyhow::Result<Entry> {
        let Request { op, command, .. } = request;
        // What was done at one endpoint was not done at another.
        let content = Sha256::digest(serde_json::to_vec(&(self.client.endpoint(), command))?);
        let entry = self.store.lock().begin_command(reference, &content, op, command.chat_id())?;
        // Before a message leaves, the record of the send is waited for: the same wait for both.
        if entry == Entry::New
            && !matches!(command, Command::SendChatMessage { .. })
            && let Err(error) = self.store.sync()
        {
            // Nothing leaves: whoever repeats the command must not take it for one that was begun.
            drop(self.store.lock().forget_command(reference));
            return Err(error);
        }
        Ok(entry)
    }

    /// What can be said of a command that was cut off; `None` when it is safe to carry out now.
    fn resume(&self, request: &Request, reference: &str) -> anyhow::Result<Option<Outcome>> {
        match &request.command {
            Command::CreatePersona(_) => return Ok(None),
            Command::SendChatMessage { chat_id, message, agent } => {
                let Some(send) = self.store.lock().send_of_command(reference)? else { return Ok(None) };
                let landed = !send.seen && has_landed(send.started_at, now(), self.client.timeout());
                let executor = self.executor(Some(reference));
                let sighting = match executor.known_persona(chat_id, agent)? {
                    Some(persona_id) => {
                        let lost = Lost { chat_id, message, persona_id: &persona_id, since: send.started_at };
                        executor.find(&self.client, send.id, &lost, landed)
                    }
                    None => Sighting::Unclear,
                };
                match sighting {
                    Sighting::Found(found) => {
                        let outcome = Outcome::completed(&Completed { done: Done::Message(found), settled: true });
                        self.keep(reference, &outcome);
                        return Ok(Some(outcome));
                    }
                    Sighting::Absent if landed => return Ok(None),
                    Sighting::Absent | Sighting::Unclear => {}
                }
            }
            _ => {}
        }
        let cut_off = Error::new(Kind::Unknown, "it was cut off in flight: it may or may not have taken effect");
        let error = anyhow!(cut_off).context(format!("cannot {}", request.command.describe()));
        Ok(Some(Outcome::failed(&error).known_to_journal(&request.command)))
    }

    /// Keeps an outcome for whoever repeats the reference. What did not take effect is forgotten, so that it can be tried
    /// again; what is unknown stays open.
    fn keep(&self, reference: &str, outcome: &Outcome) {
        let kind = outcome.error.as_ref().map(|error| error.kind.as_str());
        let kept = match kind {
            None | Some("refused") => serde_json::to_string(outcome)
                .map_err(Into::into)
                .and_then(|outcome| self.store.lock().finish_command(reference, &outcome))
                .and_then(|()| self.store.sync()),
            Some("unknown") => Ok(()),
            Some(_) => self.store.lock().forget_command(reference),
        };
        if let Err(error) = kept {
            (self.warn)(&format!("the journal could not be written, `{reference}` stays open: {error:#}"));
        }
    }

    fn executor<'a>(&'a self, reference: Option<&'a str>) -> Executor<'a> {
        let endpoint = self.client.endpoint().as_str();
        Executor { endpoint, store: Some(&self.store), warn: &*self.warn, settle: true, reference }
    }
}
