//! `guuru listen` under attack: whatever one client does, a good one is served all the while.

mod addresses;
mod client;
mod floods;
mod framing;
mod reasons;
mod receiver;
mod slow;
