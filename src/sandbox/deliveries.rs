//! Sends webhooks: signed, several at once, again until they get a 2xx, and twice on request. As on the real platform, they may
//! come late, out of order, or more than once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::blocking::Client;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use url::Url;
use uuid::Uuid;

use super::state::Event;
use super::watch::Watch;
use crate::http;

/// How many deliveries are under way at once.
const WORKERS: usize = 16;
/// The wait before the second attempt; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait between two attempts, before the jitter, which adds up to as much again.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How long a receiver may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long [`Deliveries::stop`] waits for the attempts that are under way.
const GRACE: Duration = Duration::from_secs(1);

/// Told one line for each attempt.
pub(super) type AttemptLog = Box<dyn Fn(&str) + Send + Sync>;

/// Decides which deliveries are sent twice.
pub(super) struct Duplication {
    share: f64,
    random: fastrand::Rng,
}

impl Duplication {
    /// Doubles this share, from 0 to 1; the same seed doubles the same ones.
    pub(super) fn new(share: f64, seed: Option<u64>) -> Self {
        Self { share, random: seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed) }
    }

    fn copies(&mut self) -> usize {
        if self.random.f64() < self.share { 2 } else { 1 }
    }
}

/// The deliveries that wait and those under way.
pub(super) struct Deliveries {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Something is due, something has ended, or it is time to stop.
    changed: Condvar,
    client: Client,
    mac: Hmac<Sha256>,
    notice: AttemptLog,
    watch: Arc<Watch>,
}

struct Queue {
    waiting: BinaryHeap<Reverse<Delivery>>,
    under_way: usize,
    queued: u64,
    url: Option<Url>,
    duplication: Duplication,
    stopped: bool,
}

/// One delivery; its due time and its place in the queue decide when its turn comes.
struct Delivery {
    due: Instant,
    place: u64,
    waits: ExponentialBackoff,
    webhook: Arc<Webhook>,
}

/// What every attempt and every copy of a delivery has in common.
struct Webhook {
    event: &'static str,
    chat_id: String,
    /// The `id` in the body: of the message, or of the chat.
    id: String,
    key: String,
    signature: String,
    body: Vec<u8>,
}

impl Deliveries {
    /// Starts the workers. Nothing is delivered while there is no URL.
    pub(super) fn start(
        secret: &SecretString,
        url: Option<Url>,
        duplication: Duplication,
        notice: AttemptLog,
        watch: Arc<Watch>,
    ) -> anyhow::Result<Self> {
        // No proxy: the receiver is nearly always on loopback, where a proxy from the environment cannot reach it.
        let client = http::builder().no_proxy().timeout(ANSWER_WITHIN).redirect(reqwest::redirect::Policy::none());
        let client =
            client.user_agent("guuru-sandbox").build().context("cannot set up the http client for webhooks")?;
        let mac = Hmac::new_from_slice(secret.expose_secret().as_bytes()).context("cannot use the webhook secret")?;
        let queue = Queue { waiting: BinaryHeap::new(), under_way: 0, queued: 0, url, duplication, stopped: false };
        let (queue, changed) = (Mutex::new(queue), Condvar::new());
        let shared = Arc::new(Shared { queue, changed, client, mac, notice, watch });
        for _ in 0..WORKERS {
            let shared = Arc::clone(&shared);
            let worker = std::thread::Builder::new().name("sandbox-delivery".to_owned());
            worker.spawn(move || shared.work()).context("cannot start a delivery thread")?;
        }
        Ok(Self { shared })
    }

    /// Where deliveries go from now on, those that wait included.
    pub(super) fn set_url(&self, url: Option<Url>) {
        self.shared.lock().url = url;
        self.shared.changed.notify_all();
    }

    /// Queues an event; it may arrive before this returns.
    pub(super) fn queue(&self, event: Event) {
        let mut queue = self.shared.lock();
        if queue.stopped || queue.url.is_none() {
            return;
        }
        let id = event.body["id"].as_str().unwrap_or_default().to_owned();
        let body = event.body.to_string().into_bytes();
        let webhook = Arc::new(Webhook {
            event: event.name,
            chat_id: event.chat_id,
            id,
            key: Uuid::new_v4().to_string(),
            signature: sign(self.shared.mac.clone(), &body),
            body,
        });
        for _ in 0..queue.duplication.copies() {
            queue.queued += 1;
            let place = queue.queued;
            let webhook = Arc::clone(&webhook);
            queue.waiting.push(Reverse(Delivery { due: Instant::now(), place, waits: waits(), webhook }));
        }
        self.shared.changed.notify_all();
    }

