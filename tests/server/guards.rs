//! What a request must pass, in which order, on every route (S3, S4, S5, S7, S8, S9, S14, S15, S16, S20, S21, S24).

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{Client, HOST, ask};
use crate::project::plain_client;

/// Every method and path of the API, identifiers filled in.
fn routes() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(alembic_server::openapi::document()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{pid}", "1")
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for method in item.as_object().unwrap().keys() {
            routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    assert!(routes.len() > 30);
    routes
}

fn is_login(method: &Method, path: &str) -> bool {
    *method == Method::POST && path == "/api/session"
}

#[tokio::test]
async fn s24_every_route_needs_a_session() {
    let (_project, client) = plain_client().await;
    for (method, path) in routes() {
        if is_login(&method, &path) {
            continue;
        }
        let answer = ask(&client.app, method.clone(), &path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert_eq!(answer.code(), "no-session");
        let wrong = [("cookie", "alembic_rs_0123=0123"), ("authorization", "Bearer wrong")];
        let answer = ask(&client.app, method.clone(), &path, &wrong, Body::empty()).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
        assert!(refused.contains(&answer.status), "{method} {path}");
    }
    // Nor does anybody learn what there is beside them.
    for path in ["/api", "/api/nowhere", "/nowhere", "/index.html", "/../etc/passwd", "//"] {
        let answer = ask(&client.app, Method::GET, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn s24_every_route_answers_somebody_with_a_session() {
    let (_project, client) = plain_client().await;
    for (method, path) in routes() {
        if is_login(&method, &path) || method == Method::DELETE && path == "/api/session" {
            continue;
        }
        let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
        let answer = client.ask(method.clone(), &path, body).await;
        let refused = [401, 403, 405, 421, 500].contains(&answer.status.as_u16());
        assert!(!refused, "{method} {path}: {} {}", answer.status, answer.text());
        if !answer.status.is_success() {
            assert!(!answer.code().is_empty(), "{method} {path} refuses without a code");
        }
    }
}

#[tokio::test]
async fn s03_other_hosts_are_misdirected_everywhere() {
    let (_project, client) = plain_client().await;
    let pages = ["/", "/healthz"].map(|path| (Method::GET, path.to_owned()));
    let assets = alembic_ui::assets().map(|asset| (Method::GET, format!("/{}", asset.path)));
    for (method, path) in routes().into_iter().chain(pages).chain(assets) {
        for host in ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "0.0.0.0:3000"]
        {
            let answer = client.ask_with(method.clone(), &path, &[("host", host)]).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{method} {path} {host}");
        }
    }
    for host in ["localhost:1", "[::1]:3000", "127.0.0.1"] {
        client.ask_with(Method::GET, "/healthz", &[("host", host)]).await.is(200);
    }
}

#[tokio::test]
async fn s04_other_pages_are_refused_on_all_of_the_api() {
    let (_project, client) = plain_client().await;
    let own = format!("http://{HOST}");
    for (method, path) in routes() {
        for foreign in [
            ("origin", "http://evil.example"),
            ("origin", "http://127.0.0.1:3001"),
            ("origin", "https://127.0.0.1:3000"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
        ] {
            let answer = client.ask_with(method.clone(), &path, &[foreign]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {foreign:?}");
            assert_eq!(answer.code(), "foreign-origin");
        }
    }
    let ours = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    client.ask_with(Method::GET, "/api/settings", &ours).await.is(200);
}

#[tokio::test]
async fn s20_streams_have_the_same_guards() {
    let (_project, client) = plain_client().await;
    let path = "/api/runs/x/output";
    let foreign = [("origin", "http://evil.example"), ("accept", "text/event-stream")];
    client.ask_with(Method::GET, path, &foreign).await.is(403);
    client.ask_with(Method::GET, path, &[("host", "evil.example")]).await.is(421);
    ask(&client.app, Method::GET, path, &[], Body::empty()).await.is(401);
}

#[tokio::test]
async fn the_guards_stand_in_their_order() {
    let (_project, client) = plain_client().await;
    // Everything is wrong; each answer shows what is looked at before the rest.
    let everything = [
        ("host", "evil.example"),
        ("origin", "http://evil.example"),
        ("content-type", "text/plain"),
    ];
    let path = "/api/runs/x/nowhere";
    let refused = async |headers: &[(&str, &str)]| {
        ask(&client.app, Method::POST, path, headers, Body::from("x")).await.status.as_u16()
    };
    assert_eq!(refused(&everything).await, 421);
    assert_eq!(refused(&everything[1..]).await, 403);
    assert_eq!(refused(&everything[2..]).await, 401);
    client.ask_with(Method::POST, path, &everything[2..]).await.is(415);
    client.ask_with(Method::POST, path, &[]).await.is(404);
}

#[tokio::test]
async fn s07_getting_changes_nothing() {
    let (_project, client) = plain_client().await;
    let routes = routes();
    for (method, path) in &routes {
        let readable = routes.contains(&(Method::GET, path.clone()));
        // `/api/queries/explain` is read as a query's name, which has no GET either.
        if *method != Method::GET && !readable {
            let answer = client.get(path).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(answer.code(), "method-not-allowed");
        }
    }
}

#[tokio::test]
async fn s08_bodies_are_json() {
    let (_project, client) = plain_client().await;
    for (method, path) in routes() {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            let headers = [("content-type", kind), ("content-length", "2")];
            let answer = client.ask_with(method.clone(), &path, &headers).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{method} {path} {kind}");
        }
    }
    let cookieless = [("content-length", "2")];
    let answer = client.ask_with(Method::POST, "/api/runs", &cookieless).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "no kind at all");
}

#[tokio::test]
async fn s09_nothing_is_shared_with_other_origins() {
    let (_project, client) = plain_client().await;
    let asks = [
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    for (_, path) in routes().into_iter().chain([(Method::GET, "/".to_owned())]) {
        let answers = [
            ask(&client.app, Method::OPTIONS, &path, &asks, Body::empty()).await,
            client.ask_with(Method::OPTIONS, &path, &asks).await,
            client.get(&path).await,
        ];
        for answer in answers {
            let shares =
                answer.headers.keys().any(|name| name.as_str().starts_with("access-control"));
            assert!(!shares, "{path}");
        }
    }
}

#[tokio::test]
async fn s14_a_target_is_a_revision_and_nothing_else() {
    let (_project, client) = plain_client().await;
    for target in [
        "head; touch x",
        "--sql",
        "-x a=b",
        "-x",
        "$(touch x)",
        "`touch x`",
        "a b",
        "../a",
        "",
        "a:b",
        "base:head",
        "\u{0}",
        "--",
        "-1; rm",
        "nope",
        "heads --sql",
    ] {
        for command in ["upgrade", "downgrade", "stamp"] {
            let body = json!({ "command": command, "target": target });
            let answer = client.post("/api/runs", body).await;
            let status = answer.status.as_u16();
            assert_eq!(status, 422, "{command} {target:?}: {}", answer.text());
        }
    }
    for body in [
        json!({ "command": "revision", "target": "head" }),
        json!({ "command": "upgrade" }),
        json!({ "command": "upgrade", "target": "head", "x": ["a=b"] }),
        json!({ "command": "upgrade", "target": "head", "url": "sqlite://" }),
        json!(["upgrade"]),
    ] {
        client.post("/api/runs", body).await.is(422);
    }
}

#[tokio::test]
async fn s15_paths_lead_nowhere() {
    let (_project, client) = plain_client().await;
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2fetc%2fpasswd",
        "/assets/%2e%2e/index.html",
        "/index.html",
        "/assets",
        "/etc/passwd",
        "//etc/passwd",
        "/api/revisions/..%2f..%2falembic.ini",
        "/api/revisions/%2fetc%2fpasswd",
        "/api/exports/..%2fx",
        "/api/revisions/%ff",
    ] {
        client.get(path).await.is(404);
    }
}

/// Nothing that is sent says where to connect: no field of a body, no parameter.
#[test]
fn s16_the_client_does_not_choose_the_database() {
    let document: Value = serde_json::from_str(alembic_server::openapi::document()).unwrap();
    let mut sent = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            properties(&document, &operation["requestBody"], &mut sent, 0);
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                sent.push(parameter["name"].as_str().unwrap().to_owned());
            }
        }
    }
    assert!(sent.contains(&"target".to_owned()) && sent.contains(&"sql".to_owned()));
    for name in
        ["dsn", "url", "host", "port", "user", "password", "database", "path", "file", "python"]
    {
        assert!(!sent.contains(&name.to_owned()), "{name}");
    }
}

/// The names of everything in a schema, references followed.
fn properties(document: &Value, schema: &Value, names: &mut Vec<String>, depth: u8) {
    if depth > 12 {
        return;
    }
    match schema {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let pointer = reference.trim_start_matches('#');
                return properties(document, document.pointer(pointer).unwrap(), names, depth + 1);
            }
            if let Some(Value::Object(named)) = map.get("properties") {
                names.extend(named.keys().cloned());
            }
            for value in map.values() {
                properties(document, value, names, depth + 1);
            }
        }
        Value::Array(values) => {
            for value in values {
                properties(document, value, names, depth + 1);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn s21_a_body_has_an_end() {
    let (_project, client) = plain_client().await;
    let long = json!({ "command": "upgrade", "target": "x".repeat(5 << 20) });
    client.post("/api/runs", long).await.is(413);
    let odd = client.post("/api/settings", json!({})).await;
    odd.is(405);
    let broken = Body::from("{");
    let answer = ask_json(&client, broken).await;
    assert_eq!(answer.0, 400);
    assert_eq!(answer.1, "invalid-body");
}

async fn ask_json(client: &Client, body: Body) -> (u16, String) {
    let headers = [("content-type", "application/json")];
    let answer = ask(&client.app, Method::POST, "/api/session", &headers, body).await;
    (answer.status.as_u16(), answer.code())
}
