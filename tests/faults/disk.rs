//! A disk that is full, and then is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::consumers::Reader;
use crate::lines::{keys, printed};
use crate::support::program::{Home, eventually, skip};
use crate::support::sender::Sender;

/// A file system of a few megabytes.
struct Disk(PathBuf);

impl Disk {
    /// Mounts one; `None` where that is not allowed.
    fn mount(path: &Path) -> Option<Self> {
        fs::create_dir(path).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(path).output();
        mount.is_ok_and(|mount| mount.status.success()).then(|| Self(path.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: where the test has failed, the listener may still run.
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

#[test]
fn an_end_while_the_disk_is_full_says_once_what_is_lost_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk")) else {
        return skip("a file system can be mounted by root alone");
    };
    let home = Home::new().with("GUURU_STATE_DIR", disk.0.to_str().unwrap());
    let lines = home.path().join("lines");
    let mut reader = Reader::start(&["cat"], &lines);
    let mut listener = home.listen_to(reader.input(), &[]);
    let sender = Sender::new(&listener.url);
    reader.signal("STOP");
    let text = "x".repeat(10_000);
    for n in 0..30 {
        assert_eq!(sender.message(&format!("k-{n}"), "c-1", &text), Some(200));
    }
    fs::write(disk.0.join("filler"), vec![0; 4 * 1024 * 1024]).unwrap_err();
    let (mut stored, mut refused) = (30, 0);
    while refused < 20 {
        match sender.message(&format!("late-{stored}-{refused}"), "c-1", &text) {
            Some(200) => stored += 1,
            _ => refused += 1,
        }
    }
    listener.says("cannot write the store");
    // What is left may do for a page, and no more than that is needed to move a cursor.
    let other = rusqlite::Connection::open(disk.0.join("default.db")).unwrap();
    other.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    while other.execute("UPDATE inbox SET gone = gone + 1", []).is_ok() {}
    drop(other);
    // Now there is something to record, and no room for it.
    reader.signal("CONT");
    eventually("all is read", || printed(&lines).len() == stored);
    listener.signal("TERM");
    assert_eq!(listener.wait().code(), Some(1));
    let error = listener.says("error: ");
    assert!(error.contains("comes again at the next start"), "{error}");
    assert_eq!(error.matches("full").count(), 1, "{error}");
    assert_eq!(listener.said("full").len(), 0);
}

#[test]
fn a_full_disk_is_said_once_and_costs_nothing_once_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk")) else {
        return skip("a file system can be mounted by root alone");
    };
    let home = Home::new().with("GUURU_STATE_DIR", disk.0.to_str().unwrap());
    let lines = home.path().join("lines");
    let mut listener = home.listen_into(&lines, &[]);
    let sender = Sender::new(&listener.url);
    let filler = disk.0.join("filler");
    fs::write(&filler, vec![0; 3 * 1024 * 1024]).unwrap();

    let text = "x".repeat(10_000);
    let (mut acknowledged, mut refused) = (Vec::new(), Vec::new());
    while refused.len() < 50 {
        let key = format!("k-{}", acknowledged.len() + refused.len());
        match sender.message(&key, "c-1", &text) {
            Some(200) => acknowledged.push(key),
            Some(503) => refused.push(key),
            other => panic!("{other:?}"),
        }
    }
    assert!(!acknowledged.is_empty());
    let health = guuru::http::builder().build().unwrap().get(format!("{}healthz", listener.url)).send().unwrap();
    assert_eq!(health.status(), 503);
    let said = listener.said("the store");
    assert!(said.len() == 1 && said[0].contains("full"), "{said:?}");

    fs::remove_file(&filler).unwrap();
    for key in refused {
        eventually("it is stored", || sender.message(&key, "c-1", &text) == Some(200));
        acknowledged.push(key);
    }
    assert_eq!(listener.said("the store").len(), 1, "that it can be written again");
    eventually("all is printed", || printed(&lines).len() >= acknowledged.len());
    listener.stop();
    assert_eq!(keys(&printed(&lines)), acknowledged);
}

#[test]
fn a_limit_on_the_size_of_files_is_as_a_full_disk() {
    let home = Home::new();
    // Of 512 or 1024 bytes each, as the shell has it.
    let mut listener = home.listen_within("-f 1500");
    let sender = Sender::new(&listener.url);
    let text = "x".repeat(100_000);
    let mut keys = (0..100).map(|n| format!("k-{n}"));
    let refused = keys.find_map(|key| sender.message(&key, "c-1", &text).filter(|status| *status != 200));
    assert_eq!(refused, Some(503));
    listener.says("cannot write the store");
    assert!(
        guuru::http::builder().build().unwrap().get(format!("{}healthz", listener.url)).send().is_ok(),
        "it goes on"
    );
    listener.signal("KILL");
    listener.wait();
}
