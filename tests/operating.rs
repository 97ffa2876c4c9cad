//! What docs/operating.md tells an operator to do, done. Its Caddyfile and the Dockerfile are read by nobody here: Caddy and a
//! container engine are too much to install for that.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::program::{Home, Listener, SECRET, eventually, skip};
use crate::support::sender::{Sender, signature};
use serde_json::Value;

const PAGE: &str = include_str!("../docs/operating.md");

/// The block of the page that is tested under this name.
fn block(name: &str) -> String {
    let (_, rest) = PAGE.split_once(&format!("<!-- tested: {name} -->\n")).expect(name);
    rest.lines().skip(1).take_while(|line| *line != "```").collect::<Vec<_>>().join("\n")
}

fn is_missing(program: &str) -> bool {
    let missing = Command::new(program).arg("--version").output().is_err();
    if missing {
        skip(&format!("{program} is not installed"));
    }
    missing
}

#[test]
fn systemd_finds_nothing_wrong_with_the_unit() {
    if is_missing("systemd-analyze") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("guuru.service");
    let text = block("systemd").replace("/usr/local/bin/guuru", env!("CARGO_BIN_EXE_guuru"));
    fs::write(&unit, text).unwrap();
    let output = Command::new("systemd-analyze").args(["verify", "--recursive-errors=no"]).arg(&unit).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("guuru.service"), "{said}");
    let args = Command::new(env!("CARGO_BIN_EXE_guuru"))
        .args(["listen", "--path", "/webhooks", "--trusted-proxy", "127.0.0.1", "--exec", "true", "--help"])
        .output();
    assert!(args.unwrap().status.success());
}

/// A running nginx with the server of the page.
struct Nginx(Child);

