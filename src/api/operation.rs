//! An operation is a document and what is known of it; a call is an operation with its variables. Variables travel beside
//! the document and are never spliced into it, so no text that a user typed can become GraphQL.

use serde::Serialize;
use serde::ser::SerializeStruct;
use serde_json::{Map, Value};

/// A GraphQL document with one operation that has one root field.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// The operation's name, which is that of the command: `ChatClose`.
    pub name: &'static str,
    /// The root field whose value is the result: `closeChat`.
    pub field: &'static str,
    /// The GraphQL text.
    pub document: &'static str,
    /// Whether sending it twice does no more than sending it once: true of queries and of `createPersona`. Anything else
    /// is never sent again once it may have reached the platform.
    pub repeatable: bool,
    /// What to look at where nobody knows whether it took effect: `chat`.
    pub subject: &'static str,
}

impl Operation {
    /// What people call it: a mutation by its field, a query, of which several ask for one field, by its own name.
    pub fn title(&self) -> &'static str {
        if self.is_query() { self.name } else { self.field }
    }

    /// Whether it is a query. Every documented one hangs on the partner.
    pub fn is_query(&self) -> bool {
        self.field == "partner"
    }
}

/// An operation with its variables: what is posted, and what a dry run shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    operation: &'static Operation,
    variables: Map<String, Value>,
    chat: Option<String>,
}

impl Call {
    /// A call of this operation. A variable without a value is left out: null would mean "remove it".
    pub fn new<const N: usize>(operation: &'static Operation, variables: [(&str, Value); N]) -> Self {
        let given = variables.into_iter().filter(|(_, value)| !value.is_null());
        let variables = given.map(|(name, value)| (name.to_owned(), value)).collect();
        Self { operation, variables, chat: None }
    }

    /// The same with the id of the chat that is looked for in the answer, as the documented query cannot be told it.
    #[must_use]
    pub fn about(self, chat: &str) -> Self {
        Self { chat: Some(chat.to_owned()), ..self }
    }

    /// The id of the chat that is looked for in the answer.
    pub fn chat(&self) -> Option<&str> {
        self.chat.as_deref()
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The variables that travel beside the document.
    pub fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }
}

impl Serialize for Call {
    /// The body of the request: `operationName`, `query` and `variables`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("Call", 3)?;
        body.serialize_field("operationName", self.operation.name)?;
        body.serialize_field("query", self.operation.document)?;
        body.serialize_field("variables", &self.variables)?;
        body.end()
    }
}
