//! A disk that fails to sync: nothing is sent whose entry in the journal may not be on it.

use std::process::Command;

use serde_json::Value;

use crate::platform::{Manner, Platform};
use crate::program::{file, home, piped, results, send};
use crate::support::program::{Home, skip};

const LINES: usize = 5;

fn input() -> String {
    (0..LINES).map(|n| send(&n.to_string(), "c-1", &format!("text {n}"))).collect()
}

/// Runs a batch whose syncs fail as `when` says; `None` where there is no strace, or it may not trace.
fn failing(home: &Home, when: &str) -> Option<Vec<Value>> {
    let inject = format!("inject=fdatasync,fsync:error=EIO:when={when}");
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !traced.is_ok_and(|status| status.success()) {
        return None;
    }
    // The syncs that count are those of the journal, and not those that a new store takes.
    home.run(["persona", "list"]).ok();
    let batch = home.command(["batch", "--journal", "--jobs", "1"]);
    let mut command = home.command_of("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", &inject]);
    command.arg(batch.get_program()).args(batch.get_args()).stdin(file(home, &input()));
    let run = command.output().unwrap();
    Some(results(&String::from_utf8(run.stdout).unwrap()))
}

fn is_unsynced(result: &Value) -> bool {
    result["error"]["kind"] == "config" && result["error"]["retryable"] == true
}

/// The texts that the platform took, in order.
fn taken(platform: &Platform) -> Vec<String> {
    platform.taken().into_iter().map(|taken| taken.text).collect()
}

#[test]
fn a_line_whose_entry_could_not_be_synced_is_not_sent_and_can_be_repeated() {
    let mut refused = 0;
    for sync in 1..=20 {
        let platform = Platform::start(Manner::default());
        let home = home(&platform);
        let Some(results) = failing(&home, &sync.to_string()) else { return skip("strace cannot be used") };
        assert!(results.iter().all(|result| result["ok"] == true || is_unsynced(result)), "{sync}: {results:?}");
        let sent = results.iter().filter(|result| result["ok"] == true).count();
        assert_eq!(taken(&platform).len(), sent, "{sync}: what is said not to be sent was not: {results:?}");
        refused += results.len() - sent;
        let again = piped(&home, &["--journal"], &input()).ok();
        assert!(again.stdout.lines().count() == LINES, "{sync}: {again:?}");
        let mut texts = taken(&platform);
        texts.sort();
        assert_eq!(texts, (0..LINES).map(|n| format!("text {n}")).collect::<Vec<_>>(), "{sync}: each once");
    }
    assert!(refused > 0, "some of these syncs were those of a line's entry");
}

#[test]
fn nothing_is_sent_any_more_while_the_store_cannot_be_written_whole() {
    let mut refused = 0;
    // For good, and every second time.
    let times = (1..=20).step_by(2).flat_map(|sync| [format!("{sync}+"), format!("{sync}+2")]);
    for sync in times {
        let platform = Platform::start(Manner::default());
        let home = home(&platform);
        let Some(results) = failing(&home, &sync) else { return skip("strace cannot be used") };
        let sent = results.iter().filter(|result| result["ok"] == true).count();
        assert!(results.iter().all(|result| result["ok"] == true || is_unsynced(result)), "{sync}: {results:?}");
        let is_for_good = sync.ends_with('+');
        assert!(!is_for_good || results[sent..].iter().all(is_unsynced), "{sync}: {results:?}");
        assert_eq!(taken(&platform).len(), sent, "{sync}: {results:?}");
        refused += results.len() - sent;
        // What was not sent was taken back, so that it can be repeated once the disk is well.
        let again = piped(&home, &["--journal"], &input()).ok();
        assert_eq!(again.stdout.lines().count(), LINES, "{sync}: {again:?}");
        assert_eq!(taken(&platform).len(), LINES, "{sync}: each once");
    }
    assert!(refused > 0, "some of these syncs were those of a line's entry");
}
