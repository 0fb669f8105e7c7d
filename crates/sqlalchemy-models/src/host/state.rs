//! What is known of the program's metadata, tables, bases and classes.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use python_static::program::{Arguments, Class, Place, Value};

use crate::version::Versions;

/// A `MetaData`.
#[derive(Default)]
pub(crate) struct Meta {
    pub(crate) schema: Option<Value>,
    pub(crate) naming: Vec<(Value, Value)>,
    pub(crate) naming_unknown: Option<Value>,
}

/// A column of a table.
#[derive(Clone)]
pub(crate) struct Col {
    pub(crate) call: Value,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) annotation: Option<Value>,
    pub(crate) base: Option<usize>,
    pub(crate) place: Place,
    pub(crate) sort: i128,
    pub(crate) identity: usize,
    /// It was copied from a mixin or an abstract base.
    pub(crate) copied: bool,
}

/// A `Table`.
pub(crate) struct Tab {
    pub(crate) meta: usize,
    pub(crate) name: String,
    pub(crate) schema: Option<Value>,
    pub(crate) comment: Option<Value>,
    pub(crate) columns: Vec<Col>,
    pub(crate) arguments: Vec<Value>,
    pub(crate) place: Place,
    pub(crate) doubts: Vec<Value>,
}

/// A declarative base.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) meta: usize,
    pub(crate) type_map: Vec<(Value, Value)>,
    pub(crate) sqlmodel: bool,
    pub(crate) flask: bool,
}

/// A mapped class.
pub(crate) struct Mapped {
    pub(crate) class: Rc<Class>,
    pub(crate) table: Option<usize>,
    pub(crate) relationships: Vec<Rel>,
    pub(crate) doubts: Vec<Value>,
    pub(crate) keys: BTreeMap<String, String>,
    pub(crate) parent: Option<usize>,
    pub(crate) place: Place,
}

/// A relationship as it was written.
#[derive(Clone)]
pub(crate) struct Rel {
    pub(crate) name: String,
    pub(crate) arguments: Arguments,
    pub(crate) annotation: Option<Value>,
    pub(crate) place: Place,
}

/// What was found so far.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) version: Versions,
    pub(crate) metas: Vec<Meta>,
    pub(crate) tables: Vec<Tab>,
    pub(crate) bases: Vec<Base>,
    pub(crate) base_of: HashMap<usize, usize>,
    pub(crate) mapped: Vec<Mapped>,
    pub(crate) mapped_of: HashMap<usize, usize>,
    pub(crate) problems: Vec<(Place, String, Vec<String>)>,
    pub(crate) targets: Option<Value>,
    pub(crate) sqlmodel: Option<usize>,
    pub(crate) flask_models: HashMap<usize, Value>,
    /// Listeners that may change tables.
    pub(crate) listeners: Vec<Place>,
    /// Listeners that may change relationships.
    pub(crate) relationship_listeners: Vec<Place>,
    /// Constraints and indexes over columns without a table.
    pub(crate) pending: Vec<Value>,
    /// What functions of `declared_attr` gave, by class and function.
    pub(crate) declared: HashMap<(usize, usize), Value>,
}
