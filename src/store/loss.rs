//! A store that this process must not use any more. After a failed sync, the system believes that the data was written, and later
//! syncs do not report it. And if the file was removed or replaced, nobody would find what is written to it. So nothing more is
//! written and the process ends; the next start opens the store as it is then.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{ErrorCode, ffi};

use crate::error::Error;

/// Something could not be written. It may succeed later, or in another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritten {
    pub(super) why: String,
    /// What SQLite calls it.
    pub(super) code: Option<ErrorCode>,
}

impl Unwritten {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), code: None }
    }
}

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the store could not be written: {}", self.why)
    }
}

impl std::error::Error for Unwritten {}

/// Whether this process has lost the store, and who must be told.
#[derive(Default)]
pub(super) struct Loss(Mutex<State>);

#[derive(Default)]
struct State {
    why: Option<String>,
    listeners: Vec<Box<dyn FnOnce() + Send>>,
}

impl Loss {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `listener` when the store is lost, or at once if it is lost already.
    pub(super) fn tell(&self, listener: impl FnOnce() + Send + 'static) {
        let mut state = self.state();
        if state.why.is_none() {
            state.listeners.push(Box::new(listener));
            return;
        }
        drop(state);
        listener();
    }

    /// The store is lost. Only the first reason counts.
    pub(super) fn declare(&self, why: String) {
        let mut state = self.state();
        state.why.get_or_insert(why);
        let listeners = std::mem::take(&mut state.listeners);
        drop(state);
        for listener in listeners {
            listener();
        }
    }

    /// # Errors
    /// [`crate::error::Kind::Config`] with the reason, once the store is lost.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let hint = "start it again: it goes on with the store that is there then";
        self.state().why.as_ref().map_or(Ok(()), |why| Err(Error::config(why.clone()).hint(hint).into()))
    }
}

/// The log could not be read, or not be written.
pub(super) fn unwritten_log(error: &io::Error) -> rusqlite::Error {
    failure(ffi::SQLITE_IOERR_WRITE, error)
}

/// The log could not be synced.
pub(super) fn failed_sync(error: &io::Error) -> rusqlite::Error {
    failure(ffi::SQLITE_IOERR_FSYNC, error)
}

fn failure(code: i32, error: &io::Error) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(format!("the log: {error}")))
}

/// Whether a sync failed, of a file or of its folder.
pub(super) fn is_failed_sync(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC))
}

/// Whether a file is shorter than SQLite left it.
pub(super) fn is_short_read(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHORT_READ)
}
