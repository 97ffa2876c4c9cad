//! The variables of `guuru api`, as `gh api` takes them: `name=value`, `input[name]=value`, `ids[]=value`.

use std::path::Path;

use serde_json::{Map, Number, Value, json};

use crate::command::shared::input;
use crate::error::Error;

/// One `name=value`, split.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    path: Vec<Step>,
    value: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// `[]`: one more element.
    Element,
}

impl std::str::FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("want name=value")?;
        let (first, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
        if first.is_empty() {
            return Err("want a name before the =".to_owned());
        }
        let mut path = vec![Step::Key(first.to_owned())];
        while !rest.is_empty() {
            let (key, after) = rest
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'))
                .ok_or("want name[key]=value or name[]=value")?;
            path.push(if key.is_empty() { Step::Element } else { Step::Key(key.to_owned()) });
            rest = after;
        }
        Ok(Self { path, value: value.to_owned() })
    }
}

/// Joins the assignments, text first and then typed values.
pub(super) fn join(text: &[Assignment], typed: &[Assignment]) -> anyhow::Result<Map<String, Value>> {
    let mut variables = Value::Object(Map::new());
    for assignment in text {
        set(&mut variables, &assignment.path, json!(assignment.value)).map_err(|()| assignment.in_the_way())?;
    }
    for assignment in typed {
        set(&mut variables, &assignment.path, typed_value(&assignment.value)?).map_err(|()| assignment.in_the_way())?;
    }
    Ok(match variables {
        Value::Object(variables) => variables,
        _ => Map::new(),
    })
}

/// Whether any of the values is to be read from stdin.
pub(super) fn wants_stdin(typed: &[Assignment]) -> bool {
    typed.iter().any(|assignment| assignment.value == "@-")
}

impl Assignment {
    fn in_the_way(&self) -> Error {
        let keys = self.path.iter().skip(1).map(|step| match step {
            Step::Key(key) => format!("[{key}]"),
            Step::Element => "[]".to_owned(),
        });
        let Some(Step::Key(first)) = self.path.first() else { return Error::usage("a variable has no name") };
        Error::usage(format!("the variable `{first}{}` is given twice", keys.collect::<String>()))
            .hint("a name has one value, and is a list (`name[]`), an object (`name[key]`) or neither")
    }
}

/// Sets what is at the end of a path; an error where something is there already.
fn set(place: &mut Value, path: &[Step], value: Value) -> Result<(), ()> {
    let Some((step, rest)) = path.split_first() else {
        return if place.is_null() {
            *place = value;
            Ok(())
        } else {
            Err(())
        };
    };
    match step {
        Step::Key(key) => {
            let fields = begin(place, json!({})).as_object_mut().ok_or(())?;
            if rest.is_empty() && fields.contains_key(key) {
                return Err(());
            }
            set(fields.entry(key.clone()).or_insert(Value::Null), rest, value)
        }
        Step::Element => {
            let elements = begin(place, json!([])).as_array_mut().ok_or(())?;
            // `a[][x]=1 a[][y]=2` is one element, and another x begins the next.
            let goes_on = match (rest.first(), elements.last()) {
                (Some(Step::Key(key)), Some(Value::Object(last))) => rest.len() > 1 || !last.contains_key(key),
                _ => false,
            };
            if !goes_on {
                elements.push(Value::Null);
            }
            set(elements.last_mut().ok_or(())?, rest, value)
        }
    }
}

/// The container at a place, begun where nothing is there yet.
fn begin(place: &mut Value, empty: Value) -> &mut Value {
    if place.is_null() {
        *place = empty;
    }
    place
}

/// `true`, `false`, `null` and numbers are themselves, `@file` is what is in the file, and anything else is text.
fn typed_value(text: &str) -> anyhow::Result<Value> {
    if let Some(file) = text.strip_prefix('@') {
        return Ok(json!(input::text(Path::new(file))?));
    }
    Ok(match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Bool(_) | Value::Null)) => value,
        // A number that was parsed is written with another exponent, `1e+3` for `1e3`: the text is known to be one.
        Ok(Value::Number(_)) => Value::Number(Number::from_string_unchecked(text.trim().to_owned())),
        _ => json!(text),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(text: &[&str], typed: &[&str]) -> anyhow::Result<Value> {
        let parse = |all: &[&str]| all.iter().map(|one| one.parse().unwrap()).collect::<Vec<Assignment>>();
        join(&parse(text), &parse(typed)).map(Value::Object)
    }

    #[test]
    fn typed_values_are_what_they_look_like_and_text_is_text() {
        let typed = ["a=true", "b=null", "c=12", "d=NaN", "e=01", "g=", "h={}", "i= 1"];
        let expected = json!({
            "z": "true", "y": "a=b", "a": true, "b": null, "c": 12, "d": "NaN", "e": "01", "g": "", "h": "{}", "i": 1,
        });
        assert_eq!(joined(&["z=true", "y=a=b"], &typed).unwrap(), expected);
    }

    #[test]
    fn a_number_is_sent_as_it_is_spelled() {
        for number in ["12345678901234567890123", "-1.50", "1234e3", "-0", "1E-2", "1e999", "0.10000000000000000001"] {
            let sent = joined(&[], &[&format!("n={number}")]).unwrap();
            assert_eq!(serde_json::to_string(&sent).unwrap(), format!(r#"{{"n":{number}}}"#));
        }
    }

    #[test]
    fn names_reach_into_objects_and_lists() {
        let names = ["i[name]=Ada", "i[tags][]=x", "i[tags][]=y", "l[][a]=1", "l[][b]=2", "l[][a]=3"];
        let expected = json!({
            "i": {"name": "Ada", "tags": ["x", "y"]}, "l": [{"a": "1", "b": "2"}, {"a": "3"}],
        });
        assert_eq!(joined(&names, &[]).unwrap(), expected);
    }

    #[test]
    fn what_is_given_twice_or_as_two_things_is_refused() {
        for names in [["a=1", "a=2"], ["a=1", "a[b]=2"], ["a[]=1", "a[b]=2"], ["a[b]=1", "a=2"]] {
            let error = joined(&names, &[]).unwrap_err().to_string();
            assert!(error.ends_with("is given twice"), "{names:?}: {error}");
        }
        joined(&["a=x"], &["a=null"]).unwrap_err();
        joined(&[], &["a=null", "a=1"]).unwrap_err();
        for text in ["a", "=1", "[a]=1", "a[=1", "a[b]c=1", "a]b"] {
            assert!(text.parse::<Assignment>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_judged_without_a_panic(texts in prop::collection::vec("[ab\\[\\]=]{0,8}", 0..5)) {
            let all: Vec<Assignment> = texts.iter().filter_map(|text| text.parse().ok()).collect();
            drop(join(&all, &[]));
        }
    }
}
