//! Reading JSON that was written elsewhere. JavaScript cuts a text within an emoji and writes the half that is left as an
//! escape without its partner (`"\ud83d"`): that is valid JSON text (RFC 8259, section 8.2), which no Rust string can hold.
//! Numbers keep their digits, also where no machine number is as large or as exact: that is `serde_json`'s
//! `arbitrary_precision`, which writes an exponent as `e+3`.

use std::borrow::Cow;

use serde::Deserialize;

/// Reads JSON text; half an emoji becomes U+FFFD, and so do bytes that are not UTF-8.
///
/// # Errors
/// Those of the parser.
pub fn parse<T: for<'a> Deserialize<'a>>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(&readable(json))
}

/// The same JSON text with `\ufffd` where an escape has no partner, and U+FFFD where bytes are not UTF-8.
pub fn readable(json: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(json);
    let lone = lone_surrogates(text.as_bytes());
    if lone.is_empty() {
        return text;
    }
    let mut text = text.into_owned();
    for place in lone {
        text.replace_range(place..place + ESCAPE, "\\ufffd");
    }
    Cow::Owned(text)
}

/// The length of `\ud83d`.
const ESCAPE: usize = 6;

/// Where the escapes begin that are half of a pair whose other half is not there.
fn lone_surrogates(json: &[u8]) -> Vec<usize> {
    let mut lone = Vec::new();
    let mut place = 0;
    while let Some(found) = json.get(place..).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
        place += found;
        match escaped(&json[place..]) {
            Some(0xd800..0xdc00) if matches!(escaped(&json[place + ESCAPE..]), Some(0xdc00..0xe000)) => {
                place += 2 * ESCAPE;
            }
            Some(0xd800..0xe000) => {
                lone.push(place);
                place += ESCAPE;
            }
            _ => place += 2,
        }
    }
    lone
}

/// The number of a `\uXXXX` at the beginning of this text.
fn escaped(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn half_an_emoji_is_read_as_the_replacement_character() {
        for (json, text) in [
            (r#""cut \ud83d""#, "cut \u{fffd}"),
            (r#""\ude00 cut""#, "\u{fffd} cut"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ud83dx\uDE00""#, "\u{fffd}x\u{fffd}"),
            (r#""\\ud83d""#, "\\ud83d"),
            (r#""\\\ud83d""#, "\\\u{fffd}"),
            (r#""\uD83D\uDE00""#, "\u{1f600}"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
        ] {
            assert_eq!(parse::<String>(json.as_bytes()).unwrap(), text, "{json}");
        }
        assert_eq!(parse::<Value>(br#"{"\ud83d":1}"#).unwrap()["\u{fffd}"], 1);
        assert_eq!(parse::<String>(b"\"Gr\xfc\xdfe\"").unwrap(), "Gr\u{fffd}\u{fffd}e");
    }

    #[test]
    fn numbers_keep_their_digits() {
        for number in ["123456789012345678901234567890", "-0", "1e+999", "0.1000", "-1.50e-07"] {
            assert_eq!(parse::<Value>(number.as_bytes()).unwrap().to_string(), number);
        }
    }

    #[test]
    fn what_is_not_json_stays_so() {
        for text in [r#""\ud83""#, r#""\ud83d"#, r#""\"#, "", r#""\uzzzz""#, "01", "{"] {
            assert!(parse::<Value>(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_every_parser_reads_is_left_alone(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert!(matches!(readable(json.as_bytes()), Cow::Borrowed(_)));
            prop_assert_eq!(parse::<String>(json.as_bytes()).unwrap(), text);
        }

        #[test]
        fn any_escapes_make_readable_text(units in prop::collection::vec(prop_oneof![0xd7f0..0xe010_u16, any::<u16>()], 0..9)) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(parse::<String>(format!("\"{json}\"").as_bytes()).unwrap(), String::from_utf16_lossy(&units));
        }

        #[test]
        fn any_bytes_are_judged_without_a_panic(bytes: Vec<u8>, text in r#"[\\ud8dc"0]{0,20}"#) {
            drop(parse::<Value>(&bytes));
            drop(parse::<Value>(text.as_bytes()));
        }
    }
}
