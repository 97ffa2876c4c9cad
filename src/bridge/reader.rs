//! Lines from a program that may write anything: of bounded length, whatever comes.

use std::io::{self, BufRead};

use super::line::LINE_LIMIT;

/// Reads lines without their line feeds; a carriage return before one, and a byte order mark at the beginning, are left
/// out. Of a line that is too long only as much is kept as shows that it is.
pub struct LineReader<R> {
    source: R,
    at_start: bool,
}

impl<R: BufRead> LineReader<R> {
    /// Reads from `source`.
    pub fn new(source: R) -> Self {
        Self { source, at_start: true }
    }

    /// The next line; `None` at the end. A last line needs no line feed.
    pub fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
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

#[cfg(test)]
mod tests {
    use std::io::BufReader;

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
