//! The values that an argument can have, from the configuration and the profile's store, which is only read. The network and the
//! keyring are not used. What cannot be found out is left out.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::CommandLine;
use crate::command::help;
use crate::config::Settings;
use crate::model::EventKind;
use crate::store::ReadOnlyStore;

/// What an argument names.
#[derive(Clone, Copy)]
enum Thing {
    Profile,
    Event,
    Chat,
    Consumer,
    Agent,
    Persona,
    HelpWord,
}

impl Thing {
    /// What this argument of this command names.
    fn of(command: &str, arg: &Arg) -> Option<Self> {
        Some(match (command, arg.get_id().as_str()) {
            (_, "profile") | ("show" | "use" | "delete", "name") => Self::Profile,
            (_, "event") => Self::Event,
            (_, "chat" | "chat_id") => Self::Chat,
            (_, "consumer" | "forget_consumer") => Self::Consumer,
            (_, "provider_id") => Self::Agent,
            (_, "persona") => Self::Persona,
            ("help", "words") => Self::HelpWord,
            _ => return None,
        })
    }

    /// The values that begin like this, behind these words, each with a word about it where there is one.
    fn values(self, settings: &Settings, typed: &Typed, begin: &str) -> Vec<(String, String)> {
        let store = || ReadOnlyStore::at(&settings.store_path());
        let alone = |name: String| (name, String::new());
        let personas = || store().map(|store| store.personas(settings.endpoint.as_str())).unwrap_or_default();
        match self {
            Self::Profile => settings.profiles().unwrap_or_default().into_iter().map(alone).collect(),
            Self::Event => {
                let documented = EventKind::ALL.map(|kind| kind.name().to_owned());
                let seen = store().map(|store| store.events()).unwrap_or_default();
                let others = seen.difference(&documented.clone().into()).cloned().collect::<Vec<_>>();
                documented.into_iter().chain(others).map(alone).collect()
            }
            Self::Chat => store().map(|store| store.chats(begin)).unwrap_or_default(),
            Self::Consumer => {
                store().map(|store| store.consumers()).unwrap_or_default().into_iter().map(alone).collect()
            }
            Self::Agent => personas().into_iter().map(|persona| (persona.provider_id, persona.name)).collect(),
            Self::Persona => personas().into_iter().map(|persona| (persona.id, persona.name)).collect(),
            Self::HelpWord => {
                help::next((typed.line.parser)(), typed.words.iter().skip_while(|word| *word != "help").skip(1))
            }
        }
    }
}

/// What is typed already.
struct Typed {
    line: CommandLine,
    /// The words before the one that is completed, which may say whose values are wanted.
    words: Vec<OsString>,
}

/// The command line, its arguments with their values. `words` are those before the one that is completed.
pub(super) fn attached(line: CommandLine, words: &[OsString]) -> Command {
    attach((line.parser)(), &Arc::new(Typed { line, words: words.to_vec() }))
}

fn attach(command: Command, typed: &Arc<Typed>) -> Command {
    let name = command.get_name().to_owned();
    let with_values = |arg: Arg| match Thing::of(&name, &arg) {
        Some(thing) => {
            let typed = Arc::clone(typed);
            arg.add(ArgValueCompleter::new(move |begin: &OsStr| complete(thing, &typed, begin)))
        }
        None => arg,
    };
    command.mut_args(with_values).mut_subcommands(|command| attach(command, typed))
}

fn complete(thing: Thing, typed: &Typed, begin: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(settings), Some(begin)) = (typed.settings(), begin.to_str()) else { return Vec::new() };
    let values = thing.values(&settings, typed, begin).into_iter();
    let candidate = |(order, (value, about)): (usize, (String, String))| {
        let about = (!about.is_empty()).then(|| crate::output::visible(&about).into());
        CompletionCandidate::new(value).help(about).display_order(Some(order))
    };
    values.filter(|(value, _)| value.starts_with(begin) && is_plain(value)).enumerate().map(candidate).collect()
}

impl Typed {
    /// The settings in force with the flags that are typed so far, whatever else is not there yet.
    fn settings(&self) -> Option<Settings> {
        let matches = (self.line.parser)().ignore_errors(true).try_get_matches_from(&self.words).ok()?;
        Settings::resolve((self.line.settings)(&matches)?).ok()
    }
}

/// Whether a word means itself in every shell. Shells differ in how they quote what they insert, and an id may come from
/// outside.
fn is_plain(value: &str) -> bool {
    let means_itself =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@' | '+' | ',' | '%');
    !value.is_empty() && !value.starts_with('-') && value.chars().all(means_itself)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::Cli;

    /// The paths of the arguments that have values, as they are typed.
    fn found(command: &Command, path: &str, all: &mut BTreeSet<String>) {
        for arg in command.get_arguments().filter(|arg| arg.get::<ArgValueCompleter>().is_some()) {
            all.insert(format!("{path} {}", arg.get_id()).trim_start().to_owned());
        }
        for command in command.get_subcommands() {
            found(command, &format!("{path} {}", command.get_name()), all);
        }
    }

    #[test]
    fn every_argument_that_names_a_thing_has_its_values() {
        let mut all = BTreeSet::new();
        let line = CommandLine { parser: Cli::parser, settings: Cli::settings };
        found(&attached(line, &[]), "", &mut all);
        let expected = [
            "bridge consumer",
            "bridge event",
            "chat accept chat_id",
            "chat accept persona",
            "chat accept provider_id",
            "chat close chat_id",
            "chat close persona",
            "chat open chat_id",
            "chat open persona",
            "chat send chat_id",
            "chat send persona",
            "chat show chat_id",
            "events list chat",
            "events list event",
            "events prune forget_consumer",
            "events replay chat",
            "events replay event",
            "events tail consumer",
            "events tail event",
            "help words",
            "listen consumer",
            "listen event",
            "persona create provider_id",
            "persona forget provider_id",
            "persona show provider_id",
            "profile",
            "profile delete name",
            "profile show name",
            "profile use name",
            "trigger chat",
            "trigger event",
        ];
        assert_eq!(all.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_words_that_mean_themselves_are_offered() {
        assert!(["c-1", "agent@example.com", "Grüße", "a.b/c:d"].into_iter().all(is_plain));
        assert!(
            ["", "-rf", "a b", "$(x)", "*", "a;b", "`x`", "~", "a\nb", "\u{1b}"].into_iter().all(|it| !is_plain(it))
        );
    }
}
