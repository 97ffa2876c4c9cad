//! One document: what its variables are named for, and the request that a call makes of it.

use std::sync::Arc;

use anyhow::{Context, bail};
use apollo_compiler::{Node, ast};
use serde::Serialize;
use serde_json::{Map, Value};

use super::State;
use super::bind::MORE;
use super::plans::Plan;
use super::roles::Role;
use super::selection::PAGE;
use crate::api::{Call, Operation};
use crate::error::Error;

/// A document of the folder.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) state: State,
    /// What is sent of it, where that is not all: see [`alone`].
    sent: Option<String>,
    /// The operation's name in it, which the platform is told.
    name: String,
    /// The key of the result in `data`.
    field: String,
    /// Whether the id of the result is asked for.
    asks_id: bool,
    variables: Vec<Variable>,
    more: Option<More>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    required: bool,
    /// The name of its type; empty for a list.
    type_name: String,
    /// The value of an enum that it has unless there is another.
    default: Option<String>,
}

/// The query for further messages.
#[derive(Clone, Debug)]
struct More {
    sent: String,
    name: String,
    field: String,
    variables: Arc<[Variable]>,
}

/// A request, ready to be posted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prepared {
    operation_name: String,
    /// The document that it was made of, where `query` is not all of it.
    #[serde(skip)]
    document: Option<String>,
    query: String,
    variables: Map<String, Value>,
    /// The key of the result in `data`.
    #[serde(skip)]
    pub(crate) field: String,
    /// The id that the result has where the platform does not tell it, and that is looked for in a list.
    #[serde(skip)]
    pub(crate) echo: Option<String>,
    /// Whether the id of the result is asked for: without one in the answer nothing has succeeded then.
    #[serde(skip)]
    pub(crate) asks_id: bool,
    #[serde(skip)]
    more: Option<More>,
    /// Whether it asks for further messages of a chat.
    #[serde(skip)]
    pub(crate) is_more: bool,
}

impl Document {
    /// Reads a document: one mutation or query with one field, as the operation is, and beside it a query for further
    /// messages where there is one.
    pub(super) fn read(operation: &Operation, text: &str, state: State) -> anyhow::Result<Self> {
        let parsed = ast::Document::parse(text, "document").map_err(|error| {
            let first = error.errors.iter().next().map(|error| error.error.to_string());
            anyhow::anyhow!("it is no GraphQL document: {}", first.unwrap_or_default())
        })?;
        let operations = || {
            parsed.definitions.iter().filter_map(|definition| match definition {
                ast::Definition::OperationDefinition(operation) => Some(operation),
                _ => None,
            })
        };
        let (kind, word) = if operation.is_query() {
            (ast::OperationType::Query, "query")
        } else {
            (ast::OperationType::Mutation, "mutation")
        };
        let is_more = |it: &&Node<ast::OperationDefinition>| it.name.as_ref().is_some_and(|name| name.ends_with(MORE));
        let mut mains = operations().filter(|it| it.operation_type == kind && !is_more(it));
        let (Some(main), None) = (mains.next(), mains.next()) else {
            bail!("it must hold one {word}");
        };
        let (name, field) = named(main).with_context(|| format!("its {word} must have a name and one field"))?;
        let more = operations().filter(is_more).find_map(|it| {
            let (name, field) = named(it)?;
            Some(More { sent: alone(&parsed, it), name, field, variables: variables(it).collect() })
        });
        let sent = more.is_some().then(|| alone(&parsed, main));
        let (variables, asks_id) = (variables(main).collect(), asks_id(&main.selection_set));
        Ok(Self { text: text.to_owned(), state, sent, variables, name, field, asks_id, more })
    }

