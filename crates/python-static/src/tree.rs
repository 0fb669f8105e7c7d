//! The syntax tree of a file, in types of this crate: for readers that follow what a script does with its own rules.
//!
//! It is smaller than Python's grammar: what a reader cannot use is [`Node::Other`] or [`Action::Other`], with its
//! place. A top-level statement that cannot be parsed becomes [`Action::Unread`] and spoils no other. The depth of a
//! tree is bounded, so that it can be walked recursively.

mod build;

use crate::ast::parse;
use crate::source::{SourceFile, TextRange};
use crate::statements::{self, StatementKind};
use crate::syntax::SyntaxError;
use crate::value::Value;

/// An expression and its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Where it stands.
    pub range: TextRange,
    /// What it is.
    pub node: Node,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A literal without parts.
    Constant(Value),
    /// A name.
    Name(Box<str>),
    /// `of.name`
    Attribute {
        /// What has the attribute.
        of: Box<Expression>,
        /// The attribute.
        name: Box<str>,
    },
    /// `of[index]`
    Subscript {
        /// What is asked.
        of: Box<Expression>,
        /// The key.
        index: Box<Expression>,
    },
    /// A call. A keyword without a name is `**value`.
    Call {
        /// What is called.
        function: Box<Expression>,
        /// The arguments without a name.
        arguments: Vec<Expression>,
        /// The others, in order.
        keywords: Vec<(Option<Box<str>>, Expression)>,
    },
    /// `left operator right`, with the operator as Python writes it.
    Binary {
        /// The left side.
        left: Box<Expression>,
        /// Such as `+`.
        operator: &'static str,
        /// The right side.
        right: Box<Expression>,
    },
    /// A comparison of two values.
    Compare {
        /// The left side.
        left: Box<Expression>,
        /// Such as `is not`.
        operator: &'static str,
        /// The right side.
        right: Box<Expression>,
    },
    /// `a or b or c`
    Or(Vec<Expression>),
    /// `a and b and c`
    And(Vec<Expression>),
    /// `not a`
    Not(Box<Expression>),
    /// `then if test else otherwise`
    Conditional {
        /// The condition.
        test: Box<Expression>,
        /// Its value when the condition holds.
        then: Box<Expression>,
        /// Its value otherwise.
        otherwise: Box<Expression>,
    },
    /// An f-string of fields without conversion or format.
    Joined(Vec<Expression>),
    /// A tuple.
    Tuple(Vec<Expression>),
    /// A list.
    List(Vec<Expression>),
    /// A dictionary; an item without a key is `**value`.
    Dict(Vec<(Option<Expression>, Expression)>),
    /// A comprehension of a list or a dictionary, or a generator.
    Comprehension {
        /// The key of each item, of a dictionary.
        key: Option<Box<Expression>>,
        /// Each item.
        value: Box<Expression>,
        /// What it walks through, from the outside in.
        clauses: Vec<Clause>,
    },
    /// `start:end`, as an index.
    Slice {
        /// Where it starts.
        start: Option<Box<Expression>>,
        /// Where it ends.
        end: Option<Box<Expression>>,
    },
    /// `*value`
    Starred(Box<Expression>),
    /// `name := value`
    Named {
        /// The name.
        target: Box<Expression>,
        /// Its value.
        value: Box<Expression>,
    },
    /// `await value`
    Await(Box<Expression>),
    /// `lambda: value`
    Lambda {
        /// Its parameters.
        parameters: Vec<Parameter>,
        /// What it returns.
        value: Box<Expression>,
    },
    /// Anything else.
    Other,
}

/// `for target in over if condition …`
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What is bound.
    pub target: Expression,
    /// What is walked through.
    pub over: Expression,
    /// What must hold.
    pub conditions: Vec<Expression>,
}

