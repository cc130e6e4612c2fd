//! A crate like anybody's, in the target directory: what `cargo check` of it takes is what users wait for.
//!
//! It is a workspace of its own, with the `dev` profile as cargo has it, and has the lock file of this one. Its
//! dependencies are warm before anything is measured, and nothing is incremental.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{resources::cpu_of, specs::Spec};

/// The crate.
#[derive(Debug)]
pub(crate) struct Scratch {
    home: PathBuf,
}

impl Scratch {
    /// A new crate that depends on `payspec` and nothing else. `features` is the rest of that line of `Cargo.toml`.
    pub(crate) fn new(root: &Path, home: PathBuf, features: &str) -> io::Result<Self> {
        fs::create_dir_all(home.join("src"))?;
        fs::create_dir_all(home.join("specs"))?;
        for file in ["Cargo.lock", "rust-toolchain.toml"] {
            fs::copy(root.join(file), home.join(file))?;
        }
        let payspec = root.join("generated");
        let manifest = format!(
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             payspec = {{ path = {payspec:?}{features} }}\n\n[workspace]\n"
        );
        fs::write(home.join("Cargo.toml"), manifest)?;
        let scratch = Self { home };
        scratch.hold(&[])?;
        Ok(scratch)
    }

    /// Its source is a `provider!` line for each spec from now on.
    pub(crate) fn hold(&self, specs: &[Spec]) -> io::Result<()> {
        let mut lines = String::new();
        for Spec { name, text } in specs {
            fs::write(self.home.join(format!("specs/{name}.yaml")), text)?;
            lines.push_str(&format!("payspec::provider!(\"specs/{name}.yaml\");\n"));
        }
        fs::write(self.home.join("src/lib.rs"), lines)
    }

    /// CPU seconds of `cargo check` of this crate alone, the least of so many runs: what else the machine does can only
    /// add to it.
    pub(crate) fn check(&self, runs: usize) -> io::Result<f64> {
        self.least(runs, "shop")
    }

    /// The same of `payspec`, with the providers that it has.
    pub(crate) fn check_payspec(&self, runs: usize) -> io::Result<f64> {
        self.least(runs, "payspec")
    }

    fn least(&self, runs: usize, package: &str) -> io::Result<f64> {
        cpu_of(&mut self.cargo(&["check", "--offline"]))?;
        let mut least = f64::INFINITY;
        for _ in 0..runs {
            cpu_of(&mut self.cargo(&["clean", "--offline", "--package", package]))?;
            least = least.min(cpu_of(&mut self.cargo(&["check", "--offline"]))?);
        }
        Ok(least)
    }

    /// CPU seconds of `cargo build` from nothing, and how many crates it compiles.
    pub(crate) fn build_from_nothing(&self) -> io::Result<(f64, usize)> {
        fs::write(self.home.join("src/lib.rs"), "")?;
        match fs::remove_dir_all(self.home.join("target")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let seconds = cpu_of(&mut self.cargo(&["build", "--offline"]))?;
        let tree = ["tree", "--offline", "--prefix", "none", "--edges", "normal,build", "--format", "{p}"];
        let output = self.cargo(&tree).output()?;
        let text = String::from_utf8_lossy(&output.stdout).replace(" (*)", "");
        let mut crates: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        crates.sort_unstable();
        crates.dedup();
        Ok((seconds, crates.len()))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(&self.home)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.home.join("target"));
        command
    }
}
