//! One document: the operations in it, what their variables are named for, and how they ask for pages.

use std::borrow::Cow;

use anyhow::{Context, bail};
use apollo_compiler::{Name, Node, ast};

use super::State;
use super::bind::MORE;
use super::pages::{Asked, MAY_GO_ON};
use super::selection::PAGE;
use crate::api::Operation;
use crate::api::operation::role::{PAGE_NUMBER, is_in_seconds};
use crate::api::operation::thing::MESSAGES;

/// The document of an operation: the built-in one, or one of the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) text: Cow<'static, str>,
    pub(super) state: State,
    pub(super) main: Query,
    /// The query for further messages.
    pub(super) more: Option<Query>,
    /// Whether the id of the result is asked for.
    pub(super) asks_id: bool,
    /// What a person said when it was written: which argument takes which role.
    pub(super) answers: Vec<(String, String)>,
    /// How the first page of the messages is asked for.
    pub(super) messages: Asked,
}

/// One operation of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// What is sent of the document, where that is not all of it: see [`alone`].
    pub(super) sent: Option<String>,
    /// Its name, which the platform is told.
    pub(super) name: String,
    /// The keys that lead to the result in `data`.
    pub(super) place: Vec<String>,
    pub(super) variables: Vec<Variable>,
    /// How the first page of its list is asked for.
    pub(super) list: Asked,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) required: bool,
    /// The name of its type; empty for a list.
    pub(super) type_name: String,
    /// The value of an enum, or the number, that it has unless there is another.
    pub(super) default: Option<String>,
    /// Whether a time is counted in seconds.
    pub(super) seconds: bool,
}

impl Document {
    /// The built-in document of an operation. It is not parsed, as that would be done at each start.
    pub(super) fn built_in(operation: &Operation) -> Self {
        let (name, place) = (operation.name.to_owned(), vec![operation.field.to_owned()]);
        Self {
            text: operation.document.into(),
            state: State::BuiltIn,
            main: Query::new(name, place, declared(operation.document)),
            more: None,
            asks_id: true,
            answers: Vec::new(),
            messages: Asked::default(),
        }
    }

    /// Reads a document: one mutation or query with one field, as the operation is, and beside it a query for further
    /// messages where there is one.
    pub(super) fn read(operation: &Operation, text: &str, state: State) -> anyhow::Result<Self> {
        let parsed = ast::Document::parse(text, "document").map_err(|error| {
            let first = error.errors.iter().next().map(|error| error.error.to_string());
            anyhow::anyhow!("it is no GraphQL document: {}", first.unwrap_or_default())
        })?;
        let operations = || parsed.definitions.iter().filter_map(ast::Definition::as_operation_definition);
        let (kind, word) = if operation.is_query() {
            (ast::OperationType::Query, "query")
        } else {
            (ast::OperationType::Mutation, "mutation")
        };
        let is_more = |it: &&Node<ast::OperationDefinition>| it.name.as_ref().is_some_and(|name| name.ends_with(MORE));
        let mut mains = operations().filter(|it| it.operation_type == kind && !is_more(it));
        let (Some(found), None) = (mains.next(), mains.next()) else {
            bail!("it must hold one {word}");
        };
        let mut main = Query::read(found).with_context(|| format!("its {word} must have a name and one field"))?;
        let more = operations().filter(is_more).find_map(|it| {
            let sent = Some(alone(&parsed, it));
            Some(Query { sent, ..Query::read(it)? })
        });
        main.sent = more.is_some().then(|| alone(&parsed, found));
        let mut messages = more.as_ref().map(|more| more.list.clone()).unwrap_or_default();
        let takes_size = find(&found.selection_set, MESSAGES).is_some_and(|field| !field.arguments.is_empty());
        messages.size = takes_size.then_some(PAGE.into());
        messages.left_out = text.lines().find_map(|line| line.strip_prefix(MAY_GO_ON)).map(ToOwned::to_owned);
        main.list.left_out.clone_from(&messages.left_out);
        let (text, asks_id) = (text.to_owned().into(), asks_id(&found.selection_set));
        Ok(Self { text, state, main, more, asks_id, answers: Vec::new(), messages })
    }