/// A statement and its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Where it stands.
    pub range: TextRange,
    /// What it does.
    pub action: Action,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// An expression alone.
    Expression(Expression),
    /// `a = b = value`
    Assign {
        /// The targets, from left to right.
        targets: Vec<Expression>,
        /// The value.
        value: Expression,
    },
    /// `target: annotation = value`
    Annotated {
        /// The target.
        target: Expression,
        /// Its annotation.
        annotation: Expression,
        /// Its value, if there is one.
        value: Option<Expression>,
    },
    /// `target += value`
    Augmented {
        /// The target.
        target: Expression,
        /// The operator without its equals sign.
        operator: &'static str,
        /// The value.
        value: Expression,
    },
    /// `if`; an `elif` is an `if` in `otherwise`, and so is a `case` of plain values.
    If {
        /// The condition.
        test: Expression,
        /// What runs when it holds.
        then: Vec<Statement>,
        /// What runs otherwise.
        otherwise: Vec<Statement>,
    },
    /// `with`, also `async with`.
    With {
        /// The managers and their targets.
        items: Vec<(Expression, Option<Expression>)>,
        /// The block.
        body: Vec<Statement>,
    },
    /// `try`
    Try {
        /// The block.
        body: Vec<Statement>,
        /// The handlers.
        handlers: Vec<Handler>,
        /// What runs when nothing was raised.
        otherwise: Vec<Statement>,
        /// What runs in any case.
        finally: Vec<Statement>,
    },
    /// `for`, also `async for`.
    For {
        /// What is bound.
        target: Expression,
        /// What is walked through.
        over: Expression,
        /// The block.
        body: Vec<Statement>,
        /// What runs when the loop was not left.
        otherwise: Vec<Statement>,
    },
    /// `while`
    While {
        /// The condition.
        test: Expression,
        /// The block.
        body: Vec<Statement>,
        /// What runs when the loop was not left.
        otherwise: Vec<Statement>,
    },
    /// `def` or `async def`
    Function(Function),
    /// `class`
    Class(Class),
    /// `return`
    Return(Option<Expression>),
    /// `raise`
    Raise(Option<Expression>),
    /// `import a.b as c`: full names and the names given.
    Import(Vec<(Box<str>, Option<Box<str>>)>),
    /// `from ..a import b as c`
    ImportFrom {
        /// How many dots stand in front.
        level: usize,
        /// The module's name; may be empty.
        module: Box<str>,
        /// The names, `*` included, and the names given.
        names: Vec<(Box<str>, Option<Box<str>>)>,
    },
    /// `del`
    Delete(Vec<Expression>),
    /// `global`
    Global(Vec<Box<str>>),
    /// `nonlocal`
    Nonlocal(Vec<Box<str>>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// Nothing: `pass`; `assert` and a docstring too, which change nothing.
    Pass,
    /// Anything else.
    Other,
    /// A definition that is parsed when somebody asks for it; see [`Reading::Later`].
    Deferred,
    /// A statement that the parser does not read, and why: a lower-case fragment.
    Unread(String),
}

/// An exception handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// The classes that it handles; `None` is all.
    pub catches: Option<Expression>,
    /// The name of the exception.
    pub name: Option<Box<str>>,
    /// The block.
    pub body: Vec<Statement>,
}

/// The definition of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Box<str>,
    /// Its decorators.
    pub decorators: Vec<Expression>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its block.
    pub body: Vec<Statement>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Box<str>,
    /// Its default value.
    pub default: Option<Expression>,
    /// How it takes arguments.
    pub kind: ParameterKind,
}

/// How a parameter takes arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// By place or by name.
    Plain,
    /// By name alone.
    Keyword,
    /// `*args`
    Rest,
    /// `**kwargs`
    Keywords,
}

/// The definition of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: Box<str>,
    /// Its bases.
    pub bases: Vec<Expression>,
    /// Keywords beside the bases.
    pub keywords: Vec<(Option<Box<str>>, Expression)>,
    /// Its decorators.
    pub decorators: Vec<Expression>,
    /// Its block.
    pub body: Vec<Statement>,
}

/// The tree of a whole file.
///
/// # Errors
/// When no Python 3 compiles the file. Syntax that is newer than this crate gives [`Action::Unread`].
pub fn read(source: &SourceFile) -> Result<Vec<Statement>, SyntaxError> {
    read_with(source, |_| Reading::Now)
}

/// When a top-level definition is parsed: most of the time of reading a file goes into that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// With the file.
    Now,
    /// When somebody asks [`read_function`]: it is [`Action::Deferred`].
    Later,
    /// Never, since the reader has no use for it: it is [`Action::Unread`], with this reason.
    Never(&'static str),
}

/// The tree of a file; `reading` is given the text of each top-level definition.
///
/// # Errors
/// As [`read`], but for what only the parser finds in a definition that is not parsed now.
pub fn read_with(
    source: &SourceFile,
    reading: impl Fn(&str) -> Reading,
) -> Result<Vec<Statement>, SyntaxError> {
    let text = source.text();
    let mut tree = Vec::new();
    for statement in statements::cut(text)? {
        if statement.kind == StatementKind::Definition {
            let action = match reading(&text[statement.range.clone()]) {
                Reading::Now => None,
                Reading::Later => Some(Action::Deferred),
                Reading::Never(reason) => Some(Action::Unread(reason.to_owned())),
            };
            if let Some(action) = action {
                tree.push(Statement { range: statement.range, action });
                continue;
            }
        }
        if is_docstring(text, &statement) {
            tree.push(Statement { range: statement.range, action: Action::Pass });
            continue;
        }
        match parse(text, &statement) {
            Ok(parsed) => tree.extend(build::block(&parsed)),
            Err(failure) if failure.certain => {
                let error = SyntaxError::new(failure.reason, failure.range);
                return Err(error.on_characters_of(text));
            }
            Err(failure) => {
                let action = Action::Unread(failure.reason);
                tree.push(Statement { range: failure.range, action });
            }
        }
    }
    Ok(tree)
}

