//! A platform for those without an account: the Admin API, signed webhooks and end users, on loopback. It shares no type with the
//! client, so that a mistake in one is not hidden by the same mistake in the other.
//!
//! One port serves everything:
//!
//! | route | who | what |
//! |---|---|---|
//! | `POST /graphql` | the company, with the token | the Admin API, executed over the contract's schema |
//! | `POST /webhook` | the company, with the token | `url`: where webhooks go from now on; empty: nowhere |
//! | `GET /` | the end user | a chat page for a browser |
//! | `POST /chats` | the end user | `question`, and maybe `name`, `email`, `expert`: starts a chat |
//! | `GET /chats/ID` | the end user | the chat with its messages |
//! | `POST /chats/ID/messages` | the end user | `text`, `attachment` or both: says something |
//! | `POST /chats/ID/reopen` | the end user | goes on with a closed chat |
//! | `POST /chats/ID/rate` | the end user | `rating`, 1 to 5: the end of it |
//! | `POST /chats/ID/reassign` | the platform | offers the chat again |

mod deliveries;
mod graphql;
mod life;
mod load;
mod pages;
mod refusal;
mod resolve;
mod routes;
mod seed;
mod state;
mod watch;

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use rouille::Server;
use secrecy::SecretString;
use url::Url;

use self::deliveries::{Deliveries, Duplication};
use self::graphql::Endpoint;
pub use self::load::{ChatReport, Latency, Load, Report, Summary, Tally};
use self::routes::Routes;
use self::state::State;
use self::watch::Watch;
use crate::error::{Error, Kind};

/// How a sandbox is set up.
#[derive(Debug)]
pub struct Options {
    /// Where to listen; a loopback address, port 0 picks a free one.
    pub addr: SocketAddr,
    /// The access token that `POST /graphql` asks for.
    pub token: SecretString,
    /// The secret that webhooks are signed with.
    pub secret: SecretString,
    /// Where all webhooks go; without one nothing is delivered.
    pub webhook_url: Option<Url>,
    /// The share of deliveries that is sent twice, from 0 to 1.
    pub duplicate: f64,
    /// Decides which deliveries are sent twice; the same seed doubles the same ones.
    pub seed: Option<u64>,
    /// Whether a persona's message that has a text and an attachment is refused.
    pub one_at_a_time: bool,
}

impl Options {
    /// On a free port of 127.0.0.1, with no webhook yet and nothing sent twice.
    pub fn new(token: SecretString, secret: SecretString) -> Self {
        let addr = (Ipv4Addr::LOCALHOST, 0).into();
        Self { addr, token, secret, webhook_url: None, duplicate: 0.0, seed: None, one_at_a_time: false }
    }
}

/// A platform that runs in threads of its own until it is stopped or dropped.
pub struct Sandbox {
    addr: SocketAddr,
    platform: Arc<Platform>,
    stopping: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

/// What all routes share: the state behind one lock, the deliveries of its events, and who is told of changes.
struct Platform {
    state: Mutex<State>,
    deliveries: Deliveries,
    watch: Arc<Watch>,
}

impl Platform {
    /// Changes the state. The events that this causes are queued before anybody else can act, and before the caller has an answer.
    /// As on the real platform, a webhook may come before the answer to the request that caused it.
    fn act<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = act(&mut state);
        for event in state.outbox.drain(..) {
            self.watch.changed(&event.chat_id);
            self.deliveries.queue(event);
        }
        result
    }
}

