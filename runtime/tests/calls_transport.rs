//! The transport over `reqwest`, against sockets of this machine.
#![cfg(feature = "reqwest")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use std::time::Duration;

use payspec_runtime::{
    Charset, Form, Method, Prepared, Response, SignedText, Space, Transport as _, TransportError,
    TransportLimits, transport::ReqwestTransport,
};
use support::{at, url};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

const TOKEN: &str = "t0ken-that-must-not-be-seen";

fn limits() -> TransportLimits {
    TransportLimits::new(Duration::from_secs(5), 1024)
}

/// Takes one connection, reads until it has seen the end of a request, answers, and closes.
async fn server(answer: Vec<u8>) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !is_whole(&seen) {
            let count = socket.read(&mut buffer).await.unwrap();
            if count == 0 {
                break;
            }
            seen.extend_from_slice(&buffer[..count]);
        }
        let _ = socket.write_all(&answer).await;
        drop(socket);
        String::from_utf8_lossy(&seen).into_owned()
    });
    (port, task)
}

/// The one posted body of these tests ends in `END`; anything else ends with its head.
fn is_whole(seen: &[u8]) -> bool {
    let text = String::from_utf8_lossy(seen);
    if text.starts_with("POST") { text.ends_with("END") } else { text.ends_with("\r\n\r\n") }
}

fn form() -> Form {
    let mut form = Form::new(Charset::Utf8, Space::Plus);
    form.pair("access_token", TOKEN);
    form.pair("z", "END");
    form
}

fn prepared(scheme: &str, port: u16, post: bool) -> Prepared {
    let client = at("https://pay.example.com").allow_plain_http().build().unwrap();
    let core = client.core.at(0, url(&format!("{scheme}://127.0.0.1:{port}")));
    if post {
        core.post_form(0, "/pay", form(), SignedText::none()).unwrap()
    } else {
        core.get(0, "/look", form(), SignedText::none()).unwrap()
    }
}

async fn send(port: u16, post: bool, limits: TransportLimits) -> Result<Response, TransportError> {
    ReqwestTransport::new().unwrap().send(&prepared("http", port, post), limits).await
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body].concat()
}

#[tokio::test]
async fn a_request_arrives_as_it_was_prepared() {
    let (port, task) = server(answer("HTTP/1.1 200 OK\r\nX-Trace-Id: t1\r\ncontent-length: 2", b"{}")).await;
    let response = send(port, true, limits()).await.unwrap();
    assert_eq!(
        (response.status, response.body.as_slice(), response.header("x-trace-id")),
        (200, b"{}".as_slice(), Some("t1"))
    );
    let seen = task.await.unwrap();
    assert!(seen.starts_with("POST /pay HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("content-type: application/x-www-form-urlencoded; charset=UTF-8\r\n"), "{seen}");
    assert!(seen.ends_with(&format!("\r\n\r\naccess_token={TOKEN}&z=END")), "{seen}");
}

#[tokio::test]
async fn headers_arrive_as_they_were_prepared() {
    let (port, task) = server(answer("HTTP/1.1 200 OK\r\ncontent-length: 0", b"")).await;
    let client = at("https://pay.example.com").allow_plain_http().build().unwrap();
    let core = client.core.at(0, url(&format!("http://127.0.0.1:{port}")));
    let mut draft = core.draft(Method::Get, 0, "/look", Charset::Utf8, Space::Plus).unwrap();
    draft.place_header("Authorization", "A b=\"c\", d").unwrap();
    ReqwestTransport::new().unwrap().send(&core.prepare(draft).unwrap(), limits()).await.unwrap();
    let seen = task.await.unwrap();
    assert!(seen.contains("\r\nauthorization: A b=\"c\", d\r\n"), "{seen}");
}

#[tokio::test]
async fn the_query_is_sent_byte_by_byte() {
    let (port, task) = server(answer("HTTP/1.1 200 OK\r\ncontent-length: 0", b"")).await;
    let client = at("https://pay.example.com").allow_plain_http().build().unwrap();
    let core = client.core.at(0, url(&format!("http://127.0.0.1:{port}")));
    let mut query = Form::new(Charset::Gbk, Space::Percent20);
    query.pair("a", "中 '~*/:@!$()");
    let prepared = core.get(0, "/look", query, SignedText::none()).unwrap();
    ReqwestTransport::new().unwrap().send(&prepared, limits()).await.unwrap();
    let target = prepared.url().split_once(&port.to_string()).unwrap().1.to_owned();
    let seen = task.await.unwrap();
    assert!(seen.starts_with(&format!("GET {target} HTTP/1.1\r\n")), "{seen}");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let redirect = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0";
    let (port, _task) = server(answer(redirect, b"")).await;
    assert_eq!(send(port, true, limits()).await.unwrap().status, 302);
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = send(port, true, limits()).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_not_sent_and_shows_no_query() {
    let client = at("https://pay.example.com").allow_plain_http().build().unwrap();
    let core = client.core.at(0, url("http://nowhere.invalid"));
    let prepared = core.get(0, "/look", form(), SignedText::none()).unwrap();
    let error = ReqwestTransport::new().unwrap().send(&prepared, limits()).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_failed_handshake_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut hello = [0; 5];
        socket.read_exact(&mut hello).await.unwrap();
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        hello
    });
    let error =
        ReqwestTransport::new().unwrap().send(&prepared("https", port, true), limits()).await.unwrap_err();
    assert!(matches!(error, TransportError::NotSent { .. }), "{error:?}");
    assert_eq!(task.await.unwrap()[0], 0x16, "a TLS handshake record");
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_is_unknown() {
    for cut in ["", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a\""] {
        let (port, task) = server(cut.as_bytes().to_vec()).await;
        let error = send(port, true, limits()).await.unwrap_err();
        assert!(matches!(error, TransportError::Unknown { .. }), "{cut}: {error:?}");
        assert!(!format!("{error} {error:?}").contains(TOKEN));
        assert!(task.await.unwrap().ends_with("END"), "the request had been sent");
    }
}

#[tokio::test]
async fn no_answer_in_time_is_a_time_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        tokio::time::sleep(Duration::from_secs(10)).await;
        drop(socket);
    });
    let error = send(port, true, TransportLimits::new(Duration::from_millis(200), 1024)).await.unwrap_err();
    assert_eq!(error, TransportError::TimedOut);
    task.abort();
}

#[tokio::test]
async fn a_body_longer_than_the_limit_is_not_kept() {
    let (port, _task) = server(answer("HTTP/1.1 200 OK\r\ncontent-length: 1024", &[b'a'; 1024])).await;
    assert_eq!(send(port, true, limits()).await.unwrap().body.len(), 1024);
    let (port, _task) = server(answer("HTTP/1.1 200 OK\r\ncontent-length: 1025", &[b'a'; 1025])).await;
    assert_eq!(send(port, true, limits()).await.unwrap_err(), TransportError::TooLarge { limit: 1024 });
    let endless = answer("HTTP/1.1 200 OK\r\nconnection: close", &vec![b'a'; 300_000]);
    let (port, _task) = server(endless).await;
    assert_eq!(send(port, true, limits()).await.unwrap_err(), TransportError::TooLarge { limit: 1024 });
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let nobody = "http://127.0.0.1:1";
    let this = std::env::current_exe().unwrap();
    let output = std::process::Command::new(this)
        .args(["--exact", "a_request_arrives_as_it_was_prepared"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, nobody)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}
