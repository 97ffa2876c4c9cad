//! Introspection results from a platform that means no good, or is merely large.

use std::time::{Duration, Instant};

use guuru::api::operation::ALL;
use guuru::api::schema::{Live, bind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::platform::{REVISIONS, answers, file};
use crate::support::program::Home;
use crate::support::schema::introspected;
use crate::support::server::{Answer, Server};

/// An introspection result of these types.
fn of(types: &Value) -> Value {
    json!({"data": {"__schema": {"queryType": {"name": "Query"}, "mutationType": null, "types": types}}})
}

fn wrapped(depth: usize) -> Value {
    (0..depth).fold(json!({"kind": "SCALAR", "name": "Int"}), |ty, _| json!({"kind": "LIST", "ofType": ty}))
}

#[test]
fn sdl_and_introspection_of_a_schema_come_to_the_same() {
    for revision in REVISIONS {
        let sdl = std::fs::read_to_string(file(revision)).unwrap();
        let answers = || answers(revision).0.iter().map(|answer| answer.split_once('=').unwrap());
        let answers = || answers().map(|(role, argument)| (role.to_owned(), argument.to_owned())).collect();
        let by_sdl = Live::read(sdl.as_bytes()).unwrap().accepting(answers());
        let by_json = Live::read(introspected(&sdl).to_string().as_bytes()).unwrap().accepting(answers());
        for operation in ALL {
            let document = |live| bind(live, operation).map(|bound| bound.document);
            let (of_sdl, of_json) = (document(&by_sdl), document(&by_json));
            assert_eq!(of_sdl.is_ok(), of_json.is_ok(), "{revision}, {}", operation.name);
            assert_eq!(of_sdl.ok(), of_json.ok(), "{revision}, {}", operation.name);
            assert!(document(&by_sdl).is_ok() || operation.is_query(), "{revision}, {}", operation.name);
        }
    }
}

#[test]
fn a_file_that_is_not_a_schema_is_refused_with_the_reason() {
    let int = json!({"kind": "SCALAR", "name": "Int"});
    let query = |fields: Value| of(&json!([{"kind": "OBJECT", "name": "Query", "fields": fields}]));
    let looped: Vec<_> = ["A", "B"]
        .iter()
        .zip(["B", "A"])
        .map(|(name, other)| {
            json!({"kind": "INTERFACE", "name": name, "interfaces": [{"kind": "INTERFACE", "name": other}],
            "fields": [{"name": "x", "type": int}]})
        })
        .collect();
    let deep = format!("{{\"data\":{}", "[".repeat(100_000));
    for (answer, words) in [
        (json!({}).to_string(), "has no `__schema`"),
        (json!({"data": {"__schema": 7}}).to_string(), "describes no schema"),
        (of(&json!([{"kind": "MONSTER", "name": "X"}])).to_string(), "is of no kind of type: `MONSTER`"),
        (of(&json!([{"kind": "OBJECT"}])).to_string(), "missing field `name`"),
        (of(&json!([{"kind": "SCALAR", "name": "X } type Y { z: Int"}])).to_string(), "is no name"),
        (query(json!([{"name": "x", "type": wrapped(60)}])).to_string(), "more than 8 wrappers"),
        (query(json!([{"name": "x", "type": {"kind": "NON_NULL"}}])).to_string(), "leads to no type"),
        (
            query(json!([{"name": "x", "type": {"kind": "OBJECT", "name": "Nowhere"}}])).to_string(),
            "describes no schema",
        ),
        (of(&json!(looped)).to_string(), "describes no schema"),
        (deep, "describes no schema"),
    ] {
        let error = format!("{:#}", Live::read(answer.as_bytes()).unwrap_err());
        assert!(error.contains(words), "{words:?} is not in {error:?}");
    }
}

#[test]
fn an_input_object_without_end_and_a_chat_within_a_chat_come_to_an_end() {
    let sdl = "type Query { x: Int } type Mutation { closeChat(input: In): Out } \
               input In { chatId: ID, inner: In } type Out { out: Out chat: Chat } type Chat { id: ID! chat: Chat }";
    let live = Live::read(sdl.as_bytes()).unwrap();
    let close = ALL.into_iter().find(|operation| operation.name == "ChatClose").unwrap();
    let document = bind(&live, close).unwrap().document;
    assert!(document.contains("closeChat(input: {chatId: $chat})"), "{document}");
}

#[test]
fn an_answer_that_is_too_large_is_not_read_to_its_end() {
    let platform = Server::always(|_| Answer::new(200, vec![b' '; 100 * 1024 * 1024]));
    let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
    home.run(["schema", "print"]).failed(5, "the platform's answer is too large");
    let large = home.path().join("large.json");
    std::fs::write(&large, vec![b'{'; 65 * 1024 * 1024]).unwrap();
    home.run(["schema", "check", "--from", large.to_str().unwrap()]).failed(1, "larger than 64 MiB");
}

#[test]
fn a_default_that_is_no_value_only_says_that_there_is_one() {
    let int = json!({"kind": "NON_NULL", "ofType": {"kind": "SCALAR", "name": "Int"}});
    let argument = json!({"name": "a", "type": int, "defaultValue": "1) { y: Int }"});
    let fields = json!([{"name": "x", "type": int, "args": [argument]}]);
    let schema = of(&json!([{"kind": "OBJECT", "name": "Query", "fields": fields}]));
    let sdl = Live::read(schema.to_string().as_bytes()).unwrap().sdl();
    assert!(sdl.contains("x(a: Int): Int!") && !sdl.contains("y: Int"), "{sdl}");
}

#[test]
fn a_byte_order_mark_and_subscriptions_are_part_of_a_schema() {
    let sdl = "schema { query: Q subscription: S } type Q { x: Int } type S { y: Int }";
    for schema in [sdl.to_owned(), introspected(sdl).to_string()] {
        let home = Home::new();
        let path = home.path().join("schema");
        std::fs::write(&path, format!("\u{feff}{schema}")).unwrap();
        let printed = home.run(["schema", "print", "--from", path.to_str().unwrap()]).ok().stdout;
        assert!(printed.contains("subscription: S"), "{printed}");
    }
}

#[test]
fn introspection_that_is_off_is_said() {
    let answer = json!({"errors": [{"message": "GraphQL introspection is not allowed"}]});
    let platform = Server::always(move |_| Answer::json(400, &answer));
    let home = Home::new().with("GUURU_ENDPOINT", &platform.url());
    let refused = home.run(["schema", "sync"]).failed(4, "introspection is not allowed");
    assert!(refused.stderr.contains("--from FILE"), "{refused:?}");
}

/// The contract among 5,000 other types, each of which speaks of chats.
fn large() -> String {
    use std::fmt::Write;
    let mut sdl = include_str!("../../src/sandbox/schema.graphql").to_owned();
    sdl += "interface Node { id: ID! }\nextend type Query { node(id: ID!): Node }\n";
    for number in 0..5000 {
        let before = number.max(1) - 1;
        writeln!(
            sdl,
            "type T{number} implements Node {{ id: ID! name: String other(first: Int = 10): [T{before}!] chat: Chat }}"
        )
        .unwrap();
    }
    sdl
}

/// From the program's start to its end, the files of the documents included.
#[test]
fn a_schema_of_five_thousand_types_is_synced_in_no_time() {
    let sdl = large();
    let home = Home::new();
    for (name, content) in [("live.graphql", sdl.clone()), ("live.json", introspected(&sdl).to_string())] {
        let path = home.path().join(name);
        std::fs::write(&path, content).unwrap();
        let start = Instant::now();
        home.run(["schema", "sync", "--from", path.to_str().unwrap()]).ok();
        let took = start.elapsed();
        // Without optimisation it takes twenty times as long as in a release, and more while other tests run; there the limit
        // is 200 ms.
        let limit = Duration::from_millis(if cfg!(debug_assertions) { 20_000 } else { 200 });
        assert!(took < limit, "{name}: {took:?}");
        #[allow(clippy::print_stderr, reason = "the figure is what the test is for")]
        {
            eprintln!("5,000 types, {name}: {took:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes: Vec<u8>, text in "[{}a-z\":,\\[\\] ]{0,200}") {
        drop((Live::read(&bytes), Live::read(text.as_bytes())));
    }

    #[test]
    fn any_types_are_read_or_refused_without_a_panic(
        kind in "OBJECT|INTERFACE|UNION|ENUM|INPUT_OBJECT|SCALAR|X",
        name in "[A-Z_]{0,3}",
        other in "[A-Z]{0,2}",
        default in proptest::option::of(".{0,8}"),
        depth in 0usize..12,
    ) {
        let ty = json!({"kind": "OBJECT", "name": other});
        let argument = json!({"name": other, "type": wrapped(depth), "defaultValue": default});
        let field = json!({"name": name, "type": ty, "args": [argument]});
        let own = json!({"kind": kind, "name": name, "fields": [field], "interfaces": [ty], "possibleTypes": [ty],
            "enumValues": [{"name": other}], "inputFields": [argument]});
        drop(Live::read(of(&json!([own])).to_string().as_bytes()));
    }
}
