//! The folders of configuration and state: where they are where nobody says so, and what may lie in them.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::support::program::Home;

const LIST: [&str; 2] = ["events", "list"];

/// What a run with these variables alone ends with, nobody being at a terminal.
fn run(home: &Home, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut command = home.command(args);
    command.env_clear().envs(variables.iter().copied()).stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn without_a_home_no_store_is_kept_where_nobody_looks_for_it() {
    let home = Home::bare();
    let (path, config) = (home.path().display().to_string(), ("GUURU_CONFIG_DIR", "/nowhere"));
    for nothing in [&[config][..], &[config, ("HOME", "")], &[config, ("HOME", ""), ("XDG_STATE_HOME", "relative")]] {
        let (code, _, stderr) = run(&home, nothing, &LIST);
        assert!(code == 3 && stderr.contains("GUURU_STATE_DIR, XDG_STATE_HOME and HOME are all unset"), "{stderr}");
        assert!(stderr.contains("hint: set GUURU_STATE_DIR"), "{stderr}");
    }
    for named in [("GUURU_STATE_DIR", path.as_str()), ("XDG_STATE_HOME", &path), ("HOME", &path)] {
        let (code, stdout, stderr) = run(&home, &[config, named], &LIST);
        assert_eq!((code, stdout.as_str()), (0, "[]\n"), "{named:?}: {stderr}");
    }
}

#[test]
fn what_needs_no_store_does_not_ask_where_it_is() {
    let home = Home::bare();
    for args in [&["completion", "bash"][..], &["--help"], &["help", "environment"], &["config", "show"]] {
        let (code, _, stderr) = run(&home, &[], args);
        assert_eq!((code, stderr.as_str()), (0, ""), "{args:?}");
    }
    let secret = ("GUURU_WEBHOOK_SECRET", "a-secret-of-the-tests");
    let (_, _, stderr) = run(&home, &[secret], &["verify", "--signature", "00"]);
    assert!(stderr.contains("the signature is not 64 characters long"), "{stderr}");
    let (_, _, stderr) = run(&home, &[], &["-v", "config", "show"]);
    assert!(stderr.contains("HOME is not set: the home folder is /"), "{stderr}");
    let (_, _, stderr) = run(&home, &[("HOME", "/nowhere")], &["-v", "config", "show"]);
    assert!(!stderr.contains("HOME is not set"), "{stderr}");
}

#[test]
fn a_tilde_that_no_shell_expanded_is_an_error_that_says_so() {
    let home = Home::bare();
    for variable in ["GUURU_STATE_DIR", "GUURU_CONFIG_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        for value in ["~/x", "~", "~ada/x"] {
            let (code, _, stderr) = run(&home, &[("HOME", "/nowhere"), (variable, value)], &LIST);
            assert!(code == 3 && stderr.contains(&format!("{variable} is `{value}`")), "{stderr}");
        }
    }
    for flag in ["--state-dir", "--config-dir"] {
        home.run([flag, "~/x", "config", "show"]).failed(3, &format!("{flag} is `~/x`"));
    }
    home.run(["--state-dir", &home.path().join("~x").display().to_string(), "events", "list"]).ok();
}

#[test]
fn nothing_is_written_through_a_link_in_the_place_of_a_file_of_the_store() {
    for name in
        ["default.db", "default.db-wal", "default.db-shm", "default.consumers/default.lock", "default.consumers"]
    {
        let home = Home::new();
        let (target, place) = (home.path().join("target"), home.path().join("state").join(name));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&target, "precious").unwrap();
        symlink(&target, &place).unwrap();
        home.run(["listen", "--addr", "127.0.0.1:0", "--timeout", "5s", "--count", "1"])
            .failed(3, "is a symbolic link");
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious", "{name}");
        assert!(fs::symlink_metadata(&place).unwrap().is_symlink(), "{name}");
    }
}

#[test]
fn a_folder_that_is_a_link_is_where_it_leads_to() {
    let home = Home::new();
    let disk = home.path().join("disk");
    fs::create_dir(&disk).unwrap();
    fs::set_permissions(&disk, Permissions::from_mode(0o700)).unwrap();
    symlink(&disk, home.path().join("state")).unwrap();
    let run = home.run(LIST).ok();
    assert_eq!((run.json(), run.stderr.as_str()), (Value::Array(Vec::new()), ""));
    assert!(disk.join("default.db").exists());
    let (dotfiles, config) = (home.path().join("dotfiles.toml"), home.path().join("config"));
    fs::create_dir(&config).unwrap();
    fs::write(&dotfiles, "[default]\noutput = 'jsonl'\n").unwrap();
    symlink(&dotfiles, config.join("config.toml")).unwrap();
    let row = home.run(["config", "show", "--jq", "select(.setting == \"output\").value"]).ok();
    assert_eq!(row.stdout, "jsonl\n");
}

#[test]
fn a_folder_of_the_store_that_others_may_write_to_is_told_once() {
    let home = Home::new();
    let state = home.path().join("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, Permissions::from_mode(0o777)).unwrap();
    let run = home.run(LIST).ok();
    assert_eq!(run.stderr.matches("others may write to the folder").count(), 1, "{run:?}");
    assert!(run.stderr.contains(&format!("chmod go-w '{}'", state.display())), "{run:?}");
}
