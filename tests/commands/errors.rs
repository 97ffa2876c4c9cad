//! Every exit code and the form of every error: words for people, one line of JSON for programs, and nothing on stdout.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};

use super::platform::{home, oblige, obliging, refusing, unused_address};
use crate::support::program::{Finished, Home, TOKEN, eventually};
use crate::support::server::{Answer, Server, reply, step};

/// What an error line says.
#[track_caller]
fn told(run: &Finished) -> Value {
    assert_eq!((run.stdout.as_str(), run.stderr.lines().count()), ("", 1), "{run:?}");
    serde_json::from_str::<Value>(&run.stderr).unwrap_or_else(|error| panic!("{error}: {run:?}"))["error"].take()
}

/// The command fails with this code, says so in both forms, and never tells the token.
#[track_caller]
fn fails(home: &Home, args: &[&str], code: i32, kind: &str) -> Value {
    let run = home.run(args);
    assert!(run.stderr.lines().any(|line| line.starts_with("error: ")), "{run:?}");
    let run = run.failed(code, "");
    assert!(!run.stderr.contains(TOKEN), "{run:?}");
    let run = home.run([args, &["-q", "-o", "jsonl"]].concat());
    assert_eq!(run.code, Some(code), "{run:?}");
    let error = told(&run);
    assert_eq!((&error["kind"], &error["exitCode"]), (&json!(kind), &json!(code)), "{error}");
    assert!(!error["message"].as_str().unwrap().is_empty() && !error.to_string().contains(TOKEN), "{error}");
    error
}

#[test]
fn a_failure_without_a_code_of_its_own_is_1() {
    fails(&Home::new(), &["persona", "show", "nobody"], 1, "failure");
}

#[test]
fn wrong_arguments_are_2_and_json_names_what_is_missing() {
    let error = fails(&Home::new(), &["persona", "create", "--provider-id", "agent-42"], 2, "usage");
    assert!(error["message"].as_str().unwrap().contains("--name"), "{error}");
    let error = fails(&Home::new(), &["chat", "sned"], 2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("'send'"), "{error}");
    let run = Home::new().with("GUURU_OUTPUT", "json").run(["chat", "close"]);
    assert_eq!(told(&run)["kind"], "usage");
    for form in [&["-ojson"][..], &["--output=json"], &["-o=json"]] {
        assert_eq!(told(&Home::new().run([form, &["chat", "close"]].concat()))["exitCode"], 2);
    }
    Home::new().with("GUURU_OUTPUT", "json").run(["chat", "close", "-o", "table"]).failed(2, "error: the following");
}

#[test]
fn a_mistake_on_the_command_line_is_told_as_every_other_error_is() {
    for (args, message, hint) in [
        (&["chta"][..], "unrecognized subcommand 'chta'", "'chat'; `guuru --help` says more"),
        (&["chat", "sned"], "unrecognized subcommand 'sned'", "'send'; `guuru chat --help` says more"),
        (&["listen", "--adr", "x"], "unexpected argument '--adr' found", "'--addr'; `guuru listen --help` says more"),
        (
            &["chat", "close"],
            "were not provided: <CHAT>",
            "usage: guuru chat close <CHAT>; `guuru chat close --help` says",
        ),
        (&["schema", "lines", "evnt"], "possible values: event, command, result", "a similar value exists: 'event'"),
    ] {
        let run = Home::bare().run(args).failed(2, "error: ");
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert!(lines.len() == 2 && lines[0].contains(message) && lines[1].contains(hint), "{run:?}");
        assert!(lines[1].starts_with("hint: "), "{run:?}");
    }
    let error = told(&Home::bare().run(["chat", "-o", "json"]));
    assert!(error["message"].as_str().unwrap().contains("requires a subcommand"), "{error}");
}

#[test]
fn the_usage_has_nothing_that_the_environment_sets() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.1:9/graphql").with("GUURU_PROFILE", "work");
    home.run(["chat", "close"]).failed(2, "hint: usage: guuru chat close <CHAT>; ");
    home.run(["sandbox", "--rate", "1"]).failed(2, "hint: usage: guuru sandbox --chats <N> --rate <R>; ");
}

