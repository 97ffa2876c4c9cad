//! Signing in and out, profiles, and the configuration, as a person and a script meet them.

mod config;
mod day;
mod keyring;
mod login;
mod platform;
mod profiles;
mod prompts;
mod status;
