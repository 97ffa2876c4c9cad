//! The stdin of the bridge's child. Several threads write whole lines to the child that runs now. A child that does not read blocks
//! only these writers.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::pipe::Pipe;

/// How long one attempt to write waits before it checks whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// Counts the children: a line that was meant for one must not reach the next.
pub type Generation = u64;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was written in full.
    Whole,
    /// It was not written, or not in full: that child reads no more.
    Gone,
}

/// The stdin of the child that runs now.
pub struct ChildStdin {
    slot: Mutex<Slot>,
    changed: Condvar,
    /// The last child that has gone. Read without the lock, which a writer may hold for as long as the child is stalled.
    gone: AtomicU64,
    /// The last child that has closed its stdin. Read without the lock, too.
    closed_by: AtomicU64,
    /// Nothing more is written, now or ever.
    closed: AtomicBool,
    patience: Duration,
    stalled: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Slot {
    generation: Generation,
    pipe: Option<Pipe>,
}

impl ChildStdin {
    /// No child yet. `stalled` is called when one has read nothing for longer than `patience`, once for each line that waits.
    pub fn new(patience: Duration, stalled: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            slot: Mutex::default(),
            changed: Condvar::new(),
            gone: AtomicU64::new(0),
            closed_by: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            patience,
            stalled: Box::new(stalled),
        }
    }

    /// A new child reads from here on. Children count from 1.
    pub fn attach(&self, pipe: Pipe) -> Generation {
        let mut slot = self.lock();
        slot.generation += 1;
        slot.pipe = Some(pipe).filter(|_| !self.is_closed());
        self.changed.notify_all();
        slot.generation
    }

    /// The child of that generation has gone.
    pub fn detach(&self, generation: Generation) {
        self.gone.fetch_max(generation, Ordering::AcqRel);
        let mut slot = self.lock();
        if slot.generation == generation {
            slot.pipe = None;
        }
    }

    /// Closes the child's stdin for good: it knows then that nothing more comes.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.lock().pipe = None;
        self.changed.notify_all();
    }

    /// Waits for a child that reads; `None` once stdin was closed.
    pub fn wait_for_child(&self) -> Option<Generation> {
        let waiting = |slot: &mut Slot| slot.pipe.is_none() && !self.is_closed();
        let slot = self.changed.wait_while(self.lock(), waiting).unwrap_or_else(PoisonError::into_inner);
        slot.pipe.is_some().then_some(slot.generation)
    }

    /// Whether the child of that generation may still read.
    pub fn is_current(&self, generation: Generation) -> bool {
        let slot = self.lock();
        slot.generation == generation && slot.pipe.is_some()
    }

    /// Whether the child of that generation was found to have closed its end.
    pub fn was_closed_by(&self, generation: Generation) -> bool {
        self.closed_by.load(Ordering::Acquire) == generation
    }

    /// Writes a line to the child of that generation. Until its first byte is written, `is_wanted` may give it up; after
    /// that only the end of the child, or of its stdin, can cut it.
    pub fn write_line(&self, generation: Generation, line: &[u8], is_wanted: impl Fn() -> bool) -> Written {
        let (mut written, mut begun) = (0, Some(Instant::now()));
        let mut slot = self.lock();
        while written < line.len() {
            let ended = slot.generation != generation || self.gone.load(Ordering::Acquire) >= generation;
            if ended || self.is_closed() || (written == 0 && !is_wanted()) {
                return Written::Gone;
            }
            let Some(pipe) = &mut slot.pipe else { return Written::Gone };
            match pipe.write_some(&line[written..], TICK) {
                Ok(0) if begun.is_some_and(|begun| begun.elapsed() > self.patience) => {
                    begun = None;
                    (self.stalled)();
                }
                Ok(some) => written += some,
                // It has closed its end, as a child that dies does.
                Err(_) => {
                    slot.pipe = None;
                    self.closed_by.store(generation, Ordering::Release);
                }
            }
        }
        Written::Whole
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line, with its line feed, that says what it is: an `event` or a `result`.
pub fn with_type(what: &str, line: &[u8]) -> Vec<u8> {
    let rest = line.strip_prefix(b"{").unwrap_or(line);
    [format!(r#"{{"type":"{what}","#).as_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, pipe};
    use std::sync::Arc;
    use std::thread;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn a_line_for_a_child_that_has_gone_does_not_reach_the_next() {
        let stdin = ChildStdin::new(PATIENCE, || ());
        let (first_end, writer) = pipe().unwrap();
        let first = stdin.attach(Pipe::new(writer.into()));
        assert_eq!(stdin.write_line(first, b"one\n", || true), Written::Whole);
        drop(first_end);
        assert_eq!(stdin.write_line(first, b"two\n", || true), Written::Gone);
        stdin.detach(first);
        let (mut second_end, writer) = pipe().unwrap();
        let second = stdin.attach(Pipe::new(writer.into()));
        assert_eq!(stdin.write_line(first, b"three\n", || true), Written::Gone);
        assert_eq!(stdin.write_line(second, b"four\n", || true), Written::Whole);
        stdin.close();
        assert_eq!(stdin.write_line(second, b"five\n", || true), Written::Gone);
        let mut read = String::new();
        second_end.read_to_string(&mut read).unwrap();
        assert_eq!(read, "four\n");
    }

    #[test]
    fn a_child_that_does_not_read_holds_nobody_who_wants_to_end_it() {
        let stdin = Arc::new(ChildStdin::new(PATIENCE, || ()));
        let (unread, writer) = pipe().unwrap();
        let child = stdin.attach(Pipe::new(writer.into()));
        let writing = Arc::clone(&stdin);
        let stuck = thread::spawn(move || writing.write_line(child, &vec![b'x'; 1024 * 1024], || true));
        stdin.detach(child);
        assert_eq!(stuck.join().unwrap(), Written::Gone);
        stdin.close();
        assert_eq!(stdin.wait_for_child(), None);
        drop(unread);
    }
}
