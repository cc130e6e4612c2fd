//! What providers write between values: literals, separators, names of secrets.

/// Text that stands between two values of a template, the commonest first.
pub(crate) const LITERALS: [&str; 38] = [
    "&",
    "\n",
    "|",
    "&key=",
    ".",
    ",",
    ":",
    "?",
    "=",
    " ",
    "-",
    "_",
    "+",
    "/",
    ";",
    "#",
    "\r\n",
    "||",
    "::",
    "key=",
    "&secret=",
    "&appSecret=",
    "&app_secret=",
    "&appsecret=",
    "&secretKey=",
    "&md5key=",
    "&sign=",
    "&token=",
    "&access_token=",
    "*",
    "~",
    "^",
    "@",
    "$",
    "!",
    "\t",
    "\u{feff}",
    "&&",
];

/// Separators of a list.
pub(crate) const SEPARATORS: [&str; 27] = [
    "", "&", "|", ",", ";", ":", "\n", "-", "_", ".", "+", "^", "#", "~", "*", "/", " ", "||", "\r\n", "::",
    "&&", "$", "@", "!", ", ", "\t", "=",
];

/// Names under which secrets are sorted with the other pairs.
pub(crate) const SECRET_NAMES: [&str; 16] = [
    "key",
    "secret",
    "appSecret",
    "app_secret",
    "appsecret",
    "secretKey",
    "secret_key",
    "apiKey",
    "api_key",
    "apikey",
    "token",
    "access_token",
    "md5key",
    "password",
    "mch_key",
    "sign_key",
];

/// Fields that say how the signature is made and often take no part.
pub(crate) const SIGNATURE_FIELDS: [&str; 12] = [
    "sign_type",
    "signType",
    "signtype",
    "sign",
    "signature",
    "signMethod",
    "sign_method",
    "charset",
    "input_charset",
    "_input_charset",
    "key",
    "sign_version",
];
