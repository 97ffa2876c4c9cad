//! The schemas in docs/schema, checked by two independent validators against what really is read and written.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::platform::{Fate, Manner, Platform};
use super::program::{from_file, home, lines, piped, results, send};
use crate::support::program::{Home, skip};
use crate::support::sender::Sender;

/// The validator for one kind of line, out of what the program prints.
pub(crate) fn validator(line: &str) -> Validator {
    let schema = Home::bare().run(["schema", "lines", line]).ok().json();
    jsonschema::meta::validate(&schema).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], format!("{line}.schema.json"));
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

#[track_caller]
pub(crate) fn assert_valid(validator: &Validator, value: &Value) {
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{value}: {errors:?}");
}

/// What ajv says, in its strict mode, of the schemas that the program prints, and of these values of one of them.
pub(crate) fn assert_strict_ajv_agrees<'a>(line: &str, values: impl IntoIterator<Item = &'a Value>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    if !folder.join("node_modules/ajv").exists() || Command::new("node").arg("--version").output().is_err() {
        return skip("node is missing, or `npm ci --prefix tests/tools` was not run");
    }
    let home = Home::bare();
    let files = ["event", "command", "result"].map(|line| {
        let file = home.path().join(format!("{line}.json"));
        std::fs::write(&file, home.run(["schema", "lines", line]).ok().stdout).unwrap();
        file
    });
    let mut node = Command::new("node");
    node.arg(folder.join("strict.mjs")).args(files).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().unwrap();
    let mut stdin = node.stdin.take().unwrap();
    for value in values {
        writeln!(stdin, "{}", json!([format!("{line}.schema.json"), value])).unwrap();
    }
    // Last, what is wrong by any of the schemas: that is told, and nothing else.
    writeln!(stdin, r#"["{line}.schema.json","wrong"]"#).unwrap();
    drop(stdin);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.lines().count() == 1 && said.contains(r#""wrong"]"#), "{said}");
}

/// With `change` made to it, a valid value is valid no more.
#[track_caller]
fn assert_strict(validator: &Validator, value: &Value, change: &Value) {
    assert_valid(validator, value);
    let mut changed = value.clone();
    for (key, change) in change.as_object().unwrap() {
        if change.is_null() {
            changed.as_object_mut().unwrap().remove(key);
        } else {
            changed[key] = change.clone();
        }
    }
    assert!(!validator.is_valid(&changed), "{changed}");
}

#[test]
fn all_three_are_printed_by_name() {
    let all = Home::bare().run(["schema", "lines"]).ok().json();
    let names: Vec<&String> = all.as_object().unwrap().keys().collect();
    assert_eq!(names, ["event", "command", "result"]);
    for name in names {
        assert_eq!(Home::bare().run(["schema", "lines", name]).ok().json(), all[name]);
    }
    Home::bare().run(["schema", "lines", "other"]).failed(2, "possible values: event, command, result");
}

#[test]
fn every_event_is_as_its_schema_says() {
    let validator = validator("event");
    let home = Home::new();
    let listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    sender.assign("k-1", "c-1");
    sender.message("k-2", "c-1", "Hello?");
    sender.send("chat-burnt", "k-3", &json!([1, "two"]));
    let events = [listener.line(), listener.line(), listener.line()];
    for event in &events {
        assert_valid(&validator, event);
        let mut of_the_bridge = event.clone();
        of_the_bridge["type"] = json!("event");
        assert_valid(&validator, &of_the_bridge);
    }
    assert_strict_ajv_agrees("event", &events);
    for change in [
        json!({"other": 1}),
        json!({"seq": 0}),
        json!({"own": null}),
        json!({"receivedAt": "yesterday"}),
        json!({"type": "result"}),
        json!({"payload": null}),
    ] {
        assert_strict(&validator, &events[0], &change);
    }
}

#[test]
fn what_the_schema_of_commands_allows_is_what_batch_takes() {
    let validator = validator("command");
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let agent = json!({"providerId": "a-1", "name": "Ada", "email": "a@example.com", "photo": "https://example.com/"});
    let with_agent = |mut command: Value| {
        agent.as_object().unwrap().iter().for_each(|(key, value)| command[key] = value.clone());
        command
    };
    let commands = [
        json!({"ref": "1", "op": "createPersona", "providerId": "a-1", "name": "Ada"}),
        with_agent(json!({"op": "createPersona"})),
        json!({"op": "acceptChat", "chatId": "c-1", "personaId": "p-1"}),
        with_agent(json!({"op": "acceptChat", "chatId": "c-1"})),
        json!({"ref": null, "op": "sendChatMessage", "chatId": "c-1", "text": "Hello!"}),
        with_agent(json!({"op": "sendChatMessage", "chatId": "c-1", "attachment": "https://example.com/a.pdf"})),
        json!({"op": "closeChat", "chatId": "c-1", "personaId": null}),
        with_agent(json!({"op": "openChat", "chatId": "c-1"})),
        json!({"op": "approveSubmission", "id": "s-1"}),
        json!({"op": "rejectSubmission", "id": "s-1"}),
    ];
    let wrong = [
        json!({"op": "createPersona", "providerId": "a-1"}),
        json!({"op": "createPersona", "providerId": "a-1", "name": "Ada", "personaId": "p-1"}),
        json!({"op": "acceptChat", "chatId": "c-1"}),
        json!({"op": "acceptChat", "chatId": "c-1", "personaId": null}),
        json!({"op": "acceptChat", "chatId": 1, "personaId": "p-1"}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "personaId": "p-1"}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "text": ""}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "text": 1}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "txet": "Hello!"}),
        json!({"op": "closeChat"}),
        json!({"ref": 1, "op": "closeChat", "chatId": "c-1"}),
        json!({"op": "approveSubmission", "id": "s-1", "chatId": "c-1"}),
        json!({"op": "burnChat", "chatId": "c-1"}),
        json!({"chatId": "c-1"}),
        json!(["closeChat"]),
    ];
    let run = piped(&home, &[], &lines(&[&commands[..], &wrong].concat()));
    let mut results = results(&run.stdout);
    results.sort_by_key(|result| result["line"].as_u64());
    let kinds: Vec<Value> = results.iter().map(|result| result["error"]["kind"].clone()).collect();
    assert_eq!(kinds.len(), commands.len() + wrong.len());
    for (command, kind) in commands.iter().zip(&kinds) {
        assert_valid(&validator, command);
        assert!(kind != "usage", "{command}");
    }
    for (command, kind) in wrong.iter().zip(&kinds[commands.len()..]) {
        assert!(!validator.is_valid(command), "{command}");
        assert_eq!(kind, "usage", "{command}");
    }
    assert_strict_ajv_agrees("command", &commands);
    // Only a bridge takes this one.
    assert_strict(&validator, &json!({"op": "ack", "seq": 42}), &json!({"seq": "42"}));
}

