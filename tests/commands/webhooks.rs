//! The webhooks of `tests/wire`, which the sandbox is checked against, as `guuru listen` takes them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::program::Home;
use crate::support::sender::Sender;

/// Every example: the event's name and the body as it is in the file.
fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let mut examples: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let event = path.file_name()?.to_str()?.strip_prefix("webhook-")?.strip_suffix(".json")?.to_owned();
            Some((event, fs::read_to_string(path).unwrap()))
        })
        .collect();
    examples.sort();
    assert!(examples.len() >= 6, "{examples:?}");
    examples
}

#[test]
fn every_recorded_webhook_becomes_a_line_with_its_chat_and_its_payload() {
    let home = Home::new();
    // The end user's message names no experts: it is told by the chat's own assignment, which sorts first.
    let wanted = home.listen(&["--requested-expert", "api"]);
    let sender = Sender::new(&wanted.url);
    for (event, body) in examples() {
        assert_eq!(sender.request(&event, &event, &body).send().unwrap().status(), 200);
        let (line, payload) = (wanted.line(), serde_json::from_str::<Value>(&body).unwrap());
        assert_eq!(line["event"], event.as_str());
        let chat = if event == "message-created" { &payload["chat"] } else { &payload };
        assert!(chat["id"].is_string());
        assert_eq!(line["chatId"], chat["id"], "{event}");
        assert_eq!(line["payload"].to_string(), payload.to_string(), "{event}");
    }
}

#[test]
fn chats_offered_to_another_expert_are_left_out() {
    let home = Home::new();
    let mut listener = home.listen(&["--requested-expert", "somebody-else"]);
    let sender = Sender::new(&listener.url);
    for (event, body) in examples() {
        assert_eq!(sender.request(&event, &event, &body).send().unwrap().status(), 200);
    }
    assert_eq!(listener.stop(), [] as [Value; 0]);
}
