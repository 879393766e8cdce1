import CEL
public import PolicyEngine

/// Recorded decisions, taken again by another policy set.
///
/// A log is text, one JSON object a line (NDJSON): see `ReplayRecord` for what a line may be. Parts
/// of it are replayed by any number of workers at the same time; their tallies are put together in
/// the order of the log, so the result does not depend on how many there are.
public struct Replay: Sendable {
  /// The set that decides anew.
  public let policies: PolicySet
  /// The set to compare with; nil: what the log recorded.
  public let against: PolicySet?

  /// A replay of what was recorded, or of the requests alone if there is a set to compare with.
  public init(policies: PolicySet, against: PolicySet? = nil) {
    (self.policies, self.against) = (policies, against)
  }

  /// One of the workers.
  public func makeWorker() -> ReplayWorker { ReplayWorker(self) }
}

/// Replays parts of a log; one a thread.
public struct ReplayWorker: Sendable {
  private let names: [String]
  private var new: Authorizer
  private var old: Authorizer?
  private let oldNames: [String]
  private var tape = JSONTape()
  /// How deep a request stands in its record, at most.
  private static let wrapping = 3

  init(_ replay: Replay) {
    new = Authorizer(replay.policies)
    old = replay.against.map { Authorizer($0) }
    names = replay.policies.rules.map(\.id)
    oldNames = replay.against?.rules.map(\.id) ?? []
  }

  /// Replays whole lines; the first one of them is line `first` of the log.
  public mutating func replay(_ text: [UInt8], from first: Int) -> ReplayTally {
    var tally = ReplayTally()
    var start = 0
    var line = first
    while start < text.count {
      let end = Self.lineEnd(text, start)
      if !Self.isBlank(text, start..<end) { replay(text, start..<end, line, &tally) }
      start = end + 1
      line += 1
    }
    return tally
  }

  private static func lineEnd(_ text: [UInt8], _ start: Int) -> Int {
    let bytes = text.span
    var index = start
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    return index
  }

  private static func isBlank(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    range.allSatisfy { text[$0] == 0x20 || text[$0] >= 0x09 && text[$0] <= 0x0D }
  }

  private mutating func replay(
    _ text: [UInt8], _ range: Range<Int>, _ line: Int, _ tally: inout ReplayTally
  ) {
    do throws(JSONError) {
      try tape.read(
        text, in: range,
        limits: JSONLimits(
          bytes: EngineLimits.requestBytes, depth: EngineLimits.requestDepth + Self.wrapping,
          nodes: EngineLimits.requestValues))
    } catch {
      return tally.refuse(line, "this is no JSON: \(error.message)")
    }
    do throws(ReplayRecord.Fault) {
      guard let record = try ReplayRecord(tape, needsDecision: old == nil) else {
        return tally.addOther()
      }
      let was = try before(record)
      let now = try after(record)
      let change = ReplayChange(was, now)
      tally.add(change, RequestNames(record.request, tape), line, was, now)
    } catch {
      tally.refuse(line, error.message)
    }
  }

  // MARK: Both sides

  private mutating func before(
    _ record: ReplayRecord
  ) throws(ReplayRecord.Fault) -> ReplayOutcome {
    guard old != nil else { return record.outcome(tape) }
    do throws(RequestError) {
      guard let outcome = try old?.outcome(at: record.request, of: tape), let old else {
        return ReplayOutcome(isAllowed: false)
      }
      return Self.outcome(outcome, old, oldNames)
    } catch {
      throw ReplayRecord.Fault(message: error.message)
    }
  }

  private mutating func after(_ record: ReplayRecord) throws(ReplayRecord.Fault) -> ReplayOutcome {
    do throws(RequestError) {
      return Self.outcome(try new.outcome(at: record.request, of: tape), new, names)
    } catch {
      throw ReplayRecord.Fault(message: error.message)
    }
  }

  private static func outcome(
    _ outcome: Outcome, _ authorizer: borrowing Authorizer, _ names: [String]
  ) -> ReplayOutcome {
    ReplayOutcome(
      isAllowed: outcome != .deny, isWarned: outcome == .warn,
      denials: outcome == .deny ? authorizer.denyingRules.map { names[$0] } : [],
      warnings: outcome == .warn ? authorizer.warningRules.map { names[$0] } : [])
  }
}
