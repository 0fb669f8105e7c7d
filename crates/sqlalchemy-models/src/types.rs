//! Types as SQLAlchemy's postgresql dialect compiles them.

use std::rc::Rc;

use python_static::program::{Machine, TermKind, Value};

/// A type's text, and the native enumerations in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) text: String,
    pub(crate) enums: Vec<crate::schema::Enumeration>,
    /// The check of an enumeration that is none of the database.
    pub(crate) check: Option<(Option<String>, Vec<String>)>,
    /// What kind of literal it takes.
    pub(crate) is_null: bool,
}

impl Typed {
    fn plain(text: impl Into<String>) -> Option<Self> {
        Some(Self { text: text.into(), ..Self::default() })
    }
}

/// The last part of the full name, when it is one of SQLAlchemy's.
pub(crate) fn library_name(value: &Value) -> Option<String> {
    let name = match value {
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) => name.to_string(),
            _ => return None,
        },
        _ => return None,
    };
    let known = ["sqlalchemy", "sqlmodel", "flask_sqlalchemy"];
    let first = name.split('.').next()?;
    if !known.contains(&first) {
        return None;
    }
    let last = name.rsplit('.').next()?;
    for dialect in ["postgresql", "mysql", "sqlite", "oracle", "mssql"] {
        if name.contains(&format!("dialects.{dialect}.")) {
            return Some(format!("{dialect}.{last}"));
        }
    }
    Some(last.to_owned())
}

fn int(value: Option<&Value>) -> Option<Option<i128>> {
    match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Int(value)) => Some(Some(*value)),
        _ => None,
    }
}

fn flag(value: Option<&Value>, default: bool) -> Option<bool> {
    match value {
        None => Some(default),
        Some(Value::Bool(value)) => Some(*value),
        Some(Value::None) => Some(false),
        Some(Value::Int(value)) => Some(*value != 0),
        _ => None,
    }
}

fn sized(name: &str, length: Option<i128>) -> String {
    length.map_or_else(|| name.to_owned(), |length| format!("{name}({length})"))
}

