//! One script, unchanged, against every revision, on an implementation of GraphQL that nobody here wrote.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::program::{Finished, Home, skip};

/// The revisions, by file.
pub(crate) const REVISIONS: [&str; 9] =
    ["renamed", "wrapped", "connection", "snake", "unions", "interfaces", "bare", "nested", "partner"];

/// A running revision of the platform, killed at the end, and a home for it.
pub(crate) struct Platform {
    server: Child,
    pub(crate) home: Home,
}

impl Drop for Platform {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

pub(crate) fn file(revision: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/revisions/{revision}.graphql"))
}

impl Platform {
    /// Starts a revision; `None` where node or graphql-js is missing.
    pub(crate) fn start(revision: &str, args: &[&str]) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphql-js");
        let node = Command::new("node").arg("--version").output().is_ok();
        if !node || !folder.join("node_modules/graphql").exists() {
            skip("node is missing, or `npm ci --prefix tests/graphql-js` was not run");
            return None;
        }
        let home = Home::new();
        let mut command = Command::new("node");
        command.arg(folder.join("revision.mjs")).arg(file(revision)).args(args);
        command.env("GUURU_TOKEN", crate::support::program::TOKEN);
        let calls = std::fs::File::create(home.path().join("calls")).unwrap();
        let mut server = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(calls).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();

        let home = home.with("GUURU_ENDPOINT", endpoint.trim());
        Some(Self { server, home })
    }

    /// The mutations that were carried out, in order.
    pub(crate) fn mutations(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.home.path().join("calls")).unwrap();
        let field = |line: &str| Some(serde_json::from_str::<Value>(line).ok()?["mutation"].as_str()?.to_owned());
        calls.lines().filter_map(field).collect()
    }
}

/// The script: persona create, accept, send, close, open. What stderr said is returned.
fn script(platform: &Platform, revision: &str) -> String {
    let mut said = String::new();
    let mut run = |args: &[&str]| {
        let Finished { stderr, .. } = &platform.home.run(args).ok();
        said.push_str(stderr);
    };
    let run = &mut run;
    run(&["persona", "create", "--provider-id", "agent-42", "--name", "Ada"]);
    let accepted = platform.home.run(["chat", "accept", "1", "--provider-id", "agent-42"]).ok();
    let chat = accepted.json();
    assert_eq!(chat["id"], "1", "{revision}");
    if revision != "bare" {
        let messages = chat["messages"].as_array().unwrap();
        let texts: Vec<_> = messages.iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["one", "two", "three", "four", "five"], "{revision}: every page");
        assert!(messages.iter().all(|message| message["id"].is_string()), "{revision}");
    }
    let link = "https://example.com/a.pdf";
    let sent = platform.home.run(["chat", "send", "1", "Hello"]).ok().json();
    let attached = platform.home.run(["chat", "send", "1", "--attachment", link]).ok().json();
    assert_eq!((&sent["id"], &attached["id"]), (&json!("105"), &json!("106")), "{revision}");
    if revision != "bare" {
        assert_eq!(sent["text"], "Hello", "{revision}");
        assert_eq!(attached["attachment"], link, "{revision}");
    }
    run(&["chat", "close", "1"]);
    run(&["chat", "open", "1"]);
    run(&["submission", "approve", "s-1"]);
    accepted.stderr + &said
}

const CARRIED_OUT: [&str; 7] =
    ["createPersona", "acceptChat", "sendChatMessage", "sendChatMessage", "closeChat", "openChat", "approveSubmission"];

#[test]
fn one_script_runs_unchanged_against_every_revision_once_synced() {
    for revision in REVISIONS {
        let Some(platform) = Platform::start(revision, &[]) else { return };
        platform.home.run(["schema", "sync"]).ok();
        let said = script(&platform, revision);
        assert_eq!(said, "", "{revision}: nothing is left to adapt");
        assert_eq!(platform.mutations(), CARRIED_OUT, "{revision}");
        // The revisions have none of the documented queries, so those cannot work; every mutation can.
        let checked = platform.home.run(["schema", "check"]).failed(4, "operations do not fit the schema: Partner, ");
        let unfit = |operation| checked.stderr.contains(&format!("{operation}: "));
        let mutations = ["PersonaCreate", "ChatAccept", "ChatSend", "ChatClose", "ChatOpen", "SubmissionApprove"];
        assert!(!mutations.into_iter().any(unfit), "{revision}: {checked:?}");
    }
}

#[test]
fn one_script_runs_unchanged_against_every_revision_healed_on_the_way() {
    for revision in REVISIONS {
        let Some(platform) = Platform::start(revision, &[]) else { return };
        let said = script(&platform, revision);
        assert!(said.contains("differs from the document of acceptChat"), "{revision}: {said}");
        assert_eq!(platform.mutations(), CARRIED_OUT, "{revision}: nothing twice");
    }
}

#[test]
fn a_chat_is_refused_in_the_platforms_words_after_healing_too() {
    let Some(platform) = Platform::start("renamed", &[]) else { return };
    platform.home.run(["chat", "send", "1", "Hello"]).failed(4, "(CHAT_NOT_OPEN)");
    platform.home.run(["chat", "close", "7"]).failed(4, "(CHAT_NOT_FOUND)");
}

#[test]
fn what_an_endpoint_demands_comes_from_the_store_or_is_asked_for() {
    let Some(platform) = Platform::start("bare", &[]) else { return };
    let home = &platform.home;
    home.run(["chat", "close", "1"]).failed(2, "demands `persona`\nhint: give --persona");
    home.run(["persona", "create", "--provider-id", "agent-42", "--name", "Ada"]).ok();
    home.run(["chat", "accept", "1", "--provider-id", "agent-42"]).ok();
    home.run(["chat", "close", "1"]).ok();
    assert_eq!(home.run(["chat", "open", "1", "--persona", "42"]).ok().json(), json!({"id": "1"}));
}

#[test]
fn with_introspection_off_the_error_says_how_to_supply_a_document() {
    let Some(platform) = Platform::start("renamed", &["--closed"]) else { return };
    let refused = platform.home.run(["chat", "close", "1"]).failed(4, "Unknown argument");
    assert!(refused.stderr.contains("write the document by hand in "), "{refused:?}");
    assert!(refused.stderr.contains("ChatClose.graphql"), "{refused:?}");
    assert_eq!(platform.mutations(), [""; 0]);
    let from = file("renamed");
    platform.home.run(["schema", "sync", "--from", from.to_str().unwrap()]).ok();
    platform.home.run(["chat", "close", "1"]).failed(4, "(CHAT_NOT_OPENED)");
}
