//! A request: made from its inputs, and held against what the vector says must be sent.

use payspec_codegen::codes::Code;
use payspec_interpreter::{Instant, Message, PrepareError, Refusal, Violation};

use super::{Failed, Held, Runner};
use crate::packet::Packet;
use crate::text;

impl Runner<'_> {
    pub(super) fn request(&self, name: &str) -> Result<Held, Failed> {
        let message = self.message(name)?;
        let packet = Packet::of_message(&message, self.charset);
        self.compare_base(&message.texts)?;
        self.compare_signature(name, &message, &packet)?;
        for (name, value) in &self.vector.headers {
            let sent = packet.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            let sent = sent.map(|(_, value)| value.as_str()).or_else(|| {
                packet.content_type.as_deref().filter(|_| name.eq_ignore_ascii_case("content-type"))
            });
            let sent = sent.ok_or_else(|| self.failed(format!("the header `{name}` is not sent")))?;
            self.same(&format!("header `{name}`"), value, sent)?;
        }
        if let Some(query) = &self.vector.query {
            self.same_pairs("query", query, &packet.query, &message)?;
        }
        if let Some(body) = &self.vector.body {
            let is_form = packet.content_type.as_deref().is_some_and(|kind| kind.contains("x-www-form"));
            if is_form {
                self.same_pairs("body", body, &packet.body, &message)?;
            } else {
                self.same("body", body, &packet.body)?;
            }
        }
        Ok(Held { texts: message.texts, packet: Some(packet) })
    }

    /// The request, signed.
    pub(crate) fn message(&self, name: &str) -> Result<Message, Failed> {
        let supplied = &self.vector.supplied;
        let now = supplied.now.unwrap_or(Instant::from_unix_seconds(0));
        let made = self.interpreter.prepare_with(name, &self.vector.inputs, now, supplied);
        made.map_err(|error| match error {
            PrepareError::Invalid(violations) => self.breaks_a_rule(&violations),
            error => self.failed(format!("no message can be made: {error}")),
        })
    }

    fn breaks_a_rule(&self, violations: &[Violation]) -> Failed {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        let first = violations.first().map(ToString::to_string).unwrap_or_default();
        let spans = &self.vector.input_spans;
        let blamed =
            spans.iter().find(|(name, _)| first.contains(&format!("`{name}`")) || first.starts_with(name));
        let failed = self.failed(format!("the operation refuses the inputs: {}", all.join("; ")));
        Failed {
            code: Some(Code::VectorBreaksARule),
            span: blamed.map_or(failed.span, |(_, span)| *span),
            ..failed
        }
    }

    /// The signature is the stated one, or, where it is randomised, the stated one is accepted as well.
    fn compare_signature(&self, name: &str, message: &Message, packet: &Packet) -> Result<(), Failed> {
        if let Some(wanted) = &self.vector.place
            && !self.vector.verify_only
            && !packet.holds(wanted)
        {
            let found = message.signature.as_deref().map(|made| packet.around(made)).unwrap_or_default();
            let difference = self.difference("place of the signature", wanted, &found);
            return Err(self
                .mismatch("what stands in the place of the signature is another text")
                .with(difference));
        }
        let Some(wanted) = &self.vector.signature else { return Ok(()) };
        let made = message.signature.as_deref().unwrap_or_default();
        if self.vector.verify_only {
            let other = packet.with_other(made, wanted);
            return self.accepted(name, &other).map(drop).map_err(|refusal| self.refused(&refusal));
        }
        // Of several recipes the stated signature may be another one than the last.
        if wanted == made || packet.holds(wanted) {
            return Ok(());
        }
        let difference = self.difference("signature", wanted, made);
        Err(self.mismatch("the signature is another one").with(difference))
    }

    /// What the provider says to a request: the texts that it composed, if it takes it.
    pub(crate) fn accepted(&self, name: &str, packet: &Packet) -> Result<Vec<Vec<u8>>, Refusal> {
        let supplied = &self.vector.supplied;
        let now = supplied.now.unwrap_or(Instant::from_unix_seconds(0));
        let taken =
            packet.incoming(|incoming| self.interpreter.check_incoming(name, incoming, now, supplied))?;
        Ok(taken.texts.iter().map(|(_, text)| text.bytes().to_vec()).collect())
    }

    /// The same pairs in any order, but for a signature that cannot be made again.
    fn same_pairs(&self, what: &str, wanted: &str, sent: &str, message: &Message) -> Result<(), Failed> {
        let signature = message.signature.as_deref().filter(|_| self.vector.verify_only);
        let stated = self.vector.signature.as_deref().filter(|_| self.vector.verify_only);
        let sorted = |text: &str| {
            let mut pairs = text::pairs(text, self.charset);
            pairs.retain(|(_, value)| signature != Some(value.as_str()) && stated != Some(value.as_str()));
            pairs.sort();
            pairs
        };
        if sorted(wanted) == sorted(sent) {
            return Ok(());
        }
        self.same(what, wanted, sent)
    }
}
