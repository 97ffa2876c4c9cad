//! What the commands share that receive webhooks: where they listen, what they check, and how deliveries reach the store.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::value;
use crate::config::Secret;
use crate::context::Context;
use crate::error::Error;
use crate::output::visible;
use crate::store::{self, Inbox, Lag, Observer, Writer};
use crate::terminal::Terminal;
use crate::webhook::{Callbacks, Limits, Observation, Options, Proxies, Secrets, Server, WebhookPath};

/// The flags of every command that receives webhooks.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Receiver options")]
pub(crate) struct ReceiverArgs {
    /// Address to listen on, or a port of 127.0.0.1; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8787", value_parser = value::address)]
    addr: SocketAddr,

    /// Path that takes the webhooks
    #[arg(long, default_value = "/")]
    path: WebhookPath,

    /// Largest body taken, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    max_body: usize,

    /// Most connections at once from one public address (of IPv6, from one /64), trusted proxies excepted [default: 256, or
    /// fewer where few files may be open]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections_per_address: Option<u32>,

    /// Proxy whose X-Forwarded-For -v shows, as an address or a network (10.0.0.0/8); may be repeated
    ///
    /// Messages name the last address in the header that is no trusted proxy. The proxy's own connections are not counted.
    #[arg(long, value_name = "ADDR", value_parser = value::network)]
    trusted_proxy: Vec<IpNet>,

    /// Take webhooks without checking their signature: for tests alone
    #[arg(long)]
    insecure_no_verify: bool,
}

impl ReceiverArgs {
    /// Binds the address, and checks everything else that may be missing, before anything is stored.
    pub(crate) fn bind(&self, context: &Context) -> anyhow::Result<Bound> {
        context.settings.check_profile()?;
        let terminal = context.terminal;
        let mut limits = Limits::new(self.max_body);
        if let Some(most) = self.max_connections_per_address {
            limits.connections_per_address = most as usize;
        }
        let options = Options {
            path: self.path.clone(),
            secrets: self.secrets(context)?,
            limits,
            proxies: Proxies::new(self.trusted_proxy.clone()),
            explain: terminal.shows_details(),
        };
        Ok(Bound { listener: Server::reserve(self.addr)?, options })
    }

    /// Reports that the receiver is ready, and where. It also starts pruning, as the profile asks for it.
    pub(crate) fn announce(&self, server: &Server, context: &Context, writer: Writer) -> anyhow::Result<()> {
        let (terminal, rule) = (context.terminal, context.pruning_rule());
        store::prune_regularly(writer, rule, move |trouble| terminal.warn(trouble))?;
        terminal.status(&format!("listening on http://{}{}", server.local_addr()?, self.path.as_str()));
        Ok(())
    }

    fn secrets(&self, context: &Context) -> anyhow::Result<Option<Secrets>> {
        if self.insecure_no_verify {
            context.terminal.warn("signatures are not checked: anybody can send events (--insecure-no-verify)");
            return Ok(None);
        }
        webhook_secrets(context).map(Some)
    }
}

/// An address that is bound, and how to behave on it.
pub(crate) struct Bound {
    listener: TcpListener,
    options: Options,
}

impl Bound {
    /// The receiver; what it receives goes to `writer`.
    pub(crate) fn server(self, context: &Context, writer: &Writer) -> anyhow::Result<Server> {
        Server::on(self.listener, self.options, callbacks(&context.settings.store_path(), writer, context.terminal))
    }
}

/// The webhook secrets of the profile, one at least.
pub(crate) fn webhook_secrets(context: &Context) -> anyhow::Result<Secrets> {
    let secrets = Secrets::parse(context.secret(Secret::WebhookSecret)?.expose_secret());
    if secrets.is_empty() {
        let error = Error::config("the webhook secret is empty");
        return Err(error.hint("give it to `guuru auth login`, or set GUURU_WEBHOOK_SECRET").into());
    }
    Ok(secrets)
}

/// Connects the receiver to the store of this writer.
pub(crate) fn callbacks(store_path: &Path, writer: &Writer, terminal: Terminal) -> Callbacks {
    let observer = Mutex::new(Observer::new(store_path, writer.clone()));
    let writer = writer.clone();
    Callbacks {
        store: Box::new(move |delivery, reply| writer.store(delivery, reply)),
        observe: Arc::new(move || {
            let (status, metrics) = observer.lock().unwrap_or_else(PoisonError::into_inner).observe();
            let readable = status.inbox.is_some();
            let details = status.inbox.map(details).unwrap_or_default();
            Observation { writable: status.writable, readable, details, metrics }
        }),
        refused: Box::new(move |reason| terminal.detail(&format!("refused: {}", visible(reason)))),
    }
}

/// What `GET /healthz` tells the operator of the inbox.
fn details(inbox: Inbox) -> Map<String, Value> {
    let consumer =
        |lag: Lag| json!({ "name": lag.name, "lagEvents": lag.events, "oldestAgeSeconds": lag.oldest_seconds });
    let consumers: Vec<Value> = inbox.consumers.into_iter().map(consumer).collect();
    Map::from_iter([
        ("newestEventAgeSeconds".to_owned(), json!(inbox.newest_seconds)),
        ("consumers".to_owned(), Value::Array(consumers)),
    ])
}