/// Needs quotes as an identifier.
pub(crate) fn quote(name: &str) -> String {
    const RESERVED: &str = " all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp new not null off offset old on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with authorization between binary cross current_schema freeze full ilike inner is isnull join left like natural notnull outer over overlaps right similar verbose ";
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$')
        && !RESERVED.contains(&format!(" {name} "));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Compiles a type; `Err` names what is not known.
pub(crate) fn compile(
    machine: &mut Machine,
    value: &Value,
    version: (u32, u32),
    schema: Option<&str>,
    depth: usize,
) -> Result<Typed, Value> {
    let unknown = || value.clone();
    if depth > 12 {
        return Err(unknown());
    }
    match value {
        Value::None => return Ok(Typed { text: "NULL".into(), is_null: true, ..Typed::default() }),
        Value::Class(class) => return decorated(machine, class, value, version, schema, depth),
        Value::Instance(instance) => {
            return decorated(machine, &instance.class.clone(), value, version, schema, depth);
        }
        Value::Term(_) => {}
        _ => return Err(unknown()),
    }
    let empty = python_static::program::Arguments::default();
    let (name, arguments) = match value.as_call() {
        Some((function, arguments)) => {
            if let Value::Term(term) = function
                && let TermKind::Attribute(of, method) = &term.kind
            {
                return match &**method {
                    "with_variant" => {
                        let dialects = &arguments.positional[1.min(arguments.positional.len())..];
                        let postgres =
                            dialects.iter().any(|name| name.as_str() == Some("postgresql"))
                                || arguments
                                    .keyword("dialect_name")
                                    .is_some_and(|name| name.as_str() == Some("postgresql"));
                        if dialects.iter().any(|name| name.as_str().is_none())
                            || arguments.positional.is_empty()
                        {
                            return Err(unknown());
                        }
                        if postgres {
                            compile(
                                machine,
                                &arguments.positional[0].clone(),
                                version,
                                schema,
                                depth + 1,
                            )
                        } else {
                            compile(machine, &of.clone(), version, schema, depth + 1)
                        }
                    }
                    "evaluates_none" | "copy" => {
                        compile(machine, &of.clone(), version, schema, depth + 1)
                    }
                    "as_mutable" | "associate_with" => match arguments.positional.first() {
                        Some(inner) => compile(machine, &inner.clone(), version, schema, depth + 1),
                        None => Err(unknown()),
                    },
                    _ => Err(unknown()),
                };
            }
            if let Value::Class(class) = function {
                return decorated(machine, &class.clone(), value, version, schema, depth);
            }
            (library_name(function), arguments)
        }
        None => {
            if let Value::Term(term) = value
                && let TermKind::Object("type", ..) = &term.kind
            {
                return Err(unknown());
            }
            (library_name(value), &empty)
        }
    };
    let Some(name) = name else { return Err(unknown()) };
    if name == "as_mutable" {
        return match arguments.positional.first() {
            Some(inner) => compile(machine, &inner.clone(), version, schema, depth + 1),
            None => Err(unknown()),
        };
    }
    if arguments.unknown.is_some() {
        return Err(unknown());
    }
    let (dialect, name) =
        name.split_once('.').map_or(("", name.as_str()), |(dialect, name)| (dialect, name));
    if matches!(dialect, "mysql" | "sqlite" | "oracle" | "mssql") {
        return foreign(dialect, name, arguments).ok_or_else(unknown);
    }
    if matches!(name, "Enum" | "ENUM") {
        return enumeration(machine, arguments, schema).ok_or_else(unknown);
    }
    if name == "ARRAY" {
        let Some(item) = arguments.get(0, "item_type") else { return Err(unknown()) };
        let inner = compile(machine, &item.clone(), version, schema, depth + 1)?;
        let dimensions = int(arguments.get(2, "dimensions")).flatten().unwrap_or(1);
        let brackets = "[]".repeat(usize::try_from(dimensions.clamp(1, 10)).unwrap_or(1));
        return Ok(Typed {
            text: format!("{}{brackets}", inner.text),
            enums: inner.enums,
            ..Typed::default()
        });
    }
    simple(name, arguments, dialect).ok_or_else(unknown)
}

fn simple(
    name: &str,
    arguments: &python_static::program::Arguments,
    dialect: &str,
) -> Option<Typed> {
    let length = || int(arguments.get(0, "length"));
    let collated = |text: String| match arguments.get(1, "collation") {
        Some(Value::Str(collation)) => Some(format!("{text} COLLATE \"{collation}\"")),
        None | Some(Value::None) => Some(text),
        _ => None,
    };
    let zone = |at: usize| -> Option<&'static str> {
        Some(if flag(arguments.get(at, "timezone"), false)? {
            "WITH TIME ZONE"
        } else {
            "WITHOUT TIME ZONE"
        })
    };
    let precision = |at: usize| -> Option<String> {
        if dialect != "postgresql" {
            return Some(String::new());
        }
        Some(
            int(arguments.get(at, "precision"))?
                .map_or_else(String::new, |precision| format!("({precision})")),
        )
    };
    match name {
        "Integer" | "INTEGER" | "INT" => Typed::plain("INTEGER"),
        "SmallInteger" | "SMALLINT" => Typed::plain("SMALLINT"),
        "BigInteger" | "BIGINT" => Typed::plain("BIGINT"),
        "String" | "VARCHAR" | "Unicode" | "AutoString" => {
            Typed::plain(collated(sized("VARCHAR", length()?))?)
        }
        "NVARCHAR" => Typed::plain(collated(sized("NVARCHAR", length()?))?),
        "CHAR" | "NCHAR" => Typed::plain(collated(sized(name, length()?))?),
        "Text" | "TEXT" | "UnicodeText" => {
            Typed::plain(collated(sized("TEXT", length()?).split('(').next()?.to_owned())?)
        }
        "CLOB" => Typed::plain("CLOB"),
        "Boolean" | "BOOLEAN" => Typed::plain("BOOLEAN"),
        "Date" | "DATE" => Typed::plain("DATE"),
        "DateTime" | "DATETIME" => Typed::plain(format!("TIMESTAMP {}", zone(0)?)),
        "TIMESTAMP" => Typed::plain(format!("TIMESTAMP{} {}", precision(1)?, zone(0)?)),
        "Time" | "TIME" => Typed::plain(format!("TIME{} {}", precision(1)?, zone(0)?)),
        "Interval" => {
            let second = int(arguments.get(1, "second_precision"))?;
            Typed::plain(second.map_or_else(
                || "INTERVAL".to_owned(),
                |precision| format!("INTERVAL({precision})"),
            ))
        }
        "INTERVAL" => {
            let fields = match arguments.keyword("fields") {
                Some(Value::Str(fields)) => format!(" {fields}"),
                None | Some(Value::None) => String::new(),
                _ => return None,
            };
            let precision = int(arguments.get(0, "precision"))?
                .map_or_else(String::new, |precision| format!(" ({precision})"));
            Typed::plain(format!("INTERVAL{fields}{precision}"))
        }
        "Numeric" | "NUMERIC" | "DECIMAL" => {
            let base = if name == "DECIMAL" { "DECIMAL" } else { "NUMERIC" };
            let base = if base == "DECIMAL" { "NUMERIC" } else { base };
            match (int(arguments.get(0, "precision"))?, int(arguments.get(1, "scale"))?) {
                (None, _) => Typed::plain(base),
                (Some(precision), None) => Typed::plain(format!("{base}({precision})")),
                (Some(precision), Some(scale)) => {
                    Typed::plain(format!("{base}({precision}, {scale})"))
                }
            }
        }
        "Float" | "FLOAT" => Typed::plain(sized("FLOAT", int(arguments.get(0, "precision"))?)),
        "Double" | "DOUBLE" | "DOUBLE_PRECISION" => Typed::plain("DOUBLE PRECISION"),
        "REAL" => Typed::plain("REAL"),
        "LargeBinary" | "BYTEA" | "PickleType" | "BLOB" if name != "BLOB" => Typed::plain("BYTEA"),
        "BINARY" | "VARBINARY" | "BLOB" => Typed::plain("BYTEA"),
        "JSON" => Typed::plain("JSON"),
        "Uuid" => Typed::plain(if flag(arguments.keyword("native_uuid"), true)? {
            "UUID"
        } else {
            "CHAR(32)"
        }),
        "JSONB" | "UUID" | "INET" | "CIDR" | "MACADDR" | "MACADDR8" | "MONEY" | "OID"
        | "REGCLASS" | "REGCONFIG" | "TSVECTOR" | "TSQUERY" | "HSTORE" | "CITEXT" | "JSONPATH"
        | "INT4RANGE" | "INT8RANGE" | "NUMRANGE" | "DATERANGE" | "TSRANGE" | "TSTZRANGE"
        | "INT4MULTIRANGE" | "INT8MULTIRANGE" | "NUMMULTIRANGE" | "DATEMULTIRANGE"
        | "TSMULTIRANGE" | "TSTZMULTIRANGE" => Typed::plain(name),
        "BIT" => {
            let length = int(arguments.get(0, "length"))?;
            let varying = flag(arguments.get(1, "varying"), false)?;
            Typed::plain(match (varying, length) {
                (true, None) => "BIT VARYING".to_owned(),
                (true, Some(length)) => format!("BIT VARYING({length})"),
                (false, length) => format!("BIT({})", length.unwrap_or(1)),
            })
        }
        "NullType" => Some(Typed { text: "NULL".into(), is_null: true, ..Typed::default() }),
        _ => None,
    }
}

