//! pydantic's settings and other classes that hold the URL.

use super::project::Project;

const URL: &str = "postgresql://bob:s3@db/app";

fn with_settings(settings: &str, expression: &str) -> Project {
    Project::with_url("from app.config import *\n", expression).file("app/config.py", settings)
}

#[test]
fn a_field_is_filled_by_its_variable() {
    for (settings, variable) in [
        (
            "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str\nsettings = Settings()\n",
            "DATABASE_URL",
        ),
        (
            "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str = 'sqlite://'\nsettings = Settings()\n",
            "database_url",
        ),
        (
            "from pydantic import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str\n    class Config:\n        env_prefix = 'APP_'\nsettings = Settings()\n",
            "APP_DATABASE_URL",
        ),
        (
            "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\n    database_url: str\nsettings = Settings()\n",
            "APP_DATABASE_URL",
        ),
        (
            "from pydantic import Field\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str = Field(..., validation_alias='DB')\nsettings = Settings()\n",
            "DB",
        ),
        (
            "from pydantic import Field, AliasChoices\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str = Field(alias=AliasChoices('X', 'DB'))\nsettings = Settings()\n",
            "DB",
        ),
        (
            "from pydantic import BaseSettings, Field\nclass Settings(BaseSettings):\n    database_url: str = Field(env='DB')\nsettings = Settings()\n",
            "DB",
        ),
        (
            "from functools import lru_cache\nfrom pydantic_settings import BaseSettings\nclass Base(BaseSettings):\n    database_url: str\nclass Settings(Base):\n    pass\n@lru_cache()\ndef get_settings():\n    return Settings()\nsettings = get_settings()\n",
            "DATABASE_URL",
        ),
    ] {
        let project = with_settings(settings, "settings.database_url").set(variable, URL);
        assert_eq!(project.online().as_deref(), Ok(URL), "{settings}");
    }
}

#[test]
fn an_env_file_is_read_and_the_process_counts_before_it() {
    for settings in [
        "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Settings(BaseSettings):\n    DATABASE_URL: str\n    model_config = SettingsConfigDict(env_file='.env')\nsettings = Settings()\n",
        "from pydantic import BaseSettings\nclass Settings(BaseSettings):\n    DATABASE_URL: str\n    class Config:\n        env_file = ('.env.default', '.env')\nsettings = Settings()\n",
    ] {
        let project = with_settings(settings, "settings.DATABASE_URL")
            .file(".env", "database_url=postgresql://bob:s3@db/app\n");
        assert_eq!(project.online().as_deref(), Ok(URL), "{settings}");
        assert_eq!(
            project.way(),
            "migrations/env.py:11 → app/config.py:3, Settings.DATABASE_URL → database_url in .env:1"
        );
        assert_eq!(project.set("DATABASE_URL", "sqlite://").online().as_deref(), Ok("sqlite://"));
    }
}

#[test]
fn properties_and_validators_put_the_parts_together() {
    let fields = "    db_user: str = 'bob'\n    db_password: SecretStr = SecretStr('x')\n    db_host: str = 'db'\n    db_port: int = 5432\n";
    let property = format!(
        "from pydantic import SecretStr, computed_field\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n{fields}    @computed_field\n    @property\n    def url(self) -> str:\n        return f'postgresql://{{self.db_user}}:{{self.db_password.get_secret_value()}}@{{self.db_host}}:{{self.db_port}}/app'\nsettings = Settings()\n"
    );
    let build = format!(
        "from pydantic import SecretStr, PostgresDsn\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n{fields}    @property\n    def url(self):\n        return str(PostgresDsn.build(scheme='postgresql', username=self.db_user, password=self.db_password.get_secret_value(), host=self.db_host, port=self.db_port, path='app'))\nsettings = Settings()\n"
    );
    let validator = "from typing import Optional, Any, Dict\nfrom pydantic import BaseSettings, PostgresDsn, validator\nclass Settings(BaseSettings):\n    db_user: str = 'bob'\n    db_password: str\n    url: Optional[PostgresDsn] = None\n    @validator('url', pre=True)\n    def assemble(cls, v: Optional[str], values: Dict[str, Any]) -> Any:\n        if isinstance(v, str):\n            return v\n        return PostgresDsn.build(scheme='postgresql', user=values.get('db_user'), password=values.get('db_password'), host='db', port='5432', path=f\"/{'app'}\")\nsettings = Settings()\n";
    for settings in [property.as_str(), &build, validator] {
        let project = with_settings(settings, "settings.url").set("DB_PASSWORD", "s3");
        assert_eq!(
            project.online().as_deref(),
            Ok("postgresql://bob:s3@db:5432/app"),
            "{settings}"
        );
    }
}

