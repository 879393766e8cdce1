import CEL

/// The answer to an AuthZEN text: one decision, or those of a batch.
public enum Answer: Sendable {
  /// The text was an evaluation (a batch without items is one too).
  case decision(Decision)
  /// One answer for each item, in order. An item that is not well-formed fails by itself. There are
  /// fewer answers than items if the batch asked to stop at the first denial or permission.
  case batch([Result<Decision, RequestError>])
}

/// When a batch is done: AuthZEN's `options.evaluations_semantic`.
package enum BatchSemantic: String, CaseIterable, Sendable {
  case executeAll = "execute_all"
  case denyOnFirstDeny = "deny_on_first_deny"
  case permitOnFirstPermit = "permit_on_first_permit"

  /// Whether nothing is answered after this. What can't be decided counts as denied.
  package func stops(after answer: Result<Decision, RequestError>) -> Bool {
    stops(afterAllowing: (try? answer.get().isAllowed) ?? false)
  }

  /// Whether nothing is answered after an item that was allowed, or was not.
  package func stops(afterAllowing isAllowed: Bool) -> Bool {
    switch self {
    case .executeAll: false
    case .denyOnFirstDeny: !isAllowed
    case .permitOnFirstPermit: isAllowed
    }
  }
}

extension Authorizer {
  /// Decides an AuthZEN evaluation, or a batch of them, in JSON.
  ///
  /// - Throws: `RequestError` with the place of what is wrong, if it is wrong with the text as a
  ///   whole.
  public mutating func answer(json: [UInt8]) throws(RequestError) -> Answer {
    var tape = JSONTape()
    swap(&tape, &self.tape)
    defer { swap(&tape, &self.tape) }
    try tape.readRequest(json)
    var places = PlaceFinder()
    do throws(RequestError) {
      guard let batch = try Batch(tape) else {
        return .decision(
          try decide(RequestReader.parts(of: tape.root, in: tape), at: tape.root, tape))
      }
      var answers: [Result<Decision, RequestError>] = []
      for item in batch.items {
        let answer = self.answer(batch.parts(of: item, in: tape), at: item, tape, &places)
        answers.append(answer)
        if batch.semantic.stops(after: answer) { break }
      }
      return .batch(answers)
    } catch {
      throw places.located(error, in: tape)
    }
  }

  private mutating func answer(
    _ parts: RequestReader.Parts, at item: Int, _ tape: borrowing JSONTape,
    _ places: inout PlaceFinder
  ) -> Result<Decision, RequestError> {
    do throws(RequestError) {
      return .success(try decide(parts, at: item, tape))
    } catch {
      return .failure(places.located(error, in: tape))
    }
  }
}

/// The items of an `evaluations` document and their defaults.
struct Batch {
  let items: [Int]
  let semantic: BatchSemantic
  let defaults: RequestReader.Parts

  /// Nil if the document is a single evaluation: `evaluations` is absent or empty.
  ///
  /// - Parameter bytes: what its evaluations may come to, a default counting for every item.
  init?(
    _ tape: borrowing JSONTape, bytes limit: Int = EngineLimits.batchBytes
  ) throws(RequestError) {
    guard let evaluations = tape.member("evaluations", of: tape.root) else { return nil }
    guard tape.kind(of: evaluations) == .array else {
      throw .wrongType("evaluations", "an array", evaluations, tape)
    }
    items = Array(tape.children(of: evaluations))
    guard let first = items.first else { return nil }
    guard items.count <= EngineLimits.batchEvaluations else {
      throw RequestError(
        code: "too-many-evaluations",
        message:
          "`evaluations` has \(items.count) items; a batch may have \(EngineLimits.batchEvaluations)",
        help: "send them in several batches, or one a line", at: Int(tape.nodes[first].start))
    }
    semantic = try Self.semantic(tape)
    defaults = RequestReader.parts(of: tape.root, in: tape)
    try refuseAmplification(tape, at: evaluations, limit)
  }

  /// The four parts of an item: its own, or else the default as a whole.
  func parts(of item: Int, in tape: borrowing JSONTape) -> RequestReader.Parts {
    let own = RequestReader.parts(of: item, in: tape)
    return RequestReader.Parts(
      subject: own.subject ?? defaults.subject, action: own.action ?? defaults.action,
      resource: own.resource ?? defaults.resource, context: own.context ?? defaults.context)
  }

  private static func semantic(_ tape: borrowing JSONTape) throws(RequestError) -> BatchSemantic {
    guard let options = tape.member("options", of: tape.root) else { return .executeAll }
    guard tape.kind(of: options) == .object else {
      throw .wrongType("options", "an object", options, tape)
    }
    guard let node = tape.member("evaluations_semantic", of: options) else { return .executeAll }
    guard tape.kind(of: node) == .string else {
      throw .wrongType("options.evaluations_semantic", "a string", node, tape)
    }
    let word = tape.string(of: node)
    if let semantic = BatchSemantic(rawValue: word) { return semantic }
    let words = BatchSemantic.allCases.map(\.rawValue)
    throw RequestError(
      code: "unknown-semantic", message: "`options.evaluations_semantic` can't be `\(word)`",
      help: suggestion(for: word, among: words).map { "did you mean `\($0)`?" }
        ?? "it is one of \(words.map { "`\($0)`" }.joined(separator: ", "))",
      at: Int(tape.nodes[node].start))
  }

  /// A default is read again for every item without its own, so a small text could ask for any
  /// amount of reading.
  private func refuseAmplification(
    _ tape: borrowing JSONTape, at node: Int, _ limit: Int
  ) throws(RequestError) {
    var bytes = 0
    for item in items {
      let parts = parts(of: item, in: tape)
      for part in [parts.subject, parts.action, parts.resource, parts.context] {
        bytes += part.map { tape.sourceRange(of: $0).count } ?? 0
      }
    }
    guard bytes > limit else { return }
    throw RequestError(
      code: "batch-too-large",
      message:
        "the evaluations of this batch come to \(bytes) bytes with their defaults; they may come to \(limit)",
      help: "send it in several batches", at: Int(tape.nodes[node].start))
  }
}
