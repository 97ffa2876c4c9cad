//! The body of an answer taken apart without reading all of it: a value only where somebody wants it, and of the errors no
//! more than is told, so that an answer of any size takes little more memory than its text.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// How many errors are kept as they are, as far as they have room.
const MOST_WHOLE: usize = 50;
/// The longest error that is kept as it is, in bytes of its text.
const LONGEST_WHOLE: usize = 8 * 1024;
/// The most kinds of further errors.
const MOST_KINDS: usize = 1000;
/// The longest message, code or name that is kept of an error, in bytes of its text.
const LONGEST_PART: usize = 8 * 1024;
/// How many steps are kept of an error's path.
const MOST_STEPS: usize = 8;

/// The keys of an object, each with the text of its value; of a key that is there twice the last one counts.
pub(super) type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// A response as far as it is understood.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    /// `data`, unread; `None` where it is null or not there.
    pub(super) data: Option<&'a RawValue>,
    /// Whether there is `data` at all, null included: a request error leaves it out (GraphQL, section 7.1.2).
    pub(super) has_data: bool,
    /// `errors`; `None` where it is null or not there.
    pub(super) errors: Option<Errors>,
    /// `extensions`; `None` where there are none, or they are long.
    pub(super) extensions: Option<Value>,
}

/// What stands under `errors`.
#[derive(Debug, Default)]
pub(super) struct Errors {
    /// The first of them, and of the rest the first of each kind: those of one code and one path.
    pub(super) kept: Vec<Value>,
    /// How many there are.
    pub(super) count: usize,
}

impl<'a> Response<'a> {
    /// Takes JSON text apart; `None` where it is JSON and no object.
    ///
    /// # Errors
    /// Where it is not JSON.
    pub(super) fn read(text: &'a str) -> serde_json::Result<Option<Self>> {
        let all: &RawValue = serde_json::from_str(text)?;
        let Ok(fields) = serde_json::from_str::<Fields>(all.get()) else { return Ok(None) };
        let field = |name: &str| fields.get(name).copied().filter(|value| value.get() != "null");
        let extensions = field("extensions").and_then(whole);
        let (data, has_data) = (field("data"), fields.contains_key("data"));
        Ok(Some(Self { data, has_data, errors: field("errors").map(Errors::read), extensions }))
    }

    /// The values in `data`, unread.
    pub(super) fn values(&self) -> Fields<'a> {
        self.data.map(fields).unwrap_or_default()
    }

    /// The value to which these keys lead in `data`, unless it is null.
    pub(super) fn value(&self, place: &[String]) -> serde_json::Result<Option<Value>> {
        let found = |data| place.iter().try_fold(data, |value, key| fields(value).get(key).copied());
        let value = self.data.and_then(found).map_or(Ok(Value::Null), |value| serde_json::from_str(value.get()))?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}

impl Errors {
    /// Reads `errors`. It should be a list of objects; whatever else stands there is an error too.
    fn read(errors: &RawValue) -> Self {
        let list: serde_json::Result<Self> = serde_json::from_str(errors.get());
        list.unwrap_or_else(|_| {
            let mut only = Self::default();
            only.take(errors, &mut HashSet::new());
            only
        })
    }

    fn take(&mut self, error: &RawValue, kinds: &mut HashSet<String>) {
        self.count += 1;
        if self.count <= MOST_WHOLE {
            self.kept.push(whole(error).unwrap_or_else(|| reduced(error)));
        } else if kinds.len() < MOST_KINDS {
            let error = reduced(error);
            if kinds.insert(format!("{} {}", error["path"], error["extensions"])) {
                self.kept.push(error);
            }
        }
    }
}

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Errors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Errors, A::Error> {
                let (mut errors, mut kinds) = (Errors::default(), HashSet::new());
                while let Some(error) = list.next_element::<&'de RawValue>()? {
                    errors.take(error, &mut kinds);
                }
                Ok(errors)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

/// An error as it is, unless it is long.
fn whole(error: &RawValue) -> Option<Value> {
    if error.get().len() > LONGEST_WHOLE { None } else { serde_json::from_str(error.get()).ok() }
}

/// What is judged and told of an error: its message, its code and the beginning of its path.
fn reduced(error: &RawValue) -> Value {
    let error = fields(error);
    let mut reduced = Map::new();
    let mut keep = |name: &str, value: Option<Value>| {
        value.and_then(|value| reduced.insert(name.to_owned(), value));
    };
    keep("message", error.get("message").map(|message| beginning(message)));
    keep("path", error.get("path").and_then(|path| steps(path)));
    let code = error.get("extensions").and_then(|extensions| fields(extensions).get("code").copied().map(beginning));
    keep("extensions", code.map(|code| Value::Object(Map::from_iter([("code".to_owned(), code)]))));
    Value::Object(reduced)
}

/// The fields of an object; of anything else there are none.
pub(super) fn fields(text: &RawValue) -> Fields<'_> {
    serde_json::from_str(text.get()).unwrap_or_default()
}

/// A text, cut where it is long; anything else that is short.
fn beginning(text: &RawValue) -> Value {
    match serde_json::from_str::<String>(text.get()) {
        Ok(text) => Value::String(text.chars().take(LONGEST_PART).collect()),
        Err(_) if text.get().len() <= LONGEST_PART => serde_json::from_str(text.get()).unwrap_or_default(),
        Err(_) => Value::Null,
    }
}

/// The first steps of a path.
fn steps(path: &RawValue) -> Option<Value> {
    struct Steps(Vec<Value>);

    impl<'de> Deserialize<'de> for Steps {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct First;

            impl<'de> Visitor<'de> for First {
                type Value = Steps;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a path")
                }

                fn visit_seq<A: SeqAccess<'de>>(self, mut path: A) -> Result<Steps, A::Error> {
                    let mut steps = Vec::new();
                    while steps.len() < MOST_STEPS
                        && let Some(step) = path.next_element::<&'de RawValue>()?
                    {
                        steps.push(beginning(step));
                    }
                    while path.next_element::<IgnoredAny>()?.is_some() {}
                    Ok(Steps(steps))
                }
            }

            deserializer.deserialize_seq(First)
        }
    }

    serde_json::from_str::<Steps>(path.get()).ok().map(|Steps(steps)| Value::Array(steps))
}
