#if SQLite
  /// The thread that a caller of the store comes with.
  enum CallersThread {
    /// Whether the caller's task has chosen where it runs. Such a thread, an event loop's for one,
    /// has more to do than to wait for the disk.
    static var isChosen: Bool {
      unsafe withUnsafeCurrentTask { unsafe $0?.unownedTaskExecutor != nil }
    }

    /// Asks a file, which may take its time: on the caller's thread, if that is one of those that
    /// all tasks share.
    static func read<Result>(_ body: () throws -> Result) async throws -> Result {
      guard isChosen else { return try body() }
      return try await withTaskExecutorPreference(globalConcurrentExecutor) { try body() }
    }
  }
#endif
