//! A text and an attachment in one command, on a platform that takes both together, and on one that takes one at a time.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::platform::{Fate, Manner, Platform};
use super::program::{Running, command, file, home, piped, results};
use super::schema::{assert_strict_ajv_agrees, assert_valid, validator};
use crate::support::program::{Home, eventually};

const TEXT: &str = "Here it is.";
const LINK: &str = "https://example.com/a.pdf";

fn one_at_a_time(readable: bool, fate: fn(&str, usize) -> Fate) -> Platform {
    Platform::start(Manner { one_at_a_time: true, readable, fate, ..Manner::default() })
}

fn line() -> String {
    let command = json!({"ref": "1", "op": "sendChatMessage", "chatId": "c-1", "text": TEXT, "attachment": LINK, "personaId": "p-1"});
    format!("{command}\n")
}

fn batch(home: &Home, args: &[&str]) -> Value {
    let run = piped(home, &[&["--journal", "--retries", "0"], args].concat(), &line());
    results(&run.stdout).pop().unwrap_or_else(|| panic!("{run:?}"))
}

/// What each part became, by the keys of a result.
fn parts(data: &Value) -> [[&Value; 2]; 2] {
    [0, 1].map(|at| [&data["parts"][at]["text"], &data["parts"][at]["attachment"]])
}

#[test]
fn a_platform_that_takes_both_gets_one_message() {
    let platform = Platform::start(Manner::default());
    let result = batch(&home(&platform), &[]);
    let data = &result["data"];
    assert_eq!((&data["text"], &data["attachment"], &data["parts"]), (&json!(TEXT), &json!(LINK), &Value::Null));
    assert_eq!(platform.operations(), ["ChatSend"]);
}

#[test]
fn a_platform_that_takes_one_at_a_time_gets_the_text_first_and_the_result_has_both() {
    let platform = one_at_a_time(true, |_, _| Fate::Answered);
    let home = home(&platform);
    let sent = home.run(["chat", "send", "c-1", TEXT, "--attachment", LINK, "--persona", "p-1"]).ok().json();
    assert_eq!((&sent["id"], &sent["attachment"], &sent["text"]), (&json!("m-2"), &json!(LINK), &Value::Null));
    assert_eq!(parts(&sent), [[&json!(TEXT), &Value::Null], [&Value::Null, &json!(LINK)]]);
    assert_eq!(platform.texts("c-1"), [TEXT, LINK]);
    let (first, again) = (batch(&home, &[]), batch(&home, &[]));
    assert_eq!((first["data"]["id"].as_str(), first["data"]["parts"][0]["id"].as_str()), (Some("m-4"), Some("m-3")));
    assert_eq!((&again["replayed"], &again["data"]), (&json!(true), &first["data"]));
    assert_valid(&validator("result"), &again);
    assert_strict_ajv_agrees("result", [&first]);
    assert_eq!(platform.count(), 4);
}

#[test]
fn a_part_whose_answer_is_lost_is_looked_for_and_the_command_goes_on() {
    let fates: [fn(&str, usize) -> Fate; 2] = [
        |content, _| if content == TEXT { Fate::Lost } else { Fate::Answered },
        |content, _| if content == LINK { Fate::Lost } else { Fate::Answered },
    ];
    for fate in fates {
        let platform = one_at_a_time(true, fate);
        let result = batch(&home(&platform), &[]);
        assert_eq!((&result["ok"], &result["settled"]), (&json!(true), &json!(true)), "{result}");
        assert_eq!(parts(&result["data"]), [[&json!(TEXT), &Value::Null], [&Value::Null, &json!(LINK)]]);
        assert_eq!(platform.texts("c-1"), [TEXT, LINK]);
    }
}

#[test]
fn where_the_chat_cannot_be_read_nothing_is_sent_twice() {
    for (lost, taken) in [(TEXT, 1), (LINK, 2)] {
        let fate: fn(&str, usize) -> Fate = match lost {
            TEXT => |content, _| if content == TEXT { Fate::Lost } else { Fate::Answered },
            _ => |content, _| if content == LINK { Fate::Lost } else { Fate::Answered },
        };
        let platform = one_at_a_time(false, fate);
        let home = home(&platform);
        for _ in 0..3 {
            let error = &batch(&home, &[])["error"];
            assert_eq!((&error["kind"], &error["retryable"]), (&json!("unknown"), &json!(true)), "{error}");
            assert_eq!(platform.count(), taken, "{lost}");
        }
    }
}

