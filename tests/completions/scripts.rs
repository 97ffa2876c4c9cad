//! The committed completions are those that the program prints.

use std::fs;
use std::path::Path;

use crate::support::program::Home;

#[test]
fn the_committed_completions_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in [
        ("bash", "guuru.bash"),
        ("zsh", "_guuru"),
        ("fish", "guuru.fish"),
        ("elvish", "guuru.elv"),
        ("powershell", "_guuru.ps1"),
    ] {
        let script = Home::bare().run(["completion", shell]).ok().stdout;
        if std::env::var_os("GUURU_UPDATE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(file), &script).unwrap();
        }
        let committed = fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(
            committed == script,
            "completions/{file} is out of date; renew it with `GUURU_UPDATE=1 cargo test --test integration completions`"
        );
    }
}

#[test]
fn an_unknown_shell_is_a_usage_error_that_names_the_known_ones() {
    Home::bare().run(["completion", "tcsh"]).failed(2, "bash, elvish, fish, powershell, zsh");
}
