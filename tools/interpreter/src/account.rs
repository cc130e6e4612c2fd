//! Accounts: what the recipes of one message did, as data that may be shown to anybody.
//!
//! An account is made by signing or verifying the message with [notes](crate::notes) taken on the way, so that it
//! cannot tell of another text than the one that was sealed or compared. Secrets and personal values are masked when
//! they are written down; there is no way to have them back. How an account is printed, and which line of a spec says
//! so, is the command's business. What became of each field is told in `fate`.

use std::sync::Arc;

use payspec_codegen::ir::{Charset, Order};

use crate::Interpreter;
use crate::fate::{self, Told};
use crate::incoming::{Incoming, Refusal};
use crate::notes::{Noted, Notes};
use crate::request::PrepareError;
pub use crate::select::Nothing;
use crate::signed_text::{RecipeError, SignedText};
use crate::supplied::Supplied;
use crate::validate::Violation;
use crate::value::{Map, Value};
use crate::words;

/// What the recipes of one message did, in the order of work: parts before their recipe, and of a received message
/// the last recipe first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Every recipe, reading and part that was applied.
    pub recipes: Vec<RecipeAccount>,
    /// Of a request: what the provider would not take about it. The account goes on with the fields that can be
    /// written.
    pub violations: Vec<Violation>,
    /// Why it ends before its end: no recipe is chosen, a fresh value is missing, a result cannot be placed.
    pub broken: Option<RecipeError>,
}

/// What one recipe, reading or part did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeAccount {
    /// The name of the recipe; of a part, that of the recipe around it.
    pub recipe: String,
    /// Of a recipe for each element of an array: which of them, counted from 0.
    pub element: Option<usize>,
    /// The name of the part.
    pub part: Option<String>,
    /// Which reading it is: 0 the recipe itself, then `also_accept` in order.
    pub reading: usize,
    /// How the reading differs, as the spec says it; empty for the recipe itself.
    pub differs: String,
    /// Every field of the message once, in the order of the wire; then what is listed and not there, and what stands
    /// in the text without being a field.
    pub values: Vec<ValueAccount>,
    /// The list, if the recipe has one.
    pub list: Option<ListAccount>,
    /// The text; `None` for a ciphertext that is opened.
    pub text: Option<Result<SignedText, RecipeError>>,
    /// The charset of the text.
    pub charset: Charset,
    /// The recipe has a charset of its own.
    pub own_charset: bool,
    /// What is done with the text.
    pub seal: SealAccount,
    /// The result: masked unless the message shows it, or nothing in the text is hidden. `None`: it cannot be known,
    /// because only the other side has the key.
    pub result: Option<String>,
    /// Where it goes, or stands.
    pub place: Option<PlaceAccount>,
    /// Of a received message: whether it fits. `None` for a part without a place, and for what is signed.
    pub verdict: Option<Result<(), Refusal>>,
}

/// The list of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAccount {
    /// The order.
    pub order: Order,
    /// The names in this order.
    pub names: Vec<String>,
}

/// How a text is sealed, in the words of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealAccount {
    /// `md5`, `rsa-sha256`, `aes-128-cbc`, `none`.
    pub algorithm: String,
    /// The credential that is the key, or `computed`.
    pub key: Option<String>,
    /// `hex lower`.
    pub output: &'static str,
}

/// The place of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceAccount {
    /// `field sign`, `header Authorization`.
    pub carrier: String,
    /// What is written there.
    pub written: Option<String>,
    /// What stood there in a received message; `None` where nothing did.
    pub received: Option<String>,
}

/// A value that a recipe looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueAccount {
    /// Its name: on the wire, or in the list, or a placeholder.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// The value; `None`: it is not there.
    pub shown: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Values inside of it that were looked at one by one.
    pub inside: Vec<ValueAccount>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A parameter of the query.
    Query,
    /// A field of the body.
    Body,
    /// A header.
    Header,
    /// The inputs of a request alone: it is not sent.
    Input,
    /// The recipe alone: listed, and not there.
    Listed,
    /// Beside the message: a credential, a fresh or given value, a part of the message, the result of a part.
    Beside,
}