    /// The variables of a request, from the values of the roles.
    fn variables(
        &self,
        operation: &Operation,
        plan: &'static Plan,
        mut values: Map<String, Value>,
    ) -> anyhow::Result<Map<String, Value>> {
        let variable = |name: &str| self.variables.iter().find(|variable| variable.name == name);
        // An endpoint that takes no attachment gets its link as text; so does one that must have a text and was given none.
        let link = values.get("attachment").and_then(Value::as_str).map(ToOwned::to_owned);
        if let (Some(link), Some(text_of)) = (link, variable("text")) {
            let text = values.get("text").and_then(Value::as_str).map(ToOwned::to_owned);
            match text {
                Some(text) if variable("attachment").is_none() => {
                    values.insert("text".to_owned(), format!("{text}\n{link}").into());
                }
                None if variable("attachment").is_none() || text_of.required => {
                    values.insert("text".to_owned(), link.into());
                }
                _ => {}
            }
        }
        let mut variables = Map::new();
        for variable in &self.variables {
            let name = &variable.name;
            match values.remove(name) {
                Some(value) => drop(variables.insert(name.clone(), variable.holding(value)?)),
                None if variable.required => return Err(missing(operation, plan, name).into()),
                None => {}
            }
        }
        // The newest come first wherever nobody says otherwise.
        let is_lost = |role: &&Role| role.sort.chooses() && values.get(role.name).is_some_and(|it| it != "desc");
        match plan.roles.iter().find(is_lost) {
            Some(role) => Err(Error::usage(format!("this endpoint's list cannot be told `{}`", role.name))
                .hint(format!("leave {} out; `guuru schema sync --explain` says what the list takes", role.flag))
                .into()),
            None => Ok(variables),
        }
    }
}

impl Prepared {
    /// The request that a call makes with this document, or with the built-in one.
    pub(super) fn of(call: &Call, document: Option<&Document>) -> anyhow::Result<Self> {
        let operation = call.operation();
        let plan = Plan::of(operation.name);
        let values = plan.map(|plan| values(plan, call)).unwrap_or_default();
        let echo = plan.and_then(|plan| values.get(plan.thing.echo?)?.as_str());
        let echo = call.chat().or(echo).map(ToOwned::to_owned);
        let Some((plan, document)) = plan.zip(document) else {
            return Ok(Self {
                operation_name: operation.name.to_owned(),
                document: None,
                query: operation.document.to_owned(),
                variables: call.variables().clone(),
                field: operation.field.to_owned(),
                echo,
                asks_id: true,
                more: None,
                is_more: false,
            });
        };
        Ok(Self {
            operation_name: document.name.clone(),
            document: document.sent.as_ref().map(|_| document.text.clone()),
            query: document.sent.as_ref().unwrap_or(&document.text).clone(),
            variables: document.variables(operation, plan, values)?,
            field: document.field.clone(),
            echo,
            asks_id: document.asks_id,
            more: document.more.clone(),
            is_more: false,
        })
    }

    /// Whether it was made of this document.
    pub(crate) fn is_of(&self, document: &str) -> bool {
        self.document.as_ref().unwrap_or(&self.query) == document
    }

    /// The request for the page of messages after this cursor, where there is one. Where the chat is looked for in a list,
    /// `page` is where that goes on.
    pub(crate) fn after(&self, cursor: &str, page: Option<&str>) -> Option<Self> {
        let More { sent, name, field, variables: declared } = self.more.clone()?;
        if page.is_some() && declared.iter().all(|variable| variable.name != "page") {
            return None;
        }
        let mut variables = Map::new();
        for variable in &*declared {
            let value = match &*variable.name {
                "after" => cursor.into(),
                "page" => page.into(),
                "chat" => self.echo.as_deref()?.into(),
                "first" => PAGE.into(),
                _ => continue,
            };
            variables.insert(variable.name.clone(), variable.holding(value).ok()?);
        }
        Some(Self { operation_name: name, query: sent, variables, field, is_more: true, ..self.clone() })
    }
}

