//! Events to the child: which ones, once or again, and what moves the cursor.

use serde_json::{Value, json};

use super::rig::{RECORDER, assign, bridge, eventually_seen, eventually_there, seqs, stop};
use crate::support::program::{Home, Listener, eventually};
use crate::support::sender::Sender;

const MANUAL: [&str; 2] = ["--ack", "manual"];

/// A chat that is offered to another expert.
fn offer_to_another(sender: &Sender, key: &str, chat: &str) {
    let body = json!({"id": chat, "requestedExperts": [{"id": "e-7"}]});
    assert_eq!(sender.send("chat-assigned", key, &body), Some(200));
}

/// Where the cursor of the default consumer stands: what a consumer that leaves nothing out gets next.
#[track_caller]
fn next_event(home: &Home) -> Value {
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("the last", "c-last"), Some(200));
    let next = listener.line();
    listener.signal("KILL");
    listener.wait();
    next
}

#[test]
fn an_event_comes_as_the_line_of_listen_with_its_type() {
    let home = Home::new();
    let (mut bridge, sender) = bridge(&home, &[], RECORDER);
    let body = r#"{"id":"m-9",  "text":"größer ½ 0.10", "chat":{"id":"c-1"}}"#;
    assert_eq!(sender.request("message-created", "k-1", body).send().unwrap().status(), 200);
    let event = eventually_seen(&home, "seen", 1).remove(0);
    assert_eq!(
        (&event["type"], &event["seq"], &event["id"], &event["chatId"], &event["own"]),
        (&json!("event"), &json!(1), &json!("k-1"), &json!("c-1"), &json!(false))
    );
    let text = std::fs::read_to_string(home.path().join("seen")).unwrap();
    assert!(text.starts_with(r#"{"type":"event","seq":1,"#), "{text}");
    assert!(text.contains(r#""payload":{"id":"m-9","text":"größer ½ 0.10","chat":{"id":"c-1"}}}"#), "{text}");
    stop(&mut bridge);
}

#[test]
fn the_chats_of_others_and_own_messages_are_left_out_unless_asked_for() {
    for (options, expected) in [
        (&[][..], vec![2]),
        (&["--any-expert", "--include-own"][..], vec![1, 2, 3, 4]),
        (&["--requested-expert", "e-7"][..], vec![1, 4]),
    ] {
        let home = Home::new();
        let platform = crate::commands::platform::obliging();
        let (mut bridge, sender) = bridge(&home, options, RECORDER);
        offer_to_another(&sender, "k-1", "c-1");
        assign(&sender, [2]);
        home.run(["chat", "send", "c-2", "Hello!", "--endpoint", &platform.url()]).ok();
        let own = json!({"id": "m-10", "text": "Hello!", "author": {"id": "p-1"}, "chat": {"id": "c-2"}});
        assert_eq!(sender.send("message-created", "k-3", &own), Some(200));
        assert_eq!(sender.message("k-4", "c-1", "Hello?"), Some(200));
        assert_eq!(seqs(&eventually_seen(&home, "seen", expected.len())), expected, "{options:?}");
        stop(&mut bridge);
        assert_eq!(next_event(&home)["seq"], 5, "{options:?}: what is left out is consumed too");
    }
}

#[test]
fn an_event_name_that_nobody_knows_is_pointed_out() {
    let home = Home::new();
    let run = ["bridge", "--event", "chat-asigned", "--addr", "127.0.0.1:0", "--exit-with-child", "--", "true"];
    let said = "`chat-asigned` is no event that the platform documents; did you mean `chat-assigned`?";
    assert!(home.run(run).ok().stderr.contains(said));
}

#[test]
fn an_event_counts_as_consumed_once_it_is_written() {
    let home = Home::new();
    let child = "if [ -e again ]; then exec cat >>second; fi; >again; read -r line; read -r line; exit 1";
    let (mut bridge, sender) = bridge(&home, &[], child);
    assign(&sender, [1, 2]);
    bridge.says("starting it again");
    assign(&sender, [3]);
    assert_eq!(seqs(&eventually_seen(&home, "second", 1)), [3]);
    stop(&mut bridge);
    assert_eq!(next_event(&home)["seq"], 4);
}

#[test]
fn unacknowledged_events_come_again_in_order_and_no_others() {
    let home = Home::new();
    let child = r#"if [ -e again ]; then exec cat >>second; fi
        >again; for n in 1 2 3 4; do read -r line; done
        echo '{"op":"ack","seq":2}'; exit 1"#;
    let (mut bridge, sender) = bridge(&home, &MANUAL, child);
    assign(&sender, 1..=5);
    bridge.says("`sh` is started again: what follows event 2 comes again");
    assert_eq!(seqs(&eventually_seen(&home, "second", 3)), [3, 4, 5]);
    stop(&mut bridge);
    assert_eq!(next_event(&home)["seq"], 3);
}

#[test]
fn the_next_bridge_goes_on_after_what_was_acknowledged() {
    let home = Home::new();
    let child = r#"read -r line; read -r line; echo '{"op":"ack","seq":1}'; exec cat >>rest"#;
    let (mut first, sender) = bridge(&home, &MANUAL, child);
    assign(&sender, 1..=3);
    eventually_seen(&home, "rest", 1);
    stop(&mut first);
    let (mut second, _) = bridge(&home, &MANUAL, RECORDER);
    assert_eq!(seqs(&eventually_seen(&home, "seen", 2)), [2, 3]);
    stop(&mut second);
}

#[track_caller]
fn refused(home: &Home, file: &str, words: &str) {
    let results = eventually_seen(home, file, 1);
    let result = results.iter().find(|line| line["type"] == "result").expect("a result");
    let error = &result["error"];
    assert_eq!((&result["ok"], &result["op"], &result["line"]), (&json!(false), &json!("ack"), &json!(1)), "{result}");
    assert!(error["kind"] == "usage" && error["message"].as_str().unwrap().contains(words), "{result}");
}

#[test]
fn an_acknowledgement_of_an_event_that_was_not_written_is_an_error() {
    let home = Home::new();
    let child = r#"read -r line; echo '{"op":"ack","seq":99}'; exec cat >>seen"#;
    let (mut bridge, sender) = bridge(&home, &MANUAL, child);
    assign(&sender, [1]);
    refused(&home, "seen", "event 99 was not delivered: the last one was 1");
    stop(&mut bridge);
    assert_eq!(next_event(&home)["seq"], 1);
}

#[test]
fn an_acknowledgement_without_ack_manual_is_an_error() {
    let home = Home::new();
    let child = r#"read -r line; echo '{"op":"ack","seq":1}'; exec cat >>seen"#;
    let (mut bridge, sender) = bridge(&home, &[], child);
    assign(&sender, [1]);
    refused(&home, "seen", "--ack manual");
    stop(&mut bridge);
}

/// Waits until this event was looked at: the next one that is wanted has come.
fn eventually_read(home: &Home, sender: &Sender, seq: usize) {
    assign(sender, [seq + 1]);
    eventually_seen(home, "seen", 2);
}

#[test]
fn filtered_events_do_not_hold_the_cursor() {
    // Acknowledged before, or only after, something was left out behind it. The answer to nonsense tells that what the
    // child wrote before it was read.
    for when in [":", "until [ -e acknowledge ]; do sleep 0.01; done"] {
        let home = Home::new();
        let child = format!(
            r#"read -r line; echo "$line" >>seen; {when}
            echo '{{"op":"ack","seq":1}}'; echo nonsense; read -r line; >acknowledged; exec cat >>seen"#
        );
        let (mut bridge, sender) = bridge(&home, &MANUAL, &child);
        assign(&sender, [1]);
        if when == ":" {
            eventually_there(&home, "acknowledged");
        }
        offer_to_another(&sender, "k-2", "c-2");
        offer_to_another(&sender, "k-3", "c-3");
        std::fs::write(home.path().join("acknowledge"), "").unwrap();
        eventually_there(&home, "acknowledged");
        eventually_read(&home, &sender, 3);
        stop(&mut bridge);
        assert_eq!(next_event(&home)["seq"], 4, "{when}");
    }
}

#[test]
fn filtered_events_do_not_carry_the_cursor_past_unacknowledged_ones() {
    let home = Home::new();
    let (mut bridge, sender) = bridge(&home, &MANUAL, RECORDER);
    assign(&sender, [1]);
    offer_to_another(&sender, "k-2", "c-2");
    eventually_read(&home, &sender, 2);
    stop(&mut bridge);
    assert_eq!(next_event(&home)["seq"], 1);
}

#[test]
fn a_second_bridge_of_the_same_consumer_is_refused() {
    let home = Home::new();
    let (mut first, _) = bridge(&home, &[], RECORDER);
    let args = ["bridge", "--addr", "127.0.0.1:0", "--", "cat"];
    home.run(args).failed(3, "the consumer `default` is held by process");
    let mut other: Listener = home.bridge(&["--consumer", "other", "--", "cat"]);
    stop(&mut other);
    stop(&mut first);
    eventually("the consumer is free", || {
        home.run(["listen", "--addr", "127.0.0.1:0", "--timeout", "0", "--count", "1"]).code == Some(8)
    });
}
