//! Events that were set aside: found again, and handled again.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::support::program::Home;
use crate::support::sender::Sender;
use crate::support::server::{Answer, Server, reply};
use serde_json::Value;

/// A home in which a handler set aside events 1 and 3 of three.
fn home() -> Home {
    let home = Home::new();
    let handler = "test $GUURU_SEQ = 2";
    let mut listener = home.listen(&["--exec", handler, "--count", "3"]);
    let sender = Sender::new(&listener.url);
    for n in 1..=3 {
        assert_eq!(sender.message(&format!("k-{n}"), "c-1", "Hello?"), Some(200));
    }
    assert!(listener.wait().success());
    home
}

fn failed(home: &Home) -> Vec<i64> {
    let list = home.run(["events", "list", "--failed", "-o", "json"]).ok().json();
    list.as_array().unwrap().iter().map(|event: &Value| event["seq"].as_i64().unwrap()).collect()
}

#[test]
fn what_was_set_aside_is_listed_with_the_reason() {
    let home = home();
    assert_eq!(failed(&home), [1, 3]);
    let table = home.run(["events", "list", "--failed", "-o", "table"]).ok().stdout;
    assert!(table.contains("exit code 1 (default, attempt 1)"), "{table}");
    assert_eq!(table.lines().count(), 3, "{table}");
}

#[test]
fn a_replay_that_succeeds_takes_an_event_back() {
    let home = home();
    let run = home.run(["events", "replay", "--failed", "--exec", "echo again $GUURU_SEQ; test $GUURU_SEQ = 1"]);
    let run = run.failed(1, "1 of 2 events are not done");
    assert!(run.stderr.contains("again 1") && run.stderr.contains("again 3"), "{run:?}");
    assert!(run.stderr.contains("event 3 is not done: exit code 1"), "{run:?}");
    assert_eq!(failed(&home), [3]);
    home.run(["events", "replay", "3", "--exec", "true"]).ok();
    assert!(failed(&home).is_empty());
}

#[test]
fn a_replay_to_a_receiver_sends_the_request_as_it_came() {
    let home = home();
    let receiver = Server::script([reply(Answer::new(503, "")), reply(Answer::new(200, ""))]);
    let run = home.run(["events", "replay", "--failed", "--forward-to", &receiver.url()]);
    run.failed(1, "event 1 is not done: HTTP 503");
    assert_eq!(failed(&home), [1]);
    let requests = receiver.requests();
    assert_eq!(requests[1].header("idempotency-key"), Some("k-3"));
    let signature = crate::support::sender::signature(crate::support::program::SECRET, &requests[1].body);
    assert_eq!(requests[1].header("x-guuru-hmac-sha256"), Some(signature.as_str()));
}

#[test]
fn an_interrupted_replay_leaves_nothing_running_and_nothing_taken_back() {
    let home = home();
    let script = "echo $$ >pid; sleep 60";
    let mut child = home.command(["events", "replay", "1", "--exec", script]).spawn().unwrap();
    let pid = home.path().join("pid");
    crate::support::program::eventually("the handler runs", || {
        std::fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n'))
    });
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&child.wait().unwrap()), Some(2));
    let handler = std::fs::read_to_string(&pid).unwrap();
    crate::support::program::eventually("the handler has ended", || {
        !std::path::Path::new(&format!("/proc/{}", handler.trim())).exists()
    });
    assert_eq!(failed(&home), [1, 3]);
}

#[test]
fn an_event_is_not_set_aside_because_nobody_reads_what_its_handler_says() {
    let home = Home::new();
    let handler = "echo noise; echo noise >&2; echo $GUURU_SEQ >>done";
    let mut command = home.command(["listen", "--addr", "127.0.0.1:0", "--exec", handler, "--count", "1"]);
    let mut child = command.spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    let url = said.trim().strip_prefix("listening on ").expect(&said);
    assert_eq!(Sender::new(url).assign("k", "c-1"), Some(200));
    assert!(child.wait().unwrap().success());
    assert_eq!(failed(&home), [] as [i64; 0]);
    assert_eq!(fs::read_to_string(home.path().join("done")).unwrap(), "1\n");
}
