//! Named consumers of one inbox: `guuru listen` and `guuru events tail` side by side.

use std::io::{BufRead, BufReader, Read};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::program::{Home, eventually};
use crate::support::sender::Sender;
use rusqlite::Connection;
use serde_json::Value;

fn seqs(lines: &[Value]) -> Vec<i64> {
    lines.iter().map(|line| line["seq"].as_i64().unwrap()).collect()
}

/// A home whose inbox holds so many events, which the consumer `default` has seen.
fn filled(events: usize) -> Home {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    for n in 1..=events {
        assert_eq!(sender.assign(&format!("k-{n}"), "c-1"), Some(200));
    }
    assert_eq!(listener.stop().len(), events);
    home
}

#[test]
fn tail_follows_what_a_listener_receives_and_both_get_everything() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let mut tail = home.tail(&["--consumer", "second"]);
    let sender = Sender::new(&listener.url);
    for n in 1..=5 {
        assert_eq!(sender.assign(&format!("k-{n}"), "c-1"), Some(200));
        assert_eq!(tail.line()["seq"], n);
    }
    assert_eq!(tail.stop(), [] as [Value; 0]);
    assert_eq!(sender.assign("k-6", "c-1"), Some(200));
    assert_eq!(seqs(&listener.stop()), [1, 2, 3, 4, 5, 6]);
    let mut tail = home.tail(&["--consumer", "second", "--count", "1"]);
    assert_eq!(tail.wait().code(), Some(0));
    assert_eq!(seqs(&tail.rest()), [6], "it goes on where it stood");
}

#[test]
fn a_new_consumer_that_is_called_much_like_another_is_pointed_out_once() {
    let home = Home::new();
    let mut listener = home.listen(&["--consumer", "audit"]);
    Sender::new(&listener.url).assign("k-1", "c-1");
    listener.stop();
    let said = "the consumer `aduit` is new; did you mean `audit`?";
    let tail = |name: &str| home.run(["events", "tail", "--consumer", name, "--from", "earliest", "--count", "1"]).ok();
    assert!(!tail("other").stderr.contains("did you mean"));
    assert!(tail("aduit").stderr.contains(said));
    assert!(!tail("aduit").stderr.contains("is new") && !tail("audit").stderr.contains("is new"));
    home.run(["events", "prune", "--forget-consumer", "adiut"]).failed(1, "hint: did you mean `aduit`?");
}

#[test]
fn tail_and_listen_have_the_same_filters() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    sender.assign("k-1", "c-1");
    sender.message("k-2", "c-1", "Hello?");
    let tail = home.tail(&["--consumer", "second", "--event", "message-created", "--format", "payload"]);
    assert_eq!(tail.line()["text"], "Hello?");
}

#[test]
fn a_consumer_in_use_is_refused_to_tail_with_its_holder() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let run = home.run(["events", "tail"]);
    run.failed(3, &format!("the consumer `default` is held by process {}", listener.pid()));
}

#[test]
fn latest_is_where_it_was_first_asked_for() {
    let home = filled(2);
    let run = home.run(["events", "tail", "--consumer", "late", "--from", "latest", "--count", "1", "--timeout", "0"]);
    run.failed(8, "did not come in time");
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("k-3", "c-1"), Some(200));
    listener.stop();
    let run = home.run(["events", "tail", "--consumer", "late", "--count", "1"]).ok();
    assert_eq!(run.json()["seq"], 3);
}

#[test]
fn from_sets_the_cursor() {
    let home = filled(3);
    for (from, expected) in [("2", 2), ("earliest", 1), ("1h", 1), ("3", 3)] {
        let run = home.run(["events", "tail", "--from", from, "--count", "1"]).ok();
        assert_eq!(run.json()["seq"], expected, "{from}");
    }
    home.run(["events", "tail", "--count", "1", "--timeout", "0"]).failed(8, "did not come in time");
}

