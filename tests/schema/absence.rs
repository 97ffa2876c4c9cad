//! Nothing is concluded to be missing by looking where it may not be: a message whose answer is lost is not sent again.

use std::fs;

use serde_json::json;

use crate::support::program::Home;
use crate::support::server::{Answer, Server};

/// The result of a send whose first answer is lost, on a platform of this schema that answers each query so, and how often
/// it was sent.
fn sent(query: &str, types: &str, answer: &serde_json::Value) -> (crate::support::program::Finished, usize) {
    let answer = json!({ "data": answer });
    let server = Server::always(move |request| match request.json()["operationName"].as_str() {
        Some("ChatSend") => Answer::json(503, &json!({})).header("Retry-After", "0"),
        _ => Answer::json(200, &answer),
    });
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    let schema = home.path().join("live.graphql");
    let mutation = "type Mutation { sendChatMessage(chatId: ID!, text: String!, personaId: ID): Message! }";
    let message = "type Message { id: ID! text: String createdAt: Float author: Author } type Author { id: ID }";
    fs::write(&schema, format!("type Query {{ {query} }} {mutation} {message} {types}")).unwrap();
    home.run(["schema", "sync", "--from", schema.to_str().unwrap()]);
    let run = home.run(["chat", "send", "c-1", "hello", "--persona", "p-1", "--retries", "1"]);
    let count = server.requests().iter().filter(|it| it.json()["operationName"] == "ChatSend").count();
    (run, count)
}

#[test]
fn a_message_is_not_sent_again_where_it_may_only_be_hidden() {
    let chat = |messages: &str| format!("type Chat {{ id: ID! {messages} }}");
    let empty = json!([]);
    let with = |field: &str, messages: &serde_json::Value| json!({field: {"id": "c-1", "messages": messages}});
    let by_id = "chat(id: ID!): Chat";
    let items = "messages(offset: Int, limit: Int): Page! } type Page { items: [Message!]! hasMore: Boolean!";
    for (query, types, answer) in [
        (by_id, chat("messages(page: Int!, perPage: Int!): [Message!]!"), with("chat", &empty)),
        (by_id, chat("messages(maxResults: Int = 5): [Message!]!"), with("chat", &empty)),
        (by_id, chat("messages(includePending: Boolean = false): [Message!]!"), with("chat", &empty)),
        (by_id, chat("transcript: [Message!]!"), with("chat", &empty)),
        (by_id, chat(items), with("chat", &json!({"items": [], "hasNextPage": true}))),
        ("chat(id: ID!, asOf: String): Chat", chat("messages: [Message!]!"), with("chat", &empty)),
        ("archivedChat(id: ID!): Chat", chat("messages: [Message!]!"), with("archivedChat", &empty)),
        (
            "drafts(chatId: ID!): Drafts",
            chat("x: Int") + " type Drafts { chatId: ID! messages: [Message!]! }",
            with("drafts", &empty),
        ),
        (
            "conversation(id: ID!): Conversation",
            chat("x: Int") + " type Conversation { id: ID! messages: [Message!]! }",
            with("conversation", &empty),
        ),
    ] {
        let (run, count) = sent(query, &types, &answer);
        assert_eq!((run.code, count), (Some(9), 1), "{query} {types}: {run:?}");
    }
}
