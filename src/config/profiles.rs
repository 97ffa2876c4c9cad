//! The existing profiles. Each is a table in `config.toml`, a store, or both. The profile in use is in a file of its own, so that
//! choosing one does not rewrite a file that a person wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{Given, Origin, Settings, credentials, file, is_plain_name, profile};
use crate::error::{Error, nearest};

/// The profile where nobody chose one.
pub const DEFAULT_PROFILE: &str = "default";

impl Settings {
    /// The names of all profiles.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn profiles(&self) -> anyhow::Result<BTreeSet<String>> {
        let mut names: BTreeSet<String> = profile::read(&self.config_file())?.into_keys().collect();
        names.extend(credentials::profiles(&self.config_dir.join("credentials.toml"))?);
        for entry in fs::read_dir(&self.state_dir).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            names.extend(name.strip_suffix(".db").map(ToOwned::to_owned));
        }
        if self.profile == DEFAULT_PROFILE {
            names.insert(self.profile.clone());
        }
        // Other files in the folder are not profiles.
        names.retain(|name| is_plain_name(name));
        Ok(names)
    }

    /// Makes sure that the profile in force exists: with a mistyped name, the command would use another endpoint and an empty
    /// store.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when there is no such profile.
    pub fn check_profile(&self) -> anyhow::Result<()> {
        if self.profile == DEFAULT_PROFILE || self.store_path().exists() {
            return Ok(());
        }
        let known = self.profiles()?;
        if known.contains(&self.profile) {
            return Ok(());
        }
        let name = &self.profile;
        let chosen = if self.origins.profile == Origin::Use { ", which `guuru profile use` chose" } else { "" };
        let hint = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? `guuru profile list` shows all"),
            None => format!(
                "`guuru profile list` shows those that there are, `guuru profile create {name}` or `guuru auth login \
                 --profile {name}` adds it"
            ),
        };
        Err(Error::config(format!("there is no profile `{name}`{chosen}")).hint(hint).into())
    }

    /// The settings as they are with `--profile` of this name.
    ///
    /// # Errors
    /// When the name is none, or the configuration cannot be read.
    pub fn of_profile(&self, name: &str) -> anyhow::Result<Self> {
        Self::resolve(Given { profile: Some(name.to_owned()), ..self.given.clone() })
    }

    /// Adds the profile in force to `config.toml`, with the endpoint where a flag gave one, unless it is there already; the
    /// default one needs no table.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn keep_profile(&self) -> anyhow::Result<()> {
        let endpoint = (self.origins.endpoint == Origin::Flag).then_some(&self.endpoint);
        if self.profile == DEFAULT_PROFILE && endpoint.is_none() {
            return Ok(());
        }
        file::locked(&self.config_dir, || profile::add(&self.config_file(), &self.profile, endpoint))
    }

    /// Makes the profile in force the one that is used where none is named.
    ///
    /// # Errors
    /// When the choice cannot be written.
    pub fn use_profile(&self) -> anyhow::Result<()> {
        file::write(&self.config_dir.join("profile"), &format!("{}\n", self.profile))
    }

    /// Removes the profile's table; where it was the one in use, the default one is from now on.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn remove_profile(&self) -> anyhow::Result<()> {
        file::locked(&self.config_dir, || {
            if self.config_file().exists() {
                profile::remove(&self.config_file(), &self.profile)?;
            }
            let choice = self.config_dir.join("profile");
            if in_use(&self.config_dir)?.as_deref() == Some(&self.profile) {
                fs::remove_file(&choice)
                    .map_err(|error| Error::config(format!("cannot remove {}: {error}", choice.display())))?;
            }
            Ok(())
        })
    }
}

/// The profile that `guuru profile use` chose.
pub(super) fn in_use(config_dir: &Path) -> anyhow::Result<Option<String>> {
    let line = file::read(&config_dir.join("profile"))?;
    Ok(line.map(|line| line.trim().to_owned()).filter(|name| !name.is_empty()))
}
