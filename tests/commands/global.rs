//! The global flags, the environment, the configuration file, and the streams.

use std::fs::{self, File};

use super::platform::{home, obliging, operations, refusing};
use crate::support::program::{Home, SECRET, TOKEN};

const CLOSE: [&str; 3] = ["chat", "close", "c-1"];

#[test]
fn verbose_says_more_and_quiet_wins_and_neither_tells_a_secret() {
    let server = obliging();
    let home = home(&server);
    let verbose = home.run([&CLOSE[..], &["-v"]].concat()).ok();
    assert!(verbose.stderr.contains(&server.url()) && verbose.stderr.contains("default.db"), "{verbose:?}");
    assert!(![TOKEN, SECRET].iter().any(|secret| format!("{verbose:?}").contains(secret)));
    assert_eq!(home.run([&CLOSE[..], &["-v", "-q"]].concat()).ok().stderr, "");
    home.run(["persona", "create", "--provider-id", "a", "--name", "A"]).ok();
    assert_eq!(home.run(["persona", "forget", "a", "-q"]).ok().stderr, "");
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let server = refusing();
    let coloured = |home: Home, args: &[&str]| home.run([&CLOSE[..], args].concat()).failed(4, "error: ").stderr;
    let esc = '\u{1b}';
    assert!(!coloured(home(&server), &[]).contains(esc));
    let red = home(&server).run([&CLOSE[..], &["--color", "always"]].concat());
    assert!(red.stderr.starts_with("\u{1b}[31merror: \u{1b}[0m"), "{red:?}");
    assert!(home(&server).with("CLICOLOR_FORCE", "1").run(CLOSE).stderr.contains(esc));
    assert!(!coloured(home(&server).with("CLICOLOR_FORCE", "1"), &["--color", "never"]).contains(esc));
    assert!(!coloured(home(&server).with("NO_COLOR", "1").with("CLICOLOR_FORCE", "0"), &[]).contains(esc));
}

#[test]
fn colour_is_decided_for_usage_errors_and_help_too() {
    let esc = '\u{1b}';
    let home = Home::bare().with("CLICOLOR_FORCE", "1");
    assert!(home.run(["chat", "close"]).stderr.contains(esc));
    assert!(!home.run(["chat", "close", "--color", "never"]).stderr.contains(esc));
    assert!(!home.run(["chat", "--help", "--color=never"]).ok().stdout.contains(esc));
    assert!(Home::bare().run(["chat", "close", "--color=always"]).stderr.contains(esc));
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let server = obliging();
    let home = home(&server);
    for args in [&CLOSE[..], &["completion", "bash"], &["persona", "list"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home.command(args).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}: {output:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_stdout_that_cannot_be_written_is_a_failure_with_words() {
    let server = obliging();
    let home = home(&server);
    for args in [&CLOSE[..], &["completion", "bash"], &["persona", "list"], &["--help"], &["--version"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = home.command(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("error: cannot write to stdout: No space left"), "{args:?}: {stderr}");
        let has_result = args == CLOSE || args == ["persona", "list"];
        assert_eq!(has_result, stderr.contains("the command itself has succeeded"), "{args:?}: {stderr}");
    }
}

fn configure(home: &Home, text: &str) {
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), text).unwrap();
}

#[test]
fn a_profile_sets_endpoint_and_output_and_is_chosen_by_flag_or_variable() {
    let (default, work) = (obliging(), obliging());
    let home = Home::new();
    let text = "[default]\nendpoint = '{default}'\n[work]\nendpoint = '{work}'\noutput = 'table'\n";
    configure(&home, &text.replace("{default}", &default.url()).replace("{work}", &work.url()));
    assert_eq!(home.run(CLOSE).ok().json()["status"], "closed");
    assert_eq!(home.run([&CLOSE[..], &["--profile", "work"]].concat()).ok().stdout, "c-1  closed\n");
    assert!(home.path().join("state/work.db").exists());
    let home = home.with("GUURU_PROFILE", "work");
    assert_eq!(home.run(CLOSE).ok().stdout, "c-1  closed\n");
    assert_eq!(home.run([&CLOSE[..], &["-o", "json"]].concat()).ok().json()["status"], "closed");
    home.run([&CLOSE[..], &["--endpoint", &default.url()]].concat()).ok();
    assert_eq!((operations(&default).len(), operations(&work).len()), (2, 3));
}

#[test]
fn a_profile_decides_the_form_of_errors_too() {
    let server = refusing();
    let home = home(&server);
    configure(&home, "[default]\noutput = 'json'\n");
    home.run(CLOSE).failed(4, r#"{"error":{"kind":"refused""#);
}

#[test]
fn a_mistake_in_the_configuration_names_file_and_line() {
    let home = Home::new();
    configure(&home, "[default]\nendpiont = 'https://example.com'\n");
    let run = home.run(CLOSE).failed(3, "config.toml");
    assert!(run.stderr.contains("line 2") && run.stderr.contains("endpiont"), "{run:?}");
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let mut home = Home::new();
    for name in ["GUURU_OUTPUT", "GUURU_PROFILE", "GUURU_ENDPOINT"] {
        home = home.with(name, "");
    }
    assert_eq!(home.run(["persona", "list"]).ok().stdout, "[]\n");
    let empty = Home::bare().with("GUURU_TOKEN", " \n");
    empty.run(CLOSE).failed(3, "no access token");
}

#[test]
fn a_token_with_a_newline_at_its_end_is_taken_without_it() {
    let server = obliging();
    let home = Home::bare().with("GUURU_ENDPOINT", &server.url()).with("GUURU_TOKEN", &format!("{TOKEN}\n"));
    home.run(CLOSE).ok();
    assert_eq!(server.requests()[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
}

#[test]
fn help_is_for_everybody() {
    let home = Home::bare();
    for args in
        [&["--help"][..], &["chat", "send", "--help"], &["persona", "-h"], &["--version"], &["completion", "zsh"]]
    {
        assert!(!home.run(args).ok().stdout.is_empty());
    }
    let run = home.run([""; 0]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "something was written");
}
