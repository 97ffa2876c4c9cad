//! The revisions of the platform, served by GraphQL servers that nobody here wrote.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::program::{Finished, Home, TOKEN, skip};

/// The revisions, by file.
pub(crate) const REVISIONS: [&str; 10] =
    ["renamed", "wrapped", "connection", "snake", "unions", "interfaces", "bare", "nested", "partner", "lists"];

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
}

pub(crate) const SERVERS: [Server; 1] = [Server::GraphqlJs];

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

pub(crate) fn file(revision: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/revisions/{revision}.graphql"))
}

impl Platform {
    /// Starts a revision; `None` where node or graphql-js is missing.
    pub(crate) fn start(server: Server, revision: &str) -> Option<Self> {
        match server {
            Server::GraphqlJs => Self::graphql_js(revision, &[]),
        }
    }

    /// Writes its documents, with all the answers that a person has to give.
    pub(crate) fn sync(&self, revision: &str) {
        let (needed, wished) = answers(revision);
        let accept = needed.iter().chain(wished).flat_map(|answer| ["--accept", answer]);
        self.home.run(["schema", "sync"].into_iter().chain(accept)).ok();
    }

    /// Starts a revision on graphql-js; `None` where that or node is missing.
    pub(crate) fn graphql_js(revision: &str, args: &[&str]) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphql-js");
        let node = Command::new("node").arg("--version").output().is_ok();
        if !node || !folder.join("node_modules/graphql").exists() {
            skip("node is missing, or `npm ci --prefix tests/graphql-js` was not run");
            return None;
        }
        let home = Home::new();
        let mut command = Command::new("node");
        command.arg(folder.join("revision.mjs")).arg(file(revision)).args(args).env("GUURU_TOKEN", TOKEN);
        let calls = std::fs::File::create(home.path().join("calls")).unwrap();
        let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(calls).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        let endpoint = endpoint.trim().to_owned();
        let home = home.with("GUURU_ENDPOINT", &endpoint);
        Some(Self { _running: Running(server), endpoint, home, chat: "1".to_owned() })
    }

    /// How many messages were sent by the program.
    pub(crate) fn sent(&self) -> usize {
        self.mutations().iter().filter(|name| *name == "sendChatMessage").count()
    }

    /// The mutations that graphql-js carried out, in order.
    pub(crate) fn mutations(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.home.path().join("calls")).unwrap();
        let field = |line: &str| Some(serde_json::from_str::<Value>(line).ok()?["mutation"].as_str()?.to_owned());
        calls.lines().filter_map(field).collect()
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
