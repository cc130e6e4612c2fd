//! The generated code of this crate's specs, behind one function.

use std::sync::LazyLock;

use payspec::{CallbackError, FixedClock, Incoming, Secret, Timestamp};
use payspec_runtime::{ClientBuilder, trace};

use crate::{
    run::{self, NOW, Outcome},
    settings,
    wire::Packet,
};

#[allow(missing_docs, unreachable_pub, dead_code, clippy::all)]
mod specs {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

/// Given values.
#[derive(Clone, Copy, Debug)]
pub struct Given<'g>(pub &'g [(String, String)]);

impl Given<'_> {
    fn public(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("{name} is not given")).1
    }

    fn secret(&self, name: &str) -> Secret {
        Secret::new(self.public(name))
    }
}

macro_rules! client {
    ($spec:ident) => {{
        static CLIENT: LazyLock<specs::$spec::Client> = LazyLock::new(|| {
            ClientBuilder::<specs::$spec::Client>::new(specs::$spec::Credentials {
                appid: settings::APPID.to_owned(),
                name_cn: settings::NAME_CN.to_owned(),
                secret: Secret::new(settings::SECRET),
                hexkey: Secret::new(settings::HEXKEY),
                b64key: Secret::new(settings::B64KEY),
                key16: Secret::new(settings::KEY16),
                key24: Secret::new(settings::KEY24),
                key32: Secret::new(settings::KEY32),
                rsa: settings::rsa_public(),
                rsa_many: settings::rsa_many(),
                sm2: settings::sm2_public(),
            })
            .environment(specs::$spec::Environment::Custom {})
            .clock(FixedClock::new(Timestamp::from_unix_millis(NOW * 1000).expect("a time")))
            .build()
            .expect("the settings fit")
        });
        &*CLIENT
    }};
}

include!(concat!(env!("OUT_DIR"), "/glue.rs"));

/// A message through the generated code of a spec.
#[must_use]
pub fn generated(spec: &str, callback: &str, packet: &Packet, given: &[(String, String)]) -> Outcome {
    let headers: Vec<(&str, &[u8])> =
        packet.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let incoming = Incoming::new(&packet.method, &packet.query, packet.content_type.as_deref(), &packet.body)
        .headers(&headers)
        .url(&packet.url);
    trace::forget();
    let verified = verify(spec, callback, &incoming, &Given(given));
    run::generated(verified, trace::last_text())
}

/// Everything that the generated code has composed for the last message of this thread.
#[must_use]
pub fn composed() -> Vec<Vec<u8>> {
    trace::texts()
}
