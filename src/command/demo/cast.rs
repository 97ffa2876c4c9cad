//! Who takes part: an agent who answers through this program, and an end user who talks to the platform. Both react to
//! what happens, in whatever order it comes in.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use reqwest::blocking::Client;
use serde_json::Value;

use super::programs::Programs;
use crate::terminal::Terminal;

const QUESTION: &str = "Does the jacket come in my size?";
const GREETING: &str = "Hello Eve, this is Ada. Which size do you wear?";
const REPLIES: [&str; 2] = ["Medium. Thanks!", "And is it there in blue? Thanks!"];
const ANSWERS: [&str; 2] = ["We have it in medium. Have a good day!", "In blue as well, and in green."];

/// Answers every end user who is offered to the service account.
pub(super) struct Agent {
    terminal: Terminal,
    answers: std::slice::Iter<'static, &'static str>,
}

impl Agent {
    pub(super) fn new(terminal: Terminal) -> Self {
        Self { terminal, answers: ANSWERS.iter() }
    }

    pub(super) fn react(&mut self, event: &Value, programs: &Programs) -> anyhow::Result<()> {
        let Some(chat) = event["chatId"].as_str() else { return Ok(()) };
        match event["event"].as_str() {
            Some("chat-assigned") => {
                self.terminal.status("Ada accepts the chat");
                programs.run(&["chat", "accept", chat, "--provider-id", "agent-42", "--name", "Ada"])?;
                self.say(chat, GREETING, programs)
            }
            Some("message-created") if event["own"] == false => {
                let Some(answer) = self.answers.next() else { return Ok(()) };
                self.say(chat, answer, programs)?;
                self.terminal.status("Ada closes the chat");
                programs.run(&["chat", "close", chat])
            }
            _ => Ok(()),
        }
    }

    fn say(&self, chat: &str, text: &str, programs: &Programs) -> anyhow::Result<()> {
        self.terminal.status(&format!("Ada: {text}"));
        programs.run(&["chat", "send", chat, text])
    }
}

/// Where the end user is in the conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Waiting,
    Answering,
    Reopening,
    Insisting,
    Content,
}

/// Asks, answers back, reopens the chat and rates it.
pub(super) struct User {
    http: Client,
    chats: String,
    terminal: Terminal,
    mood: Mood,
}

impl User {
    pub(super) fn new(sandbox: SocketAddr, terminal: Terminal) -> anyhow::Result<Self> {
        let http = crate::http::builder().no_proxy().build().context("cannot set up the end user's HTTP client")?;
        Ok(Self { http, chats: format!("http://{sandbox}/chats"), terminal, mood: Mood::Waiting })
    }

    /// Starts the chat, and returns its id.
    pub(super) fn ask(&self) -> anyhow::Result<String> {
        self.terminal.status(&format!("Eve asks: {QUESTION}"));
        let chat = self.post("", &[("question", QUESTION), ("name", "Eve")])?;
        Ok(chat["id"].as_str().context("the sandbox gave the chat no id")?.to_owned())
    }

    pub(super) fn react(&mut self, event: &Value) -> anyhow::Result<()> {
        let Some(chat) = event["chatId"].as_str() else { return Ok(()) };
        self.mood = match (event["event"].as_str(), self.mood) {
            (Some("message-created"), Mood::Waiting) => {
                self.say(chat, REPLIES[0])?;
                Mood::Answering
            }
            (Some("chat-closed"), Mood::Answering) => {
                self.terminal.status("Eve reopens the chat");
                self.post(&format!("/{chat}/reopen"), &[])?;
                Mood::Reopening
            }
            (Some("chat-reopened"), Mood::Reopening) => {
                self.say(chat, REPLIES[1])?;
                Mood::Insisting
            }
            (Some("chat-closed"), Mood::Insisting) => {
                self.terminal.status("Eve rates it 5");
                self.post(&format!("/{chat}/rate"), &[("rating", "5")])?;
                Mood::Content
            }
            (_, mood) => mood,
        };
        Ok(())
    }

    /// Fails unless the chat has every message once and in order, and is rated.
    pub(super) fn check(&self, chat: &str) -> anyhow::Result<()> {
        let response = self.http.get(format!("{}/{chat}", self.chats)).send()?.error_for_status()?;
        let chat: Value = response.json().context("the sandbox's chat is not JSON")?;
        let messages = chat["messages"].as_array().context("the sandbox's chat has no messages")?;
        let texts: Vec<&str> = messages.iter().filter_map(|message| message["text"].as_str()).collect();
        ensure!(
            texts == [QUESTION, GREETING, REPLIES[0], ANSWERS[0], REPLIES[1], ANSWERS[1]],
            "the end user read something else than was said: {texts:?}"
        );
        ensure!(chat["rating"] == 5, "the chat's rating is {}", chat["rating"]);
        Ok(())
    }

    fn say(&self, chat: &str, text: &str) -> anyhow::Result<()> {
        self.terminal.status(&format!("Eve: {text}"));
        self.post(&format!("/{chat}/messages"), &[("text", text)]).map(drop)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Value> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}{path}", self.chats));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let response = request.send()?.error_for_status().context("the sandbox refused what the end user did")?;
        response.json().context("the sandbox's answer is not JSON")
    }
}
