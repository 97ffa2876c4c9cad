//! Every command has an example, and every example is run as it stands in the help.

use std::collections::BTreeSet;

use super::tree::{commands, name, sections};
use crate::support::shell::Shell;

/// What an example needs around it.
const SANDBOX: &str = "eval \"$(guuru sandbox --background)\"; trap 'kill $GUURU_SANDBOX_PID' EXIT";
/// The next chat of the sandbox is c-15.
const OFFERED: &str = "curl -sd question=Hello $GUURU_SANDBOX/chats >/dev/null";
const ACCEPTED: &str = "guuru chat accept c-15 --provider-id agent-42 --name Ada >/dev/null";
const READY: &str = "until curl -so /dev/null http://127.0.0.1:PORT/healthz; do sleep 0.02; done";
const SEND: &str = "guuru trigger message-created --to http://127.0.0.1:PORT/ >/dev/null";
/// An inbox of 46 events, all of them set aside, and a handler that takes them.
const INBOX: &str = "@SECRET@; guuru listen --exec 'exit 1' --count 46 & @READY@
    guuru trigger message-created --repeat 46 --to http://127.0.0.1:PORT/ >/dev/null; wait
    printf '#!/bin/sh\\ncat >>answered\\n' >answer.sh; chmod +x answer.sh";

