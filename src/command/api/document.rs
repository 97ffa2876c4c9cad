//! What must be known of a document before it is sent: which operation is meant, whether it may be sent twice, and where the
//! connection is whose pages are to be read.

use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection, Value};
use apollo_compiler::executable::OperationType;
use apollo_compiler::{Name, Node};
use serde_json::Value as Json;

use crate::api::operation::list::PageInfo;
use crate::api::schema::place;
use crate::error::Error;

/// A document and the operation in it that is meant.
pub(super) struct Meant {
    document: Document,
    operation: Node<OperationDefinition>,
}

impl Meant {
    /// Parses a document and picks the operation of this name, or the only one.
    pub(super) fn new(text: &str, name: Option<&str>) -> anyhow::Result<Self> {
        let document = Document::parse(text, "document").map_err(|error| {
            let errors = &error.errors;
            let first = errors.iter().next().map(|error| error.to_json());
            let place = first.as_ref().and_then(|first| first.locations.first());
            let place = place.map(|place| format!(" at line {}, column {}", place.line, place.column));
            let reason = first.as_ref().map_or("it cannot be parsed", |first| first.message.as_str());
            Error::usage(format!("the document is not GraphQL{}: {reason}", place.unwrap_or_default()))
                .hint("`guuru api --help` has examples; in a shell, a document stands between single quotes")
        })?;
        let operations: Vec<_> = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::OperationDefinition(operation) => Some(operation),
                _ => None,
            })
            .collect();
        let known = || names(operations.iter().filter_map(|operation| operation.name.as_ref()));
        let operation = match (name, operations.as_slice()) {
            (_, []) => return Err(Error::usage("the document has no operation").into()),
            (None, [only]) => *only,
            (None, _) => {
                let hint = format!("say which with --operation-name: {}", known());
                return Err(Error::usage("the document has several operations").hint(hint).into());
            }
            (Some(name), all) => {
                let named = all.iter().find(|operation| operation.name.as_ref().is_some_and(|own| own == name));
                named.ok_or_else(|| {
                    let error = Error::usage(format!("the document has no operation `{name}`"));
                    if known().is_empty() { error } else { error.hint(format!("it has {}", known())) }
                })?
            }
        };
        let operation = operation.clone();
        if operation.operation_type == OperationType::Subscription {
            return Err(Error::usage("a subscription cannot be sent")
                .hint("events come as webhooks: guuru listen")
                .into());
        }
        Ok(Self { document, operation })
    }

    /// Whether it can be sent twice without doing anything twice.
    pub(super) fn is_query(&self) -> bool {
        self.operation.operation_type == OperationType::Query
    }

    /// The keys that lead to the first field that is carried out, before the others; none where that takes a look into a
    /// fragment.
    pub(super) fn first(&self) -> Vec<String> {
        self.operation.selection_set.first().map(place).unwrap_or_default()
    }

    /// The one connection of the operation that asks for its page info and takes the cursor from a variable.
    pub(super) fn connection(&self) -> anyhow::Result<Connection> {
        if !self.is_query() {
            return Err(unfit("a mutation has no pages"));
        }
        let mut search =
            Search { document: &self.document, path: Vec::new(), fragments: Vec::new(), found: Vec::new() };
        search.selections(&self.operation.selection_set);
        let mut found = search.found;
        match (found.pop(), found.is_empty()) {
            (Some(connection), true) => Ok(connection),
            (None, _) => Err(unfit("no connection in it takes `after: $VARIABLE` and asks for its `pageInfo`")),
            (Some(_), false) => Err(unfit("more than one connection in it takes `after: $VARIABLE`")),
        }
    }
}

fn unfit(why: &str) -> anyhow::Error {
    Error::usage(format!("--paginate does not fit the document: {why}"))
        .hint("`guuru api --help` has an example of one that fits")
        .into()
}

fn names<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Where a connection is: the variable that takes the cursor, and the keys that lead to its page info.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) variable: String,
    path: Vec<String>,
    has_next_page: String,
    end_cursor: String,
}

impl Connection {
    /// The page info in a response.
    pub(super) fn page_info(&self, response: &Json) -> anyhow::Result<PageInfo> {
        let data = response.get("data").unwrap_or(&Json::Null);
        let info = self.path.iter().try_fold(data, |value, key| value.get(key));
        let has_next_page = info.and_then(|info| info.get(&self.has_next_page)).and_then(Json::as_bool);
        let end_cursor = info.and_then(|info| info.get(&self.end_cursor)).and_then(Json::as_str);
        let has_next_page = has_next_page.ok_or_else(|| {
            anyhow::anyhow!("the platform's answer has no page info at `data.{}`", self.path.join("."))
        })?;
        Ok(PageInfo { has_next_page, end_cursor: end_cursor.map(ToOwned::to_owned) })
    }
}

