//! The document against `docs/history.schema.json`.

use serde_json::Value;

use super::History;
use super::history::Problem;
use super::testing::{Project, SAMPLE};

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/history.schema.json");
    serde_json::from_str(&fs_err::read_to_string(path).unwrap()).unwrap()
}

/// What of `value` does not agree with `rule`; the parts of JSON Schema that our
/// schema uses.
fn check(root: &Value, rule: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let mut fail = |why: &str| wrong.push(format!("{at}: {why}: {value}"));
    let known = |keyword: &String| {
        const KNOWN: [&str; 17] = [
            "$schema",
            "title",
            "description",
            "$defs",
            "$ref",
            "type",
            "const",
            "enum",
            "anyOf",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "minItems",
            "minimum",
            "uniqueItems",
            "default",
        ];
        KNOWN.contains(&keyword.as_str())
    };
    assert!(rule.as_object().unwrap().keys().all(known), "{at}: a keyword this test does not know");
    if rule.get("const").is_some_and(|constant| constant != value) {
        fail("not the constant");
    }
    if let Some(Value::Array(allowed)) = rule.get("enum")
        && !allowed.contains(value)
    {
        fail("not one of the words");
    }
    if let Some(types) = rule.get("type")
        && types != type_of(value)
        && !types.as_array().is_some_and(|types| types.iter().any(|name| name == type_of(value)))
    {
        fail("wrong type");
    }
    if let Some(Value::Array(choices)) = rule.get("anyOf") {
        let fits = |choice: &Value| {
            let mut wrong = Vec::new();
            check(root, choice, value, at, &mut wrong);
            wrong.is_empty()
        };
        if !choices.iter().any(fits) {
            fail("fits no choice");
        }
    }
    if let Some(Value::String(reference)) = rule.get("$ref") {
        let rule = root.pointer(reference.trim_start_matches('#')).unwrap();
        check(root, rule, value, at, wrong);
    }
    check_parts(root, rule, value, at, wrong);
}

fn check_parts(root: &Value, rule: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let (Value::Array(values), Some(rule)) = (value, rule.get("items")) {
        for (number, value) in values.iter().enumerate() {
            check(root, rule, value, &format!("{at}/{number}"), wrong);
        }
    }
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        let own = rule.get("properties").and_then(|properties| properties.get(name));
        match own.or(rule.get("additionalProperties")) {
            Some(Value::Bool(false)) => wrong.push(format!("{at}: unknown field {name}")),
            Some(rule) => check(root, rule, value, &format!("{at}/{name}"), wrong),
            None => {}
        }
    }
    for name in rule.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            wrong.push(format!("{at}: no field {name}"));
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn assert_valid(history: &History<'_>) -> Value {
    let document = serde_json::to_value(history).unwrap();
    let schema = schema();
    let mut wrong = Vec::new();
    check(&schema, &schema, &document, "", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    document
}

#[test]
fn documents_follow_the_schema() {
    let project = Project::new(SAMPLE);
    let mut history = project.history();
    assert_valid(&history);
    history.set_database(
        &project.map,
        vec!["71cc03e95a10".into(), "gone".into()],
        Some("postgresql://me:***@localhost/app".into()),
    );
    history.problems.push(Problem {
        code: "duplicate-revision".into(),
        message: "declared twice".into(),
        revision: Some("71cc03e95a10".into()),
        path: Some("versions/x.py".into()),
        line: Some(3),
    });
    history.lay_out();
    assert_valid(&history);
    assert_valid(&history.reversed());
}

/// Every field of the schema is there in a document that has all of them.
#[test]
fn the_schema_has_no_field_of_its_own() {
    let project = Project::new(SAMPLE);
    let mut history = project.history();
    history.lay_out();
    let document = assert_valid(&history);
    let schema = schema();
    let names = |value: &Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&schema["properties"]), names(&document));
    for (definition, value) in [
        ("revision", &document["revisions"][0]),
        ("edge", &document["edges"][0]),
        ("point", &document["edges"][0]["path"][0]),
    ] {
        assert_eq!(names(&schema["$defs"][definition]["properties"]), names(value));
    }
}

#[test]
fn a_revision_in_json() {
    let project = Project::new(SAMPLE);
    let mut history = project.history();
    history.lay_out();
    let document = serde_json::to_value(&history).unwrap();
    insta::assert_snapshot!(document["revisions"][1], @r#"
    {"id":"88aa40d1f3b9","message":"link accounts","docstring":"link accounts","path":"versions/88aa40d1f3b9.py","line":12,"create_date":null,"down_revision":["52de0c9a77b1"],"depends_on":["3f60aa1290cd"],"dependencies":["3f60aa1290cd"],"branch_labels":[],"labels":["billing"],"marks":[],"state":null,"lane":1}
    "#);
    insta::assert_snapshot!(document["edges"][3], @r#"
    {"from":"88aa40d1f3b9","to":"3f60aa1290cd","kind":"depends","path":[{"row":1,"lane":1},{"row":2,"lane":2},{"row":3,"lane":0},{"row":4,"lane":0}]}
    "#);
    insta::assert_snapshot!(document["labels"], @r#"
    {"users":"3f60aa1290cd","billing":"52de0c9a77b1"}
    "#);
}
