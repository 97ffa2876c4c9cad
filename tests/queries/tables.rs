//! Tables: they fit, they cut text and not ids, and nothing in them drives a terminal.

use std::process::{Command, Stdio};

use serde_json::json;

use super::platform::{home, page, sandbox};
use crate::support::program::{Home, skip};
use crate::support::server::Server;

/// What a terminal of this width gets to see of the program; `None` where there is no `script` to make one.
pub(crate) fn on_a_terminal(home: &Home, width: u16, args: &str) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        skip("script (util-linux) is missing");
        return None;
    }
    let program = env!("CARGO_BIN_EXE_guuru");
    let mut command = Command::new("script");
    command.args(["-qec", &format!("stty cols {width}; {program} {args}"), "/dev/null"]);
    let ours = home.command([""; 0]);
    let environment = ours.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().envs(environment).env("PATH", path).env("TERM", "xterm").stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn width(line: &str) -> usize {
    line.trim_end_matches('\r').chars().count()
}

#[test]
fn a_table_fits_and_cuts_text_but_not_ids() {
    let (_sandbox, home) = sandbox();
    let ids: Vec<_> = (1..=14).rev().map(|n| format!("c-{n}")).collect();
    for columns in [40, 80, 200] {
        let home = Home::new().with("GUURU_ENDPOINT", &endpoint(&home)).with("COLUMNS", &columns.to_string());
        let table = home.run(["chat", "list", "-o", "table"]).ok().stdout;
        assert_eq!(table.lines().count(), 15, "{table}");
        assert!(table.lines().all(|line| width(line) <= columns), "{columns}:\n{table}");
        let firsts: Vec<_> = table.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
        assert_eq!(firsts, ids);
        assert_eq!(table.contains('…'), columns < 200, "{columns}:\n{table}");
    }
}

fn endpoint(home: &Home) -> String {
    let command = home.command([""; 0]);
    let found = command.get_envs().find(|(name, _)| *name == "GUURU_ENDPOINT").unwrap().1.unwrap();
    found.to_str().unwrap().to_owned()
}

#[test]
fn where_no_terminal_limits_it_nothing_is_cut_and_times_are_exact() {
    let (_sandbox, home) = sandbox();
    let table = home.run(["chat", "list", "-o", "table", "--limit", "1"]).ok().stdout;
    assert!(table.contains("When does the shop in Bern open?  Eve"), "{table}");
    assert!(table.contains("2026-01-14T00:00:00.000Z"), "{table}");
    assert!(table.starts_with(" ID    STATUS  QUESTION"), "{table}");
}

#[test]
fn a_terminal_gets_a_table_that_fits_it_with_times_as_people_say_them() {
    let (_sandbox, home) = sandbox();
    for columns in [40, 80, 200] {
        let Some(seen) = on_a_terminal(&home, columns, "chat list --limit 3") else { return };
        let lines: Vec<_> = seen.lines().filter(|line| line.contains("c-1")).collect();
        assert_eq!(lines.len(), 3, "{seen}");
        assert!(lines.iter().all(|line| width(line) <= columns.into()), "{columns}:\n{seen}");
        assert!(!seen.contains("2026-01-14T"), "{seen}");
        assert!(columns < 200 || seen.contains(" ago"), "{seen}");
    }
}

#[test]
fn a_terminal_gets_the_response_of_api_indented() {
    let (_sandbox, home) = sandbox();
    let Some(seen) = on_a_terminal(&home, 80, "api '{ partner { id } }'") else { return };
    assert!(seen.contains("{\r\n  \"data\": {\r\n    \"partner\": {\r\n      \"id\": \"partner-1\"\r\n"), "{seen:?}");
}

#[test]
fn text_of_strangers_stays_on_its_line_and_visible() {
    let question = format!("\u{1b}]0;owned\u{7}\u{1b}[2J\n\u{202e}gnp.exe{}", "\u{0301}".repeat(50));
    let chat = json!({"id": "c-1\u{9b}A", "question": question, "user": {"name": "\r\u{8}Eve"}});
    let server = Server::always(move |_| page(&[json!({"cursor": "x\u{1b}", "node": chat})], true, Some("x\u{1b}[")));
    let home = home(&server);
    for args in [["chat", "list", "--limit", "1", "-o", "table"], ["chat", "show", "c-1\u{9b}A", "-o", "table", "-q"]] {
        let run = home.run(args).ok();
        for shown in [&run.stdout, &run.stderr] {
            assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
        }
        assert!(run.stdout.contains("\\u{1b}]0;owned\\u{7}\\u{1b}[2J\\n\\u{202e}gnp.exe"), "{run:?}");
    }
    assert_eq!(
        home.run(["chat", "list", "--limit", "1", "--jq", ".[0].question"]).ok().stdout,
        format!("{question}\n")
    );
}

#[test]
fn json_on_a_terminal_hides_nothing_and_is_the_same_value() {
    let id = "a\u{9b}31m\u{202e}b\u{61c}\u{2028}c\u{200b}";
    let server = super::platform::partner(serde_json::json!({ "id": id }));
    let home = super::platform::home(&server);
    let piped = home.run(["partner"]).ok().stdout;
    assert_eq!(piped, format!("{{\"id\":\"{id}\"}}\n"));
    for args in
        ["partner -o json", "partner -o jsonl", "api '{ partner { id } }'", "partner --jq .id", "partner --jq ."]
    {
        let Some(seen) = on_a_terminal(&home, 80, args) else { return };
        assert!(seen.contains(r"a\u009b31m\u202eb\u061c\u2028c\u200b"), "{args}: {seen:?}");
    }
}

#[test]
fn an_error_hides_nothing_of_what_strangers_and_arguments_say() {
    let hidden = "x\u{1b}[2J\u{202e}\u{61c}\u{2029}\u{9b}\ny";
    let server = super::platform::partner(serde_json::json!({ "id": "p-1" }));
    let home = super::platform::home(&server);
    for args in [
        &["chat", "show", hidden][..],
        &["--profile", hidden, "partner"],
        &["persona", "show", hidden],
        &["chat", "close", "c-1", hidden],
        &["partner", "--jq", hidden],
        &["schema", "lines", hidden],
    ] {
        let run = home.run(args);
        assert_ne!(run.code, Some(0), "{run:?}");
        assert!(run.stderr.contains("error: ") && run.stderr.contains('x'), "{run:?}");
        assert!(
            !run.stderr.contains(|c: char| c != '\n' && (c.is_control() || "\u{202e}\u{61c}\u{2029}".contains(c))),
            "{run:?}"
        );
        assert!(run.stderr.lines().all(|line| line.starts_with("error: ") || line.starts_with("hint: ")), "{run:?}");
    }
}