impl Sandbox {
    /// Starts a platform, and tells `notice` one line for each attempt to deliver a webhook, as in `chat-assigned c-1 -> 200`.
    /// Fails where the address is not loopback or taken, or the share to send twice is none.
    ///
    /// Must not be called on a thread of an async runtime, as its HTTP client is a blocking one.
    pub fn start(options: Options, notice: impl Fn(&str) + Send + Sync + 'static) -> anyhow::Result<Self> {
        let Options { addr, token, secret, webhook_url, duplicate, seed, one_at_a_time } = options;
        if !addr.ip().is_loopback() {
            let error = Error::usage(format!("the sandbox cannot listen on {addr}: it is not a loopback address"));
            return Err(error.hint("use 127.0.0.1, or [::1]").into());
        }
        if !(0.0..=1.0).contains(&duplicate) {
            let message = format!("the share of deliveries to duplicate is not from 0 to 1: {duplicate}");
            return Err(Error::usage(message).hint("0.2 sends one in five twice").into());
        }
        let mut state = seed::state();
        state.one_at_a_time = one_at_a_time;
        let duplication = Duplication::new(duplicate, seed);
        let watch = Arc::new(Watch::default());
        let deliveries = Deliveries::start(&secret, webhook_url, duplication, Box::new(notice), Arc::clone(&watch))?;
        let platform = Arc::new(Platform { state: Mutex::new(state), deliveries, watch });
        let routes = Routes::new(Arc::clone(&platform), Endpoint::new()?, &token);
        // The handler must be there before the port is known.
        let door = Arc::new(OnceLock::new());
        let own_door = Arc::clone(&door);
        let server = Server::new(addr, move |request| {
            let response = routes.answer(request);
            own_door.get().into_iter().for_each(knock);
            response
        });
        let server = server.map_err(|error| anyhow!("{error}")).with_context(|| {
            Error::new(Kind::Failure, format!("the sandbox cannot listen on {addr}"))
                .hint("another program may use that port: choose one with --addr, or port 0 for a free one")
        })?;
        let addr = *door.get_or_init(|| server.server_addr());
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let server = std::thread::Builder::new().name("sandbox-server".to_owned()).spawn(move || serve(&server, &stop));
        let server = Some(server.context("cannot start the sandbox's thread")?);
        Ok(Self { addr, platform, stopping, server })
    }

    /// The address it listens on, with the port that was picked: GraphQL is at `http://ADDR/graphql`.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where all webhooks go from now on, those that wait for a retry included; `None` stops delivering.
    pub fn set_webhook_url(&self, url: Option<Url>) {
        self.platform.deliveries.set_url(url);
    }

    /// Plays end users on this thread until each has rated its chat or given up, or until `stopped` says so, which is
    /// asked some twenty times a second. Only one such call at a time gets to its end.
    pub fn play(&self, load: &Load, stopped: impl Fn() -> bool) -> anyhow::Result<Report> {
        load::play(&self.platform, load, stopped)
    }

    /// Stops listening, lets the deliveries under way end for a second, and drops the others; returns their number.
    ///
    /// A connection that its client keeps alive stays open and gets no more answers: end the clients first, or exit.
    #[must_use = "the number of webhooks that were not delivered"]
    pub fn stop(mut self) -> usize {
        self.halt()
    }

    fn halt(&mut self) -> usize {
        self.stopping.store(true, Ordering::Relaxed);
        if let Some(server) = self.server.take() {
            // Clients that never pause can keep rouille from noticing the stop. Whoever stops the sandbox must not wait for them.
            let patience = Instant::now() + Duration::from_secs(1);
            while !server.is_finished() && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        self.platform.deliveries.stop()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.halt();
        }
    }
}

fn serve<F>(server: &Server<F>, stopping: &AtomicBool)
where
    F: Fn(&rouille::Request) -> rouille::Response + Send + Sync + 'static,
{
    // `Server::stoppable` notices the stop only once a second.
    while !stopping.load(Ordering::Relaxed) {
        server.poll_timeout(Duration::from_millis(20));
    }
}

/// Opens a connection and hangs up. `tiny_http` 0.12 counts a thread that was woken for one connection as free for the
/// next, which then waits until some connection ends; with clients that keep theirs alive, that is never. A connection
/// that ends at once, after each request, frees the one that waits.
fn knock(addr: &SocketAddr) {
    // A failure means that nobody listens any more.
    let _ = TcpStream::connect(addr);
}
