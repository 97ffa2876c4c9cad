//! What children leave behind for the tests to look at, and what the system knows of a process.

use std::fs;

use serde_json::Value;

use crate::support::program::{Home, Listener, eventually};
use crate::support::sender::Sender;

/// A child that keeps what it reads.
pub(crate) const RECORDER: &str = "exec cat >>seen";

/// The whole lines of a file that a child writes.
pub(crate) fn lines(home: &Home, file: &str) -> Vec<String> {
    let text = fs::read_to_string(home.path().join(file)).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(ToOwned::to_owned).collect()
}

/// The lines of a file as JSON.
pub(crate) fn seen(home: &Home, file: &str) -> Vec<Value> {
    lines(home, file).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Waits for so many lines of a child, and returns them.
#[track_caller]
pub(crate) fn eventually_seen(home: &Home, file: &str, count: usize) -> Vec<Value> {
    eventually(&format!("{count} lines in {file}"), || lines(home, file).len() >= count);
    seen(home, file)
}

/// Waits for a file that a child writes.
#[track_caller]
pub(crate) fn eventually_there(home: &Home, file: &str) {
    eventually(&format!("the file {file}"), || home.path().join(file).exists());
}

/// The seqs of events.
pub(crate) fn seqs(lines: &[Value]) -> Vec<i64> {
    lines.iter().map(|line| line["seq"].as_i64().unwrap_or_else(|| panic!("no event: {line}"))).collect()
}

/// Starts a bridge with these options and a script of the shell for a child.
pub(crate) fn bridge(home: &Home, options: &[&str], script: &str) -> (Listener, Sender) {
    let bridge = home.bridge(&[options, &["--", "sh", "-c", script]].concat());
    let sender = Sender::new(&bridge.url);
    (bridge, sender)
}

/// Stops a bridge, which must end in order.
#[track_caller]
pub(crate) fn stop(bridge: &mut Listener) {
    assert_eq!(bridge.stop(), [] as [Value; 0], "stdout is for data");
}

/// Offers the chats `c-1`, `c-2`, … to the service account; their seqs are the same numbers in a new home.
#[track_caller]
pub(crate) fn assign(sender: &Sender, chats: impl IntoIterator<Item = usize>) {
    for n in chats {
        assert_eq!(sender.assign(&format!("k-{n}"), &format!("c-{n}")), Some(200));
    }
}

/// The most memory that a process ever had, in MiB; `None` on systems without /proc.
pub(crate) fn peak_memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim_end_matches("kB").trim().parse::<u64>().unwrap() / 1024)
}

/// How much processor time a process has used, in milliseconds; `None` on systems without /proc.
pub(crate) fn processor_time(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // Of user and system, in hundredths of a second on every Linux.
    Some(10 * (fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()))
}

/// Whether a process runs, told by the file in which it left its id.
pub(crate) fn is_running(home: &Home, file: &str) -> bool {
    let pid = lines(home, file).first().expect("a process id").clone();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, state)| !state.trim_start().starts_with('Z'))
}
