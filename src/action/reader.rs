//! Reads lines from a program that may write anything. A line in memory has a bounded length.

use std::io::{self, BufRead, BufReader, Read};

use super::budget::Budget;
use super::line::LINE_LIMIT;

/// Reads lines without their line feeds; a carriage return before one, and a byte order mark at the beginning, are left out. Of a
/// line that is too long, only the beginning is kept.
struct LineReader<R> {
    source: R,
    at_start: bool,
}

impl<R: BufRead> LineReader<R> {
    /// Reads from `source`.
    fn new(source: R) -> Self {
        Self { source, at_start: true }
    }

    /// The next line; `None` at the end. A last line needs no line feed.
    fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut ended = false;
        let mut began = false;
        while !ended {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                break;
            }
            began = true;
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = (LINE_LIMIT + 2).saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            ended = end.is_some();
            let consumed = part.len() + usize::from(ended);
            self.source.consume(consumed);
        }
        if !began {
            return Ok(None);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if std::mem::take(&mut self.at_start) && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(line))
    }
}

/// A line from a program, or their end.
pub enum Line {
    /// The line, and its number from 1.
    Text(Vec<u8>, u64),
    /// No more lines, or none that can be read.
    End(io::Result<()>),
}

/// Calls `hand_on` with every line and then with the end, until it returns false. The cost of each line is taken from the budget;
/// whoever has handled the line must give it back.
pub fn read_lines(source: impl Read, budget: &Budget, mut hand_on: impl FnMut(Line) -> bool) {
    let mut lines = LineReader::new(BufReader::with_capacity(64 * 1024, source));
    for number in 1.. {
        // The cost of the longest line is taken before the line is read, so that no line is outside the budget.
        budget.take(Budget::cost(LINE_LIMIT));
        let (line, cost) = match lines.next_line() {
            Ok(Some(text)) => {
                let cost = Budget::cost(text.len());
                (Line::Text(text, number), cost)
            }
            Ok(None) => (Line::End(Ok(())), 0),
            Err(error) => (Line::End(Err(error)), 0),
        };
        budget.give_back(Budget::cost(LINE_LIMIT) - cost);
        let ended = matches!(line, Line::End(_));
        if !hand_on(line) || ended {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(input: &[u8], buffer: usize) -> Vec<Vec<u8>> {
        let mut reader = LineReader::new(BufReader::with_capacity(buffer, input));
        std::iter::from_fn(|| reader.next_line().unwrap()).collect()
    }

    #[test]
    fn line_ends_of_any_system_and_a_byte_order_mark_are_left_out() {
        assert_eq!(lines(b"\xef\xbb\xbfa\r\n\nb\n\xef\xbb\xbfc", 4), [&b"a"[..], b"", b"b", b"\xef\xbb\xbfc"]);
        assert_eq!(lines(b"", 4), [] as [Vec<u8>; 0]);
    }

    #[test]
    fn an_overlong_line_is_cut_and_the_next_one_is_whole() {
        let input = [vec![b'x'; 3 * LINE_LIMIT], b"\nnext".to_vec()].concat();
        let lines = lines(&input, 8192);
        assert!(lines[0].len() > LINE_LIMIT && lines[0].len() < LINE_LIMIT + 8);
        assert_eq!(lines[1..], [b"next"]);
    }

    proptest! {
        #[test]
        fn the_buffer_makes_no_difference(input: Vec<u8>, buffer in 1..20_usize) {
            prop_assert_eq!(lines(&input, buffer), lines(&input, 4096));
        }
    }
}
