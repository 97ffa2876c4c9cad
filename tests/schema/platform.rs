//! The revisions of the platform, served by GraphQL servers that nobody here wrote. A new revision is a file in
//! `tests/revisions` and its name in [`REVISIONS`].

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use crate::support::program::{Finished, Home, TOKEN, skip};

/// The revisions, by file.
pub(crate) const REVISIONS: [&str; 14] = [
    "renamed",
    "wrapped",
    "connection",
    "snake",
    "unions",
    "interfaces",
    "bare",
    "nested",
    "partner",
    "lists",
    "decoys",
    "scalars",
    "errors",
    "results",
];

/// More of them, whose lists page in other ways. The sandbox cannot serve these.
pub(crate) const PAGED: [&str; 3] = ["offset", "pages", "tokens"];

/// What a person has to say of a revision: which argument takes which value, where its name alone does not tell. The first are
/// those without which an operation cannot be written; the others are arguments that are left out otherwise.
pub(crate) fn answers(revision: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match revision {
        "nested" => (&["providerId=input.persona.reference"], &[]),
        "unions" => (&["persona=as"], &["attachment=file"]),
        "renamed" => (&[], &["persona=sender"]),
        "connection" => (&[], &["attachment=message.link"]),
        _ => (&[], &[]),
    }
}

/// What the end user has said in the chat before it is accepted.
pub(crate) const SAID: [&str; 5] = ["one", "two", "three", "four", "five"];

/// Who serves a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    GraphqlJs,
    Mercurius,
    Ariadne,
}

pub(crate) const SERVERS: [Server; 3] = [Server::GraphqlJs, Server::Mercurius, Server::Ariadne];

impl Server {
    /// What starts it; `None`, and a word, where it is not installed.
    fn command(self) -> Option<Command> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let (interpreter, folder, package, script) = match self {
            Self::GraphqlJs => (PathBuf::from("node"), "graphql-js", "node_modules/graphql", "graphql-js.mjs"),
            Self::Mercurius => (PathBuf::from("node"), "graphql-js", "node_modules/mercurius", "mercurius.mjs"),
            Self::Ariadne => (tests.join("graphql-python/.venv/bin/python"), "graphql-python", ".venv", "revision.py"),
        };
        let folder = tests.join(folder);
        if Command::new(&interpreter).arg("--version").output().is_err() || !folder.join(package).exists() {
            skip(&format!("{self:?} is not installed, see docs/development.md"));
            return None;
        }
        let mut command = Command::new(interpreter);
        command.arg(folder.join(script));
        Some(command)
    }
}

/// A running revision of the platform, and a home for it.
pub(crate) struct Platform {
    _running: Running,
    pub(crate) endpoint: String,
    pub(crate) home: Home,
    /// The id of the chat that waits to be accepted.
    pub(crate) chat: String,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What a server was asked to do.
#[derive(Debug, Deserialize)]
pub(crate) struct Log {
    pub(crate) calls: Vec<Call>,
    /// The texts and links of the messages that it keeps from personas, in order.
    pub(crate) sent: Vec<String>,
}

/// A mutation that came.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) mutation: String,
    /// The path and the value of each argument.
    pub(crate) given: Vec<(String, Value)>,
    /// Whether it was refused because a test wanted that.
    #[serde(default)]
    pub(crate) refused: bool,
}

pub(crate) fn file(revision: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/revisions/{revision}.graphql"))
}

impl Platform {
    /// Starts a revision; `None` where the server is not installed.
    pub(crate) fn start(server: Server, revision: &str) -> Option<Self> {
        Self::start_with(server, revision, &[])
    }

    /// Starts a revision with arguments of the server; `None` where that is not installed.
    pub(crate) fn start_with(server: Server, revision: &str, args: &[&str]) -> Option<Self> {
        let mut command = server.command()?;
        let home = Home::new();
        command.arg(file(revision)).args(args).env("GUURU_TOKEN", TOKEN);
        let errors = File::create(home.path().join("server.log")).unwrap();
        let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        let endpoint = endpoint.trim().to_owned();
        let home = home.with("GUURU_ENDPOINT", &endpoint);
        Some(Self { _running: Running(server), endpoint, home, chat: "1".to_owned() })
    }

    /// Writes its documents, with all the answers that a person has to give.
    pub(crate) fn sync(&self, revision: &str) {
        let (needed, wished) = answers(revision);
        let accept = needed.iter().chain(wished).flat_map(|answer| ["--accept", answer]);
        self.home.run(["schema", "sync"].into_iter().chain(accept)).ok();
    }

    /// Asks the server or tells it something.
    fn control(&self, command: &str) -> Log {
        // It needs no certificates for this machine.
        let client = guuru::http::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let url = format!("{}/-/{command}", self.endpoint.trim_end_matches("/graphql"));
        client.get(url).send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    /// What it was asked to do.
    pub(crate) fn log(&self) -> Log {
        self.control("log")
    }

    /// The answers to the next mutations are lost, in this way: `cut`, `empty`, or a status.
    pub(crate) fn lose(&self, next: usize, how: &str) {
        self.control(&format!("lose?next={next}&how={how}"));
    }

    /// The next mutations are refused, in the payload where the schema has room for that.
    pub(crate) fn refuse(&self, next: usize) {
        self.control(&format!("refuse?next={next}"));
    }

    /// The mutations that came, in order.
    pub(crate) fn mutations(&self) -> Vec<String> {
        self.log().calls.into_iter().map(|call| call.mutation).collect()
    }

    /// Runs tests/revisions/script.sh on the chat, as a person would.
    pub(crate) fn script(&self) -> Finished {
        let folder = Path::new(env!("CARGO_BIN_EXE_guuru")).parent().unwrap();
        let mut command = self.home.command_of("sh");
        command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
        command.arg(file("x").with_file_name("script.sh")).arg(&self.chat);
        let output = command.output().unwrap();
        Finished {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
