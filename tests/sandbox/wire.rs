//! What the sandbox sends has the shape of the examples in `tests/wire`, against which the client is checked too.

use std::path::Path;

use serde_json::{Value, json};

use super::rig::{Hooks, options, start, start_with};

/// Everything that the schema tells of a chat.
const CHAT: &str = "{ id status question rating createdAt closedAt expert { id name email } user { name email }
    category { id name } messages { id text attachment createdAt author { id name } } }";
const PAST_CHAT: &str = "{ id status question rating createdAt closedAt expert { id name email }
    user { name email } category { id name } }";
const MESSAGE: &str = "{ id text attachment createdAt author { id name } }";
const SUBMISSION: &str = "{ id status reviewedAt }";

/// The keys and types of a value.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        Value::Array(items) => items.first().map(shape).into_iter().collect(),
        Value::String(_) => json!("string"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("boolean"),
        Value::Null => json!("null"),
    }
}

fn assert_like(name: &str, actual: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(name);
    let example: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(shape(actual), shape(&example), "{name}");
}

#[test]
fn webhooks_look_like_the_examples() {
    let receiver = Hooks::answering(|_| 200);
    let platform = start_with(&receiver);
    let chat = platform.chat();
    let close = format!(r#"mutation {{ closeChat(chatId: "{chat}") {{ id }} }}"#);
    let expect = |event: &str| assert_like(&format!("webhook-{event}.json"), &receiver.next_of(event).json());
    expect("chat-assigned");
    platform.data(&format!(r#"mutation {{ acceptChat(chatId: "{chat}", personaId: "p-1") {{ id }} }}"#));
    expect("chat-opened");
    platform.user(&format!("/chats/{chat}/messages"), &json!({ "text": "Hello?" }));
    expect("message-created");
    platform.data(&close);
    expect("chat-closed");
    platform.user(&format!("/chats/{chat}/reopen"), &json!({}));
    expect("chat-reopened");
    platform.data(&close);
    expect("chat-closed");
    platform.user(&format!("/chats/{chat}/rate"), &json!({ "rating": 5 }));
    expect("chat-rated");
}

#[test]
fn responses_look_like_the_examples() {
    let platform = start(options());
    let chat = platform.chat();
    let input =
        r#"{ providerId: "agent-42", name: "Ada", email: "ada@example.com", photo: "https://example.com/ada.png" }"#;
    let mutations = [
        ("createPersona", format!("(input: {input}) {{ id providerId name email photo }}")),
        ("acceptChat", format!("(chatId: \"{chat}\", personaId: \"p-2\") {CHAT}")),
        ("sendChatMessage", format!("(chatId: \"{chat}\", message: {{ text: \"Hello!\" }}) {MESSAGE}")),
        ("closeChat", format!("(chatId: \"{chat}\", personaId: \"p-2\") {CHAT}")),
        ("openChat", format!("(chatId: \"{chat}\") {CHAT}")),
        ("approveSubmission", format!("(id: \"s-3\") {SUBMISSION}")),
        ("rejectSubmission", format!("(id: \"s-6\") {SUBMISSION}")),
    ];
    for (name, rest) in mutations {
        assert_like(&format!("{name}.response.json"), &platform.query(&format!("mutation {{ {name}{rest} }}")));
    }
    let page = |node: &str| format!("{{ edges {{ cursor node {node} }} pageInfo {{ hasNextPage endCursor }} }}");
    let queries = [
        ("partner", "id state { chat { isAvailable } }".to_owned()),
        ("partner.chats", format!("chats(first: 1) {}", page(PAST_CHAT))),
        ("partner.experts", format!("experts(first: 1) {}", page("{ id name email }"))),
        ("partner.submissions", format!("submissions(first: 1) {}", page(SUBMISSION))),
    ];
    for (name, fields) in queries {
        assert_like(&format!("{name}.response.json"), &platform.query(&format!("{{ partner {{ {fields} }} }}")));
    }
}

#[test]
fn errors_look_like_the_examples() {
    let platform = start(options());
    assert_like("refused.response.json", &platform.query("mutation { closeChat(chatId: \"c-1\") { id } }"));
    let invalid = platform.post(&json!({ "query": "{ partner { nope } }" }));
    assert_like("invalid.response.json", &invalid.json().unwrap());
    let nobody = platform.client.post(platform.url("/graphql")).body("{}").send().unwrap();
    assert_like("unauthenticated.response.json", &nobody.json().unwrap());
}
