//! The flags that say who handles events, for the commands that hand them over.

use std::time::Duration;

use url::Url;

use super::value;
use crate::delivery::{Exec, Forward, Handler};

/// Who handles the events, and how many at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    #[command(flatten)]
    handler: HandlerArgs,

    /// With --exec or --forward-to: how many chats are handled at once
    #[arg(long, value_name = "N", default_value_t = 8, requires = "handler", value_parser = jobs)]
    jobs: usize,
}

/// Who handles the events.
#[derive(Debug, clap::Args)]
pub(crate) struct HandlerArgs {
    /// Run CMD for each event, its line on stdin, instead of writing lines
    ///
    /// CMD runs in sh, with `GUURU_EVENT`, `GUURU_CHAT_ID` (empty where the event is about no chat), `GUURU_SEQ` and
    /// `GUURU_ID` (the Idempotency-Key, empty where there was none) in its environment, and without
    /// `GUURU_WEBHOOK_SECRET`; what it writes goes to stderr. Exit code 0: the event is done. 75: tried again later, ever more rarely,
    /// also after a restart; the same where CMD takes too long. Anything else: set aside, see
    /// `guuru events list --failed`. The events of one chat run in order, one at a time: one that waits holds back its chat,
    /// one that was set aside does not. A crash can repeat an event, so CMD may see one twice: `GUURU_SEQ` tells.
    #[arg(long, value_name = "CMD", group = "handler")]
    exec: Option<String>,

    /// Send each event to URL as it came, body and headers, instead of writing lines
    ///
    /// 2xx: the event is done. 429, 5xx or no answer: tried again later, as with --exec; Retry-After is heeded up
    /// to a minute. Anything else, redirects too: set aside.
    #[arg(long, value_name = "URL", value_parser = value::http, group = "handler")]
    forward_to: Option<Url>,

    /// With --exec: stop CMD after this time, and try again later
    #[arg(long, value_name = "TIME", default_value = "5m", requires = "exec", value_parser = value::duration)]
    exec_timeout: Duration,
}

impl Target {
    /// Who handles the events, and how many at once; `None` where nobody is named.
    pub(crate) fn handler(&self) -> anyhow::Result<Option<(Handler, usize)>> {
        Ok(self.handler.handler()?.map(|handler| (handler, self.jobs)))
    }
}

impl HandlerArgs {
    /// Who handles the events; `None` where nobody is named.
    pub(crate) fn handler(&self) -> anyhow::Result<Option<Handler>> {
        Ok(match (&self.exec, &self.forward_to) {
            (Some(command), _) => Some(Handler::Exec(Exec::new(command, self.exec_timeout)?)),
            (None, Some(url)) => Some(Handler::Forward(Forward::new(url.clone())?)),
            (None, None) => None,
        })
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| (1..=1024).contains(jobs)).ok_or_else(|| "want a number from 1 to 1024".to_owned())
}
