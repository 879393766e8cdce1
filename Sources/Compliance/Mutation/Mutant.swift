public import PolicyEngine

/// One small change to a policy set that a test should notice.
public struct Mutant: Sendable {
  /// What kind of change it is.
  public enum Kind: String, Sendable, CaseIterable {
    case ruleRemoved = "rule-removed"
    case denyWarns = "deny-warns"
    case whenDropped = "when-dropped"
    case unlessDropped = "unless-dropped"
    case clauseTrue = "clause-true"
    case clauseFalse = "clause-false"
    case clauseNegated = "clause-negated"
    case patternRemoved = "pattern-removed"
    case exceptionRemoved = "exception-removed"
    case privilegeRemoved = "privilege-removed"
    case inclusionRemoved = "inclusion-removed"
    case mappingRemoved = "mapping-removed"
  }

  /// What kind of change it is.
  public let kind: Kind
  /// The rule, definition, privilege or role that is changed, in words.
  public let owner: String
  /// What was changed, in words.
  public let change: String
  /// Where.
  public let position: SourcePosition

  /// The source that is changed, by number, and the bytes that are replaced.
  let source: Int
  let range: Range<Int>
  let replacement: [UInt8]
  /// The rules whose answers may differ, by number; nil: anything may.
  let rules: Set<Int>?

  /// The sources with the change in them.
  func apply(to sources: [PolicySource]) -> [PolicySource] {
    var sources = sources
    var bytes = sources[source].bytes
    bytes.replaceSubrange(range, with: replacement)
    sources[source] = PolicySource(name: sources[source].name, bytes: bytes)
    return sources
  }
}

/// What came of a mutant.
public struct MutantResult: Sendable {
  /// What came of it.
  public enum Status: Sendable, Equatable {
    /// This case failed.
    case killed(by: String)
    /// All cases passed.
    case survived
    /// The changed set does not load, so nobody could have deployed it.
    case invalid
  }

  /// The change.
  public let mutant: Mutant
  /// What came of it.
  public let status: Status
}

/// What came of all mutants of a policy set.
public struct MutationRun: Sendable {
  /// One for each mutant, in the order of the documents.
  public let results: [MutantResult]
  /// How long all of it took.
  public let duration: Duration

  /// Mutants that some case noticed.
  public var killed: Int {
    results.count { if case .killed = $0.status { true } else { false } }
  }
  /// Mutants that no case noticed, in order.
  public var survivors: [Mutant] { results.filter { $0.status == .survived }.map(\.mutant) }
  /// Killed mutants of those that load.
  public var score: Coverage.Share {
    Coverage.Share(hit: killed, all: killed + survivors.count)
  }
}
