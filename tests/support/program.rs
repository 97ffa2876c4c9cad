//! The real binary in a home of its own: an empty environment, a temporary folder for everything that it keeps.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// The webhook secret of every test.
pub(crate) const SECRET: &str = "a secret of the tests";
/// The access token of every test.
pub(crate) const TOKEN: &str = "a-token-of-the-tests";

/// How long a test waits for something that ought to happen soon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for a condition, never for a time.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Says that a test is skipped, and why; where `GUURU_TEST_NO_SKIP` is set, as it is in CI, that is a failure.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("GUURU_TEST_NO_SKIP").is_none(), "skipped: {why}");
    eprintln!("skipped: {why}");
}

/// A temporary home and the environment that goes with it.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// What a finished run left.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// stdout as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// The run ended with this code and said so on stderr, and nothing on stdout.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.stderr.contains(words), "{words:?} is not in {self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        self
    }

    /// The run failed with this code, and its result on stdout says more.
    pub(crate) fn failed_with_result(self, code: i32, words: &str) -> Self {
        assert!(self.code == Some(code) && !self.stdout.is_empty(), "{self:?}");
        assert!(self.stderr.contains(words), "{words:?} is not in {self:?}");
        self
    }
}

impl Home {
    /// A home with a webhook secret and a token in the environment.
    pub(crate) fn new() -> Self {
        Self::bare().with("GUURU_WEBHOOK_SECRET", SECRET).with("GUURU_TOKEN", TOKEN)
    }

    /// A home in which nothing is set up.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// Sets a variable for every run.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The home's folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The default profile's store.
    pub(crate) fn store(&self) -> PathBuf {
        self.path().join("state/default.db")
    }

    /// The program with these arguments.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command_of(env!("CARGO_BIN_EXE_guuru"));
        command.args(args);
        command
    }

    /// Another program in the environment of the home.
    pub(crate) fn command_of(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.path())
            .env("GUURU_STATE_DIR", self.path().join("state"))
            .env("GUURU_CONFIG_DIR", self.path().join("config"))
            // Whoever runs the tests has a keyring of his own, and it is none of their business.
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.path().join("no-bus").display()))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Finished {
        finish(self.command(args).spawn().unwrap(), "")
    }

    /// Runs the program to its end with this text on its stdin.
    pub(crate) fn run_with<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>, stdin: &str) -> Finished {
        finish(self.command(args).stdin(Stdio::piped()).spawn().unwrap(), stdin)
    }

    /// Starts `guuru listen` on a free port, its lines readable here, and waits until it is ready.
    pub(crate) fn listen(&self, args: &[&str]) -> Listener {
        self.listen_at("127.0.0.1:0", args)
    }

    /// Starts a receiver at this address.
    pub(crate) fn listen_at(&self, addr: &str, args: &[&str]) -> Listener {
        Listener::start(self.command(["listen", "-v", "--addr", addr]).args(args), true)
    }

    /// Starts a receiver within a limit of the system, in the words of `ulimit`.
    pub(crate) fn listen_within(&self, limit: &str) -> Listener {
        self.listen_after(&format!("ulimit {limit}"), &[])
    }

    /// Starts a receiver in a shell, after this script.
    pub(crate) fn listen_after(&self, script: &str, args: &[&str]) -> Listener {
        let mut shell = self.command_of("sh");
        shell.args(["-c", &format!("{script}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_guuru")]);
        Listener::start(shell.args(["listen", "-v", "--addr", "127.0.0.1:0"]).args(args), true)
    }

    /// Starts `guuru listen` as the first process of a container; `None` where that is not allowed.
    pub(crate) fn listen_as_first(&self, args: &[&str]) -> Option<Listener> {
        let contain = ["--pid", "--fork", "--mount-proc", "--kill-child"];
        let allowed = self.command_of("unshare").args(contain).arg("true").status();
        allowed.is_ok_and(|status| status.success()).then(|| {
            let mut unshare = self.command_of("unshare");
            unshare.args(contain).args([env!("CARGO_BIN_EXE_guuru"), "listen", "-v", "--addr", "127.0.0.1:0"]);
            Listener::start(unshare.args(args), true)
        })
    }

    /// Starts `guuru events tail`, its lines readable here.
    pub(crate) fn tail(&self, args: &[&str]) -> Listener {
        let mut child = self.command(["events", "tail", "-v"]).args(args).spawn().unwrap();
        let (stderr, lines) = (read_lines(child.stderr.take().unwrap()), read_lines(child.stdout.take().unwrap()));
        Listener { child, url: String::new(), lines: Some(lines), stderr }
    }

    /// Starts `guuru bridge` on a free port with these arguments, and waits until it is ready.
    pub(crate) fn bridge(&self, args: &[&str]) -> Listener {
        self.bridge_at("127.0.0.1:0", args)
    }

    /// Starts a bridge at this address.
    pub(crate) fn bridge_at(&self, addr: &str, args: &[&str]) -> Listener {
        Listener::start(self.command(["bridge", "-v", "--addr", addr]).args(args), true)
    }

    /// Starts `guuru listen` with its lines appended to a file.
    pub(crate) fn listen_into(&self, file: &Path, args: &[&str]) -> Listener {
        self.listen_to(File::options().create(true).append(true).open(file).unwrap(), args)
    }

    /// Starts `guuru listen` with its lines going there.
    pub(crate) fn listen_to(&self, stdout: impl Into<Stdio>, args: &[&str]) -> Listener {
        let mut command = self.command(["listen", "-v", "--addr", "127.0.0.1:0"]);
        Listener::start(command.args(args).stdout(stdout), false)
    }
}

