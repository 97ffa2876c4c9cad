//! HTTP as every client of this program speaks it.

use std::sync::Arc;

use reqwest::blocking::{Client, ClientBuilder};
use reqwest::redirect;
use url::Url;

use super::endpoint::LoopbackOnly;
use super::transport::cause;
use super::{is_loopback, proxy};
use crate::error::Error;

/// A client for this address; `configure` says what is particular about it. No redirect is followed: what is sent is for one
/// host, and POST could become GET.
///
/// # Errors
/// When the system has no certificates to know anybody by, or the environment names a proxy that cannot be used.
pub(crate) fn http(to: &Url, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> anyhow::Result<Client> {
    let mut builder = configure(crate::http::builder()).redirect(redirect::Policy::none()).http1_only();
    if is_loopback(to) {
        // A proxy elsewhere could not reach this machine, and would read what is sent.
        builder = builder.no_proxy();
    } else {
        proxy::check(to)?;
    }
    if to.scheme() == "http" {
        // No certificate is ever looked at: do without the system's, which may be missing and take a while to load.
        builder = builder.tls_certs_only([]);
        if is_loopback(to) {
            // Names that mean this machine are looked up as others are, and may lead elsewhere.
            builder = builder.dns_resolver(Arc::new(LoopbackOnly));
        }
    }
    builder.build().map_err(|error| {
        Error::config(format!("cannot set up TLS: {}", cause(&error)))
            .hint("install the CA certificates of the system (`ca-certificates`), or name a file in SSL_CERT_FILE")
            .into()
    })
}
