//! One result for each line, whatever the line is, and words where there can be no results.

use std::fs::File;
use std::process::Stdio;

use guuru::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::platform::{Manner, Platform};
use super::program::{Running, command, from_file, home, lines, of, piped, results, send};
use crate::support::program::{Home, TOKEN};

const MIB: usize = 1024 * 1024;

/// The results of this input, in the order of its lines.
fn in_order(home: &Home, input: &[u8]) -> Vec<Value> {
    let mut batch = Running::piped(home, &[]);
    let (mut stdin, input) = (batch.take_stdin(), input.to_vec());
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &input).unwrap());
    let mut results = batch.rest();
    writer.join().unwrap();
    results.sort_by_key(|result| result["line"].as_u64());
    results
}

#[test]
fn every_operation_is_carried_out_in_the_sandbox() {
    let sandbox = Sandbox::start(Options::new(TOKEN.into(), "secret".into()), |_| ()).unwrap();
    let base = format!("http://{}", sandbox.addr());
    let http = guuru::http::builder().no_proxy().build().unwrap();
    let chat = http.post(format!("{base}/chats")).json(&json!({"question": "Hello?"})).send().unwrap();
    let chat = chat.json::<Value>().unwrap()["id"].as_str().unwrap().to_owned();
    let home = Home::new().with("GUURU_ENDPOINT", &format!("{base}/graphql"));
    let input = [
        json!({"ref": "1", "op": "createPersona", "providerId": "agent-42", "name": "Ada"}),
        json!({"ref": "2", "op": "acceptChat", "chatId": chat, "providerId": "agent-42", "name": "Ada"}),
        json!({"ref": "3", "op": "sendChatMessage", "chatId": chat, "text": "Hello!"}),
        json!({"ref": "4", "op": "sendChatMessage", "chatId": chat, "attachment": "https://example.com/a.pdf"}),
        json!({"ref": "5", "op": "closeChat", "chatId": chat}),
        json!({"ref": "6", "op": "openChat", "chatId": chat}),
        json!({"ref": "7", "op": "openChat", "chatId": chat}),
        json!({"ref": "8", "op": "approveSubmission", "id": "nowhere"}),
    ];
    let input = lines(&input);
    let run = piped(&home, &["--jobs", "4"], &input);
    assert_eq!(run.code, Some(7), "{run:?}");
    assert!(run.stderr.contains("2 of 8 commands failed"), "{run:?}");
    let results = results(&run.stdout);
    for reference in ["1", "2", "3", "4", "5", "6"] {
        assert_eq!(of(&results, reference)["ok"], true, "{results:?}");
    }
    assert_eq!(of(&results, "3")["data"]["text"], "Hello!");
    let refused = json!({"ref": "7", "line": 7, "op": "openChat", "ok": false, "error": of(&results, "7")["error"]});
    assert_eq!(of(&results, "7"), &refused);
    let error = &refused["error"];
    assert_eq!(
        (&error["kind"], &error["code"], &error["retryable"]),
        (&json!("refused"), &json!("CHAT_NOT_CLOSED"), &json!(false))
    );
    assert_eq!(of(&results, "8")["error"]["code"], "SUBMISSION_NOT_FOUND");
}

#[test]
fn every_kind_of_line_has_a_result() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let mut input = b"\xef\xbb\xbf".to_vec();
    input.extend(send("1", "c-1", "one").replace('\n', "\r\n").bytes());
    input.extend(b"\n{\"op\"\n[1]\n\xff\xfe\n\"\x00\"\n");
    input.extend(send("7", "c-1", "two").trim_end().bytes());
    let results = in_order(&home, &input);
    let ok: Vec<_> = results.iter().map(|result| result["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, false, false, false, true], "{results:?}");
    let lines: Vec<_> = results.iter().map(|result| result["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6, 7], "an empty line is counted and has no result");
    for result in &results[1..5] {
        assert_eq!((&result["error"]["kind"], &result["error"]["retryable"]), (&json!("usage"), &json!(false)));
    }
    assert!(results[3]["error"]["message"].as_str().unwrap().contains("not UTF-8"), "{results:?}");
    assert_eq!(platform.texts("c-1"), ["one", "two"]);
}

#[test]
fn multiline_json_has_one_error_and_the_next_command_is_carried_out() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let pretty = serde_json::to_string_pretty(&json!([{"ref": "1", "op": "closeChat", "chatId": "c-1"}])).unwrap();
    let input = format!("{pretty}\n\n{}{{\"ref\":\"3\",\n{}", send("2", "c-1", "two"), send("4", "c-1", "four"));
    let results = in_order(&home, input.as_bytes());
    let told: Vec<_> = results.iter().map(|result| (result["line"].as_u64().unwrap(), result["ok"] == true)).collect();
    assert_eq!(told, [(1, false), (9, true), (10, false), (11, true)], "{results:?}");
    let message = results[0]["error"]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "the line is not a command: the JSON does not end on it; one command is one line (`jq -c` makes it one)"
    );
    assert_eq!(results[2]["ref"], "3");
    let run = piped(&home, &[], &format!("\n \n{}", send("5", "c-1", "five"))).ok();
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (1, ""));
}

