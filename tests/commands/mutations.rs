//! One command for each mutation: what is sent, what is printed, what is remembered.

use serde_json::{Value, json};

use super::platform::{home, obliging, operations, variables};
use crate::support::program::{Home, TOKEN};
use crate::support::server::{Answer, Server};

#[test]
fn every_mutation_has_its_command() {
    let server = obliging();
    let home = home(&server);
    let full = ["--email", "ada@example.com", "--photo", "https://example.com/ada.png"];
    let cases: [(&[&str], &str, Value); 7] = [
        (
            &["persona", "create", "--provider-id", "agent-42", "--name", "Ada", full[0], full[1], full[2], full[3]],
            "PersonaCreate",
            json!({"providerId": "agent-42", "name": "Ada", "email": full[1], "photo": full[3]}),
        ),
        (&["chat", "accept", "c-1", "--persona", "p-7"], "ChatAccept", json!({"chat": "c-1", "persona": "p-7"})),
        (
            &["chat", "send", "c-1", "Hello!", "--persona", "p-8"],
            "ChatSend",
            json!({"chat": "c-1", "persona": "p-8", "text": "Hello!"}),
        ),
        (&["chat", "close", "c-1", "--persona", "p-8"], "ChatClose", json!({"chat": "c-1", "persona": "p-8"})),
        (&["chat", "open", "c-1", "--persona", "p-8"], "ChatOpen", json!({"chat": "c-1", "persona": "p-8"})),
        (&["submission", "approve", "s-3"], "SubmissionApprove", json!({"submission": "s-3"})),
        (&["submission", "reject", "s-6"], "SubmissionReject", json!({"submission": "s-6"})),
    ];
    for (args, operation, sent) in cases {
        let run = home.run(args).ok();
        assert!(run.json()["id"].is_string(), "{run:?}");
        assert_eq!(run.stderr, "", "{args:?}");
        assert_eq!(operations(&server).last().unwrap(), operation);
        assert_eq!(variables(&server), sent, "{args:?}");
    }
}

#[test]
fn the_persona_that_accepted_a_chat_acts_in_it_from_then_on() {
    let server = obliging();
    let home = home(&server);
    home.run(["chat", "accept", "c-1", "--provider-id", "agent-42", "--name", "Ada"]).ok();
    home.run(["chat", "accept", "c-2", "--persona", "p-7"]).ok();
    for (chat, persona) in [("c-1", "p-agent-42"), ("c-2", "p-7")] {
        for args in [&["send", chat, "Hello!"][..], &["close", chat], &["open", chat]] {
            home.run([&["chat"], args].concat()).ok();
            assert_eq!(variables(&server)["persona"], persona, "{args:?}");
        }
    }
    home.run(["chat", "close", "c-3"]).ok();
    assert_eq!(variables(&server), json!({"chat": "c-3"}));
}

#[test]
fn an_accepted_chat_comes_with_its_messages_so_far() {
    let chat = json!({"id": "c-1", "status": "opened", "user": {"name": "Eve"}, "messages": [
        {"id": "m-1", "text": "Does it fit?", "author": {"id": "user", "name": "Eve"}},
        {"id": "m-2", "attachment": "https://example.com/a.png", "author": {"id": "user"}},
    ]});
    let answer = chat.clone();
    let server = Server::always(move |_| Answer::json(200, &json!({"data": {"acceptChat": answer}})));
    let accept = ["chat", "accept", "c-1", "--persona", "p-1"];
    assert_eq!(home(&server).run(accept).ok().json(), chat);
    let table = home(&server).run([&accept[..], &["-o", "table"]].concat()).ok();
    assert_eq!(table.stdout, "c-1  opened  Eve\nEve: Does it fit?\nuser: https://example.com/a.png\n");
}

#[test]
fn text_of_strangers_is_made_visible_in_a_table_and_is_unchanged_in_json() {
    let text = "red \u{1b}[31m\u{202e}\r\nbell \u{7}";
    let chat = json!({"id": "c-1\u{1b}c", "status": "open\u{8}", "user": {"name": "E\u{1b}ve"},
        "messages": [{"id": "m-1", "text": text, "author": {"name": "E\u{9b}ve"}}]});
    let answer = chat.clone();
    let server = Server::always(move |_| Answer::json(200, &json!({"data": {"acceptChat": answer}})));
    let accept = ["chat", "accept", "c-1\u{1b}c", "--persona", "p-1"];
    let table = home(&server).run([&accept[..], &["-o", "table"]].concat()).ok().stdout;
    assert!(table.contains("red \\u{1b}[31m\\u{202e}\\r\\nbell \\u{7}"), "{table}");
    assert!(table.chars().all(|c| c == '\n' || !c.is_control()), "{table:?}");
    assert_eq!(home(&server).run([&accept[..], &["-o", "json"]].concat()).ok().json(), chat);
}

#[test]
fn the_table_form_of_every_mutation_is_short() {
    let server = obliging();
    let home = home(&server);
    for (args, text) in [
        (&["persona", "create", "--provider-id", "a", "--name", "Ada"][..], "p-a\n"),
        (&["chat", "send", "c-1", "Hello!"], "m-10\n"),
        (&["chat", "close", "c-1"], "c-1  closed\n"),
        (&["submission", "approve", "s-3"], "s-3: approved\n"),
    ] {
        assert_eq!(home.run([args, &["-o", "table"]].concat()).ok().stdout, text);
        assert_eq!(home.run([args, &["-o", "jsonl"]].concat()).ok().stdout.lines().count(), 1);
    }
}

