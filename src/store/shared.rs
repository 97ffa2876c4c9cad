//! One store for many threads. They take turns to read, each for a moment, and all write through one writer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Store, Writer};

/// A store whose clones are the same store.
#[derive(Clone)]
pub struct SharedStore {
    store: Arc<Mutex<Store>>,
    /// Writes for all of them.
    pub writer: Writer,
}

impl SharedStore {
    /// Shares the store of this writer.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn new(writer: Writer) -> anyhow::Result<Self> {
        let store = Store::open(writer.path())?;
        // The writer does it.
        store.leave_log()?;
        Ok(Self { store: Arc::new(Mutex::new(store)), writer })
    }

    /// The store, as soon as no other thread reads it. Do not hold it while you wait for something else.
    pub fn read(&self) -> MutexGuard<'_, Store> {
        // A thread that panicked has changed nothing.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
