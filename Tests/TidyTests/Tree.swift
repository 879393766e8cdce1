import Foundation

/// The files of the checkout, as text.
enum Tree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  struct File: Sendable {
    let path: String
    let text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  /// Files below a folder with one of these endings, by path; build folders and hidden ones left
  /// out.
  static func files(_ folder: String = "", _ endings: String...) -> [File] {
    let base = root.appendingPathComponent(folder)
    let names = FileManager.default.enumerator(atPath: base.path)?.allObjects as? [String] ?? []
    return names.sorted().compactMap { name in
      let parts = name.split(separator: "/")
      guard !parts.contains(where: { $0.hasPrefix(".") }),
        endings.contains(where: { name.hasSuffix($0) })
      else {
        return nil
      }
      guard let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
      else { return nil }
      return File(path: folder.isEmpty ? name : "\(folder)/\(name)", text: text)
    }
  }
}
