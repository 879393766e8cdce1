package import CEL

/// Reasons that are always the same, as JSON: made once, copied from then on.
///
/// What a role's grant says depends on the role and the privilege, what a rule says on its number,
/// if its message has no expressions. The key is exactly that.
struct RenderedReasons: Sendable {
  enum Key: Hashable, Sendable {
    case grant(role: Int, privilege: Int)
    case rule(Int)
  }
  private var texts: [Key: [UInt8]] = [:]
  /// How a decision begins that nothing denies, up to its first reason, by outcome; empty: not known
  /// yet.
  private var openings = [JSONWriter](repeating: JSONWriter(), count: Outcome.allCases.count)
  /// The reason that was asked for last, which is mostly asked for again.
  private var lastKey: Key?
  private var lastText: [UInt8] = []

  /// Writes how a decision begins that nothing denies; three containers are open afterwards.
  mutating func open(_ outcome: Outcome, _ policies: PolicySet, in writer: inout JSONWriter) {
    let number =
      switch outcome {
      case .allow: 0
      case .warn: 1
      case .deny: 2
      }
    if openings[number].bytes.isEmpty {
      openings[number].beginDecision(outcome, revision: policies.revision, stage: nil)
      openings[number].name("reasons")
      openings[number].beginArray()
    }
    writer.value(begunBy: openings[number])
  }

  /// How a decision ends behind its reasons if nothing warns.
  private static let closing = Array(#"],"warnings":[],"audit":[]}}"#.utf8)

  /// Ends a decision without warnings behind its last reason.
  func close(_ writer: inout JSONWriter) { writer.end(3, verbatim: Self.closing) }

  /// Writes a reason if it is known; false if it is not.
  mutating func write(_ key: Key, into writer: inout JSONWriter) -> Bool {
    if lastKey != key {
      guard let text = texts[key] else { return false }
      (lastKey, lastText) = (key, text)
    }
    writer.value(verbatim: lastText)
    return true
  }

  /// Remembers the JSON of a reason, and writes it.
  mutating func remember(_ key: Key, _ reason: Reason, into writer: inout JSONWriter) {
    if texts.count >= EngineLimits.renderedReasons { texts.removeAll(keepingCapacity: true) }
    var own = JSONWriter()
    reason.write(to: &own)
    texts[key] = own.bytes
    (lastKey, lastText) = (key, own.bytes)
    writer.value(verbatim: lastText)
  }
}

extension Authorizer {
  /// Answers an AuthZEN text straight into a compact writer: the same bytes as `answer(json:)`
  /// written there, without making an `Answer` where that can be spared. Gives what came of it: one
  /// outcome for each decision, nil for an item that is not well-formed.
  ///
  /// - Throws: `RequestError` with the place of what is wrong, if it is wrong with the text as a
  ///   whole; nothing is written then.
  package mutating func answer(
    json: [UInt8], in range: Range<Int>, into writer: inout JSONWriter,
    count: (Outcome?) -> Void
  ) throws(RequestError) {
    var isBatch = false
    do throws(RequestError) {
      isBatch = try !answerOne(json, range, &writer, count)
    } catch {
      guard range.count < json.count else { throw error }
      // Places count from where the text begins: once more, by itself.
      _ = try answer(json: Array(json[range]))
      throw error
    }
    guard isBatch else { return }
    guard case .batch(let answers) = try answer(json: Array(json[range])) else { return }
    for answer in answers { count(try? answer.get().outcome) }
    Answer.batch(answers).write(to: &writer)
  }

  /// Answers a single evaluation; false if it is a batch, about which nothing was done.
  private mutating func answerOne(
    _ json: [UInt8], _ range: Range<Int>, _ writer: inout JSONWriter, _ count: (Outcome?) -> Void
  ) throws(RequestError) -> Bool {
    var tape = JSONTape()
    swap(&tape, &self.tape)
    defer { swap(&tape, &self.tape) }
    try tape.readRequest(json, in: range)
    var places = PlaceFinder()
    do throws(RequestError) {
      let parts = RequestReader.parts(of: tape.root, in: tape)
      if parts.evaluations != nil, try Batch(tape) != nil { return false }
      let values = try read(parts, at: tape.root, tape)
      evaluate(values)
      count(trace.outcome)
      write(values, into: &writer)
      return true
    } catch {
      throw places.located(error, in: tape)
    }
  }

  /// Writes the decision that the trace stands for.
  private mutating func write(_ values: RequestValues, into writer: inout JSONWriter) {
    // A denial is worded for the request, and an explanation is nothing but words.
    guard !explains, !trace.isDenied else { return makeDecision(values).write(to: &writer) }
    rendered.open(trace.outcome, policies, in: &writer)
    findRoleGrants()
    for place in grants.indices {
      let grant = grants[place]
      let key = RenderedReasons.Key.grant(role: grant.role, privilege: grant.privilege)
      if !rendered.write(key, into: &writer) {
        rendered.remember(key, reason(of: grant), into: &writer)
      }
    }
    for rule in trace.ruleGrants { writeReason(of: rule, .true, into: &writer) }
    if trace.warnings.isEmpty, trace.audit.isEmpty { return rendered.close(&writer) }
    writer.endArray()
    write(trace.warnings, "warnings", into: &writer)
    write(trace.audit, "audit", into: &writer)
    writer.endObject()
    writer.endObject()
  }

  private mutating func write(
    _ found: [(rule: Int, value: Value)], _ name: String, into writer: inout JSONWriter
  ) {
    writer.name(name)
    writer.beginArray()
    for (rule, value) in found { writeReason(of: rule, value, into: &writer) }
    writer.endArray()
  }

  private mutating func writeReason(
    of rule: Int, _ value: Value, into writer: inout JSONWriter
  ) {
    // A warning holds `true`; what could not be evaluated says why.
    guard !value.isError, policies.rules[rule].message?.isFixed ?? true else {
      prepareMessages()
      return reason(of: rule, value).write(to: &writer)
    }
    if !rendered.write(.rule(rule), into: &writer) {
      rendered.remember(.rule(rule), reason(of: rule, value), into: &writer)
    }
  }
}
