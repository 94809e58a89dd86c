//! What is called of Hyperlane's contracts, and what they log. Signatures as in `@hyperlane-xyz/core` 12.1.0.

// Generated items have no documentation of their own.
#![allow(missing_docs)]

alloy::sol! {
    interface IMailbox {
        event Dispatch(address indexed sender, uint32 indexed destination, bytes32 indexed recipient, bytes message);

        function localDomain() external view returns (uint32);
        function delivered(bytes32 id) external view returns (bool);
        function recipientIsm(address recipient) external view returns (address);
        function process(bytes metadata, bytes message) external payable;
    }

    interface IMerkleTreeHook {
        event InsertedIntoTree(bytes32 messageId, uint32 index);

        function count() external view returns (uint32);
        function root() external view returns (bytes32);
    }

    interface ISecurityModule {
        function moduleType() external view returns (uint8);
        function validatorsAndThreshold(bytes message) external view returns (address[] validators, uint8 threshold);
        function route(bytes message) external view returns (address);
    }

    interface IValidatorAnnounce {
        function getAnnouncedStorageLocations(address[] validators) external view returns (string[][]);
        function announce(address validator, string storageLocation, bytes signature) external returns (bool);
    }
}
