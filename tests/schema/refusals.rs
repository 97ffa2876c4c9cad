//! A refusal is never a success, whatever form it has, and what is no refusal is none.

use std::fs;

use apollo_compiler::ast;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::program::{Finished, Home};
use crate::support::server::{Answer, Server};

const CLOSE: &[&str] = &["chat", "close", "c-1"];
const SEND: &[&str] = &["chat", "send", "c-1", "Hello", "--persona", "p-1"];

/// A schema with one mutation of this result.
fn schema(result: &str, types: &str) -> String {
    let message = if types.contains("interface Message") { "" } else { "type Message { id: ID! text: String }" };
    format!(
        "type Query {{ chats: [Chat!]! }}
        type Mutation {{
            closeChat(id: ID!): {result}
            sendChatMessage(chatId: ID!, text: String!, personaId: ID): {result}
            acceptChat(chatId: ID!, personaId: ID!): {result}
            approveSubmission(id: ID!): {result}
        }}
        type Chat {{ id: ID! status: String messages: [Message!]! expert: Expert }}
        type Expert {{ id: ID! name: String }}
        type UserError {{ message: String field: String }}
        type Submission {{ id: ID! status: String }}
        {message} {types}"
    )
}

/// What a query asks for of an object.
fn asked(selections: &[ast::Selection], object: &Value) -> Value {
    let mut found = Map::new();
    for selection in selections {
        match selection {
            ast::Selection::Field(field) => {
                let inner = |value: &Value| {
                    if field.selection_set.is_empty() { value.clone() } else { asked(&field.selection_set, value) }
                };
                let value = match &object[field.name.as_str()] {
                    Value::Null => Value::Null,
                    Value::Array(values) => values.iter().map(inner).collect(),
                    value => inner(value),
                };
                found.insert(field.response_name().to_string(), value);
            }
            ast::Selection::InlineFragment(fragment) => {
                let is_it = fragment.type_condition.as_ref().is_none_or(|ty| object["__typename"] == ty.as_str());
                if let Value::Object(inner) = asked(&fragment.selection_set, object)
                    && is_it
                {
                    found.extend(inner);
                }
            }
            ast::Selection::FragmentSpread(_) => {}
        }
    }
    found.into()
}

/// A command against a platform of this schema that answers every mutation with this.
fn run(sdl: &str, args: &[&str], answer: &Value) -> Finished {
    let answer = answer.clone();
    let server = Server::always(move |request| {
        let query = request.json()["query"].as_str().unwrap().to_owned();
        let document = ast::Document::parse(query, "query").unwrap();
        let operation = document.definitions[0].as_operation_definition().unwrap();
        let name = operation.selection_set[0].as_field().unwrap().name.to_string();
        let data = asked(&operation.selection_set, &json!({ name: answer }));
        Answer::json(200, &json!({ "data": data }))
    });
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    let path = home.path().join("live.graphql");
    fs::write(&path, sdl).unwrap();
    // The other mutations have a result that is none of theirs.
    home.run(["schema", "sync", "--from", path.to_str().unwrap()]);
    home.run([args, &["-o", "json", "--no-sync"]].concat())
}

/// What is answered for a chat with some more fields in its payload.
fn beside(more: &Value) -> Value {
    let mut answer = json!({"chat": {"id": "c-1", "status": "opened"}});
    answer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    answer
}

#[test]
fn what_stands_beside_a_result_and_says_no_is_no_success() {
    let no = json!("not yours");
    for (fields, more) in [
        ("customerUserErrors: [UserError!]! userErrors: [UserError!]!", json!({"userErrors": [{"message": no}]})),
        ("errors(first: Int): [UserError!]!", json!({"errors": [{"message": no}]})),
        ("outcome: Outcome! reason: String", json!({"outcome": "DENIED", "reason": no})),
        ("closed: Boolean! reason: String", json!({"closed": false, "reason": no})),
        ("accepted: Boolean!", json!({"accepted": false})),
        ("rejection: UserError", json!({"rejection": {"message": no}})),
        ("success: String!", json!({"success": "false"})),
        ("success: String!", json!({"success": "perhaps"})),
        ("ok: YesNo!", json!({"ok": "NO"})),
        ("isError: Boolean! failed: Boolean!", json!({"isError": false, "failed": true})),
        ("success: Boolean! ok: Boolean!", json!({"success": true, "ok": false})),
        ("errorCode: Int", json!({"errorCode": 403})),
        ("errorMessage: String", json!({"errorMessage": no})),
        ("code: Int message: String", json!({"code": 403, "message": no})),
        ("status: Said", json!({"status": {"success": false, "message": no}})),
        ("meta: Said", json!({"meta": {"success": false, "message": no}})),
    ] {
        let types = format!(
            "enum Outcome {{ CLOSED DENIED }} enum YesNo {{ YES NO }} type Said {{ success: Boolean! message: String }}
            type Payload {{ chat: Chat {fields} }} type Around {{ result: Payload }}"
        );
        let told = run(&schema("Payload", &types), CLOSE, &beside(&more));
        assert_eq!(told.code, Some(9), "{fields}: {told:?}");
        let told = run(&schema("Around", &types), CLOSE, &json!({"result": beside(&more)}));
        assert_eq!(told.code, Some(9), "below another: {fields}: {told:?}");
    }
}

