//! One request through both executions: does it pass, or what exactly is wrong with it?

use std::sync::Arc;

use payspec::{Limit, PrepareError};
use payspec_codegen::ir::Provider;
use payspec_interpreter::{
    CredentialValue, Instant, Interpreter, Map, PrepareError as Unprepared, Problem, Settings, Value,
};
use payspec_runtime::{
    Secret,
    crypto::{RsaPrivateKey, RsaPublicKey},
};
use payspec_tests::bridge::{Generated, Moment, Refused, open};

/// The public credential of every provider here: `appid`, `partner_id`.
pub(crate) const MERCHANT: &str = "10000001";

/// 2022-05-25 12:00:00 in China.
const NOW: i64 = 1_653_451_200;

/// How a limit is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    Missing,
    Short,
    Long,
    FewItems,
    ManyItems,
    Below,
    Above,
    Unit,
    Alphabet,
    StartsWith,
    Among,
}

impl Breach {
    fn of_problem(problem: &Problem, wanted: Self) -> bool {
        match problem {
            Problem::Missing => wanted == Self::Missing,
            Problem::Length { .. } => matches!(wanted, Self::Short | Self::Long),
            Problem::Items { .. } => matches!(wanted, Self::FewItems | Self::ManyItems),
            Problem::Range { .. } => matches!(wanted, Self::Below | Self::Above),
            Problem::Kind { .. } => wanted == Self::Unit,
            Problem::Alphabet { .. } => wanted == Self::Alphabet,
            Problem::StartsWith { .. } => wanted == Self::StartsWith,
            Problem::Rule { .. } => wanted == Self::Among,
            _ => false,
        }
    }

    fn of_limit(limit: &Limit) -> Option<Self> {
        Some(match limit {
            Limit::Missing => Self::Missing,
            Limit::MinLength { .. } => Self::Short,
            Limit::MaxLength { .. } => Self::Long,
            Limit::MinItems { .. } => Self::FewItems,
            Limit::MaxItems { .. } => Self::ManyItems,
            Limit::Minimum { .. } => Self::Below,
            Limit::Maximum { .. } => Self::Above,
            Limit::Units { .. } => Self::Unit,
            Limit::Alphabet { .. } => Self::Alphabet,
            Limit::StartsWithDate { .. } | Limit::StartsWithCredential { .. } => Self::StartsWith,
            Limit::Among { .. } => Self::Among,
            _ => return None,
        })
    }
}

/// Interpreter and generated code of one provider.
pub(crate) struct Both {
    interpreter: Interpreter,
    generated: Box<dyn Generated>,
}

impl Both {
    pub(crate) fn open(provider: &Arc<Provider>) -> Self {
        let settings = settings(provider);
        let generated = open(&provider.name, &settings).unwrap().unwrap();
        Self { interpreter: Interpreter::new(Arc::clone(provider), settings).unwrap(), generated }
    }

    fn now() -> Instant {
        Instant::from_unix_seconds(NOW)
    }

    /// Both take it.
    pub(crate) fn passes(&self, operation: &str, inputs: &Map<Value>) -> Result<(), String> {
        if let Err(error) = self.interpreter.prepare(operation, inputs, Self::now()) {
            return Err(format!("the interpreter refuses it: {error}"));
        }
        match self.generated.prepare(operation, inputs, &Moment::at(Self::now())) {
            Ok(_) => Ok(()),
            Err(refused) => Err(format!("generated code refuses it: {refused:?}")),
        }
    }

    /// Both refuse it, for this and for nothing else.
    pub(crate) fn refuses(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        path: &str,
        breach: Breach,
    ) -> Result<(), String> {
        match self.interpreter.prepare(operation, inputs, Self::now()) {
            Err(Unprepared::Invalid(found)) if is_only(&found, path, breach) => {}
            other => return Err(format!("interpreter: {:?}", other.map(|_| "it passes"))),
        }
        match self.generated.prepare(operation, inputs, &Moment::at(Self::now())) {
            Err(Refused::Prepare(PrepareError::Invalid(found))) => {
                // It also says what follows for the same field: that what is too long is not among others either.
                let is_it = found.iter().any(|violation| Breach::of_limit(&violation.limit) == Some(breach));
                let is_all = found.iter().all(|violation| violation.path == path);
                if is_it && is_all { Ok(()) } else { Err(format!("generated: {found:?}")) }
            }
            other => Err(format!("generated: {:?}", other.map(|_| "it passes"))),
        }
    }

    /// The interpreter misses it; in the generated code nobody can write it.
    pub(crate) fn has_no_type(&self, operation: &str, inputs: &Map<Value>, path: &str) -> Result<(), String> {
        match self.interpreter.prepare(operation, inputs, Self::now()) {
            Err(Unprepared::Invalid(found)) if is_only(&found, path, Breach::Missing) => {}
            other => return Err(format!("interpreter: {:?}", other.map(|_| "it passes"))),
        }
        match self.generated.prepare(operation, inputs, &Moment::at(Self::now())) {
            Err(Refused::Untyped(_)) => Ok(()),
            other => Err(format!("generated: {:?}", other.map(|_| "it passes"))),
        }
    }

    /// Both take it; whether it is as advised.
    pub(crate) fn advises(
        &self,
        operation: &str,
        inputs: &Map<Value>,
        path: &str,
        breach: Option<Breach>,
    ) -> Result<(), String> {
        self.passes(operation, inputs)?;
        let advice = self.interpreter.advice(operation, inputs, Self::now()).unwrap();
        let is_right = match breach {
            Some(breach) => is_only(&advice, path, breach),
            None => advice.is_empty(),
        };
        if is_right { Ok(()) } else { Err(format!("interpreter: {advice:?}")) }
    }
}

fn is_only(found: &[payspec_interpreter::Violation], path: &str, breach: Breach) -> bool {
    // A rule is the request's.
    let path = if breach == Breach::Among { "" } else { path };
    matches!(found, [violation] if violation.path == path && Breach::of_problem(&violation.problem, breach))
}

/// A made-up account with any provider here.
pub(crate) fn settings(provider: &Provider) -> Settings {
    let key =
        |name: &str| std::fs::read(format!("{}/vectors/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let text = |text: &str| CredentialValue::Text(text.to_owned());
    let secret = || CredentialValue::Secret(Secret::new("0123456789abcdef0123456789abcdef"));
    let ours = RsaPrivateKey::read(key("test-merchant-rsa2048.pkcs8.pem")).unwrap();
    let theirs = RsaPublicKey::read(key("test-platform-rsa2048.spki.pem")).unwrap();
    let keys = Map::from([
        ("merchant_key", CredentialValue::RsaPrivate(ours)),
        ("platform_key", CredentialValue::RsaPublic(theirs)),
    ]);
    let credentials = Map::from([
        ("appid", text(MERCHANT)),
        ("secret", secret()),
        ("appsecret", secret()),
        ("partner_id", text(MERCHANT)),
        ("signing", CredentialValue::Choice { alternative: "rsa".to_owned(), members: keys }),
    ]);
    let is_own = |name: &str| provider.credentials.iter().any(|credential| credential.name.wire == name);
    let credentials = credentials.into_iter().filter(|(name, _)| is_own(name)).collect();
    let tokens = provider.token.iter().map(|token| (token.name.wire.clone(), "0".repeat(32))).collect();
    let hosts =
        provider.hosts.iter().map(|host| (host.wire.clone(), "https://pay.example.com".to_owned())).collect();
    Settings { credentials, tokens, hosts, ..Settings::default() }
}
