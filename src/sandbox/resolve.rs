//! What the fields of the schema resolve to. Only what takes arguments has a resolver of its own; everything below it is
//! JSON whose keys are the schema's field names.

use std::borrow::Cow;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use serde_json::{Value, json};

use super::Platform;
use super::pages::{self, Page};
use super::refusal::{Outcome, Refusal};
use super::state::{Content, PersonaInput, State};

/// Stands between the code and the message of a refusal, as a field error has no room for a code.
const MARK: char = '\u{1f}';

impl From<Refusal> for FieldError {
    fn from(refusal: Refusal) -> Self {
        Self { message: format!("{MARK}{}{MARK}{}", refusal.code.name(), refusal.message) }
    }
}

/// The code and the message of a field error: those of the refusal where it was one.
pub(super) fn code_and_message(message: &str) -> (&str, &str) {
    let mut parts = message.splitn(3, MARK).skip(1);
    match (parts.next(), parts.next()) {
        (Some(code), Some(message)) => (code, message),
        _ => ("INTERNAL_SERVER_ERROR", message),
    }
}

pub(super) struct Query<'p>(pub(super) &'p Platform);
pub(super) struct Mutation<'p>(pub(super) &'p Platform);
struct Partner<'p>(&'p Platform);

/// An object of the schema, resolved out of JSON.
struct Node<'a> {
    type_name: &'a str,
    fields: Cow<'a, Value>,
}

impl ObjectValue for Query<'_> {
    fn type_name(&self) -> &'static str {
        "Query"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        match info.field_name() {
            "partner" => Ok(ResolvedValue::object(Partner(self.0))),
            _ => Err(self.unknown_field_error(info)),
        }
    }
}

impl ObjectValue for Partner<'_> {
    fn type_name(&self) -> &'static str {
        "Partner"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = arguments(info);
        let value = match info.field_name() {
            "id" => return Ok(ResolvedValue::leaf("partner-1")),
            "state" => json!({ "chat": { "isAvailable": true } }),
            "chats" => self.0.act(|state| chats(state, &arguments))?,
            "experts" => {
                let experts = self.0.act(|state| state.experts.iter().map(|expert| json!(expert)).collect());
                pages::connection("expert", experts, &page(&arguments))?
            }
            "submissions" => self.0.act(|state| submissions(state, &arguments))?,
            _ => return Err(self.unknown_field_error(info)),
        };
        Ok(ResolvedValue::object(Node { type_name: type_name(info), fields: Cow::Owned(value) }))
    }
}

impl ObjectValue for Mutation<'_> {
    fn type_name(&self) -> &'static str {
        "Mutation"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = arguments(info);
        let given = |name: &str| text(&arguments[name]);
        // The schema has made sure that what it requires is there.
        let id = |name: &str| given(name).unwrap_or_default();
        let (chat, persona) = (id("chatId"), given("personaId"));
        let value = match info.field_name() {
            "createPersona" => json!(self.0.act(|state| state.create_persona(persona_input(&arguments["input"])))?),
            "acceptChat" => json!(self.0.act(|state| state.accept(&chat, &id("personaId")))?),
            "sendChatMessage" => {
                let message = &arguments["message"];
                let content = Content::new(text(&message["text"]), text(&message["attachment"]))?;
                json!(self.0.act(|state| state.send(&chat, persona.as_deref(), content))?)
            }
            "closeChat" => json!(self.0.act(|state| state.close(&chat, persona.as_deref()))?),
            "openChat" => json!(self.0.act(|state| state.open(&chat, persona.as_deref()))?),
            "approveSubmission" => json!(self.0.act(|state| state.review(&id("id"), "approved"))?),
            "rejectSubmission" => json!(self.0.act(|state| state.review(&id("id"), "rejected"))?),
            _ => return Err(self.unknown_field_error(info)),
        };
        Ok(ResolvedValue::object(Node { type_name: type_name(info), fields: Cow::Owned(value) }))
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        // A field without a value is left out of the JSON, which makes it null here.
        Ok(resolved(type_name(info), Cow::Borrowed(&self.fields[info.field_name()])))
    }
}

/// The value as the executor wants it. No scalar of the schema is an object, so that every object is a node.
fn resolved<'a>(type_name: &'a str, value: Cow<'a, Value>) -> ResolvedValue<'a> {
    match value {
        Cow::Borrowed(Value::Array(items)) => {
            ResolvedValue::list(items.iter().map(move |item| resolved(type_name, Cow::Borrowed(item))))
        }
        fields if fields.is_object() => ResolvedValue::object(Node { type_name, fields }),
        leaf => ResolvedValue::leaf(leaf.into_owned()),
    }
}

/// The name of the field's type, lists unwrapped.
fn type_name<'a>(info: &'a ResolveInfo<'a>) -> &'a str {
    info.field_definition().ty.inner_named_type()
}

fn chats(state: &State, arguments: &Value) -> Outcome<Value> {
    let (start, end) = (millis(arguments, "startDate")?, millis(arguments, "endDate")?);
    let within = |at: i64| start.is_none_or(|start| start <= at) && end.is_none_or(|end| at <= end);
    let chats = state.chats.iter().filter(|chat| within(chat.created_at)).map(|chat| json!(chat)).collect();
    pages::connection("chat", chats, &page(arguments))
}

fn submissions(state: &State, arguments: &Value) -> Outcome<Value> {
    let mut submissions: Vec<_> = state.submissions.iter().map(|submission| json!(submission)).collect();
    for filter in arguments["filters"].as_array().into_iter().flatten().filter(|filter| !filter.is_null()) {
        let field = filter["field"].as_str().unwrap_or_default();
        if !["id", "status"].contains(&field) {
            return Err(Refusal::input(format!("submissions cannot be filtered by `{field}`, only by id or status")));
        }
        submissions.retain(|submission| submission[field] == filter["value"]);
    }
    pages::connection("submission", submissions, &page(arguments))
}

fn page(arguments: &Value) -> Page<'_> {
    Page {
        first: arguments["first"].as_i64(),
        after: arguments["after"].as_str(),
        descending: arguments["orderBy"]["direction"] == "desc",
    }
}

/// A Timestamp, which is a scalar of the contract's own: the executor lets every value through.
fn millis(arguments: &Value, name: &str) -> Outcome<Option<i64>> {
    let unfit = || Refusal::input(format!("`{name}` is not an integer of milliseconds: {}", arguments[name]));
    if arguments[name].is_null() { Ok(None) } else { arguments[name].as_i64().map(Some).ok_or_else(unfit) }
}

fn persona_input(input: &Value) -> PersonaInput {
    PersonaInput {
        provider_id: text(&input["providerId"]).unwrap_or_default(),
        name: text(&input["name"]).unwrap_or_default(),
        email: text(&input["email"]),
        photo: text(&input["photo"]),
    }
}

fn arguments(info: &ResolveInfo<'_>) -> Value {
    json!(info.arguments())
}

/// A string, or an ID that was given as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
