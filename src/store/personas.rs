//! The map of the company's agents to the platform's personas, and which persona holds which chat.

use rusqlite::{OptionalExtension, Row};
use serde::Serialize;

use super::{Store, Writer, now};
use crate::model::{PersonaInput, rfc3339};

/// Names an agent: its id in the company's own system, at one endpoint of the platform.
#[derive(Clone, Copy, Debug)]
pub struct PersonaKey<'a> {
    /// The endpoint's URL.
    pub endpoint: &'a str,
    /// The agent's id in the company's own system.
    pub provider_id: &'a str,
}

/// A persona as it was last created or updated from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredPersona {
    /// The persona's id at the platform.
    pub id: String,
    /// The agent's id in the company's own system.
    pub provider_id: String,
    /// The name that end users see.
    pub name: String,
    /// The agent's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A link to the agent's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// When it was stored, RFC 3339.
    pub updated_at: String,
}

impl StoredPersona {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            provider_id: row.get("provider_id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            photo: row.get("photo")?,
            updated_at: rfc3339(row.get("updated_at")?),
        })
    }
}

impl Store {
    /// Looks an agent up in the map.
    pub fn persona(&self, key: PersonaKey<'_>) -> anyhow::Result<Option<StoredPersona>> {
        Ok(self
            .connection
            .prepare_cached("SELECT * FROM personas WHERE endpoint = ?1 AND provider_id = ?2")?
            .query_row([key.endpoint, key.provider_id], StoredPersona::read)
            .optional()?)
    }

    /// Every agent of the endpoint, by provider id.
    pub fn personas(&self, endpoint: &str) -> anyhow::Result<Vec<StoredPersona>> {
        Ok(self
            .connection
            .prepare_cached("SELECT * FROM personas WHERE endpoint = ?1 ORDER BY provider_id")?
            .query_map([endpoint], StoredPersona::read)?
            .collect::<Result<_, _>>()?)
    }

    /// The persona that accepted a chat from here.
    pub fn chat_persona(&self, chat_id: &str) -> anyhow::Result<Option<String>> {
        let sql = "SELECT persona_id FROM chats WHERE id = ?1";
        let found: Option<Option<String>> =
            self.connection.prepare_cached(sql)?.query_row([chat_id], |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }
}

impl Writer {
    /// Stores an agent's persona at this endpoint. A detail that is not given now keeps its value, as it does at the platform.
    pub fn remember_persona(&self, endpoint: &str, id: &str, persona: &PersonaInput) -> anyhow::Result<()> {
        let sql = "INSERT INTO personas (endpoint, provider_id, id, name, email, photo, updated_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT (endpoint, provider_id) DO UPDATE SET id = excluded.id, name = excluded.name,
                     email = coalesce(excluded.email, email), photo = coalesce(excluded.photo, photo),
                     updated_at = excluded.updated_at";
        let PersonaInput { provider_id, name, email, photo } = persona.clone();
        let values = (endpoint.to_owned(), provider_id, id.to_owned(), name, email, photo, now());
        self.write(move |connection| connection.prepare_cached(sql)?.execute(values).map(drop))
    }

    /// Removes an agent from the map; tells whether it was there. The persona itself stays at the platform.
    pub fn forget_persona(&self, key: PersonaKey<'_>) -> anyhow::Result<bool> {
        let sql = "DELETE FROM personas WHERE endpoint = ?1 AND provider_id = ?2";
        let key = [key.endpoint.to_owned(), key.provider_id.to_owned()];
        self.write(move |connection| Ok(connection.execute(sql, key)? > 0))
    }

    /// Remembers which persona accepted a chat.
    pub fn remember_chat(&self, chat_id: &str, persona_id: &str) -> anyhow::Result<()> {
        let sql = "INSERT INTO chats (id, persona_id, updated_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (id) DO UPDATE SET persona_id = excluded.persona_id, updated_at = excluded.updated_at";
        let values = (chat_id.to_owned(), persona_id.to_owned(), now());
        self.write(move |connection| connection.prepare_cached(sql)?.execute(values).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::opened;

    const KEY: PersonaKey<'static> = PersonaKey { endpoint: "https://a.example/", provider_id: "agent-42" };

    fn ada(name: &str, email: Option<&str>, photo: Option<&str>) -> PersonaInput {
        let (email, photo) = (email.map(str::to_owned), photo.map(str::to_owned));
        PersonaInput { provider_id: KEY.provider_id.into(), name: name.into(), email, photo }
    }

    #[test]
    fn an_agent_is_another_persona_at_another_endpoint() {
        let (_home, store, writer) = opened();
        writer.remember_persona(KEY.endpoint, "p-1", &ada("Ada", Some("ada@example.com"), None)).unwrap();
        assert_eq!(store.persona(KEY).unwrap().unwrap().id, "p-1");
        let elsewhere = PersonaKey { endpoint: "https://b.example/", ..KEY };
        assert_eq!(store.persona(elsewhere).unwrap(), None);
        assert!(writer.forget_persona(KEY).unwrap());
        assert!(!writer.forget_persona(KEY).unwrap());
    }

    #[test]
    fn an_update_keeps_what_it_does_not_mention() {
        let (_home, store, writer) = opened();
        writer.remember_persona(KEY.endpoint, "p-1", &ada("Ada", Some("ada@example.com"), None)).unwrap();
        writer
            .remember_persona(KEY.endpoint, "p-1", &ada("Ada L.", None, Some("https://example.com/ada.png")))
            .unwrap();
        let persona = store.persona(KEY).unwrap().unwrap();
        assert_eq!((persona.name.as_str(), persona.email.as_deref()), ("Ada L.", Some("ada@example.com")));
        assert_eq!(persona.photo.as_deref(), Some("https://example.com/ada.png"));
    }

    #[test]
    fn the_persona_that_accepted_a_chat_last_holds_it() {
        let (_home, store, writer) = opened();
        assert_eq!(store.chat_persona("c-1").unwrap(), None);
        writer.remember_chat("c-1", "p-1").unwrap();
        writer.remember_chat("c-1", "p-2").unwrap();
        assert_eq!(store.chat_persona("c-1").unwrap().as_deref(), Some("p-2"));
    }
}
