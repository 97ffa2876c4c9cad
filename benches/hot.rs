//! What is done for every event and every command: `cargo bench`. A commit waits for the disk; all else is computing alone.
#![allow(clippy::unwrap_used, reason = "it measures: whatever goes wrong ends it")]
#![allow(missing_docs, reason = "criterion's macros make functions without any")]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use guuru::api::operation::chat;
use guuru::api::schema::Documents;
use guuru::model::{ChatMessageInput, Delivery, Event, LineFormat, minify};
use guuru::store::Writer;
use guuru::webhook::{EVENT_HEADER, IDEMPOTENCY_HEADER, SIGNATURE_HEADER, Secrets, accept, sign};
use hyper::HeaderMap;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use tempfile::TempDir;

/// A message of a few lines, as the platform sends one.
const BODY: &str = r#"{
  "id": "m-9",
  "text": "The parcel came without the small screws; could you send them on? I would like to finish this on the weekend.",
  "createdAt": 1700000000500,
  "author": {"id": "user", "name": "Eve"},
  "chat": {"id": "c-1"}
}"#;

/// What `guuru schema sync` writes for an endpoint that wants its arguments laid flat.
const DOCUMENT: &str = "mutation ChatSend($chat: ID!, $persona: ID, $text: String!) {
  sendChatMessage(id: $chat, personaId: $persona, text: $text) {
    id
    text
  }
}
";

fn secrets() -> Secrets {
    Secrets::parse("a secret of the benches")
}

fn headers() -> HeaderMap {
    let signature = sign(secrets().first().unwrap(), BODY.as_bytes());
    HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_LENGTH, HeaderValue::from(BODY.len())),
        (EVENT_HEADER, HeaderValue::from_static("message-created")),
        (IDEMPOTENCY_HEADER, HeaderValue::from_static("0b9c7e1a-0000-4000-8000-000000000001")),
        (SIGNATURE_HEADER, signature.parse().unwrap()),
    ])
}

/// A folder on the disk of the build, which need not be that of temporary files.
fn folder() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn request(criterion: &mut Criterion) {
    let (secrets, headers) = (secrets(), headers());
    let signature = headers[SIGNATURE_HEADER].as_bytes();
    let mut group = criterion.benchmark_group("request");
    group.throughput(Throughput::Bytes(BODY.len() as u64));
    group.bench_function("signature", |bencher| bencher.iter(|| secrets.verify(black_box(BODY.as_bytes()), signature)));
    group.bench_function("to a delivery", |bencher| {
        bencher.iter_batched(|| BODY.into(), |body| accept(&headers, body, &secrets).unwrap(), BatchSize::SmallInput);
    });
    group.finish();
}

fn line(criterion: &mut Criterion) {
    let event = Event {
        seq: 42,
        id: Some("0b9c7e1a-0000-4000-8000-000000000001".into()),
        event: "message-created".into(),
        chat_id: Some("c-1".into()),
        received_at: 1_767_323_045_678,
        own: false,
        requested_experts: None,
        body: BODY.into(),
    };
    let mut group = criterion.benchmark_group("line");
    group.throughput(Throughput::Bytes(BODY.len() as u64));
    group.bench_function("minify", |bencher| bencher.iter(|| minify(black_box(BODY.as_bytes()))));
    for (name, format) in [("events", LineFormat::Events), ("cloudevents", LineFormat::CloudEvents)] {
        let mut out = Vec::new();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                out.clear();
                format.write(black_box(&event), &mut out).unwrap();
            });
        });
    }
    group.finish();
}

fn commit(criterion: &mut Criterion) {
    let (home, secrets, headers) = (folder(), secrets(), headers());
    let writer = Writer::start(&home.path().join("default.db"), |_| ()).unwrap();
    let delivery = accept(&headers, BODY.into(), &secrets).unwrap();
    let mut key = 0;
    let mut group = criterion.benchmark_group("commit");
    for size in [1, 64, 512] {
        group.throughput(Throughput::Elements(size));
        group.bench_function(format!("of {size}"), |bencher| {
            bencher.iter(|| {
                for _ in 0..size {
                    key += 1;
                    writer.store(Delivery { id: Some(key.to_string()), ..delivery.clone() }, Box::new(|_| ()));
                }
                writer.flush().unwrap();
            });
        });
    }
    group.finish();
}

fn documents(criterion: &mut Criterion) {
    let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
    let call = chat::send("c-1", &message, Some("p-1"));
    let home = folder();
    std::fs::write(home.path().join("ChatSend.graphql"), DOCUMENT).unwrap();
    let folder = || Some(PathBuf::from(home.path()));
    let (built_in, synced) = (Documents::of(None), Documents::of(folder()));
    let mut group = criterion.benchmark_group("document");
    group.bench_function("built in", |bencher| bencher.iter(|| built_in.prepare(black_box(&call)).unwrap()));
    group.bench_function("of a schema", |bencher| bencher.iter(|| synced.prepare(black_box(&call)).unwrap()));
    group.bench_function("of a schema, for the first time", |bencher| {
        bencher.iter(|| Documents::of(folder()).prepare(black_box(&call)).unwrap());
    });
    group.finish();
}

criterion_group!(hot, request, line, commit, documents);
criterion_main!(hot);
