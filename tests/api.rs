//! The Admin API client against a server that behaves as badly as networks do.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::support::server::{Answer, Connection, Server, Step, reply, step};
use flate2::Compression;
use flate2::write::GzEncoder;
use guuru::api::operation::chat::{self, ChatFilter};
use guuru::api::operation::list::List;
use guuru::api::operation::{partner, persona, submission};
use guuru::api::schema::Documents;
use guuru::api::{Call, Client, Settings};
use guuru::error::{Kind, Report, kind};
use guuru::model::{Chat, ChatMessageInput, Message, Partner, Persona, PersonaInput, Submission};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const TOKEN: &str = "s3cret-t0ken";
const MIB: usize = 1024 * 1024;

fn settings(url: &str) -> Settings {
    let backoff = Duration::from_millis(1);
    Settings { retries: 2, backoff, ..Settings::new(url.parse().unwrap(), TOKEN.into()) }
}

fn client(server: &Server) -> Client {
    Client::new(settings(&server.url()), |_| ()).unwrap()
}

fn send() -> Call {
    let message = ChatMessageInput { text: Some("Hello!".into()), attachment: None };
    chat::send("c-1", &message, Some("p-1"))
}

fn create() -> Call {
    let input = PersonaInput { provider_id: "agent-42".into(), name: "Ada".into(), email: None, photo: None };
    persona::create(&input)
}

fn sent() -> Answer {
    Answer::json(200, &json!({"data": {"sendChatMessage": {"id": "m-10", "text": "Hello!"}}}))
}

fn created() -> Answer {
    Answer::json(200, &json!({"data": {"createPersona": {"id": "p-1"}}}))
}

fn refusal() -> Value {
    json!({"errors": [{"message": "chat is not open", "extensions": {"code": "CHAT_NOT_OPEN"}}]})
}

/// The failure of this call against a server with these steps, which must all be used and no more.
fn failure(call: &Call, steps: impl IntoIterator<Item = Step>) -> Report {
    let server = Server::script(steps);
    let error = client(&server).call::<Value>(call).unwrap_err();
    assert!(!format!("{error:?}").contains(TOKEN));
    Report::from(&error)
}

/// An address where nobody listens. On Linux it is one that the servers of other tests, which take any free port, never get.
fn unused_address() -> SocketAddr {
    let host = if cfg!(target_os = "linux") { "127.0.0.2:0" } else { "127.0.0.1:0" };
    TcpListener::bind(host).unwrap().local_addr().unwrap()
}

