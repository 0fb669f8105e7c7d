//! Mapped classes with their tables and relationships.

use python_static::program::{Class, Machine};

use super::{Found, blame, full_name};
use crate::host::Sql;
use crate::schema::MappedClass;

/// The classes whose table belongs to one of `metas`.
pub(super) fn build(
    sql: &Sql,
    machine: &mut Machine,
    metas: &[usize],
    problems: &mut Vec<Found>,
) -> Vec<MappedClass> {
    // What was not read may bring backrefs.
    let anything = problems
        .iter()
        .chain(&sql.state.borrow().problems)
        .any(|(_, _, affects)| affects.iter().any(|affected| affected == "*"));
    let relationships = crate::relationships::build(sql, machine);
    let mut found = Vec::new();
    for (index, relationships) in relationships.into_iter().enumerate() {
        let state = sql.state.borrow();
        let mapped = &state.mapped[index];
        let Some(table) = mapped.table.map(|table| &state.tables[table]) else { continue };
        if !metas.contains(&table.meta) {
            continue;
        }
        let mut class = MappedClass {
            name: class_name(&mapped.class),
            module: mapped.class.module.to_string(),
            table: full_name(table),
            ..MappedClass::default()
        };
        let affects = vec![format!("class:{}.{}", class.module, class.name)];
        let mut reasons = Vec::new();
        if class.table.is_none() {
            class.unknown.push("table".into());
            reasons.push((mapped.place, "the schema of its table is not known".to_owned()));
        }
        match (relationships, mapped.doubts.first()) {
            (Ok(mut list), None) => {
                list.sort_by(|a, b| a.name.cmp(&b.name));
                class.relationships = Some(list);
                if anything {
                    class.unknown.push("relationships".into());
                }
            }
            (Err((place, reason)), _) => {
                class.unknown.push("relationships".into());
                reasons.push((place, reason));
            }
            (_, Some(doubt)) => {
                class.unknown.push("relationships".into());
                reasons.push(blame(doubt, mapped.place, "the class may hold more than is known"));
            }
        }
        problems
            .extend(reasons.into_iter().map(|(place, reason)| (place, reason, affects.clone())));
        found.push(class);
    }
    found
}

/// The name that a class has in the end: `__name__` may be set.
pub(crate) fn class_name(class: &Class) -> String {
    let set = class.dict.borrow().get("__name__").and_then(|name| name.as_str().map(str::to_owned));
    set.unwrap_or_else(|| class.name.to_string())
}
