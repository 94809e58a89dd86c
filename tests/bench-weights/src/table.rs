//! Tables that read well as text and as Markdown.

use core::fmt::Display;

/// A table whose columns are as wide as what is in them.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        let headings = headings.iter().map(|heading| heading.to_string());
        Self {
            rows: vec![headings.collect()],
        }
    }

    /// Adds a row.
    pub fn row<C: Display>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows
            .push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    /// The text. Columns of numbers are flush right.
    pub fn done(mut self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let is_number = |cell: &str| {
            cell.chars()
                .next()
                .is_some_and(|first| first.is_ascii_digit() || first == '-')
        };
        let numeric: Vec<bool> = (0..columns)
            .map(|column| {
                let mut cells = self.rows.iter().skip(1).filter_map(|row| row.get(column));
                cells.all(|cell| cell.is_empty() || is_number(cell))
            })
            .collect();
        let rule = widths.iter().zip(&numeric).map(|(width, numeric)| match numeric {
            true => format!("{}:", "-".repeat(width - 1)),
            false => "-".repeat(*width),
        });
        self.rows.insert(1, rule.collect());
        let mut text = String::new();
        for row in &self.rows {
            for ((cell, width), numeric) in row.iter().zip(&widths).zip(&numeric) {
                let padding = " ".repeat(width - cell.chars().count());
                text += &match numeric {
                    true => format!("| {padding}{cell} "),
                    false => format!("| {cell}{padding} "),
                };
            }
            text += "|\n";
        }
        text
    }
}
