import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import Testing

/// The cases that were written down from OpenSearch's tests and source, replayed over the wire API,
/// each on a fresh registry: setup, request and expectation.
@Suite struct OpenSearchReplayTests {
  static let file: URL = {
    let shared =
      ProcessInfo.processInfo.environment["MODELGATE_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? OpenSearchWorld.root.deletingLastPathComponent().appendingPathComponent("shared")
    return shared.appendingPathComponent("data/opensearch-cases.json")
  }()

  /// Where we differ on purpose, and what we answer; why is in docs/wire/OPENSEARCH.md.
  static let departures: [String: (status: Int, reason: String)] = [
    "DeleteModelGroupTransportActionTests.test_UserHasNoAccessException": deletionWithoutAccess,
    "derived.delete_private_by_other_3x": deletionWithoutAccess,
    "derived.name_longer_than_256_not_unique": (
      400, "The name you provided is already being used by a model group with ID: "
    ),
  ]
  private static let deletionWithoutAccess = (
    status: 403, reason: "User doesn't have privilege to delete this model group"
  )

  /// What can't be sent to a registry, and why.
  static func obstacle(_ one: [String: Any]) -> String? {
    switch one["level"] as? String {
    case "fault_injection": "needs a failing storage layer of OpenSearch's"
    case "render": "renders an object, no request"
    default: nil
    }
  }

  @Test func casesOfOpenSearch() async throws {
    guard let data = try? Data(contentsOf: Self.file),
      let content = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = content["cases"] as? [[String: Any]],
      let users = content["users"] as? [String: Any]
    else {
      print("NOT TESTED: there is no \(Self.file.path); MODELGATE_SHARED says where it is")
      return
    }
    var (passed, departed, skipped): (Int, Int, [String: [String]]) = (0, 0, [:])
    for one in cases {
      let id = one["id"] as? String ?? ""
      if let obstacle = Self.obstacle(one) {
        skipped[obstacle, default: []].append(id)
        continue
      }
      let fault = try await CaseRun(one, users).fault(ours: Self.departures[id])
      if let fault { Issue.record("\(id): \(fault)") } else { passed += 1 }
      if Self.departures[id] != nil { departed += 1 }
    }
    print(
      "replayed \(passed) of \(cases.count) cases over the wire, of which \(departed) depart on "
        + "purpose; not replayed: \(skipped)")
    // Few, however many cases there are.
    #expect(skipped.values.joined().count * 20 <= cases.count, "\(skipped)")
    #expect(passed + skipped.values.joined().count == cases.count)
  }
}

/// One case on a registry of its own.
private final class CaseRun {
  private let one: [String: Any]
  private let users: [String: Any]
  private var saved: [String: String] = [:]

  init(_ one: [String: Any], _ users: [String: Any]) { (self.one, self.users) = (one, users) }

  /// What is wrong with the answer; nil if it is what was expected.
  func fault(ours: (status: Int, reason: String)?) async throws -> String? {
    let cluster = one["cluster"] as? [String: Bool] ?? [:]
    let hasSecurity = cluster["security"] ?? true
    let world = try await OpenSearchWorld(
      accessControl: cluster["model_access_control_enabled"] ?? false)
    func caller(_ user: [String: Any]?) -> Caller {
      // Without the security plugin there is no user; permissions bind nobody.
      guard hasSecurity, let user else { return Caller(name: "", isSuperAdmin: true) }
      return Caller(
        name: user["name"] as? String ?? "", roles: user["roles"] as? [String] ?? [],
        backendRoles: user["backend_roles"] as? [String] ?? [],
        isSuperAdmin: user["super_admin"] as? Bool ?? false)
    }
    for step in one["setup"] as? [[String: Any]] ?? [] {
      let user = (step["as_user"] as? String).flatMap { users[$0] as? [String: Any] }
      let answer = try await send(step, as: caller(user), to: world)
      guard answer.status == 200 else { return "setup: \(answer)" }
      for (name, path) in step["save"] as? [String: String] ?? [:] {
        saved[name] = answer.text(String(path.dropFirst(2)))
        // A local model is named by its task.
        if saved[name] == nil, name == "model_id", let task = answer.text("task_id") {
          let found = try await send(
            ["method": "GET", "path": "/_plugins/_ml/tasks/\(task)"], as: caller(user), to: world)
          saved[name] = found.text("model_id")
        }
      }
    }
    let request = one["request"] as? [String: Any] ?? [:]
    let answer = try await send(request, as: caller(one["as_user"] as? [String: Any]), to: world)
    return check(answer, ours)
  }

  private static func isSame(_ one: Any, _ other: Any) -> Bool {
    switch (one, other) {
    case (let one as String, let other as String): one == other
    case (let one as NSNumber, let other as NSNumber): one == other
    case (let one as [Any], let other as [Any]):
      one.count == other.count && zip(one, other).allSatisfy { isSame($0, $1) }
    default: false
    }
  }

  private func filled(_ text: String) -> String {
    // `{{id}}` is the value within braces.
    saved.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
  }

  private func send(
    _ step: [String: Any], as caller: Caller, to world: OpenSearchWorld
  ) async throws -> OpenSearchAnswer {
    var body: [UInt8] = []
    if let value = step["body"], !(value is NSNull) {
      let data = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      body = Array(filled(String(decoding: data, as: UTF8.self)).utf8)
    }
    let dialect = OpenSearch(world.registry)
    let headers: WireHeaders = ["Content-Type": "application/json"]
    return OpenSearchAnswer(
      await dialect.answer(
        try WireRequest(
          method: step["method"] as? String ?? "", target: filled(step["path"] as? String ?? ""),
          headers: headers, body: body, authentication: .caller(caller))))
  }

  private func check(_ answer: OpenSearchAnswer, _ ours: (status: Int, reason: String)?) -> String?
  {
    if let ours {
      let fits = answer.status == ours.status && answer.reason?.hasPrefix(ours.reason) ?? false
      return fits ? nil : "\(answer)"
    }
    let expect = one["expect"] as? [String: Any] ?? [:]
    // Bad input never answers 500 here.
    let status = expect["status"] as? Int
    guard answer.status == (status == 500 ? 400 : status) else { return "\(answer)" }
    if let wanted = (expect["reason"] as? String).map(filled) {
      let isPrefix = expect["reason_match"] as? String == "startswith"
      let fits = isPrefix ? answer.reason?.hasPrefix(wanted) : answer.reason.map { $0 == wanted }
      guard fits ?? false else { return "\(answer), not \(wanted)" }
    }
    if let type = expect["error_type"] as? String, answer.type != type {
      return "\(answer), not of type \(type)"
    }
    for (path, value) in expect["body"] as? [String: Any] ?? [:] {
      let wanted = (value as? String).map { filled($0) as Any } ?? value
      guard let found = answer.at(path), Self.isSame(found, wanted) else {
        return "\(path) is not \(wanted) in \(answer)"
      }
    }
    for path in expect["body_has"] as? [String] ?? [] where answer.at(path) == nil {
      return "no \(path) in \(answer)"
    }
    for path in expect["body_lacks"] as? [String] ?? [] where answer.at(path) != nil {
      return "\(path) in \(answer)"
    }
    return nil
  }
}
