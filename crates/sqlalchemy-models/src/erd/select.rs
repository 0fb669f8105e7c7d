//! A part of a diagram: what stands near some tables, or in some schemas.

use std::collections::BTreeSet;

use super::diagram::{Diagram, Relation};

/// Which part.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Tables as `name` or `schema.name`; none is all.
    pub focus: Vec<String>,
    /// How many relations away from these a table may stand.
    pub depth: usize,
    /// Schemas; none is all. `public` is also the schema of tables that name none.
    pub schemas: Vec<String>,
}

/// A selection names what is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// No table has this name.
    #[error("no table is called `{name}`")]
    Table {
        /// The name that was asked for.
        name: String,
        /// Tables with a name like it.
        near: Vec<String>,
    },
    /// The name is that of tables in several schemas.
    #[error("`{name}` is a table in several schemas")]
    Ambiguous {
        /// The name that was asked for.
        name: String,
        /// Their full names.
        tables: Vec<String>,
    },
    /// No table is in this schema.
    #[error("no table is in the schema `{name}`")]
    Schema {
        /// The name that was asked for.
        name: String,
        /// The schemas that there are.
        known: Vec<String>,
    },
}

/// PostgreSQL's schema for what names none.
const DEFAULT: &str = "public";

impl Diagram {
    /// The part that is asked for, with the relations inside of it.
    ///
    /// # Errors
    /// When a table or schema is not there, or a table's name says too little.
    pub fn select(&self, selection: &Selection) -> Result<Self, SelectError> {
        let mut kept: BTreeSet<usize> = (0..self.entities.len()).collect();
        if !selection.focus.is_empty() {
            let near = selection.focus.iter().map(|name| self.find(name));
            kept = self.around(near.collect::<Result<_, _>>()?, selection.depth);
        }
        if !selection.schemas.is_empty() {
            for name in &selection.schemas {
                self.check_schema(name)?;
            }
            kept.retain(|&place| {
                let own = self.entities[place].schema.as_deref().unwrap_or(DEFAULT);
                selection.schemas.iter().any(|schema| schema == own)
            });
        }
        Ok(self.keep(&kept))
    }

    fn find(&self, name: &str) -> Result<usize, SelectError> {
        let full = |place: usize| self.entities[place].full_name();
        let all = 0..self.entities.len();
        if let Some(place) = all.clone().find(|&place| full(place) == name) {
            return Ok(place);
        }
        let in_default = |place: usize| format!("{DEFAULT}.{}", full(place)) == name;
        if let Some(place) =
            all.clone().find(|&place| self.entities[place].schema.is_none() && in_default(place))
        {
            return Ok(place);
        }
        let same: Vec<usize> = all.filter(|&place| self.entities[place].name == name).collect();
        match same.as_slice() {
            [place] => Ok(*place),
            [] => Err(SelectError::Table { name: name.to_owned(), near: self.like(name) }),
            several => Err(SelectError::Ambiguous {
                name: name.to_owned(),
                tables: several.iter().map(|&place| full(place)).collect(),
            }),
        }
    }

    /// Tables that differ in case alone, or that hold the name or are held by it.
    fn like(&self, name: &str) -> Vec<String> {
        const MOST: usize = 3;
        let wanted = name.to_lowercase();
        let names = self.entities.iter().map(super::Entity::full_name);
        names
            .filter(|known| {
                let known = known.to_lowercase();
                known.contains(&wanted) || wanted.contains(&known)
            })
            .take(MOST)
            .collect()
    }

    fn check_schema(&self, name: &str) -> Result<(), SelectError> {
        let schema = |entity: &super::Entity| entity.schema.clone();
        let known: BTreeSet<String> = self
            .entities
            .iter()
            .map(|entity| schema(entity).unwrap_or_else(|| DEFAULT.to_owned()))
            .collect();
        if known.contains(name) {
            return Ok(());
        }
        Err(SelectError::Schema { name: name.to_owned(), known: known.into_iter().collect() })
    }

    fn around(&self, start: BTreeSet<usize>, depth: usize) -> BTreeSet<usize> {
        let mut reached = start.clone();
        let mut edge = start;
        for _ in 0..depth {
            let mut next = BTreeSet::new();
            for &Relation { child, parent, .. } in &self.relations {
                for (here, there) in [(child, parent), (parent, child)] {
                    if edge.contains(&here) && reached.insert(there) {
                        next.insert(there);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            edge = next;
        }
        reached
    }

    fn keep(&self, kept: &BTreeSet<usize>) -> Self {
        let mut places = vec![None; self.entities.len()];
        for (new, &old) in kept.iter().enumerate() {
            places[old] = Some(new);
        }
        let entities: Vec<_> = kept.iter().map(|&old| self.entities[old].clone()).collect();
        let relations = self.relations.iter().filter_map(|relation| {
            let (child, parent) = (places[relation.child]?, places[relation.parent]?);
            Some(Relation { child, parent, ..relation.clone() })
        });
        let relations = relations.collect();
        Self { entities, relations, enums: self.enums.clone() }
    }
}
