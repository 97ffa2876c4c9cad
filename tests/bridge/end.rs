//! The end: in order where there is time for it, and never with a child left behind.

use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::rig::{RECORDER, assign, bridge, eventually_seen, eventually_there, is_running, lines, seqs, stop};
use crate::commands::platform::{home, oblige, operations};
use crate::support::program::{Home, eventually};
use crate::support::server::Server;

/// A child that takes no hint. Its processor must be somebody else's: `sleep` is a child of it.
const STUBBORN: &str = "trap '' TERM; echo $$ >pid; while :; do sleep 0.05 </dev/null; done";

#[test]
fn results_come_before_the_end_of_stdin_and_the_last_commands_are_carried_out() {
    let open = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&open);
    let platform = Server::always(move |request| {
        eventually("the answer may come", || opened.load(Ordering::Acquire));
        oblige(request)
    });
    let home = home(&platform);
    let child = r#"echo '{"ref":"early","op":"closeChat","chatId":"c-1"}'
        cat >>seen; echo end >>seen-end
        echo '{"ref":"late","op":"openChat","chatId":"c-1"}'"#;
    let (mut bridge, _) = bridge(&home, &[], child);
    eventually("the first command is under way", || operations(&platform).len() == 1);
    bridge.signal("TERM");
    assert!(lines(&home, "seen-end").is_empty());
    open.store(true, Ordering::Release);
    assert_eq!(bridge.wait().code(), Some(0));
    let results = eventually_seen(&home, "seen", 1);
    assert_eq!((results.len(), results[0]["ref"].as_str()), (1, Some("early")));
    assert_eq!(operations(&platform), ["ChatClose", "ChatOpen"]);
}

#[test]
fn a_child_that_ignores_the_end_of_its_stdin_gets_sigterm() {
    let home = Home::new();
    let child = "trap 'echo terminated >>seen; exit 0' TERM; >ready; while :; do sleep 0.02 </dev/null; done";
    let (mut bridge, _) = bridge(&home, &["--grace", "300ms"], child);
    eventually_there(&home, "ready");
    stop(&mut bridge);
    assert_eq!(lines(&home, "seen"), ["terminated"]);
}

#[test]
fn a_child_that_ignores_sigterm_as_well_is_killed_with_all_that_it_started() {
    let home = Home::new();
    let child = format!("sh -c 'trap \"\" TERM; echo $$ >grandchild; exec sleep 60' & {STUBBORN}");
    let (mut bridge, _) = bridge(&home, &["--grace", "300ms"], &child);
    eventually_there(&home, "pid");
    eventually_there(&home, "grandchild");
    stop(&mut bridge);
    eventually("the child is gone", || !is_running(&home, "pid"));
    eventually("the grandchild is gone", || !is_running(&home, "grandchild"));
}

#[test]
fn a_second_signal_ends_everything_at_once() {
    let home = Home::new();
    let child = format!("cat; >eof; {STUBBORN}");
    let (mut bridge, _) = bridge(&home, &["--grace", "1h"], &child);
    bridge.signal("TERM");
    eventually_there(&home, "eof");
    eventually_there(&home, "pid");
    bridge.signal("TERM");
    assert_eq!(bridge.wait().signal(), Some(15));
    eventually("the child is gone", || !is_running(&home, "pid"));
}

#[test]
fn a_bridge_that_is_killed_leaves_the_way_free_for_the_next() {
    let home = Home::new();
    let child = "echo $$ >pid; cat >>seen; >eof";
    let (mut first, sender) = bridge(&home, &["--ack", "manual"], child);
    assign(&sender, [1]);
    eventually_seen(&home, "seen", 1);
    first.signal("KILL");
    first.wait();
    eventually_there(&home, "eof");
    eventually("the child is gone", || !is_running(&home, "pid"));
    let address = first.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut second = home.bridge_at(&address, &["--ack", "manual", "--", "sh", "-c", RECORDER]);
    assign(&sender, [2]);
    assert_eq!(seqs(&eventually_seen(&home, "seen", 3)), [1, 1, 2]);
    stop(&mut second);
}

#[test]
fn a_program_that_outlives_a_killed_bridge_is_ended_before_the_next_one_starts() {
    let home = Home::new();
    let (mut first, _) = bridge(&home, &[], STUBBORN);
    eventually_there(&home, "pid");
    first.signal("KILL");
    first.wait();
    assert!(is_running(&home, "pid"));
    // Whoever has inherited a dead one may not have collected it yet.
    let child = "grep -q '^State:.[^ZX]' /proc/$(cat pid)/status && >overlap
        env | grep -c WEBHOOK_SECRET >secrets; >ready; cat";
    let (mut second, _) = bridge(&home, &["--grace", "300ms"], child);
    second.says("ending a program that was left behind when guuru was killed (SIGTERM)");
    second.says("(SIGKILL)");
    eventually_there(&home, "ready");
    assert!(!home.path().join("overlap").exists());
    assert_eq!(lines(&home, "secrets"), ["0"]);
    second.signal("HUP");
    assert_eq!(second.wait().code(), Some(0), "as with SIGTERM");
}

#[test]
fn nothing_new_is_received_once_the_end_has_begun() {
    let home = Home::new();
    let (mut bridge, sender) =
        bridge(&home, &["--grace", "1e18"], "cat; >eof; until [ -e leave ]; do sleep 0.01; done");
    bridge.signal("INT");
    eventually_there(&home, "eof");
    eventually("the port is closed", || sender.assign("k-1", "c-1").is_none());
    std::fs::write(home.path().join("leave"), "").unwrap();
    assert_eq!(bridge.wait().code(), Some(0));
}

#[test]
fn an_end_that_leaves_commands_behind_says_so() {
    let platform = Server::always(|request| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        oblige(request)
    });
    let home = home(&platform);
    let child = r#"echo '{"ref":"1","op":"closeChat","chatId":"c-1"}'; exec cat"#;
    let (mut bridge, _) = bridge(&home, &["--grace", "100ms"], child);
    eventually("the command is under way", || operations(&platform).len() == 1);
    stop(&mut bridge);
    bridge.says("the end came before all that the program had asked for was done");
}
