import Foundation
import PolicyEngine

/// The checkout that the tests were built from.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

  /// `MODELGATE_SHARED`, or `shared` beside the checkout.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()
}

extension PolicySet {
  /// The policies that the repository ships.
  static func shipped(_ folder: String = "policies") throws -> PolicySet {
    try PolicySet(folder: Checkout.path(folder))
  }

  /// A set of one or more documents written in a test.
  static func inline(_ documents: String...) throws -> PolicySet {
    try PolicySet(
      documents.enumerated().map { PolicySource(name: "test\($0.offset).json", bytes: Array($0.element.utf8)) })
  }
}
