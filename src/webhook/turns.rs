//! Turns for large bodies, so that they do not fill the memory. A number of them are read at once, and only some of those from one
//! client: a client that sends much, or stalls, must not hold up the others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::senders::holder;

/// All turns there are.
pub(super) struct Turns {
    all: Arc<Gate>,
    per_client: usize,
    clients: Mutex<HashMap<IpAddr, Weak<Gate>>>,
}

/// A number of permits, and how many clients wait for one.
struct Gate {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A turn, until it is dropped.
pub(super) struct Turn {
    gates: Vec<(Arc<Gate>, OwnedSemaphorePermit)>,
}

impl Turns {
    /// So many turns in all, and so many for one client.
    pub(super) fn new(all: usize, per_client: usize) -> Self {
        Self { all: Gate::new(all), per_client, clients: Mutex::default() }
    }

    /// Waits for a turn of this client. `None` stands for a client that is not counted, such as a proxy.
    pub(super) async fn take(&self, client: Option<IpAddr>) -> Turn {
        let mut gates = Vec::with_capacity(2);
        // The client's own gate first: whoever waits there blocks nobody else.
        for gate in client.map(|client| self.of(client)).into_iter().chain([Arc::clone(&self.all)]) {
            if let Some(permit) = gate.pass().await {
                gates.push((gate, permit));
            }
        }
        Turn { gates }
    }

    fn of(&self, client: IpAddr) -> Arc<Gate> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|_, gate| gate.strong_count() > 0);
        let known = clients.get(&holder(client)).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let gate = Gate::new(self.per_client);
            clients.insert(holder(client), Arc::downgrade(&gate));
            gate
        })
    }
}

impl Turn {
    /// Whether somebody waits who could have this turn instead.
    pub(super) fn is_wanted(&self) -> bool {
        self.gates.iter().any(|(gate, _)| gate.waiting.load(Ordering::Relaxed) > 0)
    }
}

impl Gate {
    fn new(count: usize) -> Arc<Self> {
        Arc::new(Self { free: Arc::new(Semaphore::new(count)), waiting: AtomicUsize::new(0) })
    }

    async fn pass(&self) -> Option<OwnedSemaphorePermit> {
        struct Waiting<'a>(&'a AtomicUsize);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        // It is never closed.
        Arc::clone(&self.free).acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn has_to_wait(turns: &Turns, client: Option<&str>) -> bool {
        let client = client.map(|client| client.parse().unwrap());
        timeout(Duration::from_millis(20), turns.take(client)).await.is_err()
    }

    #[tokio::test]
    async fn a_client_that_has_all_its_turns_leaves_those_of_others() {
        let turns = Turns::new(4, 2);
        let one = Some("192.0.2.7".parse().unwrap());
        let held = [turns.take(one).await, turns.take(one).await];
        assert!(has_to_wait(&turns, Some("192.0.2.7")).await);
        assert!(!has_to_wait(&turns, Some("192.0.2.8")).await);
        assert!(!has_to_wait(&turns, None).await);
        drop(held);
        assert!(!has_to_wait(&turns, Some("192.0.2.7")).await);
        drop(turns.take(Some("192.0.2.9".parse().unwrap())).await);
        assert_eq!(turns.clients.lock().unwrap().len(), 1, "who has none takes no room for long");
    }

    #[tokio::test]
    async fn a_turn_is_wanted_while_somebody_waits_for_it() {
        let turns = Turns::new(1, 1);
        let held = turns.take(None).await;
        assert!(!held.is_wanted());
        let waiting = turns.take(Some("192.0.2.7".parse().unwrap()));
        tokio::pin!(waiting);
        assert!(timeout(Duration::from_millis(5), &mut waiting).await.is_err());
        assert!(held.is_wanted());
        drop(held);
        assert!(!waiting.await.is_wanted());
    }
}
