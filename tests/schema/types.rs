//! What a type says: seconds, dates, ids of any size, enums in the schema's spelling, and what is deprecated.

use std::fs;

use serde_json::{Value, json};

use super::platform::{self, Platform};
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::{Answer, Server};

const CONTRACT: &str = include_str!("../../src/sandbox/schema.graphql");

/// The contract in which this stands in place of that, and more types.
fn contract(from: &str, to: &str, types: &str) -> String {
    assert!(CONTRACT.contains(from), "{from}");
    CONTRACT.replace(from, to) + types
}

/// Syncs for a schema that is given as SDL.
fn sync(home: &Home, sdl: &str, args: &[&str]) -> crate::support::program::Finished {
    let path = home.path().join("live.graphql");
    fs::write(&path, sdl).unwrap();
    home.run([&["schema", "sync", "--from", path.to_str().unwrap()][..], args].concat())
}

/// What a command sends, once synced.
fn request(sdl: &str, args: &[&str]) -> Value {
    let refusal = json!({"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]});
    let server = Server::always(move |_| Answer::json(200, &refusal));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    sync(&home, sdl, &[]).ok();
    home.run(args).failed(4, "no");
    server.requests()[0].json()
}

/// The program against a platform that gives this answer to everything, synced for a schema.
fn answered(sdl: &str, answer: &Value) -> (Server, Home) {
    let answer = json!({ "data": answer });
    let server = Server::always(move |_| Answer::json(200, &answer));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    sync(&home, sdl, &[]).ok();
    (server, home)
}

#[test]
fn an_upload_takes_no_link_and_a_field_about_a_text_is_not_the_text() {
    let mutation = "sendChatMessage(chatId: ID!, personaId: ID, message: ChatMessageInput!): Message!";
    let link = "https://example.com/a.pdf";
    let args = ["chat", "send", "c-1", "Hello", "--persona", "p-1", "--attachment", link];
    for decoy in [
        "attachment: Upload",
        "attachments: [Upload!]",
        "textFormat: String",
        "messageType: String",
        "contentType: String",
        "templateName: String",
        "quote: String",
        "replyText: String",
        "quotedText: String",
        "textTemplate: String",
        "fileName: String",
        "attachmentName: String",
        "bodyFormat: String",
    ] {
        let to = format!("sendChatMessage(chatId: ID!, personaId: ID, text: String!, {decoy}): Message!");
        let request = request(&contract(mutation, &to, "scalar Upload\n"), &args);
        assert_eq!(
            request["variables"],
            json!({"chat": "c-1", "persona": "p-1", "text": format!("Hello\n{link}")}),
            "{decoy}"
        );
    }
}

#[test]
fn a_status_is_found_in_any_spelling_and_shown_in_the_platforms_own() {
    let chats = json!([{"id": "c-1", "status": "OPENED"}, {"id": "c-2", "status": "In_Review"}, {"id": "c-3", "status": "CLOSED"}]);
    let edges: Vec<_> = chats.as_array().unwrap().iter().map(|chat| json!({"node": chat})).collect();
    let page = json!({"partner": {"chats": {"edges": edges, "pageInfo": {"hasNextPage": false}}}});
    let (_server, home) = answered(CONTRACT, &page);
    for (status, found) in [
        ("opened", "c-1 OPENED\n"),
        ("OPENED", "c-1 OPENED\n"),
        ("in-review", "c-2 In_Review\n"),
        ("inReview", "c-2 In_Review\n"),
    ] {
        let run = home.run(["chat", "list", "--status", status, "--jq", ".[] | \"\\(.id) \\(.status)\""]).ok();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (found, ""), "{status}");
    }
    let run = home.run(["chat", "list", "--status", "rejected"]).ok();
    assert!(run.stderr.contains("no chat has the status `rejected`"), "{run:?}");
}

#[test]
fn a_time_is_sent_in_the_unit_of_its_argument() {
    let from = "startDate: Timestamp, endDate: Timestamp";
    let list = ["chat", "list", "--since", "2026-01-02T03:04:05.678Z", "--until", "2026-01-02T03:04:05.678Z"];
    let (since, until) = (1_767_323_045_678_i64, 1_767_323_045_678_i64);
    for (to, expected) in [
        ("since: Int, until: Int", json!([1_767_323_045, 1_767_323_046])),
        ("since: Float, until: Float", json!([since, until])),
        ("since: Long, until: BigInt", json!([since, until])),
        ("sinceSeconds: Float, until_seconds: Long", json!([1_767_323_045, 1_767_323_046])),
        ("since: UnixTime, until: EpochSeconds", json!([1_767_323_045, 1_767_323_046])),
        ("since: DateTime, until: String", json!(["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"])),
        ("since: Instant, until: Time", json!(["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"])),
    ] {
        let scalars = "scalar Long scalar BigInt scalar UnixTime scalar EpochSeconds scalar DateTime scalar Instant scalar Time\n";
        let variables = &request(&contract(from, to, scalars), &list)["variables"];
        assert_eq!(json!([variables["since"], variables["until"]]), expected, "{to}");
    }
}

#[test]
fn a_time_in_a_result_is_milliseconds_in_any_unit_or_format() {
    for (created, type_of) in [
        (json!(1_767_323_045), "Int"),
        (json!(1_767_323_045_000_i64), "Float"),
        (json!("2026-01-02T03:04:05"), "DateTime"),
        (json!("2026-01-02 03:04:05"), "String"),
        (json!("1767323045"), "Long"),
    ] {
        let sdl =
            contract("createdAt: Timestamp # D\n", &format!("createdAt: {type_of}\n"), "scalar DateTime scalar Long\n");
        let (_server, home) = answered(&sdl, &json!({"closeChat": {"id": "c-1", "createdAt": created}}));
        assert_eq!(
            home.run(["chat", "close", "c-1"]).ok().json(),
            json!({"id": "c-1", "createdAt": 1_767_323_045_000_i64}),
            "{created}"
        );
    }
}

#[test]
fn an_id_of_any_size_keeps_its_digits_both_ways() {
    for id in ["9223372036854775808", "123456789012345678901234567890", "0012"] {
        for (line, key) in [("closeChat(id: ID!): Chat!", "id"), ("closeChat(id: BigInt!): Chat!", "id")] {
            let sdl = contract("closeChat(chatId: ID!, personaId: ID): Chat!", line, "scalar BigInt\n");
            // A number where JSON can have it.
            let answer = if id.starts_with('0') { json!(id) } else { serde_json::from_str(id).unwrap() };
            let (server, home) = answered(&sdl, &json!({"closeChat": {key: answer}}));
            let run = home.run(["chat", "close", id]).ok();
            assert_eq!(run.json(), json!({"id": id}), "{line}");
            assert_eq!(server.requests()[0].json()["variables"], json!({"chat": id}), "{line}");
        }
    }
    let sdl = contract("closeChat(chatId: ID!, personaId: ID): Chat!", "closeChat(id: Int!): Chat!", "");
    let (server, home) = answered(&sdl, &json!({"closeChat": {"id": 7}}));
    home.run(["chat", "close", "9223372036854775808"])
        .failed(2, "the endpoint wants a whole number of 32 bits for `chat`, not \"9223372036854775808\"");
    home.run(["chat", "close", "c-1"]).failed(2, "the endpoint wants a whole number for `chat`, not \"c-1\"");
    assert_eq!(server.requests().len(), 0, "nothing was sent");
    assert_eq!(home.run(["chat", "close", "7"]).ok().json(), json!({"id": "7"}));
}

#[test]
fn a_deprecated_argument_is_taken_only_if_no_other_fits() {
    let close = "closeChat(chatId: ID!, personaId: ID): Chat!";
    let message = "text: String attachment: String createdAt: Timestamp author: Author }";
    for (from, to, args, has) in [
        (
            close,
            "closeChat(chatId: ID @deprecated, id: ID): Chat!",
            &["chat", "close", "c-1"][..],
            "closeChat(id: $chat)",
        ),
        (
            close,
            "closeChat(chatId: ID, id: ID @deprecated): Chat!",
            &["chat", "close", "c-1"],
            "closeChat(chatId: $chat)",
        ),
        (close, "closeChat(id: ID @deprecated): Chat!", &["chat", "close", "c-1"], "closeChat(id: $chat)"),
        (close, "closeChat(input: Old!): Chat!", &["chat", "close", "c-1"], "closeChat(input: {id: $chat})"),
        (close, "closeChat(id: ID!): Closed!", &["chat", "close", "c-1"], "conversation {"),
        (
            message,
            "text: String @deprecated body: String }",
            &["chat", "send", "c-1", "x", "--persona", "p"],
            "text: body",
        ),
        (message, "text: String @deprecated }", &["chat", "send", "c-1", "x", "--persona", "p"], "text\n"),
        (
            "enum OrderDirection { asc desc }",
            "enum OrderDirection { ASC DESC @deprecated DESCENDING }",
            &["chat", "list"],
            "= DESCENDING",
        ),
        (
            "enum OrderDirection { asc desc }",
            "enum OrderDirection { ASC DESC @deprecated }",
            &["chat", "list"],
            "= DESC",
        ),
    ] {
        let types =
            "input Old { chatId: ID @deprecated id: ID }\ntype Closed { chat: Chat @deprecated conversation: Chat }\n";
        let sdl = contract(from, to, types);
        // As it is told by introspection, too.
        for schema in [sdl.clone(), introspected(&sdl).to_string()] {
            let query = request(&schema, args)["query"].as_str().unwrap().to_owned();
            assert!(query.contains(has), "{to}: {query}");
        }
    }
    let sdl = contract(close, "closeChat(chatId: ID @deprecated, id: ID @deprecated): Chat!", "");
    sync(&Home::new(), &sdl, &[]).failed(4, "`chat` may be any of the arguments `chatId`, `id`");
}

#[test]
fn a_value_that_does_not_fit_is_seen_where_the_built_in_document_does() {
    for (from, to, operation, written) in [
        // The messages are looked for in the list, too.
        ("enum OrderDirection { asc desc }", "enum OrderDirection { ASC DESC }", "ChatList", 2),
        (
            "input PersonaInput { providerId: ID! name: String! email: String photo: String }",
            "input PersonaInput { externalId: ID! displayName: String! }",
            "PersonaCreate",
            1,
        ),
        (
            "input ChatMessageInput { text: String attachment: String }",
            "input ChatMessageInput { content: String attachment: String }",
            "ChatSend",
            1,
        ),
        (
            "input ChatMessageInput { text: String attachment: String }",
            "input ChatMessageInput @oneOf { text: String attachment: String }",
            "ChatSend",
            1,
        ),
    ] {
        let home = Home::new();
        let sdl = contract(from, to, "");
        let path = home.path().join("live.graphql");
        fs::write(&path, &sdl).unwrap();
        let check = ["schema", "check", "--from", path.to_str().unwrap()];
        home.run(check).failed_with_result(4, &format!("1 of 13 operations do not fit the schema: {operation}\n"));
        let rows = sync(&home, &sdl, &[]).ok().json();
        assert_eq!(
            rows.as_array().unwrap().iter().filter(|row| row["state"] == "written").count(),
            written,
            "{to}: {rows}"
        );
        home.run(check).ok();
    }
}

#[test]
fn messages_come_through_one_field_and_several_are_a_question() {
    let from = "messages: [Message!]!";
    for (to, has) in [
        ("messages: [Message!]! history: [Event!]!", "    messages {"),
        ("messages: [Message!]! @deprecated transcript: [Message!]!", "    messages: transcript {"),
        ("history: [Event!]! transcript: [Message!]!", "    messages: transcript {"),
    ] {
        let sdl =
            contract(from, to, "type Event { id: ID! at: Timestamp }\n").replace("acceptChat(chatId", "acceptChat(id");
        let sent = request(&sdl, &["chat", "accept", "c-1", "--persona", "p-1"]);
        assert!(sent["query"].as_str().unwrap().contains(has), "{to}: {sent}");
    }
    let sdl = contract(from, "messages: [Message!]! transcript: [Message!]!", "")
        .replace("acceptChat(chatId", "acceptChat(id");
    let home = Home::new();
    let words =
        "any of the fields `messages`, `transcript` may be the messages of a chat; `--accept messages=messages` says";
    sync(&home, &sdl, &[]).failed(4, words);
    sync(&home, &sdl, &["--accept", "messages=transcript"]).ok();
    let sent = home.run(["chat", "accept", "c-1", "--persona", "p-1", "--dry-run"]).ok().json();
    assert!(sent["query"].as_str().unwrap().contains("messages: transcript {"), "{sent}");
    sync(&home, &sdl, &["--accept", "messages=nowhere"]).failed(2, "has an argument `nowhere`");
}

#[test]
fn an_older_server_is_asked_for_less() {
    // It refuses what it does not know, as every server does, and tells what it knows.
    for (known, fields, asked) in [
        (json!([]), json!([]), 2),
        (json!([{"name": "isOneOf", "type": {"kind": "SCALAR", "name": "Boolean"}}]), json!([]), 3),
    ] {
        let mut schema = introspected(CONTRACT);
        let types = schema["data"]["__schema"]["types"].as_array_mut().unwrap();
        types.retain(|ty| !ty["name"].as_str().unwrap().starts_with("__"));
        types.push(json!({"kind": "OBJECT", "name": "__Type", "fields": known}));
        types.push(json!({"kind": "OBJECT", "name": "__InputValue", "fields": fields}));
        let knows_one_of = asked == 3;
        let server = Server::always(move |request| {
            let query = request.json()["query"].as_str().unwrap().to_owned();
            let refused =
                query.contains("inputFields(includeDeprecated") || (query.contains("isOneOf") && !knows_one_of);
            let error = json!({"message": "Cannot query field \"isOneOf\" on type \"__Type\"."});
            if refused { Answer::json(400, &json!({"errors": [error]})) } else { Answer::json(200, &schema) }
        });
        let home = Home::new().with("GUURU_ENDPOINT", &server.url());
        let printed = home.run(["schema", "print"]).ok().stdout;
        assert!(printed.contains("closeChat(chatId: ID!"), "{printed}");
        assert_eq!(server.requests().len(), asked);
        assert_eq!(server.requests()[asked - 1].body.windows(7).any(|it| it == b"isOneOf"), knows_one_of);
    }
}

/// A server that knows all of introspection is asked once, and tells what takes exactly one value.
#[test]
fn introspection_shows_an_input_object_that_takes_exactly_one_value() {
    let Some(platform) = Platform::start(platform::Server::GraphqlJs, "oneof") else { return };
    platform.home.run(["schema", "sync"]).ok();
    let link = "https://example.com/a.pdf";
    let request = platform
        .home
        .run(["chat", "send", "1", "Hello", "--persona", "42", "--attachment", link, "--dry-run"])
        .ok()
        .json();
    assert_eq!(request["variables"]["text"], format!("Hello\n{link}"), "{request}");
    let query = request["query"].as_str().unwrap();
    assert!(query.contains("content: {text: $text}") && query.contains("$text: String!"), "{query}");
    // The argument that gives way is told, too.
    assert!(query.contains("(conversationId: $chat"), "{query}");
}