    /// With what a person said when it was written.
    pub(super) fn answered(self, answers: Vec<(String, String)>) -> Self {
        Self { answers, ..self }
    }
}

impl Query {
    fn new(name: String, place: Vec<String>, variables: Vec<Variable>) -> Self {
        let counts_from_zero = |it: &Variable| it.name == PAGE_NUMBER.name && it.default.as_deref() == Some("0");
        let first = u64::from(!variables.iter().any(counts_from_zero));
        let list = Asked::first(variables.iter().map(|it| it.name.as_str()), first);
        Self { sent: None, name, place, variables, list }
    }

    /// `None` for an operation without a name, or with more than one field.
    fn read(operation: &ast::OperationDefinition) -> Option<Self> {
        let (name, place) = named(operation)?;
        let variables = operation.variables.iter().map(|variable| Variable::read(operation, variable));
        Some(Self::new(name, place, variables.collect()))
    }

    /// Whether it takes the value of this role.
    pub(super) fn takes(&self, role: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == role)
    }
}

impl Variable {
    fn read(operation: &ast::OperationDefinition, variable: &ast::VariableDefinition) -> Self {
        let type_name = if variable.ty.is_list() { String::new() } else { variable.ty.inner_named_type().to_string() };
        let default = variable.default_value.as_ref();
        let argument = taker(&operation.selection_set, &variable.name).unwrap_or_default();
        Self {
            name: variable.name.to_string(),
            required: variable.ty.is_non_null() && default.is_none(),
            seconds: is_in_seconds(argument, &type_name),
            type_name,
            default: default
                .filter(|it| matches!(***it, ast::Value::Enum(_) | ast::Value::Int(_)))
                .map(ToString::to_string),
        }
    }
}

/// The variables of a built-in document, which has them in its first line. A test holds that a parser reads them like this.
fn declared(document: &str) -> Vec<Variable> {
    let head = document.split('{').next().unwrap_or_default();
    let declared = head.split('$').skip(1).filter_map(|declared| {
        let (name, ty) = declared.trim_end_matches([' ', ',', ')']).split_once(": ")?;
        let (ty, default) = ty.split_once(" = ").map_or((ty, None), |(ty, default)| (ty, Some(default)));
        let type_name = ty.trim_end_matches('!').to_owned();
        Some(Variable {
            name: name.to_owned(),
            required: ty.ends_with('!') && default.is_none(),
            seconds: is_in_seconds("", &type_name),
            type_name,
            default: default.map(ToOwned::to_owned),
        })
    });
    declared.collect()
}

/// The argument, or the field of an input object, that takes a variable.
fn taker<'a>(selections: &'a [ast::Selection], variable: &str) -> Option<&'a str> {
    fn within<'a>(name: &'a Name, value: &'a ast::Value, variable: &str) -> Option<&'a str> {
        match value {
            ast::Value::Variable(it) => (it == variable).then_some(name.as_str()),
            ast::Value::Object(fields) => fields.iter().find_map(|(name, value)| within(name, value, variable)),
            ast::Value::List(values) => values.iter().find_map(|value| within(name, value, variable)),
            _ => None,
        }
    }
    selections.iter().find_map(|selection| match selection {
        ast::Selection::Field(field) => {
            let own = field.arguments.iter().find_map(|argument| within(&argument.name, &argument.value, variable));
            own.or_else(|| taker(&field.selection_set, variable))
        }
        ast::Selection::InlineFragment(fragment) => taker(&fragment.selection_set, variable),
        ast::Selection::FragmentSpread(_) => None,
    })
}

/// An operation with the fragments of its document and without the other operations: graphql-jit, as Mercurius uses it, keeps
/// the compiled operation under the document's text, and carries out whichever was asked for first.
fn alone(document: &ast::Document, operation: &Node<ast::OperationDefinition>) -> String {
    let mut alone = document.clone();
    alone.definitions.retain(|definition| match definition {
        ast::Definition::OperationDefinition(it) => it.name == operation.name,
        _ => true,
    });
    alone.to_string()
}

