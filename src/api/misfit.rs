//! Whether the platform's errors say that a document, or its variables, do not fit its schema. A server finds that before it
//! executes anything (GraphQL, sections 5 and 6.1.2), so after such a refusal even a message may be sent in other words.

use serde_json::Value;

use super::answer::code;

/// The codes that servers give such an error: Apollo Server, graphql-java, `HotChocolate`, graphql-ruby.
const CODES: [&str; 7] = [
    "GRAPHQL_VALIDATION_FAILED",
    "GRAPHQL_VALIDATION_ERROR",
    "ValidationError",
    "undefinedField",
    "argumentNotAccepted",
    "missingRequiredArguments",
    "argumentLiteralsIncompatible",
];

/// How the messages of such errors begin, or what they hold, in several servers' words.
const WORDS: [&str; 19] = [
    "Cannot query field",
    "Unknown argument",
    "Unknown type",
    "Unknown field",
    "Undefined field",
    "FieldUndefined",
    "UnknownArgument",
    "MissingFieldArgument",
    "must have a selection of subfields",
    "must have a sub selection",
    "must not have a selection",
    "doesn't exist on type",
    "does not exist on type",
    "doesn't accept argument",
    "is missing required arguments",
    "is required, but it was not provided",
    "is not defined by type",
    "is not supported by type",
    "not found in type",
];

/// What they say of a variable, which they name at the beginning: `Variable "$chatId" of type …`.
const WORDS_OF_VARIABLES: [&str; 4] =
    ["got invalid value", "was not provided", "used in position expecting", "cannot be non-input type"];

/// Whether an error has a place in the result, and so arose while the operation ran.
pub(super) fn ran(error: &Value) -> bool {
    let path = error.get("path").and_then(Value::as_array);
    // graphql-ruby gives a place in the document, which begins with the operation and its name: no key of a result has a
    // blank in it.
    let in_document = |path: &Vec<Value>| {
        path.first()
            .and_then(Value::as_str)
            .is_some_and(|first| first.starts_with("mutation ") || first.starts_with("query "))
    };
    path.is_some_and(|path| !path.is_empty() && !in_document(path))
}

/// Whether these errors are of that kind. An error with a place in the result arose while the operation ran, so it is not.
pub(super) fn tells(errors: &[Value]) -> bool {
    let misfits = |error: &Value| {
        let by_code = code(error).is_some_and(|code| CODES.contains(&&*code));
        let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
        by_code || has(&WORDS) || (message.starts_with("Variable ") && has(&WORDS_OF_VARIABLES))
    };
    !errors.iter().any(ran) && errors.iter().any(misfits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_servers_say_of_a_document_that_does_not_fit_is_known() {
        for message in [
            "Cannot query field \"messages\" on type \"Chat\".",
            "Unknown argument \"chatId\" on field \"Mutation.closeChat\".",
            "Unknown type \"ChatMessageInput\".",
            "Field \"closeChat\" of type \"Payload!\" must have a selection of subfields. Did you mean \"closeChat { ... }\"?",
            "Variable \"$chatId\" of type \"ID!\" used in position expecting type \"Int!\".",
            "Variable \"$input\" got invalid value {}; Field \"providerID\" is not defined by type \"PersonaInput\".",
            "Field \"closeChat\" argument \"id\" of type \"ID!\" is required, but it was not provided.",
            "Validation error (FieldUndefined@[closeChat/text]) : Field 'text' in type 'Chat' is undefined",
            "Field 'text' doesn't exist on type 'Chat'",
        ] {
            assert!(tells(&[json!({"message": message})]), "{message}");
        }
        assert!(tells(&[json!({"message": "no", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}})]));
    }

    #[test]
    fn what_arose_while_the_operation_ran_is_none_of_it() {
        for error in [
            json!({"message": "chat is not open", "extensions": {"code": "CHAT_NOT_OPEN"}}),
            json!({"message": "Unknown argument", "path": ["closeChat"]}),
            json!({"message": "text got invalid value", "path": ["sendChatMessage", "text"]}),
            json!({"message": "no", "extensions": {"code": "BAD_USER_INPUT"}}),
            json!({"message": "the text was not provided"}),
            json!({"message": "Unknown argument", "path": ["mutationOfMine"]}),
        ] {
            assert!(!tells(std::slice::from_ref(&error)), "{error}");
        }
        assert!(!tells(&[json!({"message": "Unknown type"}), json!({"message": "no", "path": ["closeChat"]})]));
    }
}
