//! Which credentials one message needs: those that its recipes name, and those that its fields hold.

use std::collections::BTreeSet;

use payspec_codegen::ir::{
    Algorithm, CredentialPath, Iv, Key, List, Operand, Origin, PairPiece, Piece, Provider, ReceivedField,
    Recipe, Signature,
};
use payspec_vectors::Subject;

/// The credentials that are needed.
pub(crate) enum Needs {
    /// All of them.
    All,
    /// These, by their names, and of choices by name and member.
    These {
        /// Credentials, and choices as a whole.
        names: BTreeSet<String>,
        /// Members of choices.
        members: BTreeSet<(String, String)>,
    },
}

impl Needs {
    /// What a message needs; everything if the spec does not know it.
    pub(crate) fn of(provider: &Provider, subject: Option<&Subject>) -> Self {
        let Some(subject) = subject else { return Self::All };
        let mut walk = Walk { provider, names: BTreeSet::new(), members: BTreeSet::new() };
        let found = match subject {
            Subject::Request(name) => walk.request(name),
            Subject::Response(name) => walk.reply(name),
            Subject::Callback(name) => walk.callback(name),
            Subject::Recipe(name) => walk.recipe_named(name),
        };
        match found {
            Some(()) => Self::These { names: walk.names, members: walk.members },
            None => Self::All,
        }
    }

    /// Whether the credential of this path (`signing.rsa.merchant_key`) is needed.
    pub(super) fn has(&self, path: &str) -> bool {
        let Self::These { names, members } = self else { return true };
        let mut parts = path.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(_), Some(member)) => members.contains(&(name.to_owned(), member.to_owned())),
            (Some(name), ..) => names.contains(name),
            _ => true,
        }
    }
}

struct Walk<'p> {
    provider: &'p Provider,
    names: BTreeSet<String>,
    members: BTreeSet<(String, String)>,
}

impl Walk<'_> {
    fn request(&mut self, name: &str) -> Option<()> {
        let operation = self.provider.operations.iter().find(|operation| operation.name.wire == name)?;
        for sent in &operation.request {
            if let Origin::Credential(path) = &sent.origin {
                self.path(path);
            }
        }
        self.signature(&operation.signature);
        Some(())
    }

    fn reply(&mut self, name: &str) -> Option<()> {
        let operation = self.provider.operations.iter().find(|operation| operation.name.wire == name)?;
        let reply = operation.reply.as_ref()?;
        let envelope = &self.provider[reply.envelope];
        self.received(&envelope.members);
        self.received(&envelope.data_fields);
        if let payspec_codegen::ir::ReplyShape::Fields(fields) = &reply.shape {
            self.received(fields);
        }
        self.signature(&envelope.signature);
        // What the answer repeats is compared with what was sent.
        for sent in &operation.request {
            if let Origin::Credential(path) = &sent.origin {
                self.path(path);
            }
        }
        Some(())
    }

    fn callback(&mut self, name: &str) -> Option<()> {
        let callback = self.provider.callbacks.iter().find(|callback| callback.name.wire == name)?;
        self.received(&callback.fields);
        self.signature(&callback.signature);
        Some(())
    }

    fn recipe_named(&mut self, name: &str) -> Option<()> {
        let recipe = self.provider.recipes.iter().find(|recipe| recipe.name.wire == name)?;
        self.recipe(recipe);
        Some(())
    }

    fn received(&mut self, fields: &[ReceivedField]) {
        for path in fields.iter().filter_map(|field| field.equals.as_ref()) {
            self.path(path);
        }
    }

    fn path(&mut self, path: &CredentialPath) {
        let name = &path.name.wire;
        self.names.insert(name.clone());
        self.members.extend(path.member.iter().map(|member| (name.clone(), member.wire.clone())));
    }

    fn signature(&mut self, signature: &Signature) {
        match signature {
            Signature::Chosen { by, .. } => self.path(by),
            Signature::Several(all) => all.iter().for_each(|signature| self.signature(signature)),
            _ => {}
        }
        for id in signature.recipes() {
            self.recipe(&self.provider[id]);
        }
    }

    fn recipe(&mut self, recipe: &Recipe) {
        self.pieces(&recipe.text);
        if let Some(list) = &recipe.list {
            self.list(list);
        }
        match &recipe.seal.key {
            Some(Key::Credential { path, id }) => {
                self.path(path);
                id.iter().for_each(|pieces| self.pieces(pieces));
            }
            Some(Key::Computed(pieces)) => self.pieces(pieces),
            None => {}
        }
        if let Algorithm::Cipher { iv, aad, .. } = &recipe.seal.algorithm {
            self.pieces(aad);
            if let Some(Iv::Template(pieces)) = iv {
                self.pieces(pieces);
            }
        }
        recipe.place.iter().for_each(|place| self.pieces(&place.template));
        recipe.tolerance.iter().for_each(|tolerance| self.pieces(&tolerance.of));
        recipe.parts.iter().for_each(|part| self.recipe(part));
        recipe.also_accept.iter().for_each(|reading| self.recipe(&reading.recipe));
    }

    fn list(&mut self, list: &List) {
        list.add.iter().for_each(|(_, pieces)| self.pieces(pieces));
        for piece in &list.pair {
            if let PairPiece::Operand { from, .. } = piece {
                self.operand(from);
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            if let Piece::Value { from, .. } = piece {
                self.operand(from);
            }
        }
    }

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Credential(path) = operand {
            self.path(path);
        }
    }
}
