//! The main job runs, and its account is the same every time.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use payspec_tests::checkout;

#[tokio::test]
async fn the_account_of_the_main_job_is_stable() {
    let mut account = Vec::new();
    checkout::play(&mut account).await.expect("every scene ends as it should");
    insta::assert_snapshot!("account", String::from_utf8(account).unwrap());
}
