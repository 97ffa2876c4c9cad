//! Requests that lie about where they end, and requests that are odd and right.

use std::time::Instant;

use guuru::webhook::Limits;
use proptest::prelude::*;

use super::client::{BODY, Raw, address, deliver, head, served_during, webhook};
use super::receiver::{Receiver, short};
use crate::support::program::{Home, PATIENCE};

/// Requests after which nothing on the connection may be taken for another request.
fn broken() -> Vec<(&'static str, String)> {
    let length = |value: &str| format!("{}{BODY}", head("broken", &format!("content-length: {value}\r\n")));
    let chunked = |body: &str| format!("{}{body}", head("broken", "transfer-encoding: chunked\r\n"));
    let both = |first: &str, second: &str| format!("{}0\r\n\r\n", head("broken", &format!("{first}\r\n{second}\r\n")));
    let (cl, te) = ("content-length: 5", "transfer-encoding: chunked");
    vec![
        ("a length that is no number", length("abc")),
        ("a negative length", length("-1")),
        ("a length with a sign", length("+12")),
        ("a list of lengths", length("12, 13")),
        ("a length beyond all numbers", length("99999999999999999999999")),
        ("two lengths", length("12\r\ncontent-length: 13")),
        ("the length before the chunks", both(cl, te)),
        ("the chunks before the length", both(te, cl)),
        ("an encoding that is not chunked", length("12\r\ntransfer-encoding: gzip")),
        ("chunked that is not last", head("broken", "transfer-encoding: chunked, gzip\r\n")),
        ("chunked misspelt", head("broken", "transfer-encoding: xchunked\r\n")),
        ("chunks in HTTP/1.0", chunked("0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0")),
        ("a chunk size that is no number", chunked("zz\r\n")),
        ("a chunk size beyond all numbers", chunked("fffffffffffffffff\r\n")),
        ("a chunk that is longer than it says", chunked(&format!("2\r\n{BODY}\r\n0\r\n\r\n"))),
        ("a flood of chunk extensions", chunked(&format!("c;{}\r\n{BODY}\r\n0\r\n\r\n", "x=y;".repeat(8192)))),
        ("a flood of trailers", chunked(&format!("c\r\n{BODY}\r\n0\r\n{}\r\n", "x: y\r\n".repeat(8192)))),
        ("a blank before the colon", length("12").replace("content-length:", "content-length :")),
        ("a folded header", head("broken", "x-folded: a\r\n b\r\ncontent-length: 0\r\n")),
        ("a null byte in a header", head("broken", "x-null: a\0b\r\n")),
        ("a null byte in the path", webhook("broken").replace("POST /", "POST /\0")),
        ("a null byte in the method", webhook("broken").replace("POST", "PO\0ST")),
        ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into()),
        ("another version", webhook("broken").replace("HTTP/1.1", "HTTP/2.0")),
        ("no version", "GET /\r\n\r\n".into()),
        ("the beginning of TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}".into()),
        ("too many headers", head("broken", &"x: y\r\n".repeat(1000))),
        ("a header that is too large", head("broken", &format!("x: {}\r\n", "y".repeat(64 * 1024)))),
        ("a path that is too long", webhook("broken").replace("POST /", &format!("POST /{}", "y".repeat(70_000)))),
        ("a length that never comes", length("100000000000000")),
    ]
}

#[test]
fn no_request_hides_behind_one_with_bad_framing() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    served_during(&address, || {
        for (what, request) in broken() {
            let answer = Raw::send(&address, request + &webhook("hidden")).rest();
            assert!(!answer.contains("HTTP/1.1 200"), "{what}: {answer}");
            assert!(answer.matches("HTTP/1.1").count() <= 1, "{what}: {answer}");
        }
    });
    for line in listener.stop() {
        assert!(line["id"].as_str().unwrap().starts_with("good-"), "{line}");
    }
}

#[test]
fn both_lengths_at_once_end_the_connection_even_where_the_chunks_are_right() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let chunks = format!("c\r\n{BODY}\r\n0\r\n\r\n");
    let request = head("both", &format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", chunks.len()));
    let answer = Raw::send(&address(&listener), request + &chunks + &webhook("hidden")).rest();
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    assert!(listener.stop().iter().all(|line| line["id"] != "hidden"));
}

#[test]
fn a_client_that_closes_its_side_after_a_request_is_answered() {
    let receiver = Receiver::start(Limits { header_time: PATIENCE, body_time: PATIENCE, ..short() });
    for n in 0..20 {
        let mut client = Raw::send(&receiver.address, webhook(&format!("k-{n}")));
        client.end();
        let answer = client.rest();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer:?}");
    }
    let start = Instant::now();
    for begun in ["", "POST / HTTP/1.1\r\nhost: x\r\n", &head("k", "content-length: 12\r\n")] {
        let mut client = Raw::send(&receiver.address, begun);
        client.end();
        assert!(!client.rest().contains(" 200 "));
    }
    assert!(start.elapsed() < PATIENCE / 3, "{:?}", start.elapsed());
}

