//! The line that an event becomes: one line of JSON, whatever the event holds, with the payload as it came. The input is the
//! event's name and key, each up to a line feed, and the body.
#![no_main]

use guuru::model::Event;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(3, |&byte| byte == b'\n');
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (name, key) = (text(), text());
    let body = parts.next().unwrap_or_default().to_vec();
    // The receiver takes nothing else.
    let Ok(payload) = serde_json::from_slice::<Value>(&body) else { return };
    let event = Event {
        seq: 1,
        id: Some(key.clone()),
        event: name.clone(),
        chat_id: Some(key.clone()),
        received_at: i64::try_from(body.len()).unwrap_or_default(),
        own: false,
        requested_experts: None,
        body,
    };
    let mut line = Vec::new();
    event.write_line(&mut line).expect("JSON becomes a line");
    assert_eq!(line.pop(), Some(b'\n'));
    assert!(!line.contains(&b'\n') && !line.contains(&b'\r'));
    let read: Value = serde_json::from_slice(&line).expect("a line is JSON");
    assert_eq!((&read["event"], &read["id"]), (&Value::from(name), &Value::from(key)));
    assert_eq!(read["payload"], payload);
});
