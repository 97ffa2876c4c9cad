//! The GraphQL endpoint behind its HTTP: a request body in, a status and a response out. Documents are parsed,
//! validated and executed for real over the schema that is served, so that a client's mistake is found here.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{Document, OperationType};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::request::RequestError;
use apollo_compiler::resolvers::{Execution, ObjectValue};
use apollo_compiler::response::{GraphQLError, JsonMap};
use apollo_compiler::validation::{DiagnosticList, Valid};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Platform;
use super::binding::Binding;
use super::resolve::{Mutation, Node, World, code_and_message};

/// A response: the HTTP status and the body.
pub(super) type Answer = (u16, Value);

/// A schema with what it means, ready to execute against.
pub(super) struct Endpoint {
    binding: Binding,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default)]
    operation_name: Option<String>,
}

impl Endpoint {
    pub(super) fn new(binding: Binding) -> Self {
        Self { binding }
    }

    /// Executes one request. A request that cannot be executed is answered 400; what the platform refuses, 200.
    pub(super) fn execute(&self, platform: &Platform, body: &[u8]) -> Answer {
        let request: Request = match serde_json::from_slice(body) {
            Ok(request) => request,
            Err(error) => return refuse(400, "BAD_REQUEST", &format!("the body is not a graphql request: {error}")),
        };
        let document = match Document::parse(request.query.as_str(), "request.graphql") {
            Ok(document) => document,
            Err(error) => return unfit("GRAPHQL_PARSE_FAILED", &error.errors),
        };
        match document.to_executable_validate(&self.binding.schema) {
            Ok(document) => self.run(platform, &document, &request),
            Err(error) => unfit("GRAPHQL_VALIDATION_FAILED", &error.errors),
        }
    }

    fn run(&self, platform: &Platform, document: &Valid<ExecutableDocument>, request: &Request) -> Answer {
        let operation = match document.operations.get(request.operation_name.as_deref()) {
            Ok(operation) => operation,
            Err(error) => return unresolved("OPERATION_RESOLUTION_FAILURE", &error, &document.sources),
        };
        let world = World { platform, binding: &self.binding };
        let type_name = operation.object_type().as_str();
        let (query, mutation) = (Node::query(world, type_name), Mutation { world, type_name });
        let root: &dyn ObjectValue =
            if operation.operation_type == OperationType::Mutation { &mutation } else { &query };
        let given = request.variables.iter().flatten();
        let variables: JsonMap = given.map(|(name, value)| (name.as_str().into(), value.clone().into())).collect();
        let execution = Execution::new(&self.binding.schema, document)
            .operation(operation)
            .raw_variable_values(&variables)
            .enable_schema_introspection(true);
        match execution.execute_sync(root) {
            Ok(mut response) => {
                response.errors.iter_mut().for_each(name_the_code);
                (200, json!(response))
            }
            Err(error) => unresolved("BAD_USER_INPUT", &error, &document.sources),
        }
    }
}

/// A response of one error that is not about the document.
pub(super) fn refuse(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({ "errors": [{ "message": message, "extensions": { "code": code } }] }))
}

/// What is wrong with a document.
fn unfit(code: &str, errors: &DiagnosticList) -> Answer {
    let errors: Vec<_> = errors.iter().map(|error| with_code(error.to_json(), code)).collect();
    (400, json!({ "errors": errors }))
}

/// Why an operation of a sound document cannot be executed.
fn unresolved(code: &str, error: &RequestError, sources: &SourceMap) -> Answer {
    (400, json!({ "errors": [with_code(error.to_graphql_error(sources), code)] }))
}

fn with_code(mut error: GraphQLError, code: &str) -> GraphQLError {
    error.extensions.insert("code", code.into());
    error
}

fn name_the_code(error: &mut GraphQLError) {
    let (code, message) = code_and_message(&error.message);
    let (code, message) = (code.to_owned(), message.to_owned());
    error.message = message;
    error.extensions.insert("code", code.into());
}
