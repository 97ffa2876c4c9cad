//! What the operator is told of a refusal, and what nobody is told.

use super::client::{BODY, Raw, address, webhook};
use crate::support::program::{Home, SECRET};
use crate::support::sender::signature;

/// A refused webhook: its answer and the line on stderr.
fn refused(signature: &str, body: &str) -> (String, String) {
    let home = Home::new();
    let listener = home.listen(&[]);
    let request = format!(
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-guuru-event: chat-closed\r\n\
         {signature}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = Raw::send(&address(&listener), request).rest();
    (answer, listener.says("refused"))
}

#[test]
fn each_refusal_says_why_on_one_line_and_shows_no_secret() {
    let right = signature(SECRET, BODY.as_bytes());
    let header = |signature: &str| format!("x-guuru-hmac-sha256: {signature}\r\n");
    let spaced = format!("{BODY}\n");
    let cases = [
        (String::new(), BODY, "no X-Guuru-Hmac-Sha256 header"),
        (header(&right).repeat(2), BODY, "more than one X-Guuru-Hmac-Sha256 header"),
        (header(&right[..63]), BODY, "not 64 characters long"),
        (header(&right.replace(|c: char| c.is_ascii_digit(), "g")), BODY, "not lower-case hexadecimal"),
        (header(&signature("another secret", BODY.as_bytes())), BODY, "another secret, or a body altered on its way"),
        (header(&right), spaced.as_str(), "one newline more than what was signed"),
        (header(&right), "{ \"id\": \"c-1\" }", "white space was changed"),
        (header(&signature(&format!("{SECRET}\n"), BODY.as_bytes())), BODY, "white space around the secret"),
    ];
    for (headers, body, reason) in cases {
        let (answer, line) = refused(&headers, body);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(line.starts_with("refused: 127.0.0.1:") && line.contains(": 400 Bad Request: "), "{line}");
        assert!(line.contains(reason), "{reason:?} is not in {line:?}");
        let expected = signature(SECRET, body.as_bytes());
        for text in [answer, line] {
            assert!(!text.contains(SECRET) && !text.contains(&expected), "{text}");
        }
    }
}

#[test]
fn the_sender_is_told_the_same_whether_or_not_the_operator_looks_closer() {
    let (answer, _) = refused(&format!("x-guuru-hmac-sha256: {}\r\n", signature(SECRET, b"{}")), "{}\n");
    assert!(answer.ends_with("another secret, or a body altered on its way\n"), "{answer}");
}

#[test]
fn a_refused_request_cannot_write_into_the_log() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let path = "/\u{9b}2J\u{202e}refused:";
    drop(Raw::send(&address(&listener), webhook("log").replace("POST /", &format!("POST {path}"))).head());
    let line = listener.says("refused");
    assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
}