#[test]
fn who_types_a_noun_alone_is_shown_its_help_whatever_the_environment_sets() {
    for (variable, value) in [
        ("GUURU_OUTPUT", "json"),
        ("GUURU_PROFILE", "work"),
        ("GUURU_ENDPOINT", "http://127.0.0.1:9/graphql"),
        ("GUURU_OUTPUT", "xml"),
    ] {
        for words in [&[][..], &["chat"], &["auth", "secret"]] {
            let shown = Home::bare().run(words);
            let run = Home::bare().with(variable, value).run(words);
            assert!(shown.stderr.contains("Usage:") && shown.code == Some(2), "{shown:?}");
            assert_eq!(
                (run.code, run.stdout, run.stderr),
                (shown.code, shown.stdout, shown.stderr),
                "{variable} {words:?}"
            );
        }
    }
}

#[test]
fn a_table_of_what_is_written_as_lines_is_a_usage_error() {
    for args in [&["listen"][..], &["events", "tail"], &["batch"], &["bridge", "--", "true"]] {
        Home::new().run([&["-o", "table"], args].concat()).failed(2, "writes lines of JSON: there is no -o table");
    }
    Home::new().with("GUURU_OUTPUT", "table").run(["batch"]).ok();
}

#[test]
fn a_wrong_value_names_the_variable_that_it_comes_from() {
    for (variable, flag, value, wanted) in [
        ("GUURU_ENDPOINT", "--endpoint", "127.0.0.1:1", "want a whole address, such as https://"),
        ("GUURU_ENDPOINT", "--endpoint", "localhost:1/graphql", "want a whole address, such as https://"),
        ("GUURU_OUTPUT", "--output", "xml", "possible values: table, json, jsonl"),
    ] {
        let home = Home::new().with(variable, value);
        let error = format!("error: invalid value '{value}' in {variable}");
        assert!(home.run(["partner"]).failed(2, &error).stderr.contains(wanted));
        home.run(["partner", flag, "x"]).failed(2, "error: invalid value 'x' for '--");
    }
}

#[test]
fn a_missing_token_is_3_and_names_the_variable() {
    let home = Home::bare().with("GUURU_ENDPOINT", "http://127.0.0.1:9/graphql");
    let error = fails(&home, &["chat", "close", "c-1"], 3, "config");
    assert!(error["hint"].as_str().unwrap().contains("GUURU_TOKEN"), "{error}");
    let error = fails(&home, &["trigger", "chat-closed"], 3, "config");
    assert!(error["hint"].as_str().unwrap().contains("GUURU_WEBHOOK_SECRET"), "{error}");
}

#[test]
fn a_token_in_clear_text_is_3_and_never_sent() {
    for endpoint in ["http://api.example.com/graphql", "http://192.0.2.1/graphql", "ftp://127.0.0.1/"] {
        fails(&Home::new().with("GUURU_ENDPOINT", endpoint), &["chat", "close", "c-1"], 3, "config");
    }
}

#[test]
fn a_refusal_is_4_with_the_code_of_the_platform() {
    let server = refusing();
    let error = fails(&home(&server), &["chat", "close", "c-1"], 4, "refused");
    assert_eq!(error["code"], "CHAT_NOT_OPEN");
    assert_eq!(error["message"], "cannot close chat `c-1`: the platform refused: chat is not open (CHAT_NOT_OPEN)");
    assert_eq!(error["hint"], "`guuru chat list` shows how each chat stands");
}

#[test]
fn a_platform_that_is_not_there_is_5() {
    let endpoint = format!("http://{}/graphql", unused_address());
    let home = Home::new().with("GUURU_ENDPOINT", &endpoint);
    fails(&home, &["chat", "close", "c-1", "--retries", "0"], 5, "unavailable");
}

#[test]
fn a_token_that_is_not_accepted_is_6() {
    let server = Server::always(|_| Answer::new(401, format!("what is {TOKEN}?")));
    let error = fails(&home(&server), &["chat", "close", "c-1"], 6, "auth");
    assert!(error["hint"].as_str().unwrap().contains("GUURU_TOKEN"), "{error}");
}

#[test]
fn events_that_do_not_come_in_time_are_8() {
    let listen = ["listen", "--addr", "127.0.0.1:0", "--count", "1", "--timeout", "0.1"];
    fails(&Home::new(), &listen, 8, "timeout");
}

#[test]
fn a_lost_answer_is_9_and_tells_where_to_look() {
    let lost = || step(|connection| drop(connection.read()));
    let server = Server::script([lost(), lost()]);
    let error = fails(&home(&server), &["chat", "send", "c-1", "Hello!"], 9, "unknown");
    assert_eq!(error["hint"], "it may have taken effect: look at the chat before trying again");
}

