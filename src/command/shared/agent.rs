//! The flags that say who acts.

use crate::model::Agent;

/// Who acts in a chat that somebody has accepted already.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ActorArgs {
    /// Persona that acts [default: the one that accepted the chat]
    #[arg(long, value_name = "ID")]
    persona: Option<String>,
}

impl From<ActorArgs> for Agent {
    fn from(ActorArgs { persona }: ActorArgs) -> Self {
        Self { persona_id: persona, ..Self::default() }
    }
}

/// What else the platform is told of an agent.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DetailArgs {
    /// The agent's e-mail address
    #[arg(long)]
    pub(crate) email: Option<String>,

    /// Link to the agent's picture
    #[arg(long, value_name = "URL")]
    pub(crate) photo: Option<String>,
}
