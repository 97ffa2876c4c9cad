//! Why an address could not be reached. A wrong name, a firewall, a certificate and a proxy each need another remedy.

use std::time::Duration;

use url::Url;

use crate::api::{OF_PASSWORD, cause, is_of_the_system, is_of_the_tunnel, proxy_for};
use crate::error::{Error, Kind};

/// What to say of a request that got no answer within `patience`; `advice` is the remedy where the address itself may be the
/// wrong one.
pub(super) fn unreached(
    error: &reqwest::Error,
    url: &Url,
    patience: Duration,
    advice: Option<String>,
) -> anyhow::Error {
    let (host, proxy) = (host(url), proxy_for(url));
    let (message, hint) = judge(error, &host, proxy.as_deref(), patience);
    let hint = match advice.filter(|_| proxy.is_none() && error.is_connect()) {
        Some(advice) => format!("{hint}; {advice}"),
        None => hint,
    };
    Error::new(Kind::Unavailable, message).hint(hint).into()
}

fn judge(error: &reqwest::Error, host: &str, proxy: Option<&str>, patience: Duration) -> (String, String) {
    let cause = cause(error);
    let next = proxy.map_or_else(|| host.to_owned(), |proxy| format!("the proxy {proxy}"));
    let of_proxy = "HTTPS_PROXY names the proxy, and NO_PROXY the hosts that need none";
    let hint = |alone: &str| if proxy.is_some() { of_proxy.to_owned() } else { alone.to_owned() };
    if error.is_dns() {
        let hint = hint("check the name, and this machine's DNS: `getent hosts NAME` asks it");
        return (format!("DNS: the name in {next} cannot be resolved: {cause}"), hint);
    }
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection to" } else { "no answer from" };
        let hint = hint("a firewall may drop what is sent; where a proxy must be used, HTTPS_PROXY names it");
        return (format!("{what} {next} within {:.1} s", patience.as_secs_f64()), hint);
    }
    if error.is_connect() && is_of_the_system(error) {
        let hint =
            hint("nothing listens there, or a firewall refuses; where a proxy must be used, HTTPS_PROXY names it");
        return (format!("TCP: no connection to {next}: {cause}"), hint);
    }
    if is_of_the_tunnel(error) {
        return (format!("proxy: {next} does not connect to {host}: {cause}"), OF_PASSWORD.to_owned());
    }
    if error.is_connect() {
        return (format!("TLS: no secure connection to {host}: {cause}"), of_tls(&cause).to_owned());
    }
    (format!("the connection to {next} was lost before the answer: {cause}"), hint("is it an HTTP server?"))
}

/// What can be done about a certificate, by the name that rustls has for what is wrong with it.
fn of_tls(cause: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    if says(&["UnknownIssuer", "unknown issuer", "CaUsedAsEndEntity"]) {
        "this machine does not know who issued the certificate: install `ca-certificates`; where a proxy looks into TLS, name \
         its certificate in SSL_CERT_FILE"
    } else if says(&["xpired", "NotValidYet", "not valid yet"]) {
        "the certificate has run out, or this machine's clock is wrong"
    } else if says(&["NotValidForName", "not valid for name"]) {
        "the certificate is that of another host: check the address"
    } else {
        "is that port one for https?"
    }
}

/// The host and the port of an address.
fn host(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}
