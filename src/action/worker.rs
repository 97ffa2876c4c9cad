//! Carries out requests. The outcome of each is done, failed, unknown, or done before.

use std::time::Duration;

use anyhow::{Context, anyhow};
use sha2::{Digest, Sha256};

use super::executor::{Executor, cut_off};
use super::outcome::{Completed, Done, Outcome};
use super::parts;
use super::plan::CommandEffect;
use super::request::Request;
use super::settle::{Change, LookResult, LostSend};
use crate::api::Client;
use crate::error::{Error, Kind};
use crate::model::Command;
use crate::store::{JournalEntry, SharedStore};
use crate::terminal::Terminal;

/// Carries out requests, one at a time; its clones do so side by side.
#[derive(Clone)]
pub struct Worker {
    /// The Admin API.
    pub client: Client,
    /// The map of personas, the sends and the journal; `None` keeps nothing and always asks the platform.
    pub store: Option<SharedStore>,
    /// How references are kept, so that they may be repeated; `None` where they are not.
    pub journal: Option<Journal>,
    /// Where warnings go, for what fails after the platform has done its part.
    pub terminal: Terminal,
}

/// How references are kept.
#[derive(Clone, Copy, Debug)]
pub struct Journal {
    /// How long after its start a request can still take effect, as the user has declared it; `None` if not declared.
    pub settle_after: Option<Duration>,
}

impl Worker {
    /// Carries out a request.
    pub fn run(&self, request: &Request) -> Outcome {
        let outcome = match (self.journal, &self.store, &request.reference) {
            (Some(journal), Some(store), Some(reference)) => {
                let Request { command, .. } = request;
                Journaled { worker: self, journal, store, reference, command }.run()
            }
            (Some(_), Some(_), None) => Err(Error::usage("with --journal every command needs a `ref`").into()),
            _ => Ok(Outcome::of(self.executor(None).run(&request.command))),
        };
        outcome.unwrap_or_else(Outcome::failed)
    }

    fn executor<'a>(&'a self, reference: Option<&'a str>) -> Executor<'a> {
        let Self { client, store, terminal, .. } = self;
        Executor { client, store: store.as_ref(), terminal: *terminal, reference, begun_at: None }
    }
}

/// A command under the name that the journal knows it by.
struct Journaled<'a> {
    worker: &'a Worker,
    journal: Journal,
    store: &'a SharedStore,
    reference: &'a str,
    command: &'a Command,
}

impl Journaled<'_> {
    /// Carries out the command unless it was carried out before.
    fn run(&self) -> anyhow::Result<Outcome> {
        let mut begun_at = None;
        match self.enter().context(Error::config("nothing was sent"))? {
            JournalEntry::New => {}
            JournalEntry::Done(outcome) => {
                return Outcome::replay(&outcome).context("the journal's outcome cannot be read");
            }
            JournalEntry::Other => {
                let message = format!("the ref `{}` belongs to another command", self.reference);
                return Err(Error::usage(message).hint("a ref names one command, at one endpoint, for ever").into());
            }
            JournalEntry::Open(started_at) => {
                if let Some(outcome) = self.resume(started_at)? {
                    return Ok(outcome);
                }
                begun_at = Some(started_at);
            }
        }
        let executor = Executor { begun_at, ..self.executor() };
        let outcome = self.keep(Outcome::of(executor.run(self.command)));
        Ok(outcome.known_to_journal(self.command))
    }

    fn enter(&self) -> anyhow::Result<JournalEntry> {
        let Self { store, reference, command, .. } = self;
        // A command at another endpoint is another command.
        let content = Sha256::digest(serde_json::to_vec(&(self.worker.client.endpoint(), command))?);
        store.writer.begin_command(reference, &content, command.op(), command.chat_id())
    }

    /// The outcome of a command that was begun before, if a look at the chat can tell; `None` if it is safe to carry it out now.
    fn resume(&self, started_at: i64) -> anyhow::Result<Option<Outcome>> {
        let executor = self.executor();
        let planner = executor.planner();
        let look_result = match CommandEffect::of(self.command) {
            CommandEffect::Persona(_) => return Ok(None),
            CommandEffect::Message(chat_id, message) => {
                let begun = self.store.read().sends_of_command(self.reference)?;
                let Some(send) = begun.last() else { return Ok(None) };
                if parts::is_text_of(&send.message, message)
                    && send.message_id.as_ref().is_some_and(|id| !id.is_empty())
                {
                    // The text is there, and the attachment is still to be sent.
                    return Ok(None);
                }
                let landed =
                    send.message_id.is_none() && self.journal.settle_after.is_some_and(|time| send.age >= time);
                match planner.known_persona(self.command)? {
                    Some(persona_id) => {
                        let lost = LostSend {
                            chat_id,
                            message: &send.message,
                            persona_id: &persona_id,
                            since: send.started_at,
                        };
                        match executor.find(send.id, &lost, landed) {
                            // It may still be on its way.
                            LookResult::Absent if !landed => LookResult::Unclear,
                            // It is there, and the attachment is still to be sent.
                            LookResult::Found(_) if parts::is_text_of(&send.message, message) => return Ok(None),
                            look_result => look_result.map(|found| Done::Message(parts::after(&begun, found))),
                        }
                    }
                    None => LookResult::Unclear,
                }
            }
            CommandEffect::Chat(chat_id, change) => {
                let persona_id = planner.known_persona(self.command)?;
                executor.find_change(change, chat_id, persona_id.as_deref(), started_at).map(Done::Chat)
            }
            CommandEffect::Submission => LookResult::Unreadable,
        };
        Ok(match look_result {
            LookResult::Found(done) => {
                if let CommandEffect::Chat(chat_id, Change::Accept) = CommandEffect::of(self.command)
                    && let Some(persona_id) = planner.known_persona(self.command)?
                {
                    executor.remember(|writer| writer.remember_chat(chat_id, &persona_id));
                }
                Some(self.keep(Outcome::of(Ok(Completed { done, settled: true }))))
            }
            LookResult::Absent => None,
            LookResult::Unclear | LookResult::Unreadable => {
                let error = anyhow!(cut_off()).context(format!("cannot {}", self.command.describe()));
                Some(Outcome::failed(error).known_to_journal(self.command))
            }
        })
    }

    /// Keeps an outcome for whoever repeats the reference. What did not take effect is forgotten, so that it can be tried
    /// again; what is unknown stays open. Returns the outcome that counts: a refusal may have come because another process was
    /// faster, and then its outcome is in the journal.
    fn keep(&self, outcome: Outcome) -> Outcome {
        let Self { store, reference, .. } = self;
        let kept = match outcome.failure() {
            None | Some(Kind::Refused) => self.finish(&outcome),
            Some(Kind::Unknown) => Ok(None),
            Some(_) => store.writer.forget_command(reference).map(|()| None),
        };
        match kept {
            Ok(Some(earlier)) if outcome.failure().is_some() => return earlier,
            Ok(_) => {}
            Err(error) => {
                let warning = format!("the journal could not be written, `{reference}` stays open: {error:#}");
                self.worker.terminal.warn(&warning);
            }
        }
        outcome
    }

    /// Stores an outcome. Returns the one that another process stored before.
    fn finish(&self, outcome: &Outcome) -> anyhow::Result<Option<Outcome>> {
        let outcome = serde_json::to_string(outcome)?;
        let kept = self.store.writer.finish_command(self.reference, &outcome)?;
        if kept == outcome { Ok(None) } else { Outcome::replay(&kept).map(Some) }
    }

    fn executor(&self) -> Executor<'_> {
        self.worker.executor(Some(self.reference))
    }
}
