//! How a session begins and ends (S6, S18).

use alembic_server::{App, LiveProject, ServerOptions};
use axum::body::Body;
use axum::http::{Method, header};
use serde_json::json;

use crate::client::{Client, ask, begin};
use crate::project::{letters, plain_client, source_without_python};

const TOKEN: &str = "correct horse battery staple";

#[tokio::test]
async fn s06_a_launch_code_works_once() {
    let (_project, client) = plain_client().await;
    let code = client.app.sessions.new_code();
    let login = json!({ "code": code });
    let first = begin(&client.app, &login).await;
    first.is(204);
    let second = begin(&client.app, &login).await;
    second.is(401);
    assert_eq!(second.code(), "wrong-credential");
    assert!(!second.text().contains(&code), "what was sent is not said again");
}

#[tokio::test]
async fn s06_the_cookie_is_strict_and_its_name_is_this_servers() {
    let (_project, client) = plain_client().await;
    let code = client.app.sessions.new_code();
    let answer = begin(&client.app, &json!({ "code": code })).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let (_other_project, other) = plain_client().await;
    assert_ne!(client.app.sessions.cookie_name(), other.app.sessions.cookie_name());
    let pair = cookie.split(';').next().unwrap();
    let taken = [("cookie", pair)];
    ask(&client.app, Method::GET, "/api/session", &taken, Body::empty()).await.is(200);
    ask(&other.app, Method::GET, "/api/session", &taken, Body::empty()).await.is(401);
}

#[tokio::test]
async fn s06_attempts_are_slowed() {
    let (_project, client) = plain_client().await;
    let mut last = 401;
    for _ in 0..20 {
        let answer = begin(&client.app, &json!({ "code": "guess" })).await;
        last = answer.status.as_u16();
        if last == 429 {
            assert_eq!(answer.header("retry-after"), "1");
            break;
        }
    }
    assert_eq!(last, 429);
    // Those who are in stay in.
    client.get("/api/session").await.is(200);
}

#[tokio::test]
async fn s06_a_token_logs_in_and_serves_scripts() {
    let project = letters("a");
    let options = ServerOptions { token: Some(TOKEN.to_owned()), ..ServerOptions::default() };
    let app = App::new(options, LiveProject::new(source_without_python(&project)));
    begin(&app, &json!({ "token": "wrong" })).await.is(401);
    begin(&app, &json!({ "token": TOKEN, "code": "x" })).await.is(422);
    begin(&app, &json!({})).await.is(422);
    begin(&app, &json!({ "token": TOKEN })).await.is(204);
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str())];
    ask(&app, Method::GET, "/api/session", &headers, Body::empty()).await.is(200);
    let wrong = [("authorization", "Bearer wrong")];
    ask(&app, Method::GET, "/api/session", &wrong, Body::empty()).await.is(401);
}

#[tokio::test]
async fn without_a_token_none_is_right() {
    let (_project, client) = plain_client().await;
    for token in ["", "x"] {
        begin(&client.app, &json!({ "token": token })).await.is(401);
    }
}

#[tokio::test]
async fn a_session_ends() {
    let (_project, client) = plain_client().await;
    client.delete("/api/session").await.is(204);
    client.get("/api/session").await.is(401);
}

/// Passwords of URLs, tokens and codes are in no answer.
#[tokio::test]
async fn s18_secrets_stay_inside() {
    let project = letters("a <- b");
    let secret = "s3cret-Of-The-Database";
    crate::project::on(&project, &format!("postgresql://shop:{secret}@127.0.0.1:1/shop"));
    project.write(".env", format!("API_KEY={secret}\n").as_bytes());
    let options = ServerOptions { token: Some(TOKEN.to_owned()), ..ServerOptions::default() };
    assert!(!format!("{options:?}").contains(TOKEN));
    let client = Client::new(source_without_python(&project), options).await;
    for path in [
        "/",
        "/api/session",
        "/api/status",
        "/api/changes",
        "/api/graph",
        "/api/problems",
        "/api/revisions/a",
        "/api/plan?command=upgrade&target=head",
        "/api/environment",
        "/api/versions",
        "/api/settings",
        "/api/runs",
        "/api/data/server",
        "/api/data/catalogue",
        "/api/activity",
    ] {
        let answer = client.get(path).await;
        for hidden in [secret, TOKEN] {
            assert!(!answer.text().contains(hidden), "{path}");
        }
    }
    let environment = client.get("/api/environment").await.json();
    assert_eq!(environment["url"], "postgresql://shop:***@127.0.0.1:1/shop");
}
