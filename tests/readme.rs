//! Nothing in the README is untested: every block of it has a name here.

use crate::support::program::{Home, eventually};
use crate::support::shell::{Running, Shell};
use crate::support::terminal::Session;
use serde_json::Value;

const README: &str = include_str!("../README.md");

/// The blocks of the README with the name of their test.
fn blocks() -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = README.lines().map(str::trim_start);
    let mut name = None;
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("<!-- tested: ") {
            name = Some(rest.trim_end_matches(" -->").to_owned());
        } else if line.starts_with("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((name.take().unwrap_or_default(), text.join("\n")));
        }
    }
    blocks
}

fn block(name: &str) -> String {
    let found = blocks().into_iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("the README has no block `{name}`")).1
}

fn shell() -> Option<Shell> {
    Shell::new(&["jq", "curl"])
}

#[test]
fn every_block_of_the_readme_has_a_test() {
    let names: Vec<String> = blocks().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["by ./check", "sandbox", "account", "caddy", "trigger", "doctor", "bridge", "batch"]);
}

#[test]
fn check_runs_the_two_commands_of_the_readme() {
    let check = include_str!("../check");
    for line in block("by ./check").lines() {
        let command = line.split('#').next().unwrap().trim();
        assert!(check.lines().any(|line| line.trim().starts_with(command)), "./check does not run `{command}`");
    }
}

#[test]
fn both_sides_can_be_played_in_the_sandbox() {
    let Some(shell) = shell() else { return };
    // Where the README's reader sees the receiver's ready line before typing on, a script has to wait for it; and what was
    // typed is seen by the receiver before a person can type the next line.
    let ready = format!("until curl -so /dev/null http://127.0.0.1:{}/healthz; do sleep 0.02; done", shell.port);
    let rated = "until grep -q chat-rated events.jsonl; do sleep 0.02; done";
    let script = block("sandbox")
        .replace("chat=$(curl", &format!("{ready}\nchat=$(curl"))
        .replace("kill %1", &format!("{rated}\nkill %1"));
    let output = shell.bash(&format!("set -e\n{script}")).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{stdout}{stderr}");
    for event in ["chat-assigned", "chat-opened", "message-created", "chat-closed", "chat-rated"] {
        assert!(stdout.lines().any(|line| line == event), "{event} is not in {stdout}{stderr}");
    }
}

#[test]
fn the_quick_start_signs_in_and_creates_a_persona() {
    let Some(shell) = shell() else { return };
    let sandbox = shell.sandbox();
    let mut command = shell.bash(&format!("set -e\n{}", block("account")));
    let mut session = Session::start(command.env("GUURU_ENDPOINT", sandbox.value("GUURU_ENDPOINT")));
    session.answer_hidden("Access token", sandbox.value("GUURU_TOKEN"));
    session.answer_hidden("Webhook secret", sandbox.value("GUURU_WEBHOOK_SECRET"));
    session.sees("which only you may read?");
    session.types("y");
    let run = session.end().ok();
    let persona: Value = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(persona["providerId"], "agent-42");
}

#[test]
fn the_proxy_passes_on_to_where_listen_listens() {
    let help = Home::bare().run(["listen", "--help"]).ok().stdout;
    assert!(block("caddy").contains("127.0.0.1:8787") && help.contains("[default: 127.0.0.1:8787]"), "{help}");
}

#[test]
fn the_trigger_of_the_readme_reaches_a_receiver() {
    let home = Home::new();
    let listener = home.listen(&["--count", "1"]);
    let command = block("trigger").replace("https://chat.example.com/", &listener.url);
    let args: Vec<&str> = command.split_whitespace().skip(1).collect();
    home.run(args).ok();
    let line = listener.line();
    assert_eq!((line["event"].as_str(), line["chatId"].as_str()), (Some("chat-assigned"), Some("c-1")));
}

#[test]
fn the_doctor_of_the_readme_finds_nothing_wrong() {
    let Some(shell) = shell() else { return };
    let sandbox = shell.sandbox();
    let receiver = format!("http://127.0.0.1:{}/", shell.port);
    let doctor = block("doctor").replace("https://chat.example.com/", &receiver);
    let ready = format!("until curl -so /dev/null {receiver}healthz; do sleep 0.02; done");
    let script = format!("{}\nguuru listen & trap 'kill %1' EXIT\n{ready}\n{doctor}", sandbox.exports);
    let output = shell.bash(&script).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["checks"].as_array().unwrap().len(), 11, "{found}");
}

#[test]
fn the_bridge_of_the_readme_answers_a_chat_and_closes_it() {
    let Some(shell) = shell() else { return };
    let script = block("bridge");
    assert!(script.lines().count() <= 17, "15 lines below the line that names the shell and the comment");
    let sandbox = shell.sandbox();
    let _bridge = Running(shell.bash(&format!("{}\n{script}", sandbox.exports)).spawn().unwrap());
    let http = guuru::http::builder().no_proxy().build().unwrap();
    let chats = format!("{}/chats", sandbox.value("GUURU_SANDBOX"));
    let say = |path: &str, body: &'static str| -> Value {
        let response = http.post(format!("{chats}{path}")).header("content-type", "application/x-www-form-urlencoded");
        response.body(body).send().unwrap().error_for_status().unwrap().json().unwrap()
    };
    let chat = say("", "question=Hello")["id"].as_str().unwrap().to_owned();
    let look = || -> Value { http.get(format!("{chats}/{chat}")).send().unwrap().json().unwrap() };
    let said = |text: &str| look()["messages"].as_array().unwrap().iter().any(|message| message["text"] == text);
    eventually("the greeting", || said("Hello, this is Ada. How can I help?"));
    say(&format!("/{chat}/messages"), "text=Does it 'fit'? $HOME");
    eventually("the echo", || said("You said: Does it 'fit'? $HOME"));
    say(&format!("/{chat}/messages"), "text=bye");
    eventually("the end", || look()["status"] == "closed");
}

#[test]
fn the_batch_of_the_readme_says_goodbye_once_and_shows_what_failed() {
    let Some(shell) = shell() else { return };
    let sandbox = shell.sandbox();
    let open = "curl -sd question=Hello $GUURU_SANDBOX/chats | jq .id >chats.json\n\
                guuru chat accept $(jq -r . chats.json) --provider-id agent-42 --name Ada >/dev/null\n\
                echo '\"c-unheard-of\"' >>chats.json";
    let script = block("batch");
    let script = format!("{}\n{open}\n{script}\n{script}", sandbox.exports);
    let output = shell.bash(&script).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let failed: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(failed.len(), 2, "{stdout}{stderr}");
    assert!(failed.iter().all(|result| result["error"]["code"] == "CHAT_NOT_FOUND"), "{stdout}");
    let chats = std::fs::read_to_string(shell.home.path().join("chats.json")).unwrap();
    let chat = chats.lines().next().unwrap().trim_matches('"');
    let chat = format!("{}/chats/{chat}", sandbox.value("GUURU_SANDBOX"));
    let chat: Value = guuru::http::builder().no_proxy().build().unwrap().get(chat).send().unwrap().json().unwrap();
    let goodbyes = |message: &&Value| message["text"] == "We are closing, see you tomorrow.";
    assert_eq!(chat["messages"].as_array().unwrap().iter().filter(goodbyes).count(), 1, "{chat}");
}
