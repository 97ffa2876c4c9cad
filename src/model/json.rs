//! JSON from other programs. A text that was cut within an emoji ends with half a surrogate pair (`\ud83d`), and a number may be
//! out of range. Both are valid JSON, but `serde_json` decodes neither. Here they are decoded, as U+FFFD and as the largest number.
//! Stored JSON stays as it came. In JSON for other programs, half a pair becomes U+FFFD, because jq stops at it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, each as it is spelled.
#[derive(Debug, Default)]
pub struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

#[derive(Debug, Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Members<'a> {
    /// The member of this name; of several, the last.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(member, _)| member.0 == name).map(|&(_, value)| value)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Decodes JSON, halves of characters and numbers beyond range included.
///
/// # Errors
/// Where it is not JSON, or does not fit the type.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    // Almost all JSON is decoded at once: only what fails is looked through.
    serde_json::from_slice(json).or_else(|error| match std::str::from_utf8(json).map(repair) {
        Ok(Cow::Owned(repaired)) if error.is_syntax() => serde_json::from_str(&repaired),
        _ => Err(error),
    })
}

/// Decodes JSON of which nothing is lost: halves of characters, and bytes that are not UTF-8, are U+FFFD, and a number in a
/// [`serde_json::Value`] keeps its digits, whatever its size, though an exponent is written as `e+3`.
///
/// # Errors
/// Where it is not JSON, or does not fit the type.
pub fn parse<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(&readable(json))
}

/// JSON as text that every parser reads.
pub fn readable(json: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(json) {
        Cow::Borrowed(text) => with_whole_characters(text),
        Cow::Owned(text) => Cow::Owned(with_whole_characters(&text).into_owned()),
    }
}

/// The members of a JSON object; `None` where it is none, or where a name has half a character: [whole](with_whole_characters)
/// it must be.
pub fn members(json: &str) -> Option<Members<'_>> {
    serde_json::from_str(json).ok()
}

/// GraphQL's `ID`, which travels as a string or as a number; a number is known by its spelling, whatever its size. `None`
/// where it is neither, or empty.
pub fn identifier(value: &RawValue) -> Option<String> {
    match value.get().as_bytes() {
        [b'-' | b'0'..=b'9', ..] => Some(value.get().to_owned()),
        _ => text(value).filter(|id| !id.is_empty()),
    }
}

/// A string; `None` where the value is none.
pub fn text(value: &RawValue) -> Option<String> {
    from_slice(value.get().as_bytes()).ok()
}

/// Writes the escape of U+FFFD for each half of a character; JSON without one stays as it is. What is not JSON comes back as
/// something that is not JSON.
pub fn with_whole_characters(json: &str) -> Cow<'_, str> {
    if json.contains("\\u") { replace(json, |_| (1, None)) } else { Cow::Borrowed(json) }
}

/// Writes the escape of U+FFFD for each half of a character, and the largest number for each one beyond range.
pub fn repair(json: &str) -> Cow<'_, str> {
    replace(json, number)
}

