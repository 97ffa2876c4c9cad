//! `guuru events list`, `show`, `replay` and `prune`, and stores that cannot be used.

use std::fs;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use crate::support::program::{Home, eventually};
use crate::support::sender::Sender;
use rusqlite::Connection;
use serde_json::{Value, json};

/// A home whose inbox holds an assignment of c-1, two messages of it, and an assignment of c-2, all seen by `default`.
fn home() -> Home {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    assert_eq!(sender.message("k-2", "c-1", "Hello\u{1b}[2J?"), Some(200));
    let body = r#"{ "z": 0.1000, "id": "m-3", "text": "\u00e4", "chat": { "id": "c-1" } }"#;
    assert_eq!(sender.request("message-created", "k-3", body).send().unwrap().status(), 200);
    assert_eq!(sender.assign("k-4", "c-2"), Some(200));
    assert_eq!(listener.stop().len(), 4);
    home
}

fn list(home: &Home, args: &[&str]) -> Vec<i64> {
    let run = home.run([&["events", "list", "-o", "json"], args].concat()).ok();
    run.json().as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

fn sql(home: &Home, sql: &str) {
    Connection::open(home.store()).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn list_as_lines_is_what_listen_wrote() {
    let home = home();
    let tail = home.run(["events", "tail", "--from", "earliest", "--count", "4"]).ok();
    let list = home.run(["events", "list", "-o", "jsonl"]).ok();
    assert_eq!(list.stdout, tail.stdout);
    assert!(list.stdout.contains(r#""payload":{"z":0.1000,"id":"m-3","text":"\u00e4","chat":{"id":"c-1"}}"#));
    let array = home.run(["events", "list", "-o", "json"]).ok();
    assert_eq!(array.stdout, format!("[{}]\n", list.stdout.trim_end().replace('\n', ",")));
}

#[test]
fn list_shows_the_newest_events_that_pass_its_filters() {
    let home = home();
    sql(&home, "UPDATE events SET own = 1 WHERE seq = 3; UPDATE events SET received_at = seq * 1000 WHERE seq < 4");
    let cases: [(&[&str], &[i64]); 11] = [
        (&[], &[1, 2, 3, 4]),
        (&["--limit", "2"], &[3, 4]),
        (&["--all"], &[1, 2, 3, 4]),
        (&["--event", "chat-assigned"], &[1, 4]),
        (&["--event", "chat-assigned", "--event", "message-created", "--limit", "3"], &[2, 3, 4]),
        (&["--chat", "c-2"], &[4]),
        (&["--own"], &[3]),
        (&["--skip-own"], &[1, 2, 4]),
        (&["--since", "1h"], &[4]),
        (&["--until", "30m ago"], &[1, 2, 3]),
        (&["--since", "1970-01-01T00:00:02Z", "--until", "1970-01-01T00:00:03Z"], &[2]),
    ];
    for (args, expected) in cases {
        assert_eq!(list(&home, args), expected, "{args:?}");
    }
    home.run(["events", "list", "--own", "--skip-own"]).failed(2, "cannot be used with");
    let run = home.run(["events", "list", "--event", "chat-asigned"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.contains("`chat-asigned` is no event")), ("[]\n", true), "{run:?}");
    assert_eq!(home.run(["events", "list", "-o", "jsonl", "--chat", "c-9"]).ok().stdout, "");
}

#[test]
fn a_table_shows_the_words_and_no_control_character() {
    let run = home().run(["events", "list", "-o", "table"]).ok();
    let lines: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["SEQ", "RECEIVED", "EVENT", "CHAT", "OWN", "TEXT"]);
    assert_eq!(lines.len(), 5);
    assert!(run.stdout.contains("Hello\\u{1b}[2J?"), "{}", run.stdout);
}

#[test]
fn a_long_table_has_its_headings_once() {
    let home = home();
    sql(
        &home,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600)
         INSERT INTO events (event, received_at, own, headers, body) SELECT 'chat-closed', 0, 0, x'', CAST('{}' AS BLOB) FROM n",
    );
    let table = home.run(["events", "list", "--all", "-o", "table"]).ok().stdout;
    assert_eq!((table.matches("SEQ").count(), table.lines().count()), (1, 605));
    assert_eq!(list(&home, &["--all"]), (1..=604).collect::<Vec<_>>());
}

#[test]
fn events_go_out_as_cloud_events_and_as_bare_payloads() {
    let home = home();
    let run = home.run(["events", "list", "--format", "cloudevents", "--limit", "1"]).ok();
    let event = run.json();
    assert_eq!(event["specversion"], "1.0");
    assert_eq!((&event["id"], &event["type"]), (&json!("k-4"), &json!("com.guuru.chat-assigned")));
    assert_eq!((&event["subject"], &event["seq"], &event["data"]["id"]), (&json!("c-2"), &json!(4), &json!("c-2")));
    let run = home.run(["events", "replay", "3", "--format", "payload"]).ok();
    assert_eq!(run.stdout, "{\"z\":0.1000,\"id\":\"m-3\",\"text\":\"\\u00e4\",\"chat\":{\"id\":\"c-1\"}}\n");
    let mut listener = home.listen(&["--from", "4", "--format", "payload"]);
    assert_eq!(listener.line()["id"], "c-2");
    listener.stop();
}

#[test]
fn show_has_the_headers_and_the_payload_as_it_came() {
    let home = home();
    for form in ["json", "jsonl"] {
        let run = home.run(["events", "show", "3", "-o", form]).ok();
        assert!(run.stdout.contains(r#""payload":{"z":0.1000,"#), "{form}: {}", run.stdout);
        let event = run.json();
        assert_eq!((&event["seq"], &event["id"], &event["chatId"]), (&json!(3), &json!("k-3"), &json!("c-1")));
        let headers = event["headers"].as_array().unwrap();
        assert!(headers.contains(&json!(["x-guuru-event", "message-created"])), "{headers:?}");
    }
    let run = home.run(["events", "show", "2", "-o", "table"]).ok();
    assert!(run.stdout.contains("x-guuru-event: message-created\n"), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
}

#[test]
fn show_says_why_an_event_is_not_there() {
    let home = home();
    home.run(["events", "show", "9"]).failed(1, "there is no event 9: the newest one is 4\nhint: ");
    sql(&home, "DELETE FROM events WHERE seq = 1");
    home.run(["events", "show", "1"]).failed(1, "there is no event 1: it was pruned");
    home.run(["events", "show", "0"]).failed(2, "0 is not in 1..");
    Home::new().run(["events", "show", "1"]).failed(1, "the inbox has never had one");
}

#[test]
fn replay_writes_the_lines_again_and_moves_no_cursor() {
    let home = home();
    let cursor = || -> i64 {
        let store = Connection::open(home.store()).unwrap();
        store.query_row("SELECT cursor FROM consumers WHERE name = 'default'", [], |row| row.get(0)).unwrap()
    };
    let before = cursor();
    let seqs = |args: &[&str]| -> Vec<i64> {
        let run = home.run([&["events", "replay"], args].concat()).ok();
        run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["seq"].as_i64().unwrap()).collect()
    };
    assert_eq!(seqs(&["4", "1"]), [4, 1], "in the order asked for");
    assert_eq!(seqs(&["2..3", "4.."]), [2, 3, 4]);
    assert_eq!(seqs(&["--chat", "c-1", "--event", "message-created"]), [2, 3]);
    assert_eq!(seqs(&["1..3", "--chat", "c-2"]), [0; 0]);
    assert_eq!(cursor(), before);
    home.run(["events", "replay"]).failed(2, "required");
    home.run(["events", "replay", "1", "9"]).failed(1, "there is no event 9");
    home.run(["events", "replay", "3..2"]).failed(2, "want a seq such as 17");
}

#[test]
fn prune_stops_at_a_consumer_and_says_at_which() {
    let home = home();
    home.run(["events", "tail", "--consumer", "slow", "--count", "1"]).ok();
    sql(&home, "UPDATE events SET received_at = 1000 WHERE seq < 4");
    let prune = |args: &[&str]| home.run([&["events", "prune"], args].concat()).ok();
    let dry = prune(&["--older-than", "30d", "--dry-run"]).json();
    assert_eq!((&dry["pruned"], &dry["heldBack"], &dry["dryRun"]), (&json!(1), &json!(2), &json!(true)));
    assert_eq!(list(&home, &[]), [1, 2, 3, 4]);
    let run = prune(&["--older-than", "30d", "-o", "table"]);
    assert!(run.stdout.starts_with("pruned 1 event\n2 events held back for slow\n"), "{}", run.stdout);
    assert!(run.stderr.contains("--forget-consumer"), "{run:?}");
    assert_eq!(list(&home, &[]), [2, 3, 4]);
    let pruned = prune(&["--older-than", "30d", "--forget-consumer", "slow"]).json();
    assert_eq!((&pruned["pruned"], &pruned["heldBack"]), (&json!(2), &json!(0)));
    assert_eq!(pruned["consumers"], json!([{"consumer": "default", "cursor": 4, "behind": 0, "unfinished": 0}]));
    assert_eq!(list(&home, &[]), [4]);
    home.run(["events", "prune", "--forget-consumer", "slow"]).failed(1, "hint: there are: default");
}

#[test]
fn prune_shows_and_keeps_the_refs_that_an_event_may_still_lead_to() {
    let home = home();
    home.run(["events", "tail", "--consumer", "slow", "--count", "1"]).ok();
    sql(&home, "UPDATE events SET received_at = 1000");
    let journal = "INSERT INTO journal (ref, content, op, chat_id, started_at, finished_at, outcome, newest) VALUES";
    sql(&home, &format!("{journal} ('held', x'', 'sendChatMessage', 'c-9', 1000, 1000, '{{}}', 4)"));
    sql(&home, &format!("{journal} ('free', x'', 'sendChatMessage', 'c-9', 1000, 1000, '{{}}', 0)"));
    let prune = |args: &[&str]| home.run([&["events", "prune"], args].concat()).ok();
    let dry = prune(&["--older-than", "30d", "--dry-run"]).json();
    assert_eq!((&dry["refs"], &dry["refsHeldBack"]), (&json!(1), &json!(1)), "{dry}");
    let run = prune(&["--older-than", "30d", "-o", "table"]);
    assert!(run.stdout.contains("forgot 1 ref\n1 ref kept for events that may lead to them\n"), "{}", run.stdout);
    let run = prune(&["--older-than", "30d", "--force", "--journal-older-than", "100000d"]).json();
    assert_eq!((&run["refs"], &run["refsHeldBack"]), (&json!(0), &json!(0)), "the journal's age is its own: {run}");
    assert_eq!(prune(&["--journal-older-than", "1d"]).json()["refs"], 1);
}

#[test]
fn a_webhook_sent_again_after_its_event_was_pruned_is_a_duplicate_until_its_key_is_old() {
    let home = home();
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "[default]\nkeep-keys = '30d'\n").unwrap();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert_eq!(home.run(["events", "prune", "--older-than", "0s"]).ok().json()["pruned"], 4);
    assert_eq!(list(&home, &[]), [0; 0]);
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    assert_eq!(sender.assign("k-5", "c-1"), Some(200));
    assert_eq!(listener.line()["id"], "k-5", "the one before makes no line");
    assert_eq!(list(&home, &[]), [5]);
    sql(&home, "UPDATE keys SET received_at = 1000 WHERE seq = 1");
    let prune = |args: &[&str]| home.run([&["events", "prune", "--larger-than", "1GiB"], args].concat()).ok();
    assert_eq!(prune(&["--dry-run"]).json()["keys"], 1);
    let run = prune(&["-o", "table"]);
    assert!(run.stdout.starts_with("pruned 0 events\nforgot 1 key of an event pruned before\n"), "{}", run.stdout);
    assert_eq!(sender.assign("k-4", "c-2"), Some(200));
    assert_eq!(sender.assign("k-1", "c-1"), Some(200));
    assert_eq!(listener.line()["seq"], 6, "its key was forgotten");
    assert_eq!(listener.stop(), [] as [Value; 0]);
}

#[test]
fn prune_goes_past_a_consumer_by_force_and_needs_to_be_told_what_to_prune() {
    let home = home();
    home.run(["events", "tail", "--from", "2", "--count", "1"]).ok();
    home.run(["events", "prune", "--older-than", "0s", "--force"]).ok();
    assert_eq!(list(&home, &[]), [0; 0]);
    home.run(["events", "prune"]).failed(2, "hint: give --older-than");
    home.run(["events", "prune", "--older-than", "30"]).failed(2, "want a span of time");
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("k-5", "c-1"), Some(200));
    assert_eq!(listener.stop()[0]["seq"], 5, "a seq is never used again");
}

#[test]
fn a_consumer_in_use_is_not_forgotten() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let run = home.run(["events", "prune", "--forget-consumer", "default"]);
    run.failed(3, &format!("held by process {}", listener.pid()));
    // All or none.
    home.run(["events", "list"]).ok();
    rusqlite::Connection::open(home.store())
        .unwrap()
        .execute("INSERT INTO consumers (name, cursor) VALUES ('audit', 0)", [])
        .unwrap();
    let both = ["events", "prune", "--forget-consumer", "audit", "--forget-consumer", "default"];
    home.run(both).failed(3, "held by process");
    let kept = home.run(["events", "prune", "--older-than", "30d", "--dry-run"]).ok().json();
    assert_eq!(kept["consumers"].as_array().unwrap().len(), 2, "{kept}");
}

#[test]
fn listen_prunes_by_itself_what_the_profile_says() {
    let home = home();
    sql(&home, "UPDATE events SET received_at = 1000 WHERE seq < 3");
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "[default]\nprune-older-than = '30d'\n").unwrap();
    let mut listener = home.listen(&[]);
    eventually("old events are gone", || list(&home, &[]) == [3, 4]);
    listener.stop();
    sql(&home, "UPDATE events SET received_at = 1000 WHERE seq = 3");
    assert_eq!(home.run(["events", "prune"]).ok().json()["pruned"], 1);
}

