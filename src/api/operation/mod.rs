//! The table of operations: one entry for each, with all that is known of it. That is its document, which values it sends and
//! under which names an argument takes them, where a schema has it, and which keys its result has.
//!
//! An operation is a `.graphql` file here and its entry in the file of its subject, beside the function that makes its call.
//! Values travel beside the document and are never spliced into it, so no text that a user typed can become GraphQL.

pub mod chat;
pub mod list;
pub mod partner;
pub mod persona;
pub(in crate::api) mod role;
pub mod submission;
pub(in crate::api) mod thing;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use role::{CHAT, Role, plain};
use thing::{MESSAGES, Thing};

use super::outcome::Effect;

/// A GraphQL document with one operation that has one root field, and what is known of it: enough to write another document
/// for a schema that differs.
#[derive(Debug)]
pub struct Operation {
    /// The operation's name, which is that of the command: `ChatClose`.
    pub name: &'static str,
    /// The root field whose value is the result: `closeChat`.
    pub field: &'static str,
    /// The GraphQL text. Its variables are named for the roles.
    pub document: &'static str,
    /// Whether sending it twice does no more than sending it once: true of queries and of `createPersona`. Anything else
    /// is never sent again once it may have reached the platform.
    pub repeatable: bool,
    /// What to look at where nobody knows whether it took effect: `chat`.
    pub subject: &'static str,
    /// Where a schema has it.
    pub(in crate::api) root: Root,
    /// The values that it sends, those included that only another schema takes.
    pub(in crate::api) roles: &'static [Role],
    /// What it answers.
    pub(in crate::api) thing: &'static Thing,
    /// Words that say, as the whole answer, that it is done.
    pub(in crate::api) done: &'static [&'static str],
}

/// Where an operation is looked for in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Root {
    /// The mutation of its field's name, or one of these.
    Mutation(Namespaces),
    /// The query for whose the access token is.
    Partner,
    /// A list of this name, or of another; of the partner or of the queries.
    List(&'static [&'static str]),
    /// A query for one chat, or the list of them.
    Messages,
}

/// The names of a mutation that stands in an object of the root, with others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) struct Namespaces {
    /// What such an object may be called, in the singular; it may be the plural.
    things: &'static [&'static str],
    /// What the mutation may be called in it.
    verbs: &'static [&'static str],
}

/// Every operation that this program sends.
pub static ALL: [&Operation; 13] = [
    &persona::CREATE,
    &chat::ACCEPT,
    &chat::SEND,
    &chat::CLOSE,
    &chat::OPEN,
    &submission::APPROVE,
    &submission::REJECT,
    &chat::MESSAGES,
    &partner::PARTNER,
    &chat::LIST,
    &partner::EXPERTS,
    &submission::LIST,
    &partner::AUTH_STATUS,
];

impl Operation {
    /// What people call it: a mutation by its field, a query, of which several ask for one field, by its own name.
    pub fn title(&self) -> &'static str {
        if self.is_query() { self.name } else { self.field }
    }

    /// Whether it is a query.
    pub fn is_query(&self) -> bool {
        !matches!(self.root, Root::Mutation(_))
    }

    pub(in crate::api) fn effect(&self) -> Effect {
        Effect { repeatable: self.repeatable, subject: self.subject }
    }

    /// The role whose value is the id of what it answers, where that is known beforehand.
    pub(in crate::api) fn echo(&self) -> Option<&'static str> {
        if self.root == Root::Messages { Some(CHAT.name) } else { self.thing.echo }
    }
}

impl Namespaces {
    /// Whether a field of this name in one of that name is the mutation.
    pub(in crate::api) fn has(&self, outer: &str, field: &str) -> bool {
        let outer = plain(outer);
        let is_it = |thing: &&str| outer == **thing || outer.strip_suffix('s') == Some(thing);
        self.things.iter().any(is_it) && self.verbs.contains(&&*plain(field))
    }
}

/// What every documented query has in common: it hangs on the partner, and changes nothing.
const fn query(name: &'static str, document: &'static str, root: Root, thing: &'static Thing) -> Operation {
    let (field, subject) = ("partner", "partner");
    Operation { name, field, document, repeatable: true, subject, root, roles: &[], thing, done: &[] }
}

const fn mutation(things: &'static [&'static str], verbs: &'static [&'static str]) -> Root {
    Root::Mutation(Namespaces { things, verbs })
}

/// The names of all values that operations send, each once, and that of a chat's messages.
pub fn roles() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = ALL.iter().flat_map(|operation| operation.roles).map(|role| role.name).collect();
    names.push(MESSAGES);
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(*name));
    names.into_iter()
}

/// An operation with the values that it sends.
#[derive(Clone, Debug)]
pub struct Call {
    operation: &'static Operation,
    values: Map<String, Value>,
}

impl Call {
    /// A call of this operation. A value that is null is left out: sent, it would mean "remove it".
    fn new<const N: usize>(operation: &'static Operation, values: [(&Role, Value); N]) -> Self {
        let given = values.into_iter().filter(|(_, value)| !value.is_null());
        Self { operation, values: given.map(|(role, value)| (role.name.to_owned(), value)).collect() }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The values, under the names of their roles.
    pub(in crate::api) fn values(&self) -> &Map<String, Value> {
        &self.values
    }
}
