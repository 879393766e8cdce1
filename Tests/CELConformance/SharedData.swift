package import Foundation

/// Test data that lies outside the repository.
package enum SharedData {
  /// `MODELGATE_SHARED`, or `shared` beside the checkout.
  package static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return repository.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  /// `MODELGATE_CEL_DATA`, or the CEL part of the shared data.
  package static let cel: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_CEL_DATA"] {
      return URL(fileURLWithPath: path)
    }
    return folder.appendingPathComponent("data/cel")
  }()

  package static func exists(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.path)
  }
}
