//! Requests on many threads: the lanes decide which may run, the workers carry them out, and whoever owns the commander
//! hears what came of each.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Context;

use super::line::{Key, Outcome, Request};
use super::order::{Lanes, Ticket};
use super::worker::Worker;

/// A request that was carried out.
pub struct Finished {
    ticket: Ticket,
    /// What was asked.
    pub request: Request,
    /// What came of it.
    pub outcome: Outcome,
}

/// Hands requests to workers, in the order that their chats want.
pub struct Commander {
    lanes: Lanes<Key, Request>,
    work: Sender<(Ticket, Request)>,
    idle: usize,
}

impl Commander {
    /// Starts these workers; `finished` is called on their threads.
    pub fn start(workers: Vec<Worker>, finished: impl Fn(Finished) + Clone + Send + 'static) -> anyhow::Result<Self> {
        let (work, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let idle = workers.len();
        for worker in workers {
            let (queue, finished) = (Arc::clone(&queue), finished.clone());
            let name = "command".to_owned();
            let run = move || {
                while let Some((ticket, request)) = next(&queue) {
                    let outcome = worker.run(&request);
                    finished(Finished { ticket, request, outcome });
                }
            };
            thread::Builder::new().name(name).spawn(run).context("cannot start a thread for commands")?;
        }
        Ok(Self { lanes: Lanes::default(), work, idle })
    }

    /// Takes a request, to be carried out when those before it in its chat are done.
    pub fn submit(&mut self, request: Request) {
        let keys = request.keys();
        self.lanes.add(request, keys);
        self.dispatch();
    }

    /// Must be told of each request that has finished, so that the next may run. It is begun at once: whatever may be a
    /// reason to [abandon](Self::abandon) it comes first.
    pub fn finish(&mut self, finished: &Finished) {
        self.lanes.done(finished.ticket);
        self.idle += 1;
        self.dispatch();
    }

    /// Gives back what was not begun, in the order in which it came; what is in flight goes on.
    pub fn abandon(&mut self) -> Vec<Request> {
        self.lanes.drain()
    }

    /// Whether nothing is waiting or in flight.
    pub fn is_idle(&self) -> bool {
        self.lanes.is_empty()
    }

    fn dispatch(&mut self) {
        while self.idle > 0
            && let Some(job) = self.lanes.take()
        {
            self.idle -= 1;
            // The workers live as long as this end of their queue.
            drop(self.work.send(job));
        }
    }
}

fn next(queue: &Mutex<Receiver<(Ticket, Request)>>) -> Option<(Ticket, Request)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
