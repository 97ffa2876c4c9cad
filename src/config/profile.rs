//! `config.toml`: one table for each profile.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use anyhow::Context;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::units;
use crate::error::Error;
use crate::output::Format;

/// What a profile may set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Profile {
    pub(super) endpoint: Option<Url>,
    pub(super) output: Option<Format>,
    #[serde(default, deserialize_with = "span")]
    pub(super) prune_older_than: Option<Duration>,
    #[serde(default, deserialize_with = "size")]
    pub(super) prune_larger_than: Option<u64>,
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    units::span(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    units::size(&String::deserialize(deserializer)?).map(Some).map_err(D::Error::custom)
}

/// Reads one profile; a file that is not there, or does not have it, sets nothing.
pub(super) fn read(path: &Path, name: &str) -> anyhow::Result<Profile> {
    let failed = || Error::config(format!("cannot read {}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Profile::default()),
        Err(error) => return Err(error).with_context(failed),
    };
    let mut profiles: BTreeMap<String, Profile> = toml::from_str(&text).with_context(failed)?;
    Ok(profiles.remove(name).unwrap_or_default())
}
