//! A clock that jumps by days, as one does that is set, or restored with a snapshot of a machine.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::program::{Home, skip};
use crate::support::sender::Sender;

/// The library that lies about the time to the program it is loaded into.
fn faketime() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?;
    let file = |folder: fs::DirEntry| folder.path().join("faketime/libfaketimeMT.so.1");
    folders.flatten().map(file).find(|file| file.exists())
}

fn set(clock: &Path, offset: &str) {
    // Put in place at once: the library must not read half of it.
    let new = clock.with_extension("new");
    fs::write(&new, offset).unwrap();
    fs::rename(new, clock).unwrap();
}

#[test]
fn a_clock_that_jumps_changes_no_order_and_holds_nothing_up() {
    let Some(library) = faketime() else { return skip("libfaketime is not installed") };
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    set(&clock, "+0d");
    let home = Home::new()
        .with("LD_PRELOAD", library.to_str().unwrap())
        .with("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap())
        .with("FAKETIME_NO_CACHE", "1")
        .with("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let mut received = Vec::new();
    for start in 0..2 {
        let mut listener = home.listen(&[]);
        let sender = Sender::new(&listener.url);
        for offset in ["+0d", "+400d", "-400d", "+0d"] {
            set(&clock, offset);
            let key = format!("{start}{offset}{}", received.len());
            assert_eq!(sender.assign(&key, "c-1"), Some(200));
            assert_eq!(sender.assign(&key, "c-1"), Some(200));
            let line = listener.line();
            assert_eq!((&line["seq"], &line["id"]), (&Value::from(received.len() + 1), &Value::from(key)));
            received.push(line["receivedAt"].as_str().unwrap()[..4].parse::<i32>().unwrap());
            let health: Value = guuru::http::builder()
                .build()
                .unwrap()
                .get(format!("{}healthz", listener.url))
                .send()
                .unwrap()
                .json()
                .unwrap();
            assert_eq!(health["storeWritable"], true);
        }
        assert_eq!(listener.stop().len(), 0);
    }
    assert!(received[1] > received[0] && received[2] < received[0], "the clock has jumped: {received:?}");
}
