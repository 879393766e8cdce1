import Foundation
import Testing

/// `modelgate lint --fix` writes what it says, and no more.
@Suite struct LintFixTests {
  @Test func fixesInPlaceAndOnce() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let good =
      #"{ "policy": "b", "description": "d", "roles": { "s": { "description": "d", "actions": ["a"] } } }"#
    let bad =
      #"{ "policy": "a", "description": "d",   "roles": { "r": { "description": "d", "actions": ["a", "a"] } } }"#
    let (first, second) = (
      folder.appendingPathComponent("a.json"), folder.appendingPathComponent("b.json")
    )
    try Data(bad.utf8).write(to: first)
    try Data(good.utf8).write(to: second)
    let untouched = try FileManager.default.attributesOfItem(atPath: second.path)
    let run = try Tool.run(["lint", folder.path, "--fix"])
    #expect(run.status == 0)
    #expect(run.output == "nothing found (1 fixed)\n")
    let text = try String(contentsOf: first, encoding: .utf8)
    #expect(
      text
        == #"{ "policy": "a", "description": "d",   "roles": { "r": { "description": "d", "actions": ["a"] } } }"#
    )
    let after = try FileManager.default.attributesOfItem(atPath: second.path)
    #expect(untouched[.modificationDate] as? Date == after[.modificationDate] as? Date)
    #expect(try Tool.run(["lint", folder.path, "--fix"]).output == "nothing found\n")
  }

  @Test func saysWhatItCannotWrite() throws {
    let folder = try Tool.scratch()
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
      try? FileManager.default.removeItem(at: folder)
    }
    let file = folder.appendingPathComponent("a.json")
    let text = #"{ "policy": "a", "roles": { "r": { "actions": ["a", "a"] } } }"#
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    // Whoever may write everywhere can't be shown this.
    guard geteuid() != 0 else { return }
    let run = try Tool.run(["lint", folder.path, "--fix"])
    #expect(run.status == 1)
    #expect(run.errors.contains("can't be written"))
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }
}
