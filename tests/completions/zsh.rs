//! zsh: a person at a terminal, as zsh completes nowhere else.

use std::collections::BTreeSet;
use std::fs;

use super::machine::{OFFERED, machine, script, shell, without_flags};
use crate::support::program::{Home, eventually};
use crate::support::terminal::Session;

/// What is typed before anything else: nothing asks whether it may list.
const SETUP: &str = "unsetopt zle_bracketed_paste; LISTMAX=0";

/// A zsh whose completions are loaded from this folder of functions, or from the script itself.
fn start(home: &Home, load: &str) -> Option<Session> {
    let mut zsh = shell(home, "zsh")?;
    // Wide enough that no line of the screen is broken.
    let mut session = Session::start(zsh.args(["-f", "-i"]).env("COLUMNS", "200").env("ZDOTDIR", home.path()));
    session.types(&format!("{SETUP}; {load}; print -u2 lo''aded\n"));
    session.sees("loaded");
    Some(session)
}

fn autoloaded(home: &Home) -> String {
    let folder = home.path().join("functions");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(script("_guuru"), folder.join("_guuru")).unwrap();
    format!(
        "fpath=('{}' $fpath); autoload -Uz compinit; compinit -u -d '{}/dump'",
        folder.display(),
        home.path().display()
    )
}

#[test]
fn the_script_completes_the_first_time_it_is_asked_where_zsh_loads_it_by_itself() {
    let home = Home::new();
    home.run(["profile", "create", "staging"]).ok();
    let Some(mut session) = start(&home, &autoloaded(&home)) else { return };
    session.types("guuru prof\tus\tsta\t\n");
    session.sees("is in use");
    session.types("guuru --profile=sta\tconfig show --jq '.[0].value' > shown\nexit\n");
    session.end();
    assert_eq!(fs::read_to_string(home.path().join("config/profile")).unwrap(), "staging\n");
    assert_eq!(fs::read_to_string(home.path().join("shown")).unwrap(), "staging\n");
}

#[test]
fn every_value_is_offered_where_it_belongs() {
    let home = machine();
    let load = format!("autoload -Uz compinit; compinit -u -D; source '{}'", script("_guuru").display());
    let Some(mut session) = start(home, &load) else { return };
    // Every match that is added is noted in a file; Ctrl-T empties the line, and means nothing to a terminal whose program
    // does not look at each key just now.
    session.types(
        "compadd() { builtin compadd -O found \"$@\"; print -rl -- $found >>offered; builtin compadd \"$@\" }\n",
    );
    session.types("bindkey '^T' kill-whole-line\n");
    for (n, (line, expected)) in OFFERED.into_iter().enumerate() {
        session.types(&format!("{line}\t\u{14}: >done-{n}\n"));
        eventually(line, || home.path().join(format!("done-{n}")).exists());
        let offered = fs::read_to_string(home.path().join("offered")).unwrap();
        fs::remove_file(home.path().join("offered")).unwrap();
        let values: BTreeSet<_> = without_flags(line, offered.lines()).into_iter().collect();
        assert_eq!(values, expected.iter().copied().collect(), "{line}");
    }
    session.types("exit\n");
    session.end();
}
