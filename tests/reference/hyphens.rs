//! A text or an id that begins with a hyphen is never taken for a wish for help: every command of the tree.

use super::tree::{commands, name};
use crate::support::program::Home;

#[test]
fn help_and_version_are_shown_for_whole_arguments_alone() {
    let home = Home::new();
    for command in commands() {
        let words: Vec<&str> = name(&command).split(' ').skip(1).collect();
        for arg in ["-hello", "-Vote", "-qh", "-h1", "-vV"] {
            let run = home.run([&words[..], &[arg]].concat()).failed(2, "error: unexpected argument");
            assert!(run.stderr.contains(&format!("-- {arg}")), "{words:?} {run:?}");
        }
        for arg in ["-h", "--help"] {
            assert!(home.run([&words[..], &[arg]].concat()).ok().stdout.contains("Usage:"), "{words:?}");
        }
        assert!(home.run([&words[..], &["--version"]].concat()).ok().stdout.starts_with("guuru"), "{words:?}");
    }
}
