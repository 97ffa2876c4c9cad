//! A platform of known latency for `benches/compare`: it answers every request with a message that was sent, after as many
//! milliseconds as its argument says. It prints its URL and runs until it is killed.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "it serves a measurement: whatever goes wrong ends it")]

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::time::sleep;

fn main() {
    let delay = Duration::from_millis(std::env::args().nth(1).unwrap().parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(serve(delay));
}

async fn serve(delay: Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}/graphql", listener.local_addr().unwrap());
    let sent = Arc::new(AtomicU64::new(0));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let sent = Arc::clone(&sent);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, delay, &sent));
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    delay: Duration,
    sent: &AtomicU64,
) -> Result<Response<Full<Bytes>>, Infallible> {
    drop(request.into_body().collect().await);
    if !delay.is_zero() {
        sleep(delay).await;
    }
    let id = sent.fetch_add(1, Ordering::Relaxed);
    let body = format!(r#"{{"data":{{"sendChatMessage":{{"id":"m-{id}","text":"Hello!"}}}}}}"#);
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    Ok(response)
}
