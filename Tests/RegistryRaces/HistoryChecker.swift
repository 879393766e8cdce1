package import ModelRegistry
import PolicyGate

/// Judges what is left of a registry whose process died: everything that was answered is there,
/// nothing is there that was not tried, and the log explains the state, effect by effect.
///
/// It knows how far it has come, so that a history can be judged piece by piece.
package struct HistoryChecker: Sendable {
  /// What it found.
  package struct Report: Sendable {
    /// Effects that callers were told of.
    package var acknowledged = 0
    /// Those of them that are not there.
    package var lost = 0
    /// Effects that nobody lived to be told of.
    package var unacknowledged = 0
    /// Refusals that callers were told of.
    package var refused = 0
    /// Reads that were answered.
    package var answered = 0
    /// Everything that must not be.
    package var faults: [String] = []

    /// Nothing found.
    package init() {}
  }

  private var state = HistoryState()
  private var head = LogHead.empty
  private var commits: StoreRevision = 0
  private var inForce: String?

  /// Judges from an empty registry on.
  package init() {}

  /// Judges what was done since it was called last.
  ///
  /// - Parameter lines: the journal of each worker since then.
  package mutating func check(
    _ lines: [[String]], _ snapshot: any StoreSnapshot
  ) throws -> Report {
    let journals = lines.map(HistoryJournal.init)
    var seen = Seen()
    var report = Report()
    report.faults = journals.flatMap(\.faults)
    var attempts: [String: HistoryJournal.Attempt] = [:]
    for journal in journals { attempts.merge(journal.attempts) { one, _ in one } }
    try readLog(snapshot, attempts, &seen, &report)
    judge(attempts, seen, &report)
    for journal in journals { report.faults += journal.faults(ofOrder: seen.performed) }
    if snapshot.revision != commits {
      report.faults.append("\(snapshot.revision) commits, \(commits) of them in the log")
    }
    let (found, wanted) = (try HistoryState.lines(of: snapshot), state.lines)
    report.faults += found.subtracting(wanted).sorted().map { "nothing explains `\($0)`" }
    report.faults += wanted.subtracting(found).sorted().map { "`\($0)` is not there" }
    report.faults += try Invariants.faults(of: snapshot)
    return report
  }

  /// What the log says of attempts.
  private struct Seen {
    var performed: [String: Int64] = [:]
    var refused: [String: Int] = [:]
    var reads = 0
  }

  private mutating func readLog(
    _ snapshot: any StoreSnapshot, _ attempts: [String: HistoryJournal.Attempt],
    _ seen: inout Seen, _ report: inout Report
  ) throws {
    let end = try snapshot.logHead().end
    var verifier = LogVerifier(from: head, anchors: [end])
    do {
      for entry in try snapshot.log(from: head.sequence + 1, limit: 10_000_000) {
        try verifier.check(entry)
        note(try LoggedRecord(entry.bytes), entry.sequence, attempts, &seen, &report)
      }
      try verifier.finish()
    } catch let fault as LogFault {
      report.faults.append("the log: \(fault)")
    }
    head = end
  }

  private mutating func note(
    _ record: LoggedRecord, _ place: Int64, _ attempts: [String: HistoryJournal.Attempt],
    _ seen: inout Seen, _ report: inout Report
  ) {
    func fault(_ text: String) { report.faults.append("record \(place): \(text)") }
    switch record.kind {
    case "policy":
      inForce = record.revision
      commits += 1
      return
    case "read": seen.reads += 1
    case "performed": commits += 1
    case "refused", "abandoned": break
    default: fault("nobody asked for a record of kind \(record.kind)")
    }
    if record.revision != inForce { fault("judged by policies that were not in force") }
    if (record.outcome == "deny") != (record.kind == "refused") {
      fault("\(record.kind) after \(record.outcome ?? "nothing")")
    }
    guard record.kind != "read" else { return }
    guard let key = record.key, let attempt = attempts[key] else {
      return fault("\(record.kind) `\(record.key ?? "")`, which nobody tried")
    }
    let operation = attempt.operation
    let id = record.request?.resource.id ?? ""
    guard record.request?.action.name == operation.action,
      id == operation.target || operation.kind == .registerModel
    else { return fault("`\(operation.line)` was tried, and something else logged") }
    if record.kind == "refused" { seen.refused[key, default: 0] += 1 }
    guard record.kind == "performed" else { return }
    if seen.performed.updateValue(place, forKey: key) != nil { fault("`\(key)` was done twice") }
    if let why = state.apply(operation, key: key, id: id) { fault("`\(operation.line)`: \(why)") }
  }

  /// Each answer has its record, and nothing else has one.
  private func judge(
    _ attempts: [String: HistoryJournal.Attempt], _ seen: Seen, _ report: inout Report
  ) {
    var (answered, open) = (0, 0)
    for (key, attempt) in attempts {
      let (isDone, refusals) = (seen.performed[key] != nil, seen.refused[key] ?? 0)
      if attempt.operation.isRead {
        if attempt.answer == .done { answered += 1 } else { open += 1 }
        continue
      }
      switch attempt.answer {
      case .done:
        report.acknowledged += 1
        if !isDone { report.lost += 1 }
      case .refused:
        report.refused += 1
        if refusals == 0 { report.lost += 1 }
      case .unknown, nil: if isDone { report.unacknowledged += 1 }
      case .failed: break
      }
      let mayBeDone = attempt.answer == .done || attempt.answer == nil || attempt.answer == .unknown
      if isDone, !mayBeDone { report.faults.append("\(key) was not done, and logged as performed") }
      let mayBeRefused = attempt.answer == .refused || attempt.answer == nil
      if refusals > (mayBeRefused ? 1 : 0) {
        report.faults.append("\(key) has \(refusals) refusals in the log")
      }
    }
    report.answered = answered
    if seen.reads < answered { report.lost += answered - seen.reads }
    if seen.reads > answered + open {
      report.faults.append("\(seen.reads) reads in the log, \(answered) answered, \(open) open")
    }
  }
}
