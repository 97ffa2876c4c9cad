//! One address must not take everything, and a proxy speaks for many.

use std::net::{IpAddr, UdpSocket};

use guuru::webhook::is_inside;

use super::client::{Raw, address, served_during, webhook_with};
use crate::support::program::{Home, Listener, eventually, skip};

/// An address of this machine that is not loopback's: the one that it would talk to the world from. Nothing is sent.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Opens twelve connections from that address to a receiver that allows four of one, and calls this with them.
fn crowd(outer: &str, check: impl FnOnce(&Listener, Vec<Raw>)) {
    let home = Home::new();
    let listener = home.listen_at("0.0.0.0:0", &["--max-connections-per-address", "4"]);
    let port = address(&listener).replace("0.0.0.0", "");
    let (inner, outer) = (format!("127.0.0.1{port}"), format!("{outer}{port}"));
    served_during(&inner, || check(&listener, (0..12).map(|_| Raw::open(&outer)).collect()));
    // What was closed is given back, as soon as the receiver has seen it.
    eventually("it is served again", || {
        Raw::send(&outer, webhook_with("again", "connection: close\r\n")).rest().starts_with("HTTP/1.1 200 ")
    });
}

#[test]
fn one_public_address_has_its_share_of_connections_and_a_private_one_any_number() {
    let Some(outer) = outer_address() else { return skip("this machine has no address but loopback's") };
    crowd(&outer.to_string(), |listener, mut clients| {
        let request = webhook_with("k", "connection: close\r\n");
        if is_inside(outer) {
            assert!(
                clients.iter_mut().all(|client| client.write(&request) && client.head().starts_with("HTTP/1.1 200 "))
            );
            return;
        }
        for mut refused in clients.drain(4..) {
            assert_eq!(refused.rest(), "");
            let line = listener.says("refused");
            assert!(line.ends_with("more than 4 connections of that address at once"), "{line}");
        }
    });
}

#[test]
fn a_trusted_proxy_names_the_client_to_the_operator() {
    let home = Home::new();
    let listener = home.listen(&["--trusted-proxy", "127.0.0.0/8"]);
    let request = webhook_with("k", "x-forwarded-for: 198.51.100.9, 192.0.2.7\r\n").replace("POST", "GET");
    drop(Raw::send(&address(&listener), request).head());
    let line = listener.says("refused");
    assert!(line.starts_with("refused: 192.0.2.7: 405 "), "{line}");
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
