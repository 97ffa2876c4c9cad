//! `--jq`: what it makes of the JSON, and what it must not see.

use super::platform::{partner, sandbox};
use crate::support::program::{Home, SECRET, TOKEN};
use crate::support::server::{Answer, Server};

#[test]
fn text_is_written_as_it_is_and_anything_else_as_json() {
    let (_sandbox, home) = sandbox();
    let run = home.run(["chat", "list", "--limit", "2", "--jq", ".[] | .id, .rating, {status, id}"]).ok();
    let expected =
        "c-14\n4\n{\"status\":\"rated\",\"id\":\"c-14\"}\nc-13\nnull\n{\"status\":\"closed\",\"id\":\"c-13\"}\n";
    assert_eq!(run.stdout, expected);
    let time = "[.[] | .createdAt / 1000 | todate] | @csv";
    assert_eq!(home.run(["chat", "list", "--limit", "1", "--jq", time]).ok().stdout, "\"2026-01-14T00:00:00Z\"\n");
}

#[test]
fn lines_are_filtered_one_by_one_and_a_table_is_none() {
    let (_sandbox, home) = sandbox();
    let list = ["submission", "list", "--limit", "2", "--jq"];
    assert_eq!(home.run([&list[..], &[".id", "-o", "jsonl"]].concat()).ok().stdout, "s-1\ns-2\n");
    assert_eq!(home.run([&list[..], &["length", "-o", "table"]].concat()).ok().stdout, "2\n");
    let home = home.with("GUURU_OUTPUT", "table");
    assert_eq!(home.run([&list[..], &["length"]].concat()).ok().stdout, "2\n");
    assert_eq!(home.run(["partner", "--jq", ".id"]).ok().stdout, "partner-1\n");
}

#[test]
fn the_spelling_of_numbers_and_the_order_of_keys_stay() {
    let server =
        Server::always(|_| Answer::new(200, r#"{"data": {"z": 0.1000, "a": [1e2, 123456789012345678901234567890]}}"#));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    let run = home.run(["api", "{ z a }", "--jq", ".data"]).ok();
    assert_eq!(run.stdout, "{\"z\":0.1000,\"a\":[1e2,123456789012345678901234567890]}\n");
}

#[test]
fn the_environment_is_not_seen() {
    let (_sandbox, home) = sandbox();
    for expression in ["env", "$ENV", "[env, $ENV] | tostring", "env.GUURU_TOKEN, $ENV.GUURU_TOKEN, env.HOME"] {
        let run = home.run(["partner", "--jq", expression]).ok();
        assert!(!run.stdout.contains(TOKEN) && !run.stdout.contains(SECRET) && !run.stdout.contains('/'), "{run:?}");
    }
}

#[test]
fn an_expression_that_is_none_is_a_usage_error_before_anything_is_sent() {
    let server = Server::script([]);
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    for expression in ["", ".[", "nonsense", ".a |", "import \"x\" as x; ."] {
        let run = home.run(["chat", "close", "c-1", "--jq", expression]).failed(2, "is not understood");
        assert!(run.stderr.contains("hint: "), "{run:?}");
    }
    home.run(["listen", "--jq", "."]).failed(2, "--jq filters results");
    home.run(["batch", "--jq", "."]).failed(2, "--jq filters results");
}

#[test]
fn an_expression_that_does_not_fit_is_a_failure_and_nothing_is_shown() {
    let (_sandbox, home) = sandbox();
    home.run(["chat", "list", "--jq", ".[0].id, .id"]).failed(1, "--jq failed: ");
    let run = home.run(["submission", "approve", "s-3", "--jq", ".id.id"]).failed(1, "--jq failed: ");
    assert!(run.stderr.contains("hint: the command itself has succeeded"), "{run:?}");
    home.run(["chat", "list", "--jq", ".[0].id, halt_error"]).failed(1, "--jq failed: ");
    home.run(["chat", "list", "--jq", ".[0].id, error(\"no\")"]).failed(1, "no");
}

#[test]
fn on_an_error_nothing_is_filtered_and_nothing_is_shown() {
    let server = Server::always(|_| Answer::new(200, r#"{"errors":[{"message":"no","extensions":{"code":"NO"}}]}"#));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    for args in [&["partner"][..], &["chat", "list"], &["chat", "close", "c-1"], &["api", "{ a }"]] {
        home.run([args, &["--jq", "."]].concat()).failed(4, "no (NO)");
    }
}

#[test]
fn a_request_that_is_not_sent_is_filtered_too() {
    let run = Home::new().run(["chat", "close", "c-1", "--dry-run", "--jq", ".operationName, .variables.chat"]).ok();
    assert_eq!(run.stdout, "ChatClose\nc-1\n");
}

#[test]
fn text_of_strangers_cannot_drive_a_terminal_through_a_filter() {
    let server = partner(serde_json::json!({"id": "a\u{1b}[2Jb\tc\nd"}));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    assert_eq!(home.run(["partner", "--jq", ".id"]).ok().stdout, "a\u{1b}[2Jb\tc\nd\n");
    let Some(seen) = super::tables::on_a_terminal(&home, 80, "partner --jq .id") else { return };
    assert!(seen.contains("a\\u001b[2Jb\tc\r\nd"), "{seen:?}");
}

#[test]
fn an_expression_without_end_is_a_failure_and_not_the_end_of_the_program() {
    let server = partner(serde_json::json!({"id": "p-1"}));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    for expression in ["def f: f; f", "def f: 1 + f; f", "[range(infinite)]", "\"x\" * 1000000000"] {
        let run = home.run(["partner", "--jq", expression]).failed(1, "--jq failed: the expression takes more than ");
        assert!(run.stderr.contains("hint: the command itself has succeeded"), "{run:?}");
        assert_eq!(run.stderr.lines().count(), 2, "{run:?}");
    }
}

#[test]
fn a_filter_may_take_the_memory_that_its_document_needs() {
    let list: Vec<_> = (0..100_000).map(|n| serde_json::json!({"id": n, "text": "Hello!"})).collect();
    let server = partner(serde_json::json!({ "list": list }));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    let sorted = ".data.partner.list | map(.id) | sort_by(-.) | [length, .[0], add]";
    let run = home.run(["api", "{ partner { list { id text } } }", "--jq", sorted]).ok();
    assert_eq!(run.stdout, "[100000,99999,4999950000]\n");
}

#[test]
fn an_error_of_an_expression_does_not_tell_the_document() {
    let server = partner(serde_json::json!({"id": "secret ".repeat(500)}));
    let home = Home::new().with("GUURU_ENDPOINT", &server.url());
    for expression in [".id.x", "error(.)", "error({a: .})", ".id | tonumber"] {
        let run = home.run(["partner", "--jq", expression]).failed(1, "--jq failed: ");
        let told = run.stderr.lines().next().unwrap();
        assert!(told.chars().count() <= "error: --jq failed: ".len() + 80, "{expression}: {told}");
    }
}
