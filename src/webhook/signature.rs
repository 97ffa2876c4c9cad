//! The signature of a webhook: lower-case hexadecimal HMAC-SHA256 of the raw body, keyed with the partner's secret
//! (documented by the platform, header `X-Guuru-Hmac-Sha256`).

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::diagnosis::Mismatch;

type HmacSha256 = Hmac<Sha256>;

/// The secrets that a signature may be made with: one, or several during a rotation.
#[derive(Clone, Debug)]
pub struct Secrets(Vec<SecretString>);

impl Secrets {
    /// The secrets of a comma-separated list; white space around them and empty entries are left out.
    pub fn parse(list: &str) -> Self {
        Self(list.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(SecretString::from).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret to sign with: the first.
    pub fn first(&self) -> Option<&SecretString> {
        self.0.first()
    }

    /// The secrets, in the order given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &SecretString> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks a signature in constant time against each secret. Returns the index of the one that it was made with.
    ///
    /// # Errors
    /// Why it is not right.
    pub fn verify(&self, body: &[u8], signature: &[u8]) -> Result<usize, Mismatch> {
        if signature.len() != 64 {
            return Err(Mismatch::Length);
        }
        if signature.iter().any(u8::is_ascii_uppercase) {
            return Err(Mismatch::NotHex);
        }
        let mut expected = [0; 32];
        hex::decode_to_slice(signature, &mut expected).map_err(|_| Mismatch::NotHex)?;
        self.find(body, &expected).ok_or(Mismatch::Wrong)
    }

    /// The index of the secret that makes this MAC.
    pub(super) fn find(&self, body: &[u8], expected: &[u8]) -> Option<usize> {
        self.0.iter().position(|secret| fits(secret.expose_secret(), body, expected))
    }
}

/// Whether this secret makes this MAC of the body, in constant time.
pub(super) fn fits(secret: &str, body: &[u8], expected: &[u8]) -> bool {
    keyed(secret, body).verify_slice(expected).is_ok()
}

/// The signature of `body`, as the header carries it.
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    hex::encode(keyed(secret.expose_secret(), body).finalize().into_bytes())
}

fn keyed(secret: &str, body: &[u8]) -> HmacSha256 {
    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = HmacSha256::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4231, test case 2.
    const SIGNATURE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const BODY: &[u8] = b"what do ya want for nothing?";

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        assert_eq!(sign(&SecretString::from("Jefe"), BODY), SIGNATURE);
        assert_eq!(Secrets::parse("Jefe").verify(BODY, SIGNATURE.as_bytes()), Ok(0));
    }

    #[test]
    fn any_of_several_secrets_will_do() {
        let secrets = Secrets::parse(" new , Jefe,,");
        assert_eq!(secrets.verify(BODY, SIGNATURE.as_bytes()), Ok(1));
        assert_eq!(secrets.first().unwrap().expose_secret(), "new");
        assert!(Secrets::parse(" , ").is_empty());
    }

    #[test]
    fn a_wrong_signature_says_why() {
        let verify = |signature: &str| Secrets::parse("Jefe").verify(BODY, signature.as_bytes()).unwrap_err();
        assert_eq!(verify(""), Mismatch::Length);
        assert_eq!(verify(&SIGNATURE[..63]), Mismatch::Length);
        assert_eq!(verify(&SIGNATURE.to_uppercase()), Mismatch::NotHex);
        assert_eq!(verify(&SIGNATURE.replace('5', "g")), Mismatch::NotHex);
        assert_eq!(verify(&SIGNATURE.replace('5', "6")), Mismatch::Wrong);
        assert_eq!(Secrets::parse("other").verify(BODY, SIGNATURE.as_bytes()), Err(Mismatch::Wrong));
    }

    #[test]
    fn secrets_are_not_shown() {
        assert!(!format!("{:?}", Secrets::parse("Jefe")).contains("Jefe"));
    }

    proptest! {
        #[test]
        fn a_signature_fits_its_body_alone(body: Vec<u8>, other: Vec<u8>, secret in "[^,\\s]{1,40}") {
            let secrets = Secrets::parse(&secret);
            let signature = sign(&SecretString::from(secret), &body);
            prop_assert_eq!(secrets.verify(&body, signature.as_bytes()), Ok(0));
            prop_assert_eq!(secrets.verify(&other, signature.as_bytes()).is_ok(), body == other);
        }

        #[test]
        fn any_signature_is_judged_without_a_panic(signature: Vec<u8>) {
            prop_assert!(Secrets::parse("Jefe").verify(BODY, &signature).is_err());
        }
    }
}
