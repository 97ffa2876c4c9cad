//! Links the few lines that must run before Rust's own start: see `src/closed_stdout.c`.

fn main() {
    println!("cargo:rerun-if-changed=src/closed_stdout.c");
    for object in cc::Build::new().file("src/closed_stdout.c").compile_intermediates() {
        println!("cargo:rustc-link-arg-bins={}", object.display());
    }
}
