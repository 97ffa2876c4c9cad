//! `guuru sandbox` as a shell uses it: started in the background, talked to with commands and curl, ended with kill.

use std::net::TcpListener;
use std::process::Stdio;

use super::platform::{has, leftovers, processes, tidy_home, tool, unused_address};
use crate::support::program::{Finished, Home, eventually, read_lines, signal, skip};
use crate::support::sender::Sender;

/// A conversation, typed as commands; the webhooks come to `$RECEIVER`, the sandbox has the flags `$FLAGS`.
const CONVERSATION: &str = r#"
set -euo pipefail
eval "$(guuru sandbox --background --addr 127.0.0.1:0 --webhook-url "http://$RECEIVER/" $FLAGS)"
guuru listen --addr "$RECEIVER" --requested-expert api --count 8 --timeout 30s | jq -r .event & events=$!
chat=$(curl -sf -d question='Does it fit?' -d name=Eve $GUURU_SANDBOX/chats | jq -r .id)
guuru chat accept $chat --provider-id agent-42 --name Ada | jq -e '.messages[0].text == "Does it fit?"' > accepted
guuru chat send $chat 'Hello!' > sent
curl -sf --data-urlencode text='And in blue?' $GUURU_SANDBOX/chats/$chat/messages > said
guuru chat close $chat > closed
curl -sf -X POST $GUURU_SANDBOX/chats/$chat/reopen > reopened
guuru chat close $chat > closed
curl -sf -d rating=5 $GUURU_SANDBOX/chats/$chat/rate > rated
wait $events
curl -sf $GUURU_SANDBOX/chats/$chat | jq -e '.rating == 5 and (.messages | length) == 3' > seen
kill $GUURU_SANDBOX_PID
"#;

/// What it makes happen, sorted: webhooks may come in any order.
const EVENTS: [&str; 8] = [
    "chat-assigned",
    "chat-closed",
    "chat-closed",
    "chat-opened",
    "chat-rated",
    "chat-reopened",
    "message-created",
    "message-created",
];

/// Runs a script in bash to the end of its stdout: whatever holds on to that keeps the test waiting.
fn bash(home: &Home, script: &str, environment: &[(&str, &str)]) -> Finished {
    let mut bash = tool(home, "bash");
    bash.args(["-c", script]).envs(environment.iter().copied()).stdin(Stdio::null());
    let output = bash.output().unwrap();
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn assert_clean(home: &Home) {
    eventually("every process of the sandbox ends", || processes(home).is_empty());
    eventually("its folder is removed", || leftovers(home).is_empty());
}

fn converse(flags: &str) {
    if !has(&["bash", "jq", "curl"]) {
        return skip("bash, jq or curl is missing");
    }
    let home = tidy_home();
    let receiver = unused_address().to_string();
    let run = bash(&home, CONVERSATION, &[("RECEIVER", &receiver), ("FLAGS", flags)]).ok();
    let mut events: Vec<&str> = run.stdout.lines().collect();
    events.sort_unstable();
    assert_eq!(events, EVENTS, "{run:?}");
    assert_clean(&home);
}

#[test]
fn a_whole_conversation_can_be_typed() {
    converse("");
}

#[test]
fn webhooks_that_come_twice_are_told_once() {
    converse("--duplicate 1 --seed 7");
}

#[test]
fn doubled_deliveries_are_in_the_log_and_the_log_goes_with_the_sandbox() {
    if !has(&["bash", "curl"]) {
        return skip("bash or curl is missing");
    }
    let home = tidy_home().with("GUURU_WEBHOOK_SECRET", "of a real account");
    let script = r#"
        set -eu
        eval "$(guuru sandbox --background --addr 127.0.0.1:0 --webhook-url "http://$RECEIVER/" --duplicate 1)"
        guuru listen --addr "$RECEIVER" > lines & receiver=$!
        curl -sf -d question=x $GUURU_SANDBOX/chats > chat
        until [ "$(grep -c -e '-> 200' "$GUURU_STATE_DIR/sandbox.log")" = 2 ]; do sleep 0.05; done
        kill $receiver && wait $receiver
        wc -l < lines
        kill $GUURU_SANDBOX_PID
    "#;
    let run = bash(&home, script, &[("RECEIVER", &unused_address().to_string())]).ok();
    assert_eq!(run.stdout.trim(), "1", "{run:?}");
    assert_clean(&home);
}

#[test]
fn a_taken_port_is_a_clear_error_in_both_modes() {
    let home = tidy_home();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for mode in [&[][..], &["--background"]] {
        let args = [&["sandbox", "--addr", &address], mode].concat();
        let run = home.run(&args).failed(1, &format!("error: the sandbox cannot listen on {address}: "));
        assert!(run.stderr.contains("\nhint: another program may use that port"), "{run:?}");
        home.run([&args[..], &["-o", "json"]].concat()).failed(1, r#"{"error":{"kind":"failure""#);
        assert_clean(&home);
    }
}

#[test]
fn what_is_wrong_is_the_same_error_in_both_modes() {
    for mode in [&[][..], &["--background"]] {
        for (args, words) in
            [(["--addr", "0.0.0.0:0"], "not a loopback address"), (["--duplicate", "2"], "from 0 to 1")]
        {
            let home = tidy_home().with("GUURU_OUTPUT", "table");
            home.run([&["sandbox"], &args[..], mode].concat()).failed(2, words);
            assert_clean(&home);
        }
    }
}

#[test]
fn in_the_foreground_it_prints_its_lines_and_ends_in_order() {
    use std::io::{BufRead, BufReader};
    let home = tidy_home();
    let mut child = home.command(["sandbox", "--addr", "127.0.0.1:0"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let exports: Vec<String> = lines.by_ref().take(6).collect();
    for (line, name) in exports.iter().zip([
        "GUURU_SANDBOX",
        "GUURU_SANDBOX_PID",
        "GUURU_ENDPOINT",
        "GUURU_TOKEN",
        "GUURU_WEBHOOK_SECRET",
        "GUURU_STATE_DIR",
    ]) {
        assert!(line.starts_with(&format!("export {name}='")), "{line}");
    }
    let kill = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(lines.next(), None);
    assert_clean(&home);
}

#[test]
fn a_store_that_is_in_use_outlives_the_sandbox() {
    let home = tidy_home();
    let mut sandbox = home.command(["sandbox", "--addr", "127.0.0.1:0"]).spawn().unwrap();
    let exports = read_lines(sandbox.stdout.take().unwrap());
    let folder =
        exports.iter().find_map(|line| Some(line.strip_prefix("export GUURU_STATE_DIR='")?.to_owned())).unwrap();
    let listening = Home::new().with("GUURU_STATE_DIR", folder.trim_end_matches('\''));
    let mut listener = listening.listen(&[]);
    signal(sandbox.id(), "TERM");
    let ended = sandbox.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success() && said.contains("is still in use, and stays"), "{said}");
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    assert_eq!(listener.stop().len(), 1);
}

#[test]
fn a_sandbox_that_nobody_was_told_of_does_not_go_on() {
    let home = tidy_home();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = home.command(["sandbox", "--background", "--addr", "127.0.0.1:0"]);
    assert_eq!(command.stdout(writer).output().unwrap().status.code(), Some(0));
    assert_clean(&home);
}
