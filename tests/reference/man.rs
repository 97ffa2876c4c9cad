//! The man pages: one for each command, and one for each topic.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Command as Process, Stdio};

use clap::Command;
use clap_mangen::Man;
use guuru::command::help::{TOPICS, Topic};
use roff::{Roff, roman};

use super::is_up_to_date;
use super::tree::{about, commands, sections};
use crate::support::program::skip;

const MANUAL: &str = "guuru manual";

/// The manual's date, renewed with each release: the day of the build would make each build another.
const DATE: &str = "2026-11-26";

/// What every page begins with.
const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

fn page_name(command: &Command) -> String {
    command.get_display_name().unwrap_or("guuru").to_owned()
}

/// Lines that stay as they are.
fn verbatim<'a>(roff: &mut Roff, lines: impl IntoIterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

fn see_also(roff: &mut Roff, pages: &[String]) {
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman(pages.join(", "))]);
}

fn page(command: &Command, all: &[String]) -> String {
    let name = page_name(command);
    let is_program = name == "guuru";
    let sections = sections(command);
    // What stands below the help is written here, where its lines stay as they are.
    let command = command.clone().after_help(None).version(None);
    let man = Man::new(command).title(&name).manual(MANUAL).source("guuru").date(DATE);
    let mut text = Vec::new();
    man.render(&mut text).unwrap();
    let mut roff = Roff::new();
    for (heading, lines) in sections.into_iter().filter(|_| !is_program) {
        match heading.as_str() {
            "Example" | "Examples" => roff.control("SH", ["EXAMPLES"]),
            other => roff.control("SS", [other]),
        };
        verbatim(&mut roff, lines.iter().map(String::as_str));
    }
    if is_program {
        see_also(&mut roff, &TOPICS.map(|topic| format!("guuru-{}(7)", topic.name)));
    } else {
        roff.control("SH", ["GLOBAL OPTIONS"]);
        roff.text([roman("The options of guuru(1) that stand under this heading hold here too.")]);
        let family = all.iter().filter(|other| is_kin(&name, other)).map(|other| format!("{other}(1)"));
        see_also(&mut roff, &family.collect::<Vec<_>>());
    }
    // Each part defines the apostrophe; once is enough.
    text.extend(roff.render().strip_prefix(APOSTROPHE).unwrap().bytes());
    // A break beside an empty line does nothing.
    String::from_utf8(text).unwrap().replace("\n.br\n\n.br\n", "\n.sp\n")
}

/// Whether the other page is the one above this one, or beside it.
fn is_kin(name: &str, other: &str) -> bool {
    let parent = name.rsplit_once('-').map_or("guuru", |(parent, _)| parent);
    let is_sibling = other.strip_prefix(parent).is_some_and(|rest| rest.starts_with('-') && !rest[1..].contains('-'));
    other != name && (other == parent || (parent != "guuru" && is_sibling))
}

fn topic_page(topic: &Topic) -> String {
    let name = format!("guuru-{}", topic.name);
    let mut roff = Roff::new();
    roff.control("TH", [name.as_str(), "7", DATE, "guuru", MANUAL]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{name} - {}", topic.about))]);
    roff.control("SH", ["DESCRIPTION"]);
    let text = topic.text();
    verbatim(&mut roff, text.lines());
    see_also(&mut roff, &["guuru(1)".to_owned()]);
    roff.render()
}

/// Every page with its file's name.
fn pages() -> Vec<(String, String)> {
    let commands = commands();
    let names: Vec<String> = commands.iter().map(page_name).collect();
    let commands = commands.iter().map(|command| (format!("{}.1", page_name(command)), page(command, &names)));
    commands.chain(TOPICS.iter().map(|topic| (format!("guuru-{}.7", topic.name), topic_page(topic)))).collect()
}

#[test]
fn the_committed_man_pages_are_up_to_date() {
    let mut names = BTreeSet::new();
    for (name, text) in pages() {
        is_up_to_date(&format!("docs/man/{name}"), &text);
        names.insert(name);
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/man");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for file in files {
        assert!(names.contains(&file), "docs/man/{file} is the page of no command and no topic: remove it");
    }
}

/// What man shows of a page, and what it says about it.
fn read_by_man(page: &str) -> (String, String) {
    let mut man = Process::new("man")
        .args(["--warnings=w", "--local-file", "-"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs([("LC_ALL", "C.UTF-8"), ("MANWIDTH", "100"), ("MANPAGER", "cat")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    man.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = man.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn man_reads_every_page_without_a_warning() {
    if Process::new("man").arg("--version").output().is_err() {
        return skip("man is not installed");
    }
    let (_, said) = read_by_man(".TH faulty 1\n.SH NAME\n.no-such-macro\n");
    assert!(said.contains("warning"), "it warns of nothing: {said}");
    for (name, text) in pages() {
        let (shown, said) = read_by_man(&text);
        assert_eq!(said, "", "{name}");
        for heading in ["NAME", "DESCRIPTION", "SEE ALSO"] {
            assert!(shown.contains(heading), "{name}: {shown}");
        }
    }
}

#[test]
fn mandoc_finds_nothing_to_warn_of_in_a_page() {
    if Process::new("mandoc").output().is_err() {
        return skip("mandoc is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let lint = |pages: &[(String, String)]| {
        let files = pages.iter().map(|(name, text)| {
            fs::write(folder.path().join(name), text).unwrap();
            name
        });
        let files: Vec<_> = files.collect();
        let mut mandoc = Process::new("mandoc");
        let output = mandoc.args(["-T", "lint", "-W", "warning"]).args(files).current_dir(&folder).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(lint(&pages()), "");
    let faulty = ".TH faulty 1 \" \"\n.SH NAME\nfaulty \\- it has no date\n";
    assert!(lint(&[("faulty.1".into(), faulty.into())]).contains("date"), "it warns of nothing");
}

#[test]
fn a_man_page_has_what_the_help_has() {
    for command in commands() {
        let text = page(&command, &[]);
        assert!(text.contains(&about(&command).replace('-', "\\-").replace('\'', "\\*(Aq")), "{text}");
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let Some(long) = arg.get_long() else { continue };
            assert!(text.contains(&format!("\\-\\-{}", long.replace('-', "\\-"))), "{}: {long}", page_name(&command));
        }
    }
}
