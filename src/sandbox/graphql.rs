//! The GraphQL endpoint without its HTTP: it takes a request body, and returns a status and a response. Documents are really
//! parsed, validated and executed over the schema, so that a client's mistake is found here. Status and media type are those of the
//! specification of GraphQL over HTTP.

use anyhow::anyhow;
use apollo_compiler::ast::Document;
use apollo_compiler::parser::SourceMap;
use apollo_compiler::request::RequestError;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::{GraphQLError, JsonMap};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Platform;
use super::resolve::{Node, code_and_message};

/// A response: the HTTP status and the body.
pub(super) type Answer = (u16, Value);

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

/// The contract's schema.
const SCHEMA: &str = include_str!("schema.graphql");

/// The schema, ready to execute against.
pub(super) struct Endpoint {
    schema: Valid<Schema>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GraphqlRequest {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default)]
    operation_name: Option<String>,
    /// Only its type matters: if it is not an object, the request is malformed.
    #[serde(default, rename = "extensions")]
    _extensions: Option<JsonMap>,
}

/// What a response is written as. It decides the status too: plain JSON may come from anything on the way, so a well-formed
/// request is answered 200 whatever came of it; the media type of GraphQL says by itself whose answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    Graphql,
}

impl Media {
    /// What a client asks for: plain JSON unless it names the other and does not prefer JSON.
    pub(super) fn asked_for(accept: &str) -> Self {
        let (graphql, json) = (quality(accept, GRAPHQL), quality(accept, JSON));
        if graphql > 0.0 && graphql >= json { Self::Graphql } else { Self::Json }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::Graphql => GRAPHQL,
        }
    }

    /// The status of a well-formed request that cannot be executed.
    fn unfit(self) -> u16 {
        match self {
            Self::Json => 200,
            Self::Graphql => 400,
        }
    }
}

impl Endpoint {
    pub(super) fn new() -> anyhow::Result<Self> {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql");
        Ok(Self { schema: schema.map_err(|error| anyhow!("the schema of the sandbox is not valid: {error}"))? })
    }

    /// Executes one request. A malformed request gets 400. One that cannot be executed gets the status of its media type, and one
    /// that the platform refuses gets 200.
    pub(super) fn execute(&self, platform: &Platform, body: &[u8], media: Media) -> Answer {
        let request: GraphqlRequest = match serde_json::from_slice(body) {
            Ok(request) => request,
            Err(error) => return refuse(400, "BAD_REQUEST", &format!("the body is not a graphql request: {error}")),
        };
        let document = match Document::parse(request.query.as_str(), "request.graphql") {
            Ok(document) => document,
            Err(error) => return unfit(media, "GRAPHQL_PARSE_FAILED", &error.errors),
        };
        match document.to_executable_validate(&self.schema) {
            Ok(document) => self.run(platform, &document, &request, media),
            Err(error) => unfit(media, "GRAPHQL_VALIDATION_FAILED", &error.errors),
        }
    }

    fn run(
        &self,
        platform: &Platform,
        document: &Valid<ExecutableDocument>,
        request: &GraphqlRequest,
        media: Media,
    ) -> Answer {
        let operation = match document.operations.get(request.operation_name.as_deref()) {
            Ok(operation) => operation,
            Err(error) => return unresolved(media, "OPERATION_RESOLUTION_FAILURE", &error, &document.sources),
        };
        let root = Node::root(platform, operation.object_type());
        let given = request.variables.iter().flatten();
        let variables: JsonMap = given.map(|(name, value)| (name.as_str().into(), value.clone().into())).collect();
        let execution = Execution::new(&self.schema, document)
            .operation(operation)
            .raw_variable_values(&variables)
            .enable_schema_introspection(true);
        match execution.execute_sync(&root) {
            Ok(mut response) => {
                response.errors.iter_mut().for_each(name_the_code);
                (200, json!(response))
            }
            Err(error) => unresolved(media, "BAD_USER_INPUT", &error, &document.sources),
        }
    }
}

/// How much a client wants a media type that it names, from 0 to 1.
fn quality(accept: &str, media: &str) -> f32 {
    let ranges = accept.split(',').map(|range| range.split(';').map(str::trim));
    let wanted = ranges.filter_map(|mut parts| {
        let is_it = parts.next()?.eq_ignore_ascii_case(media);
        let quality = parts.find_map(|part| part.strip_prefix("q="));
        is_it.then(|| quality.and_then(|quality| quality.parse().ok()).unwrap_or(1.0))
    });
    wanted.fold(0.0, f32::max)
}

/// A response of one error that is not about the document.
pub(super) fn refuse(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({ "errors": [{ "message": message, "extensions": { "code": code } }] }))
}

/// What is wrong with a document.
fn unfit(media: Media, code: &str, errors: &DiagnosticList) -> Answer {
    let errors: Vec<_> = errors.iter().map(|error| with_code(error.to_json(), code)).collect();
    (media.unfit(), json!({ "errors": errors }))
}

/// Why an operation of a sound document cannot be executed.
fn unresolved(media: Media, code: &str, error: &RequestError, sources: &SourceMap) -> Answer {
    (media.unfit(), json!({ "errors": [with_code(error.to_graphql_error(sources), code)] }))
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
