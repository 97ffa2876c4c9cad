//! What must outlive the process: one SQLite file per profile with the inbox, the consumers' cursors, the personas and the
//! messages on their way out. Several processes may have it open at once; SQLite's own locks order their writes.

mod clock;
mod committer;
mod consumer;
mod disk;
mod inbox;
mod journal;
mod loss;
mod metrics;
mod migrate;
mod observer;
mod personas;
mod prune;
mod query;
mod read_only;
mod retention;
mod sends;
mod shared;
mod unfinished;
mod writer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rustix::fs::Access;

use crate::error::{Error, Kind, kind};
use crate::files;

pub use consumer::{Consumer, ConsumerStatus, Start, is_any_consumer_held};
pub use inbox::Filter;
pub use journal::{JournalEntry, OpenCommand};
pub use loss::Unwritten;
pub use observer::{Inbox, Lag, Observer, StoreStatus};
pub use personas::{PersonaKey, StoredPersona};
pub use prune::prune_regularly;
pub use query::{EventPages, Query, StoredRequest};
pub use read_only::ReadOnlyStore;
pub use retention::{PruneRule, Pruned};
pub use sends::{BegunSend, NewSend, SendId, SendOutcome};
pub use shared::SharedStore;
pub use unfinished::{FailedEvent, Mark, WaitingEvent};
pub use writer::Writer;

/// How long one process waits for another one's write. Longer, and a webhook's sender would have given up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);

/// After how many pages the log is written back, after a commit. All who come next wait for this: with SQLite's default of 1,000 and
/// 64 senders at once, every ninth event took 2 ms longer. With fewer pages, the additional syncs cost more than is saved.
const LOG_PAGES: i32 = 320;

/// The largest log, in bytes, that [may be left](Writer::write_back_large_log).
const SMALL_LOG: u64 = 512 * 1024;

/// An open store, to be read: what is written goes through a [`Writer`]. Not shared between threads: each opens its own.
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the store at `path`, creating it (mode 0600, its folder 0700) and migrating it as needed.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when it cannot be read or written, or when a newer version of the program wrote it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::try_open(path).map_err(|error| {
            let error = explain(error);
            let told = Error::config(format!("cannot open the store {}", path.display())).hint_of(&error);
            error.context(told)
        })
    }

    fn try_open(path: &Path) -> anyhow::Result<Self> {
        Self::create(path).map_err(|error| {
            Error::config(error.to_string())
                .hint("GUURU_STATE_DIR names the store's folder, which must be one that can be written")
        })?;
        let mut connection = connect(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // Without it, SQLite plans a statement again for every bound value. That was half of the time that a delivery took.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // It lets pruning give space back to the disk, in small steps. It works only on an empty file, and fails on a locked one.
        if connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0))? == 0 {
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        use_wal(&connection)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        migrate::migrate(&mut connection)?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// Opens the store for the thread that writes.
    fn open_for_writer(path: &Path) -> anyhow::Result<Self> {
        let store = Self::open(path)?;
        // The committer does it: what SQLite does by itself in a commit, nobody learns the failure of.
        store.connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        store.leave_log()?;
        Ok(store)
    }

    /// Puts on the disk what earlier processes have left in the log. After a failed sync, or a kill before a sync, it may be in the
    /// system's cache alone, and no sync of today would write it: what is appended behind it could not be read after a power loss.
    /// So it is written once more, in place. Whoever holds the lock of the writers is the only one that changes the log.
    fn sync_log(&mut self) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let log = disk::rewrite_log(&self.path).map_err(|error| loss::unwritten_log(&error))?;
        log.sync().map_err(|error| loss::failed_sync(&error))?;
        transaction.commit()
    }

    fn create(path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            files::create_folder(folder)?;
        }
        for suffix in ["", "-wal", "-shm", "-journal"] {
            files::check_plain(&disk::beside(path, suffix))?;
        }
        // SQLite would create it with the umask's mode; its -wal and -shm files take over the mode of the main file. A file that is
        // there is not opened: closed again, it would take the locks along that SQLite holds on it in this process, and another
        // process would take itself for the last one and remove the log.
        match files::open(path, fs::OpenOptions::new().append(true).create_new(true)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Ok(rustix::fs::access(path, Access::WRITE_OK)?)
            }
            created => created.map(drop),
        }
    }

    /// Leaves the log for the next process, if this one is the last to close the file. To write it back and remove it takes three
    /// syncs, and a command that sends one message would take twice as long.
    fn leave_log(&self) -> rusqlite::Result<()> {
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(drop)
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Opens the file itself, and no file that a symbolic link leads to. SQLite then accepts no symbolic link in the whole path.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let resolved = files::resolved(path).unwrap_or_else(|_| path.to_owned());
    Connection::open_with_flags(resolved, OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW)
}

