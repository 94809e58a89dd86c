//! The lite normalisation and the n-gram hash, against values that the Python of FORMAT.md gave.

mod reference;

use pensum_graph::{
    builder::{GraphBuilder, NGrams},
    fold, Graph,
};
use sp_crypto_hashing::blake2_256;

fn crc32(bytes: impl IntoIterator<Item = u8>) -> u32 {
    let step = |crc: u32, byte: u8| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.into_iter().fold(u32::MAX, step)
}

/// The ids' digest, seen through the trace of a graph that hashes the text.
fn digest_of_ids(text: &str, ngrams: NGrams) -> [u8; 32] {
    let table = vec![0; 1 << ngrams.bits];
    let bytes = GraphBuilder::text(1000)
        .ngram_hash(ngrams)
        .embedding_bag(&table, 1)
        .build();
    Graph::load(&bytes)
        .unwrap()
        .run_traced(text.as_bytes())
        .unwrap()
        .1[0]
}

fn reference_ids(text: &str, ngrams: NGrams) -> Vec<u32> {
    let chars = reference::normalise(text, ngrams.max_chars as usize);
    reference::ids(
        &chars,
        ngrams.lo.into(),
        ngrams.hi.into(),
        ngrams.bits.into(),
        &mut 0,
    )
}

fn bytes_of(ids: &[u32]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.to_le_bytes()).collect()
}

fn words(text: &str, max_chars: usize) -> String {
    reference::normalise(text, max_chars)
        .into_iter()
        .map(|c| char::from_u32(c).unwrap())
        .collect()
}

#[test]
fn every_code_point_folds_as_the_format_says() {
    let folded = (0..=0x10_FFFF)
        .filter(|c| !(0xD800..=0xDFFF).contains(c))
        .map(fold);
    assert_eq!(crc32(folded.flat_map(u32::to_le_bytes)), 0x9a43_75cb);
}

#[test]
fn folding_twice_changes_nothing() {
    assert!((0..=0x10_FFFF).all(|c| fold(fold(c)) == fold(c)));
}

#[test]
fn letters_of_every_shipped_script_fold_as_unicode_lower_case() {
    let capitals = "AZÀÖØÞĀĂĄĆČĎĐĒĘĞĪĶĹŁŃŇŌŐŒŘŚŠŞŢŤŪŮŰŴŶŹŻŽƠƯȘȚẠẤỀỌỨΆΈΉΊΌΎΏΑΩΪЀЇЍАЯҐӨԱՖ";
    for c in capitals.chars() {
        let lower: Vec<u32> = c.to_lowercase().map(u32::from).collect();
        assert_eq!(vec![fold(c.into())], lower, "{c}");
    }
}

#[test]
fn separators_collapse_and_words_get_spaces_around_them() {
    assert_eq!(words("Hello, World! l'eau", 220), " hello world l eau ");
    assert_eq!(words("...ΆΈ\tĄŻ—Ștefan 3 ƯƠ", 220), " άέ ąż ștefan ươ ");
    assert_eq!(words(" 123 !? ", 220), "");
    assert_eq!(words("abc def", 5), " abc ");
    assert_eq!(words("abcdef", 4), " abc");
}

#[test]
fn ids_are_those_of_the_python_in_the_format() {
    let wide = NGrams {
        lo: 1,
        hi: 4,
        bits: 13,
        max_chars: 220,
    };
    let narrow = NGrams {
        lo: 2,
        hi: 3,
        bits: 8,
        max_chars: 12,
    };
    let mixed = "Zażółć gęślą jaźń! 私は学生です。ΑΘΉΝΑ";
    let expected = [
        ("Ab", wide, 0x8bc6_9375, 10),
        ("Ab", narrow, 0xd306_7b84, 5),
        (mixed, wide, 0x5983_6a18, 122),
        (mixed, narrow, 0xfe5a_34cf, 21),
    ];
    for (text, ngrams, crc, count) in expected {
        let ids = reference_ids(text, ngrams);
        assert_eq!(
            (ids.len(), crc32(bytes_of(&ids))),
            (count, crc),
            "{text} {ngrams:?}"
        );
        assert_eq!(digest_of_ids(text, ngrams), blake2_256(&bytes_of(&ids)));
    }
    assert_eq!(reference_ids("Ab", wide)[..4], [3841, 2747, 5277, 3357]);
}

#[test]
fn text_without_a_letter_has_no_ids() {
    let ngrams = NGrams {
        lo: 1,
        hi: 4,
        bits: 4,
        max_chars: 20,
    };
    assert_eq!(digest_of_ids("", ngrams), blake2_256(&[]));
    assert_eq!(digest_of_ids("12:30", ngrams), blake2_256(&[]));
}
