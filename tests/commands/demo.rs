//! `guuru demo` tells a whole conversation and cleans up after itself, however it ends.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command};

use serde_json::Value;

use super::platform::{leftovers, processes, tidy_home};
use crate::support::program::{Home, eventually};

/// Nothing that the demo started or wrote is there any more.
#[track_caller]
fn assert_clean(home: &Home) {
    eventually("every process of the demo ends", || processes(home).is_empty());
    assert_eq!(leftovers(home), [""; 0]);
    assert!(!home.path().join("state").exists(), "the demo wrote into the user's store");
}

/// Starts the demo and waits for its first line; gives its stdout back.
fn start(home: &Home) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = home.command(["demo"]).process_group(0).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("chat-assigned"), "{line}");
    (child, stdout)
}

#[test]
fn one_whole_conversation_is_six_kinds_of_events() {
    let home = tidy_home();
    let run = home.run(["demo"]).ok();
    let events: BTreeSet<String> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].as_str().unwrap().to_owned())
        .collect();
    let expected = ["chat-assigned", "chat-closed", "chat-opened", "chat-rated", "chat-reopened", "message-created"];
    assert_eq!(events.into_iter().collect::<Vec<_>>(), expected);
    assert!(run.stderr.contains("Eve asks: "), "{run:?}");
    assert_clean(&home);
}

#[test]
fn the_demo_is_not_led_astray_by_the_settings_of_its_user() {
    let mut home = tidy_home().with("GUURU_OUTPUT", "table").with("GUURU_PROFILE", "work");
    for (name, value) in
        [("GUURU_ENDPOINT", "https://api.guuru.invalid/"), ("GUURU_TOKEN", "x"), ("HTTP_PROXY", "http://127.0.0.1:9")]
    {
        home = home.with(name, value);
    }
    assert_eq!(home.run(["demo", "-q"]).ok().stderr, "");
    assert_clean(&home);
}

#[test]
fn a_reader_that_goes_away_ends_the_demo_quietly() {
    let home = tidy_home();
    let (child, stdout) = start(&home);
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_clean(&home);
}

#[test]
fn a_demo_that_takes_too_long_names_what_is_missing() {
    let home = tidy_home();
    let run = home.run(["demo", "--timeout", "0"]).failed(1, "error: the demo did not see 1 chat-assigned, ");
    assert!(run.stderr.contains("3 message-created of our own"), "{run:?}");
    assert_clean(&home);
}

#[test]
fn an_interrupted_demo_dies_of_the_signal_and_leaves_nothing_behind() {
    // A shell's Ctrl-C goes to the whole process group: here to that of the demo.
    for (name, number, target) in [("-INT", 2, "-"), ("-TERM", 15, "")] {
        let home = tidy_home();
        let (mut child, _stdout) = start(&home);
        let target = format!("{target}{}", child.id());
        assert!(Command::new("kill").args([name, "--", &target]).status().unwrap().success());
        let status = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.signal(), Some(number), "{said}");
        assert!(!said.contains("error: "), "{said}");
        assert_clean(&home);
    }
}
