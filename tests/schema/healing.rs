//! What happens when the platform refuses a document: written anew once, said on stderr, sent again; and when it is not.

use serde_json::{Value, json};
use std::fs;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use super::platform::file;
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::{Answer, Request, Server};

fn refusal() -> Answer {
    let error = json!({"message": "Unknown argument \"chatId\"", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}});
    Answer::json(400, &json!({ "errors": [error] }))
}

fn name(request: &Request) -> String {
    request.json()["operationName"].as_str().unwrap().to_owned()
}

fn names(platform: &Server) -> Vec<String> {
    platform.requests().iter().map(name).collect()
}

/// A platform of the revision `renamed`: it refuses the built-in documents and does what others say.
fn renamed() -> Server {
    let schema = introspected(&fs::read_to_string(file("renamed")).unwrap());
    Server::always(move |request| {
        if name(request) == "Introspection" {
            return Answer::json(200, &schema);
        }
        let body = request.json();
        if body["query"].as_str().unwrap().contains("chatId:") {
            return refusal();
        }
        let chat = json!({"id": body["variables"]["chat"]});
        Answer::json(200, &json!({"data": {"closeChat": chat, "openChat": chat, "sendChatMessage": {"id": "m-1"}}}))
    })
}

fn home(platform: &Server) -> Home {
    Home::new().with("GUURU_ENDPOINT", &platform.url())
}

#[test]
fn a_document_is_written_once_and_costs_nothing_from_then_on() {
    let platform = renamed();
    let home = home(&platform);
    let healed = home.run(["chat", "send", "c-1", "Hello"]).ok();
    assert!(healed.stderr.contains("differs from the document of sendChatMessage: wrote "), "{healed:?}");
    assert_eq!(names(&platform), ["ChatSend", "Introspection", "ChatSend"]);
    let again = home.run(["chat", "send", "c-1", "Hello"]).ok();
    assert_eq!((again.stderr.as_str(), names(&platform).len()), ("", 4), "one request and no more");
    home.run(["chat", "close", "c-1", "-q"]).ok();
    assert_eq!(names(&platform)[4..], ["ChatClose", "ChatClose"], "the schema is known by now");
}

#[test]
fn with_no_sync_the_schema_is_not_fetched_and_the_refusal_says_what_to_do() {
    let platform = renamed();
    let home = home(&platform);
    let refused = home.run(["chat", "close", "c-1", "--no-sync"]).failed(4, "its schema differs");
    assert!(refused.stderr.contains("hint: `guuru schema sync` adapts"), "{refused:?}");
    assert_eq!(names(&platform), ["ChatClose"]);
}

#[test]
fn a_refusal_that_remains_ends_it() {
    let schema = introspected(&fs::read_to_string(file("renamed")).unwrap());
    let platform =
        Server::always(move |it| if name(it) == "Introspection" { Answer::json(200, &schema) } else { refusal() });
    home(&platform).run(["chat", "close", "c-1"]).failed(4, "Unknown argument");
    assert_eq!(names(&platform), ["ChatClose", "Introspection", "ChatClose"]);
}

#[test]
fn a_refusal_by_a_schema_that_fits_is_final() {
    let contract = introspected(include_str!("../../src/sandbox/schema.graphql"));
    let platform =
        Server::always(move |it| if name(it) == "Introspection" { Answer::json(200, &contract) } else { refusal() });
    let home = home(&platform);
    home.run(["chat", "close", "c-1"]).failed(4, "Unknown argument");
    let requests = names(&platform);
    assert!(requests.len() <= 3, "{requests:?}");
}

#[test]
fn a_mutation_that_failed_during_execution_is_never_sent_again() {
    let words = "Unknown argument \"chatId\"";
    for (body, code) in [
        (json!({"errors": [{"message": words, "path": ["sendChatMessage"]}]}), 4),
        (json!({"data": {"sendChatMessage": null}, "errors": [{"message": words}]}), 4),
        (json!({"data": {"sendChatMessage": {"id": "m"}}, "errors": [{"message": words}]}), 9),
        (json!({"errors": [{"message": "no", "extensions": {"code": "BAD_USER_INPUT"}}]}), 4),
    ] {
        let platform = Server::always(move |_| Answer::json(200, &body));
        let run = home(&platform).run(["chat", "send", "c-1", "Hello"]);
        assert_eq!(run.code, Some(code), "{run:?}");
        assert_eq!(names(&platform), ["ChatSend"]);
    }
}

/// A platform of the contract that takes a message, and has this answer for the first one.
fn taking(first: Value) -> Server {
    let contract = introspected(include_str!("../../src/sandbox/schema.graphql"));
    let taken = Mutex::new(Vec::new());
    Server::always(move |request| {
        if name(request) == "Introspection" {
            return Answer::json(200, &contract);
        }
        let (mut taken, variables) = (taken.lock().unwrap(), &request.json()["variables"]);
        if name(request) == "ChatSend" {
            let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() * 1000;
            let (id, author) = (format!("m-{}", taken.len()), json!({"id": variables["persona"]}));
            taken.push(json!({"id": id, "text": variables["text"], "createdAt": at, "author": author}));
            let answer = json!({"data": {"sendChatMessage": taken.last()}});
            return Answer::json(200, if taken.len() == 1 { &first } else { &answer });
        }
        let edge = json!({"node": {"id": "c-1", "messages": *taken}});
        let chats = json!({"edges": [edge], "pageInfo": {"hasNextPage": false, "endCursor": null}});
        Answer::json(200, &json!({"data": {"partner": {"chats": chats}}}))
    })
}

