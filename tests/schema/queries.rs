//! The queries adapt as the mutations do: synced before, or healed on a refusal.

use serde_json::{Value, json};

use super::platform::{Platform, SAID, SERVERS, Server};
use crate::support::program::TOKEN;
use crate::support::server::{Answer, Server as Proxy};

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|element| element["id"].as_str().unwrap()).collect()
}

fn texts(chat: &Value) -> Vec<&str> {
    chat["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

/// All servers with this revision, synced and not.
fn everywhere(revision: &str, check: impl Fn(&Platform, Server)) {
    for server in SERVERS {
        for synced in [true, false] {
            let Some(platform) = Platform::start(server, revision) else { break };
            if synced {
                platform.home.run(["schema", "sync"]).ok();
            }
            check(&platform, server);
        }
    }
}

#[test]
fn chats_are_listed_under_any_known_name_and_shape_of_the_list() {
    for revision in ["lists", "partner"] {
        everywhere(revision, |platform, server| {
            let run = |args: &[&str]| platform.home.run([&["chat", "list"], args].concat()).ok();
            let newest = run(&["--all"]).json();
            let chat = newest.as_array().unwrap().iter().find(|chat| chat["id"] == *platform.chat).unwrap();
            assert_eq!((&chat["status"], chat["createdAt"].is_i64()), (&json!("assigned"), true), "{revision}");
            assert!(chat["question"].is_string(), "{revision}: {chat}");
            let mut oldest = run(&["--all", "--order", "asc"]).json();
            oldest.as_array_mut().unwrap().reverse();
            if revision == "lists" {
                assert_eq!(ids(&oldest), ids(&newest), "{server:?}");
            }
            let two = run(&["--limit", "2"]);
            let cursor = two.stderr.lines().find_map(|line| line.strip_prefix("more: --cursor ")).unwrap();
            let rest = run(&["--all", "--cursor", cursor]).json();
            assert_eq!([ids(&two.json()), ids(&rest)].concat(), ids(&newest), "{revision}, {server:?}");
        });
    }
}

#[test]
fn chats_are_chosen_by_dates_as_the_endpoint_has_them() {
    everywhere("lists", |platform, server| {
        let run = |args: &[&str]| platform.home.run([&["chat", "list"], args].concat());
        let all = run(&["--all"]).ok().json();
        let last = all[0]["createdAt"].as_i64().unwrap();
        let since = jiff::Timestamp::from_millisecond(last).unwrap().to_string();
        assert_eq!(ids(&run(&["--since", &since]).ok().json()), [all[0]["id"].as_str().unwrap()], "{server:?}");
    });
}

#[test]
fn a_choice_that_the_list_does_not_take_is_an_error() {
    everywhere("partner", |platform, _| {
        // The first run may adapt.
        platform.home.run(["chat", "list"]).ok();
        let failed = platform.home.run(["chat", "list", "--since", "7d"]).failed(2, "cannot be told `since`");
        assert!(failed.stderr.contains("hint: leave --since out"), "{failed:?}");
    });
}

#[test]
fn a_chat_is_shown_with_all_its_messages() {
    for revision in ["lists", "partner", "snake", "connection", "interfaces"] {
        everywhere(revision, |platform, server| {
            let shown = platform.home.run(["chat", "show", &platform.chat]).ok().json();
            assert_eq!(texts(&shown), SAID, "{revision}, {server:?}");
        });
    }
}

#[test]
fn the_partner_and_a_list_without_pages_are_read() {
    everywhere("lists", |platform, server| {
        assert_eq!(platform.home.run(["partner"]).ok().json(), json!({"id": "partner-1"}), "{server:?}");
        let experts = platform.home.run(["expert", "list", "--limit", "2"]).ok().json();
        assert!(experts[0]["name"].is_string() && ids(&experts).len() == 2, "{server:?}: {experts}");
        let missing = platform.home.run(["submission", "list"]).failed(4, "cannot list submissions: ");
        assert!(missing.stderr.contains("the schema has no list of submissions"), "{missing:?}");
    });
}

#[test]
fn check_and_explain_cover_the_queries() {
    let Some(platform) = Platform::start(Server::GraphqlJs, "lists") else { return };
    let failed = platform.home.run(["schema", "check"]).failed_with_result(4, "operations do not fit the schema: ");
    assert!(
        failed.stderr.contains("ChatList: ") && failed.stderr.contains("type `Query` does not have a field `partner`"),
        "{failed:?}"
    );
    let explained = platform.home.run(["schema", "sync", "--explain", "-o", "table"]).ok();
    for line in [
        "  first → limit: certain; `limit` is one of its names, and `Int` one of its types",
        "  direction → sort: certain; `sort` is one of its names, and `Sort` one of its types",
        "  since → createdAfter: certain; `createdAfter` is one of its names, and `DateTime` one of its types",
        "  chats ← conversations",
        "  status ← state",
    ] {
        assert!(explained.stdout.lines().any(|it| it == line), "{line:?} is not in {}", explained.stdout);
    }
    assert!(explained.stderr.contains("the schema has no list of submissions"), "{explained:?}");
    // What the schema has no list for cannot work; everything else does.
    platform
        .home
        .run(["schema", "check"])
        .failed_with_result(4, "1 of 13 operations do not fit the schema: SubmissionList\n");
}

#[test]
fn a_query_by_hand_needs_its_variables_names_alone() {
    let Some(platform) = Platform::start(Server::GraphqlJs, "lists") else { return };
    platform.home.run(["chat", "list"]).ok();
    let folder = platform.home.path().join("config/schema/default");
    let folder = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let mine = "query Mine($first: Int) { account { conversations(limit: $first, sort: ASC) { items { id status: state } } } }";
    std::fs::write(folder.join("ChatList.graphql"), mine).unwrap();
    let listed = platform.home.run(["chat", "list", "--limit", "1"]).ok().json();
    assert_eq!(listed, json!([{"id": "1", "status": "assigned"}]));
    std::fs::write(folder.join("ChatList.graphql"), "mutation M { a }").unwrap();
    platform.home.run(["chat", "list"]).failed(3, "it must hold one query");
}

/// A way to the server on which the answer to a message is lost, and, unless `shows_all`, all but a chat's first messages.
fn lossy(platform: &Platform, shows_all: bool) -> Proxy {
    let endpoint = platform.endpoint.clone();
    // It needs no certificates for this machine.
    let client = guuru::http::builder().no_proxy().tls_certs_only([]).build().unwrap();
    Proxy::keeping(move |request| {
        let name = request.json()["operationName"].as_str().unwrap().to_owned();
        if name == "ChatMessagesMore" && !shows_all {
            return Some(Answer::json(200, &json!({"errors": [{"message": "no more"}]})));
        }
        let request = client.post(&endpoint).bearer_auth(TOKEN).body(request.body.clone());
        let answer = request.header("Content-Type", "application/json").send().unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().unwrap();
        (name != "ChatSend").then(|| Answer::json(status, &body))
    })
}

#[test]
fn a_lost_answer_is_settled_by_messages_on_any_page_and_by_nothing_less() {
    for (revision, shows_all) in [("connection", true), ("partner", true), ("partner", false), ("lists", false)] {
        let Some(platform) = Platform::start_with(Server::GraphqlJs, revision, &["--messages", "70"]) else { return };
        let proxy = lossy(&platform, shows_all);
        let run =
            |args: &[&str], input: &str| platform.home.run_with([args, &["--endpoint", &proxy.url()]].concat(), input);
        run(&["schema", "sync"], "").ok();
        run(&["chat", "accept", &platform.chat, "--provider-id", "agent-42", "--name", "Ada"], "").ok();
        let line = json!({"op": "sendChatMessage", "chatId": platform.chat, "text": "Hello", "providerId": "agent-42"});
        let sent = run(&["batch"], &line.to_string()).json();
        // The newest messages come first where they page backwards.
        if shows_all || revision == "lists" {
            assert_eq!((&sent["ok"], &sent["data"]["text"]), (&json!(true), &json!("Hello")), "{revision}: {sent}");
        } else {
            assert_eq!(sent["error"]["kind"], "unknown", "{revision}: {sent}");
        }
        assert_eq!(platform.log().sent, ["Hello"], "{revision}");
    }
}
