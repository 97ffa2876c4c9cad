//! `guuru sandbox` as a process: what it prints, and how it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command};

use serde_json::Value;

use super::agent::{Agent, echo};
use super::rig::Hooks;
use crate::support::program::{Home, eventually};

/// A running `guuru sandbox` whose exports have been read.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    endpoint: String,
    token: String,
}

impl Running {
    fn start(home: &Home, args: &[&str]) -> Self {
        let mut child = home.command(["sandbox", "--addr", "127.0.0.1:0", "-q"].iter().chain(args)).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut exports = [(); 6].map(|()| {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line.split('\'').nth(1).unwrap_or_else(|| panic!("no export: {line:?}")).to_owned()
        });
        Self { child, stdout, endpoint: std::mem::take(&mut exports[2]), token: std::mem::take(&mut exports[3]) }
    }

    /// Answers with an agent until the process has ended; its exit code, the rest of stdout, and stderr.
    fn answered(
        mut self,
        hooks: &Hooks,
        answers: impl FnMut(&str, &str) -> Vec<String>,
    ) -> (Option<i32>, String, String) {
        let child = std::cell::RefCell::new(&mut self.child);
        let has_ended = || child.borrow_mut().try_wait().unwrap().is_some();
        Agent::new(&self.endpoint, &self.token, hooks).work(answers, has_ended);
        self.ended()
    }

    fn ended(mut self) -> (Option<i32>, String, String) {
        let code = self.child.wait().unwrap().code();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (code, stdout, stderr)
    }

    fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_load_that_is_answered_is_reported_and_ends_with_0() {
    let hooks = Hooks::answering(|_| 200);
    let args = ["--webhook-url", hooks.url.as_str(), "--chats", "3", "--rate", "1000", "--turns", "2", "--seed", "7"];
    let (code, stdout, stderr) = Running::start(&Home::bare(), &args).answered(&hooks, |_, text| echo(text));
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let report = lines(&stdout);
    assert_eq!(report.len(), 4);
    assert!(report[..3].iter().all(|chat| chat["done"] == true && chat["lost"] == 0), "{stdout}");
    let summary = &report[3];
    assert_eq!((&summary["chats"], &summary["done"], &summary["seed"]), (&3.into(), &3.into(), &7.into()));
    assert!(summary["latencyMs"]["p99"].is_i64() && summary["seconds"].is_f64(), "{summary}");
}

#[test]
fn a_load_that_is_answered_twice_ends_with_1_and_its_report_is_in_the_file() {
    let hooks = Hooks::answering(|_| 200);
    let home = Home::bare();
    let args = ["--webhook-url", hooks.url.as_str(), "--chats", "1", "--turns", "1", "--report", "report.jsonl"];
    let twice = |_: &str, text: &str| [echo(text), echo(text)].concat();
    let (code, stdout, stderr) = Running::start(&home, &args).answered(&hooks, twice);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    let report = lines(&std::fs::read_to_string(home.path().join("report.jsonl")).unwrap());
    assert_ne!(report[0]["doubled"], 0);
    assert!(stderr.starts_with("error: 1 of 1 chats came to their end; "), "{stderr}");
    assert!(stderr.contains(&format!("hint: `--seed {}`", report[1]["seed"])), "{stderr}");
}

#[test]
fn a_load_that_is_stopped_reports_and_ends_with_1() {
    let sandbox = Running::start(&Home::bare(), &["--chats", "1", "--rate", "1000"]);
    sandbox.terminate();
    let (code, stdout, _) = sandbox.ended();
    assert_eq!(code, Some(1));
    assert_eq!(lines(&stdout).last().unwrap()["done"], 0);
}

#[test]
fn without_a_load_it_runs_until_it_is_stopped_and_ends_with_0() {
    let sandbox = Running::start(&Home::bare(), &[]);
    sandbox.terminate();
    assert_eq!(sandbox.ended(), (Some(0), String::new(), String::new()));
}

#[test]
fn in_the_background_the_report_goes_to_the_file() {
    let home = Home::bare();
    let load = ["--chats", "2", "--rate", "1000", "--turns", "1", "--patience", "10ms", "--seed", "7"];
    let args = ["sandbox", "--addr", "127.0.0.1:0", "--background"].into_iter().chain(load);
    home.run(args.clone()).failed(2, "`--chats` has nowhere to go");
    home.run(args.chain(["--report", "report.jsonl"])).ok();
    let report = || std::fs::read_to_string(home.path().join("report.jsonl")).unwrap();
    eventually("the report is written", || report().lines().count() == 3);
    let summary = &lines(&report())[2];
    assert_eq!((&summary["lost"], &summary["seed"]), (&2.into(), &7.into()));
}

#[test]
fn a_load_that_makes_no_sense_is_a_usage_error() {
    let home = Home::bare();
    for args in [
        ["--chats", "1", "--rate", "0"],
        ["--chats", "1", "--rate", "inf"],
        ["--chats", "1", "--turns", "0"],
        ["--chats", "1", "--patience", "soon"],
        ["--rate", "1", "--seed", "7"],
        ["--turns", "1", "--seed", "7"],
        ["--patience", "1s", "--seed", "7"],
        ["--report", "report.jsonl", "--seed", "7"],
    ] {
        home.run(["sandbox"].iter().chain(&args)).failed(2, args[if args[0] == "--chats" { 2 } else { 0 }]);
    }
    home.run(["sandbox", "--chats", "1", "--report", "nowhere/report.jsonl"])
        .failed(1, "cannot write nowhere/report.jsonl");
}
