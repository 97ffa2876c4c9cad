//! bash hands over the words as readline breaks them, at `=` too: `--profile=st` comes as `--profile`, `=` and `st`, and what is
//! completed is `st`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine::complete;
use clap_complete::env::{self, EnvCompleter};

/// What is completed in bash.
pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        env::Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        env::Bash.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        env::Bash.write_registration(var, name, bin, completer, buf)
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let place = super::place(args.len()).unwrap_or_default();
        let (words, place) = joined(&args, place);
        let candidates = complete(cmd, words, place, current_dir)?;
        let values: Vec<_> = candidates.iter().map(|candidate| candidate.get_value().to_string_lossy()).collect();
        // The script says by what it tells them apart.
        buf.write_all(values.join(&std::env::var("_CLAP_IFS").unwrap_or_default()).as_bytes())
    }
}

/// The words without each `=` that stands between a flag and its value, and the place of the word that is completed.
pub(super) fn joined(words: &[OsString], place: usize) -> (Vec<OsString>, usize) {
    let mut kept: Vec<OsString> = Vec::new();
    let mut moved = place;
    for (n, word) in words.iter().enumerate() {
        let after_flag = kept.last().is_some_and(|last| last.to_string_lossy().starts_with("--"));
        if n != place && after_flag && *word == "=" {
            moved -= usize::from(n < place);
        } else {
            kept.push(word.clone());
        }
    }
    (kept, moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_and_its_value_stand_side_by_side_again() {
        for (words, expected) in [
            ("guuru --profile = st", "guuru --profile st"),
            ("guuru --profile=x --event = a b = c", "guuru --profile=x --event a b = c"),
            ("guuru = --profile", "guuru = --profile"),
        ] {
            let split = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
            let words = split(words);
            let last = words.len() - 1;
            let (kept, place) = joined(&words, last);
            assert_eq!((kept.clone(), place), (split(expected), kept.len() - 1));
        }
    }
}