#[test]
fn senders_wait_for_milliseconds_only_while_the_store_is_pruned() {
    let home = home();
    sql(
        &home,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
         INSERT INTO events (id, event, chat_id, received_at, own, headers, body)
         SELECT 'old-' || n, 'chat-closed', 'c-' || (n / 10), n, 0, x'', zeroblob(1000) FROM n;
         UPDATE consumers SET cursor = 20004",
    );
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let mut pruning = home.command(["events", "prune", "--older-than", "1d"]).spawn().unwrap();
    let mut times = Vec::new();
    while pruning.try_wait().unwrap().is_none() {
        let start = Instant::now();
        assert_eq!(sender.assign(&format!("new-{}", times.len()), "c-1"), Some(200));
        times.push(start.elapsed());
    }
    assert!(pruning.wait().unwrap().success());
    assert_eq!(list(&home, &["--event", "chat-closed"]), [0; 0]);
    times.sort_unstable();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    let p99 = times[times.len() * 99 / 100];
    println!("{} answers meanwhile: median {median:?}, p99 {p99:?}, longest {longest:?}", times.len());
    assert!(times.len() > 20, "{} answers", times.len());
    assert!(median < Duration::from_millis(50), "median {median:?}");
    assert!(p99 < Duration::from_millis(500), "p99 {p99:?}");
}

