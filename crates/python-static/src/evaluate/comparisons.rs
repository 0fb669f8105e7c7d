//! Comparisons: `==`, `<`, `in`, `is`, and what is known of `sys.version_info`.

use std::cmp::Ordering;

use rustpython_parser::ast::{self, CmpOp};

use super::machine::{Eval, Machine, Stop, place};
use super::object::{Id, Object};
use super::operators::{as_float, as_int};
use super::state::same;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn comparison(&mut self, compare: &ast::ExprCompare) -> Eval {
        let mut left = self.eval(&compare.left)?;
        for (op, expr) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.eval(expr)?;
            if !self.compare(&left, *op, &right, place(compare))? {
                return Ok(Object::Bool(false));
            }
            left = right;
        }
        Ok(Object::Bool(true))
    }

    fn compare(
        &mut self,
        left: &Object,
        op: CmpOp,
        right: &Object,
        range: TextRange,
    ) -> Eval<bool> {
        if let Some(cause) = left.cause().or(right.cause()) {
            return Err(Stop::Unknown(cause.clone()));
        }
        match op {
            CmpOp::Eq => self.equal(left, right, &range),
            CmpOp::NotEq => Ok(!self.equal(left, right, &range)?),
            CmpOp::Is => self.identical(left, right, range),
            CmpOp::IsNot => Ok(!self.identical(left, right, range)?),
            CmpOp::In => self.contains(right, left, range),
            CmpOp::NotIn => Ok(!self.contains(right, left, range)?),
            CmpOp::Lt => Ok(self.order(left, right, range)?.is_lt()),
            CmpOp::LtE => Ok(self.order(left, right, range)?.is_le()),
            CmpOp::Gt => Ok(self.order(left, right, range)?.is_gt()),
            CmpOp::GtE => Ok(self.order(left, right, range)?.is_ge()),
        }
    }

    /// `==`, as far as it is known.
    pub(super) fn equal(&self, left: &Object, right: &Object, range: &TextRange) -> Eval<bool> {
        self.nested(|machine| machine.equal_values(left, right, range))
    }

    fn equal_values(&self, left: &Object, right: &Object, range: &TextRange) -> Eval<bool> {
        Ok(match (left, right) {
            (Object::Unknown(cause), _) | (_, Object::Unknown(cause)) => {
                return Err(Stop::Unknown(cause.clone()));
            }
            (Object::Int(_) | Object::Bool(_), Object::Int(_) | Object::Bool(_)) => {
                as_int(left) == as_int(right)
            }
            (Object::Float(_), Object::Int(_) | Object::Bool(_) | Object::Float(_))
            | (Object::Int(_) | Object::Bool(_), Object::Float(_)) => {
                as_float(left).partial_cmp(&as_float(right)) == Some(Ordering::Equal)
            }
            (Object::Tuple(a), Object::Tuple(b)) => self.all_equal(a, b, range)?,
            (Object::List(a), Object::List(b)) => {
                self.all_equal(self.list_cell(*a)?, self.list_cell(*b)?, range)?
            }
            (Object::Set(_) | Object::FrozenSet(_), Object::Set(_) | Object::FrozenSet(_)) => {
                let (a, b) = (self.set_items(left)?, self.set_items(right)?);
                let mut equal = a.len() == b.len();
                for item in &a {
                    equal = equal && self.contains_equal(&b, item, range)?;
                }
                equal
            }
            (Object::Dict(a), Object::Dict(b)) => self.dicts_equal(*a, *b, range)?,
            (Object::View(..), _) | (_, Object::View(..)) => {
                return Err(self.unknown("this comparison is not followed", range.clone()));
            }
            (Object::Instance(a), Object::Instance(b)) if a == b => true,
            (Object::Instance(a), other) | (other, Object::Instance(a)) => {
                match self.enum_value(*a) {
                    // Members of an enum equal themselves alone; members of `class X(str, Enum)` their value too.
                    Some((true, value)) => self.equal(&value, other, range)?,
                    Some((false, _)) => false,
                    None => {
                        return Err(self.unknown("this comparison is not followed", range.clone()));
                    }
                }
            }
            _ => same(&self.state, left, &self.state, right),
        })
    }

    fn all_equal(&self, a: &[Object], b: &[Object], range: &TextRange) -> Eval<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b, range)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn dicts_equal(&self, a: Id, b: Id, range: &TextRange) -> Eval<bool> {
        let (a, b) = (self.dict_cell(a)?, self.dict_cell(b)?);
        if a.len() != b.len() {
            return Ok(false);
        }
        for (key, value) in a {
            let mut found = false;
            for (other_key, other) in b {
                found = found
                    || (self.equal(key, other_key, range)? && self.equal(value, other, range)?);
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn contains_equal(
        &self,
        items: &[Object],
        wanted: &Object,
        range: &TextRange,
    ) -> Eval<bool> {
        let mut unknown = None;
        for item in items {
            match self.equal(item, wanted, range) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(stop) => unknown = Some(stop),
            }
        }
        unknown.map_or(Ok(false), Err)
    }

    fn identical(&self, left: &Object, right: &Object, range: TextRange) -> Eval<bool> {
        Ok(match (left, right) {
            (Object::None, Object::None) => true,
            (Object::None, _) | (_, Object::None) => false,
            (Object::Bool(a), Object::Bool(b)) => a == b,
            (Object::List(a), Object::List(b))
            | (Object::Dict(a), Object::Dict(b))
            | (Object::Set(a), Object::Set(b))
            | (Object::Instance(a), Object::Instance(b))
            | (Object::Class(a), Object::Class(b)) => a == b,
            (Object::Builtin(a), Object::Builtin(b)) => a == b,
            _ => {
                return Err(self
                    .unknown("the identity of values is only known when the program runs", range));
            }
        })
    }

    fn contains(&mut self, container: &Object, item: &Object, range: TextRange) -> Eval<bool> {
        match (container, item) {
            (Object::Str(text), Object::Str(part)) => Ok(text.contains(&**part)),
            (Object::Dict(id), _) => {
                let keys: Vec<Object> =
                    self.dict_items(*id)?.into_iter().map(|(key, _)| key).collect();
                self.contains_equal(&keys, item, &range)
            }
            (Object::Namespace(scope), Object::Str(name)) => {
                Ok(self.state.scope(*scope).names.contains_key(name))
            }
            _ => {
                let items = self.members_at(container, range.clone())?;
                self.contains_equal(&items, item, &range)
            }
        }
    }

    /// `<` and its kin; only what Python orders.
    pub(super) fn order(&self, left: &Object, right: &Object, range: TextRange) -> Eval<Ordering> {
        let numbers =
            |object: &Object| matches!(object, Object::Int(_) | Object::Bool(_) | Object::Float(_));
        match (left, right) {
            (Object::Unknown(cause), _) | (_, Object::Unknown(cause)) => {
                Err(Stop::Unknown(cause.clone()))
            }
            (Object::Str(a), Object::Str(b)) => Ok(a.chars().cmp(b.chars())),
            (Object::Int(_) | Object::Bool(_), Object::Int(_) | Object::Bool(_)) => {
                Ok(as_int(left).cmp(&as_int(right)))
            }
            _ if numbers(left) && numbers(right) => as_float(left)
                .partial_cmp(&as_float(right))
                .ok_or_else(|| self.unknown("this comparison is not followed", range)),
            (Object::Tuple(a), Object::Tuple(b)) => self.order_items(a, b, &range),
            (Object::List(a), Object::List(b)) => {
                let (a, b) = (self.list_items(*a)?, self.list_items(*b)?);
                self.order_items(&a, &b, &range)
            }
            (Object::Builtin(name), Object::Tuple(version)) if &**name == "sys.version_info" => {
                self.order_version(version, range)
            }
            (Object::Tuple(version), Object::Builtin(name)) if &**name == "sys.version_info" => {
                Ok(self.order_version(version, range)?.reverse())
            }
            _ => Err(self.unknown("this comparison is not followed", range)),
        }
    }

    fn order_items(&self, a: &[Object], b: &[Object], range: &TextRange) -> Eval<Ordering> {
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b, range)? {
                return self.nested(|machine| machine.order(a, b, range.clone()));
            }
        }
        Ok(a.len().cmp(&b.len()))
    }

    /// How `sys.version_info` stands to `version`, as far as every Python from 3.8 to the end of 3 agrees.
    fn order_version(&self, version: &[Object], range: TextRange) -> Eval<Ordering> {
        match version {
            [Object::Int(major), ..] if *major < 3 => Ok(Ordering::Greater),
            [Object::Int(major), ..] if *major > 3 => Ok(Ordering::Less),
            [Object::Int(3)] => Ok(Ordering::Greater),
            [Object::Int(3), Object::Int(minor), ..] if *minor < 8 => Ok(Ordering::Greater),
            [Object::Int(3), Object::Int(minor), ..] if *minor > 99 => Ok(Ordering::Less),
            _ => {
                Err(self
                    .unknown("the version of Python is only known when the program runs", range))
            }
        }
    }
}
