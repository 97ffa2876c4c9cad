//! Very many connections at once.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use guuru::webhook::Limits;

use super::client::{BODY, Raw, address, deliver, head, served_during, webhook};
use super::receiver::{Receiver, short};
use crate::support::program::{Home, Listener, PATIENCE, SECRET, eventually};
use crate::support::sender::signature;

/// A figure of /proc/PID/status.
fn status(listener: &Listener, name: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{}/status", listener.pid())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_thousand_idle_connections_hurt_nobody_and_do_not_delay_the_end() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    let mut clients = Vec::new();
    served_during(&address, || {
        for n in 0..1000 {
            clients.push(match n % 3 {
                0 => Raw::open(&address),
                1 => Raw::send(&address, "POST / HTTP/1.1\r\nhost: "),
                _ => {
                    let mut used = Raw::send(&address, webhook("used"));
                    used.head();
                    used
                }
            });
        }
    });
    let start = Instant::now();
    listener.stop();
    assert!(start.elapsed() < Duration::from_secs(8), "the end took {:?}", start.elapsed());
}

#[test]
fn a_burst_of_connections_leaves_nobody_unanswered() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let address = address(&listener);
    served_during(&address, || {
        thread::scope(|scope| {
            for burst in 0..4 {
                let address = &address;
                scope.spawn(move || {
                    let request = webhook(&format!("burst-{burst}"));
                    let mut clients: Vec<_> = (0..250).map(|_| Raw::send(address, &request)).collect();
                    for client in &mut clients {
                        assert!(client.head().starts_with("HTTP/1.1 200 "));
                    }
                });
            }
        });
    });
}

#[test]
fn it_accepts_again_after_the_file_descriptors_ran_out() {
    let home = Home::new();
    // With 28 the descriptors run out, with 64 the connections that it allows itself.
    for (files, open) in [(28, 28), (64, 30)] {
        let mut listener = home.listen_within(&format!("-n {files}"));
        let address = address(&listener);
        let clients: Vec<_> = (0..200).map(|_| Raw::open(&address)).collect();
        let folder = format!("/proc/{}/fd", listener.pid());
        eventually("all that may be open is open", || fs::read_dir(&folder).unwrap().count() >= open);
        if files == 28 {
            listener.says("Too many open files");
        }
        drop(clients);
        deliver(&address);
        listener.stop();
    }
}

#[test]
fn large_bodies_that_never_end_do_not_fill_the_memory() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    let large = "x".repeat(1024 * 1024 - 1);
    let request = head("large", &format!("content-length: {}\r\n", large.len() + 1)) + &large;
    let before = status(&listener, "VmRSS");
    let clients: Vec<_> = served_during(&address, || {
        let open = |_| {
            let mut client = Raw::open(&address);
            client.0.set_write_timeout(Some(Duration::from_millis(20))).unwrap();
            client.write(&request);
            client
        };
        (0..300).map(open).collect()
    });
    let grown = status(&listener, "VmRSS") - before;
    eprintln!("{} large bodies that never end: {grown} KiB more", clients.len());
    assert!(grown < 160 * 1024, "{grown} KiB more");
    drop(clients);
    listener.stop();
}

/// The head of a webhook with this body.
fn large(key: &str, body: &str) -> String {
    let headers = format!("content-length: {}\r\n", body.len());
    head(key, &headers).replace(&signature(SECRET, BODY.as_bytes()), &signature(SECRET, body.as_bytes()))
}

/// Delivers a body of 20 KB and tells how long that took.
fn deliver_large(address: &str, key: &str) -> Duration {
    let body = format!(r#"{{"id":"c-1","text":"{}"}}"#, "x".repeat(20_000));
    let start = Instant::now();
    let answer = Raw::send(address, large(key, &body) + &body).head();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    start.elapsed()
}

/// Clients that each send 17 KB of a larger body, and then nothing.
fn stalled(address: &str, count: usize) -> Vec<Raw> {
    let body = "x".repeat(20_000);
    (0..count).map(|_| Raw::send(address, large("stalled", &body) + &body[..17_000])).collect()
}

#[test]
fn large_bodies_that_stall_keep_their_turns_for_a_moment_only() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    let mut held = stalled(&address, 200);
    for n in 0..3 {
        let took = deliver_large(&address, &format!("k-{n}"));
        assert!(took < Duration::from_secs(8), "event {n} waited {took:?}");
    }
    let answer = held[0].rest();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("stalled while others waited"), "{answer}");
    drop(held);
    listener.stop();
}

#[test]
fn a_large_body_that_waits_for_its_turn_does_not_lose_its_own_time() {
    let limits = Limits { large_bodies: 1, body_time: Duration::from_secs(3), ..short() };
    let receiver = Receiver::start(limits);
    // Slow, but not so slow that it stalls.
    let body = format!(r#"{{"id":"c-1","text":"{}"}}"#, "x".repeat(30_000));
    let (first, rest) = body.split_at(17_000);
    let mut holder = Raw::send(&receiver.address, large("holder", &body) + first);
    let mut waiting = Raw::send(&receiver.address, large("waiting", &body) + first);
    for part in rest.as_bytes().chunks(6_000) {
        thread::sleep(Duration::from_millis(800));
        holder.write(part);
    }
    assert!(holder.head().starts_with("HTTP/1.1 200 "));
    thread::sleep(Duration::from_millis(800));
    waiting.write(rest);
    assert!(waiting.head().starts_with("HTTP/1.1 200 "), "it has had 3.2 s since its head, and 3 s are its own");
}

#[test]
fn a_thousand_slow_clients_cost_little() {
    const CLIENTS: usize = 1000;
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    let done = AtomicBool::new(false);
    let mut took: Vec<Duration> = thread::scope(|scope| {
        let mut clients: Vec<_> =
            (0..CLIENTS).map(|_| Raw::send(&address, "POST / HTTP/1.1\r\nhost: x\r\nx-slow: ")).collect();
        scope.spawn({
            let (done, address) = (&done, &address);
            move || {
                while !done.load(Ordering::Relaxed) {
                    for client in &mut clients {
                        if !client.write("x") {
                            *client = Raw::send(address, "POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
                        }
                    }
                    thread::sleep(Duration::from_secs(1));
                }
            }
        });
        let took = (0..200).map(|_| deliver(&address)).collect();
        let (threads, memory) = (status(&listener, "Threads"), status(&listener, "VmRSS"));
        done.store(true, Ordering::Relaxed);
        eprintln!("with {CLIENTS} slow clients: {threads} threads, {memory} KiB");
        assert!(threads < 16, "{threads} threads");
        assert!(memory < 128 * 1024, "{memory} KiB");
        took
    });
    took.sort_unstable();
    let (median, p99) = (took[100], took[198]);
    eprintln!("a good client among them: p50 {median:?}, p99 {p99:?}");
    assert!(median < Duration::from_millis(200) && p99 < PATIENCE / 10, "p50 {median:?}, p99 {p99:?}");
    listener.stop();
}
