import CEL
import Foundation
package import PolicyEngine

/// All ways of asking one policy set the same thing, and of loading it: with and without index,
/// templates, tasks and what an earlier load left. They must agree byte for byte: outcome, reasons,
/// words, clauses, missing facts.
package struct Ways {
  private var json: Authorizer
  private var explaining: Authorizer
  private var unindexed: Authorizer
  private var prepared: PreparedAuthorizer
  /// With `context.where.zone` instead of `context.where`.
  private var deep: PreparedAuthorizer
  private var subjects: [JSONValue: (PreparedSubject, PreparedSubject)] = [:]
  private var actions: [String: PreparedAction] = [:]

  package init(_ sources: [PolicySource]) throws {
    let policies = try PolicySet(sources, timeZones: TimeZones(), usesIndex: true)
    var options = LoadOptions()
    (options.usesIndex, options.usesTemplates, options.tasks) = (false, false, 1)
    let plain = try PolicySet(sources, timeZones: TimeZones(), options: options)
    let cache = PolicyCache()
    _ = try PolicySet(sources, cache: cache)
    let again = try PolicySet(sources, cache: cache)
    json = Authorizer(again)
    explaining = Authorizer(policies)
    explaining.explains = true
    unindexed = Authorizer(plain)
    unindexed.explains = true
    let attributes = [
      "action.force", "resource.owner", "resource.labels", "context.flag", "context.n",
    ]
    prepared = PreparedAuthorizer(policies, try RequestShape(attributes + ["context.where"]))
    prepared.explains = true
    deep = PreparedAuthorizer(policies, try RequestShape(attributes + ["context.where.zone"]))
    deep.explains = true
  }

  /// A decision, without an explanation.
  package mutating func decide(_ request: [UInt8]) throws -> Decision {
    try json.decide(json: request)
  }

  /// What does not agree about a request, or nil. Everything is compared with the decision of an
  /// authorizer that explains.
  package mutating func disagreement(about request: String) throws -> String? {
    let bytes = Array(request.utf8)
    let expected = try explaining.decide(json: bytes)
    let words = expected.json()
    let value = try JSONValue.parse(request)
    let plain = try json.decide(json: bytes)
    if try unindexed.decide(json: bytes).json() != words { return "without the index" }
    if plain.outcome != expected.outcome || plain.stage != expected.stage
      || plain.reasons.map(\.message) != expected.reasons.map(\.message)
      || plain.warnings.map(\.message) != expected.warnings.map(\.message)
    {
      return "without an explanation"
    }
    if try json.outcome(json: bytes) != expected.outcome { return "only the outcome" }
    if let fault = try writers(bytes, plain.json(), words, expected.outcome) { return fault }
    let typed = try Request(foundation: request)
    if try json.outcome(of: typed) != expected.outcome { return "a typed outcome" }
    if try explaining.decide(typed).json() != words { return "a typed request" }
    return try preparedWays(value, typed.subject, words, expected.outcome)
  }

  /// Straight into a writer, alone and among other lines, and as an item of a batch.
  private mutating func writers(
    _ bytes: [UInt8], _ plain: String, _ words: String, _ outcome: Outcome
  ) throws -> String? {
    let line = bytes.map { $0 == 0x0A ? 0x20 : $0 }
    let lines = Array("{}\n".utf8) + line + Array("\n[]".utf8)
    var counted: [Outcome?] = []
    for (way, wanted) in [(json, plain), (explaining, words)] {
      var way = way
      var writer = JSONWriter()
      try way.answer(json: lines, in: 3..<3 + line.count, into: &writer) { counted.append($0) }
      if String(decoding: writer.bytes, as: UTF8.self) != wanted { return "written directly" }
    }
    if counted != [outcome, outcome] { return "counted" }
    let batch = Array("{\"evaluations\":[".utf8) + bytes + [0x2C] + bytes + Array("]}".utf8)
    guard case .batch(let answers) = try explaining.answer(json: batch) else { return "a batch" }
    return try answers.allSatisfy { try $0.get().json() == words } && answers.count == 2
      ? nil : "in a batch"
  }

  private mutating func preparedWays(
    _ request: JSONValue, _ entity: Request.Entity, _ words: String, _ outcome: Outcome
  ) throws -> String? {
    let key = request["subject"] ?? .null
    if subjects.count > 20 {
      prepared.forgetSubjects()
      deep.forgetSubjects()
      subjects = [:]
    }
    let (one, two) =
      try subjects[key] ?? (try prepared.prepare(entity), try deep.prepare(entity))
    subjects[key] = (one, two)
    let name = request["action"]?["name"]?.string ?? ""
    let action = actions[name] ?? prepared.action(name)
    actions[name] = action
    let (type, id) = (
      request["resource"]?["type"]?.string ?? "", request["resource"]?["id"]?.string ?? ""
    )
    try prepared.begin(one, action, resource: type, id: id)
    try fill(&prepared, request)
    if prepared.outcome() != outcome { return "a prepared outcome" }
    try prepared.begin(one, action: name, resource: type, id: id)
    try fill(&prepared, request)
    if prepared.decide().json() != words { return "a prepared request" }
    let place = request["context"]?["where"]
    guard place == nil || place?.object.keys.sorted() == ["zone"] else { return nil }
    try deep.begin(two, action, resource: type, id: id)
    try fill(&deep, request)
    return deep.decide().json() == words ? nil : "a prepared request with nested attributes"
  }

  private func fill(_ way: inout PreparedAuthorizer, _ request: JSONValue) throws {
    func set(_ attribute: String, _ value: JSONValue?) throws {
      guard let slot = way.shape.slot(attribute), let value else { return }
      switch value {
      case .bool(let value): way.set(slot, value)
      case .int(let value): way.set(slot, Int(value))
      case .double(let value): way.set(slot, value)
      case .string(let value): way.set(slot, value)
      case .array(let elements) where elements.allSatisfy { $0.string != nil }:
        way.set(slot, value.strings)
      default: try way.set(slot, value: value.cel)
      }
    }
    try set("action.force", request["action"]?["properties"]?["force"])
    try set("resource.owner", request["resource"]?["properties"]?["owner"])
    try set("resource.labels", request["resource"]?["properties"]?["labels"])
    try set("context.flag", request["context"]?["flag"])
    try set("context.n", request["context"]?["n"])
    try set("context.where", request["context"]?["where"])
    try set("context.where.zone", request["context"]?["where"]?["zone"])
  }
}
