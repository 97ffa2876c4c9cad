//! An HTTP server on loopback that does what a test says, well-behaved or not: each connection is handed to a closure that
//! may read, answer, answer nonsense, or hang up. It records what it was asked, and fails the test where an expected
//! connection never came, or one came that was not expected.

use std::collections::VecDeque;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// Far longer than anything takes: a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the server does with one connection.
pub(crate) type Step = Box<dyn FnOnce(&mut Connection) + Send>;

/// A step that reads a request and gives this answer.
pub(crate) fn reply(answer: Answer) -> Step {
    step(move |connection| {
        connection.read();
        connection.answer(&answer);
    })
}

/// A step of one's own.
pub(crate) fn step(step: impl FnOnce(&mut Connection) + Send + 'static) -> Step {
    Box::new(step)
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of this header, whose name is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// One HTTP answer, after which the connection is closed unless it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// `Content-Length`, where it is not the truth.
    length: Option<usize>,
    kept: bool,
}

impl Answer {
    /// An answer with this status and body.
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![], body: body.into(), length: None, kept: false }
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, body.to_string()).header("Content-Type", "application/json")
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Claims this length.
    #[must_use]
    pub(crate) fn length(mut self, length: usize) -> Self {
        self.length = Some(length);
        self
    }

    /// Keeps the connection open for another request.
    #[must_use]
    pub(crate) fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let length = self.length.unwrap_or(self.body.len());
        let mut bytes = format!("HTTP/1.1 {} Test\r\nContent-Length: {length}\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend_from_slice(if self.kept { b"\r\n" } else { b"Connection: close\r\n\r\n" });
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// One connection, in the hands of a step.
pub(crate) struct Connection {
    stream: TcpStream,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Connection {
    /// Reads and records one request. Panics where there is none.
    pub(crate) fn read(&mut self) -> Request {
        self.try_read().expect("a request, and the client hung up")
    }

    /// Writes an answer. A client may have hung up before its end.
    pub(crate) fn answer(&mut self, answer: &Answer) {
        self.write(&answer.bytes());
    }

    /// Writes bytes, and says whether the client is still there.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Waits until the client has hung up, whatever it still sends.
    pub(crate) fn wait_for_hang_up(&mut self) {
        loop {
            match self.stream.read(&mut [0; 1024]) {
                Ok(1..) => (),
                Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("the client did not hang up"),
                Ok(0) | Err(_) => return,
            }
        }
    }

    fn try_read(&mut self) -> Option<Request> {
        let request = read_request(&mut self.stream).expect("a whole request")?;
        self.requests.lock().unwrap().push(request.clone());
        Some(request)
    }

    /// Answers one request after the other until the client has had enough, or there is no answer. A client that dies in
    /// the middle of a request is no failure of the test.
    fn serve(&mut self, answer: &Serve) {
        let mut source = BufReader::new(self.stream.try_clone().unwrap());
        while let Ok(Some(request)) = read_request(&mut source) {
            self.requests.lock().unwrap().push(request.clone());
            let Some(answer) = answer(&request) else { break };
            if !self.write(&answer.kept().bytes()) {
                break;
            }
        }
    }
}

/// Reads a request; `None` where the client has hung up before one.
fn read_request(source: &mut impl Read) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match source.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ if head.is_empty() => return Ok(None),
            Ok(_) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8(head).expect("a head in ASCII");
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ').map(ToOwned::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut request = Request { method, path, headers, body: vec![] };
    let length = request.header("content-length").map_or(0, |length| length.parse().expect("a length"));
    request.body.resize(length, 0);
    source.read_exact(&mut request.body)?;
    Ok(Some(request))
}

/// What a server says to each request, if anything.
type Serve = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

enum Plan {
    /// One step for each connection, in this order.
    Script(VecDeque<Step>),
    /// Answers every request with this.
    Always(Arc<dyn Fn(&Request) -> Answer + Send + Sync>),
    /// Answers every request with this, on connections that are kept; `None` hangs up without an answer.
    Keeping(Arc<Serve>),
}

/// The server. Dropping it checks that everything expected has happened.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    plan: Arc<Mutex<Plan>>,
    stopped: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes exactly these connections, one step for each.
    pub(crate) fn script(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::script_at("127.0.0.1:0".parse().unwrap(), steps)
    }

    /// A scripted server at this address.
    pub(crate) fn script_at(address: SocketAddr, steps: impl IntoIterator<Item = Step>) -> Self {
        Self::start(address, Plan::Script(steps.into_iter().collect()))
    }

    /// Answers every request with what the closure says.
    pub(crate) fn always(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0".parse().unwrap(), Plan::Always(Arc::new(answer)))
    }

    /// Answers every request with what the closure says, as slowly as it likes, on connections that are kept and side by
    /// side; where it says `None`, the connection is closed without an answer.
    pub(crate) fn keeping(answer: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0".parse().unwrap(), Plan::Keeping(Arc::new(answer)))
    }

    fn start(address: SocketAddr, plan: Plan) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let mut server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
            plan: Arc::new(Mutex::new(plan)),
            stopped: Arc::default(),
            listener: None,
        };
        let (requests, plan, stopped) = (server.requests.clone(), server.plan.clone(), server.stopped.clone());
        let count = server.connections.clone();
        server.listener = Some(thread::spawn(move || {
            let mut connections = Vec::new();
            while let Ok((stream, _)) = listener.accept() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                count.fetch_add(1, Ordering::SeqCst);
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                let connection = Connection { stream, requests: requests.clone() };
                connections.push(serve(connection, &plan));
            }
            for connection in connections {
                connection.join().expect("a step to end well");
            }
        }));
        server
    }

    /// Where it listens, as the endpoint of a client.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    /// The requests read so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn serve(mut connection: Connection, plan: &Mutex<Plan>) -> JoinHandle<()> {
    let work: Step = match &mut *plan.lock().unwrap() {
        Plan::Script(steps) => steps.pop_front().unwrap_or_else(|| {
            step(|connection| {
                // A connection may be opened and never used; a request on it is one too many.
                let request = connection.try_read();
                assert!(request.is_none(), "nobody expected {request:?}");
            })
        }),
        Plan::Always(answer) => {
            let answer = answer.clone();
            step(move |connection| {
                if let Some(request) = connection.try_read() {
                    connection.answer(&answer(&request));
                }
            })
        }
        Plan::Keeping(answer) => {
            let answer = answer.clone();
            step(move |connection| connection.serve(&*answer))
        }
    };
    thread::spawn(move || work(&mut connection))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener up, which sees the flag.
        let _ = TcpStream::connect(self.address);
        let ended = self.listener.take().map(JoinHandle::join);
        if thread::panicking() {
            return;
        }
        assert!(ended.is_none_or(|ended| ended.is_ok()), "a step failed, see above");
        if let Plan::Script(steps) = &*self.plan.lock().unwrap() {
            assert!(steps.is_empty(), "{} expected connections never came", steps.len());
        }
    }
}
