//! Carries out requests and says honestly what came of each: done, failed, unknown, or done before.

use anyhow::{Context, anyhow};
use sha2::{Digest, Sha256};

use super::executor::{Completed, Done, Executor};
use super::line::{Outcome, Request};
use super::settle::Lost;
use crate::api::Client;
use crate::error::{Error, Kind};
use crate::model::Command;
use crate::store::{Entry, Store};

/// One of several workers, each with a store of its own.
pub struct Worker {
    /// The Admin API.
    pub client: Client,
    /// The map of personas, the sends and the journal.
    pub store: Store,
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
        let content = Sha256::digest(serde_json::to_vec(&request.command)?);
        let entry = self.store.begin_command(reference, &content, &request.op, request.command.chat_id());
        match entry.context(Error::config("nothing was sent"))? {
            Entry::New => {}
            Entry::Done(outcome) => {
                let outcome = serde_json::from_str(&outcome).context("the journal's outcome cannot be read")?;
                return Ok(Outcome { replayed: true, ..outcome });
            }
            Entry::Other => {
                let message = format!("the ref `{reference}` belongs to another command");
                return Err(Error::usage(message).hint("a ref names one command for ever").into());
            }
            Entry::Open { started_at } => {
                if let Some(outcome) = self.resume(request, reference, started_at)? {
                    return Ok(outcome);
                }
            }
        }
        let outcome = self.carry_out(request, Some(reference)).unwrap_or_else(|error| Outcome::failed(&error));
        self.keep(reference, &outcome);
        Ok(outcome)
    }

    /// What can be said of a command that was cut off; `None` when it is safe to carry out now.
    fn resume(&self, request: &Request, reference: &str, since: i64) -> anyhow::Result<Option<Outcome>> {
        let executor = self.executor(Some(reference));
        if let Command::SendChatMessage { chat_id, message, agent } = &request.command {
            let Some(send) = self.store.send_of_command(reference)? else { return Ok(None) };
            if let Some(persona_id) = executor.known_persona(chat_id, agent)?
                && let Some(found) =
                    executor.find(&self.client, send, &Lost { chat_id, message, persona_id: &persona_id, since })
            {
                let outcome = Outcome::completed(&Completed { done: Done::Message(found), settled: true });
                self.keep(reference, &outcome);
                return Ok(Some(outcome));
            }
        } else if matches!(request.command, Command::CreatePersona(_)) {
            return Ok(None);
        }
        let cut_off = Error::new(Kind::Unknown, "it was cut off in flight: it may or may not have taken effect");
        Ok(Some(Outcome::failed(&anyhow!(cut_off).context(format!("cannot {}", request.command.describe())))))
    }

    /// Keeps an outcome for whoever repeats the reference. What did not take effect is forgotten, so that it can be tried
    /// again; what is unknown stays open.
    fn keep(&self, reference: &str, outcome: &Outcome) {
        let kind = outcome.error.as_ref().map(|error| error.kind.as_str());
        let kept = match kind {
            None | Some("refused") => serde_json::to_string(outcome)
                .map_err(Into::into)
                .and_then(|outcome| self.store.finish_command(reference, &outcome)),
            Some("unknown") => Ok(()),
            Some(_) => self.store.forget_command(reference),
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
