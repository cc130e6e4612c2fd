//! How likely a mistake is: the smaller, the sooner it is named.
//!
//! The order follows what some 185 public threads about payment libraries complain of: keys that are not the
//! provider's, parameters that a framework adds, empty values, decoding, charsets, then the finer points of a recipe.
//! Within a kind of mistake a smaller change comes first.

pub(crate) const OWN_KEY: u32 = 10;
pub(crate) const ADDED_FIELD: u32 = 20;
pub(crate) const EMPTIES: u32 = 30;
pub(crate) const LOST_EMPTY: u32 = 40;
pub(crate) const EXCEPT: u32 = 50;
pub(crate) const PLUS: u32 = 60;
pub(crate) const DECODED: u32 = 70;
pub(crate) const ESCAPED: u32 = 80;
pub(crate) const ORDER: u32 = 90;
pub(crate) const CHARSET: u32 = 100;
pub(crate) const SIGNATURE: u32 = 110;
pub(crate) const BODY: u32 = 120;
pub(crate) const SECRET_TEXT: u32 = 130;
pub(crate) const CASE: u32 = 140;
pub(crate) const OTHER_CREDENTIAL: u32 = 150;
pub(crate) const ALGORITHM: u32 = 160;
pub(crate) const OUTPUT: u32 = 165;
pub(crate) const TRIM: u32 = 170;
pub(crate) const USUAL_JOIN: u32 = 175;
pub(crate) const USUAL_PAIR: u32 = 176;
pub(crate) const USUAL_LITERAL: u32 = 177;
pub(crate) const NUMBERS: u32 = 180;
pub(crate) const FIELDS: u32 = 190;
pub(crate) const KEY_FORM: u32 = 200;
pub(crate) const RESERIALISED: u32 = 210;
pub(crate) const JOIN: u32 = 220;
pub(crate) const PAIR: u32 = 230;
pub(crate) const URL_FILTER: u32 = 240;
pub(crate) const NESTED: u32 = 250;
pub(crate) const LITERAL: u32 = 260;
pub(crate) const NAMES: u32 = 270;
pub(crate) const ADD: u32 = 280;
pub(crate) const VALUE: u32 = 290;
pub(crate) const FILTER: u32 = 300;
pub(crate) const SEAL_DETAIL: u32 = 310;
pub(crate) const PLACE: u32 = 320;
pub(crate) const FIELD_VALUE: u32 = 340;
pub(crate) const HEADER: u32 = 350;
pub(crate) const RARE: u32 = 400;
