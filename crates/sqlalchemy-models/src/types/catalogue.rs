//! The types of SQLAlchemy that need nothing but their arguments.

use python_static::program::{Arguments, Value};

use super::{flag, int, quote};

/// The text of a type of SQLAlchemy or one of its dialects, under SQLAlchemy's `version`.
pub(super) fn text(
    dialect: &str,
    name: &str,
    arguments: &Arguments,
    version: (u32, u32),
) -> Option<String> {
    let call = Call { dialect, name, arguments, version };
    match dialect {
        "" | "postgresql" => call.general(),
        "mysql" => call.mysql(),
        "sqlite" => call.sqlite(),
        "oracle" => call.oracle(),
        "mssql" => call.mssql(),
        _ => None,
    }
}

struct Call<'a> {
    dialect: &'a str,
    name: &'a str,
    arguments: &'a Arguments,
    version: (u32, u32),
}

impl Call<'_> {
    fn int(&self, at: usize, name: &str) -> Option<Option<i128>> {
        int(self.arguments.get(at, name))
    }

    /// `NAME(length) COLLATE …`
    fn string(&self, shown: &str) -> Option<String> {
        let collation = if matches!(self.dialect, "" | "postgresql") {
            self.arguments.get(1, "collation")
        } else {
            self.arguments.keyword("collation")
        };
        if self.arguments.keyword("collation_schema").is_some() {
            return None;
        }
        let mut text = sized(shown, self.int(0, "length")?);
        match collation {
            None | Some(Value::None) => {}
            // Until 2.0 a collation was always quoted.
            Some(Value::Str(name)) if self.version < (2, 1) => {
                text.push_str(&format!(" COLLATE \"{name}\""));
            }
            Some(Value::Str(name)) => text.push_str(&format!(" COLLATE {}", quote(name))),
            Some(_) => return None,
        }
        Some(text)
    }

    fn zone(&self) -> Option<&'static str> {
        Some(if flag(self.arguments.get(0, "timezone"), false)? {
            "WITH TIME ZONE"
        } else {
            "WITHOUT TIME ZONE"
        })
    }

    /// Only PostgreSQL's own times have a precision.
    fn time(&self, shown: &str) -> Option<String> {
        let precision = match self.dialect {
            "postgresql" => self.int(1, "precision")?,
            _ => None,
        };
        let precision = precision.map_or_else(String::new, |precision| format!("({precision})"));
        Some(format!("{shown}{precision} {}", self.zone()?))
    }

    fn decimal(&self, shown: &str) -> Option<String> {
        Some(match (self.int(0, "precision")?, self.int(1, "scale")?) {
            (None, _) => shown.to_owned(),
            (Some(precision), None) => format!("{shown}({precision})"),
            (Some(precision), Some(scale)) => format!("{shown}({precision}, {scale})"),
        })
    }

    fn general(&self) -> Option<String> {
        let name = self.name;
        Some(match name {
            "Integer" | "INTEGER" | "INT" => "INTEGER".into(),
            "SmallInteger" | "SMALLINT" => "SMALLINT".into(),
            "BigInteger" | "BIGINT" => "BIGINT".into(),
            "String" | "VARCHAR" | "Unicode" | "AutoString" => self.string("VARCHAR")?,
            "NVARCHAR" | "CHAR" | "NCHAR" => self.string(name)?,
            "Text" | "TEXT" | "UnicodeText" => self.string("TEXT")?,
            "CLOB" | "BLOB" | "DATETIME" => name.into(),
            "BINARY" | "VARBINARY" => sized(name, self.int(0, "length")?),
            "Boolean" | "BOOLEAN" => "BOOLEAN".into(),
            "Date" | "DATE" => "DATE".into(),
            "DateTime" => format!("TIMESTAMP {}", self.zone()?),
            "UTCDateTime" => "TIMESTAMP WITH TIME ZONE".into(),
            "TIMESTAMP" => self.time("TIMESTAMP")?,
            "Time" | "TIME" => self.time("TIME")?,
            "Interval" => match self.int(1, "second_precision")? {
                Some(precision) => format!("INTERVAL ({precision})"),
                None => "INTERVAL".into(),
            },
            "INTERVAL" => self.interval()?,
            "Numeric" | "NUMERIC" => self.decimal("NUMERIC")?,
            "DECIMAL" => self.decimal("DECIMAL")?,
            "Float" | "FLOAT" => sized("FLOAT", self.int(0, "precision")?),
            "DOUBLE" => "DOUBLE".into(),
            "Double" | "DOUBLE_PRECISION" => "DOUBLE PRECISION".into(),
            "REAL" => "REAL".into(),
            "LargeBinary" | "BYTEA" | "PickleType" => "BYTEA".into(),
            "JSON" => "JSON".into(),
            "Uuid" => {
                if flag(self.arguments.get(1, "native_uuid"), true)? { "UUID" } else { "CHAR(32)" }
                    .into()
            }
            "UUID" => "UUID".into(),
            "NullType" => "NULL".into(),
            _ if self.dialect == "postgresql" => self.postgresql()?,
            _ => return None,
        })
    }

    fn interval(&self) -> Option<String> {
        let mut text = "INTERVAL".to_owned();
        match self.arguments.get(1, "fields") {
            Some(Value::Str(fields)) => text.push_str(&format!(" {fields}")),
            None | Some(Value::None) => {}
            Some(_) => return None,
        }
        if let Some(precision) = self.int(0, "precision")? {
            text.push_str(&format!(" ({precision})"));
        }
        Some(text)
    }

    fn postgresql(&self) -> Option<String> {
        Some(match self.name {
            "BIT" => {
                let length = self.int(0, "length")?.filter(|length| *length != 0);
                match (flag(self.arguments.get(1, "varying"), false)?, length) {
                    (true, None) => "BIT VARYING".into(),
                    (true, Some(length)) => format!("BIT VARYING({length})"),
                    (false, length) => format!("BIT({})", length.unwrap_or(1)),
                }
            }
            "JSONB" | "INET" | "CIDR" | "MACADDR" | "MACADDR8" | "MONEY" | "OID" | "REGCLASS"
            | "REGCONFIG" | "TSVECTOR" | "TSQUERY" | "HSTORE" | "CITEXT" | "JSONPATH"
            | "INT4RANGE" | "INT8RANGE" | "NUMRANGE" | "DATERANGE" | "TSRANGE" | "TSTZRANGE"
            | "INT4MULTIRANGE" | "INT8MULTIRANGE" | "NUMMULTIRANGE" | "DATEMULTIRANGE"
            | "TSMULTIRANGE" | "TSTZMULTIRANGE" => self.name.into(),
            _ => return None,
        })
    }

    /// MySQL's own constructors take other arguments: lengths of numbers are for display.
    fn mysql(&self) -> Option<String> {
        let name = self.name;
        Some(match name {
            "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" | "TINYINT" | "MEDIUMINT" | "LONGBLOB"
            | "MEDIUMBLOB" | "TINYBLOB" | "YEAR" | "SET" | "DATETIME" | "BLOB" | "INTEGER"
            | "BIGINT" | "SMALLINT" | "BOOLEAN" | "DATE" | "JSON" | "DOUBLE" => name.into(),
            "VARCHAR" | "CHAR" | "TEXT" | "NVARCHAR" | "NCHAR" => self.string(name)?,
            "VARBINARY" | "BINARY" => sized(name, self.int(0, "length")?),
            "DECIMAL" | "NUMERIC" => self.decimal(name)?,
            "FLOAT" => sized(name, self.int(0, "precision")?),
            "TIMESTAMP" | "TIME" => self.time(name)?,
            _ => return None,
        })
    }

    fn sqlite(&self) -> Option<String> {
        Some(match self.name {
            "DATETIME" => "TIMESTAMP WITHOUT TIME ZONE".into(),
            "TIME" => "TIME WITHOUT TIME ZONE".into(),
            "DATE" | "JSON" => self.name.into(),
            "INTEGER" | "SMALLINT" | "BIGINT" | "BOOLEAN" | "VARCHAR" | "CHAR" | "TEXT"
            | "BLOB" | "NUMERIC" | "DECIMAL" | "FLOAT" | "REAL" | "TIMESTAMP" => {
                Call { dialect: "", ..*self }.general()?
            }
            _ => return None,
        })
    }

    fn oracle(&self) -> Option<String> {
        Some(match self.name {
            "NUMBER" | "VARCHAR2" | "NVARCHAR2" | "RAW" | "LONG" | "BFILE" | "ROWID"
            | "BINARY_DOUBLE" | "BINARY_FLOAT" => self.name.into(),
            "VARCHAR" | "CHAR" | "CLOB" | "BLOB" => Call { dialect: "", ..*self }.general()?,
            _ => return None,
        })
    }

    fn mssql(&self) -> Option<String> {
        Some(match self.name {
            "DATETIME2" | "DATETIMEOFFSET" | "SMALLDATETIME" | "IMAGE" | "NTEXT" | "SMALLMONEY"
            | "TINYINT" | "SQL_VARIANT" => self.name.into(),
            "VARCHAR" | "NVARCHAR" | "CHAR" | "NCHAR" | "TEXT" | "INTEGER" | "BIGINT"
            | "SMALLINT" | "NUMERIC" | "DECIMAL" => Call { dialect: "", ..*self }.general()?,
            _ => return None,
        })
    }
}

fn sized(name: &str, length: Option<i128>) -> String {
    match length {
        None | Some(0) => name.to_owned(),
        Some(length) => format!("{name}({length})"),
    }
}
