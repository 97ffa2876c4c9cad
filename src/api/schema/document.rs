//! One document: what its variables are named for, and the request that a call makes of it.

use std::sync::Arc;

use anyhow::{Context, bail};
use apollo_compiler::{Node, ast};
use serde::Serialize;
use serde_json::{Map, Value};

use super::State;
use super::bind::MORE;
use super::pages::{Asked, MAY_GO_ON};
use super::plans::{MESSAGES, Plan, Root};
use super::roles::{AFTER, CHAT, FIRST, PAGE_NUMBER, Role, is_in_seconds};
use super::selection::PAGE;
use crate::api::{Call, Operation};
use crate::error::Error;

/// A document of the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) state: State,
    /// What is sent of it, where that is not all: see [`alone`].
    sent: Option<String>,
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
    /// How the first page of its list is asked for, and that of the messages.
    list: Asked,
    messages: Asked,
}

#[derive(Debug, PartialEq, Eq)]
struct Variable {
    name: String,
    required: bool,
    /// The name of its type; empty for a list.
    type_name: String,
    /// The value of an enum, or the number, that it has unless there is another.
    default: Option<String>,
    /// Whether a time is counted in seconds.
    seconds: bool,
}

/// The query for further messages.
#[derive(Clone, Debug, PartialEq, Eq)]
struct More {
    sent: String,
    name: String,
    place: Vec<String>,
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
    /// The keys that lead to the result in `data`.
    #[serde(skip)]
    pub(crate) place: Vec<String>,
    /// The id that the result has where the platform does not tell it, and that is looked for in a list.
    #[serde(skip)]
    pub(crate) echo: Option<String>,
    /// Whether the id of the result is asked for: without one in the answer nothing has succeeded then.
    #[serde(skip)]
    pub(crate) asks_id: bool,
    /// Which page of a list is asked for.
    #[serde(skip)]
    pub(crate) list: Asked,
    /// Which page of a chat's messages.
    #[serde(skip)]
    pub(crate) messages: Asked,
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
            Some(More { sent: alone(&parsed, it), name, place, variables: variables(it, text).collect() })
        });
        let (variables, asks_id): (Vec<_>, _) = (variables(main, text).collect(), asks_id(&main.selection_set));
        let left_out = text.lines().find_map(|line| line.strip_prefix(MAY_GO_ON)).map(ToOwned::to_owned);
        let first = |variables: &[Variable]| {
            let is_zero = |it: &&Variable| it.name == PAGE_NUMBER.name && it.default.as_deref() == Some("0");
            let first = u64::from(!variables.iter().any(|it| is_zero(&it)));
            Asked::first(variables.iter().map(|it| it.name.as_str()), first)
        };
        let mut list = first(&variables);
        let mut messages = more.as_ref().map(|more| first(&more.variables)).unwrap_or_default();
        let takes_size = find(&main.selection_set, MESSAGES).is_some_and(|field| !field.arguments.is_empty());
        messages.size = takes_size.then_some(PAGE.into());
        (list.left_out, messages.left_out) = (left_out.clone(), left_out);
        let sent = more.is_some().then(|| alone(&parsed, main));
        let (text, answers) = (text.to_owned(), Vec::new());
        Ok(Self { text, state, sent, variables, name, place, asks_id, more, list, messages, answers })
    }

    /// With what a person said when it was written.
    pub(super) fn answered(self, answers: Vec<(String, String)>) -> Self {
        Self { answers, ..self }
    }

    /// Which page of the list a call asks for, by these values.
    fn asked(&self, plan: &Plan, values: &mut Map<String, Value>) -> anyhow::Result<Asked> {
        // A chat that is asked for by its id stands in no list.
        if plan.root == Root::Messages && self.variables.iter().any(|variable| variable.name == CHAT.name) {
            values.remove(AFTER.name);
        }
        let mut asked = self.list.clone();
        if asked.number().is_some()
            && let Some(after) = values.remove(AFTER.name)
        {
            asked = asked.after(after.as_str().unwrap_or_default())?;
        }
        values.extend(asked.number().map(|(name, number)| (name.to_owned(), number.into())));
        values.extend(asked.fixed_size().map(|size| (FIRST.name.to_owned(), size.into())));
        let takes_size = self.variables.iter().any(|variable| variable.name == FIRST.name);
        asked.size = values.get(FIRST.name).filter(|_| takes_size).and_then(Value::as_u64);
        Ok(asked)
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
        let mut values = plan.map(|plan| values(plan, call)).unwrap_or_default();
        let echo = plan.and_then(|plan| values.get(plan.thing.echo?)?.as_str());
        let echo = call.chat().or(echo).map(ToOwned::to_owned);
        let Some((plan, document)) = plan.zip(document) else {
            let list = Asked::by_cursor(call.variables().get(FIRST.name).and_then(Value::as_u64));
            return Ok(Self {
                list,
                messages: Asked::default(),
                operation_name: operation.name.to_owned(),
                document: None,
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
            list: document.asked(plan, &mut values)?,
            messages: document.messages.clone(),
            operation_name: document.name.clone(),
            document: document.sent.as_ref().map(|_| document.text.clone()),
            query: document.sent.as_ref().unwrap_or(&document.text).clone(),
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
        self.document.as_ref().unwrap_or(&self.query) == document
    }

    /// The request for the page of messages after this cursor, where there is one. Where the chat is looked for in a list,
    /// `page` is where that goes on.
    pub(crate) fn after(&self, cursor: &str, page: Option<&str>) -> Option<Self> {
        let More { sent, name, place, variables: declared } = self.more.clone()?;
        let takes_page = declared.iter().any(|variable| variable.name == "page");
        if page.is_some() && !takes_page {
            return None;
        }
        let list = if takes_page { Asked::by_cursor(None) } else { Asked::default() };
        let messages = self.messages.clone().after(cursor).ok()?;
        let mut variables = Map::new();
        for variable in &*declared {
            let value = match &*variable.name {
                "after" => cursor.into(),
                name if messages.number().is_some_and(|(way, _)| way == name) => messages.number()?.1.into(),
                "page" => page.into(),
                "chat" => self.echo.as_deref()?.into(),
                "first" => PAGE.into(),
                _ => continue,
            };
            variables.insert(variable.name.clone(), variable.holding(value).ok()?);
        }
        Some(Self {
            operation_name: name,
            query: sent,
            variables,
            place,
            list,
            messages,
            is_more: true,
            ..self.clone()
        })
    }
}

impl Variable {
    /// A value in the form that its type has.
    fn holding(&self, value: Value) -> anyhow::Result<Value> {
        let scalar = self.type_name.to_lowercase();
        let is_date = matches!(&*scalar, "string" | "time" | "instant") || scalar.contains("date");
        Ok(match (&*self.name, &self.default, &value) {
            (name, _, Value::String(_)) if self.type_name == "Int" => whole_number(name, &value)?,
            ("direction", Some(default), Value::String(direction)) => spelled(direction, default).into(),
            (name @ ("since" | "until"), _, Value::Number(at)) if self.seconds => {
                let at = at.as_i64().context("a time is out of range")?;
                // Both ends are part of it.
                if name == "since" { at.div_euclid(1000) } else { at.saturating_add(999).div_euclid(1000) }.into()
            }
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

fn variables(operation: &ast::OperationDefinition, text: &str) -> impl Iterator<Item = Variable> {
    let squeezed: String = text.split_whitespace().collect();
    operation.variables.iter().map(move |variable| {
        let type_name = if variable.ty.is_list() { String::new() } else { variable.ty.inner_named_type().to_string() };
        let default = |value: &Node<ast::Value>| match &**value {
            ast::Value::Enum(_) | ast::Value::Int(_) => Some(value.to_string()),
            _ => None,
        };
        let taken = squeezed.split_once(&format!(":${}", variable.name)).map_or("", |(before, _)| before);
        let argument = taken.rsplit(|c: char| c != '_' && !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        Variable {
            name: variable.name.to_string(),
            required: variable.ty.is_non_null() && variable.default_value.is_none(),
            seconds: is_in_seconds(argument, &type_name),
            type_name,
            default: variable.default_value.as_ref().and_then(default),
        }
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
    let text = value.as_str().unwrap_or_default();
    let cause = || {
        let is_number = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let size = if is_number { " of 32 bits" } else { "" };
        Error::usage(format!("the endpoint wants a whole number{size} for `{name}`, not {value}"))
    };
    Ok(text.parse::<i32>().map_err(|_| cause())?.into())
}

fn missing(operation: &Operation, plan: &'static Plan, name: &str) -> Error {
    let demand = format!("this endpoint's `{}` demands `{name}`", operation.title());
    match plan.roles.iter().find(|role| role.name == name) {
        Some(role) => Error::usage(demand).hint(format!("give {}", role.flag)),
        None => Error::config(format!("{demand}, which the program does not have"))
            .hint(format!("in the document of {} name the variables for what they take", operation.name)),
    }
}

/// The field that fills a key, however deep it stands.
fn find<'a>(selections: &'a [ast::Selection], key: &str) -> Option<&'a ast::Field> {
    selections.iter().find_map(|selection| match selection {
        ast::Selection::Field(field) if field.response_name() == key => Some(&**field),
        ast::Selection::Field(field) => find(&field.selection_set, key),
        ast::Selection::InlineFragment(fragment) => find(&fragment.selection_set, key),
        ast::Selection::FragmentSpread(_) => None,
    })
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
