//! JSON (RFC 8259), read strictly and without floats, and JSON pointers (RFC 6901).
//!
//! Two parsers that read one text differently are an attacker's gift, so whatever they are known to differ in is refused: names that
//! occur twice in an object, lone surrogates, a byte order mark, trailing text, deep nesting.

//!
//! A value is turned into bytes that are the same for the same value, without a tree of it in between: answers are hostile, and a
//! tree costs an allocation for every two bytes of them.

use super::decimal::Decimal;
use alloc::{borrow::Cow, vec::Vec};

/// Deepest nesting. It bounds the recursion; answers have a kilobyte.
const MAX_DEPTH: u32 = 32;
/// Bytes before the content of a value: what it is, and how long its content is.
const HEAD: usize = 5;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Kind {
    Null,
    False,
    True,
    /// Content: sign, exponent, digits.
    Number,
    /// Content: its UTF-8.
    Text,
    /// Content: its items.
    List,
    /// Content: names and values in turn, in the order of the names.
    Object,
}

/// A JSON value: its kind, the length of its content and its content. The same value has the same bytes: numbers are what they are
/// written as, and the order of an object's members does not matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Value(Vec<u8>);

impl Value {
    /// Reads a whole text.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        core::str::from_utf8(text).ok()?;
        let mut reader = Reader {
            rest: text,
            out: Vec::new(),
        };
        reader.value(MAX_DEPTH)?;
        reader.skip_space();
        reader.rest.is_empty().then_some(Self(reader.out))
    }

    /// What the pointer names in this value.
    pub(super) fn part(&self, pointer: &[u8]) -> Option<Self> {
        let part = tokens(pointer)?
            .iter()
            .try_fold(self.0.as_slice(), |value, token| child(value, token))?;
        Some(Self(part.to_vec()))
    }
}

/// Cuts the first value off.
fn split(values: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = values.get(1..HEAD)?.try_into().ok().map(u32::from_le_bytes)?;
    values.split_at_checked((len as usize).checked_add(HEAD)?)
}

/// A member of an object, or an item of a list.
fn child<'a>(value: &'a [u8], token: &str) -> Option<&'a [u8]> {
    let (kind, content) = (*value.first()?, value.get(HEAD..)?);
    let mut rest = content;
    let mut children = core::iter::from_fn(|| {
        let (child, next) = split(rest)?;
        rest = next;
        Some(child)
    });
    if kind == Kind::List as u8 {
        return children.nth(index(token)?);
    }
    if kind != Kind::Object as u8 {
        return None;
    }
    loop {
        let (name, member) = (children.next()?, children.next()?);
        if name.get(HEAD..)? == token.as_bytes() {
            return Some(member);
        }
    }
}

/// The parts of a pointer, unescaped; none if it is not a pointer.
pub(super) fn tokens(pointer: &[u8]) -> Option<Vec<Cow<'_, str>>> {
    let pointer = core::str::from_utf8(pointer).ok()?;
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer.strip_prefix('/')?.split('/').map(unescape).collect()
}

fn unescape(token: &str) -> Option<Cow<'_, str>> {
    let mut pieces = token.split('~');
    let first = pieces.next()?;
    let mut plain = Cow::Borrowed(first);
    for piece in pieces {
        let (escaped, rest) = match piece.as_bytes().first()? {
            b'0' => ('~', piece.strip_prefix('0')?),
            b'1' => ('/', piece.strip_prefix('1')?),
            _ => return None,
        };
        let plain = plain.to_mut();
        plain.push(escaped);
        plain.push_str(rest);
    }
    Some(plain)
}

/// An index is written in digits, without leading zeros.
fn index(token: &str) -> Option<usize> {
    let plain = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    plain.then(|| token.parse().ok()).flatten()
}

