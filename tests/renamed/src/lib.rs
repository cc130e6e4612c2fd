//! Generated code where nothing is as usual: payspec has another name, the edition is old, there is no prelude, and the
//! modules that it stands in hold nothing else. That it compiles is the test; `tests/called.rs` calls it.

#![no_implicit_prelude]
#![deny(warnings, missing_docs)]

mod deep {
    pub(crate) mod deeper {
        ::pay::provider!("../../codegen/tests/specs/token.yaml", crate = pay);
    }
}

/// A module in which `provider!` stands alone, twice.
pub mod providers {
    ::pay::provider!("../../codegen/tests/specs/form.yaml", crate = pay);
    ::pay::provider!("../third-party/demo_pay.yaml", crate = ::pay);
}

/// `Debug` of a client whose module nobody else can see.
///
/// # Errors
/// The client cannot be built.
pub fn the_private_client_shown() -> ::std::result::Result<::std::string::String, ::pay::BuildError> {
    use self::deep::deeper::token::{Client, Credentials, Environment};

    let appid = ::std::borrow::ToOwned::to_owned("1000");
    let credentials = Credentials { appid, appsecret: ::pay::Secret::new("s3cr3t") };
    let client = Client::builder(credentials).environment(Environment::Production).build()?;
    ::std::result::Result::Ok(::std::format!("{client:?}"))
}
