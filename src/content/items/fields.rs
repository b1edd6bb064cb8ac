//! Fields of a TOML item, read and set one by one; comments and order of the others stay.

use std::collections::BTreeMap;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value as Raw};

/// A field's value, as forms know it. An empty one takes the field away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    List(Vec<String>),
    /// `{ a = "x", b = ["y", "z"] }`: each key has a list; one that was a single text stays one.
    Map(BTreeMap<String, Vec<String>>),
    /// `false` takes it away.
    Flag(bool),
    Number(Option<i64>),
}

/// Fields by name; those of tables below the item as `table.name` (of a template: `language.ru.body`).
pub type Fields = BTreeMap<String, Value>;

/// An item's source is no TOML, or not of the kind that was said.
#[derive(Debug, thiserror::Error)]
pub enum FieldsError {
    #[error("{0}")]
    Toml(String),
    #[error("the source has no table of this kind")]
    Kind,
}

/// The fields of an item: a `[[kind]]` table, or a `[source.<key>]` one.
pub fn read_fields(source: &str) -> Result<Fields, FieldsError> {
    let mut document = parse(source)?;
    let mut out = Fields::new();
    read_into(own(&mut document)?, "", &mut out);
    Ok(out)
}

/// The source with these fields set; what is not named stays, and what is equal is not touched.
///
/// A new item starts from `[[kind]]` (a source: `[source.<key>]`).
pub fn write_fields(source: &str, fields: &Fields) -> Result<String, FieldsError> {
    let mut document = parse(source)?;
    let table = own(&mut document)?;
    let mut now = Fields::new();
    read_into(table, "", &mut now);
    for (name, value) in fields {
        if now.get(name) != Some(value) {
            set(table, name, value);
        }
    }
    Ok(document.to_string().trim_end().to_owned())
}

fn parse(source: &str) -> Result<DocumentMut, FieldsError> {
    source.parse().map_err(|error: toml_edit::TomlError| FieldsError::Toml(error.message().to_owned()))
}

/// The one table that the item is.
fn own(document: &mut DocumentMut) -> Result<&mut Table, FieldsError> {
    let (_, item) = document.iter_mut().next().ok_or(FieldsError::Kind)?;
    match item {
        Item::ArrayOfTables(tables) => tables.get_mut(0).ok_or(FieldsError::Kind),
        // `[source.s10]`: the one table below.
        Item::Table(outer) => {
            outer.iter_mut().find_map(|(_, item)| item.as_table_mut()).ok_or(FieldsError::Kind)
        }
        _ => Err(FieldsError::Kind),
    }
}

fn read_into(table: &Table, prefix: &str, out: &mut Fields) {
    for (name, item) in table {
        let name = format!("{prefix}{name}");
        match item {
            Item::Table(below) => read_into(below, &format!("{name}."), out),
            Item::Value(value) => {
                out.extend(read_value(value).map(|value| (name, value)));
            }
            _ => {}
        }
    }
}

fn read_value(value: &Raw) -> Option<Value> {
    Some(match value {
        Raw::String(text) => Value::Text(text.value().clone()),
        Raw::Integer(number) => Value::Number(Some(*number.value())),
        Raw::Boolean(flag) => Value::Flag(*flag.value()),
        Raw::Array(array) => Value::List(list(array)),
        Raw::InlineTable(table) => Value::Map(
            table
                .iter()
                .map(|(key, value)| {
                    let values = match value {
                        Raw::Array(array) => list(array),
                        other => other.as_str().map(str::to_owned).into_iter().collect(),
                    };
                    (key.to_owned(), values)
                })
                .collect(),
        ),
        _ => return None,
    })
}

fn list(array: &Array) -> Vec<String> {
    array.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn set(table: &mut Table, name: &str, value: &Value) {
    if let Some((below, rest)) = name.split_once('.') {
        let item = table.entry(below).or_insert_with(|| {
            let mut made = Table::new();
            // Only the tables at the ends of the path have a line of their own.
            made.set_implicit(true);
            Item::Table(made)
        });
        if let Some(below) = item.as_table_mut() {
            set(below, rest, value);
        }
        return;
    }
    let made: Option<Raw> = match value {
        Value::Text(text) => (!text.is_empty()).then(|| Raw::from(text.as_str())),
        Value::List(values) => (!values.is_empty()).then(|| Raw::Array(values.iter().collect())),
        Value::Map(map) => (!map.is_empty()).then(|| {
            let single = table
                .get(name)
                .and_then(Item::as_inline_table)
                .is_some_and(|table| table.iter().all(|(_, value)| value.is_str()));
            let mut made = InlineTable::new();
            for (key, values) in map {
                let value = match values.as_slice() {
                    [one] if single => Raw::from(one.as_str()),
                    _ => Raw::Array(values.iter().collect()),
                };
                made.insert(key, value);
            }
            Raw::InlineTable(made)
        }),
        Value::Flag(flag) => flag.then(|| Raw::from(true)),
        Value::Number(number) => number.map(Raw::from),
    };
    match made {
        None => {
            table.remove(name);
        }
        Some(mut made) => {
            // A remark behind the old value goes on standing there.
            if let Some(old) = table.get(name).and_then(Item::as_value) {
                *made.decor_mut() = old.decor().clone();
            }
            table.insert(name, Item::Value(made));
        }
    }
}
