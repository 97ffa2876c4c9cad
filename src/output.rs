//! One value for each command, shown as a table or text to people and as JSON to programs: because both come from the same
//! value, they cannot drift apart.

use std::fmt::Display;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::terminal::Terminal;

/// The forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table or short text, for people
    Table,
    /// One JSON document
    Json,
    /// One line of JSON for each element of a list
    Jsonl,
}

impl Format {
    /// The word that a flag takes for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }

    /// What is shown where nobody asked for a form: text on a terminal, JSON anywhere else.
    pub fn default_for_stdout() -> Self {
        if Terminal::stdout_is_terminal() { Self::Table } else { Self::Json }
    }
}

/// What a command shows: [`Display`] is for people, [`Serialize`] for programs.
pub trait View: Display + Serialize {}

impl<T: Display + Serialize> View for T {}

/// Renders a view, with the final line feed.
pub fn render(view: &impl View, format: Format) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    match format {
        Format::Table => out.extend_from_slice(view.to_string().trim_end().as_bytes()),
        Format::Json => serde_json::to_writer(&mut out, view)?,
        // Taken apart as text, so that a payload in it stays as it came, numbers included.
        Format::Jsonl => match serde_json::to_string(view)? {
            list if list.starts_with('[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(&list)?;
                let lines: Vec<&str> = elements.into_iter().map(RawValue::get).collect();
                out.extend_from_slice(lines.join("\n").as_bytes());
                if lines.is_empty() {
                    return Ok(out);
                }
            }
            document => out.extend_from_slice(document.as_bytes()),
        },
    }
    out.push(b'\n');
    Ok(out)
}

/// A table without lines, as wide as the terminal at most, with a line of headings.
pub fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(headings.to_vec());
    table
}

/// Text of strangers made fit for a terminal: control characters become visible, line feeds and all.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let hidden = c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let escaped = hidden.then(|| c.escape_default().collect::<Vec<_>>());
            escaped.unwrap_or_else(|| vec![c])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct List(Vec<u8>);

    impl Display for List {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            writeln!(f, "{} numbers", self.0.len())
        }
    }

    fn rendered(list: &List, format: Format) -> String {
        String::from_utf8(render(list, format).unwrap()).unwrap()
    }

    #[test]
    fn every_form_comes_from_the_same_value() {
        let list = List(vec![1, 2]);
        assert_eq!(rendered(&list, Format::Table), "2 numbers\n");
        assert_eq!(rendered(&list, Format::Json), "[1,2]\n");
        assert_eq!(rendered(&list, Format::Jsonl), "1\n2\n");
        assert_eq!(rendered(&List(Vec::new()), Format::Jsonl), "");
    }

    #[test]
    fn a_number_keeps_its_spelling_in_every_form_of_json() {
        #[derive(Serialize)]
        struct Raw(Box<RawValue>);
        impl Display for Raw {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        for (json, lines) in [("[0.1000,{\"b\":1E2,\"a\":1}]", "0.1000\n{\"b\":1E2,\"a\":1}\n"), ("0.1000", "0.1000\n")]
        {
            let view = Raw(RawValue::from_string(json.to_owned()).unwrap());
            assert_eq!(render(&view, Format::Json).unwrap(), format!("{json}\n").as_bytes());
            assert_eq!(render(&view, Format::Jsonl).unwrap(), lines.as_bytes());
        }
    }

    #[test]
    fn text_of_strangers_cannot_drive_a_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}c\n\u{9b}"), "a\\u{1b}[2Jb\\u{202e}c\\n\\u{9b}");
        assert_eq!(visible("Grüße, 你好 🙂"), "Grüße, 你好 🙂");
    }
}
