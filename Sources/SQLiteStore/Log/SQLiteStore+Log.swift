#if SQLite
  public import PolicyGate
  import ModelRegistry

  extension SQLiteStore {
    /// What there is of the log, and what it was checked against.
    public struct LogSummary: Hashable, Sendable {
      /// The head before the first record that is kept: not empty if the log was shortened.
      public let start: LogHead
      /// The end of the chain.
      public let end: LogHead
      /// The head that vouches for `start`, if the log was shortened.
      public let checkpoint: SignedHead?
    }

    /// Checks the whole chain, from the first record that is kept to the last.
    ///
    /// - Parameters:
    ///   - anchors: heads that the log is known to have had. Without any, a log that was cut or made
    ///     anew as a whole can't be told from a good one.
    ///   - verifier: checks the head that vouches for the beginning of a shortened log; nil leaves
    ///     it unchecked.
    /// - Throws: `LogFault` for the first thing that is wrong, `StoreError` if the log can't be read.
    public func verifyLog(
      anchors: [LogHead] = [], by verifier: (any HeadVerifier)? = nil
    ) async throws -> LogSummary {
      let (start, checkpoint) = try await logStart()
      if let verifier, let checkpoint, !checkpoint.isValid(by: verifier) {
        throw LogFault.badSignature(sequence: checkpoint.head.sequence)
      }
      guard checkpoint?.head ?? .empty == start else {
        throw LogFault.otherHistory(sequence: start.sequence)
      }
      let chain = try await walkLog(
        LogVerifier(from: start, anchors: anchors), from: start.sequence + 1
      ) { (verifier, entry) throws(LogFault) in try verifier.check(entry) }
      var last = chain
      try last.finish()
      let end = try await reading { try $0.logHead().end }
      // Records that came meanwhile were not checked, but the end can't lie before what was.
      guard last.head.sequence <= end.sequence else {
        throw LogFault.cut(last: end.sequence, anchor: last.head.sequence)
      }
      return LogSummary(start: start, end: last.head, checkpoint: checkpoint)
    }

    /// Hands out the log line by line, without line ends, as `LogEntry.json` writes it. The first
    /// line of a log that was shortened is the signed head that vouches for its beginning.
    ///
    /// - Parameter sequence: the first record to hand out; nil for all, with that head.
    /// - Throws: `StoreError`, and what `line` throws.
    public func exportLog(
      from sequence: Int64? = nil, _ line: ([UInt8]) throws -> Void
    ) async throws {
      let (start, checkpoint) = try await logStart()
      if sequence == nil, let checkpoint { try line(Array(checkpoint.json.utf8)) }
      _ = try await walkLog((), from: max(sequence ?? 1, start.sequence + 1)) { _, entry in
        try line(entry.json)
      }
    }

    /// Removes the beginning of the log up to a head, which then vouches for what is left. Request
    /// keys of the commits that are removed are forgotten: such a commit could be repeated.
    ///
    /// - Throws: `LogFault.badSignature` if the head is not that key's, `LogFault.otherHistory` or
    ///   `.cut` if the log never had it, `StoreError`.
    public func shortenLog(
      through head: SignedHead, verifiedBy verifier: any HeadVerifier
    ) async throws {
      guard head.isValid(by: verifier) else {
        throw LogFault.badSignature(sequence: head.head.sequence)
      }
      switch try await perform(.shorten(head.head, checkpoint: head.json)) {
      case .done: return
      case .fault(let fault): throw fault
      case .outcome, .resolution: throw Self.mixedUp
      }
    }

    /// Where the log begins, and who vouches for that.
    private func logStart() async throws -> (start: LogHead, checkpoint: SignedHead?) {
      let (start, json) = try await reading { (try $0.logHead().start, try $0.checkpoint()) }
      return (start, try json.map { try SignedHead(json: Array($0.utf8)) })
    }

    /// Goes through the log in pages: a read that lasts as long as the whole log would keep the
    /// write-ahead log from being emptied.
    private func walkLog<State>(
      _ state: State, from first: Int64,
      _ body: (inout State, LogEntry) throws -> Void
    ) async throws -> State {
      var (state, next) = (state, first)
      while true {
        let position = next
        let (entries, start) = try await reading { snapshot in
          (
            try snapshot.log(from: position, limit: SQLiteStoreLimits.logPage),
            try snapshot.logHead().start
          )
        }
        guard start.sequence < position else {
          throw StoreError.busy("the log was shortened meanwhile: try again")
        }
        for entry in entries { try body(&state, entry) }
        guard let last = entries.last else { return state }
        next = last.sequence + 1
      }
    }
  }
#endif