#[test]
fn a_body_that_ends_early_is_not_stored() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    for headers in ["content-length: 13\r\n", "transfer-encoding: chunked\r\n"] {
        let body = if headers.starts_with('t') { format!("c\r\n{BODY}\r\n") } else { BODY.to_owned() };
        let mut client = Raw::send(&address, head("early", headers) + &body);
        client.end();
        let answer = client.rest();
        assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
        let line = listener.says("refused");
        assert!(line.contains("the body did not come in whole"), "{line}");
    }
    deliver(&address);
    assert_eq!(listener.stop().len(), 1);
}

#[test]
fn odd_and_legal_requests_are_taken() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = address(&listener);
    let good = webhook("odd");
    let chunked = |chunks: &str| head("odd", "transfer-encoding: chunked\r\n") + chunks;
    let once = ["absolute", "query", "spelt", "leading", "1.0", "1.0 hostless", "chunks", "extension", "trailer"];
    let requests = [
        good.replace("POST / ", "POST http://example.com/ "),
        good.replace("POST / ", "POST /?from=guuru "),
        good.replace("content-type: application/json", "CONTENT-TYPE:Application/JSON ; charset=UTF-8"),
        format!("\r\n{good}"),
        good.replace("HTTP/1.1", "HTTP/1.0"),
        good.replace("HTTP/1.1", "HTTP/1.0").replace("host: x\r\n", ""),
        chunked(&format!("2\r\n{}\r\nA\r\n{}\r\n0\r\n\r\n", &BODY[..2], &BODY[2..])),
        chunked(&format!("c;name=value\r\n{BODY}\r\n0\r\n\r\n")),
        chunked(&format!("c\r\n{BODY}\r\n0\r\nx-trailer: y\r\n\r\n")),
    ];
    for (what, request) in once.iter().zip(requests) {
        let mut client = Raw::send(&address, request.replace("-key: odd", &format!("-key: {what}")));
        let answer = client.head();
        assert!(answer.contains(" 200 "), "{what}: {answer}");
    }
    let mut expecting = Raw::send(&address, head("expect", "content-length: 12\r\nexpect: 100-continue\r\n"));
    assert!(expecting.head().starts_with("HTTP/1.1 100 "));
    expecting.write(BODY);
    assert!(expecting.head().starts_with("HTTP/1.1 200 "));
    let ids: Vec<_> = listener.stop().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, [&once[..], &["expect"]].concat());
}

#[test]
fn a_request_without_a_host_or_with_two_is_refused() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let good = webhook("host");
    for (host, reason) in [("", "no Host header"), ("host: a\r\nhost: b\r\n", "more than one Host header")] {
        let answer = Raw::send(&address(&listener), good.replace("host: x\r\n", host)).head();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(listener.says("refused").ends_with(reason));
    }
}

#[test]
fn a_path_that_only_looks_like_the_right_one_is_not_found() {
    let home = Home::new();
    let listener = home.listen(&["--path", "/hook"]);
    let address = address(&listener).replace("/hook", "");
    for path in ["/", "//hook", "/hook/", "/%68ook", "/x/../hook", "/./hook", "/hook%00", "/HOOK", "*", "http://h"] {
        let answer = Raw::send(&address, webhook("path").replace("POST /", &format!("POST {path}"))).head();
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    let answer = Raw::send(&address, webhook("path").replace("POST /", "POST http://h/hook")).head();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn who_sends_too_much_can_still_read_why_it_was_refused() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let address = address(&listener);
    served_during(&address, || {
        let large = "x".repeat(8 * 1024 * 1024);
        for headers in [format!("content-length: {}\r\n", large.len()), "transfer-encoding: chunked\r\n".into()] {
            let chunk = if headers.starts_with('t') { format!("{:x}\r\n", large.len()) } else { String::new() };
            let mut client = Raw::send(&address, head("large", &headers) + &chunk);
            assert!(client.write(&large), "the connection was reset");
            let answer = client.rest();
            assert!(answer.starts_with("HTTP/1.1 413 ") && answer.ends_with("(--max-body)\n"), "{answer:?}");
        }
        let mut client = Raw::open(&address);
        assert!(client.write(head("large", &format!("x: {large}\r\n"))), "the connection was reset");
        let answer = client.rest();
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer:?}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_hurt_the_receiver(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                Just(webhook("fuzz").into_bytes()),
                Just(head("fuzz", "transfer-encoding: chunked\r\n").into_bytes()),
                Just(b"POST / HTTP/1.1\r\n".to_vec()),
                Just(b"content-length: 7\r\n".to_vec()),
                Just(b"\r\n\r\n".to_vec()),
                Just(b"0\r\n\r\n".to_vec()),
            ],
            0..6,
        )
    ) {
        static RECEIVER: std::sync::LazyLock<Receiver> = std::sync::LazyLock::new(|| Receiver::start(short()));
        let mut client = Raw::send(&RECEIVER.address, pieces.concat());
        client.end();
        client.rest();
        deliver(&RECEIVER.address);
    }
}