/// A search for connections through an operation and the fragments that it uses.
struct Search<'a> {
    document: &'a Document,
    path: Vec<String>,
    /// The fragments that the search is in, as a faulty document may use one within itself.
    fragments: Vec<&'a Name>,
    found: Vec<Connection>,
}

impl<'a> Search<'a> {
    fn selections(&mut self, selections: &'a [Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(field),
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragment(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|fragment| !self.fragments.contains(&&fragment.name)) {
                        self.fragments.push(&fragment.name);
                        self.selections(&fragment.selection_set);
                        self.fragments.pop();
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'a Field) {
        self.path.push(field.response_name().to_string());
        let after = field.arguments.iter().find(|argument| argument.name == "after");
        if let Some(Value::Variable(variable)) = after.map(|after| after.value.as_ref()) {
            let info = self.child(&field.selection_set, "pageInfo");
            let parts = info.map(|info| ["hasNextPage", "endCursor"].map(|name| self.child(&info.selection_set, name)));
            if let (Some(info), Some([Some(has_next_page), Some(end_cursor)])) = (info, parts) {
                let own = std::iter::once(info.response_name().to_string());
                self.found.push(Connection {
                    variable: variable.to_string(),
                    path: self.path.iter().cloned().chain(own).collect(),
                    has_next_page: has_next_page.response_name().to_string(),
                    end_cursor: end_cursor.response_name().to_string(),
                });
            }
        }
        self.selections(&field.selection_set);
        self.path.pop();
    }

    /// The field of this name among these selections.
    fn child(&self, selections: &'a [Selection], name: &str) -> Option<&'a Field> {
        selections.iter().find_map(|selection| match selection {
            Selection::Field(field) => (field.name == name).then_some(field.as_ref()),
            Selection::InlineFragment(fragment) => self.child(&fragment.selection_set, name),
            // One level is enough for a page info; a fragment within itself must not be followed for ever.
            Selection::FragmentSpread(spread) => {
                let fields = self.fragment(&spread.fragment_name)?.selection_set.iter();
                fields.filter_map(|selection| selection.as_field()).find(|field| field.name == name).map(Node::as_ref)
            }
        })
    }

    fn fragment(&self, name: &Name) -> Option<&'a FragmentDefinition> {
        self.document.definitions.iter().find_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) if fragment.name == *name => Some(fragment.as_ref()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn connection(text: &str) -> anyhow::Result<Connection> {
        Meant::new(text, None)?.connection()
    }

    #[test]
    fn the_connection_is_found_under_aliases_and_in_fragments() {
        let text = "query($x: String) { me: partner { ...P } }
            fragment P on Partner { ... on Partner { talks: chats(first: 1, after: $x) { p: pageInfo { ...I } } } }
            fragment I on PageInfo { more: hasNextPage endCursor }";
        let found = connection(text).unwrap();
        assert_eq!(found.variable, "x");
        let response = json!({"data": {"me": {"talks": {"p": {"more": true, "endCursor": "c"}}}}});
        let info = found.page_info(&response).unwrap();
        assert_eq!((info.has_next_page, info.end_cursor.as_deref()), (true, Some("c")));
        let error = found.page_info(&json!({"data": {"me": [{}]}})).unwrap_err();
        assert_eq!(error.to_string(), "the platform's answer has no page info at `data.me.talks.p`");
    }

    #[test]
    fn a_document_without_the_one_connection_is_refused() {
        let page = "pageInfo { hasNextPage endCursor }";
        for (text, why) in [
            ("mutation { a(after: $x) { id } }".to_owned(), "a mutation has no pages"),
            ("{ partner { id } }".to_owned(), "no connection"),
            (format!("{{ a(after: \"x\") {{ {page} }} }}"), "no connection"),
            ("query($x: String) { a(after: $x) { pageInfo { hasNextPage } } }".to_owned(), "no connection"),
            (format!("query($x: String) {{ a(after: $x) {{ {page} }} b(after: $x) {{ {page} }} }}"), "more than one"),
            ("{ ...A } fragment A on B { ...A }".to_owned(), "no connection"),
        ] {
            let error = connection(&text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn the_operation_that_is_meant_is_the_only_one_or_the_named_one() {
        let text = "query A { a } mutation B { b }";
        assert!(Meant::new(text, Some("A")).unwrap().is_query());
        assert!(!Meant::new(text, Some("B")).unwrap().is_query());
        for (text, name, why) in [
            (text, None, "several operations"),
            (text, Some("C"), "no operation `C`"),
            ("fragment A on B { c }", None, "no operation"),
            ("subscription { a }", None, "subscription"),
            ("{", None, "not GraphQL at line 1, column 2"),
            ("", None, "not GraphQL at line 1, column 1"),
        ] {
            let error = Meant::new(text, name).err().unwrap().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC*|[{}()$:a \"#.]*") {
            drop(connection(&text));
        }
    }
}
