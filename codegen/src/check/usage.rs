//! What ties the file together at the end: which types and recipes are used, and which names fall together in Rust.

use super::Context;
use super::names::Taken;
use crate::diagnostic::Code;
use crate::ir::{self, CredentialKind, Item, JsonOf, Kind, Opened, ReplyShape, Shape, TypeId};
use crate::model;

impl Context<'_> {
    /// Marks what is sent and received, and reports what is neither.
    pub(super) fn check_usage(&mut self, operations: &[ir::Operation], callbacks: &[ir::Callback]) {
        let mut sent: Vec<TypeId> = Vec::new();
        let mut received: Vec<TypeId> = Vec::new();
        sent.extend(self.options.iter().filter_map(|option| named(&option.field.kind)));
        for operation in operations {
            sent.extend(operation.request.iter().filter_map(|field| named(&field.field.kind)));
            match operation.reply.as_ref().map(|reply| &reply.shape) {
                Some(ReplyShape::Fields(fields)) => {
                    received.extend(fields.iter().filter_map(|f| named(&f.field.kind)))
                }
                Some(ReplyShape::Value(field)) => received.extend(named(&field.kind)),
                Some(ReplyShape::Nothing) | None => {}
            }
        }
        received.extend(
            callbacks.iter().flat_map(|callback| &callback.fields).filter_map(|f| named(&f.field.kind)),
        );
        received.extend(self.enveloped_types());
        let sent = self.reached(sent);
        let received = self.reached(received);
        for ((item, sent), received) in self.types.iter_mut().zip(sent).zip(received) {
            item.sent = sent;
            item.received = received;
        }
        self.unused();
        self.not_sendable();
        self.rows_have_numbers(operations);
    }

    /// Types of envelope members, from the model: any envelope counts as used.
    fn enveloped_types(&self) -> Vec<TypeId> {
        let responses = self.file.envelopes.iter().filter_map(|entry| entry.value.response.as_ref());
        let fields =
            responses.flat_map(|response| response.members.iter().chain(response.data_fields.iter()));
        let names = fields.filter_map(|entry| {
            let model::Field { named, list, json, base64_json, encrypted, .. } = &entry.value.value;
            [named, list, json, base64_json, encrypted].into_iter().find_map(Option::as_ref)
        });
        names
            .filter_map(|name| self.file.types.keys().position(|key| key == name.value))
            .map(TypeId)
            .collect()
    }

    /// Everything that can be reached from these types.
    fn reached(&self, mut open: Vec<TypeId>) -> Vec<bool> {
        let mut reached = vec![false; self.types.len()];
        while let Some(id) = open.pop() {
            let Some(seen) = reached.get_mut(id.0) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            if let Some(Shape::Object { fields, .. }) = self.types.get(id.0).map(|item| &item.shape) {
                open.extend(fields.iter().filter_map(|field| named(&field.kind)));
            }
        }
        reached
    }

    fn unused(&self) {
        for (item, entry) in self.types.iter().zip(&self.file.types) {
            if !item.sent && !item.received {
                let message = format!("type `{}` is never used", item.name);
                self.mistake(
                    Code::UnusedType,
                    entry.key.span,
                    message,
                    "remove it, or name it where it was meant",
                );
            }
        }
        let used = self.recipes.used.borrow();
        let likes = self.file.signatures.iter().flatten().filter_map(|entry| entry.value.like.as_ref());
        let likes: Vec<&str> = likes.map(|like| like.value.as_str()).collect();
        for entry in &self.recipes.entries {
            let name = entry.name.value.as_str();
            if !used.contains(name) && !likes.contains(&name) {
                let message = format!("recipe `{name}` is used by no message");
                self.mistake(
                    Code::UnusedRecipe,
                    entry.name.span,
                    message,
                    "name it at a message, or keep it for a vector alone",
                );
            }
        }
    }

    /// What can only be received may not be in an object that we send.
    fn not_sendable(&self) {
        for (item, entry) in self.types.iter().zip(&self.file.types) {
            let Shape::Object { fields, .. } = &item.shape else { continue };
            for field in fields.iter().filter(|_| item.sent) {
                let (what, mend) = match field.kind {
                    Kind::RawJson => ("raw", "write it as `json` or with a type of its own"),
                    Kind::Encrypted(_) => ("encrypted", "what we encrypt is the payload"),
                    Kind::Signature => ("a signature", "a request's signature is a field of the envelope"),
                    _ => continue,
                };
                let message =
                    format!("`{}` of type `{}` is {what}, and the type is sent", field.name.wire, item.name);
                self.mistake(Code::KeyDoesNotApply, entry.key.span, message, mend);
            }
        }
    }

    /// Objects that travel as rows have numbered members, each a single value; no other object has.
    fn rows_have_numbers(&self, operations: &[ir::Operation]) {
        let sent = operations.iter().flat_map(|operation| &operation.request);
        let as_rows: Vec<TypeId> = sent
            .filter_map(|sent| match sent.field.kind {
                Kind::Rows { of, .. } => Some(of),
                _ => None,
            })
            .collect();
        for (place, (item, entry)) in self.types.iter().zip(&self.file.types).enumerate() {
            let Shape::Object { fields, .. } = &item.shape else { continue };
            let is_row = as_rows.contains(&TypeId(place));
            for field in fields {
                let wire = &field.name.wire;
                let is_single = !matches!(
                    field.kind,
                    Kind::Object(_)
                        | Kind::RawJson
                        | Kind::Encrypted(_)
                        | Kind::Signature
                        | Kind::List { join: None, .. }
                );
                if is_row && !wire.contains('#') {
                    let message =
                        format!("`{wire}` of type `{}` has no `#`, and the type travels as rows", item.name);
                    let mend = "write the number of the row as `#`: `item_name#`";
                    self.mistake(Code::RowsDisagree, entry.key.span, message, mend);
                } else if is_row && !is_single {
                    let message =
                        format!("`{wire}` of type `{}` does not fit into a numbered name", item.name);
                    self.mistake(
                        Code::RowsDisagree,
                        entry.key.span,
                        message,
                        "write it as text, or as `json`",
                    );
                } else if !is_row && wire.contains('#') {
                    let message =
                        format!("`{wire}` of type `{}` has a `#`, and the type is no row", item.name);
                    self.mistake(Code::RowsDisagree, entry.key.span, message, "name the type with `rows:`");
                }
            }
        }
    }

    /// Names of types and functions in the emitted module.
    pub(super) fn check_names(
        &self,
        envelopes: &[ir::Envelope],
        operations: &[ir::Operation],
        callbacks: &[ir::Callback],
    ) {
        let mut taken = Taken::new(self);
        for (credential, entry) in self.credentials.iter().zip(self.file.credentials.iter().flatten()) {
            if matches!(credential.kind, CredentialKind::Choice(_)) {
                let owner = format!("credential `{}`", entry.key);
                taken.a_type(credential.name.pascal.clone(), &owner, entry.key.span);
            }
        }
        for (item, entry) in self.types.iter().zip(&self.file.types) {
            let owner = format!("type `{}`", item.name);
            taken.a_type(item.name.clone(), &owner, entry.key.span);
            if let Shape::Object { .. } = item.shape {
                taken.a_type(format!("{}Optional", item.name), &owner, entry.key.span);
                if item.sent && item.received {
                    taken.a_type(format!("Received{}", item.name), &owner, entry.key.span);
                }
            }
        }
        for (envelope, entry) in envelopes.iter().zip(&self.file.envelopes) {
            let owner = format!("envelope `{}`", entry.key);
            taken.a_type(format!("{}Answer", envelope.name.pascal), &owner, entry.key.span);
            if !envelope.signature.recipes().is_empty() {
                taken.a_function(format!("verify_{}_reply", envelope.name.snake), &owner, entry.key.span);
            }
        }
        for (operation, entry) in operations.iter().zip(&self.file.operations) {
            let owner = format!("operation `{}`", entry.key);
            for end in ["", "Optional", "Reply"] {
                taken.a_type(format!("{}{end}", operation.name.pascal), &owner, entry.key.span);
            }
            let snake = operation.name.snake.trim_end_matches('_');
            taken.a_function(operation.name.snake.clone(), &owner, entry.key.span);
            for begin in ["prepare", "read", "judge", "sign", "payload"] {
                taken.a_function(format!("{begin}_{snake}"), &owner, entry.key.span);
            }
        }
        for (callback, entry) in callbacks.iter().zip(&self.file.callbacks) {
            let owner = format!("callback `{}`", entry.key);
            for end in ["", "Expected"] {
                taken.a_type(format!("{}{end}", callback.name.pascal), &owner, entry.key.span);
            }
            let snake = callback.name.snake.trim_end_matches('_');
            taken.a_function(format!("verify_{snake}"), &owner, entry.key.span);
        }
        self.functions_of_recipes(&mut taken, envelopes, operations, callbacks);
        if let ir::Encoding::Chosen(id) = self.encoding
            && let Some(option) = self.options.get(id.0)
            && let Some(entry) =
                self.file.options.iter().find(|entry| entry.key.value == option.field.name.wire)
            && option.field.name.snake != "charset"
        {
            let owner = format!("option `{}`", entry.key.value);
            taken.a_function(option.field.name.snake.clone(), &owner, entry.key.span);
        }
    }

    /// Each recipe of a received message, or of a request that is signed as it is written, has functions of its own, some
    /// of them for each of its readings and parts.
    fn functions_of_recipes(
        &self,
        taken: &mut Taken<'_, '_>,
        envelopes: &[ir::Envelope],
        operations: &[ir::Operation],
        callbacks: &[ir::Callback],
    ) {
        let signatures = envelopes.iter().map(|envelope| &envelope.signature);
        let signatures = signatures.chain(callbacks.iter().map(|callback| &callback.signature));
        let written = operations.iter().filter(|operation| operation.signed.is_empty());
        let signatures = signatures.chain(written.map(|operation| &operation.signature));
        let used: Vec<ir::RecipeId> = signatures.flat_map(ir::Signature::recipes).collect();
        for (place, recipe) in self.recipes.lowered.iter().enumerate() {
            let entry = self.recipes.entries.iter().find(|entry| entry.name.value == recipe.name.wire);
            let Some(entry) = entry.filter(|_| used.contains(&ir::RecipeId(place))) else { continue };
            let owner = format!("recipe `{}`", entry.name.value);
            let snake = recipe.name.snake.trim_end_matches('_');
            let parts = || recipe.parts.iter().map(|part| part.name.snake.trim_end_matches('_'));
            let once = ["place", "seal", "verify", "open"].map(str::to_owned);
            let of_elements = recipe.each.iter().map(|_| "verify_element".to_owned());
            let placed = parts().map(|part| format!("place_{part}"));
            for what in once.into_iter().chain(of_elements).chain(placed) {
                taken.a_function(format!("{snake}_{what}"), &owner, entry.name.span);
            }
            let readings = ["text", "fits", "opened"].map(str::to_owned);
            for what in readings.into_iter().chain(parts().map(|part| format!("part_{part}"))) {
                taken.a_function(format!("{snake}_{what}"), &owner, entry.name.span);
                for further in 2..2 + recipe.also_accept.len() {
                    taken.a_function(format!("{snake}_{what}_{further}"), &owner, entry.name.span);
                }
            }
        }
    }
}

/// The type that a kind names.
fn named(kind: &Kind) -> Option<TypeId> {
    match kind {
        Kind::Enum(id)
        | Kind::Object(id)
        | Kind::List { of: Item::Object(id), .. }
        | Kind::Rows { of: id, .. }
        | Kind::Json(JsonOf::Object(id))
        | Kind::Base64Json(JsonOf::Object(id))
        | Kind::Encrypted(Opened::Object(id)) => Some(*id),
        _ => None,
    }
}
