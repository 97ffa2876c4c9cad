//! What a command takes from a file or from stdin, all of it at once.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context as _;

use crate::error::Error;

/// The path that means stdin.
pub(crate) const STDIN: &str = "-";

/// The longest text that is read, in bytes.
const TEXT_LIMIT: u64 = 1024 * 1024;

/// Reads at most `limit` bytes. `what` names the input in an error.
///
/// # Errors
/// [`crate::error::Kind::Usage`] where it cannot be read, or is longer.
pub(crate) fn bytes(path: &Path, what: &str, limit: u64) -> anyhow::Result<Vec<u8>> {
    let failed = || Error::usage(format!("cannot read {what}"));
    let source: Box<dyn Read> =
        if path == Path::new(STDIN) { Box::new(io::stdin()) } else { Box::new(File::open(path).with_context(failed)?) };
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > limit {
        return Err(Error::usage(format!("{what} is longer than {limit} bytes")).into());
    }
    Ok(bytes)
}

/// Reads a text without the newline at its end.
///
/// # Errors
/// As those of [`bytes()`], and where it is not UTF-8.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let name = name(path);
    let bytes = bytes(path, &name, TEXT_LIMIT)?;
    let mut text = String::from_utf8(bytes).with_context(|| Error::usage(format!("{name} is not UTF-8")))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

/// The path in an error.
pub(crate) fn name(path: &Path) -> String {
    if path == Path::new(STDIN) { "stdin".to_owned() } else { path.display().to_string() }
}
