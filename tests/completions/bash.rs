//! bash: the function that the script registers, called as readline calls it, and a person at a terminal.

use super::machine::{OFFERED, machine, script, shell, without_flags};
use crate::support::program::Home;
use crate::support::terminal::Session;

/// What the registered function offers for a line, whose words are broken as readline breaks them.
const CALL: &str = r#"
source "$1"
[[ $(complete -p guuru) =~ -F\ ([^ ]+) ]] || exit 3
COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMP_TYPE=9
"${BASH_REMATCH[1]}" guuru "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}""#;

fn offered(words: &[&str]) -> Option<String> {
    let script = script("guuru.bash");
    let args = ["--norc", "--noprofile", "-c", CALL, "bash", script.to_str().unwrap()];
    let output = shell(machine(), "bash")?.args(args).args(words).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_value_is_offered_where_it_belongs() {
    for (line, expected) in OFFERED {
        let words: Vec<_> = line.split(' ').collect();
        let Some(offered) = offered(&words) else { return };
        assert_eq!(without_flags(line, offered.lines()), expected, "{line}");
    }
}

#[test]
fn a_value_behind_an_equals_sign_is_completed_as_readline_breaks_it() {
    for (words, expected) in [
        (&["guuru", "--profile", "=", "st"][..], "staging"),
        (&["guuru", "--profile", "=", "staging", "chat", "show", "s"], "s-1"),
    ] {
        let Some(offered) = offered(words) else { return };
        assert_eq!(offered.trim(), expected, "{words:?}");
    }
}

#[test]
fn a_person_at_a_terminal_types_less() {
    let home = Home::new();
    home.run(["profile", "create", "staging"]).ok();
    let Some(mut bash) = shell(&home, "bash") else { return };
    let mut session = Session::start(bash.args(["--norc", "--noprofile", "-i"]).env("PS1", "ready> "));
    session.sees("ready> ");
    session.types(&format!("source '{}'\n", script("guuru.bash").display()));
    session.types("guuru prof\tus\tsta\t\n");
    session.sees("is in use");
    session.types("guuru --profile=sta\tconfig show --jq '.[0].value' > shown\nexit\n");
    session.end();
    assert_eq!(std::fs::read_to_string(home.path().join("config/profile")).unwrap(), "staging\n");
    assert_eq!(std::fs::read_to_string(home.path().join("shown")).unwrap(), "staging\n");
}
