//! `guuru trigger` against a real receiver, and against one that looks at every byte.

use std::collections::HashSet;
use std::fs;

use guuru::model::EventKind;
use serde_json::json;

use super::platform::unused_address;
use crate::support::program::{Home, SECRET};
use crate::support::sender::signature;
use crate::support::server::{Answer, Server};

#[test]
fn every_event_of_the_contract_is_taken_by_a_receiver() {
    let home = Home::new();
    let listener = home.listen(&["--requested-expert", "api"]);
    for event in EventKind::ALL.map(EventKind::name) {
        let run = home.run(["trigger", event, "--to", &listener.url, "--chat", "c-7"]).ok();
        let line = listener.line();
        assert_eq!((&line["event"], &line["chatId"], &line["own"]), (&json!(event), &json!("c-7"), &json!(false)));
        let sent = &run.json()[0];
        assert_eq!((&sent["event"], &sent["status"], &sent["id"]), (&json!(event), &json!(200), &line["id"]));
    }
}

#[test]
fn every_documented_event_is_in_the_help_and_among_what_is_known_of_the_platform() {
    let help = Home::new().run(["trigger", "--help"]).ok().stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = include_str!("../../docs/platform.md");
    for event in EventKind::ALL.map(EventKind::name) {
        assert!(help.contains(event) && known.contains(&format!("\n| `{event}` |")), "{event}");
    }
}

#[test]
fn repeated_events_are_told_apart_and_duplicates_are_not() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let trigger = ["trigger", "chat-closed", "--to", &listener.url, "--repeat", "3", "--duplicate"];
    let sent = home.run(trigger).ok().json();
    assert_eq!(sent.as_array().unwrap().len(), 6);
    let ids = |list: &[serde_json::Value]| list.iter().map(|it| it["id"].to_string()).collect::<HashSet<_>>();
    let lines = listener.stop();
    assert_eq!(lines.len(), 3);
    assert_eq!(ids(&lines), ids(sent.as_array().unwrap()));
}

#[test]
fn a_payload_travels_byte_for_byte_with_its_signature() {
    let receiver = Server::always(|_| Answer::new(200, ""));
    let home = Home::new().with("GUURU_WEBHOOK_SECRET", &format!("{SECRET},the old one"));
    let payload = "{\r\n \"id\": \"c-1\", \"n\": 1.500, \"t\": \"\\u00e4 ä\" }\n\n";
    fs::write(home.path().join("body.json"), payload).unwrap();
    for (event, file) in [("chat-closed", "body.json"), ("chat-teleported", "-")] {
        home.run_with(["trigger", event, "--to", &receiver.url(), "--payload", file], payload).ok();
        let request = receiver.requests().pop().unwrap();
        assert_eq!(request.body, payload.as_bytes());
        assert_eq!(request.method, "POST");
        assert_eq!(request.header("x-guuru-event"), Some(event));
        assert_eq!(request.header("x-guuru-hmac-sha256"), Some(signature(SECRET, payload.as_bytes()).as_str()));
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert!(request.header("idempotency-key").is_some());
    }
}

#[test]
fn what_cannot_be_sent_is_a_usage_error() {
    let home = Home::new();
    home.run(["trigger", "chat-teleported"]).failed(2, "give its body with --payload FILE");
    home.run(["trigger", "chat-asigned"]).failed(2, "hint: did you mean `chat-assigned`?");
    home.run(["trigger", "chat-closed", "--payload", "missing"]).failed(2, "cannot read the payload from missing");
    home.run(["trigger", "chat-closed", "--repeat", "0"]).failed(2, "--repeat");
    home.run(["trigger", "chat-closed", "--to", "127.0.0.1"]).failed(2, "--to");
    home.run(["trigger", "chat-closed", "--to", "ftp://127.0.0.1/"]).failed(2, "want an http or https address");
    home.run(["trigger", "chat\nclosed", "--payload", "/dev/null"]).failed(2, "header value");
    home.run(["trigger", "chat-closed", "--timeout", "0"]).failed(2, "no time at all");
}

#[test]
fn a_payload_too_large_is_not_sent_in_part() {
    let home = Home::new();
    let file = fs::File::create(home.path().join("large")).unwrap();
    file.set_len(64 * 1024 * 1024 + 1).unwrap();
    let receiver = Server::script([]);
    home.run(["trigger", "chat-closed", "--to", &receiver.url(), "--payload", "large"])
        .failed(2, "the payload from large is longer than 67108864 bytes");
}

#[test]
fn a_receiver_that_is_not_there_is_unavailable() {
    let to = format!("http://{}/", unused_address());
    let run = Home::new().run(["trigger", "chat-closed", "--to", &to]).failed(5, &format!("to {to}: "));
    assert!(run.stderr.contains("\nhint: is a receiver"), "{run:?}");
}

#[test]
fn a_receiver_that_refuses_says_why() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let stranger = Home::new().with("GUURU_WEBHOOK_SECRET", "another secret");
    let run = stranger.run(["trigger", "chat-closed", "--to", &listener.url]).failed(4, "HTTP 400");
    assert!(run.stderr.contains("hint: has the receiver the same webhook secret"), "{run:?}");
    let to = format!("{}elsewhere", listener.url);
    home.run(["trigger", "chat-closed", "--to", &to]).failed(4, "HTTP 404");
    let busy = Server::always(|_| Answer::new(503, "later\u{1b}[2J"));
    home.run(["trigger", "chat-closed", "--to", &busy.url()]).failed(5, "later\\u{1b}[2J");
}
