//! Mutations in objects of the root: found by exact names, and their outcomes told as those of the root are.

use std::fs;
use std::path::PathBuf;

use guuru::api::operation::ALL;
use guuru::api::schema::{Live, bind};
use serde_json::{Value, json};

use super::platform::{self, Platform};
use super::revisions::converse;
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::{Answer, Request, Server};

const TYPES: &str = "type Query { me: ID } type Chat { id: ID! status: String } type Message { id: ID! text: String } \
    type Persona { id: ID! } type Submission { id: ID! } ";

fn document(operation: &str, sdl: &str) -> Result<String, String> {
    let operation = ALL.into_iter().find(|it| it.name == operation).unwrap();
    let bound = bind(&Live::read(sdl.as_bytes()).unwrap(), operation).map_err(|error| format!("{error:#}"))?;
    Ok(bound.document)
}

#[test]
fn a_mutation_is_found_one_level_below_the_root_by_exact_names_alone() {
    let close = "close(id: ID!): Chat";
    for (operation, root, inner, expected) in [
        ("ChatClose", "chats: N!", close, Ok("chats {\n    closeChat: close(id: $chat) {")),
        (
            "ChatClose",
            "conversation(trace: Boolean): N",
            "close(chat_id: ID!): Chat",
            Ok("closeChat: close(chat_id: $chat)"),
        ),
        ("ChatClose", "v2: N", "closeChat(id: ID!): Chat", Ok("v2 {\n    closeChat(id: $chat)")),
        ("ChatClose", "v2: N", "close_chat(id: ID!): Chat", Ok("v2 {\n    closeChat: close_chat(id: $chat)")),
        ("ChatClose", "close_chat(id: ID!): Chat", close, Ok("{\n  closeChat: close_chat(id: $chat)")),
        ("ChatClose", "closeChat(id: ID!): Chat chats: N", close, Ok("{\n  closeChat(id: $chat)")),
        ("ChatAccept", "chat: N", "accept(id: ID!, personaId: ID!): Chat", Ok("acceptChat: accept(id: $chat")),
        ("ChatOpen", "chats: N", "reopen(id: ID!): Chat", Ok("openChat: reopen(id: $chat)")),
        (
            "ChatSend",
            "messages: N",
            "send(chatId: ID!, text: String!): Message",
            Ok("sendChatMessage: send(chatId: $chat"),
        ),
        (
            "ChatSend",
            "chats: N",
            "sendMessage(chatId: ID!, text: String!): Message",
            Ok("sendChatMessage: sendMessage(chatId: $chat"),
        ),
        (
            "PersonaCreate",
            "personas: N",
            "create(providerId: ID!, name: String!): Persona",
            Ok("createPersona: create("),
        ),
        (
            "SubmissionReject",
            "submissions: N",
            "reject(id: ID!): Submission",
            Ok("rejectSubmission: reject(id: $submission)"),
        ),
        // What only resembles it is a candidate, and nothing else is even that.
        (
            "ChatClose",
            "chats: N",
            "closeAll(id: ID!): Chat",
            Err("no mutation `closeChat`; similar ones are `chats.closeAll`"),
        ),
        ("ChatClose", "chats: N", "end(id: ID!): Chat", Err("no mutation `closeChat`")),
        ("ChatClose", "rooms: N", close, Err("no mutation `closeChat`")),
        ("ChatClose", "chats(tenant: ID!): N", close, Err("no mutation `closeChat`")),
        ("ChatClose", "chats: [N!]", close, Err("no mutation `closeChat`")),
        (
            "ChatClose",
            "v2: Outer",
            "x: ID } type Outer { chats: N } extend type N { close(id: ID!): Chat",
            Err("no mutation"),
        ),
        // More than one is a question.
        (
            "ChatClose",
            "chats: N chat: N",
            close,
            Err("any of the mutations `chats.close`, `chat.close` may be `closeChat`"),
        ),
        (
            "ChatOpen",
            "chats: N",
            "open(id: ID!): Chat reopen(id: ID!): Chat",
            Err("any of the mutations `chats.open`, `chats.reopen`"),
        ),
    ] {
        let sdl = format!("{TYPES} type Mutation {{ ping: ID {root} }} type N {{ {inner} }}");
        match (document(operation, &sdl), expected) {
            (Ok(document), Ok(words)) => assert!(document.contains(words), "{root}, {inner}: {document}"),
            (Err(error), Err(words)) => assert!(error.contains(words), "{root}, {inner}: {error}"),
            (found, _) => panic!("{root}, {inner}: {found:?}"),
        }
    }
}

