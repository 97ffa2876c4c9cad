//! The local map of agents to personas, as the platform's documentation wants it, and doing without it.

use std::fs;

use serde_json::{Value, json};

use super::platform::{home, obliging, operations, variables};
use crate::support::program::Home;
use crate::support::server::Server;

const ACCEPT: [&str; 7] = ["chat", "accept", "c-1", "--provider-id", "agent-42", "--name", "Ada"];

#[test]
fn an_agent_is_created_once() {
    let server = obliging();
    let home = home(&server);
    home.run(ACCEPT).ok();
    home.run(ACCEPT).ok();
    home.run(&ACCEPT[..5]).ok();
    assert_eq!(operations(&server), ["PersonaCreate", "ChatAccept", "ChatAccept", "ChatAccept"]);
    assert_eq!(variables(&server)["persona"], "p-agent-42");
}

#[test]
fn a_persona_that_was_created_by_hand_is_in_the_map() {
    let server = obliging();
    let home = home(&server);
    home.run(["persona", "create", "--provider-id", "agent-42", "--name", "Ada"]).ok();
    home.run(ACCEPT).ok();
    assert_eq!(operations(&server), ["PersonaCreate", "ChatAccept"]);
}

#[test]
fn other_details_update_the_persona_and_the_map() {
    let server = obliging();
    let home = home(&server);
    home.run(ACCEPT).ok();
    for (flag, value) in
        [("--name", "Ada L."), ("--email", "ada@example.com"), ("--photo", "https://example.com/a.png")]
    {
        let before = server.requests().len();
        let accept = ["chat", "accept", "c-1", "--provider-id", "agent-42", flag, value];
        home.run(accept).ok();
        home.run(accept).ok();
        assert_eq!(operations(&server)[before..], ["PersonaCreate", "ChatAccept", "ChatAccept"], "{flag}");
    }
    let persona = home.run(["persona", "show", "agent-42"]).ok().json();
    assert_eq!(
        (&persona["name"], &persona["email"], &persona["photo"]),
        (&json!("Ada L."), &json!("ada@example.com"), &json!("https://example.com/a.png"))
    );
}

#[test]
fn an_unknown_agent_without_a_name_is_a_usage_error_and_nothing_is_sent() {
    let server = Server::script([]);
    for more in [&[][..], &["--stateless"], &["--dry-run"]] {
        let run = home(&server).run([&ACCEPT[..5], more].concat());
        run.failed(2, "no persona is known for the agent `agent-42`\nhint: give a name (--name)");
    }
}

#[test]
fn without_a_store_the_platform_is_asked_each_time_and_nothing_is_kept() {
    let server = obliging();
    let home = home(&server);
    for _ in 0..2 {
        home.run([&ACCEPT[..], &["--stateless"]].concat()).ok();
    }
    home.run(["chat", "send", "c-1", "Hello!", "--stateless"]).ok();
    home.run(["persona", "create", "--provider-id", "a", "--name", "A", "--stateless"]).ok();
    let expected = ["PersonaCreate", "ChatAccept", "PersonaCreate", "ChatAccept", "ChatSend", "PersonaCreate"];
    assert_eq!(operations(&server), expected);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "something was written");
}

#[test]
fn a_persona_belongs_to_its_endpoint() {
    let (here, there) = (obliging(), obliging());
    let home = Home::new();
    for server in [&here, &there] {
        home.run([&ACCEPT[..], &["--endpoint", &server.url()]].concat()).ok();
        assert_eq!(operations(server), ["PersonaCreate", "ChatAccept"]);
    }
    home.run(["persona", "forget", "agent-42", "--endpoint", &there.url()]).ok();
    let known = |server: &Server| home.run(["persona", "list", "--endpoint", &server.url()]).ok().json();
    assert_eq!((known(&here).as_array().unwrap().len(), known(&there)), (1, json!([])));
}

#[test]
fn the_map_is_listed_shown_and_forgotten() {
    let server = obliging();
    let home = home(&server);
    assert_eq!(home.run(["persona", "list"]).ok().json(), json!([]));
    for (id, name) in [("agent-2", "Bob"), ("agent-1", "Ada")] {
        home.run(["persona", "create", "--provider-id", id, "--name", name]).ok();
    }
    let lines = home.run(["persona", "list", "-o", "jsonl"]).ok().stdout;
    let personas: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(personas.iter().map(|persona| &persona["providerId"]).collect::<Vec<_>>(), ["agent-1", "agent-2"]);
    assert_eq!((&personas[0]["id"], &personas[0]["name"]), (&json!("p-agent-1"), &json!("Ada")));
    let table = home.run(["persona", "show", "agent-1", "-o", "table"]).ok().stdout;
    assert!(table.contains("PROVIDER ID") && table.contains("p-agent-1") && !table.contains("agent-2"), "{table}");
    home.run(["persona", "forget", "agent-1"]).ok();
    for args in [["persona", "forget", "agent-1"], ["persona", "show", "agent-1"]] {
        home.run(args).failed(1, "no persona is known here for the agent `agent-1`\nhint: ");
    }
    home.run(["chat", "accept", "c-1", "--provider-id", "agent-1", "--name", "Ada"]).ok();
    assert_eq!(operations(&server)[2..], ["PersonaCreate", "ChatAccept"]);
}

#[test]
fn the_map_needs_no_token() {
    assert_eq!(Home::bare().run(["persona", "list"]).ok().json(), json!([]));
}

#[test]
fn a_profile_has_a_map_of_its_own() {
    let server = obliging();
    let home = home(&server);
    home.run(ACCEPT).ok();
    home.run(["profile", "create", "work"]).ok();
    assert_eq!(home.run(["persona", "list", "--profile", "work"]).ok().json(), json!([]));
}