#[test]
fn nested_models_are_filled_by_their_own_variables() {
    let settings = "from pydantic import BaseModel, PostgresDsn\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\nclass Database(BaseModel):\n    url: PostgresDsn\n    echo: bool = False\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_file='.env', case_sensitive=False, env_nested_delimiter='__', env_prefix='APP__')\n    db: Database\nsettings = Settings()\n";
    let project = with_settings(settings, "str(settings.db.url)")
        .file(".env", "APP__DB__URL=postgresql://bob:s3@db/app\n");
    assert_eq!(project.online().as_deref(), Ok(URL));
    let unset = with_settings(settings, "str(settings.db.url)");
    assert!(unset.online().is_err_and(|why| {
        why.ends_with("`Database.url` is filled by `APP__DB__URL`, which is not set")
    }));
}

#[test]
fn plain_classes_and_dataclasses_are_followed() {
    for (settings, expression) in [
        ("import os\nclass Config:\n    URL = os.environ.get('A') or 'sqlite://'\n", "Config.URL"),
        (
            "import os\nclass Config:\n    def __init__(self):\n        self.url = os.environ['A']\nconfig_object = Config()\n",
            "config_object.url",
        ),
        (
            "import os\nfrom dataclasses import dataclass, field\n@dataclass\nclass Config:\n    host: str = 'db'\n    url: str = field(default_factory=lambda: os.environ['A'])\n",
            "Config().url",
        ),
        (
            "import os\nclass Config:\n    @staticmethod\n    def url():\n        return os.getenv('A')\n    @classmethod\n    def other(cls):\n        return cls.url()\n",
            "Config.other()",
        ),
    ] {
        let project = with_settings(settings, expression).set("A", URL);
        assert_eq!(project.online().as_deref(), Ok(URL), "{settings}");
    }
}

/// Settings of pydantic 2: the class's block, what is around it, and what `url` is then.
fn url_of(block: &str, before: &str) -> Project {
    let settings = format!(
        "from typing import Annotated, Any, ClassVar
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
{before}
class S(BaseSettings):
{block}
settings = S()
"
    );
    with_settings(&settings, "settings.url")
}

#[test]
fn variables_fill_the_fields_that_pydantic_lets_them_fill() {
    let url = "    host: str = 'db'\n    @property\n    def url(self):\n        return f'postgresql://{self.host}/app'\n";
    let nested = "    model_config = SettingsConfigDict(env_nested_delimiter='__'OPTIONS)\n    db: D = D(name='other', port=1)\n    @property\n    def url(self):\n        return f'postgresql://{self.db.host}:{self.db.port}/{self.db.name}'\n";
    let model =
        "class D(BaseModel):\n    host: str = 'db'\n    port: int = 5432\n    name: str = 'app'\n";
    for (block, before, url) in [
        (url, "", "postgresql://h/app"),
        (&url.replace("host: str", "host: ClassVar[str]"), "", "postgresql://db/app"),
        (&url.replace("host", "_host"), "", "postgresql://db/app"),
        (&nested.replace("OPTIONS", ""), model, "postgresql://h:5432/app"),
        (
            &nested.replace("OPTIONS", ", nested_model_default_partial_update=True"),
            model,
            "postgresql://h:1/other",
        ),
        (
            "    url: str = Field('x', alias='MISSING')\n    model_config = SettingsConfigDict(populate_by_name=True)\n",
            "",
            URL,
        ),
        ("    url: Annotated[str, Field(alias='PG_URL')]\n", "", "postgresql://pg/app"),
        (
            "    url: Annotated[str, Field(alias='MISSING')] = 'postgresql://x/y'\n",
            "",
            "postgresql://x/y",
        ),
        (
            "    host: str = 'db'\n    url: str = ''\n    def model_post_init(self, context: Any) -> None:\n        self.url = f'postgresql://{self.host}/late'\n",
            "",
            "postgresql://h/late",
        ),
    ] {
        let project = url_of(block, before)
            .set("HOST", "h")
            .set("_HOST", "h")
            .set("DB__HOST", "h")
            .set("PG_URL", "postgresql://pg/app")
            .set("URL", URL);
        assert_eq!(project.online().as_deref(), Ok(url), "{before}{block}");
    }
}

