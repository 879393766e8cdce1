import Foundation
import Testing

/// Text that was looked at by a person once and must stay as it is.
///
/// The files lie in `Golden` beside the tests; `UPDATE_GOLDEN=1 swift test` writes them anew, and
/// the diff is for review.
enum GoldenFile {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// Compares `actual` with the file, line by line, or writes the file.
  static func expect(
    _ name: String, _ actual: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try actual.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let wanted = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard wanted != actual else { return }
    Attachment.record(actual, named: file.lastPathComponent)
    let (old, new) = (lines(wanted), lines(actual))
    let place = zip(old, new).prefix { $0 == $1 }.count
    let context = new[..<min(place, new.count)].last { $0.hasPrefix("## ") } ?? ""
    Issue.record(
      """
      \(name):\(place + 1) differs (UPDATE_GOLDEN=1 writes it anew) \(context)
      - \(place < old.count ? old[place] : "nothing")
      + \(place < new.count ? new[place] : "nothing")
      """, sourceLocation: sourceLocation)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
