//! What comes in: verified, read, and held against the values that the vector states.

use payspec_codegen::ir::Word;
use payspec_interpreter::{Because, Ending, Map, Refusal, SignedText};

use super::{Failed, Held, Runner};
use crate::complete::complete;
use crate::packet::Packet;
use crate::vector::ExpectedError;

/// What is read from a message.
struct Read<'r> {
    values: &'r Map<String>,
    extra: &'r Map<String>,
    outcome: Option<Word>,
}

impl Runner<'_> {
    pub(super) fn callback(&self, name: &str) -> Result<Held, Failed> {
        let packet = Packet::of_vector(self.vector, &self.provider);
        let supplied = &self.vector.supplied;
        let verified =
            packet.incoming(|incoming| self.interpreter.verify_callback_with(name, incoming, supplied));
        let verified = match verified {
            Ok(verified) => verified,
            Err(refusal) => {
                let texts =
                    packet.incoming(|incoming| self.interpreter.received_texts(name, incoming, supplied));
                return Err(self.refused_with_text(&refusal, texts));
            }
        };
        self.compare_base(&verified.texts)?;
        self.compare_place(&packet)?;
        let Self { vector, .. } = self;
        self.compare_read(&Read {
            values: &verified.values,
            extra: &verified.extra,
            outcome: verified.outcome,
        })?;
        if let Some(plain) = &vector.plain {
            let holds = |value: &String| value == plain || value.contains(&quoted(plain));
            if !verified.values.iter().any(|(_, value)| holds(value)) {
                return Err(self.failed("the encrypted value opens to another text than `plain`"));
            }
        }
        Ok(Held { texts: verified.texts, packet: Some(packet) })
    }

    pub(super) fn response(&self, name: &str) -> Result<Held, Failed> {
        let packet = Packet::of_vector(self.vector, &self.provider);
        let ending = self.ending(name, &packet);
        let texts = || {
            let body = packet.body_bytes();
            self.interpreter.reply_texts(name, &packet.headers, &body, &self.vector.supplied)
        };
        match (&self.vector.error, &ending) {
            (None, Ending::Reply { values, extra, outcome, .. }) => {
                let texts = texts().map_err(|refusal| self.refused(&refusal))?;
                self.compare_base(&texts)?;
                self.compare_place(&packet)?;
                self.compare_read(&Read { values, extra, outcome: *outcome })?;
                Ok(Held { texts, packet: Some(packet) })
            }
            (None, Ending::Unknown(Because::BadSignature(refusal))) => {
                Err(self.refused_with_text(refusal, texts()))
            }
            (Some(wanted), ending) => {
                self.compare_error(wanted, ending)?;
                let texts = texts().unwrap_or_default();
                if self.vector.base.is_some() {
                    self.compare_base(&texts)?;
                }
                Ok(Held { texts, packet: Some(packet) })
            }
            (None, Ending::Rejected { kind, code, .. }) => {
                let code = code.as_deref().unwrap_or("none");
                Err(self.failed(format!("the answer is a refusal (kind {}, code {code})", snake(kind))))
            }
            (None, Ending::Unknown(because)) => Err(self.failed(format!("no reply: {because}"))),
        }
    }

    /// How the call ends with this answer.
    pub(crate) fn ending(&self, name: &str, packet: &Packet) -> Ending {
        let inputs = match self.interpreter.operation(name) {
            Some(operation) => complete(&self.provider, operation, &self.vector.inputs),
            None => self.vector.inputs.clone(),
        };
        let (body, supplied) = (packet.body_bytes(), &self.vector.supplied);
        self.interpreter.read_reply_with(name, &inputs, 200, &packet.headers, &body, supplied)
    }

    /// A signature that does not fit is explained by its text, where the vector states one.
    fn refused_with_text(
        &self,
        refusal: &Refusal,
        texts: Result<Vec<(String, SignedText)>, Refusal>,
    ) -> Failed {
        let failed = self.refused(refusal);
        if *refusal != Refusal::SignatureMismatch {
            return failed;
        }
        match texts.map(|texts| self.compare_base(&texts)) {
            Ok(Err(differs)) => {
                Failed { message: format!("{}, {}", failed.message, differs.message), ..differs }
            }
            _ => failed,
        }
    }

    /// The stated signature is the one of the message.
    fn compare_place(&self, packet: &Packet) -> Result<(), Failed> {
        let Some(wanted) = self.vector.place.as_ref().or(self.vector.signature.as_ref()) else {
            return Ok(());
        };
        if packet.holds(wanted) {
            return Ok(());
        }
        Err(self.failed("the message is accepted, and the `signature` of the vector is not in it"))
    }

    fn compare_read(&self, read: &Read<'_>) -> Result<(), Failed> {
        if let Some(wanted) = &self.vector.outcome {
            let found = read.outcome.map_or_else(|| "none".to_owned(), |word| snake(&word));
            self.same("outcome", wanted, &found)?;
        }
        for (name, wanted) in self.vector.values.iter() {
            let found = read.value(name);
            let found = found.ok_or_else(|| self.failed(format!("`{name}` is not in the message")))?;
            // A time may be written as it is on the wire.
            let is_time = wanted.len() == 19 && wanted.contains(' ');
            let instant = if is_time { self.interpreter.parse_instant(wanted) } else { None };
            let wanted = instant.map_or_else(|| wanted.clone(), |instant| instant.unix_seconds().to_string());
            self.same(&format!("`{name}`"), &wanted, &found)?;
        }
        Ok(())
    }

    fn compare_error(&self, wanted: &ExpectedError, ending: &Ending) -> Result<(), Failed> {
        let (kind, code) = match ending {
            Ending::Rejected { kind, code, .. } => (snake(kind), code.clone()),
            Ending::Unknown(Because::Code { kind, code, .. }) => (snake(kind), code.clone()),
            Ending::Unknown(Because::Malformed(_)) => ("unknown".to_owned(), None),
            Ending::Unknown(Because::BadSignature(refusal)) => return Err(self.refused(refusal)),
            Ending::Unknown(because) => return Err(self.failed(format!("another error: {because}"))),
            Ending::Reply { .. } => return Err(self.failed("the answer is a reply, an error is expected")),
        };
        if wanted.kind != "*" {
            self.same("kind of the error", &wanted.kind, &kind)?;
        }
        let shown = |code: &Option<String>| code.clone().unwrap_or_else(|| "none".to_owned());
        self.same("code", &shown(&wanted.code), &shown(&code))
    }
}