/// What is left to read, and the values that have been read. The text is UTF-8.
struct Reader<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Passes over these bytes, if they come next.
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    /// Passes over one byte, if it comes next behind white space; says whether it did.
    fn skip_mark(&mut self, mark: u8) -> bool {
        self.skip_space();
        self.skip(&[mark]).is_some()
    }

    fn skip_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().take_while(|byte| wanted(**byte)).count();
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Writes a value whose content `read` writes.
    fn write(&mut self, kind: Kind, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        let start = self.out.len();
        self.out.extend_from_slice(&[kind as u8, 0, 0, 0, 0]);
        read(self)?;
        let (head, content) = self.out.get_mut(start..)?.split_at_mut_checked(HEAD)?;
        let len = u32::try_from(content.len()).ok()?;
        head.get_mut(1..)?.copy_from_slice(&len.to_le_bytes());
        Some(())
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        self.skip_space();
        match self.peek()? {
            b'n' => self.write(Kind::Null, |reader| reader.skip(b"null")),
            b't' => self.write(Kind::True, |reader| reader.skip(b"true")),
            b'f' => self.write(Kind::False, |reader| reader.skip(b"false")),
            b'"' => self.write(Kind::Text, Self::text),
            b'[' => {
                let depth = depth.checked_sub(1)?;
                self.write(Kind::List, |reader| reader.items(depth))
            }
            b'{' => {
                let depth = depth.checked_sub(1)?;
                self.write(Kind::Object, |reader| reader.members(depth))
            }
            _ => self.write(Kind::Number, Self::number),
        }
    }

    fn items(&mut self, depth: u32) -> Option<()> {
        self.skip(b"[")?;
        if self.skip_mark(b']') {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.skip_mark(b']') {
                return Some(());
            }
            self.skip(b",")?;
        }
    }

    fn members(&mut self, depth: u32) -> Option<()> {
        self.skip(b"{")?;
        if self.skip_mark(b'}') {
            return Some(());
        }
        let start = self.out.len();
        loop {
            self.skip_space();
            self.write(Kind::Text, Self::text)?;
            self.skip_mark(b':').then_some(())?;
            self.value(depth)?;
            if self.skip_mark(b'}') {
                return self.sort_members(start);
            }
            self.skip(b",")?;
        }
    }

    /// Puts the members that were written from `start` on in the order of their names, no two of which may be the same.
    fn sort_members(&mut self, start: usize) -> Option<()> {
        let written = self.out.get(start..)?;
        let mut members = Vec::new();
        let mut rest = written;
        while let Some((name, after_name)) = split(rest) {
            let (value, after_value) = split(after_name)?;
            members.push((name, value));
            rest = after_value;
        }
        if members.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Some(());
        }
        members.sort_unstable_by_key(|(name, _)| *name);
        if !members.is_sorted_by(|(one, _), (next, _)| one < next) {
            return None;
        }
        let sorted: Vec<u8> = members
            .iter()
            .flat_map(|(name, value)| name.iter().chain(*value))
            .copied()
            .collect();
        self.out.truncate(start);
        self.out.extend_from_slice(&sorted);
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        let token = self.take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        let number = Decimal::parse(token).filter(|_| is_number(token))?;
        self.out.push(number.negative.into());
        self.out.extend_from_slice(&number.exponent.to_le_bytes());
        self.out.extend(number.digits());
        Some(())
    }

    fn text(&mut self) -> Option<()> {
        self.skip(b"\"")?;
        loop {
            let plain = self.take_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            self.out.extend_from_slice(plain);
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => {
                    let character = self.escaped()?;
                    self.out
                        .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return None,
            }
        }
    }

    /// The character that is escaped, the backslash already read.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// A character by its code, which is two units if the first is a high surrogate.
    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        let second = if matches!(first, 0xd800..=0xdbff) {
            self.skip(b"\\u")?;
            Some(self.unit()?)
        } else {
            None
        };
        let mut characters = char::decode_utf16([first].into_iter().chain(second));
        let character = characters.next()?.ok();
        characters.next().is_none().then_some(character).flatten()
    }

    fn unit(&mut self) -> Option<u16> {
        (0..4).try_fold(0u16, |unit, _| {
            let digit = char::from(self.next()?).to_digit(16)?;
            unit.checked_mul(16)?.checked_add(u16::try_from(digit).ok()?)
        })
    }
}

/// Whether JSON writes numbers so: no plus, no leading zero, digits on both sides of a point.
fn is_number(token: &[u8]) -> bool {
    let unsigned = token.strip_prefix(b"-").unwrap_or(token);
    let mantissa = unsigned
        .split(|byte| matches!(byte, b'e' | b'E'))
        .next()
        .unwrap_or_default();
    let mut halves = mantissa.splitn(2, |byte| *byte == b'.');
    let whole = halves.next().unwrap_or_default();
    let has_point_without_digits = halves.next().is_some_and(<[u8]>::is_empty);
    let starts_well = match whole {
        [b'0'] => true,
        [first, ..] => first.is_ascii_digit() && *first != b'0',
        [] => false,
    };
    starts_well && !has_point_without_digits
}

#[cfg(test)]
mod tests;
