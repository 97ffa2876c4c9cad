//! A store that is locked, removed, replaced or damaged while it is in use.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::consumers::{Reader, send_many};
use crate::lines::{keys, printed};
use crate::support::program::{Home, Listener, eventually, skip};
use crate::support::sender::Sender;

/// The longest that a sender waits for its 503.
const BOUND: Duration = Duration::from_secs(10);

#[test]
fn a_locked_store_is_a_503_in_time_and_no_loss() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("before", "c-1"), Some(200));
    let blocker = rusqlite::Connection::open(home.store()).unwrap();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    for _ in 0..2 {
        let start = Instant::now();
        assert_eq!(sender.assign("during", "c-1"), Some(503));
        assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    }
    assert_eq!(listener.said("cannot write the store").len(), 1);
    drop(blocker);
    assert_eq!(sender.assign("during", "c-1"), Some(200));
    listener.says("the store can be written again");
    assert_eq!(listener.line()["id"], "before");
    assert_eq!(listener.line()["id"], "during");
    assert_eq!(listener.stop().len(), 0);
}

/// The files of the store, as far as they are there.
fn remove(home: &Home) {
    for file in ["default.db", "default.db-wal", "default.db-shm"] {
        // SQLite may have removed the last two itself.
        drop(fs::remove_file(home.path().join("state").join(file)));
    }
}

/// A copy of the store, beside it.
fn backup(home: &Home) -> PathBuf {
    let backup = home.path().join("state/backup.db");
    let copy = rusqlite::Connection::open(home.store()).unwrap();
    copy.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    backup
}

/// It ends because its store is lost, and says so once.
fn ends(listener: &mut Listener, why: &str) {
    assert_eq!(listener.wait().code(), Some(3));
    // Besides what -v tells of each request.
    let said = listener.said("");
    let said: Vec<_> =
        said.iter().filter(|line| !line.starts_with("refused: ") && line.contains("the store")).collect();
    let hint = said.get(1).is_some_and(|line| line.starts_with("hint: "));
    assert!(said.len() == 2 && said[0].starts_with("error: ") && said[0].contains(why) && hint, "{said:?}");
}

#[test]
fn a_listener_whose_store_is_removed_or_replaced_ends_and_goes_on_at_the_next_start() {
    for replaced in [false, true] {
        let home = Home::new();
        let file = home.path().join("lines");
        let mut reader = Reader::start(&["cat"], &file);
        let mut listener = home.listen_to(reader.input(), &[]);
        let sender = Sender::new(&listener.url);
        let mut sent = send_many(&sender, "before", 10);
        eventually("all is read", || printed(&file).len() == 10);
        let backup = backup(&home);
        reader.signal("STOP");
        sent.extend(send_many(&sender, "unread", 300));
        if replaced {
            fs::rename(&backup, home.store()).unwrap();
        } else {
            remove(&home);
        }
        // Within a second it would find out by itself.
        assert!(matches!(sender.assign("refused", "c-1"), Some(503) | None));
        reader.signal("CONT");
        ends(&mut listener, "was removed or replaced while in use");
        // What got a 503 may have come as far as the store that was removed, and so has a line.
        eventually("what had its 200 is read", || {
            let printed = printed(&file);
            let keys = keys(&printed);
            keys.strip_suffix(&["refused"]).unwrap_or(&keys) == sent
        });

        let mut listener = home.listen(&[]);
        assert_eq!(Sender::new(&listener.url).assign("after", "c-1"), Some(200));
        // The backup was made when ten events had come in, and their lines had been written or not yet recorded so.
        let next = std::iter::from_fn(|| Some(listener.line())).find(|line| line["id"] == "after").unwrap();
        assert_eq!(next["seq"], if replaced { 11 } else { 1 });
        listener.stop();
        let kept = rusqlite::Connection::open(home.store()).unwrap();
        let sound: String = kept.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok", "the log of the store that was replaced is no part of the backup");
    }
}

#[test]
fn whoever_holds_a_store_that_is_removed_ends_without_a_webhook() {
    for command in ["listen", "listen --exec", "tail", "bridge"] {
        let home = Home::new().with("GUURU_TOKEN", "a-token");
        home.run(["persona", "list"]).ok();
        let mut listener = match command {
            "listen" => home.listen(&[]),
            "listen --exec" => home.listen(&["--exec", "true"]),
            "tail" => home.tail(&[]),
            _ => home.bridge(&["--grace", "1s", "--", "cat"]),
        };
        let consumers = ["events", "prune", "--journal-older-than", "1d", "--dry-run", "-o", "json"];
        eventually("it has begun", || home.run(consumers).ok().stdout.contains("\"default\""));
        remove(&home);
        ends(&mut listener, "was removed or replaced while in use");
    }
}

#[test]
fn whoever_looks_into_a_store_leaves_the_log_to_the_process_that_has_it_open() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("before", "c-1"), Some(200));
    let other = rusqlite::Connection::open(home.store()).unwrap();
    let events = |store: &rusqlite::Connection| {
        store.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(events(&other), 1);
    drop(other);
    assert!(home.path().join("state/default.db-wal").exists(), "it is not the last one");
    assert_eq!(sender.assign("after", "c-1"), Some(200));
    listener.signal("KILL");
    listener.wait();
    assert_eq!(events(&rusqlite::Connection::open(home.store()).unwrap()), 2);
}