fn foreign(
    dialect: &str,
    name: &str,
    arguments: &python_static::program::Arguments,
) -> Option<Typed> {
    let length = || int(arguments.get(0, "length"));
    match (dialect, name) {
        (
            "mysql",
            "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" | "TINYINT" | "MEDIUMINT" | "LONGBLOB"
            | "MEDIUMBLOB" | "TINYBLOB" | "YEAR",
        ) => Typed::plain(name),
        ("mysql", "INTEGER" | "BIGINT" | "SMALLINT") => Typed::plain(name),
        ("mysql" | "sqlite" | "oracle" | "mssql", "VARCHAR" | "CHAR") => {
            Typed::plain(sized(name, length()?))
        }
        (_, "JSON") => Typed::plain("JSON"),
        ("mysql" | "sqlite", "TEXT") => Typed::plain("TEXT"),
        (_, "DATE") => Typed::plain("DATE"),
        _ => None,
    }
}

fn enumeration(
    machine: &mut Machine,
    arguments: &python_static::program::Arguments,
    inherited: Option<&str>,
) -> Option<Typed> {
    let mut values: Vec<String> = Vec::new();
    let mut default_name = None;
    let given: Vec<Value> = arguments.positional.clone();
    if let [Value::Class(class)] = given.as_slice() {
        default_name = Some(class.name.to_lowercase());
        match arguments.keyword("values_callable") {
            None | Some(Value::None) => {
                values.extend(machine.member_names(class).iter().map(ToString::to_string))
            }
            Some(function) => {
                let place = class.place;
                let list = machine
                    .call(
                        &function.clone(),
                        python_static::program::Arguments::of(vec![given[0].clone()]),
                        place,
                    )
                    .ok()?;
                for item in list.items()? {
                    values.push(machine.show(&item)?);
                }
            }
        }
    } else if let [single] = given.as_slice()
        && !matches!(single, Value::Str(_))
    {
        for item in single.items()? {
            values.push(item.as_str()?.to_owned());
        }
    } else {
        for value in &given {
            values.push(match value {
                Value::Str(text) => text.to_string(),
                Value::Instance(instance) => {
                    instance.attributes.borrow().get("value")?.as_str()?.to_owned()
                }
                _ => return None,
            });
        }
    }
    let name = match arguments.keyword("name") {
        None | Some(Value::None) => default_name,
        Some(Value::Str(name)) => Some(name.to_string()),
        _ => return None,
    };
    let schema = match arguments.keyword("schema") {
        Some(Value::Str(schema)) => Some(schema.to_string()),
        None | Some(Value::None) => {
            match (arguments.keyword("metadata"), arguments.keyword("inherit_schema")) {
                (None | Some(Value::None), None | Some(Value::Bool(false))) => None,
                (None | Some(Value::None), Some(Value::Bool(true))) => inherited.map(str::to_owned),
                _ => return None,
            }
        }
        _ => return None,
    };
    if !flag(arguments.keyword("native_enum"), true)? {
        let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
        let length = match int(arguments.keyword("length"))? {
            Some(length) => usize::try_from(length).ok()?,
            None => longest,
        };
        let check = flag(arguments.keyword("create_constraint"), false)?.then(|| (name, values));
        return Some(Typed { text: format!("VARCHAR({length})"), check, ..Typed::default() });
    }
    let Some(name) = name else {
        return Typed::plain("ENUM");
    };
    let text = schema
        .as_ref()
        .map_or_else(|| quote(&name), |schema| format!("{}.{}", quote(schema), quote(&name)));
    Some(Typed {
        text,
        enums: vec![crate::schema::Enumeration { name, schema, values }],
        ..Typed::default()
    })
}

