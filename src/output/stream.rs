//! A list that is written as it grows, so that a list of any length needs little memory. Only a filter over the whole list needs
//! all of it first.

use super::{Filter, Format, Output};
use crate::terminal::Terminal;

/// The elements of a list on their way out as JSON.
pub struct Stream<'a> {
    output: Output<'a>,
    /// The filter of each element, where that does what the one of the whole would.
    each: Option<Filter>,
    /// Whether that filter has ended itself.
    halted: bool,
    /// What stands before the next element of an array.
    before: &'static str,
    /// The array, where a filter wants it whole.
    whole: Vec<u8>,
}

impl<'a> Stream<'a> {
    /// A list without elements. Where the form is a table it is an array, as for any program.
    pub fn new(output: Output<'a>) -> Self {
        let filter = output.filter.filter(|_| output.format != Format::Jsonl);
        Self { output, each: filter.and_then(Filter::of_each), halted: false, before: "[", whole: Vec::new() }
    }

    /// Takes one element and gives what is to be written now.
    pub fn take(&mut self, element: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if self.output.format == Format::Jsonl {
            return self.output.document(element);
        }
        if let Some(each) = &self.each {
            if self.halted {
                return Ok(Vec::new());
            }
            let filtered = each.apply(&element)?;
            self.halted = filtered.halted;
            return Ok(Terminal::fit_for_stdout(filtered.text));
        }
        let text = [std::mem::replace(&mut self.before, ",").as_bytes(), &element].concat();
        if self.output.filter.is_none() {
            return Ok(Terminal::fit_for_stdout(text));
        }
        self.whole.extend_from_slice(&text);
        Ok(Vec::new())
    }

    /// What is to be written after the last element.
    pub fn end(mut self) -> anyhow::Result<Vec<u8>> {
        if self.each.is_some() {
            return Ok(Vec::new());
        }
        let rest: &[u8] = match (self.output.format, self.before) {
            (Format::Jsonl, _) => return Ok(Vec::new()),
            (_, "[") => b"[]",
            _ => b"]",
        };
        self.whole.extend_from_slice(rest);
        if self.output.filter.is_some() {
            return self.output.document(self.whole);
        }
        self.whole.push(b'\n');
        Ok(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::*;

    fn streamed(elements: &[&str], format: Format, filter: Option<&str>) -> Vec<String> {
        let filter = filter.map(|expression| Filter::new(expression).unwrap());
        let mut stream = Stream::new(Output { format, filter: filter.as_ref() });
        let mut written: Vec<_> = elements.iter().map(|element| stream.take((*element).into()).unwrap()).collect();
        written.push(stream.end().unwrap());
        written.into_iter().map(|text| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn each_element_is_written_when_it_comes() {
        assert_eq!(streamed(&["1.0", "2"], Format::Json, None), ["[1.0", ",2", "]\n"]);
        assert_eq!(streamed(&["1.0", "2"], Format::Jsonl, None), ["1.0\n", "2\n", ""]);
        assert_eq!(streamed(&["1.0", "2"], Format::Jsonl, Some(". + 1, 0")), ["2.0\n0\n", "3\n0\n", ""]);
        assert_eq!(streamed(&["1", "2"], Format::Json, Some("add")), ["", "", "3\n"]);
        assert_eq!(streamed(&[], Format::Json, None), ["[]\n"]);
        assert_eq!(streamed(&[], Format::Json, Some("length")), ["0\n"]);
        assert_eq!(streamed(&[], Format::Jsonl, None), [""]);
    }

    #[test]
    fn a_filter_that_looks_at_one_element_at_a_time_is_applied_when_it_comes() {
        assert_eq!(streamed(&["1", "2"], Format::Json, Some(".[] | . + 1, 0")), ["2\n0\n", "3\n0\n", ""]);
        assert_eq!(streamed(&["[1]", "[2]"], Format::Table, Some(".[][0]")), ["1\n", "2\n", ""]);
        assert_eq!(streamed(&[], Format::Json, Some(".[]")), [""]);
        assert_eq!(streamed(&["1", "2"], Format::Json, Some(".[] | ., halt")), ["1\n", "", ""]);
        assert_eq!(streamed(&["1", "2"], Format::Json, Some(".[], length")), ["", "", "1\n2\n2\n"]);
    }
}