/// What became of a value. Each has the key of the spec that says so: see [`Fate::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It takes part.
    Signed {
        /// In which way.
        by: SignedBy,
        /// It is nothing, of this kind, and takes part all the same.
        nothing: Option<Nothing>,
    },
    /// It takes no part.
    LeftOut(Why),
    /// The recipe refuses it: nothing of this kind, or an object or array, may not stand here.
    Refused(Option<Nothing>),
    /// It takes part and is no field of the message.
    Added(AddedBy),
}

/// How a field takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// It stands in the list.
    List,
    /// Something in it stands in the list.
    Inside,
    /// The text names it.
    Text,
    /// An item of `add` names it.
    Add(String),
    /// Raw bytes that hold it stand in the text: `message:body`.
    Raw(&'static str),
    /// It is signed by this part, which stands in the text.
    Part(String),
    /// The key is computed from it.
    Key,
}

/// Why a value takes no part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is nothing, of this kind, and that is left out.
    Nothing(Nothing),
    /// It is nothing by `defaults.absent_when`, and therefore not sent.
    AbsentWhen,
    /// The list has an exception for it.
    Except,
    /// The result of a recipe stands there.
    OwnPlace,
    /// It is an object or array, and those are left out.
    Nested,
    /// It repeats a name and value that already take part.
    Repeated,
    /// The list does not name it, or takes another part of the message.
    NotListed,
    /// The text does not name it.
    NotInText,
    /// The text was given up before its turn came.
    NotReached,
}

/// What puts a value in that is no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedBy {
    /// An item of `add`.
    Add,
    /// The text.
    Text,
    /// Every pair of the list.
    Pair,
}

impl Fate {
    /// The key that says so, below its recipe: `empties.empty`, `except`, `fields`, `text`; `defaults.absent_when` is
    /// of the whole file.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Signed { nothing: Some(nothing), by: SignedBy::List } => nothing_key(*nothing),
            Self::Signed { by, .. } => match by {
                SignedBy::List => String::from("fields"),
                SignedBy::Inside => String::from("nested"),
                SignedBy::Text | SignedBy::Raw(_) | SignedBy::Part(_) => String::from("text"),
                SignedBy::Add(name) => format!("add.{name}"),
                SignedBy::Key => String::from("key"),
            },
            Self::LeftOut(why) => match why {
                Why::Nothing(nothing) => nothing_key(*nothing),
                Why::AbsentWhen => String::from("defaults.absent_when"),
                Why::Except => String::from("except"),
                Why::OwnPlace => String::from("place"),
                Why::Nested => String::from("nested"),
                Why::Repeated => String::from("repeated"),
                Why::NotListed => String::from("fields"),
                Why::NotInText | Why::NotReached => String::from("text"),
            },
            Self::Refused(nothing) => nothing.map_or_else(|| String::from("nested"), nothing_key),
            Self::Added(by) => String::from(match by {
                AddedBy::Add => "add",
                AddedBy::Text => "text",
                AddedBy::Pair => "pair",
            }),
        }
    }
}

fn nothing_key(nothing: Nothing) -> String {
    String::from(match nothing {
        Nothing::Absent => "empties.absent",
        Nothing::Null => "empties.json_null",
        Nothing::Empty => "empties.empty",
        Nothing::Blank => "empties.blank",
    })
}

