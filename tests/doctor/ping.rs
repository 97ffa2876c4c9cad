//! The ping from outside: who answers it, what becomes of it, and what is said where it does not come back.

use serde_json::Value;

use super::examined::{Examined, examine};
use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::sender::{Sender, signature};
use crate::support::server::{Answer, Server, reply};

/// Nobody listens there: the platform has no part in this.
const NOWHERE: &str = "http://127.0.0.3:9/graphql";

fn home(secrets: &str) -> Home {
    Home::bare().with("GUURU_ENDPOINT", NOWHERE).with("GUURU_TOKEN", TOKEN).with("GUURU_WEBHOOK_SECRET", secrets)
}

fn ping(home: &Home, url: &str) -> Examined {
    examine(home, &["--public-url", url])
}

const ARRIVED: &str = "came back from the receiver";

#[test]
fn a_ping_comes_back_from_listen_and_bridge_and_nothing_is_kept_of_it() {
    let home = home(SECRET);
    let mut listener = home.listen(&["--path", "/webhooks"]);
    ping(&home, &listener.url).says("public-url", "warning", ARRIVED);
    ping(&home, &listener.url).says("public-url", "warning", "no address that the platform can reach");
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    assert_eq!(listener.line()["seq"], 1, "a ping was kept");
    let metrics = guuru::http::builder()
        .build()
        .unwrap()
        .get(listener.url.replace("webhooks", "metrics"))
        .send()
        .unwrap()
        .text()
        .unwrap();
    assert!(metrics.contains("guuru_deliveries_total{event=\"chat-assigned\",outcome=\"stored\"} 1\n"), "{metrics}");
    assert!(metrics.contains("guuru_deliveries_total{event=\"unknown\",outcome=\"refused\"} 0\n"), "{metrics}");
    assert_eq!(listener.stop().len(), 0);
    let bridge = home.bridge(&["--", "cat"]);
    ping(&home, &bridge.url).says("public-url", "warning", ARRIVED);
}

#[test]
fn every_secret_of_a_rotation_is_tried() {
    let receiver = home(&format!("new {SECRET},{SECRET}"));
    let listener = receiver.listen(&[]);
    ping(&home(&format!("{SECRET},new {SECRET}")), &listener.url).says("public-url", "warning", ARRIVED);
    let other = ping(&home(&format!("{SECRET},another {SECRET}")), &listener.url);
    other.says("public-url", "failed", "HTTP 400");
    other.says("public-url", "failed", "has the receiver there the webhook secret 2 of this profile?");
}

#[test]
fn a_receiver_that_does_not_check_signatures_is_reported() {
    let home = home(SECRET);
    let mut listener = home.listen(&["--insecure-no-verify"]);
    ping(&home, &listener.url).says("public-url", "failed", "takes anything, signed or not");
    assert_eq!(listener.stop().len(), 0, "a ping was kept");
}

#[test]
fn another_server_that_answers_is_recognized() {
    for (answer, words) in [
        (Answer::new(200, "OK"), "something else than `guuru listen`"),
        (Answer::new(200, r#"{"pong":"0000"}"#), "something else than `guuru listen`"),
        (Answer::new(302, "").header("Location", "https://else.example/"), "it redirects to https://else.example/"),
        (Answer::new(400, "no"), "HTTP 400: no"),
        (Answer::new(403, ""), "must let the platform's webhooks through"),
        (Answer::new(404, ""), "--path of the receiver"),
        (Answer::new(502, "<h1>Bad\u{1b} Gateway</h1>"), "<h1>Bad\\u{1b} Gateway"),
        (Answer::new(502, ""), "is `guuru listen` running"),
        (Answer::new(418, ""), "docs/interface.md"),
    ] {
        let server = Server::script([reply(answer)]);
        let examined = ping(&home(SECRET), &server.url());
        assert_eq!(examined.code, Some(1));
        examined.says("public-url", "failed", words);
    }
    ping(&home(SECRET), "http://127.0.0.3:9/").says("public-url", "failed", "TCP: no connection to 127.0.0.3:9");
    ping(&Home::bare().with("GUURU_ENDPOINT", NOWHERE), NOWHERE).says("public-url", "skipped", "see webhook-secret");
    home(SECRET).run(["doctor", "--public-url", "chat.example.com"]).failed(2, "--public-url");
}

#[test]
fn a_ping_is_refused_by_a_receiver_that_knows_none_and_cannot_be_sent_again_as_an_event() {
    let server = Server::script([reply(Answer::new(400, ""))]);
    ping(&home(SECRET), &server.url()).says("public-url", "failed", "or it is an older guuru");
    let [captured] = &server.requests()[..] else { panic!("one request") };
    let (header, body) =
        (|name| captured.header(name).unwrap().to_owned(), String::from_utf8(captured.body.clone()).unwrap());
    assert_ne!(header("x-guuru-hmac-sha256"), signature(SECRET, body.as_bytes()), "an older receiver would keep it");
    let home = home(SECRET);
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let send = |event: &str| {
        let request = sender.unsigned(event, "k", &body).header("x-guuru-hmac-sha256", header("x-guuru-hmac-sha256"));
        let response = request.send().unwrap();
        (response.status().as_u16(), response.text().unwrap())
    };
    let (status, answer) = send("guuru-doctor-ping");
    assert_eq!(status, 200, "the same ping again is the same answer again");
    assert_eq!(send("guuru-doctor-ping"), (200, answer));
    assert_eq!(send("chat-assigned").0, 400);
    assert_eq!(listener.stop(), [Value::Null; 0]);
}

#[test]
fn an_event_of_that_name_that_is_signed_as_one_is_kept() {
    let home = home(SECRET);
    let listener = home.listen(&[]);
    let body = serde_json::json!({"id": "c-1"});
    assert_eq!(Sender::new(&listener.url).send("guuru-doctor-ping", "k", &body), Some(200));
    assert_eq!(listener.line()["event"], "guuru-doctor-ping", "the platform may call an event as it likes");
}

#[test]
fn a_proxy_that_rewrites_the_body_is_noticed() {
    let home = home(SECRET);
    let listener = home.listen(&[]);
    let upstream = listener.url.clone();
    let proxy = Server::always(move |request| {
        let minified = serde_json::to_string(&request.json()).unwrap();
        let mut request_on = guuru::http::builder().build().unwrap().post(&upstream).body(minified);
        for name in ["content-type", "x-guuru-event", "x-guuru-hmac-sha256", "idempotency-key"] {
            request_on = request_on.header(name, request.header(name).unwrap());
        }
        Answer::new(request_on.send().unwrap().status().as_u16(), "")
    });
    ping(&home, &proxy.url()).says("public-url", "failed", "something on the way changes the body");
}
