//! `guuru listen --exec` as the author of a handler and an operator meet it.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::thread;

use crate::support::program::{Home, Listener, TOKEN, eventually};
use crate::support::sender::Sender;
use guuru::store::Store;
use serde_json::{Value, json};

/// The words of a file that handlers write to, in the home.
fn words(home: &Home, file: &str) -> Vec<String> {
    let text = fs::read_to_string(home.path().join(file)).unwrap_or_default();
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn touch(home: &Home, file: &str) {
    fs::write(home.path().join(file), "").unwrap();
}

#[track_caller]
fn eventually_words(home: &Home, file: &str, expected: &[&str]) {
    eventually(&format!("{file} has {expected:?}"), || words(home, file).len() >= expected.len());
    assert_eq!(words(home, file), expected);
}

/// What is set aside: seq and reason.
fn failed(home: &Home) -> Vec<(i64, String)> {
    let failed = Store::open(&home.store()).unwrap().failed(None).unwrap();
    failed.into_iter().map(|failed| (failed.seq, failed.reason)).collect()
}

fn nothing(listener: &mut Listener) {
    assert_eq!(listener.stop(), [] as [Value; 0], "stdout is for data");
}

#[test]
fn events_of_a_chat_run_in_order_and_one_at_a_time() {
    const HANDLER: &str = r#"
        mkdir "lock-$GUURU_CHAT_ID" || echo "$GUURU_SEQ" >>overlaps
        echo "$GUURU_SEQ" >>"chat-$GUURU_CHAT_ID"
        sleep "0.00$((GUURU_SEQ % 7))"
        rmdir "lock-$GUURU_CHAT_ID"
        echo "$GUURU_SEQ" >>done"#;
    let home = Home::new();
    let mut listener = home.listen(&["--exec", HANDLER, "--jobs", "4"]);
    let sender = Sender::new(&listener.url);
    thread::scope(|scope| {
        for thread in 0..4 {
            let sender = &sender;
            scope.spawn(move || {
                for n in 0..20 {
                    let (key, chat) = (format!("k-{thread}-{n}"), format!("c-{}", (thread + n) % 5));
                    assert_eq!(sender.message(&key, &chat, "Hello?"), Some(200));
                }
            });
        }
    });
    eventually("all are done", || words(&home, "done").len() == 80);
    assert_eq!(words(&home, "overlaps"), [""; 0]);
    for chat in 0..5 {
        let order: Vec<i64> = words(&home, &format!("chat-c-{chat}")).iter().map(|seq| seq.parse().unwrap()).collect();
        assert_eq!(order.len(), 16, "chat c-{chat}");
        assert!(order.is_sorted(), "chat c-{chat}: {order:?}");
    }
    nothing(&mut listener);
}

#[test]
fn chats_run_side_by_side() {
    let home = Home::new();
    let handler = r#"touch "at-$GUURU_CHAT_ID"
        until [ -e at-a ] && [ -e at-b ] && [ -e at-c ]; do sleep 0.01; done
        echo "$GUURU_CHAT_ID" >>done"#;
    let mut listener = home.listen(&["--exec", handler, "--jobs", "3"]);
    let sender = Sender::new(&listener.url);
    for chat in ["a", "b", "c"] {
        assert_eq!(sender.assign(chat, chat), Some(200));
    }
    eventually("none waits for another to end", || words(&home, "done").len() == 3);
    nothing(&mut listener);
}

#[test]
fn no_more_run_at_once_than_jobs_allow() {
    let home = Home::new();
    fs::create_dir(home.path().join("running")).unwrap();
    let handler = r#"touch "running/$GUURU_SEQ"; set -- running/*; echo $# >>counts
        sleep 0.02; rm "running/$GUURU_SEQ"; echo "$GUURU_SEQ" >>done"#;
    let mut listener = home.listen(&["--exec", handler, "--jobs", "2"]);
    let sender = Sender::new(&listener.url);
    for n in 0..12 {
        assert_eq!(sender.assign(&format!("k-{n}"), &format!("c-{n}")), Some(200));
    }
    eventually("all are done", || words(&home, "done").len() == 12);
    assert!(words(&home, "counts").iter().all(|count| count == "1" || count == "2"), "{:?}", words(&home, "counts"));
    nothing(&mut listener);
}

/// Puts chat `a` off until there is a file `open`.
const BUSY: &str = r#"echo "$GUURU_SEQ" >>tried
    if [ "$GUURU_CHAT_ID" = a ] && ! [ -e open ]; then exit 75; fi
    echo "$GUURU_SEQ" >>done"#;

#[test]
fn an_event_that_is_put_off_holds_back_its_chat_and_no_other() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", BUSY]);
    let sender = Sender::new(&listener.url);
    for (key, chat) in [("k-1", "a"), ("k-2", "a"), ("k-3", "b")] {
        assert_eq!(sender.assign(key, chat), Some(200));
    }
    let line = listener.says("is tried again in");
    assert!(line.contains("event 1 (chat-assigned, chat a)") && line.ends_with("exit code 75"), "{line}");
    eventually_words(&home, "done", &["3"]);
    touch(&home, "open");
    eventually_words(&home, "done", &["3", "1", "2"]);
    listener.says("event 1 (chat-assigned, chat a) is done after");
    assert_eq!(words(&home, "tried").iter().filter(|seq| *seq == "2").count(), 1);
    nothing(&mut listener);
    assert_eq!(failed(&home), []);
}

