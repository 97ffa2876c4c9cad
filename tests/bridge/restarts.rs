//! A child that ends, or cannot be started.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::rig::{RECORDER, assign, bridge, eventually_seen, eventually_there, is_running, processor_time, seqs, stop};
use crate::support::program::{Home, eventually};

/// Puts a program where the bridge is told to find it.
fn install(home: &Home, script: &str) {
    let agent = home.path().join("agent");
    fs::write(&agent, script).unwrap();
    fs::set_permissions(&agent, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_child_that_exits_at_once_is_started_again_after_longer_and_longer() {
    let home = Home::new();
    let (mut bridge, _) = bridge(&home, &[], "exit 3");
    let before = processor_time(bridge.pid());
    for pause in ["0.5", "1.0", "2.0"] {
        let line = bridge.says("starting it again");
        assert!(line.starts_with("warning: `sh` ended with exit status: 3 after 0."), "{line}");
        assert!(line.ends_with(&format!("starting it again in {pause} s")), "{line}");
    }
    if let (Some(before), Some(after)) = (before, processor_time(bridge.pid())) {
        assert!(after - before < 500, "it was busy for {} ms", after - before);
    }
    stop(&mut bridge);
}

#[test]
fn a_child_that_was_killed_is_named_with_its_signal() {
    let home = Home::new();
    let (mut bridge, _) = bridge(&home, &[], "kill -9 $$");
    bridge.says("`sh` ended with signal: 9 (SIGKILL)");
    stop(&mut bridge);
}

#[test]
fn a_program_that_cannot_be_started_is_a_usage_error_before_anything_is_received() {
    let home = Home::new();
    let run = |program: &str| home.run(["bridge", "--addr", "127.0.0.1:0", "--", program]);
    let missing = run("no-such-program").failed(2, "cannot start `no-such-program`: No such file");
    assert!(missing.stderr.contains("hint: name a program that is on the PATH"), "{missing:?}");
    assert!(!missing.stderr.contains("listening"), "{missing:?}");
    fs::write(home.path().join("agent"), "#!/bin/sh\n").unwrap();
    run("./agent").failed(2, "cannot start `./agent`: Permission denied");
    fs::set_permissions(home.path().join("agent"), fs::Permissions::from_mode(0o755)).unwrap();
    home.run(["bridge", "--addr", "127.0.0.1:0", "--exit-with-child", "--", "./agent"]).ok();
    home.run(["bridge"]).failed(2, "required arguments were not provided");
}

#[test]
fn a_program_that_is_gone_at_the_next_start_is_looked_for_again() {
    let home = Home::new();
    install(&home, "#!/bin/sh\nrm agent\n");
    let mut bridge = home.bridge(&["--", "./agent"]);
    bridge.says("cannot start `./agent`");
    install(&home, "#!/bin/sh\necho found >&2\nexec cat\n");
    bridge.says("agent: found");
    stop(&mut bridge);
}

#[test]
fn a_first_start_that_had_to_wait_and_fails_is_not_said_to_happen_again() {
    let home = Home::new();
    let (mut first, _) = bridge(&home, &[], ">begun; until [ -e leave ]; do sleep 0.01 </dev/null; done");
    eventually_there(&home, "begun");
    first.signal("KILL");
    first.wait();
    install(&home, "#!/bin/sh\necho found >&2\nexec cat\n");
    let mut second = home.bridge(&["--grace", "1h", "--", "./agent"]);
    fs::remove_file(home.path().join("agent")).unwrap();
    fs::write(home.path().join("leave"), "").unwrap();
    let line = second.says("cannot start `./agent`");
    assert!(line.ends_with(", trying again in 0.5 s"), "{line}");
    install(&home, "#!/bin/sh\necho found >&2\nexec cat\n");
    second.says("agent: found");
    assert!(second.said("again").is_empty());
    stop(&mut second);
}

#[test]
fn the_bridge_can_end_with_its_child() {
    let home = Home::new();
    let run =
        |script: &str| home.run(["bridge", "--addr", "127.0.0.1:0", "--exit-with-child", "--", "sh", "-c", script]);
    run("exit 0").ok();
    run("exit 3").failed(1, "`sh` ended with exit status: 3");
    run("kill -9 $$").failed(1, "`sh` ended with signal: 9 (SIGKILL)");
}

#[test]
fn the_last_commands_of_a_child_that_the_bridge_ends_with_are_carried_out() {
    let platform = crate::commands::platform::obliging();
    let home = crate::commands::platform::home(&platform);
    let script = r#"for n in 1 2 3; do echo "{\"op\":\"closeChat\",\"chatId\":\"c-$n\"}"; done"#;
    home.run(["bridge", "--addr", "127.0.0.1:0", "--exit-with-child", "--", "sh", "-c", script]).ok();
    assert_eq!(crate::commands::platform::operations(&platform), ["ChatClose"; 3]);
}

#[test]
fn what_a_child_leaves_running_does_not_keep_the_next_from_its_start() {
    let home = Home::new();
    let child = "if [ -e again ]; then exec cat >>seen; fi; >again; sleep 60 & echo $! >left; exit 1";
    let (mut bridge, sender) = bridge(&home, &["--grace", "200ms"], child);
    assign(&sender, [1]);
    assign(&sender, [2]);
    bridge.says("starting it again");
    let first = seqs(&eventually_seen(&home, "seen", 1))[0];
    assert!(first <= 3, "{first}");
    assert!(is_running(&home, "left"), "the bridge ends what it has started, and nothing else");
    stop(&mut bridge);
    let left = fs::read_to_string(home.path().join("left")).unwrap();
    assert!(std::process::Command::new("kill").arg(left.trim()).status().unwrap().success());
}

#[test]
fn a_child_that_closes_its_stdout_still_gets_events() {
    let home = Home::new();
    let (mut bridge, sender) = bridge(&home, &[], &format!("exec >&-; {RECORDER}"));
    assign(&sender, 1..=3);
    assert_eq!(seqs(&eventually_seen(&home, "seen", 3)), [1, 2, 3]);
    stop(&mut bridge);
}

#[test]
fn a_child_that_closes_its_stdin_is_reported_and_the_next_gets_what_it_missed() {
    let home = Home::new();
    let child = "if [ -e again ]; then exec cat >>seen; fi
        >again; exec <&-; until [ -e leave ]; do sleep 0.01; done; exit 1";
    let (mut bridge, sender) = bridge(&home, &[], child);
    eventually("the child has begun", || home.path().join("again").exists());
    assign(&sender, 1..=2);
    // Written before it was closed, an event is the child's; after that the pipe is broken.
    bridge.says("`sh` has closed its stdin: it gets nothing more until it is started again");
    fs::write(home.path().join("leave"), "").unwrap();
    let seen = seqs(&eventually_seen(&home, "seen", 1));
    assert_eq!(seen.last(), Some(&2), "{seen:?}");
    stop(&mut bridge);
}
