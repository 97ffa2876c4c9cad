//! `GET /healthz` and `GET /metrics`, as a monitoring system and a stranger meet them.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::program::{Home, Listener, eventually, skip};
use crate::support::sender::Sender;
use reqwest::blocking::Response;
use serde_json::{Value, json};

fn get(listener: &Listener, path: &str, headers: &[(&str, &str)]) -> Response {
    let client = guuru::http::builder().no_proxy().build().unwrap();
    let mut request = client.get(format!("{}{path}", listener.url.trim_end_matches('/')));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().unwrap()
}

fn metrics(listener: &Listener) -> String {
    let response = get(listener, "/metrics", &[("accept", "application/openmetrics-text; version=1.0.0")]);
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    response.text().unwrap()
}

/// The whole part of a metric's value.
fn metric(text: &str, name: &str) -> i64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("no {name} in {text}")).split('.').next().unwrap().parse().unwrap()
}

#[test]
fn deliveries_are_counted_by_event_and_outcome() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for key in ["k-1", "k-2", "k-1"] {
        assert_eq!(sender.assign(key, "c-1"), Some(200));
    }
    for n in 0..3 {
        let event = format!("made-up-{n}");
        assert_eq!(sender.send(&event, &format!("k-{event}"), &json!({})), Some(200));
        assert_eq!(sender.unsigned(&event, "k", "{}").send().unwrap().status(), 400);
    }
    let text = metrics(&listener);
    for (labels, count) in [
        ("event=\"chat-assigned\",outcome=\"stored\"", 2),
        ("event=\"chat-assigned\",outcome=\"duplicate\"", 1),
        ("event=\"chat-rated\",outcome=\"stored\"", 0),
        ("event=\"other\",outcome=\"stored\"", 3),
        ("event=\"unknown\",outcome=\"refused\"", 3),
    ] {
        assert_eq!(metric(&text, &format!("guuru_deliveries_total{{{labels}}}")), count, "{labels}");
    }
    assert!(!text.contains("made-up"), "a sender makes no labels: {text}");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn the_store_and_its_consumers_are_measured() {
    let home = Home::new();
    home.listen(&["--consumer", "behind"]).stop();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for n in 0..3 {
        assert_eq!(sender.assign(&format!("k-{n}"), "c-1"), Some(200));
    }
    eventually("the consumer has caught up", || {
        metric(&metrics(&listener), "guuru_consumer_lag_events{consumer=\"default\"}") == 0
    });
    let text = metrics(&listener);
    assert_eq!(metric(&text, "guuru_consumer_lag_events{consumer=\"behind\"}"), 3);
    assert!(metric(&text, "guuru_consumer_oldest_seconds{consumer=\"behind\"}") < 60);
    assert_eq!(metric(&text, "guuru_inbox_events"), 3);
    assert!(metric(&text, "guuru_inbox_bytes") > 4096);
    assert_eq!(metric(&text, "guuru_store_writable"), 1);
    assert_eq!(metric(&text, "guuru_commit_seconds_count"), 3);
    assert_eq!(metric(&text, "guuru_commit_events_sum"), 3);
    assert!(metric(&text, "guuru_connections") >= 1);
}

#[test]
fn a_stranger_learns_whether_it_works_and_no_more() {
    let home = Home::new();
    let listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    let health = |headers: &[(&str, &str)]| get(&listener, "/healthz", headers).json::<Value>().unwrap();
    eventually("it has seen the event", || health(&[])["consumers"][0]["lagEvents"] == 0);
    let inside = health(&[]);
    assert_eq!(inside["storeWritable"], true);
    assert!(inside["newestEventAgeSeconds"].as_i64().unwrap() < 60);
    assert_eq!(inside["consumers"][0]["name"], "default");
    for header in [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")] {
        assert_eq!(health(&[header]), json!({"storeWritable": true, "storeReadable": true}));
        let response = get(&listener, "/metrics", &[header]);
        assert_eq!((response.status().as_u16(), response.text().unwrap()), (404, "no such path /metrics\n".into()));
    }
}

#[test]
fn a_page_whose_name_means_this_machine_is_a_stranger() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let near = ["localhost:8787", "127.0.0.1", "[::1]:8787"];
    for (host, is_near) in
        near.map(|host| (host, true)).into_iter().chain([("evil.example:8787", false), ("10.0.0.1", false)])
    {
        let headers = [("host", host)];
        let status = get(&listener, "/metrics", &headers).status().as_u16();
        assert_eq!(status, if is_near { 200 } else { 404 }, "{host}");
        let health = get(&listener, "/healthz", &headers).json::<Value>().unwrap();
        assert_eq!(health["storeWritable"], true, "{host}");
        assert_eq!(health.get("consumers").is_some(), is_near, "{host}: {health}");
    }
}

#[test]
fn what_watches_the_receiver_can_only_be_read() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let client = guuru::http::builder().no_proxy().build().unwrap();
    for path in ["healthz", "metrics"] {
        let url = format!("{}{path}", listener.url);
        for method in ["OPTIONS", "POST", "DELETE"] {
            let response = client.request(method.parse().unwrap(), &url).send().unwrap();
            assert_eq!(
                (response.status().as_u16(), &response.headers()["allow"]),
                (405, &"GET, HEAD".parse().unwrap())
            );
        }
        assert_eq!(client.head(&url).send().unwrap().status(), 200);
    }
    let response = client.get(&listener.url).send().unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["allow"]), (405, &"POST".parse().unwrap()));
}

#[test]
fn a_scraper_that_wants_the_older_text_gets_it_and_its_lint_finds_nothing() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    for headers in [&[][..], &[("accept", "text/plain;version=0.0.4;q=0.9,*/*;q=0.1")]] {
        let response = get(&listener, "/metrics", headers);
        assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(response.headers()["vary"], "accept");
        let text = response.text().unwrap();
        assert!(text.contains("# TYPE guuru_deliveries_total counter\n") && !text.contains("# EOF"), "{text}");
        assert_eq!(metric(&text, "guuru_deliveries_total{event=\"chat-assigned\",outcome=\"stored\"}"), 1);
        let lint =
            Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let Ok(mut lint) = lint else { return skip("promtool is not installed") };
        lint.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let found = lint.wait_with_output().unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    }
}

#[test]
fn a_store_that_cannot_be_written_is_noticed_before_a_webhook_comes() {
    let home = Home::new();
    let listener = home.listen(&[]);
    assert_eq!(get(&listener, "/healthz", &[]).status(), 200);
    let blocker = rusqlite::Connection::open(home.store()).unwrap();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    eventually("it is not well", || get(&listener, "/healthz", &[]).status() == 503);
    let text = metrics(&listener);
    assert_eq!(metric(&text, "guuru_store_writable"), 0);
    listener.says("cannot write the store");
    drop(blocker);
    eventually("it is well again", || get(&listener, "/healthz", &[]).status() == 200);
    listener.says("the store can be written again");
}
