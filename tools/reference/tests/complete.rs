//! The pages of every spec of the workspace: nothing that the spec names is missing, and no secret is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use payspec_codegen::ir::{CredentialKind, Field, Provider, ReplyShape, Shape};
use payspec_interpreter::{CredentialValue, Map};
use payspec_reference::{html, index, markdown, page};
use payspec_vectors::VectorsFile;

/// A spec, its vectors, and its pages.
struct Pages {
    name: String,
    text: String,
    provider: Arc<Provider>,
    vectors: VectorsFile,
    html: String,
    markdown: String,
}

fn all() -> Vec<Pages> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = Vec::new();
    for folder in ["specs", "tests/protocols", "tests/specs"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if !name.ends_with(".yaml") || name.ends_with(".vectors.yaml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let compiled = payspec_codegen::compile(&text, &name).unwrap_or_else(|report| panic!("{report}"));
            let provider = Arc::new(compiled.provider);
            let beside = payspec_vectors::beside(&path);
            let vectors =
                payspec_vectors::read(&fs::read_to_string(&beside).unwrap(), &beside, &provider).unwrap();
            let document = page(&provider, &text, Some(&vectors));
            let (html, markdown) = (html(&document), markdown(&document));
            all.push(Pages { name, text, provider, vectors, html, markdown });
        }
    }
    assert!(all.len() > 40, "only {} specs", all.len());
    all
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Everything that a spec names.
fn names(provider: &Provider) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut field = |field: &Field| {
        names.insert(field.name.wire.clone());
    };
    for operation in &provider.operations {
        operation.request.iter().for_each(|sent| field(&sent.field));
        operation.payload.iter().for_each(&mut field);
        match operation.reply.as_ref().map(|reply| &reply.shape) {
            Some(ReplyShape::Fields(fields)) => fields.iter().for_each(|one| field(&one.field)),
            Some(ReplyShape::Value(value)) => field(value),
            _ => {}
        }
    }
    for envelope in &provider.envelopes {
        envelope.members.iter().chain(&envelope.data_fields).for_each(|one| field(&one.field));
    }
    for callback in &provider.callbacks {
        callback.fields.iter().for_each(|one| field(&one.field));
    }
    provider.options.iter().for_each(|option| field(&option.field));
    for kind in &provider.types {
        match &kind.shape {
            Shape::Enum(values) => names.extend(values.iter().map(|value| value.name.wire.clone())),
            Shape::Object { fields, .. } => names.extend(fields.iter().map(|field| field.name.wire.clone())),
        }
        names.insert(kind.name.clone());
    }
    names.extend(provider.operations.iter().flat_map(|one| [one.name.wire.clone(), one.path.clone()]));
    names.extend(provider.callbacks.iter().map(|one| one.name.wire.clone()));
    names.extend(provider.recipes.iter().map(|one| one.name.wire.clone()));
    names.extend(provider.environments.iter().map(|one| one.name.wire.clone()));
    names.extend(provider.sources.iter().map(|one| one.id.clone()));
    for credential in &provider.credentials {
        names.insert(credential.name.wire.clone());
        if let CredentialKind::Choice(alternatives) = &credential.kind {
            names.extend(alternatives.iter().map(|one| one.wire.clone()));
            let members = alternatives.iter().flat_map(|one| &one.members);
            names.extend(members.map(|member| member.name.wire.clone()));
        }
    }
    let replies = provider.operations.iter().filter_map(|one| one.reply.as_ref());
    names.extend(replies.flat_map(|reply| &reply.errors).map(|code| code.value.clone()));
    names
}

#[test]
fn everything_that_a_spec_names_is_in_its_pages() {
    for Pages { name, provider, html, markdown, .. } in all() {
        for word in names(&provider) {
            assert!(html.contains(&escaped(&word)), "{name}: `{word}` is not in the HTML");
            assert!(markdown.contains(&word), "{name}: `{word}` is not in the Markdown");
        }
    }
}

fn secrets(credentials: &Map<CredentialValue>, found: &mut BTreeSet<String>) {
    for (_, value) in credentials.iter() {
        match value {
            CredentialValue::Secret(secret) => drop(found.insert(secret.expose().to_owned())),
            CredentialValue::Choice { members, .. } => secrets(members, found),
            CredentialValue::Keys(keys) => secrets(keys, found),
            _ => {}
        }
    }
}

