//! A platform of the tests' own: it does what it is asked as slowly as it is told, loses answers, gives wrong ones after it
//! has done it, and remembers what it did. A chat called `c-new…` is not accepted yet, `c-closed…` is closed, and any other
//! is open.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::server::{Answer, Request, Server};

/// What becomes of one mutation and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives.
    Answered,
    /// It is done, and its answer is lost.
    Lost,
    /// The request is lost: it is not done, and there is no answer.
    Dropped,
    /// This status, which asks to come back at once, and it is not done.
    Status(u16),
    /// This status, with or without asking to come back, and it is not done.
    Turned(u16, Option<&'static str>),
    /// It is not done, and this is the answer under 200.
    Refused(&'static str),
    /// It is done, and this is the answer: a status, `Retry-After`, and a body.
    Done(u16, Option<&'static str>, &'static str),
}

impl Fate {
    /// Whether it is done.
    fn has_effect(self) -> bool {
        matches!(self, Self::Answered | Self::Lost | Self::Done(..))
    }

    /// The answer where it is not done.
    fn without_effect(self) -> Option<Answer> {
        match self {
            Self::Status(status) => Some(answer(status, Some("0"), "")),
            Self::Turned(status, asked) => Some(answer(status, asked, "")),
            Self::Refused(body) => Some(answer(200, None, body)),
            _ => None,
        }
    }

    /// The answer once it is done.
    fn after_effect(self, data: impl FnOnce() -> Value) -> Option<Answer> {
        match self {
            Self::Answered => Some(Answer::json(200, &json!({ "data": data() }))),
            Self::Done(status, asked, body) => Some(answer(status, asked, body)),
            _ => None,
        }
    }
}

fn answer(status: u16, asked: Option<&str>, body: &str) -> Answer {
    let answer = Answer::new(status, body);
    match asked {
        Some(asked) => answer.header("Retry-After", asked),
        None => answer,
    }
}

/// How a platform behaves.
pub(crate) struct Manner {
    /// How long each request takes.
    pub(crate) delay: Duration,
    /// Whether the messages of chats can be read.
    pub(crate) readable: bool,
    /// Whether a message that has a text and an attachment is refused.
    pub(crate) one_at_a_time: bool,
    /// What becomes of a message of this text, or of this attachment, or of another mutation by its name, the nth attempt of it, from 0.
    pub(crate) fate: fn(&str, usize) -> Fate,
}

impl Default for Manner {
    fn default() -> Self {
        Self { delay: Duration::ZERO, readable: true, one_at_a_time: false, fate: |_, _| Fate::Answered }
    }
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    id: String,
    pub(crate) chat: String,
    /// The text, or else the attachment.
    pub(crate) text: String,
    attachment: Option<String>,
    persona: String,
    at: i64,
}

impl Taken {
    fn json(&self) -> Value {
        let Self { id, text, attachment, persona, at, .. } = self;
        let mut message = json!({"id": id, "createdAt": at, "author": {"id": persona}});
        if let Some(attachment) = attachment {
            message["attachment"] = json!(attachment);
        }
        if attachment.as_ref() != Some(text) {
            message["text"] = json!(text);
        }
        message
    }
}

#[derive(Default)]
struct State {
    taken: Mutex<Vec<Taken>>,
    /// The chats whose status was changed.
    statuses: Mutex<HashMap<String, &'static str>>,
    /// The changes that were carried out, in order.
    changes: Mutex<Vec<String>>,
    attempts: Mutex<HashMap<String, usize>>,
    busy: AtomicUsize,
    most_busy: AtomicUsize,
    span: Mutex<Option<(Instant, Instant)>>,
}

/// The platform.
pub(crate) struct Platform {
    pub(crate) server: Server,
    state: Arc<State>,
}

impl Platform {
    pub(crate) fn start(manner: Manner) -> Self {
        let state = Arc::new(State::default());
        let own = Arc::clone(&state);
        Self { server: Server::keeping(move |request| own.handle(&manner, request)), state }
    }

    /// The messages taken so far, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().unwrap().clone()
    }

    /// How many messages were taken so far.
    pub(crate) fn count(&self) -> usize {
        self.state.taken.lock().unwrap().len()
    }

    /// The texts that one chat has got, in order.
    pub(crate) fn texts(&self, chat: &str) -> Vec<String> {
        self.taken().into_iter().filter(|it| it.chat == chat).map(|it| it.text).collect()
    }

    /// How often each text was taken.
    pub(crate) fn copies(&self) -> HashMap<String, usize> {
        let mut copies = HashMap::new();
        self.taken().into_iter().for_each(|it| *copies.entry(it.text).or_default() += 1);
        copies
    }

    /// The changes of chats that were carried out, in order.
    pub(crate) fn changes(&self) -> Vec<String> {
        self.state.changes.lock().unwrap().clone()
    }

    /// How many requests are being worked on.
    pub(crate) fn busy(&self) -> usize {
        self.state.busy.load(Ordering::SeqCst)
    }

    /// The most requests that were ever worked on at once.
    pub(crate) fn most_busy(&self) -> usize {
        self.state.most_busy.load(Ordering::SeqCst)
    }

    /// From the arrival of the first request to the answer of the last.
    #[allow(dead_code, reason = "`limits` alone asks for it")]
    pub(crate) fn span(&self) -> Duration {
        self.state.span.lock().unwrap().map(|(first, last)| last - first).unwrap_or_default()
    }

    /// The operations that were asked for, in order.
    pub(crate) fn operations(&self) -> Vec<String> {
        let name = |request: &Request| request.json()["operationName"].as_str().unwrap().to_owned();
        self.server.requests().iter().map(name).collect()
    }
}

