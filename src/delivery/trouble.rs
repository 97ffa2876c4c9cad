//! A store that cannot be read or written for a while is no reason to end: it is said once, and tried again until it can.

use std::thread;
use std::time::Duration;

use super::Ending;
use crate::error::words;
use crate::terminal::Terminal;

/// How often the store is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How long it takes until it is looked whether the program is to stop.
const TICK: Duration = Duration::from_millis(50);

/// Tells once that something cannot be done with the store, and once that it can be again.
#[derive(Debug)]
pub(super) struct Trouble {
    what: &'static str,
    meanwhile: &'static str,
    over: &'static str,
    failing: bool,
}

impl Trouble {
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

    /// Passes on a success; `None` after a failure and some time.
    ///
    /// # Errors
    /// What went wrong, where the program is to stop: the rest cannot be delivered, and is kept.
    pub(super) fn tolerate<T>(
        &mut self,
        result: anyhow::Result<T>,
        ending: &Ending,
        terminal: Terminal,
    ) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => {
                if std::mem::take(&mut self.failing) {
                    terminal.warn(self.over);
                }
                Ok(Some(value))
            }
            Err(error) if ending.has_come() => Err(error.context(self.what)),
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    terminal.warn(&format!("{}: {}{}", self.what, words(&error), self.meanwhile));
                }
                let ticks = RETRY.as_millis() / TICK.as_millis();
                (0..ticks).take_while(|_| !ending.has_come()).for_each(|_| thread::sleep(TICK));
                Ok(None)
            }
        }
    }
}