/// A class of the project: a decorator, a type of its own, or a subclass of a known type.
fn decorated(
    machine: &mut Machine,
    class: &Rc<python_static::program::Class>,
    value: &Value,
    version: (u32, u32),
    schema: Option<&str>,
    depth: usize,
) -> Result<Typed, Value> {
    if class.mro.borrow().iter().any(|base| matches!(base, Value::Unknown(_))) {
        return Err(value.clone());
    }
    let names: Vec<String> = class.mro.borrow().iter().filter_map(library_name).collect();
    let decorates = names.iter().any(|name| name == "TypeDecorator");
    let overrides = |machine: &Machine, name: &str| machine.class_lookup(class, name).is_some();
    if overrides(machine, "load_dialect_impl") {
        return load_dialect(machine, class, value, version, schema, depth);
    }
    if overrides(machine, "get_col_spec") {
        let method = machine.class_lookup(class, "get_col_spec").unwrap_or(Value::None);
        let instance = match value {
            Value::Instance(_) => value.clone(),
            _ => return Err(value.clone()),
        };
        return match machine.call(
            &method,
            python_static::program::Arguments::of(vec![instance]),
            class.place,
        ) {
            Ok(Value::Str(text)) => Ok(Typed { text: text.to_string(), ..Typed::default() }),
            _ => Err(value.clone()),
        };
    }
    if decorates {
        let Some(implementation) = machine.class_lookup(class, "impl") else {
            return Err(value.clone());
        };
        let own_init = overrides(machine, "__init__");
        if let (Value::Instance(instance), false) = (value, own_init)
            && !(instance.arguments.positional.is_empty() && instance.arguments.keywords.is_empty())
            && implementation.as_call().is_none()
        {
            let call = machine
                .term(TermKind::Call(implementation, instance.arguments.clone()), instance.place);
            return compile(machine, &call, version, schema, depth + 1);
        }
        if own_init {
            let Value::Instance(instance) = value else { return Err(value.clone()) };
            let given = instance.attributes.borrow().get("impl").cloned();
            return match given {
                Some(inner) => compile(machine, &inner, version, schema, depth + 1),
                None if implementation.as_call().is_some() => {
                    compile(machine, &implementation, version, schema, depth + 1)
                }
                None if matches!(
                    library_name(&implementation).as_deref(),
                    Some(
                        "Text"
                            | "Integer"
                            | "DateTime"
                            | "LargeBinary"
                            | "JSON"
                            | "BigInteger"
                            | "postgresql.JSONB"
                            | "Date"
                    )
                ) && instance.arguments.positional.is_empty() =>
                {
                    compile(machine, &implementation, version, schema, depth + 1)
                }
                None => Err(value.clone()),
            };
        }
        return compile(machine, &implementation, version, schema, depth + 1);
    }
    let Some(base) = class
        .mro
        .borrow()
        .iter()
        .find(|base| {
            library_name(base).is_some_and(|name| {
                simple(
                    name.rsplit('.').next().unwrap_or(""),
                    &python_static::program::Arguments::default(),
                    "",
                )
                .is_some()
            })
        })
        .cloned()
    else {
        return Err(value.clone());
    };
    if overrides(machine, "__init__")
        || overrides(machine, "__visit_name__")
        || overrides(machine, "bind_expression") && false
    {
        return Err(value.clone());
    }
    match value {
        Value::Instance(instance) => {
            let call =
                machine.term(TermKind::Call(base, instance.arguments.clone()), instance.place);
            compile(machine, &call, version, schema, depth + 1)
        }
        _ => compile(machine, &base, version, schema, depth + 1),
    }
}

