//! The committed completions, in the shells that they are for.

mod bash;
mod fish;
mod machine;
mod scripts;
mod silence;
mod zsh;
