//! The report of the end users: a line for each chat, and one that sums them up.

use std::time::Duration;

use serde::Serialize;

use super::tally::Tally;

/// The end of one chat, as its end user saw it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatReport {
    /// The chat's id.
    pub chat_id: String,
    /// What was answered, and how.
    #[serde(flatten)]
    pub tally: Tally,
    /// Whether the end user got to the end and rated the chat.
    pub done: bool,
    /// What the end user waited for in vain: `answer`, `close`, `open` or `delivery`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_for: Option<&'static str>,
}

/// All chats together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The chats that were asked for, those that were not begun included.
    pub chats: usize,
    /// The chats that were rated in the end.
    pub done: usize,
    /// What was answered, and how.
    #[serde(flatten)]
    pub tally: Tally,
    /// From the beginning to the report.
    pub seconds: f64,
    /// From a message to its answer; `None` where there was no answer.
    pub latency_ms: Option<Latency>,
    /// Repeats this run's conversations.
    pub seed: u64,
}

/// How long answers took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Half of them took no longer.
    pub median: i64,
    /// 99 of 100 took no longer.
    pub p99: i64,
}

/// What [`Sandbox::play`](crate::sandbox::Sandbox::play) returns.
#[derive(Clone, Debug)]
pub struct Report {
    /// The chats that were begun, in that order.
    pub chats: Vec<ChatReport>,
    /// All of them together.
    pub summary: Summary,
}

impl Report {
    pub(super) fn new(chats: Vec<ChatReport>, asked_for: u32, time: Duration, seed: u64) -> Self {
        let mut tally = Tally::default();
        for chat in &chats {
            tally.add(&chat.tally);
        }
        tally.latencies.sort_unstable();
        let summary = Summary {
            chats: asked_for as usize,
            done: chats.iter().filter(|chat| chat.done).count(),
            latency_ms: latency(&tally.latencies),
            tally,
            seconds: time.as_secs_f64(),
            seed,
        };
        Self { chats, summary }
    }

    /// Whether every chat came to its end and every message was answered once, in order, and in its own chat.
    pub fn is_clean(&self) -> bool {
        self.summary.done == self.summary.chats && self.summary.tally.is_clean()
    }

    /// One line of JSON for each chat, and the summary as the last one.
    pub fn json_lines(&self) -> anyhow::Result<String> {
        let chats = self.chats.iter().map(serde_json::to_string);
        let lines = chats.chain([serde_json::to_string(&self.summary)]).collect::<Result<Vec<_>, _>>()?;
        Ok(lines.join("\n") + "\n")
    }
}

/// Of times in ascending order.
fn latency(sorted: &[i64]) -> Option<Latency> {
    // The nearest rank: the smallest time that so many of a hundred do not pass.
    let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(Latency { median: rank(50)?, p99: rank(99)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_those_of_the_nearest_rank() {
        assert_eq!(latency(&[]), None);
        assert_eq!(latency(&[7]), Some(Latency { median: 7, p99: 7 }));
        assert_eq!(latency(&(1..=100).collect::<Vec<_>>()), Some(Latency { median: 50, p99: 99 }));
        assert_eq!(latency(&(1..=1000).collect::<Vec<_>>()), Some(Latency { median: 500, p99: 990 }));
    }

    #[test]
    fn a_chat_that_was_never_begun_is_not_done() {
        let chat = ChatReport { chat_id: "c-15".into(), tally: Tally::default(), done: true, waiting_for: None };
        let report = |asked_for| Report::new(vec![chat.clone()], asked_for, Duration::ZERO, 1);
        assert!(report(1).is_clean());
        assert!(!report(2).is_clean());
    }
}
