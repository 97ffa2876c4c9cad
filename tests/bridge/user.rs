//! The sandbox, and the end users who write there.

use guuru::sandbox::{Options, Sandbox};
use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::support::program::{Home, SECRET, TOKEN, eventually};

/// A platform of its own for one test.
pub(crate) struct Platform {
    sandbox: Sandbox,
    http: Client,
}

impl Platform {
    pub(crate) fn start() -> Self {
        let sandbox = Sandbox::start(Options::new(TOKEN.into(), SECRET.into()), |_| ()).unwrap();
        Self { sandbox, http: guuru::http::builder().no_proxy().build().unwrap() }
    }

    /// A home that uses it, with the programs of this machine on its path.
    pub(crate) fn home(&self) -> Home {
        let path = std::env::var("PATH").unwrap_or_default();
        Home::new().with("GUURU_ENDPOINT", &self.url("/graphql")).with("PATH", &path)
    }

    /// Sends its webhooks there from now on.
    pub(crate) fn deliver_to(&self, url: &str) {
        self.sandbox.set_webhook_url(Some(url.parse().unwrap()));
    }

    /// An end user starts a chat; returns its id.
    pub(crate) fn ask(&self, question: &str) -> String {
        let chat = self.post("/chats", &json!({ "question": question, "name": "Eve" }));
        chat["id"].as_str().unwrap().to_owned()
    }

    /// The end user of a chat says something.
    pub(crate) fn say(&self, chat: &str, text: &str) {
        self.post(&format!("/chats/{chat}/messages"), &json!({ "text": text }));
    }

    /// Something else that happens to a chat: `reopen`, `reassign`.
    pub(crate) fn act(&self, chat: &str, what: &str) {
        self.post(&format!("/chats/{chat}/{what}"), &json!({}));
    }

    /// The chat as its end user sees it.
    pub(crate) fn look(&self, chat: &str) -> Value {
        self.http.get(self.url(&format!("/chats/{chat}"))).send().unwrap().json().unwrap()
    }

    /// What was said in the chat by somebody other than the end user, in order.
    pub(crate) fn answers(&self, chat: &str) -> Vec<String> {
        let chat = self.look(chat);
        let messages = chat["messages"].as_array().unwrap_or_else(|| panic!("{chat}"));
        let answers = messages.iter().filter(|message| message["author"]["name"] != "Eve");
        answers.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits for these answers and no others.
    #[track_caller]
    pub(crate) fn eventually_answers(&self, chat: &str, expected: &[&str]) {
        eventually(&format!("{expected:?} in {chat}"), || self.answers(chat).len() >= expected.len());
        assert_eq!(self.answers(chat), expected);
    }

    /// Waits until the chat is in this state.
    #[track_caller]
    pub(crate) fn eventually_is(&self, chat: &str, status: &str) {
        eventually(&format!("{chat} is {status}"), || self.look(chat)["status"] == status);
    }

    fn post(&self, path: &str, fields: &Value) -> Value {
        self.http.post(self.url(path)).json(fields).send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.sandbox.addr())
    }
}
