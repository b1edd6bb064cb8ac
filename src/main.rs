//! The `safar` program.

fn main() -> std::process::ExitCode {
    safar::cli::run()
}
