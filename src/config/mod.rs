//! Where settings come from: flag, then environment, then profile, then default.

mod profile;
mod secrets;

use std::path::PathBuf;

use anyhow::Context;
use etcetera::BaseStrategy;
use url::Url;

use crate::error::Error;
use crate::output::Format;

pub use secrets::{token, webhook_secret};

/// The endpoint of the Admin API (documented by the platform).
pub const DEFAULT_ENDPOINT: &str = "https://api.guuru.com/graphql";

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
    /// Where the configuration lies.
    pub config_dir: PathBuf,
    /// Where the store lies.
    pub state_dir: PathBuf,
}

impl Settings {
    /// Joins what was given with the profile's file and the defaults.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when the file cannot be read or has an unknown key.
    pub fn resolve(given: Given) -> anyhow::Result<Self> {
        let profile = given.profile.unwrap_or_else(|| "default".to_owned());
        check_profile_name(&profile)?;
        let config_dir = match given.config_dir {
            Some(folder) => folder,
            None => base()?.config_dir().join("guuru"),
        };
        let file = profile::read(&config_dir.join("config.toml"), &profile)?;
        Ok(Self {
            endpoint: match given.endpoint.or(file.endpoint) {
                Some(endpoint) => endpoint,
                None => Url::parse(DEFAULT_ENDPOINT).context("the default endpoint")?,
            },
            output: given.output.or(file.output),
            state_dir: match given.state_dir {
                Some(folder) => folder,
                None => default_state_dir()?,
            },
            config_dir,
            profile,
        })
    }

    /// The folder of the documents that were written for the endpoint's schema.
    pub fn documents_dir(&self) -> PathBuf {
        let port = self.endpoint.port().map(|port| format!("_{port}")).unwrap_or_default();
        let address = format!("{}{port}{}", self.endpoint.host_str().unwrap_or_default(), self.endpoint.path());
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = address.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
        self.config_dir.join("schema").join(&self.profile).join(name.trim_matches('_'))
    }

    /// The profile's store.
    pub fn store_path(&self) -> PathBuf {
        self.state_dir.join(format!("{}.db", self.profile))
    }
}

fn default_state_dir() -> anyhow::Result<PathBuf> {
    let base = base()?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("guuru"))
}

fn base() -> anyhow::Result<impl BaseStrategy> {
    etcetera::choose_base_strategy().map_err(|_| {
        Error::config("no home folder is known").hint("set HOME, or GUURU_CONFIG_DIR and GUURU_STATE_DIR").into()
    })
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
        for config in ["[default]\nendpiont = 'https://example.com'\n", "[default]\noutput = 7\n", "[default\n"] {
            let (_home, given) = given(config);
            let error = Settings::resolve(given).unwrap_err();
            assert_eq!(kind(&error), Kind::Config);
            let text = format!("{error:#}");
            assert!(text.contains("config.toml") && text.contains("line"), "{text}");
        }
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
