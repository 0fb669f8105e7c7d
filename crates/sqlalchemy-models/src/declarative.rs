//! Declarative mapping: what SQLAlchemy does when a mapped class is created.

use std::collections::HashMap;
use std::rc::Rc;

use python_static::program::{Annotation, Arguments, Class, Function, Machine, Place, Role, TermKind, Value};

use crate::host::{Col, Mapped, Rel, Sql, Tab};
use crate::types::library_name;

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(crate) fn is_call_of(value: &Value, names: &[&str]) -> bool {
    value
        .as_call()
        .and_then(|(function, _)| library_name(function))
        .is_some_and(|name| names.contains(&name.as_str()))
}

/// Whether a function is a `declared_attr`, a directive or cascading.
pub(crate) fn is_declared(function: &Function) -> bool {
    function.decorators.iter().any(|decorator| {
        let name =
            decorator.name().or_else(|| decorator.as_call().and_then(|(inner, _)| inner.name()));
        name.is_some_and(|name| name.contains("declared_attr"))
    })
}

fn declared(value: &Value) -> bool {
    matches!(value, Value::Function(function) if is_declared(function))
}

/// What stands in an annotation: `Mapped[…]` gives what is inside.
pub(crate) fn mapped_inner(value: &Value) -> Option<(Value, String)> {
    let term = value.as_term()?;
    let TermKind::Item(of, inner) = &term.kind else { return None };
    let name = match of {
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) => last(name).to_owned(),
            TermKind::Forward(name) => last(name).to_owned(),
            _ => return None,
        },
        _ => return None,
    };
    matches!(name.as_str(), "Mapped" | "DynamicMapped" | "WriteOnlyMapped")
        .then(|| (inner.clone(), name))
}

impl Sql {
    fn base_number(&self, class: &Class) -> Option<usize> {
        let state = self.state.borrow();
        class.mro.borrow().iter().skip(1).find_map(|base| match base {
            Value::Class(base) => state.base_of.get(&base.id).copied(),
            Value::Term(term) => match &term.kind {
                TermKind::Object("flask_model", number, _) => Some(*number),
                _ => None,
            },
            _ => None,
        })
    }

    pub(crate) fn declare(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        keywords: &[(Rc<str>, Value)],
    ) {
        let marker = class
            .dict
            .borrow()
            .get("__base_marker__")
            .and_then(|marker| Self::number(marker, "base"));
        if let Some(base) = marker {
            self.state.borrow_mut().base_of.insert(class.id, base);
            class.dict.borrow_mut().shift_remove("__base_marker__");
            return;
        }
        if let Some(base) = self.base_number(class) {
            self.state.borrow_mut().base_of.insert(class.id, base);
            let own_meta =
                class.dict.borrow().get("metadata").and_then(|meta| Self::number(meta, "metadata"));
            if let Some(meta) = own_meta {
                let mut state = self.state.borrow_mut();
                let mut changed = state.bases[base].clone();
                changed.meta = meta;
                state.bases.push(changed);
                let number = state.bases.len() - 1;
                state.base_of.insert(class.id, number);
            }
            if matches!(class.dict.borrow().get("__abstract__"), Some(Value::Bool(true))) {
                return;
            }
            let sqlmodel = self.state.borrow().bases[base].sqlmodel;
            if sqlmodel
                && !keywords
                    .iter()
                    .any(|(name, value)| &**name == "table" && matches!(value, Value::Bool(true)))
            {
                return;
            }
            self.map(machine, class);
            return;
        }
        let directly =
            |wanted: &[&str]| {
                class.mro.borrow().iter().any(|base| {
                    library_name(base).is_some_and(|name| wanted.contains(&name.as_str()))
                })
            };
        if directly(&["SQLModel"]) {
            let base = self.sqlmodel();
            let own_meta =
                class.dict.borrow().get("metadata").and_then(|meta| Self::number(meta, "metadata"));
            if let Some(meta) = own_meta {
                let number = self.new_base(meta, Vec::new());
                let mut state = self.state.borrow_mut();
                state.bases[number].sqlmodel = true;
                state.base_of.insert(class.id, number);
            } else {
                self.state.borrow_mut().base_of.insert(class.id, base);
            }
            if keywords
                .iter()
                .any(|(name, value)| &**name == "table" && matches!(value, Value::Bool(true)))
            {
                self.map(machine, class);
            }
            return;
        }
        let declarative_meta = class
            .metaclass
            .as_ref()
            .and_then(library_name)
            .is_some_and(|name| name == "DeclarativeMeta");
        if directly(&["DeclarativeBase", "DeclarativeBaseNoMeta"]) || declarative_meta {
            let registry = machine
                .class_lookup(class, "registry")
                .and_then(|registry| Self::number(&registry, "registry"));
            let own_map = machine.class_lookup(class, "type_annotation_map");
            let own_meta = machine.class_lookup(class, "metadata");
            let (mut meta, mut map) = match registry {
                Some(registry) => {
                    let state = self.state.borrow();
                    (Some(state.bases[registry].meta), state.bases[registry].type_map.clone())
                }
                None => (None, Vec::new()),
            };
            if let Some(own) = own_meta.as_ref().and_then(|meta| Self::number(meta, "metadata")) {
                meta = Some(own);
            }
            if let Some(pairs) = own_map.and_then(|map| map.pairs()) {
                map = pairs;
            }
            let meta = meta.unwrap_or_else(|| self.new_meta(&Arguments::default()));
            let number = self.new_base(meta, map);
            self.state.borrow_mut().base_of.insert(class.id, number);
        }
    }

