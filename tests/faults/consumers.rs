//! Consumers that stand still, that leave, and several at once.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::lines::{keys, printed};
use crate::support::program::{Home, eventually, signal};
use crate::support::sender::Sender;

/// Far more than a pipe holds.
const MANY: usize = 300;

/// Another program that reads the lines, and writes what it reads to a file.
pub(crate) struct Reader(Child);

impl Reader {
    pub(crate) fn start(program: &[&str], file: &Path) -> Self {
        let file = File::options().create(true).append(true).open(file).unwrap();
        let mut command = Command::new(program[0]);
        Self(command.args(&program[1..]).stdin(Stdio::piped()).stdout(file).spawn().unwrap())
    }

    /// Where its lines come in; only once.
    pub(crate) fn input(&mut self) -> Stdio {
        self.0.stdin.take().unwrap().into()
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(self.0.id(), name);
    }

    pub(crate) fn wait(&mut self) {
        self.0.wait().unwrap();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Sends so many messages of a kilobyte, whose keys begin with `name`; each gets its 200.
pub(crate) fn send_many(sender: &Sender, name: &str, count: usize) -> Vec<String> {
    let text = "x".repeat(1000);
    (0..count)
        .map(|n| {
            let key = format!("{name}-{n}");
            assert_eq!(sender.message(&key, "c-1", &text), Some(200));
            key
        })
        .collect()
}

#[test]
fn a_consumer_that_stands_still_costs_no_sender_a_200_and_gets_all_once_it_goes_on() {
    let home = Home::new();
    let file = home.path().join("lines");
    let mut reader = Reader::start(&["cat"], &file);
    let mut listener = home.listen_to(reader.input(), &[]);
    let sender = Sender::new(&listener.url);
    let mut sent = send_many(&sender, "before", 10);
    for round in 0..3 {
        reader.signal("STOP");
        sent.extend(send_many(&sender, &format!("stopped-{round}"), MANY));
        assert!(printed(&file).len() < sent.len());
        reader.signal("CONT");
        eventually("all is read", || printed(&file).len() == sent.len());
    }
    assert_eq!(keys(&printed(&file)), sent);
    listener.stop();
}

#[test]
fn a_consumer_that_reads_three_lines_and_dies_gets_the_rest_at_the_next_start() {
    let home = Home::new();
    let file = home.path().join("lines");
    let mut sent = Vec::new();
    for round in 0..3 {
        let mut reader = Reader::start(&["head", "-n", "3"], &file);
        let mut listener = home.listen_to(reader.input(), &[]);
        let sender = Sender::new(&listener.url);
        sent.extend(send_many(&sender, &format!("read-{round}"), 3));
        reader.wait();
        // Until the listener notices, webhooks still get their 200.
        while let Some(200) = sender.message(&format!("unread-{round}-{}", sent.len()), "c-1", "") {
            sent.push(format!("unread-{round}-{}", sent.len()));
        }
        assert_eq!(listener.wait().code(), Some(0));
        listener.says("the rest is kept");
        let mut rest = home.listen_into(&file, &[]);
        eventually("the rest is read", || printed(&file).len() >= sent.len());
        rest.stop();
        let printed = printed(&file);
        // The last one may have been stored without its answer coming through.
        assert_eq!(keys(&printed)[..sent.len()], sent);
        sent = printed.into_iter().map(|(_, key)| key).collect();
    }
}

#[test]
fn two_readers_of_two_names_get_everything_each() {
    let home = Home::new();
    let files = [home.path().join("first"), home.path().join("second")];
    let mut listeners =
        [home.listen_into(&files[0], &["--consumer", "first"]), home.listen_into(&files[1], &["--consumer", "second"])];
    thread::scope(|scope| {
        for (n, listener) in listeners.iter().enumerate() {
            let sender = Sender::new(&listener.url);
            scope.spawn(move || send_many(&sender, &format!("to-{n}"), MANY));
        }
    });
    for (listener, file) in listeners.iter_mut().zip(&files) {
        eventually("all is read", || printed(file).len() >= 2 * MANY);
        listener.stop();
    }
    let seqs: Vec<i64> = printed(&files[0]).iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, (1..=2 * i64::try_from(MANY).unwrap()).collect::<Vec<_>>());
    assert_eq!(printed(&files[0]), printed(&files[1]));
}