/// A top-level function that was [`Action::Deferred`], by the range of its statement.
///
/// # Errors
/// When the parser does not read it, or it is no function: a lower-case fragment, as in [`Action::Unread`].
pub fn read_function(source: &SourceFile, range: &TextRange) -> Result<Function, String> {
    let statement = statements::Statement { range: range.clone(), kind: StatementKind::Definition };
    let parsed = parse(source.text(), &statement).map_err(|failure| failure.reason)?;
    match build::block(&parsed).into_iter().next().map(|statement| statement.action) {
        Some(Action::Function(function)) => Ok(function),
        _ => Err("this is no function".to_owned()),
    }
}

/// Whether a statement is one plain string literal in three quotes, which does nothing.
fn is_docstring(text: &str, statement: &statements::Statement) -> bool {
    let range = &statement.range;
    statement.kind == StatementKind::Simple
        && text[range.clone()].starts_with("\"\"\"")
        && statements::string_end(text, range.start) == range.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Vec<Statement> {
        read(&SourceFile::new("a.py", text)).unwrap()
    }

    #[test]
    fn a_function_may_be_read_later() {
        let source = SourceFile::new(
            "a.py",
            "x = 1\ndef f():\n    return 2\nasync def g():\n    it is = no Python\n",
        );
        let statements = read_with(&source, |_| Reading::Later).unwrap();
        assert!(statements[1..].iter().all(|statement| statement.action == Action::Deferred));
        let function = read_function(&source, &statements[1].range).unwrap();
        assert_eq!((&*function.name, function.body.len()), ("f", 1));
        assert_eq!(&source.text()[function.body[0].range.clone()], "return 2");
        assert!(read_function(&source, &statements[2].range).is_err());
        assert!(read_function(&source, &statements[0].range).is_err());
    }

    #[test]
    fn an_fstring_has_constants_and_fields() {
        let statements = tree("url = f'postgresql://{user}@{cfg.host}/x'\n");
        let Action::Assign { value, .. } = &statements[0].action else { panic!("{statements:?}") };
        let Node::Joined(parts) = &value.node else { panic!("{value:?}") };
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[1].node, Node::Name("user".into()));
    }

    #[test]
    fn a_format_is_not_passed_over() {
        let statements = tree("url = f'{port:04}'\n");
        let Action::Assign { value, .. } = &statements[0].action else { panic!("{statements:?}") };
        assert!(matches!(&value.node, Node::Joined(parts) if parts[0].node == Node::Other));
    }

    #[test]
    fn a_match_of_plain_values_is_a_chain_of_conditions() {
        let match_of = |cases: &str| tree(&format!("match x:\n{cases}"))[0].action.clone();
        let action = match_of(
            "  case 'a' | 'b':\n    y = 1\n  case None if z:\n    y = 2\n  case other:\n    y = other\n",
        );
        let Action::If { test, otherwise, .. } = &action else { panic!("{action:?}") };
        assert!(matches!(&test.node, Node::Or(values) if values.len() == 2), "{test:?}");
        let Action::If { test, otherwise, .. } = &otherwise[0].action else { panic!("{action:?}") };
        assert!(matches!(&test.node, Node::And(_)), "{test:?}");
        assert_eq!(otherwise.len(), 2, "{otherwise:?}");
        for other in ["  case [a, b]:\n    y = a\n", "  case C(a=1):\n    y = 1\n"] {
            assert_eq!(match_of(other), Action::Other);
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "import os\nasync def f(a, *, b=1, **c):\n    return os.environ['X']\n";
        let statements = tree(text);
        let Action::Function(function) = &statements[1].action else { panic!("{statements:?}") };
        let kinds: Vec<_> = function.parameters.iter().map(|parameter| parameter.kind).collect();
        assert_eq!(kinds, [ParameterKind::Plain, ParameterKind::Keyword, ParameterKind::Keywords]);
        let Action::Return(Some(value)) = &function.body[0].action else { panic!("{function:?}") };
        assert_eq!(&text[value.range.clone()], "os.environ['X']");
    }

    #[test]
    fn a_definition_can_be_passed_over_without_being_parsed() {
        let source = SourceFile::new("a.py", "class Pet:\n    it is = no Python\nx = 1\n");
        let statements = read_with(&source, |code| {
            if code.contains("Pet") { Reading::Never("a pet") } else { Reading::Now }
        });
        let statements = statements.unwrap();
        assert_eq!(statements[0].action, Action::Unread("a pet".to_owned()));
        assert!(matches!(statements[1].action, Action::Assign { .. }));
    }

    #[test]
    fn a_docstring_does_nothing() {
        let action = |text: &str| tree(text)[0].action.clone();
        assert_eq!(action("\"\"\"What it is.\n\nAnd \\\" more.\n\"\"\"\n"), Action::Pass);
        assert!(matches!(action("\"\"\"a\"\"\" \"b\""), Action::Expression(_)));
        assert!(matches!(action("\"\"\"a\"\"\".join(b)"), Action::Expression(_)));
    }

    #[test]
    fn a_chain_of_comparisons_is_no_single_one() {
        let statements = tree("1 < a < 3\n");
        assert!(
            matches!(&statements[0].action, Action::Expression(one) if one.node == Node::Other)
        );
    }
}