/// The field that fills a key, however deep it stands.
fn find<'a>(selections: &'a [ast::Selection], key: &str) -> Option<&'a ast::Field> {
    selections.iter().find_map(|selection| match selection {
        ast::Selection::Field(field) if field.response_name() == key => Some(&**field),
        ast::Selection::Field(field) => find(&field.selection_set, key),
        ast::Selection::InlineFragment(fragment) => find(&fragment.selection_set, key),
        ast::Selection::FragmentSpread(_) => None,
    })
}

/// Whether a selection set asks for an `id`, however deep; of a union's members one may have the key `id_2`.
fn asks_id(selections: &[ast::Selection]) -> bool {
    selections.iter().any(|selection| match selection {
        ast::Selection::Field(field) => {
            let key = field.response_name().as_str();
            key == "id" || key.starts_with("id_") || asks_id(&field.selection_set)
        }
        ast::Selection::InlineFragment(fragment) => asks_id(&fragment.selection_set),
        // What a fragment asks for by name is not looked up: most likely an id is in it.
        ast::Selection::FragmentSpread(_) => true,
    })
}

/// The name of an operation and the keys that lead to its result: of a mutation to its own field, of a query to its one field.
fn named(operation: &ast::OperationDefinition) -> Option<(String, Vec<String>)> {
    let [only @ ast::Selection::Field(_)] = &operation.selection_set[..] else { return None };
    let mut place = place(only);
    if operation.operation_type == ast::OperationType::Query {
        place.truncate(1);
    }
    Some((operation.name.as_ref()?.to_string(), place))
}

/// The keys that lead to the field that a mutation carries out: the first with arguments, through others that hold it alone
/// (`chats { close(id: $chat) { … } }`). Where there is none it is the outermost; nothing leads into a fragment.
pub(crate) fn place(outermost: &ast::Selection) -> Vec<String> {
    let (mut place, mut next) = (Vec::new(), Some(outermost));
    while let Some(ast::Selection::Field(field)) = next {
        place.push(field.response_name().to_string());
        if !field.arguments.is_empty() {
            return place;
        }
        next = if let [only] = &field.selection_set[..] { Some(only) } else { None };
    }
    place.truncate(1);
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::operation::ALL;

    #[test]
    fn a_built_in_document_is_known_as_the_parser_reads_it() {
        for operation in ALL {
            let parsed = Document::read(operation, operation.document, State::BuiltIn).unwrap();
            assert_eq!(Document::built_in(operation), parsed);
        }
    }

    #[test]
    fn an_argument_in_seconds_is_found_wherever_it_stands() {
        let read = |text: &str| {
            let operation = ALL.iter().find(|it| it.name == "ChatList").unwrap();
            let Document { main, .. } = Document::read(operation, text, State::Edited).unwrap();
            main.variables.iter().map(|it| it.seconds).collect::<Vec<_>>()
        };
        let list = |field: &str| format!("query A($since: Float, $until: Float) {{ chats({field}) {{ id }} }}");
        assert_eq!(read(&list("filter: {sinceSeconds: $since, until: $until}")), [true, false]);
        assert_eq!(read(&list("since: $since, range: [{ until_seconds : $until }]")), [false, true]);
        assert_eq!(read(&list("note: \"sinceSeconds:$since\", since: $since, until: $until")), [false, false]);
    }

    #[test]
    fn the_field_that_is_carried_out_is_found_through_what_holds_it_alone() {
        for (text, expected) in [
            ("mutation { closeChat(id: 1) { id } }", "closeChat"),
            ("mutation { c: closeChat(id: 1) { chat { messages(first: 1) { id } } } }", "c"),
            ("mutation { chats { closeChat: close(id: $chat) { id } } }", "chats.closeChat"),
            ("mutation { v: v2 { chats { close(id: 1) { id } } } }", "v.chats.close"),
            ("mutation { chat(id: 1) { close { id } } }", "chat"),
            ("mutation { chats { close(id: 1) { id } open(id: 1) { id } } }", "chats"),
            ("mutation { chats { ...F } }", "chats"),
            ("mutation { closeAll { chat { id } } }", "closeAll"),
            ("mutation { ...F }", ""),
        ] {
            let parsed = ast::Document::parse(text, "document").unwrap();
            let ast::Definition::OperationDefinition(operation) = &parsed.definitions[0] else { panic!("{text}") };
            assert_eq!(place(&operation.selection_set[0]).join("."), expected, "{text}");
        }
    }
}
