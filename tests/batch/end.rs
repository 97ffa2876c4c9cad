//! How a batch ends before its input does.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::platform::{Fate, Manner, Platform};
use super::program::{Running, command, file, from_file, home, of, piped, results, send};
use crate::support::program::{Home, eventually, skip};
use crate::support::server::{Answer, Server};

/// Long enough to send a signal while a request is under way.
const SLOW: Duration = Duration::from_millis(300);

fn slow() -> Platform {
    Platform::start(Manner { delay: SLOW, ..Manner::default() })
}

fn assert_not_sent(result: &Value, why: &str) {
    let error = json!({"kind": "failure", "message": format!("not sent: {why}"), "retryable": true});
    assert_eq!((&result["ok"], &result["error"]), (&json!(false), &error));
}

#[test]
fn fail_fast_begins_nothing_more_and_answers_every_line_of_a_file() {
    let fate = |text: &str, _| if text == "3" { Fate::Status(400) } else { Fate::Answered };
    let platform = Platform::start(Manner { fate, ..Manner::default() });
    let input: String = (0..5000).map(|n| send(&n.to_string(), "c-1", &n.to_string())).collect();
    let output = from_file(&home(&platform), &["--fail-fast"], &input);
    assert_eq!(output.status.code(), Some(7));
    let results = results(std::str::from_utf8(&output.stdout).unwrap());
    assert_eq!(results.len(), 5000);
    assert_eq!(of(&results, "2")["ok"], true);
    assert_eq!(of(&results, "3")["error"]["kind"], "refused");
    for n in 4..5000 {
        assert_not_sent(of(&results, &n.to_string()), "an earlier command failed");
    }
    assert_eq!(platform.texts("c-1"), ["0", "1", "2"]);
}

#[test]
fn without_fail_fast_the_rest_goes_on() {
    let fate = |text: &str, _| if text == "3" { Fate::Status(400) } else { Fate::Answered };
    let platform = Platform::start(Manner { fate, ..Manner::default() });
    let input: String = (0..10).map(|n| send(&n.to_string(), "c-1", &n.to_string())).collect();
    let run = piped(&home(&platform), &[], &input);
    assert_eq!(run.code, Some(7), "{run:?}");
    assert_eq!(platform.count(), 9);
}

#[test]
fn an_interrupt_lets_what_is_in_flight_finish_and_reports_the_rest_of_a_file() {
    let platform = slow();
    let home = home(&platform);
    let input: String = (0..50).map(|n| send(&n.to_string(), &format!("c-{}", n % 2), &n.to_string())).collect();
    let mut command = command(&home, &[]);
    command.stdin(file(&home, &input));
    let mut batch = Running::start(command);
    eventually("two requests are under way", || platform.busy() == 2);
    batch.signal("INT");
    let results = batch.rest();
    assert_eq!(batch.wait().signal(), Some(2));
    assert_eq!(results.len(), 50);
    for n in 0..50 {
        let result = of(&results, &n.to_string());
        if n < 2 { assert_eq!(result["ok"], true, "{result}") } else { assert_not_sent(result, "interrupted") }
    }
    assert_eq!(platform.count(), 2);
}

#[test]
fn an_interrupt_ends_a_batch_whose_input_never_ends() {
    let platform = slow();
    let mut batch = Running::piped(&home(&platform), &[]);
    assert!(batch.write(&(send("1", "c-1", "one") + &send("2", "c-1", "two"))));
    eventually("a request is under way", || platform.busy() == 1);
    batch.signal("TERM");
    let results = batch.rest();
    assert_eq!(batch.wait().signal(), Some(15));
    assert_eq!(of(&results, "1")["ok"], true);
    assert_not_sent(of(&results, "2"), "interrupted");
}

