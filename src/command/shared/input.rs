//! Texts that a command takes from a file or from stdin.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context as _;

use crate::error::Error;

/// The longest text that is read from a file, in bytes.
const TEXT_LIMIT: u64 = 1024 * 1024;

/// Reads a text without the newline at its end; `-` is stdin.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let (name, source): (_, Box<dyn Read>) = if path == Path::new("-") {
        ("stdin".to_owned(), Box::new(io::stdin()))
    } else {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| Error::usage(format!("cannot read {name}")))?;
        (name, Box::new(file))
    };
    let mut bytes = Vec::new();
    let read = source.take(TEXT_LIMIT + 1).read_to_end(&mut bytes);
    read.with_context(|| Error::usage(format!("cannot read {name}")))?;
    if bytes.len() as u64 > TEXT_LIMIT {
        return Err(Error::usage(format!("{name} is longer than {TEXT_LIMIT} bytes")).into());
    }
    let mut text = String::from_utf8(bytes).with_context(|| Error::usage(format!("{name} is not UTF-8")))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}
