//! Where settings come from: flag, then environment, then profile, then default.

mod credentials;
mod file;
mod folders;
mod keyring;
mod profile;
mod profiles;
mod secrets;
mod units;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use self::folders::Folders;
use crate::error::Error;
use crate::output::Format;

pub use keyring::Fault;
pub use profiles::DEFAULT_PROFILE;
pub use secrets::{Found, Secret, SecretPlace, Vault, missing};
pub use units::{size, span};

/// The endpoint of the Admin API (documented by the platform).
pub const DEFAULT_ENDPOINT: &str = "https://api.guuru.com/graphql";

/// The most that is told of an endpoint in the name of a file, in characters.
const LONGEST_NAME: usize = 100;

/// What the flags, or the environment behind them, say.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `--profile`, `GUURU_PROFILE`.
    pub profile: Option<String>,
    /// `--endpoint`, `GUURU_ENDPOINT`.
    pub endpoint: Option<Url>,
    /// `--output`, `GUURU_OUTPUT`.
    pub output: Option<Format>,
    /// `GUURU_CONFIG_DIR`.
    pub config_dir: Option<PathBuf>,
    /// `GUURU_STATE_DIR`.
    pub state_dir: Option<PathBuf>,
    /// The fields above that a flag gave, and not the environment, by the flag's name.
    pub flags: BTreeSet<&'static str>,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// The profile's table in `config.toml`.
    Profile,
    /// `guuru profile use`.
    Use,
    /// Nobody set it.
    #[default]
    Default,
}

impl Origin {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::Profile => "profile",
            Self::Use => "use",
            Self::Default => "default",
        }
    }
}

/// Where each of the settings comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origins {
    /// The profile's name.
    pub profile: Origin,
    /// The endpoint of the Admin API.
    pub endpoint: Origin,
    /// The form of output.
    pub output: Origin,
    /// The folder of the configuration.
    pub config_dir: Origin,
    /// The folder of the stores.
    pub state_dir: Origin,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile's name.
    pub profile: String,
    /// The endpoint of the Admin API.
    pub endpoint: Url,
    /// The form of output, where somebody asked for one.
    pub output: Option<Format>,
    /// The folder of the configuration.
    pub config_dir: PathBuf,
    /// Where the store lies.
    pub state_dir: PathBuf,
    /// Events older than this are pruned by themselves.
    pub prune_older_than: Option<Duration>,
    /// The oldest events are pruned by themselves while the store is larger than this, in bytes.
    pub prune_larger_than: Option<u64>,
    /// What came of commands longer ago than this is pruned by itself, once no event can lead to them any more.
    pub prune_journal_older_than: Option<Duration>,
    /// For how long the key of an event that was pruned tells the webhook that is sent again.
    pub keep_keys: Option<Duration>,
    /// Where the settings that may come from several places come from.
    pub origins: Origins,
    folders: Folders,
    given: Given,
}

impl Settings {
    /// Joins what was given with the profile's table and the defaults.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when a file cannot be read or has an unknown key.
    pub fn resolve(given: Given) -> anyhow::Result<Self> {
        let folders = Folders::find(&given)?;
        let config_dir = folders.config.clone();
        let (profile, profile_origin) = match given.profile.clone() {
            Some(profile) => (profile, given.origin("profile")),
            None => match profiles::in_use(&config_dir)? {
                Some(profile) => (profile, Origin::Use),
                None => (DEFAULT_PROFILE.to_owned(), Origin::Default),
            },
        };
        check_profile_name(&profile)?;
        let table = profile::read(&config_file(&config_dir))?.remove(&profile).unwrap_or_default();
        let (endpoint, endpoint_origin) = given.or("endpoint", given.endpoint.clone(), table.endpoint);
        let (output, output_origin) = given.or("output", given.output, table.output);
        let (_, config_dir_origin) = given.or("config_dir", given.config_dir.as_ref(), None);
        let (_, state_dir_origin) = given.or("state_dir", given.state_dir.as_ref(), None);
        Ok(Self {
            prune_older_than: table.prune_older_than,
            prune_larger_than: table.prune_larger_than,
            prune_journal_older_than: table.prune_journal_older_than,
            keep_keys: table.keep_keys,
            profile,
            endpoint: endpoint.map_or_else(|| Url::parse(DEFAULT_ENDPOINT).context("the default endpoint"), Ok)?,
            output,
            state_dir: folders.state.clone(),
            origins: Origins {
                profile: profile_origin,
                endpoint: endpoint_origin,
                output: output_origin,
                config_dir: config_dir_origin,
                state_dir: state_dir_origin,
            },
            config_dir,
            folders,
            given,
        })
    }