#[test]
fn a_line_with_half_an_emoji_or_a_huge_number_keeps_its_name() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let line = send("1", "c-1", "cut X").replace('X', "\\ud83d");
    let wrong = r#"{"ref":"2","op":"closeChat","chatId":1e999}"#;
    let results = in_order(&home, format!("{line}{wrong}\n").as_bytes());
    assert_eq!((&results[0]["ref"], &results[0]["ok"]), (&json!("1"), &json!(true)), "{results:?}");
    assert_eq!((&results[1]["ref"], &results[1]["op"]), (&json!("2"), &json!("closeChat")), "{results:?}");
    assert_eq!(results[1]["error"]["message"], "the line is not a command: `chatId` is not a string");
    assert_eq!(platform.texts("c-1"), ["cut \u{fffd}"]);
}

#[test]
fn a_line_of_a_mebibyte_is_taken_and_a_longer_one_is_not() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let frame = send("1", "c-1", "").trim_end().len();
    let text = "x".repeat(MIB - frame);
    let input =
        format!("{}{}{}", send("1", "c-1", &text), send("2", "c-1", &format!("{text}x")), send("3", "c-1", "y"));
    let results = in_order(&home, input.as_bytes());
    let ok: Vec<_> = results.iter().map(|result| result["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, true]);
    assert!(results[1]["error"]["message"].as_str().unwrap().contains("longer than 1048576 bytes"), "{}", results[1]);
    assert_eq!(platform.texts("c-1"), [text, "y".to_owned()]);
}

#[test]
fn results_come_as_they_finish_while_the_input_goes_on() {
    let platform = Platform::start(Manner::default());
    let mut batch = Running::piped(&home(&platform), &[]);
    for n in 0..3 {
        assert!(batch.write(&send(&n.to_string(), "c-1", "Hello!")));
        assert_eq!(batch.result()["ref"], n.to_string());
    }
    // The last line needs no line feed.
    assert!(batch.write(send("last", "c-1", "Bye!").trim_end()));
    batch.close();
    assert_eq!(batch.result()["ref"], "last");
    assert_eq!(batch.wait().code(), Some(0));
}

#[test]
fn no_input_is_no_output() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let run = piped(&home, &[], "").ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    assert_eq!(from_file(&home, &["--journal"], "").stdout, b"");
}

#[test]
fn arguments_that_cannot_work_are_refused_before_anything_is_read() {
    let platform = Platform::start(Manner::default());
    let url = platform.server.url();
    home(&platform).run(["batch", "--jobs", "0"]).failed(2, "--jobs");
    home(&platform).run(["batch", "--status"]).failed(2, "--journal");
    let home = Home::bare().with("GUURU_ENDPOINT", &url);
    // A pipe that stays open: it would wait for ever if it read.
    let mut batch = Running::piped(&home, &[]);
    assert_eq!(batch.wait().code(), Some(3));
    assert_eq!(batch.rest(), [] as [Value; 0]);
    home.run(["batch", "--journal", "--status"]).ok();
    assert_eq!(platform.operations(), [] as [&str; 0]);
}

#[test]
fn a_stdin_that_cannot_be_read_is_an_error() {
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let folder = File::open(home.path()).unwrap();
    let output = command(&home, &[]).stdin(folder).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot read stdin"), "{stderr}");
}

#[test]
fn a_full_disk_is_an_error_and_ends_it() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return crate::support::program::skip("there is no /dev/full");
    };
    let platform = Platform::start(Manner::default());
    let home = home(&platform);
    let input: String = (0..100).map(|n| send(&n.to_string(), "c-1", "Hello!")).collect();
    let stdin = super::program::file(&home, &input);
    let child = command(&home, &[]).stdin(stdin).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot write to stdout"), "{stderr}");
    assert_eq!(platform.count(), 1, "nothing is begun whose result nobody would hear of");
}
