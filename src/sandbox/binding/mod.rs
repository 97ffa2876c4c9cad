//! What the platform does, bound to the words of a schema: which mutation and which argument means what, and where the
//! value of each field comes from. Names and types decide. The client does the like the other way round, with other code
//! and tables of its own: nothing is shared, so that a mistake on the one side shows on the other.

mod acts;
mod check;
mod fields;
mod leaf;
mod words;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use serde_json::Value;

pub(super) use self::acts::{Act, Bound, Role, text};
pub(super) use self::fields::{Part, is_leaf, neutral};
pub(super) use self::words::{Holds, Kind, Leaf, plain};
use super::Schema as Source;
use crate::error::Error;

/// The schema that is served unless there is another: the contract's.
const CONTRACT: &str = include_str!("../schema.graphql");
/// How many problems are told at most.
const MOST_PROBLEMS: usize = 5;

/// A schema with what its words mean.
pub(super) struct Binding {
    pub(super) schema: Valid<Schema>,
    mutations: Vec<(String, Bound)>,
    /// Whether chats, messages and personas are told apart by numbers, and not by ids such as `c-1`.
    pub(super) numbers: bool,
    /// What people should know of it.
    pub(super) notes: Vec<String>,
}

impl Binding {
    /// Binds the platform to a schema, or to the contract's.
    ///
    /// # Errors
    /// Where it is no schema, or has something that the sandbox cannot place: which operation, which argument or field, and
    /// what was looked for.
    pub(super) fn new(source: Option<&Source>) -> anyhow::Result<Self> {
        let name = source.map_or("the contract's schema", |source| &source.name);
        let sdl = source.map_or(CONTRACT, |source| &source.sdl);
        // A server need not define this directive of the specification's, and a validator may not know it yet.
        let one_of = "\ndirective @oneOf on INPUT_OBJECT";
        let is_undefined = sdl.contains("@oneOf") && !sdl.contains("directive @oneOf");
        let sdl = if is_undefined { format!("{sdl}{one_of}") } else { sdl.to_owned() };
        let schema = Schema::parse_and_validate(sdl, "schema").map_err(|error| {
            let first = error.errors.iter().next().map(|error| error.error.to_string());
            Error::usage(format!("cannot serve {name}: it is no valid schema: {}", first.unwrap_or_default()))
                .hint("it must be in the schema definition language, as `guuru schema print` writes it")
        })?;
        let mut problems = Vec::new();
        let mutations = acts::bind(&schema, &mut problems);
        let (counts, notes) = check::check(&schema, &mutations, &mut problems);
        if !problems.is_empty() {
            if problems.len() > MOST_PROBLEMS {
                let more = problems.len() - MOST_PROBLEMS;
                problems.truncate(MOST_PROBLEMS);
                problems.push(format!("{more} more"));
            }
            let error = Error::usage(format!("cannot serve {name}: {}", problems.join("; ")));
            return Err(error.hint("rename what the sandbox cannot place, or leave it out").into());
        }
        let numbers = counts || mutations.iter().any(|(_, bound)| bound.counts);
        Ok(Self { schema, mutations, numbers, notes })
    }

    /// A value as a type without parts has it.
    pub(super) fn write(&self, leaf: Leaf, type_name: &str, value: Value) -> Value {
        leaf.write(&self.schema, type_name, value)
    }

    /// What a mutation of the schema does here; `None` for one that means nothing to the sandbox.
    pub(super) fn mutation(&self, name: &str) -> Option<&Bound> {
        self.mutations.iter().find(|(known, _)| known == name).map(|(_, bound)| bound)
    }
}
