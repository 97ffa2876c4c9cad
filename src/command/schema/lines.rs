//! `guuru schema lines`.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::context::Context;

/// The lines that programs exchange with this one, each with its JSON Schema.
const LINES: [(Line, &str); 3] = [
    (Line::Event, include_str!("../../../docs/schema/event.schema.json")),
    (Line::Command, include_str!("../../../docs/schema/command.schema.json")),
    (Line::Result, include_str!("../../../docs/schema/result.schema.json")),
];

/// Print the JSON Schemas (2020-12) of event, command and result lines
///
/// The schema of one of them, or an object with all three by name.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru schema lines command > command.schema.json")]
pub(super) struct Args {
    /// Kind of line [default: all]
    #[arg(value_name = "LINE")]
    line: Option<Line>,
}

/// A kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Line {
    /// What `listen` writes, and `bridge` to its program
    Event,
    /// What `batch` reads, and `bridge` from its program
    Command,
    /// What `batch` writes, and `bridge` to its program
    Result,
}

/// One schema, or all of them by name.
#[derive(Serialize)]
#[serde(transparent)]
struct View(Value);

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let mut schemas = Map::new();
    for (line, text) in LINES {
        let schema = serde_json::from_str(text)?;
        if args.line == Some(line) {
            return context.print(&View(schema));
        }
        schemas.insert(format!("{line:?}").to_lowercase(), schema);
    }
    context.print(&View(Value::Object(schemas)))
}