#[test]
fn a_call_is_posted_as_json_with_the_token() {
    let server = Server::script([reply(sent())]);
    let message: Message = client(&server).call(&send()).unwrap();
    assert_eq!(message.text.as_deref(), Some("Hello!"));
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/graphql"));
    assert_eq!(request.json(), serde_json::to_value(Documents::of(None).prepare(&send()).unwrap()).unwrap());
    assert_eq!(request.header("authorization"), Some("Bearer s3cret-t0ken"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert!(request.header("accept").unwrap().starts_with("application/json,"));
    assert_eq!(request.header("user-agent"), Some(concat!("guuru/", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn connections_are_reused() {
    let server = Server::script([step(|connection| {
        for answer in [sent().kept(), sent()] {
            connection.read();
            connection.answer(&answer);
        }
    })]);
    let client = client(&server);
    client.call::<Message>(&send()).unwrap();
    client.clone().call::<Message>(&send()).unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_platform_that_is_down_at_first_is_tried_again() {
    let address = unused_address();
    let server = Arc::new(Mutex::new(None));
    let started = server.clone();
    let (sender, notices) = mpsc::channel();
    let client = Client::new(settings(&format!("http://{address}/graphql")), move |notice| {
        sender.send(notice.to_owned()).unwrap();
        started.lock().unwrap().get_or_insert_with(|| Server::script_at(address, [reply(sent())]));
    });
    client.unwrap().call::<Message>(&send()).unwrap();
    assert_eq!(server.lock().unwrap().as_ref().unwrap().requests().len(), 1);
    let expected = format!("no connection to http://{address}/graphql: connection refused, trying again in 0 s");
    assert_eq!(notices.try_iter().collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_platform_that_stays_down_is_unavailable() {
    let address = unused_address();
    let client = Client::new(settings(&format!("http://{address}/graphql")), |_| ()).unwrap();
    assert_eq!(kind(&client.call::<Message>(&send()).unwrap_err()), Kind::Unavailable);
}

#[test]
fn a_connection_that_fails_or_hangs_before_the_request_is_tried_again() {
    let steps: [fn() -> Step; 2] = [|| step(|_| ()), || step(Connection::wait_for_hang_up)];
    for make in steps {
        // Within the TLS handshake.
        let server = Server::script([make(), make()]);
        let settings = settings(&server.url().replace("http:", "https:"));
        let settings = Settings { retries: 1, timeout: Duration::from_millis(400), ..settings };
        let error = Client::new(settings, |_| ()).unwrap().call::<Message>(&send()).unwrap_err();
        assert_eq!(kind(&error), Kind::Unavailable, "{error}");
    }
}

#[test]
fn a_message_that_may_have_been_sent_is_never_sent_again() {
    let steps: [fn() -> Step; 10] = [
        || step(|_| ()),
        || step(|connection| drop(connection.read())),
        || reply(Answer::new(500, "")),
        || reply(Answer::new(503, "").header("Retry-After", "0")),
        || reply(Answer::new(408, "")),
        || reply(Answer::json(200, &json!({"errors": [{"message": "Unexpected error."}]}))),
        || reply(Answer::json(500, &refusal())),
        || reply(sent().length(1000)),
        || reply(Answer::new(200, "<html>")),
        || reply(Answer::json(200, &json!({"data": {"sendChatMessage": {"text": "without id"}}}))),
    ];
    for make in steps {
        let server = Server::script([make()]);
        let error = client(&server).call::<Message>(&send()).unwrap_err();
        let report = Report::from(&error);
        assert_eq!(report.kind, Kind::Unknown, "{}", report.message);
        let hint = "it may have taken effect: look at the chat before trying again";
        assert!(report.hint.unwrap().starts_with(hint));
        assert!(server.requests().len() <= 1);
    }
}

#[test]
fn a_message_on_a_kept_connection_that_closes_is_not_sent_again() {
    let server = Server::script([step(|connection| {
        connection.read();
        connection.answer(&sent().kept());
        connection.read();
    })]);
    let client = client(&server);
    client.call::<Message>(&send()).unwrap();
    assert_eq!(kind(&client.call::<Message>(&send()).unwrap_err()), Kind::Unknown);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_persona_is_created_again_after_an_answer_that_was_lost() {
    let steps: [fn() -> Step; 5] = [
        || step(|_| ()),
        || step(|connection| drop(connection.read())),
        || reply(Answer::new(500, "")),
        || reply(created().length(1000)),
        || reply(Answer::new(200, "{\"data\":")),
    ];
    for make in steps {
        let server = Server::script([make(), reply(created())]);
        assert_eq!(client(&server).call::<Persona>(&create()).unwrap().id, "p-1");
    }
}

#[test]
fn a_persona_that_cannot_be_created_is_unavailable_with_the_code_kept() {
    let report = failure(&create(), [(); 3].map(|()| reply(Answer::json(500, &refusal()))));
    assert_eq!((report.kind, report.code.as_deref()), (Kind::Unavailable, Some("CHAT_NOT_OPEN")));
    assert_eq!(report.message, "the platform answered HTTP 500: chat is not open (CHAT_NOT_OPEN)");
}

#[test]
fn a_busy_platform_is_asked_again_when_it_says() {
    let busy = Answer::new(429, "").header("Retry-After", "0");
    let past = Answer::new(429, "").header("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT");
    let server = Server::script([reply(busy), reply(past), reply(sent())]);
    // Were the header ignored, the test would not end.
    let settings = Settings { backoff: Duration::from_secs(1_000_000), ..settings(&server.url()) };
    let (sender, notices) = mpsc::channel();
    let client = Client::new(settings, move |notice| sender.send(notice.to_owned()).unwrap()).unwrap();
    client.call::<Message>(&send()).unwrap();
    let expected = ["the platform is busy: HTTP 429, trying again in 0 s"; 2];
    assert_eq!(notices.try_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_platform_that_stays_busy_is_unavailable() {
    let report = failure(&send(), [(); 3].map(|()| reply(Answer::json(429, &refusal()))));
    assert_eq!((report.exit_code, report.code.as_deref()), (5, Some("CHAT_NOT_OPEN")));
}

#[test]
fn a_refused_token_is_told_apart_and_never_shown() {
    let echo = json!({"errors": [{"message": TOKEN, "extensions": {"code": "UNAUTHENTICATED"}}]});
    for answer in [Answer::new(401, ""), Answer::new(403, "{}"), Answer::json(200, &echo)] {
        let report = failure(&send(), [reply(answer)]);
        assert_eq!(report.exit_code, 6);
        assert!(report.hint.unwrap().contains("guuru auth login"));
    }
}

#[test]
fn a_refusal_is_a_refusal_under_any_status() {
    for status in [200, 400, 403, 422] {
        let report = failure(&send(), [reply(Answer::json(status, &refusal()))]);
        assert_eq!((report.kind, report.code.as_deref()), (Kind::Refused, Some("CHAT_NOT_OPEN")));
        assert_eq!(report.message, "the platform refused: chat is not open (CHAT_NOT_OPEN)");
    }
}

#[test]
fn errors_beside_a_result_leave_a_message_unknown_and_refuse_a_persona() {
    let errors = &refusal()["errors"];
    let body = json!({"data": {"sendChatMessage": {"id": "m"}, "createPersona": {"id": "p"}}, "errors": errors});
    assert_eq!(failure(&send(), [reply(Answer::json(200, &body))]).exit_code, 9);
    assert_eq!(failure(&create(), [reply(Answer::json(200, &body))]).exit_code, 4);
}

#[test]
fn something_that_is_not_the_admin_api_is_named() {
    let report = failure(&send(), [reply(Answer::new(404, "<html>"))]);
    assert_eq!((report.kind, report.message.as_str()), (Kind::Refused, "the platform refused: HTTP 404"));
    assert!(report.hint.unwrap().contains("GUURU_ENDPOINT"));
    let report = failure(&create(), [reply(Answer::new(200, "<html>"))]);
    assert_eq!((report.kind, report.message.as_str()), (Kind::Unavailable, "the platform's answer is not JSON"));
    assert!(report.hint.unwrap().contains("GUURU_ENDPOINT"));
}

#[test]
fn what_stands_on_the_way_is_named_for_what_it_is() {
    for (status, kind, message, hint) in [
        (403, Kind::Refused, "something on the way to the platform refused: HTTP 403", "a firewall or a proxy"),
        (407, Kind::Unavailable, "the proxy wants a name and a password: HTTP 407", "HTTPS_PROXY"),
        (413, Kind::Refused, "the platform refused: HTTP 413", "send less at once"),
    ] {
        let report = failure(&send(), [reply(Answer::new(status, "<html>"))]);
        assert_eq!((report.kind, report.message.as_str()), (kind, message));
        assert!(report.hint.unwrap().contains(hint));
    }
}

#[test]
fn a_redirect_is_named_and_not_followed() {
    let elsewhere = Server::script([]);
    for status in [301, 302, 303, 307, 308] {
        let report = failure(&create(), [reply(Answer::new(status, "").header("Location", &elsewhere.url()))]);
        assert_eq!(report.kind, Kind::Config);
        assert!(report.message.contains(&format!("redirects to {}", elsewhere.url())), "{}", report.message);
    }
}

#[test]
fn an_answer_that_begins_with_a_byte_order_mark_is_read() {
    let marked =
        [b"\xef\xbb\xbf", &serde_json::to_vec(&json!({"data": {"sendChatMessage": {"id": "m"}}})).unwrap()[..]];
    let server = Server::script([reply(Answer::new(200, marked.concat()))]);
    client(&server).call::<Value>(&send()).unwrap();
}

#[test]
fn an_answer_too_large_is_not_read_to_its_end() {
    let large = failure(&create(), [reply(Answer::new(200, vec![b' '; 16 * MIB + 1]))]);
    assert_eq!((large.kind, large.message.as_str()), (Kind::Unavailable, "the platform's answer is too large"));
}

#[test]
fn an_answer_too_large_after_decompression_is_not_read_to_its_end() {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    let blanks = vec![b' '; MIB];
    for _ in 0..64 {
        encoder.write_all(&blanks).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < MIB);
    let report = failure(&send(), [reply(Answer::new(200, bomb).header("Content-Encoding", "gzip"))]);
    assert_eq!(report.message, "the outcome is unknown: the platform's answer is too large");
}

#[test]
fn a_compressed_answer_is_read() {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(br#"{"data":{"createPersona":{"id":"p-1"}}}"#).unwrap();
    let answer = Answer::new(200, encoder.finish().unwrap()).header("Content-Encoding", "gzip");
    let server = Server::script([reply(answer)]);
    assert_eq!(client(&server).call::<Persona>(&create()).unwrap().id, "p-1");
}

#[test]
fn an_answer_that_takes_too_long_is_given_up_even_where_bytes_keep_coming() {
    let silent: fn() -> Step = || {
        step(|connection| {
            connection.read();
            connection.wait_for_hang_up();
        })
    };
    let dripping: fn() -> Step = || {
        step(|connection| {
            connection.read();
            connection.write(b"HTTP/1.1 200 OK\r\nContent-Length: 16000000\r\n\r\n");
            while connection.write(b" ") {}
        })
    };
    for (make, cause) in [(silent, "no answer within 0.6 s"), (dripping, "no whole answer within 0.6 s")] {
        let server = Server::script([make()]);
        let settings = Settings { timeout: Duration::from_millis(600), ..settings(&server.url()) };
        let error = Client::new(settings, |_| ()).unwrap().call::<Message>(&send()).unwrap_err();
        assert_eq!((kind(&error), error.to_string()), (Kind::Unknown, format!("the outcome is unknown: {cause}")));
    }
}

#[test]
fn what_the_platform_says_cannot_command_the_terminal() {
    let body = json!({"errors": [{"message": "\u{1b}[2Jgone", "extensions": {"code": "\u{7}NO"}}]});
    let report = failure(&send(), [reply(Answer::json(200, &body))]);
    assert_eq!(report.message, "the platform refused: [2Jgone (NO)");
}

#[test]
fn a_client_that_would_leak_the_token_is_not_built() {
    for (endpoint, token) in
        [("http://api.example.com/", TOKEN), ("https://a:b@example.com/", TOKEN), ("http://[::1]/", "a\nb")]
    {
        let settings = Settings { token: token.into(), ..settings(endpoint) };
        let error = Client::new(settings, |_| ()).unwrap_err();
        assert_eq!(kind(&error), Kind::Config);
        assert!(!format!("{error:?}").contains(token));
    }
    let client = Client::new(settings("http://127.0.0.1/"), |_| ()).unwrap();
    assert!(!format!("{client:?}").contains(TOKEN));
}

/// What the model keeps of a recorded answer: everything but what has no value.
fn read_wire<T: DeserializeOwned + Serialize>(call: &Call) {
    let (answered, expected) = wire(call.operation().field, |client| client.call::<T>(call).unwrap());
    assert_eq!(serde_json::to_value(answered).unwrap(), expected["data"][call.operation().field]);
}

/// Checks that a page of a list is read as the wire has it.
fn read_page<T: DeserializeOwned + Serialize>(name: &str, list: &List<T>) {
    let (page, expected) = wire(&format!("partner.{name}"), |client| client.page(list, 50, None).unwrap());
    let expected = &expected["data"]["partner"][name];
    assert_eq!(page.page_info.has_next_page, expected["pageInfo"]["hasNextPage"]);
    assert_eq!(page.page_info.end_cursor.unwrap(), expected["pageInfo"]["endCursor"]);
    assert_eq!(page.edges.len(), 1);
    for edge in page.edges {
        assert_eq!(json!({"cursor": edge.cursor, "node": edge.node}), expected["edges"][0]);
    }
}

/// What is made of a recorded answer, and the answer without what has no value.
fn wire<T>(name: &str, ask: impl FnOnce(&Client) -> T) -> (T, Value) {
    let path = format!("{}/tests/wire/{name}.response.json", env!("CARGO_MANIFEST_DIR"));
    let recorded = std::fs::read(path).unwrap();
    let mut expected: Value = serde_json::from_slice(&recorded).unwrap();
    remove_nulls(&mut expected);
    let server = Server::script([reply(Answer::new(200, recorded))]);
    (ask(&client(&server)), expected)
}

fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => (),
    }
}

#[test]
fn every_recorded_answer_is_understood_and_nothing_of_it_is_lost() {
    read_wire::<Persona>(&create());
    read_wire::<Chat>(&chat::accept("c-1", "p-1"));
    read_wire::<Message>(&send());
    read_wire::<Chat>(&chat::close("c-1", None));
    read_wire::<Chat>(&chat::open("c-1", None));
    read_wire::<Submission>(&submission::approve("s-3"));
    read_wire::<Submission>(&submission::reject("s-6"));
    read_wire::<Partner>(&partner::show());
    read_page("chats", &chat::list(ChatFilter::default()));
    read_page("experts", &partner::experts());
    read_page("submissions", &submission::list());
}

#[test]
fn whoever_asks_to_is_told_before_each_further_attempt_and_can_end_it() {
    let asked = Mutex::new(0);
    let again = |_| {
        *asked.lock().unwrap() += 1;
        if *asked.lock().unwrap() == 2 { Err(guuru::error::Error::config("enough").into()) } else { Ok(()) }
    };
    let server = Server::script([reply(Answer::new(429, "")), reply(Answer::new(429, ""))]);
    let error = client(&server).call_again::<Value>(&send(), again).unwrap_err();
    assert_eq!((kind(&error), *asked.lock().unwrap()), (Kind::Config, 2));
}
