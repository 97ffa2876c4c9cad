//! The table against the schema that it is written for.

use std::ptr;

use apollo_compiler::executable::OperationType;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::json;

use super::*;
use crate::api::schema::Documents;
use crate::model::{ChatMessageInput, PersonaInput};

const SCHEMA: &str = include_str!("../../sandbox/schema.graphql");

fn every_call() -> Vec<Call> {
    let mut ada = PersonaInput { provider_id: "a".into(), name: "Ada".into(), email: None, photo: None };
    let mut calls = vec![persona::create(&ada), chat::accept("c", "p")];
    (ada.email, ada.photo) = (Some("e".into()), Some("f".into()));
    calls.push(persona::create(&ada));
    let text = ChatMessageInput { text: Some("Hello".into()), attachment: None };
    let link = ChatMessageInput { text: None, attachment: Some("https://example.com/a.pdf".into()) };
    for persona_id in [None, Some("p")] {
        calls.push(chat::send("c", &text, persona_id));
        calls.push(chat::send("c", &link, persona_id));
        calls.push(chat::close("c", persona_id));
        calls.push(chat::open("c", persona_id));
    }
    calls.extend([
        submission::approve("s"),
        submission::reject("s"),
        chat::messages("c", 50, None),
        chat::messages("c", 50, Some("x")),
        partner::show(),
        partner::auth_status(),
    ]);
    for after in [None, Some("x")] {
        let filter = chat::ChatFilter { ascending: after.is_some(), since: Some(1), until: Some(2) };
        calls.push(chat::list(filter).page(50, after));
        calls.push(chat::list(chat::ChatFilter::default()).page(50, after));
        calls.push(partner::experts().page(50, after));
        calls.push(submission::list().page(50, after));
    }
    calls
}

#[test]
fn every_call_is_valid_against_the_schema_and_named_as_it_says() {
    let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap();
    for call in every_call() {
        let Operation { name, field, document, .. } = *call.operation();
        let document = ExecutableDocument::parse_and_validate(&schema, document, name).unwrap();
        let operation = document.operations.get(None).unwrap();
        assert_eq!(operation.name.as_ref().unwrap(), name);
        let query = field == "partner";
        assert_eq!(operation.operation_type, if query { OperationType::Query } else { OperationType::Mutation });
        let roots: Vec<_> = operation.root_fields(&document).map(|root| root.response_key().as_str()).collect();
        assert_eq!(roots, [field]);

        let posted = serde_json::to_value(Documents::of(None).prepare(&call).unwrap()).unwrap();
        let variables: JsonMap = serde_json::from_value(posted["variables"].clone()).unwrap();
        coerce_variable_values(&schema, operation, &variables).unwrap();
        for name in call.values().keys() {
            let is_declared = operation.variables.iter().any(|declared| declared.name == name.as_str());
            assert!(is_declared || (name == "chat" && query), "{name} is not declared");
            assert_eq!(is_declared, variables.contains_key(name.as_str()), "{name}");
        }
    }
}

#[test]
fn every_operation_is_listed_once_and_has_a_call() {
    let called = every_call();
    for operation in ALL {
        assert_eq!(ALL.iter().filter(|other| other.name == operation.name).count(), 1);
        assert!(called.iter().any(|call| ptr::eq(call.operation(), operation)));
    }
}

#[test]
fn only_create_persona_and_queries_may_be_sent_again() {
    let mut repeatable: Vec<_> = ALL.iter().filter(|operation| operation.repeatable).map(|it| it.field).collect();
    repeatable.dedup();
    assert_eq!(repeatable, ["createPersona", "partner"]);
}

#[test]
fn what_is_posted_has_a_variable_for_each_value_and_none_for_what_has_no_value() {
    let message = ChatMessageInput { text: Some("\"}) { id }".into()), attachment: None };
    let prepared = Documents::of(None).prepare(&chat::send("c-1", &message, None)).unwrap();
    assert_eq!(
        serde_json::to_value(&prepared).unwrap(),
        json!({
            "operationName": "ChatSend",
            "query": include_str!("chat_send.graphql"),
            "variables": {"chat": "c-1", "text": "\"}) { id }"},
        })
    );
}
