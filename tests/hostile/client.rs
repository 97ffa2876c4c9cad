//! Clients that speak raw TCP: a good one, and what the bad ones are made of.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::program::{Listener, PATIENCE, SECRET};
use crate::support::sender::signature;

/// The body of every webhook here.
pub(crate) const BODY: &str = r#"{"id":"c-1"}"#;

/// The longest that a good client ever waits for its answer, with a noisy machine in mind.
const BOUND: Duration = Duration::from_secs(5);

/// A connection.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    /// Connects.
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    /// Connects and writes.
    pub(crate) fn send(address: &str, bytes: impl AsRef<[u8]>) -> Self {
        let mut raw = Self::open(address);
        raw.write(bytes);
        raw
    }

    /// Writes; tells whether the receiver still takes it.
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).is_ok()
    }

    /// Says that nothing more comes.
    pub(crate) fn end(&mut self) {
        drop(self.0.shutdown(Shutdown::Write));
    }

    /// All that the receiver says until it closes the connection. Fails the test where it does not close it.
    pub(crate) fn rest(&mut self) -> String {
        let mut answer = Vec::new();
        if let Err(error) = self.0.read_to_end(&mut answer) {
            assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "still open after {answer:?}");
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// One answer without a body, on a connection that stays open.
    pub(crate) fn head(&mut self) -> String {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && self.0.read(&mut byte).expect("an answer") == 1 {
            head.extend(byte);
        }
        String::from_utf8(head).unwrap()
    }
}

/// Where a listener listens, without the scheme.
pub(crate) fn address(listener: &Listener) -> String {
    listener.url.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

/// The head of a webhook that is right but for what `headers` says; each of them ends with CR LF.
pub(crate) fn head(key: &str, headers: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-guuru-event: chat-closed\r\n\
         x-guuru-hmac-sha256: {}\r\nidempotency-key: {key}\r\n{headers}\r\n",
        signature(SECRET, BODY.as_bytes())
    )
}

/// A whole webhook as it should be.
pub(crate) fn webhook(key: &str) -> String {
    webhook_with(key, "")
}

/// A webhook with these headers too.
pub(crate) fn webhook_with(key: &str, headers: &str) -> String {
    format!("{}{BODY}", head(key, &format!("content-length: {}\r\n{headers}", BODY.len())))
}

/// Delivers a webhook over a connection of its own and tells how long that took.
pub(crate) fn deliver(address: &str) -> Duration {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    let key = format!("good-{}", KEYS.fetch_add(1, Ordering::Relaxed));
    let start = Instant::now();
    let answer = Raw::send(address, webhook_with(&key, "connection: close\r\n")).rest();
    assert!(answer.starts_with("HTTP/1.1 200 "), "a good client got {answer:?}");
    let took = start.elapsed();
    assert!(took < BOUND, "a good client waited {took:?}");
    took
}

/// Runs an attack while a good client sends one webhook after another, and is served.
pub(crate) fn served_during<T>(address: &str, attack: impl FnOnce() -> T) -> T {
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let done = AtomicBool::new(false);
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                deliver(address);
            }
        });
        let _done = Done(&done);
        attack()
    });
    deliver(address);
    result
}
