//! What a result says is what happened, and `retryable` whether repeating helps.

use serde_json::{Value, json};

use crate::platform::{Fate, Manner, Platform};
use crate::program::{home, piped, results, send};
use crate::support::program::Home;

fn one(home: &Home, args: &[&str], line: &str) -> Value {
    let run = piped(home, args, line);
    let mut results = results(&run.stdout);
    assert_eq!(results.len(), 1, "{run:?}");
    results.remove(0)
}

fn with(fate: fn(&str, usize) -> Fate, readable: bool) -> Platform {
    Platform::start(Manner { readable, fate, ..Manner::default() })
}

fn kind(result: &Value) -> (&str, bool) {
    (
        result["error"]["kind"].as_str().unwrap_or_else(|| panic!("{result}")),
        result["error"]["retryable"].as_bool().unwrap(),
    )
}

#[test]
fn a_lost_answer_is_settled_by_looking() {
    let platform = with(|_, _| Fate::Lost, true);
    let result = one(&home(&platform), &[], &send("1", "c-1", "Hello!"));
    assert_eq!((&result["ok"], &result["settled"]), (&json!(true), &json!(true)), "{result}");
    assert_eq!(result["data"]["id"], "m-1");
    assert_eq!(platform.texts("c-1"), ["Hello!"]);
}

#[test]
fn a_lost_answer_is_unknown_where_looking_does_not_help() {
    for (fate, readable, persona) in [
        (Fate::Lost, false, "p-1"),
        (Fate::Dropped, false, "p-1"),
        // Nobody is known whose message it could be.
        (Fate::Lost, true, ""),
    ] {
        let fate: fn(&str, usize) -> Fate = if fate == Fate::Lost { |_, _| Fate::Lost } else { |_, _| Fate::Dropped };
        let platform = with(fate, readable);
        let line = send("1", "c-1", "Hello!");
        let line = if persona.is_empty() { line.replace(",\"personaId\":\"p-1\"", "") } else { line };
        let result = one(&home(&platform), &[], &line);
        assert_eq!(kind(&result), ("unknown", false), "{result}");
        let result = one(&home(&platform), &["--journal"], &line);
        assert_eq!(kind(&result), ("unknown", true), "under its ref it is not sent twice: {result}");
    }
}

#[test]
fn a_message_that_is_not_seen_soon_after_is_unknown() {
    let platform = with(|_, _| Fate::Dropped, true);
    let result = one(&home(&platform), &[], &send("1", "c-1", "Hello!"));
    assert_eq!(kind(&result), ("unknown", false), "{result}");
}

#[test]
fn somebody_elses_equal_message_settles_nothing() {
    // The first is taken and answered; the second, of the same text, is lost on the way.
    let platform = with(|_, attempt| if attempt == 0 { Fate::Answered } else { Fate::Dropped }, true);
    let home = home(&platform);
    assert_eq!(one(&home, &[], &send("1", "c-1", "Hello!"))["ok"], true);
    assert_eq!(kind(&one(&home, &[], &send("2", "c-1", "Hello!"))), ("unknown", false));
}

#[test]
fn a_platform_that_is_busy_is_unavailable_and_repeating_helps() {
    let platform = with(|_, _| Fate::Status(503), true);
    let home = home(&platform);
    let result = one(&home, &["--retries", "1", "--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!(kind(&result), ("unavailable", true), "{result}");
    assert_eq!(platform.operations().len(), 2);
    assert_eq!(home.run(["batch", "--journal", "--status"]).ok().stdout, "[]\n");
}

#[test]
fn a_busy_platform_that_recovers_is_asked_again() {
    let platform = with(|_, attempt| if attempt < 2 { Fate::Status(429) } else { Fate::Answered }, true);
    let result = one(&home(&platform), &["--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!(result["ok"], true, "{result}");
    assert_eq!(platform.texts("c-1"), ["Hello!"]);
}

#[test]
fn what_a_person_has_to_mend_is_not_retryable() {
    let refused = with(|_, _| Fate::Status(401), true);
    assert_eq!(kind(&one(&home(&refused), &[], &send("1", "c-1", "Hello!"))), ("auth", false));
    let redirected = with(|_, _| Fate::Status(302), true);
    assert_eq!(kind(&one(&home(&redirected), &[], &send("1", "c-1", "Hello!"))), ("config", false));
    let platform = with(|_, _| Fate::Answered, true);
    let home = home(&platform);
    for line in [
        json!({"op": "acceptChat", "chatId": "c-1", "providerId": "stranger"}),
        json!({"op": "acceptChat", "chatId": "c-1"}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "text": ""}),
        json!({"op": "sendChatMessage", "chatId": "c-1", "attachment": "ftp://example.com/"}),
    ] {
        assert_eq!(kind(&one(&home, &[], &format!("{line}\n"))), ("usage", false), "{line}");
    }
    let closed = json!({"op": "closeChat", "chatId": "c-closed"});
    assert_eq!(kind(&one(&home, &[], &format!("{closed}\n"))), ("refused", false));
    assert_eq!(platform.count(), 0);
}

#[test]
fn nobody_at_the_endpoint_is_unavailable() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.1:1/graphql");
    assert_eq!(kind(&one(&home, &["--retries", "0"], &send("1", "c-1", "Hello!"))), ("unavailable", true));
}
