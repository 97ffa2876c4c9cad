//! What a result says is what happened, and `retryable` whether repeating helps.

use std::thread;

use serde_json::{Value, json};

use super::platform::{Fate, Manner, Platform};
use super::program::{home, piped, results, send};
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
fn an_equal_message_of_somebody_else_settles_nothing() {
    // The first is taken and answered; the second, of the same text, is lost on the way.
    let platform = with(|_, attempt| if attempt == 0 { Fate::Answered } else { Fate::Dropped }, true);
    let home = home(&platform);
    assert_eq!(one(&home, &[], &send("1", "c-1", "Hello!"))["ok"], true);
    assert_eq!(kind(&one(&home, &[], &send("2", "c-1", "Hello!"))), ("unknown", false));
}

#[test]
fn a_platform_that_is_busy_is_unavailable_and_repeating_helps() {
    let platform = with(|_, _| Fate::Status(429), true);
    let home = home(&platform);
    let result = one(&home, &["--retries", "1", "--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!(kind(&result), ("unavailable", true), "{result}");
    assert_eq!(platform.operations().len(), 2);
    assert_eq!(home.run(["batch", "--journal", "--status"]).ok().stdout, "[]\n");
}

const ACCEPT: &str = r#"{"ref":"1","op":"acceptChat","chatId":"c-new","personaId":"p-1"}"#;
const CLOSE: &str = r#"{"ref":"1","op":"closeChat","chatId":"c-1"}"#;
const OPEN: &str = r#"{"ref":"1","op":"openChat","chatId":"c-closed"}"#;

/// Every answer that may follow an effect, or take its place.
const DOUBTFUL: [(u16, &str); 14] = [
    (503, ""),
    (503, r#"{"errors":[{"message":"no","extensions":{"code":"SERVICE_UNAVAILABLE"}}]}"#),
    (500, ""),
    (502, "<html>"),
    (504, ""),
    (408, ""),
    (200, "<html>"),
    (200, r#"{"data":null,"errors":[{"message":"no","path":["x"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#),
    (200, r#"{"errors":[{"message":"Unexpected error."}]}"#),
    (200, r#"{"data":null,"errors":[{"message":"no","path":["x"],"extensions":{"code":"RATE_LIMITED"}}]}"#),
    (200, r#"{"data":null,"errors":[{"message":"no","path":["x"],"extensions":{"code":"ECONNRESET"}}]}"#),
    (400, r#"{"errors":[{"message":"Internal server error"}]}"#),
    (200, r#"{"errors":[{"message":"The request timed out","extensions":{"code":"GATEWAY_TIMEOUT"}}]}"#),
    (200, r#"{"errors":[{"message":"Cannot return null for non-nullable field Mutation.x.","path":["x"]}]}"#),
];

/// A platform that does everything the first time, and then answers as number `N` of those says.
fn doing_it<const N: usize>(asked: Option<&'static str>) -> Platform {
    let fate: fn(&str, usize) -> Fate = match asked {
        Some(_) => |_, attempt| match attempt {
            0 => Fate::Done(DOUBTFUL[N].0, Some("0"), DOUBTFUL[N].1),
            _ => Fate::Answered,
        },
        None => |_, attempt| match attempt {
            0 => Fate::Done(DOUBTFUL[N].0, None, DOUBTFUL[N].1),
            _ => Fate::Answered,
        },
    };
    with(fate, true)
}

#[test]
fn an_effect_before_a_failed_answer_is_found_and_never_repeated() {
    let platforms = [
        doing_it::<0>,
        doing_it::<1>,
        doing_it::<2>,
        doing_it::<3>,
        doing_it::<4>,
        doing_it::<5>,
        doing_it::<6>,
        doing_it::<7>,
        doing_it::<8>,
        doing_it::<9>,
        doing_it::<10>,
        doing_it::<11>,
        doing_it::<12>,
        doing_it::<13>,
    ];
    thread::scope(|scope| {
        for (start, (status, body)) in platforms.iter().zip(DOUBTFUL) {
            scope.spawn(move || {
                for (asked, args) in [(None, &[][..]), (Some("0"), &["--journal"])] {
                    let platform = start(asked);
                    let home = home(&platform);
                    let message = send("1", "c-1", "Hello!");
                    for line in [ACCEPT, CLOSE, OPEN, &message] {
                        let line = line.replace("\"1\"", &format!("\"{}\"", line.len()));
                        let result = one(&home, args, &line);
                        let found = (&result["ok"], &result["settled"]);
                        assert_eq!(found, (&json!(true), &json!(true)), "{status} {body}: {line} -> {result}");
                    }
                    assert_eq!(platform.texts("c-1"), ["Hello!"], "{status} {body}");
                    assert_eq!(platform.changes().len(), 3, "{status} {body}");
                }
            });
        }
    });
}

#[test]
fn a_command_without_effect_is_repeated_only_after_a_503_with_retry_after() {
    let message = send("1", "c-1", "Hello!");
    thread::scope(|scope| {
        for line in [ACCEPT, CLOSE, OPEN, &message] {
            scope.spawn(move || {
                let platform = with(|_, attempt| if attempt < 2 { Fate::Status(503) } else { Fate::Answered }, true);
                let result = one(&home(&platform), &["--journal"], line);
                assert_eq!((&result["ok"], result.get("settled")), (&json!(true), None), "{line} -> {result}");
                assert_eq!(platform.count() + platform.changes().len(), 1, "{line}");
            });
        }
        let fates: [fn(&str, usize) -> Fate; 4] = [
            |_, _| Fate::Turned(503, None),
            |_, _| Fate::Turned(502, Some("0")),
            |_, _| Fate::Turned(500, None),
            |_, _| Fate::Status(503),
        ];
        for fate in fates {
            let message = &message;
            scope.spawn(move || {
                let platform = with(fate, true);
                let home = home(&platform);
                let result = one(&home, &["--retries", "1", "--journal"], message);
                assert_eq!(kind(&result), ("unknown", true), "{result}");
                let open = home.run(["batch", "--journal", "--status"]).ok().json();
                assert_eq!(open[0]["ref"], "1", "it stays open");
                assert_eq!(platform.count(), 0);
            });
        }
    });
}

#[test]
fn a_change_that_is_refused_the_second_time_is_judged_by_how_the_chat_stands() {
    // The first request takes effect late: after the looks, while the second is on its way.
    let platform = with(
        |what, attempt| match (what, attempt) {
            ("ChatClose", 0) => Fate::Status(503),
            ("ChatClose", 1) => {
                Fate::Done(200, None, r#"{"errors":[{"message":"it is closed already","path":["closeChat"]}]}"#)
            }
            _ => Fate::Answered,
        },
        true,
    );
    let result = one(&home(&platform), &[], CLOSE);
    assert_eq!((&result["ok"], &result["settled"]), (&json!(true), &json!(true)), "{result}");
    // What is refused while nothing has changed is refused.
    let platform = with(
        |what, attempt| match (what, attempt) {
            ("ChatClose", 0) => Fate::Status(503),
            ("ChatClose", _) => Fate::Turned(400, None),
            _ => Fate::Answered,
        },
        true,
    );
    assert_eq!(kind(&one(&home(&platform), &[], CLOSE)), ("refused", false));
}

#[test]
fn without_a_look_a_503_leaves_everything_but_a_persona_unknown() {
    let platform = with(|_, _| Fate::Done(503, Some("0"), ""), false);
    let home = home(&platform);
    for line in [ACCEPT, CLOSE, OPEN, &send("1", "c-1", "Hello!")] {
        assert_eq!(kind(&one(&home, &[], line)), ("unknown", false));
    }
    assert_eq!((platform.count(), platform.changes().len()), (1, 3));
}

#[test]
fn a_refusal_that_was_raised_after_the_message_was_sent_is_seen_in_the_chat() {
    const RAISED: &str = r#"{"data":null,"errors":[{"message":"Interner Fehler","path":["sendChatMessage"]}]}"#;
    let platform = with(|_, _| Fate::Done(200, None, RAISED), true);
    let result = one(&home(&platform), &["--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!((&result["ok"], &result["settled"]), (&json!(true), &json!(true)), "{result}");
    // What was refused, and is not there, was refused.
    let platform = with(|_, _| Fate::Refused(RAISED), true);
    assert_eq!(kind(&one(&home(&platform), &[], &send("1", "c-1", "Hello!"))), ("refused", false));
}

#[test]
fn a_change_that_took_effect_before_a_429_is_not_told_as_refused() {
    for line in [ACCEPT, CLOSE, OPEN] {
        let platform =
            with(|_, attempt| if attempt == 0 { Fate::Done(429, Some("0"), "") } else { Fate::Answered }, true);
        let result = one(&home(&platform), &["--journal"], line);
        assert_eq!((&result["ok"], &result["settled"]), (&json!(true), &json!(true)), "{line} -> {result}");
        assert_eq!(platform.changes().len(), 1);
    }
}

#[test]
fn a_rate_limit_in_the_clothes_of_graphql_is_waited_for() {
    let platform = with(
        |_, attempt| match attempt {
            0 => Fate::Refused(r#"{"errors":[{"message":"no","extensions":{"code":"RATE_LIMITED"}}]}"#),
            1 => Fate::Refused(
                r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED","retryAfter":0}}]}"#,
            ),
            2 => Fate::Refused(r#"{"errors":[{"message":"no","extensions":{"code":"TOO_MANY_REQUESTS"}}]}"#),
            _ => Fate::Answered,
        },
        true,
    );
    let result = one(&home(&platform), &["--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!(result["ok"], true, "{result}");
    assert_eq!(platform.texts("c-1"), ["Hello!"]);
}

#[test]
fn after_a_rate_limit_of_something_that_ran_a_message_is_looked_for_before_it_is_sent_again() {
    const BESIDE: &str = r#"{"data":{"sendChatMessage":null},"errors":[{"message":"Too many requests"}]}"#;
    const NULL: &str = r#"{"data":null,"errors":[{"message":"Too many requests"}]}"#;
    const QUOTA: &str = r#"{"errors":[{"message":"no","path":["sendChatMessage"],"extensions":{"code":"QUOTA"}}]}"#;
    let fates: [fn(&str, usize) -> Fate; 4] = [
        |_, attempt| if attempt == 0 { Fate::Done(200, None, BESIDE) } else { Fate::Answered },
        |_, attempt| if attempt == 0 { Fate::Done(200, None, NULL) } else { Fate::Answered },
        |_, attempt| if attempt == 0 { Fate::Done(429, None, QUOTA) } else { Fate::Answered },
        // It is certainly not there, so it is sent again.
        |_, attempt| if attempt == 0 { Fate::Refused(BESIDE) } else { Fate::Answered },
    ];
    for fate in fates {
        let platform = with(fate, true);
        let result = one(&home(&platform), &[], &send("1", "c-1", "Hello!"));
        assert_eq!(result["ok"], true, "{result}");
        assert_eq!(platform.texts("c-1"), ["Hello!"], "{result}");
    }
}

#[test]
fn a_busy_platform_that_recovers_is_asked_again() {
    let platform = with(|_, attempt| if attempt < 2 { Fate::Status(429) } else { Fate::Answered }, true);
    let result = one(&home(&platform), &["--journal"], &send("1", "c-1", "Hello!"));
    assert_eq!(result["ok"], true, "{result}");
    assert_eq!(platform.texts("c-1"), ["Hello!"]);
}

#[test]
fn a_failure_that_a_person_must_fix_is_not_retryable() {
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
fn an_endpoint_that_nobody_serves_is_unavailable() {
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.1:1/graphql");
    assert_eq!(kind(&one(&home, &["--retries", "0"], &send("1", "c-1", "Hello!"))), ("unavailable", true));
}
