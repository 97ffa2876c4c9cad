//! Before anything is served: has every field that can be asked for a value? What has none is told at the start, with the
//! names that were looked for, and not to whoever happens to ask.

use std::collections::{HashSet, VecDeque};

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};

use super::acts::Bound;
use super::fields::{Part, is_leaf, neutral};
use super::leaf::is_whole_number;
use super::words::{Holds, Kind, Leaf, Property};

/// The arguments of lists that have a meaning; others may be left out, and must be.
const OF_LISTS: [&str; 4] = ["first", "last", "after", "before"];

/// The types that are still to be looked at, with what they stand for.
#[derive(Default)]
struct Walk<'a> {
    left: VecDeque<(Part, &'a str)>,
    seen: HashSet<(Part, &'a str)>,
    problems: Vec<String>,
    /// What people should know, though it is no obstacle.
    notes: Vec<String>,
    counts: bool,
}

/// Looks at everything that can be asked for. What is wrong is added to `problems`; returns whether chats, messages or personas
/// are told apart by numbers, and what people should know.
pub(super) fn check(schema: &Schema, mutations: &[(String, Bound)], problems: &mut Vec<String>) -> (bool, Vec<String>) {
    let mut walk = Walk::default();
    let definition = &schema.schema_definition;
    for field in fields(schema, definition.mutation.as_ref().map_or("", |name| name)) {
        if let Some((_, bound)) = mutations.iter().find(|(name, _)| field.name == name.as_str()) {
            walk.meet(schema, &[Part::Done(bound.kind)], &field.ty, &format!("`{}`", field.name));
        }
    }
    let query = Part::Thing(Kind::Query);
    for field in fields(schema, definition.query.as_ref().map_or("", |name| name)) {
        // A query that means nothing here is an error for whoever asks it.
        if let Some(property) = query.property(schema, field) {
            walk.go_on(schema, property, &field.ty, &format!("`{}`", field.name));
        }
    }
    while let Some((part, name)) = walk.left.pop_front() {
        for field in fields(schema, name) {
            walk.look(schema, part, name, field);
        }
    }
    problems.append(&mut walk.problems);
    (walk.counts, walk.notes)
}

fn fields<'a>(schema: &'a Schema, name: &str) -> impl Iterator<Item = &'a FieldDefinition> {
    schema.get_object(name).into_iter().flat_map(|object| object.fields.values().map(|field| &***field))
}

impl<'a> Walk<'a> {
    fn look(&mut self, schema: &'a Schema, part: Part, of: &str, field: &'a FieldDefinition) {
        let shown = format!("`{of}.{}: {}`", field.name, field.ty);
        let Some(property) = part.property(schema, field) else {
            match neutral(&field.ty) {
                None => self.problems.push(format!("{shown} must have a value, and is none of {}", part.names())),
                Some(value) if value.is_null() || value.is_array() => {}
                Some(value) => self.notes.push(format!("nothing is known of {shown}: it is always {value}")),
            }
            return;
        };
        let is_page = |name: &str| OF_LISTS.contains(&name);
        let by_id = matches!(property.holds, Holds::ById(_));
        for argument in field.arguments.iter().filter(|it| it.is_required() && !is_page(&it.name) && !by_id) {
            self.problems
                .push(format!("{shown} demands `{}: {}`, of which nothing is known", argument.name, argument.ty));
        }
        // A text that there is not is an empty one.
        let may_be_none = property.sometimes && property.holds != Holds::Leaf(Leaf::Text);
        if may_be_none && field.ty.is_non_null() && !field.ty.is_list() {
            self.problems.push(format!("{shown} must have a value, and there may be none"));
        }
        let counted = matches!(part.kind_of_thing(), Some(Kind::Chat | Kind::Message | Kind::Persona));
        self.counts |= counted && property.key == "id" && is_whole_number(field.ty.inner_named_type());
        self.go_on(schema, property, &field.ty, &shown);
    }

    /// Goes on with what a field holds.
    fn go_on(&mut self, schema: &'a Schema, property: Property, ty: &'a Type, shown: &str) {
        let listed = |kind| if ty.is_list() { Part::Thing(kind) } else { Part::Page(kind) };
        match property.holds {
            Holds::Leaf(leaf) => self.meet(schema, &[Part::Around(leaf)], ty, shown),
            Holds::One(kind) | Holds::ById(Some(kind)) | Holds::Nodes(kind) => {
                self.meet(schema, &[Part::Thing(kind)], ty, shown);
            }
            Holds::ItsChat => self.meet(schema, &[Part::Thing(Kind::Chat)], ty, shown),
            Holds::ThePartner => self.meet(schema, &[Part::Thing(Kind::Partner)], ty, shown),
            Holds::Author => self.meet(schema, &[Part::Thing(Kind::Persona), Part::Thing(Kind::User)], ty, shown),
            Holds::Many(kind) | Holds::All(kind) => self.meet(schema, &[listed(kind)], ty, shown),
            Holds::Edges(kind) => self.meet(schema, &[Part::Edge(kind)], ty, shown),
            Holds::PageInfo => self.meet(schema, &[Part::PageInfo], ty, shown),
            // What is found by an id of any kind is looked at where its kind is met.
            Holds::ById(None) | Holds::Yes | Holds::Verdict => {}
        }
    }

    /// A type was met that stands for these.
    fn meet(&mut self, schema: &'a Schema, parts: &[Part], ty: &'a Type, shown: &str) {
        let name = ty.inner_named_type().as_str();
        if is_leaf(schema, name) {
            return;
        }
        for part in parts {
            let objects = if schema.get_object(name).is_some() { vec![name] } else { part.members(schema, name) };
            if objects.is_empty() {
                let names = part.names();
                self.problems.push(format!("{shown}: no member of `{name}` can hold it: looked for {names}"));
            }
            for object in objects {
                if self.seen.insert((*part, object)) {
                    self.left.push_back((*part, object));
                }
            }
        }
    }
}

impl Part {
    fn kind_of_thing(self) -> Option<Kind> {
        match self {
            Self::Thing(kind) | Self::Done(kind) => Some(kind),
            _ => None,
        }
    }
}