#[test]
fn an_attachment_that_did_not_arrive_is_sent_by_the_repetition_and_its_text_is_not() {
    let fates: [fn(&str, usize) -> Fate; 2] = [
        |content, attempt| if content == LINK && attempt == 0 { Fate::Dropped } else { Fate::Answered },
        |content, attempt| if content == LINK && attempt == 0 { Fate::Status(429) } else { Fate::Answered },
    ];
    for fate in fates {
        let platform = one_at_a_time(true, fate);
        let home = home(&platform);
        let error = &batch(&home, &[])["error"];
        assert_eq!((&error["kind"], &error["retryable"]), (&json!("unknown"), &json!(true)), "{error}");
        let text = error["message"].as_str().unwrap();
        assert!(text.contains("its text was sent as message `m-1`, its attachment may not have been"), "{text}");
        let store = Connection::open(home.store()).unwrap();
        let minutes = i64::try_from(Duration::from_secs(300).as_millis()).unwrap();
        store.execute("UPDATE sends SET started_at = started_at - ?1, reading = reading - ?1", [minutes]).unwrap();
        let again = batch(&home, &["--settle-after", "1m"]);
        assert_eq!((&again["ok"], &again["data"]["parts"][0]["id"]), (&json!(true), &json!("m-1")), "{again}");
        assert_eq!(platform.texts("c-1"), [TEXT, LINK]);
        assert_eq!(batch(&home, &[])["replayed"], true);
    }
}

#[test]
fn an_attachment_that_is_refused_after_its_text_is_told_once_and_for_all() {
    let platform = one_at_a_time(true, |content, _| match content {
        LINK => Fate::Refused(r#"{"errors":[{"message":"too large","extensions":{"code":"TOO_LARGE"}}]}"#),
        _ => Fate::Answered,
    });
    let home = home(&platform);
    for replayed in [Value::Null, json!(true)] {
        let result = batch(&home, &[]);
        let error = &result["error"];
        assert_eq!((&error["kind"], &error["code"]), (&json!("refused"), &json!("TOO_LARGE")), "{error}");
        assert!(
            error["message"].as_str().unwrap().contains("its text was sent as message `m-1`, its attachment was not")
        );
        assert_eq!(result["replayed"], replayed);
    }
    assert_eq!(platform.texts("c-1"), [TEXT]);
    let args = ["chat", "send", "c-1", TEXT, "--attachment", LINK, "--persona", "p-1"];
    home.run(args).failed(4, "its attachment was not");
}

#[test]
fn a_refusal_of_something_else_sends_nothing() {
    let platform = Platform::start(Manner {
        fate: |_, _| {
            Fate::Refused(r#"{"errors":[{"message":"chat is closed","extensions":{"code":"CHAT_NOT_OPEN"}}]}"#)
        },
        ..Manner::default()
    });
    let result = batch(&home(&platform), &[]);
    assert_eq!(result["error"]["code"], "CHAT_NOT_OPEN");
    assert_eq!(platform.operations(), ["ChatSend"]);
}

#[test]
fn a_batch_that_is_killed_between_the_two_repeats_neither() {
    let delay = Duration::from_millis(100);
    let platform = Platform::start(Manner { one_at_a_time: true, delay, ..Manner::default() });
    let home = home(&platform);
    for taken in 1..=2 {
        let before = platform.count();
        let input = line().replace(r#""ref":"1""#, &format!(r#""ref":"killed after {taken}""#));
        let mut batch = command(&home, &["--journal"]);
        batch.stdin(file(&home, &input));
        let mut running = Running::start(batch);
        eventually("a part is taken", || platform.count() >= before + taken);
        running.signal("KILL");
        running.wait();
        eventually("what was on its way has arrived", || platform.busy() == 0);
        let run = piped(&home, &["--journal"], &input);
        let result = results(&run.stdout).pop().unwrap();
        let texts = platform.texts("c-1").split_off(before);
        // A part that was begun, and never left, cannot be told from one that is on its way.
        if result["ok"] == true {
            assert_eq!(texts, [TEXT, LINK]);
            assert_eq!(parts(&result["data"]), [[&json!(TEXT), &Value::Null], [&Value::Null, &json!(LINK)]]);
        } else {
            assert_eq!((&result["error"]["kind"], texts), (&json!("unknown"), vec![TEXT.to_owned()]), "{result}");
        }
    }
}
