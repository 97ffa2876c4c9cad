//! How soon an event that came is shown to those who follow.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::program::Home;
use crate::support::sender::Sender;

/// utime and stime of a process.
fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap()..].split(' ').collect();
    let ticks: u64 = fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[test]
fn tail_shows_an_event_within_100_ms_and_costs_next_to_nothing_when_idle() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let mut child = home.command(["events", "tail", "--consumer", "second"]).stderr(Stdio::null()).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    let reading = thread::spawn(move || {
        BufReader::new(stdout).lines().take(1000).map(|line| line.map(|_| Instant::now()).unwrap()).collect::<Vec<_>>()
    });
    let sender = Sender::new(&listener.url);
    let acknowledged: Vec<Instant> = (0..1000)
        .map(|n| {
            assert_eq!(sender.assign(&format!("k-{n}"), "c-1"), Some(200));
            Instant::now()
        })
        .collect();
    let seen = reading.join().unwrap();
    assert_eq!(seen.len(), 1000);
    let mut latencies: Vec<Duration> =
        acknowledged.iter().zip(&seen).map(|(stored, seen)| seen.saturating_duration_since(*stored)).collect();
    latencies.sort_unstable();
    let (median, p99) = (latencies[500], latencies[990]);

    let before = cpu(child.id());
    thread::sleep(Duration::from_secs(2));
    let idle = cpu(child.id()).saturating_sub(before);
    drop(child.kill());
    drop(child.wait());
    println!("from the 200 to the line: median {median:?}, p99 {p99:?}; idle CPU in 2 s: {idle:?}");
    assert!(median < Duration::from_millis(100), "median {median:?}");
    assert!(p99 < Duration::from_secs(1), "p99 {p99:?}");
    assert!(idle < Duration::from_millis(200), "{idle:?} of CPU in 2 s");
}
