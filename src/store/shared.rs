//! One store for many threads. A lock costs little beside SQLite's own, for which a waiting connection sleeps; and threads
//! that wait for the disk at the same time wait for the same sync, as `writer` does it for the inbox.

use std::fmt;
use std::fs::File;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use super::Store;

/// Something could not be written, or a sync has failed and the store has not been written whole since: what was written may
/// not be on the disk. It may succeed later.
#[derive(Clone, Copy, Debug)]
pub struct Unwritten;

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store could not be written")
    }
}

impl std::error::Error for Unwritten {}

/// A store whose clones are the same store.
#[derive(Clone)]
pub struct Shared {
    store: Arc<Mutex<Store>>,
    syncs: Arc<Syncs>,
}

struct Syncs {
    /// SQLite's log: what was committed is there, and the sync of any descriptor syncs the file. It holds no locks that
    /// closing a descriptor would drop, and stays as long as the store is open.
    log: File,
    state: Mutex<State>,
    done: Condvar,
}

/// Who waits for which sync.
#[derive(Default)]
struct State {
    asked: u64,
    /// Whoever asked up to this number is served.
    served: u64,
    running: bool,
    /// A sync failed: what was written before may be on disk or not, and no later sync tells.
    failed: bool,
}

impl Syncs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Shares a store.
    pub fn new(store: Store) -> anyhow::Result<Self> {
        let mut log = store.path().as_os_str().to_owned();
        log.push("-wal");
        let log = File::open(&log).with_context(|| format!("cannot open {}", log.display()))?;
        let syncs = Syncs { log, state: Mutex::default(), done: Condvar::new() };
        Ok(Self { store: Arc::new(Mutex::new(store)), syncs: Arc::new(syncs) })
    }

    /// The store, once no other thread has it. Not to be kept while something else is waited for. After a failed sync it is
    /// opened anew and written whole first; where that fails, it takes no command and no send.
    pub fn lock(&self) -> MutexGuard<'_, Store> {
        // Whatever a thread that panicked was doing, SQLite has rolled it back or committed it.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if self.syncs.state().failed {
            match store.mended() {
                Ok(mended) => {
                    *store = mended;
                    self.syncs.state().failed = false;
                }
                Err(_) => store.doubtful = true,
            }
        }
        store
    }

    /// Waits until all that was written before is on disk. Must not be called while the store is locked.
    ///
    /// # Errors
    /// When it cannot be known to be: it must be taken for lost, and for everybody who waits.
    pub fn sync(&self) -> anyhow::Result<()> {
        let mut state = self.syncs.state();
        state.asked += 1;
        let own = state.asked;
        while state.served < own {
            anyhow::ensure!(!state.failed, Unwritten);
            if state.running {
                state = self.syncs.done.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.running = true;
            let asked = state.asked;
            drop(state);
            let synced = self.syncs.log.sync_data();
            state = self.syncs.state();
            state.running = false;
            match synced {
                Ok(()) => state.served = asked,
                Err(_) => state.failed = true,
            }
            self.syncs.done.notify_all();
            synced.context(Unwritten)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn everybody_who_waits_for_the_disk_is_served() {
        let home = tempfile::tempdir().unwrap();
        let shared = Shared::new(Store::open(&home.path().join("default.db")).unwrap()).unwrap();
        thread::scope(|scope| {
            for thread in 0..8 {
                let shared = shared.clone();
                scope.spawn(move || {
                    for n in 0..20 {
                        shared.lock().remember_chat(&format!("c-{thread}-{n}"), "p-1").unwrap();
                        shared.sync().unwrap();
                    }
                });
            }
        });
        assert_eq!(shared.lock().chat_persona("c-7-19").unwrap().as_deref(), Some("p-1"));
    }
}
