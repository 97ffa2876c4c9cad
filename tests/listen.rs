//! `guuru listen` as a sender, a reader and an operator meet it.

use std::collections::HashSet;
use std::fs;
use std::process::{Child, Command};
use std::thread;
use std::time::Instant;

use crate::support::program::{Home, PATIENCE, eventually, read_lines, skip};
use crate::support::sender::{Sender, signature};
use serde_json::{Value, json};

fn seqs(lines: &[Value]) -> Vec<i64> {
    lines.iter().map(|line| line["seq"].as_i64().unwrap()).collect()
}

#[test]
fn an_event_becomes_one_line_with_its_payload_as_it_came() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let body = "{\n  \"z\": 1.500, \"id\": \"c-1\", \"text\": \"\\u00e4 \"\n}";
    let response = sender.request("chat-assigned", "key-1", body).send().unwrap();
    assert_eq!(response.status(), 200);
    let line = listener.line();
    assert_eq!(line["seq"], 1);
    assert_eq!(line["id"], "key-1");
    assert_eq!(line["event"], "chat-assigned");
    assert_eq!(line["chatId"], "c-1");
    assert_eq!(line["own"], false);
    assert!(line["receivedAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(line["payload"].to_string(), serde_json::from_str::<Value>(body).unwrap().to_string());
    assert_eq!(listener.stop(), [] as [Value; 0]);
}

#[test]
fn an_odd_body_is_understood_stays_as_it_came_and_stops_no_reader() {
    let home = Home::new();
    let sink = fs::File::create(home.path().join("sink")).unwrap();
    let mut listener = home.listen_to(sink, &["--requested-expert", "api"]);
    let sender = Sender::new(&listener.url);
    let body = r#"{"id":"M2","text":"cut \ud83d","n":[1e999,-0],"chat":{"id":"C1"}}"#;
    assert_eq!(sender.request("message-created", "key-1", body).send().unwrap().status(), 200);
    let big = r#"{"id":123456789012345678901234,"requestedExperts":[{"id":"api"}],"text":"\udc00"}"#;
    assert_eq!(sender.request("chat-assigned", "key-2", big).send().unwrap().status(), 200);
    let refused = r#"{"id":"C3","requestedExperts":[{"id":"e-7"}],"text":"\ud83d","n":1e999}"#;
    assert_eq!(sender.request("chat-assigned", "key-3", refused).send().unwrap().status(), 200);
    listener.stop();
    let lines = home.run(["events", "list", "-o", "jsonl"]).ok().stdout;
    fs::write(home.path().join("lines"), &lines).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let written = fs::read_to_string(home.path().join("sink")).unwrap();
    assert_eq!(written.lines().collect::<Vec<_>>(), lines[..2], "the third is another expert's");
    assert!(lines[0].contains(r#""chatId":"C1""#), "{lines:?}");
    assert!(lines[0].contains(r#""payload":{"id":"M2","text":"cut \ufffd","n":[1e999,-0],"chat":{"id":"C1"}}"#));
    assert!(lines[1].contains(r#""chatId":"123456789012345678901234""#), "{lines:?}");
    assert!(lines[1].contains(r#""payload":{"id":123456789012345678901234,"#), "{lines:?}");
    let texts = home.run(["events", "list", "--jq", ".[].payload.text"]).ok().stdout;
    assert_eq!(texts, "cut \u{fffd}\n\u{fffd}\n\u{fffd}\n");
    let store = rusqlite::Connection::open(home.store()).unwrap();
    let kept: Vec<u8> = store.query_row("SELECT body FROM events WHERE seq = 1", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, body.as_bytes(), "what is kept is what came, byte for byte");
    for (reader, args) in [
        ("jq", &["-c", ".chatId"][..]),
        ("python3", &["-c", "import json, sys\nfor line in sys.stdin: json.loads(line)"]),
        (
            "node",
            &["-e", "require('fs').readFileSync(0, 'utf8').trim().split('\\n').forEach(line => JSON.parse(line))"],
        ),
    ] {
        let run = Command::new(reader).args(args).stdin(fs::File::open(home.path().join("lines")).unwrap()).output();
        let Ok(run) = run else { return skip(&format!("{reader} is not installed")) };
        assert!(run.status.success(), "{reader}: {run:?}");
    }
}

#[test]
fn an_older_revision_of_the_webhooks_is_understood() {
    let home = Home::new();
    let mut listener = home.listen(&["--event", "chat-rated", "--event", "messageCreated"]);
    let sender = Sender::new(&listener.url);
    let user = r#"{"user":{"name":"Ada","email":"ada@example.com","isLead":true,"isUser":false,"locale":"en"}}"#;
    let send = |event: &str, key: &str, body: &str| {
        sender.request(event, key, body).header("X-Guuru-Chat-Id", "c-7").send().unwrap().status()
    };
    assert_eq!(send("chatRated", "key-1", user), 200);
    assert_eq!(send("chat-rated", "key-1", user), 200);
    assert_eq!(send("chatTransferred", "key-2", user), 200);
    assert_eq!(send("message-created", "key-3", r#"{"id":"m-1","text":"Hi","chat":{"id":"c-1"}}"#), 200);
    let (rated, message) = (listener.line(), listener.line());
    assert_eq!((&rated["event"], &rated["chatId"]), (&json!("chatRated"), &json!("c-7")));
    assert_eq!((&message["event"], &message["chatId"]), (&json!("message-created"), &json!("c-1")));
    assert_eq!(listener.stop(), [] as [Value; 0]);
    for name in ["chatRated", "chat-rated"] {
        let found = home.run(["events", "list", "--event", name, "--chat", "c-7"]).ok();
        assert_eq!(found.json().as_array().unwrap().len(), 1);
        assert!(!found.stderr.contains("no event"), "{found:?}");
    }
}

#[test]
fn two_hundred_concurrent_deliveries_with_duplicates_give_two_hundred_lines() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    thread::scope(|scope| {
        for n in 0..200 {
            let sender = &sender;
            scope.spawn(move || assert_eq!(sender.assign(&format!("key-{n}"), "c-1"), Some(200)));
            if n % 5 == 0 {
                scope.spawn(move || assert_eq!(sender.assign(&format!("key-{n}"), "c-1"), Some(200)));
            }
        }
    });
    let lines = listener.stop();
    assert_eq!(seqs(&lines), (1..=200).collect::<Vec<_>>());
    let keys: HashSet<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 200);
}

#[test]
fn a_duplicate_is_known_after_a_restart() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("key-1", "c-1"), Some(200));
    assert_eq!(seqs(&listener.stop()), [1]);
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("key-1", "c-1"), Some(200));
    assert_eq!(sender.assign("key-2", "c-1"), Some(200));
    assert_eq!(seqs(&listener.stop()), [2]);
}

#[test]
fn killed_under_load_it_prints_every_event_that_got_a_200() {
    let home = Home::new();
    let lines = home.path().join("lines");
    let mut acknowledged = HashSet::new();
    for round in 0..3 {
        let listener = home.listen_into(&lines, &[]);
        let sender = Sender::new(&listener.url);
        let mut senders = Vec::new();
        for thread in 0..8 {
            let sender = sender.clone();
            senders.push(thread::spawn(move || {
                (0..1_000_000)
                    .map(|n| format!("{round}-{thread}-{n}"))
                    .take_while(|key| sender.assign(key, "c-1") == Some(200))
                    .collect::<Vec<_>>()
            }));
        }
        eventually("some lines are written", || {
            fs::read_to_string(&lines).is_ok_and(|text| text.matches(&format!("\"{round}-")).count() > 50)
        });
        listener.signal("KILL");
        for sender in senders {
            acknowledged.extend(sender.join().unwrap());
        }
    }
    home.listen_into(&lines, &[]).stop();
    let text = fs::read_to_string(&lines).unwrap();
    // A kill may cut a line; it is written again, whole, at the next start, behind what was left of it.
    let printed: HashSet<String> = text
        .split_inclusive('\n')
        .filter_map(|line| serde_json::from_str::<Value>(&line[line.rfind("{\"seq\"").unwrap_or(0)..]).ok())
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect();
    let lost: Vec<_> = acknowledged.difference(&printed).collect();
    assert!(lost.is_empty(), "{} acknowledged, lost: {lost:?}", acknowledged.len());
}

#[test]
fn a_signature_made_by_openssl_is_right() {
    let home = Home::new();
    let listener = home.listen(&["--count", "1"]);
    let body = r#"{"id":"c-1"}"#;
    fs::write(home.path().join("body"), body).unwrap();
    let openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", crate::support::program::SECRET, "-r", "body"])
        .current_dir(home.path())
        .output();
    let Ok(openssl) = openssl else { return skip("openssl is not installed") };
    let digest = String::from_utf8(openssl.stdout).unwrap();
    let digest = digest.split_whitespace().next().unwrap();
    assert_eq!(digest, signature(crate::support::program::SECRET, body.as_bytes()));
    let request = Sender::new(&listener.url).unsigned("chat-closed", "key-1", body);
    assert_eq!(request.header("x-guuru-hmac-sha256", digest).send().unwrap().status(), 200);
    assert_eq!(listener.line()["event"], "chat-closed");
}

#[test]
fn what_is_not_a_webhook_is_refused_and_leaves_no_line() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let status = |request: reqwest::blocking::RequestBuilder| request.send().unwrap().status().as_u16();
    let good = r#"{"id":"c-1"}"#;
    let wrong = signature("another secret", good.as_bytes());
    assert_eq!(status(sender.unsigned("chat-closed", "k", good)), 400);
    assert_eq!(status(sender.unsigned("chat-closed", "k", good).header("x-guuru-hmac-sha256", wrong)), 400);
    assert_eq!(status(sender.request("chat-closed", "k", "{\"id\":")), 400);
    assert_eq!(status(sender.request("chat-closed", "k", good).header("idempotency-key", "other")), 400);
    let http = guuru::http::builder().no_proxy().build().unwrap();
    assert_eq!(status(http.get(&listener.url)), 405);
    assert_eq!(status(http.post(format!("{}elsewhere", listener.url))), 404);
    assert_eq!(status(http.post(&listener.url).body(good)), 415);
    assert_eq!(status(http.post(&listener.url).header("content-type", "application/json")), 411);
    let large = format!("{{\"id\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    assert_eq!(status(sender.request("chat-closed", "k", &large)), 413);
    assert_eq!(status(http.get(format!("{}healthz", listener.url))), 200);
    assert_eq!(listener.stop(), [] as [Value; 0]);
}

#[test]
fn a_body_that_says_that_it_is_not_encoded_is_taken() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for (n, (coding, status)) in
        [("identity", 200), ("Identity, identity", 200), ("", 200), ("gzip", 415), ("identity, br", 415)]
            .into_iter()
            .enumerate()
    {
        let request =
            sender.request("chat-closed", &format!("k-{n}"), r#"{"id":"c-1"}"#).header("content-encoding", coding);
        assert_eq!(request.send().unwrap().status().as_u16(), status, "{coding:?}");
    }
    assert_eq!(listener.stop().len(), 3);
}

#[test]
fn a_path_is_found_however_a_client_escapes_it() {
    let home = Home::new();
    let mut listener = home.listen(&["--path", "/ü"]);
    assert!(listener.url.ends_with("/ü"), "{}", listener.url);
    let root = listener.url.trim_end_matches("/ü").to_owned();
    for (n, path) in ["/ü", "/%c3%bc", "/%C3%BC"].into_iter().enumerate() {
        assert_eq!(Sender::new(&format!("{root}{path}")).assign(&format!("k-{n}"), "c-1"), Some(200), "{path}");
    }
    assert_eq!(Sender::new(&format!("{root}/u")).assign("k", "c-1"), Some(404));
    assert_eq!(listener.stop().len(), 3);
}

#[test]
fn an_address_may_be_a_name_of_this_machine_or_a_port_alone() {
    let home = Home::new();
    assert!(home.listen_at("0", &[]).url.starts_with("http://127.0.0.1:"));
    assert!(home.listen_at("localhost:0", &[]).url.starts_with("http://127.0.0.1:"));
    home.run(["listen", "--addr", "localhost"]).failed(2, "want an address and a port");
}

#[test]
fn a_refusal_says_why_with_verbose_and_shows_no_secret() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let wrong = signature("another secret", b"{}");
    let request = Sender::new(&listener.url).unsigned("chat-closed", "k", "{}");
    assert_eq!(request.header("x-guuru-hmac-sha256", wrong).send().unwrap().status(), 400);
    let line = listener.says("refused");
    assert!(line.contains("the signature does not match"), "{line}");
    assert!(!line.contains(crate::support::program::SECRET), "{line}");
    assert!(!line.contains(&signature(crate::support::program::SECRET, b"{}")), "{line}");
}

#[test]
fn either_secret_is_right_while_one_is_being_rotated() {
    let home = Home::bare().with("GUURU_WEBHOOK_SECRET", &format!("new secret, {}", crate::support::program::SECRET));
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("old", "c-1"), Some(200));
    let body = r#"{"id":"c-1"}"#;
    let request = sender.unsigned("chat-closed", "new", body);
    let status =
        request.header("x-guuru-hmac-sha256", signature("new secret", body.as_bytes())).send().unwrap().status();
    assert_eq!(status, 200);
    assert_eq!(seqs(&listener.stop()), [1, 2]);
}

#[test]
fn without_a_secret_it_refuses_to_start_unless_told_not_to_check() {
    let home = Home::bare();
    home.run(["listen", "--addr", "127.0.0.1:0"]).failed(3, "or set GUURU_WEBHOOK_SECRET");
    let listener = home.listen(&["--insecure-no-verify", "--count", "1"]);
    let status = Sender::new(&listener.url).unsigned("chat-closed", "k", "{}").send().unwrap().status();
    assert_eq!(status, 200);
    assert_eq!(listener.line()["chatId"], Value::Null);
}

#[test]
fn filters_choose_the_lines_and_the_inbox_keeps_the_rest() {
    let home = Home::new();
    let mut listener = home.listen(&["--event", "message-created", "--requested-expert", "api"]);
    let sender = Sender::new(&listener.url);
    let offered = |expert: &str, chat: &str| json!({"id": chat, "requestedExperts": [{"id": expert}]});
    sender.send("chat-assigned", "k-1", &offered("api", "ours"));
    sender.send("chat-assigned", "k-2", &offered("e-1", "theirs"));
    sender.message("k-3", "ours", "Hello?");
    sender.message("k-4", "theirs", "Hello?");
    sender.message("k-5", "unheard-of", "Hello?");
    assert_eq!(seqs(&listener.stop()), [3, 5]);
    let mut listener = home.listen(&["--consumer", "everything"]);
    assert_eq!(seqs(&listener.stop()), [1, 2, 3, 4, 5]);
}

#[test]
fn a_count_ends_it_and_the_next_start_goes_on_after_it() {
    let home = Home::new();
    let mut listener = home.listen(&["--count", "2"]);
    let sender = Sender::new(&listener.url);
    // All three are stored before the second line has ended it, or the third is the sender's to repeat.
    let stored = (1..=3).filter(|n| sender.assign(&format!("k-{n}"), "c-1") == Some(200)).count();
    assert!(listener.wait().success());
    assert_eq!(seqs(&listener.rest()), [1, 2]);
    let mut listener = home.listen(&[]);
    assert_eq!(listener.stop().len(), stored - 2);
}

#[test]
fn too_few_events_in_time_is_a_timeout() {
    let home = Home::new();
    let run = home.run(["listen", "--addr", "127.0.0.1:0", "--count", "1", "--timeout", "50ms"]);
    run.failed(8, "did not come in time");
}

#[test]
fn a_reader_that_goes_away_ends_it_in_order_and_loses_nothing() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let url = listener.url.clone();
    let sender = Sender::new(&url);
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    assert_eq!(seqs(&[listener.line()]), [1]);
    listener.close_stdout();
    // The pipe closes once the thread that reads it has noticed, which takes another line: the second was read too.
    let mut acknowledged = 1;
    while sender.assign(&format!("k-{}", acknowledged + 1), "c-1") == Some(200) {
        acknowledged += 1;
    }
    assert_eq!(listener.wait().code(), Some(0));
    let mut listener = home.listen(&[]);
    let lines = listener.stop();
    assert_eq!(lines.last().map_or(2, |line| line["seq"].as_i64().unwrap()), acknowledged);
}

#[test]
fn webhooks_get_their_200_while_the_reader_is_stuck() {
    let home = Home::new();
    let fifo = home.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    // Held open for reading and never read: the pipe fills up.
    let held = fs::File::options().read(true).write(true).open(&fifo).unwrap();
    let mut listener = home.listen_into(&fifo, &[]);
    let sender = Sender::new(&listener.url);
    let text = "x".repeat(1000);
    for n in 0..300 {
        assert_eq!(sender.message(&format!("k-{n}"), "c-1", &text), Some(200));
    }
    drop(held);
    assert_eq!(listener.wait().code(), Some(0));
    let mut listener = home.listen(&[]);
    assert_eq!(listener.stop().last().unwrap()["seq"], 300);
}

#[test]
fn a_request_in_flight_is_answered_after_the_signal_and_new_ones_are_not_taken() {
    use std::io::{Read, Write};
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let address = listener.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let body = r#"{"id":"c-1"}"#;
    let mut slow = std::net::TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-guuru-event: chat-closed\r\n\
         x-guuru-hmac-sha256: {}\r\ncontent-length: {}\r\n\r\n",
        signature(crate::support::program::SECRET, body.as_bytes()),
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    // The request is being read once another one, sent later, has been answered.
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    let idle = std::net::TcpStream::connect(&address).unwrap();
    listener.signal("TERM");
    eventually("no new connections", || std::net::TcpStream::connect(&address).is_err());
    slow.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(idle);
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(seqs(&listener.rest()), [1, 2]);
}

/// A listener that says more than its stderr takes, which nobody reads.
fn unread(home: &Home) -> (Child, Sender) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let child = home.command(["listen", "-v", "--addr", &port]).spawn().unwrap();
    let sender = Sender::new(&format!("http://127.0.0.1:{port}/"));
    eventually("it is ready", || sender.assign("k-0", "c-1") == Some(200));
    let elsewhere = Sender::new(&format!("http://127.0.0.1:{port}/{}", "x".repeat(8000)));
    for _ in 0..400 {
        assert_eq!(elsewhere.assign("k", "c-1"), Some(404));
    }
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    (child, sender)
}

#[test]
fn a_stderr_that_nobody_reads_blocks_neither_webhooks_nor_the_end() {
    let home = Home::new();
    let (mut child, _) = unread(&home);
    let stop = Instant::now();
    crate::support::program::signal(child.id(), "TERM");
    let mut status = None;
    eventually("it ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    assert!(status.unwrap().success() && stop.elapsed() < PATIENCE / 3, "{status:?} after {:?}", stop.elapsed());
}

#[test]
fn whoever_reads_stderr_late_is_told_how_many_lines_are_missing() {
    let home = Home::new();
    let (mut child, sender) = unread(&home);
    let stderr = read_lines(child.stderr.take().unwrap());
    let mut lines = stderr.iter();
    let kept = lines.by_ref().take_while(|line| !line.contains("were dropped here")).count();
    assert!(kept > 1 && kept < 300, "{kept}");
    assert_eq!(sender.unsigned("chat-closed", "k", "{}").send().unwrap().status(), 400);
    assert!(lines.any(|line| line.contains("400 Bad Request")), "it goes on");
    crate::support::program::signal(child.id(), "TERM");
    assert!(child.wait().unwrap().success());
    assert_eq!(lines.last().as_deref(), Some("stopping"));
}

#[test]
fn a_consumer_that_is_taken_is_refused_with_its_holder() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let run = home.run(["listen", "--addr", "127.0.0.1:0"]);
    run.failed(3, &format!("held by process {}", listener.pid()));
}

#[test]
fn an_address_in_use_is_an_error_with_a_way_out() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let address = listener.url.trim_start_matches("http://").trim_end_matches('/');
    home.run(["listen", "--addr", address, "--consumer", "second"])
        .failed(1, "hint: another program may use that port");
    home.run(["listen", "--addr", "192.0.2.1:80", "--consumer", "second"])
        .failed(1, "hint: --addr takes an address of this machine");
}

#[test]
fn the_help_shows_what_is_the_receivers_and_what_is_not() {
    for command in ["listen", "bridge"] {
        let help = Home::bare().run([command, "-h"]).ok().stdout;
        let (own, receivers) = help.split_once("Receiver options:").unwrap();
        assert!(own.contains("--consumer") && own.contains("--from"), "{help}");
        assert!(receivers.contains("--addr") && !receivers.contains("--consumer"), "{help}");
    }
}
