//! The page and its files (S10).

use axum::http::Method;

use crate::client::ask;
use crate::project::plain_client;

#[tokio::test]
async fn s10_the_page_has_a_policy_and_a_nonce_of_its_own() {
    let (_project, client) = plain_client().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = ask(&client.app, Method::GET, "/", &[], axum::body::Body::empty()).await;
        answer.is(200);
        let policy = answer.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
                 connect-src 'self'; img-src 'self' data:; font-src 'self'; frame-ancestors 'none'; \
                 base-uri 'none'; form-action 'none'"
            )
        );
        assert!(answer.text().contains(&nonce));
        assert!(!answer.text().contains(alembic_ui::NONCE));
        assert!(answer.header("content-type").starts_with("text/html"));
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    assert!(nonces[0].len() >= 32);
}

#[tokio::test]
async fn s10_every_answer_is_protected() {
    let (_project, client) = plain_client().await;
    for path in ["/", "/healthz", "/api/status", "/api/nowhere", "/nowhere", "/api/session"] {
        for answer in [
            client.get(path).await,
            ask(&client.app, Method::GET, path, &[], axum::body::Body::empty()).await,
            client.ask_with(Method::GET, path, &[("host", "evil.example")]).await,
        ] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{path}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        }
    }
}

#[tokio::test]
async fn files_come_compressed_to_those_who_take_it() {
    let (_project, client) = plain_client().await;
    for asset in alembic_ui::assets() {
        let path = format!("/{}", asset.path);
        let plain = client.get(&path).await;
        assert_eq!(plain.body, asset.bytes, "{path}");
        assert_eq!(plain.header("content-type"), asset.content_type());
        let zipped = client.ask_with(Method::GET, &path, &[("accept-encoding", "br, gzip")]).await;
        match asset.gzip {
            Some(gzip) => {
                assert_eq!(zipped.header("content-encoding"), "gzip");
                assert_eq!(zipped.body, gzip);
            }
            None => assert_eq!(zipped.body, asset.bytes),
        }
        let refused = client.ask_with(Method::GET, &path, &[("accept-encoding", "gzip;q=0")]).await;
        assert_eq!(refused.body, asset.bytes, "{path}");
    }
}

#[tokio::test]
async fn healthz_says_nothing_but_ok() {
    let (_project, client) = plain_client().await;
    let answer = ask(&client.app, Method::GET, "/healthz", &[], axum::body::Body::empty()).await;
    assert_eq!(answer.is(200).text(), "ok");
}