#[test]
fn a_terminal_that_goes_away_ends_a_batch_as_an_interrupt_does() {
    let platform = slow();
    let mut batch = Running::piped(&home(&platform), &[]);
    assert!(batch.write(&(send("1", "c-1", "one") + &send("2", "c-1", "two"))));
    eventually("a request is under way", || platform.busy() == 1);
    batch.signal("HUP");
    let results = batch.rest();
    assert_eq!(batch.wait().signal(), Some(1));
    assert_eq!(of(&results, "1")["ok"], true);
    assert_not_sent(of(&results, "2"), "interrupted");
}

#[test]
fn an_interrupt_ends_a_batch_whose_input_never_pauses() {
    let platform = slow();
    let mut batch = Running::piped(&home(&platform), &[]);
    let mut stdin = batch.take_stdin();
    let writer = thread::spawn(move || {
        let line = send("x", "c-1", "Hello!").repeat(100);
        while stdin.write_all(line.as_bytes()).is_ok() {}
    });
    eventually("a request is under way", || platform.busy() == 1);
    batch.signal("INT");
    let results = batch.rest();
    assert_eq!(batch.wait().signal(), Some(2));
    writer.join().unwrap();
    let mut lines: Vec<u64> = results.iter().map(|result| result["line"].as_u64().unwrap()).collect();
    lines.sort_unstable();
    assert!(lines.len() > 100, "{} lines", lines.len());
    assert_eq!(lines, (1..=lines.len() as u64).collect::<Vec<_>>(), "each line that was read has its answer");
    assert_eq!(platform.count(), 1);
}

#[test]
fn after_an_interrupt_nothing_is_attempted_again() {
    let platform = Server::always(|_| Answer::new(503, "").header("Retry-After", "60"));
    let mut batch = Running::piped(&Home::new().with("GUURU_ENDPOINT", &platform.url()), &[]);
    assert!(batch.write(&send("1", "c-1", "one")));
    eventually("it was attempted", || platform.connections() == 1);
    batch.signal("INT");
    assert_eq!(batch.result()["error"]["kind"], "unknown");
    assert_eq!(batch.wait().signal(), Some(2));
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let platform = Platform::start(Manner { delay: Duration::from_secs(3), ..Manner::default() });
    let mut batch = Running::piped(&home(&platform), &["--journal"]);
    assert!(batch.write(&(send("1", "c-1", "one") + &send("2", "c-1", "two"))));
    eventually("a request is under way", || platform.busy() == 1);
    batch.signal("INT");
    assert_not_sent(&batch.result(), "interrupted");
    batch.signal("INT");
    assert_eq!(batch.wait().signal(), Some(2));
    assert_eq!(platform.count(), 0, "the request is still under way");
}

#[test]
fn a_reader_that_has_gone_ends_it_with_0_and_nothing_more_is_begun() {
    let platform = Platform::start(Manner { delay: Duration::from_millis(20), ..Manner::default() });
    let home = home(&platform);
    let input: String = (0..1000).map(|n| send(&n.to_string(), "c-1", &n.to_string())).collect();
    file(&home, &input);
    let program = env!("CARGO_BIN_EXE_guuru");
    let script = "cat commands.jsonl - | { \"$0\" batch; echo $? >code; } | head -1";
    let mut bash = Command::new("bash");
    let guuru = command(&home, &[]);
    bash.args(["-c", script, program])
        .env_clear()
        .envs(guuru.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bash.env("PATH", std::env::var_os("PATH").unwrap()).current_dir(home.path()).stdin(std::process::Stdio::piped());
    let Ok(mut child) = bash.stdout(std::process::Stdio::piped()).spawn() else { return skip("bash is not installed") };
    // Its stdin stays open: the end of the reader is reason enough to end.
    let stdin = child.stdin.take();
    eventually("it ends", || std::fs::read_to_string(home.path().join("code")).is_ok_and(|code| code == "0\n"));
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(results(std::str::from_utf8(&output.stdout).unwrap()).len(), 1);
    assert!(platform.count() <= 3, "{} were sent", platform.count());
}
