//! The receiver alone, in this process, with limits that a test need not wait for.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use guuru::model::Stored;
use guuru::webhook::{Callbacks, Limits, Observation, Options, Proxies, Secrets, Server};
use tokio_util::sync::CancellationToken;

use crate::support::program::SECRET;

/// Limits as they are, but for short times.
pub(crate) fn short() -> Limits {
    Limits {
        header_time: Duration::from_secs(1),
        body_time: Duration::from_secs(1),
        drain_time: Duration::from_secs(1),
        ..Limits::new(1024 * 1024)
    }
}

/// A running receiver that stores nothing and says that it did.
pub(crate) struct Receiver {
    pub(crate) address: String,
    refused: Arc<Mutex<Vec<String>>>,
    stop: CancellationToken,
    running: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Starts it.
    pub(crate) fn start(limits: Limits) -> Self {
        let refused: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&refused);
        let sink = Callbacks {
            store: Box::new(|_, reply| reply(Ok(Stored::New { seq: 1 }))),
            observe: Arc::new(|| Observation {
                writable: true,
                readable: true,
                details: serde_json::Map::default(),
                metrics: String::new(),
            }),
            refused: Box::new(move |reason| heard.lock().unwrap().push(reason.to_owned())),
        };
        let options = Options {
            path: "/".parse().unwrap(),
            secrets: Some(Secrets::parse(SECRET)),
            limits,
            proxies: Proxies::default(),
            explain: true,
        };
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), options, sink).unwrap();
        let address = server.local_addr().unwrap().to_string();
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let running = Some(thread::spawn(move || server.run(&stopped).unwrap()));
        Self { address, refused, stop, running }
    }

    /// What was refused so far.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.refused.lock().unwrap().clone()
    }

    /// Stops it and waits for its end.
    pub(crate) fn stop(&mut self) {
        self.stop.cancel();
        self.running.take().unwrap().join().unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
