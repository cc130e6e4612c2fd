//! Changes that a protocol does not notice, each with the reason: it is the provider's rule, not our reading of it.

/// A change, and where it goes unnoticed.
pub(crate) struct Unnoticed {
    /// The value that is changed, and how.
    pub(crate) change: &'static str,
    /// Why that is the protocol.
    pub(crate) reason: &'static str,
    /// The vectors.
    pub(crate) protocols: &'static [&'static str],
}

const HOST: &str = "no host is signed: TLS says who is talked to";
const PATH: &str = "the path is not signed: TLS says who is talked to, and the operation is in the fields";
const UNSIGNED: &str =
    "the provider does not sign it; the spec says so, and what is received is typed `Unsigned`";
const SLOT: &str = "it is empty, and what is absent has an empty slot too";
const DROPPED: &str = "it is empty, and what is empty takes no part";
const DISTINCT: &str = "it stands there twice with the same value, which is signed once";
const OTHER_WAY: &str = "this credential belongs to the other direction, or to another message";
const OTHER_KEY: &str = "the message names another of the keys";
const NOT_SENT: &str = "it neither takes part nor is it sent with this message";

const fn of(change: &'static str, reason: &'static str, protocols: &'static [&'static str]) -> Unnoticed {
    Unnoticed { change, reason, protocols }
}

