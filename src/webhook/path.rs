//! The path of the webhooks, and which requests are for it.

use std::str::FromStr;

/// A path, as it was given.
#[derive(Clone, Debug)]
pub struct WebhookPath {
    given: String,
    bytes: Vec<u8>,
}

impl WebhookPath {
    /// Whether a request's path is this one. What is not ASCII is escaped by some clients and not by others: `/ü` is `/%C3%BC`.
    /// ASCII is never escaped without a meaning: `/%68ook` is not `/hook`.
    pub(super) fn is(&self, path: &str) -> bool {
        path == self.given || unescaped(path) == self.bytes
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.given
    }
}

impl FromStr for WebhookPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if matches!(text, "/healthz" | "/metrics") {
            return Err("that path is the receiver's own".to_owned());
        }
        if !text.starts_with('/') || text.contains(['?', '#', ' ']) || text.contains(char::is_control) {
            return Err("want a path such as /webhooks".to_owned());
        }
        Ok(Self { given: text.to_owned(), bytes: unescaped(text) })
    }
}

/// The path with the escapes of what is not ASCII undone.
fn unescaped(path: &str) -> Vec<u8> {
    let mut rest = path.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| after.get(..2)).flatten();
        let escaped = escaped.and_then(|digits| Some((hex_digit(digits[0])? * 16) + hex_digit(digits[1])?));
        let escaped = escaped.filter(|byte| !byte.is_ascii());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    bytes
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_is_the_same_however_a_client_escapes_it() {
        for (given, paths) in [
            ("/ü", &["/ü", "/%C3%BC", "/%c3%bc"][..]),
            ("/%C3%BC", &["/ü", "/%C3%BC", "/%c3%bC"]),
            ("/webhooks", &["/webhooks"]),
            ("/100%", &["/100%"]),
            ("/a%20b", &["/a%20b"]),
            ("/", &["/"]),
        ] {
            let path: WebhookPath = given.parse().unwrap();
            for asked in paths {
                assert!(path.is(asked), "{given} and {asked}");
            }
            for other in ["/u", "/%C3", "/\u{fffd}", "/webhooks/", "/web%68ooks", "/100%25", "/a%2520b", ""] {
                assert!(!path.is(other), "{given} and {other}");
            }
        }
    }

    #[test]
    fn what_is_the_receivers_own_or_no_path_is_refused() {
        for text in ["/healthz", "/metrics", "webhooks", "", "/a?b", "/a#b", "/a b", "/a\nb", "/\u{85}"] {
            assert!(text.parse::<WebhookPath>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_path_is_read_without_a_panic(path: String) {
            let _ = unescaped(&path);
        }
    }
}
