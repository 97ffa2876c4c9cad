//! The way to the endpoint: names, connections, certificates, proxies, redirects, and the clock at its end.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use super::examined::{examine, home, well_but_for};
use crate::support::program::{Home, eventually, read_lines, skip};
use crate::support::server::{Answer, Server, reply, step};

/// A name that nobody may register (RFC 6761), so that nothing is ever asked of a stranger.
const ENDPOINT: &str = "https://api.guuru.invalid/graphql";

/// What is said of this endpoint.
#[track_caller]
fn fails(home: &Home, words: &[&str]) {
    let examined = examine(home, &["--timeout", "5s"]);
    assert_eq!(examined.code, Some(1));
    for words in words {
        examined.says("endpoint", "failed", words);
    }
    examined.says("clock", "skipped", "see endpoint");
    examined.says("token", "skipped", "there is one (environment); not tried: see endpoint");
}

#[test]
fn an_unknown_name_and_a_closed_port_are_reported_differently() {
    fails(&Home::new().with("GUURU_ENDPOINT", ENDPOINT), &["DNS: the name in api.guuru.invalid:443", "getent hosts"]);
    let nobody = "http://127.0.0.3:9/graphql";
    fails(&Home::new().with("GUURU_ENDPOINT", nobody), &["TCP: no connection to 127.0.0.3:9: connection refused"]);
}

#[test]
fn an_endpoint_that_would_get_the_token_in_clear_text_is_not_even_tried() {
    fails(&Home::new().with("GUURU_ENDPOINT", "http://192.0.2.1/graphql"), &["in clear text", "use https"]);
}

#[test]
fn a_server_without_tls_or_that_hangs_up_is_reported() {
    let plain = Server::script([step(|connection| {
        connection.write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        connection.wait_for_hang_up();
    })]);
    let https = plain.url().replace("http://", "https://");
    fails(&Home::new().with("GUURU_ENDPOINT", &https), &["TLS: no secure connection to 127.0.0.1", "one for https?"]);
    let mute = Server::script([step(|connection| drop(connection.read()))]);
    fails(&home(&mute), &["was lost before the answer", "is it an HTTP server?"]);
}

/// An HTTPS server whose certificate nobody vouches for.
struct Stranger(Child);

impl Drop for Stranger {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn an_untrusted_certificate_is_reported_with_the_remedy() {
    if Command::new("openssl").arg("version").output().is_err() {
        return skip("openssl is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let openssl = |args: &str| {
        let mut command = Command::new("openssl");
        command.args(args.split(' ')).current_dir(folder.path()).stdin(Stdio::piped());
        command
    };
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
               -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem";
    assert!(openssl(new).output().unwrap().status.success());
    let mut server = openssl("s_server -accept 127.0.0.1:0 -key key.pem -cert cert.pem -www");
    let mut server = Stranger(server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let lines = read_lines(server.0.stdout.take().unwrap());
    let mut address = String::new();
    eventually("it listens", || {
        address = lines.try_iter().find_map(|line| Some(line.strip_prefix("ACCEPT ")?.to_owned())).unwrap_or_default();
        !address.is_empty()
    });
    let port = address.rsplit(':').next().unwrap();
    let home = Home::new().with("GUURU_ENDPOINT", &format!("https://localhost:{port}/graphql"));
    fails(&home, &[&format!("TLS: no secure connection to localhost:{port}: "), "SSL_CERT_FILE"]);
}

#[test]
fn a_failure_on_the_way_through_a_proxy_names_the_proxy() {
    let through = |proxy: &str| Home::new().with("GUURU_ENDPOINT", ENDPOINT).with("HTTPS_PROXY", proxy);
    let answering = |status| Server::script([reply(Answer::new(status, ""))]);
    let url = |server: &Server| server.url().replace("/graphql", "");
    let closed = answering(407);
    fails(
        &through(&url(&closed)),
        &["proxy: the proxy http://127.0.0.1", "proxy authorization required", "USER:PASSWORD"],
    );
    let broken = answering(502);
    fails(&through(&url(&broken)), &["does not connect to api.guuru.invalid:443", "unsuccessful"]);
    fails(&through("http://127.0.0.3:9"), &["TCP: no connection to the proxy http://127.0.0.3:9", "NO_PROXY"]);
    let secret = through("http://ada:hunter2@127.0.0.3:9");
    assert!(!home_output(&secret).contains("hunter2"), "a password was shown");
}

fn home_output(home: &Home) -> String {
    let run = home.run(["doctor"]);
    format!("{run:?}")
}

#[test]
fn an_answer_that_is_not_from_the_api_is_reported() {
    let answering = |status, location: &str| {
        let location = location.to_owned();
        well_but_for("Reach", move |_| Answer::new(status, "").header("Location", &location))
    };
    let moved = answering(301, "https://else.example/graphql");
    fails(&home(&moved), &["HTTP 301, a redirect to https://else.example/graphql", "set GUURU_ENDPOINT"]);
    for (status, words) in [(404, "is it the Admin API?"), (503, "try again later"), (429, "try again later")] {
        let examined = examine(&home(&answering(status, "")), &[]);
        assert_eq!(examined.code, Some(0));
        examined.says("endpoint", "warning", &format!("with HTTP {status}"));
        examined.says("endpoint", "warning", words);
    }
    examine(&home(&answering(401, "")), &[]).says("endpoint", "ok", "answers in ");
}

#[test]
fn a_wrong_clock_is_reported_with_its_direction() {
    let at = |time: SystemTime| {
        let date = httpdate::fmt_http_date(time);
        well_but_for("Reach", move |_| Answer::new(200, "").header("Date", &date))
    };
    let hour = Duration::from_secs(3600);
    for (time, status, words) in [
        (SystemTime::now(), "ok", "within 5 s of the endpoint's"),
        (SystemTime::now() + hour, "warning", "behind the endpoint's"),
        (SystemTime::now() - hour, "warning", "ahead of the endpoint's"),
    ] {
        let examined = examine(&home(&at(time)), &[]);
        assert_eq!(examined.code, Some(0));
        examined.says("clock", status, words);
    }
    examine(&home(&well_but_for("", |_| Answer::new(500, ""))), &[]).says("clock", "skipped", "does not say what time");
}
