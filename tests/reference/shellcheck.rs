//! `shellcheck` on what is written for a shell: the scripts, and the blocks of the README and of docs/.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::links::pages;
use crate::support::program::skip;

/// Where the scripts are, beside those at the root.
const FOLDERS: [&str; 5] = ["", ".ci", "benches", "docs/examples", "tests/revisions"];

fn scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = FOLDERS.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let is_for_a_shell = |path: &PathBuf| {
        let text = fs::read(path).unwrap();
        text.starts_with(b"#!/usr/bin/env bash\n") || text.starts_with(b"#!/bin/sh\n")
    };
    files.filter(is_for_a_shell).collect()
}

/// The blocks of a page that a shell may be given, each with the number of its first line.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut lines = page.lines().map(str::trim_start).enumerate();
    let mut blocks = Vec::new();
    while let Some((number, line)) = lines.next() {
        if line == "```sh" || line == "```bash" {
            let block: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            blocks.push((number + 2, block.join("\n") + "\n"));
        }
    }
    blocks
}

/// What it says of a text. The `$name` in an expression for jq is meant to stay as it is (SC2016).
fn judge(text: &[u8]) -> String {
    let mut command = Command::new("shellcheck");
    command.args(["--shell", "bash", "--exclude", "SC2016", "--format", "gcc", "-"]);
    let mut shellcheck = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    shellcheck.stdin.take().unwrap().write_all(text).unwrap();
    String::from_utf8(shellcheck.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn shellcheck_finds_nothing_in_scripts_and_in_what_the_documents_show() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        return skip("shellcheck is not installed");
    }
    assert!(judge(b"cat $1\n").contains("SC2086"), "it finds nothing");
    let scripts = scripts();
    assert!(scripts.len() >= 6, "{scripts:?}");
    for script in scripts {
        assert_eq!(judge(&fs::read(&script).unwrap()), "", "{}", script.display());
    }
    for (path, page) in pages() {
        for (line, block) in blocks(&page) {
            assert_eq!(judge(block.as_bytes()), "", "{}, line {line}:\n{block}", path.display());
        }
    }
}
