//! A store that is locked, removed, replaced or damaged while it is in use.

use std::fs::{self, File};
use std::io::Write;
use std::time::{Duration, Instant};

use crate::consumers::{Reader, send_many};
use crate::lines::{keys, printed};
use crate::support::program::{Home, eventually};
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

#[test]
fn a_store_that_is_removed_under_the_listener_takes_no_acknowledged_event_with_it() {
    let home = Home::new();
    let file = home.path().join("lines");
    let mut reader = Reader::start(&["cat"], &file);
    let mut listener = home.listen_to(reader.input(), &[]);
    let sender = Sender::new(&listener.url);
    reader.signal("STOP");
    let mut sent = send_many(&sender, "before", 300);
    for file in ["default.db", "default.db-wal", "default.db-shm"] {
        fs::remove_file(home.path().join("state").join(file)).unwrap();
    }
    assert_eq!(sender.assign("tried again", "c-1"), Some(503));
    assert!(listener.says("cannot write the store").contains("removed or replaced"));
    assert_eq!(sender.assign("tried again", "c-1"), Some(200));
    listener.says("the store can be written again");
    sent.push("tried again".into());
    sent.extend(send_many(&sender, "after", 10));
    reader.signal("CONT");
    // What got a 503 had come as far as the removed store, and was printed from there too.
    eventually("all is read", || printed(&file).last().is_some_and(|(_, key)| key == "after-9"));
    listener.stop();
    let printed = printed(&file);
    assert!(printed.is_sorted_by(|before, after| before.0 < after.0), "a seq is never used again");
    let mut keys = keys(&printed);
    keys.dedup();
    assert_eq!(keys, sent);
}

#[test]
fn a_consumer_whose_lock_was_removed_with_everything_else_is_held_again() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("before", "c-1"), Some(200));
    assert_eq!(listener.line()["id"], "before");
    fs::remove_dir_all(home.path().join("state")).unwrap();
    eventually("it is stored", || sender.assign("after", "c-1") == Some(200));
    assert_eq!(listener.line()["id"], "after");
    let second = home.run(["listen", "--addr", "127.0.0.1:0"]);
    second.failed(3, "the consumer `default` is held by process");
    listener.stop();
}

#[test]
fn a_damaged_store_is_a_503_until_a_backup_is_in_its_place() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for n in 0..50 {
        assert_eq!(sender.assign(&format!("k-{n}"), &format!("c-{n}")), Some(200));
        listener.line();
    }
    let backup = home.path().join("backup.db");
    let copy = rusqlite::Connection::open(home.store()).unwrap();
    copy.execute("VACUUM INTO ?1", [backup.to_str().unwrap()]).unwrap();
    // All of it into the one file, and that file overwritten.
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
    eventually("it is stored", || sender.assign("damaged", "c-1") == Some(200));
    let line = listener.line();
    assert_eq!(line["id"], "damaged");
    assert!(line["seq"].as_i64().unwrap() > 50, "{line}");
    let kept = rusqlite::Connection::open(home.store()).unwrap();
    let events = kept.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, i64>(0));
    assert_eq!(events.unwrap(), 51);
    let sound: String = kept.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn delivery_says_that_it_cannot_read_and_goes_on_by_itself_when_it_can() {
    for handler in [&[][..], &["--exec", "cat >>\"$HOME/lines\""]] {
        let home = Home::new();
        let file = home.path().join("lines");
        let mut listener = match handler {
            [] => home.listen_into(&file, &[]),
            _ => home.listen_to(File::create(home.path().join("nothing")).unwrap(), handler),
        };
        let sender = Sender::new(&listener.url);
        assert_eq!(sender.assign("before", "c-1"), Some(200));
        eventually("it is delivered", || printed(&file).len() == 1);
        for file in ["default.db", "default.db-wal", "default.db-shm"] {
            // SQLite may have removed the last two itself.
            drop(fs::remove_file(home.path().join("state").join(file)));
        }
        assert!(listener.says("cannot read the inbox").contains("was removed while in use"));
        eventually("it is stored", || sender.assign("after", "c-1") == Some(200));
        listener.says("the inbox can be read again");
        eventually("it is delivered", || printed(&file).last().is_some_and(|(_, key)| key == "after"));
        assert_eq!(listener.said("cannot read").len(), 0, "it was said");
        listener.stop();
    }
}

#[test]
fn what_a_handler_has_not_had_survives_the_removal_of_the_store() {
    let home = Home::new();
    let file = home.path().join("lines");
    let handler = "[ -e \"$HOME/go\" ] || exit 75; cat >>\"$HOME/lines\"";
    let mut listener = home.listen_to(File::create(home.path().join("nothing")).unwrap(), &["--exec", handler]);
    let sender = Sender::new(&listener.url);
    let mut sent = send_many(&sender, "before", 20);
    listener.says("is tried again");
    for file in ["default.db", "default.db-wal", "default.db-shm"] {
        fs::remove_file(home.path().join("state").join(file)).unwrap();
    }
    eventually("it is stored", || sender.assign("after", "c-2") == Some(200));
    sent.push("after".into());
    File::create(home.path().join("go")).unwrap();
    eventually("all is delivered", || {
        let printed = printed(&file);
        let keys = keys(&printed);
        sent.iter().all(|key| keys.contains(&key.as_str()))
    });
    listener.stop();
}
