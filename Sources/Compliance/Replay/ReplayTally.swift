/// How a decision came out the second time.
public enum ReplayChange: String, CaseIterable, Sendable {
  /// As before.
  case same
  /// It was denied and is allowed.
  case newlyAllowed = "newly-allowed"
  /// It was allowed and is denied.
  case newlyDenied = "newly-denied"
  /// It is allowed as before, with a warning more.
  case warningAdded = "warning-added"
  /// It is allowed as before, with a warning less.
  case warningRemoved = "warning-removed"
  /// It is denied as before, or warned of as before, by other rules.
  case reasonChanged = "reason-changed"

  init(_ was: ReplayOutcome, _ now: ReplayOutcome) {
    guard was.isAllowed == now.isAllowed else {
      self = now.isAllowed ? .newlyAllowed : .newlyDenied
      return
    }
    if !was.isAllowed {
      let isOther = was.denials.map { Set($0) != Set(now.denials ?? []) } ?? false
      self = isOther ? .reasonChanged : .same
      return
    }
    guard let before = was.isWarned, let after = now.isWarned else {
      self = .same
      return
    }
    guard before == after else {
      self = after ? .warningAdded : .warningRemoved
      return
    }
    guard before, let old = was.warnings.map({ Set($0) }) else {
      self = .same
      return
    }
    let new = Set(now.warnings ?? [])
    self =
      old == new
      ? .same
      : old.isSubset(of: new)
        ? .warningAdded : new.isSubset(of: old) ? .warningRemoved : .reasonChanged
  }
}

/// What came of a replay, or of a part of one.
public struct ReplayTally: Sendable {
  /// A decision that came out differently.
  public struct Example: Sendable, Hashable {
    /// Its line in the log.
    public let line: Int
    /// Who wanted to do what to what: types and ids.
    public let subject, action, resource: String
    /// What came of it, before and now: `allow`, `warn` or `deny`.
    public let was, now: String
    /// The rules behind the difference; none if it is about a grant.
    public let rules: [String]
  }

  /// A line that can't be used.
  public struct Fault: Sendable, Hashable {
    /// Its number.
    public let line: Int
    /// Why.
    public let message: String
  }

  /// Changes of one kind.
  public struct Changes: Sendable {
    /// How many there are.
    public internal(set) var count = 0
    /// How many there are by rule, action and subject. A change of several rules counts for each.
    public internal(set) var rules = Counts(), actions = Counts(), subjects = Counts()
    /// The first ones of the log.
    public internal(set) var examples: [Example] = []
  }

  /// Changes by name.
  public struct Counts: Sendable {
    private(set) var byName: [String: (count: Int, line: Int)] = [:]
    /// Changes of names that are not counted by themselves, because there are too many.
    public private(set) var others = 0

    /// Names with their counts and the first line each, most frequent first.
    public var sorted: [(name: String, count: Int, line: Int)] {
      byName.map { ($0.key, $0.value.count, $0.value.line) }.sorted {
        ($1.1, $0.2, $0.0) < ($0.1, $1.2, $1.0)
      }
    }

    mutating func add(_ name: String, _ count: Int, _ line: Int) {
      if let known = byName[name] {
        byName[name] = (known.count + count, min(known.line, line))
      } else if byName.count < AnalysisLimits.replayGroups {
        byName[name] = (count, line)
      } else {
        others += count
      }
    }

    mutating func merge(_ other: Counts) {
      // In the order of the log, so that the same names are kept however it was divided.
      for (name, value) in other.byName.sorted(by: {
        ($0.value.line, $0.key) < ($1.value.line, $1.key)
      }) {
        add(name, value.count, value.line)
      }
      others += other.others
    }
  }

  /// Decisions of each kind.
  public private(set) var changes: [ReplayChange: Changes] = [:]
  /// Decisions that came out as before.
  public private(set) var same = 0
  /// Entries of the log that are no decisions.
  public private(set) var others = 0
  /// How many lines can't be used.
  public private(set) var unusable = 0
  /// The first lines that can't be used.
  public private(set) var faults: [Fault] = []

  /// An empty tally.
  public init() {}

  /// How many decisions were replayed.
  public var decisions: Int { same + changes.values.reduce(0) { $0 + $1.count } }

  /// How many came out in this way.
  public func count(of change: ReplayChange) -> Int {
    change == .same ? same : changes[change]?.count ?? 0
  }

  mutating func addOther() { others += 1 }

  /// Counts a line that can't be used.
  public mutating func refuse(_ line: Int, _ message: String) {
    unusable += 1
    if faults.count < AnalysisLimits.replayFaults {
      faults.append(Fault(line: line, message: message))
    }
  }

  mutating func add(
    _ change: ReplayChange, _ names: @autoclosure () -> RequestNames, _ line: Int,
    _ was: ReplayOutcome, _ now: ReplayOutcome
  ) {
    guard change != .same else {
      same += 1
      return
    }
    let names = names()
    let rules = Self.rules(change, was, now)
    var kept = changes.removeValue(forKey: change) ?? Changes()
    kept.count += 1
    for rule in rules { kept.rules.add(rule, 1, line) }
    kept.actions.add(names.action, 1, line)
    kept.subjects.add(names.subject, 1, line)
    if kept.examples.count < AnalysisLimits.replayExamples {
      kept.examples.append(
        Example(
          line: line, subject: names.subject, action: names.action, resource: names.resource,
          was: was.word, now: now.word, rules: rules))
    }
    changes[change] = kept
  }

  /// The rules that make the difference; for a grant that came or went, there is none.
  private static func rules(
    _ change: ReplayChange, _ was: ReplayOutcome, _ now: ReplayOutcome
  ) -> [String] {
    func difference(_ one: [String]?, _ other: [String]?) -> [String] {
      Array(Set(one ?? []).symmetricDifference(other ?? [])).sorted()
    }
    switch change {
    case .same: return []
    case .newlyAllowed: return Array(Set(was.denials ?? [])).sorted()
    case .newlyDenied: return Array(Set(now.denials ?? [])).sorted()
    case .warningAdded, .warningRemoved: return difference(was.warnings, now.warnings)
    case .reasonChanged:
      return was.isAllowed
        ? difference(was.warnings, now.warnings) : difference(was.denials, now.denials)
    }
  }

  /// Adds what comes later in the log.
  public mutating func merge(_ later: ReplayTally) {
    same += later.same
    others += later.others
    unusable += later.unusable
    faults += later.faults.prefix(max(0, AnalysisLimits.replayFaults - faults.count))
    for (change, more) in later.changes {
      var kept = changes.removeValue(forKey: change) ?? Changes()
      kept.count += more.count
      kept.rules.merge(more.rules)
      kept.actions.merge(more.actions)
      kept.subjects.merge(more.subjects)
      kept.examples += more.examples.prefix(
        max(0, AnalysisLimits.replayExamples - kept.examples.count))
      changes[change] = kept
    }
  }
}
