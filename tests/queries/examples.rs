//! Every example of the help is run as it stands there.

use std::path::Path;
use std::process::Command;

use super::platform::sandbox;
use crate::support::program::skip;

#[test]
fn every_example_of_the_help_works() {
    if Command::new("jq").arg("--version").output().is_err() {
        return skip("jq is missing");
    }
    let (_sandbox, home) = sandbox();
    let ours = Path::new(env!("CARGO_BIN_EXE_guuru")).parent().unwrap().to_str().unwrap();
    let path = format!("{ours}:{}", std::env::var("PATH").unwrap());
    let home = home.with("PATH", &path);
    for (command, count) in [
        (&["partner"][..], 1),
        (&["chat", "list"], 3),
        (&["chat", "show"], 1),
        (&["expert", "list"], 1),
        (&["submission", "list"], 1),
        (&["api"], 3),
    ] {
        let help = home.run([command, &["--help"]].concat()).ok().stdout;
        let (_, examples) = help.split_once("Example").unwrap();
        let (_, examples) = examples.split_once('\n').unwrap();
        let examples: Vec<_> = format!("\n{examples}").split("\n  guuru ").skip(1).map(ToOwned::to_owned).collect();
        assert_eq!(examples.len(), count, "{help}");
        for example in examples {
            let mut shell = Command::new("sh");
            let environment = home.command([""; 0]);
            let environment =
                environment.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
            let output =
                shell.args(["-c", &format!("guuru {example}")]).env_clear().envs(environment).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{example}: {output:?}");
            assert!(!output.stdout.is_empty() || example.contains("--since"), "{example}: {output:?}");
        }
    }
}
