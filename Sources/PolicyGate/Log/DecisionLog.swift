/// Where decisions are written down. A decision that can't be written down does not count.
///
/// A registry's store is its log, so that decision and effect are one transaction; other services
/// bring their own.
public protocol DecisionLog: Sendable {
  /// Writes a record down for good.
  ///
  /// - Throws: if it is not certain that the record will be found again.
  func append(_ record: DecisionRecord) async throws

  /// A permit went away unspent. Nothing was done, so a log that can't note it loses nothing that
  /// matters; this must not block.
  func noticeUnspent(_ record: DecisionRecord)
}
