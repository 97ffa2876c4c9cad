//! Submissions: what end users handed in, for the partner to approve or reject.

use serde_json::json;

use super::list::{self, List};
use super::role::SUBMISSION as ID;
use super::thing::SUBMISSION;
use super::{Call, Operation, Root, mutation, query};
use crate::model::Submission;

/// The names that the list may have.
const LISTS: &[&str] = &["submissions", "submissionconnection", "allsubmissions"];

pub(super) static APPROVE: Operation = Operation {
    name: "SubmissionApprove",
    field: "approveSubmission",
    document: include_str!("submission_approve.graphql"),
    repeatable: false,
    subject: "submission",
    root: mutation(SUBMISSION.names, &["approve"]),
    roles: &[ID],
    thing: &SUBMISSION,
    done: &["approved"],
};

pub(super) static REJECT: Operation = Operation {
    name: "SubmissionReject",
    field: "rejectSubmission",
    document: include_str!("submission_reject.graphql"),
    repeatable: false,
    subject: "submission",
    root: mutation(SUBMISSION.names, &["reject"]),
    roles: &[ID],
    thing: &SUBMISSION,
    done: &["rejected"],
};

pub(super) static LIST: Operation = Operation {
    roles: list::PAGE,
    ..query("SubmissionList", include_str!("submission_list.graphql"), Root::List(LISTS), &SUBMISSION)
};

/// Approves a submission. Answers a [`Submission`].
pub fn approve(id: &str) -> Call {
    Call::new(&APPROVE, [(&ID, json!(id))])
}

/// Rejects a submission. Answers a [`Submission`].
pub fn reject(id: &str) -> Call {
    Call::new(&REJECT, [(&ID, json!(id))])
}

/// What end users submitted.
pub fn list() -> List<Submission> {
    List::of(&LIST, [])
}
