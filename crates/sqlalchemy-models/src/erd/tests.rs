//! Every format over the same small shop, and over names that somebody could mean badly.

use super::testing::{SHOP, hostile, schema};
use super::*;

fn shop() -> Diagram {
    Diagram::of(&schema(SHOP))
}

fn written(
    render: impl Fn(&Diagram, &mut String) -> std::fmt::Result,
    diagram: &Diagram,
) -> String {
    let mut out = String::new();
    render(diagram, &mut out).unwrap();
    out
}

/// `parent marks child`, as Mermaid writes them.
fn relations(text: &str) -> Vec<String> {
    let drawn = written(mermaid::render, &Diagram::of(&schema(text)));
    drawn.lines().filter(|line| line.contains(" : ")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn cardinality_comes_from_keys_uniqueness_and_nullability() {
    let users = "users: *id\n";
    let of = |child: &str| relations(&format!("{users}{child}"))[0].clone();
    assert_eq!(of("a: *id, u > users.id"), r#""users" |o..o{ "a" : "u""#);
    assert_eq!(of("a: *id, u! > users.id"), r#""users" ||..o{ "a" : "u""#);
    assert_eq!(of("a: *id, u^ > users.id"), r#""users" |o..o| "a" : "u""#);
    assert_eq!(of("a: *u > users.id"), r#""users" ||--o| "a" : "u""#);
    assert_eq!(of("a: *u > users.id, *n"), r#""users" ||--o{ "a" : "u""#);
}

#[test]
fn a_unique_index_of_some_rows_says_nothing() {
    let mut models = schema("users: *id\na: *id, u! > users.id");
    let index =
        crate::schema::Index { columns: vec!["u".to_owned()], unique: true, ..Default::default() };
    models.tables[0].indexes.push(index.clone());
    assert_eq!(Diagram::of(&models).relations[0].children, Cardinality::ZeroOrOne);
    models.tables[0].indexes[0].where_ = Some("u > 1".to_owned());
    assert_eq!(Diagram::of(&models).relations[0].children, Cardinality::ZeroOrMany);
}

#[test]
fn what_is_not_known_makes_the_weaker_claim() {
    let mut models = schema("users: *id\na: *id, u! > users.id");
    models.tables[0].columns[1].nullable = None;
    assert_eq!(Diagram::of(&models).relations[0].parents, Cardinality::ZeroOrOne);
    models.tables[0].foreign_keys[0].referred_table = None;
    assert_eq!(Diagram::of(&models).relations, []);
}

#[test]
fn tables_that_the_models_do_not_define_are_outside() {
    let diagram = shop();
    let coupons = diagram.entities.last().unwrap();
    assert!(coupons.outside && coupons.name == "coupons" && coupons.columns[0].name == "id");
}

fn names(diagram: &Diagram) -> Vec<String> {
    diagram.entities.iter().map(Entity::full_name).collect()
}

fn around(focus: &str, depth: usize) -> Result<Vec<String>, SelectError> {
    let selection = Selection { focus: vec![focus.to_owned()], depth, ..Selection::default() };
    shop().select(&selection).map(|part| names(&part))
}

#[test]
fn a_part_around_a_table() {
    assert_eq!(around("profiles", 0).unwrap(), ["profiles"]);
    assert_eq!(around("profiles", 1).unwrap(), ["profiles", "users"]);
    assert_eq!(around("public.profiles", 2).unwrap(), ["orders", "profiles", "users"]);
    assert_eq!(around("invoices", 1).unwrap(), ["orders", "billing.invoices"]);
    assert_eq!(around("users", usize::MAX).unwrap().len(), 7);
}

#[test]
fn a_part_that_is_not_there() {
    let error = around("Profile", 1).unwrap_err();
    assert_eq!(error.to_string(), "no table is called `Profile`");
    assert!(matches!(error, SelectError::Table { near, .. } if near == ["profiles"]));
    let schemas = Selection { schemas: vec!["bill".to_owned()], ..Selection::default() };
    let error = shop().select(&schemas).unwrap_err();
    assert!(matches!(error, SelectError::Schema { known, .. } if known == ["billing", "public"]));
}

#[test]
fn schemas_are_a_part() {
    let schemas = Selection { schemas: vec!["billing".to_owned()], ..Selection::default() };
    let part = shop().select(&schemas).unwrap();
    assert_eq!((names(&part), part.relations.len()), (vec!["billing.invoices".to_owned()], 0));
}

fn orders() -> Diagram {
    let focus = vec!["orders".to_owned()];
    shop().select(&Selection { focus, depth: 1, ..Selection::default() }).unwrap()
}

#[test]
fn in_mermaid() {
    insta::assert_snapshot!(written(mermaid::render, &orders()));
}

#[test]
fn in_dot() {
    insta::assert_snapshot!(written(dot::render, &orders()));
}

#[test]
fn in_dbml() {
    insta::assert_snapshot!(written(dbml::render, &orders()));
}

#[test]
fn in_svg() {
    insta::assert_snapshot!(written(svg::render, &orders()));
}

#[test]
fn types_of_enumerations_stay_names_in_dbml() {
    let mut models = schema("a: *id, x, y, z");
    let types = ["status", "\"Mixed\"", "ty.kind", "NUMERIC(10, 2)"];
    for (column, type_) in models.tables[0].columns.iter_mut().zip(types) {
        column.type_ = Some(type_.to_owned());
    }
    let text = written(dbml::render, &Diagram::of(&models));
    for expected in [
        "\"id\" status ",
        "\"x\" \"Mixed\" ",
        "\"y\" \"ty\".\"kind\" ",
        "\"z\" \"NUMERIC(10, 2)\" ",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn no_name_is_syntax() {
    let diagram = Diagram::of(&hostile());
    let svg = written(svg::render, &diagram);
    assert!(!svg.contains("<img") && !svg.contains('\u{1b}') && !svg.contains('\u{202e}'));
    let dot = written(dot::render, &diagram);
    // One line for each statement: no name ends one.
    assert_eq!(dot.lines().count(), 5 + diagram.entities.len() + diagram.relations.len());
    let mermaid = written(mermaid::render, &diagram);
    assert_eq!(mermaid.lines().count(), 1 + diagram.relations.len() + 3 * diagram.entities.len());
    assert!(mermaid.lines().all(|line| line.matches('"').count() % 2 == 0 && !line.contains("%%")));
    let dbml = written(dbml::render, &diagram);
    assert_eq!(
        dbml.lines().filter(|line| line.starts_with("Ref ")).count(),
        diagram.relations.len() - 1
    );
}

#[test]
fn a_document_with_places() {
    let drawing = Drawing::of(&shop());
    let document = serde_json::to_value(&drawing).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["entities"].as_array().unwrap().len(), 8);
    assert_eq!(document["relations"][0]["children"], "zero_or_many");
    let line = &drawing.relations[0].points;
    assert!(line.len() >= 2);
}