    /// A class attribute as declarative reads it: functions of `declared_attr` are called.
    fn directive(&self, machine: &mut Machine, class: &Rc<Class>, name: &str) -> Option<Value> {
        let found = machine.class_lookup(class, name)?;
        Some(self.resolved(machine, class, found))
    }

    fn resolved(&self, machine: &mut Machine, class: &Rc<Class>, found: Value) -> Value {
        let place = class.place;
        match &found {
            Value::Function(function) if declared(&found) || function.role == Role::ClassMethod => {
                machine
                    .call(&found, Arguments::of(vec![Value::Class(Rc::clone(class))]), place)
                    .unwrap_or_else(|_| {
                        machine.unknown("what the function returns is not known", function.place)
                    })
            }
            _ => found,
        }
    }

    #[expect(clippy::too_many_lines, reason = "the steps of a mapping, in order")]
    pub(crate) fn map(&self, machine: &mut Machine, class: &Rc<Class>) {
        let place = class.place;
        let Some(base) = self.state.borrow().base_of.get(&class.id).copied() else { return };
        let (meta, sqlmodel, flask) = {
            let state = self.state.borrow();
            (state.bases[base].meta, state.bases[base].sqlmodel, state.bases[base].flask)
        };
        let qualified = format!("{}.{}", class.module, class.name);
        let mro: Vec<Value> = class.mro.borrow().clone();
        let parent = mro.iter().skip(1).find_map(|base| match base {
            Value::Class(base) => self.state.borrow().mapped_of.get(&base.id).copied(),
            _ => None,
        });
        let mut doubts: Vec<Value> =
            mro.iter().filter(|base| matches!(base, Value::Unknown(_))).cloned().collect();
        let mut table_name = None;
        let explicit = self.directive(machine, class, "__table__").filter(|value| {
            Self::number(value, "table").is_some() || class.dict.borrow().contains_key("__table__")
        });
        let mut inherited_name = false;
        if explicit.is_none() {
            match self.tablename(machine, class, parent) {
                Some((Value::Str(name), own)) => {
                    table_name = Some(name.to_string());
                    inherited_name = !own;
                }
                Some((Value::None, _)) | None => {}
                Some((other, _)) => {
                    let reason = if let Value::Unknown(cause) = &other {
                        (cause.place, cause.reason.clone())
                    } else {
                        (
                            other.as_term().map_or(place, |term| term.place),
                            "the name of the table is not known".to_owned(),
                        )
                    };
                    self.problem(
                        reason.0,
                        reason.1,
                        vec![format!("class:{qualified}"), "*".into()],
                    );
                    return;
                }
            }
            if table_name.is_none() && sqlmodel {
                table_name = Some(class.name.to_lowercase());
            }
            if table_name.is_none() && flask && (parent.is_none() || own_primary_key(class)) {
                table_name = Some(snake(&class.name));
            }
        }
        let _ = inherited_name;
        let table = match &explicit {
            Some(value) => match Self::number(value, "table") {
                Some(table) => Some(table),
                None => {
                    if matches!(value, Value::Unknown(_)) {
                        self.problem(
                            place,
                            "the table of the class is not known",
                            vec![format!("class:{qualified}"), "*".into()],
                        );
                        return;
                    }
                    None
                }
            },
            None => None,
        };
        let single = explicit.is_none() && table_name.is_none();
        if single && parent.is_none() {
            if doubts.is_empty() && !class.dict.borrow().contains_key("__tablename__") {
                return;
            }
            self.problem(
                place,
                "the class may have a table of its own",
                vec![format!("class:{qualified}"), "*".into()],
            );
            return;
        }
        // Columns and relationships.
        let (columns, relationships, mut column_doubts) = self.collect(machine, class, &mro, base);
        doubts.append(&mut column_doubts);
        let mut keys: HashMap<String, String> = columns
            .iter()
            .map(|(attribute, column)| (attribute.clone(), column.key.clone()))
            .collect();
        let number = if let Some(table) = table {
            for (_, column) in columns {
                if !matches!(column.call, Value::None) && library_of(&column.call) {
                    let known = self.state.borrow().tables[table]
                        .columns
                        .iter()
                        .any(|known| known.name == column.name);
                    if !known && explicit.is_none() {
                        self.state.borrow_mut().tables[table].columns.push(column);
                    }
                }
            }
            Some(table)
        } else if explicit.is_some() {
            None
        } else if single {
            let table = parent.and_then(|parent| self.state.borrow().mapped[parent].table);
            if let Some(table) = table {
                let mut state = self.state.borrow_mut();
                for (_, column) in columns {
                    if !state.tables[table].columns.iter().any(|known| known.name == column.name) {
                        state.tables[table].columns.push(column);
                    }
                }
                state.tables[table].doubts.extend(doubts.iter().cloned());
            }
            table
        } else {
            let name = table_name.unwrap_or_default();
            Some(self.create_table(machine, class, meta, base, &name, columns, &doubts))
        };
        if let Some(parent) = parent {
            let state = self.state.borrow();
            for (attribute, key) in &state.mapped[parent].keys {
                keys.entry(attribute.clone()).or_insert_with(|| key.clone());
            }
        }
        let mut state = self.state.borrow_mut();
        state.mapped.push(Mapped {
            class: Rc::clone(class),
            table: number,
            relationships,
            doubts,
            keys,
            parent,
        });
        let index = state.mapped.len() - 1;
        state.mapped_of.insert(class.id, index);
    }

