//! Lines for a stderr that perhaps nobody reads: a pager that was left, a log on a disk that hangs. This must not block a command
//! that runs until it is stopped. So lines wait in a bounded queue for a thread that writes them. Lines that do not fit are dropped
//! and counted.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many bytes of lines wait.
const ROOM: usize = 1024 * 1024;

/// How long stderr takes nothing before it counts as one that nobody reads.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the end of the process waits for one that is read slowly.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// That of this process, once it has one.
static QUEUE: OnceLock<Queue> = OnceLock::new();

/// How much a line is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It is dropped where there is no room.
    Droppable,
    /// Whoever has it waits for room, for as long as anybody reads at all.
    Waiting,
    /// There is some room for it beyond that of the others.
    Important,
}

/// From now on no line is waited for. Where no thread can be started, stderr is written to as before.
pub(super) fn start() {
    if QUEUE.get().is_none() {
        let started = thread::Builder::new().name("stderr".into()).spawn(|| {
            let queue = QUEUE.get_or_init(|| Queue::new(ROOM));
            loop {
                queue.write_next(write);
            }
        });
        if started.is_ok() {
            QUEUE.get_or_init(|| Queue::new(ROOM));
        }
    }
}

/// Says one line, with its line feed.
pub(super) fn say(line: String, weight: Weight) {
    match QUEUE.get() {
        Some(queue) => queue.push(line, weight),
        None => write(&line),
    }
}

/// Waits until all is written, for as long as anybody reads.
pub(super) fn flush() {
    if let Some(queue) = QUEUE.get() {
        queue.flush();
    }
}

/// One write for each line, so that lines of several threads do not mix. A closed stderr is nobody's loss.
fn write(line: &str) {
    drop(anstream::stderr().lock().write_all(line.as_bytes()));
}

struct Queue {
    room: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    lines: VecDeque<String>,
    bytes: usize,
    /// How many lines had no room since the last one that had.
    dropped: u64,
    /// Whether a line is being written.
    writing: bool,
    /// When the last one was taken.
    moved: Instant,
}

impl Queue {
    fn new(room: usize) -> Self {
        let state = State { lines: VecDeque::new(), bytes: 0, dropped: 0, writing: false, moved: Instant::now() };
        Self { room, state: Mutex::new(state), changed: Condvar::new() }
    }

    fn push(&self, line: String, weight: Weight) {
        let mut state = self.lock();
        if weight == Weight::Waiting {
            state = self.wait(state, |state| state.has_room(self.room, line.len()));
        }
        let has_room = match weight {
            Weight::Important => state.bytes <= 2 * self.room,
            Weight::Droppable | Weight::Waiting => state.has_room(self.room, line.len()),
        };
        if has_room {
            state.report_dropped();
            state.add(line);
            self.changed.notify_all();
        } else {
            state.dropped += 1;
        }
    }

    /// Writes the next line, after waiting for it.
    fn write_next(&self, write: impl FnOnce(&str)) {
        let idle = |state: &mut State| state.lines.is_empty() && state.dropped == 0;
        let mut state = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        if state.lines.is_empty() {
            state.report_dropped();
        }
        let Some(line) = state.lines.pop_front() else { return };
        state.writing = true;
        drop(state);
        write(&line);
        let mut state = self.lock();
        state.writing = false;
        state.bytes -= line.len();
        state.moved = Instant::now();
        self.changed.notify_all();
    }

    fn flush(&self) {
        let begin = Instant::now();
        let written = |state: &State| state.lines.is_empty() && state.dropped == 0 && !state.writing;
        drop(self.wait(self.lock(), |state| written(state) || begin.elapsed() > LAST_WORDS));
    }

    /// Waits for a condition, for as long as lines are taken.
    fn wait<'a>(&self, mut state: MutexGuard<'a, State>, condition: impl Fn(&State) -> bool) -> MutexGuard<'a, State> {
        while !condition(&state)
            && let Some(left) = PATIENCE.checked_sub(state.moved.elapsed())
        {
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// After lines were dropped, there must be room for many. Otherwise every second line would say that one was dropped.
    fn has_room(&self, room: usize, line: usize) -> bool {
        let room = if self.dropped > 0 { room / 2 } else { room };
        self.bytes + line <= room || self.bytes == 0
    }

    fn add(&mut self, line: String) {
        if self.bytes == 0 {
            // After a pause, its time begins now.
            self.moved = Instant::now();
        }
        self.bytes += line.len();
        self.lines.push_back(line);
    }

    /// Puts a line in the place of those that were dropped.
    fn report_dropped(&mut self) {
        match std::mem::take(&mut self.dropped) {
            0 => {}
            1 => self.add("\u{1b}[33mwarning: \u{1b}[0m1 line was dropped here: stderr was not read\n".to_owned()),
            count => {
                self.add(format!("\u{1b}[33mwarning: \u{1b}[0m{count} lines were dropped here: stderr was not read\n"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(queue: &Queue) -> Vec<String> {
        let mut written = Vec::new();
        while !queue.lock().lines.is_empty() || queue.lock().dropped > 0 {
            queue.write_next(|line| written.push(anstream::adapter::strip_str(line).to_string()));
        }
        written
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted_in_its_place() {
        let queue = Queue::new(40);
        for n in 0..10 {
            queue.push(format!("line {n:03}\n"), Weight::Droppable);
        }
        queue.push("an error\n".to_owned(), Weight::Important);
        let written = all(&queue);
        let dropped = "warning: 6 lines were dropped here: stderr was not read\n";
        assert_eq!(written, ["line 000\n", "line 001\n", "line 002\n", "line 003\n", dropped, "an error\n"]);
        queue.push("later\n".to_owned(), Weight::Droppable);
        assert_eq!(all(&queue), ["later\n"]);
    }

    #[test]
    fn lines_dropped_last_are_reported_once_there_is_room() {
        let queue = Queue::new(10);
        for _ in 0..3 {
            queue.push("0123456789\n".to_owned(), Weight::Droppable);
        }
        assert_eq!(all(&queue), ["0123456789\n", "warning: 2 lines were dropped here: stderr was not read\n"]);
    }

    #[test]
    fn a_writer_that_stands_still_holds_up_nobody_for_long() {
        let queue = Queue::new(10);
        let begin = Instant::now();
        for weight in [Weight::Droppable, Weight::Waiting, Weight::Waiting, Weight::Droppable] {
            queue.push("0123456789\n".to_owned(), weight);
        }
        queue.flush();
        assert!(begin.elapsed() < 10 * PATIENCE, "{:?}", begin.elapsed());
        assert_eq!(all(&queue).len(), 2);
    }

    #[test]
    fn a_waiting_line_waits_for_a_reader_that_is_only_slow() {
        let queue = Queue::new(10);
        thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..20 {
                    queue.push(format!("{n:09}\n"), Weight::Waiting);
                }
            });
            for n in 0..20 {
                queue.write_next(|line| {
                    thread::sleep(Duration::from_millis(5));
                    assert_eq!(line, format!("{n:09}\n"));
                });
            }
        });
    }
}
