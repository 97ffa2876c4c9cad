//! The live schema decides: the program against revisions of the platform that the contract knows nothing of.

mod absence;
mod documents;
mod generated;
mod healing;
mod hostile;
mod large;
mod namespaces;
mod pages;
mod platform;
mod queries;
mod refusals;
mod revisions;
mod servers;
mod types;