impl Nginx {
    /// Starts it in this folder, in front of `upstream`.
    fn start(folder: &Path, port: u16, upstream: &str) -> Self {
        let certificate = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-config", "/dev/null", "-subj", "/CN=chat.example.com", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(folder)
            .output();
        assert!(certificate.unwrap().status.success());
        let path = |name: &str| folder.join(name).display().to_string();
        let server = block("nginx")
            .replace("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl"))
            .replace("/etc/ssl/certs/chat.example.com.pem", &path("cert.pem"))
            .replace("/etc/ssl/private/chat.example.com.key", &path("key.pem"))
            .replace("127.0.0.1:8787", upstream);
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {};\n", path(name)))
            .concat();
        let user = if rustix::process::getuid().is_root() { "user root;\n" } else { "" };
        let config = format!(
            "{user}daemon off;\nmaster_process off;\npid {};\nerror_log stderr;\nevents {{}}\n\
             http {{\naccess_log off;\n{folders}{server}\n}}\n",
            path("pid")
        );
        fs::write(folder.join("nginx.conf"), config).unwrap();
        let nginx = |extra: &[&str]| {
            let mut command = Command::new("nginx");
            command.args(["-e", "stderr", "-p", &path(""), "-c", &path("nginx.conf")]).args(extra);
            command.stderr(Stdio::piped());
            command
        };
        let tested = nginx(&["-t"]).output().unwrap();
        let said = String::from_utf8_lossy(&tested.stderr);
        assert!(tested.status.success() && !said.contains("[warn]"), "{said}");
        Self(nginx(&[]).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_signature_is_right_behind_nginx_and_nothing_else_is_passed_on() {
    if Command::new("nginx").arg("-v").output().is_err() {
        return skip("nginx is not installed");
    }
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let listener = home.listen(&["--path", "/webhooks", "--trusted-proxy", "127.0.0.1"]);
    let upstream = listener.url.trim_start_matches("http://").trim_end_matches("/webhooks");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _nginx = Nginx::start(folder.path(), free, upstream);
    eventually("nginx listens", || std::net::TcpStream::connect(("127.0.0.1", free)).is_ok());
    let client = guuru::http::builder().no_proxy().tls_danger_accept_invalid_certs(true).build().unwrap();
    let base = format!("https://127.0.0.1:{free}");
    let post = |body: &str, signature: String| {
        let request = client.post(format!("{base}/webhooks")).header("x-guuru-hmac-sha256", signature);
        let request = request.header("content-type", "application/json").header("idempotency-key", "k");
        request.header("x-guuru-event", "chat-closed").body(body.to_owned()).send().unwrap().status().as_u16()
    };
    let large = format!("{{ \"id\":\"c-1\",\r\n\t\"text\" : \"\\u00e4 {}\" }}\n", "ä".repeat(300_000));
    assert_eq!(post(&large, signature(SECRET, large.as_bytes())), 200);
    assert_eq!(listener.line()["payload"]["text"].as_str().unwrap().chars().count(), 300_002);
    assert_eq!(post(&large, signature("another", large.as_bytes())), 400);
    let too_large = format!("\"{}\"", "x".repeat(1024 * 1024));
    assert_eq!(post(&too_large, signature(SECRET, too_large.as_bytes())), 413);
    for path in ["/", "/metrics", "/healthz", "/webhooks/../metrics", "/webhooks%2f..%2fmetrics", "//metrics"] {
        assert_eq!(client.get(format!("{base}{path}")).send().unwrap().status(), 404, "{path}");
    }
}

#[test]
fn the_ping_of_the_doctor_comes_back_through_nginx_where_the_certificate_is_known() {
    if Command::new("nginx").arg("-v").output().is_err() {
        return skip("nginx is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new().with("GUURU_ENDPOINT", "http://127.0.0.3:9/graphql");
    let listener = home.listen(&["--path", "/webhooks", "--trusted-proxy", "127.0.0.1"]);
    let upstream = listener.url.trim_start_matches("http://").trim_end_matches("/webhooks");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nginx = Nginx::start(folder.path(), free, upstream);
    eventually("nginx listens", || std::net::TcpStream::connect(("127.0.0.1", free)).is_ok());
    let ping = |home: &Home, path: &str| {
        let url = format!("https://localhost:{free}{path}");
        let run = home.run(["doctor", "--public-url", &url, "--jq", ".checks[-1] | .status, .message, .hint"]);
        run.stdout
    };
    assert!(ping(&home, "/webhooks").starts_with("failed\nTLS: no secure connection to localhost"));
    let certificate = folder.path().join("cert.pem");
    let home = home.with("SSL_CERT_FILE", certificate.to_str().unwrap());
    let arrived = ping(&home, "/webhooks");
    assert!(arrived.starts_with("warning\n") && arrived.contains("came back from the receiver"), "{arrived}");
    assert!(ping(&home, "/").contains("HTTP 404"), "the proxy's own");
    drop(listener);
    assert!(ping(&home, "/webhooks").contains("is `guuru listen` running"));
    drop(nginx);
}

#[test]
fn a_backup_is_taken_from_a_running_listener_and_restored() {
    if is_missing("sqlite3") {
        return;
    }
    let home = Home::new();
    let mut listener = home.listen(&[]);
    let sender = Sender::new(&listener.url);
    let shell = |name: &str| {
        let state = home.path().join("state");
        let output = Command::new("sh").args(["-euc", &block(name)]).env("GUURU_STATE_DIR", state).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(sender.assign("in the backup", "c-1"), Some(200));
    assert_eq!(listener.line()["seq"], 1);
    assert_eq!(shell("backup"), "ok\n");
    assert_eq!(sender.assign("after it", "c-1"), Some(200));
    assert_eq!(listener.line()["seq"], 2);
    listener.signal("KILL");
    listener.wait();
    shell("restore");
    let mut listener = home.listen(&["--from", "earliest"]);
    assert_eq!(listener.line()["id"], "in the backup");
    assert_eq!(Sender::new(&listener.url).assign("another", "c-1"), Some(200));
    let line = listener.line();
    assert_eq!((&line["seq"], &line["id"]), (&2.into(), &"another".into()), "as the page warns");
    assert_eq!(listener.stop().len(), 0);
}

#[test]
fn a_file_of_lines_that_is_renamed_or_truncated_has_what_the_page_says() {
    let home = Home::new();
    let (file, old) = (home.path().join("events.jsonl"), home.path().join("events.jsonl.1"));
    let seqs = |file: &Path| -> Vec<u64> {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["seq"].as_u64().unwrap()).collect()
    };
    let send = |listener: &Listener, key: &str, expected: &[u64]| {
        assert_eq!(Sender::new(&listener.url).assign(key, "c-1"), Some(200));
        eventually("its line", || seqs(&file) == expected);
    };
    let mut listener = home.listen_into(&file, &[]);
    send(&listener, "k-1", &[1]);
    fs::rename(&file, &old).unwrap();
    fs::write(&file, "").unwrap();
    assert_eq!(Sender::new(&listener.url).assign("k-2", "c-1"), Some(200));
    listener.stop();
    assert_eq!(seqs(&old), [1, 2], "until its end it writes to the file that was renamed");
    let listener = home.listen_into(&file, &[]);
    send(&listener, "k-3", &[3]);
    // What copytruncate does.
    fs::File::options().write(true).open(&file).unwrap().set_len(0).unwrap();
    send(&listener, "k-4", &[4]);
    assert!(block("logrotate").contains("restart") && !block("logrotate").contains("copytruncate"));
}

#[test]
fn the_page_explains_every_metric_and_no_other() {
    let home = Home::new();
    let listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("k-1", "c-1"), Some(200));
    let mut text = String::new();
    eventually("the consumer is known", || {
        text = guuru::http::builder()
            .build()
            .unwrap()
            .get(format!("{}metrics", listener.url))
            .send()
            .unwrap()
            .text()
            .unwrap();
        text.contains("consumer=")
    });
    let found: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, _)| name.to_owned())
        .collect();
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `guuru_"));
    let explained = rows.map(|row| format!("guuru_{}", row.split(['{', '`']).next().unwrap())).collect();
    assert_eq!(found, explained);
}

#[test]
fn every_message_that_the_page_explains_is_one_of_the_program() {
    fn read(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                read(&entry, text);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                *text += &fs::read_to_string(entry).unwrap();
            }
        }
    }
    let mut source = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let (_, table) = PAGE.split_once("| message | cause | what to do |").unwrap();
    let messages = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    // What comes behind a colon is the cause, in the words of SQLite, of HTTP or of a handler.
    let parts = messages.flat_map(|message| message.split('…').map(|part| part.split(':').next().unwrap().trim()));
    let mut checked = 0;
    for part in parts.filter(|part| part.len() > 3) {
        assert!(source.contains(part), "the program never says {part:?}");
        checked += 1;
    }
    assert!(checked > 15, "{checked}");
}

#[test]
fn after_an_orderly_stop_the_file_alone_is_the_whole_store() {
    let home = Home::new();
    let mut listener = home.listen(&[]);
    assert_eq!(Sender::new(&listener.url).assign("first", "c-1"), Some(200));
    listener.stop();
    let copy = Home::new();
    fs::create_dir_all(copy.store().parent().unwrap()).unwrap();
    fs::copy(home.store(), copy.store()).unwrap();
    assert_eq!(copy.run(["events", "list", "--jq", ".[].id"]).ok().stdout, "first\n");
}
