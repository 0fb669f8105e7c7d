//! Operators and the truth test.

use rustpython_parser::ast::{Operator, UnaryOp};

use super::machine::{Eval, MAX_SIZE, Machine, Stop};
use super::object::{Cell, Object};
use crate::posixpath;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn binary(
        &mut self,
        left: &Object,
        op: Operator,
        right: &Object,
        range: TextRange,
    ) -> Eval {
        if let Some(cause) = left.cause().or(right.cause()) {
            return Err(Stop::Unknown(cause.clone()));
        }
        match (left, right) {
            (Object::Int(_) | Object::Bool(_), Object::Int(_) | Object::Bool(_)) => {
                self.integers(as_int(left), op, as_int(right), range)
            }
            (Object::Int(_) | Object::Bool(_) | Object::Float(_), Object::Float(_))
            | (Object::Float(_), Object::Int(_)) => {
                self.floats(as_float(left), op, as_float(right), range)
            }
            (Object::Str(template), _) if op == Operator::Mod => {
                self.percent(template, right, range)
            }
            (Object::Path(path), Object::Str(name) | Object::Path(name)) if op == Operator::Div => {
                Ok(Object::Path(posixpath::join(path, name).into()))
            }
            _ => self.sequences(left, op, right, range),
        }
    }

    fn integers(&self, left: i128, op: Operator, right: i128, range: TextRange) -> Eval {
        if right == 0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod) {
            return Err(self.raise("ZeroDivisionError", "division by zero", range));
        }
        let shift = || u32::try_from(right).ok().filter(|&bits| bits < 127);
        let result = match op {
            Operator::Add => left.checked_add(right),
            Operator::Sub => left.checked_sub(right),
            Operator::Mult => left.checked_mul(right),
            Operator::FloorDiv => left.checked_div_euclid(right).map(|_| floor_div(left, right)),
            Operator::Mod => left.checked_rem(right).map(|rest| floor_mod(rest, right)),
            Operator::Pow => u32::try_from(right).ok().and_then(|power| left.checked_pow(power)),
            Operator::LShift => shift().and_then(|bits| left.checked_mul(1_i128 << bits)),
            Operator::RShift => shift().map(|bits| left >> bits),
            Operator::BitOr => Some(left | right),
            Operator::BitXor => Some(left ^ right),
            Operator::BitAnd => Some(left & right),
            Operator::Div => return self.floats(float_of(left), op, float_of(right), range),
            Operator::MatMult => None,
        };
        result.map(Object::Int).ok_or_else(|| self.too_big(range))
    }

    fn floats(&self, left: f64, op: Operator, right: f64, range: TextRange) -> Eval {
        if right == 0.0 && matches!(op, Operator::Div | Operator::FloorDiv | Operator::Mod) {
            return Err(self.raise("ZeroDivisionError", "float division by zero", range));
        }
        Ok(Object::Float(match op {
            Operator::Add => left + right,
            Operator::Sub => left - right,
            Operator::Mult => left * right,
            Operator::Div => left / right,
            _ => return Err(self.unknown("this operator of floats is not followed", range)),
        }))
    }

    fn sequences(&mut self, left: &Object, op: Operator, right: &Object, range: TextRange) -> Eval {
        match (op, left, right) {
            (Operator::Add, Object::Str(a), Object::Str(b)) => {
                self.check_size(a.len() + b.len(), &range)?;
                Ok(Object::str(format!("{a}{b}")))
            }
            (Operator::Add, Object::Bytes(a), Object::Bytes(b)) => {
                self.check_size(a.len() + b.len(), &range)?;
                Ok(Object::Bytes([&**a, &**b].concat().into()))
            }
            (Operator::Add, Object::Tuple(a), Object::Tuple(b)) => {
                self.check_size((a.len() + b.len()) * 16, &range)?;
                Ok(Object::tuple([&**a, &**b].concat()))
            }
            (Operator::Add, Object::List(a), Object::List(b)) => {
                let items = [self.list_items(*a)?, self.list_items(*b)?].concat();
                self.check_size(items.len(), &range)?;
                Ok(self.new_list(items))
            }
            (Operator::Mult, sequence, Object::Int(count))
            | (Operator::Mult, Object::Int(count), sequence) => {
                self.repeat(sequence, *count, range)
            }
            (Operator::BitOr, Object::Dict(_), Object::Dict(_)) => {
                self.merge_dicts(left, right, range)
            }
            (
                Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor,
                Object::Set(_) | Object::FrozenSet(_),
                Object::Set(_) | Object::FrozenSet(_),
            ) => self.set_operation(left, op, right, range),
            _ if is_plain(left) && is_plain(right) => {
                let message = format!(
                    "unsupported operand types: `{}` and `{}`",
                    Self::type_name(left),
                    Self::type_name(right)
                );
                Err(self.raise("TypeError", message, range))
            }
            _ => Err(self.unknown("this operator is only known when the program runs", range)),
        }
    }

    pub(super) fn check_size(&self, size: usize, range: &TextRange) -> Eval<()> {
        if size > MAX_SIZE {
            return Err(self.unknown("the value is too large to be followed", range.clone()));
        }
        self.work(size)
    }

    fn repeat(&mut self, sequence: &Object, count: i128, range: TextRange) -> Eval {
        let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
        let check = |machine: &Self, length: usize| {
            machine.check_size(length.saturating_mul(count), &range)
        };
        match sequence {
            Object::Str(text) => {
                check(self, text.len())?;
                Ok(Object::str(text.repeat(count)))
            }
            Object::Tuple(items) => {
                check(self, items.len() * 16)?;
                Ok(Object::tuple(repeated(items, count)))
            }
            Object::List(id) => {
                let items = self.list_items(*id)?;
                check(self, items.len() * 16)?;
                Ok(self.new_list(repeated(&items, count)))
            }
            _ => Err(self.unknown("this operator is only known when the program runs", range)),
        }
    }

    fn set_operation(
        &mut self,
        left: &Object,
        op: Operator,
        right: &Object,
        range: TextRange,
    ) -> Eval {
        let (a, b) =
            (self.members_at(left, range.clone())?, self.members_at(right, range.clone())?);
        let mut items = Vec::new();
        for item in &a {
            let shared = self.contains_equal(&b, item, &range)?;
            let keep = match op {
                Operator::BitOr => true,
                Operator::BitAnd => shared,
                _ => !shared,
            };
            if keep {
                items.push(item.clone());
            }
        }
        if matches!(op, Operator::BitOr | Operator::BitXor) {
            for item in &b {
                if !self.contains_equal(&a, item, &range)? {
                    items.push(item.clone());
                }
            }
        }
        Ok(match left {
            Object::FrozenSet(_) => Object::frozenset(items),
            _ => Object::Set(self.state.allocate(Cell::Set(items))),
        })
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Object, range: TextRange) -> Eval {
        match (op, operand) {
            (UnaryOp::Not, _) => Ok(Object::Bool(!self.truth(operand, range)?)),
            (_, Object::Unknown(cause)) => Err(Stop::Unknown(cause.clone())),
            (UnaryOp::USub, Object::Int(_) | Object::Bool(_)) => {
                as_int(operand).checked_neg().map(Object::Int).ok_or_else(|| self.too_big(range))
            }
            (UnaryOp::UAdd, Object::Int(_) | Object::Bool(_)) => Ok(Object::Int(as_int(operand))),
            (UnaryOp::Invert, Object::Int(_) | Object::Bool(_)) => {
                Ok(Object::Int(!as_int(operand)))
            }
            (UnaryOp::USub, Object::Float(value)) => Ok(Object::Float(-value)),
            (UnaryOp::UAdd, Object::Float(value)) => Ok(Object::Float(*value)),
            _ => Err(self.unknown("this operator is only known when the program runs", range)),
        }
    }

    /// Python's truth test.
    pub(super) fn truth(&self, object: &Object, range: TextRange) -> Eval<bool> {
        Ok(match object {
            Object::Unknown(cause) => return Err(Stop::Unknown(cause.clone())),
            Object::None => false,
            Object::Bool(value) => *value,
            Object::Int(value) => *value != 0,
            Object::Float(value) => *value != 0.0,
            Object::Str(text) => !text.is_empty(),
            Object::Bytes(bytes) => !bytes.is_empty(),
            Object::Tuple(items) | Object::FrozenSet(items) => !items.is_empty(),
            Object::Range(start, stop, step) => range_length(*start, *stop, *step) > 0,
            Object::List(id) | Object::Set(id) => !self.list_cell(*id)?.is_empty(),
            Object::Dict(id) | Object::View(_, id) => !self.dict_cell(*id)?.is_empty(),
            Object::Instance(id) if self.is_plainly_true(*id)? => true,
            Object::Instance(_) | Object::Namespace(_) => {
                return Err(self.unknown("the truth of this object is not followed", range));
            }
            _ => true,
        })
    }
}

