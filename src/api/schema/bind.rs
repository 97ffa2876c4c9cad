//! A document for one operation and one schema: the arguments with the values that they take, and the fields that are asked
//! for.

use std::fmt::Write;

use anyhow::{Context, bail};
use apollo_compiler::ast::FieldDefinition;

use super::Match;
use super::arguments::Arguments;
use super::live::Live;
use super::roles::{Holds, Plan};
use super::selection::{PAGE, Selection, select};
use crate::api::Operation;

/// The ending of the name of the query that reads the further pages of what an operation answers.
pub(super) const MORE: &str = "More";

/// A document that was written for a schema, and how it came about.
#[derive(Debug)]
pub struct Bound {
    /// The operation's name: `ChatClose`.
    pub operation: &'static str,
    /// The mutation: `closeChat`.
    pub mutation: &'static str,
    /// The GraphQL text.
    pub document: String,
    /// Which argument takes which value.
    pub matches: Vec<Match>,
    /// The program's keys that the schema calls otherwise, with the schema's names.
    pub renamed: Vec<(String, String)>,
}

/// Writes the document of an operation for a schema. `None` where only one document is known for the operation.
///
/// # Errors
/// Where the schema does not say clearly how: the message names the candidates.
pub fn bind(live: &Live, operation: &'static Operation) -> anyhow::Result<Option<Bound>> {
    let Some(plan) = Plan::of(operation.name) else { return Ok(None) };
    bind_plan(live, operation, plan)
        .map(Some)
        .with_context(|| format!("cannot write `{}` for this schema", operation.field))
}

fn bind_plan(live: &Live, operation: &'static Operation, plan: &'static Plan) -> anyhow::Result<Bound> {
    let field = live.mutation(operation.field)?;
    let arguments = Arguments::bind(live, plan, field)?;
    let Some(selection) = select(live, plan.thing, &field.ty) else {
        bail!("its result `{}` has no {} with an `id`", field.ty, plan.thing.name);
    };
    let variables: Vec<_> = arguments.variables(plan).iter().map(|(name, ty)| format!("${name}: {ty}")).collect();
    let mut document = format!("mutation {}({}) {{\n", operation.name, variables.join(", "));
    writeln!(document, "  {}{}{}\n}}", operation.field, arguments.text(), selection.text(1))?;
    if selection.is_paged()
        && let Some(more) = more(live, plan)
    {
        document += &more;
    }
    if let [misfit, ..] = &live.misfits(&document, operation.name)[..] {
        bail!("what was written for it does not fit: {misfit}");
    }
    let (matches, renamed) = (arguments.matches, selection.renamed());
    Ok(Bound { operation: operation.name, mutation: operation.field, document, matches, renamed })
}

/// The query for the further messages of a chat: a field that takes its id, of the queries or of an object in them.
fn more(live: &Live, plan: &'static Plan) -> Option<String> {
    let direct = live.queries().into_iter().map(|field| (None, field));
    let nested = live.queries().into_iter().filter(|outer| outer.arguments.is_empty() && !outer.ty.is_list());
    let nested = nested.flat_map(|outer| {
        let inner = live.fields(outer.ty.inner_named_type()).unwrap_or_default();
        inner.into_iter().map(move |field| (Some(outer), field))
    });
    let candidates: Vec<_> = direct.chain(nested).collect();
    let by_id = candidates.iter().find_map(|(outer, field)| more_by(live, plan, *outer, field));
    by_id.or_else(|| candidates.iter().find_map(|(outer, field)| more_of_all(live, plan, *outer, field)))
}

fn more_by(
    live: &Live,
    plan: &'static Plan,
    outer: Option<&FieldDefinition>,
    field: &FieldDefinition,
) -> Option<String> {
    if field.ty.is_list() || live.is_leaf(field.ty.inner_named_type()) || field.arguments.is_empty() {
        return None;
    }
    // Only the chat's id is given; a persona has nothing to do with reading.
    let arguments = Arguments::bind(live, plan, field).ok()?;
    let variables = arguments.variables(plan);
    let [("chat", ty)] = &variables[..] else { return None };
    let selection = select(live, plan.thing, &field.ty).filter(Selection::is_paged)?;
    let level = if outer.is_some() { 2 } else { 1 };
    let inner = format!("{}{}{}", field.name, arguments.text(), after_cursor(plan, &selection.text(level))?);
    query(live, plan, outer, &format!("$chat: {ty}, $after: String"), &inner)
}

/// The same of the newest chats, for an endpoint that has no query for one of them.
fn more_of_all(
    live: &Live,
    plan: &'static Plan,
    outer: Option<&FieldDefinition>,
    field: &FieldDefinition,
) -> Option<String> {
    let of = |ty: &str, name: &str| live.fields(ty)?.into_iter().find(|field| field.name == name);
    let edges = of(field.ty.inner_named_type(), "edges")?;
    let node = of(edges.ty.inner_named_type(), "node")?;
    let selection = select(live, plan.thing, &node.ty).filter(Selection::is_paged)?;
    let level = if outer.is_some() { 4 } else { 3 };
    let indent = "  ".repeat(level);
    let messages = after_cursor(plan, &selection.text(level))?;
    // The order is that of the contract; an endpoint that knows no such order may have the newest first anyway.
    [format!("(first: {PAGE}, orderBy: {{direction: desc, field: id}})"), format!("(first: {PAGE})")].iter().find_map(
        |page| {
            let inner =
                format!("{}{page} {{ edges {{\n{indent}node{messages}\n{} }} }}", field.name, "  ".repeat(level - 2));
            query(live, plan, outer, "$after: String", &inner)
        },
    )
}

/// A selection set whose messages begin after a cursor.
fn after_cursor(plan: &'static Plan, selection: &str) -> Option<String> {
    let list = plan.thing.keys.iter().find(|key| matches!(key.holds, Holds::List(_)))?;
    let page = format!("(first: {PAGE})");
    let lines = selection.lines().map(|line| {
        let is_list = [list.name].iter().chain(list.also).any(|it| line.trim_start().starts_with(it));
        if is_list { line.replace(&page, &format!("(first: {PAGE}, after: $after)")) } else { line.to_owned() }
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// A query for further pages, where it fits the schema.
fn query(
    live: &Live,
    plan: &'static Plan,
    outer: Option<&FieldDefinition>,
    variables: &str,
    inner: &str,
) -> Option<String> {
    let body = match outer {
        Some(outer) => format!("  {} {{\n    {inner}\n  }}", outer.name),
        None => format!("  {inner}"),
    };
    let document = format!("\nquery {}{MORE}({variables}) {{\n{body}\n}}\n", plan.operation);
    live.misfits(&document, plan.operation).is_empty().then_some(document)
}
