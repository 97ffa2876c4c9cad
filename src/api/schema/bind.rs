//! A document for one operation and one schema: the arguments with the values that they take, and the fields that are asked
//! for.

use anyhow::{Context, bail};
use apollo_compiler::ast::Type;

use super::Match;
use super::arguments::{ACCEPTED, Arguments};
use super::live::Live;
use super::pages::MAY_GO_ON;
use super::selection::{Selection, select};
use super::{lists, more, mutations};
use crate::api::Operation;
use crate::api::operation::thing::{MESSAGES, Thing};
use crate::api::operation::{Namespaces, Root};

/// The ending of the name of the query that reads the further pages of what an operation answers.
pub(super) const MORE: &str = "More";

/// A document that was written for a schema, and how it came about.
#[derive(Debug)]
pub struct Bound {
    /// The operation's name: `ChatClose`.
    pub operation: &'static str,
    /// The GraphQL text.
    pub document: String,
    /// Which argument takes which value.
    pub matches: Vec<Match>,
    /// The program's keys that the schema calls otherwise, with the schema's names.
    pub renamed: Vec<(String, String)>,
}

impl Bound {
    /// Whether a person said something that counted, so that the document must be kept with it.
    pub fn is_answered(&self) -> bool {
        self.matches.iter().any(|found| found.sure == ACCEPTED)
    }

    /// What a person said that counted: which argument takes which role.
    pub(super) fn answers(&self) -> Vec<(String, String)> {
        let accepted = self.matches.iter().filter(|found| found.sure == ACCEPTED);
        accepted.filter_map(|found| Some((found.role.to_owned(), found.argument.clone()?))).collect()
    }
}

/// Writes the document of an operation for a schema.
///
/// # Errors
/// Where the schema does not say clearly how: the message names the candidates.
pub fn bind(live: &Live, operation: &'static Operation) -> anyhow::Result<Bound> {
    write(live, operation).with_context(|| format!("cannot write `{}` for this schema", operation.title()))
}

/// Whether a schema has nothing that could be the operation, so that there is nothing for a person to decide either. Without
/// the partner, or the messages of a chat, the program can do.
pub fn lacks(live: &Live, operation: &'static Operation) -> bool {
    match operation.root {
        Root::Mutation(known) => mutations::lacks(live, operation, &known),
        Root::List(names) => lists::places(live, names).is_empty(),
        Root::Partner | Root::Messages => bind(live, operation).is_err(),
    }
}

/// What a document is made of.
pub(super) struct Parts<'a> {
    pub(super) arguments: Arguments<'a>,
    /// The outermost field with everything in it.
    pub(super) selection: Selection,
    /// The program's keys that the schema calls otherwise, with the schema's names.
    pub(super) renamed: Vec<(String, String)>,
    /// A query for the further messages of a chat.
    pub(super) more: Option<String>,
    /// Why not all messages of a chat may be shown.
    pub(super) hidden: Option<String>,
}

fn write(live: &Live, operation: &'static Operation) -> anyhow::Result<Bound> {
    let Parts { mut arguments, selection, renamed, more, hidden } = match operation.root {
        Root::Mutation(known) => mutation(live, operation, &known)?,
        Root::Partner => lists::of_partner(live, operation)?,
        Root::List(names) => lists::of_list(live, operation.thing, operation.roles, names)?,
        Root::Messages => lists::of_messages(live, operation)?,
    };
    let kind = if matches!(operation.root, Root::Mutation(_)) { "mutation" } else { "query" };
    let variables: Vec<_> = arguments.variables().iter().map(|(name, ty)| format!("${name}: {ty}")).collect();
    let variables = if variables.is_empty() { String::new() } else { format!("({})", variables.join(", ")) };
    if let Some(fields) = selection.question() {
        let first = fields.split('`').next().unwrap_or(fields);
        bail!(
            "any of the fields `{fields}` may be the messages of a chat; `--accept {MESSAGES}={first}` says that it is the first"
        );
    }
    if let Some(field) = selection.source(MESSAGES).filter(|field| live.accepted(MESSAGES).any(|it| it == *field)) {
        let why = format!("somebody said that `{field}` holds them");
        let argument = Some(field.to_owned());
        arguments.matches.push(Match { role: MESSAGES, argument, sure: ACCEPTED, why });
    }
    let is_list = matches!(operation.root, Root::List(_));
    let left_out = if is_list { arguments.left_out() } else { hidden.or_else(|| selection.left_out()) };
    let left_out = left_out.map(|why| format!("{MAY_GO_ON}{why}\n")).unwrap_or_default();
    let main = format!("{left_out}{kind} {}{variables}{}\n", operation.name, selection.text(0));
    let document = main + &more.unwrap_or_default();
    if let [misfit, ..] = &live.misfits(&document, operation.name)[..] {
        bail!("what was written for it does not fit: {misfit}");
    }
    Ok(Bound { operation: operation.name, document, matches: arguments.matches, renamed })
}

fn mutation<'a>(live: &'a Live, operation: &'static Operation, known: &Namespaces) -> anyhow::Result<Parts<'a>> {
    let place = mutations::find(live, operation, known)?;
    let field = place.field;
    let arguments = Arguments::bind(live, operation.roles, field)?;
    let Some(selection) = select(live, operation.thing, &field.ty) else {
        bail!(no_result(live, &field.ty, operation.thing));
    };
    let more = if selection.more().is_some() { more::of_chat(live, operation) } else { None };
    let mut renamed = selection.renamed();
    if place.path() != operation.field {
        renamed.insert(0, (operation.field.to_owned(), place.path()));
    }
    Ok(Parts {
        selection: place.holding(operation.field, &arguments, selection),
        arguments,
        renamed,
        more,
        hidden: None,
    })
}

/// Why a result cannot be read, with what it has.
fn no_result(live: &Live, ty: &Type, thing: &Thing) -> String {
    let fields = live.fields(ty.inner_named_type()).unwrap_or_default();
    let fields: Vec<_> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
    let fields = if fields.is_empty() { String::new() } else { format!(" among its fields {}", fields.join(", ")) };
    let word = if thing.echo.is_some() { ", nor a word that is known to say whether it is done" } else { "" };
    format!("its result `{ty}` has no {} with an `id`{word}{fields}; write the document by hand", thing.name)
}
