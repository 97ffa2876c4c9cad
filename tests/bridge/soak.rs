//! Many chats at once while the bridge and its child are killed at random, judged by what stands in the chats at the end.
//! With these variables the same runs by hand, longer: `GUURU_SOAK_CHATS`, `_TURNS`, `_SECONDS` (of kills), `_TAIL` (at most so
//! many seconds after that: more than the minute after which it is certain that a send which was cut off did not arrive, and
//! the pause of the agent before it tries again), `_SEED` and `_AGENT` (one of docs/examples).

use std::collections::{BTreeMap, HashSet};
use std::env;
use std::process::Command;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::examples::example;
use super::user::Platform;
use crate::commands::platform::has;
use crate::support::program::{Home, Listener, skip};

struct Plan {
    chats: usize,
    turns: usize,
    kills: Duration,
    tail: Duration,
    seed: u64,
    agent: String,
}

fn setting<T: FromStr>(name: &str, default: T) -> T {
    let Ok(value) = env::var(format!("GUURU_SOAK_{name}")) else { return default };
    value.parse().ok().unwrap_or_else(|| panic!("GUURU_SOAK_{name}={value}"))
}

impl Plan {
    fn from_environment() -> Self {
        Self {
            chats: setting("CHATS", 40),
            turns: setting("TURNS", 5),
            kills: Duration::from_secs(setting("SECONDS", 15)),
            tail: Duration::from_secs(setting("TAIL", 120)),
            seed: setting("SEED", 1),
            agent: setting("AGENT", "echo.mjs".to_owned()),
        }
    }
}

/// One end user: what was said, each with a token, and whether the chat was closed at the end.
struct Chat {
    id: String,
    said: usize,
    closed: bool,
}

/// What was seen in all chats.
#[derive(Debug, Default, PartialEq)]
struct Verdict {
    said: usize,
    answered: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    /// All was said and answered, and the chat was not closed.
    left_open: usize,
    /// All that was said is answered, and the end user had more to say when it was over.
    cut_short: usize,
    /// Not answered, and the journal knows of a command whose outcome nobody knows.
    unknown: usize,
}

fn token(number: usize, turn: usize) -> String {
    format!("[c-{number}/{turn}]")
}

/// Plays an end user, who waits for each answer, until all is said or it is over.
fn converse(platform: &Platform, plan: &Plan, number: usize, over: &AtomicBool) -> Chat {
    let mut random = Rng::with_seed(plan.seed * 1000 + number as u64);
    let wait = |pause: u64| thread::sleep(Duration::from_millis(pause));
    let span = u64::try_from(plan.kills.as_millis()).unwrap();
    wait(random.u64(0..span / 2));
    let id = platform.ask(&format!("Does it fit? {}", token(number, 1)));
    let mut said = 1;
    let until = |condition: &dyn Fn() -> bool| {
        while !over.load(Ordering::Acquire) {
            if condition() {
                return true;
            }
            wait(250);
        }
        false
    };
    while until(&|| platform.answers(&id).iter().any(|answer| answer.contains(&token(number, said)))) {
        if said == plan.turns {
            let closed = until(&|| platform.look(&id)["status"] == "closed");
            return Chat { id, said, closed };
        }
        wait(random.u64(0..span / (2 * plan.turns as u64)));
        said += 1;
        let bye = if said == plan.turns { " bye" } else { "" };
        platform.say(&id, &format!("And in blue? {}{bye}", token(number, said)));
    }
    Chat { id, said, closed: false }
}

