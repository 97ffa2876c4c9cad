//! `guuru schema check`.

use std::fmt;

use serde::Serialize;

use super::Source;
use crate::api::operation::ALL;
use crate::api::schema::{Documents, Live, State};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{table, visible};

/// Operations that the program can do without. They are only used to look for a message whose answer was lost.
const DISPENSABLE: [&str; 1] = ["ChatMessages"];

/// Check what is sent against the endpoint's schema
///
/// Each document in use is validated: the built-in one, which fits the documented schema, or the one that was written for
/// this endpoint. The exit code is 4 when an operation cannot work; the list is printed then, too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru schema check -o jsonl | jq -r 'select(.fits | not).operation'")]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Vec<Row>);

/// How an operation fits a schema.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::command) struct Row {
    /// The operation's name: `ChatClose`.
    pub(in crate::command) operation: &'static str,
    /// Which document is in use.
    pub(in crate::command) document: State,
    fits: bool,
    /// What is wrong with the document in use.
    pub(in crate::command) problems: Vec<String>,
    /// What differs from the documented schema: what is wrong with the built-in document.
    differs: Vec<String>,
    /// What a person said when the document was written, as `ROLE=ARGUMENT`.
    accepted: Vec<String>,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = table(&["OPERATION", "DOCUMENT", "FITS", "DIFFERS FROM THE CONTRACT"]);
        for Row { operation, document, fits, problems: _, differs, accepted } in &self.0 {
            let document = match document {
                State::BuiltIn => "built in",
                State::Synced => "synced",
                State::Edited => "edited",
            };
            let document = [&[document.to_owned()], &accepted[..]].concat().join("\n");
            let fits = if *fits { "yes" } else { "no" };
            table.add_row(
                [operation, &*document, fits, &*differs.join("\n")]
                    .map(|cell| cell.lines().map(visible).collect::<Vec<_>>().join("\n")),
            );
        }
        writeln!(f, "{table}")
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let (live, _) = args.source.read(context)?;
    let documents = Documents::of(Some(context.settings.documents_dir(&context.settings.endpoint)));
    let rows = examine(&live, &documents);
    let unfit: Vec<_> = rows.iter().filter(|row| row.cannot_work()).collect();
    let names: Vec<_> = unfit.iter().map(|row| row.operation).collect();
    let said: Vec<_> = unfit.iter().map(|row| format!("{}: {}", row.operation, row.problems.join("; "))).collect();
    let view = View(rows);
    // The list is printed even if operations do not fit. A filter gets nothing if the command fails.
    if names.is_empty() || context.without_filter().is_ok() {
        context.print(&view)?;
    }
    if names.is_empty() {
        return Ok(());
    }
    for problem in said {
        context.terminal.status(&problem);
    }
    let message = format!("{} of {} operations do not fit the schema: {}", names.len(), view.0.len(), names.join(", "));
    let hint = "`guuru schema sync` writes their documents anew; one that was written by hand must be changed by hand";
    Err(Error::new(Kind::Refused, message).hint(hint).into())
}

/// Validates each document in use.
pub(in crate::command) fn examine(live: &Live, documents: &Documents) -> Vec<Row> {
    let rows = ALL.iter().map(|operation| {
        let differs = live.misfits_built_in(operation);
        let document = documents.in_use(operation).map_or(State::Edited, |(_, state)| state);
        let problems = documents.misfits(live, operation);
        let answers = documents.answers(operation).into_iter();
        let accepted = answers.map(|(role, argument)| format!("{role}={argument}")).collect();
        Row { operation: operation.name, document, fits: problems.is_empty(), problems, differs, accepted }
    });
    rows.collect()
}

impl Row {
    /// Whether the document was written for a schema that differed, and the built-in one fits again.
    pub(in crate::command) fn is_needless(&self) -> bool {
        self.document == State::Synced && self.differs.is_empty()
    }

    /// Whether the program lacks something without it.
    pub(in crate::command) fn cannot_work(&self) -> bool {
        !self.fits && !DISPENSABLE.contains(&self.operation)
    }
}
