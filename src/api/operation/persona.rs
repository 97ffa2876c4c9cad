//! Personas: the names and faces under which a partner's own people answer.

use serde_json::json;

use super::role::{EMAIL, NAME, PHOTO, PROVIDER_ID};
use super::thing::PERSONA;
use super::{Call, Operation, mutation};
use crate::model::PersonaInput;

pub(super) static CREATE: Operation = Operation {
    name: "PersonaCreate",
    field: "createPersona",
    document: include_str!("persona_create.graphql"),
    // Documented: one `providerId` always yields one persona.
    repeatable: true,
    subject: "persona",
    root: mutation(PERSONA.names, &["create", "upsert"]),
    roles: &[PROVIDER_ID, NAME, EMAIL, PHOTO],
    thing: &PERSONA,
    done: &[],
};

/// Creates the persona of this provider id, or updates it. Answers a [`Persona`](crate::model::Persona).
pub fn create(persona: &PersonaInput) -> Call {
    let PersonaInput { provider_id, name, email, photo } = persona;
    let (email, photo) = ((&EMAIL, json!(email)), (&PHOTO, json!(photo)));
    Call::new(&CREATE, [(&PROVIDER_ID, json!(provider_id)), (&NAME, json!(name)), email, photo])
}
