//! What is generated from the declarations of the command line: the man pages, docs/reference.md, and a run of every
//! example of the help.

mod examples;
mod hyphens;
mod links;
mod man;
mod markdown;
mod rooms;
mod shellcheck;
mod tree;

use std::fs;
use std::path::Path;

/// The committed file is as the declarations have it; `GUURU_UPDATE` writes it anew.
fn is_up_to_date(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("GUURU_UPDATE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    assert!(
        fs::read_to_string(file).unwrap_or_default() == text,
        "{path} is out of date; renew it with `GUURU_UPDATE=1 cargo test --test integration reference`"
    );
}
