//! What a command is handed: the terminal and the settings, and, only when it first asks for them, the client and the
//! store. Whatever is dear is lazy: help never needs a token.

use secrecy::SecretString;

use crate::cli::Global;
use crate::config::{Given, Secret, Settings, Vault};
use crate::output::{self, Format, View};
use crate::store::Store;
use crate::terminal::Terminal;

/// The surroundings of one run.
pub struct Context {
    /// stdout, stderr and what is known of them.
    pub terminal: Terminal,
    /// The settings in force.
    pub settings: Settings,
    /// Where secrets are kept.
    pub vault: Vault,
}

impl Context {
    /// Resolves the settings.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        let settings = Settings::resolve(Given {
            profile: global.profile.clone(),
            endpoint: global.endpoint.clone(),
            output: global.output,
            config_dir: global.config_dir.clone(),
            state_dir: global.state_dir.clone(),
            flags: global.flags.clone(),
        })?;
        let terminal = Terminal::new(global.verbosity(), global.color).with_input(!global.no_input);
        Ok(Self { terminal, vault: Vault::new(&settings.config_dir), settings })
    }

    /// Opens the profile's store.
    pub fn store(&self) -> anyhow::Result<Store> {
        self.settings.check_profile()?;
        Store::open(&self.settings.store_path())
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
        let format = self.settings.output.unwrap_or_else(Format::default_for_stdout);
        self.terminal.print(&output::render(view, format)?)
    }
}
