//! `config show`, and what is wrong with a configuration.

use serde_json::{Value, json};

use super::platform::{configure, sign_in};
use crate::support::program::{Home, SECRET, TOKEN};

fn shown(home: &Home, args: &[&str]) -> Value {
    home.run([&["config", "show", "-o", "json"], args].concat()).ok().json()
}

fn row(rows: &Value, setting: &str) -> (Value, Value) {
    let row = rows.as_array().unwrap().iter().find(|row| row["setting"] == setting);
    let row = row.unwrap_or_else(|| panic!("no {setting} in {rows}"));
    (row["value"].clone(), row["source"].clone())
}

#[test]
fn every_setting_says_where_it_comes_from() {
    let home = Home::bare();
    let rows = shown(&home, &[]);
    assert_eq!(row(&rows, "endpoint"), (json!("https://api.guuru.com/graphql"), json!("default")));
    assert_eq!(row(&rows, "output"), (json!("json"), json!("flag")));
    assert_eq!(row(&rows, "state-dir").1, "environment");
    assert_eq!(row(&rows, "token").1, "default");
    configure(&home, "[default]\nendpoint = 'https://profile.example.com/'\nprune-older-than = '30d'\n");
    assert_eq!(row(&shown(&home, &[]), "prune-older-than"), (json!("720h"), json!("profile")));
    assert_eq!(row(&shown(&home, &[]), "prune-larger-than"), (json!(null), json!("default")));
    assert_eq!(row(&shown(&home, &[]), "endpoint"), (json!("https://profile.example.com/"), json!("profile")));
    let home = home.with("GUURU_ENDPOINT", "https://environment.example.com/");
    assert_eq!(row(&shown(&home, &[]), "endpoint"), (json!("https://environment.example.com/"), json!("environment")));
    let rows = shown(&home, &["--endpoint", "https://flag.example.com/"]);
    assert_eq!(row(&rows, "endpoint"), (json!("https://flag.example.com/"), json!("flag")));
    // The same value as in the environment is still the flag's.
    let rows = shown(&home, &["--endpoint", "https://environment.example.com/"]);
    assert_eq!(row(&rows, "endpoint").1, "flag");
}

#[test]
fn secrets_are_set_or_not_and_never_shown() {
    let home = Home::new();
    for form in ["table", "json"] {
        let run = home.run(["config", "show", "-v", "-o", form]).ok();
        assert!(![TOKEN, SECRET].iter().any(|secret| format!("{run:?}").contains(secret)), "{run:?}");
    }
    assert_eq!(row(&shown(&home, &[]), "token"), (json!("set"), json!("environment")));
    let server = super::platform::platform();
    let home = super::platform::home(&server);
    sign_in(&home, "default");
    let rows = shown(&home, &[]);
    assert_eq!(row(&rows, "webhook-secret"), (json!("set"), json!("file")));
    assert!(!rows.to_string().contains("a-secret-of-default"));
}

#[test]
fn a_mistake_names_file_and_line_and_the_nearest_key() {
    let home = Home::new();
    for (text, line, words) in [
        ("[default]\noutput = 'json'\nendpiont = 'https://example.com'\n", 3, "unknown key `endpiont`"),
        ("\n\n[work]\noutput = 7\n", 4, "`output`: wanted string"),
        ("[default]\nendpoint = 'nonsense'\n", 2, "`endpoint`: want a whole address"),
        ("output = 'json'\n", 1, "a table `[NAME]`"),
        ("[default\n", 1, "unclosed"),
    ] {
        configure(&home, text);
        let run = home.run(["config", "show"]).failed(3, &format!("config/config.toml: line {line}: "));
        assert!(run.stderr.contains(words), "{run:?}");
        assert_eq!(run.stderr.contains("did you mean `endpoint`?"), text.contains("endpiont"), "{run:?}");
    }
}
