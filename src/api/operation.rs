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

/// An operation with its variables: what is posted, and what a dry run shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    operation: &'static Operation,
    variables: Map<String, Value>,
}

impl Call {
    /// A call of this operation. A variable without a value is left out: null would mean "remove it".
    pub fn new<const N: usize>(operation: &'static Operation, variables: [(&str, Value); N]) -> Self {
        let given = variables.into_iter().filter(|(_, value)| !value.is_null());
        Self { operation, variables: given.map(|(name, value)| (name.to_owned(), value)).collect() }
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