    /// Ends the workers and drops what could not be delivered; returns how much that was.
    pub(super) fn stop(&self) -> usize {
        let mut queue = self.shared.lock();
        queue.stopped = true;
        self.shared.changed.notify_all();
        let ended = self.shared.changed.wait_timeout_while(queue, GRACE, |queue| queue.under_way > 0);
        let (mut queue, _) = ended.unwrap_or_else(PoisonError::into_inner);
        let dropped = queue.under_way + queue.waiting.len();
        queue.waiting.clear();
        dropped
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some((mut delivery, url)) = self.next() {
            let outcome = url.map_or(Ok(None), |url| self.attempt(&delivery.webhook, url).map(Some));
            let wait = delivery.waits.next().unwrap_or(LONGEST_WAIT);
            let Webhook { event, chat_id, id, .. } = &*delivery.webhook;
            match &outcome {
                Ok(Some(status)) => {
                    (self.notice)(&format!("{event} {chat_id} -> {status}"));
                    self.watch.delivered(chat_id, id);
                }
                Ok(None) => (self.notice)(&format!("{event} {chat_id} -> dropped: no webhook url")),
                Err(why) => (self.notice)(&format!("{event} {chat_id} -> {why}, again in {:.1}s", wait.as_secs_f64())),
            }
            delivery.due = Instant::now() + wait;
            let mut queue = self.lock();
            queue.under_way -= 1;
            if outcome.is_err() {
                queue.waiting.push(Reverse(delivery));
            }
            self.changed.notify_all();
        }
    }

    /// Waits for the next delivery that is due; `None` when it is time to stop.
    fn next(&self) -> Option<(Delivery, Option<Url>)> {
        let mut queue = self.lock();
        while !queue.stopped {
            let due = queue.waiting.peek().map(|next| next.0.due);
            let wait = due.map(|due| due.saturating_duration_since(Instant::now()));
            queue = match wait {
                Some(Duration::ZERO) => {
                    let next = queue.waiting.pop().map(|next| next.0)?;
                    queue.under_way += 1;
                    return Some((next, queue.url.clone()));
                }
                Some(wait) => self.changed.wait_timeout(queue, wait).unwrap_or_else(PoisonError::into_inner).0,
                None => self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner),
            };
        }
        None
    }

    /// Posts once. Anything but a 2xx is a failure, told in a few words.
    fn attempt(&self, webhook: &Webhook, url: Url) -> Result<u16, String> {
        let request = self.client.post(url).header("Content-Type", "application/json");
        let request = request.header("X-Guuru-Event", webhook.event).header("X-Guuru-Hmac-Sha256", &webhook.signature);
        match request.header("Idempotency-Key", &webhook.key).body(webhook.body.clone()).send() {
            Ok(answer) if answer.status().is_success() => Ok(answer.status().as_u16()),
            Ok(answer) => Err(answer.status().as_u16().to_string()),
            Err(error) if error.is_timeout() => Err("no answer in time".to_owned()),
            Err(error) if error.is_connect() => Err("cannot connect".to_owned()),
            Err(_) => Err("the connection broke".to_owned()),
        }
    }
}

impl Ord for Delivery {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due, self.place).cmp(&(other.due, other.place))
    }
}

impl PartialOrd for Delivery {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Delivery {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Delivery {}

/// The lower-case hexadecimal HMAC-SHA256 of the raw body.
fn sign(mut mac: Hmac<Sha256>, body: &[u8]) -> String {
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// The waits between the attempts at one delivery, with jitter so that retries do not march in step.
fn waits() -> ExponentialBackoff {
    let doubling = ExponentialBuilder::new().with_min_delay(FIRST_WAIT).with_max_delay(LONGEST_WAIT);
    doubling.with_jitter().without_max_times().build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // Test case 2: https://www.rfc-editor.org/rfc/rfc4231#section-4.3
        let mac = Hmac::new_from_slice(b"Jefe").unwrap();
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign(mac, b"what do ya want for nothing?"), expected);
    }

    #[test]
    fn the_share_is_doubled_and_the_seed_decides_which() {
        let copies = |share, seed| {
            let mut duplication = Duplication::new(share, Some(seed));
            (0..1000).map(|_| duplication.copies()).collect::<Vec<_>>()
        };
        let fifth = copies(0.2, 7);
        assert!((1150..1250).contains(&fifth.iter().sum::<usize>()));
        assert_eq!(fifth, copies(0.2, 7));
        assert_ne!(fifth, copies(0.2, 8));
        assert_eq!(copies(0.0, 7), [1; 1000]);
        assert_eq!(copies(1.0, 7), [2; 1000]);
    }

    #[test]
    fn waits_double_up_to_a_cap_and_do_not_end() {
        for (wait, seconds) in waits().zip([0.2, 0.4, 0.8, 1.6, 3.2].into_iter().chain([5.0; 40])) {
            assert!((seconds..=seconds * 2.0).contains(&wait.as_secs_f64()), "{seconds}: {wait:?}");
        }
        assert!(waits().nth(1000).is_some());
    }
}
