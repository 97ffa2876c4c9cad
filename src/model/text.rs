//! Makes text of strangers safe to show: characters that control a terminal, change the direction of writing, break a line or are
//! hidden become visible. Every text that is written for people goes through here.

use std::fmt::Write;

/// Whether a character is not seen, and changes how others are.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The characters of a text, each with whether it is hidden. The joiners of emoji and of scripts that need them are not.
fn characters(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut before = ' ';
    text.chars().map(move |character| {
        let joins = matches!(character, '\u{200c}' | '\u{200d}') && !before.is_ascii() && !is_hidden(before);
        before = character;
        (character, is_hidden(character) && !joins)
    })
}

/// The text with what is hidden as an escape: `\u{1b}`, `\n`.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for (character, hidden) in characters(text) {
        if hidden { visible.extend(character.escape_default()) } else { visible.push(character) }
    }
    visible
}

/// The text with a space for what is hidden.
pub fn blanked(text: &str) -> String {
    characters(text).map(|(character, hidden)| if hidden { ' ' } else { character }).collect()
}

/// JSON text of the same value in which nothing is hidden: `\u001b`. Line feeds and tabs stand between its parts, and stay.
pub fn visible_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for (character, hidden) in characters(json) {
        if !hidden || matches!(character, '\n' | '\t') {
            visible.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(visible, "\\u{unit:04x}");
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_hidden_becomes_visible_and_all_else_stays() {
        for (text, seen) in [
            ("a\u{1b}[2Jb\u{202e}c\n\u{9b}", "a\\u{1b}[2Jb\\u{202e}c\\n\\u{9b}"),
            (
                "\u{61c}\u{2028}\u{2029}\u{200b}\u{feff}\u{e0041}",
                "\\u{61c}\\u{2028}\\u{2029}\\u{200b}\\u{feff}\\u{e0041}",
            ),
            ("c\u{200d}1", "c\\u{200d}1"),
            ("Grüße, 你好 🙂 👩\u{200d}💻 می\u{200c}خواهم", "Grüße, 你好 🙂 👩\u{200d}💻 می\u{200c}خواهم"),
        ] {
            assert_eq!(visible(text), seen);
        }
        assert_eq!(blanked("a\u{1b}b\u{61c}"), "a b ");
    }

    proptest! {
        #[test]
        fn json_stays_the_same_value(text: String, hidden in "[\u{80}-\u{9f}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{e0001}\u{61c}]{0,4}") {
            let value = Value::from(format!("{text}{hidden}"));
            let json = visible_json(&value.to_string());
            prop_assert!(!characters(&json).any(|(_, hidden)| hidden), "{}", json);
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
        }
    }
}
