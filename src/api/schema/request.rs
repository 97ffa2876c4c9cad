//! The request that a call makes with a document: its values in the variables, in the form that their types have.

use std::sync::Arc;

use anyhow::Context;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};

use super::document::{Document, Query, Variable};
use super::pages::Asked;
use super::selection::PAGE;
use super::shape::{Misshaped, Shaped, shape, shape_list, shape_messages};
use crate::api::operation::Root;
use crate::api::operation::role::{AFTER, ATTACHMENT, CHAT, FIRST, Role, TEXT};
use crate::api::{Call, Operation};
use crate::error::Error;

/// A request, ready to be posted.
#[derive(Clone, Debug)]
pub struct Prepared {
    document: Arc<Document>,
    /// Whether it asks for further messages of a chat.
    is_more: bool,
    variables: Map<String, Value>,
    /// The id that the result has where the platform does not tell it, and that is looked for in a list.
    echo: Option<String>,
    /// Which page of a list is asked for.
    list: Asked,
    /// Which page of a chat's messages.
    messages: Asked,
}

impl Serialize for Prepared {
    /// The body of the request: `operationName`, `query` and `variables`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let query = self.query();
        let mut body = serializer.serialize_struct("Prepared", 3)?;
        body.serialize_field("operationName", &query.name)?;
        body.serialize_field("query", query.sent.as_deref().unwrap_or(&self.document.text))?;
        body.serialize_field("variables", &self.variables)?;
        body.end()
    }
}

impl Prepared {
    /// The request that a call makes with this document.
    pub(super) fn of(call: &Call, document: Arc<Document>) -> anyhow::Result<Self> {
        let (operation, mut values) = (call.operation(), call.values().clone());
        let echo = operation.echo().and_then(|role| values.get(role)?.as_str()).map(ToOwned::to_owned);
        let list = page(&document.main, operation, &mut values)?;
        let variables = variables(&document.main, operation, values)?;
        let messages = document.messages.clone();
        Ok(Self { document, is_more: false, variables, echo, list, messages })
    }

    fn query(&self) -> &Query {
        self.document.more.as_ref().filter(|_| self.is_more).unwrap_or(&self.document.main)
    }

    /// The keys that lead to the result in `data`.
    pub(in crate::api) fn place(&self) -> &[String] {
        &self.query().place
    }

    /// Whether it was made of this document.
    pub(in crate::api) fn is_of(&self, document: &str) -> bool {
        self.document.text == document
    }

    /// Reads the value that came for it under the program's own keys.
    pub(in crate::api) fn shape(&self, operation: &Operation, value: Value) -> Result<Shaped, Misshaped> {
        let echo = self.echo.as_deref();
        match operation.root {
            Root::List(names) => shape_list(operation.thing, names[0], &value, &self.list),
            Root::Mutation(_) | Root::Partner if !self.is_more => {
                shape(operation, value, echo, self.document.asks_id, &self.messages)
            }
            _ => shape_messages(operation.thing, &value, echo.unwrap_or_default(), (&self.list, &self.messages)),
        }
    }

    /// The request for the page of messages after this cursor, where there is one. Where the chat is looked for in a list,
    /// `page` is where that goes on.
    pub(crate) fn after(&self, cursor: &str, page: Option<&str>) -> Option<Self> {
        let more = self.document.more.as_ref()?;
        let takes_page = more.takes("page");
        if page.is_some() && !takes_page {
            return None;
        }
        let list = if takes_page { Asked::by_cursor(None) } else { Asked::default() };
        let messages = self.messages.clone().after(cursor).ok()?;
        let mut variables = Map::new();
        for variable in &more.variables {
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
        Some(Self { variables, list, messages, is_more: true, ..self.clone() })
    }
}

/// Which page of the list a call asks for, by these values.
fn page(query: &Query, operation: &Operation, values: &mut Map<String, Value>) -> anyhow::Result<Asked> {
    // A chat that is asked for by its id stands in no list.
    if operation.root == Root::Messages && query.takes(CHAT.name) {
        values.remove(AFTER.name);
    }
    let mut asked = query.list.clone();
    if asked.number().is_some()
        && let Some(after) = values.remove(AFTER.name)
    {
        asked = asked.after(after.as_str().unwrap_or_default())?;
    }
    values.extend(asked.number().map(|(name, number)| (name.to_owned(), number.into())));
    values.extend(asked.fixed_size().map(|size| (FIRST.name.to_owned(), size.into())));
    asked.size = values.get(FIRST.name).filter(|_| query.takes(FIRST.name)).and_then(Value::as_u64);
    Ok(asked)
}

/// The variables of a request, from the values of the roles.
fn variables(
    query: &Query,
    operation: &Operation,
    mut values: Map<String, Value>,
) -> anyhow::Result<Map<String, Value>> {
    link_as_text(query, &mut values);
    let mut variables = Map::new();
    for variable in &query.variables {
        let name = &variable.name;
        match values.remove(name) {
            Some(value) => drop(variables.insert(name.clone(), variable.holding(value)?)),
            None if variable.required => return Err(missing(operation, name).into()),
            None => {}
        }
    }
    // The newest come first wherever nobody says otherwise.
    let is_lost = |role: &&Role| role.sort.chooses() && values.get(role.name).is_some_and(|it| it != "desc");
    match operation.roles.iter().find(is_lost) {
        Some(role) => Err(Error::usage(format!("this endpoint's list cannot be told `{}`", role.name))
            .hint(format!("leave {} out; `guuru schema sync --explain` says what the list takes", role.flag))
            .into()),
        None => Ok(variables),
    }
}

/// An endpoint that takes no attachment gets its link as text; so does one that must have a text and was given none.
fn link_as_text(query: &Query, values: &mut Map<String, Value>) {
    let given = |role: &str| values.get(role).and_then(Value::as_str);
    let Some(link) = given(ATTACHMENT.name) else { return };
    let Some(text) = query.variables.iter().find(|variable| variable.name == TEXT.name) else { return };
    let text = match given(TEXT.name) {
        Some(text) if !query.takes(ATTACHMENT.name) => format!("{text}\n{link}"),
        None if !query.takes(ATTACHMENT.name) || text.required => link.to_owned(),
        _ => return,
    };
    values.insert(TEXT.name.to_owned(), text.into());
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
    let mut letters = known.chars();
    match (letters.next(), letters.next()) {
        (Some('A'..='Z'), Some('a'..='z')) => word[..1].to_uppercase() + &word[1..],
        (Some('A'..='Z'), _) => word.to_uppercase(),
        _ => word,
    }
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

fn missing(operation: &Operation, name: &str) -> Error {
    let demand = format!("this endpoint's `{}` demands `{name}`", operation.title());
    match operation.roles.iter().find(|role| role.name == name) {
        Some(role) => Error::usage(demand).hint(format!("give {}", role.flag)),
        None => Error::config(format!("{demand}, which the program does not have"))
            .hint(format!("in the document of {} name the variables for what they take", operation.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_spelled_as_the_enum_spells_the_other_one() {
        for (known, asc) in [
            ("desc", "asc"),
            ("DESC", "ASC"),
            ("Desc", "Asc"),
            ("descending", "ascending"),
            ("DESCENDING", "ASCENDING"),
            ("Descending", "Ascending"),
        ] {
            assert_eq!((spelled("asc", known).as_str(), spelled("desc", known).as_str()), (asc, known));
        }
    }
}
