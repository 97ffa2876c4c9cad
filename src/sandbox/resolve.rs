//! What the fields of a schema resolve to: the binding says where each value stands, and here it takes the form that the
//! field's type has.

use apollo_compiler::ast::Type;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use serde_json::{Value, json};

use super::Platform;
use super::binding::{Act, Binding, Bound, Holds, Kind, Leaf, Part, Role, is_leaf, neutral, plain, text};
use super::pages::{self, Asked};
use super::refusal::{Code, Outcome, Refusal};
use super::state::{Content, PersonaInput};
use super::view;

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

/// The platform as a schema shows it.
#[derive(Clone, Copy)]
pub(super) struct World<'p> {
    pub(super) platform: &'p Platform,
    pub(super) binding: &'p Binding,
}

/// The root of the mutations.
pub(super) struct Mutation<'p> {
    pub(super) world: World<'p>,
    pub(super) type_name: &'p str,
}

/// An object of the schema: what it stands for, and the value that its fields are taken from.
pub(super) struct Node<'p> {
    world: World<'p>,
    part: Part,
    type_name: &'p str,
    value: Value,
}

impl<'p> Node<'p> {
    /// The root of the queries.
    pub(super) fn query(world: World<'p>, type_name: &'p str) -> Self {
        Self { world, part: Part::Thing(Kind::Query), type_name, value: Value::Null }
    }
}

impl ObjectValue for Mutation<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let Some(bound) = self.world.binding.mutation(info.field_name()) else {
            return Err(unknown(info));
        };
        let value = self.world.act(bound, &json!(info.arguments()))?;
        Ok(self.world.done(bound.kind, value, &info.field_definition().ty))
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let (world, field) = (self.world, info.field_definition());
        let Some(property) = self.part.property(&world.binding.schema, field) else {
            return neutral(&field.ty).map(resolved).ok_or_else(|| unknown(info));
        };
        let value = if property.key.is_empty() { &self.value } else { &self.value[property.key] };
        world.resolve(property.holds, value.clone(), &field.ty, &json!(info.arguments()))
    }
}

/// Nobody knows what a field means. Where that could be seen at the start, it was an error there.
fn unknown(info: &ResolveInfo<'_>) -> FieldError {
    Refusal::new(Code::Unknown, format!("the sandbox does not know what `{}` means", info.field_name())).into()
}

/// A value that has no parts, or no elements.
fn resolved<'a>(value: Value) -> ResolvedValue<'a> {
    if value.is_array() { ResolvedValue::list(std::iter::empty()) } else { ResolvedValue::leaf(value) }
}

/// No value, as a type has it.
fn none<'a>(ty: &Type) -> ResolvedValue<'a> {
    resolved(neutral(ty).unwrap_or_default())
}

impl<'p> World<'p> {
    /// Carries a mutation out and tells what came of it.
    fn act(self, bound: &Bound, arguments: &Value) -> Outcome<Value> {
        let given = |role| bound.given(arguments, role);
        // The schema has made sure that what it requires is there.
        let id = |role| given(role).unwrap_or_default();
        let (chat, persona) = (id(Role::Chat), given(Role::Persona));
        self.platform.act(|state| match bound.act {
            Act::CreatePersona => {
                let (provider_id, name) = (id(Role::ProviderId), id(Role::Name));
                let (email, photo) = (given(Role::Email), given(Role::Photo));
                state.create_persona(PersonaInput { provider_id, name, email, photo }).map(|persona| json!(persona))
            }
            Act::Send => {
                let link = given(Role::Attachment);
                // Where there must be a text, a link alone stands there too.
                let text = given(Role::Text).filter(|text| !bound.demands_text || Some(text) != link.as_ref());
                let content = Content::new(text, link)?;
                let message = state.send(&chat, persona.as_deref(), content)?;
                Ok(view::message(state, state.chat(&chat)?, &message))
            }
            Act::Accept => state.accept(&chat, &id(Role::Persona)).map(|chat| view::chat(state, &chat)),
            Act::Close => state.close(&chat, persona.as_deref()).map(|chat| view::chat(state, &chat)),
            Act::Open => state.open(&chat, persona.as_deref()).map(|chat| view::chat(state, &chat)),
            Act::Approve => state.review(&id(Role::Submission), "approved").map(|submission| json!(submission)),
            Act::Reject => state.review(&id(Role::Submission), "rejected").map(|submission| json!(submission)),
        })
    }

