//! The rules against everything that can happen: any order of events, verdicts and crashes.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const JOBS: usize = 3;

#[derive(Clone, Debug)]
enum Op {
    /// An event of one of three chats, of none, or one that nobody wants, comes in.
    Receive(u8),
    Read,
    Start,
    /// One of those that run gets its verdict.
    Settle(usize, Verdict),
    Wait,
    /// The cursor becomes durable.
    Sync,
    Crash,
}

fn op() -> impl Strategy<Value = Op> {
    let verdict = prop_oneof![
        4 => Just(Verdict::Done),
        2 => Just(Verdict::later("busy")),
        1 => Just(Verdict::Failed("bad".into())),
    ];
    prop_oneof![
        4 => (0..5_u8).prop_map(Op::Receive),
        4 => Just(Op::Read),
        4 => Just(Op::Start),
        4 => (any::<usize>(), verdict).prop_map(|(which, verdict)| Op::Settle(which, verdict)),
        2 => Just(Op::Wait),
        1 => Just(Op::Sync),
        1 => Just(Op::Crash),
    ]
}

/// The lanes with everything around them: the inbox, the table, the durable cursor, and what a handler sees.
struct World {
    lanes: Lanes,
    /// Event N + 1 is of this chat.
    inbox: Vec<u8>,
    table: BTreeMap<i64, Mark>,
    cursor: i64,
    now: i64,
    running: Vec<i64>,
    /// What has ever been done or set aside.
    over: BTreeSet<i64>,
    /// The last event started of each chat since the last crash.
    last: HashMap<u8, i64>,
}

impl World {
    fn new() -> Self {
        Self {
            lanes: lanes(0, Vec::new()),
            inbox: Vec::new(),
            table: BTreeMap::new(),
            cursor: 0,
            now: 0,
            running: Vec::new(),
            over: BTreeSet::new(),
            last: HashMap::new(),
        }
    }

    fn chat(&self, seq: i64) -> u8 {
        self.inbox[usize::try_from(seq - 1).unwrap()]
    }

    fn chat_id(&self, seq: i64) -> Option<String> {
        Some(self.chat(seq)).filter(|chat| *chat < 3).map(|chat| chat.to_string())
    }

    fn apply(&mut self, op: Op) {
        match op {
            Op::Receive(chat) => self.inbox.push(chat),
            Op::Read => self.read(),
            Op::Start => {
                if self.running.len() < JOBS
                    && let Some(seq) = self.lanes.start(self.now)
                {
                    self.check_order(seq);
                    self.running.push(seq);
                }
            }
            Op::Settle(which, verdict) if !self.running.is_empty() => {
                let seq = self.running.swap_remove(which % self.running.len());
                let marks = self.lanes.apply(seq, &verdict, self.now).marks;
                if !matches!(verdict, Verdict::Later { .. }) {
                    self.over.insert(seq);
                }
                self.keep(marks);
            }
            Op::Settle(..) => {}
            Op::Wait => self.now += 400,
            Op::Sync => self.cursor = self.lanes.cursor(),
            Op::Crash => self.crash(),
        }
        self.check();
    }

    fn read(&mut self) {
        let marks = self.lanes.unblock_cursor(JOBS);
        self.keep(marks);
        for seq in (self.lanes.read + 1..).take(self.lanes.room()) {
            if usize::try_from(seq).unwrap() > self.inbox.len() {
                break;
            }
            if self.chat(seq) == 4 {
                self.lanes.skip(seq);
                self.over.insert(seq);
            } else {
                let mark = self.lanes.take(seq, self.chat_id(seq).as_deref());
                self.keep(mark);
            }
        }
    }

    fn keep(&mut self, marks: impl IntoIterator<Item = Mark>) {
        for mark in marks {
            match mark {
                Mark::Done { seq } => assert!(self.table.remove(&seq).is_some(), "{seq} has no row"),
                Mark::Waiting { seq, .. } | Mark::Failed { seq, .. } => drop(self.table.insert(seq, mark)),
            }
        }
    }

