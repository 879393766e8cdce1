import EngineComparison
import Foundation
import Testing

@testable import PolicyEngine

/// The shipped Elasticsearch policies, on the vectors that were read off its source
/// (`elasticsearch-vectors.json` in the shared folder).
@Suite struct ShippedVectorTests {
  struct Vectors: Decodable {
    struct Overlap: Decodable {
      let oldFields, missingFromNew: Int
      let warns: Bool
    }
    let aliasValid: [String: Bool]
    let modelIdValid: [String: Bool]
    let overlapTable: [Overlap]
  }

  /// Nil, with a remark, where the shared folder is absent.
  static func vectors() throws -> Vectors? {
    let file = Checkout.shared.appendingPathComponent("data/elasticsearch-vectors.json")
    guard let data = FileManager.default.contents(atPath: file.path) else {
      print(
        "NOT TESTED: there is no \(file.path); MODELGATE_SHARED says where the shared folder is")
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: data)
  }

  private static func json(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  private static func put(
    _ alias: String, reassign: Bool = true, properties: String = #""new_model": { "id": "new" }"#
  ) throws -> String {
    """
    { "subject": { "type": "user", "id": "ada", "properties": { "roles": ["machine_learning_admin"] } },
      "action": { "name": "cluster:admin/xpack/ml/inference/model_aliases/put", "properties": { "reassign": \(reassign) } },
      "resource": { "type": "model_alias", "id": \(try json(alias)), "properties": { \(properties) } } }
    """
  }

  // MARK: Names

  /// The pattern of Elasticsearch, written out: `[a-z0-9](?:[a-z0-9_\-\.]*[a-z])?`, the whole text.
  private static func isAlias(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a }
    func isPlain(_ byte: UInt8) -> Bool { isLetter(byte) || byte >= 0x30 && byte <= 0x39 }
    guard let first = bytes.first, let last = bytes.last, isPlain(first) else { return false }
    return bytes.count == 1
      || isLetter(last) && bytes.allSatisfy { isPlain($0) || "_-.".utf8.contains($0) }
  }

  private func refusal(_ alias: String, _ policies: PolicySet) throws -> String? {
    let decision = try policies.decide(try Self.put(alias))
    #expect(decision.isAllowed || decision.stage == .validation)
    if let error = decision.error {
      #expect(error.status == 400 && error.type == "action_request_validation_exception")
    }
    return decision.error?.reason
  }

  private static func invalid(_ alias: String) -> String {
    "Validation Failed: 1: Invalid model_alias; '\(alias)' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores; must start with alphanumeric and cannot end with numbers;"
  }

  @Test func aliases() throws {
    let policies = try PolicySet.shipped()
    guard let vectors = try Self.vectors() else { return }
    #expect(vectors.aliasValid.count == 39)
    for (alias, isValid) in vectors.aliasValid {
      #expect(try refusal(alias, policies) == (isValid ? nil : Self.invalid(alias)), "\(alias)")
      #expect(Self.isAlias(alias) == isValid, "the oracle: \(alias)")
    }
  }