#[test]
fn what_stands_beside_a_result_and_says_nothing_against_it_is_no_refusal() {
    for (fields, more) in [
        ("error: E", json!({"error": "NONE"})),
        ("errorCode: Int! errorMessage: String!", json!({"errorCode": 0, "errorMessage": ""})),
        ("errorCount: Int! errors: [String!]!", json!({"errorCount": 0, "errors": []})),
        (
            "success: Boolean! code: String message: String",
            json!({"success": true, "code": "200", "message": "closed"}),
        ),
        ("ok: String! status: String", json!({"ok": "YES", "status": "closed"})),
        ("closed: String sent: Int accepted: String", json!({"closed": "2026-01-01", "sent": 0, "accepted": "today"})),
        ("warnings: [String!] shade: E", json!({"warnings": ["late"], "shade": "DENIED"})),
    ] {
        let types = format!("enum E {{ NONE DENIED }} type Payload {{ chat: Chat {fields} }}");
        run(&schema("Payload", &types), CLOSE, &beside(&more)).ok();
    }
}

#[test]
fn a_result_that_only_says_what_became_of_it_is_read() {
    for (fields, done, refused) in [
        ("closed: Boolean! reason: String", json!({"closed": true}), json!({"closed": false, "reason": "no"})),
        ("status: S! reason: String", json!({"status": "CLOSED"}), json!({"status": "DENIED", "reason": "no"})),
        ("result: Boolean! message: String", json!({"result": true}), json!({"result": false, "message": "no"})),
        ("result: String!", json!({"result": "done"}), json!({"result": "DENIED"})),
        ("code: Int! message: String", json!({"code": 200}), json!({"code": 403, "message": "no"})),
        ("issues: [UserError!]", json!({"issues": []}), json!({"issues": [{"message": "no"}]})),
        ("clientMutationId: String error: UserError", json!({"error": null}), json!({"error": {"message": "no"}})),
        ("meta: M!", json!({"meta": {"success": true}}), json!({"meta": {"success": false, "errors": ["no"]}})),
    ] {
        let types = format!(
            "enum S {{ CLOSED DENIED }} type M {{ success: Boolean! errors: [String!] }} type Payload {{ {fields} }}"
        );
        let sdl = schema("Payload!", &types);
        assert_eq!(run(&sdl, CLOSE, &done).ok().json()["id"], "c-1", "{fields}");
        let told = run(&sdl, CLOSE, &refused);
        assert_eq!(told.code, Some(4), "{fields}: {told:?}");
    }
    let types = "enum S { QUEUED } type Payload { status: S! }";
    run(&schema("Payload!", types), CLOSE, &json!({"status": "QUEUED"})).failed(9, "does not say that it is done");
    run(&schema("Payload!", "type Payload { clientMutationId: String }"), CLOSE, &json!({})).ok();
}

#[test]
fn a_result_that_says_nothing_that_is_known_is_a_question() {
    for (result, types) in [
        ("Closed!", "union Closed = Done | NotAllowed type Done { at: String } type NotAllowed { reason: String }"),
        ("Node", "interface Node { id: ID! } type Ticket implements Node { id: ID! }"),
        ("Payload!", "type Payload { job: Job! } type Job { id: ID! state: String }"),
        ("Payload", "type Payload { ticket: Ticket } type Ticket { id: ID! state: String }"),
        ("Payload!", "type Payload { affectedRows: Int! }"),
        ("JSON", "scalar JSON"),
        ("[UserError!]!", ""),
        ("UserError", ""),
        ("Int", ""),
    ] {
        let home = Home::new();
        let path = home.path().join("live.graphql");
        fs::write(&path, schema(result, types)).unwrap();
        let told = home.run(["schema", "sync", "--from", path.to_str().unwrap()]);
        let told = told.failed(4, "cannot write `closeChat` for this schema");
        assert!(told.stderr.contains("write the document by hand"), "{result} {types}: {told:?}");
    }
}

