//! What every HTTP client of this program begins with, whoever it is for.

use reqwest::blocking::{Client, ClientBuilder};

/// A client to be configured. TLS does its arithmetic with ring, and has to be told so before the first one is built.
pub fn builder() -> ClientBuilder {
    // An error says that it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
}
