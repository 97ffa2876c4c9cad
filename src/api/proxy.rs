//! The proxy on the way to an address. The HTTP library goes without one where it does not understand what the environment
//! says, and tells of a proxy's failure as if it were that of the address.

use std::env;
use std::io;

use anyhow::Chain;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::is_loopback;
use super::transport::cause;
use crate::error::Error;

/// What to do about a proxy that does not do what it should.
const OF_PROXY: &str =
    "nothing was sent: HTTPS_PROXY (or ALL_PROXY) names the proxy, and NO_PROXY the hosts that need none";
pub(crate) const OF_PASSWORD: &str =
    "a proxy that wants a user name and a password gets them in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT";

/// The proxy that requests to this address go through, without its user name and password.
pub(crate) fn proxy_for(url: &Url) -> Option<String> {
    if is_loopback(url) {
        return None;
    }
    let proxy = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    let uri = proxy.uri();
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// Refuses a proxy in the environment that cannot be used for this address.
///
/// # Errors
/// [`crate::error::Kind::Config`], without the value: a password may be in it.
pub(super) fn check(to: &Url) -> anyhow::Result<()> {
    let of_scheme = if to.scheme() == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let given = [of_scheme, ["ALL_PROXY", "all_proxy"]].into_iter().filter_map(first);
    for (name, value) in given {
        if let Some(fault) = fault(to, &value) {
            return Err(Error::config(format!("{name} {fault}"))
                .hint("want http://HOST:PORT or https://HOST:PORT; NO_PROXY names the hosts that need no proxy")
                .into());
        }
    }
    Ok(())
}

/// What is wrong with the proxy, after the variable's name; nothing where the address needs none.
fn fault(to: &Url, value: &str) -> Option<String> {
    let destination = to.as_str().parse().ok()?;
    let through = |proxy: &str, except: &str| {
        let matcher = Matcher::builder().http(proxy).https(proxy).no(except).build();
        matcher.intercept(&destination)
    };
    let (_, except) = first(["NO_PROXY", "no_proxy"]).unwrap_or_default();
    through("http://proxy.invalid", &except)?;
    let Some(proxy) = through(value, "") else {
        return Some("does not hold the address of a proxy".to_owned());
    };
    let (uri, scheme) = (proxy.uri(), proxy.uri().scheme_str().unwrap_or_default());
    if !matches!(scheme, "http" | "https") {
        return Some(format!("names a proxy that speaks {scheme}, which is not known here"));
    }
    let authority = uri.authority().map(hyper::http::uri::Authority::as_str).unwrap_or_default();
    let has_port = authority.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
    (has_port && uri.port_u16().is_none()).then(|| "names a proxy with a port that is none".to_owned())
}

/// The first of these variables that is set, unless it is set to nothing.
fn first(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    let (name, value) = names.into_iter().find_map(|name| Some((name, env::var(name).ok()?)))?;
    (!value.trim().is_empty()).then_some((name, value))
}

/// Why a request through a proxy was not sent, and what can be done, where the cause lies with the proxy.
pub(super) fn unsent(to: &Url, error: &reqwest::Error) -> Option<(String, &'static str)> {
    let proxy = proxy_for(to)?;
    let cause = cause(error);
    if error.is_timeout() || error.is_dns() || is_of_the_system(error) {
        return Some((format!("the proxy {proxy} cannot be reached: {cause}"), OF_PROXY));
    }
    if !is_of_the_tunnel(error) {
        return None;
    }
    let cause = cause.strip_prefix("tunnel error: ").unwrap_or(&cause);
    let hint = if cause.contains("authorization") { OF_PASSWORD } else { OF_PROXY };
    Some((format!("the proxy {proxy} refuses to connect to it: {cause}"), hint))
}

/// Whether a proxy did not do as it was asked.
pub(crate) fn is_of_the_tunnel(error: &reqwest::Error) -> bool {
    Chain::new(error).any(|cause| cause.to_string().starts_with("tunnel error"))
}

/// Whether it is the operating system that failed, and not what is spoken over the connection.
pub(crate) fn is_of_the_system(error: &reqwest::Error) -> bool {
    let mut causes = Chain::new(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.raw_os_error().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_http_address_or_an_error() {
        let to = Url::parse("https://api.guuru.invalid/graphql").unwrap();
        for proxy in ["http://p:3128", "https://p", "p:3128", "p", "http://u:s3cret@p:3128/", "http://[::1]:3128"] {
            assert_eq!(fault(&to, proxy), None, "{proxy}");
        }
        for (proxy, words) in [
            ("garbage://x", "does not hold"),
            ("http://", "does not hold"),
            ("http://a b", "does not hold"),
            ("socks5://u:s3cret@p:1080", "speaks socks5"),
            ("http://p:99999", "a port that is none"),
            ("http://p:x", ""),
        ] {
            let fault = fault(&to, proxy).unwrap();
            assert!(fault.contains(words) && !fault.contains("s3cret"), "{proxy}: {fault}");
        }
    }
}
