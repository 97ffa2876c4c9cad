//! The end users that the sandbox plays itself, and what they make of agents good and bad.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use guuru::sandbox::{Load, Options, Report};
use serde_json::{Value, json};

use super::agent::{Agent, echo};
use super::rig::{Hooks, Platform, TOKEN, options, start, start_with};

fn load(chats: u32, turns: u32) -> Load {
    Load { chats, rate: 1000.0, turns, patience: Duration::from_secs(60), seed: 7 }
}

/// Plays the load on this platform against an agent that answers so.
fn soak(platform: &Platform, hooks: &Hooks, load: &Load, answers: impl FnMut(&str, &str) -> Vec<String>) -> Report {
    soak_until(platform, hooks, load, answers, &AtomicBool::new(false))
}

fn soak_until(
    platform: &Platform,
    hooks: &Hooks,
    load: &Load,
    answers: impl FnMut(&str, &str) -> Vec<String>,
    stop: &AtomicBool,
) -> Report {
    let agent = Agent::new(&platform.url("/graphql"), TOKEN, hooks);
    thread::scope(|scope| {
        let player = scope.spawn(|| platform.sandbox.play(load, || stop.load(Ordering::Relaxed)).unwrap());
        agent.work(answers, || player.is_finished());
        player.join().unwrap()
    })
}

/// Lost, doubled, out of order, strayed.
fn faults(report: &Report) -> [usize; 4] {
    let tally = &report.summary.tally;
    [tally.lost, tally.doubled, tally.out_of_order, tally.strayed]
}

#[test]
fn an_agent_that_answers_everything_once_is_found_to_do_so() {
    // A good agent gets along with webhooks that come twice, and with those of a receiver that was away.
    let hooks = Hooks::answering(|n| if n % 7 == 0 { 503 } else { 200 });
    let platform = start(Options { webhook_url: Some(hooks.url.clone()), duplicate: 0.3, seed: Some(7), ..options() });
    let report = soak(&platform, &hooks, &load(40, 3), |_, text| echo(text));
    assert!(report.is_clean(), "{report:?}");
    let summary = &report.summary;
    assert_eq!((summary.chats, summary.done, report.chats.len()), (40, 40, 40));
    assert_eq!(summary.tally.messages, summary.tally.answers);
    assert!((120..160).contains(&summary.tally.messages), "none reopened, or all: {summary:?}");
    assert!(summary.latency_ms.unwrap().median <= summary.latency_ms.unwrap().p99);
    let chat = report.chats[0].chat_id.as_str();
    let chat: Value = platform.client.get(platform.url(&format!("/chats/{chat}"))).send().unwrap().json().unwrap();
    assert_eq!(chat["status"], "rated");
}

#[test]
fn an_answer_that_never_comes_is_lost() {
    let hooks = Hooks::answering(|_| 200);
    let platform = start_with(&hooks);
    let skipped = AtomicBool::new(false);
    let answers = |_: &str, text: &str| {
        if text.contains("/2]") {
            skipped.store(true, Ordering::Relaxed);
            return vec![];
        }
        echo(text)
    };
    let report = soak_until(&platform, &hooks, &load(1, 2), answers, &skipped);
    assert_eq!(faults(&report), [1, 0, 0, 0]);
    let chat: Value = serde_json::from_str(report.json_lines().unwrap().lines().next().unwrap()).unwrap();
    let expected = json!({
        "chatId": "c-15", "messages": 2, "answers": 1, "lost": 1, "doubled": 0, "outOfOrder": 0, "strayed": 0,
        "done": false, "waitingFor": "answer",
    });
    assert_eq!(chat, expected);
}

#[test]
fn an_answer_that_comes_twice_is_doubled() {
    let hooks = Hooks::answering(|_| 200);
    let platform = start_with(&hooks);
    let answers =
        |_: &str, text: &str| [echo(text), if text.contains("[u-2/1]") { echo(text) } else { vec![] }].concat();
    let report = soak(&platform, &hooks, &load(3, 2), answers);
    assert_eq!(faults(&report), [0, 1, 0, 0]);
    assert_eq!(report.chats.iter().map(|chat| chat.tally.doubled).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(report.summary.done, 3);
    assert!(!report.is_clean());
}

#[test]
fn answers_that_overtake_each_other_are_out_of_order() {
    let hooks = Hooks::answering(|_| 200);
    let platform = start_with(&hooks);
    let (mut held, mut swapped) = (HashMap::new(), 0);
    let answers = |chat: &str, text: &str| {
        if text.ends_with("more follows") {
            swapped += 1;
            held.insert(chat.to_owned(), echo(text));
            return vec![];
        }
        [echo(text), held.remove(chat).unwrap_or_default()].concat()
    };
    let report = soak(&platform, &hooks, &load(20, 3), answers);
    assert!(swapped > 0);
    assert_eq!(faults(&report), [0, 0, swapped, 0]);
    assert_eq!(report.summary.done, 20);
}

#[test]
fn an_answer_to_a_message_of_another_chat_strays() {
    let hooks = Hooks::answering(|_| 200);
    let platform = start_with(&hooks);
    let answers = |_: &str, text: &str| {
        let stray = text.contains("[u-1/1]").then(|| text.replace("u-1", "u-2"));
        stray.into_iter().chain(echo(text)).collect()
    };
    let report = soak(&platform, &hooks, &load(2, 2), answers);
    assert_eq!(faults(&report), [0, 0, 0, 1]);
    assert_eq!(report.chats.iter().map(|chat| chat.tally.strayed).collect::<Vec<_>>(), [1, 0]);
    assert!(!report.is_clean());
}

#[test]
fn an_end_user_without_an_answer_gives_up() {
    let impatient = Load { patience: Duration::from_millis(10), ..load(3, 3) };
    let report = start(options()).sandbox.play(&impatient, || false).unwrap();
    assert_eq!(faults(&report), [3, 0, 0, 0]);
    assert_eq!((report.summary.done, report.summary.latency_ms), (0, None));
    assert!(report.chats.iter().all(|chat| chat.waiting_for == Some("answer")));
}

#[test]
fn a_load_that_is_stopped_reports_what_it_has_seen() {
    let slow = Load { rate: 0.001, ..load(3, 3) };
    let stop = AtomicBool::new(false);
    let platform = start(options());
    let report = thread::scope(|scope| {
        let player = scope.spawn(|| platform.sandbox.play(&slow, || stop.load(Ordering::Relaxed)).unwrap());
        let chat = platform.url("/chats/c-15");
        while platform.client.get(&chat).send().unwrap().status() != 200 {
            thread::yield_now();
        }
        stop.store(true, Ordering::Relaxed);
        player.join().unwrap()
    });
    assert_eq!((report.chats.len(), report.summary.chats, report.summary.done), (1, 3, 0));
}
