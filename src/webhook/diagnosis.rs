//! Why a signature was not accepted. After "it does not match" people search for hours, so the usual mistakes are tried one by one,
//! and the operator is told which one it was. Nothing here shows a secret or a correct signature.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;

use super::signature::{Secrets, fits};
use crate::model::minify;

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The header is not there.
    Missing,
    /// The header is there more than once.
    Repeated,
    /// The header is not 64 characters long.
    Length,
    /// The header is not lower-case hexadecimal.
    NotHex,
    /// It is the signature of another body, or made with another secret.
    Wrong,
    /// It begins with the name of the algorithm.
    Prefix,
    /// Right, but in upper case.
    UpperCase,
    /// Right, but base64.
    Base64,
    /// Wrong, and there is no body.
    NoBody,
    /// Right for the body without the newline at its end.
    NewlineAdded,
    /// Right for the body with a newline at its end.
    NewlineLost,
    /// Right for the body with other line ends, or without insignificant white space.
    WhiteSpace,
    /// Made with the secret and white space around it.
    SecretSpace,
    /// Made with what stands between the quotation marks of the secret.
    SecretQuotes,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "no X-Guuru-Hmac-Sha256 header",
            Self::Repeated => "more than one X-Guuru-Hmac-Sha256 header",
            Self::Length => "the signature is not 64 characters long",
            Self::NotHex => "the signature is not lower-case hexadecimal",
            Self::Wrong => "the signature does not match: another secret, or a body altered on its way",
            Self::Prefix => "the signature begins with `sha256=`, where the 64 digits should stand alone",
            Self::UpperCase => "the signature is right but for its upper-case letters",
            Self::Base64 => "the signature is right but in base64, not in hexadecimal",
            Self::NoBody => "the signature does not match: the body is empty",
            Self::NewlineAdded => "the signature does not match: the body has one newline more than what was signed",
            Self::NewlineLost => {
                "the signature does not match: the body lacks the newline at the end of what was signed"
            }
            Self::WhiteSpace => {
                "the signature does not match: white space was changed, a proxy may have re-written the body"
            }
            Self::SecretSpace => "the signature does not match: it was made with white space around the secret",
            Self::SecretQuotes => "the signature does not match: the secret was set with quotation marks around it",
        })
    }
}

impl Mismatch {
    /// What can be done about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Missing | Self::Repeated => "the platform sends the header once with every webhook",
            Self::Length | Self::NotHex | Self::Prefix | Self::UpperCase | Self::Base64 => {
                "the platform sends 64 lower-case hexadecimal digits and nothing else: see what stands between"
            }
            Self::Wrong => "check the webhook secret, and that the body is the very bytes that were received",
            Self::NoBody => "give the body on stdin, as it was received",
            Self::NewlineAdded | Self::NewlineLost => {
                "save the body byte for byte: `echo` and many editors add a newline, `$(…)` takes one away"
            }
            Self::WhiteSpace => "check the signature over the raw body, before anything parses or formats it",
            Self::SecretSpace => "set the secret again at the sender, without blanks or a newline",
            Self::SecretQuotes => "set the webhook secret again without the quotation marks",
        }
    }
}

impl Secrets {
    /// Finds out whether one of the usual mistakes explains the mismatch. It costs some more HMACs of the body for each secret.
    pub fn explain(&self, body: &[u8], signature: &[u8], mismatch: Mismatch) -> Mismatch {
        let cause = match mismatch {
            Mismatch::Length | Mismatch::NotHex => self.explain_form(body, signature),
            Mismatch::Wrong => {
                let mut expected = [0; 32];
                let decoded = hex::decode_to_slice(signature, &mut expected);
                decoded
                    .ok()
                    .and_then(|()| self.explain_body(body, &expected).or_else(|| self.explain_secret(body, &expected)))
            }
            _ => None,
        };
        cause.unwrap_or(mismatch)
    }

    fn explain_form(&self, body: &[u8], signature: &[u8]) -> Option<Mismatch> {
        if signature.to_ascii_lowercase().starts_with(b"sha256=") {
            return Some(Mismatch::Prefix);
        }
        let right = |mac: Vec<u8>| self.find(body, &mac).is_some();
        if hex::decode(signature).is_ok_and(right) {
            return Some(Mismatch::UpperCase);
        }
        STANDARD.decode(signature).is_ok_and(right).then_some(Mismatch::Base64)
    }

    fn explain_body(&self, body: &[u8], expected: &[u8]) -> Option<Mismatch> {
        let right = |other: &[u8]| other != body && self.find(other, expected).is_some();
        let without = body.strip_suffix(b"\n").unwrap_or(body);
        if right(without) || right(without.strip_suffix(b"\r").unwrap_or(without)) {
            return Some(Mismatch::NewlineAdded);
        }
        if right(&[body, b"\n"].concat()) || right(&[body, b"\r\n"].concat()) {
            return Some(Mismatch::NewlineLost);
        }
        let unix = replace(body, b"\r\n", b"\n");
        let dos = replace(&unix, b"\n", b"\r\n");
        if [minify(body), unix, dos].iter().any(|other| right(other)) {
            return Some(Mismatch::WhiteSpace);
        }
        body.is_empty().then_some(Mismatch::NoBody)
    }

