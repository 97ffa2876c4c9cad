//! Whether the platform's errors say that a document, or its variables, do not fit its schema. A server finds that before it
//! executes anything (GraphQL, sections 5 and 6.1.2), so after such a refusal even a message may be sent in other words. But an
//! error that arose later may have the same words, so the schema has to say so as well.

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
const WORDS_OF_VARIABLES: [&str; 3] = ["was not provided", "used in position expecting", "cannot be non-input type"];

/// Stands between a variable and its value, which is followed by the reason: `Variable "$chat" got invalid value "c-1"; …`.
const INVALID_VALUE: &str = "got invalid value";
/// How such a reason begins, and what it holds, where a value is of another shape than its type: an object's field, a word of an
/// enum, a text for a number. Any other is a refusal of the value, such as a scalar of the platform's own words it.
const WORDS_OF_SHAPES: [(&str, &str); 9] = [
    ("Int ", "non-integer value"),
    ("Float ", "non numeric value"),
    ("String ", "non string value"),
    ("Boolean ", "non boolean value"),
    ("Field ", "is not defined by type"),
    ("Field ", "was not provided"),
    ("Value ", "does not exist in"),
    ("Expected type ", "to be a"),
    ("Expected non-nullable type ", "not to be"),
];

/// The place of an error in the result, where it has one: it arose while the operation ran then.
pub(super) fn place(error: &Value) -> Option<&Vec<Value>> {
    // graphql-ruby gives a place in the document, which begins with the operation and its name: no key of a result has a
    // blank in it.
    let in_document = |path: &Vec<Value>| {
        path.first()
            .and_then(Value::as_str)
            .is_some_and(|first| first.starts_with("mutation ") || first.starts_with("query "))
    };
    error.get("path")?.as_array().filter(|path| !path.is_empty() && !in_document(path))
}

/// What errors say that came before anything was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The document, or the shape of its variables, does not fit the schema.
    Document,
    /// The type of a variable does not take its value, in whatever document that stands.
    Value,
}

impl Unfit {
    /// What these errors say of that kind. An error with a place in the result arose while the operation ran, so it says
    /// nothing of it.
    pub(super) fn of(errors: &[Value]) -> Option<Self> {
        let mut kinds = errors.iter().filter_map(Self::of_one);
        let first = kinds.next().filter(|_| !errors.iter().any(|error| place(error).is_some()))?;
        Some(kinds.fold(first, |all, one| if one == Self::Document { one } else { all }))
    }

    /// Whether all of these errors are of the values of variables.
    pub(super) fn is_of_values(errors: &[Value]) -> bool {
        let is_one = |error: &Value| {
            let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
            place(error).is_none() && is_of_a_value(message)
        };
        !errors.is_empty() && errors.iter().all(is_one)
    }

    fn of_one(error: &Value) -> Option<Self> {
        let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|words| message.contains(words));
        if is_of_a_value(message) {
            // The value itself is told before the reason, and may hold any words.
            let reason = message.rsplit("; ").next().unwrap_or_default();
            let is_one = |(begin, words): &(&str, &str)| reason.starts_with(begin) && reason.contains(words);
            let is_of_shape = WORDS_OF_SHAPES.iter().any(is_one);
            return Some(if is_of_shape { Self::Document } else { Self::Value });
        }
        let by_code = code(error).is_some_and(|code| CODES.contains(&&*code));
        let by_words = has(&WORDS) || (message.starts_with("Variable ") && has(&WORDS_OF_VARIABLES));
        (by_code || by_words).then_some(Self::Document)
    }
}

fn is_of_a_value(message: &str) -> bool {
    message.starts_with("Variable ") && message.contains(INVALID_VALUE)
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
            assert_eq!(Unfit::of(&[json!({"message": message})]), Some(Unfit::Document), "{message}");
        }
        let coded = json!({"message": "no", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}});
        assert_eq!(Unfit::of(&[coded]), Some(Unfit::Document));
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
            assert_eq!(Unfit::of(std::slice::from_ref(&error)), None, "{error}");
        }
        assert_eq!(
            Unfit::of(&[json!({"message": "Unknown type"}), json!({"message": "no", "path": ["closeChat"]})]),
            None
        );
    }

    #[test]
    fn a_value_that_is_refused_says_nothing_of_the_document_and_its_words_are_not_read() {
        for message in [
            "Variable \"$chat\" got invalid value \"c-1\"; ChatId cannot represent value: \"c-1\"",
            "Variable \"$chat\" got invalid value \"c-1\"; Expected type \"ChatId\". it is no number; one was not provided",
            "Variable '$chat' got invalid value 'c-1'; Expected type 'ChatId'.",
            "Variable \"$first\" got invalid value 3000000000; Int cannot represent non 32-bit signed integer value: 3000000000",
            "Variable \"$text\" got invalid value \"Unknown type; it was not provided\"; it is too long",
            "Variable \"$text\" got invalid value \"a\"; Text cannot represent value: \"a; it was not provided\"",
        ] {
            for error in [json!({"message": message}), json!({"message": message, "extensions": {"code": CODES[0]}})] {
                assert_eq!(Unfit::of(std::slice::from_ref(&error)), Some(Unfit::Value), "{error}");
                let unknown = json!({"message": "Unknown argument \"chatId\""});
                assert_eq!(Unfit::of(&[error, unknown]), Some(Unfit::Document), "{message}");
            }
        }
    }

    #[test]
    fn a_variable_of_another_shape_is_one_of_the_document() {
        for reason in [
            "Field \"id\" of required type \"ID!\" was not provided.",
            "Expected type \"PersonaInput\" to be an object.",
            "Value \"desc\" does not exist in \"Direction\" enum. Did you mean the enum value \"DESC\"?",
            "Expected non-nullable type \"ID!\" not to be null.",
            "Int cannot represent non-integer value: \"42\"",
            "String cannot represent a non string value: 42",
        ] {
            let message = format!("Variable \"$input\" got invalid value {{}}; {reason}");
            assert_eq!(Unfit::of(&[json!({ "message": message })]), Some(Unfit::Document), "{message}");
        }
    }
}
