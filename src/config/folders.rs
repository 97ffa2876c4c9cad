//! The folders of configuration and state: those that are named, else the XDG folders below the home folder. If the environment has
//! no home folder, the one of the password database is used, with a warning; a store is kept there only if a person is at a
//! terminal.

use std::env;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::{Given, Settings};
use crate::error::Error;

/// The folders in force.
#[derive(Clone, Debug)]
pub(super) struct Folders {
    pub(super) config: PathBuf,
    pub(super) state: PathBuf,
    /// The home folder of the password database, where one of the two lies in it because HOME is not set.
    home: Option<PathBuf>,
    /// Whether the state does.
    is_state_unnamed: bool,
}

impl Folders {
    /// Finds them; nothing is made.
    pub(super) fn find(given: &Given) -> anyhow::Result<Self> {
        let name = |field, flag: &'static str, variable| if given.flags.contains(field) { flag } else { variable };
        let config_named = named(
            given.config_dir.as_deref(),
            name("config_dir", "--config-dir", "GUURU_CONFIG_DIR"),
            "XDG_CONFIG_HOME",
        )?;
        let state_named =
            named(given.state_dir.as_deref(), name("state_dir", "--state-dir", "GUURU_STATE_DIR"), "XDG_STATE_HOME")?;
        let is_homeless = env::var_os("HOME").is_none_or(|home| home.is_empty());
        let (is_config_unnamed, is_state_unnamed) =
            (is_homeless && config_named.is_none(), is_homeless && state_named.is_none());
        let home = (is_config_unnamed || is_state_unnamed).then(|| base().map(|base| base.home_dir().to_owned()));
        Ok(Self {
            config: config_named.map_or_else(|| Ok(base()?.config_dir().join("guuru")), anyhow::Ok)?,
            state: state_named.map_or_else(default_state_dir, Ok)?,
            home: home.transpose()?,
            is_state_unnamed,
        })
    }
}

impl Settings {
    /// What is to be said of a home folder that the environment does not name.
    pub fn unnamed_home(&self) -> Option<String> {
        let home = self.folders.home.as_ref()?;
        Some(format!("HOME is not set: the home folder is {}, by the password database", home.display()))
    }

    /// Makes sure that somebody has said where the store is, be it by HOME: `is_attended` tells whether a person is at a
    /// terminal, and sees where it goes.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when nobody has.
    pub fn check_state(&self, is_attended: bool) -> anyhow::Result<()> {
        if !self.folders.is_state_unnamed || is_attended {
            return Ok(());
        }
        let message = "nobody says where the store is: GUURU_STATE_DIR, XDG_STATE_HOME and HOME are all unset";
        Err(Error::config(message).hint("set GUURU_STATE_DIR to the folder of the store").into())
    }
}

/// The folder that was given, else the one for this program in an XDG folder that is set.
fn named(given: Option<&Path>, name: &str, xdg: &str) -> anyhow::Result<Option<PathBuf>> {
    if let Some(folder) = given {
        return expanded(folder, name).map(|()| Some(folder.to_owned()));
    }
    let folder = PathBuf::from(env::var_os(xdg).unwrap_or_default());
    expanded(&folder, xdg)?;
    // A relative one counts as none (XDG Base Directory Specification).
    Ok(folder.is_absolute().then(|| folder.join("guuru")))
}

/// Refuses a `~` that no shell has expanded: it would be the name of a folder.
fn expanded(folder: &Path, name: &str) -> anyhow::Result<()> {
    let text = folder.to_string_lossy();
    if !text.starts_with('~') {
        return Ok(());
    }
    let message =
        format!("{name} is `{text}`, in which no shell has expanded the `~`: it does not do so within quotation marks");
    Err(Error::config(message).hint(format!("write the whole path; `./{text}` is a folder of that name")).into())
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
