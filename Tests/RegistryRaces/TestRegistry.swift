package import Foundation
package import ModelRegistry
package import PolicyEngine
import PolicyGate

/// The checkout that the tests were built from.
package enum Checkout {
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `MODELGATE_SHARED`, or `shared` beside the checkout.
  package static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()
}

/// Policy sets, each loaded once.
package enum Policies {
  /// What the repository ships, both dialects together.
  package static let shipped = Result {
    try PolicySet(folder: Checkout.root.appendingPathComponent("policies").path)
  }

  /// Everybody may everything: what is refused then is refused by the registry itself.
  package static let lenient = Result {
    try inline(#"{ "policy": "open", "rules": [\#(allowAll)] }"#)
  }

  package static let allowAll =
    #"{ "id": "all", "description": "All.", "effect": "allow", "actions": ["*"] }"#

  package static func inline(_ document: String) throws -> PolicySet {
    try PolicySet([PolicySource(name: "test.json", bytes: Array(document.utf8))])
  }
}

extension ModelRegistry {
  package static func test(
    _ store: any RegistryStore = MemoryStore(), policies: PolicySet? = nil, unloggedReads: Int = 0
  ) async throws -> ModelRegistry {
    try await ModelRegistry.open(
      store, policies: try policies ?? Policies.shipped.get(), unloggedReads: unloggedReads,
      clock: TestClock().read)
  }

  /// Everything that is kept, except for the log.
  package func contents() async throws -> [String] {
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
