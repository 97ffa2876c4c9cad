//! Carries out requests on several threads. The schedule decides which may run, and the owner of the pool is told the outcome of
//! each.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Context;

use super::line::RequestLine;
use super::order::{Schedule, Ticket};
use super::outcome::Outcome;
use super::request::Key;
use super::worker::Worker;

/// A request that was carried out.
pub struct Finished {
    /// Its name in the schedule.
    pub ticket: Ticket,
    /// The request.
    pub line: RequestLine,
    /// What came of it.
    pub outcome: Outcome,
}

/// Hands requests to workers. Requests for one chat keep their order.
pub struct WorkerPool {
    schedule: Schedule<Key, RequestLine>,
    work: Sender<(Ticket, RequestLine)>,
    idle: usize,
}

impl WorkerPool {
    /// Starts `jobs` clones of the worker. They call `finished` on their threads.
    pub fn start(
        worker: &Worker,
        jobs: NonZeroUsize,
        finished: impl Fn(Finished) + Clone + Send + 'static,
    ) -> anyhow::Result<Self> {
        let (work, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..jobs.get() {
            let (worker, queue, finished) = (worker.clone(), Arc::clone(&queue), finished.clone());
            let run = move || {
                while let Some((ticket, line)) = next(&queue) {
                    let outcome = worker.run(&line.request);
                    finished(Finished { ticket, line, outcome });
                }
            };
            thread::Builder::new().name("command".into()).spawn(run).context("cannot start a thread for commands")?;
        }
        Ok(Self { schedule: Schedule::default(), work, idle: jobs.get() })
    }

    /// Takes a request. It runs when those before it in its chat are done.
    pub fn submit(&mut self, line: RequestLine) {
        let keys = line.request.keys();
        self.schedule.add(line, keys);
        self.dispatch();
    }

    /// Call this for each finished request, so that the next may run. The next one begins at once, so [`abandon`](Self::abandon)
    /// before if it should not.
    pub fn finish(&mut self, ticket: Ticket) {
        self.schedule.done(ticket);
        self.idle += 1;
        self.dispatch();
    }

    /// Removes and returns the requests that were not begun, in order. Those in flight go on.
    pub fn abandon(&mut self) -> Vec<RequestLine> {
        self.schedule.drain()
    }

    /// Whether nothing is waiting or in flight.
    pub fn is_idle(&self) -> bool {
        self.schedule.is_empty()
    }

    fn dispatch(&mut self) {
        while self.idle > 0
            && let Some(job) = self.schedule.take()
        {
            self.idle -= 1;
            // This cannot fail: the workers live as long as this end of their queue.
            drop(self.work.send(job));
        }
    }
}

fn next(queue: &Mutex<Receiver<(Ticket, RequestLine)>>) -> Option<(Ticket, RequestLine)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