fn finish(mut child: Child, stdin: &str) -> Finished {
    if let Some(mut input) = child.stdin.take() {
        // The program may well not want to read it.
        drop(input.write_all(stdin.as_bytes()));
    }
    let output = child.wait_with_output().unwrap();
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running `guuru listen` or `guuru bridge`, or `guuru events tail`, which takes no webhooks.
pub(crate) struct Listener {
    child: Child,
    /// Where it takes webhooks.
    pub(crate) url: String,
    lines: Option<Receiver<String>>,
    stderr: Receiver<String>,
}

impl Listener {
    /// Starts it and waits until it is ready; `piped` tells whether its lines can be read here.
    fn start(command: &mut Command, piped: bool) -> Self {
        let mut child = command.spawn().unwrap();
        let stderr = read_lines(child.stderr.take().unwrap());
        let mut said = Vec::new();
        let url = loop {
            let line = stderr.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it is not ready: {said:?}"));
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
            said.push(line);
        };
        let lines = piped.then(|| read_lines(child.stdout.take().unwrap()));
        Self { child, url, lines, stderr }
    }

    /// The next line of stdout, parsed.
    #[track_caller]
    pub(crate) fn line(&self) -> Value {
        let line = self.lines.as_ref().unwrap().recv_timeout(PATIENCE).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// The rest of stdout, parsed, once the program has ended.
    pub(crate) fn rest(&self) -> Vec<Value> {
        self.lines.as_ref().unwrap().iter().map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// The next line of stderr that contains these words.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> String {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never said: {words}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The lines of stderr that nobody has looked at yet and that contain these words.
    pub(crate) fn said(&self, words: &str) -> Vec<String> {
        self.stderr.try_iter().filter(|line| line.contains(words)).collect()
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Closes the reading end of its stdout.
    pub(crate) fn close_stdout(&mut self) {
        drop(self.lines.take());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        eventually("it ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// Sends SIGTERM, expects an orderly end, and returns what was still written.
    pub(crate) fn stop(&mut self) -> Vec<Value> {
        self.signal("TERM");
        assert_eq!(self.wait().code(), Some(0));
        if self.lines.is_some() { self.rest() } else { Vec::new() }
    }
}

/// Sends a signal by name to a process that the test started.
pub(crate) fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(status.success());
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The lines of a stream, as they come.
pub(crate) fn read_lines(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(source).lines() {
            if line.map_or(true, |line| sender.send(line).is_err()) {
                break;
            }
        }
    });
    receiver
}