    /// The folder of the documents that were written for this endpoint's schema.
    pub fn documents_dir(&self, endpoint: &Url) -> PathBuf {
        self.config_dir.join("schema").join(&self.profile).join(Self::file_name(endpoint))
    }

    /// The file in which this endpoint's schema is kept; `None` where nobody says where the state is.
    pub fn schema_file(&self, endpoint: &Url) -> Option<PathBuf> {
        self.check_state(false).ok()?;
        Some(self.schema_dir().join(format!("{}.graphql", Self::file_name(endpoint))))
    }

    /// Removes the schemas that were kept for the profile.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when they cannot be removed.
    pub fn forget_schemas(&self) -> anyhow::Result<()> {
        match fs::remove_dir_all(self.schema_dir()) {
            Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Err(Error::config(format!("cannot remove {}: {error}", self.schema_dir().display())).into())
            }
            _ => Ok(()),
        }
    }

    fn schema_dir(&self) -> PathBuf {
        self.state_dir.join("schema").join(&self.profile)
    }

    /// The name of what is kept for an endpoint. What does not tell the whole address is followed by a hash of that, as what was
    /// written for one endpoint must not be used at another.
    fn file_name(endpoint: &Url) -> String {
        let port = endpoint.port().map(|port| format!("_{port}")).unwrap_or_default();
        let address = format!("{}{port}{}", endpoint.host_str().unwrap_or_default(), endpoint.path());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = address.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
        let name: String = name.trim_matches('_').chars().take(LONGEST_NAME).collect();
        if endpoint.as_str() == format!("https://{}", name.to_ascii_lowercase().replace('_', "/")) {
            return name;
        }
        let hash = Sha256::digest(endpoint.as_str());
        format!("{name}~{}", hex::encode(&hash[..8]))
    }

    /// Where an endpoint comes from that is not the platform's own, after "which"; `None` for that one.
    pub fn endpoint_origin(&self) -> Option<String> {
        match self.origins.endpoint {
            _ if self.endpoint.as_str() == DEFAULT_ENDPOINT => None,
            Origin::Environment => Some("GUURU_ENDPOINT names".to_owned()),
            Origin::Flag => Some("--endpoint names".to_owned()),
            _ => Some(format!("profile `{}` names in {}", self.profile, self.config_file().display())),
        }
    }

    /// What to do where the endpoint cannot be reached, and is not the platform's own.
    pub fn endpoint_advice(&self) -> Option<String> {
        let origin = self.endpoint_origin()?;
        let remedy = match self.origins.endpoint {
            Origin::Environment => "; `unset GUURU_ENDPOINT` if a sandbox that has ended left it set",
            _ => "",
        };
        Some(format!("nothing was sent: check the network and the endpoint, which {origin}{remedy}"))
    }

    /// The file with a table for each profile.
    pub fn config_file(&self) -> PathBuf {
        config_file(&self.config_dir)
    }

    /// The profile's store.
    pub fn store_path(&self) -> PathBuf {
        self.state_dir.join(format!("{}.db", self.profile))
    }
}

impl Given {
    /// Where what was given comes from.
    fn origin(&self, name: &str) -> Origin {
        if self.flags.contains(name) { Origin::Flag } else { Origin::Environment }
    }