/// The forms in which a secret could stand in a text.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let reversed = secret.chars().rev().collect();
    vec![
        secret.to_owned(),
        hex.clone(),
        hex.to_uppercase(),
        secret.to_uppercase(),
        secret.to_lowercase(),
        reversed,
    ]
}

#[test]
fn no_secret_of_the_vectors_is_in_the_pages() {
    let mut looked_for = 0;
    for Pages { name, text, vectors, html, markdown, .. } in all() {
        let mut found = BTreeSet::new();
        vectors.accounts.iter().for_each(|(_, account)| secrets(account, &mut found));
        for vector in &vectors.vectors {
            found.extend(vector.settings.tokens.iter().map(|(_, token)| token.clone()));
            found.extend(vector.supplied.given.iter().map(|(_, given)| given.clone()));
        }
        // What the spec says itself, or the name of a vector, is no secret; and the shortest are words that stand
        // everywhere.
        let is_said = |secret: &str| {
            text.contains(secret) || vectors.vectors.iter().any(|vector| vector.name.contains(secret))
        };
        let is_secret = |secret: &&String| secret.chars().count() >= 5 && !is_said(secret);
        for secret in found.iter().filter(is_secret) {
            for form in forms(secret) {
                assert!(!html.contains(&escaped(&form)), "{name}: a secret is in the HTML");
                assert!(!markdown.contains(&form), "{name}: a secret is in the Markdown");
            }
            looked_for += 1;
        }
    }
    assert!(looked_for > 30, "only {looked_for} secrets");
}

/// A recipe with a vector that fits shows it.
#[test]
fn nearly_every_recipe_has_a_worked_example() {
    let all = all();
    let recipes: usize = all.iter().map(|pages| pages.provider.recipes.len()).sum();
    let examples: usize = all.iter().map(|pages| pages.markdown.matches(" Worked example\n").count()).sum();
    assert!(examples * 10 >= recipes * 7, "{examples} of {recipes}");
}

#[test]
fn the_same_spec_gives_the_same_page() {
    let (first, second) = (all(), all());
    for (one, other) in first.iter().zip(&second) {
        assert_eq!(one.html, other.html, "{}", one.name);
        assert_eq!(one.markdown, other.markdown, "{}", one.name);
    }
}

/// Texts of a spec that look like markup, in every place where a spec has texts.
#[test]
fn texts_of_a_spec_never_become_markup() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let path = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).find(|path| {
        let name = path.to_string_lossy();
        name.ends_with(".yaml") && !name.ends_with(".vectors.yaml")
    });
    let text = fs::read_to_string(path.unwrap()).unwrap();
    let bad = r#"<script>x</script>]]><img src=x onerror=x>' & [a](javascript:x) *b* | `"#;
    let quoted = format!("doc: \"{}\"", bad.replace('\\', "\\\\").replace('"', "\\\""));
    let hostile: String = text
        .split("doc: \"")
        .enumerate()
        .map(|(at, piece)| match (at, piece.find('"')) {
            (0, _) | (_, None) => piece.to_owned(),
            (_, Some(end)) => format!("{quoted}{}", &piece[end + 1..]),
        })
        .collect();
    let compiled =
        payspec_codegen::compile(&hostile, "hostile.yaml").unwrap_or_else(|report| panic!("{report}"));
    let document = page(&Arc::new(compiled.provider), &hostile, None);
    let body = html(&document).split("</style>").nth(1).unwrap().to_owned();
    for tag in ["<script", "<img", "href=\"javascript"] {
        assert!(!body.contains(tag), "{tag}");
    }
    assert!(body.contains("&lt;script&gt;x&lt;/script&gt;]]&gt;"), "the texts are there");
    let markdown = markdown(&document);
    for mark in ["<script", "[a](javascript", "*b*"] {
        let unescaped = markdown.match_indices(mark).find(|(at, _)| !markdown[..*at].ends_with('\\'));
        assert_eq!(unescaped, None, "{mark}");
    }
}

#[test]
fn the_index_leads_to_every_page() {
    let pages: Vec<_> = all().iter().take(3).map(|one| page(&one.provider, &one.text, None)).collect();
    let index = index(&pages);
    for one in &pages {
        assert!(html(&index).contains(&format!("href=\"{}.html\"", one.file())));
        assert!(markdown(&index).contains(&format!("]({}.md)", one.file())));
    }
}