  @Test func aliasesAtRandom() throws {
    let policies = try PolicySet.shipped()
    var random = SeededGenerator(seed: 3)
    let alphabet = Array("abz019_-.A /\n\u{0}é*'$").map(String.init)
    for _ in 0..<600 {
      let alias = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? ""
      }.joined()
      #expect(
        try refusal(alias, policies) == (Self.isAlias(alias) ? nil : Self.invalid(alias)),
        "\(alias.debugDescription)")
    }
  }

  @Test func modelIds() throws {
    let policies = try PolicySet.shipped()
    guard let vectors = try Self.vectors() else { return }
    #expect(vectors.modelIdValid.count == 13)
    for (id, isValid) in vectors.modelIdValid {
      let decision = try policies.decide(
        """
        { "subject": { "type": "user", "id": "ada", "properties": { "roles": ["machine_learning_admin"] } },
          "action": { "name": "cluster:admin/xpack/ml/inference/put" }, "resource": { "type": "trained_model", "id": \(try Self.json(id)) } }
        """)
      #expect(decision.isAllowed == isValid, "\(id): \(decision.reasons.map(\.message))")
      #expect(isValid || decision.stage == .validation)
    }
  }

  // MARK: Overlap

  /// Warn iff more than half (rounded down) of the different old fields are missing from the new
  /// ones.
  private static func warns(_ old: [String], _ new: [String]) -> Bool {
    Set(old).subtracting(new).count > Set(old).count / 2
  }

  private func overlap(_ old: [String], _ new: [String], _ policies: PolicySet) throws -> Bool {
    func list(_ fields: [String]) -> String {
      "[" + fields.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
    let decision = try policies.decide(
      try Self.put(
        "alias",
        properties:
          #""current_model": { "id": "old", "inference_type": "regression", "input_fields": \#(list(old)) }, "new_model": { "id": "new", "inference_type": "regression", "input_fields": \#(list(new)) }"#
      ))
    #expect(decision.isAllowed)
    #expect(
      decision.warnings.allSatisfy {
        $0.message
          == "The input fields for new model [new] and for old model [old] differ significantly, model results may change drastically."
      })
    #expect(decision.warnings.allSatisfy { $0.failure == nil })
    return decision.outcome == .warn
  }

  @Test func overlapTable() throws {
    let policies = try PolicySet.shipped()
    guard let vectors = try Self.vectors() else { return }
    #expect(vectors.overlapTable.count == 45)
    for row in vectors.overlapTable {
      let old = (0..<row.oldFields).map { "f\($0)" }
      let kept = Array(old.dropFirst(row.missingFromNew))
      for new in [kept, kept + (0..<9).map { "extra\($0)" }, kept + kept, kept.reversed()] {
        #expect(try overlap(old, new, policies) == row.warns, "\(row)")
        #expect(
          try overlap(old + old.reversed(), new, policies) == row.warns,
          "\(row), each old field twice")
      }
    }
  }

  @Test func overlapAtRandom() throws {
    let policies = try PolicySet.shipped()
    var random = SeededGenerator(seed: 5)
    var counts = [0, 0]
    for round in 0..<300 {
      let names = (0..<Int.random(in: 1...(round < 250 ? 12 : 120), using: &random)).map {
        "f\($0)"
      }
      func fields() -> [String] {
        (0..<Int.random(in: 0...names.count + 3, using: &random)).map { _ in
          names.randomElement(using: &random) ?? ""
        }
      }
      let (old, new) = (fields(), fields())
      #expect(try overlap(old, new, policies) == Self.warns(old, new), "\(old) \(new)")
      counts[Self.warns(old, new) ? 1 : 0] += 1
    }
    #expect(counts.allSatisfy { $0 > 30 })
  }

  /// Long lists, whose comparison takes many steps.
  @Test(arguments: [99, 101, 300, 500]) func overlapOfLongLists(_ count: Int) throws {
    let policies = try PolicySet.shipped()
    let old = (0..<count).map { "f\($0)" }
    for missing in [count / 2, count / 2 + 1] {
      let new = Array(old.dropFirst(missing))
      #expect(try overlap(old, new, policies) == (missing > count / 2))
      #expect(try overlap(old + ["f0"], new, policies) == (missing > count / 2))
    }
  }

  /// The vocabulary promises lists of up to 1000 fields, with repeats or without.
  @Test(arguments: [(101, true), (1_000, false), (1_000, true)]) func overlapOfVeryLongLists(
    _ count: Int, _ repeats: Bool
  ) throws {
    let policies = try PolicySet.shipped()
    let old = (0..<count).map { "f\($0)" }
    for missing in [count / 2, count / 2 + 1] {
      let warns = try overlap(
        repeats ? old + ["f0"] : old, Array(old.dropFirst(missing)), policies)
      #expect(warns == (missing > count / 2))
    }
  }
}