#[test]
fn an_event_that_waits_is_tried_again_after_a_kill() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", BUSY]);
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.assign("k-1", "a"), sender.assign("k-2", "a")), (Some(200), Some(200)));
    listener.says("is tried again in");
    // What is stored after that takes the cursor's move along.
    assert_eq!(sender.assign("k-3", "b"), Some(200));
    eventually_words(&home, "done", &["3"]);
    assert_eq!(sender.assign("k-4", "b"), Some(200));
    eventually_words(&home, "done", &["3", "4"]);
    listener.signal("KILL");
    listener.wait();
    touch(&home, "open");
    let mut listener = home.listen(&["--exec", BUSY]);
    listener.says("events that wait from earlier: 2");
    listener.says("event 1 (chat-assigned, chat a) is done after");
    eventually("both are done", || words(&home, "done").iter().any(|seq| seq == "2"));
    let done = words(&home, "done");
    let place = |seq: &str| done.iter().position(|done| done == seq);
    assert!(place("1") < place("2"), "{done:?}");
    nothing(&mut listener);
}

#[test]
fn an_event_that_fails_is_set_aside_and_its_chat_goes_on() {
    let home = Home::new();
    let handler = r#"echo "$GUURU_SEQ" >>tried; [ "$GUURU_SEQ" != 1 ] || exit 3"#;
    let mut listener = home.listen(&["--exec", handler]);
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.assign("k-1", "a"), sender.assign("k-2", "a")), (Some(200), Some(200)));
    let line = listener.says("is set aside");
    assert!(line.contains("event 1 (chat-assigned, chat a) is set aside: exit code 3"), "{line}");
    eventually_words(&home, "tried", &["1", "2"]);
    nothing(&mut listener);
    assert_eq!(failed(&home), [(1, "exit code 3".to_owned())]);
    nothing(&mut home.listen(&["--exec", handler]));
    assert_eq!(words(&home, "tried"), ["1", "2"], "what is set aside is not tried again by itself");
}

#[test]
fn a_handler_that_is_killed_sets_its_event_aside() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", "kill -9 $$", "--count", "1"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(failed(&home), [(1, "killed by signal 9".to_owned())]);
}

#[test]
fn a_command_that_cannot_be_found_sets_the_event_aside_and_says_so() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", "./handler", "--count", "1"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    listener.says("the command was not found");
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(failed(&home).len(), 1);
}

