//! The folders and files directly below `src/`, and which of them know each other. What the library's first page draws holds
//! because of these tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// For each room, those that it knows.
type Rooms = BTreeMap<String, BTreeSet<String>>;

/// What stands in a room's code is found in the text: a path from the crate's root begins with `crate::`.
fn rooms() -> Rooms {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut rooms = Rooms::new();
    for file in files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let first = Path::new(inside.iter().next().unwrap());
        let room = first.file_stem().unwrap().to_str().unwrap();
        rooms.entry(room.to_owned()).or_default().extend(known(&fs::read_to_string(&file).unwrap()));
    }
    let names: BTreeSet<String> = rooms.keys().cloned().collect();
    for (room, known) in &mut rooms {
        // What is no room stands in the library's first page, which declares the rooms and may know all of them.
        *known = known.iter().map(|name| if names.contains(name) { name.clone() } else { "lib".to_owned() }).collect();
        known.remove(room);
    }
    rooms
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let inner = folders.iter().flat_map(|folder| self::files(folder));
    let is_code = |path: &PathBuf| path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs");
    files.into_iter().filter(is_code).chain(inner).collect()
}

/// The names behind `crate::`, comments and the file's own tests apart.
fn known(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    assert!(!code.contains("crate::{"), "each room has a `use` of its own here, so that it is found by its name");
    code.split("crate::").skip(1).map(name).collect()
}

/// The rooms that are in a circle, or know one that is.
fn circles(mut rooms: Rooms) -> Rooms {
    while let Some(end) = rooms.iter().find(|(_, known)| known.is_empty()).map(|(room, _)| room.clone()) {
        rooms.remove(&end);
        for known in rooms.values_mut() {
            known.remove(&end);
        }
    }
    rooms
}

#[test]
fn no_room_knows_itself_by_way_of_others() {
    assert_eq!(circles(rooms()), Rooms::new());
}

#[test]
fn a_circle_is_found_wherever_it_is() {
    let graph = |edges: &[(&str, &str)]| {
        let mut rooms = Rooms::new();
        for (from, to) in edges {
            rooms.entry((*from).to_owned()).or_default().insert((*to).to_owned());
            rooms.entry((*to).to_owned()).or_default();
        }
        rooms
    };
    assert_eq!(circles(graph(&[("cli", "command"), ("command", "context"), ("cli", "context")])), Rooms::new());
    let circle = [("command", "context"), ("context", "command")];
    assert_eq!(circles(graph(&[&circle[..], &[("context", "error")]].concat())), graph(&circle));
    assert_eq!(
        known("use crate::cli::Cli;\n// crate::api\nlet x = crate::fail(crate::store::now());"),
        ["cli", "fail", "store"]
    );
}

#[test]
fn the_two_apis_the_store_and_the_sandbox_never_know_each_other() {
    let (rooms, apart) = (rooms(), ["api", "webhook", "store", "sandbox"]);
    for room in apart {
        let known: Vec<_> = apart.iter().filter(|other| rooms[room].contains(**other)).collect();
        assert!(known.is_empty(), "{room} knows {known:?}");
    }
}

#[test]
fn what_everything_may_know_knows_nothing() {
    for room in ["model", "error"] {
        assert_eq!(rooms()[room], BTreeSet::new(), "{room}");
    }
}

#[test]
fn what_commands_share_knows_no_command() {
    let shared = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/command/shared"));
    assert!(shared.len() > 5, "{shared:?}");
    for file in shared {
        let text = fs::read_to_string(&file).unwrap();
        let others = text.split("crate::command::").skip(1).filter(|path| !path.starts_with("shared::"));
        assert_eq!(others.count() + text.matches("super::super::").count(), 0, "{}", file.display());
    }
}

#[test]
fn who_is_handed_the_command_line_does_not_know_where_it_is_declared() {
    let rooms = rooms();
    let (command, context) = (&rooms["command"], &rooms["context"]);
    assert!(rooms["cli"].contains("command") && command.contains("context"));
    assert!(!command.contains("cli") && !context.contains("cli") && !context.contains("command"));
}
