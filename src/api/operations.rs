//! The operations that this program sends. All that is assumed of the platform's schema, argument names and shapes, stands
//! here and in the `.graphql` files beside, so that a schema that differs is met in one place.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, Operation, queries};
use crate::model::{Chat, ChatMessageInput, PersonaInput};

const PERSONA_CREATE: Operation = Operation {
    name: "PersonaCreate",
    field: "createPersona",
    document: include_str!("operations/persona_create.graphql"),
    // Documented: the same `providerId` always yields the same persona.
    repeatable: true,
    subject: "persona",
};

const CHAT_ACCEPT: Operation = Operation {
    name: "ChatAccept",
    field: "acceptChat",
    document: include_str!("operations/chat_accept.graphql"),
    repeatable: false,
    subject: "chat",
};

const CHAT_SEND: Operation = Operation {
    name: "ChatSend",
    field: "sendChatMessage",
    document: include_str!("operations/chat_send.graphql"),
    // There is no idempotency key on it: the end user would read the same message twice.
    repeatable: false,
    subject: "chat",
};

const CHAT_CLOSE: Operation = Operation {
    name: "ChatClose",
    field: "closeChat",
    document: include_str!("operations/chat_close.graphql"),
    repeatable: false,
    subject: "chat",
};

const CHAT_OPEN: Operation = Operation {
    name: "ChatOpen",
    field: "openChat",
    document: include_str!("operations/chat_open.graphql"),
    repeatable: false,
    subject: "chat",
};

const SUBMISSION_APPROVE: Operation = Operation {
    name: "SubmissionApprove",
    field: "approveSubmission",
    document: include_str!("operations/submission_approve.graphql"),
    repeatable: false,
    subject: "submission",
};

const SUBMISSION_REJECT: Operation = Operation {
    name: "SubmissionReject",
    field: "rejectSubmission",
    document: include_str!("operations/submission_reject.graphql"),
    repeatable: false,
    subject: "submission",
};

const CHAT_MESSAGES: Operation = Operation {
    name: "ChatMessages",
    field: "partner",
    document: include_str!("operations/chat_messages.graphql"),
    repeatable: true,
    subject: "chat",
};

const AUTH_STATUS: Operation = Operation {
    name: "AuthStatus",
    field: "partner",
    document: include_str!("operations/auth_status.graphql"),
    repeatable: true,
    subject: "partner",
};

/// Every operation that this program sends.
pub static ALL: [&Operation; 13] = [
    &PERSONA_CREATE,
    &CHAT_ACCEPT,
    &CHAT_SEND,
    &CHAT_CLOSE,
    &CHAT_OPEN,
    &SUBMISSION_APPROVE,
    &SUBMISSION_REJECT,
    &CHAT_MESSAGES,
    &queries::PARTNER,
    &queries::CHAT_LIST,
    &queries::EXPERT_LIST,
    &queries::SUBMISSION_LIST,
    &AUTH_STATUS,
];

/// Whose the access token is, and with that whether it is taken at all. Answers a [`PartnerId`].
pub fn auth_status() -> Call {
    Call::new(&AUTH_STATUS, [])
}

/// The partner that an access token belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct PartnerId {
    /// The partner's id.
    pub id: String,
}

/// A chat with its messages, looked for among `first` of the partner's chats, the newest first, after the cursor `after`.
/// Answers a [`Sight`].
pub fn chat_messages(chat_id: &str, first: u32, after: Option<&str>) -> Call {
    Call::new(&CHAT_MESSAGES, [("first", json!(first)), ("after", json!(after))]).about(chat_id)
}

/// What was seen of a chat.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sight {
    /// The chat, where it was among those that were looked at.
    pub chat: Option<Chat>,
    /// Whether these are all its messages.
    pub whole: bool,
    /// Whether there are further chats to look at.
    pub page_info: PageInfo,
}

/// One page of a Relay connection.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection<T> {
    /// What is on the page.
    pub edges: Vec<Edge<T>>,
    /// Whether there is another page.
    pub page_info: PageInfo,
    /// Why there may be more although there is no other page that can be asked for.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// One element of a page.
#[derive(Clone, Debug, Deserialize)]
pub struct Edge<T> {
    /// An opaque cursor: what is after this element is what follows it. `None` where it was not asked for.
    pub cursor: Option<String>,
    /// The element.
    pub node: T,
}

/// Whether there is another page, and where it begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is another page.
    pub has_next_page: bool,
    /// An opaque cursor: the next page is the one after it.
    pub end_cursor: Option<String>,
}

/// Creates the persona of this provider id, or updates it. Answers a [`Persona`](crate::model::Persona).
pub fn create_persona(persona: &PersonaInput) -> Call {
    Call::new(
        &PERSONA_CREATE,
        [(
            "input",
            object([
                ("providerId", json!(persona.provider_id)),
                ("name", json!(persona.name)),
                ("email", json!(persona.email)),
                ("photo", json!(persona.photo)),
            ]),
        )],
    )
}

