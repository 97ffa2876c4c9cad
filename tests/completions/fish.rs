//! fish: its own `complete -C`, with the script where fish looks for it.

use std::sync::Once;

use super::machine::{OFFERED, machine, script, shell, without_flags};

/// What fish offers for a line, each with its description.
fn offered(line: &str) -> Option<String> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let folder = machine().path().join(".config/fish/completions");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(script("guuru.fish"), folder.join("guuru.fish")).unwrap();
    });
    let output = shell(machine(), "fish")?.args(["-c", "complete -C \"$argv\"", line]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn value(line: &str) -> &str {
    line.split('\t').next().unwrap()
}

#[test]
fn every_value_is_offered_where_it_belongs() {
    for (line, expected) in OFFERED {
        let Some(offered) = offered(line) else { return };
        // fish sorts some of what it is given.
        let mut values = without_flags(line, offered.lines().map(value));
        let mut expected = expected.to_vec();
        values.sort_unstable();
        expected.sort_unstable();
        assert_eq!(values, expected, "{line}");
    }
}

#[test]
fn values_say_what_they_are() {
    for (line, expected) in [
        ("guuru ch", "chat\tLook at chats"),
        ("guuru chat close ", "c-1\tchat-teleported\nc-2\tchat-assigned\n"),
        ("guuru persona show a", "agent-42\tAda\n"),
        ("guuru --profile=st", "--profile=staging\n"),
    ] {
        let Some(offered) = offered(line) else { return };
        assert!(offered.starts_with(expected), "{line}: {offered}");
    }
}
