//! Values that JSON allows and few expect: half an emoji, and numbers that no machine number holds.

use serde_json::json;

use super::platform::{home, ids};
use crate::support::server::{Answer, Server};

/// A platform that answers every request with this value of `partner`, as text.
fn partner(partner: &'static str) -> Server {
    Server::always(move |_| Answer::new(200, format!(r#"{{"data":{{"partner":{partner}}}}}"#)))
}

const CHATS: &str = r#"{"chats":{"edges":[
    {"node":{"id":"c-1","question":"cut \ud83d","rating":1e999}},
    {"node":{"id":123456789012345678901234567890,"status":"open\ude00ed"}},
    {"node":{"id":123456789012345678901234567891,"rating":4.50,"createdAt":1e999}}],
    "pageInfo":{"hasNextPage":false,"endCursor":null}}}"#;

#[test]
fn half_an_emoji_or_a_huge_number_in_one_chat_hides_no_other() {
    let server = partner(CHATS);
    let run = home(&server).run(["chat", "list"]).ok();
    let list = run.json();
    assert_eq!(ids(&list), ["c-1", "123456789012345678901234567890", "123456789012345678901234567891"]);
    assert_eq!((&list[0]["question"], &list[1]["status"]), (&json!("cut \u{fffd}"), &json!("open\u{fffd}ed")));
    assert!(run.stdout.contains(r#""rating":4.50"#), "{run:?}");
    let server = Server::always(|request| {
        let about = if request.json()["operationName"] == "ChatMessages" { MESSAGES } else { CHATS };
        Answer::new(200, format!(r#"{{"data":{{"partner":{about}}}}}"#))
    });
    let shown = home(&server).run(["chat", "show", "123456789012345678901234567891"]).ok().json();
    assert_eq!(shown["messages"][0]["text"], "\u{fffd}");
}

const MESSAGES: &str = r#"{"chats":{"edges":[{"node":{"id":123456789012345678901234567891,
    "messages":[{"id":"m-1","text":"\ud83d"}]}}],"pageInfo":{"hasNextPage":false,"endCursor":null}}}"#;

#[test]
fn a_mutation_that_took_effect_is_done_whatever_its_answer_holds() {
    for value in [
        r#"{"id":"c-1","question":"cut \ud83d","messages":[{"id":"m-1","text":"\ude00"}]}"#,
        r#"{"id":"c-1","rating":1e999,"createdAt":-1e999}"#,
        r#"{"id":"c-1","question":"\ud83d\ud83d\ude00","closedAt":123456789012345678901234567890}"#,
    ] {
        let server = Server::always(move |_| Answer::new(200, format!(r#"{{"data":{{"acceptChat":{value}}}}}"#)));
        let run = home(&server).run(["chat", "accept", "c-1", "--persona", "p-1"]).ok();
        assert_eq!(run.json()["id"], "c-1");
    }
    let latin =
        Server::always(|_| Answer::new(200, b"{\"data\":{\"closeChat\":{\"id\":\"c-1\",\"status\":\"\xfc\"}}}"));
    assert_eq!(home(&latin).run(["chat", "close", "c-1"]).ok().json()["status"], "\u{fffd}");
}

#[test]
fn a_response_is_printed_byte_for_byte_and_filtered() {
    let body = r#"{"data":{"a":"cut \ud83d","n":[1e999,-0,1E5,123456789012345678901234567890]}}"#;
    let server = Server::always(move |_| Answer::new(200, body));
    let home = home(&server);
    assert_eq!(home.run(["api", "{ a n }"]).ok().stdout, format!("{body}\n"));
    let run = home.run(["api", "{ a n }", "--jq", ".data.a, .data.n"]).ok();
    assert_eq!(run.stdout, "cut \u{fffd}\n[1e999,-0,1E5,123456789012345678901234567890]\n");
}

#[test]
fn a_typed_variable_is_sent_as_it_is_spelled() {
    let server = Server::always(|_| Answer::json(200, &json!({"data": {"a": 1}})));
    let home = home(&server);
    for number in ["1234e3", "12345678901234567890123", "-0", "1.50", "1E-2", "1e999"] {
        home.run(["api", "query($n: Any) { a(n: $n) }", "-F", &format!("n={number}")]).ok();
        let body = String::from_utf8(server.requests().last().unwrap().body.clone()).unwrap();
        assert!(body.ends_with(&format!(r#""variables":{{"n":{number}}}}}"#)), "{body}");
    }
}
