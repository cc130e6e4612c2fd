//! A spec is source code: an edit of it is noticed, and its mistakes are compiler errors that point into it.
//!
//! The README's crate is copied to a folder of its own and given to cargo, as on an integrator's machine. All copies
//! share one target directory, so that the dependencies are checked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The field of the README's spec that is edited.
const FIELD: &str = "{ text: 1..32, doc: \"Order number.\" }";

/// A copy of the README's crate.
struct Project {
    folder: PathBuf,
}

/// What cargo said.
struct Checked {
    succeeded: bool,
    said: String,
}

impl Project {
    /// Each test has a name of its own: the tests run at the same time.
    fn copy(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spec_edits").join(name);
        fs::create_dir_all(folder.join("src")).unwrap();
        for file in ["src/lib.rs", "demo_pay.yaml"] {
            fs::copy(root.join("tests/third-party").join(file), folder.join(file)).unwrap();
        }
        // The versions of the workspace: nothing is looked up, nothing is fetched.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let payspec = root.join("generated");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n\
             [dependencies]\npayspec = {{ path = {payspec:?}, default-features = false }}\n\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        Self { folder }
    }

    fn spec(&self) -> String {
        fs::read_to_string(self.folder.join("demo_pay.yaml")).unwrap()
    }

    fn edit(&self, spec: &str) {
        fs::write(self.folder.join("demo_pay.yaml"), spec).unwrap();
    }

    fn check(&self) -> Checked {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--color", "never", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("spec_edits/target"))
            .current_dir(&self.folder)
            .output()
            .unwrap();
        Checked { succeeded: output.status.success(), said: String::from_utf8(output.stderr).unwrap() }
    }
}

impl Checked {
    fn passes(self) -> String {
        assert!(self.succeeded, "{}", self.said);
        self.said
    }

    fn fails(self) -> String {
        assert!(!self.succeeded, "{}", self.said);
        self.said
    }
}

/// `demo_pay.yaml:49:37`: where the first of these texts stands.
fn place(spec: &str, wanted: &str) -> String {
    let at = spec.find(wanted).unwrap_or_else(|| panic!("`{wanted}` does not stand in the spec"));
    let before = spec.get(..at).unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!("demo_pay.yaml:{line}:{column}")
}

#[test]
fn an_edit_is_noticed_also_after_an_error() {
    let project = Project::copy("edited");
    let right = project.spec();
    let wrong = right.replace(FIELD, "{ text: 1..32, lenght: 5, doc: \"Order number.\" }");
    assert_ne!(wrong, right);

    project.edit(&wrong);
    let said = project.check().fails();
    assert!(said.contains("unknown key `lenght` in field `order`"), "{said}");
    project.edit(&right);
    project.check().passes();
    let said = project.check().passes();
    assert!(!said.contains("Checking edited"), "nothing was edited: {said}");
    project.edit(&wrong);
    let said = project.check().fails();
    assert!(said.contains(&place(&wrong, "lenght")), "{said}");
}

#[test]
fn all_mistakes_are_reported_at_once_with_their_places() {
    let project = Project::copy("mistaken");
    let mut spec = project.spec();
    let mistakes = [
        (FIELD, "{ text: 32..1, doc: \"Order number.\" }", "32..1"),
        ("code: result\n", "code: resutl\n", "resutl"),
        ("kind: not_found", "kind: not_fuond", "not_fuond"),
        ("once_per: [order, state]", "once_per: [ordre]", "ordre"),
    ];
    for (right, wrong, _) in mistakes {
        assert_eq!(spec.matches(right).count(), 1, "{right}");
        spec = spec.replace(right, wrong);
    }
    project.edit(&spec);
    let said = project.check().fails();
    for (_, _, wrong) in mistakes {
        let place = place(&spec, wrong);
        assert!(said.contains(&format!("--> {place}\n")), "{place} is missing in\n{said}");
    }
    assert!(said.contains("did you mean `order`?"), "{said}");
}

#[test]
fn a_missing_spec_is_named_with_the_path_that_was_tried() {
    let project = Project::copy("missing");
    let spec = project.folder.join("demo_pay.yaml");
    fs::remove_file(&spec).unwrap();
    let said = project.check().fails();
    assert!(said.contains("`demo_pay.yaml` cannot be read"), "{said}");
    assert!(said.contains(&format!("tried {}", spec.display())), "{said}");
    assert!(said.contains("src/lib.rs:"), "the message stands at the macro: {said}");
}

#[test]
fn a_feature_that_is_off_is_named_and_nothing_else_is_said() {
    let project = Project::copy("featureless");
    let spec = project.spec();
    let changed = spec.replace("algorithm: sha256", "algorithm: sm3");
    assert_ne!(changed, spec);
    project.edit(&changed);
    let said = project.check().fails();
    assert!(
        said.contains("this spec uses SM2 or SM3, a feature of payspec that is off: add `\"sm\"`"),
        "{said}"
    );
    assert_eq!(said.matches("\nerror").count(), 1 + 1, "that one, and that it could not compile: {said}");
}