/// What an endpoint answers to the mutation in its namespace, and the exit code that this is.
fn outcomes(key: &str) -> Vec<(Value, i32, &'static str)> {
    let error = |path: Value| json!([{"message": "no", "extensions": {"code": "CHAT_NOT_OPEN"}, "path": path}]);
    vec![
        (json!({"data": {"chats": {key: {"id": "c-1"}}}}), 0, ""),
        (json!({"data": {"chats": {key: null}}, "errors": error(json!(["chats", key]))}), 4, "(CHAT_NOT_OPEN)"),
        (json!({"data": {"chats": null}, "errors": error(json!(["chats", key]))}), 4, "(CHAT_NOT_OPEN)"),
        (json!({"data": {"chats": null}, "errors": error(json!(["chats"]))}), 4, "(CHAT_NOT_OPEN)"),
        (json!({"data": null, "errors": error(json!(["chats", key]))}), 4, "(CHAT_NOT_OPEN)"),
        (json!({"data": null, "errors": error(json!(["chats", key, "id"]))}), 9, "the outcome is unknown"),
        (json!({"data": {"chats": {key: {"id": "c-1"}}}, "errors": error(json!(["chats", key, "id"]))}), 9, "unknown"),
    ]
}

/// A platform with a namespace, which answers its mutation with this and shows nothing else.
fn platform(answer: Value) -> Server {
    let sdl = format!("{TYPES} type Mutation {{ chats: Chats! }} type Chats {{ close(id: ID!): Chat! }}");
    let schema = introspected(&sdl);
    Server::always(move |request| {
        let request = request.json();
        match request["operationName"].as_str() {
            Some("Introspection") => Answer::json(200, &schema),
            _ if request["query"].as_str().unwrap().contains("chats {") => Answer::json(200, &answer),
            _ => Answer::json(
                400,
                &json!({"errors": [{"message": "Cannot query field \"closeChat\" on type \"Mutation\"."}]}),
            ),
        }
    })
}

#[test]
fn the_outcome_of_a_mutation_in_a_namespace_means_the_same_as_at_the_root() {
    for (answer, code, words) in outcomes("closeChat") {
        let platform = platform(answer.clone());
        let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
        let run = home.run(["chat", "close", "c-1"]);
        assert!(run.code == Some(code) && run.stderr.contains(words), "{answer}: {run:?}");
        let is_sent = |request: &Request| request.json()["query"].as_str().unwrap().contains("close(id: $chat)");
        assert_eq!(platform.requests().iter().filter(|request| is_sent(request)).count(), 1, "{answer}");
    }
}

#[test]
fn the_place_of_the_mutation_is_read_from_a_document_by_hand() {
    for (answer, code, words) in outcomes("close") {
        let platform = platform(answer.clone());
        let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
        let rows = home.run(["schema", "sync", "-o", "json"]).ok().json();
        let row = rows.as_array().unwrap().iter().find(|row| row["operation"] == "closeChat").unwrap();
        let file = PathBuf::from(row["file"].as_str().unwrap());
        fs::write(&file, "mutation Mine($chat: ID!) { chats { close(id: $chat) { id } } }").unwrap();
        let run = home.run(["chat", "close", "c-1"]);
        assert!(run.code == Some(code) && run.stderr.contains(words), "{answer}: {run:?}");
    }
}

#[test]
fn the_place_of_the_mutation_is_read_from_a_document_that_is_typed() {
    for (answer, code, _) in outcomes("close") {
        let platform = platform(answer.clone());
        let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
        let run = home.run(["api", "mutation($id: ID!) { chats { close(id: $id) { id } } }", "-f", "id=c-1"]);
        assert_eq!(run.code, Some(code), "{answer}: {run:?}");
    }
}

#[test]
fn one_script_runs_against_namespaces_of_graphql_js_synced_before_and_healed_on_the_way() {
    for synced in [true, false] {
        let Some(platform) = Platform::start(platform::Server::GraphqlJs, "namespaces") else { return };
        if synced {
            platform.home.run(["schema", "sync"]).ok();
        }
        let said = converse(&platform, "namespaces");
        assert_eq!(said.is_empty(), synced, "{said}");
        let carried_out =
            ["createPersona", "acceptChat", "sendChatMessage", "sendChatMessage", "closeChat", "openChat"];
        assert_eq!(platform.mutations(), carried_out);
        platform.home.run(["chat", "open", &platform.chat]).failed(4, "(CHAT_NOT_CLOSED)");
        platform.home.run(["chat", "close", "no-chat"]).failed(4, "(CHAT_NOT_FOUND)");
        assert_eq!(platform.home.run(["submission", "approve", "s-3"]).ok().json()["id"], "s-3");
    }
}
