//! Memory is bounded, whatever comes and however long.

use std::fs;
use std::io::Write;
use std::thread;

use super::platform::{Manner, Platform};
use super::program::{Running, home, send};
use crate::support::program::skip;

/// What a process may have held at most, in MiB. A debug build with its threads alone takes a third of it.
const BOUND: u64 = 60;

/// The most memory that a running process ever held, in KiB.
fn peak(batch: &Running) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", batch.pid())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Writes what `write` makes into a batch, and checks its memory once `answers` results have come, before it ends.
fn stays_below(bound: u64, answers: usize, write: impl FnOnce(&mut dyn Write) + Send + 'static) {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let mut batch = Running::piped(&home, &[]);
    if peak(&batch).is_none() {
        return skip("there is no /proc/PID/status");
    }
    let mut stdin = batch.take_stdin();
    let writer = thread::spawn(move || {
        write(&mut stdin);
        stdin
    });
    for _ in 0..answers {
        batch.result();
    }
    let peak = peak(&batch).unwrap() / 1024;
    eprintln!("{peak} MiB for {answers} answers");
    assert!(peak < bound, "{peak} MiB");
    drop(writer.join().unwrap());
    batch.wait();
}

#[test]
fn of_two_hundred_thousand_lines_that_are_no_commands() {
    stays_below(BOUND, 200_000, |stdin| {
        let lines = "{\"op\":\"closeChat\"}\n".repeat(1000);
        (0..200).for_each(|_| stdin.write_all(lines.as_bytes()).unwrap());
    });
}

#[test]
fn of_commands_that_come_faster_than_they_go() {
    stays_below(BOUND, 5000, |stdin| {
        for n in 0..5000 {
            stdin.write_all(send(&n.to_string(), "c-1", &"x".repeat(4000)).as_bytes()).unwrap();
        }
    });
}

#[test]
fn of_large_commands() {
    stays_below(2 * BOUND, 150, |stdin| {
        // Each of the jobs has its text in several forms: line, command, request.
        for n in 0..150 {
            stdin.write_all(send(&n.to_string(), &format!("c-{n}"), &"x".repeat(1_000_000)).as_bytes()).unwrap();
        }
    });
}

#[test]
fn of_a_line_that_does_not_end() {
    stays_below(BOUND, 1, |stdin| {
        let piece = vec![b'x'; 1024 * 1024];
        (0..100).for_each(|_| stdin.write_all(&piece).unwrap());
        stdin.write_all(b"\n").unwrap();
    });
}
