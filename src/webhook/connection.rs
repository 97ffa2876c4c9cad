//! Serves one connection: when it must end, and how it ends so that the client can still read the last answer.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::server::{ServerState, handle};
use super::status::ConnectionAddresses;

/// How long a connection that must end, and has no open request, may take to send its last answers.
const ENDING_TIME: Duration = Duration::from_secs(1);

/// How long, and how many bytes, the receiver goes on reading after its last answer. The bytes are dropped.
const LINGER_TIME: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 16 * 1024 * 1024;

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, shared: &ServerState, stop: &CancellationToken) {
    let limits = shared.options.limits;
    // Without it, an answer may wait for the peer's delayed acknowledgement.
    drop(stream.set_nodelay(true));
    // The address that the client has reached. A listener on all addresses does not know it.
    let own = stream.local_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |local| local.ip().to_canonical());
    let addresses = ConnectionAddresses { peer, own };
    let busy = AtomicBool::new(false);
    let service = service_fn(|request| {
        busy.store(true, Ordering::Relaxed);
        Box::pin(async {
            let answer = handle(request, addresses, shared).await;
            busy.store(false, Ordering::Relaxed);
            answer
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_buf_size(limits.headers)
        // A client may close its sending side after the request, and still wants the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut result = tokio::select! {
        result = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(result),
        () = stop.cancelled() => None,
        // Otherwise a client that reads no answers would stay for ever.
        () = sleep(limits.connection_time) => None,
    };
    if result.is_none() {
        Pin::new(&mut connection).graceful_shutdown();
        let patience = async {
            sleep(ENDING_TIME).await;
            if busy.load(Ordering::Relaxed) {
                sleep(limits.body_time + limits.drain_time).await;
            }
        };
        result = tokio::select! {
            result = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(result),
            () = patience => None,
        };
    }
    let parts = connection.into_parts();
    if let Some(Err(error)) = result {
        // A connection that was kept open and not used again is not reported as refused.
        let unused = error.is_timeout() && parts.read_buf.is_empty();
        if !unused {
            (shared.callbacks.refused)(&format!("{peer}: {error}"));
        }
    }
    if !stop.is_cancelled() {
        linger(parts.io.into_inner()).await;
    }
}

/// Closes a connection. Where the client is still sending, closing at once would reset the connection, and the client would
/// lose the answer that tells it why.
async fn linger(mut stream: TcpStream) {
    drop(stream.shutdown().await);
    let mut rest = stream.take(LINGER_BYTES);
    drop(timeout(LINGER_TIME, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await);
}
