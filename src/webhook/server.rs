//! The HTTP server: one route for webhooks, one for health, and no way for a bad client to hurt a good one.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};

use super::limits::Limits;
use super::request::{self, Refusal};
use super::signature::Secrets;
use crate::error::{Error, Kind};
use crate::model::{Delivery, Reply, Stored};

/// How long accepting pauses after it failed, for want of file descriptors as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What `GET /healthz` answers: whether events can be stored, and JSON that says more.
pub struct Health {
    /// 200 or 503.
    pub healthy: bool,
    /// The answer's body.
    pub report: serde_json::Value,
}

/// Where deliveries go and what is told about them.
pub struct Sink {
    /// Makes a delivery durable and then replies. Must not block.
    pub store: Box<dyn Fn(Delivery, Reply) + Send + Sync>,
    /// Tells how the store is.
    pub health: Box<dyn Fn() -> Health + Send + Sync>,
    /// Hears of each request that was refused, with the peer's address.
    pub refused: Box<dyn Fn(&str) + Send + Sync>,
}

/// How the receiver behaves.
pub struct Options {
    /// The path that takes webhooks.
    pub path: String,
    /// The secrets to check with; `None` checks nothing.
    pub secrets: Option<Secrets>,
    /// What a sender may cost.
    pub limits: Limits,
}

/// Stops a [`Server`], from any thread.
#[derive(Clone)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// A handle for one server.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Takes no new connections and lets the requests in flight finish.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

/// A bound receiver.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    sink: Sink,
}

impl Server {
    /// Binds the address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is in use or not this machine's.
    pub fn bind(addr: SocketAddr, options: Options, sink: Sink) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(addr).with_context(|| {
            Error::new(Kind::Failure, format!("cannot listen on {addr}"))
                .hint("another program may use that port: choose one with --addr, or port 0 for a free one")
        })?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, shared: Arc::new(Shared { options, sink }) })
    }

    /// The address in use.
    pub fn local_addr(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until it is stopped and the requests in flight are answered, or have had their time.
    pub fn run(self, stop: &Stop) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("receiver")
            .enable_all()
            .build()
            .context("cannot start the receiver's threads")?;
        runtime.block_on(self.accept(stop.0.subscribe()))?;
        // What still hangs has had its time.
        runtime.shutdown_background();
        Ok(())
    }

    async fn accept(self, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
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
                () = stopped(&mut stop) => break,
                (slot, accepted) = next => match (slot, accepted) {
                    (Ok(slot), Ok((stream, peer))) => {
                        tokio::spawn(serve(stream, peer, slot, Arc::clone(&self.shared), stop.clone()));
                    }
                    _ => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
            }
        }
        drop(listener);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        // Past its time a connection is cut; what it carried was not answered and comes again.
        drop(tokio::time::timeout(limits.drain_time, slots.acquire_many(all)).await);
        Ok(())
    }
}

/// Waits for the stop; whoever dropped its handle wants to stop too.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await);
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    _slot: OwnedSemaphorePermit,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let limits = shared.options.limits;
    // Without it, an answer may wait for the peer's delayed acknowledgement.
    drop(stream.set_nodelay(true));
    let service = service_fn(|request| handle(request, peer, &shared));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_buf_size(limits.headers)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let failed = tokio::select! {
        result = connection.as_mut() => result,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = failed {
        (shared.sink.refused)(&format!("{peer}: {error}"));
    }
}

async fn handle(
    request: Request<Incoming>,
    peer: SocketAddr,
    shared: &Shared,
) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(match route(request, shared).await {
        Ok(response) => response,
        Err(refusal) => {
            (shared.sink.refused)(&format!("{peer}: {}: {}", refusal.status, refusal.reason));
            refuse(&refusal)
        }
    })
}

async fn route(request: Request<Incoming>, shared: &Shared) -> Result<Response<Full<Bytes>>, Refusal> {
    let path = request.uri().path();
    if path == shared.options.path {
        if request.method() != Method::POST {
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("method {}", request.method())));
        }
        return receive(request, shared).await;
    }
    if path == "/healthz" && matches!(*request.method(), Method::GET | Method::HEAD) {
        let Health { healthy, report } = (shared.sink.health)();
        let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        return Ok(answer(status, "application/json", format!("{report}\n")));
    }
    Err(Refusal::new(StatusCode::NOT_FOUND, format!("no such path {path}")))
}

async fn receive(request: Request<Incoming>, shared: &Shared) -> Result<Response<Full<Bytes>>, Refusal> {
    let options = &shared.options;
    let delivery = request::read(request, options.secrets.as_ref(), &options.limits).await?;
    let (reply, stored) = oneshot::channel();
    // The sender may have hung up in the meantime: the event is kept all the same.
    (shared.sink.store)(delivery, Box::new(move |outcome| drop(reply.send(outcome))));
    match stored.await {
        Ok(Ok(Stored::New { .. } | Stored::Duplicate { .. })) => {
            Ok(answer(StatusCode::OK, "text/plain", String::new()))
        }
        Ok(Err(reason)) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, format!("not stored: {reason}"))),
        Err(_) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not stored: stopping")),
    }
}

fn refuse(refusal: &Refusal) -> Response<Full<Bytes>> {
    let status = refusal.status;
    // A store's failure is the operator's matter; its text may name paths.
    let text = if status.is_server_error() { "try again later" } else { &refusal.reason };
    let mut response = answer(status, "text/plain; charset=utf-8", format!("{text}\n"));
    let extra = match status {
        StatusCode::METHOD_NOT_ALLOWED => Some((ALLOW, "POST")),
        StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
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
