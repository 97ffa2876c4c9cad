//! Everyday use from the first sign-in to a closed chat: by a person at a real terminal, and by a script without one.

use std::process::Command;

use guuru::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::support::desk::Desk;
use crate::support::program::{Home, SECRET, TOKEN, skip};

/// A sandbox, and a home in which nobody has signed in.
fn platform() -> (Sandbox, Home) {
    let sandbox = Sandbox::start(Options::new(TOKEN.into(), SECRET.into()), |_| ()).unwrap();
    let home = Home::bare().with("GUURU_ENDPOINT", &format!("http://{}/graphql", sandbox.addr()));
    (sandbox, home)
}

/// An end user asks something. Returns the chat's id.
fn ask(sandbox: &Sandbox, question: &str) -> String {
    let url = format!("http://{}/chats", sandbox.addr());
    let chat = guuru::http::builder().build().unwrap().post(url).json(&json!({ "question": question })).send().unwrap();
    chat.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_person_signs_in_looks_around_and_answers_a_chat_at_a_terminal() {
    if Command::new("tmux").arg("-V").output().is_err() {
        return skip("tmux is missing");
    }
    let (sandbox, home) = platform();
    let chat = ask(&sandbox, "Does it fit in a small car?");
    let desk = Desk::sit_down(home);
    desk.begins("guuru auth login");
    desk.shows("Access token");
    desk.types(TOKEN);
    desk.shows("Webhook secret");
    desk.types(SECRET);
    desk.shows("which only you may read?");
    desk.tmux(&["send-keys", "-l", "y"]);
    let screen = desk.ends(0);
    assert!(!screen.contains(TOKEN) && !screen.contains(SECRET), "{screen}");
    let screen = desk.runs("guuru doctor", 0);
    assert!(screen.contains("partner-1") && screen.contains("self-test") && !screen.contains("failed"), "{screen}");
    let screen = desk.runs("guuru chat list --limit 3", 0);
    let row = screen.lines().find(|line| line.contains(&format!(" {chat} "))).expect(&screen);
    assert!(row.contains("assigned") && row.contains("Does it fit") && row.contains("just now"), "{screen}");
    let screen = desk.runs(&format!("guuru chat accept {chat} --provider-id agent-42 --name Ada"), 0);
    assert!(screen.contains("Does it fit in a small car?"), "{screen}");
    desk.runs(&format!("guuru chat send {chat} 'It does.'"), 0);
    desk.runs(&format!("guuru chat close {chat}"), 0);
    let screen = desk.runs(&format!("guuru chat show {chat}"), 0);
    assert!(screen.contains("closed") && screen.contains("It does.") && screen.contains("Ada"), "{screen}");
    let screen = desk.runs(&format!("guuru chat send {chat} 'One more thing'"), 4);
    assert!(screen.contains(&format!("error: cannot send to chat `{chat}`")), "{screen}");
}

#[test]
fn a_script_does_the_same_without_a_terminal() {
    let (sandbox, home) = platform();
    let chat = ask(&sandbox, "Does it fit in a small car?");
    let keys = format!("{TOKEN}\n{SECRET}\n");
    let login = home.run_with(["auth", "login", "--token-stdin", "--secret-stdin", "--insecure-storage"], &keys).ok();
    assert_eq!(login.json()["partnerId"], "partner-1");
    let checks = home.run(["doctor"]).ok().json()["checks"].clone();
    assert!(checks.as_array().unwrap().iter().all(|check| check["status"] != "failed"), "{checks}");
    let listed = home.run(["chat", "list", "--jq", ".[0].id"]).ok();
    assert_eq!(listed.stdout, format!("{chat}\n"));
    let accepted = home.run(["chat", "accept", &chat, "--provider-id", "agent-42", "--name", "Ada"]).ok().json();
    assert_eq!(accepted["question"], "Does it fit in a small car?");
    assert_eq!(home.run(["chat", "send", &chat, "It does."]).ok().json()["text"], "It does.");
    assert_eq!(home.run(["chat", "close", &chat]).ok().json()["status"], "closed");
    let refused = home.run(["chat", "send", &chat, "One more thing", "-o", "json"]).failed(4, "");
    assert_eq!(serde_json::from_str::<Value>(&refused.stderr).unwrap()["error"]["code"], "CHAT_NOT_OPEN");
}