    fn explain_secret(&self, body: &[u8], expected: &[u8]) -> Option<Mismatch> {
        for secret in self.iter().map(ExposeSecret::expose_secret) {
            let spaced = [("", "\n"), ("", "\r\n"), ("", " "), (" ", ""), (" ", " ")];
            if spaced.iter().any(|(before, after)| fits(&format!("{before}{secret}{after}"), body, expected)) {
                return Some(Mismatch::SecretSpace);
            }
            let between = |quote| secret.strip_prefix(quote).and_then(|secret| secret.strip_suffix(quote));
            if between('"').or_else(|| between('\'')).is_some_and(|secret| fits(secret, body, expected)) {
                return Some(Mismatch::SecretQuotes);
            }
        }
        None
    }
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = after;
        } else {
            out.push(first);
            rest = after;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;
    use crate::webhook::sign;

    const SECRET: &str = "Jefe";
    const BODY: &str = "{\"id\":\"c-1\"}";

    fn explain(secrets: &str, body: &str, signature: &str) -> Mismatch {
        let secrets = Secrets::parse(secrets);
        let mismatch = secrets.verify(body.as_bytes(), signature.as_bytes()).unwrap_err();
        secrets.explain(body.as_bytes(), signature.as_bytes(), mismatch)
    }

    fn signed(secret: &str, body: &str) -> String {
        sign(&SecretString::from(secret), body.as_bytes())
    }

    #[test]
    fn the_form_of_a_right_signature_is_what_is_wrong_with_it() {
        let right = signed(SECRET, BODY);
        let base64 = |signature: &str| STANDARD.encode(hex::decode(signature).unwrap());
        assert_eq!(explain(SECRET, BODY, &format!("sha256={right}")), Mismatch::Prefix);
        assert_eq!(explain(SECRET, BODY, &right.to_uppercase()), Mismatch::UpperCase);
        assert_eq!(explain(SECRET, BODY, &base64(&right)), Mismatch::Base64);
        let wrong = signed("other", BODY);
        assert_eq!(explain(SECRET, BODY, &wrong.to_uppercase()), Mismatch::NotHex);
        assert_eq!(explain(SECRET, BODY, &base64(&wrong)), Mismatch::Length);
    }

    #[test]
    fn a_body_that_was_altered_by_white_space_alone_is_known() {
        let of = |signed_body: &str, body: &str| explain("new,Jefe", body, &signed(SECRET, signed_body));
        assert_eq!(of(BODY, "{\"id\":\"c-1\"}\n"), Mismatch::NewlineAdded);
        assert_eq!(of(BODY, "{\"id\":\"c-1\"}\r\n"), Mismatch::NewlineAdded);
        assert_eq!(of("{\"id\":\"c-1\"}\n", BODY), Mismatch::NewlineLost);
        assert_eq!(of(BODY, "{ \"id\": \"c-1\" }"), Mismatch::WhiteSpace);
        assert_eq!(of("{\n}\n", "{\r\n}\r\n"), Mismatch::WhiteSpace);
        assert_eq!(of("{\r\n}\r\n", "{\n}\n"), Mismatch::WhiteSpace);
        assert_eq!(of(BODY, ""), Mismatch::NoBody);
        assert_eq!(of(BODY, "{\"id\":\"c-2\"}"), Mismatch::Wrong);
    }

    #[test]
    fn a_secret_with_something_around_it_is_known() {
        for made_with in ["Jefe\n", " Jefe", "Jefe "] {
            assert_eq!(explain("new,Jefe", BODY, &signed(made_with, BODY)), Mismatch::SecretSpace);
        }
        assert_eq!(explain("\"Jefe\"", BODY, &signed(SECRET, BODY)), Mismatch::SecretQuotes);
        assert_eq!(explain("'Jefe'", BODY, &signed(SECRET, BODY)), Mismatch::SecretQuotes);
        assert_eq!(explain(SECRET, BODY, &signed("other", BODY)), Mismatch::Wrong);
    }

    proptest! {
        #[test]
        fn no_accident_is_seen_where_a_stranger_signed(body: String, secret in "[a-z]{8}") {
            let mismatch = explain(SECRET, &body, &signed(&secret, &body));
            prop_assert_eq!(mismatch, if body.is_empty() { Mismatch::NoBody } else { Mismatch::Wrong });
        }

        #[test]
        fn anything_is_explained_without_a_panic(body: Vec<u8>, signature: Vec<u8>) {
            let secrets = Secrets::parse(SECRET);
            let mismatch = secrets.verify(&body, &signature).unwrap_err();
            secrets.explain(&body, &signature, mismatch);
        }
    }
}
