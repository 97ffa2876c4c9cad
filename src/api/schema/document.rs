//! One document: what its variables are named for, and the request that a call makes of it.

use anyhow::{Context, bail};
use apollo_compiler::ast;
use serde::Serialize;
use serde_json::{Map, Value};

use super::State;
use super::bind::MORE;
use super::roles::Plan;
use crate::api::{Call, Operation};
use crate::error::Error;

/// A document of the folder.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) state: State,
    /// The operation's name in it, which the platform is told.
    name: String,
    /// The key of the result in `data`.
    field: String,
    variables: Vec<Variable>,
    /// The name and the result's key of the query for further messages.
    more: Option<(String, String)>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    required: bool,
    is_int: bool,
}

/// A request, ready to be posted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prepared {
    operation_name: String,
    query: String,
    variables: Map<String, Value>,
    /// The key of the result in `data`.
    #[serde(skip)]
    pub(crate) field: String,
    /// The id that the result has where the platform does not tell it.
    #[serde(skip)]
    pub(crate) echo: Option<String>,
    #[serde(skip)]
    more: Option<(String, String)>,
}

impl Document {
    /// Reads a document: one mutation with one field, and beside it a query for further messages where there is one.
    pub(super) fn read(text: &str, state: State) -> anyhow::Result<Self> {
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
        let mut mutations = operations().filter(|it| it.operation_type == ast::OperationType::Mutation);
        let (Some(main), None) = (mutations.next(), mutations.next()) else {
            bail!("it must hold one mutation");
        };
        let (name, field) = named(main).context("its mutation must have a name and one field")?;
        let more = operations().filter_map(|it| named(it)).find(|(query, _)| query.ends_with(MORE) && *query != name);
        let variables = main.variables.iter().map(|variable| Variable {
            name: variable.name.to_string(),
            required: variable.ty.is_non_null() && variable.default_value.is_none(),
            is_int: !variable.ty.is_list() && &**variable.ty.inner_named_type() == "Int",
        });
        Ok(Self { text: text.to_owned(), state, variables: variables.collect(), name, field, more })
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
        for Variable { name, required, is_int } in &self.variables {
            match values.remove(name) {
                Some(value) if *is_int => drop(variables.insert(name.clone(), whole_number(name, &value)?)),
                Some(value) => drop(variables.insert(name.clone(), value)),
                None if *required => return Err(missing(operation, plan, name).into()),
                None => {}
            }
        }
        Ok(variables)
    }
}

impl Prepared {
    /// The request that a call makes with this document, or with the built-in one.
    pub(super) fn of(call: &Call, document: Option<&Document>) -> anyhow::Result<Self> {
        let operation = call.operation();
        let plan = Plan::of(operation.name);
        let values = plan.map(|plan| values(plan, call)).unwrap_or_default();
        let echo = plan.and_then(|plan| values.get(plan.thing.echo?)?.as_str()).map(ToOwned::to_owned);
        let Some((plan, document)) = plan.zip(document) else {
            return Ok(Self {
                operation_name: operation.name.to_owned(),
                query: operation.document.to_owned(),
                variables: call.variables().clone(),
                field: operation.field.to_owned(),
                echo,
                more: None,
            });
        };
        Ok(Self {
            operation_name: document.name.clone(),
            query: document.text.clone(),
            variables: document.variables(operation, plan, values)?,
            field: document.field.clone(),
            echo,
            more: document.more.clone(),
        })
    }

    /// Whether it was made of this document.
    pub(crate) fn is_of(&self, document: &str) -> bool {
        self.query == document
    }

    /// The request for the page of messages after this cursor, where there is one.
    pub(crate) fn after(&self, cursor: &str) -> Option<Self> {
        let (name, field) = self.more.clone()?;
        let mut variables = Map::from_iter([("after".to_owned(), Value::from(cursor))]);
        variables.extend(self.variables.get("chat").map(|chat| ("chat".to_owned(), chat.clone())));
        Some(Self { operation_name: name, variables, field, ..self.clone() })
    }
}

/// The values of the roles that a call has.
fn values(plan: &'static Plan, call: &Call) -> Map<String, Value> {
    let given = Value::Object(call.variables().clone());
    let value = |at| given.pointer(at).filter(|value| !value.is_null()).cloned();
    plan.roles.iter().filter_map(|role| Some((role.name.to_owned(), value(role.at)?))).collect()
}

fn whole_number(name: &str, value: &Value) -> anyhow::Result<Value> {
    let number = value.as_str().and_then(|text| text.parse::<i32>().ok());
    let number =
        number.ok_or_else(|| Error::usage(format!("the endpoint wants a whole number for `{name}`, not {value}")))?;
    Ok(number.into())
}

fn missing(operation: &Operation, plan: &'static Plan, name: &str) -> Error {
    let demand = format!("this endpoint's `{}` demands `{name}`", operation.field);
    match plan.roles.iter().find(|role| role.name == name) {
        Some(role) => Error::usage(demand).hint(format!("give {}", role.flag)),
        None => Error::config(format!("{demand}, which the program does not have"))
            .hint(format!("in the document of {} name the variables for what they take", operation.name)),
    }
}

/// The name of an operation and the response key of its one field.
fn named(operation: &ast::OperationDefinition) -> Option<(String, String)> {
    let [ast::Selection::Field(field)] = &operation.selection_set[..] else { return None };
    Some((operation.name.as_ref()?.to_string(), field.response_name().to_string()))
}
