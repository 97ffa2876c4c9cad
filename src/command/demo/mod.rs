//! `guuru demo`: one whole conversation, with everything that takes part in it on this machine.

mod cast;
mod programs;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use self::cast::{Agent, User};
use self::programs::Programs;
use crate::command::shared::{signals, value};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::sandbox::{Options, Sandbox};
use crate::terminal::Terminal;

/// Hold one whole conversation on this machine, with no account
///
/// It starts a sandbox, a receiver and a small agent; an end user asks, is answered, reopens the chat and rates it. Each
/// event goes to stdout as `guuru listen` writes it, the story to stderr. The exit code is 0 when all that had to happen was
/// seen.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  guuru demo | jq -r .event")]
pub struct Args {
    /// Give up after this time
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = value::duration)]
    timeout: Duration,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> anyhow::Result<()> {
    let signal = Arc::new(AtomicI32::new(0));
    let received = Arc::clone(&signal);
    signals::on_stop(move |number| received.store(number, Ordering::Release))?;
    let result = hold(context.terminal, args.timeout, &signal);
    match signal.load(Ordering::Acquire) {
        0 => result,
        // All that was started has been ended: now die of the signal, as a shell expects.
        number => signals::die_of(number),
    }
}

fn hold(terminal: Terminal, timeout: Duration, signal: &AtomicI32) -> anyhow::Result<()> {
    let deadline = Instant::now() + timeout;
    let (token, secret) = (random_secret(), random_secret());
    let sandbox = Sandbox::start(Options::new(token.clone(), secret.clone()), move |notice| terminal.detail(notice))?;
    let mut programs = Programs::start(sandbox.addr(), &token, &secret)?;
    sandbox.set_webhook_url(Some(programs.receiver().clone()));
    let mut user = User::new(sandbox.addr(), terminal)?;
    let mut agent = Agent::new(terminal);
    let chat = user.ask()?;
    let mut seen = Seen::default();
    while !seen.missing().is_empty() {
        if signal.load(Ordering::Acquire) != 0 {
            return Ok(());
        }
        if deadline <= Instant::now() {
            let message = format!("the demo did not see {}", seen.missing().join(", "));
            return Err(Error::new(Kind::Failure, message).hint("`guuru demo -v` shows the deliveries").into());
        }
        let Some(line) = programs.next_line(Duration::from_millis(100))? else { continue };
        terminal.print(line.as_bytes())?;
        let event: Value = serde_json::from_str(&line).context("a line of `guuru listen` is not JSON")?;
        seen.note(&event);
        agent.react(&event, &programs)?;
        user.react(&event)?;
    }
    user.check(&chat)?;
    programs.stop()?;
    terminal.status("all six events were seen, and the end user read every answer once");
    Ok(())
}

fn random_secret() -> SecretString {
    SecretString::from(Uuid::new_v4().simple().to_string())
}

/// The events that one conversation makes: name, whether it is our own message, and how many of them.
const EXPECTED: [(&str, bool, usize); 7] = [
    ("chat-assigned", false, 1),
    ("chat-opened", false, 1),
    ("message-created", true, 3),
    ("message-created", false, 2),
    ("chat-closed", false, 2),
    ("chat-reopened", false, 1),
    ("chat-rated", false, 1),
];

/// The events that came.
#[derive(Default)]
struct Seen(BTreeMap<(String, bool), usize>);

impl Seen {
    fn note(&mut self, event: &Value) {
        let name = event["event"].as_str().unwrap_or_default().to_owned();
        *self.0.entry((name, event["own"] == true)).or_default() += 1;
    }

    /// What has not come yet, in words.
    fn missing(&self) -> Vec<String> {
        let missing = |&(name, own, wanted): &(&str, bool, usize)| {
            let found = self.0.get(&(name.to_owned(), own)).copied().unwrap_or_default();
            let whose = if own { " of our own" } else { "" };
            (found < wanted).then(|| format!("{} {name}{whose}", wanted - found))
        };
        EXPECTED.iter().filter_map(missing).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let mut seen = Seen::default();
        for (event, own, count) in EXPECTED {
            for _ in 0..count {
                assert!(!seen.missing().is_empty());
                seen.note(&json!({"event": event, "own": own}));
            }
        }
        assert!(seen.missing().is_empty());
        let mut mistaken = Seen::default();
        mistaken.note(&json!({"event": "message-created", "own": false}));
        assert!(mistaken.missing().contains(&"3 message-created of our own".to_owned()));
        assert!(mistaken.missing().contains(&"1 message-created".to_owned()));
    }
}