fn repeated(items: &[Object], count: usize) -> Vec<Object> {
    items.iter().cycle().take(items.len() * count).cloned().collect()
}

fn floor_div(left: i128, right: i128) -> i128 {
    let quotient = left / right;
    if left % right != 0 && (left < 0) != (right < 0) { quotient - 1 } else { quotient }
}

fn floor_mod(rest: i128, right: i128) -> i128 {
    if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }
}

/// A number or a bool as an integer; 0 for everything else.
pub(super) fn as_int(object: &Object) -> i128 {
    match object {
        Object::Int(value) => *value,
        Object::Bool(value) => i128::from(*value),
        _ => 0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "Python loses it too")]
fn float_of(value: i128) -> f64 {
    value as f64
}

pub(super) fn as_float(object: &Object) -> f64 {
    match object {
        Object::Float(value) => *value,
        other => float_of(as_int(other)),
    }
}

/// A value of one of Python's own plain types.
fn is_plain(object: &Object) -> bool {
    matches!(
        object,
        Object::None
            | Object::Bool(_)
            | Object::Int(_)
            | Object::Float(_)
            | Object::Str(_)
            | Object::Bytes(_)
            | Object::Tuple(_)
            | Object::List(_)
            | Object::Dict(_)
            | Object::Set(_)
    )
}

/// How many numbers `range(start, stop, step)` gives.
pub(super) fn range_length(start: i128, stop: i128, step: i128) -> i128 {
    let span = if step > 0 { stop.saturating_sub(start) } else { start.saturating_sub(stop) };
    let step = step.saturating_abs();
    if span <= 0 || step == 0 { 0 } else { (span - 1) / step + 1 }
}
