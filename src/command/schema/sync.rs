//! `guuru schema sync`.

use std::fmt;

use anyhow::Context as _;
use serde::Serialize;

use super::Source;
use crate::api::operation::{self, Operation, roles};
use crate::api::schema::{Bound, Documents, Kept, Live, Match, bind, has_argument, lacks};
use crate::context::Context;
use crate::error::{Error, Kind, Report, did_you_mean};
use crate::output::{table, visible};

/// Write the documents of the mutations and queries for the endpoint's schema
///
/// What the endpoint calls otherwise, wraps or leaves out is found where its whole name and its type are known for it. Where
/// the built-in document fits nothing is written, and a file that an earlier sync wrote is removed; any other document is a
/// file that can be read and changed. One that a person changed is kept. What is not certain is a question: the error names
/// the candidates, and --accept answers it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru schema sync --explain")]
pub(super) struct Args {
    /// Say for each value which argument takes it, and why
    #[arg(long)]
    explain: bool,

    /// Your answer where the schema leaves a question: this argument takes this value; may be repeated
    ///
    /// It is kept in the document that it leads to, and counts from then on.
    ///
    /// ROLE is the value's name as --explain shows it, such as text or persona. ARGUMENT is the argument's name, or its path
    /// where it stands in input objects, such as input.message.body.
    #[arg(long, value_name = "ROLE=ARGUMENT", value_parser = answer)]
    accept: Vec<(String, String)>,

    /// Write anew what a person wrote or changed, too, and forget the answers that were given before
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    source: Source,
}

#[derive(Serialize)]
#[serde(transparent)]
struct View(Vec<Row>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    operation: &'static str,
    /// `built-in`, `removed`, `written`, `unchanged`, `edited`, `missing` or `failed`.
    state: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<Vec<Match>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed: Option<Vec<Renamed>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<String>,
}

/// A key of the result that the schema calls otherwise.
#[derive(Serialize)]
struct Renamed {
    key: String,
    field: String,
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.iter().all(|row| row.matches.is_none()) {
            let mut table = table(&["OPERATION", "STATE", "FILE"]);
            for row in &self.0 {
                table.add_row([row.operation, &row.state, &row.file].map(visible));
            }
            writeln!(f, "{table}")?;
        } else {
            self.0.iter().try_for_each(|row| row.explain(f))?;
        }
        // What the schema does not have was said on stderr.
        let rows = self.0.iter().filter(|row| row.state != "missing");
        let mut problems = rows.flat_map(|row| row.problems.iter().map(move |problem| (row.operation, problem)));
        problems.try_for_each(|(operation, problem)| writeln!(f, "{operation}: {}", visible(problem)))
    }
}

impl Row {
    fn explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({}: {})", self.operation, self.state, visible(&self.file))?;
        for Match { role, argument, sure, why } in self.matches.iter().flatten() {
            let argument = argument.as_deref().unwrap_or("-");
            writeln!(f, "  {role} → {}: {sure}; {}", visible(argument), visible(why))?;
        }
        for Renamed { key, field } in self.renamed.iter().flatten() {
            writeln!(f, "  {} ← {}", visible(key), visible(field))?;
        }
        writeln!(f)
    }
}

/// `ROLE=ARGUMENT`
fn answer(text: &str) -> Result<(String, String), String> {
    let (role, argument) = text.split_once('=').ok_or("it is not of the form ROLE=ARGUMENT")?;
    if !roles().any(|known| known == role) {
        let known: Vec<_> = roles().collect();
        return Err(format!("`{role}` is no role{}; the roles are {}", did_you_mean(role, roles()), known.join(", ")));
    }
    Ok((role.to_owned(), argument.to_owned()))
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let (live, source) = args.source.read(context)?;
    args.check(&live.accepting(args.accept.clone()))?;
    let documents = Documents::of(Some(context.settings.documents_dir(&context.settings.endpoint)));
    let mut view = View(Vec::new());
    for operation in operation::ALL {
        view.0.push(args.sync(&live, &source, &documents, operation)?);
    }
    let failed: Vec<_> = view.0.iter().filter(|row| row.state == "failed").collect();
    for row in view.0.iter().filter(|row| row.state == "edited") {
        context.terminal.warn(&format!("{} was written by hand and is kept; --force writes it anew", row.file));
    }
    for row in view.0.iter().filter(|row| row.state == "missing") {
        context.terminal.warn(&row.problems.join("; "));
    }
    if !failed.is_empty() {
        let problems: Vec<_> = failed.iter().flat_map(|row| &row.problems).map(|problem| &**problem).collect();
        let files: Vec<_> = failed.iter().map(|row| &*row.file).collect();
        let error = Error::new(Kind::Refused, problems.join("; "))
            .hint(format!("write the document by hand in {}", files.join(", ")));
        return Err(error.into());
    }
    context.print(&view)
}

