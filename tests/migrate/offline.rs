//! `--sql` of the commands that need no Python, letter by letter what real Alembic prints.

use crate::shop::Shop;

const COMMANDS: [&str; 4] =
    ["stamp c d --sql", "stamp b:d --sql", "stamp base --sql", "ensure_version --sql"];

/// What `context.configure` may say of transactions.
const SETTINGS: [&str; 6] = [
    "",
    "transaction_per_migration=True",
    "transactional_ddl=False",
    "transactional_ddl=True",
    "transactional_ddl=None, transaction_per_migration=False",
    "transactional_ddl=True, transaction_per_migration=True",
];

fn shop(url: &str, settings: &str) -> Shop {
    let shop = Shop::letters("a <- b <- d, a <- c", url);
    shop.project().write(
        "migrations/env.py",
        format!(
            "import os, random\nfrom alembic import context\n\
             context.configure(url=os.environ['DATABASE_URL'], {settings})\n\
             with context.begin_transaction():\n    context.run_migrations()\n"
        ),
    );
    shop
}

#[test]
fn transactions_stand_where_env_py_wants_them() {
    for url in ["postgresql+psycopg2://db/shop", "sqlite:///shop.db"] {
        for settings in SETTINGS {
            let shop = shop(url, settings);
            for command in COMMANDS {
                let ours = shop.ok(command).stdout();
                assert_eq!(ours, shop.alembic(command), "{url}, {settings}: {command}");
            }
        }
    }
}

#[test]
fn a_setting_that_cannot_be_read_counts_as_not_said() {
    let unread =
        "transactional_ddl=random.random() < 0, transaction_per_migration=random.random() < 2";
    let unread = shop("postgresql+psycopg2://db/shop", unread);
    let plain = shop("postgresql+psycopg2://db/shop", "");
    for command in COMMANDS {
        let output = unread.ok(command);
        assert_eq!(output.stdout(), plain.ok(command).stdout(), "{command}");
        assert_eq!(output.stderr(), plain.ok(command).stderr(), "{command}");
    }
}
