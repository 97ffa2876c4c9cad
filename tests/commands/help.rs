//! `guuru help`: for everybody, whatever is set up; its topics say what the code does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use guuru::cli::Cli;
use guuru::error::Kind;
use serde_json::Value;

use crate::support::program::Home;

const TOPICS: [&str; 4] = ["exit-codes", "environment", "lines", "security"];

fn help(words: &[&str]) -> String {
    Home::bare().run([&["help"], words].concat()).ok().stdout
}

#[test]
fn help_of_a_command_is_what_its_flag_shows() {
    let home = Home::bare();
    for words in [&[][..], &["chat"], &["chat", "send"], &["auth", "secret", "generate"], &["help"]] {
        assert_eq!(help(words), home.run([words, &["--help"]].concat()).ok().stdout, "{words:?}");
    }
    let styled = home.run(["help", "chat", "--color", "always"]).ok().stdout;
    assert!(styled.contains("\u{1b}[") && !help(&["chat"]).contains('\u{1b}'), "{styled:?}");
}

#[test]
fn every_topic_is_named_by_the_help_and_fits_80_columns() {
    let overview = help(&[]);
    for topic in TOPICS {
        assert!(overview.contains(&format!("guuru help {topic} ")), "{overview}");
        let text = help(&[topic]);
        assert!(text.ends_with(".\n") || text.ends_with("}\n") || text.ends_with("end\n"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80 && line.trim_end() == line, "{topic}: {line:?}");
        }
    }
    assert_eq!(overview.matches("guuru help ").count(), TOPICS.len(), "a topic is not tested: {overview}");
}

#[test]
fn help_needs_no_configuration_that_can_be_read() {
    let home = Home::bare();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "endpiont = 1").unwrap();
    for words in [&["help"][..], &["help", "chat"], &["help", "environment"]] {
        home.run(words).ok();
    }
    home.run(["config", "show"]).failed(3, "config.toml");
}

#[test]
fn a_word_that_is_no_topic_suggests_the_nearest() {
    for (words, near) in [
        (&["exitcodes"][..], "exit-codes"),
        (&["enviroment"], "environment"),
        (&["chta"], "chat"),
        (&["chat", "sned"], "chat send"),
        (&["auth", "secret", "genrate"], "auth secret generate"),
    ] {
        let run = Home::bare().run([&["help"], words].concat());
        run.failed(2, &format!("hint: did you mean `guuru help {near}`?\n"));
    }
    Home::bare().run(["help", "chat", "lines"]).failed(2, "`guuru help chat lines` is no command and no topic");
    Home::bare().run(["help", "xyz"]).failed(2, "hint: `guuru help` says what there is\n");
}

#[test]
fn the_topic_and_the_readme_have_every_exit_code() {
    let topic = help(&["exit-codes"]);
    for kind in Kind::ALL {
        let (code, name, meaning) = (kind.exit_code(), kind.name(), kind.meaning());
        let row = format!("| {code} | {name} | {meaning} |\n");
        assert!(include_str!("../../README.md").contains(&row), "the README lacks {row}");
        assert!(topic.contains(&format!("  {code} {name:11}  {meaning}\n")), "{topic}");
    }
}

/// The variables of this program that a text names.
fn variables(text: &str) -> BTreeSet<String> {
    let allowed = |c: char| c.is_ascii_uppercase() || c == '_';
    let words = text.split(|c| !allowed(c));
    words.filter(|word| word.starts_with("GUURU_") && word.len() > 6).map(ToOwned::to_owned).collect()
}

fn variables_below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(variables_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.extend(variables(&fs::read_to_string(path).unwrap()));
        }
    }
    found
}

#[test]
fn the_topic_has_every_variable_and_the_flag_that_goes_before_it() {
    let topic = help(&["environment"]);
    let code = variables_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert_eq!(variables(&topic), code.into_iter().chain(["GUURU_SANDBOX".to_owned()]).collect());
    for arg in Cli::command().get_arguments() {
        let Some(variable) = arg.get_env().and_then(|variable| variable.to_str()) else { continue };
        let line = topic.lines().find(|line| line.split_whitespace().next() == Some(variable)).unwrap();
        let flag = format!("--{}", arg.get_long().unwrap());
        assert_eq!(line.contains(&flag), !arg.is_hide_set(), "{line}");
    }
}

#[test]
fn the_topic_has_every_key_of_the_configuration() {
    let home = Home::bare();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "[default]\nzzz = 1\n").unwrap();
    let run = home.run(["config", "show"]).failed(3, "unknown key `zzz`, expected one of ");
    let (topic, known) = (help(&["environment"]), run.stderr.split_once("expected one of ").unwrap().1);
    for key in known.split('`').skip(1).step_by(2) {
        assert!(topic.split_whitespace().any(|word| word.trim_end_matches(',') == key), "{key}: {topic}");
    }
}

#[test]
fn the_topic_has_every_key_of_the_lines() {
    let topic = help(&["lines"]);
    let words: BTreeSet<&str> = topic.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let mut checked = 0;
    for schema in ["event", "command", "result"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
        let schema = fs::read_to_string(folder.join(format!("{schema}.schema.json"))).unwrap();
        checked += check_keys(&serde_json::from_str(&schema).unwrap(), &words);
    }
    assert!(checked > 20, "{checked}");
}

/// Every property of the schema, and every constant, is among the words.
fn check_keys(schema: &Value, words: &BTreeSet<&str>) -> usize {
    let mut checked = 0;
    let Some(object) = schema.as_object() else {
        return schema.as_array().into_iter().flatten().map(|part| check_keys(part, words)).sum();
    };
    for (key, value) in object {
        if key == "properties" {
            for name in value.as_object().unwrap().keys() {
                assert!(words.contains(name.as_str()), "the topic does not mention `{name}`");
                checked += 1;
            }
        }
        if let ("const", Some(name)) = (key.as_str(), value.as_str()) {
            assert!(words.contains(name), "the topic does not mention `{name}`");
        }
        checked += check_keys(value, words);
    }
    checked
}
