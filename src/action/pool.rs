//! Requests on many threads: the schedule decides which may run, the workers carry them out, and whoever owns the pool
//! hears what came of each.

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
    /// What the pool knows it by.
    pub ticket: Ticket,
    /// What was asked.
    pub line: RequestLine,
    /// What came of it.
    pub outcome: Outcome,
}

/// Hands requests to workers, in the order that their chats want.
pub struct WorkerPool {
    schedule: Schedule<Key, RequestLine>,
    work: Sender<(Ticket, RequestLine)>,
    idle: usize,
}

impl WorkerPool {
    /// Starts so many clones of the worker; `finished` is called on their threads.
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

    /// Takes a request, to be carried out when those before it in its chat are done.
    pub fn submit(&mut self, line: RequestLine) {
        let keys = line.request.keys();
        self.schedule.add(line, keys);
        self.dispatch();
    }

    /// Must be told of each request that has finished, so that the next may run. It is begun at once: whatever may be a
    /// reason to [abandon](Self::abandon) it comes first.
    pub fn finish(&mut self, ticket: Ticket) {
        self.schedule.done(ticket);
        self.idle += 1;
        self.dispatch();
    }

    /// Gives back what was not begun, in the order in which it came; what is in flight goes on.
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
            // The workers live as long as this end of their queue.
            drop(self.work.send(job));
        }
    }
}

fn next(queue: &Mutex<Receiver<(Ticket, RequestLine)>>) -> Option<(Ticket, RequestLine)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