impl Variable {
    /// A value in the form that its type has.
    fn holding(&self, value: Value) -> anyhow::Result<Value> {
        let is_date = self.type_name == "String" || self.type_name.to_lowercase().contains("date");
        Ok(match (&*self.name, &self.default, &value) {
            (name, _, Value::String(_)) if self.type_name == "Int" => whole_number(name, &value)?,
            ("direction", Some(default), Value::String(direction)) => spelled(direction, default).into(),
            ("since" | "until", _, Value::Number(at)) if is_date => {
                let at = at.as_i64().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
                at.context("a time is out of range")?.to_string().into()
            }
            _ => value,
        })
    }
}

/// A direction as an enum spells it whose word for the other one, or the same, is known.
fn spelled(direction: &str, known: &str) -> String {
    let long = known.to_lowercase().ends_with("ending");
    let word = if long { format!("{direction}ending") } else { direction.to_owned() };
    if known.starts_with(char::is_uppercase) { word.to_uppercase() } else { word }
}

/// An operation with the fragments of its document and without the other operations: graphql-jit, as Mercurius uses it, keeps
/// the compiled operation under the document's text, and carries out whichever was asked for first.
fn alone(document: &ast::Document, operation: &Node<ast::OperationDefinition>) -> String {
    let mut alone = document.clone();
    alone.definitions.retain(|definition| match definition {
        ast::Definition::OperationDefinition(it) => it.name == operation.name,
        _ => true,
    });
    alone.to_string()
}

fn variables(operation: &ast::OperationDefinition) -> impl Iterator<Item = Variable> {
    operation.variables.iter().map(|variable| Variable {
        name: variable.name.to_string(),
        required: variable.ty.is_non_null() && variable.default_value.is_none(),
        type_name: if variable.ty.is_list() { String::new() } else { variable.ty.inner_named_type().to_string() },
        default: variable.default_value.as_ref().and_then(|value| value.as_enum()).map(ToString::to_string),
    })
}

/// The values of the roles that a call has.
fn values(plan: &'static Plan, call: &Call) -> Map<String, Value> {
    let given = Value::Object(call.variables().clone());
    let value = |at| given.pointer(at).filter(|value| !value.is_null()).cloned();
    let mut values: Map<_, _> =
        plan.roles.iter().filter_map(|role| Some((role.name.to_owned(), value(role.at)?))).collect();
    values.extend(call.chat().map(|chat| ("chat".to_owned(), chat.into())));
    // It stands in the document.
    values.remove("orderedBy");
    values
}

fn whole_number(name: &str, value: &Value) -> anyhow::Result<Value> {
    let number = value.as_str().and_then(|text| text.parse::<i32>().ok());
    let number =
        number.ok_or_else(|| Error::usage(format!("the endpoint wants a whole number for `{name}`, not {value}")))?;
    Ok(number.into())
}

fn missing(operation: &Operation, plan: &'static Plan, name: &str) -> Error {
    let demand = format!("this endpoint's `{}` demands `{name}`", operation.title());
    match plan.roles.iter().find(|role| role.name == name) {
        Some(role) => Error::usage(demand).hint(format!("give {}", role.flag)),
        None => Error::config(format!("{demand}, which the program does not have"))
            .hint(format!("in the document of {} name the variables for what they take", operation.name)),
    }
}

/// Whether a selection set asks for an `id`, however deep; of a union's members one may have the key `id_2`.
fn asks_id(selections: &[ast::Selection]) -> bool {
    selections.iter().any(|selection| match selection {
        ast::Selection::Field(field) => {
            let key = field.response_name().as_str();
            key == "id" || key.starts_with("id_") || asks_id(&field.selection_set)
        }
        ast::Selection::InlineFragment(fragment) => asks_id(&fragment.selection_set),
        // What a fragment asks for by name is not looked up: most likely an id is in it.
        ast::Selection::FragmentSpread(_) => true,
    })
}

/// The name of an operation and the response key of its one field.
fn named(operation: &ast::OperationDefinition) -> Option<(String, String)> {
    let [ast::Selection::Field(field)] = &operation.selection_set[..] else { return None };
    Some((operation.name.as_ref()?.to_string(), field.response_name().to_string()))
}
