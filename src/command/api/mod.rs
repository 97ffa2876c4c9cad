//! `guuru api`.

mod document;
mod variables;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use self::document::{Connection, Meant};
use self::variables::Assignment;
use crate::api::{Client, RawRequest, SeenCursors};
use crate::command::shared::act::ConnectArgs;
use crate::command::shared::input;
use crate::context::Context;
use crate::error::Error;
use crate::model::json::parse;

const USAGE: &str = "\
Examples:
  guuru api '{ partner { id } }' --jq .data.partner.id
  guuru api 'mutation($id: ID!) { approveSubmission(id: $id) { status } }' -f id=s-3
  guuru api --paginate 'query($after: String) { partner { chats(first: 50, after: $after) {
    edges { node { id rating } } pageInfo { hasNextPage endCursor } } } }'";

/// Send a GraphQL document and print the response
///
/// The response is printed as it came, on one line; on a terminal it is indented. Where the platform reports errors they
/// go to stderr, nothing is printed unless there is --partial, and the exit code is 4. A mutation is never sent again once
/// it may have reached the platform: where its answer is lost, or it may have taken effect in part, the exit code is 9.
#[derive(Debug, clap::Args)]
#[command(after_help = USAGE)]
#[command(override_usage = "guuru api [OPTIONS] <QUERY|--query-file <FILE>>")]
#[group(id = "document", required = true, args = ["query", "query_file"])]
pub struct Args {
    /// The document, or - for stdin
    query: Option<String>,

    /// File that has the document, or - for stdin
    #[arg(long, value_name = "FILE")]
    query_file: Option<PathBuf>,

    /// Give a variable a text; `input[name]=Ada` reaches into an object, `ids[]=c-1` adds to a list
    #[arg(short = 'f', long = "raw-field", value_name = "NAME=VALUE")]
    text: Vec<Assignment>,

    /// Give a variable a value: true, false, null and numbers as they are spelled, what a file holds (@FILE, or @- for stdin), else a text
    #[arg(short = 'F', long = "field", value_name = "NAME=VALUE")]
    typed: Vec<Assignment>,

    /// Which of the document's operations to send
    #[arg(long, value_name = "NAME")]
    operation_name: Option<String>,

    /// Read all pages of the one connection that takes `after: $VARIABLE`, and print the response of each
    #[arg(long)]
    paginate: bool,

    /// Print the response also where it has errors
    #[arg(long)]
    partial: bool,

    #[command(flatten)]
    request: ConnectArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: Args) -> anyhow::Result<()> {
    let Args { query, query_file, text, typed, operation_name, paginate, partial, request } = args;
    let file = query_file.or_else(|| query.as_deref().filter(|query| *query == "-").map(PathBuf::from));
    if file.as_deref() == Some(Path::new("-")) && variables::wants_stdin(&typed) {
        return Err(Error::usage("stdin cannot be both the document and a variable").into());
    }
    let query = match (file, query) {
        (Some(file), _) => input::text(&file)?,
        (None, query) => query.unwrap_or_default(),
    };
    let meant = Meant::new(&query, operation_name.as_deref())?;
    let connection = if paginate { Some(meant.connection()?) } else { None };
    let variables = variables::join(&text, &typed)?;
    let (repeatable, first) = (meant.is_query(), meant.first());
    let call = RawRequest { operation_name, query, variables, repeatable, first };
    let session = Session { context, client: request.client(context)?, partial };
    match connection {
        Some(connection) => session.paginate(call, &connection),
        None => session.send(&call).map(drop),
    }
}

struct Session<'a> {
    context: &'a Context,
    client: Client,
    partial: bool,
}

impl Session<'_> {
    /// Sends a request and prints its response.
    fn send(&self, request: &RawRequest) -> anyhow::Result<Vec<u8>> {
        let response = self.client.request(request).context("cannot send the document")?;
        let print = || self.context.terminal.print(&self.context.output().document(response.body.clone())?);
        match response.error {
            None => print().map(|()| response.body),
            Some(error) => {
                // Whatever becomes of the output, the platform's errors are what counts.
                let _ = if self.partial { print() } else { Ok(()) };
                Err(error.into())
            }
        }
    }

    fn paginate(&self, mut request: RawRequest, connection: &Connection) -> anyhow::Result<()> {
        let mut trail = SeenCursors::new(after(&request.variables, connection));
        loop {
            let body: Value = parse(&self.send(&request)?)?;
            let Some(cursor) = trail.go_on(&connection.page_info(&body)?)? else { return Ok(()) };
            request.variables.insert(connection.variable.clone(), json!(cursor));
            self.context.terminal.wait_until_read()?;
        }
    }
}

/// The cursor that the first page is asked for with.
fn after<'a>(variables: &'a Map<String, Value>, connection: &Connection) -> Option<&'a str> {
    variables.get(&connection.variable).and_then(Value::as_str)
}
