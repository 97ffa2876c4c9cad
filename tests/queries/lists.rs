//! The documented queries against the sandbox: 14 chats, 23 experts, 12 submissions.

use serde_json::json;

use super::platform::{ids, sandbox};

#[test]
fn the_partner_is_shown() {
    let (_sandbox, home) = sandbox();
    let expected = json!({"id": "partner-1", "state": {"chat": {"isAvailable": true}}});
    assert_eq!(home.run(["partner"]).ok().json(), expected);
    assert_eq!(home.run(["partner", "-o", "table"]).ok().stdout, "partner-1  chat is available\n");
}

#[test]
fn chats_come_newest_first_unless_the_oldest_are_wanted() {
    let (_sandbox, home) = sandbox();
    let all = home.run(["chat", "list", "--all"]).ok();
    let mut expected: Vec<_> = (1..=14).map(|n| format!("c-{n}")).collect();
    assert_eq!(ids(&home.run(["chat", "list", "--all", "--order", "asc"]).ok().json()), expected);
    expected.reverse();
    assert_eq!((ids(&all.json()), all.stderr.as_str()), (expected.iter().map(String::as_str).collect(), ""));
    let chat = &all.json()[0];
    assert_eq!((&chat["createdAt"], &chat["rating"]), (&json!(1_768_348_800_000_i64), &json!(4)));
    assert_eq!(chat["user"], json!({"name": "Eve", "email": "eve@example.com"}));
}

#[test]
fn a_limited_run_says_where_to_go_on() {
    let (_sandbox, home) = sandbox();
    let mut seen = Vec::new();
    let mut more = Vec::new();
    loop {
        let run = home.run([&["chat", "list", "--limit", "4", "--jq", ".[].id"][..], &more].concat()).ok();
        seen.extend(run.stdout.lines().map(ToOwned::to_owned));
        let Some(flags) = run.stderr.strip_prefix("more: ") else { break };
        more = flags.trim().split(' ').map(|flag| &*Box::leak(flag.to_owned().into_boxed_str())).collect();
    }
    assert_eq!(seen, (1..=14).rev().map(|n| format!("c-{n}")).collect::<Vec<_>>());
    let quiet = home.run(["chat", "list", "--limit", "4", "-q"]).ok();
    assert_eq!((ids(&quiet.json()).len(), quiet.stderr.as_str()), (4, ""));
}

#[test]
fn chats_of_a_status_are_read_until_there_are_enough() {
    let (_sandbox, home) = sandbox();
    let closed = ["chat", "list", "--status", "closed", "--jq", ".[].id"];
    assert_eq!(home.run(closed).ok().stdout, "c-13\nc-8\nc-4\n");
    let two = home.run([&closed[..], &["--limit", "2"]].concat()).ok();
    assert_eq!(two.stdout, "c-13\nc-8\n");
    let cursor = two.stderr.trim().strip_prefix("more: --cursor ").unwrap();
    assert_eq!(home.run([&closed[..], &["--cursor", cursor]].concat()).ok().stdout, "c-4\n");
    let nonsense = home.run(["chat", "list", "--status", "opend"]).ok();
    assert_eq!(nonsense.stdout, "[]\n");
    let said = nonsense.stderr.strip_prefix("warning: no chat has the status `opend` (there are ").unwrap();
    assert!(said.contains("rated") && said.contains("did you mean `opened`?"), "{nonsense:?}");
}

#[test]
fn chats_are_chosen_by_when_they_began() {
    let (_sandbox, home) = sandbox();
    let list = |args: &[&str]| home.run([&["chat", "list", "--jq", ".[].id"], args].concat()).ok().stdout;
    assert_eq!(list(&["--since", "2026-01-13"]), "c-14\nc-13\n");
    assert_eq!(list(&["--since", "2026-01-02", "--until", "2026-01-03T00:00:00Z"]), "c-3\nc-2\n");
    assert_eq!(list(&["--until", "2026-01-01T01:00:00+01:00"]), "c-1\n");
    assert_eq!(list(&["--since", "5m"]), "");
    home.run(["chat", "list", "--since", "5m", "--until", "1h"]).failed(2, "--since is later than --until");
    home.run(["chat", "list", "--since", "yesterday"]).failed(2, "--since");
}

#[test]
fn experts_and_submissions_are_listed() {
    let (_sandbox, home) = sandbox();
    let experts = home.run(["expert", "list", "--all", "-o", "jsonl"]).ok();
    assert_eq!((experts.stdout.lines().count(), experts.stdout.contains(r#"{"id":"api","name""#)), (23, true));
    let submissions = home.run(["submission", "list"]).ok().json();
    assert_eq!(ids(&submissions).len(), 12);
    assert_eq!(submissions[2], json!({"id": "s-3", "status": "pending"}));
}

#[test]
fn a_cursor_that_the_platform_does_not_know_is_refused() {
    let (_sandbox, home) = sandbox();
    let run = home.run(["expert", "list", "--cursor=-nonsense"]).failed(4, "cannot list experts: the platform refused");
    assert!(run.stderr.contains("BAD_USER_INPUT"), "{run:?}");
}

#[test]
fn a_limit_of_nothing_and_a_limit_on_all_are_usage_errors() {
    let (_sandbox, home) = sandbox();
    home.run(["chat", "list", "--limit", "0"]).failed(2, "--limit");
    home.run(["chat", "list", "--limit", "3", "--all"]).failed(2, "--all");
}