#[test]
fn what_pydantic_refuses_is_no_answer() {
    let required = url_of("    url: str\n    secret: str\n", "").set("URL", URL);
    let why = required.online().unwrap_err();
    assert!(why.ends_with("`S.secret` is filled by `SECRET`, which is not set"), "{why}");
    assert_eq!(required.set("SECRET", "x").online().as_deref(), Ok(URL));

    let file = |options: &str| {
        let options = format!("    model_config = SettingsConfigDict(env_file='.env'{options})\n");
        url_of(&format!("{options}    url: str\n"), "")
            .file(".env", "URL=postgresql://bob:s3@db/app\nSECRET=x\n")
    };
    let why = file("").online().unwrap_err();
    assert!(why.contains("SECRET in .env:2 is no field of `S`"), "{why}");
    assert_eq!(file(", extra='ignore'").online().as_deref(), Ok(URL));

    let number = url_of("    url: str\n    port: int = 1\n", "").set("URL", URL);
    assert_eq!(number.online().as_deref(), Ok(URL));
    assert!(number.set("PORT", "abc").online().is_err_and(|why| why.contains("is no number")));

    let alias = "    model_config = SettingsConfigDict(env_file='.env')\n    url: str = Field('x', alias='PG')\n";
    assert!(url_of(alias, "").file(".env", "URL=x\n").online().is_err());

    let caught = "try:\n    from app.config import settings\n    url = settings.url\nexcept ValueError:\n    url = 'sqlite://'\n";
    let project = Project::with_url(caught, "url").set("URL", "x").file(
        "app/config.py",
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    url: str\n    secret: str\nsettings = S()\n",
    );
    assert_eq!(project.online().as_deref(), Ok("sqlite://"));
}

#[test]
fn of_a_variable_written_in_two_cases_the_last_counts() {
    let block = "    model_config = SettingsConfigDict(env_file='.env')\n    url: str\n";
    let project = url_of(block, "").file(".env", "URL=sqlite://\nurl=postgresql://bob:s3@db/app\n");
    assert_eq!(project.online().as_deref(), Ok(URL));
}

#[test]
fn what_pydantic_may_change_is_not_guessed() {
    for settings in [
        "from pydantic import model_validator\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: str\n    @model_validator(mode='before')\n    def change(cls, data):\n        return data\nsettings = Settings()\n",
        "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: str\n    @classmethod\n    def settings_customise_sources(cls, *sources):\n        return sources[::-1]\nsettings = Settings()\n",
        "import json\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: str\nsettings = Settings(**json.load(open('x')))\n",
        "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(str_to_lower=True)\n    url: str\nsettings = Settings()\n",
        "from pydantic import MySQLDsn, PostgresDsn\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    url: PostgresDsn\nsettings = Settings()\n",
    ] {
        let project =
            with_settings(settings, "str(settings.url)").set("URL", "postgresql://bob:s@3#@db/app");
        assert!(project.online().is_err(), "{settings}");
    }
}