#[test]
fn a_handler_gets_the_line_on_stdin_and_the_rest_in_its_environment() {
    let home = Home::new();
    let mut listener = home.listen(&["--consumer", "lines"]);
    let sender = Sender::new(&listener.url);
    assert_eq!(sender.message("k-1", "c 1", "Hello\n\"you\"?"), Some(200));
    assert_eq!(sender.send("chat-teleported", "k-2", &json!({"to": "Mars"})), Some(200));
    let lines = listener.stop();
    let handler = r#"cat >"line-$GUURU_SEQ"; env | grep -c WEBHOOK_SECRET >secrets
        printf '%s|%s|%s|%s' "$GUURU_EVENT" "$GUURU_CHAT_ID" "$GUURU_ID" "$GUURU_TOKEN" >"env-$GUURU_SEQ""#;
    assert!(home.listen(&["--exec", handler, "--count", "2"]).wait().success());
    let read = |file: &str| fs::read_to_string(home.path().join(file)).unwrap();
    for (seq, expected) in (1..=2).zip(&lines) {
        let line = read(&format!("line-{seq}"));
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), *expected);
    }
    assert_eq!(read("env-1"), format!("message-created|c 1|k-1|{TOKEN}"));
    assert_eq!(read("env-2"), format!("chat-teleported||k-2|{TOKEN}"));
    assert_eq!(read("secrets"), "0\n", "no handler needs it");
}

#[test]
fn a_large_event_reaches_a_handler_that_reads_it_and_does_not_stop_one_that_does_not() {
    let home = Home::new();
    let text = "x".repeat(1024 * 1024 - 200);
    let mut listener = home.listen(&["--exec", r#"[ "$GUURU_SEQ" = 1 ] || wc -c >size"#, "--count", "2"]);
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.message("k-1", "a", &text), sender.message("k-2", "a", &text)), (Some(200), Some(200)));
    assert_eq!(listener.wait().code(), Some(0));
    assert!(words(&home, "size")[0].parse::<usize>().unwrap() > text.len());
    assert_eq!(failed(&home), []);
}

#[test]
fn an_event_that_fits_into_no_environment_is_set_aside() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", "true", "--count", "3"]);
    let sender = Sender::new(&listener.url);
    for (key, chat) in [("k-1", "a\0b".to_owned()), ("k-2", "x".repeat(200_000)), ("k-3", "c".to_owned())] {
        assert_eq!(sender.assign(key, &chat), Some(200));
    }
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(failed(&home).iter().map(|failed| failed.0).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn what_a_handler_writes_goes_to_stderr() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", "echo to stdout; echo to stderr >&2"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    listener.says("to stdout");
    listener.says("to stderr");
    nothing(&mut listener);
}

