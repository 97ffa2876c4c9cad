//! Which mutation does what, and which of its arguments means what. An argument means what the last telling word of its
//! name says; a bare `id` means what is around it, and where that tells nothing, the thing that the mutation is about.

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};
use serde_json::Value;

use super::leaf::is_whole_number;
use super::words::{Kind, plain, words};

/// How deep input objects are looked into.
const DEEPEST: usize = 4;

/// What can be done on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Act {
    CreatePersona,
    Accept,
    Send,
    Close,
    Open,
    Approve,
    Reject,
}

/// What an argument can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Role {
    Chat,
    Persona,
    Text,
    Attachment,
    ProviderId,
    Name,
    Email,
    Photo,
    Submission,
}

/// A mutation of the schema that does something here.
#[derive(Debug)]
pub(in crate::sandbox) struct Bound {
    pub(in crate::sandbox) act: Act,
    /// What it answers.
    pub(in crate::sandbox) kind: Kind,
    places: Vec<(Role, Vec<String>)>,
    /// Whether there must be a text even where there is nothing but an attachment.
    pub(in crate::sandbox) demands_text: bool,
    /// Whether it takes a chat's or a persona's id as a number.
    pub(super) counts: bool,
}

/// How an act is called and what it needs.
struct Meaning {
    act: Act,
    name: &'static str,
    verbs: &'static [&'static str],
    kind: Kind,
    /// The roles, the first of which is what a bare `id` means; `true` for those that it cannot do without.
    roles: &'static [(Role, bool)],
    /// Whether a schema without it is of no use.
    needed: bool,
}

const OF_A_CHAT: &[(Role, bool)] = &[(Role::Chat, true), (Role::Persona, false)];
const OF_A_SUBMISSION: &[(Role, bool)] = &[(Role::Submission, true)];

const MEANINGS: [Meaning; 7] = [
    Meaning {
        act: Act::CreatePersona,
        name: "createPersona",
        verbs: &["create", "upsert", "register", "add", "ensure", "save"],
        kind: Kind::Persona,
        roles: &[(Role::ProviderId, true), (Role::Name, true), (Role::Email, false), (Role::Photo, false)],
        needed: true,
    },
    Meaning {
        act: Act::Accept,
        name: "acceptChat",
        verbs: &["accept", "take", "claim"],
        kind: Kind::Chat,
        roles: &[(Role::Chat, true), (Role::Persona, true)],
        needed: true,
    },
    Meaning {
        act: Act::Send,
        name: "sendChatMessage",
        verbs: &["send", "post", "create", "add", "write"],
        kind: Kind::Message,
        roles: &[(Role::Chat, true), (Role::Persona, false), (Role::Text, true), (Role::Attachment, false)],
        needed: true,
    },
    Meaning {
        act: Act::Close,
        name: "closeChat",
        verbs: &["close", "end", "resolve", "finish"],
        kind: Kind::Chat,
        roles: OF_A_CHAT,
        needed: true,
    },
    Meaning {
        act: Act::Open,
        name: "openChat",
        verbs: &["open", "reopen", "resume"],
        kind: Kind::Chat,
        roles: OF_A_CHAT,
        needed: true,
    },
    Meaning {
        act: Act::Approve,
        name: "approveSubmission",
        verbs: &["approve"],
        kind: Kind::Submission,
        roles: OF_A_SUBMISSION,
        needed: false,
    },
    Meaning {
        act: Act::Reject,
        name: "rejectSubmission",
        verbs: &["reject", "decline"],
        kind: Kind::Submission,
        roles: OF_A_SUBMISSION,
        needed: false,
    },
];

impl Role {
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["chat", "conversation", "thread", "ticket", "room", "case"],
            Self::Persona => &["persona", "sender", "author", "actor", "agent", "as", "by", "from"],
            Self::Text => &["text", "body", "content", "message", "msg", "value", "plaintext"],
            Self::Attachment => {
                &["attachment", "attachments", "file", "files", "url", "link", "href", "media", "image", "uri"]
            }
            Self::ProviderId => &["provider", "external", "foreign", "reference", "ref", "agent", "key", "user"],
            Self::Name => &["name", "fullname", "displayname", "nickname", "title", "label"],
            Self::Email => &["email", "mail", "emailaddress"],
            Self::Photo => &["photo", "avatar", "picture", "image", "url"],
            Self::Submission => &["submission", "review", "answer", "response"],
        }
    }

    /// Whether an argument of this type can hold it.
    fn fits(self, schema: &Schema, ty: &Type) -> bool {
        let name = ty.inner_named_type().as_str();
        let is_id = matches!(self, Self::Chat | Self::Persona | Self::ProviderId | Self::Submission);
        let fits = match name {
            "String" => true,
            "ID" | "Int" => is_id,
            "Float" | "Boolean" => false,
            _ => schema.get_scalar(name).is_some(),
        };
        fits && (!ty.is_list() || self == Self::Attachment)
    }
}

/// An argument, or a field of an input object, that takes a value of its own.
struct Place<'a> {
    path: Vec<String>,
    ty: &'a Type,
    /// Whether no call can do without it.
    demanded: bool,
}

impl Place<'_> {
    fn shown(&self) -> String {
        format!("`{}: {}`", self.path.join("."), self.ty)
    }
}

/// Finds the mutations that do something here; what is wrong is added to `problems`.
pub(super) fn bind(schema: &Schema, problems: &mut Vec<String>) -> Vec<(String, Bound)> {
    let root = schema.schema_definition.mutation.as_ref().and_then(|root| schema.get_object(root));
    let fields: Vec<_> = root.map(|root| root.fields.values().map(|field| &***field).collect()).unwrap_or_default();
    let mut bound = Vec::new();
    for meaning in &MEANINGS {
        match meaning.find(&fields) {
            Ok(Some(field)) => bound.push((field.name.to_string(), meaning.bind(schema, field, problems))),
            Ok(None) if !meaning.needed => {}
            Ok(None) => problems.push(format!(
                "it has no `{}`: looked for a mutation whose name has one of {} and one of {}",
                meaning.name,
                quoted(meaning.verbs),
                quoted(meaning.kind.nouns())
            )),
            Err(problem) => problems.push(problem),
        }
    }
    bound
}