impl Read<'_> {
    /// A value, also one inside an object (`field.member`), and one that the spec does not list.
    fn value(&self, name: &str) -> Option<String> {
        let own = || self.values.get(name).cloned();
        let inner = || {
            let (field, path) = name.split_once('.')?;
            inside(self.values.get(field)?, path)
        };
        let further = || self.extra.get(name).map(|json| plain(json));
        own().or_else(inner).or_else(further)
    }
}

/// A member of a JSON text; a JSON text is YAML, and the reader of YAML keeps numbers as they are.
fn inside(json: &str, path: &str) -> Option<String> {
    let mut diagnostics = payspec_codegen::diagnostic::Diagnostics::new();
    let node = payspec_codegen::read::read(json, &mut diagnostics)?;
    let mut here = &node;
    for part in path.split('.') {
        here = match part.parse::<usize>() {
            Ok(at) if !here.items().is_empty() => here.items().get(at)?,
            _ => here.get(part)?,
        };
    }
    here.text().map(str::to_owned)
}

/// A JSON string as its text; anything else as it is.
fn plain(json: &str) -> String {
    let mut diagnostics = payspec_codegen::diagnostic::Diagnostics::new();
    let node = payspec_codegen::read::read(json, &mut diagnostics);
    let text = node.as_ref().and_then(|node| node.text().map(str::to_owned));
    text.filter(|_| json.starts_with('"')).unwrap_or_else(|| json.to_owned())
}

/// A text as it stands inside a JSON text.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

/// `PartRefunded` as `part_refunded`.
fn snake(word: &impl std::fmt::Debug) -> String {
    let mut snake = String::new();
    for letter in format!("{word:?}").chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
