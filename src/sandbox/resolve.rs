//! What the fields of the schema resolve to. The platform's values are JSON under the schema's own names; only the
//! mutations and what the partner has are worked out here.

use apollo_compiler::ast::Type;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use serde_json::{Value, json};

use super::Platform;
use super::pages::ListArguments;
use super::refusal::Refusal;
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

/// An object of the schema and the value that its fields are taken from; a root has none.
pub(super) struct Node<'p> {
    platform: &'p Platform,
    type_name: &'p str,
    value: Value,
}

impl<'p> Node<'p> {
    /// The root of the queries or of the mutations.
    pub(super) fn root(platform: &'p Platform, type_name: &'p str) -> Self {
        Self { platform, type_name, value: Value::Null }
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let arguments = json!(info.arguments());
        let value = match (self.type_name, info.field_name()) {
            ("Mutation", name) => self.platform.act(|state| carry_out(state, name, &arguments))?,
            ("Query", _) => json!({ "id": "partner-1", "state": { "chat": { "isAvailable": true } } }),
            ("Partner", "chats") => self.list("chat", |state| json!(state.chats), &arguments)?,
            ("Partner", "experts") => self.list("expert", |state| json!(state.experts), &arguments)?,
            ("Partner", "submissions") => self.list("submission", |state| json!(state.submissions), &arguments)?,
            (_, name) => self.value[name].clone(),
        };
        Ok(resolved(self.platform, value, &info.field_definition().ty))
    }
}

impl Node<'_> {
    /// The page of a list that the arguments ask for.
    fn list(&self, kind: &str, all: impl FnOnce(&State) -> Value, arguments: &Value) -> Result<Value, Refusal> {
        let asked = ListArguments::read(arguments)?;
        match self.platform.act(|state| all(state)) {
            Value::Array(items) => asked.connection(kind, items),
            _ => asked.connection(kind, Vec::new()),
        }
    }
}

/// Carries a mutation out and tells what came of it.
fn carry_out(state: &mut State, mutation: &str, arguments: &Value) -> Result<Value, Refusal> {
    // The schema has made sure that what it requires is there.
    let required = |name| text(&arguments[name]).unwrap_or_default();
    let (chat, persona) = (required("chatId"), text(&arguments["personaId"]));
    match mutation {
        "createPersona" => {
            let given = |name| text(&arguments["input"][name]);
            let (provider_id, name) = (given("providerId").unwrap_or_default(), given("name").unwrap_or_default());
            let input = PersonaInput { provider_id, name, email: given("email"), photo: given("photo") };
            state.create_persona(input).map(|persona| json!(persona))
        }
        "acceptChat" => state.accept(&chat, &required("personaId")).map(|chat| json!(chat)),
        "sendChatMessage" => {
            let given = |name| text(&arguments["message"][name]);
            let content = Content::new(given("text"), given("attachment"))?;
            state.send(&chat, persona.as_deref(), content).map(|message| json!(message))
        }
        "closeChat" => state.close(&chat, persona.as_deref()).map(|chat| json!(chat)),
        "openChat" => state.open(&chat, persona.as_deref()).map(|chat| json!(chat)),
        "approveSubmission" => state.review(&required("id"), "approved").map(|submission| json!(submission)),
        "rejectSubmission" => state.review(&required("id"), "rejected").map(|submission| json!(submission)),
        _ => Err(Refusal::input(format!("there is no mutation `{mutation}`"))),
    }
}

/// A string, or an ID that was given as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as the executor takes it.
fn resolved<'a>(platform: &'a Platform, value: Value, ty: &'a Type) -> ResolvedValue<'a> {
    match value {
        Value::Array(values) => ResolvedValue::list(values.into_iter().map(move |value| resolved(platform, value, ty))),
        Value::Object(_) => ResolvedValue::object(Node { platform, type_name: ty.inner_named_type(), value }),
        value => ResolvedValue::leaf(value),
    }
}
