//! What an access token can be, and how it is kept out of what is shown. A token is pasted from a portal, a chat or a mail,
//! and what comes along with it is seen by nobody.

use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

/// The shortest token that is taken out of texts, in characters. A shorter one is no secret, and replacing it wherever it
/// occurs would leave nothing of a message that can be read.
const SHORTEST_HIDDEN: usize = 8;
/// The characters that people and programs put around what they quote.
const QUOTES: &str = "\"'`\u{ab}\u{bb}\u{2018}\u{2019}\u{201a}\u{201c}\u{201d}\u{201e}\u{2039}\u{203a}";

/// Refuses what cannot be a token: it would be sent, and the refusal would not say why.
///
/// # Errors
/// [`crate::error::Kind::Config`], in words that show nothing of the token but the character that is wrong.
pub fn check_token(token: &SecretString) -> anyhow::Result<()> {
    match fault(token.expose_secret()) {
        None => Ok(()),
        Some(fault) => Err(Error::config(format!("the access token {fault}"))
            .hint("copy it anew: log in with `guuru auth login`, or check GUURU_TOKEN")
            .into()),
    }
}

/// Takes the token out of a text.
pub(super) fn hide(token: &SecretString, text: String) -> String {
    let token = token.expose_secret();
    if token.chars().count() < SHORTEST_HIDDEN { text } else { text.replace(token, "[token]") }
}

/// What is wrong with it, after "the access token".
fn fault(token: &str) -> Option<String> {
    if token.is_empty() {
        return Some("is empty".to_owned());
    }
    let begins_with = |word: &str| token.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    let is_prefixed =
        |word: &str| begins_with(word) && token[word.len()..].starts_with(|c: char| c == ':' || is_blank(c));
    if is_prefixed("bearer") || is_prefixed("authorization") {
        return Some("begins with `Bearer` or `Authorization`: want the token alone".to_owned());
    }
    if token.contains(|c| QUOTES.contains(c)) {
        return Some("has quotation marks in it: want the token alone".to_owned());
    }
    // RFC 6750, section 2.1, has still fewer; platforms have more than those.
    let (place, wrong) = token.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic())?;
    let what = if is_blank(wrong) { "white space in it" } else { "a character in it that no token has" };
    Some(format!("has {what} (U+{:04X}, its character {})", u32::from(wrong), place + 1))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_visible_ascii_without_quotes_or_a_prefix() {
        for token in ["t", "s3cret-token", "eyJhbGciOi.J9-_~+/==", "1|abc:def", "BearerOfNews", "bearer"] {
            assert_eq!(fault(token), None, "{token}");
        }
        for (token, words) in [
            ("", "is empty"),
            ("Bearer s3cret", "begins with `Bearer`"),
            ("bearer\u{a0}s3cret", "begins with `Bearer`"),
            ("Authorization: Bearer s3cret", "`Authorization`"),
            ("\"s3cret\"", "quotation marks"),
            ("'s3cret'", "quotation marks"),
            ("\u{201c}s3cret\u{201d}", "quotation marks"),
            ("s3\u{200b}cret", "that no token has (U+200B, its character 3)"),
            ("\u{feff}s3cret", "U+FEFF, its character 1"),
            ("s3\u{a0}cret", "white space in it (U+00A0, its character 3)"),
            ("s3 cret", "white space in it (U+0020"),
            ("s3\ncret", "white space in it (U+000A"),
            ("s3\u{7}cret", "U+0007"),
            ("s3cr\u{e9}t", "U+00E9, its character 5"),
        ] {
            let fault = fault(token).unwrap();
            assert!(fault.contains(words) && !fault.contains("cret"), "{token:?}: {fault}");
        }
    }

    #[test]
    fn a_token_is_taken_out_of_a_text_unless_it_is_too_short_to_be_a_secret() {
        let hidden = |token: &str, text: &str| hide(&SecretString::from(token), text.to_owned());
        assert_eq!(hidden("s3cret-token", "bad token s3cret-token"), "bad token [token]");
        for token in ["a", "token", "1234567"] {
            assert_eq!(hidden(token, "a bad token 1234567"), "a bad token 1234567");
        }
    }
}
