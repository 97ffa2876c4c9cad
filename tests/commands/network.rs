//! The way to the platform: proxies, and what they never get to see.

use std::fs;

use super::platform::{home, obliging};
use crate::support::program::{Home, TOKEN, skip};
use crate::support::server::{Answer, Server, reply};

const CLOSE: [&str; 5] = ["chat", "close", "c-1", "--retries", "0"];
/// A name that nobody may register (RFC 6761), so that nothing is ever asked of a stranger.
const ENDPOINT: &str = "https://api.guuru.invalid/graphql";

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_never_sees_the_token() {
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let proxy = Server::script([reply(Answer::new(502, ""))]);
        let url = proxy.url().replace("/graphql", "");
        let home = Home::new().with("GUURU_ENDPOINT", ENDPOINT).with(variable, &url);
        home.run(CLOSE).failed(5, "no connection to https://api.guuru.invalid/graphql");
        let [request] = &proxy.requests()[..] else { panic!("one request") };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("CONNECT", "api.guuru.invalid:443"));
        assert!(!format!("{request:?}").contains(TOKEN));
    }
}

#[test]
fn no_proxy_is_used_for_what_is_excepted() {
    let proxy = Server::script([]);
    let home = Home::new().with("GUURU_ENDPOINT", ENDPOINT).with("HTTPS_PROXY", &proxy.url());
    home.with("NO_PROXY", "guuru.invalid").run(CLOSE).failed(5, "no connection");
    assert!(proxy.requests().is_empty());
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let (proxy, server) = (Server::script([]), obliging());
    let mut home = home(&server);
    for variable in ["HTTPS_PROXY", "HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        home = home.with(variable, &proxy.url());
    }
    home.run(CLOSE).ok();
    let receiver = Server::script([reply(Answer::new(200, ""))]);
    home.run(["trigger", "chat-closed", "--to", &receiver.url()]).ok();
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_proxy_that_refuses_is_told_as_the_proxy() {
    let closed = Server::script([reply(Answer::new(407, ""))]);
    let refusing = Server::script([reply(Answer::new(403, ""))]);
    let url = |server: &Server| server.url().replace("/graphql", "").replace("http://", "http://ada:hunter2@");
    for (proxy, words, hint) in [
        (url(&closed), "refuses to connect to it: proxy authorization required", "http://USER:PASSWORD@HOST:PORT"),
        (url(&refusing), "refuses to connect to it: ", "NO_PROXY"),
        ("http://ada:hunter2@127.0.0.3:9".to_owned(), "127.0.0.3:9 cannot be reached: connection refused", "NO_PROXY"),
    ] {
        let home = Home::new().with("GUURU_ENDPOINT", ENDPOINT).with("HTTPS_PROXY", &proxy);
        let run =
            home.run(CLOSE).failed(5, "no connection to https://api.guuru.invalid/graphql: the proxy http://127.0.0.");
        assert!(run.stderr.contains(words) && run.stderr.contains(hint), "{run:?}");
        assert!(!run.stderr.contains("hunter2"), "{run:?}");
    }
}

#[test]
fn a_proxy_that_cannot_be_one_is_an_error_and_not_bypassed() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for proxy in ["garbage://ada:hunter2@x", "socks5://ada:hunter2@127.0.0.1:1080", "http://", "http://x:99999"] {
            let home = Home::new().with("GUURU_ENDPOINT", ENDPOINT).with(variable, proxy);
            let run = home.run(CLOSE).failed(3, &format!("error: {variable} "));
            assert!(!run.stderr.contains("hunter2") && run.stderr.contains("want http://HOST:PORT"), "{run:?}");
        }
    }
    let excepted = Home::new().with("GUURU_ENDPOINT", ENDPOINT).with("HTTPS_PROXY", "garbage://x");
    excepted.with("NO_PROXY", "guuru.invalid").run(CLOSE).failed(5, "no connection");
    let server = obliging();
    home(&server).with("HTTPS_PROXY", "garbage://x").with("HTTP_PROXY", "garbage://x").run(CLOSE).ok();
    Home::new().with("GUURU_ENDPOINT", ENDPOINT).with("HTTPS_PROXY", "").run(CLOSE).failed(5, "no connection");
}

/// The names of a machine on which some that mean this machine lead elsewhere (192.0.2.0/24 is nobody's, RFC 5737).
const HOSTS: &str = "127.0.0.1 localhost here.localhost\n192.0.2.7 evil.localhost\n";

#[test]
fn a_name_that_means_this_machine_and_leads_elsewhere_gets_no_token() {
    let server = obliging();
    let home = Home::new();
    let hosts = home.path().join("hosts");
    fs::write(&hosts, HOSTS).unwrap();
    let close = |host: &str| {
        let script = "mount --bind \"$1\" /etc/hosts || exit 99; shift; exec \"$@\"";
        let mut command = home.command_of("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", script, "sh"]).arg(&hosts);
        command.arg(env!("CARGO_BIN_EXE_guuru")).args(CLOSE);
        command.env("GUURU_ENDPOINT", server.url().replace("127.0.0.1", host));
        command.output()
    };
    let Some(here) = close("here.localhost").ok().filter(|it| !matches!(it.status.code(), Some(1 | 99) | None)) else {
        return skip("no private names can be given to a process here");
    };
    assert_eq!(here.status.code(), Some(0), "{here:?}");
    let evil = close("evil.localhost").unwrap();
    let stderr = String::from_utf8_lossy(&evil.stderr);
    assert_eq!(evil.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("would get the access token in clear text: `evil.localhost` is 192.0.2.7"), "{stderr}");
}
