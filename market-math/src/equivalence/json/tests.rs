use super::*;
use proptest::prelude::*;

fn value(text: &str) -> Option<Value> {
    Value::parse(text.as_bytes())
}

fn part(text: &str, pointer: &str) -> Option<Value> {
    value(text)?.part(pointer.as_bytes())
}

#[test]
fn white_space_escapes_order_and_ways_to_write_a_number_do_not_matter() {
    let one = r#"{"a":[1.0,true,null],"é/":"\u00e9\ud83d\ude00\n"}"#;
    let other = "\n{ \"\\u00e9\\/\" : \"é😀\\n\" ,\t\"a\" : [ 10e-1 , true , null ] } ";
    assert!(value(one).is_some());
    assert_eq!(value(one), value(other));
}

#[test]
fn what_parsers_are_known_to_read_differently_is_not_read() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        "\u{feff}1",
        "1 2",
        "[1,]",
        "{\"a\":1,}",
        "[,1]",
        "{a:1}",
        "'a'",
        "01",
        "+1",
        "1.",
        ".5",
        "-",
        "1e",
        "nul",
        "nulll",
        "\"\n\"",
        "\"a",
        "[1",
        "{\"a\" 1}",
        "// 1",
        "NaN",
        "",
        " ",
        r#""\x41""#,
        r#""\u00+1""#,
    ] {
        assert_eq!(value(text), None, "{text}");
    }
    assert_eq!(Value::parse(b"\"\xff\""), None);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(value(&nested(32)).is_some());
    assert_eq!(value(&nested(33)), None);
    assert_eq!(value(&"[".repeat(1024)), None);
    assert_eq!(value(&"{\"a\":".repeat(204)), None);
}

#[test]
fn large_numbers_are_not_rounded() {
    assert_ne!(value("9007199254740993"), value("9007199254740992"));
    assert_ne!(value("0.1"), value("0.1000000000000000055511151231257827"));
    assert_eq!(value("1e400"), value("10e399"));
}

#[test]
fn a_pointer_names_what_rfc_6901_says() {
    let text =
        r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
    assert_eq!(part(text, ""), value(text));
    assert_eq!(part(text, "/foo"), value(r#"["bar","baz"]"#));
    assert_eq!(part(text, "/foo/0"), value("\"bar\""));
    for (pointer, number) in [
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        ("/i\\j", "5"),
        ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
    ] {
        assert_eq!(part(text, pointer), value(number), "{pointer}");
    }
    for pointer in [
        "/foo/2", "/foo/-", "/foo/01", "/foo/+1", "/bar", "/foo/0/0", "/foo/",
    ] {
        assert_eq!(part(text, pointer), None, "{pointer}");
    }
}

#[test]
fn a_pointer_begins_with_a_slash_and_escapes_well() {
    for pointer in ["a", "/a~", "/~2", "a/b"] {
        assert_eq!(tokens(pointer.as_bytes()), None, "{pointer}");
    }
    assert_eq!(tokens(b"/\xff"), None);
    assert_eq!(tokens(b"/~01").unwrap(), ["~1"]);
}

/// What `serde_json` makes of a text, and this module's value of it.
fn accepted_by_both(text: &str) -> (bool, bool) {
    (
        serde_json::from_str::<serde_json::Value>(text).is_ok(),
        value(text).is_some(),
    )
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9f64).prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(".{0,4}", inner, 0..5)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_pretty_or_not(document in json()) {
        let plain = value(&document.to_string());
        prop_assert!(plain.is_some());
        prop_assert_eq!(plain, value(&serde_json::to_string_pretty(&document).unwrap()));
    }

    #[test]
    fn nothing_is_read_that_serde_json_does_not_read(text in r#"[\[\]{}",:0-9eE+\-.a\\u ntrfalsd]{0,24}"#) {
        let (theirs, ours) = accepted_by_both(&text);
        // They read numbers as floats, and refuse one that is too large for that.
        prop_assert!(!ours || theirs || text.contains(['e', 'E']), "{}", text);
    }

    #[test]
    fn a_byte_more_or_less_never_panics(document in json(), at: prop::sample::Index, byte: u8) {
        let mut text = document.to_string().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if let Some(read) = Value::parse(&text) {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok());
            prop_assert_eq!(read.part(b""), Some(read));
        }
    }

    #[test]
    fn no_bytes_panic(text: Vec<u8>, pointer: Vec<u8>) {
        if let Some(value) = Value::parse(&text) {
            let _part = value.part(&pointer);
        }
    }
}
