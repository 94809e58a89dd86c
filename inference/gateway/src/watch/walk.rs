//! Reading past SCALE values whose types only the chain's metadata knows.

use codec::{Compact, Decode};
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive};

/// How deep types are followed: a runtime's own nest a dozen deep.
const MAX_DEPTH: u32 = 64;

/// Bytes that are no value of a type, or a type that is not known here.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misfit(pub(crate) String);

/// Reads past one value of a type.
pub fn pass(types: &PortableRegistry, ty: u32, bytes: &mut &[u8]) -> Result<(), Misfit> {
    pass_at(types, ty, bytes, 0)
}

/// Whether these bytes are one value of a type, and nothing besides.
pub(crate) fn is_value(types: &PortableRegistry, ty: u32, mut bytes: &[u8]) -> bool {
    pass(types, ty, &mut bytes).is_ok() && bytes.is_empty()
}

/// The type's definition.
pub fn definition(types: &PortableRegistry, ty: u32) -> Result<&TypeDef<PortableForm>, Misfit> {
    types
        .resolve(ty)
        .map(|found| &found.type_def)
        .ok_or_else(|| Misfit(format!("there is no type {ty}")))
}

/// The variant of an enum that has this index.
pub fn variant(
    types: &PortableRegistry,
    ty: u32,
    index: u8,
) -> Result<&scale_info::Variant<PortableForm>, Misfit> {
    let TypeDef::Variant(variants) = definition(types, ty)? else {
        return Err(Misfit(format!("type {ty} is no enum")));
    };
    variants
        .variants
        .iter()
        .find(|variant| variant.index == index)
        .ok_or_else(|| Misfit(format!("enum {ty} has no variant {index}")))
}

/// The first byte, which names a variant.
pub fn byte(bytes: &mut &[u8]) -> Result<u8, Misfit> {
    u8::decode(bytes).map_err(misfit)
}

/// The length that stands before a sequence.
pub fn length(bytes: &mut &[u8]) -> Result<u32, Misfit> {
    Compact::<u32>::decode(bytes)
        .map(|length| length.0)
        .map_err(misfit)
}

fn misfit(error: codec::Error) -> Misfit {
    Misfit(error.to_string())
}

fn skip(bytes: &mut &[u8], count: usize) -> Result<(), Misfit> {
    let rest = bytes.get(count..);
    *bytes = rest.ok_or_else(|| Misfit("there are too few bytes".into()))?;
    Ok(())
}

fn pass_at(types: &PortableRegistry, ty: u32, bytes: &mut &[u8], depth: u32) -> Result<(), Misfit> {
    if depth > MAX_DEPTH {
        return Err(Misfit(format!("type {ty} nests too deep")));
    }
    let deeper = depth + 1;
    let fields = |fields: &[Field<PortableForm>], bytes: &mut &[u8]| {
        fields
            .iter()
            .try_for_each(|field| pass_at(types, field.ty.id, bytes, deeper))
    };
    match definition(types, ty)? {
        TypeDef::Composite(composite) => fields(&composite.fields, bytes),
        TypeDef::Variant(_) => {
            let index = byte(bytes)?;
            fields(&variant(types, ty, index)?.fields, bytes)
        }
        TypeDef::Sequence(sequence) => {
            let count = length(bytes)?;
            items(types, sequence.type_param.id, count, bytes, deeper)
        }
        TypeDef::Array(array) => items(types, array.type_param.id, array.len, bytes, deeper),
        TypeDef::Tuple(tuple) => tuple
            .fields
            .iter()
            .try_for_each(|field| pass_at(types, field.id, bytes, deeper)),
        TypeDef::Primitive(primitive) => match width(primitive) {
            Some(width) => skip(bytes, width),
            None => {
                let count = length(bytes)?;
                skip(bytes, count as usize)
            }
        },
        TypeDef::Compact(_) => Compact::<u128>::decode(bytes).map(drop).map_err(misfit),
        TypeDef::BitSequence(_) => Err(Misfit(format!("type {ty} is a sequence of bits"))),
    }
}

fn items(types: &PortableRegistry, ty: u32, count: u32, bytes: &mut &[u8], depth: u32) -> Result<(), Misfit> {
    if let TypeDef::Primitive(primitive) = definition(types, ty)? {
        if let Some(width) = width(primitive) {
            return skip(bytes, width.saturating_mul(count as usize));
        }
    }
    for _ in 0..count {
        let before = bytes.len();
        pass_at(types, ty, bytes, depth)?;
        if bytes.len() == before {
            // Items without bytes: there can be four thousand million of them, and none says anything.
            return Ok(());
        }
    }
    Ok(())
}

/// Bytes of a primitive; none for text, which brings its own length.
fn width(primitive: &TypeDefPrimitive) -> Option<usize> {
    use TypeDefPrimitive::*;
    match primitive {
        Bool | U8 | I8 => Some(1),
        U16 | I16 => Some(2),
        Char | U32 | I32 => Some(4),
        U64 | I64 => Some(8),
        U128 | I128 => Some(16),
        U256 | I256 => Some(32),
        Str => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;
    use pensum_primitives::{step::Step, task::Trace, TaskId};
    use proptest::prelude::*;
    use scale_info::{meta_type, Registry, TypeInfo};

    fn registered<T: TypeInfo + 'static>() -> (PortableRegistry, u32) {
        let mut registry = Registry::new();
        let id = registry.register_type(&meta_type::<T>()).id;
        (registry.into(), id)
    }

    fn passes<T: TypeInfo + Encode + 'static>(value: T) {
        let (types, id) = registered::<T>();
        let mut bytes = value.encode();
        assert!(is_value(&types, id, &bytes));
        bytes.push(0);
        assert!(!is_value(&types, id, &bytes), "one byte more is another value");
        bytes.truncate(bytes.len() - 2);
        assert!(!is_value(&types, id, &bytes), "one byte less is none");
    }

    #[test]
    fn values_of_many_types_are_passed_to_the_byte() {
        passes(7u8);
        passes(("text".to_string(), Compact(70_000u64), Some(true), [1u16; 5]));
        passes(vec![Ok::<u128, String>(1), Err("no".into())]);
        passes(TaskId(256));
        passes(Trace::truncate_from(vec![Default::default(); 300]));
        passes(Step {
            node: 3,
            weights: vec![1; 100].try_into().unwrap(),
            inputs: vec![vec![2; 70].try_into().unwrap(), Default::default()]
                .try_into()
                .unwrap(),
        });
    }

    #[test]
    fn items_without_bytes_are_not_counted_out() {
        let (types, id) = registered::<Vec<()>>();
        assert!(is_value(&types, id, &Compact(u32::MAX).encode()));
    }

    #[derive(Encode, TypeInfo)]
    struct Nested(Option<Box<Nested>>);

    #[test]
    fn bottomless_types_are_given_up() {
        let (types, id) = registered::<Nested>();
        assert!(is_value(
            &types,
            id,
            &Nested(Some(Box::new(Nested(None)))).encode()
        ));
        assert!(!is_value(&types, id, &[1; 1_000]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let (types, id) = registered::<Vec<(Option<Step>, Result<String, Compact<u64>>)>>();
            let mut rest = bytes.as_slice();
            let _ = pass(&types, id, &mut rest);
            prop_assert!(rest.len() <= bytes.len());
        }
    }
}