#[test]
fn a_handler_that_hangs_is_stopped_with_all_that_it_started_and_tried_again() {
    let home = Home::new();
    let handler = "[ -e again ] && exit 0; touch again; trap '' TERM; sleep 1000 & echo $! >child; wait; wait";
    let mut listener = home.listen(&["--exec", handler, "--exec-timeout", "200ms", "--count", "1"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    listener.says("is tried again in");
    assert_eq!(listener.wait().code(), Some(0));
    let child = words(&home, "child").remove(0);
    eventually("the child of the handler is gone", || is_gone(&child));
}

/// Whether a process has ended; a zombie that nobody waits for has.
fn is_gone(pid: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    stat.map_or(true, |stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
}

#[test]
fn a_signal_lets_the_running_handler_finish_and_starts_no_other() {
    let home = Home::new();
    let handler = r#"echo "$GUURU_SEQ" >>tried; until [ -e open ]; do sleep 0.01; done; echo "$GUURU_SEQ" >>done"#;
    let mut listener = home.listen(&["--exec", handler]);
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.assign("k-1", "a"), sender.assign("k-2", "a")), (Some(200), Some(200)));
    eventually_words(&home, "tried", &["1"]);
    listener.signal("TERM");
    listener.says("waiting for what is being handled: 1");
    touch(&home, "open");
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(words(&home, "done"), ["1"]);
    let mut listener = home.listen(&["--exec", handler]);
    eventually_words(&home, "done", &["1", "2"]);
    nothing(&mut listener);
    assert_eq!(words(&home, "tried"), ["1", "2"]);
}

#[test]
fn a_handler_that_outlives_a_killed_listener_ends_before_its_event_runs_again() {
    let home = Home::new();
    // Its shell ends at once; what it has started in its place is what goes on.
    let handler =
        r#"echo "begin-$GUURU_SEQ" >>log; until [ -e open ]; do sleep 0.01; done; echo "end-$GUURU_SEQ" >>log"#;
    let handler = format!("({handler}) & exec sh -c 'wait; {handler}'");
    let mut first = home.listen(&["--exec", &handler]);
    assert_eq!(Sender::new(&first.url).assign("k-1", "c-1"), Some(200));
    eventually_words(&home, "log", &["begin-1", "begin-1"]);
    first.signal("KILL");
    first.wait();
    let mut second = home.listen(&["--exec", "echo again >>log"]);
    second.says("waiting for a program that was left behind when guuru was killed");
    assert_eq!(Sender::new(&second.url).assign("k-2", "c-1"), Some(200), "webhooks are taken in the meantime");
    assert_eq!(words(&home, "log"), ["begin-1", "begin-1"]);
    touch(&home, "open");
    eventually_words(&home, "log", &["begin-1", "begin-1", "end-1", "end-1", "again", "again"]);
    nothing(&mut second);
}

#[test]
fn one_that_a_handler_left_running_on_purpose_holds_up_no_start() {
    let home = Home::new();
    let mut first = home.listen(&["--exec", "sleep 60 </dev/null >/dev/null 2>&1 & echo $! >pid"]);
    assert_eq!(Sender::new(&first.url).assign("k-1", "c-1"), Some(200));
    first.says("is done");
    first.signal("KILL");
    first.wait();
    let mut second = home.listen(&["--exec", "echo done >>log"]);
    assert_eq!(Sender::new(&second.url).assign("k-2", "c-2"), Some(200));
    eventually("it runs", || !words(&home, "log").is_empty());
    assert_eq!(second.said("left behind").len(), 0);
    nothing(&mut second);
    crate::support::program::signal(words(&home, "pid")[0].parse().unwrap(), "TERM");
}

#[test]
fn a_hangup_stops_it_in_order_unless_hangups_are_ignored() {
    let home = Home::new();
    let handler = r#"echo "$GUURU_SEQ" >>tried; until [ -e open ]; do sleep 0.01; done; echo "$GUURU_SEQ" >>done"#;
    let mut listener = home.listen(&["--exec", handler]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    eventually_words(&home, "tried", &["1"]);
    listener.signal("HUP");
    listener.says("waiting for what is being handled");
    touch(&home, "open");
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(words(&home, "done"), ["1"]);

    let mut ignoring = home.listen_after("trap '' HUP", &["--exec", handler]);
    ignoring.signal("HUP");
    assert_eq!(Sender::new(&ignoring.url).assign("k-2", "c-1"), Some(200));
    eventually_words(&home, "done", &["1", "2"]);
    nothing(&mut ignoring);
    assert_eq!(words(&home, "tried"), ["1", "2"]);
}

#[test]
fn as_the_first_process_of_a_container_it_collects_what_handlers_leave_behind() {
    let home = Home::new();
    let handler = r#"if [ "$GUURU_SEQ" = 1 ]; then (sleep 0 &) & exit; fi
        until ! grep -q '^State:.Z' /proc/[0-9]*/status; do sleep 0.01; done; echo "$GUURU_SEQ" >>done"#;
    let Some(mut listener) = home.listen_as_first(&["--exec", handler]) else {
        return crate::support::program::skip("a container can be made by root alone");
    };
    let sender = Sender::new(&listener.url);
    assert_eq!((sender.assign("k-1", "c-1"), sender.assign("k-2", "c-1")), (Some(200), Some(200)));
    eventually_words(&home, "done", &["2"]);
    let pid = listener.pid();
    let first = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    crate::support::program::signal(first.trim().parse().unwrap(), "TERM");
    listener.says("stopping");
    assert_eq!(listener.wait().code(), Some(0));
}

#[test]
fn a_handler_that_does_not_finish_is_stopped_and_its_event_comes_again() {
    let home = Home::new();
    let handler = "echo $$ >>tried; [ -e open ] || sleep 1000";
    let mut listener = home.listen(&["--exec", handler]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    eventually("it runs", || words(&home, "tried").len() == 1);
    listener.signal("TERM");
    listener.says("stopped before the end");
    assert_eq!(listener.wait().code(), Some(0));
    assert!(is_gone(&words(&home, "tried")[0]));
    touch(&home, "open");
    let mut listener = home.listen(&["--exec", handler]);
    eventually("it runs again", || words(&home, "tried").len() == 2);
    nothing(&mut listener);
    assert_eq!(failed(&home), []);
}

#[test]
fn killed_at_work_it_runs_every_event_that_got_a_200_and_keeps_the_order() {
    const ROUNDS: i64 = 3;
    let home = Home::new();
    let handler = |round: i64| format!(r#"echo "{round}:$GUURU_SEQ" >>"chat-$GUURU_CHAT_ID"; sleep 0.003"#);
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut listener = home.listen(&["--exec", &handler(round), "--jobs", "4"]);
        let senders: Vec<_> = (0..4)
            .map(|thread| {
                let sender = Sender::new(&listener.url);
                thread::spawn(move || {
                    let send = |n: &i64| sender.assign(&format!("{round}-{thread}-{n}"), &format!("c-{}", n % 6));
                    (0..100_000).take_while(|n| send(n) == Some(200)).count()
                })
            })
            .collect();
        eventually("some are done", || {
            words(&home, "chat-c-5").iter().filter(|run| run.starts_with(&format!("{round}:"))).count() > 20
        });
        listener.signal("KILL");
        listener.wait();
        acknowledged += senders.into_iter().map(|sender| sender.join().unwrap()).sum::<usize>();
    }
    let mut listener = home.listen(&["--exec", &handler(ROUNDS), "--jobs", "4"]);
    let runs = |chat: i64| -> Vec<(i64, i64)> {
        let parse =
            |run: &String| run.split_once(':').map(|(round, seq)| (round.parse().unwrap(), seq.parse().unwrap()));
        words(&home, &format!("chat-c-{chat}")).iter().filter_map(parse).collect()
    };
    let distinct = || (0..6).flat_map(runs).map(|(_, seq)| seq).collect::<HashSet<i64>>().len();
    eventually("every acknowledged event has run", || distinct() >= acknowledged);
    nothing(&mut listener);
    for chat in 0..6 {
        let runs = runs(chat);
        for round in 0..=ROUNDS {
            let order: Vec<i64> = runs.iter().filter(|run| run.0 == round).map(|run| run.1).collect();
            assert!(order.is_sorted_by(|a, b| a < b), "chat c-{chat}, round {round}: {order:?}");
        }
        let mut seen = HashSet::new();
        let first: Vec<i64> = runs.iter().map(|run| run.1).filter(|seq| seen.insert(*seq)).collect();
        assert!(first.is_sorted(), "chat c-{chat}: {first:?}");
    }
}

#[test]
fn filters_and_count_hold_for_handlers_too() {
    let home = Home::new();
    let args = ["--exec", r#"echo "$GUURU_SEQ" >>done"#, "--event", "message-created", "--count", "2"];
    let mut listener = home.listen(&args);
    let sender = Sender::new(&listener.url);
    sender.assign("k-1", "a");
    for n in 2..=5 {
        sender.message(&format!("k-{n}"), "a", "Hello?");
    }
    assert_eq!(listener.wait().code(), Some(0));
    assert_eq!(words(&home, "done"), ["2", "3"]);
    let run = home.run([
        "listen",
        "--addr",
        "127.0.0.1:0",
        "--consumer",
        "other",
        "--exec",
        "exit 75",
        "--count",
        "1",
        "--timeout",
        "50ms",
    ]);
    run.failed(8, "did not come in time");
}

#[test]
fn lines_say_that_something_waits_for_a_handler() {
    let home = Home::new();
    let mut listener = home.listen(&["--exec", "exit 75"]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "a"), Some(200));
    listener.says("is tried again in");
    nothing(&mut listener);
    let mut listener = home.listen(&[]);
    listener.says("and get no line: 1");
    nothing(&mut listener);
}

#[test]
fn flags_that_make_no_sense_are_usage_errors() {
    let home = Home::new();
    let run = |args: &[&str]| home.run([&["listen", "--addr", "127.0.0.1:0"], args].concat());
    run(&["--exec", "true", "--forward-to", "http://127.0.0.1:1"]).failed(2, "cannot be used with");
    run(&["--exec", "if true"]).failed(2, "the shell cannot read the command of --exec");
    run(&["--jobs", "4"]).failed(2, "required");
    run(&["--exec", "true", "--jobs", "0"]).failed(2, "want a number from 1");
    run(&["--forward-to", "ftp://127.0.0.1"]).failed(2, "want an http or https address");
}
