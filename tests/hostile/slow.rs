//! Clients that take their time. The receiver runs with short limits, so that the tests need not wait for the real ones.

use std::thread;
use std::time::{Duration, Instant};

use guuru::webhook::Limits;

use super::client::{BODY, Raw, head, served_during, webhook};
use super::receiver::{Receiver, short};
use crate::support::program::{PATIENCE, eventually};

/// Writes a byte at a time until the receiver has had enough, and returns its answer.
fn drip(client: &mut Raw, bytes: &str) -> String {
    for byte in bytes.bytes().cycle() {
        if !client.write([byte]) || client.0.peek(&mut [0]).is_ok() {
            client.0.set_read_timeout(Some(PATIENCE)).unwrap();
            return client.rest();
        }
    }
    unreachable!("a cycle has no end")
}

fn dripping(receiver: &Receiver, beginning: &str) -> String {
    let mut client = Raw::send(&receiver.address, beginning);
    client.0.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let start = Instant::now();
    let answer = served_during(&receiver.address, || drip(&mut client, "x"));
    assert!(start.elapsed() < PATIENCE / 3, "{:?}", start.elapsed());
    answer
}

#[test]
fn slow_headers_are_cut_off() {
    let receiver = Receiver::start(short());
    let answer = dripping(&receiver, "POST / HTTP/1.1\r\nhost: x\r\nx-slow: ");
    assert_eq!(answer, "", "no request, no answer");
    eventually("it is told", || !receiver.refused().is_empty());
}

#[test]
fn a_slow_body_is_answered_with_408_and_cut_off() {
    let receiver = Receiver::start(short());
    for headers in ["content-length: 1000000\r\n", "transfer-encoding: chunked\r\n"] {
        let begun = if headers.starts_with('t') { "fffff\r\n" } else { "" };
        let answer = dripping(&receiver, &(head("slow", headers) + begun));
        assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("connection: close"), "{answer}");
        assert!(receiver.refused().iter().any(|line| line.ends_with("the body took too long")));
    }
}

#[test]
fn a_connection_that_is_not_used_again_is_closed_and_is_no_refusal() {
    let receiver = Receiver::start(short());
    let mut used = Raw::send(&receiver.address, webhook("k"));
    let mut unused = Raw::open(&receiver.address);
    let answer = served_during(&receiver.address, || used.rest());
    assert_eq!(answer.matches("HTTP/1.1 200 ").count(), 1, "{answer}");
    assert_eq!(unused.rest(), "");
    assert_eq!(receiver.refused(), [""; 0]);
}

#[test]
fn a_client_that_reads_no_answers_is_cut_off() {
    let limits = Limits { connection_time: Duration::from_secs(1), ..short() };
    let receiver = Receiver::start(limits);
    let mut client = Raw::open(&receiver.address);
    client.0.set_write_timeout(Some(PATIENCE)).unwrap();
    let start = Instant::now();
    served_during(&receiver.address, || {
        let requests = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
        while client.write(&requests) {}
    });
    assert!(start.elapsed() < PATIENCE / 2, "still open after {:?}", start.elapsed());
}

#[test]
fn a_connection_kept_busy_ends_after_an_answer_and_loses_none() {
    let limits = Limits { connection_time: Duration::from_secs(1), header_time: PATIENCE, ..short() };
    let receiver = Receiver::start(limits);
    let mut client = Raw::open(&receiver.address);
    let (mut sent, mut answered) = (0, 0);
    loop {
        if !client.write(webhook("k")) {
            break;
        }
        sent += 1;
        let answer = client.head();
        answered += usize::from(answer.starts_with("HTTP/1.1 200 "));
        if answer.is_empty() || answer.contains("connection: close") {
            break;
        }
    }
    assert!(sent - answered <= 1, "{sent} sent, {answered} answered");
}

#[test]
fn a_stop_does_not_wait_for_those_who_send_nothing() {
    let limits = Limits { header_time: PATIENCE, body_time: PATIENCE, drain_time: PATIENCE, ..short() };
    let mut receiver = Receiver::start(limits);
    let idle: Vec<_> = (0..50).map(|_| Raw::open(&receiver.address)).collect();
    let used: Vec<_> = (0..50)
        .map(|_| {
            let mut client = Raw::send(&receiver.address, webhook("k"));
            client.head();
            client
        })
        .collect();
    let begun: Vec<_> = (0..50).map(|_| Raw::send(&receiver.address, "POST / HTTP/1.1\r\n")).collect();
    let mut sending = Raw::send(&receiver.address, head("k", "content-length: 12\r\n"));
    let address = receiver.address.clone();
    served_during(&address, || ());
    let start = Instant::now();
    let stopping = thread::spawn(move || {
        receiver.stop();
        start.elapsed()
    });
    eventually("no new connections", || std::net::TcpStream::connect(&address).is_err());
    for mut client in [idle, used, begun].into_iter().flatten() {
        client.rest();
    }
    assert!(!stopping.is_finished(), "a request in hand is waited for");
    sending.write(BODY);
    assert!(sending.rest().starts_with("HTTP/1.1 200 "));
    let took = stopping.join().unwrap();
    assert!(took < PATIENCE / 3, "{took:?}");
}