#[test]
fn a_signal_during_a_request_ends_the_command_by_that_signal() {
    // What a script runs in the background inherits that SIGINT is ignored. A signal that is caught here is at its default in
    // the command; here it goes on doing what it does by default.
    signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, Arc::new(true.into())).unwrap();
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let server = Server::script([step(|connection| {
            connection.read();
            connection.wait_for_hang_up();
        })]);
        let home = home(&server);
        let mut child = home.command(["chat", "send", "c-1", "Hello!"]).spawn().unwrap();
        eventually("the request arrives", || server.requests().len() == 1);
        let kill = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        assert_eq!(child.wait().unwrap().signal(), Some(number));
    }
}

#[test]
fn a_command_that_is_wrong_or_not_set_up_leaves_no_store() {
    let server = Server::script([]);
    for (args, code) in [
        (&["chat", "accept", "c-1", "--provider-id", "new"][..], 2),
        (&["chat", "send", "c-1", "--attachment", "no link"], 2),
        (&["chat", "send", "c-1", ""], 2),
        (&["chat", "close", ""], 2),
    ] {
        let home = home(&server);
        assert_eq!(home.run(args).code, Some(code), "{args:?}");
        assert!(!home.store().exists(), "{args:?}");
        let nobody = Home::bare().with("GUURU_ENDPOINT", &server.url());
        nobody.run(["chat", "close", "c-1"]).failed(3, "token");
        assert!(!nobody.store().exists());
    }
}

#[test]
fn a_store_that_cannot_be_opened_is_3_and_nothing_is_sent() {
    let server = Server::script([]);
    let home = home(&server);
    std::fs::write(home.path().join("state"), "in the way").unwrap();
    let error = fails(&home, &["chat", "send", "c-1", "Hello!"], 3, "config");
    assert!(error["message"].as_str().unwrap().contains("state/default.db"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("GUURU_STATE_DIR"), "{error}");
    let server = obliging();
    home.run(["chat", "send", "c-1", "Hello!", "--stateless", "--endpoint", &server.url()]).ok();
}

#[test]
fn a_store_that_cannot_be_written_is_3_and_nothing_is_sent() {
    let server = Server::script([]);
    let home = home(&server);
    home.run(["persona", "list"]).ok();
    let store = rusqlite::Connection::open(home.store()).unwrap();
    store
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON sends BEGIN SELECT raise(ABORT, 'disk full'); END")
        .unwrap();
    let error = fails(&home, &["chat", "send", "c-1", "Hello!"], 3, "config");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("cannot send to chat `c-1`: nothing was sent: the store could not be written: disk full"),
        "{message}"
    );
}

#[test]
fn a_store_that_fails_after_the_platform_has_acted_is_a_warning() {
    for (table, change, args) in [
        ("sends", "UPDATE", &["chat", "send", "c-1", "Hello!"][..]),
        ("chats", "INSERT", &["chat", "accept", "c-1", "--persona", "p-1"]),
        ("personas", "INSERT", &["persona", "create", "--provider-id", "a", "--name", "A"]),
    ] {
        let server = obliging();
        let home = home(&server);
        home.run(["persona", "list"]).ok();
        let store = rusqlite::Connection::open(home.store()).unwrap();
        let sql = format!("CREATE TRIGGER f BEFORE {change} ON {table} BEGIN SELECT raise(ABORT, 'disk full'); END");
        store.execute_batch(&sql).unwrap();
        let run = home.run(args).ok();
        assert!(run.json()["id"].is_string());
        let warning = "warning: done, but the store could not be written: disk full";
        assert!(run.stderr.starts_with(warning) && run.stderr.lines().count() == 1, "{run:?}");
    }
}

#[test]
fn a_busy_platform_is_waited_for_and_said_so_unless_quiet() {
    for (more, said) in [(&[][..], "the platform is busy: HTTP 429, trying again in 0 s\n"), (&["-q"], "")] {
        let busy = reply(Answer::new(429, "").header("Retry-After", "0"));
        let then = step(|connection| {
            let request = connection.read();
            connection.answer(&oblige(&request));
        });
        let server = Server::script([busy, then]);
        let run = home(&server).run([&["chat", "close", "c-1"], more].concat()).ok();
        assert_eq!(run.stderr, said);
    }
}

#[test]
fn a_store_of_a_newer_version_says_to_upgrade() {
    let home = Home::new();
    home.run(["persona", "list"]).ok();
    rusqlite::Connection::open(home.store()).unwrap().pragma_update(None, "user_version", 1_000).unwrap();
    let error = fails(&home, &["persona", "list"], 3, "config");
    assert!(error["hint"].as_str().unwrap().starts_with("upgrade guuru"), "{error}");
}
