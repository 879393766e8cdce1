/// What a worker wrote down: each attempt before it was tried, and its answer when it was there. The
/// order of lines is the order of time.
package struct HistoryJournal: Sendable {
  /// What a caller was told.
  package enum Answer: String, Sendable {
    /// It was done, or read.
    case done
    /// Policies denied it.
    case refused
    /// It can't be done; nothing was.
    case failed
    /// Nobody knows.
    case unknown
  }

  /// An attempt.
  package struct Attempt: Sendable {
    /// What was tried.
    package let operation: HistoryOperation
    /// What came of it; nil if nobody lived to hear.
    package var answer: Answer?
    /// The attempts that were answered before it was tried.
    let begin: Int
    /// Its place among the answers.
    var end: Int?
  }

  /// By key.
  package private(set) var attempts: [String: Attempt] = [:]
  private var answers = 0
  /// What can't be read.
  private(set) var faults: [String] = []

  /// Reads whole lines.
  package init(_ lines: [String]) {
    for line in lines {
      let words = line.split(separator: " ")
      guard words.count > 2 else {
        faults.append("the journal has the line `\(line)`")
        continue
      }
      let key = String(words[1])
      if words[0] == ">", let operation = HistoryOperation(Array(words.dropFirst(2))) {
        attempts[key] = Attempt(operation: operation, begin: answers)
      } else if words[0] == "<", let answer = Answer(rawValue: String(words[2])),
        attempts[key] != nil
      {
        answers += 1
        attempts[key]?.answer = answer
        attempts[key]?.end = answers
      } else {
        faults.append("the journal has the line `\(line)`")
      }
    }
  }

  /// Before it is tried.
  package static func begin(_ key: String, _ operation: HistoryOperation) -> String {
    "> \(key) \(operation.line)"
  }

  /// When its answer is there.
  package static func end(_ key: String, _ answer: Answer) -> String { "< \(key) \(answer)" }

  /// Pairs of which the first was answered before the second was tried must stand in that order.
  ///
  /// - Parameter places: where in the log each effect is, by key.
  func faults(ofOrder places: [String: Int64]) -> [String] {
    // The last place of all attempts that were answered as the n-th or before.
    var last = [Int64](repeating: 0, count: answers + 1)
    for (key, attempt) in attempts {
      if let end = attempt.end, let place = places[key] { last[end] = place }
    }
    for index in 1..<max(last.count, 1) { last[index] = max(last[index], last[index - 1]) }
    return attempts.compactMap { key, attempt in
      guard let place = places[key], place < last[attempt.begin] else { return nil }
      return "\(key) stands at \(place), before what was answered before it was tried"
    }
  }
}