    fn crash(&mut self) {
        self.table.retain(|seq, _| *seq <= self.cursor);
        let waiting = self.table.values().filter_map(|mark| match mark {
            Mark::Waiting { seq, attempts, next_at, .. } => {
                Some(WaitingEvent { seq: *seq, chat_id: self.chat_id(*seq), attempts: *attempts, next_at: *next_at })
            }
            _ => None,
        });
        self.lanes = lanes(self.cursor, waiting.collect());
        self.running.clear();
        self.last.clear();
    }

    /// What is started is the next of its chat, and the only one.
    fn check_order(&mut self, seq: i64) {
        let chat = self.chat(seq);
        if chat > 2 {
            return;
        }
        assert!(self.running.iter().all(|other| self.chat(*other) != chat), "two of one chat at once");
        for earlier in (1..seq).filter(|earlier| self.chat(*earlier) == chat) {
            assert!(self.over.contains(&earlier), "{seq} overtakes {earlier}");
        }
        assert!(self.last.insert(chat, seq).is_none_or(|last| last <= seq), "{seq} is started again too late");
    }

    /// The cursor passes only what is done or owned, and reading stays near it.
    fn check(&self) {
        assert!(self.cursor <= self.lanes.cursor());
        for seq in 1..=self.lanes.cursor() {
            assert!(self.over.contains(&seq) || self.table.contains_key(&seq), "{seq} is lost");
        }
        assert!(self.lanes.read - self.lanes.cursor() <= self.lanes.window);
        let waiting = self.table.values().filter(|mark| matches!(mark, Mark::Waiting { .. })).count();
        assert_eq!(self.lanes.waiting, waiting);
    }
}

fn lanes(read: i64, waiting: Vec<WaitingEvent>) -> Lanes {
    let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(4) };
    Lanes { window: 4, ..Lanes::new(backoff, read, waiting) }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_no_event_overtakes_another_of_its_chat(ops in prop::collection::vec(op(), 0..200)) {
        let mut world = World::new();
        for op in ops {
            world.apply(op);
        }
        // From here on all goes well, and everything comes to its end.
        for _ in 0..4 * (world.inbox.len() + 1) {
            for op in [Op::Read, Op::Start, Op::Start, Op::Start, Op::Settle(0, Verdict::Done), Op::Wait] {
                world.apply(op);
            }
        }
        prop_assert_eq!(world.over.len(), world.inbox.len());
        prop_assert_eq!((world.lanes.waiting, world.lanes.running()), (0, 0));
        prop_assert!(world.lanes.chats.is_empty());
        prop_assert_eq!(world.lanes.cursor(), i64::try_from(world.inbox.len()).unwrap());
    }
}

#[test]
fn a_chat_that_hangs_holds_up_neither_the_others_nor_the_cursor() {
    let mut lanes = lanes(0, Vec::new());
    assert_eq!((lanes.take(1, Some("slow")), lanes.start(0)), (None, Some(1)));
    for seq in 2..=4 {
        assert_eq!(lanes.take(seq, None), None);
        assert_eq!(lanes.unblock_cursor(JOBS), [], "it is not in the way yet");
        assert_eq!(lanes.start(0), Some(seq));
        assert_eq!(lanes.apply(seq, &Verdict::Done, 0).marks, []);
    }
    assert_eq!((lanes.room(), lanes.cursor()), (0, 0));
    assert_eq!(lanes.unblock_cursor(1), [], "nothing more could run");
    assert_eq!(lanes.unblock_cursor(JOBS), [behind(1)]);
    assert_eq!((lanes.room(), lanes.cursor()), (4, 4));
    assert_eq!(lanes.apply(1, &Verdict::Done, 0).marks, [Mark::Done { seq: 1 }]);
}

#[test]
fn reading_stops_while_too_much_waits() {
    let waiting = |seq| WaitingEvent { seq, chat_id: Some("c".into()), attempts: 1, next_at: Some(100) };
    let all = i64::try_from(WAITING).unwrap();
    let mut lanes = lanes(all, (1..=all).map(waiting).collect());
    assert_eq!((lanes.room(), lanes.start(99), lanes.start(100)), (0, None, Some(1)));
    lanes.apply(1, &Verdict::Done, 100);
    assert_eq!(lanes.room(), 4);
}