/// How long something is, and what to write instead of it.
type Replacement = (usize, Option<&'static str>);

fn replace(json: &str, number: impl Fn(&[u8]) -> Replacement) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let (mut repaired, mut copied, mut at, mut in_string) = (String::new(), 0, 0, false);
    while let Some(byte) = bytes.get(at) {
        let (length, instead) = match byte {
            b'"' => {
                in_string = !in_string;
                (1, None)
            }
            b'\\' if in_string => escape(&bytes[at..]),
            b'-' | b'0'..=b'9' if !in_string => number(&bytes[at..]),
            _ => (1, None),
        };
        if let Some(instead) = instead {
            repaired.push_str(&json[copied..at]);
            repaired.push_str(instead);
            copied = at + length;
        }
        at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    repaired.push_str(&json[copied..]);
    Cow::Owned(repaired)
}

/// The escape that this begins with.
fn escape(json: &[u8]) -> Replacement {
    match code_unit(json) {
        None => (2, None),
        Some(0xD800..=0xDBFF) if code_unit(&json[6..]).is_some_and(|unit| (0xDC00..=0xDFFF).contains(&unit)) => {
            (12, None)
        }
        Some(0xD800..=0xDFFF) => (6, Some("\\ufffd")),
        Some(_) => (6, None),
    }
}

/// The UTF-16 code unit of the escape `\uXXXX` that this begins with.
fn code_unit(json: &[u8]) -> Option<u16> {
    let digits = json.strip_prefix(b"\\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_hexdigit))?;
    u16::from_str_radix(digits, 16).ok()
}

/// The number that this begins with.
fn number(json: &[u8]) -> Replacement {
    let length = json.iter().take_while(|byte| matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E' | b'0'..=b'9')).count();
    let value = std::str::from_utf8(&json[..length]).ok().and_then(|text| text.parse::<f64>().ok());
    let instead = value
        .filter(|value| value.is_infinite())
        .map(|value| if value.is_sign_positive() { "1.7976931348623157e308" } else { "-1.7976931348623157e308" });
    (length, instead)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn half_a_character_is_decoded_as_the_replacement_character() {
        for (json, expected) in [
            (r#""cut \ud83d""#, "cut \u{fffd}"),
            (r#""\ude00 cut""#, "\u{fffd} cut"),
            (r#""\uD83D\uD83D\uDE00""#, "\u{fffd}😀"),
            (r#""\ud83d\u0041\ud83d\n""#, "\u{fffd}A\u{fffd}\n"),
            (r#""\ud83dü\\ud83d""#, "\u{fffd}ü\\ud83d"),
            (r#""\ud83d\ude00""#, "😀"),
        ] {
            assert_eq!(from_slice::<String>(json.as_bytes()).unwrap(), expected, "{json}");
        }
        let whole = with_whole_characters(r#"{"\ud83d":1,"id":1e999,"id":"a"}"#);
        assert_eq!(members(&whole).unwrap().get("id").unwrap().get(), "\"a\"");
    }

    #[test]
    fn a_number_beyond_range_is_decoded_as_the_largest() {
        for (json, expected) in [("1e999", f64::MAX), ("-1E+999", -f64::MAX), (&"9".repeat(400), f64::MAX)] {
            assert_eq!(from_slice::<Vec<f64>>(format!("[{json}]").as_bytes()).unwrap(), [expected]);
        }
        assert_eq!(repair(r#"{"1e999":"1e999 -1e999","n":[1e308]}"#), r#"{"1e999":"1e999 -1e999","n":[1e308]}"#);
    }

    #[test]
    fn what_others_read_has_whole_characters_and_its_numbers_as_they_came() {
        for (json, expected) in [
            (r#"{"a":"\uD83D","n":1e999}"#, r#"{"a":"\ufffd","n":1e999}"#),
            (r#"{"a":"\ud83d\ude00 \u00e4 \\ud83d","n":-1E999}"#, r#"{"a":"\ud83d\ude00 \u00e4 \\ud83d","n":-1E999}"#),
        ] {
            assert_eq!(with_whole_characters(json), expected);
        }
    }

    #[test]
    fn what_is_not_json_stays_so() {
        for json in ["", "\"", "\"\\", "\"\\u", "\"\\ud83d", "\"\\ud8", "{\"a\":\"\\ud83d\"", "1e999e", "-", "[1e999"] {
            assert!(from_slice::<Value>(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn an_identifier_is_a_string_or_a_number_as_it_is_spelled() {
        let known = |json: &str| identifier(&serde_json::from_str::<Box<RawValue>>(json).unwrap());
        for (json, expected) in [
            (r#""c-1""#, Some("c-1")),
            (r#""\ud83d""#, Some("\u{fffd}")),
            ("7", Some("7")),
            ("123456789012345678901234", Some("123456789012345678901234")),
            ("-1e999", Some("-1e999")),
            ("\"\"", None),
            ("null", None),
            ("{}", None),
        ] {
            assert_eq!(known(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn a_value_keeps_the_digits_of_its_numbers() {
        for number in ["123456789012345678901234567890", "-0", "1e+999", "0.1000", "-1.50e-07"] {
            assert_eq!(parse::<Value>(number.as_bytes()).unwrap().to_string(), number);
        }
        assert_eq!(parse::<String>(b"\"Gr\xfc\xdfe \\ud83d\"").unwrap(), "Gr\u{fffd}\u{fffd}e \u{fffd}");
    }

    proptest! {
        #[test]
        fn what_serde_json_decodes_is_decoded_alike(json: String) {
            if let Ok(value) = serde_json::from_str::<Value>(&json) {
                prop_assert_eq!(from_slice::<Value>(json.as_bytes()).unwrap(), value);
            }
        }

        #[test]
        fn any_json_can_be_decoded_once_it_is_repaired(units: Vec<u16>, number in "-?[1-9][0-9]{0,3}([eE][+-]?[0-9]{1,4})?") {
            let escapes: Vec<_> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let escapes = escapes.concat();
            let json = format!(r#"["{escapes}",{number}]"#);
            let (text, _) = from_slice::<(String, f64)>(json.as_bytes()).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn no_text_makes_it_panic(json in r#"["\\ud83e0-9a{}\[\]:,+.ü-]{0,40}"#) {
            drop(repair(&json));
        }
    }
}
