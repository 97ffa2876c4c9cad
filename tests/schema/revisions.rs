//! One script, unchanged, against every revision, on GraphQL servers that nobody here wrote.

use serde_json::{Value, json};

use super::platform::{PAGED, Platform, REVISIONS, SAID, SERVERS, Server, answers, file};

/// Runs the script and checks what it says: the program's own keys, whatever the revision calls them.
pub(super) fn converse(platform: &Platform, revision: &str) -> String {
    let said = platform.script().ok();
    let results: Vec<Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [persona, accepted, text, link, closed, opened] = &results[..] else { panic!("{revision}: {said:?}") };
    assert!([persona, text, link].into_iter().all(|result| result["id"].is_string()), "{revision}: {said:?}");
    for chat in [accepted, closed, opened] {
        assert_eq!(chat["id"], platform.chat, "{revision}");
    }
    // It has hardly an answer.
    if revision != "bare" {
        let messages = accepted["messages"].as_array().unwrap();
        let texts: Vec<_> = messages.iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(texts, SAID, "{revision}: every page");
        assert!(messages.iter().all(|message| message["id"].is_string()), "{revision}");
        assert_eq!(text["text"], "Hello", "{revision}");
        // Where no argument is known to take it, it is sent as text.
        let is_text = link["attachment"].as_str().is_none_or(str::is_empty);
        let sent = if is_text { &link["text"] } else { &link["attachment"] };
        assert_eq!(sent, "https://example.com/a.pdf", "{revision}");
    }
    assert_eq!(platform.log().sent, ["Hello", "https://example.com/a.pdf"], "{revision}: nothing twice");
    reaches_its_place(platform, revision);
    said.stderr
}

/// The values of the script, each with the words of which the argument's name or its object's must have one.
const PLACES: [(&str, &[&str]); 5] = [
    ("agent-42", &["provider", "external", "reference"]),
    ("Ada", &["name", "display", "full"]),
    ("1", &["chat", "conversation", "id"]),
    ("42", &["persona", "sender", "as"]),
    ("Hello", &["text", "body", "content", "message"]),
];
/// Words of arguments that are beside a value, and never take it.
const BESIDE: [&str; 10] =
    ["previous", "reply", "merge", "format", "quoted", "template", "kind", "type", "upload", "closing"];

/// Every value that came stands in an argument of its meaning.
fn reaches_its_place(platform: &Platform, revision: &str) {
    for call in platform.log().calls {
        for (path, value) in call.given {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let path = path.to_lowercase();
            let Some((_, words)) = PLACES.iter().find(|(known, _)| *known == value) else { continue };
            assert!(words.iter().any(|word| path.contains(word)), "{revision}: {value} went to {path}");
            assert!(!BESIDE.iter().any(|word| path.contains(word)), "{revision}: {value} went to {path}");
        }
    }
}

const CARRIED_OUT: [&str; 6] =
    ["createPersona", "acceptChat", "sendChatMessage", "sendChatMessage", "closeChat", "openChat"];

/// The revisions that a server can serve.
fn served(server: Server) -> impl Iterator<Item = &'static str> {
    let more = if server == Server::GraphqlJs { [&PAGED[..], &["oneof"]].concat() } else { Vec::new() };
    REVISIONS.into_iter().chain(more)
}

/// The script against every revision, once synced.
fn synced(server: Server) {
    for revision in served(server) {
        let Some(platform) = Platform::start(server, revision) else { return };
        platform.sync(revision);
        // A history or a transcript may hold less than all messages.
        let said = converse(&platform, revision);
        let adapted = said.lines().filter(|line| !line.ends_with("is not known to hold all messages"));
        assert_eq!(adapted.count(), 0, "{revision}: nothing is left to adapt: {said}");
        let checked = platform.home.run(["schema", "check"]);
        for operation in ["PersonaCreate", "ChatAccept", "ChatSend", "ChatClose", "ChatOpen", "SubmissionApprove"] {
            assert!(!checked.stderr.contains(&format!("{operation}: ")), "{revision}: {checked:?}");
        }
        assert_eq!(platform.mutations(), CARRIED_OUT, "{revision}");
    }
}

