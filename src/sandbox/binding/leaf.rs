//! Values without parts, in the types that a schema has for them.

use apollo_compiler::Schema;
use serde_json::{Value, json};

use super::words::{Leaf, plain};

/// The names that a schema may have for each state of a chat, of a review.
const CHAT_STATES: [(&str, &str); 4] = [
    ("assigned", "assigned offered pending waiting requested new unassigned"),
    ("opened", "opened open active accepted ongoing inprogress"),
    ("closed", "closed resolved ended done finished solved"),
    // What is rated was closed before.
    ("rated", "rated final archived closed resolved ended done finished solved"),
];
const REVIEW_STATES: [(&str, &str); 3] = [
    ("pending", "pending open new waiting unreviewed submitted"),
    ("approved", "approved accepted"),
    ("rejected", "rejected declined refused"),
];

/// Whether a type's values are whole numbers. Those of a platform's own go by their usual names.
pub(super) fn is_whole_number(type_name: &str) -> bool {
    matches!(type_name, "Int" | "Long" | "BigInt" | "Int64")
}

impl Leaf {
    /// Whether a type without parts can hold it.
    pub(super) fn fits(self, schema: &Schema, type_name: &str) -> bool {
        if let Some(values) = schema.get_enum(type_name) {
            let is_value = |name: &str| values.values.keys().any(|value| plain(value) == name);
            let states = self.states();
            return !states.is_empty() && states.iter().all(|(_, names)| names.split(' ').any(is_value));
        }
        match type_name {
            "Boolean" => self == Self::Flag,
            // A 32-bit integer holds no milliseconds since 1970.
            "Int" => matches!(self, Self::Id | Self::Number),
            "Float" => matches!(self, Self::Number | Self::Time),
            _ => self != Self::Flag,
        }
    }

    fn states(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::ChatStatus => &CHAT_STATES,
            Self::ReviewStatus => &REVIEW_STATES,
            _ => &[],
        }
    }

    /// The value as this type has it.
    pub(super) fn write(self, schema: &Schema, type_name: &str, value: Value) -> Value {
        if let Some(values) = schema.get_enum(type_name) {
            let names = self.states().iter().find(|(state, _)| value == *state).map_or("", |(_, names)| *names);
            let spelled = |name: &str| values.values.keys().find(|value| plain(value) == name);
            return names.split(' ').find_map(spelled).map_or(Value::Null, |name| json!(name.as_str()));
        }
        match (self, &value) {
            (Self::Id, Value::String(id)) if is_whole_number(type_name) => json!(digits(id)),
            (Self::Time, Value::Number(at)) if type_name == "String" || plain(type_name).contains("date") => {
                let at = at.as_i64().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
                at.map_or(Value::Null, |at| json!(at.to_string()))
            }
            // The executor takes nothing else for one.
            (Self::Number | Self::Time, Value::Number(number)) if type_name == "Float" => json!(number.as_f64()),
            (Self::Number | Self::Time, Value::Number(number)) if matches!(type_name, "String" | "ID") => {
                json!(number.to_string())
            }
            _ => value,
        }
    }
}

/// The number at the end of an id; 0 for one without, such as the end user's.
fn digits(id: &str) -> u32 {
    id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str =
        "type Query { x: Int } scalar DateTime scalar Long enum Status { OPEN OFFERED DONE } enum Mood { A }";

    #[test]
    fn a_value_takes_the_form_that_its_type_has() {
        let schema = Schema::parse(SCHEMA, "schema").unwrap();
        for (leaf, type_name, value, written) in [
            (Leaf::Id, "ID", json!("c-15"), json!("c-15")),
            (Leaf::Id, "Int", json!("15"), json!(15)),
            (Leaf::Id, "Int", json!("user"), json!(0)),
            (Leaf::Time, "Float", json!(1000), json!(1000.0)),
            (Leaf::Time, "DateTime", json!(1000), json!("1970-01-01T00:00:01Z")),
            (Leaf::Time, "Long", json!(1000), json!(1000)),
            (Leaf::ChatStatus, "Status", json!("assigned"), json!("OFFERED")),
            (Leaf::ChatStatus, "Status", json!("rated"), json!("DONE")),
            (Leaf::ChatStatus, "String", json!("rated"), json!("rated")),
            (Leaf::Number, "String", json!(4), json!("4")),
        ] {
            assert!(leaf.fits(&schema, type_name), "{leaf:?} {type_name}");
            assert_eq!(leaf.write(&schema, type_name, value), written, "{leaf:?} {type_name}");
        }
        for (leaf, type_name) in
            [(Leaf::Time, "Int"), (Leaf::Text, "Boolean"), (Leaf::ChatStatus, "Mood"), (Leaf::ReviewStatus, "Status")]
        {
            assert!(!leaf.fits(&schema, type_name), "{leaf:?} {type_name}");
        }
    }
}