impl RecipeAccount {
    fn of(noted: &Noted, told: &Told<'_>, values: Vec<ValueAccount>) -> Self {
        let recipe = &noted.recipe;
        let differs = noted.reading.checked_sub(1).and_then(|index| told.around?.also_accept.get(index));
        Self {
            recipe: noted.of.clone(),
            element: noted.element,
            part: noted.part.clone(),
            reading: noted.reading,
            differs: differs.map(|reading| reading.differs.clone()).unwrap_or_default(),
            values,
            list: recipe
                .list
                .as_ref()
                .map(|list| ListAccount { order: list.order, names: noted.order.clone() }),
            text: noted.text.clone(),
            charset: noted.charset,
            own_charset: recipe.charset != told.encoding,
            seal: SealAccount {
                algorithm: words::algorithm(&recipe.seal.algorithm),
                key: words::key(recipe.seal.key.as_ref()),
                output: words::output(recipe.seal.output),
            },
            result: noted.result.clone(),
            place: recipe.place.as_ref().map(|place| PlaceAccount {
                carrier: words::carrier(&place.carrier),
                written: noted.placed.clone(),
                received: noted.received.clone(),
            }),
            verdict: noted.verdict.clone(),
        }
    }
}

impl Interpreter {
    /// The account of a request that is signed: what became of every input.
    ///
    /// # Errors
    /// [`PrepareError`]: there is no such operation, or no token. What the provider would not take, and what a recipe
    /// refuses, is part of the account.
    pub fn account_of_request(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        supplied: &Supplied,
    ) -> Result<Account, PrepareError> {
        let notes = Arc::new(Notes::default());
        let signed = self.sign_telling(operation, inputs, supplied, &notes)?;
        let mut account = self.account(&notes, &signed.not_sent);
        fate::add_placed(&mut account, &signed.fields);
        Ok(Account { violations: signed.violations, broken: signed.broken, ..account })
    }

    /// The account of a request as it was sent: its text, and whether what stands at the place of its signature fits.
    ///
    /// # Errors
    /// [`Refusal`]: it cannot be read, or is of another shape.
    pub fn account_of_sent_request(
        &self,
        operation: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
    ) -> Result<Account, Refusal> {
        let notes = Arc::new(Notes::default());
        let broken = self.tell_sent_request(operation, incoming, supplied, &notes)?.err();
        Ok(Account { broken, ..self.account(&notes, &[]) })
    }

    /// The account of a callback that came.
    ///
    /// # Errors
    /// [`Refusal`]: it cannot be read, or is of another shape.
    pub fn account_of_callback(
        &self,
        callback: &str,
        incoming: &Incoming<'_>,
        supplied: &Supplied,
    ) -> Result<Account, Refusal> {
        let notes = Arc::new(Notes::default());
        let broken = self.tell_callback(callback, incoming, supplied, &notes)?.err();
        Ok(Account { broken, ..self.account(&notes, &[]) })
    }

    /// The account of an answer that came.
    ///
    /// # Errors
    /// [`Refusal`]: it cannot be read, or is of another shape.
    pub fn account_of_reply(
        &self,
        operation: &str,
        headers: &[(String, String)],
        body: &[u8],
        supplied: &Supplied,
    ) -> Result<Account, Refusal> {
        let notes = Arc::new(Notes::default());
        let broken = self.tell_reply(operation, headers, body, supplied, &notes)?.err();
        Ok(Account { broken, ..self.account(&notes, &[]) })
    }

    /// The account of a recipe alone, over pairs as if they were the form of a message. `None`: the spec has no such
    /// recipe.
    #[must_use]
    pub fn account_of_recipe(&self, recipe: &str, pairs: &[(String, String)]) -> Option<Account> {
        let notes = Arc::new(Notes::default());
        let broken = self.tell_recipe(recipe, pairs, &notes)?.err();
        // What the recipe refuses has been told with its text.
        let broken = broken.filter(|_| notes.len() == 0);
        Some(Account { broken, ..self.account(&notes, &[]) })
    }

    fn account(&self, notes: &Notes, not_sent: &[ValueAccount]) -> Account {
        let all = notes.take();
        let mut recipes: Vec<RecipeAccount> = Vec::new();
        for noted in &all {
            let around = self.provider.recipes.iter().find(|recipe| recipe.name.wire == noted.of);
            let told = Told { around, encoding: self.provider.defaults.encoding, before: &recipes };
            let values = fate::values(noted, &told, not_sent);
            let account = RecipeAccount::of(noted, &told, values);
            recipes.push(account);
        }
        Account { recipes, ..Account::default() }
    }
}
