//! A disk that fails to sync: nothing is sent whose entry in the journal may not be on it.

use std::process::Command;

use serde_json::Value;

use super::platform::{Manner, Platform};
use super::program::{Running, file, home, piped, results, send};
use crate::support::program::{Home, skip};

const LINES: usize = 5;

fn input() -> String {
    (0..LINES).map(|n| send(&n.to_string(), "c-1", &format!("text {n}"))).collect()
}

/// Runs a batch whose syncs fail as `when` says, and tells its results; `None` where there is no strace, or it may not trace.
fn failing(home: &Home, args: &[&str], when: &str) -> Option<Vec<Value>> {
    failing_on(home, args, when, &input())
}

/// Runs the command with this input while syncs fail.
fn failing_on(home: &Home, args: &[&str], when: &str, input: &str) -> Option<Vec<Value>> {
    let inject = format!("inject=fdatasync,fsync:error=EIO:when={when}");
    let traced = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !traced.is_ok_and(|status| status.success()) {
        return None;
    }
    // The syncs that count are those of the journal, and not those that a new store takes.
    home.run(["persona", "list"]).ok();
    let batch = home.command([&["batch"], args].concat());
    let mut command = home.command_of("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", &inject]);
    command.arg(batch.get_program()).args(batch.get_args()).stdin(file(home, input));
    let run = command.output().unwrap();
    let results = results(&String::from_utf8(run.stdout).unwrap());
    // A sync that fails at the very end, or that there was not, is nobody's trouble.
    let expected = if results.iter().any(is_unsynced) { Some(3) } else { run.status.code() };
    assert_eq!(run.status.code(), expected, "{when}: {}", String::from_utf8_lossy(&run.stderr));
    Some(results)
}

fn is_unsynced(result: &Value) -> bool {
    result["error"]["kind"] == "config" && result["error"]["retryable"] == true
}

/// The texts that the platform took, in order.
fn taken(platform: &Platform) -> Vec<String> {
    platform.taken().into_iter().map(|taken| taken.text).collect()
}

const ONE: &[&str] = &["--journal", "--jobs", "1"];

#[test]
fn a_line_whose_entry_could_not_be_synced_is_not_sent_and_can_be_repeated() {
    let mut refused = 0;
    // Once, and for good.
    let times = (1..=16).flat_map(|sync| [sync.to_string(), format!("{sync}+")]);
    for sync in times {
        let platform = Platform::start(Manner::default());
        let home = home(&platform);
        let Some(mut results) = failing(&home, ONE, &sync) else { return skip("strace cannot be used") };
        // What is not sent any more is answered before what is being sent.
        results.sort_by_key(|result| result["line"].as_u64());
        assert_eq!(results.len(), LINES, "{sync}: {results:?}");
        assert!(results.iter().all(|result| result["ok"] == true || is_unsynced(result)), "{sync}: {results:?}");
        let sent = results.iter().filter(|result| result["ok"] == true).count();
        assert!(results[sent..].iter().all(is_unsynced), "{sync}: nothing is sent any more: {results:?}");
        assert_eq!(taken(&platform).len(), sent, "{sync}: what is said not to be sent was not: {results:?}");
        refused += results.len() - sent;
        // What was not sent left nothing behind, so that it can be repeated once the disk is well.
        let again = piped(&home, &["--journal"], &input()).ok();
        assert!(again.stdout.lines().count() == LINES, "{sync}: {again:?}");
        let mut texts = taken(&platform);
        texts.sort();
        assert_eq!(texts, (0..LINES).map(|n| format!("text {n}")).collect::<Vec<_>>(), "{sync}: each once");
    }
    assert!(refused > 0, "some of these syncs were those of a line's entry");
}

#[test]
fn of_several_lines_that_wait_for_one_sync_none_is_sent_when_it_fails() {
    let input: String = (0..40).map(|n| send(&n.to_string(), &format!("c-{}", n % 8), &format!("text {n}"))).collect();
    // The second sync is that of the folder, which SQLite does without.
    for sync in [1, 3, 5, 9, 14] {
        let platform = Platform::start(Manner::default());
        let home = home(&platform);
        let Some(results) = failing_on(&home, &["--journal", "--jobs", "8"], &sync.to_string(), &input) else {
            return skip("strace cannot be used");
        };
        let sent = results.iter().filter(|result| result["ok"] == true).count();
        assert!(results.len() == 40 && sent < 40, "{sync}: {results:?}");
        assert!(results.iter().all(|result| result["ok"] == true || is_unsynced(result)), "{sync}: {results:?}");
        assert_eq!(taken(&platform).len(), sent, "{sync}: {results:?}");
        let again = piped(&home, &["--journal"], &input).ok();
        assert_eq!(again.stdout.lines().count(), 40, "{sync}: {again:?}");
        assert!(platform.copies().values().all(|copies| *copies == 1), "{sync}: each once");
        assert_eq!(platform.count(), 40, "{sync}");
    }
}

#[test]
fn a_batch_whose_store_is_removed_sends_nothing_more_and_ends() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let mut batch = Running::piped(&home, &["--journal"]);
    assert!(batch.write(&send("1", "c-1", "before")));
    assert_eq!(batch.result()["ok"], true);
    std::fs::remove_dir_all(home.path().join("state")).unwrap();
    batch.write(&send("2", "c-1", "after"));
    for result in batch.rest() {
        assert!(is_unsynced(&result), "{result}");
    }
    assert_eq!(batch.wait().code(), Some(3));
    assert_eq!(taken(&platform), ["before"]);
}
