//! What the commands that receive webhooks have in common: where they listen, what they check, and the way into the store.

use std::net::SocketAddr;

use ipnet::IpNet;
use secrecy::ExposeSecret;
use serde_json::json;

use super::value;
use crate::config;
use crate::context::Context;
use crate::error::Error;
use crate::model::EventKind;
use crate::output::visible;
use crate::store::Writer;
use crate::terminal::Terminal;
use crate::webhook::{Health, Limits, Options, Proxies, Secrets, Server, Sink};

/// The flags of every command that receives webhooks.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Receiver options")]
pub(super) struct ReceiverArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8787")]
    addr: SocketAddr,

    /// Path that takes the webhooks
    #[arg(long, default_value = "/", value_parser = path)]
    path: String,

    /// Largest body taken, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    max_body: usize,

    /// Most connections at once from one address (of IPv6, from one /64), loopback excepted, and most requests at once that
    /// trusted proxies pass on for it [default: 256, or fewer where few files may be open]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections_per_address: Option<u32>,

    /// Proxy whose X-Forwarded-For is believed, as an address or a network (10.0.0.0/8); may be repeated
    ///
    /// Its own connections are not counted. The last address in the header that is no trusted proxy is taken for the client's.
    #[arg(long, value_name = "ADDR", value_parser = value::network)]
    trusted_proxy: Vec<IpNet>,

    /// Take webhooks without checking their signature: for tests alone
    #[arg(long)]
    insecure_no_verify: bool,
}

/// Warns of event names that are probably misspelt: the platform may have new ones any day.
pub(super) fn mind_event_names(names: &[String], terminal: Terminal) {
    for name in names.iter().filter(|name| name.parse::<EventKind>().is_err()) {
        terminal.warn(&format!("`{name}` is no event that the platform documents"));
    }
}

fn path(text: &str) -> Result<String, String> {
    match text {
        "/healthz" | "/metrics" => Err("that path is the receiver's own".to_owned()),
        _ if text.starts_with('/') && !text.contains(['?', '#', ' ']) => Ok(text.to_owned()),
        _ => Err("want a path such as /webhooks".to_owned()),
    }
}

impl ReceiverArgs {
    /// Binds the address; what is received goes to `writer`.
    pub(super) fn bind(&self, context: &Context, writer: &Writer) -> anyhow::Result<Server> {
        let mut limits = Limits::new(self.max_body);
        if let Some(most) = self.max_connections_per_address {
            limits.connections_per_address = most as usize;
        }
        let options = Options {
            path: self.path.clone(),
            secrets: self.secrets(context.terminal)?,
            limits,
            proxies: Proxies::new(self.trusted_proxy.clone()),
            explain: context.terminal.shows_details(),
        };
        Server::bind(self.addr, options, sink(writer.clone(), context.terminal))
    }

    /// Says that the receiver is ready, and where.
    pub(super) fn announce(&self, server: &Server, terminal: Terminal) -> anyhow::Result<()> {
        terminal.status(&format!("listening on http://{}{}", server.local_addr()?, self.path));
        Ok(())
    }

    fn secrets(&self, terminal: Terminal) -> anyhow::Result<Option<Secrets>> {
        if self.insecure_no_verify {
            terminal.warn("signatures are not checked: anybody can send events (--insecure-no-verify)");
            return Ok(None);
        }
        let secrets = Secrets::parse(config::webhook_secret()?.expose_secret());
        if secrets.is_empty() {
            return Err(Error::config("the webhook secret is empty").hint("set GUURU_WEBHOOK_SECRET").into());
        }
        Ok(Some(secrets))
    }
}

fn sink(writer: Writer, terminal: Terminal) -> Sink {
    let health = writer.clone();
    Sink {
        store: Box::new(move |delivery, reply| writer.store(delivery, reply)),
        health: Box::new(move || {
            let healthy = health.is_healthy();
            Health { healthy, report: json!({ "storeWritable": healthy }) }
        }),
        refused: Box::new(move |reason| terminal.detail(&format!("refused: {}", visible(reason)))),
    }
}
