//! The floor under any durable receiver: hyper and SQLite alone, with group commit and `synchronous=FULL`. It checks nothing and
//! tells nobody; `benches/compare` measures `guuru listen` against it. Arguments: the port and the database's file; without the
//! file nothing is stored either.
#![allow(clippy::unwrap_used, reason = "it serves a measurement: whatever goes wrong ends it")]

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rusqlite::{Connection, params};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

struct Job {
    key: String,
    body: Bytes,
    stored: oneshot::Sender<()>,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let port = args[1].parse().unwrap();
    let jobs = args.get(2).map(|path| {
        let connection = open(path);
        let (jobs, queue) = channel();
        thread::spawn(move || write(connection, &queue));
        jobs
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(serve(port, jobs));
}

fn open(path: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB)")
        .unwrap();
    connection
}

fn write(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let batch: Vec<Job> = std::iter::once(first).chain(queue.try_iter().take(511)).collect();
        let transaction = connection.transaction().unwrap();
        for Job { key, body, .. } in &batch {
            transaction
                .prepare_cached("INSERT INTO events (id, body) VALUES (?1, ?2)")
                .unwrap()
                .execute(params![key, &body[..]])
                .unwrap();
        }
        transaction.commit().unwrap();
        for job in batch {
            // A client that has gone waits for nothing.
            let _ = job.stored.send(());
        }
    }
}

async fn serve(port: u16, jobs: Option<Sender<Job>>) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let jobs = jobs.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| store(request, jobs.as_ref()));
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn store(request: Request<Incoming>, jobs: Option<&Sender<Job>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let key = request.headers()["idempotency-key"].to_str().unwrap().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    if let Some(jobs) = jobs {
        let (stored, done) = oneshot::channel();
        jobs.send(Job { key, body, stored }).unwrap();
        done.await.unwrap();
    }
    Ok(Response::new(Full::default()))
}
