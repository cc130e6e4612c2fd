//! What is behind a feature, asked for by name: emitted modules begin with one of these for each feature that their
//! spec needs, so that whoever has not turned it on is told which, before the compiler misses its items one by one.

/// For emitted code: refuses to compile without the feature `rsa`.
#[cfg(feature = "rsa")]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_rsa {
    () => {};
}

/// For emitted code: refuses to compile without the feature `rsa`.
#[cfg(not(feature = "rsa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_rsa {
    () => {
        ::core::compile_error!(
            "this spec uses RSA, a feature of payspec that is off: add `\"rsa\"` to `features` of the dependency in Cargo.toml"
        );
    };
}

/// For emitted code: refuses to compile without the feature `sm`.
#[cfg(feature = "sm")]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_sm {
    () => {};
}

/// For emitted code: refuses to compile without the feature `sm`.
#[cfg(not(feature = "sm"))]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_sm {
    () => {
        ::core::compile_error!(
            "this spec uses SM2 or SM3, a feature of payspec that is off: add `\"sm\"` to `features` of the dependency in Cargo.toml"
        );
    };
}

/// For emitted code: refuses to compile without the feature `cipher`.
#[cfg(feature = "cipher")]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_cipher {
    () => {};
}

/// For emitted code: refuses to compile without the feature `cipher`.
#[cfg(not(feature = "cipher"))]
#[doc(hidden)]
#[macro_export]
macro_rules! needs_cipher {
    () => {
        ::core::compile_error!(
            "this spec encrypts, a feature of payspec that is off: add `\"cipher\"` to `features` of the dependency in Cargo.toml"
        );
    };
}
