import Foundation
import Testing

@testable import PolicyEngine

/// Texts that people read, kept word for word in `Golden/*.txt`. `UPDATE_GOLDEN=1 swift test`
/// writes them anew.
enum Golden {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// Compares a text with the file of this name, line by line.
  static func check(
    _ name: String, _ actual: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(actual.utf8).write(to: file)
      return
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
      Issue.record(
        "there is no \(file.path): run with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
      return
    }
    let expected = String(decoding: data, as: UTF8.self)
    // Bytes: two spellings of one character are not the same text.
    guard Array(expected.utf8) != Array(actual.utf8) else { return }
    let (old, new) = (expected.split(separator: "\n"), actual.split(separator: "\n"))
    let line =
      zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(old.count, new.count)
    Issue.record(
      """
      \(name).txt differs from line \(line + 1) on (empty lines not counted)
      expected: \(old.dropFirst(line).prefix(6).joined(separator: "\n          "))
      actual:   \(new.dropFirst(line).prefix(6).joined(separator: "\n          "))
      """, sourceLocation: sourceLocation)
  }
}

/// A policy set that must not load, and what it is called in a golden file.
struct BadSet {
  let name: String
  let sources: [PolicySource]

  init(_ name: String, _ documents: String...) {
    self.init(name, bytes: documents.map { Array($0.utf8) })
  }

  init(_ name: String, bytes: [[UInt8]]) {
    self.name = name
    sources = bytes.enumerated().map {
      PolicySource(
        name: bytes.count == 1 ? "policy.json" : "\($0.offset + 1).json", bytes: $0.element)
    }
  }

  /// A policy document with these members beside its name, on lines of their own.
  static func policy(_ name: String, _ members: String) -> BadSet {
    BadSet(name, #"{ "policy": "p","# + "\n" + members + "\n}")
  }

  /// A policy document with one rule: a denial with these members, each on a line of its own.
  static func rule(_ name: String, _ members: String...) -> BadSet {
    BadSet(name, document(members))
  }

  static func document(_ members: [String]) -> String {
    let own = [
      #""id": "r""#, #""description": "A rule.""#, #""effect": "deny""#, #""message": "no""#,
    ]
    // A member that is given replaces the usual one.
    let names = members.map { $0.prefix { $0 != ":" } }
    let kept = own.filter { member in !names.contains { member.hasPrefix($0) } }
    return "{ \"policy\": \"p\", \"rules\": [ {\n"
      + (kept + members).map { "  \($0)" }.joined(separator: ",\n") + "\n} ] }"
  }

  /// What an author reads.
  var report: String {
    do throws(PolicyLoadError) {
      _ = try PolicySet(sources)
      return "it loads"
    } catch {
      return error.description
    }
  }

  static func report(_ sets: [BadSet]) -> String {
    sets.map { "# \($0.name)\n\($0.report)\n" }.joined(separator: "\n")
  }
}
