//! Plays end users, so that a program that answers chats can run under load for long, and be judged by what its users saw. They use
//! the same functions as end users who come over HTTP, and cause the same webhooks.
//!
//! Every message carries a token such as `[u-17/2]`, and an answer is what quotes it. The last message before the chat
//! may be closed says `bye`.

mod report;
mod script;
mod tally;

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use fastrand::Rng;

pub use self::report::{ChatReport, Latency, Report, Summary};
use self::script::{Script, Step};
pub use self::tally::Tally;
use self::tally::judge;
use super::Platform;
use super::refusal::Refusal;
use super::state::{Content, SERVICE_ACCOUNT, State, Status, User};
use super::watch::News;

/// How often it is checked whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// How many end users come, and how they behave.
#[derive(Clone, Debug)]
pub struct Load {
    /// How many of them, each with one chat.
    pub chats: u32,
    /// How many chats are begun in a second.
    pub rate: f64,
    /// How many messages an end user sends before the chat may be closed; at least the question itself is sent.
    pub turns: u32,
    /// How long an end user waits for one thing before giving up.
    pub patience: Duration,
    /// Decides what is said and who reopens; the same seed makes the same conversations.
    pub seed: u64,
}

/// An end user in the middle of a chat.
struct EndUser {
    chat: String,
    steps: VecDeque<Step>,
    /// The id of what was said last, until the receiver has taken it.
    undelivered: Option<String>,
    /// When the last step was taken.
    since: Instant,
}

impl EndUser {
    fn begin(number: u32, script: Script, state: &mut State) -> Result<Self, Refusal> {
        let user = User { name: format!("Eve {number}"), email: None };
        let chat = state.start(user, &script.question, SERVICE_ACCOUNT)?.id;
        Ok(Self { chat, steps: script.steps, undelivered: None, since: Instant::now() })
    }

    /// Goes as far as the chat allows.
    fn advance(&mut self, state: &mut State) {
        while let Some(step) = self.steps.pop_front() {
            if !self.take(&step, state) {
                return self.steps.push_front(step);
            }
            self.since = Instant::now();
        }
    }

    /// Whether the step could be taken. What the platform refuses now, it may allow once the chat has changed.
    fn take(&mut self, step: &Step, state: &mut State) -> bool {
        let chat = &self.chat;
        match step {
            Step::Say(text) => {
                let message = state.say(chat, Content::text(text.clone()));
                message.map(|message| self.undelivered = Some(message.id)).is_ok()
            }
            Step::AwaitDelivery => self.undelivered.is_none(),
            Step::AwaitAnswers => state.chat(chat).is_ok_and(|chat| judge(&chat.messages).lost == 0),
            Step::AwaitClose => state.chat(chat).is_ok_and(|chat| chat.status == Status::Closed),
            Step::Reopen => state.reopen(chat).is_ok(),
            Step::Rate(stars) => state.rate(chat, &stars.to_string()).is_ok(),
        }
    }

    fn has_patience(&self, patience: Duration) -> bool {
        self.since.elapsed() < patience
    }

    fn report(&self, state: &State) -> ChatReport {
        let waiting_for = self.steps.front().map(|step| match step {
            Step::AwaitAnswers => "answer",
            Step::AwaitDelivery => "delivery",
            Step::Say(_) => "open",
            Step::AwaitClose | Step::Reopen | Step::Rate(_) => "close",
        });
        let tally = state.chat(&self.chat).map(|chat| judge(&chat.messages)).unwrap_or_default();
        ChatReport { chat_id: self.chat.clone(), tally, done: self.steps.is_empty(), waiting_for }
    }
}

/// Everybody who has begun a chat.
struct Crowd<'a> {
    platform: &'a Platform,
    load: &'a Load,
    start: Instant,
    random: Rng,
    users: Vec<EndUser>,
    /// Which of them has which chat.
    places: HashMap<String, usize>,
}

impl Crowd<'_> {
    /// How long until the next chat begins; `None` when all have begun.
    fn until_next(&self) -> Option<Duration> {
        let begun = u32::try_from(self.users.len()).ok().filter(|begun| *begun < self.load.chats)?;
        let due = Duration::try_from_secs_f64(f64::from(begun) / self.load.rate).unwrap_or(Duration::MAX);
        Some(due.saturating_sub(self.start.elapsed()))
    }

    fn begin_those_due(&mut self) -> anyhow::Result<()> {
        while self.until_next() == Some(Duration::ZERO) {
            let number = u32::try_from(self.users.len() + 1)?;
            let script = Script::new(number, self.load.turns, &mut self.random.fork());
            let user = self.platform.act(|state| EndUser::begin(number, script, state));
            let user = user.map_err(|refusal| anyhow!("cannot begin a chat: {}", refusal.message))?;
            self.places.insert(user.chat.clone(), self.users.len());
            self.users.push(user);
        }
        Ok(())
    }

    fn react(&mut self, news: &News) {
        // The chat may be somebody's who came over HTTP.
        let Some(user) = self.places.get(&news.chat_id).map(|place| &mut self.users[*place]) else { return };
        if news.delivered.is_some() && news.delivered == user.undelivered {
            user.undelivered = None;
        }
        if user.has_patience(self.load.patience) {
            self.platform.act(|state| user.advance(state));
        }
    }

    fn is_over(&self) -> bool {
        let is_over = |user: &EndUser| user.steps.is_empty() || !user.has_patience(self.load.patience);
        self.until_next().is_none() && self.users.iter().all(is_over)
    }
}

/// Plays all end users on this thread until each has rated its chat or given up, or until `stopped` says so.
pub(super) fn play(platform: &Platform, load: &Load, stopped: impl Fn() -> bool) -> anyhow::Result<Report> {
    let news = platform.watch.begin();
    let (users, places) = (Vec::new(), HashMap::new());
    let mut crowd = Crowd { platform, load, start: Instant::now(), random: Rng::with_seed(load.seed), users, places };
    while !stopped() && !crowd.is_over() {
        crowd.begin_those_due()?;
        match news.recv_timeout(crowd.until_next().unwrap_or(TICK).min(TICK)) {
            Ok(news) => crowd.react(&news),
            Err(RecvTimeoutError::Timeout) => {}
            // Somebody else has begun to watch, and nothing would move here any more.
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let time = crowd.start.elapsed();
    let chats = platform.act(|state| crowd.users.iter().map(|user| user.report(state)).collect());
    Ok(Report::new(chats, load.chats, time, load.seed))
}
