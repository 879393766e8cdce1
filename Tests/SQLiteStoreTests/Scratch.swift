#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore

  /// A folder of one test, removed with it.
  final class Scratch: Sendable {
    let folder: String

    init() throws {
      let url = FileManager.default.temporaryDirectory.appendingPathComponent(
        "modelgate-store-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      folder = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String = "registry.db") -> String { "\(folder)/\(name)" }

    /// Opens a store in this folder.
    func store(_ name: String = "registry.db") throws -> SQLiteStore {
      try SQLiteStore(path: path(name))
    }
  }

  /// Records, for files that use GRDB, which has a `Record` too.
  enum Samples {
    static let kinds = Record.Kind.allCases
    static func group(_ number: Int) -> Record {
      .group(ModelGroup(id: "g\(number)", name: "n\(number)"))
    }
  }
#endif