    /// `__tablename__`, and whether it is the class's own.
    fn tablename(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        parent: Option<usize>,
    ) -> Option<(Value, bool)> {
        let mro: Vec<Value> = class.mro.borrow().clone();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else {
                if let Value::Unknown(_) = base {
                    return if parent.is_some() { None } else { Some((base.clone(), false)) };
                }
                continue;
            };
            let Some(found) = base.dict.borrow().get("__tablename__").cloned() else {
                continue;
            };
            let is_mapped = at > 0 && self.state.borrow().mapped_of.contains_key(&base.id);
            let is_function = matches!(found, Value::Function(_));
            if is_mapped && !is_function {
                return None;
            }
            if !is_function
                && parent.is_some()
                && at > 0
                && self.state.borrow().mapped_of.contains_key(&base.id)
            {
                return None;
            }
            return Some((self.resolved(machine, class, found), at == 0));
        }
        None
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of a table")]
    fn create_table(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        meta: usize,
        base: usize,
        name: &str,
        columns: Vec<(String, Col)>,
        doubts: &[Value],
    ) -> usize {
        let place = class.place;
        let mut schema = self.state.borrow().metas[meta].schema.clone();
        let mut comment = None;
        let mut items = Vec::new();
        let mut all_doubts = doubts.to_vec();
        match self.table_args(machine, class) {
            None | Some(Value::None) => {}
            Some(value) => {
                let mut options = None;
                match &value {
                    Value::Dict(_) => options = value.pairs(),
                    Value::Tuple(_) | Value::List(_) => {
                        items = value.items().unwrap_or_default();
                        if let Some(Value::Dict(_)) = items.last() {
                            options = items.pop().and_then(|last| last.pairs());
                        }
                    }
                    Value::Unknown(_) => {
                        schema = Some(value.clone());
                        all_doubts.push(value.clone());
                    }
                    other => {
                        let unknown = machine.unknown(
                            "`__table_args__` is not known",
                            other.as_term().map_or(place, |term| term.place),
                        );
                        schema = Some(unknown.clone());
                        all_doubts.push(unknown);
                    }
                }
                for (key, value) in options.unwrap_or_default() {
                    match key.as_str() {
                        Some("schema") => {
                            schema = Some(value).filter(|value| !matches!(value, Value::None))
                        }
                        Some("comment") => {
                            comment = Some(value).filter(|value| !matches!(value, Value::None))
                        }
                        _ => {}
                    }
                }
            }
        }
        let mut columns: Vec<Col> = columns.into_iter().map(|(_, column)| column).collect();
        columns.sort_by_key(|column| column.sort);
        let mut unique: Vec<Col> = Vec::new();
        for column in columns {
            if !unique.iter().any(|known| known.name == column.name) {
                unique.push(column);
            }
        }
        let existing = self.state.borrow().tables.iter().position(|table| {
            table.meta == meta
                && table.name == name
                && match (&table.schema, &schema) {
                    (None, None) => true,
                    (Some(a), Some(b)) => a.same(b),
                    _ => false,
                }
        });
        if let Some(existing) = existing {
            let mut state = self.state.borrow_mut();
            for column in unique {
                match state.tables[existing]
                    .columns
                    .iter()
                    .position(|known| known.name == column.name)
                {
                    Some(at) => state.tables[existing].columns[at] = column,
                    None => state.tables[existing].columns.push(column),
                }
            }
            state.tables[existing].arguments.extend(items);
            return existing;
        }
        {
            let mut state = self.state.borrow_mut();
            state.tables.push(Tab {
                meta,
                name: name.to_owned(),
                schema,
                comment,
                columns: unique,
                arguments: Vec::new(),
                place,
                doubts: all_doubts,
                base: Some(base),
                column_prefix_unknown: false,
            });
        }
        let number = self.state.borrow().tables.len() - 1;
        for item in items {
            self.add_to_table(machine, number, &item, place);
        }
        number
    }

