//! A list that is written as it grows, so that one of any length needs little memory. Only a filter over the whole of it
//! has to have all of it first.

use super::{Format, Output};

/// The elements of a list on their way out as JSON.
pub struct Stream<'a> {
    output: Output<'a>,
    /// What stands before the next element of an array.
    before: &'static str,
    /// The array, where a filter wants it whole.
    whole: Vec<u8>,
}

impl<'a> Stream<'a> {
    /// A list without elements. Where the form is a table it is an array, as for any program.
    pub fn new(output: Output<'a>) -> Self {
        Self { output, before: "[", whole: Vec::new() }
    }

    /// Takes one element and gives what is to be written now.
    pub fn take(&mut self, element: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if self.output.format == Format::Jsonl {
            return self.output.document(element);
        }
        let text = [std::mem::replace(&mut self.before, ",").as_bytes(), &element].concat();
        if self.output.filter.is_none() {
            return Ok(text);
        }
        self.whole.extend_from_slice(&text);
        Ok(Vec::new())
    }

    /// What is to be written after the last element.
    pub fn end(mut self) -> anyhow::Result<Vec<u8>> {
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
}
