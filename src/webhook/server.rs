//! The HTTP server: one route for webhooks, two for those who watch it, and no way for a bad client to hurt a good one.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, VARY};
use hyper::{Method, Request, Response, StatusCode};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::connection;
use super::exposition::Exposition;
use super::limits::Limits;
use super::metrics::ReceiverMetrics;
use super::path::WebhookPath;
use super::request::{self, Received, Refusal};
use super::senders::{Proxies, Shares};
use super::signature::Secrets;
use super::status::{ConnectionAddresses, Observe, StatusCache, is_insider};
use super::turns::Turns;
use crate::error::{Error, Kind};
use crate::model::{Delivery, Reply, Stored};

/// How long accepting pauses after a failure, which is usually a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The most connections that wait to be accepted; the system may allow fewer. With the 128 of the standard library, clients in a
/// burst wait a second or more until their system tries again.
const BACKLOG: i32 = 4096;

/// What the server calls: to store a delivery, to look at the store, to report a refusal.
pub struct Callbacks {
    /// Stores a delivery durably and then replies. Must not block.
    pub store: Box<dyn Fn(Delivery, Reply) + Send + Sync>,
    /// Tells how the store is.
    pub observe: Observe,
    /// Is told of each refused request and connection: the client's address and the reason. Parts of the text come from the client.
    pub refused: Box<dyn Fn(&str) + Send + Sync>,
}

/// How the receiver behaves.
pub struct Options {
    /// The path that takes webhooks.
    pub path: WebhookPath,
    /// The secrets to check with; `None` checks nothing.
    pub secrets: Option<Secrets>,
    /// What a sender may cost.
    pub limits: Limits,
    /// The proxies whose word about their clients is told to the operator.
    pub proxies: Proxies,
    /// Whether to explain wrong signatures to [`Callbacks::refused`]. It costs some more HMACs.
    pub explain: bool,
}

/// A bound receiver.
pub struct Server {
    listener: TcpListener,
    shared: Arc<ServerState>,
}

pub(super) struct ServerState {
    pub(super) options: Options,
    pub(super) callbacks: Callbacks,
    metrics: ReceiverMetrics,
    status: StatusCache,
    shares: Arc<Shares>,
    turns: Turns,
}

impl Server {
    /// Binds the address; port 0 takes a free one. Whoever connects waits for a server [on it](Self::on).
    ///
    /// # Errors
    /// When the address is in use or not this machine's.
    pub fn reserve(addr: SocketAddr) -> anyhow::Result<TcpListener> {
        TcpListener::bind(addr).map_err(|error| {
            let hint = match error.kind() {
                ErrorKind::AddrInUse => {
                    "another program may use that port: choose one with --addr, or port 0 for a free one"
                }
                ErrorKind::PermissionDenied => "choose a port from 1024 on with --addr, and let a proxy pass on to it",
                _ => "--addr takes an address of this machine, such as 127.0.0.1:8787",
            };
            anyhow::Error::from(error).context(Error::new(Kind::Failure, format!("cannot listen on {addr}")).hint(hint))
        })
    }

    /// Binds the address and serves on it.
    ///
    /// # Errors
    /// When the address is in use or not this machine's.
    pub fn bind(addr: SocketAddr, options: Options, callbacks: Callbacks) -> anyhow::Result<Self> {
        Self::on(Self::reserve(addr)?, options, callbacks)
    }

    /// A server on an address that is bound.
    ///
    /// # Errors
    /// When the system does not let it listen.
    pub fn on(listener: TcpListener, options: Options, callbacks: Callbacks) -> anyhow::Result<Self> {
        listener.set_nonblocking(true)?;
        rustix::net::listen(&listener, BACKLOG).context("cannot queue connections")?;
        let shares = Shares::new(options.limits.connections_per_address);
        let turns = Turns::new(options.limits.large_bodies, options.limits.large_bodies_per_client);
        let inner = ServerState {
            status: StatusCache::new(Arc::clone(&callbacks.observe)),
            metrics: ReceiverMetrics::new(),
            options,
            callbacks,
            shares,
            turns,
        };
        Ok(Self { listener, shared: Arc::new(inner) })
    }

    /// The address in use.
    pub fn local_addr(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until `stop` is cancelled, from any thread: then it takes no new connections, and ends once the requests in flight are
    /// answered, or have had their time.
    pub fn run(self, stop: &CancellationToken) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            // A request takes microseconds. A second thread would cost more, in waking each other, than it brings.
            .worker_threads(1)
            .thread_name("receiver")
            .enable_all()
            .build()
            .context("cannot start the receiver's threads")?;
        runtime.block_on(self.accept(stop))?;
        // Whatever still runs has had its time.
        runtime.shutdown_background();
        Ok(())
    }