#[test]
fn an_attachment_is_an_absolute_link_and_may_go_with_a_text() {
    let server = obliging();
    let home = home(&server);
    let link = "https://example.com/a.pdf?x=1#2";
    home.run(["chat", "send", "c-1", "--attachment", link]).ok();
    assert_eq!(variables(&server), json!({"chat": "c-1", "attachment": link}));
    home.run(["chat", "send", "c-1", "See:", "--attachment", link]).ok();
    assert_eq!(variables(&server), json!({"chat": "c-1", "text": "See:", "attachment": link}));
    for link in ["a.pdf", "/a.pdf", "//example.com/a.pdf", "file:///etc/passwd", "javascript:alert(1)", "https://", ""]
    {
        home.run(["chat", "send", "c-1", "--attachment", link]).failed(2, "error: ");
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_dry_run_prints_each_request_and_sends_none() {
    let server = Server::script([]);
    let home = home(&server);
    let run = home.run(["chat", "accept", "c-1", "--provider-id", "agent-42", "--name", "Ada", "--dry-run", "-v"]).ok();
    assert!(!format!("{run:?}").contains(TOKEN));
    let calls: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0]["operationName"], "PersonaCreate");
    assert_eq!(calls[0]["variables"], json!({"providerId": "agent-42", "name": "Ada"}));
    assert_eq!((&calls[1]["operationName"], &calls[1]["variables"]["chat"]), (&json!("ChatAccept"), &json!("c-1")));
    assert!(calls[1]["query"].as_str().unwrap().starts_with("mutation ChatAccept"));
    home.run(["chat", "send", "c-1", "", "--dry-run"]).failed(2, "the message is empty");
}

#[test]
fn a_dry_run_needs_no_token() {
    let run = Home::bare().run(["chat", "close", "c-1", "--persona", "p-1", "--dry-run"]).ok();
    assert_eq!(run.json()["variables"], json!({"chat": "c-1", "persona": "p-1"}));
}

#[test]
fn a_value_that_a_script_forgot_to_set_is_a_usage_error_and_nothing_is_sent() {
    let server = Server::script([]);
    for (args, name) in [
        (&["persona", "create", "--provider-id", "", "--name", "Ada"][..], "provider id"),
        (&["persona", "create", "--provider-id", "agent-42", "--name", ""], "name"),
        (&["chat", "accept", "", "--persona", "p-1"], "chat's id"),
        (&["chat", "accept", "c-1", "--persona", ""], "persona's id"),
        (&["chat", "accept", "c-1", "--provider-id", "", "--name", "Ada"], "provider id"),
        (&["chat", "accept", "c-1", "--provider-id", "agent-42", "--name", ""], "name"),
        (&["chat", "send", "", "Hello!"], "chat's id"),
        (&["chat", "close", ""], "chat's id"),
        (&["chat", "open", "c-1", "--persona", ""], "persona's id"),
        (&["submission", "approve", ""], "submission's id"),
    ] {
        home(&server).run(args).failed(2, &format!("the {name} is empty\nhint: is a variable"));
    }
}

#[test]
fn a_chat_is_accepted_by_somebody() {
    let home = Home::new();
    let run = home.run(["chat", "accept", "c-1"]).failed(2, "<--persona <ID>|--provider-id <ID>>");
    assert!(run.stderr.contains("usage: guuru chat accept [OPTIONS] <CHAT>"), "{run:?}");
    for more in [&["--provider-id", "agent-42"][..], &["--name", "Ada"]] {
        home.run([&["chat", "accept", "c-1", "--persona", "p-1"], more].concat()).failed(2, "cannot be used with");
    }
}

#[test]
fn a_request_without_any_time_is_a_usage_error_and_not_an_unknown_outcome() {
    home(&Server::script([])).run(["chat", "close", "c-1", "--timeout", "0"]).failed(2, "no time at all");
}

#[test]
fn what_a_503_hides_is_seen_in_the_chat_and_told() {
    let server = Server::always(|request| {
        let call = request.json();
        let chat = |chat: Value| {
            let page = json!({"edges": [{"node": chat}], "pageInfo": {"hasNextPage": false, "endCursor": null}});
            Answer::json(200, &json!({"data": {"partner": {"chats": page}}}))
        };
        match call["operationName"].as_str().unwrap() {
            "ChatList" => chat(json!({"id": "c-1", "status": "closed"})),
            "ChatMessages" => {
                let message =
                    json!({"id": "m-1", "text": "Hello!", "createdAt": guuru::store::now(), "author": {"id": "p-1"}});
                chat(json!({"id": "c-1", "messages": [message]}))
            }
            _ => Answer::new(503, "").header("Retry-After", "0"),
        }
    });
    let home = home(&server);
    for (args, id) in
        [(&["chat", "close", "c-1"][..], "c-1"), (&["chat", "send", "c-1", "Hello!", "--persona", "p-1"], "m-1")]
    {
        let run = home.run(args).ok();
        assert_eq!((&run.json()["id"], &run.json()["settled"]), (&json!(id), &json!(true)), "{run:?}");
        assert!(run.stderr.contains("a look at the chat did"), "{run:?}");
    }
    assert_eq!(operations(&server), ["ChatClose", "ChatList", "ChatSend", "ChatMessages"]);
    // Without the store another message might pass for it.
    home.run(["chat", "send", "c-1", "Hello!", "--persona", "p-1", "--stateless"]).failed(9, "unknown");
}