/// One test for each command: what is run, and what has to be on stdout in the end. `@1@` stands for the lines of the help's
/// first section of examples, `@1.2@` for the second of them, other words between `@` for what `check` has for them.
macro_rules! examples {
    ($($test:ident: $command:literal, $script:expr => $shown:expr;)*) => {
        const TESTED: &[&str] = &[$($command),*];
        $(#[test] fn $test() { check($command, $script, &$shown); })*
    };
}

examples! {
    listen: "guuru listen", "@SANDBOX@; @1.1@ >out & @READY@; @OFFERED@
        until guuru events list --jq '.[]' | grep -q seq; do sleep 0.02; done; kill $(cat listen.pid); wait $!; cat out
        printf '#!/bin/sh\\ncat\\n' >answer.sh; chmod +x answer.sh
        @1.2@ 2>err & @READY@; @SEND@; until grep -q m- err; do sleep 0.02; done; kill $(cat listen.pid); wait $!; cat err"
        => ["c-15 chat-assigned\n", "\"event\":\"message-created\""];
    events_list: "guuru events list", "@INBOX@; @1@" => ["Hello?\n"];
    events_show: "guuru events show", "@INBOX@; @1@" => ["\"seq\":42", "x-guuru-event"];
    events_tail: "guuru events tail", "@INBOX@; guuru listen >/dev/null & @READY@; @1@ >out &
        until grep -q . out; do @SEND@; sleep 0.02; done; kill $(cat events.pid) $(cat listen.pid); wait; cat out"
        => ["\"specversion\":\"1.0\""];
    events_replay: "guuru events replay", "@INBOX@; @1@; guuru events list --failed --jq length; cat answered"
        => ["{\"seq\":17,", "{\"seq\":45,", "{\"seq\":46,", "\n0\n{\"seq\":1,"];
    events_prune: "guuru events prune", "@INBOX@; @1@" => ["\"pruned\":0,", "\"dryRun\":true"];
    persona_create: "guuru persona create", "@SANDBOX@; @1@" => ["\"providerId\":\"agent-42\",\"name\":\"Ada\""];
    persona_list: "guuru persona list", "@SANDBOX@; @OFFERED@; @ACCEPTED@; @1@" => ["p-"];
    persona_show: "guuru persona show", "@SANDBOX@; @OFFERED@; @ACCEPTED@; @1@" => ["\"name\":\"Ada\""];
    persona_forget: "guuru persona forget", "@SANDBOX@; @OFFERED@; @ACCEPTED@; @1@; guuru persona list" => ["[]\n"];
    chat_list: "guuru chat list", "@SANDBOX@; @1@" => ["[]\n", "When does the shop in Bern open?\n", "c-14\t2026-01-14T"];
    chat_show: "guuru chat show", "@SANDBOX@; @1@" => ["It does, with room for the charger.\n"];
    chat_accept: "guuru chat accept", "@SANDBOX@; @OFFERED@; @1@" => ["\"id\":\"c-15\",\"status\":\"opened\""];
    chat_send: "guuru chat send", "@SANDBOX@; @OFFERED@; @ACCEPTED@; echo 'In text' >answer.txt; @1@"
        => ["\"text\":\"Hello!\"", "\"text\":\"In text\""];
    chat_close: "guuru chat close", "@SANDBOX@; @OFFERED@; @ACCEPTED@; @1@" => ["\"status\":\"closed\""];
    chat_open: "guuru chat open", "@SANDBOX@; @OFFERED@; @ACCEPTED@; guuru chat close c-15 >/dev/null; @1@"
        => ["\"status\":\"opened\""];
    batch: "guuru batch", "@SANDBOX@; @OFFERED@; @ACCEPTED@; @1@; @1@" => ["\"ok\":true", "\"replayed\":true"];
    bridge: "guuru bridge", "@SANDBOX@; printf '#!/bin/sh\\nhead -n 1 >seen; cat\\n' >agent.py; chmod +x agent.py
        @1@ & @READY@; @OFFERED@; until [[ -s seen ]]; do sleep 0.02; done; kill $(cat bridge.pid); wait $!; cat seen"
        => ["{\"type\":\"event\",\"seq\":1,"];
    submission_list: "guuru submission list", "@SANDBOX@; @1@" => ["s-3\n"];
    submission_approve: "guuru submission approve", "@SANDBOX@; @1@" => ["\"status\":\"approved\""];
    submission_reject: "guuru submission reject", "@SANDBOX@; @1@" => ["\"status\":\"rejected\""];
    partner: "guuru partner", "@SANDBOX@; @1@" => ["true\n"];
    expert_list: "guuru expert list", "@SANDBOX@; @1@" => ["\"email\":\"public@api.guuru.com\""];
    api: "guuru api", "@SANDBOX@; @1@" => ["partner-1\n", "\"status\":\"approved\"", "\"hasNextPage\":false"];
    trigger: "guuru trigger", "@SECRET@; guuru listen --count 1 & @READY@; @1@; wait" => ["\"status\":200", "{\"seq\":1,"];
    sandbox: "guuru sandbox", "@1.1@; trap 'kill $GUURU_SANDBOX_PID' EXIT
        @2.1@; echo; @2.2@; echo; @2.3@; echo; @ACCEPTED@; guuru chat close c-15
        @2.4@; echo; @2.5@; echo; @ACCEPTED@; guuru chat close c-15; @2.6@; echo; trap - EXIT; @1.2@
        @3.1@ >exports & until grep -q STATE_DIR exports; do sleep 0.02; done; . ./exports
        guuru bridge --journal -- @ECHO@ & wait %1; kill $(cat bridge.pid); wait; @3.2@"
        => ["\"text\":\"And in blue?\"", "\"status\":\"rated\"", "\"chats\": 5", "\"lost\": 0"];
    demo: "guuru demo", "@1@" => ["chat-assigned\n", "chat-rated\n"];
    doctor: "guuru doctor", "@SANDBOX@; guuru listen & @READY@; @1@; kill $(cat listen.pid); wait $!"
        => ["came back from the receiver"];
    schema_sync: "guuru schema sync", "@SANDBOX@; @1@" => ["\"operation\":\"acceptChat\",\"state\":\"built-in\""];
    schema_check: "guuru schema check", "@SANDBOX@; @1@; echo all fit" => ["all fit\n"];
    schema_print: "guuru schema print", "@SANDBOX@; @1@; cat schema.graphql" => ["type Mutation {"];
    schema_lines: "guuru schema lines", "@1@; cat command.schema.json" => ["\"$schema\":"];
    verify: "guuru verify", "@SECRET@; printf '{}' >body.json
        SIGNATURE=$(openssl dgst -sha256 -hmac secret -r <body.json | cut -d' ' -f1); @1@" => ["\"valid\":true"];
    auth_login: "guuru auth login", "@SANDBOX@; @LOGIN@; echo $GUURU_TOKEN >token.txt; unset GUURU_TOKEN; @1@
        guuru auth status" => ["\"kept\":[\"token\"]", "\"partnerId\":\"partner-1\",\"error\":null"];
    auth_status: "guuru auth status", "@SANDBOX@; @1@" => ["partner-1\n"];
    auth_logout: "guuru auth logout", "@STAGING@; @LOGIN@; echo t | guuru auth login --token-stdin --no-check --profile staging
        @1@" => ["\"profile\":\"staging\",\"removed\":[\"file\"]"];
    auth_secret_generate: "guuru auth secret generate", "@LOGIN@; @1@" => ["\"kept\":[\"webhookSecret\"]"];
    profile_list: "guuru profile list", "@STAGING@; @1@" => ["\"name\":\"default\",\"inUse\":true", "\"name\":\"staging\""];
    profile_show: "guuru profile show", "@STAGING@; @1@" => ["\"name\":\"staging\",\"inUse\":false"];
    profile_create: "guuru profile create", "@1@; guuru profile show staging" => ["https://staging.example.com/graphql"];
    profile_use: "guuru profile use", "@STAGING@; @1@; guuru profile show" => ["\"name\":\"staging\",\"inUse\":true"];
    profile_delete: "guuru profile delete", "@STAGING@; @1@; guuru profile list --jq length" => ["1\n"];
    config_show: "guuru config show", "@STAGING@; @1@" => ["\"setting\":\"profile\",\"value\":\"staging\",\"source\":\"flag\""];
    completion: "guuru completion", "mkdir -p .local/share/bash-completion/completions; @1@
        . .local/share/bash-completion/completions/guuru; complete -p guuru" => ["_guuru guuru\n"];
    help: "guuru help", "@1@" => ["Send a message to a chat\n", "Every command ends with one of these:\n"];
}