    /// What a mutation answers.
    fn done<'a>(self, kind: Kind, value: Value, ty: &'a Type) -> ResolvedValue<'a>
    where
        'p: 'a,
    {
        let name = ty.inner_named_type();
        let result = if !is_leaf(&self.binding.schema, name) {
            self.object(Part::Done(kind), value, name)
        } else if **name == *"Boolean" {
            ResolvedValue::leaf(true)
        } else if self.binding.schema.get_enum(name).is_some() {
            let leaf = if kind == Kind::Submission { Leaf::ReviewStatus } else { Leaf::ChatStatus };
            ResolvedValue::leaf(self.binding.write(leaf, name, value["status"].clone()))
        } else {
            ResolvedValue::leaf(self.binding.write(Leaf::Id, name, value["id"].clone()))
        };
        if ty.is_list() { ResolvedValue::list([result]) } else { result }
    }

    /// A value in the form that a field's type has.
    fn resolve<'a>(
        self,
        holds: Holds,
        value: Value,
        ty: &'a Type,
        arguments: &Value,
    ) -> Result<ResolvedValue<'a>, FieldError>
    where
        'p: 'a,
    {
        let found = match holds {
            Holds::Leaf(leaf) => return Ok(self.leaf(leaf, value, ty)),
            Holds::Yes => return Ok(ResolvedValue::leaf(true)),
            Holds::Verdict if **ty.inner_named_type() == *"Int" => return Ok(ResolvedValue::leaf(200)),
            Holds::Verdict => return Ok(ResolvedValue::leaf("OK")),
            Holds::PageInfo => (Part::PageInfo, value),
            Holds::One(kind) => (Part::Thing(kind), value),
            Holds::Author => (Part::Thing(view::kind_of_author(&value)), value),
            Holds::ThePartner => (Part::Thing(Kind::Partner), view::partner()),
            Holds::ItsChat => {
                let id = value["chatId"].as_str().unwrap_or_default();
                let (kind, chat) = self.platform.act(|state| view::by_id(state, Some(Kind::Chat), id))?;
                (Part::Thing(kind), chat)
            }
            Holds::ById(kind) => {
                let id = asked_id(arguments).unwrap_or_default();
                let (kind, found) = self.platform.act(|state| view::by_id(state, kind, &id))?;
                (Part::Thing(kind), found)
            }
            Holds::Many(kind) => return self.list(kind, items(value), ty, arguments),
            Holds::All(kind) => {
                let all = self.platform.act(|state| view::all(state, kind));
                return self.list(kind, all, ty, arguments);
            }
            Holds::Edges(kind) => return Ok(self.objects(Part::Edge(kind), items(value), ty)),
            Holds::Nodes(kind) => {
                let nodes = items(value).into_iter().map(|mut edge| edge["node"].take()).collect();
                return Ok(self.objects(Part::Thing(kind), nodes, ty));
            }
        };
        Ok(self.one(found.0, found.1, ty))
    }

    fn leaf<'a>(self, leaf: Leaf, value: Value, ty: &'a Type) -> ResolvedValue<'a>
    where
        'p: 'a,
    {
        let name = ty.inner_named_type();
        let is_leaf = is_leaf(&self.binding.schema, name);
        let result = match value {
            Value::Null if leaf == Leaf::Text && is_leaf && ty.is_non_null() && !ty.is_list() => {
                ResolvedValue::leaf("")
            }
            Value::Null => return none(ty),
            value if is_leaf => ResolvedValue::leaf(self.binding.write(leaf, name, value)),
            value => self.object(Part::Around(leaf), value, name),
        };
        if ty.is_list() { ResolvedValue::list([result]) } else { result }
    }

    /// A thing as an object, as its id, or as its name.
    fn one<'a>(self, part: Part, value: Value, ty: &'a Type) -> ResolvedValue<'a>
    where
        'p: 'a,
    {
        let name = ty.inner_named_type();
        if value.is_null() {
            return none(ty);
        }
        let result = if !is_leaf(&self.binding.schema, name) {
            self.object(part, value, name)
        } else if **name == *"String" && value["name"].is_string() {
            ResolvedValue::leaf(value["name"].clone())
        } else {
            ResolvedValue::leaf(self.binding.write(Leaf::Id, name, value["id"].clone()))
        };
        if ty.is_list() { ResolvedValue::list([result]) } else { result }
    }

    /// A list, or a page of it as a connection.
    fn list<'a>(
        self,
        kind: Kind,
        items: Vec<Value>,
        ty: &'a Type,
        arguments: &Value,
    ) -> Result<ResolvedValue<'a>, FieldError>
    where
        'p: 'a,
    {
        let (asked, noun) = (Asked::read(arguments)?, kind.nouns()[0]);
        if ty.is_list() {
            return Ok(self.objects(Part::Thing(kind), asked.list(noun, items)?, ty));
        }
        let page = asked.connection(noun, items)?;
        Ok(self.object(Part::Page(kind), page, ty.inner_named_type()))
    }

    fn objects<'a>(self, part: Part, values: Vec<Value>, ty: &'a Type) -> ResolvedValue<'a>
    where
        'p: 'a,
    {
        let name = ty.inner_named_type();
        ResolvedValue::list(values.into_iter().map(move |value| self.object(part, value, name)))
    }

    fn object<'a>(self, part: Part, value: Value, type_name: &'a str) -> ResolvedValue<'a>
    where
        'p: 'a,
    {
        match part.object(&self.binding.schema, type_name, &value) {
            Some(type_name) => ResolvedValue::object(Node { world: self, part, type_name, value }),
            // An interface of which no member can be this one: a node of a kind that the schema does not have.
            None => ResolvedValue::null(),
        }
    }
}

/// The id that arguments give: one that is named so, or else the first.
fn asked_id(arguments: &Value) -> Option<String> {
    let given = pages::leaves(arguments);
    let named = given.iter().find(|(name, _)| plain(name).ends_with("id"));
    named.or_else(|| given.first()).and_then(|(_, value)| text(value))
}

fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}