    fn table_args(&self, machine: &mut Machine, class: &Rc<Class>) -> Option<Value> {
        let mro: Vec<Value> = class.mro.borrow().clone();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else { continue };
            let Some(found) = base.dict.borrow().get("__table_args__").cloned() else { continue };
            if at > 0 && self.state.borrow().mapped_of.contains_key(&base.id) && !declared(&found) {
                continue;
            }
            return Some(self.resolved(machine, class, found));
        }
        None
    }

    /// The columns and relationships of a class, in the order of its table.
    fn collect(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        mro: &[Value],
        base_number: usize,
    ) -> (Vec<(String, Col)>, Vec<Rel>, Vec<Value>) {
        let mut columns: Vec<(String, Col)> = Vec::new();
        let mut relationships = Vec::new();
        let mut doubts = Vec::new();
        let mut seen: Vec<Rc<str>> = Vec::new();
        let old = self.state.borrow().version.sqlalchemy < (2, 0);
        let sqlmodel = self.state.borrow().bases[base_number].sqlmodel;
        let mut groups: Vec<Vec<(String, Col)>> = Vec::new();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else { continue };
            let is_mapped = at > 0 && self.state.borrow().mapped_of.contains_key(&base.id);
            let dict = base.dict.borrow().clone();
            let annotations: Vec<(Rc<str>, Annotation)> = base.annotations.borrow().clone();
            let names = if sqlmodel {
                annotations
                    .iter()
                    .map(|(name, _)| Rc::clone(name))
                    .chain(
                        dict.keys()
                            .filter(|name| !annotations.iter().any(|(known, _)| known == *name))
                            .cloned(),
                    )
                    .collect()
            } else if old {
                dict.keys().cloned().collect()
            } else {
                merged(&dict, &annotations)
            };
            let mut group = Vec::new();
            for name in names {
                if name.starts_with("__") || seen.contains(&name) {
                    continue;
                }
                let value = dict.get(&name).cloned();
                if is_mapped && !value.as_ref().is_some_and(declared) {
                    seen.push(name);
                    continue;
                }
                let annotation = annotations
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, annotation)| annotation.clone());
                seen.push(Rc::clone(&name));
                if is_mapped {
                    // Cascading attributes alone are worked out for subclasses again.
                    continue;
                }
                self.attribute_of(
                    machine,
                    class,
                    base_number,
                    &name,
                    value,
                    annotation.as_ref(),
                    &mut group,
                    &mut relationships,
                    &mut doubts,
                );
            }
            if at > 0 && !sqlmodel {
                // What functions give comes after the columns that are copied.
                for (name, column) in &mut group {
                    column.copied = !dict.get(&**name).is_some_and(declared);
                }
                group.sort_by_key(|(_, column): &(String, Col)| !column.copied);
            }
            groups.push(group);
        }
        if sqlmodel {
            // Fields of the bases come first.
            groups.reverse();
        }
        for group in groups {
            columns.extend(group);
        }
        (columns, relationships, doubts)
    }

    #[expect(
        clippy::too_many_arguments,
        clippy::too_many_lines,
        reason = "one attribute, and where its parts go"
    )]
    fn attribute_of(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        base: usize,
        name: &str,
        value: Option<Value>,
        annotation: Option<&Annotation>,
        group: &mut Vec<(String, Col)>,
        relationships: &mut Vec<Rel>,
        doubts: &mut Vec<Value>,
    ) {
        let place = class.place;
        let sqlmodel = self.state.borrow().bases[base].sqlmodel;
        let mut declared_annotation = None;
        let value = match value {
            Some(function @ Value::Function(_)) if declared(&function) => {
                if let Value::Function(inner) = &function {
                    declared_annotation.clone_from(&inner.returns);
                }
                Some(self.resolved(machine, class, function))
            }
            other => other,
        };
        let annotated = annotation
            .or(declared_annotation.as_ref())
            .map(|annotation| machine.annotation(annotation));
        let inner = annotated.as_ref().and_then(mapped_inner);
        match &value {
            Some(call)
                if is_call_of(
                    call,
                    &["Column", "mapped_column", "deferred", "column_property"],
                ) =>
            {
                let call = unwrap_property(call);
                if call.as_call().is_none_or(|(function, _)| {
                    !library_name(function)
                        .is_some_and(|name| matches!(name.as_str(), "Column" | "mapped_column"))
                }) {
                    return;
                }
                let annotation = inner.map(|(inner, _)| inner);
                match self.column(machine, &call, Some(name), annotation, place) {
                    Some(mut column) => {
                        column.base = Some(base);
                        group.push((name.to_owned(), column));
                    }
                    None => doubts.push(machine.unknown(
                        "the name of a column is not known",
                        call.as_term().map_or(place, |term| term.place),
                    )),
                }
            }
            Some(call) if is_call_of(call, &["relationship", "dynamic_loader", "Relationship"]) => {
                let Some((_, arguments)) = call.as_call() else { return };
                let annotation = if sqlmodel {
                    annotated
                } else {
                    inner.map(|(inner, kind)| {
                        if kind == "Mapped" { inner } else { annotated.clone().unwrap_or(inner) }
                    })
                };
                relationships.push(Rel {
                    name: name.to_owned(),
                    arguments: arguments.clone(),
                    annotation,
                    place: call.as_term().map_or(place, |term| term.place),
                });
            }
            Some(call) if is_call_of(call, &["composite"]) => {
                if let Some((_, arguments)) = call.as_call() {
                    for argument in &arguments.positional {
                        if is_call_of(argument, &["Column", "mapped_column"]) {
                            match self.column(machine, argument, None, None, place) {
                                Some(mut column) => {
                                    column.base = Some(base);
                                    group.push((column.name.clone(), column));
                                }
                                None => doubts.push(
                                    machine
                                        .unknown("a column of the composite is not known", place),
                                ),
                            }
                        }
                    }
                }
            }
            Some(Value::Unknown(_)) => {
                if let Some(unknown) =
                    value.filter(|_| annotation.is_none() || inner.is_some() || sqlmodel)
                {
                    doubts.push(unknown);
                }
            }
            Some(Value::Term(term)) if sqlmodel && annotated.is_some() => {
                let _ = term;
                let call = value.clone().unwrap_or(Value::None);
                self.sqlmodel_field(
                    machine,
                    class,
                    base,
                    name,
                    Some(&call),
                    annotated,
                    group,
                    doubts,
                );
            }
            Some(Value::Term(term)) if !matches!(term.kind, TermKind::Call(..)) => {}
            Some(call @ Value::Term(_)) => {
                // A call of something unknown to this reader may make a column.
                let known = call.as_call().and_then(|(function, _)| library_name(function));
                if known.is_none() && inner.is_some() {
                    doubts.push(machine.unknown(
                        format!("what `{name}` is is not known"),
                        call.as_term().map_or(place, |term| term.place),
                    ));
                } else if known.is_none()
                    && let Some((function, _)) = call.as_call()
                    && !function.name().is_some_and(|name| !name.contains("hybrid"))
                    && matches!(function, Value::Term(term) if matches!(term.kind, TermKind::Attribute(..)))
                    && inner.is_some()
                {
                    doubts.push(call.clone());
                }
            }
            _ if sqlmodel && annotated.is_some() => {
                self.sqlmodel_field(
                    machine,
                    class,
                    base,
                    name,
                    value.as_ref(),
                    annotated,
                    group,
                    doubts,
                );
            }
            None => {
                if let Some((inner, _)) = inner {
                    // A bare annotation of a mapped class is an error of the program; everything else is a column.
                    let head = machine.term(
                        TermKind::Name("sqlalchemy.orm.mapped_column".into()),
                        annotation.map_or(place, |annotation| annotation.place),
                    );
                    let call = machine.term(
                        TermKind::Call(head, Arguments::default()),
                        annotation.map_or(place, |annotation| annotation.place),
                    );
                    if let Some(mut column) =
                        self.column(machine, &call, Some(name), Some(inner), place)
                    {
                        column.base = Some(base);
                        group.push((name.to_owned(), column));
                    }
                } else if let Some(unknown @ Value::Unknown(_)) = annotated {
                    doubts.push(unknown);
                }
            }
            Some(_) => {
                // A plain default of a dataclass with a mapped annotation is a column too.
                if let Some((inner, _)) = inner {
                    let head =
                        machine.term(TermKind::Name("sqlalchemy.orm.mapped_column".into()), place);
                    let call = machine.term(
                        TermKind::Call(head, Arguments::default()),
                        annotation.map_or(place, |annotation| annotation.place),
                    );
                    if let Some(mut column) =
                        self.column(machine, &call, Some(name), Some(inner), place)
                    {
                        column.base = Some(base);
                        group.push((name.to_owned(), column));
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one field, and where its parts go")]
    fn sqlmodel_field(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        base: usize,
        name: &str,
        value: Option<&Value>,
        annotated: Option<Value>,
        group: &mut Vec<(String, Col)>,
        doubts: &mut Vec<Value>,
    ) {
        let place = class.place;
        if name.starts_with("model_config") {
            return;
        }
        if let Some(Value::Term(term)) = &annotated {
            let of = match &term.kind {
                TermKind::Item(of, _) => of.name(),
                TermKind::Name(name) => Some(Rc::clone(name)),
                _ => None,
            };
            if of.is_some_and(|name| last(&name) == "ClassVar") {
                return;
            }
        }
        let field = value
            .and_then(Value::as_call)
            .filter(|(function, _)| library_name(function).is_some_and(|name| name == "Field"));
        if let Some((_, arguments)) = field
            && let Some(column) =
                arguments.keyword("sa_column").filter(|column| !matches!(column, Value::None))
        {
            match self.column(machine, column, Some(name), None, place) {
                Some(mut column) => {
                    column.base = Some(base);
                    group.push((name.to_owned(), column));
                }
                None => doubts.push(machine.unknown("a column is not known", place)),
            }
            return;
        }
        let head = machine.term(TermKind::Name("sqlmodel.Field".into()), place);
        let arguments = field
            .map(|(_, arguments)| arguments.clone())
            .unwrap_or_else(|| Arguments::of(value.cloned().into_iter().collect()));
        let at = value.and_then(Value::as_term).map_or(place, |term| term.place);
        let call = machine.term(TermKind::Call(head, arguments), at);
        let identity = call.as_term().map_or(0, |term| term.id);
        group.push((
            name.to_owned(),
            Col {
                call,
                name: name.to_owned(),
                key: name.to_owned(),
                annotation: annotated,
                base: Some(base),
                place: at,
                sort: 0,
                identity,
                copied: false,
            },
        ));
    }

    pub(crate) fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        let base = self.state.borrow().base_of.get(&class.id).copied();
        match name {
            "metadata" => {
                if let Some(own) = machine.class_lookup(class, "metadata")
                    && Self::number(&own, "metadata").is_some()
                {
                    return Some(own);
                }
                let meta = self.state.borrow().bases[base?].meta;
                Some(Self::object(machine, "metadata", meta, "", place))
            }
            "registry" => Some(Self::object(machine, "registry", base?, "", place)),
            "__table__" | "__tablename__" => {
                let state = self.state.borrow();
                let mapped = *state.mapped_of.get(&class.id)?;
                let table = state.mapped[mapped].table?;
                let table_name = state.tables[table].name.clone();
                drop(state);
                Some(if name == "__table__" {
                    Self::object(machine, "table", table, &table_name, place)
                } else {
                    Value::str(table_name)
                })
            }
            _ => {
                let state = self.state.borrow();
                let mapped = *state.mapped_of.get(&class.id)?;
                let key = state.mapped[mapped].keys.get(name)?.clone();
                let mut at = Some(mapped);
                while let Some(number) = at {
                    if let Some(table) = state.mapped[number].table
                        && state.tables[table].columns.iter().any(|column| column.key == key)
                    {
                        drop(state);
                        return Some(Self::object(machine, "column", table, &key, place));
                    }
                    at = state.mapped[number].parent;
                }
                None
            }
        }
    }

    pub(crate) fn assign_class(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
        value: &Value,
        place: Place,
    ) -> bool {
        let mapped = self.state.borrow().mapped_of.get(&class.id).copied();
        let Some(mapped) = mapped else { return false };
        if is_call_of(value, &["Column", "mapped_column"]) {
            let column = self.column(machine, value, Some(name), None, place);
            let mut state = self.state.borrow_mut();
            if let (Some(table), Some(mut column)) = (state.mapped[mapped].table, column) {
                column.base = state.base_of.get(&class.id).copied();
                state.mapped[mapped].keys.insert(name.to_owned(), column.key.clone());
                state.tables[table].columns.push(column);
            }
        } else if is_call_of(value, &["relationship"])
            && let Some((_, arguments)) = value.as_call()
        {
            self.state.borrow_mut().mapped[mapped].relationships.push(Rel {
                name: name.to_owned(),
                arguments: arguments.clone(),
                annotation: None,
                place,
            });
        }
        false
    }

    pub(crate) fn registry_call(
        &self,
        machine: &mut Machine,
        number: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        match method {
            "generate_base" => {
                let mut all = arguments.clone();
                all.keywords.push((
                    "registry".into(),
                    Self::object(machine, "registry", number, "", place),
                ));
                let function =
                    machine.term(TermKind::Name("sqlalchemy.orm.declarative_base".into()), place);
                use python_static::program::Host;
                Host::call(self, machine, &function, &all, place)
            }
            "mapped" | "mapped_as_dataclass" => {
                let Some(Value::Class(class)) = arguments.positional.first() else { return None };
                self.state.borrow_mut().base_of.insert(class.id, number);
                self.map(machine, class);
                Some(Value::Class(Rc::clone(class)))
            }
            "map_imperatively" => {
                let Some(Value::Class(class)) = arguments.positional.first() else { return None };
                let table =
                    arguments.get(1, "local_table").and_then(|table| Self::number(table, "table"));
                let mut relationships = Vec::new();
                for (key, value) in
                    arguments.keyword("properties").and_then(Value::pairs).unwrap_or_default()
                {
                    if is_call_of(&value, &["relationship"])
                        && let (Value::Str(name), Some((_, given))) = (&key, value.as_call())
                    {
                        relationships.push(Rel {
                            name: name.to_string(),
                            arguments: given.clone(),
                            annotation: None,
                            place,
                        });
                    }
                }
                let parent = class.mro.borrow().iter().skip(1).find_map(|base| match base {
                    Value::Class(base) => self.state.borrow().mapped_of.get(&base.id).copied(),
                    _ => None,
                });
                let mut state = self.state.borrow_mut();
                state.base_of.insert(class.id, number);
                let table = table.or_else(|| parent.and_then(|parent| state.mapped[parent].table));
                let keys = table
                    .map(|table| {
                        state.tables[table]
                            .columns
                            .iter()
                            .map(|column| (column.key.clone(), column.key.clone()))
                            .collect()
                    })
                    .unwrap_or_default();
                state.mapped.push(Mapped {
                    class: Rc::clone(class),
                    table,
                    relationships,
                    doubts: Vec::new(),
                    keys,
                    parent,
                });
                let index = state.mapped.len() - 1;
                state.mapped_of.insert(class.id, index);
                Some(Value::None)
            }
            _ => None,
        }
    }

    pub(crate) fn decorator_call(
        &self,
        machine: &mut Machine,
        inner: &Value,
        given: &Arguments,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let _ = given;
        let term = inner.as_term()?;
        if let TermKind::Attribute(of, method) = &term.kind
            && let Some(number) = Self::number(of, "registry")
        {
            return match &**method {
                "mapped_as_dataclass" => {
                    self.registry_call(machine, number, "mapped", arguments, place)
                }
                "as_declarative_base" => {
                    if let Some(Value::Class(class)) = arguments.positional.first() {
                        self.state.borrow_mut().base_of.insert(class.id, number);
                    }
                    arguments.positional.first().cloned()
                }
                _ => None,
            };
        }
        None
    }

    pub(crate) fn flask(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Value {
        let meta = self.meta_of(arguments.keyword("metadata"));
        let base = self.new_base(meta, Vec::new());
        self.state.borrow_mut().bases[base].flask = true;
        if let Some(Value::Class(class)) = arguments.keyword("model_class") {
            let own_map =
                machine.class_lookup(class, "type_annotation_map").and_then(|map| map.pairs());
            let own = machine
                .class_lookup(class, "metadata")
                .and_then(|meta| Self::number(&meta, "metadata"));
            let mut state = self.state.borrow_mut();
            state.bases[base].type_map = own_map.unwrap_or_default();
            if let Some(own) = own {
                state.bases[base].meta = own;
            }
        }
        let marker = Self::object(machine, "database", base, "", place);
        let bases = match arguments.keyword("model_class") {
            Some(class @ Value::Class(_)) => vec![class.clone()],
            _ => Vec::new(),
        };
        let mut dict = indexmap::IndexMap::new();
        dict.insert("__base_marker__".into(), Self::object(machine, "base", base, "Model", place));
        let class =
            machine.create_class("Model", "flask_sqlalchemy", bases, dict, Vec::new(), &[], place);
        self.state.borrow_mut().base_of.insert(class.id, base);
        self.state.borrow_mut().flask_models.insert(base, Value::Class(class));
        marker
    }

    pub(crate) fn flask_attribute(
        &self,
        machine: &mut Machine,
        base: usize,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        match name {
            "Model" => self.state.borrow().flask_models.get(&base).cloned(),
            "metadata" => {
                let meta = self.state.borrow().bases[base].meta;
                Some(Self::object(machine, "metadata", meta, "", place))
            }
            "Table" | "session" | "init_app" | "create_all" | "engine" | "drop_all" => None,
            "relationship" | "backref" | "Mapped" | "mapped_column" | "column_property"
            | "deferred" | "composite" => {
                Some(machine.term(TermKind::Name(format!("sqlalchemy.orm.{name}").into()), place))
            }
            _ => Some(machine.term(TermKind::Name(format!("sqlalchemy.{name}").into()), place)),
        }
    }

    pub(crate) fn flask_call(
        &self,
        machine: &mut Machine,
        base: usize,
        head: &Value,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let _ = head;
        if method != "Table" {
            return None;
        }
        let meta = self.state.borrow().bases[base].meta;
        let mut all = arguments.clone();
        if all.positional.get(1).is_none_or(|value| Self::number(value, "metadata").is_none())
            && all.keyword("metadata").is_none()
        {
            all.positional.insert(
                1.min(all.positional.len()),
                Self::object(machine, "metadata", meta, "", place),
            );
        }
        let function = machine.term(TermKind::Name("sqlalchemy.Table".into()), place);
        use python_static::program::Host;
        Host::call(self, machine, &function, &all, place)
    }

    pub(crate) fn listener(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
        positional: &[Value],
    ) -> Option<Value> {
        let _ = (machine, arguments);
        let name = positional.get(1).and_then(Value::as_str).unwrap_or_default();
        let harmless = [
            "before_",
            "after_",
            "set",
            "append",
            "remove",
            "connect",
            "load",
            "refresh",
            "init",
            "checkout",
            "checkin",
            "do_",
            "begin",
            "commit",
            "handle_error",
            "engine_connect",
            "persistent",
            "pending",
            "transient",
            "deleted",
            "detached",
            "first_connect",
            "validate",
            "bulk",
            "modified",
            "translate_row",
        ];
        if !(name.starts_with("before_")
            || harmless.contains(&name)
            || harmless.iter().any(|start| start.ends_with('_') && name.starts_with(start)))
            || matches!(
                name,
                "before_parent_attach"
                    | "after_parent_attach"
                    | "before_configured"
                    | "after_configured"
                    | "after_mapper_constructed"
                    | "before_mapper_configured"
            )
        {
            self.problem(place, "an event listener may change tables", vec!["*".into()]);
            self.state.borrow_mut().listeners.push(place);
        }
        Some(Value::None)
    }
}

fn library_of(call: &Value) -> bool {
    is_call_of(call, &["Column", "mapped_column", "Field"])
}

fn unwrap_property(call: &Value) -> Value {
    if is_call_of(call, &["deferred", "column_property"])
        && let Some((_, arguments)) = call.as_call()
        && let Some(first) = arguments.positional.first()
    {
        return first.clone();
    }
    call.clone()
}

fn own_primary_key(class: &Class) -> bool {
    class.dict.borrow().values().any(|value| {
        is_call_of(value, &["Column", "mapped_column"])
            && value.as_call().is_some_and(|(_, arguments)| {
                matches!(arguments.keyword("primary_key"), Some(Value::Bool(true)))
            })
    })
}

/// Flask-SQLAlchemy's name of a table.
fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if c.is_uppercase() && at > 0 {
            let before = chars[at - 1];
            let after = chars.get(at + 1);
            if before.is_lowercase()
                || before.is_ascii_digit()
                || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The names of a class body in the order in which SQLAlchemy 2 looks at them.
fn merged(
    dict: &indexmap::IndexMap<Rc<str>, Value>,
    annotations: &[(Rc<str>, Annotation)],
) -> Vec<Rc<str>> {
    let lists: [Vec<Rc<str>>; 2] = [
        dict.keys().cloned().collect(),
        annotations.iter().map(|(name, _)| Rc::clone(name)).collect(),
    ];
    let both: std::collections::HashSet<Rc<str>> =
        lists[0].iter().filter(|name| lists[1].contains(name)).cloned().collect();
    let mut met = std::collections::HashSet::new();
    let mut at = [0, 0];
    let mut current = 0;
    let mut out = Vec::new();
    while at[current] < lists[current].len() {
        let name = Rc::clone(&lists[current][at[current]]);
        at[current] += 1;
        if both.contains(&name) && met.insert(Rc::clone(&name)) {
            current = 1 - current;
        } else {
            out.push(name);
        }
    }
    let other = 1 - current;
    for name in &lists[other][at[other]..] {
        if !out.contains(name) {
            out.push(Rc::clone(name));
        }
    }
    out
}