#[test]
fn a_store_of_a_newer_version_is_refused_with_words() {
    let home = home();
    sql(&home, "PRAGMA user_version = 99");
    let run = home.run(["events", "list"]);
    run.failed(3, "it was written by a newer version of guuru (store version 99, not 5)\nhint: upgrade guuru");
}

#[test]
fn a_store_that_was_created_and_never_filled_is_migrated() {
    let home = Home::new();
    fs::create_dir_all(home.path().join("state")).unwrap();
    sql(&home, "PRAGMA journal_mode = WAL; CREATE TABLE scratch (n); DROP TABLE scratch");
    assert_eq!(list(&home, &[]), [0; 0]);
}

#[test]
fn processes_that_open_a_new_store_at_once_all_find_it_ready() {
    let home = Home::new();
    let running: Vec<_> = (0..8).map(|_| home.command(["events", "list"]).spawn().unwrap()).collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"[]\n".as_slice()), "{output:?}");
    }
}

#[test]
fn a_damaged_store_is_a_configuration_error_that_says_so() {
    let home = home();
    sql(&home, "PRAGMA wal_checkpoint(TRUNCATE)");
    let file = fs::File::options().write(true).open(home.store()).unwrap();
    let length = file.metadata().unwrap().len();
    let garbage = vec![0xA5; usize::try_from(length).unwrap() - 8192];
    file.write_all_at(&garbage, 8192).unwrap();
    for args in [&["events", "list"][..], &["events", "show", "1"], &["events", "prune", "--older-than", "0s"]] {
        home.run(args).failed(3, "the store is damaged");
    }
}

#[test]
fn a_store_whose_folder_cannot_be_is_a_configuration_error() {
    let home = Home::new();
    fs::write(home.path().join("state"), "a file where the folder should be").unwrap();
    let words = format!("cannot open the store {}", home.store().display());
    home.run(["events", "list"]).failed(3, &words);
    fs::remove_file(home.path().join("state")).unwrap();
    fs::create_dir_all(home.store()).unwrap();
    home.run(["events", "list"]).failed(3, &words);
}

#[test]
fn a_store_on_a_folder_that_is_not_there_yet_is_made() {
    let home = Home::new().with("GUURU_STATE_DIR", "a/b/c");
    assert_eq!(list(&home, &[]), [0; 0]);
    assert!(home.path().join("a/b/c/default.db").exists());
}