/// All of them.
#[rustfmt::skip] // a table
pub(crate) const UNNOTICED: &[Unnoticed] = &[
    of("host", HOST, &["alipay_rsa1_request", "alipay_rsa2_request", "binance_hmac", "binance_hmac_nonascii", "cardbizpay", "checkout_finland_request", "defupay", "doku_words", "ecpay_official", "esewa_v2", "fiserv_emea", "maksuturva_request", "migs_sha256", "molpay_vcode", "momo_create", "ninedg", "redsys_published", "redsys_request", "robokassa_request", "saobei_request", "sofort_request", "ums_open_body_sig", "wechat_v2_official_hmac", "wechat_v2_official_md5", "wechat_v3_request", "wechat_virtual_paysig", "worldpay_md5"]),
    of("path", PATH, &["alipay_rsa1_request", "alipay_rsa2_request", "binance_hmac", "binance_hmac_nonascii", "cardbizpay", "checkout_finland_request", "defupay", "doku_words", "ecpay_official", "esewa_v2", "fiserv_emea", "maksuturva_request", "migs_sha256", "molpay_vcode", "momo_create", "ninedg", "redsys_published", "redsys_request", "robokassa_request", "saobei_request", "sofort_request", "ums_open_body_sig", "wechat_v2_official_hmac", "wechat_v2_official_md5", "worldpay_md5"]),
    of("body channel", UNSIGNED, &["dotpay_notify"]),
    of("body channel, left out", UNSIGNED, &["dotpay_notify"]),
    of("body description", UNSIGNED, &["dotpay_notify"]),
    of("body description, left out", UNSIGNED, &["dotpay_notify"]),
    of("body orginal_amount", UNSIGNED, &["dotpay_notify"]),
    of("body orginal_amount, left out", UNSIGNED, &["dotpay_notify"]),
    of("body status", UNSIGNED, &["dotpay_notify"]),
    of("body status, left out", UNSIGNED, &["dotpay_notify"]),
    of("body t_date", UNSIGNED, &["dotpay_notify"]),
    of("body t_date, left out", UNSIGNED, &["dotpay_notify"]),
    of("body transaction_id", UNSIGNED, &["dotpay_notify"]),
    of("body transaction_id, left out", UNSIGNED, &["dotpay_notify"]),
    of("body version", UNSIGNED, &["dotpay_notify"]),
    of("body version, left out", UNSIGNED, &["dotpay_notify"]),
    of("body code, left out", SLOT, &["dotpay_notify"]),
    of("body service, left out", SLOT, &["dotpay_notify"]),
    of("body transaction_status", UNSIGNED, &["midtrans_notify"]),
    of("body unknownparam", UNSIGNED, &["ogone_shaout_sha1", "ogone_shaout_sha512"]),
    of("body unknownparam, left out", UNSIGNED, &["ogone_shaout_sha1", "ogone_shaout_sha512"]),
    of("body foo", UNSIGNED, &["ogone_shaout_sha256"]),
    of("body foo, left out", UNSIGNED, &["ogone_shaout_sha256"]),
    of("body paymentId", UNSIGNED, &["rbkmoney_notify"]),
    of("body paymentId, left out", UNSIGNED, &["rbkmoney_notify"]),
    of("body userField_1", UNSIGNED, &["rbkmoney_notify"]),
    of("body userField_1, left out", UNSIGNED, &["rbkmoney_notify"]),
    of("body email_recipient", UNSIGNED, &["sofort_notify"]),
    of("body email_recipient, left out", UNSIGNED, &["sofort_notify"]),
    of("body email_sender", UNSIGNED, &["sofort_notify"]),
    of("body email_sender, left out", UNSIGNED, &["sofort_notify"]),
    of("body user_variable_2, left out", SLOT, &["sofort_notify"]),
    of("body user_variable_3, left out", SLOT, &["sofort_notify"]),
    of("body user_variable_4, left out", SLOT, &["sofort_notify"]),
    of("body user_variable_5, left out", SLOT, &["sofort_notify"]),
    of("body passback_params, left out", DROPPED, &["alipay_notify"]),
    of("body Digits, left out", DISTINCT, &["twilio_duplicates"]),
    of("query access_token", UNSIGNED, &["wechat_virtual_paysig"]),
    of("input access_token", UNSIGNED, &["wechat_virtual_paysig"]),
    of("credential alipay_root_cert_sn", NOT_SENT, &["alipay_notify"]),
    of("credential app_cert_sn", NOT_SENT, &["alipay_notify"]),
    of("credential signing.merchant_key", OTHER_WAY, &["alipay_notify"]),
    of("credential signing.platform_key", OTHER_WAY, &["alipay_rsa1_request", "alipay_rsa2_request"]),
    of("credential merchant", NOT_SENT, &["checkout_finland_notify"]),
    of("credential mall_id", NOT_SENT, &["doku_words"]),
    of("credential merchant_id", NOT_SENT, &["molpay_skey"]),
    of("credential verify_key", OTHER_WAY, &["molpay_skey"]),
    of("credential secret_key", OTHER_WAY, &["molpay_vcode"]),
    of("credential password2", OTHER_WAY, &["robokassa_request"]),
    of("credential password1", OTHER_WAY, &["robokassa_result"]),
    of("credential login", NOT_SENT, &["robokassa_result"]),
    of("credential notification_password", OTHER_WAY, &["sofort_request"]),
    of("credential project_password", OTHER_WAY, &["sofort_notify"]),
    of("credential appid", NOT_SENT, &["wechat_v2_md5"]),
    of("credential mch_id", NOT_SENT, &["wechat_v2_md5"]),
    of("credential mchid", NOT_SENT, &["wechat_v3_aes_gcm", "wechat_v3_response"]),
    of("credential serial_no", NOT_SENT, &["wechat_v3_aes_gcm", "wechat_v3_response"]),
    of("credential merchant_key", OTHER_WAY, &["wechat_v3_aes_gcm", "wechat_v3_response"]),
    of("credential apiv3_key", OTHER_WAY, &["wechat_v3_request", "wechat_v3_response"]),
    of("credential platform_keys.25F8AA5452D55497C24BA57DC81B1E5915DC2E77", OTHER_WAY, &["wechat_v3_request"]),
    of("credential platform_keys.TEST_KEY", OTHER_WAY, &["wechat_v3_request"]),
    of("credential platform_keys.25F8AA5452D55497C24BA57DC81B1E5915DC2E77", OTHER_KEY, &["wechat_v3_aes_gcm"]),
    of("credential callback_password", OTHER_WAY, &["worldpay_md5"]),
    of("credential platform_keys.TEST_KEY", OTHER_KEY, &["wechat_v3_response"]),
];
