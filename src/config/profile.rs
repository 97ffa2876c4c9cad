//! `config.toml`: one table for each profile.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use anyhow::Context;
use serde::Deserialize;
use url::Url;

use crate::error::Error;
use crate::output::Format;

/// What a profile may set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) endpoint: Option<Url>,
    pub(super) output: Option<Format>,
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
