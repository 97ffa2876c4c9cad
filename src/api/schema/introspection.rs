//! A schema as the platform tells it: the introspection query, and its answer turned into SDL. The answer comes from outside,
//! so whatever cannot be part of a schema is refused in words, and every depth has an end.

use std::fmt::Write;

use anyhow::{bail, ensure};
use apollo_compiler::ast::{Definition, Document};
use serde::Deserialize;

use crate::error::{Error, Kind};

/// The introspection query with what not every server knows: these fragments.
macro_rules! asking {
    ($inputs:literal) => {
        concat!(include_str!("introspection.graphql"), $inputs)
    };
}

/// Ask for the whole schema: with the [features](Introspection::features) of this number, and the last with all.
pub(crate) static INTROSPECTIONS: [&str; 4] = [
    asking!(
        "
fragment Inputs on __Type { inputFields { ...Input } }
fragment Arguments on __Field { args { ...Input } }
"
    ),
    asking!(
        "
fragment Inputs on __Type { isOneOf inputFields { ...Input } }
fragment Arguments on __Field { args { ...Input } }
"
    ),
    asking!(
        "
fragment Inputs on __Type { inputFields(includeDeprecated: true) { ...Input isDeprecated } }
fragment Arguments on __Field { args(includeDeprecated: true) { ...Input isDeprecated } }
"
    ),
    asking!(
        "
fragment Inputs on __Type { isOneOf inputFields(includeDeprecated: true) { ...Input isDeprecated } }
fragment Arguments on __Field { args(includeDeprecated: true) { ...Input isDeprecated } }
"
    ),
];

/// The most wrappers (lists and non-nulls) around a type. The query asks for eight.
const DEEPEST: usize = 8;