impl Meaning {
    /// The mutation of this very name, or the only one that means the same.
    fn find<'a>(&self, fields: &[&'a FieldDefinition]) -> Result<Option<&'a FieldDefinition>, String> {
        if let Some(field) = fields.iter().find(|field| plain(&field.name) == plain(self.name)) {
            return Ok(Some(field));
        }
        let means = |field: &&&FieldDefinition| {
            let words = words(&field.name);
            let has = |known: &[&str]| words.iter().any(|word| known.contains(&&**word));
            has(self.verbs) && has(self.kind.nouns()) && !MEANINGS.iter().any(|it| plain(it.name) == plain(&field.name))
        };
        let found: Vec<_> = fields.iter().filter(means).copied().collect();
        match found[..] {
            [] => Ok(None),
            [field] => Ok(Some(field)),
            _ => {
                let names: Vec<_> = found.iter().map(|field| field.name.as_str()).collect();
                Err(format!("any of {} may be `{}`", quoted(&names), self.name))
            }
        }
    }

    fn bind(&self, schema: &Schema, field: &FieldDefinition, problems: &mut Vec<String>) -> Bound {
        let mut all = Vec::new();
        for argument in &field.arguments {
            let path = vec![argument.name.to_string()];
            add_places(schema, path, &argument.ty, argument.is_required(), &mut all);
        }
        let (mut places, mut counts, mut demands_text) = (Vec::<(Role, Vec<String>)>::new(), false, false);
        for place in &all {
            match self.role(schema, place) {
                Some(role) => {
                    if let Some((_, other)) = places.iter().find(|(known, _)| *known == role) {
                        let (role, other, place) = (role.shown(), other.join("."), place.path.join("."));
                        problems.push(format!("`{}`: both `{other}` and `{place}` may be its {role}", field.name));
                    }
                    counts |=
                        matches!(role, Role::Chat | Role::Persona) && is_whole_number(place.ty.inner_named_type());
                    demands_text |= role == Role::Text && place.demanded;
                    places.push((role, place.path.clone()));
                }
                None if place.demanded => {
                    let roles: Vec<_> = self.roles.iter().map(|(role, _)| role.shown()).collect();
                    let (field, place, roles) = (&field.name, place.shown(), roles.join(", "));
                    problems.push(format!("`{field}` demands {place}, which is none of its {roles}"));
                }
                None => {}
            }
        }
        for (role, _) in self.roles.iter().filter(|(role, needed)| *needed && !places.iter().any(|it| it.0 == *role)) {
            let given: Vec<_> = all.iter().map(Place::shown).collect();
            let given = if given.is_empty() { "none".to_owned() } else { given.join(", ") };
            let (field, what, words) = (&field.name, role.shown(), quoted(role.words()));
            problems.push(format!(
                "`{field}`: no argument takes its {what}: looked for one named for {words} among {given}"
            ));
        }
        Bound { act: self.act, kind: self.kind, places, demands_text, counts }
    }

    fn role(&self, schema: &Schema, place: &Place<'_>) -> Option<Role> {
        for segment in place.path.iter().rev() {
            let mut telling = words(segment);
            telling.retain(|word| !["id", "uuid", "input", "data", "payload", "params", "args"].contains(&&**word));
            let of_word = |word: &String| {
                let means = |role: &&(Role, bool)| role.0.words().contains(&&**word) && role.0.fits(schema, place.ty);
                self.roles.iter().find(means).map(|(role, _)| *role)
            };
            if let Some(role) = telling.iter().rev().find_map(of_word) {
                return Some(role);
            }
            if !telling.is_empty() {
                return None;
            }
        }
        self.roles.first().map(|(role, _)| *role).filter(|role| role.fits(schema, place.ty))
    }
}

impl Role {
    fn shown(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Persona => "persona",
            Self::Text => "text",
            Self::Attachment => "attachment",
            Self::ProviderId => "provider id",
            Self::Name => "name",
            Self::Email => "e-mail address",
            Self::Photo => "photo",
            Self::Submission => "submission",
        }
    }
}

impl Bound {
    /// The value that the arguments have for a role.
    pub(in crate::sandbox) fn given(&self, arguments: &Value, role: Role) -> Option<String> {
        let (_, path) = self.places.iter().find(|(known, _)| *known == role)?;
        let value = path.iter().try_fold(first(arguments), |value, name| value.get(name).map(first))?;
        text(value)
    }
}

/// The value, or the first one of a list.
fn first(value: &Value) -> &Value {
    value.as_array().map_or(value, |values| values.first().unwrap_or(&Value::Null))
}

/// A string, or an ID that was given as a number.
pub(in crate::sandbox) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn add_places<'a>(schema: &'a Schema, path: Vec<String>, ty: &'a Type, demanded: bool, all: &mut Vec<Place<'a>>) {
    let Some(object) = schema.get_input_object(ty.inner_named_type()) else {
        all.push(Place { path, ty, demanded });
        return;
    };
    for field in object.fields.values().filter(|_| path.len() < DEEPEST) {
        let inner = [&path[..], &[field.name.to_string()]].concat();
        add_places(schema, inner, &field.ty, demanded && field.is_required(), all);
    }
}

pub(super) fn quoted(names: &[&str]) -> String {
    format!("`{}`", names.join("`, `"))
}