#[test]
fn an_error_in_the_words_of_a_misfit_sends_nothing_again_where_the_document_fits() {
    let coded = json!({"message": "no device", "extensions": {"code": "ValidationError"}});
    let broken = json!({"message": "Unknown type of device", "extensions": {"code": "INTERNAL_SERVER_ERROR"}});
    for first in [
        json!({"errors": [{"message": "push: Unknown type of device token"}]}),
        json!({"errors": [coded]}),
        json!({"data": null, "errors": [coded]}),
        json!({"errors": [broken]}),
        json!({"data": null, "errors": [broken]}),
    ] {
        let platform = taking(first.clone());
        let home = home(&platform);
        let sent = home.run(["chat", "send", "c-1", "Hello", "--persona", "p-1", "-o", "json"]).ok();
        assert_eq!(sent.json()["settled"], true, "{first} {sent:?}");
        assert_eq!(names(&platform).iter().filter(|name| *name == "ChatSend").count(), 1, "{first}");
        let documents = home.path().join("config/schema");
        assert!(!documents.exists(), "{first}: the document was not written anew");
    }
}

#[test]
fn an_error_in_the_words_of_a_misfit_refuses_nothing_where_something_broke() {
    let broken = json!({"message": "Unknown type of device", "extensions": {"code": "INTERNAL_SERVER_ERROR"}});
    let platform = taking(json!({ "errors": [broken] }));
    home(&platform).run(["chat", "send", "c-1", "Hello"]).failed(9, "the outcome is unknown");
    assert_eq!(names(&platform), ["ChatSend", "Introspection"]);
}

#[test]
fn a_misfit_beside_null_data_is_mended_where_the_schema_says_so_too() {
    let schema = introspected(&fs::read_to_string(file("renamed")).unwrap());
    let platform = Server::always(move |request| {
        if name(request) == "Introspection" {
            return Answer::json(200, &schema);
        }
        let is_old = request.json()["query"].as_str().unwrap().contains("chatId:");
        let error = json!({"message": "Unknown argument \"chatId\""});
        let refused = json!({"data": null, "errors": [error]});
        let done = json!({"data": {"closeChat": {"id": "c-1"}}});
        Answer::json(200, if is_old { &refused } else { &done })
    });
    home(&platform).run(["chat", "close", "c-1"]).ok();
    assert_eq!(names(&platform), ["ChatClose", "Introspection", "ChatClose"]);
}

#[test]
fn a_value_that_is_refused_is_no_matter_of_the_document() {
    let reason = "Variable \"$chat\" got invalid value \"c-1\"; Expected type \"ChatId\". it cannot represent that";
    for error in [json!({"message": reason}), json!({"message": reason, "extensions": {"code": "BAD_USER_INPUT"}})] {
        let platform = Server::always(move |_| Answer::json(400, &json!({ "errors": [error] })));
        for no_sync in [&[][..], &["--no-sync"]] {
            let refused =
                home(&platform).run([&["chat", "close", "c-1"], no_sync].concat()).failed(4, "got invalid value");
            assert!(!refused.stderr.contains("schema") && !refused.stderr.contains("document"), "{refused:?}");
        }
        assert_eq!(names(&platform), ["ChatClose", "ChatClose"]);
    }
}

#[test]
fn a_document_by_hand_is_not_overwritten_on_the_way() {
    let schema = introspected(&fs::read_to_string(file("renamed")).unwrap());
    let platform =
        Server::always(move |it| if name(it) == "Introspection" { Answer::json(200, &schema) } else { refusal() });
    let home = home(&platform);
    home.run(["schema", "sync"]).ok();
    let folder = fs::read_dir(home.path().join("config/schema/default")).unwrap().next().unwrap().unwrap().path();
    let mine = "mutation Mine($chat: ID!) { closeChat(mine: $chat) { id } }";
    fs::write(folder.join("ChatClose.graphql"), mine).unwrap();
    home.run(["chat", "close", "c-1"]).failed(4, "ChatClose.graphql was written by hand");
    assert_eq!(fs::read_to_string(folder.join("ChatClose.graphql")).unwrap(), mine);
}

#[test]
fn a_document_that_cannot_be_kept_is_used_all_the_same() {
    let platform = renamed();
    let home = home(&platform);
    let config = home.path().join("config");
    // A file where the folder should be stops even root, whom permissions do not.
    fs::create_dir(&config).unwrap();
    fs::write(config.join("schema"), "").unwrap();

    let run = home.run(["chat", "close", "c-1"]);
    assert!(run.code == Some(0) && run.stderr.contains("adapted for this time"), "{run:?}");
}

#[test]
fn a_batch_adapts_once_for_all_its_commands() {
    let platform = renamed();
    let line = |number: usize| json!({"op": "closeChat", "chatId": format!("c-{number}")}).to_string() + "\n";
    let input: String = (0..20).map(line).collect();
    let results = home(&platform).run_with(["batch"], &input).ok().stdout;
    let ok = |line: &str| serde_json::from_str::<Value>(line).unwrap()["ok"] == true;
    assert_eq!(results.lines().filter(|line| ok(line)).count(), 20);
    assert_eq!(names(&platform).iter().filter(|name| *name == "Introspection").count(), 1);
}
