//! The names that Python and known libraries bring without a definition.

use crate::program::value::Value;

const NAMES: &str = " abs all any bool bytes callable classmethod dict dir enumerate filter float format frozenset getattr hasattr hash id int isinstance issubclass iter len list map max min next object open print property range repr reversed round set setattr sorted staticmethod str sum super tuple type vars zip __import__ delattr complex bytearray memoryview ";

/// The builtin of a name.
pub(in crate::program) fn builtin(name: &str) -> Option<Value> {
    match name {
        "NotImplemented" => return Some(Value::Builtin("NotImplemented".into())),
        "__debug__" => return Some(Value::Bool(true)),
        _ => {}
    }
    let known = NAMES.contains(&format!(" {name} "))
        || ["Error", "Exception", "Warning", "Interrupt", "Iteration", "Exit"]
            .iter()
            .any(|end| name.ends_with(end))
            && name.starts_with(|c: char| c.is_ascii_uppercase());
    known.then(|| Value::Builtin(name.into()))
}

/// The names that `from module import *` brings from a known library.
pub(in crate::program) fn star_names(module: &str) -> Vec<&'static str> {
    let list = match module {
        "sqlalchemy" => {
            "ARRAY BIGINT BINARY BLOB BOOLEAN CHAR CLOB DATE DATETIME DECIMAL DOUBLE DOUBLE_PRECISION FLOAT INT INTEGER JSON NCHAR NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP UUID VARBINARY VARCHAR BigInteger Boolean Date DateTime Double Enum Float Integer Interval LargeBinary MetaData Numeric PickleType SmallInteger String Text Time TupleType TypeDecorator Unicode UnicodeText Uuid Column Computed Constraint CheckConstraint DefaultClause FetchedValue ForeignKey ForeignKeyConstraint Identity Index PrimaryKeyConstraint Sequence Table UniqueConstraint DDL BLANK_SCHEMA all_ and_ any_ asc between bindparam case cast collate column delete desc distinct except_ exists extract false func insert inspect intersect join lateral literal literal_column modifier not_ null nulls_first nulls_last nullsfirst nullslast or_ outerjoin outparam over select table tablesample text true try_cast tuple_ type_coerce union union_all update values within_group create_engine engine_from_config event ColumnDefault ScalarElementColumnDefault TypeCoerce"
        }
        "sqlalchemy.orm" => {
            "DeclarativeBase DeclarativeBaseNoMeta DeclarativeMeta Mapped MappedAsDataclass MappedColumn Session aliased as_declarative backref class_mapper clear_mappers column_property composite configure_mappers declarative_base declarative_mixin declared_attr deferred dynamic_loader has_inherited_table mapped_column mapper object_mapper query_expression reconstructor registry relationship scoped_session sessionmaker synonym synonym_for validates WriteOnlyMapped DynamicMapped joinedload selectinload"
        }
        "sqlalchemy.types" => {
            "ARRAY BIGINT BINARY BLOB BOOLEAN CHAR CLOB DATE DATETIME DECIMAL DOUBLE FLOAT INT INTEGER JSON NCHAR NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP UUID VARBINARY VARCHAR BigInteger Boolean Concatenable Date DateTime Double Enum Float Indexable Integer Interval LargeBinary NullType Numeric PickleType SmallInteger String Text Time TupleType TypeDecorator TypeEngine Unicode UnicodeText UserDefinedType Uuid"
        }
        "sqlalchemy.dialects.postgresql" => {
            "ARRAY BIGINT BIT BOOLEAN BYTEA CHAR CIDR CITEXT DATE DATEMULTIRANGE DATERANGE DOMAIN DOUBLE_PRECISION ENUM FLOAT HSTORE INET INT4MULTIRANGE INT4RANGE INT8MULTIRANGE INT8RANGE INTEGER INTERVAL JSON JSONB JSONPATH MACADDR MACADDR8 MONEY NUMERIC NUMMULTIRANGE NUMRANGE OID REAL REGCLASS REGCONFIG SMALLINT TEXT TIME TIMESTAMP TSMULTIRANGE TSQUERY TSRANGE TSTZMULTIRANGE TSTZRANGE TSVECTOR UUID VARCHAR All Any ExcludeConstraint Insert Range aggregate_order_by array array_agg hstore insert"
        }
        "sqlmodel" => {
            "SQLModel Field Relationship Column Session select Enum ForeignKey Index Integer JSON MetaData String Table Text UniqueConstraint AutoString BigInteger Boolean CheckConstraint Date DateTime Float LargeBinary Numeric SmallInteger Time Uuid func text create_engine"
        }
        "typing" => {
            "Any Optional Union List Dict Set Tuple Type Callable ClassVar Annotated Literal TYPE_CHECKING Generic TypeVar Iterable Sequence Mapping Final NamedTuple Protocol cast overload"
        }
        "datetime" => "date datetime time timedelta timezone tzinfo UTC",
        "enum" => "Enum IntEnum StrEnum Flag IntFlag auto unique",
        _ => "",
    };
    list.split_whitespace().collect()
}