/// Runs a command's examples in a home of their own.
fn check(command: &str, script: &str, shown: &[&str]) {
    let Some(shell) = Shell::new(&["curl", "jq", "openssl"]) else { return };
    let mut script = with_examples(command, script);
    for (word, text) in [
        ("@INBOX@", INBOX),
        ("@SANDBOX@", SANDBOX),
        ("@OFFERED@", OFFERED),
        ("@ACCEPTED@", ACCEPTED),
        ("@READY@", READY),
        ("@SEND@", SEND),
        ("@STAGING@", "guuru profile create staging"),
        ("@SECRET@", "export GUURU_WEBHOOK_SECRET=secret"),
        // Without a keyring, which a test has not, a person would say so.
        ("@LOGIN@", "guuru() { command guuru \"$@\" $([[ $* != 'auth login'* ]] || echo --insecure-storage); }"),
        ("@ECHO@", concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/echo.sh")),
    ] {
        script = script.replace(word, text);
    }
    let script = format!("set -euo pipefail\n{script}").replace("PORT", &shell.port.to_string());
    let output = shell.bash("exec timeout 60 bash -c \"$SCRIPT\"").env("SCRIPT", &script).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{script}\n{stdout}{stderr}");
    for words in shown {
        assert!(stdout.contains(words), "{words:?} is not in what it shows\n{script}\n{stdout}{stderr}");
    }
    assert!(!stderr.contains("error: "), "{script}\n{stdout}{stderr}");
}

/// The script with the examples of the help where it wants them: all of them, and nothing but the address, the chat, and
/// how many end users there are, is changed.
fn with_examples(command: &str, script: &str) -> String {
    let command = commands().into_iter().find(|found| name(found) == command).unwrap();
    let mut script = script.to_owned();
    for (number, (_, lines)) in (1..).zip(sections(&command)) {
        let whole = format!("@{number}@");
        let lines: Vec<String> = lines.iter().map(|line| adapted(line, &script)).collect();
        if script.contains(&whole) {
            script = script.replace(&whole, &lines.join("\n"));
            continue;
        }
        for (place, line) in (1..).zip(lines) {
            let part = format!("@{number}.{place}@");
            assert!(script.contains(&part), "{}: the example is not run: {line}", name(&command));
            script = script.replace(&part, &line);
        }
    }
    script
}

fn adapted(line: &str, script: &str) -> String {
    let line = format!("{line} ")
        .replace("127.0.0.1:8787", "127.0.0.1:PORT")
        .replace("https://chat.example.com/", "http://127.0.0.1:PORT/")
        .replace("--chats 200 ", "--chats 5 ");
    if script.contains("OFFERED") { line.replace("c-1 ", "c-15 ").replace("c-1\"", "c-15\"") } else { line }
}

#[test]
fn every_command_has_an_example_that_is_run() {
    let leaves: BTreeSet<String> = commands()
        .iter()
        .filter(|command| !command.has_subcommands())
        .inspect(|command| assert!(!sections(command).is_empty(), "`{}` has no example in its help", name(command)))
        .map(|command| name(command).to_owned())
        .collect();
    let tested: BTreeSet<String> = TESTED.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(leaves, tested, "each command has a line in the list of examples in this file");
}
