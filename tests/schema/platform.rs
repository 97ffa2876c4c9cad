//! The revisions of the platform, each served by two programs that know nothing of each other: a GraphQL server that nobody
//! here wrote, and the sandbox.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use guuru::sandbox::{Load, Options, Sandbox, Schema, Summary};
use serde_json::{Value, json};

use crate::support::program::{Finished, Home, SECRET, TOKEN, skip};

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
    Sandbox,
}

/// A running revision of the platform, and a home for it.
pub(crate) struct Platform {
    running: Running,
    client: reqwest::blocking::Client,
    pub(crate) home: Home,
    /// The id of the chat that waits to be accepted.
    pub(crate) chat: String,
}

enum Running {
    Node(Child),
    Sandbox(Sandbox),
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Self::Node(child) = self {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A client for this machine, which needs no certificates.
pub(crate) fn client() -> reqwest::blocking::Client {
    reqwest::blocking::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

pub(crate) fn file(revision: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/revisions/{revision}.graphql"))
}

impl Platform {
    /// Starts a revision; `None` where node or graphql-js is missing.
    pub(crate) fn start(server: Server, revision: &str) -> Option<Self> {
        match server {
            Server::GraphqlJs => Self::graphql_js(revision, &[]),
            Server::Sandbox => Some(Self::sandbox(revision)),
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
        let home = home.with("GUURU_ENDPOINT", endpoint.trim());
        Some(Self { running: Running::Node(server), client: client(), home, chat: "1".to_owned() })
    }

    /// Starts a revision in the sandbox, where an end user says five things.
    pub(crate) fn sandbox(revision: &str) -> Self {
        let sdl = std::fs::read_to_string(file(revision)).unwrap();
        let schema = Some(Schema { name: revision.to_owned(), sdl });
        let options = Options { schema, ..Options::new(TOKEN.into(), SECRET.into()) };
        let sandbox = Sandbox::start(options, |_| ()).unwrap();
        let running = Running::Sandbox(sandbox);
        let mut platform = Self { running, client: client(), home: Home::new(), chat: String::new() };
        platform.home = Home::new().with("GUURU_ENDPOINT", &platform.endpoint());
        let chat = platform.user("/chats", &json!({"question": SAID[0], "name": "Eve"}));
        chat["id"].as_str().unwrap().clone_into(&mut platform.chat);
        for said in &SAID[1..] {
            platform.say(said);
        }
        platform
    }

    /// Where the sandbox's Admin API is.
    pub(crate) fn endpoint(&self) -> String {
        let Running::Sandbox(sandbox) = &self.running else { panic!("only the sandbox is asked for") };
        format!("http://{}/graphql", sandbox.addr())
    }

    /// End users who come to the sandbox while webhooks go there, and what they have seen in the end.
    pub(crate) fn play(&self, webhook: &str, load: &Load) -> Summary {
        let Running::Sandbox(sandbox) = &self.running else { panic!("graphql-js has no end user") };
        sandbox.set_webhook_url(Some(webhook.parse().unwrap()));
        sandbox.play(load, || false).unwrap().summary
    }

    /// What the end user does in the sandbox.
    fn user(&self, path: &str, fields: &Value) -> Value {
        let Running::Sandbox(sandbox) = &self.running else { panic!("graphql-js has no end user") };
        let url = format!("http://{}{path}", sandbox.addr());
        let request = if fields.is_null() { self.client.get(url) } else { self.client.post(url).json(fields) };
        request.send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    /// The end user says something in the chat of the sandbox.
    pub(crate) fn say(&self, text: &str) {
        self.user(&format!("/chats/{}/messages", self.chat), &json!({"text": text}));
    }

    /// How many messages were sent by the program, in the sandbox's own words and the stand-in's.
    pub(crate) fn sent(&self) -> usize {
        match &self.running {
            Running::Node(_) => self.mutations().iter().filter(|name| *name == "sendChatMessage").count(),
            Running::Sandbox(_) => {
                let chat = self.user(&format!("/chats/{}", self.chat), &Value::Null);
                chat["messages"].as_array().unwrap().iter().filter(|it| it["author"]["id"] != "user").count()
            }
        }
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
