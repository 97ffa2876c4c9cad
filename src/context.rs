//! What a command is handed: the terminal and the settings, and the client and the store, which are opened when first asked for. So
//! help never needs a token.

use std::cell::Cell;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::config::{self, Secret, Settings, Vault};
use crate::error::{Error, Kind};
use crate::files;
use crate::output::{Filter, Format, Output, View};
use crate::store::{PruneRule, Store, Writer};
use crate::terminal::{Gone, Terminal};

/// What the flags that every command takes say, or the environment behind them.
pub struct Given {
    /// stdout, stderr and what is known of them.
    pub terminal: Terminal,
    /// `--jq`.
    pub filter: Option<String>,
    /// The settings.
    pub settings: config::Given,
}

/// The surroundings of one run.
pub struct Context {
    /// stdout, stderr and what is known of them.
    pub terminal: Terminal,
    /// The settings in force.
    pub settings: Settings,
    filter: Option<Filter>,
    /// Where secrets are kept.
    pub vault: Vault,
    /// Whether it was said who else could write to the store's folder.
    warned: Cell<bool>,
}

impl Given {
    /// The filter, where one was given.
    ///
    /// # Errors
    /// When it is not understood.
    pub fn filter(&self) -> anyhow::Result<Option<Filter>> {
        self.filter.as_deref().map(Filter::new).transpose()
    }
}

impl Context {
    /// Resolves the settings.
    ///
    /// # Errors
    /// When the filter is not understood, or the configuration cannot be read.
    pub fn new(given: &Given) -> anyhow::Result<Self> {
        let filter = given.filter()?;
        let settings = Settings::resolve(given.settings.clone())?;
        let terminal = given.terminal;
        if let Some(home) = settings.unnamed_home() {
            terminal.detail(&home);
        }
        Ok(Self { terminal, vault: Vault::new(&settings.config_dir), settings, filter, warned: Cell::new(false) })
    }

    /// Opens the profile's store.
    pub fn store(&self) -> anyhow::Result<Store> {
        self.settings.check_profile()?;
        Store::open(&self.store_path()?)
    }

    /// Opens the profile's store to write to it, for a command that tells of trouble itself.
    pub fn writer(&self) -> anyhow::Result<Writer> {
        self.settings.check_profile()?;
        Writer::start(&self.store_path()?, |_| ())
    }

    /// Where the profile's store is, for those who open it themselves. Who else could write there is told once.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when nobody has said where it is.
    pub fn store_path(&self) -> anyhow::Result<PathBuf> {
        self.settings.check_state(self.terminal.is_attended())?;
        if let Some((found, remedy)) = files::others_write(&self.settings.state_dir)
            && !self.warned.replace(true)
        {
            self.terminal.warn(&format!("{found}, where the store is: {remedy}"));
        }
        Ok(self.settings.store_path())
    }

    /// What is pruned where nobody says otherwise.
    pub fn pruning_rule(&self) -> PruneRule {
        PruneRule {
            older_than: self.settings.prune_older_than,
            larger_than: self.settings.prune_larger_than,
            journal_older_than: self.settings.prune_journal_older_than,
            keep_keys: self.settings.keep_keys,
            force: false,
        }
    }

    /// How results are shown.
    pub fn output(&self) -> Output<'_> {
        let format = self.settings.output.unwrap_or_else(Format::default_for_stdout);
        Output { format, filter: self.filter.as_ref() }
    }

    /// Refuses --jq, for a command that writes something else than a result.
    pub fn without_filter(&self) -> anyhow::Result<()> {
        if self.filter.is_none() {
            return Ok(());
        }
        Err(Error::usage("--jq filters results, and this command writes something else")
            .hint("pipe it through jq")
            .into())
    }

    /// A secret of the profile.
    ///
    /// # Errors
    /// [`crate::error::Kind::Config`] when there is none, or no such profile.
    pub fn secret(&self, secret: Secret) -> anyhow::Result<SecretString> {
        self.settings.check_profile()?;
        self.vault.get(&self.settings.profile, secret)
    }

    /// Shows what a command found.
    pub fn print(&self, view: &impl View) -> anyhow::Result<()> {
        self.terminal.print(&self.output().render(view)?).map_err(|error| {
            if error.is::<Gone>() {
                return error;
            }
            let hint = "the command itself has succeeded: only its result could not be written";
            Error::new(Kind::Failure, format!("{error:#}")).hint(hint).into()
        })
    }
}
