//! If the store cannot be read or written for a while, the program does not end. It says so once, and tries again.

use std::thread;
use std::time::Duration;

use super::Shutdown;
use crate::error::words;
use crate::terminal::Terminal;

/// How often the store is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How often a wait checks whether the program must stop.
const TICK: Duration = Duration::from_millis(50);

/// Reports once that the store fails, and once that it works again.
#[derive(Debug)]
pub(super) struct StoreRetry {
    what: &'static str,
    meanwhile: &'static str,
    over: &'static str,
    failing: bool,
}

impl StoreRetry {
    /// About reading.
    pub(super) fn reading() -> Self {
        let (what, meanwhile) = ("cannot read the inbox", "; trying again until it can be");
        Self { what, meanwhile, over: "the inbox can be read again", failing: false }
    }

    /// About what a handler has done.
    pub(super) fn writing() -> Self {
        let (what, meanwhile) = ("cannot write the store", "; no event is handled until it can be");
        Self { what, meanwhile, over: "events are handled again", failing: false }
    }

    /// Returns a success. After a failure it waits for some time and returns `None`.
    ///
    /// # Errors
    /// The failure, if the program must stop. The other events are kept for the next start.
    pub(super) fn success_or_wait<T>(
        &mut self,
        result: anyhow::Result<T>,
        shutdown: &Shutdown,
        terminal: Terminal,
    ) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => {
                if std::mem::take(&mut self.failing) {
                    terminal.warn(self.over);
                }
                Ok(Some(value))
            }
            Err(error) if shutdown.has_begun() => Err(error.context(self.what)),
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    terminal.warn(&format!("{}: {}{}", self.what, words(&error), self.meanwhile));
                }
                let ticks = RETRY.as_millis() / TICK.as_millis();
                (0..ticks).take_while(|_| !shutdown.has_begun()).for_each(|_| thread::sleep(TICK));
                Ok(None)
            }
        }
    }
}