/// Kills the child or the bridge every now and then; the bridge is started again at once. Returns how often each was.
fn disturb(home: &Home, args: &[&str], bridge: &mut Listener, plan: &Plan) -> (usize, usize) {
    let mut random = Rng::with_seed(plan.seed);
    let (start, mut children, mut bridges) = (Instant::now(), 0, 0);
    while start.elapsed() < plan.kills {
        thread::sleep(Duration::from_millis(random.u64(500..2500)));
        if random.bool() {
            let killed = Command::new("pkill").args(["-KILL", "-P", &bridge.pid().to_string()]).status().unwrap();
            children += usize::from(killed.success());
        } else {
            let address = bridge.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
            bridge.signal("KILL");
            bridge.wait();
            *bridge = home.bridge_at(&address, args);
            bridges += 1;
        }
    }
    (children, bridges)
}

/// The chats with a message of which nobody knows whether it was sent.
fn unknown(home: &Home) -> HashSet<String> {
    let status = home.run(["batch", "--journal", "--status", "-o", "json"]).ok().json();
    let open = status.as_array().unwrap().iter().filter(|open| open["op"] == "sendChatMessage");
    open.map(|open| open["chatId"].as_str().unwrap().to_owned()).collect()
}

fn judge(platform: &Platform, home: &Home, chats: &[Chat], turns: usize) -> Verdict {
    let unknown = unknown(home);
    let mut verdict = Verdict::default();
    for (number, chat) in chats.iter().enumerate() {
        let answers = platform.answers(&chat.id);
        let turn_of = |answer: &String| (1..=chat.said).find(|turn| answer.contains(&token(number, *turn)));
        let answered: Vec<usize> = answers.iter().filter_map(turn_of).collect();
        let mut counts: BTreeMap<usize, usize> = (1..=chat.said).map(|turn| (turn, 0)).collect();
        for turn in &answered {
            *counts.entry(*turn).or_default() += 1;
        }
        let missing = counts.values().filter(|count| **count == 0).count();
        verdict.said += chat.said;
        verdict.answered += chat.said - missing;
        if unknown.contains(&chat.id) {
            verdict.unknown += missing;
        } else {
            verdict.lost += missing;
            verdict.left_open += usize::from(!chat.closed && missing == 0 && chat.said == turns);
            verdict.cut_short += usize::from(missing == 0 && chat.said < turns);
        }
        verdict.doubled += counts.values().filter(|count| **count > 1).count();
        verdict.out_of_order += usize::from(!answered.is_sorted());
    }
    verdict
}

#[test]
#[allow(clippy::print_stderr, reason = "the figures of a soak are what it is for")]
fn nothing_is_lost_doubled_or_out_of_order_while_bridge_and_child_are_killed() {
    let plan = Plan::from_environment();
    if !has(&["node", "pkill"]) {
        return skip("node or pkill is missing");
    }
    let platform = Platform::start();
    let home = platform.home();
    let args = example(&plan.agent);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut bridge = home.bridge(&args);
    platform.deliver_to(&bridge.url);
    let over = AtomicBool::new(false);
    let (chats, kills) = thread::scope(|scope| {
        let (platform, plan, over) = (&platform, &plan, &over);
        let users: Vec<_> =
            (0..plan.chats).map(|number| scope.spawn(move || converse(platform, plan, number, over))).collect();
        let kills = disturb(&home, &args, &mut bridge, plan);
        let quiet = Instant::now();
        while quiet.elapsed() < plan.tail && users.iter().any(|user| !user.is_finished()) {
            thread::sleep(Duration::from_millis(200));
        }
        over.store(true, Ordering::Release);
        (users.into_iter().map(|user| user.join().unwrap()).collect::<Vec<_>>(), kills)
    });
    bridge.stop();
    let verdict = judge(&platform, &home, &chats, plan.turns);
    eprintln!("seed {}: killed the child {} times, the bridge {} times: {verdict:?}", plan.seed, kills.0, kills.1);
    assert!(kills.0 > 0 && kills.1 > 0, "{kills:?}");
    let Verdict { lost, doubled, out_of_order, left_open, cut_short, .. } = verdict;
    assert_eq!((lost, doubled, out_of_order, left_open, cut_short), (0, 0, 0, 0, 0), "{verdict:?}");
}
