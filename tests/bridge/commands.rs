//! Commands of the child, and their results.

use serde_json::{Value, json};

use super::rig::{RECORDER, assign, bridge, eventually_seen, lines, stop};
use crate::commands::platform::{home, obliging, operations, refusing, variables};
use crate::support::program::{Home, eventually};

/// The child writes these lines and keeps what it reads; returns so many results.
fn results(home: &Home, options: &[&str], commands: &str, count: usize) -> Vec<Value> {
    let script = format!("cat <<'END'\n{commands}\nEND\n{RECORDER}");
    let (mut bridge, _) = bridge(home, options, &script);
    let results = eventually_seen(home, "seen", count);
    stop(&mut bridge);
    assert_eq!(results.len(), count, "{results:?}");
    assert!(results.iter().all(|result| result["type"] == "result"), "{results:?}");
    results
}

#[test]
fn commands_on_one_chat_are_carried_out_in_order_and_answered() {
    let platform = obliging();
    let commands = r#"{"ref":"1","op":"acceptChat","chatId":"c-1","providerId":"agent-42","name":"Ada"}
{"ref":"2","op":"sendChatMessage","chatId":"c-1","text":"Hello!"}
{"ref":"3","op":"closeChat","chatId":"c-1"}"#;
    let results = results(&home(&platform), &[], commands, 3);
    let told: Vec<_> = results.iter().map(|result| (&result["ref"], &result["line"], &result["ok"])).collect();
    let yes = json!(true);
    assert_eq!(told, [(&json!("1"), &json!(1), &yes), (&json!("2"), &json!(2), &yes), (&json!("3"), &json!(3), &yes)]);
    assert_eq!(results[1]["data"]["text"], "Hello!");
    assert_eq!(operations(&platform), ["PersonaCreate", "ChatAccept", "ChatSend", "ChatClose"]);
    assert_eq!(variables(&platform)["persona"], "p-agent-42", "who accepted the chat closes it");
}

#[test]
fn the_next_bridge_knows_which_persona_accepted_a_chat() {
    let platform = obliging();
    let home = home(&platform);
    let accept = r#"{"op":"acceptChat","chatId":"c-1","providerId":"agent-42","name":"Ada"}"#;
    results(&home, &[], accept, 1);
    let send = r#"{"op":"sendChatMessage","chatId":"c-1","text":"Hello!"}"#;
    results(&home, &[], send, 2);
    assert_eq!(variables(&platform)["persona"], "p-agent-42");
}

#[test]
fn a_line_that_is_no_command_is_answered_and_the_rest_goes_on() {
    let platform = obliging();
    let commands =
        "nonsense\n{\"ref\":\"2\",\"op\":\"burnChat\"}\n{\"ref\":\"3\",\"op\":\"closeChat\",\"chatId\":\"c-1\"}";
    let mut results = results(&home(&platform), &[], commands, 3);
    results.sort_by_key(|result| result["line"].as_u64());
    let told: Vec<_> = results.iter().map(|result| (&result["ok"], &result["error"]["kind"])).collect();
    let (no, usage) = (json!(false), json!("usage"));
    assert_eq!(told, [(&no, &usage), (&no, &usage), (&json!(true), &Value::Null)]);
    assert_eq!(results[1]["ref"], "2");
}

#[test]
fn a_refusal_names_the_code_of_the_platform() {
    let platform = refusing();
    let results = results(&home(&platform), &[], r#"{"ref":"1","op":"closeChat","chatId":"c-1"}"#, 1);
    let error = &results[0]["error"];
    assert_eq!(
        (&error["kind"], &error["code"], &error["retryable"]),
        (&json!("refused"), &json!("CHAT_NOT_OPEN"), &json!(false))
    );
}

#[test]
fn with_a_journal_a_child_that_repeats_itself_sends_once() {
    let platform = obliging();
    let home = home(&platform);
    let child = r#"echo '{"ref":"7-answer","op":"sendChatMessage","chatId":"c-1","text":"Hello!"}'
        read -r line; echo "$line" >>seen; exit 1"#;
    let (mut bridge, _) = bridge(&home, &["--journal"], child);
    let results = eventually_seen(&home, "seen", 2);
    stop(&mut bridge);
    assert_eq!((&results[0]["ok"], &results[0]["replayed"]), (&json!(true), &Value::Null));
    assert_eq!((&results[1]["ok"], &results[1]["replayed"]), (&json!(true), &json!(true)));
    assert_eq!(results[0]["data"], results[1]["data"]);
    assert_eq!(operations(&platform), ["ChatSend"]);
}

#[test]
fn with_a_journal_a_command_without_a_ref_is_refused() {
    let platform = obliging();
    let results = results(&home(&platform), &["--journal"], r#"{"op":"closeChat","chatId":"c-1"}"#, 1);
    assert_eq!(results[0]["error"]["kind"], "usage");
    assert_eq!(operations(&platform), [""; 0]);
}

#[test]
fn what_the_child_says_on_stderr_is_passed_on_under_its_name() {
    let home = Home::new();
    let child =
        r"read -r line; echo 'Hello, operator' >&2; printf '\033[2J\tat 1\n' >&2; printf 'no line feed' >&2; exec cat";
    let (mut bridge, sender) = bridge(&home, &[], child);
    assign(&sender, [1]);
    bridge.says("sh: Hello, operator");
    bridge.says("sh: \\u{1b}[2J\tat 1");
    stop(&mut bridge);
    bridge.says("sh: no line feed");
}

#[test]
fn results_of_many_chats_come_back_to_the_line_that_asked() {
    let platform = obliging();
    let home = home(&platform);
    let child = r#"n=0; while [ $n -lt 300 ]; do n=$((n + 1))
        echo "{\"ref\":\"r-$n\",\"op\":\"closeChat\",\"chatId\":\"c-$((n % 40))\"}"; done; exec cat >>seen"#;
    let (mut bridge, _) = bridge(&home, &["--jobs", "4"], child);
    let results = eventually_seen(&home, "seen", 300);
    stop(&mut bridge);
    assert!(results.iter().all(|result| result["ref"] == format!("r-{}", result["line"])), "{results:?}");
    for chat in 0..40 {
        let of_chat = results.iter().map(|result| result["line"].as_u64().unwrap()).filter(|line| line % 40 == chat);
        assert!(of_chat.collect::<Vec<_>>().is_sorted(), "chat c-{chat}");
    }
    eventually("each was asked once", || operations(&platform).len() == 300);
    assert_eq!(lines(&home, "seen").len(), 300);
}
