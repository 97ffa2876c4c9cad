//! Which endpoints the access token may be sent to, and how an address is shown: a token in clear text, or a password in
//! an error message, is a leak that nobody notices.

use std::net::{SocketAddr, ToSocketAddrs};

use anyhow::bail;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::error::Error;

/// Refuses an endpoint that the token must not be sent to.
pub(crate) fn check(endpoint: &Url) -> anyhow::Result<()> {
    let shown = shown(endpoint);
    if !matches!(endpoint.scheme(), "https" | "http") {
        bail!(
            Error::config(format!("the endpoint `{shown}` is not an HTTP address"))
                .hint("it begins with https://; `guuru config show` tells where this one comes from")
        );
    }
    if !endpoint.username().is_empty() || endpoint.password().is_some() {
        // It would take the place of the token: both are the `Authorization` header.
        bail!(
            Error::config(format!("the endpoint `{shown}` carries a user name or a password"))
                .hint("leave it out of the endpoint: the access token is what the platform asks for")
        );
    }
    if endpoint.scheme() == "http" && !is_loopback(endpoint) {
        bail!(
            Error::config(format!("the endpoint `{shown}` would get the access token in clear text"))
                .hint("use https: plain http is for this machine alone")
        );
    }
    match (endpoint.scheme(), endpoint.host()) {
        // A name that is not found is for the request to tell of.
        ("http", Some(Host::Domain(name))) => match (name, 0).to_socket_addrs() {
            Ok(found) => on_this_machine(name, found).map(drop).map_err(|cause| {
                Error::config(format!("the endpoint `{shown}` would get the access token in clear text: {cause}"))
                    .hint("use https, or 127.0.0.1: plain http is for this machine alone")
                    .into()
            }),
            Err(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Looks up names that mean this machine: one that leads elsewhere is not connected to, whatever it led to before.
#[derive(Clone, Copy, Debug)]
pub(super) struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(on_this_machine(name.as_str(), found)?.into_iter()) as Addrs)
        })
    }
}

/// Those of the addresses of a name that are on this machine.
fn on_this_machine(name: &str, found: impl IntoIterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, String> {
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| address.ip().to_canonical().is_loopback());
    match elsewhere.first() {
        Some(address) if here.is_empty() => Err(format!("`{name}` is {}, and not this machine", address.ip())),
        _ => Ok(here),
    }
}

/// Whether the address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// The address without what may be secret in it: user name, password, query and fragment.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only where the address cannot have the part at all.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, kind};

    fn checked(endpoint: &str) -> anyhow::Result<()> {
        check(&Url::parse(endpoint).unwrap())
    }

    #[test]
    fn https_anywhere_and_http_on_loopback_are_accepted() {
        for endpoint in [
            "https://api.guuru.com/graphql",
            "http://127.0.0.1:8080/graphql",
            "http://127.9.9.9/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]:8080/graphql",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost:8080/",
            "http://api.localhost/",
        ] {
            checked(endpoint).unwrap();
        }
    }

    #[test]
    fn the_token_is_not_sent_in_clear_text_or_to_something_else() {
        for endpoint in [
            "http://api.guuru.com/graphql",
            "http://localhost.example.com/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://167772161/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "ftp://localhost/",
        ] {
            assert_eq!(kind(&checked(endpoint).unwrap_err()), Kind::Config, "{endpoint}");
        }
    }

    #[test]
    fn a_name_that_means_this_machine_is_connected_to_on_this_machine_alone() {
        let addresses =
            |texts: &[&str]| texts.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect::<Vec<_>>();
        let mixed = addresses(&["192.0.2.1", "127.0.0.1", "::1", "::ffff:127.0.0.2", "::ffff:192.0.2.1", "0.0.0.0"]);
        let here = on_this_machine("a.localhost", mixed).unwrap();
        assert_eq!(here, addresses(&["127.0.0.1", "::1", "::ffff:127.0.0.2"]));
        for elsewhere in ["192.0.2.1", "10.0.0.1", "0.0.0.0", "::", "fe80::1", "::ffff:10.0.0.1"] {
            let cause = on_this_machine("a.localhost", addresses(&[elsewhere])).unwrap_err();
            assert!(cause.starts_with("`a.localhost` is ") && cause.ends_with("not this machine"), "{cause}");
        }
    }

    #[test]
    fn a_password_in_the_endpoint_is_refused_and_not_shown() {
        let error = checked("https://ada:hunter2@api.guuru.com/graphql?key=hunter2#hunter2").unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "the endpoint `https://api.guuru.com/graphql` carries a user name or a password"
        );
    }
}
