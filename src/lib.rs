//! `guuru` lets a company answer its GUURU chats from whatever tool its agents already use.

pub mod api;
pub mod error;
pub mod model;
pub mod sandbox;
