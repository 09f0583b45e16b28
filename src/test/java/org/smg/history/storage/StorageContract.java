package org.smg.history.storage;

/** All that a backend which remembers must do. A backend's test says how to make one, no more. */
public interface StorageContract
    extends ConversationStoreContract,
        ResponseStoreContract,
        FeedbackStoreContract,
        LosslessContract,
        IsolationContract,
        OwnerIsolationContract,
        ConcurrencyContract,
        DeletionContract,
        IdempotencyContract,
        RandomHistoryContract {}