/// The script against every revision, healed on the way.
fn healed(server: Server) {
    for revision in served(server) {
        let Some(platform) = Platform::start(server, revision) else { return };
        if !answers(revision).0.is_empty() {
            let said = platform.script();
            assert!(said.code == Some(4) && said.stderr.contains("--accept "), "{revision}: {said:?}");
            assert_eq!(platform.log().sent, [""; 0], "{revision}: nothing is guessed");
            continue;
        }
        let said = converse(&platform, revision);
        assert!(said.contains("differs from the document of acceptChat"), "{revision}: {said}");
    }
}

/// The script on each server, in a test of its own.
macro_rules! on_each_server {
    ($($name:ident: $server:ident;)*) => { $(mod $name {
        #[test]
        fn one_script_runs_unchanged_against_every_revision_once_synced() {
            super::synced(super::Server::$server);
        }

        #[test]
        fn one_script_runs_unchanged_against_every_revision_healed_on_the_way() {
            super::healed(super::Server::$server);
        }
    })* };
}

on_each_server! {
    graphql_js: GraphqlJs;
    mercurius: Mercurius;
    ariadne: Ariadne;
}

#[test]
fn submissions_are_reviewed_in_every_revision() {
    for server in SERVERS {
        for revision in REVISIONS {
            let Some(platform) = Platform::start(server, revision) else { break };
            let reviewed = platform.home.run(["submission", "approve", "s-3"]).ok().json();
            assert_eq!(reviewed["id"], "s-3", "{server:?}, {revision}");
        }
    }
}

#[test]
fn messages_come_from_all_pages() {
    for revision in ["connection", "interfaces", "snake", "partner", "lists"] {
        let Some(platform) = Platform::start_with(Server::GraphqlJs, revision, &["--messages", "120"]) else { return };
        let accept = ["chat", "accept", &platform.chat, "--provider-id", "agent-42", "--name", "Ada"];
        let messages = platform.home.run(accept).ok().json()["messages"].take();
        assert_eq!(messages.as_array().unwrap().len(), 120, "{revision}");
        assert_eq!(messages[119]["text"], "119", "{revision}");
    }
}

#[test]
fn a_chat_is_refused_in_the_platforms_words_after_healing_too() {
    for server in SERVERS {
        let Some(platform) = Platform::start(server, "renamed") else { continue };
        platform.home.run(["chat", "send", &platform.chat, "Hello"]).failed(4, "(CHAT_NOT_OPEN)");
        platform.home.run(["chat", "close", "no-chat"]).failed(4, "(CHAT_NOT_FOUND)");
    }
}

#[test]
fn a_demanded_value_comes_from_the_store_or_is_an_error_that_names_its_flag() {
    for server in SERVERS {
        let Some(platform) = Platform::start(server, "bare") else { continue };
        let (home, chat) = (&platform.home, &*platform.chat);
        home.run(["chat", "close", chat]).failed(2, "demands `persona`\nhint: give --persona");
        let persona = home.run(["persona", "create", "--provider-id", "agent-42", "--name", "Ada"]).ok().json();
        home.run(["chat", "accept", chat, "--provider-id", "agent-42"]).ok();
        home.run(["chat", "close", chat]).ok();
        let opened = home.run(["chat", "open", chat, "--persona", persona["id"].as_str().unwrap()]).ok();
        assert_eq!(opened.json(), json!({"id": chat}));
    }
}

#[test]
fn with_introspection_off_the_error_says_how_to_supply_a_document() {
    for server in SERVERS {
        let Some(platform) = Platform::start_with(server, "renamed", &["--closed"]) else { continue };
        let refused = platform.home.run(["chat", "close", "1"]).failed(4, "Unknown argument");
        assert!(refused.stderr.contains("write the document by hand in "), "{refused:?}");
        assert!(refused.stderr.contains("ChatClose.graphql"), "{refused:?}");
        assert_eq!(platform.mutations(), [""; 0]);
        let from = file("renamed");
        platform.home.run(["schema", "sync", "--from", from.to_str().unwrap()]).ok();
        platform.home.run(["chat", "close", "1"]).failed(4, "(CHAT_NOT_OPENED)");
    }
}
