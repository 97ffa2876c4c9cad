//! Finds lines that are not commands of their own: empty ones, and the rest of JSON that began on an earlier line, as tools write
//! it that indent. Such JSON gets one error, in the result of the line on which it began.

/// JSON that began on an earlier line and has not ended.
#[derive(Debug, Default)]
pub struct MultilineJson {
    /// The objects and lists that are open, each by the byte that opened it.
    open: Vec<u8>,
    /// The last byte that is no white space.
    last: u8,
}

impl MultilineJson {
    /// Whether a line gets no result of its own: it is empty, or continues JSON of an earlier line.
    pub fn skips(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        let Some(&first) = line.first() else { return true };
        let goes_on = !self.open.is_empty() && self.can_go_on_with(first) && !is_command(line);
        if !goes_on {
            *self = Self::default();
        }
        let begins = matches!(first, b'{' | b'[');
        if (goes_on || begins) && !self.follow(line) {
            *self = Self::default();
        }
        goes_on
    }

    /// Whether this byte can stand where the last line ended.
    fn can_go_on_with(&self, first: u8) -> bool {
        let in_list = self.open.last() == Some(&b'[');
        match first {
            b'}' => !in_list,
            b']' => in_list,
            b',' | b':' => true,
            b'"' => matches!(self.last, b'{' | b'[' | b',' | b':'),
            b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                self.last == b':' || (in_list && matches!(self.last, b'[' | b','))
            }
            _ => false,
        }
    }

    /// Follows what a line opens and closes. Returns whether an object or a list is open at its end, outside of a string.
    fn follow(&mut self, line: &[u8]) -> bool {
        let (mut in_text, mut escaped) = (false, false);
        for &byte in line {
            if in_text {
                in_text = escaped || byte != b'"';
                escaped = !escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => self.open.push(byte),
                b'}' | b']' => drop(self.open.pop()),
                _ => {}
            }
            if self.open.is_empty() {
                return false;
            }
        }
        self.last = line.last().copied().unwrap_or_default();
        !in_text
    }
}

/// Whether a line is an object with an `op`, and so a command of its own.
fn is_command(line: &[u8]) -> bool {
    line.first() == Some(&b'{')
        && crate::model::json::parse::<serde_json::Value>(line).is_ok_and(|object| object.get("op").is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The lines that have a result of their own, counted from 1.
    fn told(input: &str) -> Vec<usize> {
        let mut spread = MultilineJson::default();
        let lines = (1..).zip(input.split('\n'));
        lines.filter(|(_, line)| !spread.skips(line.as_bytes())).map(|(number, _)| number).collect()
    }

    #[test]
    fn multiline_json_has_one_error() {
        let command = json!({"ref": "1", "op": "sendChatMessage", "more": {"a": [1, "}{", -2, {}], "b\"": []}});
        let pretty = serde_json::to_string_pretty(&command).unwrap();
        assert_eq!(told(&pretty), [1]);
        let lines = pretty.lines().count();
        assert_eq!(told(&format!("{pretty}\n{pretty}\n\n{command}")), [1, lines + 1, 2 * lines + 2]);
        assert_eq!(told("[\n{\"ref\":\"1\"},\n{\"ref\":\"2\"}\n]\n{\"op\":\"x\"}"), [1, 5]);
    }

    #[test]
    fn a_line_that_was_cut_off_swallows_no_command_after_it() {
        let command = json!({"ref": "2", "op": "closeChat", "chatId": "c-1"}).to_string();
        for cut in [
            "{",
            "[",
            "{\"ref\"",
            "{\"ref\":",
            "{\"ref\":\"1",
            "{\"ref\":\"1\",",
            "{\"ref\":\"1\",\"a\":{",
            "[1,",
            "[[[",
        ] {
            assert_eq!(told(&format!("{cut}\n{command}\n{command}")), [1, 2, 3], "{cut}");
        }
        assert_eq!(told("{\n nonsense\n\"x\""), [1, 2, 3]);
    }

    #[test]
    fn empty_lines_have_no_result() {
        assert_eq!(told("\n \t\n\r\n{\"op\":\"x\"}\n"), [4]);
    }

    proptest! {
        #[test]
        fn a_command_is_never_covered(lines in prop::collection::vec("[{}\\[\\],:\"a1 \\\\]{0,6}", 0..8)) {
            let mut spread = MultilineJson::default();
            for line in lines {
                spread.skips(line.as_bytes());
                let text: Value = json!({"op": "closeChat"});
                prop_assert!(!spread.skips(text.to_string().as_bytes()));
            }
        }
    }
}