impl Args {
    /// Refuses an answer to a question that no operation asks, before anything is written.
    fn check(&self, live: &Live) -> anyhow::Result<()> {
        let bound: Vec<_> = operation::ALL.into_iter().map(|operation| bind(live, operation)).collect();
        for (role, argument) in &self.accept {
            let takes = |found: &Match| found.role == role && found.argument.as_deref() == Some(argument);
            let is_taken = |bound: &anyhow::Result<Bound>| match bound {
                Ok(bound) => bound.matches.iter().any(takes),
                // What is wrong with the operation is told instead, and what the answer is for may be there.
                Err(_) => has_argument(live, argument),
            };
            if !bound.iter().any(is_taken) {
                let message =
                    format!("no operation of the schema has an argument `{argument}` that could take `{role}`");
                return Err(Error::usage(message).hint("`guuru schema sync` names the candidates").into());
            }
        }
        Ok(())
    }

    /// The answers for an operation: those given now, then those given before, unless everything is written anew.
    fn answers(&self, documents: &Documents, operation: &'static Operation) -> Vec<(String, String)> {
        let before = if self.force { Vec::new() } else { documents.answers(operation) };
        [self.accept.clone(), before].concat()
    }

    /// Writes one operation's document.
    fn sync(
        &self,
        live: &Live,
        source: &str,
        documents: &Documents,
        operation: &'static Operation,
    ) -> anyhow::Result<Row> {
        let file = documents.path(operation).context("there is no folder for documents")?.display().to_string();
        let row = |state: &str| {
            let (operation, state) = (operation.title(), state.to_owned());
            Row { operation, state, file: file.clone(), matches: None, renamed: None, problems: Vec::new() }
        };
        let live = &live.accepting(self.answers(documents, operation));
        let is_edited = !self.force && documents.is_edited(operation);
        let bound = match bind(live, operation) {
            bound if !is_edited && is_built_in_enough(live, operation, &bound) => {
                let row = row(if documents.drop_file(operation, self.force)? { "removed" } else { "built-in" });
                return Ok(match bound {
                    Ok(bound) if self.explain => row.explained(bound, Vec::new()),
                    _ => row,
                });
            }
            Ok(bound) => bound,
            Err(_) if is_edited => return Ok(row("edited")),
            Err(error) => {
                let state = if lacks(live, operation) { "missing" } else { "failed" };
                return Ok(Row { problems: vec![Report::from(&error).message], ..row(state) });
            }
        };
        let kept = documents.keep(operation, &bound, source, self.force)?;
        let row = row(match kept {
            Kept::Written => "written",
            Kept::Unchanged => "unchanged",
            Kept::Edited => "edited",
        });
        let problems = if kept == Kept::Edited { documents.misfits(live, operation) } else { Vec::new() };
        Ok(if self.explain { row.explained(bound, problems) } else { Row { problems, ..row } })
    }
}

/// Whether the built-in document will do: it fits, and nobody said anything that it cannot know of.
fn is_built_in_enough(live: &Live, operation: &Operation, bound: &anyhow::Result<Bound>) -> bool {
    live.misfits_built_in(operation).is_empty() && !bound.as_ref().is_ok_and(Bound::is_answered)
}

impl Row {
    fn explained(self, bound: Bound, problems: Vec<String>) -> Self {
        let renamed = bound.renamed.into_iter().map(|(key, field)| Renamed { key, field }).collect();
        Self { matches: Some(bound.matches), renamed: Some(renamed), problems, ..self }
    }
}
