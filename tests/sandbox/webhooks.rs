//! Webhooks as a receiver gets them.

use std::collections::HashMap;

use guuru::sandbox::Options;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::rig::{Hook, Hooks, SECRET, options, start, start_with};

#[test]
fn each_step_of_a_chat_arrives_signed_with_its_event_and_a_key_of_its_own() {
    let receiver = Hooks::answering(|_| 200);
    let platform = start_with(&receiver);
    let chat = platform.open_chat();
    platform
        .data(&format!(r#"mutation {{ sendChatMessage(chatId: "{chat}", message: {{ text: "Hello!" }}) {{ id }} }}"#));
    platform.data(&format!(r#"mutation {{ closeChat(chatId: "{chat}") {{ id }} }}"#));
    platform.user(&format!("/chats/{chat}/rate"), &json!({ "rating": 5 }));
    let hooks: HashMap<_, _> = (0..5).map(|_| receiver.next()).map(|hook| (hook.event().to_owned(), hook)).collect();
    for event in ["chat-assigned", "chat-opened", "message-created", "chat-closed", "chat-rated"] {
        let hook = &hooks[event];
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(&hook.body);
        assert_eq!(hook.headers["x-guuru-hmac-sha256"], hex::encode(mac.finalize().into_bytes()));
        assert_eq!(hook.headers["content-type"], "application/json");
        let body = hook.json();
        assert_eq!(if event == "message-created" { &body["chat"]["id"] } else { &body["id"] }, &json!(chat));
    }
    let keys: std::collections::BTreeSet<_> = hooks.values().map(Hook::key).collect();
    assert_eq!(keys.len(), 5);
    assert_eq!(hooks["message-created"].json()["author"], json!({ "id": "p-1", "name": "Ada" }));
}

#[test]
fn a_delivery_is_tried_again_until_it_gets_a_2xx_with_the_same_key_and_body() {
    let receiver = Hooks::answering(|n| [503, 302, 204][n.min(2)]);
    let platform = start_with(&receiver);
    platform.chat();
    let hooks = [receiver.next(), receiver.next(), receiver.next()];
    for hook in &hooks[1..] {
        assert_eq!((hook.key(), &hook.body), (hooks[0].key(), &hooks[0].body));
    }
    assert!(platform.notice("-> 503").starts_with("chat-assigned c-15 -> 503, again in 0."));
    assert_eq!(platform.notice("-> 204"), "chat-assigned c-15 -> 204");
}

#[test]
fn a_delivery_outlives_a_refused_connection_and_follows_the_url() {
    // Nothing listens on port 1.
    let nowhere = "http://127.0.0.1:1/".parse().unwrap();
    let platform = start(Options { webhook_url: Some(nowhere), ..options() });
    platform.chat();
    platform.notice("cannot connect");
    let receiver = Hooks::answering(|_| 200);
    platform.sandbox.set_webhook_url(Some(receiver.url.clone()));
    assert_eq!(receiver.next().event(), "chat-assigned");
}

#[test]
fn a_doubled_delivery_has_the_same_idempotency_key() {
    let receiver = Hooks::answering(|_| 200);
    let platform = start(Options { webhook_url: Some(receiver.url.clone()), duplicate: 1.0, ..options() });
    platform.chat();
    let (one, other) = (receiver.next(), receiver.next());
    assert_eq!((one.key(), &one.body), (other.key(), &other.body));
}

#[test]
fn nothing_is_delivered_without_a_url_and_the_rest_is_counted_at_the_end() {
    let receiver = Hooks::answering(|_| 500);
    let platform = start(options());
    platform.chat();
    let set = platform.client.post(platform.url("/webhook")).bearer_auth("token-1");
    assert_eq!(set.body(format!("url={}", receiver.url)).send().unwrap().status(), 200);
    let chat = platform.chat();
    assert_eq!(receiver.next().json()["id"], json!(chat));
    assert_eq!(platform.sandbox.stop(), 1);
}

#[test]
fn a_failed_delivery_does_not_hold_up_the_others() {
    let receiver = Hooks::answering(|n| if n == 0 { 503 } else { 200 });
    let platform = start_with(&receiver);
    let chats: Vec<_> = (0..8).map(|_| platform.chat()).collect();
    let mut arrived: Vec<_> = (0..9).map(|_| receiver.next().json()["id"].as_str().unwrap().to_owned()).collect();
    arrived.sort();
    arrived.dedup();
    assert_eq!(arrived, chats);
}
