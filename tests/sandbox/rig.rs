//! A running sandbox with both its sides at hand, and a receiver for its webhooks.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guuru::sandbox::{Options, Sandbox};
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use url::Url;

pub(crate) const TOKEN: &str = "token-1";
pub(crate) const SECRET: &str = "secret-1";

/// The end of patience: long, as it is only reached where something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Platform {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    notices: Mutex<Receiver<String>>,
}

pub(crate) fn options() -> Options {
    Options::new(TOKEN.into(), SECRET.into())
}

pub(crate) fn start(options: Options) -> Platform {
    let (sender, notices) = channel();
    let sender = Mutex::new(sender);
    let notice = move |line: &str| {
        // The test may be over already.
        let _ = sender.lock().unwrap().send(line.to_owned());
    };
    let sandbox = Sandbox::start(options, notice).unwrap();
    Platform { sandbox, client: guuru::http::builder().no_proxy().build().unwrap(), notices: Mutex::new(notices) }
}

/// A sandbox that delivers to this receiver.
pub(crate) fn start_with(receiver: &Hooks) -> Platform {
    start(Options { webhook_url: Some(receiver.url.clone()), ..options() })
}

impl Platform {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.sandbox.addr())
    }

    /// Any GraphQL request with the right token.
    pub(crate) fn post(&self, request: &Value) -> Response {
        self.client.post(self.url("/graphql")).bearer_auth(TOKEN).json(request).send().unwrap()
    }

    /// The body of a response that must have come with HTTP 200.
    pub(crate) fn query(&self, query: &str) -> Value {
        let response = self.post(&json!({ "query": query }));
        assert_eq!(response.status(), 200, "{query}");
        response.json().unwrap()
    }

    /// The data of an operation that must succeed.
    pub(crate) fn data(&self, query: &str) -> Value {
        let body = self.query(query);
        assert_eq!(body["errors"], Value::Null, "{query}");
        body["data"].clone()
    }

    /// The code with which an operation is refused.
    pub(crate) fn code(&self, query: &str) -> String {
        self.query(query)["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    /// Something that the end user does: the status and the body.
    pub(crate) fn user(&self, path: &str, fields: &Value) -> (u16, Value) {
        let response = self.client.post(self.url(path)).json(fields).send().unwrap();
        (response.status().as_u16(), response.json().unwrap())
    }

    /// Starts a chat and returns its id.
    pub(crate) fn chat(&self) -> String {
        let fields = json!({ "question": "Does it fit?", "name": "Eve", "email": "eve@example.com" });
        self.user("/chats", &fields).1["id"].as_str().unwrap().to_owned()
    }

    /// Starts a chat that the persona `p-1` has accepted.
    pub(crate) fn open_chat(&self) -> String {
        let chat = self.chat();
        self.data(&format!(r#"mutation {{ acceptChat(chatId: "{chat}", personaId: "p-1") {{ id }} }}"#));
        chat
    }

    /// Waits for a notice with this in it.
    pub(crate) fn notice(&self, part: &str) -> String {
        let notices = self.notices.lock().unwrap();
        loop {
            let notice = notices.recv_timeout(PATIENCE).unwrap();
            if notice.contains(part) {
                return notice;
            }
        }
    }
}

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Hook {
    pub(crate) fn event(&self) -> &str {
        &self.headers["x-guuru-event"]
    }

    pub(crate) fn key(&self) -> &str {
        &self.headers["idempotency-key"]
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A receiver of webhooks.
pub(crate) struct Hooks {
    pub(crate) url: Url,
    hooks: Receiver<Hook>,
}

impl Hooks {
    /// Answers the nth request, from 0, with this status.
    pub(crate) fn answering(status: impl Fn(usize) -> u16 + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
        let (sender, hooks) = channel();
        let status = Arc::new(status);
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().enumerate() {
                let (sender, status) = (sender.clone(), Arc::clone(&status));
                std::thread::spawn(move || receive(&stream.unwrap(), &sender, status(n)));
            }
        });
        Self { url, hooks }
    }

    /// Waits for the next webhook.
    pub(crate) fn next(&self) -> Hook {
        self.hooks.recv_timeout(PATIENCE).unwrap()
    }

    /// The next webhook, if it comes within this time.
    pub(crate) fn next_within(&self, time: Duration) -> Option<Hook> {
        self.hooks.recv_timeout(time).ok()
    }

    /// Waits for the next webhook of this event.
    pub(crate) fn next_of(&self, event: &str) -> Hook {
        std::iter::repeat_with(|| self.next()).find(|hook| hook.event() == event).unwrap()
    }
}

/// Takes one request of a connection, hands it on, answers and hangs up.
fn receive(stream: &TcpStream, hooks: &Sender<Hook>, status: u16) {
    let mut reader = BufReader::new(stream);
    let mut headers = HashMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    // The test may be over already, on either side.
    let _ = hooks.send(Hook { headers, body });
    let _ = (&mut &*stream)
        .write_all(format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
}
