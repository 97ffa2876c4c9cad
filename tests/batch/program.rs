//! `guuru batch` as the tests run it.

use std::fs::File;
use std::io::Write;
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::{Value, json};

use super::platform::Platform;
use crate::support::program::{Finished, Home, PATIENCE, eventually, read_lines};

/// A home whose endpoint is this platform.
pub(crate) fn home(platform: &Platform) -> Home {
    Home::new().with("GUURU_ENDPOINT", &platform.server.url())
}

/// These commands as lines.
pub(crate) fn lines(commands: &[Value]) -> String {
    let lines: Vec<String> = commands.iter().map(|command| format!("{command}\n")).collect();
    lines.concat()
}

/// A line that sends a text as the persona `p-1`.
pub(crate) fn send(reference: &str, chat: &str, text: &str) -> String {
    let command = json!({"ref": reference, "op": "sendChatMessage", "chatId": chat, "text": text, "personaId": "p-1"});
    format!("{command}\n")
}

/// `guuru batch` with these arguments beside it.
pub(crate) fn command(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(["batch"]);
    command.args(args);
    command
}

/// Runs a batch on this input, as a pipe.
pub(crate) fn piped(home: &Home, args: &[&str], input: &str) -> Finished {
    home.run_with([&["batch"], args].concat(), input)
}

/// Runs a batch on this input, as a file.
pub(crate) fn from_file(home: &Home, args: &[&str], input: &str) -> Output {
    command(home, args).stdin(file(home, input)).output().unwrap()
}

/// A file with this content, open for reading.
pub(crate) fn file(home: &Home, content: &str) -> File {
    let path = home.path().join("commands.jsonl");
    std::fs::write(&path, content).unwrap();
    File::open(path).unwrap()
}

/// The results on stdout.
pub(crate) fn results(stdout: &str) -> Vec<Value> {
    stdout
        .split_terminator('\n')
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The result of the line with this `ref`.
pub(crate) fn of<'a>(results: &'a [Value], reference: &str) -> &'a Value {
    let mut found = results.iter().filter(|result| result["ref"] == reference);
    let result = found.next().unwrap_or_else(|| panic!("no result for {reference} in {results:?}"));
    assert!(found.next().is_none(), "two results for {reference} in {results:?}");
    result
}

/// A batch that runs.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    results: Option<Receiver<String>>,
}

impl Running {
    /// Starts this batch. Where its stdin is not set, it is a pipe that this end writes.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let results = Some(read_lines(child.stdout.take().unwrap()));
        Self { child, stdin, results }
    }

    /// Starts a batch with these arguments and a pipe for its stdin.
    pub(crate) fn piped(home: &Home, args: &[&str]) -> Self {
        let mut command = command(home, args);
        command.stdin(Stdio::piped());
        Self::start(command)
    }

    /// Writes to its stdin; tells whether it was taken.
    pub(crate) fn write(&mut self, text: &str) -> bool {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).is_ok()
    }

    /// Takes its stdin away from this end.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.stdin.take().unwrap()
    }

    /// Closes its stdin.
    pub(crate) fn close(&mut self) {
        drop(self.stdin.take());
    }

    /// The next result.
    #[track_caller]
    pub(crate) fn result(&self) -> Value {
        let line = self.results.as_ref().unwrap().recv_timeout(PATIENCE).expect("a result");
        serde_json::from_str(&line).unwrap()
    }

    /// The results that are still to come, up to the end of stdout.
    pub(crate) fn rest(&self) -> Vec<Value> {
        self.results.as_ref().unwrap().iter().map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        let mut status = None;
        eventually("the batch ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
