//! Rebuilds when a file that is built into the program changes.

fn main() {
    for folder in ["content", "locales", "migrations", "src/web/assets", "src/web/templates"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
