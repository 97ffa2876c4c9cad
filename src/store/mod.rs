//! What must outlive the process: one SQLite file per profile with the inbox, the consumers' cursors, the personas and the
//! messages on their way out. Several processes may have it open at once; SQLite's own locks order their writes.

mod consumer;
mod deliveries;
mod inbox;
mod journal;
mod meters;
mod migrate;
mod observer;
mod personas;
mod place;
mod sends;
mod writer;

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use rusqlite::Connection;

use self::place::Place;
use crate::error::Error;

pub use consumer::{Consumer, Start};
pub use deliveries::{Failed, Mark, Waiting};
pub use inbox::Filter;
pub use journal::{Entry, OpenCommand};
pub use observer::{Inbox, Lag, Observer, Status};
pub use personas::{PersonaKey, StoredPersona};
pub use sends::{Outcome, SendId};
pub use writer::Writer;

/// How long one process waits for another one's write. Longer, and a webhook's sender would have given up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);

/// An open store. Not shared between threads: each opens its own.
pub struct Store {
    path: PathBuf,
    place: Place,
    connection: Connection,
}

impl Store {
    /// Opens the store at `path`, creating it (mode 0600, its folder 0700) and migrating it as needed.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when it cannot be read or written, or when a newer version of the program wrote it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::try_open(path).with_context(|| Error::config(format!("cannot open the store {}", path.display())))
    }

    fn try_open(path: &Path) -> anyhow::Result<Self> {
        Self::create(path).map_err(|error| {
            Error::config(error.to_string())
                .hint("GUURU_STATE_DIR names the store's folder, which must be one that can be written")
        })?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        migrate::migrate(&mut connection)?;
        Ok(Self { path: path.to_owned(), place: Place::of(path), connection })
    }

    /// Whether its file is still there; else what is written is lost, and what others write is not seen.
    pub(crate) fn is_in_place(&self) -> bool {
        self.place.is_current()
    }

    /// The store that is now where this one was.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub(crate) fn again(&self) -> anyhow::Result<Self> {
        anyhow::ensure!(self.path.exists(), "the store {} was removed while in use", self.path.display());
        self.place.clear().with_context(|| format!("cannot clear the place of the store {}", self.path.display()))?;
        Self::open(&self.path)
    }

    fn create(path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        // SQLite would create it with the umask's mode; its -wal and -shm files take over the mode of the main file.
        fs::OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map(drop)
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Now, in milliseconds since the Unix epoch.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::error::{Kind, kind};

    #[test]
    fn the_store_is_readable_by_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/default.db");
        let _store = Store::open(&path).unwrap();
        for (file, mode) in [("state", 0o700), ("state/default.db", 0o600), ("state/default.db-wal", 0o600)] {
            let found = fs::metadata(home.path().join(file)).unwrap().permissions().mode() & 0o777;
            assert_eq!(found, mode, "{file}");
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_a_configuration_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        fs::write(&path, "not a database, but long enough to be read as the header of one".repeat(20)).unwrap();
        let error = Store::open(&path).err().unwrap();
        assert_eq!(kind(&error), Kind::Config);
        assert!(format!("{error:#}").contains("not a database"), "{error:#}");
    }
}