    async fn accept(self, stop: &CancellationToken) -> anyhow::Result<()> {
        let limits = self.shared.options.limits;
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let slots = Arc::new(Semaphore::new(limits.connections));
        loop {
            let next = async {
                let slot = Arc::clone(&slots).acquire_owned().await;
                (slot, listener.accept().await)
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                (slot, accepted) = next => match (slot, accepted) {
                    (Ok(slot), Ok((stream, peer))) => self.shared.admit(stream, peer, slot, stop),
                    (_, accepted) => {
                        if let Err(error) = accepted {
                            (self.shared.callbacks.refused)(&format!("a connection: {error}"));
                        }
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        drop(listener);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        // After its time a connection is cut. Its requests were not answered, so they come again.
        drop(tokio::time::timeout(limits.drain_time, slots.acquire_many(all)).await);
        Ok(())
    }
}

impl ServerState {
    /// Serves a connection, unless its address has too many.
    fn admit(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        slot: OwnedSemaphorePermit,
        stop: &CancellationToken,
    ) {
        // A socket for both families shows an IPv4 peer as an IPv6 address.
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let counted = !self.options.proxies.is_uncounted(peer.ip());
        let share = counted.then(|| self.shares.take(peer.ip()));
        if let Some(None) = share {
            let most = self.options.limits.connections_per_address;
            return (self.callbacks.refused)(&format!("{peer}: more than {most} connections of that address at once"));
        }
        let (shared, stop, meter) = (Arc::clone(self), stop.clone(), self.metrics.connection());
        tokio::spawn(async move {
            connection::serve(stream, peer, &shared, &stop).await;
            drop((slot, share, meter));
        });
    }
}

/// Answers a request. A refusal is reported with the client's address, as a trusted proxy gives it.
pub(super) async fn handle(
    request: Request<Incoming>,
    addresses: ConnectionAddresses,
    shared: &ServerState,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let peer = addresses.peer;
    let client = shared.options.proxies.client(peer.ip(), request.headers());
    let of_a_webhook = shared.options.path.is(request.uri().path());
    Ok(route(request, addresses, shared).await.unwrap_or_else(|refusal| {
        if of_a_webhook {
            shared.metrics.count_refusal(&refusal);
        }
        let client = client.map_or_else(|| peer.to_string(), |client| client.to_string());
        (shared.callbacks.refused)(&format!("{client}: {}: {}", refusal.status, refusal.for_operator()));
        refuse(&refusal)
    }))
}

async fn route(
    request: Request<Incoming>,
    addresses: ConnectionAddresses,
    shared: &ServerState,
) -> Result<Response<Full<Bytes>>, Refusal> {
    request::check_host(&request)?;
    let path = request.uri().path();
    if shared.options.path.is(path) {
        if request.method() != Method::POST {
            return Err(Refusal::of_method(request.method(), "POST"));
        }
        return receive(request, addresses.peer.ip(), shared).await;
    }
    let insider = is_insider(addresses, request.headers());
    match path {
        "/healthz" => {
            require_get(request.method())?;
            let (status, report) = shared.status.health(insider).await;
            Ok(answer(status, "application/json", format!("{report}\n")))
        }
        "/metrics" if insider => {
            require_get(request.method())?;
            let exposition = Exposition::wanted(request.headers());
            let text = exposition.text(shared.metrics.text(shared.status.metrics().await));
            let mut response = answer(StatusCode::OK, exposition.content_type(), text);
            response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
            Ok(response)
        }
        _ => Err(Refusal::new(StatusCode::NOT_FOUND, format!("no such path {path}"))),
    }
}

/// Health and metrics can only be read.
fn require_get(method: &Method) -> Result<(), Refusal> {
    let asks = matches!(*method, Method::GET | Method::HEAD);
    if asks { Ok(()) } else { Err(Refusal::of_method(method, "GET, HEAD")) }
}

async fn receive(
    request: Request<Incoming>,
    peer: IpAddr,
    shared: &ServerState,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let client = Some(peer).filter(|peer| !shared.options.proxies.is_uncounted(*peer));
    let delivery = match request::read(request, &shared.options, &shared.turns, client).await? {
        Received::Webhook(delivery) => *delivery,
        Received::Ping(pong) => return Ok(answer(StatusCode::OK, "application/json", pong)),
    };
    let event = delivery.event.parse().ok();
    let (reply, stored) = oneshot::channel();
    // The sender may have hung up meanwhile. The event is kept anyway.
    (shared.callbacks.store)(delivery, Box::new(move |outcome| drop(reply.send(outcome))));
    let outcome = stored.await.unwrap_or_else(|_| Err("stopping".to_owned()));
    shared.metrics.count(event, outcome.as_ref().ok().copied());
    match outcome {
        Ok(Stored::New { .. } | Stored::Duplicate { .. }) => Ok(answer(StatusCode::OK, "text/plain", String::new())),
        Err(reason) => Err(not_stored(&reason)),
    }
}

/// The reason is for the operator alone: it may name paths.
fn not_stored(reason: &str) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "try again later").with_detail(format!("not stored: {reason}"))
}

fn refuse(refusal: &Refusal) -> Response<Full<Bytes>> {
    let status = refusal.status;
    let mut response = answer(status, "text/plain; charset=utf-8", format!("{}\n", refusal.reason));
    let extra = match status {
        StatusCode::METHOD_NOT_ALLOWED => refusal.allow.map(|allow| (ALLOW, allow)),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Some((RETRY_AFTER, "1")),
        StatusCode::REQUEST_TIMEOUT => Some((CONNECTION, "close")),
        _ => None,
    };
    if let Some((name, value)) = extra {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