impl State {
    fn handle(&self, manner: &Manner, request: &Request) -> Option<Answer> {
        let arrived = Instant::now();
        let busy = self.busy.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_busy.fetch_max(busy, Ordering::SeqCst);
        thread::sleep(manner.delay);
        let answer = self.answer(manner, &request.json());
        self.busy.fetch_sub(1, Ordering::SeqCst);
        let first = self.span.lock().unwrap().map_or(arrived, |(first, _)| first);
        *self.span.lock().unwrap() = Some((first, Instant::now()));
        answer
    }

    fn answer(&self, manner: &Manner, body: &Value) -> Option<Answer> {
        let variables = &body["variables"];
        let data = match body["operationName"].as_str().unwrap() {
            "PersonaCreate" => {
                let (provider, name) = (&variables["input"]["providerId"], &variables["input"]["name"]);
                json!({"createPersona": {"id": format!("p-{}", provider.as_str().unwrap()), "providerId": provider, "name": name}})
            }
            change @ ("ChatAccept" | "ChatClose" | "ChatOpen") => return self.change(manner, change, variables),
            "ChatSend" => return self.take(manner, variables),
            "ChatMessages" | "ChatList" if manner.readable => json!({"partner": {"chats": self.chats()}}),
            other => {
                let refusal = json!({"message": format!("{other} is not known here")});
                return Some(Answer::json(400, &json!({"errors": [refusal]})));
            }
        };
        Some(Answer::json(200, &json!({ "data": data })))
    }

    fn take(&self, manner: &Manner, variables: &Value) -> Option<Answer> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (chat, persona) = (text(&variables["chatId"]), text(&variables["personaId"]));
        let attachment = variables["message"]["attachment"].as_str().map(str::to_owned);
        let text = match (&variables["message"]["text"], &attachment) {
            (Value::String(_), Some(_)) if manner.one_at_a_time => {
                let refusal = json!({"message": "a message is a text or an attachment", "extensions": {"code": "TEXT_AND_ATTACHMENT"}});
                return Some(Answer::json(200, &json!({"errors": [refusal], "data": null})));
            }
            (Value::String(text), _) => text.clone(),
            (_, attachment) => attachment.clone().unwrap_or_default(),
        };
        let fate = (manner.fate)(&text, self.attempt(&text));
        if !fate.has_effect() {
            return fate.without_effect();
        }
        let at = guuru::store::now();
        let mut message = {
            let mut taken = self.taken.lock().unwrap();
            let id = format!("m-{}", taken.len() + 1);
            taken.push(Taken { id, chat, text, attachment, persona, at });
            taken[taken.len() - 1].json()
        };
        message.as_object_mut().unwrap().remove("author");
        fate.after_effect(|| json!({ "sendChatMessage": message }))
    }

    /// Changes a chat, which is refused unless it stands as the change wants it.
    fn change(&self, manner: &Manner, change: &str, variables: &Value) -> Option<Answer> {
        let chat = variables["chatId"].as_str().unwrap_or_default();
        let fate = (manner.fate)(change, self.attempt(&format!("{change} {chat}")));
        if !fate.has_effect() {
            return fate.without_effect();
        }
        let (field, from, to) = match change {
            "ChatAccept" => ("acceptChat", "assigned", "opened"),
            "ChatClose" => ("closeChat", "opened", "closed"),
            _ => ("openChat", "closed", "opened"),
        };
        let status = self.status(chat);
        let untouched = !self.statuses.lock().unwrap().contains_key(chat);
        if status != from && (change != "ChatAccept" || !untouched) {
            let code = if change == "ChatClose" { "CHAT_NOT_OPEN" } else { "CHAT_NOT_READY" };
            let refusal = json!({"message": format!("it is {status}"), "extensions": {"code": code}});
            return Some(Answer::json(200, &json!({"errors": [refusal], "data": null})));
        }
        self.statuses.lock().unwrap().insert(chat.to_owned(), to);
        self.changes.lock().unwrap().push(format!("{change} {chat}"));
        fate.after_effect(|| json!({ field: {"id": chat, "status": to} }))
    }

    fn status(&self, chat: &str) -> &'static str {
        let first = if chat.starts_with("c-new") {
            "assigned"
        } else if chat.starts_with("c-closed") {
            "closed"
        } else {
            "opened"
        };
        self.statuses.lock().unwrap().get(chat).copied().unwrap_or(first)
    }

    /// Counts the attempts at something, from 0.
    fn attempt(&self, what: &str) -> usize {
        let mut attempts = self.attempts.lock().unwrap();
        let attempts = attempts.entry(what.to_owned()).or_default();
        *attempts += 1;
        *attempts - 1
    }

    fn chats(&self) -> Value {
        let known = ["c-1", "c-new", "c-closed"].map(|id| (id.to_owned(), vec![]));
        let mut chats: HashMap<String, Vec<Value>> = HashMap::from(known);
        for taken in &*self.taken.lock().unwrap() {
            chats.entry(taken.chat.clone()).or_default().push(taken.json());
        }
        let node = |(id, messages): (String, Vec<Value>)| json!({"node": {"id": id, "status": self.status(&id), "messages": messages}});
        let edges: Vec<Value> = chats.into_iter().map(node).collect();
        json!({"edges": edges, "pageInfo": {"hasNextPage": false, "endCursor": null}})
    }
}
