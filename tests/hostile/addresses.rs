//! One address must not take everything, and a proxy speaks for many.

use std::net::UdpSocket;

use crate::client::{BODY, Raw, address, deliver, head, served_during, webhook_with};
use crate::support::program::{Home, skip};

/// An address of this machine that is not loopback's: the one that it would talk to the world from. Nothing is sent.
fn outer_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then(|| address.to_string())
}

#[test]
fn one_address_has_its_share_of_connections_and_others_are_served() {
    let Some(outer) = outer_address() else { return skip("this machine has no address but loopback's") };
    let home = Home::new();
    let listener = home.listen_at("0.0.0.0:0", &["--max-connections-per-address", "4"]);
    let port = address(&listener).replace("0.0.0.0", "");
    let (inner, outer) = (format!("127.0.0.1{port}"), format!("{outer}{port}"));
    served_during(&inner, || {
        let held: Vec<_> = (0..4).map(|_| Raw::open(&outer)).collect();
        for _ in 0..8 {
            assert_eq!(Raw::open(&outer).rest(), "");
            let line = listener.says("refused");
            assert!(line.ends_with("more than 4 connections of that address at once"), "{line}");
        }
        drop(held);
    });
    // What was closed is given back, as soon as the receiver has seen it.
    crate::support::program::eventually("it is served again", || {
        Raw::send(&outer, webhook_with("again", "connection: close\r\n")).rest().starts_with("HTTP/1.1 200 ")
    });
}

#[test]
fn a_trusted_proxy_speaks_for_its_clients_and_each_has_its_share() {
    let home = Home::new();
    let listener = home.listen(&["--trusted-proxy", "127.0.0.0/8", "--max-connections-per-address", "2"]);
    let address = address(&listener);
    let forwarded = |client: &str| format!("x-forwarded-for: 198.51.100.9, {client}\r\n");
    let waiting = |client: &str| {
        let headers = format!("content-length: 12\r\nexpect: 100-continue\r\n{}", forwarded(client));
        let mut client = Raw::send(&address, head(client, &headers));
        client.head();
        client
    };
    let mut held = [waiting("192.0.2.7"), waiting("192.0.2.7")];
    let status = |client: &str| Raw::send(&address, webhook_with(client, &forwarded(client))).head();
    served_during(&address, || {
        let refused = status("192.0.2.7");
        assert!(refused.starts_with("HTTP/1.1 429 ") && refused.contains("retry-after: 1"), "{refused}");
        let line = listener.says("refused");
        assert_eq!(line, "refused: 192.0.2.7: 429 Too Many Requests: more than 2 requests of that address at once");
        assert!(status("192.0.2.8").starts_with("HTTP/1.1 200 "));
    });
    for client in &mut held {
        client.write(BODY);
        assert!(client.head().starts_with("HTTP/1.1 200 "));
    }
    assert!(status("192.0.2.7").starts_with("HTTP/1.1 200 "));
    deliver(&address);
}

#[test]
fn only_a_trusted_proxy_is_believed() {
    let home = Home::new();
    let listener = home.listen(&["--trusted-proxy", "192.0.2.1"]);
    let request = webhook_with("k", "x-forwarded-for: 192.0.2.7\r\n").replace("POST", "GET");
    drop(Raw::send(&address(&listener), request).head());
    let line = listener.says("refused");
    assert!(line.starts_with("refused: 127.0.0.1:"), "{line}");
}
