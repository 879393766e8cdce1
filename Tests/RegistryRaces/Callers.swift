import CEL
package import ModelRegistry
package import PolicyEngine
package import PolicyGate
import Synchronization

/// A clock that goes on by a millisecond whenever it is read.
package final class TestClock: Sendable {
  private let time = Atomic<Int64>(1_700_000_000_000)

  package init() {}

  package var read: PolicyGate.Clock { { self.time.add(1, ordering: .relaxed).newValue } }
}

extension Request.Entity {
  package static func user(
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
  package static let mona = user("mona", roles: ["machine_learning_admin"])
  /// May read trained models.
  package static let vera = user("vera", roles: ["machine_learning_user"])
  /// May do everything, in Elasticsearch and OpenSearch.
  package static let root = user("root", roles: ["superuser", "all_access"])
  /// OpenSearch's test users.
  package static let user1 = user("user1", roles: ["ml_full_access"], backendRoles: ["IT", "HR"])
  package static let user2 = user("user2", roles: ["ml_full_access"], backendRoles: ["IT"])
  package static let user3 = user("user3", roles: ["ml_full_access"], backendRoles: ["Finance"])
}

/// What came of an operation, as a line.
package func line<Output>(_ body: () async throws -> Performed<Output>) async -> String {
  await line { () async throws -> String in
    let performed = try await body()
    let warnings = performed.decision?.warnings.map { ", warns: \($0.message)" } ?? []
    return (performed.isRepeated ? "repeated" : "ok") + warnings.joined()
  }
}

package func line(_ body: () async throws -> String) async -> String {
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
