//! A store that cannot be read for a while is no reason to end: it is said once, and tried again until it can.

use std::thread;
use std::time::Duration;

use super::Ending;
use crate::error::words;
use crate::terminal::Terminal;

/// How often the store is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How long it takes until it is looked whether the program is to stop.
const TICK: Duration = Duration::from_millis(50);

/// Whether the inbox can be read.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    failing: bool,
}

impl Trouble {
    /// Passes on what was read; `None` where nothing could be, after some time.
    ///
    /// # Errors
    /// What went wrong, where the program is to stop: the rest cannot be delivered, and is kept.
    pub(super) fn bear<T>(
        &mut self,
        result: anyhow::Result<T>,
        ending: &Ending,
        terminal: Terminal,
    ) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => {
                if std::mem::take(&mut self.failing) {
                    terminal.warn("the inbox can be read again");
                }
                Ok(Some(value))
            }
            Err(error) if ending.has_come() => Err(error.context("cannot read the inbox")),
            Err(error) => {
                if !std::mem::replace(&mut self.failing, true) {
                    let error = words(&error);
                    terminal.warn(&format!("cannot read the inbox: {error}; trying again until it can be"));
                }
                let ticks = RETRY.as_millis() / TICK.as_millis();
                (0..ticks).take_while(|_| !ending.has_come()).for_each(|_| thread::sleep(TICK));
                Ok(None)
            }
        }
    }
}
