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
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) state: State,
    /// The operation's name in it, which the platform is told.
    name: String,
    /// The keys that lead to the result in `data`.
    place: Vec<String>,
    /// Whether the id of the result is asked for.
    asks_id: bool,
    variables: Vec<Variable>,
    more: Option<More>,
    /// What a person said when it was written: which argument takes which role.
    pub(super) answers: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    required: bool,
    /// The name of its type; empty for a list.
    type_name: String,
    /// The value of an enum that it has unless there is another.
    default: Option<String>,
}

/// The query for further messages.
#[derive(Clone, Debug, PartialEq, Eq)]
struct More {
    name: String,
    place: Vec<String>,
    variables: Arc<[Variable]>,
}

/// A request, ready to be posted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prepared {
    operation_name: String,
    query: String,
    variables: Map<String, Value>,
    /// The keys that lead to the result in `data`.
    #[serde(skip)]
    pub(crate) place: Vec<String>,
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
        let (name, place) = named(main).with_context(|| format!("its {word} must have a name and one field"))?;
        let more = operations().filter(is_more).find_map(|it| {
            let (name, place) = named(it)?;
            Some(More { name, place, variables: variables(it).collect() })
        });
        let (variables, asks_id) = (variables(main).collect(), asks_id(&main.selection_set));
        Ok(Self { text: text.to_owned(), state, variables, name, place, asks_id, more, answers: Vec::new() })
    }

    /// The same with what a person said when it was written.
    pub(super) fn answered(self, answers: Vec<(String, String)>) -> Self {
        Self { answers, ..self }
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
                query: operation.document.to_owned(),
                variables: call.variables().clone(),
                place: vec![operation.field.to_owned()],
                echo,
                asks_id: true,
                more: None,
                is_more: false,
            });
        };
        Ok(Self {
            operation_name: document.name.clone(),
            query: document.text.clone(),
            variables: document.variables(operation, plan, values)?,
            place: document.place.clone(),
            echo,
            asks_id: document.asks_id,
            more: document.more.clone(),
            is_more: false,
        })
    }

    /// Whether it was made of this document.
    pub(crate) fn is_of(&self, document: &str) -> bool {
        self.query == document
    }

    /// The request for the page of messages after this cursor, where there is one. Where the chat is looked for in a list,
    /// `page` is where that goes on.
    pub(crate) fn after(&self, cursor: &str, page: Option<&str>) -> Option<Self> {
        let More { name, place, variables: declared } = self.more.clone()?;
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
        Some(Self { operation_name: name, variables, place, is_more: true, ..self.clone() })
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

/// The name of an operation and the keys that lead to its result: of a mutation to its own field, of a query to its one field.
fn named(operation: &ast::OperationDefinition) -> Option<(String, Vec<String>)> {
    let [only @ ast::Selection::Field(_)] = &operation.selection_set[..] else { return None };
    let mut place = place(only);
    if operation.operation_type == ast::OperationType::Query {
        place.truncate(1);
    }
    Some((operation.name.as_ref()?.to_string(), place))
}

/// The keys that lead to the field that a mutation carries out: the first with arguments, through others that hold it alone
/// (`chats { close(id: $chat) { … } }`). Where there is none it is the outermost; nothing leads into a fragment.
pub(crate) fn place(outermost: &ast::Selection) -> Vec<String> {
    let (mut place, mut next) = (Vec::new(), Some(outermost));
    while let Some(ast::Selection::Field(field)) = next {
        place.push(field.response_name().to_string());
        if !field.arguments.is_empty() {
            return place;
        }
        next = if let [only] = &field.selection_set[..] { Some(only) } else { None };
    }
    place.truncate(1);
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_is_carried_out_is_found_through_what_holds_it_alone() {
        for (text, expected) in [
            ("mutation { closeChat(id: 1) { id } }", "closeChat"),
            ("mutation { c: closeChat(id: 1) { chat { messages(first: 1) { id } } } }", "c"),
            ("mutation { chats { closeChat: close(id: $chat) { id } } }", "chats.closeChat"),
            ("mutation { v: v2 { chats { close(id: 1) { id } } } }", "v.chats.close"),
            ("mutation { chat(id: 1) { close { id } } }", "chat"),
            ("mutation { chats { close(id: 1) { id } open(id: 1) { id } } }", "chats"),
            ("mutation { chats { ...F } }", "chats"),
            ("mutation { closeAll { chat { id } } }", "closeAll"),
            ("mutation { ...F }", ""),
        ] {
            let parsed = ast::Document::parse(text, "document").unwrap();
            let ast::Definition::OperationDefinition(operation) = &parsed.definitions[0] else { panic!("{text}") };
            assert_eq!(place(&operation.selection_set[0]).join("."), expected, "{text}");
        }
    }
}
