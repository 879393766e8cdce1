import CEL
import Foundation
import ModelRegistry
import PolicyEngine
import PolicyGate
import StoreContract
import Synchronization

/// The checkout that the tests were built from.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `MODELGATE_SHARED`, or `shared` beside the checkout.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()
}

/// Policy sets, each loaded once.
enum Policies {
  /// What the repository ships, both dialects together.
  static let shipped = Result {
    try PolicySet(folder: Checkout.root.appendingPathComponent("policies").path)
  }

  /// Everybody may everything: what is refused then is refused by the registry itself.
  static let lenient = Result { try inline(#"{ "policy": "open", "rules": [\#(allowAll)] }"#) }

  static let allowAll =
    #"{ "id": "all", "description": "All.", "effect": "allow", "actions": ["*"] }"#

  static func inline(_ document: String) throws -> PolicySet {
    try PolicySet([PolicySource(name: "test.json", bytes: Array(document.utf8))])
  }
}

/// A clock that goes on by a millisecond whenever it is read.
final class TestClock: Sendable {
  private let time = Atomic<Int64>(1_700_000_000_000)

  var read: PolicyGate.Clock { { self.time.add(1, ordering: .relaxed).newValue } }
}

extension ModelRegistry {
  static func test(
    _ store: any RegistryStore = MemoryStore(), policies: PolicySet? = nil, unloggedReads: Int = 0
  ) async throws -> ModelRegistry {
    try await ModelRegistry.open(
      store, policies: try policies ?? Policies.shipped.get(), unloggedReads: unloggedReads,
      clock: TestClock().read)
  }
}

extension Request.Entity {
  static func user(
    _ id: String, roles: [String], backendRoles: [String] = [], superAdmin: Bool = false
  ) -> Request.Entity {
    var properties: [String: CELValue] = [
      "roles": .list(roles.map { .string($0) }),
      "backend_roles": .list(backendRoles.map { .string($0) }),
    ]
    if superAdmin { properties["super_admin"] = true }
    return Request.Entity(type: "user", id: id, properties: properties)
  }

  /// May do everything to trained models.
  static let mona = user("mona", roles: ["machine_learning_admin"])
  /// May read trained models.
  static let vera = user("vera", roles: ["machine_learning_user"])
  /// May do everything, in Elasticsearch and OpenSearch.
  static let root = user("root", roles: ["superuser", "all_access"])
  /// OpenSearch's test users.
  static let user1 = user("user1", roles: ["ml_full_access"], backendRoles: ["IT", "HR"])
  static let user2 = user("user2", roles: ["ml_full_access"], backendRoles: ["IT"])
  static let user3 = user("user3", roles: ["ml_full_access"], backendRoles: ["Finance"])
}

/// What came of an operation, as a line.
func line<Output>(_ body: () async throws -> Performed<Output>) async -> String {
  await line { () async throws -> String in
    let performed = try await body()
    let warnings = performed.decision?.warnings.map { ", warns: \($0.message)" } ?? []
    return (performed.isRepeated ? "repeated" : "ok") + warnings.joined()
  }
}

func line(_ body: () async throws -> String) async -> String {
  do {
    return try await body()
  } catch let refusal as Refusal {
    return refusal.error.map { "\($0.status) \($0.type): \($0.reason)" } ?? "\(refusal)"
  } catch let error as RegistryError {
    return "registry \(error.kind.rawValue): \(error.message)"
  } catch {
    return "\(error)"
  }
}

extension ModelRegistry {
  /// The records of the log, checked to be whole.
  func logged() async throws -> [LoggedRecord] {
    try await inspect { snapshot in
      let (start, end) = try snapshot.logHead()
      var verifier = LogVerifier(from: start, anchors: [end])
      let entries = try snapshot.log(from: 1, limit: 1_000_000)
      for entry in entries { try verifier.check(entry) }
      try verifier.finish()
      return try entries.map { try LoggedRecord($0.bytes) }
    }
  }

  /// Everything that is kept, except for the log.
  func contents() async throws -> [String] {
    try await inspect { snapshot in
      var lines: [String] = []
      for kind in Record.Kind.allCases {
        for found in try snapshot.page(kind, after: nil, limit: 1_000_000) {
          lines.append("\(kind) \(String(decoding: found.record.bytes, as: UTF8.self))")
        }
      }
      return lines
    }
  }
}

/// A record of the log, as far as tests ask.
struct LoggedRecord: Decodable, Sendable {
  var kind: String
  var key: String?
  var revision: String
  var outcome: String?
  var note: String?
  var request: LoggedRequest?

  struct LoggedRequest: Decodable, Sendable {
    var subject: Part
    var action: Action
    var resource: Part
  }
  struct Part: Decodable, Sendable {
    var id: String
  }
  struct Action: Decodable, Sendable {
    var name: String
    var properties: [String: JSON]?
  }

  init(_ bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(LoggedRecord.self, from: Data(bytes))
  }
}
