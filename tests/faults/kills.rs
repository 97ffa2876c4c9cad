//! kill -9 at random moments, while eight senders send and try again as the platform does.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::lines::{count, printed};
use crate::support::program::{Home, Listener, PATIENCE, eventually};
use crate::support::sender::Sender;

const ROUNDS: usize = 20;
const SENDERS: usize = 8;

/// How many lines of a round may come again: those of the time that a cursor's move waits for its transaction, and those
/// of one page.
const TWICE: usize = 512;

#[test]
fn killed_at_random_moments_it_loses_nothing_that_got_a_200() {
    let seed = std::env::var("GUURU_TEST_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    eprintln!("GUURU_TEST_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let home = Home::new();
    let file = home.path().join("lines");
    let mut senders: Vec<Resender> = (0..SENDERS).map(Resender::new).collect();
    let mut acknowledged = HashSet::new();
    for _ in 0..ROUNDS {
        let listener = home.listen_into(&file, &[]);
        let answered = AtomicUsize::new(0);
        let (target, spin) = (random.usize(..500), Duration::from_micros(random.u64(..5000)));
        let sender = Sender::new(&listener.url);
        thread::scope(|scope| {
            let sending: Vec<_> =
                senders.iter_mut().map(|resender| scope.spawn(|| resender.run(&sender, &answered))).collect();
            eventually("enough is answered", || answered.load(Ordering::Relaxed) >= target);
            let start = Instant::now();
            while start.elapsed() < spin {}
            listener.signal("KILL");
            acknowledged.extend(sending.into_iter().flat_map(|sending| sending.join().unwrap()));
        });
    }
    let mut survivor = home.listen_into(&file, &[]);
    wait_for_the_end(&survivor, &file);
    survivor.stop();

    let printed = printed(&file);
    let counts = count(&printed);
    let lost: Vec<_> = acknowledged.iter().filter(|key| !counts.contains_key(key.as_str())).collect();
    let twice = counts.values().filter(|(times, _)| *times > 1).count();
    let stored_twice = counts.values().filter(|(_, places)| *places > 1).count();
    eprintln!(
        "{ROUNDS} kills: {} acknowledged, {} lost, {twice} printed twice after a crash, {} printed without a 200",
        acknowledged.len(),
        lost.len(),
        counts.len() + lost.len() - acknowledged.len(),
    );
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert_eq!(stored_twice, 0, "a key that is tried again is the same event");
    assert!(twice <= ROUNDS * TWICE, "{twice} printed twice");
}

/// Waits until nothing more is printed: an event sent now is the last.
fn wait_for_the_end(listener: &Listener, file: &Path) {
    assert_eq!(Sender::new(&listener.url).assign("the last", "c-1"), Some(200));
    eventually("the last line", || printed(file).last().is_some_and(|(_, key)| key == "the last"));
}

/// A sender that does not give up a delivery before it got its 200.
struct Resender {
    name: usize,
    next: usize,
}

impl Resender {
    fn new(name: usize) -> Self {
        Self { name, next: 0 }
    }

    /// Sends until there is nobody any more; what was answered with 200.
    fn run(&mut self, sender: &Sender, answered: &AtomicUsize) -> Vec<String> {
        let start = Instant::now();
        let mut done = Vec::new();
        while start.elapsed() < PATIENCE {
            let key = format!("{}-{}", self.name, self.next);
            match sender.message(&key, &format!("c-{}", self.name), "Hello?") {
                Some(200) => done.push(key),
                Some(503) => continue,
                Some(status) => panic!("{key} was answered with {status}"),
                None => break,
            }
            self.next += 1;
            answered.fetch_add(1, Ordering::Relaxed);
        }
        done
    }
}