    /// What was given, else what the profile sets, and which of them it was.
    fn or<T>(&self, name: &str, given: Option<T>, profile: Option<T>) -> (Option<T>, Origin) {
        match (given, profile) {
            (Some(value), _) => (Some(value), self.origin(name)),
            (None, Some(value)) => (Some(value), Origin::Profile),
            (None, None) => (None, Origin::Default),
        }
    }
}

/// Reads a whole address. What has no host is none: `localhost:80` is a scheme and a path by the letter.
pub fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.ok_or_else(|| format!("want a whole address, such as {DEFAULT_ENDPOINT}"))
}

fn config_file(config_dir: &Path) -> PathBuf {
    config_dir.join("config.toml")
}

/// A profile's name becomes part of a file's name.
fn check_profile_name(name: &str) -> anyhow::Result<()> {
    if is_plain_name(name) {
        return Ok(());
    }
    Err(Error::usage(format!("`{name}` is no name for a profile"))
        .hint("use letters, digits, `-`, `_` and `.`, at most 64 of them, and a letter or digit first")
        .into())
}

/// Whether a name can stand in a file's name: letters, digits, `-`, `_`, `.`, beginning with a letter or a digit.
pub fn is_plain_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.len() <= 64 && name.chars().all(allowed) && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, kind};

    fn given(config: &str) -> (tempfile::TempDir, Given) {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("config.toml"), config).unwrap();
        let given = Given {
            config_dir: Some(home.path().to_owned()),
            state_dir: Some(home.path().to_owned()),
            ..Given::default()
        };
        (home, given)
    }

    #[test]
    fn a_flag_beats_the_profile_and_the_profile_beats_the_default() {
        let (_home, given) = given("[work]\nendpoint = 'https://example.com/graphql'\noutput = 'jsonl'\n");
        let settings = Settings::resolve(given.clone()).unwrap();
        assert_eq!((settings.endpoint.as_str(), settings.output), (DEFAULT_ENDPOINT, None));
        let work = Given { profile: Some("work".into()), ..given };
        let settings = Settings::resolve(work.clone()).unwrap();
        assert_eq!((settings.endpoint.as_str(), settings.output), ("https://example.com/graphql", Some(Format::Jsonl)));
        let flag = Given { endpoint: Some(Url::parse("http://127.0.0.1:1/graphql").unwrap()), ..work };
        assert_eq!(Settings::resolve(flag).unwrap().endpoint.as_str(), "http://127.0.0.1:1/graphql");
    }

    #[test]
    fn a_bad_file_is_a_configuration_error_that_names_file_and_line() {
        for config in [
            "[default]\nendpiont = 'https://example.com'\n",
            "[default]\noutput = 7\n",
            "[default]\nprune-older-than = '30'\n",
            "[default]\nprune-larger-than = 'a lot'\n",
            "[default\n",
        ] {
            let (_home, given) = given(config);
            let error = Settings::resolve(given).unwrap_err();
            assert_eq!(kind(&error), Kind::Config);
            let text = format!("{error:#}");
            assert!(text.contains("config.toml") && text.contains("line"), "{text}");
        }
    }

    #[test]
    fn a_profile_says_when_the_inbox_is_pruned() {
        let (_home, given) =
            given("[default]\nprune-older-than = '30d'\nprune-larger-than = '1 GiB'\nkeep-keys = '90d'\n");
        let settings = Settings::resolve(given).unwrap();
        assert_eq!(settings.keep_keys, Some(Duration::from_secs(90 * 86_400)));
        assert_eq!(settings.prune_older_than, Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(settings.prune_larger_than, Some(1 << 30));
    }

    #[test]
    fn a_profile_name_cannot_leave_its_folder() {
        for name in ["../x", "", ".hidden", "a/b", "a b"] {
            let (_home, given) = given("");
            let error = Settings::resolve(Given { profile: Some(name.into()), ..given }).unwrap_err();
            assert_eq!(kind(&error), Kind::Usage, "{name}");
        }
    }
}