/// The answer to the introspection query, as far as it is used.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Introspection {
    query_type: Option<Named>,
    mutation_type: Option<Named>,
    subscription_type: Option<Named>,
    types: Vec<FullType>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FullType {
    kind: String,
    name: String,
    fields: Option<Vec<Field>>,
    input_fields: Option<Vec<Input>>,
    interfaces: Option<Vec<TypeRef>>,
    enum_values: Option<Vec<EnumValue>>,
    possible_types: Option<Vec<TypeRef>>,
    is_one_of: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnumValue {
    name: String,
    is_deprecated: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Field {
    name: String,
    #[serde(default)]
    args: Vec<Input>,
    #[serde(rename = "type")]
    ty: TypeRef,
    is_deprecated: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    name: String,
    #[serde(rename = "type")]
    ty: TypeRef,
    default_value: Option<String>,
    is_deprecated: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeRef {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<TypeRef>>,
}

impl Introspection {
    /// Reads an introspection result from a file: the answer with its envelope, or without.
    pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct File {
            data: Option<Data>,
            #[serde(rename = "__schema")]
            schema: Option<Introspection>,
        }
        #[derive(Deserialize)]
        struct Data {
            #[serde(rename = "__schema")]
            schema: Introspection,
        }
        let file: File = serde_json::from_slice(bytes).map_err(|error| nonsense(&error.to_string()))?;
        let schema = file.data.map(|data| data.schema).or(file.schema);
        schema.ok_or_else(|| nonsense("it has no `__schema`").into())
    }

    /// What the server can be asked beyond the plain query, as a sum: 1 for input objects that take exactly one value, 2 for
    /// arguments that are deprecated.
    pub(crate) fn features(&self) -> usize {
        let field = |ty: &str, name: &str| {
            let ty = self.types.iter().find(|it| it.name == ty)?;
            ty.fields.iter().flatten().find(|field| field.name == name)
        };
        let has_all = |ty: &str, name: &str| {
            field(ty, name).is_some_and(|field| field.args.iter().any(|argument| argument.name == "includeDeprecated"))
        };
        let tells_inputs = has_all("__Type", "inputFields")
            && has_all("__Field", "args")
            && field("__InputValue", "isDeprecated").is_some();
        usize::from(field("__Type", "isOneOf").is_some()) + 2 * usize::from(tells_inputs)
    }

    /// The schema in the schema definition language, without descriptions and with those directives alone that are understood.
    pub(crate) fn sdl(&self) -> anyhow::Result<String> {
        let mut sdl = String::from("schema {\n");
        for (operation, root) in
            [("query", &self.query_type), ("mutation", &self.mutation_type), ("subscription", &self.subscription_type)]
        {
            if let Some(root) = root {
                writeln!(sdl, "  {operation}: {}", name(&root.name)?)?;
            }
        }
        sdl.push_str("}\n");
        for ty in self.types.iter().filter(|ty| !is_built_in(ty)) {
            define(&mut sdl, ty)?;
        }
        Ok(sdl)
    }
}

/// What the specification itself defines.
fn is_built_in(ty: &FullType) -> bool {
    ty.name.starts_with("__") || matches!(&*ty.name, "ID" | "String" | "Int" | "Float" | "Boolean")
}

fn define(sdl: &mut String, ty: &FullType) -> anyhow::Result<()> {
    let its_name = name(&ty.name)?;
    match &*ty.kind {
        "SCALAR" => writeln!(sdl, "scalar {its_name}")?,
        kind @ ("OBJECT" | "INTERFACE") => {
            write!(sdl, "{} {its_name}", if kind == "OBJECT" { "type" } else { "interface" })?;
            for (place, interface) in ty.interfaces.iter().flatten().enumerate() {
                write!(sdl, "{} {}", if place == 0 { " implements" } else { " &" }, reference(interface, 0)?)?;
            }
            sdl.push_str(" {\n");
            for field in ty.fields.iter().flatten() {
                write!(sdl, "  {}", name(&field.name)?)?;
                for (place, argument) in field.args.iter().enumerate() {
                    write!(sdl, "{}{}", if place == 0 { "(" } else { ", " }, input(argument)?)?;
                }
                let (end, deprecated) = (if field.args.is_empty() { "" } else { ")" }, deprecated(field.is_deprecated));
                writeln!(sdl, "{end}: {}{deprecated}", reference(&field.ty, 0)?)?;
            }
            sdl.push_str("}\n");
        }
        "UNION" => {
            write!(sdl, "union {its_name}")?;
            for (place, member) in ty.possible_types.iter().flatten().enumerate() {
                write!(sdl, "{} {}", if place == 0 { " =" } else { " |" }, reference(member, 0)?)?;
            }
            sdl.push('\n');
        }
        "ENUM" => {
            writeln!(sdl, "enum {its_name} {{")?;
            for value in ty.enum_values.iter().flatten() {
                writeln!(sdl, "  {}{}", name(&value.name)?, deprecated(value.is_deprecated))?;
            }
            sdl.push_str("}\n");
        }
        "INPUT_OBJECT" => {
            writeln!(sdl, "input {its_name}{} {{", if ty.is_one_of == Some(true) { " @oneOf" } else { "" })?;
            for field in ty.input_fields.iter().flatten() {
                writeln!(sdl, "  {}", input(field)?)?;
            }
            sdl.push_str("}\n");
        }
        other => bail!(nonsense(&format!("`{}` is of no kind of type: `{}`", shown(&ty.name), shown(other)))),
    }
    Ok(())
}

/// An argument, or a field of an input object.
fn input(input: &Input) -> anyhow::Result<String> {
    let (name, ty, deprecated) = (name(&input.name)?, reference(&input.ty, 0)?, deprecated(input.is_deprecated));
    Ok(match &input.default_value {
        Some(value) if is_value(value) => format!("{name}: {ty} = {value}{deprecated}"),
        // Whatever it is, there is one, so that no value must be given.
        Some(_) => format!("{name}: {}{deprecated}", ty.trim_end_matches('!')),
        None => format!("{name}: {ty}{deprecated}"),
    })
}

fn deprecated(is_deprecated: Option<bool>) -> &'static str {
    if is_deprecated == Some(true) { " @deprecated" } else { "" }
}

/// Whether a text is one value and nothing beyond it, so that it cannot smuggle a definition in.
fn is_value(text: &str) -> bool {
    // A word, as most are. What begins with a digit may be no number: `3fa85f64`, `0123`.
    if text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric())
    {
        return true;
    }
    let Ok(document) = Document::parse(format!("input X {{ x: Y = {text} }}"), "default") else { return false };
    matches!(&document.definitions[..], [Definition::InputObjectTypeDefinition(one)] if one.fields.len() == 1
        && one.directives.is_empty() && one.fields[0].directives.is_empty())
}

/// A type with its wrappers.
fn reference(ty: &TypeRef, depth: usize) -> anyhow::Result<String> {
    ensure!(depth <= DEEPEST, nonsense(&format!("a type has more than {DEEPEST} wrappers")));
    Ok(match (&*ty.kind, &ty.of_type, &ty.name) {
        ("NON_NULL", Some(inner), _) if inner.kind == "NON_NULL" => bail!(nonsense("a non-null of a non-null")),
        ("NON_NULL", Some(inner), _) => format!("{}!", reference(inner, depth + 1)?),
        ("LIST", Some(inner), _) => format!("[{}]", reference(inner, depth + 1)?),
        ("NON_NULL" | "LIST", None, _) | (_, _, None) => bail!(nonsense("a reference that leads to no type")),
        (_, _, Some(its_name)) => name(its_name)?.to_owned(),
    })
}

/// A name, which is all that may stand where one is expected.
fn name(text: &str) -> anyhow::Result<&str> {
    let first = text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    let rest = text.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric());
    ensure!(first && rest && text.len() <= 256, nonsense(&format!("`{}` is no name", shown(text))));
    Ok(text)
}

fn shown(text: &str) -> String {
    crate::api::answer::clean(&text.chars().take(60).collect::<String>())
}

/// An introspection result that describes no schema.
pub(super) fn nonsense(cause: &str) -> Error {
    Error::new(
        Kind::Failure,
        format!("the introspection result describes no schema: {}", crate::api::answer::clean(cause)),
    )
}
