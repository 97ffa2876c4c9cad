//! SIGINT, SIGTERM and SIGHUP for the commands that run until they are stopped.

use std::thread;

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::process::hangup_is_ignored;
use crate::terminal::Terminal;

/// Calls `stop` at the first signal, with its number. Whoever sends a second one does not want to wait: it ends the
/// process at once, with the code that a shell expects of that signal.
pub(crate) fn on_stop(stop: impl Fn(i32) + Send + 'static) -> anyhow::Result<()> {
    on_stop_or_death(stop, || ())
}

/// As [`on_stop`]; `dying` is called before the second signal ends the process.
pub(crate) fn on_stop_or_death(
    stop: impl Fn(i32) + Send + 'static,
    dying: impl Fn() + Send + 'static,
) -> anyhow::Result<()> {
    // Nobody can stop a program that waits for its own words to be read.
    Terminal::never_wait_for_stderr();
    let hangup = Some(SIGHUP).filter(|_| !hangup_is_ignored());
    let mut signals = Signals::new([SIGINT, SIGTERM].into_iter().chain(hangup)).context("cannot catch signals")?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        let mut stopping = false;
        for signal in signals.forever() {
            if stopping {
                dying();
                drop(emulate_default_handler(signal));
            }
            stopping = true;
            stop(signal);
        }
    })?;
    Ok(())
}

/// Ends the process by a signal that it was told to end by, after all that was to be done, as a shell expects.
pub(crate) fn die_of(signal: i32) -> anyhow::Result<()> {
    Terminal::flush_stderr();
    Ok(emulate_default_handler(signal)?)
}
