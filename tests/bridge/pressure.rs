//! Children that do not keep up, or that nobody can keep up with: memory stays bounded and no processor spins.

use std::thread;
use std::time::Duration;

use super::rig::{assign, bridge, eventually_seen, eventually_there, peak_memory, processor_time, seqs, stop};
use crate::support::program::{Home, Listener, eventually};
use crate::support::sender::Sender;

/// What the bridge may need at most, in MiB: twice what it does, and less than what these tests push into it.
const MEMORY: u64 = 48;

/// Over two seconds in which nothing can move, nearly no work is done.
#[track_caller]
fn assert_at_rest(bridge: &Listener) {
    let Some(before) = processor_time(bridge.pid()) else { return };
    thread::sleep(Duration::from_secs(2));
    let used = processor_time(bridge.pid()).unwrap() - before;
    assert!(used < 300, "{used} ms of processor time in 2 s of standstill");
    let peak = peak_memory(bridge.pid()).unwrap();
    assert!(peak < MEMORY, "{peak} MiB");
}

/// How long the messages are, in bytes.
const TEXT: usize = 50_000;

/// Sends so many messages.
fn messages(sender: &Sender, count: usize) {
    let text = "x".repeat(TEXT);
    thread::scope(|scope| {
        for thread in 0..4 {
            let text = &text;
            scope.spawn(move || {
                for n in 0..count / 4 {
                    assert_eq!(sender.message(&format!("k-{thread}-{n}"), &format!("c-{thread}"), text), Some(200));
                }
            });
        }
    });
}

#[test]
fn a_child_that_never_reads_holds_back_events_and_nothing_else() {
    let home = Home::new();
    let child = ">ready; while ! [ -e read ]; do sleep 0.05 </dev/null; done; exec cat >>seen";
    let (mut bridge, sender) = bridge(&home, &["--grace", "500ms"], child);
    eventually_there(&home, "ready");
    messages(&sender, 1200);
    bridge.says("the program has read nothing for 0.5 s: events and results wait for it");
    assert_at_rest(&bridge);
    std::fs::write(home.path().join("read"), "").unwrap();
    let size = || std::fs::metadata(home.path().join("seen")).map_or(0, |file| file.len());
    eventually("60 MB are read", || size() > 1200 * TEXT as u64);
    let seen = seqs(&eventually_seen(&home, "seen", 1200));
    assert_eq!(seen, (1..=1200).collect::<Vec<_>>(), "all of them, in order");
    stop(&mut bridge);
}

#[test]
fn a_child_that_never_reads_does_not_keep_the_bridge_from_its_end() {
    let home = Home::new();
    let (mut bridge, sender) = bridge(&home, &["--grace", "300ms"], ">ready; exec sleep 60");
    eventually_there(&home, "ready");
    messages(&sender, 40);
    bridge.says("the program has read nothing");
    stop(&mut bridge);
}

#[test]
fn a_child_that_floods_and_never_reads_is_held_back() {
    let home = Home::new();
    let child = r#"awk 'BEGIN { for (n = 0; n < 100000; n++) print "{\"ref\":\"r-" n "\",\"op\":\"nonsense\"}" }'; >written; exec sleep 60"#;
    let (mut bridge, _) = bridge(&home, &["--grace", "500ms"], child);
    bridge.says("the program has read nothing for 0.5 s: events and results wait for it");
    assert_at_rest(&bridge);
    assert!(!home.path().join("written").exists(), "the child waits as well");
    stop(&mut bridge);
}

#[test]
fn a_child_that_floods_and_reads_gets_all_its_results() {
    let home = Home::new();
    let child = r#"awk 'BEGIN { for (n = 0; n < 100000; n++) print "nonsense" }' & exec cat >>seen"#;
    let (mut bridge, sender) = bridge(&home, &[], child);
    assign(&sender, [1]);
    let seen = eventually_seen(&home, "seen", 100_001);
    let event = seen.iter().position(|line| line["type"] == "event").expect("the event");
    assert!(event < 100_000, "results do not keep an event waiting for ever");
    let mut lines = seen.iter().filter_map(|line| line["line"].as_u64());
    assert!((1..=100_000).all(|line| lines.next() == Some(line)), "one result for each line, in order");
    if let Some(peak) = peak_memory(bridge.pid()) {
        assert!(peak < MEMORY, "{peak} MiB");
    }
    stop(&mut bridge);
}

#[test]
fn an_overlong_line_is_refused_and_costs_no_memory() {
    let home = Home::new();
    let child = r"head -c 300000000 /dev/zero | tr '\0' x; echo; echo nonsense; exec cat >>seen";
    let (mut bridge, _) = bridge(&home, &[], child);
    let results = eventually_seen(&home, "seen", 2);
    assert!(results[0]["error"]["message"].as_str().unwrap().contains("longer than 1048576 bytes"), "{results:?}");
    if let Some(peak) = peak_memory(bridge.pid()) {
        assert!(peak < MEMORY, "{peak} MiB");
    }
    stop(&mut bridge);
}
