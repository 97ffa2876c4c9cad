//! The bar is for people: on stderr, and only where stderr is a terminal and stdin a file.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::platform::{Manner, Platform};
use super::program::{command, file, home, results, send};
use crate::support::program::{Home, skip};

/// Runs a batch in a shell on a terminal of its own, and returns what the terminal saw.
fn on_a_terminal(home: &Home, shell: &str) -> Option<String> {
    let guuru = command(home, &[]);
    let mut script = Command::new("script");
    script.args(["-qec", &shell.replace("guuru", env!("CARGO_BIN_EXE_guuru")), "/dev/null"]);
    script.env_clear().envs(guuru.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("PATH", std::env::var_os("PATH")?).env("TERM", "xterm").env("SHELL", "/bin/sh").current_dir(home.path());
    let output = script.stdin(Stdio::null()).output().ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_bar_on_a_terminal_leaves_stdout_alone() {
    let platform = Platform::start(Manner { delay: Duration::from_millis(5), ..Manner::default() });
    let home = home(&platform);
    let input: String = (0..60).map(|n| send(&n.to_string(), "c-1", "Hello!")).collect();
    file(&home, &input);
    let Some(seen) = on_a_terminal(&home, "guuru batch <commands.jsonl >results") else {
        return skip("script (util-linux) is not installed");
    };
    assert!(seen.contains('%') && seen.contains('█'), "no bar in {seen:?}");
    let stdout = std::fs::read_to_string(home.path().join("results")).unwrap();
    assert_eq!(results(&stdout).len(), 60, "results and nothing else");
    let seen = on_a_terminal(&home, "cat commands.jsonl | guuru batch >results").unwrap();
    assert_eq!(seen, "", "of a pipe nobody knows the length");
    let seen = on_a_terminal(&home, "guuru batch -q <commands.jsonl >results").unwrap();
    assert_eq!(seen, "");
    // Results and bar on one terminal do not run into each other.
    let seen = on_a_terminal(&home, "guuru batch <commands.jsonl").unwrap();
    let lines: Vec<&str> =
        seen.split(['\n', '\r']).filter_map(|line| line.find("{\"ref\"").map(|at| &line[at..])).collect();
    assert_eq!(results(&lines.join("\n")).len(), 60, "{seen:?}");
}
