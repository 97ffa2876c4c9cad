//! What handles events: a command or a receiver. It gives one verdict on each event.

use std::time::Duration;

use super::{Exec, Forward};
use crate::model::Event;
use crate::process::Children;

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The event is done.
    Done,
    /// It is to be tried again.
    Later {
        /// Why it is not done.
        reason: String,
        /// The least time to wait, where the handler asked for one.
        asked: Option<Duration>,
    },
    /// It is not to be tried again: why.
    Failed(String),
}

impl Verdict {
    /// To be tried again, at a time of our own.
    pub(super) fn later(reason: impl Into<String>) -> Self {
        Self::Later { reason: reason.into(), asked: None }
    }
}

/// A handler of events.
#[derive(Debug)]
pub enum Handler {
    /// `--exec`.
    Exec(Exec),
    /// `--forward-to`.
    Forward(Forward),
}

impl Handler {
    /// Hands over one event, as [`crate::store::Store::event_with_headers`] has it, and waits for the verdict.
    pub fn run(&self, event: &Event, headers: &[u8]) -> Verdict {
        match self {
            Self::Exec(exec) => exec.run(event),
            Self::Forward(forward) => forward.run(event, headers),
        }
    }

    /// Records the running commands, so that the next start finds them if this process is killed.
    pub(super) fn track(&mut self, children: Children) {
        match self {
            Self::Exec(exec) => exec.track(children),
            // A request ends with the process.
            Self::Forward(_) => {}
        }
    }

    /// Ends the commands that still run. Their verdicts do not count.
    pub fn terminate(&self) {
        match self {
            Self::Exec(exec) => exec.terminate(),
            // Nothing is left behind when the process ends in the middle of a request.
            Self::Forward(_) => {}
        }
    }
}
