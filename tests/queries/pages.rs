//! Pages: as many as are wanted and no more, of a platform that may be slow, endless or gone.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::platform::{asked, chats, home, ids, page};
use crate::support::program::eventually;
use crate::support::server::{Answer, Server};

#[test]
fn only_the_pages_of_the_limit_are_asked_for() {
    let server = chats(1000, 50);
    let run = home(&server).run(["chat", "list", "--limit", "120"]).ok();
    assert_eq!((ids(&run.json()).len(), run.stderr.as_str()), (120, "more: --cursor 120\n"));
    let asked: Vec<_> = server.requests().iter().map(asked).collect();
    assert_eq!(asked, [(50, None), (50, Some("50".to_owned())), (20, Some("100".to_owned()))]);
}

#[test]
fn whole_pages_are_asked_for_where_only_some_of_them_is_kept() {
    let server = chats(1000, 50);
    let run = home(&server).run(["chat", "list", "--status", "rated", "--limit", "20", "--jq", "[.[].id] | last"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("c-60\n", "more: --cursor 60\n"));
    let asked: Vec<_> = server.requests().iter().map(asked).collect();
    assert_eq!(asked, [(50, None), (50, Some("50".to_owned()))]);
}

#[test]
fn a_platform_that_gives_fewer_or_more_than_asked_is_coped_with() {
    let server = chats(100, 7);
    let run = home(&server).run(["chat", "list", "--limit", "20", "--jq", "length"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("20\n", "more: --cursor 20\n"));
    let edge = |n: u32| json!({"cursor": format!("after-{n}"), "node": {"id": format!("c-{n}")}});
    let generous = Server::always(move |_| page(&(1..=9).map(edge).collect::<Vec<_>>(), true, Some("after-9")));
    let run = home(&generous).run(["chat", "list", "--limit", "4", "--jq", ".[].id"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("c-1\nc-2\nc-3\nc-4\n", "more: --cursor after-4\n"));
}

/// The list of a reader that takes one line and goes; only so many requests may be sent by then.
#[test]
fn a_reader_that_has_enough_ends_the_run_at_once_and_no_page_is_read_for_nobody() {
    let server = chats(u64::MAX, 50);
    let home = home(&server);
    let mut child = home.command(["chat", "list", "--all", "-o", "jsonl"]).spawn().unwrap();
    let mut line = Vec::new();
    let mut stdout = child.stdout.take().unwrap();
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    assert_eq!(serde_json::from_slice::<Value>(&line).unwrap()["id"], "c-1");
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_reader_that_reads_only_after_the_end_is_not_waited_for_in_vain() {
    let server = chats(60, 50);
    let home = home(&server);
    let mut child = home.command(["chat", "list", "--all", "-o", "jsonl"]).spawn().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count(), 60);
}

#[test]
fn head_ends_a_list_without_an_end() {
    let server = chats(u64::MAX, 50);
    let home = home(&server);
    let mut child = home.command(["chat", "list", "--all", "-o", "jsonl"]).spawn().unwrap();
    let head = Command::new("head").arg("-1").stdin(child.stdout.take().unwrap()).stdout(Stdio::piped()).output();
    assert_eq!(String::from_utf8(head.unwrap().stdout).unwrap(), "{\"id\":\"c-1\",\"status\":\"closed\"}\n");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn lines_are_written_while_the_next_page_is_on_its_way() {
    let (released, release) = std::sync::mpsc::channel::<()>();
    let release = std::sync::Mutex::new(release);
    let server = Server::always(move |request| {
        let n = asked(request).1.map_or(1, |after| after.parse::<u32>().unwrap() + 1);
        if n == 2 {
            release.lock().unwrap().recv().unwrap();
        }
        page(&[json!({"cursor": n.to_string(), "node": {"id": format!("c-{n}")}})], n < 2, Some(&n.to_string()))
    });
    let home = home(&server);
    let mut child = home.command(["chat", "list", "--all"]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = vec![0; r#"[{"id":"c-1"}"#.len()];
    stdout.read_exact(&mut first).unwrap();
    assert_eq!(first, br#"[{"id":"c-1"}"#);
    eventually("the second page is asked for", || server.requests().len() == 2);
    released.send(()).unwrap();
    let mut rest = String::new();
    stdout.read_line(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), (",{\"id\":\"c-2\"}]\n", Some(0)));
}

#[test]
fn a_list_without_an_end_of_its_own_is_an_error() {
    let answer = page(&[json!({"cursor": "x", "node": {"id": "c-1"}})], true, Some("x"));
    let server = Server::always(move |_| answer.clone());
    let run = home(&server).run(["chat", "list", "--all", "--jq", "."]).failed(1, "its cursor repeats itself");
    assert!(run.stderr.starts_with("error: cannot list chats: "), "{run:?}");
    assert!(server.requests().len() <= 2);
    let turn = std::sync::atomic::AtomicU32::new(0);
    let server = Server::always(move |_| {
        page(&[], true, Some(&turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string()))
    });
    home(&server).run(["chat", "list", "-o", "jsonl"]).failed(1, "pages in a row are empty");
}

#[test]
fn a_list_that_goes_on_nobody_knows_where_is_not_cut_off_in_silence() {
    let server = Server::always(|_| page(&[json!({"node": {"id": "c-1"}})], true, None));
    let words = "the list may go on: it says that there is another page, and not where";
    let run = home(&server).run(["chat", "list", "--all", "-o", "jsonl", "--jq", ".id"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(5), "c-1\n"), "{run:?}");
    assert!(run.stderr.contains(words), "{run:?}");
    let run = home(&server).run(["chat", "list"]).ok();
    assert_eq!((ids(&run.json()), run.stderr.trim()), (vec!["c-1"], format!("warning: {words}").as_str()));
    // What was asked for is there.
    assert_eq!(home(&server).run(["chat", "list", "--limit", "1"]).ok().stderr, "");
    let run = home(&server).run(["chat", "show", "c-2"]).failed(1, "and there may be more");
    assert!(!run.stderr.contains("among the newest"), "{run:?}");
    // Its last element tells where it goes on.
    let server = Server::always(|request| match asked(request).1.as_deref() {
        None => page(&[json!({"cursor": "x", "node": {"id": "c-1"}})], true, None),
        after => page(&[json!({"cursor": "y", "node": {"id": after}})], false, None),
    });
    assert_eq!(ids(&home(&server).run(["chat", "list", "--all"]).ok().json()), ["c-1", "x"]);
}

#[test]
fn a_failure_on_the_way_keeps_what_was_written_and_says_so() {
    let failing = || {
        Server::always(|request| match asked(request).1 {
            None => page(&[json!({"cursor": "1", "node": {"id": "c-1"}})], true, Some("1")),
            Some(_) => Answer::json(200, &json!({"errors": [{"message": "no"}]})),
        })
    };
    let server = failing();
    let run = home(&server).run(["chat", "list", "-o", "jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(4), "{\"id\":\"c-1\"}\n"), "{run:?}");
    // A filter over the whole, and a table, have shown nothing by then.
    for args in [["--jq", "[.[].id]"], ["-o", "table"]] {
        home(&server).run([&["chat", "list"][..], &args].concat()).failed(4, "no");
    }
    // One that looks at an element at a time writes as the list comes.
    let run = home(&server).run(["chat", "list", "--jq", ".[].id"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(4), "c-1\n"), "{run:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_limit_yields_so_many_whatever_the_pages(count in 0_u64..130, most in 1_u64..60, limit in 1_u64..130) {
        let server = chats(count, most);
        let home = home(&server);
        let list = |args: &[&str]| home.run([&["chat", "list", "-o", "jsonl", "--jq", ".id"], args].concat()).ok();
        let first = list(&["--limit", &limit.to_string()]);
        let mut seen: Vec<String> = first.stdout.lines().map(ToOwned::to_owned).collect();
        prop_assert_eq!(seen.len() as u64, limit.min(count));
        if let Some(cursor) = first.stderr.trim().strip_prefix("more: --cursor ") {
            seen.extend(list(&["--all", "--cursor", cursor]).stdout.lines().map(ToOwned::to_owned));
        }
        prop_assert_eq!(seen, (1..=count).map(|n| format!("c-{n}")).collect::<Vec<_>>());
    }
}

#[test]
fn a_list_that_goes_on_for_ever_and_brings_nothing_new_is_an_error() {
    let turn = std::sync::atomic::AtomicU64::new(0);
    let server = Server::always(move |_| {
        let cursor = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        page(&[json!({"cursor": cursor, "node": {"id": "c-1"}})], true, Some(&cursor))
    });
    let run = home(&server).run(["chat", "show", "c-2"]).failed(1, "11 pages in a row bring nothing new");
    assert_eq!(server.requests().len(), 12, "{run:?}");
}

#[test]
fn errors_of_any_number_take_little_memory_and_are_counted() {
    let errors = vec![r#"{"message":"no","path":["partner"]}"#; 400_000].join(",");
    let body = format!(r#"{{"data":null,"errors":[{errors}]}}"#);
    let length = body.len();
    assert!(length < 16 * 1024 * 1024);
    let server = Server::always(move |_| Answer::new(200, body.clone()));
    let home = home(&server);
    home.run(["partner"]).failed(4, "no; no; no; no; no; 399995 more");
    home.run(["api", "{ a }"]).failed(4, "no; 399950 more");
    // The address space of the program at its start, and a few times the body.
    for args in [&["partner"][..], &["api", "{ a }"]] {
        let mut shell = home.command_of("sh");
        let script = "ulimit -v $1; shift; exec \"$@\"";
        shell.args(["-c", script, "sh", "900000", env!("CARGO_BIN_EXE_guuru")]).args(args);
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{output:?}");
    }
}
