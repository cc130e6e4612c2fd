//! A vector as what is explained: its message, its account, its clock, and what it says should come.

use std::path::Path;
use std::sync::Arc;

use payspec_codegen::diagnostic::did_you_mean;
use payspec_codegen::ir::Provider;
use payspec_interpreter::Supplied;
use payspec_vectors::{Packet, Subject, Vector, beside};

use super::incoming::Received;
use super::subject::Explained;
use super::why::Expectation;
use crate::failure::Failure;
use crate::settings::Resolved;
use crate::source::read_spec;
use crate::terminal::Terminal;

/// Finds a vector and takes it apart.
pub(crate) fn read(
    spec: &Path,
    name: &str,
    subject: &str,
    provider: &Arc<Provider>,
    terminal: &mut Terminal,
) -> Result<(Explained, Resolved, Option<Expectation>), Failure> {
    let path = beside(spec);
    let text = read_spec(&path)?.text;
    let shown = path.display();
    let file = match payspec_vectors::read(&text, &path, provider) {
        Ok(file) => file,
        Err(report) => {
            write!(terminal.err, "{report}")?;
            return Err(Failure::new(format!("{shown} cannot be used")));
        }
    };
    let Some(vector) = file.vector(name) else {
        let names = || file.vectors.iter().map(|vector| vector.name.as_str());
        let failure = Failure::new(format!("{shown} has no vector `{name}`"));
        return Err(match did_you_mean(name, names()) {
            Some(meant) => failure.mend(format!("did you mean `{meant}`?")),
            None => failure.mend(format!("it has {}", names().collect::<Vec<_>>().join(", "))),
        });
    };
    let own = vector.subject.name();
    if own != subject {
        return Err(Failure::new(format!("the vector `{name}` is about `{own}`, not about `{subject}`"))
            .mend(format!("write `payspec explain {} {own} --vector {name}`", spec.display())));
    }
    let supplied = Supplied { ..vector.supplied.clone() };
    let resolved = Resolved { settings: vector.settings.clone(), supplied };
    Ok((explained(vector, provider), resolved, stated(vector)))
}

fn explained(vector: &Vector, provider: &Provider) -> Explained {
    let name = vector.subject.name().to_owned();
    match &vector.subject {
        Subject::Request(_) => Explained::Request { operation: name, inputs: vector.inputs.clone() },
        Subject::Response(_) => Explained::Reply { operation: name, message: message(vector, provider) },
        Subject::Callback(_) => Explained::Callback { name, message: message(vector, provider) },
        Subject::Recipe(_) => {
            let pairs = vector.inputs.iter();
            let pairs =
                pairs.filter_map(|(name, value)| Some((name.to_owned(), value.as_text()?.to_owned())));
            Explained::Recipe { name, pairs: pairs.collect() }
        }
    }
}

fn message(vector: &Vector, provider: &Provider) -> Received {
    let packet = Packet::of_vector(vector, provider);
    Received {
        method: packet.method.to_owned(),
        query: packet.query.as_bytes().to_vec(),
        body: packet.body_bytes(),
        content_type: packet.content_type.clone(),
        headers: packet.headers.clone(),
        url: packet.url(),
    }
}

/// What the vector says that a made message gives. A received one has its signature in it.
fn stated(vector: &Vector) -> Option<Expectation> {
    if !matches!(vector.subject, Subject::Request(_) | Subject::Recipe(_)) || vector.verify_only {
        return None;
    }
    match (&vector.base, &vector.signature) {
        (_, Some(signature)) => Some(Expectation::Signature(signature.clone())),
        (Some(base), None) if vector.base_of.is_none() => Some(Expectation::Text(base.as_bytes().to_vec())),
        _ => None,
    }
}
