//! SIGINT and SIGTERM for the commands that run until they are stopped.

use std::thread;

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Calls `stop` at the first signal, with its number. Whoever sends a second one does not want to wait: it ends the
/// process at once, with the code that a shell expects of that signal.
pub(super) fn on_stop(stop: impl Fn(i32) + Send + 'static) -> anyhow::Result<()> {
    on_stop_or_death(stop, || ())
}

/// The same; `dying` is called before the second signal ends the process.
pub(super) fn on_stop_or_death(
    stop: impl Fn(i32) + Send + 'static,
    dying: impl Fn() + Send + 'static,
) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot catch signals")?;
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
