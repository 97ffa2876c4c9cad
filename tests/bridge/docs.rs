//! What the documentation says of the bridge is what the program does.

use std::fs;

use super::rig::{RECORDER, bridge, eventually_there, lines, stop};
use crate::commands::platform::{home, obliging};
use crate::support::program::{Home, eventually};

const BRIDGING: &str = include_str!("../../docs/bridging.md");
const INTERFACE: &str = include_str!("../../docs/interface.md");

#[test]
fn the_program_takes_every_command_line_of_the_documentation() {
    let commands = BRIDGING.lines().filter_map(|line| line.strip_prefix("guuru "));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples");
    let examples = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let examples: Vec<String> = examples.collect();
    let usages = examples.iter().map(|text| text.lines().find_map(|line| line.split_once("guuru ")).unwrap().1);
    for command in commands.chain(usages) {
        let (flags, program) = command.split_once(" -- ").expect(command);
        assert!(program.starts_with("./"), "{command}");
        let run = Home::bare().run(flags.split_whitespace().chain(["--help"])).ok();
        assert!(run.stdout.contains("Usage: guuru bridge"), "{command}");
    }
}

#[test]
fn the_documentation_names_every_example() {
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(BRIDGING.contains(&format!("[{name}](examples/{name})")), "{name}");
    }
}

#[test]
fn the_conversation_of_the_documentation_takes_place() {
    let (_, section) = INTERFACE.split_once("## One bridge, two ways").unwrap();
    let block = section.split("```").nth(1).unwrap().trim_start_matches("json\n");
    let [event, command, result, ack] = block.lines().collect::<Vec<_>>()[..] else { panic!("{block}") };
    assert!(event.starts_with(r#"{"type":"event","seq":42,"#) && ack == r#"{"op":"ack","seq":42}"#, "{block}");
    let platform = obliging();
    let home = home(&platform);
    let (mut bridge, _) = bridge(&home, &[], &format!("echo '{command}'; >written; {RECORDER}"));
    eventually_there(&home, "written");
    eventually("the result", || lines(&home, "seen") == [result]);
    stop(&mut bridge);
}
