//! `guuru doctor`: what is well, and each thing that can be wrong, told apart.

mod examined;
mod here;
mod ping;
mod platform;
mod way;
mod whole;
