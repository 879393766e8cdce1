package import CEL
import PolicyEngine

/// Which records of a log somebody wants to see: those whose members are what they shall be.
package struct LogFilter: Sendable {
  /// A member of a record that can be asked for.
  package enum Field: String, CaseIterable, Sendable {
    /// What was decided.
    case outcome
    /// What became of the decision.
    case kind
    /// The policies that decided.
    case revision
    /// Who asked for the decision, if that is not the subject.
    case askedBy = "asked_by"
    /// The subject's id.
    case subject
    /// The action's name.
    case action
    /// The resource's id.
    case resource
    /// The resource's type.
    case resourceType = "resource_type"

    /// What it can be; nil for anything.
    package var words: [String]? {
      switch self {
      case .outcome: Outcome.allCases.map(\.rawValue)
      case .kind: DecisionRecord.Kind.allCases.map(\.rawValue)
      default: nil
      }
    }

    /// Where it stands in a record.
    fileprivate var path: [String] {
      switch self {
      case .outcome, .kind, .revision, .askedBy: [rawValue]
      case .subject: ["request", "subject", "id"]
      case .action: ["request", "action", "name"]
      case .resource: ["request", "resource", "id"]
      case .resourceType: ["request", "resource", "type"]
      }
    }
  }

  private var wanted: [(path: [String], value: String)] = []

  /// Every record.
  package init() {}

  /// Whether every record is wanted.
  package var isEmpty: Bool { wanted.isEmpty }

  /// Leaves out records in which a member is not exactly this.
  package mutating func want(_ field: Field, _ value: String) {
    wanted.append((field.path, value))
  }

  /// Whether a record is wanted.
  ///
  /// - Parameter tape: for this to read it, again and again.
  /// - Throws: what reading JSON throws, if something is asked of a record that can't be read.
  package func matches(_ entry: LogEntry, _ tape: inout JSONTape) throws -> Bool {
    guard !isEmpty else { return true }
    try tape.read(entry.bytes)
    return wanted.allSatisfy { filter in
      tape.node(at: filter.path).map { tape.isString($0, filter.value) } ?? false
    }
  }
}
