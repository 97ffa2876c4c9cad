//! The end user's routes and the chat page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use guuru::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::rig::{TOKEN, options, start};

#[test]
fn an_end_user_starts_a_chat_talks_reopens_and_rates() {
    let platform = start(options());
    let (status, chat) = platform.user("/chats", &json!({ "question": "Does it fit?", "name": "Eve" }));
    assert_eq!((status, &chat["status"]), (201, &json!("assigned")));
    let path = |rest: &str| format!("/chats/{}{rest}", chat["id"].as_str().unwrap());
    let (status, message) = platform.user(&path("/messages"), &json!({ "text": "Hello?" }));
    assert_eq!((status, &message["author"]), (201, &json!({ "id": "user", "name": "Eve" })));
    let id = chat["id"].as_str().unwrap();
    platform.data(&format!(r#"mutation {{ acceptChat(chatId: "{id}", personaId: "p-1") {{ id }} }}"#));
    platform.data(&format!(r#"mutation {{ closeChat(chatId: "{id}") {{ id }} }}"#));
    assert_eq!(platform.user(&path("/messages"), &json!({ "text": "Wait" })).1["error"]["code"], "CHAT_NOT_OPEN");
    assert_eq!(platform.user(&path("/reopen"), &json!({})).1["status"], "opened");
    assert_eq!(platform.user(&path("/rate"), &json!({ "rating": 4 })).0, 409);
    platform.data(&format!(r#"mutation {{ closeChat(chatId: "{id}") {{ id }} }}"#));
    assert_eq!(platform.user(&path("/rate"), &json!({ "rating": 9 })).0, 400);
    assert_eq!(platform.user(&path("/rate"), &json!({ "rating": 4 })).1["rating"], 4);
    let seen: Value = platform.client.get(platform.url(&path(""))).send().unwrap().json().unwrap();
    let texts: Vec<_> = seen["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["Does it fit?", "Hello?"]);
    assert_eq!(seen["status"], "rated");
}

#[test]
fn a_reassigned_chat_can_be_accepted_by_another_persona() {
    let platform = start(options());
    let chat = platform.open_chat();
    assert_eq!(platform.user(&format!("/chats/{chat}/reassign"), &json!({})).1["status"], "assigned");
    platform.data(r#"mutation { createPersona(input: { providerId: "agent-2", name: "Bob" }) { id } }"#);
    platform.data(&format!(r#"mutation {{ acceptChat(chatId: "{chat}", personaId: "p-2") {{ id }} }}"#));
}

#[test]
fn forms_json_and_plain_text_are_understood() {
    let platform = start(options());
    let post = || platform.client.post(platform.url("/chats"));
    let requests = [
        post().header("Content-Type", "application/x-www-form-urlencoded").body("question=Does+it%20fit?&name=&email="),
        post().json(&json!({ "question": "Does it fit?", "email": null })),
        post().header("Content-Type", "text/plain; charset=utf-8").body("Does it fit?"),
    ];
    for request in requests {
        let chat: Value = request.send().unwrap().json().unwrap();
        assert_eq!(chat["question"], "Does it fit?");
        assert_eq!(chat["user"], json!({ "name": "Guest" }));
    }
    for bad in ["{", "[]", "\"text\""] {
        let request = post().header("Content-Type", "application/json").body(bad);
        assert_eq!(request.send().unwrap().status(), 400);
    }
}

#[test]
fn unknown_paths_and_long_bodies_get_the_status_of_http() {
    let platform = start(options());
    assert_eq!(platform.user("/chats/c-999/reopen", &json!({})).0, 404);
    assert_eq!(platform.user("/chats", &json!({ "name": "Eve" })).1["error"]["code"], "BAD_USER_INPUT");
    assert_eq!(platform.user("/chats", &json!({ "question": "x", "expert": "e-99" })).0, 400);
    let long = "x".repeat(1024 * 1024 + 1);
    assert_eq!(platform.user("/chats", &json!({ "question": long })).0, 413);
    let query = platform.client.post(platform.url("/graphql")).bearer_auth(TOKEN).body(long);
    assert_eq!(query.send().unwrap().status(), 413);
    assert_eq!(platform.client.get(platform.url("/graphql")).send().unwrap().status(), 405);
    assert_eq!(platform.client.get(platform.url("/nope")).send().unwrap().status(), 404);
    let webhook = platform.client.post(platform.url("/webhook")).body("url=http://127.0.0.1:1/");
    assert_eq!(webhook.send().unwrap().status(), 401);
}

#[test]
fn other_web_sites_cannot_reach_it_through_a_browser() {
    let platform = start(options());
    let get = |name: &str, value: &str| {
        let request = platform.client.get(platform.url("/")).header(name, value);
        request.send().unwrap().status().as_u16()
    };
    let own = format!("http://{}", platform.sandbox.addr());
    for (name, value, status) in [
        ("Host", "rebound.example.com", 403),
        ("Host", "10.0.0.1:80", 403),
        ("Host", "localhost:8080", 200),
        ("Host", "[::1]:8080", 200),
        ("Origin", "https://example.com", 403),
        ("Origin", "null", 403),
        ("Origin", &own, 200),
    ] {
        assert_eq!(get(name, value), status, "{name}: {value}");
    }
}

#[test]
fn the_page_is_self_contained_and_writes_no_markup() {
    let platform = start(options());
    let response = platform.client.get(platform.url("/")).send().unwrap();
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let page = response.text().unwrap();
    for outside in ["http://", "https://", "src=", ".innerHTML", "insertAdjacentHTML", "document.write"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_burst_of_connections_that_are_kept_alive_is_answered() {
    // tiny_http can leave a connection without a thread for as long as the others are kept alive.
    let platform = start(options());
    let addr = platform.sandbox.addr();
    let ask = |stream: &mut TcpStream| {
        stream.write_all(format!("GET /chats/c-1 HTTP/1.1\r\nHost: {addr}\r\n\r\n").as_bytes()).unwrap();
    };
    for _ in 0..5 {
        let mut streams: Vec<_> = (0..40).map(|_| TcpStream::connect(addr).unwrap()).collect();
        streams.iter_mut().for_each(ask);
        for stream in &mut streams {
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.read_exact(&mut [0; 12]).unwrap();
        }
    }
}

#[test]
fn only_loopback_and_a_share_are_accepted() {
    let start = |options| Sandbox::start(options, |_| {}).map(|_| ());
    let everywhere = Options { addr: SocketAddr::from(([0, 0, 0, 0], 0)), ..options() };
    let error = start(everywhere).unwrap_err();
    assert_eq!(guuru::error::kind(&error), guuru::error::Kind::Usage);
    for duplicate in [-0.1, 1.1, f64::NAN] {
        assert!(start(Options { duplicate, ..options() }).is_err());
    }
}

#[test]
fn a_stopped_sandbox_frees_its_port() {
    let platform = start(options());
    let addr = platform.sandbox.addr();
    assert_eq!(platform.sandbox.stop(), 0);
    // The listener is closed by a thread of its own.
    while Sandbox::start(Options { addr, ..options() }, |_| {}).is_err() {
        std::thread::yield_now();
    }
}
