//! The depth of a JSON text, measured before anything is parsed.
//!
//! One pass over the bytes that knows only strings and brackets. It accepts texts that are not JSON at all: the
//! parser refuses those afterwards. What it guarantees is that no parser ever sees a text deeper than the limit.

use super::JsonError;

/// How deep a reply may be nested unless the client says otherwise.
pub(crate) const DEPTH_LIMIT: usize = 64;

/// Refuses a text with more than `limit` arrays and objects inside one another.
pub(crate) fn check_depth(text: &str, limit: usize) -> Result<(), JsonError> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(JsonError::TooDeep { limit });
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
