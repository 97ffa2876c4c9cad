//! The partner that an access token belongs to, and the experts of its community.

use serde::Deserialize;

use super::list::{self, List};
use super::thing::{EXPERT, PARTNER as THING, PARTNER_ID};
use super::{Call, Operation, Root, query};
use crate::model::Expert;

/// The names that the list of experts may have.
const EXPERT_LISTS: &[&str] = &["experts", "members", "expertconnection", "allexperts"];

pub(super) static PARTNER: Operation = query("Partner", include_str!("partner.graphql"), Root::Partner, &THING);

pub(super) static AUTH_STATUS: Operation =
    query("AuthStatus", include_str!("auth_status.graphql"), Root::Partner, &PARTNER_ID);

pub(super) static EXPERTS: Operation = Operation {
    roles: list::PAGE,
    ..query("ExpertList", include_str!("expert_list.graphql"), Root::List(EXPERT_LISTS), &EXPERT)
};

/// The partner that an access token belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct PartnerId {
    /// The partner's id.
    pub id: String,
}

/// The partner that the token belongs to. Answers a [`Partner`](crate::model::Partner).
pub fn show() -> Call {
    Call::new(&PARTNER, [])
}

/// Whose the access token is, and with that whether it is taken at all. Answers a [`PartnerId`].
pub fn auth_status() -> Call {
    Call::new(&AUTH_STATUS, [])
}

/// The experts of the community.
pub fn experts() -> List<Expert> {
    List::of(&EXPERTS, [])
}
