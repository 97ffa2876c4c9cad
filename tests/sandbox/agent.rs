//! A small agent that answers through the Admin API what its webhooks bring.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use super::rig::Hooks;

pub(crate) struct Agent<'a> {
    client: Client,
    endpoint: String,
    token: String,
    hooks: &'a Hooks,
    seen: HashSet<String>,
}

/// The plain answer to a message.
pub(crate) fn echo(text: &str) -> Vec<String> {
    vec![format!("You asked: {text}")]
}

impl<'a> Agent<'a> {
    pub(crate) fn new(endpoint: &str, token: &str, hooks: &'a Hooks) -> Self {
        let client = guuru::http::builder().no_proxy().build().unwrap();
        Self { client, endpoint: endpoint.to_owned(), token: token.to_owned(), hooks, seen: HashSet::new() }
    }

    /// Accepts every chat, says what `answers` makes of a chat's id and a message in it, and closes where that message
    /// says bye, until `over`.
    pub(crate) fn work(mut self, mut answers: impl FnMut(&str, &str) -> Vec<String>, over: impl Fn() -> bool) {
        while !over() {
            let Some(hook) = self.hooks.next_within(Duration::from_millis(10)) else { continue };
            // A webhook can come more than once.
            if !self.seen.insert(hook.key().to_owned()) {
                continue;
            }
            let body = hook.json();
            match hook.event() {
                "chat-assigned" => {
                    let chat = body["id"].as_str().unwrap();
                    self.act("acceptChat", "chatId: $chat, personaId: \"p-1\"", &json!({ "chat": chat }));
                    self.act(
                        "sendChatMessage",
                        "chatId: $chat, message: { text: \"Hello!\" }",
                        &json!({ "chat": chat }),
                    );
                    self.answer(chat, body["question"].as_str().unwrap(), &mut answers);
                }
                "message-created" if body["author"]["id"] == "user" => {
                    self.answer(body["chat"]["id"].as_str().unwrap(), body["text"].as_str().unwrap(), &mut answers);
                }
                _ => {}
            }
        }
    }

    fn answer(&self, chat: &str, text: &str, answers: &mut impl FnMut(&str, &str) -> Vec<String>) {
        let answers = answers(chat, text);
        for answer in &answers {
            let variables = json!({ "chat": chat, "text": answer });
            self.act("sendChatMessage", "chatId: $chat, message: { text: $text }", &variables);
        }
        if text.contains("bye") && !answers.is_empty() {
            self.act("closeChat", "chatId: $chat", &json!({ "chat": chat }));
        }
    }

    fn act(&self, mutation: &str, arguments: &str, variables: &Value) {
        let text = if variables["text"].is_null() { "" } else { ", $text: String" };
        let query = format!("mutation ($chat: ID!{text}) {{ {mutation}({arguments}) {{ id }} }}");
        let body = json!({ "query": query, "variables": variables });
        let answer = self.client.post(&self.endpoint).bearer_auth(&self.token).json(&body).send();
        // The sandbox may end as soon as the last chat is closed.
        if let Ok(answer) = answer.and_then(Response::json::<Value>) {
            assert_eq!(answer["errors"], Value::Null, "{body}");
        }
    }
}
