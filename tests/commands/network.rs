//! The way to the platform: proxies, and what they never get to see.

use super::platform::{home, obliging};
use crate::support::program::{Home, TOKEN};
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
