//! `guuru listen --forward-to` as the receiver behind it and an operator meet it.

use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::program::{Home, SECRET, eventually};
use crate::support::sender::{Sender, signature};
use crate::support::server::{Answer, Request, Server, reply, step};
use guuru::store::Store;
use serde_json::Value;

/// What is set aside: seq and reason.
fn failed(home: &Home) -> Vec<(i64, String)> {
    let failed = Store::open(&home.store()).unwrap().failed(None).unwrap();
    failed.into_iter().map(|failed| (failed.seq, failed.reason)).collect()
}

/// The idempotency keys of the requests, in their order.
fn keys(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| request.header("idempotency-key").unwrap()).collect()
}

#[test]
fn a_receiver_can_check_the_signature_itself() {
    let home = Home::new();
    let receiver = Server::script([reply(Answer::new(204, ""))]);
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "1"]);
    let body = "{\n \"id\" : \"c-1\",\t\"z\": 1.500, \"text\": \"\\u00e4 ä\" }\r\n";
    let request = Sender::new(&listener.url)
        .request("chat-assigned", "key-1", body)
        .header("user-agent", "GUURU/7")
        .header("x-trace", "one")
        .header("x-trace", "two");
    assert_eq!(request.send().unwrap().status(), 200);
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(listener.rest(), [] as [Value; 0], "stdout is for data");
    let request = receiver.requests().remove(0);
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/graphql"));
    assert_eq!(request.body, body.as_bytes());
    assert_eq!(request.header("x-guuru-hmac-sha256"), Some(signature(SECRET, &request.body).as_str()));
    for (name, value) in [
        ("x-guuru-event", "chat-assigned"),
        ("idempotency-key", "key-1"),
        ("content-type", "application/json"),
        ("user-agent", "GUURU/7"),
        ("x-trace", "one"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    let host = receiver.url();
    assert_eq!(request.header("host"), host.trim_start_matches("http://").split('/').next(), "the receiver's own");
    assert_eq!(request.header("accept-encoding"), None);
}

#[test]
fn a_busy_receiver_is_tried_again_and_holds_back_one_chat_alone() {
    let home = Home::new();
    let turned_away = Mutex::new(Vec::new());
    let receiver = Server::always(move |request| {
        let key = request.header("idempotency-key").unwrap().to_owned();
        let mut turned_away = turned_away.lock().unwrap();
        if key.starts_with('5') && !turned_away.contains(&key) {
            let status = key[..3].parse().unwrap();
            turned_away.push(key);
            return Answer::new(status, "not now");
        }
        Answer::new(200, "")
    });
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "3"]);
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.assign("503", "a"), sender.assign("k-2", "a")), (Some(200), Some(200)));
    let line = listener.says("is tried again in");
    assert!(line.contains("event 1 (chat-assigned, chat a)") && line.ends_with("HTTP 503"), "{line}");
    assert_eq!(sender.assign("k-3", "b"), Some(200));
    assert_eq!(listener.wait().code(), Some(0));
    let requests = receiver.requests();
    let keys = keys(&requests);
    let of_a: Vec<_> = keys.iter().filter(|key| **key != "k-3").collect();
    assert_eq!(of_a, [&"503", &"503", &"k-2"]);
    assert_eq!(requests[0].body, requests[keys.iter().rposition(|key| *key == "503").unwrap()].body);
    assert_eq!(failed(&home), []);
}

#[test]
fn every_status_that_asks_for_another_try_gets_one() {
    let home = Home::new();
    let busy = [429, 500, 503, 599];
    let receiver = Server::script(busy.iter().map(|status| reply(Answer::new(*status, ""))).chain([
        reply(Answer::new(200, "")),
        reply(Answer::new(200, "")),
        reply(Answer::new(200, "")),
        reply(Answer::new(200, "")),
    ]));
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--jobs", "1", "--count", "4"]);
    let sender = Sender::new(&listener.url);
    for n in 0..busy.len() {
        assert_eq!(sender.assign(&format!("k-{n}"), &format!("c-{n}")), Some(200));
    }
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(failed(&home), []);
}

#[test]
fn a_receiver_that_is_down_gets_everything_in_order_once_it_is_up() {
    let home = Home::new();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut listener = home.listen(&["--forward-to", &format!("http://{address}/hook"), "--count", "3"]);
    let sender = Sender::new(&listener.url);
    for n in 1..=3 {
        assert_eq!(sender.assign(&format!("k-{n}"), "a"), Some(200));
    }
    let line = listener.says("is tried again in");
    assert!(line.contains("connection refused"), "{line}");
    let receiver = Server::script_at(address, (0..3).map(|_| reply(Answer::new(200, ""))));
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(keys(&receiver.requests()), ["k-1", "k-2", "k-3"]);
}

#[test]
fn a_receiver_that_hangs_up_is_tried_again() {
    let home = Home::new();
    let receiver = Server::script([step(|connection| drop(connection.read())), reply(Answer::new(200, ""))]);
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "1"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(keys(&receiver.requests()), ["k-1", "k-1"]);
}

#[test]
fn a_refusal_or_a_redirect_sets_the_event_aside_and_the_chat_goes_on() {
    let home = Home::new();
    let receiver = Server::script([
        reply(Answer::new(400, "no")),
        reply(Answer::new(302, "").header("Location", "http://127.0.0.1:1/")),
        reply(Answer::new(200, "")),
    ]);
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "3"]);
    let sender = Sender::new(&listener.url);
    for n in 1..=3 {
        assert_eq!(sender.assign(&format!("k-{n}"), "a"), Some(200));
    }
    let line = listener.says("is set aside");
    assert!(line.contains("event 1 (chat-assigned, chat a) is set aside: HTTP 400"), "{line}");
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(failed(&home), [(1, "HTTP 400".to_owned()), (2, "HTTP 302".to_owned())]);
}

#[test]
fn a_slow_receiver_holds_up_one_chat_alone() {
    let home = Home::new();
    let (go, wait) = channel::<()>();
    let slow = step(move |connection| {
        connection.read();
        wait.recv().unwrap();
        connection.answer(&Answer::new(200, ""));
    });
    let receiver = Server::script([slow, reply(Answer::new(200, "")), reply(Answer::new(200, ""))]);
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "3"]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("k-1", "a"), Some(200));
    eventually("the first is on its way", || receiver.requests().len() == 1);
    assert_eq!((sender.assign("k-2", "a"), sender.assign("k-3", "b")), (Some(200), Some(200)));
    listener.says("event 3 (chat-assigned, chat b) is done");
    assert_eq!(keys(&receiver.requests()), ["k-1", "k-3"]);
    go.send(()).unwrap();
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(keys(&receiver.requests()), ["k-1", "k-3", "k-2"]);
}

#[test]
fn a_receiver_that_asks_for_a_pause_gets_it() {
    let home = Home::new();
    let receiver =
        Server::script([reply(Answer::new(429, "").header("Retry-After", "2")), reply(Answer::new(200, ""))]);
    let mut listener = home.listen(&["--forward-to", &receiver.url(), "--count", "1"]);
    let sent = Instant::now();
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    assert_eq!(listener.wait().code(), Some(0));
    assert!(sent.elapsed() >= Duration::from_secs(2), "{:?}", sent.elapsed());
}