/// Switches a new file to WAL. If several processes do so at once, SQLite lets one of them and fails the others without waiting.
/// They try again, and find it done.
fn use_wal(connection: &Connection) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && start.elapsed() < BUSY_TIMEOUT =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            other => return other,
        }
    }
}

/// Explains a failure of the store's file: it is damaged, or cannot be written. Other failures are returned unchanged.
pub fn explain(error: anyhow::Error) -> anyhow::Error {
    let code = error.chain().find_map(|cause| match cause.downcast_ref::<Unwritten>() {
        Some(unwritten) => unwritten.code,
        None => cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code),
    });
    if kind(&error) != Kind::Failure {
        return error;
    }
    match code {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => error.context(
            Error::config("the store is damaged")
                .hint("put a backup in its place, or save what `sqlite3 STORE .recover` finds in a new one"),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => {
            error.context(Error::config("the store cannot be used"))
        }
        Some(ErrorCode::DatabaseBusy) => {
            error.context(Error::config("the store is in use by another process for too long"))
        }
        _ => error,
    }
}

/// Deletes the store at `path`, if there is one.
///
/// # Errors
/// When another process has it open, whose events would be lost.
pub fn delete(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let alone = || -> rusqlite::Result<()> {
        let connection = connect(path)?;
        // SQLite leaves WAL only where nobody else has the file open, and takes the -wal and -shm files with it.
        connection.pragma_update(None, "journal_mode", "DELETE")
    };
    alone().with_context(|| {
        Error::config(format!("the store {} is in use", path.display())).hint("stop the programs that use it first")
    })?;
    fs::remove_file(path).with_context(|| Error::config(format!("cannot remove the store {}", path.display())))
}

/// Now, in milliseconds since the Unix epoch.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::error::Report;

    /// A new store, to be read and to be written to.
    pub(super) fn opened() -> (tempfile::TempDir, Store, Writer) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let writer = Writer::start(&path, |_| ()).unwrap();
        (home, Store::open(&path).unwrap(), writer)
    }

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
    fn a_store_is_deleted_only_where_nobody_uses_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/default.db");
        let store = Store::open(&path).unwrap();
        let error = delete(&path).unwrap_err();
        assert!(format!("{error:#}").contains("is in use"), "{error:#}");
        drop(store);
        delete(&path).unwrap();
        assert_eq!(fs::read_dir(home.path().join("state")).unwrap().count(), 0);
        delete(&path).unwrap();
    }

    #[test]
    fn a_small_log_is_left_for_the_next_and_a_large_one_is_not() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let remember = |chat: &str, write_back_log: fn(&Writer)| {
            let shared = SharedStore::new(Writer::start(&path, |_| ()).unwrap()).unwrap();
            shared.writer.remember_chat(chat, "p-1").unwrap();
            assert_eq!(shared.read().chat_persona(chat).unwrap().as_deref(), Some("p-1"));
            write_back_log(&shared.writer);
        };
        remember("c-1", Writer::write_back_log);
        assert_eq!(disk::log_size(&path), 0, "written back");
        remember("c-2", Writer::write_back_large_log);
        assert!(disk::log_size(&path) > 0);
        assert_eq!(Store::open(&path).unwrap().chat_persona("c-2").unwrap().as_deref(), Some("p-1"));
        let written_back = (1..1000).any(|n| {
            remember(&format!("c-{n}"), Writer::write_back_large_log);
            disk::log_size(&path) == 0
        });
        assert!(written_back, "a log that has grown is not left");
    }

    #[test]
    fn many_that_open_a_new_store_at_once_all_find_it_ready() {
        for _ in 0..20 {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("default.db");
            thread::scope(|scope| {
                let opening: Vec<_> = (0..8).map(|_| scope.spawn(|| Store::open(&path).map(|_| ()))).collect();
                for opened in opening {
                    opened.join().unwrap().unwrap();
                }
            });
        }
    }

    #[test]
    fn a_store_that_another_process_writes_to_is_opened_without_waiting() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        let store = Store::open(&path).unwrap();
        let held = store.connection.unchecked_transaction().unwrap();
        held.execute("INSERT INTO consumers (name, cursor) VALUES ('other', 1)", []).unwrap();
        let start = Instant::now();
        assert!(Store::open(&path).unwrap().consumers().unwrap().is_empty());
        assert!(start.elapsed() < BUSY_TIMEOUT / 2, "{:?}", start.elapsed());
    }

    #[test]
    fn a_file_that_is_no_database_is_a_configuration_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        fs::write(&path, "not a database, but long enough to be read as the header of one".repeat(20)).unwrap();
        let error = Store::open(&path).err().unwrap();
        assert_eq!(kind(&error), Kind::Config);
        assert!(format!("{error:#}").contains("not a database"), "{error:#}");
        assert!(Report::from(&error).hint.unwrap().contains("put a backup in its place"));
    }
}
