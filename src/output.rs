//! One value for each command, shown as a table or text to people and as JSON to programs: because both come from the same
//! value, they cannot drift apart.

mod engine;
pub mod filter;
mod stream;
mod text;

use std::fmt::Display;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::value::RawValue;

pub use self::filter::Filter;
pub use self::stream::Stream;
pub use self::text::{list, table, time};
use crate::error::Report;
pub use crate::model::text::visible;
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

/// Prints an error in the form that was asked for, and returns its exit code.
pub fn fail(terminal: Terminal, error: &anyhow::Error, format: Option<Format>) -> ExitCode {
    let report = Report::from(error);
    terminal.report(&report, matches!(format, Some(Format::Json | Format::Jsonl)));
    ExitCode::from(report.exit_code)
}

/// How results are shown: in which form, and through which filter.
#[derive(Clone, Copy)]
pub struct Output<'a> {
    /// The form.
    pub format: Format,
    /// What filters the JSON; with one, nothing is shown as a table.
    pub filter: Option<&'a Filter>,
}

impl Output<'_> {
    /// Renders a view, with the final line feed.
    pub fn render(self, view: &impl View) -> anyhow::Result<Vec<u8>> {
        match (self.format, self.filter) {
            (Format::Table, None) => Ok(format!("{}\n", view.to_string().trim_end()).into_bytes()),
            // Taken apart as text, so that a payload in it stays as it came, numbers included.
            (Format::Jsonl, _) => match serde_json::to_string(view)? {
                list if list.starts_with('[') => {
                    let elements: Vec<&RawValue> = serde_json::from_str(&list)?;
                    let lines = elements.into_iter().map(|element| self.document(element.get().into()));
                    Ok(lines.collect::<anyhow::Result<Vec<_>>>()?.concat())
                }
                document => self.document(document.into()),
            },
            _ => self.json(view),
        }
    }

    /// Renders one JSON document on a line of its own, or what the filter makes of it.
    pub fn json(self, value: &impl Serialize) -> anyhow::Result<Vec<u8>> {
        self.document(serde_json::to_vec(value)?)
    }

    /// Renders a document whose spelling is to be kept; people get it indented.
    pub fn document(self, mut json: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if let Some(filter) = self.filter {
            return Ok(Terminal::fit_for_stdout(filter.apply(&json)?.text));
        }
        if self.format == Format::Table {
            json = engine::indented(&json).unwrap_or(json);
        }
        json.push(b'\n');
        Ok(Terminal::fit_for_stdout(json))
    }
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

    fn rendered(list: &List, format: Format, filter: Option<&str>) -> String {
        let filter = filter.map(|expression| Filter::new(expression).unwrap());
        String::from_utf8(Output { format, filter: filter.as_ref() }.render(list).unwrap()).unwrap()
    }

    #[test]
    fn every_form_comes_from_the_same_value() {
        let list = List(vec![1, 2]);
        assert_eq!(rendered(&list, Format::Table, None), "2 numbers\n");
        assert_eq!(rendered(&list, Format::Json, None), "[1,2]\n");
        assert_eq!(rendered(&list, Format::Jsonl, None), "1\n2\n");
        assert_eq!(rendered(&List(Vec::new()), Format::Jsonl, None), "");
    }

    #[test]
    fn a_filter_gets_the_document_or_each_line_of_it() {
        let list = List(vec![1, 2]);
        for format in [Format::Table, Format::Json] {
            assert_eq!(rendered(&list, format, Some(".[] + 1")), "2\n3\n");
        }
        assert_eq!(rendered(&list, Format::Jsonl, Some(". + 1")), "2\n3\n");
        assert_eq!(rendered(&list, Format::Jsonl, Some("select(. > 1)")), "2\n");
    }

    #[test]
    fn a_document_keeps_its_spelling_and_is_indented_for_people() {
        let document = |format| Output { format, filter: None }.document(br#"{"z":0.10,"a":["\u00e9"]}"#.to_vec());
        let text = |format| String::from_utf8(document(format).unwrap()).unwrap();
        assert_eq!(text(Format::Json), "{\"z\":0.10,\"a\":[\"\\u00e9\"]}\n");
        assert_eq!(text(Format::Table), "{\n  \"z\": 0.10,\n  \"a\": [\n    \"é\"\n  ]\n}\n");
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
            assert_eq!(
                Output { format: Format::Json, filter: None }.render(&view).unwrap(),
                format!("{json}\n").as_bytes()
            );
            assert_eq!(Output { format: Format::Jsonl, filter: None }.render(&view).unwrap(), lines.as_bytes());
        }
    }
}
