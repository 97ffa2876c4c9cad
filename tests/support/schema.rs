//! What a platform tells of its schema.

use apollo_compiler::introspection::partial_execute;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::Value;

/// What a server answers to the program's introspection query that knows of deprecated arguments.
pub(crate) fn introspected(sdl: &str) -> Value {
    let schema = Schema::parse_and_validate(sdl, "schema").unwrap();
    let inputs = "fragment Inputs on __Type { inputFields(includeDeprecated: true) { ...Input isDeprecated } }
        fragment Arguments on __Field { args(includeDeprecated: true) { ...Input isDeprecated } }";
    let query = format!("{}{inputs}", include_str!("../../src/api/schema/introspection.graphql"));
    let document = ExecutableDocument::parse_and_validate(&schema, query, "query").unwrap();
    let operation = document.operations.get(None).unwrap();
    let none = Valid::assume_valid(JsonMap::new());
    let response = partial_execute(&schema, &schema.implementers_map(), &document, operation, &none).unwrap();
    serde_json::to_value(response).unwrap()
}
