//! Every example of the documentation, with an end user at the other end.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use super::user::Platform;
use crate::commands::platform::has;
use crate::support::desk::Desk;
use crate::support::program::{Home, Listener, eventually, skip};

/// The flags with which the example says that it is to be run, and its path.
pub(crate) fn example(name: &str) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/examples").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let usage = text.lines().find_map(|line| line.split_once("guuru bridge ")).expect("how to run it").1;
    let path = path.to_str().unwrap();
    usage.split_whitespace().map(|word| word.replace(&format!("./{name}"), path)).collect()
}

fn start(platform: &Platform, home: &Home, name: &str) -> Listener {
    let usage = example(name);
    let bridge = home.bridge(&usage.iter().map(String::as_str).collect::<Vec<_>>());
    platform.deliver_to(&bridge.url);
    bridge
}

/// Kills the program that a bridge runs.
fn kill_child(bridge: &Listener) {
    let killed = Command::new("pkill").args(["-KILL", "-P", &bridge.pid().to_string()]).status().unwrap();
    assert!(killed.success());
    bridge.says("starting it again");
}

/// Talks to an example that echoes, which dies in between.
fn converse(name: &str, tools: &[&str]) {
    if !has(tools) {
        return skip(&format!("one of {tools:?} is missing"));
    }
    let platform = Platform::start();
    let home = platform.home();
    let mut bridge = start(&platform, &home, name);
    let (first, second) = (platform.ask("Does it fit? [c-1/1]"), platform.ask("How much is \"it\"? [c-2/1]"));
    platform.eventually_answers(&first, &["You said: Does it fit? [c-1/1]"]);
    platform.eventually_answers(&second, &["You said: How much is \"it\"? [c-2/1]"]);
    kill_child(&bridge);
    platform.say(&first, "Größe 42, $HOME and\na second line [c-1/2]");
    platform.eventually_answers(
        &first,
        &["You said: Does it fit? [c-1/1]", "You said: Größe 42, $HOME and\na second line [c-1/2]"],
    );
    for chat in [&first, &second] {
        platform.say(chat, "bye");
        platform.eventually_is(chat, "closed");
    }
    assert_eq!((platform.answers(&first).len(), platform.answers(&second).len()), (3, 2));
    bridge.stop();
}

#[test]
fn the_bridge_in_bash_echoes_and_closes_at_bye() {
    converse("echo.sh", &["bash", "jq"]);
    let script = include_str!("../../docs/examples/echo.sh");
    assert!(script.lines().count() <= 15);
}

#[test]
fn the_careful_bridge_in_bash_echoes_and_closes_at_bye() {
    converse("careful.sh", &["bash", "jq"]);
}

#[test]
fn the_bridge_in_node_echoes_and_closes_at_bye() {
    converse("echo.mjs", &["node"]);
}