fn load_dialect(
    machine: &mut Machine,
    class: &Rc<python_static::program::Class>,
    value: &Value,
    version: (u32, u32),
    schema: Option<&str>,
    depth: usize,
) -> Result<Typed, Value> {
    let method = machine.class_lookup(class, "load_dialect_impl").unwrap_or(Value::None);
    let place = class.place;
    let instance = match value {
        Value::Instance(_) => value.clone(),
        _ => match machine.call(
            &Value::Class(Rc::clone(class)),
            python_static::program::Arguments::default(),
            place,
        ) {
            Ok(instance) => instance,
            Err(_) => return Err(value.clone()),
        },
    };
    let dialect = machine.term(TermKind::Object("dialect", 0, "postgresql".into()), place);
    match machine.call(
        &method,
        python_static::program::Arguments::of(vec![instance, dialect]),
        place,
    ) {
        Ok(found) if !matches!(found, Value::None) => {
            let found = match found.as_call() {
                Some((function, arguments)) if matches!(&function.as_term().map(|term| &term.kind), Some(TermKind::Attribute(_, name)) if &**name == "type_descriptor") => {
                    arguments.positional.first().cloned().unwrap_or(Value::None)
                }
                _ => found.clone(),
            };
            compile(machine, &found, version, schema, depth + 1)
        }
        _ => Err(value.clone()),
    }
}