#[test]
fn a_log_or_its_index_that_is_removed_or_emptied_ends_the_process_before_another_200() {
    for (file, emptied, why) in [
        ("default.db-wal", false, "was removed or replaced while in use"),
        ("default.db-shm", false, "was removed or replaced while in use"),
        ("default.db-wal", true, "has lost its log while in use"),
    ] {
        let home = Home::new();
        let mut listener = home.listen(&[]);
        let sender = Sender::new(&listener.url);
        assert_eq!(sender.assign("before", "c-1"), Some(200));
        let file = home.path().join("state").join(file);
        if emptied {
            File::options().write(true).open(file).unwrap().set_len(0).unwrap();
        } else {
            fs::remove_file(file).unwrap();
        }
        assert!(matches!(sender.assign("refused", "c-1"), Some(503) | None));
        ends(&mut listener, why);
    }
}

#[test]
fn a_damaged_store_is_a_503_until_a_backup_in_its_place_ends_the_process() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for n in 0..50 {
        assert_eq!(sender.assign(&format!("k-{n}"), &format!("c-{n}")), Some(200));
        listener.line();
    }
    let backup = backup(&home);
    // All of it into the one file, and that file overwritten.
    let copy = rusqlite::Connection::open(home.store()).unwrap();
    eventually("nobody stands in the way", || {
        copy.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(!row.get::<_, bool>(0)?)).unwrap()
    });
    drop(copy);
    let length = usize::try_from(fs::metadata(home.store()).unwrap().len()).unwrap();
    File::options().write(true).open(home.store()).unwrap().write_all(&vec![0xa5; length]).unwrap();

    // The writer remembers what it needs; whoever looks at the store for the first time sees it.
    let health = guuru::http::builder().build().unwrap().get(format!("{}healthz", listener.url)).send().unwrap();
    assert_eq!(health.status(), 503);
    let said = listener.says("cannot write the store");
    assert!(["file is not a database", "malformed"].iter().any(|words| said.contains(words)), "{said}");
    for _ in 0..2 {
        assert_eq!(sender.assign("damaged", "c-1"), Some(503));
    }
    assert_eq!(listener.said("cannot write the store").len(), 0, "it was said");

    fs::rename(&backup, home.store()).unwrap();
    assert_eq!(listener.wait().code(), Some(3));
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("damaged", "c-1"), Some(200));
    listener.stop();
    let kept = rusqlite::Connection::open(home.store()).unwrap();
    let events = kept.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0));
    assert_eq!(events.unwrap(), 51);
    let sound: String = kept.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn after_a_sync_that_failed_nothing_is_acknowledged_any_more_and_what_was_is_kept() {
    if !strace_works() {
        return skip("strace cannot be used");
    }
    // The first ones are those of the start.
    for sync in [4, 5, 8] {
        let home = Home::new();
        home.run(["persona", "list"]).ok();
        let inject = format!("-e trace=fdatasync,fsync -e inject=fdatasync,fsync:error=EIO:when={sync}");
        let mut listener = home.listen_after(&format!("set -- strace -f -qq -o /dev/null {inject} \"$@\""), &[]);
        let sender = Sender::new(&listener.url);
        let mut sent: Vec<_> = (0..20).map(|n| (format!("k-{n}"), sender.assign(&format!("k-{n}"), "c-1"))).collect();
        let refused = sent.iter().position(|(_, status)| *status != Some(200)).expect("a sync fails");
        assert!(sent[refused..].iter().all(|(_, status)| matches!(status, Some(503) | None)), "{sync}: {sent:?}");
        sent.truncate(refused);
        ends(&mut listener, "could not be synced");

        let mut listener = home.listen(&["--consumer", "another"]);
        assert_eq!(Sender::new(&listener.url).assign("after", "c-1"), Some(200));
        let kept: Vec<_> = listener.stop().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
        let expected = sent.into_iter().map(|(key, _)| key).chain(["after".to_owned()]);
        assert_eq!(kept, expected.collect::<Vec<_>>(), "{sync}");
    }
}

#[test]
fn a_sync_of_the_stores_file_that_fails_ends_the_process_and_what_had_its_200_is_kept() {
    if !strace_works() {
        return skip("strace cannot be used");
    }
    let home = Home::new();
    home.run(["persona", "list"]).ok();
    let store = home.store();
    let inject = format!("-P {} -e trace=fdatasync -e inject=fdatasync:error=EIO", store.to_str().unwrap());
    let mut listener = home.listen_after(&format!("set -- strace -f -qq -o /dev/null {inject} \"$@\""), &[]);
    let sender = Sender::new(&listener.url);
    let sends = (0..1000).map(|n| (format!("k-{n}"), sender.assign(&format!("k-{n}"), "c-1")));
    let sent: Vec<_> = sends.take_while(|(_, status)| *status == Some(200)).map(|(key, _)| key).collect();
    assert!(!sent.is_empty() && sent.len() < 1000, "the log is written back in time: {}", sent.len());
    ends(&mut listener, "could not be synced");

    let mut listener = home.listen(&["--consumer", "another"]);
    assert_eq!(Sender::new(&listener.url).assign("after", "c-1"), Some(200));
    let kept: Vec<_> = listener.stop().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kept[..sent.len()], sent);
    assert_eq!(kept.last().unwrap(), "after");
}

fn strace_works() -> bool {
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    traced.is_ok_and(|status| status.success())
}