/// Accepts a chat as this persona. Answers a [`Chat`] with all its messages so far.
pub fn accept_chat(chat_id: &str, persona_id: &str) -> Call {
    Call::new(&CHAT_ACCEPT, [("chatId", json!(chat_id)), ("personaId", json!(persona_id))])
}

/// Sends a text, a link to an attachment, or both to a chat. Answers a [`Message`](crate::model::Message).
pub fn send_chat_message(chat_id: &str, message: &ChatMessageInput, persona_id: Option<&str>) -> Call {
    let message = object([("text", json!(message.text)), ("attachment", json!(message.attachment))]);
    Call::new(&CHAT_SEND, [("chatId", json!(chat_id)), ("personaId", json!(persona_id)), ("message", message)])
}

/// Closes a chat. Answers a [`Chat`] without messages.
pub fn close_chat(chat_id: &str, persona_id: Option<&str>) -> Call {
    Call::new(&CHAT_CLOSE, [("chatId", json!(chat_id)), ("personaId", json!(persona_id))])
}

/// Opens a closed chat again. Answers a [`Chat`] without messages.
pub fn open_chat(chat_id: &str, persona_id: Option<&str>) -> Call {
    Call::new(&CHAT_OPEN, [("chatId", json!(chat_id)), ("personaId", json!(persona_id))])
}

/// Approves a submission. Answers a [`Submission`](crate::model::Submission).
pub fn approve_submission(id: &str) -> Call {
    Call::new(&SUBMISSION_APPROVE, [("id", json!(id))])
}

/// Rejects a submission. Answers a [`Submission`](crate::model::Submission).
pub fn reject_submission(id: &str) -> Call {
    Call::new(&SUBMISSION_REJECT, [("id", json!(id))])
}

/// An input object without the fields that have no value.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use apollo_compiler::executable::OperationType;
    use apollo_compiler::request::coerce_variable_values;
    use apollo_compiler::response::JsonMap;
    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    const SCHEMA: &str = include_str!("../sandbox/schema.graphql");

    fn every_call() -> Vec<Call> {
        let mut persona = PersonaInput { provider_id: "a".into(), name: "Ada".into(), email: None, photo: None };
        let mut calls = vec![create_persona(&persona), accept_chat("c", "p")];
        (persona.email, persona.photo) = (Some("e".into()), Some("f".into()));
        calls.push(create_persona(&persona));
        let text = ChatMessageInput { text: Some("Hello".into()), attachment: None };
        let link = ChatMessageInput { text: None, attachment: Some("https://example.com/a.pdf".into()) };
        for persona_id in [None, Some("p")] {
            calls.push(send_chat_message("c", &text, persona_id));
            calls.push(send_chat_message("c", &link, persona_id));
            calls.push(close_chat("c", persona_id));
            calls.push(open_chat("c", persona_id));
        }
        calls.extend([
            approve_submission("s"),
            reject_submission("s"),
            chat_messages("c", 50, None),
            chat_messages("c", 50, Some("x")),
            queries::partner(),
            auth_status(),
        ]);
        for after in [None, Some("x")] {
            let filter = queries::ChatFilter { ascending: after.is_some(), since: Some(1), until: Some(2) };
            calls.push(queries::chats(filter).page(50, after));
            calls.push(queries::chats(queries::ChatFilter::default()).page(50, after));
            calls.push(queries::experts().page(50, after));
            calls.push(queries::submissions().page(50, after));
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

            let variables: JsonMap = serde_json::from_value(json!(call.variables())).unwrap();
            coerce_variable_values(&schema, operation, &variables).unwrap();
            for name in call.variables().keys() {
                assert!(
                    operation.variables.iter().any(|declared| declared.name == name.as_str()),
                    "{name} is not declared"
                );
            }
        }
    }

    #[test]
    fn every_operation_is_listed_once_and_has_a_call() {
        let called = every_call();
        for operation in ALL {
            assert_eq!(ALL.iter().filter(|other| other.name == operation.name).count(), 1);
            assert!(called.iter().any(|call| call.operation() == operation));
        }
    }

    #[test]
    fn only_create_persona_and_queries_may_be_sent_again() {
        let mut repeatable: Vec<_> = ALL.iter().filter(|operation| operation.repeatable).map(|it| it.field).collect();
        repeatable.dedup();
        assert_eq!(repeatable, ["createPersona", "partner"]);
    }

    #[test]
    fn a_call_serialises_to_what_is_posted_and_leaves_out_what_has_no_value() {
        let message = ChatMessageInput { text: Some("\"}) { id }".into()), attachment: None };
        let call = send_chat_message("c-1", &message, None);
        assert_eq!(
            serde_json::to_value(&call).unwrap(),
            json!({
                "operationName": "ChatSend",
                "query": include_str!("operations/chat_send.graphql"),
                "variables": {"chatId": "c-1", "message": {"text": "\"}) { id }"}},
            })
        );
    }
}