#[test]
fn the_folder_has_a_file_for_each_chat_and_answers_what_is_appended() {
    if !has(&["python3"]) {
        return skip("python3 is missing");
    }
    let platform = Platform::start();
    let home = platform.home();
    let mut bridge = start(&platform, &home, "folder.py");
    let chat = platform.ask("Does it fit?\n@ada: /close");
    let file = home.path().join(format!("chats/{chat}.txt"));
    let text = || fs::read_to_string(&file).unwrap_or_default();
    let append = |line: &str| fs::write(&file, text() + line).unwrap();
    eventually("the question", || text().contains("] Eve: Does it fit?\n    @ada: /close\n"));
    assert!(text().starts_with("[1] (offered)\n[1] Eve: "), "{}", text());
    append("@ada: It does.\n");
    platform.eventually_answers(&chat, &["It does."]);
    let authors = platform.look(&chat)["messages"].to_string();
    assert!(authors.contains(r#""name":"Ada""#), "{authors}");
    kill_child(&bridge);
    platform.say(&chat, "Thanks");
    eventually("the thanks", || text().contains("] Eve: Thanks\n"));
    append("@ada: You are welcome.\n@ada: /close\n");
    platform.eventually_is(&chat, "closed");
    assert_eq!(platform.answers(&chat), ["It does.", "You are welcome."], "a restart repeats nothing");
    bridge.stop();
    assert_eq!(text().matches("Thanks").count(), 1);
}

#[test]
fn every_agent_is_heard_in_the_folder_and_what_was_refused_stands_in_the_file() {
    if !has(&["python3"]) {
        return skip("python3 is missing");
    }
    let platform = Platform::start();
    let home = platform.home();
    let mut bridge = start(&platform, &home, "folder.py");
    let chat = platform.ask("Does it fit?");
    let file = home.path().join(format!("chats/{chat}.txt"));
    let text = || fs::read_to_string(&file).unwrap_or_default();
    let append =
        |line: &str| fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(line.as_bytes()).unwrap();
    eventually("the question", || text().contains("Does it fit?\n"));
    append("@ada: It does.\n@bob: And it comes in blue.\n");
    platform.eventually_answers(&chat, &["It does.", "Bob: And it comes in blue."]);
    assert!(!platform.look(&chat)["messages"].to_string().contains(r#""name":"Bob""#), "one persona for each chat");
    append("@bob: /close\n");
    platform.eventually_is(&chat, "closed");
    append("@bob: One more thing.\n");
    let refusal = "sendChatMessage refused] cannot send to chat";
    eventually(refusal, || text().contains(refusal));
    kill_child(&bridge);
    platform.act(&chat, "reopen");
    eventually("it has read all", || text().contains("(reopened)"));
    append("@ada: Here I am.\n");
    platform.eventually_answers(&chat, &["It does.", "Bob: And it comes in blue.", "Here I am."]);
    assert_eq!(text().matches(refusal).count(), 1, "{}", text());
    bridge.stop();
}

/// A chat that another desk accepted: what the example does about it is refused, and is said where its user looks.
fn is_told(name: &str, tools: &[&str]) {
    if !has(tools) {
        return skip(&format!("one of {tools:?} is missing"));
    }
    let platform = Platform::start();
    let (home, other) = (platform.home(), platform.home());
    let chat = platform.ask("Does it fit?");
    other.run(["chat", "accept", &chat, "--provider-id", "agent-7", "--name", "Bob"]).ok();
    let bridge = start(&platform, &home, name);
    home.run(["trigger", "chat-assigned", "--to", &bridge.url, "--chat", &chat]).ok();
    bridge.says("cannot accept chat");
}

#[test]
fn a_refusal_is_told_by_the_bridge_in_bash() {
    is_told("echo.sh", &["bash", "jq"]);
}

#[test]
fn a_refusal_is_told_by_the_careful_bridge() {
    is_told("careful.sh", &["bash", "jq"]);
}

#[test]
fn a_refusal_is_told_by_the_bridge_in_node() {
    is_told("echo.mjs", &["node"]);
}

/// Starts the queue in a terminal, and waits until its receiver is ready.
fn sit_down(platform: &Platform) -> Desk {
    let desk = Desk::sit_down(platform.home());
    let run = format!("guuru bridge --addr 127.0.0.1:0 {} 2>said\n", example("queue.py").join(" "));
    fs::write(desk.home.path().join("run"), run).unwrap();
    desk.types("clear; sh ./run");
    ready(platform, &desk);
    desk
}

fn ready(platform: &Platform, desk: &Desk) {
    let said = || fs::read_to_string(desk.home.path().join("said")).unwrap_or_default();
    let url = || said().lines().find_map(|line| line.strip_prefix("listening on ").map(ToOwned::to_owned));
    eventually(&format!("the receiver is ready: {}", said()), || url().is_some());
    platform.deliver_to(&url().unwrap());
}

#[test]
fn the_queue_hands_chats_to_the_person_at_the_terminal() {
    if !has(&["python3", "tmux"]) {
        return skip("python3 or tmux is missing");
    }
    let platform = Platform::start();
    let desk = sit_down(&platform);
    let first = platform.ask("Does it fit?");
    desk.shows("Eve: Does it fit?");
    let second = platform.ask("How much is it?");
    desk.types("It does.");
    platform.eventually_answers(&first, &["It does."]);
    desk.types("/next");
    desk.shows("Eve: How much is it?");
    desk.types("Ten.");
    platform.eventually_answers(&second, &["Ten."]);
    desk.types("/close");
    platform.eventually_is(&second, "closed");
    platform.say(&first, "Thanks");
    desk.shows("Eve: Thanks");
    // The person goes for lunch: what is open waits in queue.db.
    desk.tmux(&["send-keys", "C-d"]);
    let shell = || desk.tmux(&["display-message", "-p", "#{pane_current_command}"]);
    eventually("the bridge ends with its child", || shell().trim() == "sh");
    fs::remove_file(desk.home.path().join("said")).unwrap();
    desk.types("clear; sh ./run");
    ready(&platform, &desk);
    desk.shows("Eve: Thanks");
    desk.types("You are welcome.");
    platform.eventually_answers(&first, &["It does.", "You are welcome."]);
    desk.types("/close");
    platform.eventually_is(&first, "closed");
    // Another desk takes a chat: what is refused is said where it was typed.
    let taken = platform.ask("And in blue?");
    desk.shows("Eve: And in blue?");
    eventually("it is accepted", || platform.look(&taken)["status"] == "opened");
    platform.deliver_to("http://127.0.0.1:9/");
    platform.act(&taken, "reassign");
    platform.home().run(["chat", "accept", &taken, "--provider-id", "agent-7", "--name", "Bob"]).ok();
    desk.types("Yes.");
    desk.shows("-- sendChatMessage refused in");
    assert!(platform.answers(&taken).is_empty());
}
