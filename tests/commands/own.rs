//! `own` tells a message that was sent from here from everybody else's, however the webhook and the answer race.

use serde_json::{Value, json};

use super::platform::{home, oblige, obliging, refusal};
use crate::support::program::{Home, Listener, eventually};
use crate::support::sender::Sender;
use crate::support::server::{Answer, Server, step};

const SEND: [&str; 4] = ["chat", "send", "c-1", "Hello!"];

/// A message-created as the platform sends it.
fn message(id: &str, text: &str, author: &str) -> Value {
    json!({"id": id, "text": text, "author": {"id": author}, "chat": {"id": "c-1"}})
}

/// Whether the next line is about our own message.
#[track_caller]
fn is_own(listener: &Listener, sender: &Sender, body: &Value) -> bool {
    let key = format!("key of {body}");
    assert_eq!(sender.send("message-created", &key, body), Some(200));
    listener.line()["own"].as_bool().unwrap()
}

#[test]
fn a_webhook_that_overtakes_the_answer_is_own() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let platform = Server::always(move |request| {
        let body = message("m-10", "Hello!", "an author of no known id");
        assert_eq!(sender.send("message-created", "k-1", &body), Some(200));
        oblige(request)
    });
    home.run([&SEND[..], &["--endpoint", &platform.url()]].concat()).ok();
    assert_eq!(listener.line()["own"], true);
}

#[test]
fn an_attachment_that_overtakes_the_answer_is_own() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let link = "https://example.com/a.pdf";
    let platform = Server::always(move |request| {
        let body = json!({"id": "m-10", "attachment": link, "chat": {"id": "c-1"}});
        assert_eq!(sender.send("message-created", "k-1", &body), Some(200));
        oblige(request)
    });
    home.run(["chat", "send", "c-1", "--attachment", link, "--endpoint", &platform.url()]).ok();
    assert_eq!(listener.line()["own"], true);
}

#[test]
fn a_webhook_after_the_answer_is_own_by_its_id() {
    let platform = obliging();
    let home = home(&platform);
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    home.run(SEND).ok();
    assert!(is_own(&listener, &sender, &message("m-10", "put into other words by the platform", "user")));
    assert!(!is_own(&listener, &sender, &message("m-11", "Hello!", "user")), "the send explains one message alone");
}

#[test]
fn a_message_by_one_of_our_personas_is_own() {
    let platform = obliging();
    let home = home(&platform);
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    assert!(!is_own(&listener, &sender, &message("m-1", "a", "p-agent-42")));
    home.run(["persona", "create", "--provider-id", "agent-42", "--name", "Ada"]).ok();
    assert!(is_own(&listener, &sender, &message("m-2", "b", "p-agent-42")));
    assert!(!is_own(&listener, &sender, &message("m-3", "c", "p-7")));
    home.run(["chat", "accept", "c-1", "--persona", "p-7"]).ok();
    assert!(is_own(&listener, &sender, &message("m-4", "d", "p-7")));
}

#[test]
fn a_message_whose_answer_was_lost_is_own_when_it_appears_and_only_once() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    // The answer is lost, and the chat cannot be looked at.
    let platform = Server::keeping(|request| {
        let is_send = request.json()["operationName"] == "ChatSend";
        (!is_send).then(|| Answer::json(400, &json!({"errors": [{"message": "not known here"}]})))
    });
    let from = ["--persona", "p-1", "--endpoint", &platform.url()];
    home.run([&SEND[..], &from].concat()).failed(9, "the outcome is unknown");
    assert!(!is_own(&listener, &sender, &message("m-9", "Hello!", "user")), "the end user says the same");
    assert!(is_own(&listener, &sender, &message("m-10", "Hello!", "p-1")));
    assert!(!is_own(&listener, &sender, &message("m-11", "Hello!", "user")));
}

#[test]
fn a_refused_send_explains_no_message_of_the_end_user() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let platform = Server::always(|_| refusal());
    home.run([&SEND[..], &["--endpoint", &platform.url()]].concat()).failed(4, "CHAT_NOT_OPEN");
    assert!(!is_own(&listener, &sender, &message("m-10", "Hello!", "user")));
}

#[test]
fn the_same_words_elsewhere_are_somebody_elses() {
    let home = Home::new();
    let listener = home.listen(&["--skip-own"]);
    let sender = Sender::new(&listener.url);
    let platform = Server::always(move |request| {
        let other = json!({"id": "m-1", "text": "Hello!", "author": {"id": "user"}, "chat": {"id": "c-2"}});
        for (key, body) in [("k-1", other), ("k-2", message("m-10", "Hello!", "us"))] {
            assert_eq!(sender.send("message-created", key, &body), Some(200));
        }
        assert_eq!(sender.assign("k-3", "c-3"), Some(200));
        oblige(request)
    });
    home.run([&SEND[..], &["--endpoint", &platform.url()]].concat()).ok();
    let (first, second) = (listener.line(), listener.line());
    assert_eq!((&first["chatId"], &first["own"]), (&json!("c-2"), &json!(false)));
    assert_eq!(second["chatId"], "c-3", "our own message is left out");
}

#[test]
fn a_message_whose_sender_was_interrupted_is_own_when_it_appears() {
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let platform = Server::script([step(|connection| {
        connection.read();
        connection.wait_for_hang_up();
    })]);
    let mut send = home.command([&SEND[..], &["--endpoint", &platform.url()]].concat()).spawn().unwrap();
    eventually("the request arrives", || platform.requests().len() == 1);
    send.kill().unwrap();
    send.wait().unwrap();
    // Nobody knows who sends it, so that it is the end user only by the platform's own word.
    assert!(!is_own(&listener, &sender, &message("m-9", "Hello!", "user")));
    assert!(is_own(&listener, &sender, &message("m-10", "Hello!", "unknown")));
}