#[test]
fn every_result_is_as_its_schema_says() {
    let validator = validator("result");
    let fate = |text: &str, _| match text {
        "lost" => Fate::Lost,
        "busy" => Fate::Status(429),
        "forbidden" => Fate::Status(401),
        _ => Fate::Answered,
    };
    let platform = Platform::start(Manner { fate, ..Manner::default() });
    let home = home(&platform);
    let commands = [
        json!({"ref": "p", "op": "createPersona", "providerId": "a-1", "name": "Ada"}),
        json!({"ref": "a", "op": "acceptChat", "chatId": "c-1", "providerId": "a-1"}),
        json!({"ref": "s", "op": "sendChatMessage", "chatId": "c-1", "text": "Hello!"}),
        json!({"ref": "lost", "op": "sendChatMessage", "chatId": "c-1", "text": "lost"}),
        json!({"ref": "unknown", "op": "sendChatMessage", "chatId": "c-2", "text": "lost"}),
        json!({"ref": "busy", "op": "sendChatMessage", "chatId": "c-1", "text": "busy"}),
        json!({"ref": "forbidden", "op": "sendChatMessage", "chatId": "c-1", "text": "forbidden"}),
        json!({"ref": "refused", "op": "closeChat", "chatId": "c-closed"}),
        json!({"ref": "s", "op": "sendChatMessage", "chatId": "c-1", "text": "other content"}),
        json!({"op": "closeChat"}),
    ];
    let input = lines(&commands) + "not json\n";
    let args = ["--journal", "--retries", "0"];
    let (first, again) = (piped(&home, &args, &input), piped(&home, &args, &input));
    let halted = from_file(&home, &["--fail-fast"], &("{}\n".to_owned() + &send("rest", "c-1", "Hello!")));
    let mut all = [results(&first.stdout), results(&again.stdout)].concat();
    all.extend(results(std::str::from_utf8(&halted.stdout).unwrap()));
    assert_eq!(all.len(), 24);
    for result in &all {
        assert_valid(&validator, result);
        let mut of_the_bridge = result.clone();
        of_the_bridge["type"] = json!("result");
        assert_valid(&validator, &of_the_bridge);
    }
    assert_strict_ajv_agrees("result", &all);
    // Whatever a result can be was among them.
    for (pointer, value) in [
        ("/settled", json!(true)),
        ("/replayed", json!(true)),
        ("/error/kind", json!("usage")),
        ("/error/kind", json!("unknown")),
        ("/error/kind", json!("unavailable")),
        ("/error/kind", json!("auth")),
        ("/error/kind", json!("refused")),
        ("/error/kind", json!("failure")),
        ("/error/code", json!("CHAT_NOT_OPEN")),
    ] {
        assert!(all.iter().any(|result| result.pointer(pointer) == Some(&value)), "no result has {pointer} {value}");
    }
    let good = all.iter().find(|result| result["ok"] == true).unwrap();
    for change in [
        json!({"other": 1}),
        json!({"line": 0}),
        json!({"ok": false}),
        json!({"data": null}),
        json!({"settled": false}),
    ] {
        assert_strict(&validator, good, &change);
    }
}
