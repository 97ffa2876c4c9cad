//! Where the value of each field comes from.

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Value, json};

use super::words::{self, Holds, Kind, Leaf, Property, words};

/// What an object of the schema stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::sandbox) enum Part {
    Thing(Kind),
    /// What a mutation answers: the thing, or something around it.
    Done(Kind),
    /// A connection, an edge of it, and where its page stands.
    Page(Kind),
    Edge(Kind),
    PageInfo,
    /// An object around a single value.
    Around(Leaf),
}

impl Part {
    /// What its fields can be.
    fn properties(self) -> Vec<Property> {
        match self {
            Self::Thing(Kind::Partner) => [Kind::Partner.properties(), Kind::Query.properties()].concat(),
            Self::Thing(kind) => kind.properties().to_vec(),
            Self::Done(kind) => [&words::around(kind), kind.properties()].concat(),
            Self::Page(kind) => [&words::of_page(kind), words::of_page_info()].concat(),
            Self::Edge(kind) => words::of_edge(kind).to_vec(),
            Self::PageInfo => words::of_page_info().to_vec(),
            Self::Around(leaf) => words::around_leaf(leaf).to_vec(),
        }
    }

    fn kind(self) -> Option<Kind> {
        match self {
            Self::Thing(kind) | Self::Done(kind) | Self::Page(kind) | Self::Edge(kind) => Some(kind),
            Self::PageInfo | Self::Around(_) => None,
        }
    }

    /// The names that were looked for, for whoever has to change the schema.
    pub(super) fn names(self) -> String {
        let properties = self.properties();
        let first = |property: &Property| {
            let name = property.names.split(' ').next().unwrap_or_default();
            if words::plain(property.key) == name { property.key.to_owned() } else { name.to_owned() }
        };
        let names: Vec<_> = properties.iter().map(first).collect();
        super::acts::quoted(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What a field of it is, where its name and its type say so.
    pub(in crate::sandbox) fn property(self, schema: &Schema, field: &FieldDefinition) -> Option<Property> {
        let suits = |property: &Property| property.is_named(&field.name) && suits(schema, property.holds, &field.ty);
        self.properties().into_iter().find(suits)
    }

    /// Whether an object type has a value for each field that must have one.
    pub(super) fn serves(self, schema: &Schema, type_name: &str) -> bool {
        let Some(object) = schema.get_object(type_name) else { return false };
        object.fields.values().all(|field| self.property(schema, field).is_some() || neutral(&field.ty).is_some())
    }

    /// The object type that this value is of: of a union's or an interface's members the one that shows most of it.
    pub(in crate::sandbox) fn object<'a>(self, schema: &'a Schema, name: &'a str, value: &Value) -> Option<&'a str> {
        if schema.get_object(name).is_some() {
            return Some(name);
        }
        let mut best = None;
        for member in self.members(schema, name) {
            let mut shown = 0;
            let mut lacks = false;
            for field in schema.get_object(member)?.fields.values() {
                let Some(property) = self.property(schema, field) else { continue };
                let there = property.key.is_empty() || !value[property.key].is_null();
                shown += usize::from(there);
                lacks |= !there && field.ty.is_non_null();
            }
            let is_named = words(member).iter().any(|word| self.nouns().contains(&&**word));
            let rank = (!lacks, is_named, shown);
            if best.is_none_or(|(known, _)| rank > known) {
                best = Some((rank, member));
            }
        }
        best.map(|(_, member)| member)
    }

    /// The members of a union or an interface that can stand for it.
    pub(super) fn members<'a>(self, schema: &'a Schema, name: &str) -> Vec<&'a str> {
        let tells_failure = |member: &&'a str| {
            words(member).iter().any(|word| ["error", "problem", "failure", "exception"].contains(&&**word))
        };
        let serves = |member: &&'a str| !tells_failure(member) && self.serves(schema, member);
        members(schema, name).into_iter().filter(serves).collect()
    }

    fn nouns(self) -> &'static [&'static str] {
        self.kind().map_or(&[], Kind::nouns)
    }
}

fn members<'a>(schema: &'a Schema, name: &str) -> Vec<&'a str> {
    match schema.types.get(name) {
        Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.as_str()).collect(),
        Some(ExtendedType::Interface(_)) => {
            let implements = |ty: &&ExtendedType| matches!(ty, ExtendedType::Object(object) if object.implements_interfaces.contains(name));
            schema.types.values().filter(implements).map(|ty| ty.name().as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether values of this type have no parts.
pub(in crate::sandbox) fn is_leaf(schema: &Schema, name: &str) -> bool {
    schema.types.get(name).is_some_and(ExtendedType::is_leaf)
}

/// What a field holds of which nothing is known: nothing, no elements, a flag that nobody set, a count of none. `None` where
/// there would have to be a value.
pub(in crate::sandbox) fn neutral(ty: &Type) -> Option<Value> {
    match ty {
        Type::Named(_) | Type::List(_) => Some(Value::Null),
        Type::NonNullList(_) => Some(json!([])),
        Type::NonNullNamed(name) => match name.as_str() {
            "Boolean" => Some(json!(false)),
            "Int" => Some(json!(0)),
            "Float" => Some(json!(0.0)),
            _ => None,
        },
    }
}

/// Whether a field of this type can hold it.
fn suits(schema: &Schema, holds: Holds, ty: &Type) -> bool {
    let name = ty.inner_named_type();
    let leaf = is_leaf(schema, name);
    match holds {
        Holds::Leaf(kind) if leaf => kind.fits(schema, name),
        Holds::Leaf(kind) => matches!(kind, Leaf::Id | Leaf::Text | Leaf::ChatStatus | Leaf::ReviewStatus),
        Holds::Yes => leaf && Leaf::Flag.fits(schema, name) && !ty.is_list(),
        Holds::Verdict => matches!(name.as_str(), "String" | "Int") && !ty.is_list(),
        // In place of an object its id may stand, or its name.
        Holds::One(_) | Holds::Author | Holds::ItsChat | Holds::ThePartner => {
            !leaf || Leaf::Id.fits(schema, name) && !ty.is_list()
        }
        Holds::Many(_) | Holds::All(_) => !leaf,
        Holds::ById(_) | Holds::PageInfo => !leaf && !ty.is_list(),
        Holds::Edges(_) | Holds::Nodes(_) => !leaf && ty.is_list(),
    }
}
