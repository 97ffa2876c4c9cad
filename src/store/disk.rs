//! The files of an open store. If they are removed or replaced, SQLite goes on writing to the old ones, and nobody would find those
//! events. Here it is noticed.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::files;

/// How much free space the disk must have before the store counts as writable again. With less, small events would fit and large
/// ones would not, and each change would be reported.
const ROOM: u64 = 1024 * 1024;

/// How much of a log is written at a time.
const CHUNK: usize = 1024 * 1024;

/// How many bytes the head of a log has.
const LOG_HEAD: usize = 32;

/// The files of an open store: the database, its log and the log's index.
#[derive(Clone, Debug)]
pub(super) struct StoreFiles {
    path: PathBuf,
    database: Option<Identity>,
    log: Option<Identity>,
    index: Option<Identity>,
}

/// Device and inode: the identity of a file.
type Identity = (u64, u64);

impl StoreFiles {
    /// The files of the store at `path`, which was just opened.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            database: identity(path),
            log: identity(&beside(path, "-wal")),
            index: identity(&beside(path, "-shm")),
        }
    }

    /// Whether the store's files are still those that were opened.
    pub(super) fn are_current(&self) -> bool {
        let is_same = |suffix, opened| identity(&beside(&self.path, suffix)) == opened;
        self.is_current() && is_same("-wal", self.log) && is_same("-shm", self.index)
    }

    /// What is left of the log; only the length tells an empty one from one that somebody emptied.
    pub(super) fn log_state(&self) -> LogState {
        let Ok(log) = File::open(beside(&self.path, "-wal")) else { return LogState::Headless };
        let mut head = [0; LOG_HEAD];
        match log.metadata().map(|found| found.len()) {
            Ok(0) => LogState::Empty,
            Ok(_) if log.read_exact_at(&mut head, 0).is_ok() && head != [0; LOG_HEAD] => LogState::InUse,
            _ => LogState::Headless,
        }
    }

    /// Whether the store's file is still the one that was opened.
    fn is_current(&self) -> bool {
        self.database.is_some() && identity(&self.path) == self.database
    }

    /// Removes the log of a store that is gone. If another store is opened at this path, SQLite would apply the log to it and
    /// damage it.
    pub(super) fn clear(&self) {
        let log = beside(&self.path, "-wal");
        if self.is_current() || self.log.is_none() || identity(&log) != self.log {
            return;
        }
        for file in [beside(&self.path, "-shm"), log] {
            // A log that cannot be removed is gone already, or its folder cannot be written.
            drop(fs::remove_file(file));
        }
    }
}

/// What is left of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogState {
    /// It has a head, as every log has that is not empty.
    InUse,
    /// Nothing is in it.
    Empty,
    /// It was cut off, and something was written behind the cut: nobody could read that.
    Headless,
}

/// A log whose bytes were written once more, and are to be synced.
pub(super) struct RewrittenLog(Option<(File, File)>);

impl RewrittenLog {
    /// Puts it on the disk, and its name in the folder.
    pub(super) fn sync(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |(log, folder)| log.sync_data().and_then(|()| folder.sync_all()))
    }
}

/// Writes the bytes of the log of the store at `path` once more, each in its place: the system writes them to the disk even where it
/// believes that they are there. Nobody may write to the log meanwhile.
pub(super) fn rewrite_log(path: &Path) -> io::Result<RewrittenLog> {
    let path = beside(path, "-wal");
    if log_is_empty(&path) {
        return Ok(RewrittenLog(None));
    }
    // SQLite has no lock on this file that its closing would take away.
    let log = files::open(&path, File::options().read(true).write(true))?;
    let mut chunk = vec![0; CHUNK];
    let mut place = 0;
    loop {
        let length = log.read_at(&mut chunk, place)?;
        if length == 0 {
            break;
        }
        log.write_all_at(&chunk[..length], place)?;
        place += length as u64;
    }
    let folder = File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    Ok(RewrittenLog(Some((log, folder))))
}

fn log_is_empty(log: &Path) -> bool {
    fs::metadata(log).map_or(true, |file| file.len() == 0)
}

/// Whether somebody uses the store at `path`, or did until it was killed: it has a log.
pub(super) fn is_in_use(path: &Path) -> bool {
    beside(path, "-wal").exists() && beside(path, "-shm").exists()
}

/// How many bytes the store at `path` takes on the disk, its log included.
pub(super) fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len()) + log_size(path)
}

/// How many bytes its log takes.
pub(super) fn log_size(path: &Path) -> u64 {
    fs::metadata(beside(path, "-wal")).map_or(0, |file| file.len())
}

/// Whether there is room for more at the store's place.
pub(super) fn has_room(path: &Path) -> bool {
    // If the file system does not say, the write that succeeded is enough.
    rustix::fs::statvfs(path).map_or(true, |disk| disk.f_bavail.saturating_mul(disk.f_frsize) >= ROOM)
}

fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_written_once_more_is_the_log_that_it_was() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        rewrite_log(&path).unwrap().sync().unwrap();
        for length in [0, 1, CHUNK, 2 * CHUNK + 33] {
            let bytes: Vec<_> = (0..=250).cycle().take(length).collect();
            fs::write(beside(&path, "-wal"), &bytes).unwrap();
            let written = rewrite_log(&path).unwrap();
            assert_eq!(written.0.is_some(), length > 0, "{length}");
            written.sync().unwrap();
            assert!(fs::read(beside(&path, "-wal")).unwrap() == bytes, "{length}");
        }
    }

    #[test]
    fn the_log_of_a_store_that_was_replaced_is_cleared_and_no_other() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("default.db");
        for suffix in ["", "-wal", "-shm"] {
            fs::write(beside(&path, suffix), "old").unwrap();
        }
        let place = StoreFiles::of(&path);
        place.clear();
        assert!(place.is_current() && beside(&path, "-wal").exists(), "it is in use");
        // Written first, so that it cannot get the number of the file that it replaces.
        fs::write(home.path().join("backup"), "new").unwrap();
        fs::rename(home.path().join("backup"), &path).unwrap();
        assert!(!place.is_current());
        place.clear();
        assert!(path.exists() && !beside(&path, "-wal").exists() && !beside(&path, "-shm").exists());
        fs::write(home.path().join("other"), "the new one's").unwrap();
        fs::write(beside(&path, "-wal"), "another one's").unwrap();
        StoreFiles { log: identity(&home.path().join("other")), ..place }.clear();
        assert!(beside(&path, "-wal").exists(), "that of the new store");
    }
}
