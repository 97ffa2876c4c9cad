//! How hard a webhook secret is to guess. Whoever guesses it can send events, and can try guesses offline against one webhook.

use std::collections::HashMap;
use std::fmt;

use secrecy::ExposeSecret;

use super::signature::Secrets;

/// The least length, in bytes.
const LEAST_LENGTH: usize = 16;
/// The least entropy of a secret's characters, in bits. 16 random letters and digits have about 60, a repeated word far less.
const LEAST_BITS: f64 = 50.0;

/// Why a secret is weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has only so many characters.
    Short(usize),
    /// It is made of a few characters that repeat.
    Uniform,
    /// It has quotation marks around it, usually by mistake.
    Quoted,
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(length) => write!(f, "has only {length} characters"),
            Self::Uniform => f.write_str("is made of a few characters that come again and again"),
            Self::Quoted => f.write_str("has quotation marks around it, which count as part of it"),
        }
    }
}

impl Secrets {
    /// The index of each weak secret, and why it is weak.
    pub fn weaknesses(&self) -> Vec<(usize, Weakness)> {
        let secrets = self.iter().map(ExposeSecret::expose_secret).enumerate();
        secrets.filter_map(|(place, secret)| Some((place, weakness(secret)?))).collect()
    }
}

fn weakness(secret: &str) -> Option<Weakness> {
    if secret.len() < LEAST_LENGTH {
        return Some(Weakness::Short(secret.chars().count()));
    }
    if bits(secret) < LEAST_BITS {
        return Some(Weakness::Uniform);
    }
    let quoted = |mark| secret.starts_with(mark) && secret.ends_with(mark);
    (quoted('"') || quoted('\'')).then_some(Weakness::Quoted)
}

/// The entropy of the secret's characters, each taken for itself, in bits.
#[allow(clippy::cast_precision_loss, reason = "no secret is that long")]
fn bits(secret: &str) -> f64 {
    let mut counts = HashMap::<char, usize>::new();
    for character in secret.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let all = secret.chars().count() as f64;
    counts.values().map(|&count| count as f64 * (all / count as f64).log2()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_weak_where_it_is_short_or_says_little() {
        for (secret, expected) in [
            ("hunter2", Some(Weakness::Short(7))),
            ("ünïcödé", Some(Weakness::Short(7))),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Some(Weakness::Uniform)),
            ("secretsecretsecret", Some(Weakness::Uniform)),
            ("abcabcabcabcabcabcabcabcabcabc", Some(Weakness::Uniform)),
            ("\"mS7nq0ZkLw2xTf9v\"", Some(Weakness::Quoted)),
            ("mS7nq0ZkLw2xTf9v", None),
            ("0f343b0931126a20f133d67c2b018a3b", None),
        ] {
            assert_eq!(weakness(secret), expected, "{secret}");
        }
        assert_eq!(Secrets::parse("mS7nq0ZkLw2xTf9v,short").weaknesses(), [(1, Weakness::Short(5))]);
    }

    proptest! {
        #[test]
        fn what_auth_secret_generate_makes_is_never_weak(bytes: [u8; 32]) {
            // 32 bytes at random: that a few alone occur in them is next to impossible, and proptest likes to try it.
            prop_assume!(bytes.iter().collect::<std::collections::BTreeSet<_>>().len() > 16);
            prop_assert_eq!(weakness(&hex::encode(bytes)), None);
        }
    }
}
