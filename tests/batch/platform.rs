//! A platform of the tests' own: it takes messages as slowly as it is told, loses answers, and remembers what it took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::server::{Answer, Request, Server};

/// What becomes of the answer to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives.
    Answered,
    /// The message is taken, and its answer is lost.
    Lost,
    /// The request is lost: the message is not taken, and there is no answer.
    Dropped,
    /// This status, and the message is not taken.
    Status(u16),
}

/// How a platform behaves.
pub(crate) struct Manner {
    /// How long each request takes.
    pub(crate) delay: Duration,
    /// Whether the messages of chats can be read.
    pub(crate) readable: bool,
    /// What becomes of the answer to a message of this text, the nth attempt of it, from 0.
    pub(crate) fate: fn(&str, usize) -> Fate,
}

impl Default for Manner {
    fn default() -> Self {
        Self { delay: Duration::ZERO, readable: true, fate: |_, _| Fate::Answered }
    }
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    id: String,
    pub(crate) chat: String,
    pub(crate) text: String,
    persona: String,
    at: i64,
}

#[derive(Default)]
struct State {
    taken: Mutex<Vec<Taken>>,
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

    /// How many requests are being worked on.
    pub(crate) fn busy(&self) -> usize {
        self.state.busy.load(Ordering::SeqCst)
    }

    /// The most requests that were ever worked on at once.
    pub(crate) fn most_busy(&self) -> usize {
        self.state.most_busy.load(Ordering::SeqCst)
    }

    /// From the arrival of the first request to the answer of the last.
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
            "ChatAccept" => json!({"acceptChat": {"id": variables["chatId"], "status": "opened", "messages": []}}),
            "ChatClose" if variables["chatId"] == "c-closed" => {
                let refusal = json!({"message": "it is not open", "extensions": {"code": "CHAT_NOT_OPEN"}});
                return Some(Answer::json(200, &json!({"errors": [refusal], "data": null})));
            }
            "ChatClose" => json!({"closeChat": {"id": variables["chatId"], "status": "closed"}}),
            "ChatOpen" => json!({"openChat": {"id": variables["chatId"], "status": "opened"}}),
            "ChatSend" => return self.take(manner, variables),
            "ChatMessages" if manner.readable => json!({"partner": {"chats": self.chats()}}),
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
        let text = text(&variables["message"]["text"]);
        let attempt = {
            let mut attempts = self.attempts.lock().unwrap();
            let attempts = attempts.entry(text.clone()).or_default();
            *attempts += 1;
            *attempts - 1
        };
        let fate = (manner.fate)(&text, attempt);
        match fate {
            Fate::Dropped => return None,
            Fate::Status(status) => return Some(Answer::new(status, "").header("Retry-After", "0")),
            Fate::Answered | Fate::Lost => {}
        }
        let at = guuru::store::now();
        let id = {
            let mut taken = self.taken.lock().unwrap();
            let id = format!("m-{}", taken.len() + 1);
            taken.push(Taken { id: id.clone(), chat, text: text.clone(), persona, at });
            id
        };
        let message = json!({"id": id, "text": text, "createdAt": at});
        (fate == Fate::Answered).then(|| Answer::json(200, &json!({"data": {"sendChatMessage": message}})))
    }

    fn chats(&self) -> Value {
        let mut chats: HashMap<String, Vec<Value>> = HashMap::from([("c-1".to_owned(), vec![])]);
        for Taken { id, chat, text, persona, at } in &*self.taken.lock().unwrap() {
            let message = json!({"id": id, "text": text, "createdAt": at, "author": {"id": persona}});
            chats.entry(chat.clone()).or_default().push(message);
        }
        let node = |(id, messages)| json!({"node": {"id": id, "messages": messages}});
        let edges: Vec<Value> = chats.into_iter().map(node).collect();
        json!({"edges": edges, "pageInfo": {"hasNextPage": false, "endCursor": null}})
    }
}
