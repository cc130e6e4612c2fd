//! What only a notice has, because a server sends it: its outcome, its key, its answer and its repetitions. A part that
//! nobody knows is written `unknown`, which is noted and never guessed.

use super::Context;
use super::callbacks::Written;
use super::references::find;
use crate::diagnostic::{Code, Span};
use crate::ir;
use crate::model;
use crate::read::TextOr;

impl Context<'_> {
    /// What a notice must say, or say that nobody knows it.
    pub(super) fn notice(&self, entry: &Written, lowered: &mut ir::Callback) {
        let callback = &entry.value;
        let of = format!("callback `{}`", entry.key);
        let here = (entry.key.span, callback.span);
        match callback.outcome.as_ref().map(|outcome| (&outcome.value, outcome.span)) {
            None => {
                self.required::<()>(
                    None,
                    "outcome",
                    &of,
                    here,
                    "say what it means for money, or `outcome: unknown`",
                );
            }
            Some((TextOr::Text(word), span)) => self.only_unknown(word, span, "outcome", &of),
            Some((TextOr::Other(_), _)) => {}
        }
        lowered.once_per = self.once_per(entry, lowered);
        self.notice_without_amount(entry, lowered);
        match callback.acknowledge.as_ref().map(|said| (&said.value, said.span)) {
            None => {
                self.required::<()>(
                    None,
                    "acknowledge",
                    &of,
                    here,
                    "say how it is answered, or `acknowledge: unknown`",
                );
            }
            Some((TextOr::Text(word), span)) => self.only_unknown(word, span, "acknowledge", &of),
            Some((TextOr::Other(said), span)) => lowered.acknowledge = self.acknowledge(said, span),
        }
        match callback.retries.as_ref().map(|said| (&said.value, said.span)) {
            None => {
                self.required::<()>(
                    None,
                    "retries",
                    &of,
                    here,
                    "say when it is sent again, or `retries: unknown`",
                );
            }
            Some((TextOr::Text(word), span)) => self.only_unknown(word, span, "retries", &of),
            Some((TextOr::Other(said), span)) => lowered.retries = self.retries(said, span),
        }
    }

    /// A word that may only be `unknown`, which is noted.
    fn only_unknown(&self, word: &str, span: Span, key: &str, of: &str) {
        if word == "unknown" {
            let message = format!("`{key}` of {of} is unknown");
            self.mistake(Code::NotKnown, span, message, "the web adapter asks the integrator for it");
        } else {
            let message = format!("`{word}` says nothing about `{key}`");
            self.mistake(Code::UnknownValue, span, message, "write a map, or `unknown`");
        }
    }

    fn once_per(&self, entry: &Written, lowered: &ir::Callback) -> Vec<ir::Name> {
        let of = format!("callback `{}`", entry.key);
        let Some(said) = entry.value.once_per.as_ref().filter(|said| !said.is_empty()) else {
            if !self.has_failed(entry.value.span) {
                let message = format!("notify `{}` lacks `once_per`", entry.key);
                self.mistake(
                    Code::NoticeWithoutKey,
                    entry.key.span,
                    message,
                    "name the fields that are equal in repetitions",
                );
            }
            return Vec::new();
        };
        let fields: Vec<&ir::Field> = lowered.fields.iter().map(|field| &field.field).collect();
        if let [only] = &said.value[..]
            && only.value == "unknown"
            && find(fields.iter().copied(), "unknown").is_none()
        {
            let message = format!("`once_per` of {of} is unknown: a repetition could book twice");
            let mend = "ask the provider which fields are equal in repetitions";
            self.mistake(Code::NoticeWithoutKnownKey, only.span, message, mend);
            return Vec::new();
        }
        let found = said.iter().filter_map(|name| self.known_field(name, name.span, &fields, &of));
        found.map(|field| field.name.clone()).collect()
    }

    fn acknowledge(&self, said: &model::Acknowledge, span: Span) -> Option<ir::Acknowledge> {
        let here = (span.beginning(), span);
        let accepted = self.required(
            said.accepted.as_ref(),
            "accepted",
            "`acknowledge`",
            here,
            "the body that stops the repetitions",
        );
        let again = self.required(
            said.again.as_ref(),
            "again",
            "`acknowledge`",
            here,
            "the body that asks for a repetition",
        );
        self.sources(said.source.as_ref(), &[]);
        Some(ir::Acknowledge {
            accepted: accepted?.value.clone(),
            again: again?.value.clone(),
            content_type: said.content_type.as_ref().map_or("text/plain", |text| text.as_str()).to_owned(),
        })
    }
}
