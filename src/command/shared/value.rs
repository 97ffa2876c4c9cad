//! Parsers of argument values that several commands share.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use crate::config::{self, is_plain_name};
use crate::store::Start;

/// A span of time: `30s`, `5m`, `1h 30m`, or a bare number of seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string());
    }
    config::span(text)
}

/// A time, a day (UTC), or how long ago it was, in milliseconds since the Unix epoch.
pub(crate) fn time(text: &str) -> Result<i64, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_millisecond());
    }
    if let Some(midnight) = text.parse::<Date>().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok()) {
        return Ok(midnight.timestamp().as_millisecond());
    }
    let ago = config::span(text.trim_start_matches('-').trim_end_matches("ago").trim())
        .map_err(|_| "want a time such as 2026-01-02T03:04:05Z, or how long ago, such as 30m or 7d".to_owned())?;
    let time = Timestamp::now().checked_sub(ago).map_err(|error| error.to_string())?;
    Ok(time.as_millisecond())
}

/// A limit on an attempt, which must leave it some time.
pub(crate) fn time_limit(text: &str) -> Result<Duration, String> {
    let limit = duration(text)?;
    if limit.is_zero() { Err("that leaves no time at all".to_owned()) } else { Ok(limit) }
}

/// Where a consumer begins: `earliest`, `latest`, a seq, a time, or how long ago.
pub(crate) fn start(text: &str) -> Result<Start, String> {
    match text {
        "earliest" => return Ok(Start::Earliest),
        "latest" => return Ok(Start::Latest),
        _ => {}
    }
    if let Ok(seq) = text.parse::<i64>() {
        return if seq > 0 { Ok(Start::Seq(seq)) } else { Err("seq counts from 1".to_owned()) };
    }
    time(text).map(Start::Time).map_err(|reason| format!("{reason}; or `earliest`, `latest` or a seq"))
}

/// An address to listen on. A port alone is that of 127.0.0.1, and a name must be one of this machine's own, such as
/// localhost: a name that leads elsewhere by mistake would open a door that nobody knows of.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let wanted = "want an address and a port such as 127.0.0.1:8787 or localhost:8787, or a port alone";
    let Some((name, _)) = text.rsplit_once(':').filter(|(name, _)| !name.is_empty() && !name.contains([':', ' ']))
    else {
        return Err(wanted.to_owned());
    };
    let found = text.to_socket_addrs().map_err(|error| format!("{error}; {wanted}"))?;
    let own: Vec<SocketAddr> = found.filter(|address| address.ip().is_loopback()).collect();
    // 127.0.0.1 is what everybody tries.
    let best = own.iter().find(|address| address.is_ipv4()).or(own.first());
    best.copied().ok_or_else(|| format!("`{name}` is not loopback: give the address itself, such as 0.0.0.0:8787"))
}

/// A consumer's name.
pub(crate) fn consumer(text: &str) -> Result<String, String> {
    if is_plain_name(text) {
        return Ok(text.to_owned());
    }
    Err("want letters, digits, `-`, `_` and `.`, at most 64 of them, and a letter or digit first".to_owned())
}

/// An address that webhooks can be sent to.
pub(crate) fn http(text: &str) -> Result<Url, String> {
    let url = config::address(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| "want an http or https address, such as http://127.0.0.1:8787/".to_owned())
}

/// A network such as 10.0.0.0/8, or one address.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    text.parse().or_else(|_| address()).map_err(|_| "want an address or a network such as 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_of_time_are_read_as_people_write_them() {
        for (text, milliseconds) in
            [("30", 30_000), ("0.5", 500), ("30s", 30_000), ("1h 30m", 5_400_000), ("250ms", 250), ("1d", 86_400_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "-1", "-5s", "soon", "1e400", "NaN"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_to_listen_on_is_written_in_full_or_as_one_of_this_machine() {
        for (text, expected) in [
            ("127.0.0.1:8787", "127.0.0.1:8787"),
            ("0.0.0.0:1", "0.0.0.0:1"),
            ("[::1]:0", "[::1]:0"),
            ("9999", "127.0.0.1:9999"),
            ("0", "127.0.0.1:0"),
        ] {
            assert_eq!(address(text), Ok(expected.parse().unwrap()), "{text}");
        }
        let local = address("localhost:8787").unwrap();
        assert!(local.ip().is_loopback() && local.port() == 8787, "{local}");
        for text in
            ["", "localhost", ":8787", "127.0.0.1", "99999", "localhost:99999", "::1", "nowhere.invalid:1", "-1"]
        {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_start_is_a_word_a_place_or_a_time() {
        assert_eq!(start("earliest"), Ok(Start::Earliest));
        assert_eq!(start("42"), Ok(Start::Seq(42)));
        assert_eq!(start("1970-01-01T00:00:01Z"), Ok(Start::Time(1000)));
        let Ok(Start::Time(time)) = start("30m") else { panic!("no time") };
        assert!(["-30m", "30m ago"].into_iter().all(|text| matches!(start(text), Ok(Start::Time(_)))));
        let ago = Timestamp::now().as_millisecond() - time;
        assert!((1_800_000..1_860_000).contains(&ago), "{ago}");
        for text in ["0", "-1", "yesterday", ""] {
            assert!(start(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        assert_eq!(time("1970-01-02"), Ok(86_400_000));
        assert!(time("2026-13-01").is_err() && time("86400000").is_err());
    }

    #[test]
    fn a_network_is_an_address_with_or_without_a_prefix() {
        for (text, inside) in [("10.0.0.0/8", "10.1.2.3"), ("::1", "::1"), ("::ffff:192.0.2.1", "192.0.2.1")] {
            assert!(network(text).unwrap().contains(&inside.parse::<IpAddr>().unwrap()), "{text}");
        }
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0", "10.0.0.1:80"] {
            assert!(network(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text: String) {
            drop((duration(&text), time(&text), start(&text), consumer(&text), network(&text)));
        }
    }
}