#[test]
fn another_type_or_no_id_is_no_message_that_was_sent() {
    for (result, types, answer, code) in [
        (
            "Sent!",
            "union Sent = Message | BlockedMessage type BlockedMessage { id: ID! reason: String }",
            json!({"__typename": "BlockedMessage", "id": "b-1", "reason": "no"}),
            4,
        ),
        (
            "Sent!",
            "union Sent = Message | NoticeMessage type NoticeMessage { id: ID! text: String! }",
            json!({"__typename": "NoticeMessage", "id": "n-1", "text": "no"}),
            4,
        ),
        (
            "Sent!",
            "union Sent = Message | SpamCheckResult type SpamCheckResult { messageId: ID! verdict: String }",
            json!({"__typename": "SpamCheckResult", "messageId": "m-1"}),
            4,
        ),
        (
            "Message!",
            "interface Message { id: ID! text: String } type UserMessage implements Message { id: ID! text: String }
            type RejectedMessage implements Message { id: ID! text: String reason: String }",
            json!({"__typename": "RejectedMessage", "id": "m-1", "text": "Hello", "reason": "no"}),
            9,
        ),
        (
            "TextMessage!",
            "type TextMessage { id: ID! status: String error: UserError }",
            json!({"id": "m-1", "status": "FAILED"}),
            9,
        ),
        (
            "TextMessage!",
            "type TextMessage { id: ID! status: String error: UserError }",
            json!({"id": "m-1", "error": {"message": "no"}}),
            9,
        ),
        ("ID!", "", json!(""), 9),
        ("Int!", "", json!(0), 9),
    ] {
        let told = run(&schema(result, types), SEND, &answer);
        assert_eq!(told.code, Some(code), "{result} {types}: {told:?}");
    }
    let types =
        "interface Message { id: ID! text: String } type UserMessage implements Message { id: ID! text: String }";
    let sent = json!({"__typename": "UserMessage", "id": "m-1", "text": "Hello"});
    assert_eq!(run(&schema("Message!", types), SEND, &sent).ok().json(), json!({"id": "m-1", "text": "Hello"}));
    assert_eq!(run(&schema("Int!", ""), SEND, &json!(7)).ok().json(), json!({"id": "7"}));
}

#[test]
fn what_stands_in_another_object_is_not_the_one_that_was_asked_about() {
    let accept = ["chat", "accept", "42", "--persona", "p-1"];
    for answer in [
        json!({"id": "7", "expert": {"id": "42", "name": "Zoe"}, "messages": []}),
        json!({"id": "7", "messages": [{"id": "42", "text": "Hello"}]}),
    ] {
        run(&schema("Chat", ""), &accept, &answer).failed(9, "about another chat: `7`, not `42`");
        // So it is with the built-in document.
        let contract = include_str!("../../src/sandbox/schema.graphql");
        run(contract, &accept, &answer).failed(9, "about another chat: `7`, not `42`");
    }
    let types = "type Approved { submission: Submission }";
    let other = json!({"submission": {"id": "other", "status": "approved"}});
    run(&schema("Approved", types), &["submission", "approve", "s-1"], &other)
        .failed(9, "about another submission: `other`, not `s-1`");
}

/// Fields of a payload that say no, with their types and what they hold.
const REFUSALS: [(&str, &str, &str); 16] = [
    ("errors", "[UserError!]!", r#"[{"message": "it is rated"}]"#),
    ("userErrors", "[UserError!]", r#"[{"message": "it is rated"}]"#),
    ("chatUserErrors", "[UserError]", r#"[{"message": null, "field": "id"}]"#),
    ("problems", "[String!]", r#"["it is rated"]"#),
    ("violations", "[Outcome!]", r#"["DENIED"]"#),
    ("error", "String", r#""it is rated""#),
    ("failure", "UserError", r#"{"message": "it is rated"}"#),
    ("failed", "Boolean!", "true"),
    ("success", "Boolean!", "false"),
    ("ok", "Boolean", "false"),
    ("isSuccess", "Boolean", "false"),
    ("succeeded", "String", r#""false""#),
    ("status", "String", r#""DENIED""#),
    ("outcome", "Outcome", r#""DENIED""#),
    ("accepted", "Boolean", "false"),
    ("closed", "Boolean", "false"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever else stands in the payload, and however deep.
    #[test]
    fn no_refusal_that_is_put_together_at_random_is_a_success(
        (field, ty, value) in prop::sample::select(&REFUSALS[..]),
        others in prop::sample::subsequence(vec!["clientMutationId: String", "took: Int", "previousChat: Chat"], 0..=3),
        wrapper in prop::option::of(prop::sample::select(&["data", "result", "payload", "response"][..])),
        chat in prop::option::of(Just(json!({"id": "c-1", "status": "closed"}))),
    ) {
        let inner = format!("chat: Chat {field}: {ty} {}", others.join(" "));
        let types = match wrapper {
            Some(wrapper) => format!("type Payload {{ {wrapper}: Inner }} type Inner {{ {inner} }}"),
            None => format!("type Payload {{ {inner} }}"),
        };
        let refused = json!({
            "chat": chat,
            field: serde_json::from_str::<Value>(value).unwrap(),
            "previousChat": {"id": "c-1", "status": "opened"},
        });
        let answer = wrapper.map_or_else(|| refused.clone(), |wrapper| json!({ wrapper: refused }));
        let finished = run(&schema("Payload", &format!("enum Outcome {{ DONE DENIED }} {types}")), CLOSE, &answer);
        prop_assert!(matches!(finished.code, Some(4 | 9)), "{types} {answer}: {finished:?}");
    }
}