#[test]
fn a_tail_that_is_killed_loses_no_line() {
    let home = filled(1);
    insert(&mut Connection::open(home.store()).unwrap(), 2..=5000);
    let mut child = home.command(["events", "tail", "--consumer", "second"]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..20 {
        stdout.read_line(&mut text).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    stdout.read_to_string(&mut text).unwrap();
    let whole = text.matches('\n').count() as u64;
    assert!(whole < 5000, "it was killed on its way");
    let run = home.run(["events", "tail", "--consumer", "second", "--count", "1"]).ok();
    let next = run.json()["seq"].as_u64().unwrap();
    assert!((1..=whole + 1).contains(&next), "{whole} lines were written, and then comes {next}");
}

#[test]
fn tail_stops_behind_a_whole_line_though_more_is_there() {
    let home = filled(1);
    let mut store = Connection::open(home.store()).unwrap();
    insert(&mut store, 2..=20_000);
    let mut child = home.command(["events", "tail", "--consumer", "second", "-v"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // Until the signal is seen nothing more is read: the pipe is full and holds it up in the middle of a line.
    let said = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert_eq!(said, "stopping");
    let read: Vec<Value> = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(read.len() < 19_999, "it stopped before the end");
    let run = home.run(["events", "tail", "--consumer", "second", "--count", "1"]).ok();
    assert_eq!(run.json()["seq"].as_u64().unwrap(), read.len() as u64 + 2);
}

#[test]
fn a_reader_that_goes_away_ends_tail_quietly_with_0() {
    let home = filled(1);
    let mut tail = home.tail(&["--consumer", "second"]);
    assert_eq!(tail.line()["seq"], 1);
    tail.close_stdout();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    // The pipe closes once the thread that reads it has noticed, which takes another line.
    for n in 2..=3 {
        assert_eq!(sender.assign(&format!("k-{n}"), "c-1"), Some(200));
    }
    assert_eq!(tail.wait().code(), Some(0));
    listener.stop();
}

/// Puts events into a store, past the program.
fn insert(store: &mut Connection, seqs: impl IntoIterator<Item = i64>) {
    let transaction = store.transaction().unwrap();
    for seq in seqs {
        let names = ["chat-assigned", "chat-opened", "message-created", "message-created", "chat-closed"];
        let event = if seq % 100_000 == 7 { "chat-rated" } else { names[usize::try_from(seq).unwrap() % names.len()] };
        let body = format!(r#"{{"id":"m-{seq}","text":"{}","chat":{{"id":"c-{}"}}}}"#, "word ".repeat(40), seq / 20);
        transaction
            .prepare_cached(
                "INSERT INTO events (seq, id, event, chat_id, received_at, own, headers, body)
                 VALUES (?1, 'key-' || ?1, ?2, 'c-' || (?1 / 20), 1700000000000 + ?1 * 1000, ?1 % 50000 = 3,
                         x'', CAST(?3 AS BLOB))",
            )
            .unwrap()
            .execute(rusqlite::params![seq, event, body])
            .unwrap();
    }
    transaction.commit().unwrap();
}

/// How long until the first line of stdout.
fn first_line(home: &Home, args: &[&str]) -> Duration {
    let start = Instant::now();
    let mut child = home.command(args).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let elapsed = start.elapsed();
    assert!(line.starts_with('{'), "{args:?}: {line}");
    drop(child.kill());
    drop(child.wait());
    elapsed
}

/// A million events take half a minute to make: `cargo test million -- --ignored --nocapture`.
#[test]
#[ignore = "makes a store of 500 MB"]
fn reading_is_fast_with_a_million_events() {
    let home = filled(1);
    let mut store = Connection::open(home.store()).unwrap();
    for start in (2..1_000_000).step_by(50_000) {
        insert(&mut store, start..start + 50_000);
    }
    store.execute("UPDATE consumers SET cursor = 500000", []).unwrap();
    eventually("the log is written back", || {
        store.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).unwrap() == 0
    });
    let list = ["events", "list", "-o", "jsonl", "--limit", "10"];
    let cases: [&[&str]; 11] = [
        &list,
        &[&list[..], &["--event", "chat-rated"]].concat(),
        &[&list[..], &["--event", "chat-rated", "--event", "chat-closed"]].concat(),
        &[&list[..], &["--chat", "c-1000"]].concat(),
        &[&list[..], &["--own"]].concat(),
        &[&list[..], &["--skip-own"]].concat(),
        &[&list[..], &["--since", "2023-11-25T00:00:00Z"]].concat(),
        &[&list[..], &["--since", "2023-11-18T00:00:00Z", "--until", "2023-11-18T01:00:00Z"]].concat(),
        &["events", "replay", "700000.."],
        &["events", "tail", "--count", "1"],
        &["listen", "--addr", "127.0.0.1:0"],
    ];
    for args in cases {
        let best = (0..3).map(|_| first_line(&home, args)).min().unwrap();
        println!("{best:>12?}  {}", args.join(" "));
        assert!(best < Duration::from_millis(50), "{best:?} {args:?}");
    }
}

/// What is in the state's folder.
fn state(home: &Home) -> Vec<String> {
    let listed = Command::new("find").arg(home.path()).args(["-path", "*state*"]).output().unwrap();
    String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_start_that_fails_changes_nothing() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.1:9/");
    for args in [
        &["listen", "--consumer", "ghost", "--addr", &addr][..],
        &["bridge", "--consumer", "ghost", "--addr", &addr, "--", "cat"],
        &["bridge", "--consumer", "ghost", "--addr", "127.0.0.1:0", "--", "no-such-program"],
        &["--profile", "ghost", "listen", "--insecure-no-verify", "--addr", "127.0.0.1:0"],
        &["--profile", "ghost", "events", "tail", "--count", "1"],
    ] {
        let run = home.run(args);
        assert!(run.code.is_some_and(|code| code != 0), "{args:?}: {run:?}");
        assert_eq!(state(&home), [] as [&str; 0], "{args:?}");
    }
    let bare = Home::bare();
    bare.run(["listen", "--consumer", "ghost", "--addr", "127.0.0.1:0"]).failed(3, "no webhook secret");
    assert_eq!(state(&bare), [] as [&str; 0]);
}

#[test]
fn a_stdout_that_is_closed_is_refused_and_nothing_is_read() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.1:9/");
    for args in ["listen --addr 127.0.0.1:0", "events tail --count 1", "batch"] {
        let program = env!("CARGO_BIN_EXE_guuru");
        for closed in [">&-", ">&- <&-", "1</dev/null"] {
            let run = home.command_of("sh").args(["-c", &format!("exec {program} {args} {closed}")]).output().unwrap();
            let said = String::from_utf8(run.stderr).unwrap();
            assert_eq!(run.status.code(), Some(1), "{args} {closed}: {said}");
            assert!(said.contains("stdout is closed, or cannot be written"), "{said}");
            assert_eq!(state(&home), [] as [&str; 0], "{args} {closed}");
        }
    }
    // What somebody sends to nowhere on purpose goes there, however it was opened.
    for nowhere in [">/dev/null", "1<>/dev/null"] {
        let program = env!("CARGO_BIN_EXE_guuru");
        let tail = format!("exec {program} events tail --count 1 --timeout 100ms {nowhere}");
        let run = home.command_of("sh").args(["-c", &tail]).output().unwrap();
        assert_eq!(run.status.code(), Some(8), "{nowhere}: {run:?}");
    }
}

#[test]
fn a_line_that_was_cut_does_not_swallow_the_next_one() {
    let home = Home::new();
    let lines = home.path().join("lines");
    let mut listener = home.listen_into(&lines, &[]);
    assert_eq!(Sender::new(&listener.url).assign("key-1", "c-1"), Some(200));
    listener.stop();
    let whole = std::fs::read_to_string(&lines).unwrap();
    std::fs::write(&lines, format!("{whole}{{\"seq\":2,\"id\":\"ke")).unwrap();
    let mut listener = home.listen_into(&lines, &[]);
    assert_eq!(Sender::new(&listener.url).assign("key-2", "c-1"), Some(200));
    listener.stop();
    let mut listener = home.listen_into(&lines, &[]);
    assert_eq!(Sender::new(&listener.url).assign("key-3", "c-1"), Some(200));
    listener.stop();
    let text = std::fs::read_to_string(&lines).unwrap();
    let parsed: Vec<bool> = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).collect();
    assert_eq!(parsed, [true, false, true, true], "{text}");
}
