use hyperlane_primitives::{
    files::FileError, AddressError, GasError, HookMetadataError, LocationError, MessageError, MetadataError,
    SignatureError, TokenMessageError, TreeError, ValidatorSetError, VerifyError,
};

#[test]
fn every_error_is_a_fact_and_a_remedy() {
    let high_s = SignatureError::HighS;
    let errors = [
        AddressError::DirtyUpperBytes.to_string(),
        FileError::TooLong.to_string(),
        FileError::Malformed.to_string(),
        FileError::Contradiction.to_string(),
        FileError::Signature(high_s).to_string(),
        FileError::Location(LocationError::Empty).to_string(),
        GasError::TooMuch.to_string(),
        GasError::WorthNothing.to_string(),
        HookMetadataError::TooShort { found: 1 }.to_string(),
        HookMetadataError::UnknownVariant { found: 1 }.to_string(),
        HookMetadataError::CustomTooLong { found: 1 }.to_string(),
        LocationError::Empty.to_string(),
        LocationError::TooLong { found: 1 }.to_string(),
        LocationError::NotText.to_string(),
        MessageError::TooShort { found: 1 }.to_string(),
        MessageError::UnknownVersion { found: 1 }.to_string(),
        MessageError::BodyTooLong { found: 1 }.to_string(),
        MetadataError::TooShort { needed: 68, found: 1 }.to_string(),
        MetadataError::CutSignature { left_over: 1 }.to_string(),
        MetadataError::TooManySignatures { found: 1 }.to_string(),
        high_s.to_string(),
        SignatureError::RecoveryByte { found: 1 }.to_string(),
        SignatureError::OutOfRange.to_string(),
        SignatureError::NoKey.to_string(),
        TokenMessageError::TooShort { found: 1 }.to_string(),
        TreeError::Full.to_string(),
        TreeError::NotSoLarge { leaves: 2, count: 1 }.to_string(),
        TreeError::LeafOutside { index: 1, leaves: 1 }.to_string(),
        ValidatorSetError::TooMany { found: 1 }.to_string(),
        ValidatorSetError::NoThreshold.to_string(),
        ValidatorSetError::ThresholdTooHigh {
            threshold: 2,
            validators: 1,
        }
        .to_string(),
        ValidatorSetError::ZeroAddress { at: 1 }.to_string(),
        ValidatorSetError::Twice { at: 1 }.to_string(),
        VerifyError::LeafAfterCheckpoint {
            leaf: 1,
            checkpoint: 0,
        }
        .to_string(),
        VerifyError::TooFewSignatures { needed: 2, found: 1 }.to_string(),
        VerifyError::BadSignature { at: 1, why: high_s }.to_string(),
        VerifyError::NotByThreshold { at: 1 }.to_string(),
    ];
    for error in errors {
        let (fact, remedy) = error.split_once(". ").expect(&error);
        assert!(fact.len() > 10 && remedy.len() > 10, "{error}");
        assert!(error.ends_with('.') && !error.contains("  "), "{error}");
    }
}
