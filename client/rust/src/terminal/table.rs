//! Aligned text.

/// Names and values below each other; a name without a value is left out.
pub fn fields<const N: usize>(fields: [(&str, String); N]) -> String {
    let shown = || fields.iter().filter(|(_, value)| !value.is_empty());
    let width = shown().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let lines: Vec<String> = shown()
        .map(|(name, value)| format!("{name:width$}  {value}"))
        .collect();
    lines.join("\n")
}

/// A table with a header; without rows, `none`.
pub fn table<const N: usize>(header: [&str; N], rows: &[[String; N]], none: &str) -> String {
    if rows.is_empty() {
        return none.into();
    }
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .chain([header[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_string()
    };
    let mut lines = vec![line(header)];
    lines.extend(
        rows.iter()
            .map(|row| line(std::array::from_fn(|column| row[column].as_str()))),
    );
    lines.join("\n")
}

/// The first characters of something long, for a table.
pub fn shortened(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_characters() {
        let rows = [["é".into(), "1".into()], ["long".into(), "2".into()]];
        assert_eq!(table(["a", "b"], &rows, "none"), "a     b\né     1\nlong  2");
        assert_eq!(table(["a", "b"], &[], "none"), "none");
    }

    #[test]
    fn fields_without_a_value_are_left_out() {
        let shown = fields([
            ("one", "1".into()),
            ("empty", String::new()),
            ("three", "3".into()),
        ]);
        assert_eq!(shown, "one    1\nthree  3");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(shortened("größer als", 4), "größ…");
        assert_eq!(shortened("a\nb", 4), "a b");
    }
}
