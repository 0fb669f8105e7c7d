//! SQLAlchemy models of any number, as an application has them: a package, a module for every few tables, mixins,
//! enumerations, foreign keys, relationships both ways, indexes and checks.

use std::{fmt::Write as _, io, path::Path};

/// Tables that share a module.
const TABLES_OF_A_MODULE: usize = 6;

/// What all modules share.
const BASE: &str = "\
from datetime import datetime

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

convention = {
    'ix': 'ix_%(column_0_label)s',
    'uq': 'uq_%(table_name)s_%(column_0_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
    'pk': 'pk_%(table_name)s',
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=convention)


class Dated:
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
";

/// What each module imports.
const HEAD: &str = "\
import enum
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base, Dated
";

/// Writes a package `app` whose module `app.models` imports `tables` tables; `app.models:Base` has them all.
///
/// # Errors
/// When a file cannot be written.
pub fn write_models(folder: &Path, tables: usize) -> io::Result<()> {
    let package = folder.join("app");
    fs_err::create_dir_all(package.join("tables"))?;
    fs_err::write(package.join("__init__.py"), "")?;
    fs_err::write(package.join("tables/__init__.py"), "")?;
    fs_err::write(package.join("base.py"), BASE)?;
    let mut models = "from app.base import Base\n".to_owned();
    for module in 0..tables.div_ceil(TABLES_OF_A_MODULE) {
        let first = module * TABLES_OF_A_MODULE;
        let last = tables.min(first + TABLES_OF_A_MODULE);
        let classes: String = (first..last).map(|table| class(table, tables)).collect();
        fs_err::write(
            package.join(format!("tables/part_{module}.py")),
            HEAD.to_owned() + &classes,
        )?;
        for table in first..last {
            let _ = writeln!(models, "from app.tables.part_{module} import Thing{table}");
        }
    }
    fs_err::write(package.join("models.py"), models)
}

/// A table; all but the first belong to an earlier one.
fn class(table: usize, tables: usize) -> String {
    let mut class = format!(
        "

class Kind{table}(enum.Enum):
    small = 'small'
    large = 'large'


class Thing{table}(Dated, Base):
    \"\"\"Things of kind {table}.\"\"\"

    __tablename__ = 'things_{table}'
    __table_args__ = (
        CheckConstraint('price >= 0', name='price_positive'),
        Index('ix_things_{table}_kind_name', 'kind', 'name'),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text('gen_random_uuid()'))
    name: Mapped[str] = mapped_column(String(80), index=True)
    code: Mapped[str | None] = mapped_column(String(16), unique=True)
    kind: Mapped[Kind{table}] = mapped_column(Enum(Kind{table}, name='kind_{table}'))
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default=text('0'))
    details: Mapped[dict | None] = mapped_column(JSONB)
    note: Mapped[str | None] = mapped_column(Text)
"
    );
    if table > 0 {
        let parent = table / 2;
        let _ = write!(
            class,
            "    parent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey('things_{parent}.id', ondelete='CASCADE'))

    parent: Mapped['Thing{parent}'] = relationship(back_populates='children_{table}', foreign_keys=[parent_id])
"
        );
    }
    for child in
        [2 * table, 2 * table + 1].into_iter().filter(|&child| child > table && child < tables)
    {
        let _ = writeln!(
            class,
            "    children_{child}: Mapped[list['Thing{child}']] = relationship(back_populates='parent', foreign_keys='Thing{child}.parent_id')"
        );
    }
    class
}
